package checks

import (
	"context"
	"fmt"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// aheadAllowed is how far a phone's clock may be ahead of ours.
const aheadAllowed = 10 * time.Minute

// Reporting is what two inspectors saw.
type Reporting struct {
	Verdict    Verdict   `json:"verdict"`
	Seen       string    `json:"seen" minLength:"1" maxLength:"2000" doc:"到现场看到了什么"`
	Place      string    `json:"place" minLength:"1" maxLength:"200"`
	VisitedAt  time.Time `json:"visited_at"`
	Latitude   *float64  `json:"latitude,omitempty" minimum:"-90" maximum:"90" doc:"Only with consent"`
	Longitude  *float64  `json:"longitude,omitempty" minimum:"-180" maximum:"180"`
	Consent    bool      `json:"consent" doc:"The inspector agreed that coordinates are kept; must be true when there are any"`
	Content    int       `json:"content" minimum:"0" maximum:"100" doc:"满意"`
	Fair       int       `json:"fair" minimum:"0" maximum:"100" doc:"基本满意"`
	Discontent int       `json:"discontent" minimum:"0" maximum:"100" doc:"不满意"`
}

// clean returns the report as it is kept. How many people present give their
// opinion is the policy's: never fewer, so that nobody can be told by it.
func (r Reporting) clean(now time.Time, nth int, votes [2]int) (Reporting, error) {
	var bad []inspection.Field
	wrong := func(pointer, code, message string) {
		bad = append(bad, inspection.Field{Pointer: pointer, Code: code, Message: message})
	}
	var fields []inspection.Field
	r.Seen, fields = inspection.CleanText("/seen", r.Seen, true, 2000)
	bad = append(bad, fields...)
	r.Place, fields = inspection.CleanText("/place", r.Place, true, 200)
	bad = append(bad, fields...)
	if _, known := verdictWords[r.Verdict]; !known {
		wrong("/verdict", "choice", "请选择检查结论。")
	}
	if nth == 2 && r.Verdict == Doubtful {
		wrong("/verdict", "conclude", "二人复核须作出结论，不能再选“存疑”。")
	}
	if r.VisitedAt.After(now.Add(aheadAllowed)) {
		wrong("/visited_at", "day-order", "检查时间不能晚于现在。")
	}
	if n := r.Content + r.Fair + r.Discontent; n < votes[0] || n > votes[1] {
		wrong("/content", "votes", fmt.Sprintf("满意度由在场 %d 至 %d 人评价，现为 %d 人。", votes[0], votes[1], n))
	}
	if (r.Latitude == nil) != (r.Longitude == nil) {
		wrong("/longitude", "pair", "经纬度须一并填写。")
	}
	if r.Latitude != nil && !r.Consent {
		wrong("/consent", "required", "记录坐标须先同意。")
	}
	if len(bad) > 0 {
		return r, inspection.InvalidFields("check.invalid", bad[0].Message, bad...)
	}
	return r, nil
}

// Report hands in what was seen, or corrects it until the other inspector agrees.
func (s *Service) Report(ctx context.Context, scope tenants.Scope, id VisitID, version int, r Reporting) (Visit, error) {
	return s.act(ctx, scope, id, version, Report, func(tx *tenants.Tx, v *Visit) (e tenants.Entry, err error) {
		policy, err := rounds.PolicyOf(ctx, tx, v.RoundID)
		if err != nil {
			return e, err
		}
		now := s.Clock()
		if r, err = r.clean(now, v.Nth, policy.CheckVotes); err != nil {
			return e, err
		}
		v.Verdict, v.Seen, v.Place, v.VisitedAt, v.Latitude, v.Longitude = r.Verdict, r.Seen, r.Place, &r.VisitedAt, r.Latitude, r.Longitude
		v.Content, v.Fair, v.Discontent = r.Content, r.Fair, r.Discontent
		v.ReportedID, v.ReportedBy, v.ReportedAt = new(scope.Member()), scope.Name(), &now
		return v.entry("check.report", "提交检查结果", r.Verdict.Word()), nil
	})
}

// Agree is the other inspector's word for the report.
func (s *Service) Agree(ctx context.Context, scope tenants.Scope, id VisitID, version int) (Visit, error) {
	return s.act(ctx, scope, id, version, Agree, func(_ *tenants.Tx, v *Visit) (tenants.Entry, error) {
		v.AgreedBy, v.AgreedAt = scope.Name(), new(s.Clock())
		return v.entry("check.agree", "核对检查结果", v.Verdict.Word()), nil
	})
}

// SendBack asks the inspectors for more.
func (s *Service) SendBack(ctx context.Context, scope tenants.Scope, id VisitID, version int, note string) (Visit, error) {
	return s.act(ctx, scope, id, version, Return, func(_ *tenants.Tx, v *Visit) (e tenants.Entry, err error) {
		if v.ReturnNote, err = cleanOne("/note", note, 500); err != nil {
			return e, err
		}
		v.AgreedBy, v.AgreedAt = "", nil
		return v.entry("check.return", "退回补充", v.ReturnNote), nil
	})
}
