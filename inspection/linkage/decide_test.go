package linkage_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestDecided: a matter is taken up in one of three ways, with a target and a day that
// its raiser reads; what was taken up cannot be returned.
func TestDecided(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city := c.As(c.City[0], tenants.CITY)
	m, off, _ := c.raised()
	_, err := c.Decide(ctx, city, m.ID, m.Version, decided("2026-12-18"))
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.wrong-state") // accepting comes first
	m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
	for name, d := range map[string]linkage.Deciding{
		"no way":      {Target: "市水利局", DueOn: 30000, Text: "定"},
		"no target":   {Decision: linkage.Assign, DueOn: 30000, Text: "定"},
		"a past day":  {Decision: linkage.Assign, Target: "市水利局", DueOn: 20000, Text: "定"},
		"no decision": {Decision: linkage.Department, Target: "市水利局", DueOn: 30000},
	} {
		if _, err := c.Decide(ctx, city, m.ID, m.Version, d); inspection.CodeOf(err) != "escalation.decision" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = c.Decide(ctx, off, m.ID, m.Version, decided("2026-12-18"))
	tenantstest.Wants(t, err, inspection.Forbidden, "escalation.wrong-side")
	m = tenantstest.Must(c.Decide(ctx, city, m.ID, m.Version, decided("2026-12-18")))(t)
	_, err = c.ReturnMatter(ctx, city, m.ID, m.Version, linkage.SendingBack{Code: linkage.OwnLevel, Text: "自办"})
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.wrong-state")
	v := tenantstest.Must(c.GetMatter(ctx, off, m.ID))(t)
	if v.State != linkage.MatterWorking || v.Decision != linkage.Joint || v.Target != "市水利局" || v.StepDue.String() != "2026-12-18" {
		t.Errorf("the county reads %s %s %s until %s", v.State, v.Decision, v.Target, v.StepDue)
	}
	if last := v.Steps[len(v.Steps)-1]; last.Text != "采纳联动：市水利局，2026-12-18 前办结。由市水利局牵头，联合巡查" {
		t.Errorf("the record says %q", last.Text)
	}
}

// TestApprovedByWhom: to approve, to decide, to let a clock stand still and to move a day
// ask for a fresh proof of identity; to confirm without moving anything does not.
func TestApprovedByWhom(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	county := c.County[0][0]
	off, dir, city := c.As(county, tenants.OFF), c.As(county, tenants.DIR), c.As(c.City[0], tenants.CITY)
	fresh := func(err error) {
		t.Helper()
		tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	}
	m := tenantstest.Must(c.Raise(ctx, off, c.findings[county.ID][0], raising))(t)
	m = tenantstest.Must(c.SubmitMatter(ctx, off, m.ID, m.Version))(t)
	_, err := c.Approve(ctx, unproven(dir), m.ID, m.Version)
	fresh(err)
	m = tenantstest.Must(c.Approve(ctx, dir, m.ID, m.Version))(t)
	m = tenantstest.Must(c.Take(ctx, unproven(city), m.ID, m.Version, linkage.Taking{}))(t)
	_, err = c.Decide(ctx, unproven(city), m.ID, m.Version, decided("2026-12-18"))
	fresh(err)
	m = tenantstest.Must(c.Decide(ctx, city, m.ID, m.Version, decided("2026-12-18")))(t)
	_, err = c.StopClock(ctx, unproven(dir), m.ID, m.Version, "等待上级")
	fresh(err)
	m = tenantstest.Must(c.Answer(ctx, unproven(city), m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "同意"}))(t)
	later, _ := inspection.ParseDay("2026-12-31")
	_, err = c.Confirm(ctx, unproven(dir), m.ID, m.Version, linkage.Confirming{ExtendTo: &later})
	fresh(err)
	tenantstest.Must(c.Confirm(ctx, unproven(dir), m.ID, m.Version, linkage.Confirming{}))(t)
}

// unproven is the same person, who did not prove lately who they are.
func unproven(s tenants.Scope) tenants.Scope {
	return tenants.ForGrant(tenants.Acting{Office: s.Office(), Member: s.Member(), Grant: s.Grant(), Name: s.Name(), Role: s.Role()})
}

// TestDisputed: an answer, or a refusal, is given back once.
func TestDisputed(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, prov := c.As(c.City[0], tenants.CITY), c.As(c.Province, tenants.PROV)
	m, off, dir := c.raised()
	m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
	m = tenantstest.Must(c.RaiseFurther(ctx, city, m.ID, m.Version, "请省里定"))(t)
	m = tenantstest.Must(c.Take(ctx, prov, m.ID, m.Version, linkage.Taking{}))(t)
	m = tenantstest.Must(c.Answer(ctx, prov, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "按原文件"}))(t)
	_, err := c.DisputeAnswer(ctx, off, m.ID, m.Version, "原文件已废止")
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	m = tenantstest.Must(c.DisputeAnswer(ctx, dir, m.ID, m.Version, "原文件已废止"))(t)
	if m.State != linkage.Disputed || m.HolderSlug != c.Province.Slug || m.StepDue == nil {
		t.Errorf("disputed: %s with %s until %v", m.State, m.HolderName, m.StepDue)
	}
	want := "县提出 done, 市受理 done, 市研究 done, 省受理 done, 省研究 now, 答复 ahead, 县落实 ahead, 办结 ahead"
	if got := line(tenantstest.Must(c.GetMatter(ctx, dir, m.ID))(t).Stages); got != want {
		t.Errorf("disputed\n%s, want\n%s", got, want)
	}
	_, err = c.Refuse(ctx, city, m.ID, m.Version, "不是市里的答复")
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.elsewhere")
	m = tenantstest.Must(c.Answer(ctx, prov, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "按新文件"}))(t)
	_, err = c.DisputeAnswer(ctx, dir, m.ID, m.Version, "仍有异议")
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.disputed")
	if v := tenantstest.Must(c.GetMatter(ctx, dir, m.ID))(t); slices.Contains(v.Allowed, linkage.DisputeMatter) {
		t.Error("it is offered a second time")
	}
	m = tenantstest.Must(c.Confirm(ctx, dir, m.ID, m.Version, linkage.Confirming{}))(t)
	tenantstest.Must(c.Finish(ctx, off, m.ID, m.Version, "完成"))(t)

	m, _, _ = c.raised()
	m = tenantstest.Must(c.Refuse(ctx, city, m.ID, m.Version, "不属统筹范围"))(t)
	m = tenantstest.Must(c.DisputeAnswer(ctx, dir, m.ID, m.Version, "属于"))(t)
	if m.HolderSlug != c.City[0].Slug {
		t.Errorf("the refusal went back to %s", m.HolderName)
	}
	m = tenantstest.Must(c.Refuse(ctx, city, m.ID, m.Version, "仍不属统筹范围"))(t)
	tenantstest.Must(c.Confirm(ctx, dir, m.ID, m.Version, linkage.Confirming{}))(t)
}

// TestClocksAbove: the level above has its own days, from its policy, and both sides
// read by how much it is past them.
func TestClocksAbove(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city := c.As(c.City[0], tenants.CITY)
	now := tenantstest.Now
	c.Clock = func() time.Time { return now }
	m, off, _ := c.raised()
	stage := func(i int) linkage.Stage {
		t.Helper()
		return tenantstest.Must(c.GetMatter(ctx, off, m.ID))(t).Stages[i]
	}
	if s := stage(1); s.DueOn.String() != "2026-11-27" || s.Late != 0 { // 5 working days after Friday 2026-11-20
		t.Errorf("to accept by %s, %d late", s.DueOn, s.Late)
	}
	now = now.AddDate(0, 0, 10)
	if s := stage(1); s.Late != 3 {
		t.Errorf("accepting is %d days late, want 3", s.Late)
	}
	far, _ := inspection.ParseDay("2027-03-01")
	_, err := c.Take(ctx, city, m.ID, m.Version, linkage.Taking{AnswerBy: &far})
	tenantstest.Wants(t, err, inspection.Invalid, "escalation.day")
	m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
	if s := stage(1); s.State != linkage.StageDone || s.DueOn.String() != "2026-11-27" || s.Late != 3 {
		t.Errorf("accepted %s, due %s, %d late", s.State, s.DueOn, s.Late)
	}
	if s := stage(2); s.DueOn.String() != "2026-12-28" { // 20 working days after Monday 2026-11-30
		t.Errorf("to decide by %s", s.DueOn)
	}
	now = now.AddDate(0, 1, 0)
	if s := stage(2); s.Late != 2 {
		t.Errorf("deciding is %d days late, want 2", s.Late)
	}
	if v := tenantstest.Must(c.GetMatter(ctx, off, m.ID))(t); v.StepDue.String() != "2026-12-28" {
		t.Errorf("the county reads %s", v.StepDue)
	}
}

// TestClockStops: the item's clock runs on while the matter is above, until its own
// office approves otherwise; then it stands still, and goes on later by that time.
func TestClockStops(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	county, city := c.County[0][0], c.As(c.City[0], tenants.CITY)
	now := tenantstest.Now
	c.Clock = func() time.Time { return now }
	c.Cases.Clock = c.Clock
	m, off, dir := c.raised()
	m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
	_, err := c.StopClock(ctx, dir, m.ID, m.Version, "等待上级")
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.wrong-state") // it is not taken up yet
	m = tenantstest.Must(c.Decide(ctx, city, m.ID, m.Version, decided("2026-12-18")))(t)
	if due, _, _ := c.caseOf(county, 0); due != "2026-12-10" {
		t.Errorf("taking it up alone moved the day to %s", due)
	}
	_, err = c.StopClock(ctx, off, m.ID, m.Version, "等待上级")
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	_, err = c.StopClock(ctx, city, m.ID, m.Version, "等待上级")
	tenantstest.Wants(t, err, inspection.Forbidden, "escalation.wrong-side")
	m = tenantstest.Must(c.StopClock(ctx, dir, m.ID, m.Version, "等待市级统一口径"))(t)
	if !m.Stopped {
		t.Error("the matter does not say that the clock stands still")
	}
	_, err = c.StopClock(ctx, dir, m.ID, m.Version, "再次")
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.clock-stopped")
	now = now.AddDate(0, 0, 30) // past 12-10
	item := tenantstest.Must(c.Cases.Read(ctx, off, m.FindingID))(t)
	if item.DueOn != nil || item.Overdue || item.DueNote != "停止计时：等待市级统一口径" {
		t.Errorf("meanwhile it is due %v, overdue %t: %s", item.DueOn, item.Overdue, item.DueNote)
	}
	m = tenantstest.Must(c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "同意"}))(t)
	m = tenantstest.Must(c.Confirm(ctx, dir, m.ID, m.Version, linkage.Confirming{}))(t)
	due, note, _ := c.caseOf(county, 0)
	if due != "2027-01-09" || !strings.Contains(note, "停止计时 30 天") || m.ExtendedTo.String() != due || m.Stopped {
		t.Errorf("goes on until %s (%s), the matter says %v", due, note, m.ExtendedTo)
	}
	var kinds []string
	var ds []rectification.PastDeadline
	c.Do(c.House.DB, off, func(tx *tenants.Tx) (err error) {
		ds, err = rectification.Deadlines(ctx, tx, m.FindingID)
		return err
	})
	for _, d := range ds {
		kinds = append(kinds, string(d.Kind))
	}
	if got := strings.Join(kinds, " "); got != "feedback stopped resumed" {
		t.Errorf("the history of the day: %s", got)
	}
}

// TestClockRaces: the county stops the clock while the city answers: either order leaves
// an item that has a day again once the answer is confirmed.
func TestClockRaces(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	city, county := c.As(c.City[0], tenants.CITY), c.County[0][0]
	m, off, dir := c.raised()
	ctx := context.Background()
	m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
	m = tenantstest.Must(c.Decide(ctx, city, m.ID, m.Version, decided("2026-12-18")))(t)
	errs := together(
		func() error { _, err := c.StopClock(ctx, dir, m.ID, m.Version, "等待上级"); return err },
		func() error {
			_, err := c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "同意"})
			return err
		})
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("not one winner: %v; %v", errs[0], errs[1])
	}
	m = tenantstest.Must(c.GetMatter(ctx, off, m.ID))(t).Matter
	if errs[1] != nil {
		m = tenantstest.Must(c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "同意"}))(t)
	}
	m = tenantstest.Must(c.Confirm(ctx, dir, m.ID, m.Version, linkage.Confirming{}))(t)
	if due, _, _ := c.caseOf(county, 0); due != "2026-12-10" || m.Stopped {
		t.Errorf("the item is due %s, its clock stopped: %t", due, m.Stopped)
	}
}
