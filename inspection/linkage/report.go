package linkage

import (
	"context"
	"fmt"
	"slices"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Receipt says who signs for a notice.
type Receipt struct {
	SignedBy string `json:"signed_by,omitempty" maxLength:"60" doc:"The person who signs; the one who acts if absent"`
	OnPaper  bool   `json:"on_paper,omitempty" doc:"A unit signed on paper and its office enters it"`
}

// Receive signs for a notice (签收).
func (s *Service) Receive(ctx context.Context, scope tenants.Scope, id inspection.DeliveryID, version int, r Receipt) (Delivery, error) {
	return s.party(ctx, scope, id, version, Receive, func(_ *tenants.Tx, d *Delivery) (string, error) {
		by, err := s.person(scope, d, r.OnPaper, r.SignedBy)
		if err != nil {
			return "", err
		}
		now := s.Clock()
		d.ReceivedAt, d.ReceivedBy = &now, by
		return "签收人：" + by, nil
	})
}

// person returns who signs: the one who acts, or for a unit's paper the one whose
// name stands on it.
func (s *Service) person(scope tenants.Scope, d *Delivery, onPaper bool, name string) (string, error) {
	inPlace := d.Unit != nil && !scope.Role().OfUnit()
	if onPaper != inPlace {
		return "", inspection.InvalidFields("delivery.paper", "由本单位人员在线办理；代所属单位录入时，请勾选“纸质回执”。",
			inspection.Field{Pointer: "/on_paper", Code: "choice", Message: "只有代所属单位录入时才勾选。"})
	}
	d.OnPaper = d.OnPaper || onPaper
	if onPaper {
		return required("/signed_by", name, 60)
	}
	if name == "" {
		return scope.Name(), nil
	}
	return required("/signed_by", name, 60)
}

// SelfCheck is what a recipient reports of its self-check.
type SelfCheck struct {
	Checked   int    `json:"checked" minimum:"0" maximum:"1000000" doc:"检查数"`
	Found     int    `json:"found" minimum:"0" maximum:"1000000" doc:"自查发现"`
	Corrected int    `json:"corrected" minimum:"0" maximum:"1000000" doc:"立行立改"`
	Rules     int    `json:"rules,omitempty" minimum:"0" maximum:"100000" doc:"建章立制"`
	MoneyFen  int64  `json:"money_fen,omitempty" minimum:"0" maximum:"9007199254740991" doc:"涉及金额, in fen"`
	Text      string `json:"text,omitempty" maxLength:"5000"`
	Answers   []Line `json:"answers" maxItems:"30" nullable:"false" doc:"One for each question of the notice"`
	SignedBy  string `json:"signed_by,omitempty" maxLength:"60" doc:"Who signed a report on paper"`
	OnPaper   bool   `json:"on_paper,omitempty"`
}

// Report hands in the report of a self-check (自查报告). A report that found
// nothing (零报告) is signed by the head in person.
func (s *Service) Report(ctx context.Context, scope tenants.Scope, id inspection.DeliveryID, version int, r SelfCheck) (Delivery, error) {
	return s.party(ctx, scope, id, version, Report, func(tx *tenants.Tx, d *Delivery) (string, error) {
		n, err := readNotice(ctx, tx, d.NoticeID)
		if err != nil {
			return "", err
		}
		by, err := s.person(scope, d, r.OnPaper, r.SignedBy)
		if err != nil {
			return "", err
		}
		if r, err = r.checked(n.Questions); err != nil {
			return "", err
		}
		if d.SignedBy = ""; r.Found == 0 {
			if err := s.headSigns(scope, r.OnPaper); err != nil {
				return "", err
			}
			d.SignedBy = by
		}
		p, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return "", err
		}
		now := s.Clock()
		review, _ := s.Calendar.Add(inspection.DayOf(now), p.NoticeReviewDays)
		d.ReportedAt, d.ReportedBy, d.ReviewDue = &now, by, &review
		d.Checked, d.Found, d.Corrected, d.Rules = r.Checked, r.Found, r.Corrected, r.Rules
		d.MoneyFen, d.Report, d.Answers = r.MoneyFen, r.Text, r.Answers
		return fmt.Sprintf("自查发现 %d 个，立行立改 %d 个", r.Found, r.Corrected), nil
	})
}

// headSigns refuses a report that found nothing from anybody but the head.
func (s *Service) headSigns(scope tenants.Scope, onPaper bool) error {
	if onPaper {
		return nil // the head's signature is on the paper
	}
	if !slices.Contains(heads, scope.Role()) {
		return inspection.InvalidFields("delivery.zero-needs-head", "未能报送：零报告须由主要负责人签字，请由其本人报送。",
			inspection.Field{Pointer: "/found", Code: "zero-needs-head", Message: "自查发现为 0 时须由主要负责人签字。"})
	}
	return scope.StepUp(s.Clock())
}

func (r SelfCheck) checked(questions []Line) (SelfCheck, error) {
	var bad []inspection.Field
	clean := func(pointer, text string, required bool, limit int) string {
		t, wrong := inspection.CleanText(pointer, text, required, limit)
		bad = append(bad, wrong...)
		return t
	}
	if r.Corrected > r.Found {
		bad = append(bad, inspection.Field{Pointer: "/corrected", Code: "number-range", Message: "立行立改数不能大于自查发现数。"})
	}
	r.Text = clean("/text", r.Text, false, 5000)
	answers := make([]Line, len(questions))
	for i := range questions {
		var given string
		if i < len(r.Answers) {
			given = string(r.Answers[i])
		}
		answers[i] = Line(clean(fmt.Sprintf("/answers/%d", i), given, true, 1000))
	}
	if len(r.Answers) > len(questions) {
		bad = append(bad, inspection.Field{Pointer: "/answers", Code: "too-many-items", Message: "答复数多于问题数。"})
	}
	r.Answers = answers
	if len(bad) > 0 {
		return r, inspection.InvalidFields("delivery.report", "未能报送：请按提示补充自查报告。", bad...)
	}
	return r, nil
}

// Accept takes a report as done (采认).
func (s *Service) Accept(ctx context.Context, scope tenants.Scope, id inspection.DeliveryID, version int) (Delivery, error) {
	return s.party(ctx, scope, id, version, Accept, func(_ *tenants.Tx, d *Delivery) (string, error) {
		now := s.Clock()
		d.AcceptedAt, d.AcceptedBy = &now, scope.Name()
		return "", nil
	})
}

// Returning says why a report goes back, and by when it comes again.
type Returning struct {
	Code      ReturnCode      `json:"code" enum:"incomplete,inconsistent,no-evidence,shallow,other"`
	Note      string          `json:"note" minLength:"1" maxLength:"1000"`
	ReportDue *inspection.Day `json:"report_due,omitempty" doc:"The new day; by the policy if absent"`
}

// Return sends a report back to be completed (退回补查), with a new clock.
func (s *Service) Return(ctx context.Context, scope tenants.Scope, id inspection.DeliveryID, version int, r Returning) (Delivery, error) {
	return s.party(ctx, scope, id, version, Return, func(tx *tenants.Tx, d *Delivery) (string, error) {
		note, err := required("/note", r.Note, 1000)
		if err != nil {
			return "", err
		}
		now := s.Clock()
		if err := s.newClock(ctx, tx, d, r.ReportDue); err != nil {
			return "", err
		}
		d.ReturnedAt, d.ReturnedBy, d.ReturnCode, d.ReturnNote = &now, scope.Name(), r.Code, note
		d.ReviewDue = nil
		d.Returns++
		return note, nil
	})
}

// newClock sets the day by which a returned report comes again.
func (s *Service) newClock(ctx context.Context, tx *tenants.Tx, d *Delivery, given *inspection.Day) error {
	today := s.Clock.Today()
	d.DueCalendar, d.DueProvisional = s.Calendar.Version(), false
	if given != nil {
		if d.ReportDue = *given; d.ReportDue < today {
			return inspection.InvalidFields("delivery.day", "未能退回：新的期限不能早于今天。",
				inspection.Field{Pointer: "/report_due", Code: "day-order", Message: "期限不能早于今天。"})
		}
		return nil
	}
	p, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return err
	}
	d.ReportDue, d.DueProvisional = s.Calendar.Add(today, p.SelfCheckDays)
	return nil
}
