package directives_test

import (
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification/directives"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	tenantstest.Life(t, tenantstest.New(t), directives.Life(), "directives_state", "testdata/directive.mmd")
}

// TestWay goes the whole way: assigned, answered, returned, answered again, closed. Who
// has nothing to do with it sees nothing, and each side writes its own columns alone.
func TestWay(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ctx := t.Context()
	s := &directives.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
	office := h.County[0][0]
	unit := h.Unit(office, "县水务局党组")
	off, dir, head := h.As(office, tenants.OFF), h.As(office, tenants.DIR), h.As(office, tenants.HEAD, unit)
	a := directives.Assigning{
		Unit: unit, Meeting: "县委书记专题会议", MeetingOn: tenantstest.Day(t, "2026-11-12"), Person: "县水务局局长", Matter: "采砂监管整改要有时间表。", DueOn: tenantstest.Day(t, "2026-12-10"),
	}
	for name, change := range map[string]func(*directives.Assigning){
		"nobody":           func(a *directives.Assigning) { a.Person = " " },
		"nothing":          func(a *directives.Assigning) { a.Matter = "" },
		"no meeting":       func(a *directives.Assigning) { a.Meeting = "" },
		"a meeting ahead":  func(a *directives.Assigning) { a.MeetingOn = s.Clock.Today() + 1 },
		"today":            func(a *directives.Assigning) { a.DueOn = s.Clock.Today() },
		"a strange unit":   func(a *directives.Assigning) { a.Unit = h.Unit(h.County[0][1], "县水务局党组") },
		"far in the years": func(a *directives.Assigning) { a.DueOn += 9999 },
	} {
		wrong := a
		change(&wrong)
		if _, err := s.Assign(ctx, off, wrong); inspection.CodeOf(err) != "directive.invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := s.Assign(ctx, head, a)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	d := tenantstest.Must(s.Assign(ctx, off, a))(t)

	tasks := func(who tenants.Scope, want int) {
		t.Helper()
		h.Do(h.DB, who, func(tx *tenants.Tx) error {
			got, err := s.Tasks(ctx, tx)
			if len(got) != want {
				t.Errorf("%s has %d tasks, want %d", who.Role(), len(got), want)
			}
			return err
		})
	}
	tasks(head, 1)
	tasks(dir, 0)
	do := func(who tenants.Scope, act directives.Action, text string) {
		t.Helper()
		d = tenantstest.Must(s.Do(ctx, who, d.ID, d.Version, act, text))(t)
	}
	do(head, directives.Answer, "已制定时间表。")
	tasks(head, 0)
	tasks(dir, 1)
	do(off, directives.Return, "请写明每一步的负责人。")
	do(head, directives.Answer, "已写明负责人。")
	_, err = s.Do(ctx, off, d.ID, d.Version, directives.Close, "已办结。")
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	_, err = s.Do(ctx, dir, d.ID, d.Version-1, directives.Close, "已办结。")
	tenantstest.Wants(t, err, inspection.Stale, "directive.stale")
	_, err = s.Do(ctx, dir, d.ID, d.Version, directives.Close, " ")
	tenantstest.Wants(t, err, inspection.Invalid, "directive.invalid")
	s.Clock = inspection.ClockAt(tenantstest.Now.Add(10 * time.Minute))
	_, err = s.Do(ctx, dir, d.ID, d.Version, directives.Close, "已办结。")
	tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	s.Clock = inspection.ClockAt(tenantstest.Now)

	for who, want := range map[*tenants.Scope]int{&off: 1, &head: 1} {
		if all := tenantstest.Must(s.List(ctx, *who))(t); len(all) != want {
			t.Errorf("%s sees %d, want %d", who.Role(), len(all), want)
		}
	}
	for who, stranger := range map[string]tenants.Scope{
		"another unit": h.As(office, tenants.HEAD, h.Unit(office, "县教育局党组")), "another county": h.As(h.County[0][1], tenants.DIR),
		"the city": h.As(h.City[0], tenants.CITY), "another city": h.As(h.City[1], tenants.CITY),
	} {
		n := -1
		h.Do(h.DB, stranger.Wide(), func(tx *tenants.Tx) error {
			return tx.QueryRow(ctx, `select count(*) from directives`).Scan(&n)
		})
		_, err := s.Do(ctx, stranger, d.ID, d.Version, directives.Return, "看看")
		if all := tenantstest.Must(s.List(ctx, stranger))(t); len(all) != 0 || n != 0 || inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s sees %d and %d, %v", who, len(all), n, err)
		}
	}
	try := func(who tenants.Scope, set string, want bool) {
		t.Helper()
		undo := inspection.Errorf(inspection.Conflict, "undo", "")
		err := h.DB.In(ctx, who, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(ctx, `update directives set `+set+` where id = $1`, d.ID)
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 0 {
				return inspection.Errorf(inspection.NotFound, "none", "")
			}
			return undo
		})
		if (inspection.CodeOf(err) == "undo") != want {
			t.Errorf("%s: %s: %v, want allowed %t", who.Role(), set, err, want)
		}
	}
	try(head, `answer = 'x'`, true)
	try(head, `note = 'x'`, false)
	try(head, `due_on = due_on + 1`, false)
	try(head, `state = 'closed'`, false)
	try(dir, `note = 'x'`, true)
	try(dir, `answer = 'x'`, false)
	try(dir, `matter = 'x'`, false)
	do(dir, directives.Close, "时间表可行，办结。")
	try(dir, `note = 'y'`, false)
	if d.State != directives.Closed || len(d.Allowed) != 0 {
		t.Errorf("closed: %+v", d)
	}
	for action, want := range map[string]int{"directive.assign": 1, "directive.answer": 2, "directive.return": 1, "directive.close": 1} {
		if n := tenantstest.RootValue[int](h, `select count(*) from journal where action = $1`, action); n != want {
			t.Errorf("%d entries of %s, want %d", n, action, want)
		}
	}
	d = tenantstest.Must(s.Assign(ctx, off, a))(t)
	do(dir, directives.Withdraw, "会议记录有误。")
	if d.State != directives.Withdrawn {
		t.Errorf("withdrawn: %+v", d)
	}
}
