package listings_test

import (
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification/listings"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	tenantstest.Life(t, tenantstest.New(t), listings.Life(), "listings_state", "testdata/listing.mmd")
}

// house is a test's database with an open item of a county.
type house struct {
	*tenantstest.House
	s         *listings.Service
	office    tenants.Tenant
	unit      inspection.UnitID
	item      inspection.FindingID
	city, dir tenants.Scope
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	h.s = &listings.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
	h.office = h.County[0][0]
	h.unit = h.Unit(h.office, "县水务局党组")
	h.item = inspection.NewID[inspection.FindingID]()
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, feedback_on, issued_at)
		values ($1, $2, 'KA-06-02-001', $3, $4, 1, 1, '采砂监管缺位。', '2026-07-10', '2026-07-10')`, h.office.ID, h.item, h.Round(h.office), h.unit)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, issued_at) values ($1, $2, $3, 'working', '2026-12-10', '2026-07-10')`,
		h.office.ID, h.item, h.unit)
	h.city, h.dir = h.As(h.City[0], tenants.CITY), h.As(h.office, tenants.DIR)
	return h
}

func (h *house) putting(t *testing.T) listings.Putting {
	return listings.Putting{
		Office: h.office.Slug, Item: &h.item, Matter: "采砂监管整改", Leader: "市委常委、副市长", DueOn: tenantstest.Day(t, "2026-12-31"), Conditions: "监管办法印发并运行三个月。",
	}
}

// TestBoard puts an item on the board and takes it off; both offices read it, each with
// its entries, and only the one that put it there takes it off.
func TestBoard(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	m := tenantstest.Must(h.s.Put(ctx, h.city, h.putting(t)))(t)
	if m.Number != "某巡办挂牌〔2026〕1号" || m.ItemNumber != "KA-06-02-001" || len(m.Allowed) != 1 {
		t.Fatalf("on the board: %+v", m)
	}
	_, err := h.s.Put(ctx, h.city, h.putting(t))
	tenantstest.Wants(t, err, inspection.Conflict, "listing.twice")
	matter := h.putting(t)
	matter.Item, matter.Matter = nil, "跨县河段联合巡查"
	tenantstest.Must(h.s.Put(ctx, h.city, matter))(t)
	sees := map[string]struct {
		scope tenants.Scope
		all   int
		of    int
	}{
		"the city": {h.city, 2, 1}, "the county": {h.dir, 2, 1}, "its staff": {h.As(h.office, tenants.OFF), 2, 1},
		"its sibling": {h.As(h.County[0][1], tenants.DIR), 0, 0}, "another city": {h.As(h.City[1], tenants.CITY), 0, 0},
		"the province": {h.As(h.Province, tenants.PROV), 0, 0}, "the unit": {h.As(h.office, tenants.HEAD, h.unit), 0, 0},
	}
	for who, want := range sees {
		all, of := tenantstest.Must(h.s.All(ctx, want.scope))(t), tenantstest.Must(h.s.Of(ctx, want.scope, h.item))(t)
		if len(all) != want.all || len(of) != want.of {
			t.Errorf("%s sees %d and %d of the item, want %d and %d", who, len(all), len(of), want.all, want.of)
		}
		if who == "the city" {
			continue
		}
		_, err := h.s.Remove(ctx, want.scope, m.ID, m.Version, "摘牌")
		if k := inspection.KindOf(err); k != inspection.NotFound && k != inspection.Forbidden {
			t.Errorf("%s takes it off: %v", who, err)
		}
	}
	_, err = h.s.Remove(ctx, h.city, m.ID, m.Version, " ")
	tenantstest.Wants(t, err, inspection.Invalid, "listing.invalid")
	_, err = h.s.Remove(ctx, h.city, m.ID, m.Version+1, "条件已具备。")
	tenantstest.Wants(t, err, inspection.Stale, "listing.stale")
	m = tenantstest.Must(h.s.Remove(ctx, h.city, m.ID, m.Version, "条件已具备。"))(t)
	if m.State != listings.Removed || m.RemovedBy != h.city.Name() || len(m.Allowed) != 0 {
		t.Errorf("off the board: %+v", m)
	}
	_, err = h.s.Remove(ctx, h.city, m.ID, m.Version, "再摘一次。")
	tenantstest.Wants(t, err, inspection.Conflict, "listing.wrong-state")
	tenantstest.Must(h.s.Put(ctx, h.city, h.putting(t)))(t) // and may come back
	for action, want := range map[string]int{"listing.list": 3, "listing.remove": 1} {
		for _, office := range []tenants.ID{h.City[0].ID, h.office.ID} {
			if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where tenant_id = $1 and action = $2`, office, action); n != want {
				t.Errorf("%d entries of %s in the journal of %d, want %d", n, action, office, want)
			}
		}
	}
}

// TestRefused: what does not go on a board, and what neither side changes past all Go.
func TestRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	for name, change := range map[string]func(*listings.Putting){
		"no leader":         func(p *listings.Putting) { p.Leader = " " },
		"no conditions":     func(p *listings.Putting) { p.Conditions = "" },
		"no matter":         func(p *listings.Putting) { p.Matter = "" },
		"today":             func(p *listings.Putting) { p.DueOn = h.s.Clock.Today() },
		"far":               func(p *listings.Putting) { p.DueOn = h.s.Clock.Today() + 9999 },
		"of another city":   func(p *listings.Putting) { p.Office = h.County[1][0].Slug },
		"of the own office": func(p *listings.Putting) { p.Office = h.City[0].Slug },
	} {
		p := h.putting(t)
		change(&p)
		if _, err := h.s.Put(ctx, h.city, p); inspection.CodeOf(err) != "listing.invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := h.putting(t)
	p.Office = h.County[0][1].Slug // whose item it is not
	_, err := h.s.Put(ctx, h.city, p)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	_, err = h.s.Put(ctx, h.dir, h.putting(t))
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	h.s.Clock = inspection.ClockAt(tenantstest.Now.Add(10 * time.Minute))
	_, err = h.s.Put(ctx, h.city, h.putting(t))
	tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	h.s.Clock = inspection.ClockAt(tenantstest.Now)
	h.Root(`update rectifications set state = 'closed' where finding_id = $1`, h.item)
	_, err = h.s.Put(ctx, h.city, h.putting(t))
	tenantstest.Wants(t, err, inspection.Conflict, "listing.closed")
	h.Root(`update rectifications set state = 'working' where finding_id = $1`, h.item)
	m := tenantstest.Must(h.s.Put(ctx, h.city, h.putting(t)))(t)
	try := func(s tenants.Scope, set string, want bool) {
		t.Helper()
		undo := inspection.Errorf(inspection.Conflict, "undo", "")
		err := h.DB.In(ctx, s.Wide(), func(tx *tenants.Tx) error {
			tag, err := tx.Exec(ctx, `update listings set `+set+` where id = $1`, m.ID)
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 0 {
				return inspection.Errorf(inspection.NotFound, "none", "")
			}
			return undo
		})
		if (inspection.CodeOf(err) == "undo") != want {
			t.Errorf("%s of %s: %s: %v, want allowed %t", s.Role(), s.Office().Slug, set, err, want)
		}
	}
	const remove = `state = 'removed', reason = 'x', removed_at = now()`
	try(h.city, remove, true)
	try(h.city, remove+`, leader = 'x'`, false)
	try(h.city, `conditions = 'x'`, false)
	try(h.dir, remove, false)
	try(h.dir, `version = 9`, false)
	try(h.As(h.Province, tenants.PROV), remove, false)
	try(h.As(h.office, tenants.HEAD, h.unit), remove, false)
	tenantstest.Must(h.s.Remove(ctx, h.city, m.ID, m.Version, "条件已具备。"))(t)
	try(h.city, `reason = 'y'`, false)
}
