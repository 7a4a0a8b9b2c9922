package jobs_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/xuri/excelize/v2"
	"gocloud.dev/blob/fileblob"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// How the tests tell the worker that they kill what to do.
const (
	workerURL   = "XUNCHA_TEST_WORKER"
	workerFiles = "XUNCHA_TEST_WORKER_FILES"
	workerShift = "XUNCHA_TEST_WORKER_SHIFT" // of its clock
)

var cal = inspection.PublishedCalendar()

func clock() time.Time {
	shift, _ := time.ParseDuration(os.Getenv(workerShift)) // none in the test itself
	return tenantstest.Now.Add(shift)
}

// delivered is a mail server that takes everything.
func delivered(context.Context, tenants.Tenant, rectification.Message) rectification.Delivery {
	return rectification.Delivery{Result: rectification.Accepted}
}

// work is what a worker of these tests does.
func work(db *tenants.DB, folder string) (jobs.Deps, func(), error) {
	bucket, err := fileblob.OpenBucket(folder, &fileblob.Options{NoTempDir: true})
	if err != nil {
		return jobs.Deps{}, nil, err
	}
	cases := &rectification.Service{DB: db, Clock: clock, Calendar: cal, Files: files.NewStore(bucket)}
	imports := &rectification.Imports{DB: db, Clock: clock, Cases: cases}
	outbox := &rectification.Outbox{DB: db, Clock: clock, Deliver: delivered}
	reminders := &rectification.Reminders{DB: db, Clock: clock, Calendar: cal, Outbox: outbox}
	log := slog.New(slog.DiscardHandler)
	return jobs.Deps{
		Log:       log,
		Work:      []jobs.Work{jobs.RunsImports(db, imports)},
		Schedules: []jobs.Schedule{jobs.Every(time.Second, "remind", jobs.InTurns(db, log, "remind", reminders.Step))},
	}, func() { _ = bucket.Close() }, nil
}

// beWorker works until it is killed.
func beWorker() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	pool, err := pgxpool.New(ctx, os.Getenv(workerURL))
	if err != nil {
		return err
	}
	defer pool.Close()
	d, done, err := work(tenants.NewDB(pool, clock), os.Getenv(workerFiles))
	if err != nil {
		return err
	}
	defer done()
	c, err := jobs.New(pool, d)
	if err != nil {
		return err
	}
	if err := c.Start(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	return c.Stop(context.Background())
}

// victim starts a worker in a process of its own.
func victim(t testing.TB, h *tenantstest.House, folder string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	// What holds locks and does not move is let go of by the database, as in the service.
	cmd.Env = append(append(os.Environ(), workerURL+"="+h.URL+" user=xuncha_jobs idle_in_transaction_session_timeout=3000", workerFiles+"="+folder), env...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}

// aged lets the minutes pass after which an attempt without an end counts as
// dead. The attempts keep the time they have: on a slow machine a step takes
// seconds.
func aged(h *tenantstest.House) {
	h.Root(`update river.river_job set attempted_at = attempted_at - interval '10 minutes' where state = 'running'`)
}

// slow makes every look at a row of a table take time, so that a kill falls into
// the middle of work.
func slow(h *tenantstest.House, table string, each string) {
	h.Root(`create or replace function slow() returns boolean language plpgsql as 'begin perform pg_sleep(` + each + `); return true; end'`)
	h.Root(`grant execute on function slow() to xuncha_jobs`)
	h.Root(`create policy slow on ` + table + ` as restrictive for select to xuncha_jobs using (slow())`)
}

// scanning is whether a scan of the reminders is at work.
const scanning = `select exists (select from pg_stat_activity where datname = current_database() and usename = 'xuncha_jobs'
	and state = 'active' and query like '%from rectifications r%')`

// overdue gives an office 200 items with four rungs due each: T-15, T-7, T, and T+1,
// which is today.
func overdue(h *tenantstest.House, office tenants.Tenant) {
	unit, round := h.Unit(office, "县农业农村局"), h.Round(office)
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		select $1, gen_random_uuid(), 'KA-05-01-' || lpad(n::text, 3, '0'), $2, $3, n, 1, '某问题', '2026-07-10 09:00+08', '2026-07-10'
		from generate_series(1, 200) n`, office.ID, round, unit)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, due_set_at, issued_at)
		select tenant_id, id, unit_id, 'working', '2026-11-19', issued_at, issued_at from findings`)
}

// climbedOnce fails the test unless each rung of the overdue items was climbed once.
func climbedOnce(t testing.TB, h *tenantstest.House) {
	t.Helper()
	count := func(sql string) int { return tenantstest.RootValue[int](h, sql) }
	if n := count(`select count(*) from reminders`); n != 800 {
		t.Errorf("%d reminders, want 800", n)
	}
	if n := count(`select count(*) from (select from reminders group by finding_id, due_version, rung having count(*) > 1) d`); n != 0 {
		t.Errorf("%d rungs were climbed twice", n)
	}
	if n := count(`select count(*) from journal where action = 'reminder.make'`); n != 800 {
		t.Errorf("%d entries in the journal, want 800", n)
	}
}

// TestKilledLeader kills the only worker, which leads, in the middle of a scan,
// starts two others, and puts every scan in four times over: each item gets each
// of its rungs exactly once.
func TestKilledLeader(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	overdue(h, office)
	slow(h, "rectifications", "0.005")
	folder := t.TempDir()
	cmd := victim(t, h, folder)
	wait(t, "a scan", func() bool { return tenantstest.RootValue[bool](h, scanning) })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		d, done, err := work(h.Jobs, folder)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(done)
		start(t, h.Login("xuncha_jobs"), d)
	}
	for range 4 {
		h.Root(`insert into river.river_job (state, queue, kind, args, max_attempts) values ('available', 'scans', 'scan', '{"name": "remind"}', 1)`)
	}
	count := func(sql string) int { return tenantstest.RootValue[int](h, sql) }
	wait(t, "all reminders", func() bool { return count(`select count(*) from reminders`) >= 800 })
	led := func() bool { // the dead leader's lease has run out and somebody else scans by himself
		return count(`select count(*) from river.river_job where kind = 'scan' and state = 'completed' and created_at > now() - interval '5 seconds'`) > 1
	}
	wait(t, "a new leader", led)
	climbedOnce(t, h)
}

// TestKilledImport kills the worker in the middle of an import: another finishes
// it, and the result is the one of an import that nobody disturbed.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	unit, round := h.Unit(office, "某镇党委"), h.Round(office)
	folder := t.TempDir()
	off := h.As(office, tenants.OFF)
	rows, unfit := sized(300, 20_000), 40
	im := runImport(t, h, folder, off, rectification.NewImport{Unit: unit, Round: round, FeedbackOn: 0, Issue: true, Name: "台账.xlsx"}, rows, unfit)
	slow(h, "import_rows", "0.001")

	cmd := victim(t, h, folder)
	done := func() int { return tenantstest.RootValue[int](h, `select done from imports where id = $1`, im) }
	wait(t, "a part of the import", func() bool { return done() > 0 })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	aged(h)
	killedAt := done()
	if killedAt == rows {
		t.Fatal("the import ended before the worker was killed: the test shows nothing")
	}
	whole := func() {
		t.Helper()
		n := tenantstest.RootValue[int](h, `
			select count(*) from findings f where (select count(*) from measures m where m.finding_id = f.id) <> 2
				or not exists (select from rectifications r where r.finding_id = f.id)`)
		if n != 0 {
			t.Errorf("%d problems are half there", n)
		}
		n = tenantstest.RootValue[int](h, `select (select count(*) from findings) + (select count(*) from import_rows where result = 'rejected')`)
		if n != done() {
			t.Errorf("%d findings and rejected rows, %d rows done", n, done())
		}
	}
	whole()
	h.Root(`drop policy slow on import_rows`)
	d, closed, err := work(h.Jobs, folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closed)
	start(t, h.Login("xuncha_jobs"), d)
	wait(t, "the end of the import", func() bool {
		return tenantstest.RootValue[string](h, `select state from imports where id = $1`, im) == "done"
	})
	whole()
	if n := tenantstest.RootValue[int](h, `select count(distinct text) from findings`); n != rows-unfit {
		t.Errorf("%d problems, want %d", n, rows-unfit)
	}
	got := tenantstest.RootValue[string](h, `select concat_ws(' ', count(*), count(*) filter (where result = 'added'),
		count(*) filter (where result = 'rejected')) from import_rows`)
	if want := fmt.Sprintf("%d %d %d", rows, rows-unfit, unfit); got != want {
		t.Errorf("%s rows, accepted and rejected, want %s", got, want)
	}
	if n := resultLines(t, h, folder, off, im); n != rows {
		t.Errorf("the result has %d lines, want one for each of %d problems", n, rows)
	}
	t.Logf("R-30: killed after %d of %d rows; %d accepted and %d rejected in the end, each once, with a line in the result", killedAt, rows, rows-unfit, unfit)
}

// resultLines counts the problems that have a line in the result file of an import.
func resultLines(t *testing.T, h *tenantstest.House, folder string, off tenants.Scope, im inspection.ImportID) int {
	t.Helper()
	bucket, err := fileblob.OpenBucket(folder, &fileblob.Options{NoTempDir: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bucket.Close() }()
	cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: cal, Files: files.NewStore(bucket)}
	var content bytes.Buffer
	if _, err := (&rectification.Imports{DB: h.DB, Clock: clock, Cases: cases}).Result(t.Context(), off, im, &content); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&content)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	problems := map[string]bool{}
	for _, line := range lines {
		if p := regexp.MustCompile(`第\d+个问题`).FindString(strings.Join(line, " ")); p != "" {
			problems[p] = true
		}
	}
	return len(problems)
}

// runImport uploads a ledger of n problems with two measures each, the first so many of
// them unfit to be imported, and asks for it to be run.
func runImport(t *testing.T, h *tenantstest.House, folder string, off tenants.Scope, up rectification.NewImport, n, unfit int) inspection.ImportID {
	t.Helper()
	up.FeedbackOn, _ = inspection.ParseDay("2026-07-10")
	bucket, err := fileblob.OpenBucket(folder, &fileblob.Options{NoTempDir: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	queue, err := jobs.New(h.Pool, jobs.Deps{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: cal, Files: files.NewStore(bucket)}
	imports := &rectification.Imports{DB: h.DB, Clock: clock, Cases: cases, Enqueue: queue.StartImport}
	im, err := imports.Upload(t.Context(), off, up, bytes.NewReader(book(t, n, unfit)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := imports.Run(t.Context(), off, im.ID, im.Version); err != nil {
		t.Fatal(err)
	}
	return im.ID
}

func book(t testing.TB, n, unfit int) []byte {
	t.Helper()
	f := excelize.NewFile()
	row := 1
	put := func(cells ...any) {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", row), &cells); err != nil {
			t.Fatal(err)
		}
		row++
	}
	put("序号", "问题类别", "反馈问题", "整改措施", "责任领导", "整改时限")
	for i := range n {
		problem := fmt.Sprintf("第%d个问题", i+1)
		leader := "罗某"
		if i < unfit {
			leader = strings.Repeat(leader, 60) // longer than the records take
		}
		put(fmt.Sprint(i+1), "聚焦党中央决策部署在基层落实情况", problem, "措施一", leader, "2026-12-01")
		put("", "", "", "措施二", "邓某", "2026-12-10")
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
