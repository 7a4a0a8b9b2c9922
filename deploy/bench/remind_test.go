package bench

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestReminders scans the ladders of a few offices as the benchmark does: what is due
// is found and made once, also by workers that are cut off.
func TestReminders(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	root, err := pgxpool.New(t.Context(), h.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(root.Close)
	house := House{Bare: root, Remind: func(ctx context.Context) (func(context.Context) error, func(), error) {
		pool := h.Login("xuncha_jobs")
		clock := inspection.ClockAt(RemindDay)
		db := tenants.NewDB(pool, clock)
		r := &rectification.Reminders{DB: db, Clock: clock, Calendar: inspection.PublishedCalendar()}
		return func(ctx context.Context) error {
			offices, err := db.All(ctx)
			if err != nil {
				return err
			}
			for _, office := range offices {
				if err := r.Scan(ctx, tenants.ForJob(office, "remind")); err != nil {
					return err
				}
			}
			return nil
		}, func() {}, nil
	}}
	if err := house.tree(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := house.reminders(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 6 {
		t.Errorf("rows %+v", rows)
	}
	for _, r := range rows {
		if r.Ours <= 0 || r.Unit != "s" {
			t.Errorf("row %+v", r)
		}
	}
	// The control: a rung that is there twice, or only in the journal, is found.
	if err := house.once(t.Context(), 31); err == nil {
		t.Error("a missing reminder is not noticed")
	}
}
