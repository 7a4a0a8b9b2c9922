package rectification_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLetters(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-08")
	id := l.item("2026-10-15")
	office, director := l.As(l.office, tenants.OFF), l.As(l.office, tenants.DIR)
	unit := l.reachable(l.As(l.office, tenants.UNIT, l.unit), "unit@example.org")
	stranger := l.As(l.office, tenants.UNIT, l.Unit(l.office, "县教育局"))
	l.scan() // T-15 late, T-7 waits
	chain := func(s tenants.Scope) []rectification.Reminder {
		c, err := l.letters.Chain(t.Context(), s, id)
		if err != nil {
			t.Fatal(err)
		}
		return c.Sent
	}
	if n := len(chain(unit)); n != 1 {
		t.Errorf("the unit sees %d reminders before the signature, want 1", n)
	}
	if _, err := l.letters.Chain(t.Context(), stranger, id); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("another unit sees the chain: %v", err)
	}
	waiting, err := l.letters.Waiting(t.Context(), office)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d letters wait, %v", len(waiting), err)
	}
	letter := waiting[0]
	if _, err := l.letters.Sign(t.Context(), unit, []rectification.ToSign{{ID: letter.ID}}, ""); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the unit signs its own letter: %v", err)
	}
	signed, err := l.letters.Sign(t.Context(), office, []rectification.ToSign{{ID: letter.ID}, {ID: letter.ID}}, "")
	if err != nil {
		t.Fatal(err)
	}
	if want := "某巡办提〔2026〕1号"; signed[0].Number != want {
		t.Errorf("the letter is %q, want %q", signed[0].Number, want)
	}
	if signed[1].Reason == "" {
		t.Error("a letter was signed twice")
	}
	if n := len(chain(unit)); n != 2 {
		t.Errorf("the unit sees %d reminders after the signature, want 2", n)
	}
	if _, err := l.letters.Acknowledge(t.Context(), stranger, letter.ID, true); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("another unit signs for it: %v", err)
	}
	for range 2 {
		m, err := l.letters.Acknowledge(t.Context(), unit, letter.ID, true)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Receipts) != 1 || m.Receipts[0].SignedAt == nil {
			t.Errorf("receipts = %+v", m.Receipts)
		}
	}
	if n := tenantstest.RootValue[int](l.House, `select count(*) from journal where action = 'reminder.receipt'`); n != 1 {
		t.Errorf("%d receipts in the journal, want 1", n)
	}

	// The director's letters are the office's to see, but not to sign, and stop with the item.
	l.watch.set("2026-10-22")
	l.scan()
	waiting, err = l.letters.Waiting(t.Context(), office)
	if err != nil || len(waiting) != 1 || waiting[0].Signer != tenants.DIR || len(waiting[0].Allowed) != 0 {
		t.Errorf("the office sees the director's letters as %+v, %v", waiting, err)
	}
	for _, m := range waiting {
		if _, err := l.letters.Sign(t.Context(), office, []rectification.ToSign{{ID: m.ID}}, ""); inspection.KindOf(err) != inspection.Forbidden {
			t.Errorf("the office signs the director's letter: %v", err)
		}
	}
	for who, want := range map[tenants.Scope]int{office: 0, director: 1} {
		err := l.letters.DB.In(t.Context(), who, func(tx *tenants.Tx) error {
			tasks, err := l.letters.Tasks(t.Context(), tx)
			if len(tasks) != want {
				t.Errorf("%s has %d tasks, want %d", who.Role(), len(tasks), want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	waiting, err = l.letters.Waiting(t.Context(), director)
	if err != nil || len(waiting) != 1 || len(waiting[0].Allowed) == 0 {
		t.Fatalf("the director may sign %+v, %v", waiting, err)
	}
	l.Root(`update rectifications set state = 'submitted' where finding_id = $1`, id)
	signed, err = l.letters.Sign(t.Context(), director, []rectification.ToSign{{ID: waiting[0].ID}}, "")
	if err != nil || signed[0].Reason == "" {
		t.Errorf("a letter about an item that was handed in: %+v, %v", signed, err)
	}
}

func TestHold(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-14")
	id := l.item("2026-10-15")
	l.scan()
	before := l.ledger(id)
	director := l.As(l.office, tenants.DIR)
	if _, err := l.letters.Hold(t.Context(), l.As(l.office, tenants.OFF), id, 1, "等上级答复"); inspection.KindOf(err) != inspection.Forbidden {
		t.Errorf("the office holds: %v", err)
	}
	if _, err := l.letters.Hold(t.Context(), director, id, 7, "等上级答复"); inspection.KindOf(err) != inspection.Stale {
		t.Errorf("a stale version holds: %v", err)
	}
	c, err := l.letters.Hold(t.Context(), director, id, 1, "等上级答复")
	if err != nil {
		t.Fatal(err)
	}
	if c.Running || c.HoldReason == "" {
		t.Errorf("the chain still runs: %+v", c)
	}
	for _, day := range []string{"2026-10-15", "2026-10-16", "2026-10-22"} {
		l.watch.set(day)
		l.scan()
	}
	if got := l.ledger(id); got != before {
		t.Errorf("reminders while held: %q", got)
	}
	l.watch.set("2026-10-23")
	if _, err := l.letters.Release(t.Context(), director, id, c.Version); err != nil {
		t.Fatal(err)
	}
	l.scan()
	if got, want := l.ledger(id), before+", T skipped, T+1 skipped, T+7 waiting"; got != want {
		t.Errorf("the ledger holds %q, want %q", got, want)
	}
}

// TestRemindersAbove: the level above reads what was sent, not what waits, writes
// nothing, and its look is logged below.
func TestRemindersAbove(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-15")
	id := l.item("2026-10-15")
	l.scan()
	city := l.As(l.City[0], tenants.CITY)
	below, err := city.Below(l.office)
	if err != nil {
		t.Fatal(err)
	}
	c, err := l.letters.Chain(t.Context(), below, id)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sent) != 2 || len(c.Coming) != 0 {
		t.Errorf("the city sees %d sent and %d coming, want 2 and 0", len(c.Sent), len(c.Coming))
	}
	n := tenantstest.RootValue[int](l.House, `select count(*) from journal where tenant_id = $1 and action = 'reminder.read-above'`, l.office.ID)
	if n != 1 {
		t.Errorf("%d looks are logged below, want 1", n)
	}
	sibling := l.As(l.County[0][1], tenants.DIR)
	if _, err := l.letters.Chain(t.Context(), sibling, id); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("a sibling sees the chain: %v", err)
	}
	if _, err := l.letters.Acknowledge(t.Context(), below, c.Sent[0].ID, false); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the city acknowledges: %v", err)
	}
}
