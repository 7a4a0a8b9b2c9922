package rounds_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestFrozenPolicy changes the office's policy after a round has opened: the
// round keeps what it had.
func TestFrozenPolicy(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	off := h.As(office, tenants.OFF)
	var r rounds.Round
	h.Do(h.DB, off, func(tx *tenants.Tx) (err error) {
		start, _ := inspection.NewDay(2026, 3, 2)
		r, err = rounds.Add(t.Context(), tx, rounds.Round{Term: 10, Seq: 6, Name: "十届县委第六轮巡察", StartsOn: start, EndsOn: start + 50})
		return err
	})
	h.Root(`insert into policies (tenant_id, version, body) values ($1, 1, '{"review_days": 9, "ladder": []}')`, office.ID)
	h.Do(h.DB, off, func(tx *tenants.Tx) error {
		now, err := tenants.PolicyOf(t.Context(), tx)
		if err != nil {
			return err
		}
		frozen, err := rounds.PolicyOf(t.Context(), tx, r.ID)
		if now.ReviewDays != 9 || frozen.ReviewDays != 5 || len(frozen.Ladder) != 7 {
			t.Errorf("now %d days, frozen %d days and %d rungs; want 9, 5 and 7", now.ReviewDays, frozen.ReviewDays, len(frozen.Ladder))
		}
		return err
	})
}

// TestIsolation lists rounds as their office, a sibling, and the city.
func TestIsolation(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	id, unit := h.Round(office), h.Unit(office, "县水务局党组")
	s := rounds.Service{DB: h.DB}
	below, err := h.As(h.City[0], tenants.CITY).Below(office)
	if err != nil {
		t.Fatal(err)
	}
	for who, tt := range map[string]struct {
		scope tenants.Scope
		want  int
	}{
		"the office": {h.As(office, tenants.OFF), 1}, "a sibling": {h.As(h.County[0][1], tenants.OFF), 0},
		"the city at home": {h.As(h.City[0], tenants.CITY), 0}, "the city looking below": {below, 1},
	} {
		rs, err := s.List(t.Context(), tt.scope)
		if err != nil || len(rs) != tt.want {
			t.Errorf("%s sees %d rounds, %v; want %d", who, len(rs), err, tt.want)
		}
	}
	h.Do(h.DB, h.As(office, tenants.OFF), func(tx *tenants.Tx) error {
		for _, team := range []int{3, 2} {
			if err := rounds.Assign(t.Context(), tx, id, unit, team); err != nil {
				return err
			}
		}
		team, err := rounds.TeamOf(t.Context(), tx, id, unit)
		if team != 2 {
			t.Errorf("team %d, want the later word 2", team)
		}
		return err
	})
	err = h.In(t.Context(), h.As(h.County[0][1], tenants.OFF), func(tx *tenants.Tx) error {
		return rounds.Assign(t.Context(), tx, id, unit, 1)
	})
	if err == nil {
		t.Error("a sibling assigned our unit")
	}
}
