package migrations_test

import (
	"testing"

	"github.com/jackc/pgx/v5/stdlib"

	"xuncha/migrations"
	"xuncha/tenants/tenantstest"
)

// landed is the last migration of the release before: what came since must go back, so
// that whoever looks after a database can return to that release.
const landed = 90

// TestBack goes back to the release before, and forth again.
func TestBack(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	owner := h.Login("xuncha_owner")
	db := stdlib.OpenDBFromPool(owner)
	t.Cleanup(func() { _ = db.Close() })
	p, err := migrations.Provider(owner, db)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := p.DownTo(t.Context(), landed)
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) == 0 {
		t.Error("nothing went back")
	}
	if err := migrations.Up(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
}
