package units_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/units"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestIsolation lists units as everybody who may see some.
func TestIsolation(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	off := h.As(office, tenants.OFF)
	var water units.Unit
	h.Do(h.DB, off, func(tx *tenants.Tx) (err error) {
		if water, err = units.Add(t.Context(), tx, units.Unit{Name: "县水务局党组", Sector: "水利"}); err != nil {
			return err
		}
		_, err = units.Add(t.Context(), tx, units.Unit{Name: "县教育局党组", Kind: units.Department})
		return err
	})
	below, err := h.As(h.City[0], tenants.CITY).Below(office)
	if err != nil {
		t.Fatal(err)
	}
	s := units.Service{DB: h.DB}
	both := []string{"县教育局党组", "县水务局党组"} // jiàoyù before shuǐwù
	for who, tt := range map[string]struct {
		scope tenants.Scope
		want  []string
	}{
		"the office": {off, both}, "the city looking below": {below, both},
		"the unit":  {h.As(office, tenants.UNIT, water.ID), both[1:]},
		"a sibling": {h.As(h.County[0][1], tenants.OFF), nil},
	} {
		us, err := s.List(t.Context(), tt.scope)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range us {
			got = append(got, u.Name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", who, diff)
		}
	}
	h.Do(h.DB, off, func(tx *tenants.Tx) error {
		u, err := units.Get(t.Context(), tx, water.ID)
		if u.Sector != "水利" || u.Version != 1 {
			t.Errorf("unit = %+v", u)
		}
		return err
	})
	err = h.In(t.Context(), h.As(h.County[0][1], tenants.OFF), func(tx *tenants.Tx) error {
		_, err := units.Get(t.Context(), tx, water.ID)
		return err
	})
	if inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("a sibling gets our unit: %v", err)
	}
}
