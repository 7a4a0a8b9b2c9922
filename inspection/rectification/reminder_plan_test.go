package rectification

import (
	"testing"
	"time"

	"xuncha/tenants/tenantstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"xuncha/inspection"
	"xuncha/tenants"
)

// This file tests from inside: the plan of the ladder is pure and has no name
// outside.

var ladder = []tenants.Rung{
	{Rung: "T-15", Offset: -15, Title: "到期提示"},
	{Rung: "T-7", Offset: -7, Title: "提醒书", Signer: tenants.OFF},
	{Rung: "T", Offset: 0, Title: "今天到期"},
	{Rung: "T+1", Offset: 1, Title: "逾期提醒"},
	{Rung: "T+7", Offset: 7, Title: "督办通知书", Signer: tenants.DIR},
	{Rung: "T+15", Offset: 15, Title: "告诫书", Signer: tenants.DIR},
	{Rung: "T+30", Offset: 30, Title: "提请研究问责", Signer: tenants.LG},
}

// TestClimb puts the ladder of the demo's thread on its days (UX §5.6).
func TestClimb(t *testing.T) {
	t.Parallel()
	cal := inspection.PublishedCalendar()
	var got []string
	for _, s := range climb(ladder, tenantstest.Day(t, "2026-10-15"), cal) {
		got = append(got, s.Rung.Rung+" "+s.on.String())
	}
	want := []string{
		"T-15 2026-09-30", "T-7 2026-10-08", "T 2026-10-15", "T+1 2026-10-16", "T+7 2026-10-22", "T+15 2026-10-30",
		"T+30 2026-11-16", // 14 November is a Saturday
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestClimbUnpublished: nobody knows the working days of a year that was not
// published, so days stay where they are and are marked.
func TestClimbUnpublished(t *testing.T) {
	t.Parallel()
	cal := inspection.PublishedCalendar()
	steps := climb(ladder, tenantstest.Day(t, "2026-12-25"), cal)
	got := map[string]string{}
	for _, s := range steps {
		got[s.Rung.Rung] = s.on.String()
		if want := s.on >= tenantstest.Day(t, "2027-01-01"); s.provisional != want {
			t.Errorf("%s on %s: provisional = %t", s.Rung.Rung, s.on, s.provisional)
		}
	}
	if got["T+15"] != "2027-01-09" { // a Saturday, and left there
		t.Errorf("T+15 on %s, want 2027-01-09", got["T+15"])
	}
	if got["T+1"] != "2026-12-28" { // Saturday 26 moved to Monday
		t.Errorf("T+1 on %s, want 2026-12-28", got["T+1"])
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	cal := inspection.PublishedCalendar()
	due := tenantstest.Day(t, "2026-10-15")
	long := tenantstest.Day(t, "2026-07-10")
	tests := []struct {
		name  string
		c     climbing
		today string
		want  []string
	}{
		{"nothing has come", climbing{since: long}, "2026-09-29", nil},
		{"the first, on its day", climbing{since: long}, "2026-09-30", []string{"T-15 sent"}},
		{"made already", climbing{since: long, made: []string{"T-15"}}, "2026-09-30", nil},
		{
			"an outage is made up for, each once",
			climbing{since: long, made: []string{"T-15"}},
			"2026-10-16",
			[]string{"T-7 waiting late", "T sent late", "T+1 sent"},
		},
		{
			"back from the reviewers, the last that was passed by",
			climbing{since: long, made: []string{"T-15", "T-7"}, paused: []span{{tenantstest.Day(t, "2026-10-14"), tenantstest.Day(t, "2026-10-26")}}},
			"2026-10-26",
			[]string{"T skipped", "T+1 skipped", "T+7 waiting"},
		},
		{
			"back on the day of a rung",
			climbing{since: long, made: []string{"T-15", "T-7", "T", "T+1", "T+7"}, paused: []span{{tenantstest.Day(t, "2026-10-27"), tenantstest.Day(t, "2026-10-30")}}},
			"2026-10-30",
			[]string{"T+15 waiting"},
		},
		{
			"a deadline that was past when it was entered",
			climbing{since: tenantstest.Day(t, "2026-11-20")},
			"2026-11-20",
			[]string{"T-15 skipped", "T-7 skipped", "T skipped", "T+1 sent", "T+7 skipped", "T+15 skipped", "T+30 skipped"},
		},
		{
			"a rung that the office added since",
			climbing{since: long, made: []string{"T-7", "T", "T+1", "T+7", "T+15", "T+30"}},
			"2026-11-20",
			[]string{"T-15 skipped"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.c.due, tt.c.ladder = due, ladder
			var got []string
			for _, d := range decide(tt.c, tenantstest.Day(t, tt.today), cal) {
				s := d.Rung.Rung + " " + string(d.state)
				if d.late {
					s += " late"
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDecideOnce lets a scan run on random days, forgets nothing of what it made,
// and finds that each rung was decided exactly once, in whatever order days came.
func TestDecideOnce(t *testing.T) {
	t.Parallel()
	cal := inspection.PublishedCalendar()
	first, _ := inspection.NewDay(2026, time.January, 5)
	rapid.Check(t, func(t *rapid.T) {
		c := climbing{
			ladder: ladder,
			due:    first + inspection.Day(rapid.IntRange(0, 700).Draw(t, "due")),
			since:  first + inspection.Day(rapid.IntRange(-30, 700).Draw(t, "since")),
		}
		decided := map[string]int{}
		days := rapid.SliceOfN(rapid.IntRange(-40, 60), 1, 12).Draw(t, "days")
		for _, off := range append(days, 60) { // clocks may jump back
			for _, d := range decide(c, c.due+inspection.Day(off), cal) {
				decided[d.Rung.Rung]++
				c.made = append(c.made, d.Rung.Rung)
				if d.on > c.due+inspection.Day(off) {
					t.Fatalf("%s was decided before its day", d.Rung.Rung)
				}
			}
		}
		for _, r := range ladder {
			if decided[r.Rung] != 1 {
				t.Fatalf("%s was decided %d times", r.Rung, decided[r.Rung])
			}
		}
	})
}

// TestReached: asked of plain days, the question which rungs have come has the answer
// of the ladder, also over holidays and into a year that nobody has published.
func TestReached(t *testing.T) {
	t.Parallel()
	cal := inspection.PublishedCalendar()
	first, last := tenantstest.Day(t, "2026-09-01"), tenantstest.Day(t, "2027-01-20")
	rung := []tenants.Rung{{Rung: "T"}}
	for today := first; today <= last; today++ {
		by := reached(today, cal)
		for due := today - 20; due <= today+5; due++ {
			if come := climb(rung, due, cal)[0].on <= today; come != (due <= by) {
				t.Fatalf("on %s a rung of %s has come: %t; by plain days up to %s: %t", today, due, come, by, due <= by)
			}
		}
	}
}
