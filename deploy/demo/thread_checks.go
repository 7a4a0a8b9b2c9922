package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
)

// checkTeller tells the first round of checks of 青榆县.
type checkTeller struct {
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB
}

// ChecksThread tells the first round of checks of the county of the main cast:
// drawn on 11-12 with a seed that was drawn by lot, six visits made and confirmed
// by the demo's clock, two more planned for the coming week. No case is reopened,
// so that the sums of the story stay (UX §5.3).
func ChecksThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	t := checkTeller{ctx, people, at}
	director := people["guxiaolan"]
	s := t.room("2026-11-12 09:00")
	c, err := s.Open(ctx, people["zhengyichuan"], checks.Opening{
		Round: inspection.RoundID{UUID: id("round", director.Office().Slug)}, Seed: "20261112",
	})
	if err != nil {
		return fmt.Errorf("draw: %w", err)
	}
	planned, err := s.List(ctx, people["zhengyichuan"], checks.VisitFilter{Check: c.ID, Limit: 100})
	if err != nil {
		return err
	}
	seen := []struct {
		verdict checks.Verdict
		outcome checks.Outcome
		text    string
		note    string
	}{
		{checks.Real, checks.Nothing, "现场查看台账和公示栏，整改措施已落实，记录完整。", ""},
		{checks.Real, checks.Nothing, "制度已印发，抽查三份记录均与制度一致。", ""},
		{checks.Partial, checks.Urge, "设施已更换，日常巡查记录缺少10月下旬部分。", "请于11月30日前补齐巡查记录，并说明缺失原因。"},
		{checks.Real, checks.Nothing, "走访群众反映问题已解决，现场与上报照片一致。", ""},
		{checks.Unchanged, checks.Urge, "现场仍堆放建筑垃圾，公示牌未更新。", "请于11月27日前清理到位，逾期提请重新整改。"},
		{checks.Real, checks.Nothing, "财务凭证齐全，资金已全部退回专户。", ""},
	}
	// Those that are said to be done go first: that is what the rounds are for.
	slices.SortStableFunc(planned.Items, func(a, b checks.Visit) int {
		rank := map[bool]int{true: -1}
		return rank[a.CaseState == string(rectification.Closed)] - rank[b.CaseState == string(rectification.Closed)]
	})
	var days []inspection.Day
	for _, on := range []string{"16", "17", "18", "19", "16", "17", "20", "23"} {
		days = append(days, day("2026-11-"+on))
	}
	for i, v := range planned.Items[:len(days)] {
		v, err := t.room("2026-11-12 10:00").Assign(ctx, people["zhengyichuan"], v.ID, v.Version, checks.Assigning{
			First: people["hejing"].Member(), Second: people["pengcheng"].Member(),
			PlannedOn: days[i],
		})
		if err != nil {
			return fmt.Errorf("assign %s: %w", v.Number, err)
		}
		if i >= len(seen) {
			continue
		}
		if err := t.visit(v, i, seen[i].verdict, seen[i].outcome, seen[i].text, seen[i].note); err != nil {
			return fmt.Errorf("visit %s: %w", v.Number, err)
		}
	}
	return nil
}

// visit has one visit made, agreed on and confirmed.
func (t checkTeller) visit(v checks.Visit, i int, verdict checks.Verdict, outcome checks.Outcome, text, note string) error {
	on := fmt.Sprintf("2026-11-%d", 16+i%4)
	v, err := t.room(on+" 11:00").Report(t.ctx, t.people["hejing"], v.ID, v.Version, checks.Reporting{
		Verdict: verdict, Seen: text, Place: strings.TrimSuffix(v.UnitName, "党组") + "驻地及现场点位",
		VisitedAt: moment(on + " 10:20"), Content: 3, Fair: 1, Discontent: map[bool]int{true: 1}[verdict == checks.Unchanged],
	})
	if err != nil {
		return err
	}
	if v, err = t.room(on+" 16:00").Agree(t.ctx, t.people["pengcheng"], v.ID, v.Version); err != nil {
		return err
	}
	_, err = t.room("2026-11-19 17:00").Confirm(t.ctx, t.people["guxiaolan"], v.ID, v.Version, checks.Confirming{Outcome: outcome, Note: note})
	return err
}

func (t checkTeller) room(at string) *checks.Service {
	when := moment(at)
	db, clock := t.at(when), func() time.Time { return when }
	return &checks.Service{
		DB: db, Clock: clock, Cases: &rectification.Service{DB: db, Clock: clock, Calendar: Calendar()},
	}
}
