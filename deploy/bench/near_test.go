package bench

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/rectification/doubts"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestNear looks for near texts in a small office: each is found, in a database
// that has the large ledger, too.
func TestNear(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	root, err := pgxpool.New(t.Context(), h.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(root.Close)
	h.Root(fillOffices)
	room := &doubts.Service{DB: h.Jobs, Clock: inspection.SystemClock}
	job := func(ctx context.Context, office string) tenants.Scope {
		o, err := h.Jobs.BySlug(ctx, office)
		if err != nil {
			t.Fatal(err)
		}
		return tenants.ForJob(o, "bench")
	}
	if err := (House{Bare: root}).fillLedger(t.Context(), largeCounty, 10, 1); err != nil {
		t.Fatal(err)
	}
	rows, err := House{Bare: root, Near: Near{
		Index: func(ctx context.Context, office string) error { return room.Index(ctx, job(ctx, office)) },
		Find: func(ctx context.Context, office, measure string) (string, error) {
			return room.Near(ctx, job(ctx, office), inspection.MeasureID{UUID: uuid.MustParse(measure)})
		},
	}}.near(t.Context(), 400)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0].Ours <= 0 {
		t.Errorf("rows %+v", rows)
	}
	t.Log(rows)
}
