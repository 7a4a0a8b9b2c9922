package samples_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/samples"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, samples.Items(), "sample_items_state", "testdata/sample.mmd")
	tenantstest.Knows(h, "sample_items_why", samples.Whys()...)
}

// TestDraw: what is in doubt and what was closed late is always drawn, of the rest half;
// what was closed on other days is not in the lot; and the county draws the same again
// from what its row says.
func TestDraw(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, _ := h.drawn(t)
	if len(one.Parts) != 2 || one.Counts != (samples.Counts{All: 4 + 2 + 3, Waiting: 9}) {
		t.Fatalf("drawn: %+v in %d parts", one.Counts, len(one.Parts))
	}
	seen := tenantstest.Must(h.s.Get(t.Context(), h.dir, one.ID))(t)
	if len(seen.Parts) != 1 || seen.Parts[0].Office != h.office.Slug || seen.Counts.All != 6 || seen.Seed != one.Seed {
		t.Fatalf("the county sees %+v", seen)
	}
	var lots, always []string
	for _, i := range seen.Items {
		if i.Office != h.office.Slug || i.Problem == "" || len(i.Allowed) != 0 {
			t.Errorf("the county sees %+v", i)
		}
		if i.Why == samples.Lot {
			lots = append(lots, i.Number)
		} else {
			always = append(always, i.Number+" "+string(i.Why))
		}
	}
	slices.Sort(lots)
	if diff := cmp.Diff(checks.Draw(seen.Seed, seen.Share, seen.Parts[0].Pool), lots); diff != "" || len(seen.Parts[0].Pool) != 7 {
		t.Errorf("drawn again from %d (-want +got):\n%s", len(seen.Parts[0].Pool), diff)
	}
	if diff := cmp.Diff([]string{h.office.Prefix + "-06-02-003 doubt", h.office.Prefix + "-06-02-005 late"}, always); diff != "" {
		t.Errorf("always drawn (-want +got):\n%s", diff)
	}
	// What one sample still looks at another leaves alone.
	again := tenantstest.Must(h.s.Draw(t.Context(), h.city, h.drawing(t)))(t)
	if again.Counts.All != 2+1 {
		t.Errorf("a second draw takes %d, want half of what the first left", again.Counts.All)
	}
	for office, n := range map[tenants.ID]int{h.City[0].ID: 2, h.office.ID: 2, h.sibling.ID: 2, h.City[1].ID: 0} {
		if got := h.entries(office, "sample.draw"); got != n {
			t.Errorf("%d entries of draws in the journal of %d, want %d", got, office, n)
		}
	}
	for name, change := range map[string]func(*samples.Drawing){
		"no name":              func(d *samples.Drawing) { d.Name = " " },
		"backwards":            func(d *samples.Drawing) { d.ClosedTo = d.ClosedFrom - 1 },
		"days to come":         func(d *samples.Drawing) { d.ClosedTo = h.s.Clock.Today() + 1 },
		"another city's":       func(d *samples.Drawing) { d.Offices = []string{h.County[1][0].Slug} },
		"itself":               func(d *samples.Drawing) { d.Offices = []string{h.City[0].Slug} },
		"days without closing": func(d *samples.Drawing) { d.ClosedFrom, d.ClosedTo = d.ClosedFrom-30, d.ClosedFrom-1 },
	} {
		d := h.drawing(t)
		change(&d)
		_, err := h.s.Draw(t.Context(), h.city, d)
		if inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := h.drawing(t)
	d.Offices = []string{h.City[0].Slug, h.office.Slug}
	_, err := h.s.Draw(t.Context(), h.As(h.Province, tenants.PROV), d)
	tenantstest.Wants(t, err, inspection.Invalid, "sample.invalid") // two levels below
	_, err = h.s.Draw(t.Context(), h.dir, h.drawing(t))
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	d = h.drawing(t)
	d.Share = 0
	if one := tenantstest.Must(h.s.Draw(t.Context(), h.city, d))(t); one.Share != 20 {
		t.Errorf("share %d, want the policy's", one.Share)
	}
}

// TestRefuted goes the whole way: drawn, read with a reason, refuted with facts, and
// reopened in the county under its old number.
func TestRefuted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	one, i := h.drawn(t)
	if i.Problem != "" || i.Finding != h.items[2] {
		t.Fatalf("before anybody gave a reason the city reads %+v", i)
	}
	due := tenantstest.Day(t, "2026-12-31")
	_, err := h.s.Refute(ctx, h.city, i.ID, i.Version, samples.Refuting{Fact: fact, DueOn: due})
	tenantstest.Wants(t, err, inspection.Conflict, "sample.unread")
	_, err = h.s.Confirm(ctx, h.city, i.ID, i.Version, fact)
	tenantstest.Wants(t, err, inspection.Conflict, "sample.unread")
	_, err = h.s.Look(ctx, h.city, i.ID, i.Version, " ")
	tenantstest.Wants(t, err, inspection.Invalid, "sample.invalid")
	i = tenantstest.Must(h.s.Look(ctx, h.city, i.ID, i.Version, "存疑事项抽查"))(t)
	if i.Problem == "" || i.LookedBy != h.city.Name() || len(i.Allowed) != 3 {
		t.Fatalf("looked: %+v", i)
	}
	said := tenantstest.RootValue[string](h.House, `select detail ->> 'text' from journal where tenant_id = $1 and action = 'sample.read-above' and object_id = $2`, h.office.ID, i.Finding)
	if said != "存疑事项抽查" {
		t.Errorf("the county's journal says %q", said)
	}
	looks := tenantstest.Must((&tenants.Looks{DB: h.DB}).List(ctx, h.dir, tenants.LookFilter{Limit: 10}))(t)
	if len(looks.Items) != 1 || looks.Items[0].Actor != h.city.Name() || looks.Items[0].Number != i.Number {
		t.Errorf("who of another level looked: %+v", looks.Items)
	}
	for what, r := range map[string]samples.Refuting{
		"no facts": {Fact: " ", DueOn: due}, "today": {Fact: fact, DueOn: h.s.Clock.Today()}, "far": {Fact: fact, DueOn: h.s.Clock.Today() + 9999},
	} {
		if _, err := h.s.Refute(ctx, h.city, i.ID, i.Version, r); inspection.CodeOf(err) != "sample.invalid" {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = h.s.Refute(ctx, h.city, i.ID, i.Version-1, samples.Refuting{Fact: fact, DueOn: due})
	tenantstest.Wants(t, err, inspection.Stale, "sample.stale")
	h.s.Clock = inspection.ClockAt(tenantstest.Now.Add(10 * time.Minute))
	_, err = h.s.Refute(ctx, h.city, i.ID, i.Version, samples.Refuting{Fact: fact, DueOn: due})
	tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	h.s.Clock = inspection.ClockAt(tenantstest.Now)
	i = tenantstest.Must(h.s.Refute(ctx, h.city, i.ID, i.Version, samples.Refuting{Fact: fact, DueOn: due}))(t)
	if i.State != samples.Refuted || len(i.Allowed) != 0 || h.read(t, i.Finding).State != rectification.Closed {
		t.Fatalf("refuted: %+v", i)
	}
	_, err = h.s.Confirm(ctx, h.city, i.ID, i.Version, fact)
	tenantstest.Wants(t, err, inspection.Conflict, "sample.wrong-state")
	if err := h.s.CarryOutAll(ctx, tenants.ForJob(h.office, "test")); err != nil {
		t.Fatal(err)
	}
	c := h.read(t, i.Finding)
	if c.State != rectification.Working || *c.DueOn != due || c.ClosedOn != nil || !slices.Contains(c.Flags, rectification.Reopened) {
		t.Errorf("the county's item is %s until %v, flags %v", c.State, c.DueOn, c.Flags)
	}
	by := tenantstest.RootValue[string](h.House, `select by_name from deadlines where finding_id = $1 order by version desc limit 1`, i.Finding)
	if by != i.Issuer+" "+h.city.Name() {
		t.Errorf("the clock's history says %q moved it", by)
	}
	for who, s := range map[string]tenants.Scope{"the county": h.dir, "the city": h.city} {
		of := tenantstest.Must(h.s.Of(ctx, s, i.Finding))(t)
		if len(of) != 1 || of[0].State != samples.Reopened || of[0].Fact != fact || of[0].CarriedAt == nil {
			t.Errorf("%s sees %+v", who, of)
		}
	}
	if got := tenantstest.Must(h.s.Get(ctx, h.city, one.ID))(t).Counts; got != (samples.Counts{All: 9, Waiting: 8, Refuted: 1}) {
		t.Errorf("the sample counts %+v", got)
	}
	for action, want := range map[string][2]int{
		"sample.look": {1, 0}, "sample.read-above": {0, 1}, "sample.refute": {1, 1}, "sample.carry-out": {0, 1}, "rectification.reopen": {0, 1},
	} {
		if got := [2]int{h.entries(h.City[0].ID, action), h.entries(h.office.ID, action)}; got != want {
			t.Errorf("%s: %v entries in the city and the county, want %v", action, got, want)
		}
	}
}

// TestConfirmed leaves the item as it is, and it may be drawn again.
func TestConfirmed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	i := h.looked(t)
	i = tenantstest.Must(h.s.Confirm(t.Context(), h.city, i.ID, i.Version, "现场与台账一致。"))(t)
	if err := h.s.CarryOutAll(t.Context(), tenants.ForJob(h.office, "test")); err != nil {
		t.Fatal(err)
	}
	if c := h.read(t, i.Finding); i.State != samples.Confirmed || c.State != rectification.Closed {
		t.Errorf("%s, the item is %s", i.State, c.State)
	}
	again := tenantstest.Must(h.s.Draw(t.Context(), h.city, h.drawing(t)))(t)
	if !slices.ContainsFunc(again.Items, func(o samples.Item) bool { return o.Finding == i.Finding }) {
		t.Error("what is in doubt is not drawn again")
	}
}

// TestOnce: what was refuted is reopened once, whoever tries how often and how many at a
// time, and a try that ends before its commit leaves nothing.
func TestOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	queued := 0
	h.s.Enqueue = func(_ context.Context, _ *tenants.Tx, office string, _ samples.ItemID) error {
		if queued++; office != h.office.Slug {
			t.Errorf("a job for %s", office)
		}
		return nil
	}
	i := h.refuted(t)
	if queued != 1 {
		t.Errorf("%d jobs, want 1", queued)
	}
	before := h.read(t, i.Finding)
	job := tenants.ForJob(h.office, "test")
	killed := inspection.Errorf(inspection.Unavailable, "killed", "")
	err := h.DB.In(t.Context(), job, func(tx *tenants.Tx) error {
		if err := h.s.CarryOut(t.Context(), tx, i.ID); err != nil {
			return err
		}
		return killed
	})
	tenantstest.Wants(t, err, inspection.Unavailable, "killed")
	if got := h.read(t, i.Finding); got.State != rectification.Closed {
		t.Errorf("killed before its commit: %s", got.State)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			err := h.DB.In(t.Context(), job, func(tx *tenants.Tx) error { return h.s.CarryOut(t.Context(), tx, i.ID) })
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := h.s.CarryOutAll(t.Context(), job); err != nil {
		t.Error(err)
	}
	if got := h.read(t, i.Finding); got.State != rectification.Working || got.DueVersion != before.DueVersion+1 {
		t.Errorf("the item is %s, deadline version %d, want %d", got.State, got.DueVersion, before.DueVersion+1)
	}
	for _, action := range []string{"sample.carry-out", "rectification.reopen"} {
		if n := h.entries(h.office.ID, action); n != 1 {
			t.Errorf("%d entries of %s, want 1", n, action)
		}
	}
}

// TestLapsed: what moved between the decision and the job is not reopened, and says why.
func TestLapsed(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]string{
		"reopened":     `update rectifications set state = 'working', closed_on = null where finding_id = $1`,
		"closed again": `update rectifications set closed_on = '2026-11-01' where finding_id = $1`,
		"withdrawn":    `update rectifications set withdrawn_at = now() where finding_id = $1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			i := h.refuted(t)
			h.Root(move, i.Finding)
			if err := h.s.CarryOutAll(t.Context(), tenants.ForJob(h.office, "test")); err != nil {
				t.Fatal(err)
			}
			if of := tenantstest.Must(h.s.Of(t.Context(), h.city, i.Finding))(t); len(of) != 1 || of[0].State != samples.Lapsed || of[0].Lapse == "" {
				t.Errorf("%+v", of)
			}
			if n := h.entries(h.office.ID, "rectification.reopen"); n != 0 {
				t.Errorf("reopened %d times", n)
			}
		})
	}
}

// TestIsolation: who sees a sample, and which columns are whose: each refusal beside
// somebody who may.
func TestIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	one, i := h.drawn(t)
	sees := map[string]struct {
		scope   tenants.Scope
		samples int
		items   int
	}{
		"the city":       {h.city, 1, 9},
		"the county":     {h.dir, 1, 6},
		"its staff":      {h.As(h.office, tenants.OFF), 1, 6},
		"its sibling":    {h.As(h.sibling, tenants.DIR), 1, 3},
		"another city":   {h.As(h.City[1], tenants.CITY), 0, 0},
		"another county": {h.As(h.County[1][0], tenants.DIR), 0, 0},
		"the province":   {h.As(h.Province, tenants.PROV), 0, 0},
		"the unit":       {h.As(h.office, tenants.HEAD, h.unit), 0, 0},
	}
	for who, want := range sees {
		list := tenantstest.Must(h.s.List(ctx, want.scope))(t)
		got, err := h.s.Get(ctx, want.scope, one.ID)
		if len(list) != want.samples || len(got.Items) != want.items || (err == nil) != (want.samples == 1) || err != nil && inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s sees %d samples and %d items, %v, want %d and %d", who, len(list), len(got.Items), err, want.samples, want.items)
		}
		of := tenantstest.Must(h.s.Of(ctx, want.scope, i.Finding))(t)
		if whose := want.items > 3; (len(of) == 1) != whose {
			t.Errorf("%s sees %d results of the county's item", who, len(of))
		}
		if who == "the city" {
			continue
		}
		_, err = h.s.Look(ctx, want.scope, i.ID, i.Version, "看看")
		if k := inspection.KindOf(err); k != inspection.NotFound && k != inspection.Forbidden {
			t.Errorf("%s looks: %v", who, err)
		}
	}
	for who, want := range map[*tenants.Scope]int{&h.city: 1, &h.dir: 0} {
		h.Do(h.DB, who.Wide(), func(tx *tenants.Tx) error {
			tasks, err := h.s.Tasks(ctx, tx)
			if len(tasks) != want {
				t.Errorf("%s has %d tasks, want %d", who.Role(), len(tasks), want)
			}
			return err
		})
	}

	// Past all Go: each side changes its own part alone, and neither says it for the other.
	tenantstest.Must(h.s.Look(ctx, h.city, i.ID, i.Version, "存疑事项抽查"))(t)
	try := func(s tenants.Scope, set string, want bool) {
		t.Helper()
		undo := inspection.Errorf(inspection.Conflict, "undo", "")
		err := h.DB.In(ctx, s.Wide(), func(tx *tenants.Tx) error {
			tag, err := tx.Exec(ctx, `update sample_items set `+set+` where id = $1`, i.ID)
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
	const refute = `state = 'refuted', fact = 'x', due_on = '2026-12-31', decided_at = now()`
	const reopen = `state = 'reopened', carried_at = now()`
	try(h.city, refute, true)
	try(h.city, refute+`, lapse = 'x'`, false)
	try(h.city, `why = 'lot'`, false)
	try(h.city, `closed_on = closed_on - 1`, false)
	try(h.city, refute+`, carried_at = now()`, false)
	for who, s := range sees {
		if who != "the city" {
			try(s.scope, refute, false)
			try(s.scope, `version = 9`, false)
		}
	}
	i = tenantstest.Must(h.s.Of(ctx, h.city, i.Finding))(t)[0]
	tenantstest.Must(h.s.Refute(ctx, h.city, i.ID, i.Version, samples.Refuting{Fact: fact, DueOn: tenantstest.Day(t, "2026-12-31")}))(t)
	try(h.dir, reopen, true)
	try(h.dir, reopen+`, fact = 'x'`, false)
	try(h.dir, `state = 'confirmed', due_on = null`, false)
	try(h.city, `fact = 'x'`, false)
	try(h.city, reopen, false)
	try(sees["the unit"].scope, reopen, false)

	// Nobody draws for an office that is not directly below.
	add := func(s tenants.Scope, office tenants.ID, want bool) {
		t.Helper()
		undo := inspection.Errorf(inspection.Conflict, "undo", "")
		err := h.DB.In(ctx, s.Wide(), func(tx *tenants.Tx) error {
			_, err := tx.Exec(ctx, `
				insert into samples (tenant_id, issuer, id, name, closed_from, closed_to, share, seed, pool, drawn_at, drawn_by)
				values ($1, current_tenant(), gen_random_uuid(), 'x', now(), now(), 1, 'x', '{}', now(), 'x')`, office)
			if err != nil {
				return err
			}
			return undo
		})
		if (inspection.CodeOf(err) == "undo") != want {
			t.Errorf("%s of %s draws for %d: %v, want allowed %t", s.Role(), s.Office().Slug, office, err, want)
		}
	}
	add(h.city, h.office.ID, true)
	add(h.city, h.City[0].ID, false)
	add(h.city, h.County[1][0].ID, false)
	add(h.As(h.Province, tenants.PROV), h.office.ID, false)
	add(h.As(h.Province, tenants.PROV), h.City[0].ID, true)
	add(h.dir, h.office.ID, false)
}
