package extensions_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// newHouseBelow is a house whose city decides from the so-and-so-many-th time on.
func newHouseBelow(t *testing.T, from int) *house {
	t.Helper()
	h := newHouse(t)
	h.Root(`insert into policies (tenant_id, version, body) values ($1, 1, jsonb_build_object('extension_above_from', $2::int, 'extension_limit', 3))`,
		h.City[0].ID, from)
	return h
}

// forwarded returns a request that waits for the city.
func (h *house) forwarded(t *testing.T, a extensions.Asking, id inspection.FindingID) extensions.Request {
	t.Helper()
	r := h.signed(t, a, id)
	return tenantstest.Must(h.Forward(t.Context(), h.dir, r.ID, r.Version, "情况属实，拟同意。"))(t)
}

// carry does what the job does.
func (h *house) carry(t *testing.T) error {
	t.Helper()
	return h.CarryOutAll(t.Context(), tenants.ForJob(h.office, "test"))
}

// one returns the latest request of a case as somebody sees it.
func (h *house) one(t *testing.T, s tenants.Scope, id inspection.FindingID) extensions.Request {
	t.Helper()
	p := tenantstest.Must(h.Of(t.Context(), s, id))(t)
	if len(p.Requests) == 0 {
		t.Fatal("no requests")
	}
	return p.Requests[0]
}

// TestAbove goes the whole way: asked, signed, passed up, granted with an earlier day,
// carried out. The clock stands where it stood until the last step.
func TestAbove(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	ctx := t.Context()
	city := h.As(h.City[0], tenants.CITY)
	c, file := h.working(t)
	if p := tenantstest.Must(h.Of(ctx, h.liaison, c.ID))(t); p.Approver != h.City[0].Short {
		t.Errorf("the form says %q decides, want %q", p.Approver, h.City[0].Short)
	}
	r := h.signed(t, later(t, "2026-12-31", file), c.ID)
	if !r.Above || r.Decider != h.City[0].Short || r.Approver != tenants.CITY {
		t.Fatalf("request = %+v", r)
	}
	_, err := h.Approve(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Forbidden, "extension.wrong-side")
	_, err = h.Grant(ctx, city, r.ID, r.Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Conflict, "extension.wrong-state")
	for _, by := range []tenants.Scope{h.off, h.lg, h.head} {
		_, err = h.Forward(ctx, by, r.ID, r.Version, "拟同意")
		tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	}
	_, err = h.Forward(ctx, h.dir, r.ID, r.Version, " ")
	tenantstest.Wants(t, err, inspection.Invalid, "extension.invalid")
	r = tenantstest.Must(h.Forward(ctx, h.dir, r.ID, r.Version, "情况属实，拟同意。"))(t)
	if r.State != extensions.Forwarded || r.Opinion == "" || r.OpinionBy != h.dir.Name() || r.ForwardedAt == nil || len(r.Allowed) != 0 {
		t.Fatalf("passed up: %+v", r)
	}
	_, err = h.cases.Submit(ctx, h.liaison, c.ID, h.read(t, c.ID).Version, rectification.Handing{Statement: "已完成。"})
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.extending")
	_, err = h.Ask(ctx, h.liaison, c.ID, later(t, "2026-12-31", file))
	tenantstest.Wants(t, err, inspection.Conflict, "extension.open")

	// What the city needs to decide, and no more.
	seen := tenantstest.Must(h.RaisedOne(ctx, city, r.ID))(t)
	if seen.Problem != "理论学习走过场。" || seen.UnitName != "县水务局党组" || len(seen.Files) != 1 || seen.Files[0].Name != "施工合同.pdf" ||
		len(seen.Files[0].SHA256) != 64 || len(seen.Deadlines) != 2 || *seen.DueOn != *c.DueOn || len(seen.Allowed) != 2 || !seen.Intact {
		t.Errorf("the city sees %+v", seen)
	}
	far, past := tenantstest.Day(t, "2027-01-01"), tenantstest.Day(t, "2026-12-15")
	for _, day := range []inspection.Day{far, past} {
		_, err = h.Grant(ctx, city, r.ID, r.Version, extensions.Deciding{Note: "同意", UntilOn: &day})
		tenantstest.Wants(t, err, inspection.Invalid, "extension.invalid")
	}
	_, err = h.Grant(ctx, city, r.ID, r.Version-1, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Stale, "extension.stale")
	h.Clock = inspection.ClockAt(tenantstest.Now.Add(10 * time.Minute))
	_, err = h.Grant(ctx, city, r.ID, r.Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	h.Clock = inspection.ClockAt(tenantstest.Now)
	shorter := tenantstest.Day(t, "2026-12-25")
	granted := tenantstest.Must(h.Grant(ctx, city, r.ID, r.Version, extensions.Deciding{Note: "同意，从紧安排。", UntilOn: &shorter}))(t)
	if granted.State != extensions.Granted || *granted.GrantedOn != shorter || granted.EndedBy != city.Name() {
		t.Errorf("granted: %+v", granted)
	}
	if got := h.read(t, c.ID); *got.DueOn != *c.DueOn || got.DueVersion != c.DueVersion {
		t.Errorf("before it is carried out: due %v v%d", got.DueOn, got.DueVersion)
	}
	_, err = h.Withdraw(ctx, h.liaison, r.ID, granted.Version, "不再需要")
	tenantstest.Wants(t, err, inspection.Conflict, "extension.wrong-state")
	_, err = h.Deny(ctx, city, r.ID, granted.Version, "改主意了")
	tenantstest.Wants(t, err, inspection.Conflict, "extension.wrong-state")
	if err := h.carry(t); err != nil {
		t.Fatal(err)
	}
	if got := h.read(t, c.ID); *got.DueOn != shorter || got.DueVersion != c.DueVersion+1 || len(got.Flags) > 0 {
		t.Errorf("carried out: due %v v%d, flags %v", got.DueOn, got.DueVersion, got.Flags)
	}
	if p := tenantstest.Must(h.Of(ctx, h.liaison, c.ID))(t); p.Deadlines[2].ByName != h.City[0].Short+" "+city.Name() {
		t.Errorf("the clock's history says %q moved it", p.Deadlines[2].ByName)
	}
	for who, s := range map[string]tenants.Scope{"the unit": h.liaison, "the office": h.dir} {
		if got := h.one(t, s, c.ID); got.State != extensions.Approved || got.Note != "同意，从紧安排。" || *got.GrantedOn != shorter || len(got.Allowed) != 0 {
			t.Errorf("%s sees %+v", who, got)
		}
	}
	// Both offices have the decision in their journals, the county its own steps as well.
	for office, want := range map[tenants.ID]map[string]int{
		h.office.ID:  {"extension.forward": 1, "extension.grant": 1, "extension.carry-out": 1, "extension.read-above": 1},
		h.City[0].ID: {"extension.forward": 0, "extension.grant": 1, "extension.carry-out": 0, "extension.read-above": 0},
	} {
		for action, n := range want {
			if got := tenantstest.RootValue[int](h.House, `select count(*) from journal where tenant_id = $1 and action = $2`, office, action); got != n {
				t.Errorf("%d entries of %s in the journal of %d, want %d", got, action, office, n)
			}
		}
	}
}

// TestAboveOnce: what was decided is carried out once, whoever tries how often and how
// many at a time, and a try that ends before its commit leaves nothing.
func TestAboveOnce(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	city := h.As(h.City[0], tenants.CITY)
	c, file := h.working(t)
	queued := 0
	h.Enqueue = func(_ context.Context, _ *tenants.Tx, office string, _ inspection.ExtensionID) error {
		if queued++; office != h.office.Slug {
			t.Errorf("a job for %s", office)
		}
		return nil
	}
	r := h.forwarded(t, later(t, "2026-12-31", file), c.ID)
	r = tenantstest.Must(h.Grant(t.Context(), city, r.ID, r.Version, extensions.Deciding{Note: "同意"}))(t)
	if queued != 1 {
		t.Errorf("%d jobs, want 1", queued)
	}
	job := tenants.ForJob(h.office, "test")
	killed := inspection.Errorf(inspection.Unavailable, "killed", "")
	err := h.db().In(t.Context(), job, func(tx *tenants.Tx) error {
		if err := h.CarryOut(t.Context(), tx, r.ID); err != nil {
			return err
		}
		return killed
	})
	tenantstest.Wants(t, err, inspection.Unavailable, "killed")
	if got := h.read(t, c.ID); got.DueVersion != c.DueVersion || h.one(t, h.dir, c.ID).State != extensions.Granted {
		t.Errorf("killed before its commit: v%d", got.DueVersion)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			err := h.db().In(t.Context(), job, func(tx *tenants.Tx) error { return h.CarryOut(t.Context(), tx, r.ID) })
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := h.carry(t); err != nil {
		t.Error(err)
	}
	if got := h.read(t, c.ID); got.DueVersion != c.DueVersion+1 {
		t.Errorf("the deadline moved to version %d, want %d", got.DueVersion, c.DueVersion+1)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where action = 'extension.carry-out'`); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

// TestAboveRaces: the unit takes back what the city decides at the same moment, in either
// order: who comes first has it, the other learns what happened, and the case agrees with
// it. A third party holds the row until both wait for it, so that neither has seen what the
// other does.
func TestAboveRaces(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	city := h.As(h.City[0], tenants.CITY)
	for _, order := range [][2]string{{"withdraw", "grant"}, {"grant", "withdraw"}} {
		c, file := h.working(t)
		r := h.forwarded(t, later(t, "2026-12-31", file), c.ID)
		acts := map[string]func() error{
			"withdraw": func() error {
				_, err := h.Withdraw(t.Context(), h.liaison, r.ID, r.Version, "已能按期完成")
				return err
			},
			"grant": func() error {
				_, err := h.Grant(t.Context(), city, r.ID, r.Version, extensions.Deciding{Note: "同意"})
				return err
			},
		}
		h.Root(`begin`)
		h.Root(`select from extensions where id = $1 for update`, r.ID)
		var came [2]chan error
		for i, name := range order {
			came[i] = make(chan error, 1)
			go func() { came[i] <- acts[name]() }()
			h.waiting(t, i+1)
		}
		h.Root(`commit`)
		if err := <-came[0]; err != nil {
			t.Fatalf("%s comes first: %v", order[0], err)
		}
		tenantstest.Wants(t, <-came[1], inspection.Conflict, "extension.wrong-state")
		if err := h.carry(t); err != nil {
			t.Fatal(err)
		}
		got, moved := h.read(t, c.ID), c.DueVersion
		if order[0] == "grant" {
			moved++
		}
		if got.DueVersion != moved || len(got.Flags) > 0 {
			t.Errorf("%s first: v%d flags %v, want v%d", order[0], got.DueVersion, got.Flags, moved)
		}
	}
}

// waiting returns when so many wait for a row.
func (h *house) waiting(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		h.Root(`select pg_stat_clear_snapshot()`)
		if tenantstest.RootValue[int](h.House, `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == n {
			return
		}
	}
	t.Fatalf("there are never %d who wait", n)
}

// TestAboveDenied: refused above, the day stays, and another may be asked for.
func TestAboveDenied(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	city := h.As(h.City[0], tenants.CITY)
	c, file := h.working(t)
	r := h.forwarded(t, later(t, "2026-12-31", file), c.ID)
	_, err := h.Deny(t.Context(), city, r.ID, r.Version, " ")
	tenantstest.Wants(t, err, inspection.Invalid, "extension.invalid")
	tenantstest.Must(h.Deny(t.Context(), city, r.ID, r.Version, "工期可以赶上"))(t)
	if err := h.carry(t); err != nil {
		t.Fatal(err)
	}
	if got := h.read(t, c.ID); *got.DueOn != *c.DueOn || len(got.Flags) > 0 || h.one(t, h.head, c.ID).State != extensions.Refused {
		t.Errorf("refused: due %v, flags %v", got.DueOn, got.Flags)
	}
	r = h.forwarded(t, later(t, "2026-12-31", file), c.ID)
	tenantstest.Must(h.Withdraw(t.Context(), h.liaison, r.ID, r.Version, "已能按期完成"))(t)
	_, err = h.Grant(t.Context(), city, r.ID, r.Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Conflict, "extension.wrong-state")
}

// TestAboveOvertaken: between the decision and the job the office gave the item a later
// day, or it came to need none: nothing moves, and the request says why.
func TestAboveOvertaken(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	city := h.As(h.City[0], tenants.CITY)
	for name, overtake := range map[string]func(c rectification.Case){
		"a later day": func(c rectification.Case) {
			tenantstest.Must(h.cases.SetDue(t.Context(), h.off, c.ID, h.read(t, c.ID).Version, rectification.DueChange{DueOn: tenantstest.Day(t, "2027-01-10"), Reason: "统一调整"}))(t)
		},
		"handed in": func(c rectification.Case) {
			h.Root(`update rectifications set state = 'submitted' where finding_id = $1`, c.ID)
		},
	} {
		c, file := h.working(t)
		r := h.forwarded(t, later(t, "2026-12-31", file), c.ID)
		tenantstest.Must(h.Grant(t.Context(), city, r.ID, r.Version, extensions.Deciding{Note: "同意"}))(t)
		overtake(c)
		before := h.read(t, c.ID)
		if err := h.carry(t); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := h.read(t, c.ID)
		if r = h.one(t, h.liaison, c.ID); r.State != extensions.Lapsed || r.Lapse == "" || got.DueVersion != before.DueVersion || len(got.Flags) > 0 {
			t.Errorf("%s: %s %q, due %v v%d, flags %v", name, r.State, r.Lapse, got.DueOn, got.DueVersion, got.Flags)
		}
	}
	// After the deadline: a day that still lies ahead may be granted.
	c, file := h.working(t)
	r := h.forwarded(t, later(t, "2026-12-31", file), c.ID)
	h.Root(`update rectifications set due_on = '2026-10-01' where finding_id = $1`, c.ID)
	tenantstest.Must(h.Grant(t.Context(), city, r.ID, r.Version, extensions.Deciding{Note: "同意"}))(t)
	if err := h.carry(t); err != nil || *h.read(t, c.ID).DueOn != tenantstest.Day(t, "2026-12-31") {
		t.Errorf("late: %v, due %v", err, h.read(t, c.ID).DueOn)
	}
	// The day asked for has come: it is too late to grant it, not to refuse it.
	c, file = h.working(t)
	r = h.forwarded(t, later(t, "2026-12-31", file), c.ID)
	h.Root(`update rectifications set due_on = '2027-01-10' where finding_id = $1`, c.ID)
	_, err := h.Grant(t.Context(), city, r.ID, r.Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Conflict, "extension.overtaken")
	tenantstest.Must(h.Deny(t.Context(), city, r.ID, r.Version, "期限已统一调整"))(t)
}

// TestAboveFromTheSecond: the first is decided by the own office, the second above; what
// is under way keeps its way when the policy changes. A long-term request counts, too.
func TestAboveFromTheSecond(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 2)
	c, file := h.working(t)
	r := h.signed(t, later(t, "2026-12-31", file), c.ID)
	if r.Above {
		t.Fatal("the first goes up")
	}
	tenantstest.Must(h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "同意"}))(t)
	r = h.signed(t, later(t, "2027-01-31", file), c.ID)
	if !r.Above {
		t.Fatal("the second stays")
	}
	h.Root(`update policies set body = body || '{"extension_above_from": 0}' where tenant_id = $1`, h.City[0].ID)
	if r = h.one(t, h.dir, c.ID); !r.Above || len(r.Allowed) != 1 || r.Allowed[0] != extensions.Forward {
		t.Errorf("after the policy changed: %+v", r)
	}
	_, err := h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Forbidden, "extension.wrong-side")
	tenantstest.Must(h.Forward(t.Context(), h.dir, r.ID, r.Version, "拟同意"))(t)

	long, other := h.working(t)
	ask := extensions.Asking{Kind: extensions.LongTerm, UntilOn: tenantstest.Day(t, "2027-03-31"), Reason: "需随规划分期推进。", Evidence: []inspection.EvidenceID{other}}
	if r := h.signed(t, ask, long.ID); r.Above {
		t.Error("a policy of 0 sends it up")
	}
}

// TestAboveLongTerm: granted above, the case comes back on the day.
func TestAboveLongTerm(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	c, file := h.working(t)
	ask := extensions.Asking{Kind: extensions.LongTerm, UntilOn: tenantstest.Day(t, "2027-03-31"), Reason: "需随规划分期推进。", Evidence: []inspection.EvidenceID{file}}
	r := h.forwarded(t, ask, c.ID)
	tenantstest.Must(h.Grant(t.Context(), h.As(h.City[0], tenants.CITY), r.ID, r.Version, extensions.Deciding{Note: "同意分期推进"}))(t)
	if err := h.carry(t); err != nil {
		t.Fatal(err)
	}
	if got := h.read(t, c.ID); got.State != rectification.LongTerm || got.ReviewOn == nil || *got.ReviewOn != ask.UntilOn || len(got.Flags) > 0 {
		t.Errorf("case is %s until %v, flags %v", got.State, got.ReviewOn, got.Flags)
	}
}

// TestAnyRaised: the list of what was passed up is for those whose policy sends something
// above, and stays for those that it once sent something between.
func TestAnyRaised(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	c, file := h.working(t)
	city, otherCity, otherCounty := h.As(h.City[0], tenants.CITY), h.As(h.City[1], tenants.CITY), h.As(h.County[0][1], tenants.DIR)
	wants := func(when string, who map[tenants.Scope]bool) {
		t.Helper()
		for s, want := range who {
			if got := tenantstest.Must(h.AnyRaised(t.Context(), s))(t); got != want {
				t.Errorf("%s: %s of %s: %t, want %t", when, s.Role(), s.Office().Slug, got, want)
			}
		}
	}
	wants("by the policy", map[tenants.Scope]bool{h.dir: true, city: true, otherCounty: true, otherCity: false})
	h.forwarded(t, later(t, "2026-12-31", file), c.ID)
	h.Root(`insert into policies (tenant_id, version, body) values ($1, 2, '{"extension_above_from": 0}')`, h.City[0].ID)
	wants("after the policy", map[tenants.Scope]bool{h.dir: true, city: true, otherCounty: false, otherCity: false})
}

// TestAboveIsolation: who sees what was passed up, who may decide it, and which columns
// are whose: each refusal beside somebody who may.
func TestAboveIsolation(t *testing.T) {
	t.Parallel()
	h := newHouseBelow(t, 1)
	ctx := t.Context()
	c, file := h.working(t)
	signed := h.signed(t, later(t, "2026-12-31", file), c.ID)
	city := h.As(h.City[0], tenants.CITY)
	strangers := map[string]tenants.Scope{
		"another city": h.As(h.City[1], tenants.CITY), "another county": h.As(h.County[0][1], tenants.DIR),
		"the province": h.As(h.Province, tenants.PROV),
		"a unit":       h.As(h.office, tenants.HEAD, h.Unit(h.office, "县教育局党组")),
	}
	sees := func(when string, want int) {
		t.Helper()
		for who, s := range map[string]tenants.Scope{"the city": city, "the county": h.dir} {
			p := tenantstest.Must(h.Raised(ctx, s, "", 10))(t)
			if len(p.Items) != want || p.Total != want {
				t.Errorf("%s: %s sees %d of %d, want %d", when, who, len(p.Items), p.Total, want)
			}
		}
		for who, s := range strangers {
			if p := tenantstest.Must(h.Raised(ctx, s, "", 10))(t); len(p.Items) != 0 || p.Total != 0 {
				t.Errorf("%s: %s sees %d", when, who, p.Total)
			}
		}
	}
	sees("only signed", 0)
	r := tenantstest.Must(h.Forward(ctx, h.dir, signed.ID, signed.Version, "拟同意"))(t)
	sees("passed up", 1)
	for who, s := range strangers {
		if _, err := h.RaisedOne(ctx, s, r.ID); inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s opens it: %v", who, err)
		}
		_, granting := h.Grant(ctx, s, r.ID, r.Version, extensions.Deciding{Note: "同意"})
		_, denying := h.Deny(ctx, s, r.ID, r.Version, "不同意")
		if inspection.KindOf(granting) != inspection.NotFound && inspection.KindOf(granting) != inspection.Forbidden ||
			inspection.KindOf(denying) != inspection.KindOf(granting) {
			t.Errorf("%s decides: %v, %v", who, granting, denying)
		}
	}
	_, err := h.Grant(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "同意"})
	tenantstest.Wants(t, err, inspection.Forbidden, "extension.wrong-side")
	tenantstest.Must(h.RaisedOne(ctx, city, r.ID))(t)
	for who, want := range map[*tenants.Scope]int{&city: 1, &h.dir: 0, &h.lg: 0} {
		h.Do(h.db(), who.Wide(), func(tx *tenants.Tx) error {
			tasks, err := h.RaisedTasks(ctx, tx)
			if len(tasks) != want {
				t.Errorf("%s has %d to decide, want %d", who.Role(), len(tasks), want)
			}
			return err
		})
	}

	// Past all Go: each side changes its own part alone, and neither says it for the other.
	try := func(s tenants.Scope, set string, want bool) {
		t.Helper()
		undo := inspection.Errorf(inspection.Conflict, "undo", "")
		err := h.db().In(ctx, s.Wide(), func(tx *tenants.Tx) error {
			tag, err := tx.Exec(ctx, `update extensions set `+set+` where id = $1`, r.ID)
			if err == nil && tag.RowsAffected() == 0 {
				return inspection.Errorf(inspection.NotFound, "none", "")
			}
			if err != nil {
				return err
			}
			return undo
		})
		if (inspection.CodeOf(err) == "undo") != want {
			t.Errorf("%s of %s: %s: %v, want allowed %t", s.Role(), s.Office().Slug, set, err, want)
		}
	}
	const grant = `state = 'granted', granted_on = until_on, decided_at = now()`
	try(city, grant, true)
	try(city, grant+`, note = '同意', ended_by = 'x', ended_at = now()`, true)
	try(city, grant+`, opinion = 'x'`, false)
	try(city, grant+`, until_on = until_on - 1`, false)
	try(city, grant+`, reason = 'x'`, false)
	try(city, grant+`, content = 'x'`, false)
	try(city, `state = 'denied', decided_at = now()`, true)
	try(city, `state = 'approved', granted_on = until_on, decided_at = now()`, false)
	try(city, `note = 'x'`, false)
	try(h.dir, `opinion = 'x'`, true)
	try(h.dir, `granted_on = until_on`, false)
	try(h.dir, grant, false)
	try(h.dir, `state = 'approved'`, false)
	try(h.dir, `state = 'approved', granted_on = until_on, decided_at = now()`, false)
	try(h.head, `state = 'withdrawn'`, true)
	try(h.head, `opinion = 'x'`, false)
	try(h.head, `decided_at = now()`, false)
	for _, s := range strangers {
		try(s, grant, false)
		try(s, `note = 'x'`, false)
	}
	tenantstest.Must(h.Grant(ctx, city, r.ID, r.Version, extensions.Deciding{Note: "同意"}))(t)
	try(city, `note = 'x'`, false)
	try(h.dir, `state = 'refused'`, false)
	try(h.dir, `state = 'approved'`, true)

	// Nobody asks in a way by which a stranger decides.
	ask := func(decider tenants.ID, want bool) {
		t.Helper()
		err := h.db().In(ctx, h.liaison, func(tx *tenants.Tx) error {
			_, err := tx.Exec(ctx, `
				insert into extensions (id, finding_id, unit_id, n, kind, state, until_on, reason, approver, decider, by_id, by_name, at)
				select gen_random_uuid(), finding_id, unit_id, n + 1, kind, 'asked', until_on, reason, approver, $2, by_id, by_name, at
				from extensions where id = $1`, r.ID, decider)
			return err
		})
		if (err == nil) != want {
			t.Errorf("a request that %d decides: %v, want allowed %t", decider, err, want)
		}
	}
	ask(h.City[1].ID, false)
	ask(h.Province.ID, false)
	ask(h.County[0][1].ID, false)
	h.Root(`update extensions set state = 'approved' where id = $1`, r.ID)
	ask(h.City[0].ID, true)
}
