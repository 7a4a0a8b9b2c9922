package reports

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
)

// maxFindings is how many findings one unit may have in one round.
const maxFindings = 1000

// records reads what the report would say if it were signed now.
func (s *Service) records(ctx context.Context, tx *tenants.Tx, r row) (Content, error) {
	today := s.Clock.Today()
	c := Content{
		Kind: r.Kind, Unit: r.UnitName, Round: r.RoundName, Office: tx.Scope().Office().Office, Period: r.Period,
		FeedbackOn: r.FeedbackOn, AsOf: today, Overall: r.Overall, NextSteps: r.NextSteps, Promise: r.Kind.Promise(),
		Items: []Item{}, Acts: []Act{},
	}
	reviews, err := lastReviews(ctx, tx, r.UnitID)
	if err != nil {
		return c, err
	}
	more, err := moreTime(ctx, tx, r.UnitID)
	if err != nil {
		return c, err
	}
	remarks := map[inspection.FindingID]string{}
	for _, m := range r.Remarks {
		remarks[m.Finding] = m.Text
	}
	f := rectification.Filter{Unit: r.UnitID, Round: r.RoundID, Sort: "number"}
	_, err = s.Cases.Every(ctx, tx, f, maxFindings, func(it rectification.Item) error {
		if it.IssuedAt == nil {
			return nil
		}
		c.Sums.add(it)
		if r.Kind == Progress || it.State != rectification.Closed {
			item := itemOf(it, reviews[it.ID], more[it.ID])
			item.Remark = remarks[it.ID]
			c.Items = append(c.Items, item)
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	if r.Kind == Head {
		if c.Acts, err = s.actsOf(ctx, tx, r.RoundID, r.UnitID); err != nil {
			return c, err
		}
	}
	c.Text = c.print()
	return c, nil
}

// add counts one finding.
func (s *Sums) add(it rectification.Item) {
	s.Findings++
	switch it.State {
	case rectification.Closed:
		s.Closed++
	case rectification.LongTerm:
		s.LongTerm++
	case rectification.Submitted:
		s.Submitted++
	default:
		s.Ongoing++
	}
	if it.Overdue {
		s.Overdue++
	}
	if it.Elsewhere != "" {
		s.Elsewhere++
	}
	for _, m := range it.Measures {
		s.Measures++
		if m.Done || it.State == rectification.Closed {
			s.MeasuresDone++
		}
	}
	s.RecoveredFen += it.RecoveredFen
	s.RulesMade += it.RulesMade
	s.RulesAmended += it.RulesAmended
	s.PeopleDealt += it.PeopleDealt
	s.Evidence += it.Evidence
}

func itemOf(it rectification.Item, last review, more []string) Item {
	item := Item{
		Finding: it.ID, Number: it.Number, Category: it.Category, Text: it.Text, State: it.State, DueOn: it.DueOn,
		ReviewOn: it.ReviewOn, Overdue: it.Overdue, Progress: it.Progress, Elsewhere: it.Elsewhere, Evidence: it.Evidence,
		Review: last.sentence(), Why: []string{}, Measures: make([]Measure, len(it.Measures)),
	}
	for i, m := range it.Measures {
		done := m.Done || it.State == rectification.Closed
		item.Measures[i] = Measure{Seq: m.Seq, Text: m.Text, Leader: m.Leader, Done: done, Progress: m.Progress}
	}
	if it.State != rectification.Closed {
		item.Why = append(item.Why, more...)
		if it.State == rectification.Returned && it.ReturnNote != "" {
			item.Why = append(item.Why, "审核退回："+it.ReturnNote)
		}
		if it.HoldReason != "" {
			item.Why = append(item.Why, it.HoldReason)
		}
		if slices.Contains(it.Flags, rectification.Escalated) {
			item.Why = append(item.Why, "已提请上级统筹解决。")
		}
	}
	return item
}

// review is what became of the last handing-in of a finding.
type review struct {
	Finding inspection.FindingID `db:"finding_id"`
	Outcome *rectification.State `db:"outcome"`
	Letter  string               `db:"letter"`
	At      time.Time            `db:"at"`
}

func (v review) sentence() string {
	on := inspection.DayOf(v.At).String()
	switch {
	case v.At.IsZero():
		return ""
	case v.Outcome == nil:
		return on + " 提交审核，尚未审结。"
	case *v.Outcome == rectification.Returned:
		return on + " 审核退回：" + v.Letter
	case *v.Outcome == rectification.LongTerm:
		return on + " 审核通过，转入长期整改。"
	}
	return on + " 审核通过，予以销号。"
}

func lastReviews(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID) (map[inspection.FindingID]review, error) {
	rows, _ := tx.Query(ctx, `
		select distinct on (s.finding_id) s.finding_id, s.outcome, s.letter, coalesce(s.decided_at, s.at) as at from submissions s
		where `+tenants.Own("s")+` and s.unit_id = @unit
		order by s.finding_id, s.n desc`, pgx.StrictNamedArgs{"unit": unit})
	last := map[inspection.FindingID]review{}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[review])
	if err != nil {
		return nil, fmt.Errorf("what became of what was handed in: %w", err)
	}
	for _, v := range found {
		last[v.Finding] = v
	}
	return last, nil
}

// moreTime lists why more time was asked for, by finding: requests that the head
// signed and that were not refused or withdrawn.
func moreTime(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID) (map[inspection.FindingID][]string, error) {
	rows, _ := tx.Query(ctx, `
		select x.finding_id, x.kind, coalesce(x.granted_on, x.until_on) as until_on, x.state, x.reason from extensions x
		where `+tenants.Own("x")+` and x.unit_id = @unit and x.state = any(@states)
		order by x.finding_id, x.n`,
		pgx.StrictNamedArgs{"unit": unit, "states": []extensions.State{extensions.Signed, extensions.Forwarded, extensions.Granted, extensions.Approved}})
	type request struct {
		Finding inspection.FindingID `db:"finding_id"`
		Kind    extensions.Kind      `db:"kind"`
		UntilOn inspection.Day       `db:"until_on"`
		State   extensions.State     `db:"state"`
		Reason  string               `db:"reason"`
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[request])
	if err != nil {
		return nil, fmt.Errorf("why more time was asked for: %w", err)
	}
	more := map[inspection.FindingID][]string{}
	for _, x := range found {
		what := "延期至 " + x.UntilOn.String()
		if x.Kind == extensions.LongTerm {
			what = "转长期整改"
		}
		if x.State != extensions.Approved {
			what = "申请" + what
		}
		more[x.Finding] = append(more[x.Finding], what+"："+x.Reason)
	}
	return more, nil
}

// gaps looks for what is missing before the report can be signed.
func (c Content) gaps() []Gap {
	gaps := []Gap{}
	if c.Sums.Findings == 0 {
		gaps = append(gaps, Gap{"", "no-findings", "本轮次没有反馈给本单位的问题。"})
	}
	if c.Overall == "" {
		gaps = append(gaps, Gap{"", "overall", "还没有填写总体情况。"})
	}
	if c.NextSteps == "" {
		gaps = append(gaps, Gap{"", "next-steps", "还没有填写下步打算。"})
	}
	if c.Kind == Head && len(c.Acts) == 0 {
		gaps = append(gaps, Gap{"", "acts", "还没有登记主要负责人部署、过问、协调、督办的情况。"})
	}
	for _, it := range c.Items {
		if it.State != rectification.Closed && it.State != rectification.Submitted && it.reason() == "" {
			gaps = append(gaps, Gap{it.Number, "why", "没有填报进展，也没有未完成的原因，请补充一句。"})
		}
	}
	return gaps
}

// reason is why an item is not done: the unit's own sentence, what the records say,
// or at least how far it is.
func (it Item) reason() string {
	if it.Remark != "" || len(it.Why) > 0 {
		why := slices.Clone(it.Why)
		if it.Remark != "" {
			why = append(why, it.Remark)
		}
		return joined(why)
	}
	return it.Progress
}

// differing says what is new in c against what was signed before.
func (c Content) differing(was Content) []string {
	lines := []string{}
	before := map[string]Item{}
	for _, it := range was.Items {
		before[it.Number] = it
	}
	for _, it := range c.Items {
		old, known := before[it.Number]
		switch {
		case !known:
			lines = append(lines, it.Number+" 新列入")
		case old.State != it.State:
			lines = append(lines, fmt.Sprintf("%s %s → %s", it.Number, old.State.Word(), it.State.Word()))
		case old.Progress != it.Progress:
			lines = append(lines, it.Number+" 进展有更新")
		case old.Evidence != it.Evidence:
			lines = append(lines, fmt.Sprintf("%s 佐证 %d → %d 份", it.Number, old.Evidence, it.Evidence))
		case old.Remark != it.Remark:
			lines = append(lines, it.Number+" 补充说明有改动")
		}
		delete(before, it.Number)
	}
	for _, old := range was.Items {
		if _, gone := before[old.Number]; gone {
			lines = append(lines, old.Number+" 已销号，不再列入")
		}
	}
	if n := len(c.Acts) - len(was.Acts); n > 0 {
		lines = append(lines, fmt.Sprintf("主要负责人工作记录增加 %d 条", n))
	}
	if c.Overall != was.Overall {
		lines = append(lines, "总体情况有改动")
	}
	if c.NextSteps != was.NextSteps {
		lines = append(lines, "下步打算有改动")
	}
	return lines
}
