package extensions_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestIsolation: who sees a request and who does not, each refusal beside somebody
// who may.
func TestIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	below := func(s tenants.Scope) tenants.Scope { return tenantstest.Must(s.Below(h.office))(t) }
	city, otherCity := below(h.As(h.City[0], tenants.CITY)), h.As(h.City[1], tenants.CITY)
	sibling := h.As(h.County[0][1], tenants.DIR)
	otherUnit := h.As(h.office, tenants.HEAD, h.Unit(h.office, "县教育局党组"))
	sees := func(when string, s tenants.Scope, want int) {
		t.Helper()
		p, err := h.Of(t.Context(), s, c.ID)
		if want < 0 && inspection.KindOf(err) == inspection.NotFound {
			return
		}
		if err != nil || len(p.Requests) != want {
			t.Errorf("%s: %s of %s sees %d requests, %v; want %d", when, s.Role(), s.Office().Slug, len(p.Requests), err, want)
		}
	}
	r := tenantstest.Must(h.Ask(t.Context(), h.liaison, c.ID, later(t, "2026-12-31", file)))(t)
	for _, s := range []tenants.Scope{h.liaison, h.head, h.off, h.dir} {
		sees("asked", s, 1)
	}
	sees("not signed", city, 0)
	r = tenantstest.Must(h.Sign(t.Context(), h.head, r.ID, r.Version, promised(r)))(t)
	sees("signed", city, 1)
	for _, s := range []tenants.Scope{otherUnit, sibling, otherCity} {
		sees("signed", s, -1)
	}
	if n := tenantstest.RootValue[int](h.House,
		`select count(*) from journal where tenant_id = $1 and action = 'extension.read-above'`, h.office.ID); n != 2 {
		t.Errorf("%d entries about the city's reading, want 2", n)
	}
	_, err := h.Sign(t.Context(), otherUnit, r.ID, r.Version, promised(r))
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	_, err = h.Approve(t.Context(), sibling, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	_, err = h.Approve(t.Context(), city, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")

	// Past all Go: a unit decides nothing, and nobody writes the clock's history.
	try := func(s tenants.Scope, sql string, want bool) {
		t.Helper()
		err := h.db().In(t.Context(), s, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), sql, c.ID)
			if err == nil && tag.RowsAffected() == 0 {
				return inspection.Errorf(inspection.NotFound, "none", "")
			}
			return err
		})
		if (err == nil) != want {
			t.Errorf("%s: %s: %v, want allowed %t", s.Role(), sql, err, want)
		}
	}
	try(h.head, `update extensions set state = 'approved' where finding_id = $1`, false)
	try(otherUnit, `update extensions set note = 'x' where finding_id = $1`, false)
	try(sibling, `update extensions set note = 'x' where finding_id = $1`, false)
	try(h.head, `update extensions set note = 'x' where finding_id = $1`, true)
	try(h.dir, `update extensions set state = 'approved' where finding_id = $1`, true)
	try(h.dir, `update deadlines set due_on = '2027-12-31' where finding_id = $1`, false)
	try(h.dir, `insert into deadlines select tenant_id, finding_id, 99, unit_id, due_on, kind, note, at, by_name from deadlines where finding_id = $1 limit 1`, false)
	history := func(s tenants.Scope, want int) {
		t.Helper()
		h.Do(h.db(), s, func(tx *tenants.Tx) error {
			ds, err := rectification.Deadlines(t.Context(), tx, c.ID)
			if len(ds) != want {
				t.Errorf("%s of %s sees %d deadlines, want %d", s.Role(), s.Office().Slug, len(ds), want)
			}
			return err
		})
	}
	history(h.liaison, 2)
	history(city, 2)
	history(otherUnit, 0)
	history(sibling, 0)
	history(otherCity, 0)
}
