package rectification_test

import (
	"slices"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestReopenEndsHold reopens an item that was closed while its reminders were held: they
// run again, and the journal says so once.
func TestReopenEndsHold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ladder := &rectification.Reminders{DB: h.DB, Clock: h.cases.Clock, Calendar: h.cases.Calendar}
	c := h.working(t)
	held := tenantstest.Must(ladder.Hold(t.Context(), h.dir, c.ID, h.read(t, c.ID).Version, "等待判决"))(t)
	c = tenantstest.Must(h.cases.Submit(t.Context(), h.head, c.ID, held.Version, rectification.Handing{Statement: "两项措施均已完成。"}))(t)
	for _, by := range []tenants.Scope{h.disc, h.off} {
		tenantstest.Must(h.cases.Give(t.Context(), by, c.ID, opinion(c, rectification.Agree)))(t)
	}
	c = tenantstest.Must(h.cases.Accept(t.Context(), h.dir, c.ID, h.read(t, c.ID).Version, rectification.Accepting{}))(t)
	again := rectification.Reopening{Reason: "现场核查为假整改。", DueOn: tenantstest.Day(t, "2026-12-21")}
	c = tenantstest.Must(h.cases.Reopen(t.Context(), h.dir, c.ID, c.Version, again))(t)
	chain := tenantstest.Must(ladder.Chain(t.Context(), h.off, c.ID))(t)
	if !chain.Running || chain.HoldReason != "" || len(chain.Coming) == 0 || chain.Version != c.Version {
		t.Errorf("after the reopening: %+v", chain)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*)::int from reminder_holds where until_at is null`); n != 0 {
		t.Errorf("%d holds go on", n)
	}
	acts := h.journal(t, h.off, c.ID)
	if n := len(slices.DeleteFunc(acts, func(a string) bool { return a != "reminder.release" })); n != 1 {
		t.Errorf("%d entries that the hold ended, want 1", n)
	}
	other := h.closed(t)
	tenantstest.Must(h.cases.Reopen(t.Context(), h.dir, other.ID, other.Version, again))(t)
	if slices.Contains(h.journal(t, h.off, other.ID), "reminder.release") {
		t.Error("what was not held is released")
	}
}

// TestReopenReason is how long a reason may be: of a person 2000 characters, and of
// another room as many behind its own words.
func TestReopenReason(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.closed(t)
	again := func(n int) rectification.Reopening {
		return rectification.Reopening{Reason: strings.Repeat("问", n), DueOn: tenantstest.Day(t, "2026-12-21")}
	}
	_, err := h.cases.Reopen(t.Context(), h.dir, c.ID, c.Version, again(2001))
	tenantstest.Wants(t, err, inspection.Invalid, "rectification.invalid")
	composed := func(n int) error {
		return h.In(t.Context(), h.dir, func(tx *tenants.Tx) error {
			_, err := h.cases.ReopenIn(t.Context(), tx, c.ID, again(n))
			return err
		})
	}
	tenantstest.Wants(t, composed(2101), inspection.Invalid, "rectification.invalid")
	if err := composed(2100); err != nil {
		t.Errorf("what another room composed: %v", err)
	}
}
