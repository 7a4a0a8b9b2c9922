package tenants_test

import (
	"errors"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestLater lets statements wait: they run before what is asked next, take effect
// with the commit alone, and fail the whole where they fail.
func TestLater(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ours := h.County[0][0]
	off := h.As(ours, tenants.OFF)
	const name = `insert into units (id, name) values ($1, $2)`
	id := func() inspection.UnitID { return inspection.NewID[inspection.UnitID]() }
	count := func() int {
		return tenantstest.RootValue[int](h, `select count(*)::int from units where tenant_id = $1`, ours.ID)
	}

	t.Run("before what is asked next", func(t *testing.T) {
		err := h.In(t.Context(), off, func(tx *tenants.Tx) error {
			for n, unit := range []string{"县水务局党组", "县民政局党组"} {
				tx.Later(name, id(), unit)
				var seen int
				if err := tx.QueryRow(t.Context(), `select count(*) from units`).Scan(&seen); err != nil || seen != n+1 {
					t.Errorf("after %d waiting statements %d units are seen, %v", n+1, seen, err)
				}
			}
			return nil
		})
		if err != nil || count() != 2 {
			t.Errorf("%d units, %v; want 2", count(), err)
		}
	})
	t.Run("alone, with the commit", func(t *testing.T) {
		err := h.In(t.Context(), off, func(tx *tenants.Tx) error {
			tx.Later(name, id(), "县教育局党组")
			return nil
		})
		if err != nil || count() != 3 {
			t.Errorf("%d units, %v; want 3", count(), err)
		}
	})
	t.Run("not at all when the work is refused", func(t *testing.T) {
		refused := errors.New("refused")
		err := h.In(t.Context(), off, func(tx *tenants.Tx) error {
			tx.Later(name, id(), "县财政局党组")
			return refused
		})
		if !errors.Is(err, refused) || count() != 3 {
			t.Errorf("%d units, %v; want 3 and refused", count(), err)
		}
	})
	t.Run("one that fails undoes everything, and the connection can be used again", func(t *testing.T) {
		err := h.In(t.Context(), off, func(tx *tenants.Tx) error {
			if _, err := tx.Exec(t.Context(), name, id(), "县审计局党组"); err != nil {
				return err
			}
			tx.Later(name, id(), "县水务局党组") // there is one
			tx.Journal(tenants.Entry{Action: "unit.add", Object: "unit"})
			return nil
		})
		if err == nil || count() != 3 {
			t.Errorf("%d units, err = %v; want 3 and an error", count(), err)
		}
		err = h.In(t.Context(), off, func(tx *tenants.Tx) error {
			_, err := tx.Exec(t.Context(), name, id(), "县审计局党组")
			return err
		})
		if err != nil || count() != 4 {
			t.Errorf("%d units, %v; want 4", count(), err)
		}
	})
}
