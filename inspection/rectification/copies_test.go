package rectification_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestCopies: who is named as a recipient and did not sign gets a copy, which is no
// task; marking it is one's own.
func TestCopies(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-22")
	item := l.item("2026-10-15")
	l.Root(`update rectifications set due_set_at = '2026-07-01'`)
	l.scan() // T+7 waits for the director; it goes to the unit and to the office's people
	officer, another := l.As(l.office, tenants.OFF), l.As(l.office, tenants.OFF)
	director, unit := l.As(l.office, tenants.DIR), l.As(l.office, tenants.UNIT, l.unit)
	copies := func(s tenants.Scope) []rectification.Copy {
		t.Helper()
		return tenantstest.Must(l.letters.Copies(t.Context(), s))(t)
	}
	if n := len(copies(officer)); n != 0 {
		t.Fatalf("%d copies before anything was signed", n)
	}
	var ids []inspection.ReminderID
	var letters []rectification.ToSign
	for _, m := range tenantstest.Must(l.letters.Waiting(t.Context(), director))(t) {
		if m.Finding == item && m.Title == "督办通知书" {
			ids, letters = append(ids, m.ID), append(letters, rectification.ToSign{ID: m.ID})
		}
	}
	tenantstest.Must(l.letters.Sign(t.Context(), director, letters, ""))(t)
	got := copies(officer)
	if len(got) != 1 || got[0].Title != "督办通知书" || got[0].ReadAt != nil || got[0].SentBy != director.Name() {
		t.Fatalf("the officer's copies: %+v", got)
	}
	if err := l.letters.ReadCopies(t.Context(), officer, ids); err != nil {
		t.Fatal(err)
	}
	if got := copies(officer); got[0].ReadAt == nil {
		t.Error("it is not marked")
	}
	if got := copies(another); got[0].ReadAt != nil {
		t.Error("another officer's is marked, too")
	}
	tenantstest.Wants(t, l.letters.ReadCopies(t.Context(), director, ids), inspection.Conflict, "reminder.no-copy")
	tenantstest.Wants(t, l.letters.ReadCopies(t.Context(), unit, ids), inspection.Conflict, "reminder.no-copy")
	tenantstest.Wants(t, l.letters.ReadCopies(t.Context(), l.As(l.County[0][1], tenants.OFF), ids), inspection.NotFound, "not-found")
	// The admonition is for the director's information, too, who signs it himself.
	l.watch.set("2026-10-30")
	l.scan()
	for _, m := range tenantstest.Must(l.letters.Waiting(t.Context(), director))(t) {
		tenantstest.Must(l.letters.Sign(t.Context(), director, []rectification.ToSign{{ID: m.ID}}, ""))(t)
	}
	if got := copies(director); len(got) != 0 {
		t.Errorf("who signed has copies: %+v", got)
	}
	_, err := l.letters.Copies(t.Context(), unit)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
}
