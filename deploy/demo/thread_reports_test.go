package demo_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"xuncha/deploy/demo"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestReportsThread tells the reports: one on file, one waiting, the others owed on
// 11-30, and no unit of the main cast owes any before next year.
func TestReportsThread(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			return demo.ReportsThread(ctx, cast, at)
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return demo.Clock }
	db := tenants.NewDB(h.Pool, clock)
	s := &reports.Service{
		DB: db, Clock: clock, Calendar: demo.Calendar(), Cases: &rectification.Service{DB: db, Clock: clock, Calendar: demo.Calendar()},
	}
	lines, err := s.List(t.Context(), people["liangchen"])
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, l := range lines {
		state := "owed"
		if l.State != nil {
			state = string(*l.State)
		}
		got[l.DueOn.String()+" "+state]++
	}
	want := map[string]int{"2026-11-30 approved": 1, "2026-11-30 reviewing": 1, "2026-11-30 owed": 8, "2027-05-28 owed": 1}
	for what, n := range want {
		if got[what] != n {
			t.Errorf("%s: %d, want %d (all: %v)", what, got[what], n, got)
		}
	}
	lines, err = s.List(t.Context(), people["yinxiaoyu"])
	if err != nil || len(lines) != 2 || slices.ContainsFunc(lines, func(l reports.Line) bool { return l.DueOn.String() != "2027-01-11" }) {
		t.Errorf("县水务局 owes %+v, %v", lines, err)
	}
	for login, want := range map[string]int{"yinxiaoyu": 0, "zhengyichuan": 0, "caojianping": 0, "duyun": 1, "liangchen": 0, "tangheng": 0} {
		h.Do(db, people[login], func(tx *tenants.Tx) error {
			tasks, err := s.Tasks(t.Context(), tx)
			if len(tasks) != want {
				t.Errorf("%s has %d to do, want %d", login, len(tasks), want)
			}
			return err
		})
	}
}
