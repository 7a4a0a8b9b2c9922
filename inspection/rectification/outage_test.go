package rectification_test

import (
	"strings"
	"testing"
	"time"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestOutage stops the service over one rung and over many: each rung that was
// passed is there once, and one that is late says when it was planned and when it
// went out.
func TestOutage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		last, restart  string // in Asia/Shanghai
		ledger         string
		late           int
		planned, since string // of the rung made up for last
	}{
		{"an hour over midnight", "2026-10-14T23:30", "2026-10-15T00:30", "T-15 sent late, T-7 waiting late, T sent", 0, "", ""},
		{"26 hours", "2026-10-14T23:30", "2026-10-16T01:30", "T-15 sent late, T-7 waiting late, T sent late, T+1 sent", 1, "2026-10-15", "2026-10-16 01:30"},
		{"ten days", "2026-10-14T09:00", "2026-10-24T09:00", "T-15 sent late, T-7 waiting late, T sent late, T+1 sent late, T+7 waiting late", 3, "2026-10-22", "2026-10-24 09:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLadders(t, "2026-10-14")
			at := func(s string) {
				when := tenantstest.Must(time.ParseInLocation("2006-01-02T15:04", s, tenantstest.Now.Location()))(t)
				l.watch.at.Store(&when)
			}
			id := l.item("2026-10-15")
			at(tt.last)
			l.scan()
			before := tenantstest.RootValue[int](l.House, `select count(*) from reminders where late`)
			at(tt.restart)
			l.scan()
			l.scan()
			if got := l.ledger(id); got != tt.ledger {
				t.Errorf("the ledger holds %q, want %q", got, tt.ledger)
			}
			if n := tenantstest.RootValue[int](l.House, `select count(*) from reminders where late`) - before; n != tt.late {
				t.Errorf("%d rungs are made up for, want %d", n, tt.late)
			}
			if tt.late == 0 {
				return
			}
			note := tenantstest.RootValue[string](l.House, `select note from reminders where late order by planned_on desc limit 1`)
			for _, said := range []string{"原定 " + tt.planned, tt.since + " 补"} {
				if !strings.Contains(note, said) {
					t.Errorf("the note says %q, want both times: %s", note, said)
				}
			}
			if n := tenantstest.RootValue[int](l.House, `select count(*) from journal where action = 'reminder.make' and detail->>'text' like '原定%补%'`); n < tt.late {
				t.Errorf("%d entries of the journal say both times, want %d", n, tt.late)
			}
		})
	}
}

// TestStopsBeforeSending changes an item between the scan and the sending: no
// word goes out after the change, and no letter is signed.
func TestStopsBeforeSending(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"handed in":  `update rectifications set state = 'submitted', submission = 1, submitted_at = '2026-10-22 10:00+08'`,
		"closed":     `update rectifications set state = 'closed', closed_on = '2026-10-22'`,
		"long-term":  `update rectifications set state = 'long-term', review_on = '2027-04-22'`,
		"extended":   `update rectifications set due_on = '2026-12-31', due_version = 2, due_set_at = '2026-10-22 10:00+08'`,
		"held":       `update rectifications set hold_reason = '等上级答复'`,
		"returned":   `update rectifications set state = 'returned', returned_at = '2026-10-22 10:00+08'`,
		"taken back": `update rectifications set withdrawn_at = '2026-10-22 10:00+08'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLadders(t, "2026-10-22")
			l.reachable(l.As(l.office, tenants.UNIT, l.unit), "unit@example.org")
			director := l.reachable(l.As(l.office, tenants.DIR), "director@example.org")
			l.item("2026-10-15")
			l.scan()
			waiting := tenantstest.Must(l.letters.Waiting(t.Context(), director))(t)
			if n := tenantstest.RootValue[int](l.House, `select count(*) from messages`); n != 2 || len(waiting) != 1 {
				t.Fatalf("%d messages and %d letters wait, want 2 and 1: the test would show nothing", n, len(waiting))
			}
			l.Root(change)
			later := l.watch.now().Add(2 * time.Hour)
			l.watch.at.Store(&later)
			if err := l.outbox.Send(t.Context(), tenants.ForJob(l.office, "mail")); err != nil {
				t.Fatal(err)
			}
			for _, m := range l.mails.list() {
				if name != "returned" || m.Kind != rectification.AboutSignatures { // its letter is still the director's to sign
					t.Errorf("a mail went out: %s", m.Subject)
				}
			}
			if name == "returned" {
				return
			}
			if left := tenantstest.Must(l.letters.Waiting(t.Context(), director))(t); len(left) != 0 {
				t.Errorf("%d letters still wait", len(left))
			}
		})
	}
}
