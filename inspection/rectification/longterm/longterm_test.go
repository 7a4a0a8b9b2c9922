package longterm_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"gocloud.dev/blob/memblob"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/longterm"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with a long-term case that came back yesterday, and the
// people around it.
type house struct {
	*tenantstest.House
	s      *longterm.Service
	cases  *rectification.Service
	office tenants.Tenant
	unit   inspection.UnitID
	id     inspection.FindingID
	file   inspection.EvidenceID
	today  inspection.Day

	head, off, dir, disc tenants.Scope
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	clock := inspection.ClockAt(tenantstest.Now)
	h.cases = &rectification.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Files: files.NewStore(bucket)}
	h.s = &longterm.Service{DB: h.DB, Clock: clock, Cases: h.cases}
	h.office, h.today = h.County[0][0], clock.Today()
	h.unit = h.Unit(h.office, "县水务局党组")
	h.head = h.As(h.office, tenants.HEAD, h.unit)
	h.off, h.dir, h.disc = h.As(h.office, tenants.OFF), h.As(h.office, tenants.DIR), h.As(h.office, tenants.DISC)
	round := h.Round(h.office)
	h.id = inspection.NewID[inspection.FindingID]()
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, feedback_on, issued_at)
		values ($1, $2, 'QY-06-02-001', $3, $4, 1, 1, '干部队伍老化。', '2026-01-10', '2026-01-10')`, h.office.ID, h.id, round, h.unit)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, kind, due_on, review_on, issued_at)
		values ($1, $2, $3, 'long-term', 'long', '2026-04-10', $4::date, '2026-01-10')`, h.office.ID, h.id, h.unit, h.today-1)
	content := []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n")
	u := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.head, h.id, rectification.Uploading{Name: "阶段报告.pdf", Size: int64(len(content)), NotSecret: true}))(t)
	tenantstest.Must(h.cases.Receive(t.Context(), h.head, u.ID, 0, bytes.NewReader(content)))(t)
	h.file = tenantstest.Must(h.cases.Complete(t.Context(), h.head, u.ID))(t).ID
	return h
}

// on proposes that the case goes on for 90 days.
func (h *house) on() longterm.Proposing {
	return longterm.Proposing{
		Outcome: longterm.Continue, UntilOn: new(h.today + 90), Reason: "已招录 3 人，编制批复未下达。", Evidence: []inspection.EvidenceID{h.file},
	}
}

func (h *house) read(t *testing.T) rectification.Case {
	t.Helper()
	return tenantstest.Must(h.cases.Read(t.Context(), h.off, h.id))(t).Case
}

// verbs are what somebody has to do, in both rooms.
func (h *house) verbs(t *testing.T, who tenants.Scope) (verbs []string) {
	t.Helper()
	h.Do(h.DB, who, func(tx *tenants.Tx) error {
		for _, ask := range []func() ([]inspection.Task, error){
			func() ([]inspection.Task, error) { return h.cases.Tasks(t.Context(), tx) },
			func() ([]inspection.Task, error) { return h.s.Tasks(t.Context(), tx) },
		} {
			tasks, err := ask()
			if err != nil {
				return err
			}
			for _, task := range tasks {
				verbs = append(verbs, task.Verb)
			}
		}
		return nil
	})
	return verbs
}

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, longterm.Reviews(), "long_reviews_state", "testdata/long-review.mmd")
	tenantstest.Knows(h, "long_reviews_outcome", longterm.Outcomes()...)
}

// TestContinue: the item came back as a task; the office proposes, the other party
// agrees, and only then does it go on, with the day in the history of its clock.
func TestContinue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	if got := h.verbs(t, h.off); !slices.Equal(got, []string{"复核"}) {
		t.Errorf("the office has to %v", got)
	}
	before := h.read(t)
	r := tenantstest.Must(h.s.Propose(ctx, h.off, h.id, h.on()))(t)
	if r.State != longterm.Proposed || !slices.Equal(r.Waiting, []string{"纪委监委"}) {
		t.Errorf("proposed: %s, waiting for %v", r.State, r.Waiting)
	}
	if got := h.read(t); *got.ReviewOn != h.today-1 || got.Version != before.Version {
		t.Errorf("proposed, and it comes back on %s", got.ReviewOn)
	}
	if got := h.verbs(t, h.disc); !slices.Equal(got, []string{"会审"}) {
		t.Errorf("the commission has to %v", got)
	}
	_, err := h.s.Propose(ctx, h.dir, h.id, h.on())
	tenantstest.Wants(t, err, inspection.Conflict, "long-review.open")
	_, err = h.s.Agree(ctx, h.off, r.ID, r.Version, "")
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	_, err = h.s.Agree(ctx, h.disc, r.ID, r.Version+1, "")
	tenantstest.Wants(t, err, inspection.Stale, "long-review.stale")
	if p := tenantstest.Must(h.s.Of(ctx, h.head, h.id))(t); len(p.Reviews) != 0 {
		t.Errorf("the unit sees %d proposals", len(p.Reviews))
	}
	done := tenantstest.Must(h.s.Agree(ctx, h.disc, r.ID, r.Version, "情况属实"))(t)
	got := h.read(t)
	if done.State != longterm.Settled || got.State != rectification.LongTerm || *got.ReviewOn != h.today+90 || got.DueVersion != before.DueVersion+1 {
		t.Errorf("settled: %s, case %s comes back on %s", done.State, got.State, got.ReviewOn)
	}
	if left := h.verbs(t, h.off); len(left) != 0 {
		t.Errorf("the office still has to %v", left)
	}
	p := tenantstest.Must(h.s.Of(ctx, h.head, h.id))(t)
	if len(p.Reviews) != 1 || p.Reviews[0].Reason != h.on().Reason || p.Propose {
		t.Errorf("the unit sees %+v", p.Reviews)
	}
	h.Do(h.DB, h.head, func(tx *tenants.Tx) error {
		ds, err := rectification.Deadlines(ctx, tx, h.id)
		if last := ds[len(ds)-1]; last.ReviewOn == nil || *last.ReviewOn != h.today+90 || last.Called != "长期整改" || !strings.Contains(last.Note, "继续长期") {
			t.Errorf("the clock's history ends with %+v", last)
		}
		return err
	})
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where object_id = $1 and action like 'long-review.%' and unit_id is not null`, h.id); n != 1 {
		t.Errorf("the unit reads %d entries, want the outcome alone", n)
	}
}

// TestOutcomes: back to work with a second clock, done, an objection, and what is refused.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	for name, p := range map[string]longterm.Proposing{
		"past":     {Outcome: longterm.Continue, UntilOn: new(h.today), Reason: "x", Evidence: []inspection.EvidenceID{h.file}},
		"too far":  {Outcome: longterm.Continue, UntilOn: new(h.today + 400), Reason: "x", Evidence: []inspection.EvidenceID{h.file}},
		"no day":   {Outcome: longterm.Resume, Reason: "x"},
		"no file":  {Outcome: longterm.Done, Reason: "x"},
		"a day":    {Outcome: longterm.Done, UntilOn: new(h.today + 9), Reason: "x", Evidence: []inspection.EvidenceID{h.file}},
		"no words": {Outcome: longterm.Done, Reason: " ", Evidence: []inspection.EvidenceID{h.file}},
		"foreign":  {Outcome: longterm.Done, Reason: "x", Evidence: []inspection.EvidenceID{inspection.NewID[inspection.EvidenceID]()}},
	} {
		if _, err := h.s.Propose(ctx, h.off, h.id, p); inspection.CodeOf(err) != "long-review.invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := h.s.Propose(ctx, h.head, h.id, h.on())
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")

	r := tenantstest.Must(h.s.Propose(ctx, h.off, h.id, h.on()))(t)
	_, err = h.s.Object(ctx, h.disc, r.ID, r.Version, " ")
	tenantstest.Wants(t, err, inspection.Invalid, "long-review.invalid")
	if r = tenantstest.Must(h.s.Object(ctx, h.disc, r.ID, r.Version, "成效不明显，应转回整改"))(t); r.State != longterm.Objected || h.read(t).State != rectification.LongTerm {
		t.Errorf("objected: %s", r.State)
	}
	r = tenantstest.Must(h.s.Propose(ctx, h.off, h.id, h.on()))(t)
	r = tenantstest.Must(h.s.Withdraw(ctx, h.dir, r.ID, r.Version, "改为转回整改"))(t)
	// The director proposes: both parties of the policy must agree.
	r = tenantstest.Must(h.s.Propose(ctx, h.dir, h.id, longterm.Proposing{Outcome: longterm.Resume, UntilOn: new(h.today + 60), Reason: "成效不明显"}))(t)
	r = tenantstest.Must(h.s.Agree(ctx, h.disc, r.ID, r.Version, ""))(t)
	if r.State != longterm.Proposed {
		t.Errorf("one of two agrees: %s", r.State)
	}
	h.Root(`insert into reminder_holds (tenant_id, finding_id, seq, unit_id, from_at, reason, held_by)
		select tenant_id, finding_id, 1, unit_id, now(), '等待判决', '某' from rectifications where finding_id = $1`, h.id)
	h.Root(`update rectifications set hold_reason = '等待判决' where finding_id = $1`, h.id)
	r = tenantstest.Must(h.s.Agree(ctx, h.off, r.ID, r.Version, ""))(t)
	if c := h.read(t); r.State != longterm.Settled || c.State != rectification.Working || *c.DueOn != h.today+60 || c.ReviewOn != nil {
		t.Errorf("back to work: %s, %s until %s", r.State, c.State, c.DueOn)
	}
	if held := tenantstest.RootValue[string](h.House, `
		select r.hold_reason || count(h.from_at) from rectifications r
		left join reminder_holds h on h.finding_id = r.finding_id and h.until_at is null
		where r.finding_id = $1 group by r.hold_reason`, h.id); held != "0" {
		t.Errorf("back to work, and its reminders are still held: %q", held)
	}
	_, err = h.s.Propose(ctx, h.off, h.id, h.on())
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.wrong-state")

	h.Root(`update rectifications set state = 'long-term', review_on = '2026-11-19', due_on = '2026-04-10' where finding_id = $1`, h.id)
	r = tenantstest.Must(h.s.Propose(ctx, h.off, h.id, longterm.Proposing{Outcome: longterm.Done, Reason: "编制已批复，人员到位", Evidence: []inspection.EvidenceID{h.file}}))(t)
	tenantstest.Must(h.s.Agree(ctx, h.disc, r.ID, r.Version, ""))(t)
	if c := h.read(t); c.State != rectification.Closed || c.ClosedOn == nil || *c.ClosedOn != h.today {
		t.Errorf("done: %s on %v", c.State, c.ClosedOn)
	}
	if c := h.read(t); *c.DueOn < *c.ClosedOn {
		t.Errorf("closed on %s by its review, and late since %s", c.ClosedOn, c.DueOn)
	}
	c := h.read(t)
	tenantstest.Must(h.cases.Reopen(ctx, h.dir, h.id, c.Version, rectification.Reopening{Reason: "现场核查为未改。", DueOn: h.today + 30}))(t)
	if was := tenantstest.RootValue[inspection.Day](h.House, `select was_closed_on from deadlines where finding_id = $1 and kind = 'reopen'`, h.id); was != h.today {
		t.Errorf("reopened, it was closed on %s", was)
	}
}

// TestIsolation: who sees a review and who does not, each refusal beside somebody who
// may; and past all Go, a unit writes nothing.
func TestIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	below := tenantstest.Must(h.As(h.City[0], tenants.CITY).Below(h.office))(t)
	sibling, otherUnit := h.As(h.County[0][1], tenants.DIR), h.As(h.office, tenants.HEAD, h.Unit(h.office, "县教育局党组"))
	sees := func(when string, s tenants.Scope, want int) {
		t.Helper()
		p, err := h.s.Of(ctx, s, h.id)
		if want < 0 && inspection.KindOf(err) == inspection.NotFound {
			return
		}
		if err != nil || len(p.Reviews) != want {
			t.Errorf("%s: %s of %s sees %d reviews, %v; want %d", when, s.Role(), s.Office().Slug, len(p.Reviews), err, want)
		}
	}
	r := tenantstest.Must(h.s.Propose(ctx, h.off, h.id, h.on()))(t)
	for s, want := range map[*tenants.Scope]int{&h.off: 1, &h.disc: 1, &h.head: 0, &below: 0, &sibling: -1, &otherUnit: -1} {
		sees("proposed", *s, want)
	}
	_, err := h.s.Agree(ctx, h.As(h.County[0][1], tenants.DISC), r.ID, r.Version, "")
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	try := func(s tenants.Scope, sql string, want bool) {
		t.Helper()
		err := h.In(ctx, s, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(ctx, sql, r.ID)
			if err == nil && tag.RowsAffected() == 0 {
				return inspection.Errorf(inspection.NotFound, "none", "")
			}
			return err
		})
		if (err == nil) != want {
			t.Errorf("%s: %s: %v, want allowed %t", s.Role(), sql, err, want)
		}
	}
	try(h.head, `update long_reviews set note = 'x' where id = $1`, false)
	try(h.off, `update long_reviews set note = 'x' where id = $1`, true)
	try(h.head, `select from long_opinions where review_id = $1`, false)
	try(h.disc, `select from long_opinions where review_id = $1`, true)
	tenantstest.Must(h.s.Agree(ctx, h.disc, r.ID, r.Version, ""))(t)
	for s, want := range map[*tenants.Scope]int{&h.head: 1, &below: 1, &sibling: -1, &otherUnit: -1} {
		sees("settled", *s, want)
	}
	try(h.off, `update long_opinions set agrees = false where review_id = $1`, false)
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where tenant_id = $1 and action = 'long-review.read-above'`, h.office.ID); n != 2 {
		t.Errorf("%d entries about the city's reading, want 2", n)
	}
}

// TestUnitThatReviews: a unit that is itself one of the parties has no say about its own
// item, so nobody waits for it. One that is the only party is told before anything begins.
func TestUnitThatReviews(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	h.Root(`update units set acts_as = 'DISC' where id = $1`, h.unit)
	if p := tenantstest.Must(h.s.Of(ctx, h.off, h.id))(t); p.Parties != tenants.OFF.Party() {
		t.Errorf("%s must agree", p.Parties)
	}
	r := tenantstest.Must(h.s.Propose(ctx, h.off, h.id, h.on()))(t)
	if !slices.Equal(r.Waiting, []string{"巡察办"}) || slices.Contains(r.Allowed, longterm.Agree) {
		t.Errorf("proposed: waiting for %v, may %v", r.Waiting, r.Allowed)
	}
	_, err := h.s.Agree(ctx, h.off, r.ID, r.Version, "") // one person is no joint review
	tenantstest.Wants(t, err, inspection.Forbidden, "long-review.own-proposal")
	r = tenantstest.Must(h.s.Agree(ctx, h.As(h.office, tenants.OFF), r.ID, r.Version, ""))(t)
	if got := h.read(t); r.State != longterm.Settled || *got.ReviewOn != h.today+90 {
		t.Errorf("agreed: %s of %v, comes back on %s", r.State, r.Parties, got.ReviewOn)
	}
	h.Root(`update rounds set policy = '{"review_parties": ["DISC"]}'`)
	_, err = h.s.Propose(ctx, h.off, h.id, h.on())
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.no-reviewers")
}

// TestTwoAuthorities: who holds the authority of two parties agrees for one of them.
func TestTwoAuthorities(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	grant := inspection.NewID[inspection.GrantID]()
	h.Root(`insert into grants (tenant_id, id, member_id, role, from_on) values ($1, $2, $3, 'DISC', '2026-01-01')`, h.office.ID, grant, h.off.Member())
	both := tenants.ForGrant(tenants.Acting{Office: h.office, Member: h.off.Member(), Grant: grant, Name: h.off.Name(), Role: tenants.DISC})
	r := tenantstest.Must(h.s.Propose(ctx, h.off, h.id, h.on()))(t)
	_, err := h.s.Agree(ctx, both, r.ID, r.Version, "")
	tenantstest.Wants(t, err, inspection.Forbidden, "long-review.second-party")
	if r = tenantstest.Must(h.s.Agree(ctx, h.disc, r.ID, r.Version, ""))(t); r.State != longterm.Settled {
		t.Errorf("agreed: %s", r.State)
	}
}

// TestOutdated: what was proposed before the item was handed in or moved does not take
// effect any more; it is taken back when the office proposes anew.
func TestOutdated(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	done := longterm.Proposing{Outcome: longterm.Done, Reason: "编制已批复", Evidence: []inspection.EvidenceID{h.file}}
	old := tenantstest.Must(h.s.Propose(ctx, h.off, h.id, done))(t)
	if old.Outdated {
		t.Error("proposed, and outdated")
	}
	// The unit hands it in meanwhile, and the joint review keeps it as a long-term item.
	h.Root(`update rectifications set submission = submission + 1, due_version = due_version + 1, review_on = '2027-05-20' where finding_id = $1`, h.id)
	_, err := h.s.Agree(ctx, h.disc, old.ID, old.Version, "")
	tenantstest.Wants(t, err, inspection.Conflict, "long-review.outdated")
	if c := h.read(t); c.State != rectification.LongTerm {
		t.Errorf("the old proposal takes effect: %s", c.State)
	}
	if got := h.verbs(t, h.disc); len(got) != 0 {
		t.Errorf("the commission has to %v", got)
	}
	p := tenantstest.Must(h.s.Of(ctx, h.disc, h.id))(t)
	if r := p.Reviews[0]; !r.Outdated || slices.Contains(r.Allowed, longterm.Agree) {
		t.Errorf("outdated %t, may %v", r.Outdated, r.Allowed)
	}
	if p := tenantstest.Must(h.s.Of(ctx, h.off, h.id))(t); !p.Propose {
		t.Error("the office cannot propose anew")
	}
	again := tenantstest.Must(h.s.Propose(ctx, h.off, h.id, h.on()))(t)
	tenantstest.Must(h.s.Agree(ctx, h.disc, again.ID, again.Version, ""))(t)
	p = tenantstest.Must(h.s.Of(ctx, h.off, h.id))(t)
	if states := []longterm.State{p.Reviews[0].State, p.Reviews[1].State}; !slices.Equal(states, []longterm.State{longterm.Settled, longterm.Withdrawn}) {
		t.Errorf("the item's reviews are %v", states)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where object_id = $1 and action = 'long-review.withdraw'`, h.id); n != 1 {
		t.Errorf("%d entries say that the old one was taken back", n)
	}
}

// TestNamedFileStays deletes a file that a proposal rests on.
func TestNamedFileStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	tenantstest.Must(h.s.Propose(t.Context(), h.off, h.id, h.on()))(t)
	tenantstest.Wants(t, h.cases.Withdraw(t.Context(), h.head, h.file), inspection.Conflict, "evidence.relied")
}
