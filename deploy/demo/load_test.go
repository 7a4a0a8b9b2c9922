package demo_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/deploy/demo"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestLoad tells the story in an empty database and reads the sums back as the
// people of each office would count them, then tells it again: nothing changes.
func TestLoad(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	w := demo.World{Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid"}
	for range 2 {
		if err := demo.Load(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	type sums struct {
		States   [6]int
		Overdue  int
		OnTime   int
		Units    int
		Measures bool
	}
	for _, o := range demo.Offices() {
		if o.Ledger == nil {
			continue
		}
		office, err := h.BySlug(t.Context(), o.Slug)
		if err != nil {
			t.Fatal(err)
		}
		want := sums{OnTime: o.Ledger.OnTime, Units: o.Ledger.Planned, Measures: true}
		for _, u := range o.Ledger.Units {
			for i, n := range u.States {
				want.States[i] += n
			}
			want.Overdue += u.Overdue
		}
		var got sums
		s := &got.States
		err = h.In(t.Context(), h.As(office, tenants.OFF), func(tx *tenants.Tx) error {
			return tx.QueryRow(t.Context(), `
				select count(*) filter (where state = 'open'), count(*) filter (where state = 'working'),
					count(*) filter (where state = 'submitted'), count(*) filter (where state = 'returned'),
					count(*) filter (where state = 'long-term'), count(*) filter (where state = 'closed'),
					count(*) filter (where state not in ('closed', 'long-term') and due_on < '2026-11-20'),
					count(*) filter (where state = 'closed' and closed_on <= due_on),
					(select count(*) from units), (select count(*) from measures) >= 2 * count(*)
				from rectifications`).Scan(&s[0], &s[1], &s[2], &s[3], &s[4], &s[5], &got.Overdue, &got.OnTime, &got.Units, &got.Measures)
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", o.Name, diff)
		}
		n, broken, err := h.Jobs.Verify(t.Context(), office)
		if err != nil || broken != nil || n == 0 {
			t.Errorf("%s: journal of %d entries, %+v, %v", o.Name, n, broken, err)
		}
	}
}

// TestThreadsRunAfterLedgers makes sure that the story goes on with the people
// it introduced.
func TestThreadsRunAfterLedgers(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	called := false
	err := demo.Load(t.Context(), demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid",
		Threads: func(_ context.Context, people map[string]tenants.Scope, _ func(time.Time) *tenants.DB) error {
			called = len(people) == len(demo.Cast())
			return nil
		},
	})
	if err != nil || !called {
		t.Errorf("threads ran with the whole cast: %v, %v", called, err)
	}
}
