package statistics_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestStopped: the time that clocks stood still, as was approved, shows in the counts of
// the office and of those above it, to the day; a clock that never stopped adds nothing.
func TestStopped(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	s := &statistics.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)} // 2026-11-20
	county := h.County[0][0]
	round := h.Round(county)
	units := []inspection.UnitID{h.Unit(county, "县某局党组"), h.Unit(county, "县另一局党组")}
	for _, unit := range units {
		fill(h, county, round, unit, []any{0., 2., 0., 0., 0., 0.}, 0, 0)
	}
	move := func(kind, at string, due any) {
		h.Root(`
			update rectifications set due_on = $3::date, due_kind = $1, due_set_at = $2::timestamptz, due_version = due_version + 1
			where unit_id = $4`, kind, at, due, units[0])
	}
	move("stopped", "2026-10-01 09:00+08", nil)
	move("resumed", "2026-10-11 23:30+08", "2026-12-20") // two items, ten days each
	h.Root(`
		update rectifications set due_on = null, due_kind = 'stopped', due_set_at = '2026-11-18 09:00+08', due_version = due_version + 1
		where finding_id = (select min(finding_id::text)::uuid from rectifications where unit_id = $1)`, units[0]) // one again, two days so far
	want := statistics.Stopped{Items: 2, Now: 1, Days: 22}

	o := tenantstest.Must(s.Units(t.Context(), h.As(county, tenants.OFF), ""))(t)
	for _, u := range o.Items {
		if stopped := u.ID == units[0]; stopped != (u.Stopped == want) || !stopped && u.Stopped != (statistics.Stopped{}) {
			t.Errorf("%s: %+v", u.Name, u.Stopped)
		}
	}
	if o.Total.Stopped != want {
		t.Errorf("the county: %+v, want %+v", o.Total.Stopped, want)
	}
	for who, scope := range map[string]tenants.Scope{
		"city": h.As(h.City[0], tenants.CITY), "province": h.As(h.Province, tenants.PROV),
	} {
		if got := tenantstest.Must(s.Overview(t.Context(), scope, ""))(t).Total.Stopped; got != want {
			t.Errorf("the %s reads %+v, want %+v", who, got, want)
		}
	}
	if got := tenantstest.Must(s.Overview(t.Context(), h.As(h.City[1], tenants.CITY), ""))(t).Total.Stopped; got != (statistics.Stopped{}) {
		t.Errorf("another city reads %+v", got)
	}
}
