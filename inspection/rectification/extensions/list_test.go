package extensions_test

import (
	"errors"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// lines are items of a list that asks for the same day.
func lines(t *testing.T, until string, cases ...rectification.Case) (all []extensions.ItemLine) {
	t.Helper()
	for _, c := range cases {
		all = append(all, extensions.ItemLine{Item: c.ID, UntilOn: tenantstest.Day(t, until)})
	}
	return all
}

// TestList: three items are asked for in one list, the head signs once what was shown,
// and each is decided by itself.
func TestList(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	a, fileA := h.working(t)
	b, _ := h.working(t)
	c, _ := h.working(t)
	asking := extensions.ListAsking{Reason: "汛期停工，工期顺延。", Items: lines(t, "2026-12-31", a, b, c)}
	asking.Items[1].Reason = "招标流标一次。"
	_, err := h.AskList(ctx, h.off, asking)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	l := tenantstest.Must(h.AskList(ctx, h.liaison, asking))(t)
	if len(l.Requests) != 3 || l.Requests[1].Reason != "招标流标一次。" || l.Requests[2].Reason != asking.Reason || l.Sign || l.Digest == "" {
		t.Fatalf("list = %+v", l)
	}
	if e := l.Requests[0].Evidence; len(e) != 1 || e[0] != fileA {
		t.Errorf("without files named it rests on %v", e)
	}
	_, err = h.Sign(ctx, h.head, l.Requests[0].ID, l.Requests[0].Version, promised(l.Requests[0]))
	tenantstest.Wants(t, err, inspection.Conflict, "extension.in-list")
	h.Do(h.db(), h.head, func(tx *tenants.Tx) error {
		tasks, err := h.Tasks(ctx, tx)
		if len(tasks) != 1 || tasks[0].Kind != "extension-list" || tasks[0].Verb != "签署" {
			t.Errorf("the head has to %+v", tasks)
		}
		return err
	})

	// One is taken back after the head looked: what was shown is not there any more.
	seen := tenantstest.Must(h.List(ctx, h.head, l.ID))(t)
	tenantstest.Must(h.Withdraw(ctx, h.liaison, l.Requests[2].ID, l.Requests[2].Version, "可以按期完成"))(t)
	_, err = h.SignList(ctx, h.head, l.ID, seen.Version, extensions.Signing{Promise: promise, Digest: seen.Digest})
	tenantstest.Wants(t, err, inspection.Stale, "extension.stale")
	now := tenantstest.Must(h.List(ctx, h.head, l.ID))(t)
	signing := extensions.Signing{Promise: promise, Digest: now.Digest}
	_, err = h.SignList(ctx, h.liaison, l.ID, now.Version, signing)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	signed := tenantstest.Must(h.SignList(ctx, h.head, l.ID, now.Version, signing))(t)
	if signed.Digest != now.Digest || signed.SignedBy != h.head.Name() || signed.Sign || signed.Requests[0].State != extensions.Signed ||
		signed.Requests[2].State != extensions.Withdrawn {
		t.Errorf("signed = %+v", signed)
	}
	_, err = h.SignList(ctx, h.head, l.ID, signed.Version, signing)
	tenantstest.Wants(t, err, inspection.Conflict, "extension.list-signed")

	// Decided one by one.
	tenantstest.Must(h.Approve(ctx, h.dir, signed.Requests[0].ID, signed.Requests[0].Version, extensions.Deciding{Note: "情况属实"}))(t)
	tenantstest.Must(h.Refuse(ctx, h.dir, signed.Requests[1].ID, signed.Requests[1].Version, "应提前谋划"))(t)
	if got := *h.read(t, a.ID).DueOn; got != tenantstest.Day(t, "2026-12-31") {
		t.Errorf("approved, and due on %s", got)
	}
	if got := *h.read(t, b.ID).DueOn; got != tenantstest.Day(t, "2026-12-15") {
		t.Errorf("refused, and due on %s", got)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where action in ('extension.sign', 'extension.sign-list')`); n != 3 {
		t.Errorf("%d entries about the signature, want two items' and the list's", n)
	}
	try := func(s tenants.Scope, want bool) {
		t.Helper()
		err := h.db().In(ctx, s, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(ctx, `update extension_lists set promise = 'x' where id = $1`, l.ID)
			if err == nil && tag.RowsAffected() == 0 {
				return inspection.Errorf(inspection.NotFound, "none", "")
			}
			return err
		})
		if (err == nil) != want {
			t.Errorf("what was signed is changed: %v, want allowed %t", err, want)
		}
	}
	try(h.head, false)
	other := tenantstest.Must(h.AskList(ctx, h.liaison, extensions.ListAsking{Reason: "工期顺延。", Items: lines(t, "2026-12-31", c)}))(t)
	l.ID = other.ID
	try(h.head, true)
}

// TestListAllOrNone: where one item cannot be asked for nothing is, and the answer names
// each.
func TestListAllOrNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	a, file := h.working(t)
	b, _ := h.working(t)
	r := h.signed(t, later(t, "2026-12-31", file), a.ID)
	tenantstest.Must(h.Approve(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"}))(t)
	asking := extensions.ListAsking{Reason: "工期顺延。", Items: append(lines(t, "2027-01-31", a), lines(t, "2026-12-10", b)...)}
	_, err := h.AskList(ctx, h.liaison, asking)
	tenantstest.Wants(t, err, inspection.Invalid, "extension.invalid")
	if e, ok := errors.AsType[*inspection.Error](err); !ok || len(e.Fields) != 2 || e.Fields[0].Code != "extension.limit" || e.Fields[1].Pointer != "/items/1" {
		t.Errorf("%+v", e)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from extension_lists`); n != 0 {
		t.Errorf("%d lists stand", n)
	}
	if c := h.read(t, b.ID); len(c.Flags) != 0 {
		t.Errorf("marked %v though nothing was asked for", c.Flags)
	}
	_, err = h.AskList(ctx, h.liaison, extensions.ListAsking{Reason: "x", Items: make([]extensions.ItemLine, 31)})
	tenantstest.Wants(t, err, inspection.Invalid, "extension.list-size")
	for _, s := range []tenants.Scope{h.As(h.County[0][1], tenants.DIR), h.As(h.office, tenants.HEAD, h.Unit(h.office, "县教育局党组"))} {
		l := tenantstest.Must(h.AskList(ctx, h.liaison, extensions.ListAsking{Reason: "x", Items: lines(t, "2026-12-31", b)}))(t)
		_, err = h.List(ctx, s, l.ID)
		tenantstest.Wants(t, err, inspection.NotFound, "not-found")
		for _, r := range l.Requests {
			tenantstest.Must(h.Withdraw(ctx, h.liaison, r.ID, r.Version, "撤回"))(t)
		}
	}
}

// TestListSignedWhileOneIsTakenBack signs a list while a colleague takes one of its
// requests back: what is withdrawn stays withdrawn, and nothing is signed that was not
// shown.
func TestListSignedWhileOneIsTakenBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	a, _ := h.working(t)
	b, _ := h.working(t)
	l := tenantstest.Must(h.AskList(ctx, h.liaison, extensions.ListAsking{Reason: "汛期停工。", Items: lines(t, "2026-12-31", a, b)}))(t)
	seen := tenantstest.Must(h.List(ctx, h.head, l.ID))(t)
	gone := l.Requests[1].ID
	root := h.RootConn()
	tx := tenantstest.Must(root.Begin(ctx))(t)
	defer func() { _ = tx.Rollback(ctx) }()
	tenantstest.Must(tx.Exec(ctx, `
		update extensions set state = 'withdrawn', note = '可以按期完成', ended_by = '同事', ended_at = now(), version = version + 1
		where id = $1`, gone))(t)
	done := make(chan error, 1)
	go func() {
		_, err := h.SignList(ctx, h.head, l.ID, seen.Version, extensions.Signing{Promise: promise, Digest: seen.Digest})
		done <- err
	}()
	for waits := false; !waits && len(done) == 0; {
		err := tx.QueryRow(ctx, `
			select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`).Scan(&waits)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	tenantstest.Wants(t, <-done, inspection.Stale, "extension.stale")
	now := tenantstest.Must(h.List(ctx, h.head, l.ID))(t)
	if r := now.Requests[1]; r.ID != gone || r.State != extensions.Withdrawn || now.Requests[0].State != extensions.Asked || now.SignedAt != nil {
		t.Fatalf("after both: %+v", now)
	}
	signed := tenantstest.Must(h.SignList(ctx, h.head, l.ID, now.Version, extensions.Signing{Promise: promise, Digest: now.Digest}))(t)
	if signed.Requests[0].State != extensions.Signed || signed.Requests[1].State != extensions.Withdrawn {
		t.Errorf("signed = %+v", signed)
	}
}
