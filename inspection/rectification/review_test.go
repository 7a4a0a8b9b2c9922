package rectification_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"xuncha/tenants/tenantstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestWholeLife carries one finding from the feedback over a return and a
// long-term stay to its end, and finds each act in the journal.
func TestWholeLife(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	if c.State != rectification.Open || c.Number != "KAA-01-00-001" || c.DueOn.String() != "2026-10-10" {
		t.Fatalf("begun as %s %s due %s, want open KAA-01-00-001 due 2026-10-10", c.State, c.Number, c.DueOn)
	}
	progress := "已印发学习计划。"
	c = tenantstest.Must(h.cases.Edit(t.Context(), h.liaison, c.ID, c.Version, rectification.CaseEdit{Progress: &progress}))(t)
	if c.State != rectification.Working {
		t.Fatalf("the first progress left the case %s", c.State)
	}
	measures := h.read(t, c.ID).Measures
	h.uploaded(t, h.liaison, c.ID, rectification.Uploading{Name: "制度.pdf", Measure: &measures[0].ID}, pdf("制度"))
	_, err := h.cases.Submit(t.Context(), h.liaison, c.ID, c.Version, rectification.Handing{Statement: "已完成。"})
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.evidence-missing")
	if !strings.Contains(err.Error(), "第 2 项措施") {
		t.Errorf("%v does not name the measure", err)
	}
	c = tenantstest.Must(h.cases.Submit(t.Context(), h.liaison, c.ID, c.Version, rectification.Handing{
		Statement: "已完成。", Gaps: []rectification.Gap{{Measure: measures[1].ID, Reason: "记录在上级部门。"}},
	}))(t)
	for _, by := range []tenants.Scope{h.disc, h.off} {
		tenantstest.Must(h.cases.Give(t.Context(), by, c.ID, opinion(c, rectification.Amend)))(t)
	}
	draft := h.read(t, c.ID).Draft
	if draft == nil || !cmp.Equal(draft.Reasons, []rectification.Reason{rectification.NoEvidence}) ||
		strings.Count(draft.Letter, "缺少签到表") != 2 {
		t.Errorf("draft of the return = %+v, want the reason once and both notes", draft)
	}
	c = tenantstest.Must(h.cases.Return(t.Context(), h.off, c.ID, c.Version,
		rectification.Returning{Reasons: draft.Reasons, Letter: "请补充签到表后重报。"}))(t)
	if c.State != rectification.Returned || c.ReturnNote != "请补充签到表后重报。" {
		t.Fatalf("returned as %s with %q", c.State, c.ReturnNote)
	}
	h.uploaded(t, h.liaison, c.ID, rectification.Uploading{Name: "签到表.pdf", Measure: &measures[1].ID}, pdf("签到表"))
	c = tenantstest.Must(h.cases.Submit(t.Context(), h.head, c.ID, c.Version, rectification.Handing{Statement: "已补充。"}))(t)
	for _, by := range []tenants.Scope{h.off, h.disc} {
		tenantstest.Must(h.cases.Give(t.Context(), by, c.ID, opinion(c, rectification.Agree)))(t)
	}
	c = tenantstest.Must(h.cases.Accept(t.Context(), h.off, c.ID, c.Version, rectification.Accepting{LongTerm: true}))(t)
	if c.State != rectification.LongTerm || c.ReviewOn.String() != "2027-05-20" {
		t.Fatalf("kept as %s until %s, want long-term until 2027-05-20", c.State, c.ReviewOn)
	}
	c = tenantstest.Must(h.cases.Submit(t.Context(), h.head, c.ID, c.Version, rectification.Handing{Statement: "长期措施已固化。"}))(t)
	for _, by := range []tenants.Scope{h.off, h.disc} {
		tenantstest.Must(h.cases.Give(t.Context(), by, c.ID, opinion(c, rectification.Agree)))(t)
	}
	c = tenantstest.Must(h.cases.Accept(t.Context(), h.dir, c.ID, c.Version, rectification.Accepting{}))(t)
	if c.State != rectification.Closed || c.ClosedOn.String() != "2026-11-20" || len(c.Allowed) != 1 {
		t.Fatalf("accepted as %s on %s, then allowed %v", c.State, c.ClosedOn, c.Allowed)
	}
	number := c.Number
	c = tenantstest.Must(h.cases.Reopen(t.Context(), h.dir, c.ID, c.Version,
		rectification.Reopening{Reason: "现场检查结论为未改。", DueOn: tenantstest.Day(t, "2026-12-04")}))(t)
	if c.State != rectification.Working || c.Number != number || c.Submission != 3 || c.DueVersion != 4 || // kept, closed, reopened
		!slices.Contains(c.Flags, rectification.Reopened) {
		t.Fatalf("reopened as %+v", c)
	}
	if was := tenantstest.RootValue[string](h.House, `select string_agg(was_closed_on::text, ' ') from deadlines where finding_id = $1`, c.ID); was != "2026-11-20" {
		t.Errorf("it was closed on %s", was)
	}
	want := []string{
		"finding.add", "finding.issue", "rectification.begin", "measure.add", "measure.add", "rectification.edit", "evidence.add",
		"rectification.submit", "rectification.opinion", "rectification.opinion", "rectification.return", "evidence.add",
		"rectification.submit", "rectification.opinion", "rectification.opinion", "rectification.accept-long",
		"rectification.submit", "rectification.opinion", "rectification.opinion", "rectification.accept", "rectification.reopen",
	}
	if diff := cmp.Diff(want, h.journal(t, h.off, c.ID)); diff != "" {
		t.Errorf("the office's timeline (-want +got):\n%s", diff)
	}
	// The unit reads the same acts but those before the feedback and the opinions.
	want = slices.DeleteFunc(want, func(a string) bool { return a == "rectification.opinion" || a == "finding.add" })
	if diff := cmp.Diff(want, h.journal(t, h.liaison, c.ID)); diff != "" {
		t.Errorf("the unit's timeline (-want +got):\n%s", diff)
	}
	if _, broken, err := h.Verify(t.Context(), h.office); err != nil || broken != nil {
		t.Errorf("the journal is broken: %v %v", broken, err)
	}
}

// TestTurn tries each act by people who may and people who may not.
func TestTurn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	act := func(do rectification.Action) func(context.Context, tenants.Scope, rectification.Case) error {
		return func(ctx context.Context, s tenants.Scope, c rectification.Case) (err error) {
			switch do {
			case rectification.Start:
				_, err = h.cases.Start(ctx, s, c.ID, c.Version)
			case rectification.Submit:
				_, err = h.cases.Submit(ctx, s, c.ID, c.Version, rectification.Handing{Statement: "已完成。"})
			case rectification.Opine:
				_, err = h.cases.Give(ctx, s, c.ID, opinion(c, rectification.Agree))
			case rectification.Return:
				_, err = h.cases.Return(ctx, s, c.ID, c.Version,
					rectification.Returning{Reasons: []rectification.Reason{rectification.Vague}, Letter: "请补充。"})
			case rectification.Accept:
				_, err = h.cases.Accept(ctx, s, c.ID, c.Version, rectification.Accepting{})
			case rectification.Reopen:
				_, err = h.cases.Reopen(ctx, s, c.ID, c.Version, rectification.Reopening{Reason: "未改。", DueOn: tenantstest.Day(t, "2026-12-04")})
			case rectification.SetDue:
				_, err = h.cases.SetDue(ctx, s, c.ID, c.Version, rectification.DueChange{DueOn: tenantstest.Day(t, "2026-12-04"), Reason: "延期"})
			}
			return err
		}
	}
	otherUnit := h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组"))
	sibling := h.As(h.County[0][1], tenants.OFF)
	tests := []struct {
		name  string
		state rectification.State
		do    rectification.Action
		by    tenants.Scope
		kind  inspection.Kind // of the error; 0 for none
		code  string
	}{
		{"the unit starts", rectification.Open, rectification.Start, h.liaison, 0, ""},
		{"the office starts", rectification.Open, rectification.Start, h.off, inspection.Forbidden, "forbidden"},
		{"another unit starts", rectification.Open, rectification.Start, otherUnit, inspection.NotFound, "not-found"},
		{"hands in before it starts", rectification.Open, rectification.Submit, h.liaison, inspection.Conflict, "rectification.wrong-state"},
		{"the head hands in", rectification.Working, rectification.Submit, h.head, 0, ""},
		{"the office hands in", rectification.Working, rectification.Submit, h.off, inspection.Forbidden, "forbidden"},
		{"closes before review", rectification.Working, rectification.Accept, h.dir, inspection.Conflict, "rectification.wrong-state"},
		{"the unit closes", rectification.Submitted, rectification.Accept, h.head, inspection.Forbidden, "forbidden"},
		{"accepts without opinions", rectification.Submitted, rectification.Accept, h.dir, inspection.Conflict, "rectification.opinions-missing"},
		{"returns without opinions", rectification.Submitted, rectification.Return, h.off, inspection.Conflict, "rectification.opinions-missing"},
		{"a party reviews", rectification.Submitted, rectification.Opine, h.disc, 0, ""},
		{"the unit reviews itself", rectification.Submitted, rectification.Opine, h.liaison, inspection.Forbidden, "forbidden"},
		{"somebody the policy does not name reviews", rectification.Submitted, rectification.Opine, h.As(h.office, tenants.ORG), inspection.Forbidden, "forbidden"},
		{"a sibling office reviews", rectification.Submitted, rectification.Opine, sibling, inspection.NotFound, "not-found"},
		{"a sibling office returns", rectification.Submitted, rectification.Return, sibling, inspection.NotFound, "not-found"},
		{"the office sets a deadline", rectification.Returned, rectification.SetDue, h.off, 0, ""},
		{"the unit sets a deadline", rectification.Working, rectification.SetDue, h.head, inspection.Forbidden, "forbidden"},
		{"a deadline for a closed case", rectification.Closed, rectification.SetDue, h.off, inspection.Conflict, "rectification.wrong-state"},
		{"the director reopens", rectification.Closed, rectification.Reopen, h.dir, 0, ""},
		{"the staff reopen", rectification.Closed, rectification.Reopen, h.off, inspection.Forbidden, "forbidden"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := h.given(t, tt.state)
			err := act(tt.do)(t.Context(), tt.by, c)
			if tt.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			tenantstest.Wants(t, err, tt.kind, tt.code)
			if after := h.read(t, c.ID); after.State != c.State || after.Version != c.Version {
				t.Errorf("a refused act left the case %s v%d, want %s v%d", after.State, after.Version, c.State, c.Version)
			}
		})
	}
}

// TestVerdictsDecide tries to end a review against what the parties said.
func TestVerdictsDecide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	back := rectification.Returning{Reasons: []rectification.Reason{rectification.Vague}, Letter: "请补充。"}
	agreed := h.reviewed(t, rectification.Agree)
	_, err := h.cases.Return(t.Context(), h.off, agreed.ID, agreed.Version, back)
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.all-agree")
	for _, v := range []rectification.Verdict{rectification.Amend, rectification.Refuse} {
		c := h.reviewed(t, v)
		for _, longTerm := range []bool{false, true} {
			_, err = h.cases.Accept(t.Context(), h.dir, c.ID, c.Version, rectification.Accepting{LongTerm: longTerm})
			tenantstest.Wants(t, err, inspection.Conflict, "rectification.not-agreed")
		}
	}
	yesterday := tenantstest.Day(t, "2026-11-19")
	for name, a := range map[string]rectification.Accepting{
		"a review day for a closed case": {ReviewOn: &yesterday}, "a review day that is past": {LongTerm: true, ReviewOn: &yesterday},
	} {
		if _, err := h.cases.Accept(t.Context(), h.dir, agreed.ID, agreed.Version, a); inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, g := range map[string]rectification.Giving{
		"a refusal without a reason":   {Submission: 1, Verdict: rectification.Refuse},
		"another reason without words": {Submission: 1, Verdict: rectification.Amend, Reasons: []rectification.Reason{rectification.Other}},
		"an agreement with a reason":   {Submission: 1, Verdict: rectification.Agree, Reasons: []rectification.Reason{rectification.Vague}},
	} {
		if _, err := h.cases.Give(t.Context(), h.disc, h.submitted(t).ID, g); inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSubmissionRows looks past the service for handings-in and measures of a
// unit, as another unit and as the unit.
func TestSubmissionRows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.submitted(t)
	other := h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组"))
	for _, table := range []string{"submissions", "measures", "evidence", "rectifications", "findings"} {
		for who, tt := range map[string]struct {
			scope tenants.Scope
			some  bool
		}{"another unit": {other, false}, "the unit": {h.liaison, true}, "a sibling": {h.As(h.County[0][1], tenants.OFF), false}} {
			var some bool
			h.Do(h.DB, tt.scope, func(tx *tenants.Tx) error {
				return tx.QueryRow(t.Context(), `select exists (select from `+table+`)`).Scan(&some)
			})
			if some != tt.some {
				t.Errorf("%s sees rows of %s: %t, want %t", who, table, some, tt.some)
			}
		}
	}
}

// TestOpinionsAreBlind looks for one party's opinion through every door while the
// other's is missing, then opens them.
func TestOpinionsAreBlind(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	tenantstest.Must(h.cases.Give(t.Context(), h.disc, c.ID, opinion(c, rectification.Refuse)))(t)
	group := h.As(h.office, tenants.LG)
	city, err := h.As(h.City[0], tenants.CITY).Below(h.office)
	if err != nil {
		t.Fatal(err)
	}
	seen := func(s tenants.Scope) (n int) {
		h.Do(h.DB, s, func(tx *tenants.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from opinions`).Scan(&n)
		})
		return n
	}
	onPage := func(s tenants.Scope) int {
		return len(tenantstest.Must(h.cases.Read(t.Context(), s, c.ID))(t).Submissions[0].Opinions)
	}
	everyone := map[string]tenants.Scope{
		"the party": h.disc, "the other party": h.off, "the director": h.dir, "the group": group,
		"the unit": h.liaison, "its head": h.head, "the city": city,
	}
	check := func(when string, want map[string]int) {
		t.Helper()
		for who, s := range everyone {
			if got := seen(s); got != want[who] {
				t.Errorf("%s, %s sees %d opinions in the table, want %d", when, who, got, want[who])
			}
			if got := onPage(s); got != want[who] {
				t.Errorf("%s, %s sees %d opinions on the page, want %d", when, who, got, want[who])
			}
		}
	}
	check("before", map[string]int{"the party": 1})
	if r := h.read(t, c.ID).Review; r == nil || !cmp.Equal(r.Given, []tenants.Role{tenants.DISC}) || r.Agreed != nil {
		t.Errorf("review = %+v, want that DISC answered and nothing of what", r)
	}
	tenantstest.Must(h.cases.Give(t.Context(), h.off, c.ID, opinion(c, rectification.Agree)))(t)
	check("after", map[string]int{"the party": 2, "the other party": 2, "the director": 2, "the group": 2})
	if r := h.read(t, c.ID).Review; r.Agreed == nil || *r.Agreed {
		t.Errorf("review = %+v, want that not all agree", r)
	}
	if r := tenantstest.Must(h.cases.Read(t.Context(), h.liaison, c.ID))(t).Review; r.Agreed != nil {
		t.Errorf("the unit learns whether all agree before the return is sent")
	}
}

// TestOpinionRows tries to cheat past the service: with the party of others, with
// an opinion that is open from the start, by opening early, by changing one.
func TestOpinionRows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	insert := func(s tenants.Scope, party tenants.Role, revealed bool) error {
		return h.In(t.Context(), s, func(tx *tenants.Tx) error {
			_, err := tx.Exec(t.Context(), `
				insert into opinions (finding_id, submission, party, verdict, by_id, by_name, at, revealed)
				values (@id, 1, @party, 'agree', @by, 'x', now(), @revealed)`,
				pgx.StrictNamedArgs{"id": c.ID, "party": party, "by": s.Member(), "revealed": revealed})
			return err
		})
	}
	if err := insert(h.disc, tenants.OFF, false); err == nil {
		t.Error("DISC gave the opinion of OFF")
	}
	if err := insert(h.disc, tenants.DISC, true); err == nil {
		t.Error("DISC gave an opinion that is open from the start")
	}
	if err := insert(h.liaison, tenants.UNIT, false); err == nil {
		t.Error("the unit gave an opinion")
	}
	if err := insert(h.disc, tenants.DISC, false); err != nil {
		t.Errorf("DISC cannot give its own: %v", err)
	}
	h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
		var all bool
		if err := tx.QueryRow(t.Context(), `select sec.reveal_opinions($1, 1)`, c.ID).Scan(&all); err != nil || all {
			t.Errorf("opened before all are in: %t, %v", all, err)
		}
		return nil
	})
	err := h.In(t.Context(), h.disc, func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update opinions set verdict = 'refuse'`)
		return err
	})
	if err == nil {
		t.Error("an opinion was changed")
	}
}

// TestNobodyReviewsTheirOwn has people and organisations on both sides.
func TestNobodyReviewsTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	// The liaison is also in the discipline committee, under a second grant.
	both := inspection.NewID[inspection.GrantID]()
	h.Root(`insert into grants (tenant_id, id, member_id, role, from_on) values ($1, $2, $3, 'DISC', '2026-01-01')`,
		h.office.ID, both, h.liaison.Member())
	double := tenants.ForGrant(tenants.Acting{
		Office: h.office, Member: h.liaison.Member(), Grant: both, Name: "双重身份", Role: tenants.DISC,
	})
	_, err := h.cases.Give(t.Context(), double, c.ID, opinion(c, rectification.Agree))
	tenantstest.Wants(t, err, inspection.Forbidden, "rectification.own-work")
	tenantstest.Must(h.cases.Give(t.Context(), h.disc, c.ID, opinion(c, rectification.Agree)))(t)

	// The discipline committee is inspected itself: it is not asked about itself.
	unit := h.Unit(h.office, "县纪委监委机关")
	h.Root(`update units set acts_as = 'DISC' where id = $1`, unit)
	h.unit, h.liaison, h.head = unit, h.As(h.office, tenants.UNIT, unit), h.As(h.office, tenants.HEAD, unit)
	c = h.submitted(t)
	if r := h.read(t, c.ID).Review; !cmp.Equal(r.Parties, []tenants.Role{tenants.OFF}) {
		t.Errorf("parties = %v, want OFF alone", r.Parties)
	}
	_, err = h.cases.Give(t.Context(), h.disc, c.ID, opinion(c, rectification.Agree))
	tenantstest.Wants(t, err, inspection.Forbidden, "rectification.own-work")
	tenantstest.Must(h.cases.Give(t.Context(), h.off, c.ID, opinion(c, rectification.Agree)))(t)
}

// TestOneOfEach: who holds the authority of several parties speaks for one of them, and
// who alone gave an opinion does not decide.
func TestOneOfEach(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	as := func(role tenants.Role) tenants.Scope {
		grant := inspection.NewID[inspection.GrantID]()
		h.Root(`insert into grants (tenant_id, id, member_id, role, from_on) values ($1, $2, $3, $4, '2026-01-01')`, h.office.ID, grant, h.off.Member(), role)
		return tenants.ForGrant(tenants.Acting{Office: h.office, Member: h.off.Member(), Grant: grant, Name: h.off.Name(), Role: role})
	}
	tenantstest.Must(h.cases.Give(t.Context(), as(tenants.DISC), c.ID, opinion(c, rectification.Agree)))(t)
	_, err := h.cases.Give(t.Context(), h.off, c.ID, opinion(c, rectification.Agree))
	tenantstest.Wants(t, err, inspection.Forbidden, "rectification.second-party")
	_, err = h.cases.Give(t.Context(), h.disc, c.ID, opinion(c, rectification.Agree))
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.opinion-given")
	tenantstest.Must(h.cases.Give(t.Context(), h.As(h.office, tenants.OFF), c.ID, opinion(c, rectification.Agree)))(t)
	tenantstest.Must(h.cases.Accept(t.Context(), as(tenants.DIR), c.ID, c.Version, rectification.Accepting{}))(t)

	h.Root(`update rounds set policy = '{"review_parties": ["OFF"]}' where id = $1`, h.round)
	c = h.submitted(t)
	tenantstest.Must(h.cases.Give(t.Context(), h.off, c.ID, opinion(c, rectification.Agree)))(t)
	for _, alone := range []tenants.Scope{h.off, as(tenants.DIR)} {
		_, err = h.cases.Accept(t.Context(), alone, c.ID, c.Version, rectification.Accepting{})
		tenantstest.Wants(t, err, inspection.Forbidden, "rectification.own-review")
	}
	tenantstest.Must(h.cases.Accept(t.Context(), h.dir, c.ID, c.Version, rectification.Accepting{}))(t)
}

// TestPartiesOfPolicy freezes who reviews when the round opened.
func TestPartiesOfPolicy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Root(`update rounds set policy = '{"review_parties": ["DISC", "ORG", "OFF"], "review_days": 3}' where id = $1`, h.round)
	c := h.submitted(t)
	r := h.read(t, c.ID).Review
	if !cmp.Equal(r.Parties, []tenants.Role{tenants.DISC, tenants.ORG, tenants.OFF}) || r.DueOn.String() != "2026-11-25" {
		t.Errorf("review by %v until %s, want DISC, ORG, OFF until 2026-11-25", r.Parties, r.DueOn)
	}
	for _, by := range []tenants.Scope{h.disc, h.As(h.office, tenants.ORG)} {
		tenantstest.Must(h.cases.Give(t.Context(), by, c.ID, opinion(c, rectification.Agree)))(t)
	}
	_, err := h.cases.Accept(t.Context(), h.dir, c.ID, c.Version, rectification.Accepting{})
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.opinions-missing")
	if !strings.Contains(err.Error(), "巡察办干部") {
		t.Errorf("%v does not name who is missing", err)
	}
}

// TestAtOnce lets several people decide at the same moment: one effect, and the
// others learn who was first.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	all := func(n int, do func(i int) error) (done int, refused []error) {
		var wg sync.WaitGroup
		errs := make([]error, n)
		for i := range n {
			wg.Go(func() { errs[i] = do(i) })
		}
		wg.Wait()
		for _, err := range errs {
			if err == nil {
				done++
			} else {
				refused = append(refused, err)
			}
		}
		return done, refused
	}
	c := h.submitted(t)
	parties := []tenants.Scope{h.disc, h.As(h.office, tenants.DISC), h.off, h.As(h.office, tenants.OFF)}
	done, refused := all(len(parties), func(i int) error {
		_, err := h.cases.Give(context.Background(), parties[i], c.ID, opinion(c, rectification.Agree))
		return err
	})
	if done != 2 {
		t.Errorf("%d opinions were taken, want one of each party", done)
	}
	for _, err := range refused {
		tenantstest.Wants(t, err, inspection.Conflict, "rectification.opinion-given")
	}
	if r := h.read(t, c.ID).Review; len(r.Given) != 2 || r.Agreed == nil || !*r.Agreed {
		t.Errorf("review = %+v, want both in and agreed", r)
	}
	deciders := []tenants.Scope{h.off, h.dir, h.As(h.office, tenants.OFF), h.As(h.office, tenants.DIR)}
	done, refused = all(len(deciders), func(i int) error {
		_, err := h.cases.Accept(context.Background(), deciders[i], c.ID, c.Version, rectification.Accepting{LongTerm: i%2 == 0})
		return err
	})
	if done != 1 {
		t.Errorf("%d decisions had an effect, want 1", done)
	}
	for _, err := range refused {
		tenantstest.Wants(t, err, inspection.Conflict, "rectification.wrong-state")
		if !strings.Contains(err.Error(), "更新了此事项") {
			t.Errorf("%v does not say who was first", err)
		}
	}
	if n := strings.Count(strings.Join(h.journal(t, h.off, c.ID), " "), "rectification.accept"); n != 1 {
		t.Errorf("%d decisions in the journal, want 1", n)
	}
}

// TestStale edits a version that somebody else has changed: nothing is lost, and
// the refusal carries what the row is now.
func TestStale(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.working(t)
	first, second := "第一次进展。", "第二次进展。"
	tenantstest.Must(h.cases.Edit(t.Context(), h.liaison, c.ID, c.Version, rectification.CaseEdit{Progress: &first}))(t)
	_, err := h.cases.Edit(t.Context(), h.head, c.ID, c.Version, rectification.CaseEdit{Progress: &second})
	tenantstest.Wants(t, err, inspection.Stale, "rectification.stale")
	if now, ok := current(err).(rectification.Case); !ok || now.Progress != first || now.Version != c.Version+1 || now.ChangedBy == "" {
		t.Errorf("the refusal carries %+v, want the first edit", now)
	}
	m := h.read(t, c.ID).Measures[0]
	tenantstest.Must(h.cases.EditMeasure(t.Context(), h.liaison, c.ID, m.ID, m.Version, rectification.MeasureEdit{Progress: &first}))(t)
	_, err = h.cases.EditMeasure(t.Context(), h.head, c.ID, m.ID, m.Version, rectification.MeasureEdit{Progress: &second})
	tenantstest.Wants(t, err, inspection.Stale, "rectification.stale")
	if got := h.read(t, c.ID); got.Progress != first || got.Measures[0].Progress != first {
		t.Errorf("the first edits were lost: %q, %q", got.Progress, got.Measures[0].Progress)
	}
}

// TestReset returns a case while its unit edits it: the unit learns who did it.
func TestReset(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.reviewed(t, rectification.Refuse)
	tenantstest.Must(h.cases.Return(t.Context(), h.off, c.ID, c.Version,
		rectification.Returning{Reasons: []rectification.Reason{rectification.Vague}, Letter: "请补充。"}))(t)
	_, err := h.cases.Accept(t.Context(), h.dir, c.ID, c.Version, rectification.Accepting{})
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.wrong-state")
	if !strings.Contains(err.Error(), h.off.Name()+" 于 2026-11-20 10:00") {
		t.Errorf("%v does not say who and when", err)
	}
}

// current returns what a refusal says the row is now.
func current(err error) any {
	e, ok := errors.AsType[*inspection.Error](err)
	if !ok {
		return nil
	}
	return e.Current
}
