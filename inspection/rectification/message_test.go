package rectification_test

import (
	"context"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestDelivery: what the server says decides what becomes of a message; only one
// that the server did not take is tried again.
func TestDelivery(t *testing.T) {
	t.Parallel()
	tests := []struct {
		answer rectification.DeliveryResult
		state  string
		tries  int // when the sender is called again and the wait is over
	}{
		{rectification.Accepted, "sent", 1},
		{rectification.Lost, "unknown", 1},
		{rectification.Refused, "failed", 1},
		{rectification.Deferred, "ready", 2},
	}
	for _, tt := range tests {
		t.Run(string(tt.answer), func(t *testing.T) {
			t.Parallel()
			l := newLadders(t, "2026-10-15")
			l.mails.answer = tt.answer
			l.reachable(l.As(l.office, tenants.UNIT, l.unit), "unit@example.org")
			l.item("2026-10-15")
			l.scan()
			send := func() {
				if err := l.outbox.Send(t.Context(), tenants.ForJob(l.office, "mail")); err != nil {
					t.Fatal(err)
				}
			}
			send()
			send()
			if n := len(l.mails.list()); n != 1 {
				t.Errorf("%d attempts at once, want 1", n)
			}
			if got := tenantstest.RootValue[string](l.House, `select state from messages`); got != tt.state {
				t.Errorf("the message is %s, want %s", got, tt.state)
			}
			l.Root(`update messages set not_before = now()`)
			send()
			mails := l.mails.list()
			if len(mails) != tt.tries {
				t.Errorf("%d attempts, want %d", len(mails), tt.tries)
			}
			if mails[0].ID != mails[len(mails)-1].ID {
				t.Error("another attempt has another Message-ID")
			}
		})
	}
}

// TestLostAttempt: an attempt whose worker died becomes unknown and is not
// repeated; the worker that wakes up late changes nothing; a person decides.
func TestLostAttempt(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-15")
	l.reachable(l.As(l.office, tenants.UNIT, l.unit), "unit@example.org")
	l.item("2026-10-15")
	l.scan()
	job := tenants.ForJob(l.office, "mail")
	inside, wake := make(chan struct{}), make(chan struct{})
	l.outbox.Deliver = func(context.Context, tenants.Tenant, rectification.Message) rectification.Delivery {
		close(inside)
		<-wake
		return rectification.Delivery{Result: rectification.Accepted}
	}
	zombie := make(chan error)
	go func() { zombie <- l.outbox.Send(context.Background(), job) }()
	<-inside
	state := func() string { return tenantstest.RootValue[string](l.House, `select state from messages`) }
	if state() != "attempting" {
		t.Fatalf("the message is %s", state())
	}
	other := &rectification.Outbox{DB: l.Jobs, Clock: l.watch.now, Deliver: l.mails.deliver}
	send := func() {
		if err := other.Send(t.Context(), job); err != nil {
			t.Fatal(err)
		}
	}
	send()
	if state() != "attempting" {
		t.Fatalf("an attempt under way became %s", state())
	}
	l.Root(`update messages set tried_at = now() - interval '3 minutes'`)
	send()
	if state() != "unknown" || len(l.mails.list()) != 0 {
		t.Fatalf("the message is %s after %d more attempts", state(), len(l.mails.list()))
	}
	close(wake)
	if err := <-zombie; err != nil {
		t.Fatal(err)
	}
	if state() != "unknown" {
		t.Errorf("the late worker made it %s", state())
	}

	// A person sees it, and decides.
	office := l.As(l.office, tenants.OFF)
	box := l.letters.Outbox
	seen, err := box.Messages(t.Context(), office, []rectification.MessageState{rectification.MessageUnknown})
	if err != nil || len(seen) != 1 {
		t.Fatalf("a person sees %d messages, %v", len(seen), err)
	}
	unit := l.As(l.office, tenants.UNIT, l.unit)
	if _, err := box.Decide(t.Context(), unit, seen[0].ID, seen[0].Version, rectification.ResendMessage); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("a unit decides: %v", err)
	}
	if _, err := box.Decide(t.Context(), office, seen[0].ID, 1, rectification.ResendMessage); inspection.KindOf(err) != inspection.Stale {
		t.Errorf("a stale decision: %v", err)
	}
	if _, err := box.Decide(t.Context(), office, seen[0].ID, seen[0].Version, rectification.ResendMessage); err != nil {
		t.Fatal(err)
	}
	send()
	if state() != "sent" || len(l.mails.list()) != 1 {
		t.Errorf("resent, the message is %s after %d attempts", state(), len(l.mails.list()))
	}
}
