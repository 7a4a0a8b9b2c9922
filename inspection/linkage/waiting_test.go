package linkage_test

import (
	"testing"

	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestWaitsOnBoard: what stands on the board of an office is counted for that office, at
// the office below; what came off is not, and no other office counts it.
func TestWaitsOnBoard(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	for _, state := range []string{"listed", "listed", "removed"} {
		h.Root(`insert into listings (tenant_id, issuer, id, number, matter, leader, due_on, conditions, listed_at, listed_by, state, reason, removed_at)
			values ($1, $2, gen_random_uuid(), '1号', '事项', '副市长', '2026-12-31', '办结', now(), '某人', $3,
				case $3 when 'removed' then '办结' else '' end, case $3 when 'removed' then now() end)`, h.County[0][0].ID, h.City[0].ID, state)
	}
	for who, want := range map[string]struct {
		scope tenants.Scope
		n     int
	}{
		"the city": {h.As(h.City[0], tenants.CITY), 2}, "the county": {h.As(h.County[0][0], tenants.DIR), 0},
		"another city": {h.As(h.City[1], tenants.CITY), 0}, "the province": {h.As(h.Province, tenants.PROV), 0},
	} {
		h.Do(h.DB, want.scope.Wide(), func(tx *tenants.Tx) error {
			waiting, err := linkage.Waits(t.Context(), tx)
			n := 0
			for _, w := range waiting {
				if !w.Board || w.Office != h.County[0][0].ID {
					t.Errorf("%s: %+v", who, w)
				}
				n += w.N
			}
			if n != want.n {
				t.Errorf("%s counts %d, want %d", who, n, want.n)
			}
			return err
		})
	}
}
