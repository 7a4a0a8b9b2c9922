package rectification_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// A watch is a clock that tests move.
type watch struct{ at atomic.Pointer[time.Time] }

func newWatch(day string) *watch {
	w := &watch{}
	w.set(day)
	return w
}

// set puts the watch at nine in the morning of day.
func (w *watch) set(day string) {
	at, err := time.ParseInLocation(time.DateOnly, day, inspection.Zone)
	if err != nil {
		panic(err)
	}
	at = at.Add(9 * time.Hour)
	w.at.Store(&at)
}

func (w *watch) now() time.Time { return *w.at.Load() }

// ladders is one office with a unit, its people, and the ladder that runs there.
type ladders struct {
	*tenantstest.House
	t      testing.TB
	watch  *watch
	office tenants.Tenant
	unit   inspection.UnitID
	round  inspection.RoundID

	reminders *rectification.Reminders // as the jobs do
	letters   *rectification.Reminders // as the workbench does
	outbox    *rectification.Outbox
	mails     *mailbox
}

// A mailbox is a mail server that answers as it is told.
type mailbox struct {
	sync.Mutex
	got    []rectification.Message
	answer rectification.DeliveryResult
}

func (m *mailbox) deliver(_ context.Context, _ tenants.Tenant, msg rectification.Message) rectification.Delivery {
	m.Lock()
	defer m.Unlock()
	m.got = append(m.got, msg)
	return rectification.Delivery{Result: m.answer}
}

func (m *mailbox) list() []rectification.Message {
	m.Lock()
	defer m.Unlock()
	return m.got
}

func newLadders(t testing.TB, day string) *ladders {
	t.Helper()
	h := tenantstest.New(t)
	l := &ladders{House: h, t: t, watch: newWatch(day), office: h.County[0][0], mails: &mailbox{answer: rectification.Accepted}}
	l.unit, l.round = h.Unit(l.office, "县农业农村局"), h.Round(l.office)
	cal := inspection.PublishedCalendar()
	l.outbox = &rectification.Outbox{DB: h.Jobs, Clock: l.watch.now, Deliver: l.mails.deliver}
	l.reminders = &rectification.Reminders{DB: h.Jobs, Clock: l.watch.now, Calendar: cal, Outbox: l.outbox}
	l.letters = &rectification.Reminders{
		DB: h.DB, Clock: l.watch.now, Calendar: cal,
		Outbox: &rectification.Outbox{DB: h.DB, Clock: l.watch.now, Deliver: l.mails.deliver},
	}
	return l
}

// item makes an issued finding that is being put right and due on a day.
func (l *ladders) item(due string) inspection.FindingID {
	l.t.Helper()
	return itemOf(l.House, l.office, l.round, l.unit, due)
}

func itemOf(h *tenantstest.House, office tenants.Tenant, round inspection.RoundID, unit inspection.UnitID, due string) inspection.FindingID {
	id := inspection.NewID[inspection.FindingID]()
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		select $1, $2, 'KA-05-01-' || lpad((count(*) + 1)::text, 3, '0'), $3, $4, count(*) + 1, 1, '某问题', '2026-07-10 09:00+08', '2026-07-10'
		from findings where tenant_id = $1`, office.ID, id, round, unit)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, due_set_at, issued_at)
		values ($1, $2, $3, 'working', $4, '2026-07-10 09:00+08', '2026-07-10 09:00+08')`, office.ID, id, unit, due)
	return id
}

// reachable gives the member who acts in s an address.
func (l *ladders) reachable(s tenants.Scope, email string) tenants.Scope {
	l.t.Helper()
	l.Root(`update members set email = $2 where id = $1`, s.Member(), email)
	return s
}

func (l *ladders) scan() {
	l.t.Helper()
	if err := l.reminders.Scan(context.Background(), tenants.ForJob(l.office, "remind")); err != nil {
		l.t.Error(err)
	}
}

// ledger lists what the ledger holds of an item, in the order of the ladder.
func (l *ladders) ledger(id inspection.FindingID) string {
	l.t.Helper()
	return tenantstest.RootValue[string](l.House, `
		select coalesce(string_agg(rung || ' ' || state || case when late then ' late' else '' end, ', ' order by due_version, planned_on, rung), '')
		from reminders where finding_id = $1`, id)
}

func TestReminders(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-09-29")
	id := l.item("2026-10-15")
	l.reachable(l.As(l.office, tenants.UNIT, l.unit), "unit@example.org")
	for _, step := range []struct{ day, ledger string }{
		{"2026-09-29", ""},
		{"2026-09-30", "T-15 sent"},
		{"2026-10-01", "T-15 sent"},
		{"2026-10-08", "T-15 sent, T-7 waiting"},
		{"2026-10-08", "T-15 sent, T-7 waiting"},
		{"2026-10-15", "T-15 sent, T-7 waiting, T sent"},
	} {
		l.watch.set(step.day)
		l.scan()
		l.scan() // twice is once
		if got := l.ledger(id); got != step.ledger {
			t.Fatalf("on %s the ledger holds %q, want %q", step.day, got, step.ledger)
		}
	}
	if err := l.outbox.Send(t.Context(), tenants.ForJob(l.office, "mail")); err != nil {
		t.Fatal(err)
	}
	mails := l.mails.list()
	if len(mails) != 2 {
		t.Fatalf("%d mails went out, want one on 30 September and one on 15 October", len(mails))
	}
	if want := "你有 1 件整改事项今天到期，请登录查看。"; !strings.Contains(mails[1].Body, want) {
		t.Errorf("mail says %q, want %q", mails[1].Body, want)
	}
	if strings.Contains(mails[1].Body, "某问题") {
		t.Error("the mail carries content")
	}
}

// TestReminderCatchUp: a service that stood still makes up for each rung once and
// writes one mail per person.
func TestReminderCatchUp(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-09-30")
	head := l.reachable(l.As(l.office, tenants.HEAD, l.unit), "head@example.org")
	_ = head
	var ids []inspection.FindingID
	for range 10 {
		ids = append(ids, l.item("2026-10-15"))
	}
	l.scan()
	l.watch.set("2026-10-23") // three weeks without a scan
	l.scan()
	l.scan()
	want := "T-15 sent, T-7 waiting late, T sent late, T+1 sent late, T+7 waiting late"
	for _, id := range ids {
		if got := l.ledger(id); got != want {
			t.Fatalf("the ledger holds %q, want %q", got, want)
		}
	}
	if err := l.outbox.Send(t.Context(), tenants.ForJob(l.office, "mail")); err != nil {
		t.Fatal(err)
	}
	if n := len(l.mails.list()); n != 1 {
		t.Errorf("%d mails to one person for one scan, want 1", n)
	}
	if body := l.mails.list()[0].Body; !strings.Contains(body, "你有 10 件整改事项已逾期") {
		t.Errorf("mail says %q", body)
	}
}

// TestRemindersStop: the ladder stops when the item is handed in, and a message
// that is already written is not sent.
func TestRemindersStop(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-15")
	l.reachable(l.As(l.office, tenants.UNIT, l.unit), "unit@example.org")
	id := l.item("2026-10-15")
	l.scan()
	l.Root(`update rectifications set state = 'submitted', submission = 1, submitted_at = '2026-10-15 10:00+08' where finding_id = $1`, id)
	if err := l.outbox.Send(t.Context(), tenants.ForJob(l.office, "mail")); err != nil {
		t.Fatal(err)
	}
	if n := len(l.mails.list()); n != 0 {
		t.Errorf("%d mails about an item that was handed in", n)
	}
	if got := tenantstest.RootValue[string](l.House, `select state from messages`); got != "dropped" {
		t.Errorf("the message is %s, want dropped", got)
	}
	before := l.ledger(id)
	for _, day := range []string{"2026-10-16", "2026-10-22", "2026-10-26"} {
		l.watch.set(day)
		l.scan()
	}
	if got := l.ledger(id); got != before {
		t.Errorf("the ladder went on while handed in: %q", got)
	}
	// Returned on the 27th: the last rung that was passed by comes, and T+15 on its day.
	l.Root(`insert into submissions (tenant_id, finding_id, n, unit_id, statement, parties, due_on, due_calendar, due_provisional, by_name, at,
			outcome, decided_at) values ($1, $2, 1, $3, '已整改', '{DISC}', '2026-10-22', '', false, '尹某', '2026-10-15 10:00+08',
			'returned', '2026-10-27 09:00+08')`, l.office.ID, id, l.unit)
	l.Root(`update rectifications set state = 'returned', returned_at = '2026-10-27 09:00+08' where finding_id = $1`, id)
	l.watch.set("2026-10-27")
	l.scan()
	if got, want := l.ledger(id), before+", T+1 skipped, T+7 waiting"; got != want {
		t.Errorf("after the return %q, want %q", got, want)
	}
	l.watch.set("2026-10-30")
	l.scan()
	if got, want := l.ledger(id), before+", T+1 skipped, T+7 waiting, T+15 waiting"; got != want {
		t.Errorf("after the return %q, want %q", got, want)
	}
}

// TestExtension re-arms the ladder and does not repeat the old one.
func TestExtension(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-16")
	id := l.item("2026-10-15")
	l.scan()
	old := l.ledger(id)
	l.Root(`update rectifications set due_on = '2026-11-30', due_version = 2, due_set_at = '2026-10-16 10:00+08' where finding_id = $1`, id)
	l.scan()
	if got := l.ledger(id); got != old {
		t.Errorf("the day of the extension brought %q", got)
	}
	l.watch.set("2026-11-16") // T-15 of the new deadline is Sunday the 15th
	l.scan()
	if got, want := l.ledger(id), old+", T-15 sent"; got != want {
		t.Errorf("the ledger holds %q, want %q", got, want)
	}
}

// TestReminderClocks: a clock that jumps makes no reminder twice and loses none.
func TestReminderClocks(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-15")
	id := l.item("2026-10-15")
	for _, day := range []string{"2026-10-15", "2026-10-14", "2026-10-16", "2026-10-15", "2026-10-16", "2026-10-22", "2026-09-01", "2026-10-22"} {
		l.watch.set(day)
		l.scan()
	}
	want := "T-15 sent late, T-7 waiting late, T sent, T+1 sent, T+7 waiting"
	if got := l.ledger(id); got != want {
		t.Errorf("the ledger holds %q, want %q", got, want)
	}
}

// TestYearEnd: in a year without published working days the day stays, is marked,
// and somebody is told.
func TestYearEnd(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-12-25")
	id := l.item("2026-12-25")
	office := l.As(l.office, tenants.DIR)
	l.watch.set("2027-01-01") // T+7, a holiday that nobody has published yet
	l.scan()
	if got := tenantstest.RootValue[bool](l.House, `select provisional from reminders where finding_id = $1 and rung = 'T+7'`, id); !got {
		t.Error("the reminder is not marked as provisional")
	}
	var tasks []inspection.Task
	l.Do(l.DB, office, func(tx *tenants.Tx) (err error) {
		tasks, err = l.letters.Tasks(t.Context(), tx)
		return err
	})
	var verbs []string
	for _, task := range tasks {
		verbs = append(verbs, task.Verb+task.Kind)
	}
	if diff := cmp.Diff([]string{"签发reminder", "导入calendar"}, verbs); diff != "" {
		t.Errorf("the office is not told: %s", diff)
	}
}

// TestRemindersOnce lets four workers scan at once, and then one that saw nothing of
// what they wrote, as if it had looked before and slept since. It does so again without
// the ledger's key: the control must find doubles, or the test would prove nothing.
func TestRemindersOnce(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-30")
	for range 40 {
		l.item("2026-10-15")
	}
	late := l.blind()
	race := func() {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(l.scan)
		}
		wg.Wait()
		if _, err := late.Step(context.Background(), tenants.ForJob(l.office, "remind")); err != nil {
			t.Error(err)
		}
	}
	count := func(sql string) int { return tenantstest.RootValue[int](l.House, sql) }
	const doubles = `select count(*) from (select from reminders group by finding_id, due_version, rung having count(*) > 1) d`

	race()
	if n := count(doubles); n != 0 {
		t.Errorf("%d rungs were climbed twice", n)
	}
	if n := count(`select count(*) from reminders`); n != 40*6 {
		t.Errorf("%d reminders, want %d", n, 40*6)
	}
	if n := count(`select count(*) from journal where action = 'reminder.make'`); n != 40*6 {
		t.Errorf("%d entries in the journal, want %d", n, 40*6)
	}

	l.Root(`delete from reminders`)
	l.Root(`alter table reminders drop constraint reminders_pkey`)
	race()
	if n := count(doubles); n != 40*6 {
		t.Errorf("control: without the key every rung must be climbed twice, and %d were: the race above was none", n)
	}
}

// blind returns a worker that sees no reminder but its own, which it makes an hour
// later than the others.
func (l *ladders) blind() *rectification.Reminders {
	l.t.Helper()
	l.Root(`create policy blind on reminders as restrictive for select to xuncha_jobs
		using (current_setting('application_name') <> 'late' or made_at > '` + l.watch.now().Format(time.RFC3339) + `')`)
	pool, err := pgxpool.New(context.Background(), l.URL+" user=xuncha_jobs application_name=late")
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(pool.Close)
	late := *l.reminders
	late.Clock = func() time.Time { return l.watch.now().Add(time.Hour) }
	late.DB = tenants.NewDB(pool, late.Clock)
	return &late
}
