package plans_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob/memblob"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/plans"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// desk is a test's database with the people who make, sign and review the plan of
// one unit.
type desk struct {
	*tenantstest.House
	t        *testing.T
	plans    *plans.Service
	cases    *rectification.Service
	office   tenants.Tenant
	unit     inspection.UnitID
	round    inspection.RoundID
	findings []inspection.FindingID

	liaison, head, leader, disc, org, off, dir tenants.Scope
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	h := tenantstest.New(t)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	clock := inspection.ClockAt(tenantstest.Now)
	calendar := inspection.PublishedCalendar()
	d := &desk{
		House: h, t: t, office: h.County[0][0],
		cases: &rectification.Service{DB: h.DB, Clock: clock, Calendar: calendar, Files: files.NewStore(bucket)},
	}
	d.plans = &plans.Service{DB: h.DB, Clock: clock, Calendar: calendar, Cases: d.cases}
	d.unit, d.round = h.Unit(d.office, "县水务局党组"), h.Round(d.office)
	d.liaison, d.head = h.As(d.office, tenants.UNIT, d.unit), h.As(d.office, tenants.HEAD, d.unit)
	d.leader = h.As(d.office, tenants.LG)
	d.disc, d.org = h.As(d.office, tenants.DISC), h.As(d.office, tenants.ORG)
	d.off, d.dir = h.As(d.office, tenants.OFF), h.As(d.office, tenants.DIR)
	d.issue("中心组学习记录补记。", "公车使用登记不全。")
	return d
}

// unproven is the scope of the same person who did not prove who they are lately.
func unproven(s tenants.Scope) tenants.Scope {
	return tenants.ForGrant(tenants.Acting{
		Office: s.Office(), Member: s.Member(), Grant: s.Grant(), Name: s.Name(), Role: s.Role(), Unit: s.Unit(),
	})
}

// issue gives feedback of these findings to the unit.
func (d *desk) issue(texts ...string) {
	d.t.Helper()
	svc := &findings.Service{DB: d.DB, Clock: d.cases.Clock}
	var drafting []findings.New
	for _, text := range texts {
		drafting = append(drafting, findings.New{Focus: 1, Category: "理论武装", Text: text})
	}
	fs := tenantstest.Must(svc.Draft(d.t.Context(), d.off, findings.Drafting{Round: d.round, Unit: d.unit, Findings: drafting}))(d.t)
	d.Do(d.DB, d.dir, func(tx *tenants.Tx) error {
		var ids []inspection.FindingID
		for _, f := range fs {
			ids = append(ids, f.ID)
		}
		d.findings = append(d.findings, ids...)
		issued, err := findings.Issue(d.t.Context(), tx, d.cases.Clock(), tenantstest.Must(inspection.ParseDay("2026-07-10"))(d.t), ids)
		if err != nil {
			return err
		}
		return d.cases.Begin(d.t.Context(), tx, issued)
	})
}

func (d *desk) measure(i int, text string) rectification.Measure {
	d.t.Helper()
	due := tenantstest.Must(inspection.ParseDay("2026-12-10"))(d.t)
	leader := "分管负责人"
	return tenantstest.Must(d.cases.AddMeasure(d.t.Context(), d.liaison, d.findings[i],
		rectification.MeasureEdit{Text: &text, Leader: &leader, DueOn: &due}))(d.t)
}

// drafted is a plan that has everything.
func (d *desk) drafted() plans.Plan {
	d.t.Helper()
	d.measure(0, "修订中心组学习制度，每月检查1次。")
	d.measure(1, "补齐2025年以来公车使用登记。")
	p := tenantstest.Must(d.plans.Begin(d.t.Context(), d.liaison, d.round))(d.t)
	organised := "成立整改工作领导小组，党组书记任组长。"
	met := tenantstest.Must(inspection.ParseDay("2026-08-03"))(d.t)
	return tenantstest.Must(d.plans.Edit(d.t.Context(), d.liaison, p.ID, p.Version, plans.Change{Organised: &organised, MeetingOn: &met}))(d.t)
}

func (d *desk) signed() plans.Plan {
	d.t.Helper()
	p := d.drafted()
	return tenantstest.Must(d.plans.Sign(d.t.Context(), d.head, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(d.t)
}

func (d *desk) reviewing() plans.Plan {
	d.t.Helper()
	p := d.signed()
	return tenantstest.Must(d.plans.Countersign(d.t.Context(), d.leader, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(d.t)
}

// reviewed is a plan on which all parties gave this verdict.
func (d *desk) reviewed(v rectification.Verdict) (p plans.Plan) {
	d.t.Helper()
	p = d.reviewing()
	for _, by := range []tenants.Scope{d.disc, d.org, d.off} {
		p = tenantstest.Must(d.plans.Give(d.t.Context(), by, p.ID, papers.Giving{Digest: p.Digest, Verdict: v, Note: "措施需要具体。"}))(d.t)
	}
	return p
}

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, plans.Plans(), "plans_state", "testdata/plan.mmd")
	tenantstest.Knows(h, "plan_opinions_verdict", rectification.Verdicts()...)
}

// TestWholePlan carries a plan over a return and two signings into effect, and then
// amends it: the first edition stays what was signed.
func TestWholePlan(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.reviewed(rectification.Amend)
	if len(p.Opinions) != 3 || !slices.Contains(p.Allowed, plans.Return) || slices.Contains(p.Allowed, plans.Approve) {
		t.Fatalf("after three opinions that do not agree: %d opinions, allowed %v", len(p.Opinions), p.Allowed)
	}
	_, err := d.plans.Approve(t.Context(), d.off, p.ID, p.Version, papers.Deciding{})
	tenantstest.Wants(t, err, inspection.Conflict, "plan.not-agreed")
	p = tenantstest.Must(d.plans.Return(t.Context(), d.off, p.ID, p.Version, papers.Deciding{Letter: "请写明检查办法。"}))(t)
	if p.State != plans.Returned || p.Letter != "请写明检查办法。" || p.HeadAt != nil || p.LeaderAt != nil || len(p.Opinions) != 3 {
		t.Fatalf("returned as %+v", p.Line)
	}
	if kept := tenantstest.RootValue[string](d.House, `
		select n || ' ' || encode(digest, 'hex') || ' ' || leader_name from plan_signings where plan_id = $1`, p.ID); kept != "1 "+p.Digest+" "+d.leader.Name() {
		t.Errorf("kept of the first signing: %q", kept)
	}
	p = tenantstest.Must(d.plans.Sign(t.Context(), d.head, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	p = tenantstest.Must(d.plans.Countersign(t.Context(), d.leader, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	if p.ReviewBy.String() != "2026-11-27" {
		t.Errorf("reviewed by %s, want five working days on, 2026-11-27", p.ReviewBy)
	}
	for _, by := range []tenants.Scope{d.org, d.disc, d.off} {
		p = tenantstest.Must(d.plans.Give(t.Context(), by, p.ID, papers.Giving{Digest: p.Digest, Verdict: rectification.Agree}))(t)
	}
	p = tenantstest.Must(d.plans.Approve(t.Context(), d.dir, p.ID, p.Version, papers.Deciding{Letter: "同意实施。"}))(t)
	if p.State != plans.Effective || len(p.Changed) != 0 {
		t.Fatalf("approved as %s, changed %v", p.State, p.Changed)
	}
	first := p.Content

	d.measure(1, "建立公车使用月报制度，每月公示。")
	p = tenantstest.Must(d.plans.Get(t.Context(), d.liaison, p.ID))(t)
	if diff := cmp.Diff(first, p.Content); diff != "" {
		t.Errorf("what was signed changed (-signed +now):\n%s", diff)
	}
	if len(p.Changed) != 1 || p.Changed[0] != first.Answers[1].Number {
		t.Errorf("changed since = %v, want the second finding", p.Changed)
	}
	next := tenantstest.Must(d.plans.Begin(t.Context(), d.liaison, d.round))(t)
	if next.Edition != 2 || next.Organised != p.Organised || len(next.Content.Answers[1].Measures) != 2 {
		t.Fatalf("the amendment begins as edition %d with %d measures", next.Edition, len(next.Content.Answers[1].Measures))
	}
	_, err = d.plans.Begin(t.Context(), d.liaison, d.round)
	tenantstest.Wants(t, err, inspection.Conflict, "plan.open")
	next = tenantstest.Must(d.plans.Sign(t.Context(), d.head, next.ID, next.Version, papers.Signing{Digest: next.Digest}))(t)
	next = tenantstest.Must(d.plans.Countersign(t.Context(), d.leader, next.ID, next.Version, papers.Signing{Digest: next.Digest}))(t)
	for _, by := range []tenants.Scope{d.org, d.disc, d.off} {
		next = tenantstest.Must(d.plans.Give(t.Context(), by, next.ID, papers.Giving{Digest: next.Digest, Verdict: rectification.Agree}))(t)
	}
	tenantstest.Must(d.plans.Approve(t.Context(), d.off, next.ID, next.Version, papers.Deciding{}))(t)
	p = tenantstest.Must(d.plans.Get(t.Context(), d.off, p.ID))(t)
	if p.State != plans.Superseded || !cmp.Equal(first, p.Content) {
		t.Errorf("the first edition is now %s and says something else: %v", p.State, !cmp.Equal(first, p.Content))
	}
	if _, broken, err := d.Verify(t.Context(), d.office); err != nil || broken != nil {
		t.Errorf("the journal is broken: %v %v", broken, err)
	}
}

// TestEveryByte changes what was signed byte by byte, in the plan itself and in
// what came back: the service shows none of it, nobody goes on with it, and the command
// that verifies names it.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.reviewed(rectification.Amend)
	p = tenantstest.Must(d.plans.Return(t.Context(), d.off, p.ID, p.Version, papers.Deciding{Letter: "请写明检查办法。"}))(t)
	p = tenantstest.Must(d.plans.Sign(t.Context(), d.head, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	holds := func(what string, want int) {
		t.Helper()
		tenantstest.Holds(t, d.DB, d.office, what, want, plans.Sealed)
	}
	holds("as signed", 2)
	n := tenantstest.EveryByte(d.House, "plans", "content", 9, func(changed string) {
		_, err := d.plans.Get(t.Context(), d.off, p.ID)
		tenantstest.Wants(t, err, inspection.Conflict, "plan.altered")
		holds(changed, 1)
	})
	n += tenantstest.EveryByte(d.House, "plan_signings", "content", 9, func(changed string) { holds(changed, 1) })
	holds("put back", 2)
	d.Root(`update plans set digest = set_byte(digest, 0, get_byte(digest, 0) # 1)`)
	_, err := d.plans.Countersign(t.Context(), d.leader, p.ID, p.Version, papers.Signing{Digest: p.Digest})
	tenantstest.Wants(t, err, inspection.Conflict, "plan.altered")
	d.Root(`update plans set digest = set_byte(digest, 0, get_byte(digest, 0) # 1)`)
	tenantstest.Must(d.plans.Countersign(t.Context(), d.leader, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	t.Logf("R-27: plans: %d changes of one byte, all refused", n)
}

// TestSignature: what is signed is what was read, whole, and by two people who
// prove who they are.
func TestSignature(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.drafted()
	sign := func(by tenants.Scope, p plans.Plan, digest string) error {
		_, err := d.plans.Sign(t.Context(), by, p.ID, p.Version, papers.Signing{Digest: digest})
		return err
	}
	tenantstest.Wants(t, sign(unproven(d.head), p, p.Digest), inspection.Forbidden, "step-up-required")
	tenantstest.Wants(t, sign(d.liaison, p, p.Digest), inspection.Forbidden, "forbidden")

	t.Run("changed after it was read", func(t *testing.T) {
		d.measure(0, "增加一次专题研讨，11月完成。")
		tenantstest.Wants(t, sign(d.head, p, p.Digest), inspection.Conflict, "plan.changed")
	})
	t.Run("incomplete", func(t *testing.T) {
		d.issue("固定资产账实不符。")
		now := tenantstest.Must(d.plans.Get(t.Context(), d.head, p.ID))(t)
		tenantstest.Wants(t, sign(d.head, now, now.Digest), inspection.Conflict, "plan.incomplete")
		refused := []plans.Refusal{{Finding: d.findings[2], Reason: "该资产属代管，已移交县机关事务服务中心。"}}
		now = tenantstest.Must(d.plans.Edit(t.Context(), d.liaison, p.ID, now.Version, plans.Change{Refused: &refused}))(t)
		if err := sign(d.head, now, now.Digest); err != nil {
			t.Errorf("every finding is answered or refused: %v", err)
		}
	})
	t.Run("countersigned by somebody else under the same digest", func(t *testing.T) {
		now := tenantstest.Must(d.plans.Get(t.Context(), d.leader, p.ID))(t)
		other := tenantstest.Must(d.plans.Get(t.Context(), d.head, p.ID))(t)
		_, err := d.plans.Countersign(t.Context(), d.leader, p.ID, now.Version, papers.Signing{Digest: p.Digest})
		tenantstest.Wants(t, err, inspection.Conflict, "plan.changed")
		_, err = d.plans.Countersign(t.Context(), unproven(d.leader), p.ID, now.Version, papers.Signing{Digest: now.Digest})
		tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
		tenantstest.Must(d.plans.Countersign(t.Context(), d.leader, p.ID, now.Version, papers.Signing{Digest: other.Digest}))(t)
	})
}

// TestOwnWork: nobody stands on both sides of a plan.
func TestOwnWork(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.signed()
	acting := func(s tenants.Scope, role tenants.Role) tenants.Scope {
		return tenants.ForGrant(tenants.Acting{
			Office: s.Office(), Member: s.Member(), Grant: s.Grant(), Name: s.Name(), Role: role, Strong: tenantstest.Now,
		})
	}
	_, err := d.plans.Countersign(t.Context(), acting(d.head, tenants.LG), p.ID, p.Version, papers.Signing{Digest: p.Digest})
	tenantstest.Wants(t, err, inspection.Forbidden, "plan.own-signature")
	p = tenantstest.Must(d.plans.Countersign(t.Context(), d.leader, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	agree := papers.Giving{Digest: p.Digest, Verdict: rectification.Agree}
	_, err = d.plans.Give(t.Context(), acting(d.liaison, tenants.DISC), p.ID, agree)
	tenantstest.Wants(t, err, inspection.Forbidden, "plan.own-work")
	for _, by := range []tenants.Scope{d.disc, d.org, d.off} { // others may
		p = tenantstest.Must(d.plans.Give(t.Context(), by, p.ID, agree))(t)
	}
	_, err = d.plans.Approve(t.Context(), acting(d.liaison, tenants.OFF), p.ID, p.Version, papers.Deciding{})
	tenantstest.Wants(t, err, inspection.Forbidden, "plan.own-work")
}

// TestTwoPeople: who holds the authority of two parties speaks for one of them, and who
// alone gave an opinion does not decide.
func TestTwoPeople(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.reviewing()
	grant := inspection.NewID[inspection.GrantID]()
	d.Root(`insert into grants (tenant_id, id, member_id, role, from_on) values ($1, $2, $3, 'DISC', '2026-01-01')`, d.office.ID, grant, d.off.Member())
	both := tenants.ForGrant(tenants.Acting{Office: d.office, Member: d.off.Member(), Grant: grant, Name: d.off.Name(), Role: tenants.DISC})
	agree := func(by tenants.Scope) error {
		_, err := d.plans.Give(t.Context(), by, p.ID, papers.Giving{Digest: p.Digest, Verdict: rectification.Agree})
		return err
	}
	if err := agree(both); err != nil {
		t.Fatal(err)
	}
	tenantstest.Wants(t, agree(d.off), inspection.Forbidden, "plan.second-party")
	tenantstest.Wants(t, agree(d.disc), inspection.Conflict, "plan.opinion-given")
	if err := agree(d.As(d.office, tenants.OFF)); err != nil {
		t.Errorf("another of the office: %v", err)
	}

	d = newDesk(t)
	d.Root(`update rounds set policy = '{"plan_parties": ["OFF"]}' where id = $1`, d.round)
	p = d.reviewing()
	if err := agree(d.off); err != nil {
		t.Fatal(err)
	}
	p = tenantstest.Must(d.plans.Get(t.Context(), d.off, p.ID))(t)
	_, err := d.plans.Approve(t.Context(), d.off, p.ID, p.Version, papers.Deciding{})
	tenantstest.Wants(t, err, inspection.Forbidden, "plan.own-review")
	tenantstest.Must(d.plans.Approve(t.Context(), d.dir, p.ID, p.Version, papers.Deciding{}))(t)
}

// TestBlind: a party sees no other's opinion before all are in, and the unit none
// at all.
func TestBlind(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.reviewing()
	give := func(by tenants.Scope) error {
		_, err := d.plans.Give(t.Context(), by, p.ID, papers.Giving{Digest: p.Digest, Verdict: rectification.Agree})
		return err
	}
	if err := give(d.disc); err != nil {
		t.Fatal(err)
	}
	sees := func(by tenants.Scope) int {
		return len(tenantstest.Must(d.plans.Get(t.Context(), by, p.ID))(t).Opinions)
	}
	if own, other, unit := sees(d.disc), sees(d.org), sees(d.head); own != 1 || other != 0 || unit != 0 {
		t.Errorf("after one opinion its party sees %d, another %d, the unit %d; want 1, 0, 0", own, other, unit)
	}
	tenantstest.Wants(t, give(d.disc), inspection.Conflict, "plan.opinion-given")
	tenantstest.Wants(t, give(d.As(d.office, tenants.DEPT)), inspection.Forbidden, "forbidden") // the policy does not name it
	for _, by := range []tenants.Scope{d.org, d.off} {
		if err := give(by); err != nil {
			t.Fatal(err)
		}
	}
	if other, unit := sees(d.org), sees(d.head); other != 3 || unit != 0 {
		t.Errorf("when all are in a party sees %d and the unit %d; want 3 and 0", other, unit)
	}
}

// TestReach: a plan is its unit's and its office's; the city reads it once it is in
// effect, and the county learns of it; nobody beside ever does.
func TestReach(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.reviewed(rectification.Agree)
	city := tenantstest.Must(d.As(d.City[0], tenants.CITY).Below(d.office))(t)
	strangers := map[string]tenants.Scope{
		"another unit":   d.As(d.office, tenants.UNIT, d.Unit(d.office, "县教育局党组")),
		"another county": d.As(d.County[0][1], tenants.OFF),
		"another city":   d.As(d.City[1], tenants.CITY),
	}
	for name, by := range strangers {
		_, err := d.plans.Get(t.Context(), by, p.ID)
		tenantstest.Wants(t, err, inspection.NotFound, "not-found")
		if ls := tenantstest.Must(d.plans.List(t.Context(), by))(t); len(ls) != 0 {
			t.Errorf("%s lists %d plans", name, len(ls))
		}
	}
	for _, by := range []tenants.Scope{d.liaison, d.off, d.disc, d.leader} { // the positive control
		if ls := tenantstest.Must(d.plans.List(t.Context(), by))(t); len(ls) != 1 || ls[0].ID != p.ID {
			t.Errorf("%s lists %d plans, want the one", by.Role(), len(ls))
		}
	}
	_, err := d.plans.Get(t.Context(), city, p.ID)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	tenantstest.Must(d.plans.Approve(t.Context(), d.off, p.ID, p.Version, papers.Deciding{}))(t)
	above := tenantstest.Must(d.plans.Get(t.Context(), city, p.ID))(t)
	if len(above.Content.Answers) != 2 || len(above.Allowed) != 0 || len(above.Opinions) != 0 {
		t.Errorf("the city reads %d answers, may %v, sees %d opinions", len(above.Content.Answers), above.Allowed, len(above.Opinions))
	}
	if n := tenantstest.RootValue[int](d.House, `
		select count(*)::int from journal where tenant_id = $1 and action = 'plan.read-above'`, d.office.ID); n != 1 {
		t.Errorf("the county's journal has %d readings from above, want 1", n)
	}
	for name, by := range strangers {
		_, err := d.plans.Get(t.Context(), by, p.ID)
		if inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s reads a plan in effect: %v", name, err)
		}
	}
}

func TestTasks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	verbs := func(by tenants.Scope) (verbs []string) {
		d.Do(d.DB, by, func(tx *tenants.Tx) error {
			tasks, err := d.plans.Tasks(t.Context(), tx)
			for _, task := range tasks {
				verbs = append(verbs, task.Verb)
			}
			return err
		})
		return verbs
	}
	want := func(when string, desks map[string]tenants.Scope, verb ...string) {
		t.Helper()
		for who, by := range desks {
			if got := verbs(by); !slices.Equal(got, verb) {
				t.Errorf("%s: %s has %v, want %v", when, who, got, verb)
			}
		}
	}
	p := d.drafted()
	want("drafting", map[string]tenants.Scope{"the head": d.head}, "签字")
	want("drafting", map[string]tenants.Scope{"the leader": d.leader, "a party": d.disc})
	p = tenantstest.Must(d.plans.Sign(t.Context(), d.head, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	want("signed", map[string]tenants.Scope{"the leader": d.leader}, "签字")
	want("signed", map[string]tenants.Scope{"the head": d.head, "a party": d.disc})
	p = tenantstest.Must(d.plans.Countersign(t.Context(), d.leader, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	want("reviewing", map[string]tenants.Scope{"a party": d.disc, "the office": d.off}, "审核")
	for _, by := range []tenants.Scope{d.disc, d.org, d.off} {
		p = tenantstest.Must(d.plans.Give(t.Context(), by, p.ID, papers.Giving{Digest: p.Digest, Verdict: rectification.Agree}))(t)
	}
	want("reviewed", map[string]tenants.Scope{"the office": d.off}, "办理")
	want("reviewed", map[string]tenants.Scope{"a party": d.disc})
	tenantstest.Must(d.plans.Approve(t.Context(), d.off, p.ID, p.Version, papers.Deciding{}))(t)
	want("in effect", map[string]tenants.Scope{"the office": d.off, "the head": d.head, "the leader": d.leader})
}

// TestRace lets the head sign twice and two parties answer at once.
func TestRace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.drafted()
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := d.plans.Sign(t.Context(), d.head, p.ID, p.Version, papers.Signing{Digest: p.Digest})
			errs <- err
		}()
	}
	if first, second := <-errs, <-errs; (first == nil) == (second == nil) {
		t.Errorf("of two signatures at once: %v and %v; want one", first, second)
	}
	p = tenantstest.Must(d.plans.Get(t.Context(), d.leader, p.ID))(t)
	p = tenantstest.Must(d.plans.Countersign(t.Context(), d.leader, p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	for _, by := range []tenants.Scope{d.disc, d.org} {
		go func() {
			_, err := d.plans.Give(t.Context(), by, p.ID, papers.Giving{Digest: p.Digest, Verdict: rectification.Agree})
			errs <- err
		}()
	}
	if first, second := <-errs, <-errs; first != nil || second != nil {
		t.Errorf("two parties at once: %v and %v; want both taken", first, second)
	}
	d.Do(d.DB, d.off, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(t.Context(), `select given from plans where id = $1`, p.ID)
		given, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]string])
		if len(given) != 2 {
			t.Errorf("given = %v, want both", given)
		}
		return err
	})
}
