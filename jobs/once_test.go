package jobs_test

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// due gives every county so many items of which one rung falls due on the day of the
// tests, and so many of which none does, and a person with an address.
func due(h *tenantstest.House, each, idle int) (counties int) {
	for _, city := range h.County {
		for _, office := range city {
			unit, round := h.Unit(office, "县农业农村局"), h.Round(office)
			head := h.As(office, tenants.HEAD, unit)
			unitPerson := h.As(office, tenants.UNIT, unit)
			h.Root(`update members set email = 'unit@example.org' where id = any($1)`, []any{head.Member().UUID, unitPerson.Member().UUID})
			h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
				select $1, gen_random_uuid(), 'KA-05-01-' || lpad(n::text, 6, '0'), $2, $3, n, 1, '某问题', '2026-07-10 09:00+08', '2026-07-10'
				from generate_series(1, $4) n`, office.ID, round, unit, each+idle)
			h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, due_set_at, issued_at)
				select tenant_id, id, unit_id, 'working', case when seq <= $2 then date '2026-12-05' else '2027-06-30' end, issued_at, issued_at
				from findings where tenant_id = $1`, office.ID, each)
			counties++
		}
	}
	return counties
}

// TestExactlyOnce lets three workers in processes of their own remind of items that
// fall due at midnight: their clocks are ten minutes apart around it, every scan is in
// the queue four times over, and they are killed, or stopped and woken, at random
// . Each due rung is in the ledger once, in the journal once, and in
// one message to each person.
func TestExactlyOnce(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	each, kills := sized(40, 1667), sized(6, 40)
	pairs := each * due(h, each, sized(40, 165_000))
	slow(h, "rectifications", fmt.Sprintf("%f", float64(sized(2000, 100))/1e6))
	folder := t.TempDir()
	workers := make([]*exec.Cmd, 3)
	begin := func(i int) {
		// At five to midnight; one is ahead by ten minutes, one behind.
		shift := -10*time.Hour - 5*time.Minute + time.Duration(i-1)*10*time.Minute
		workers[i] = victim(t, h, folder, workerShift+"="+shift.String())
	}
	for i := range workers {
		begin(i)
	}
	busy := `select exists (select from pg_stat_activity where datname = current_database() and usename = 'xuncha_jobs'
		and state = 'active' and query like '%rectifications r%')`
	for n := range kills {
		for range 4 {
			h.Root(`insert into river.river_job (state, queue, kind, args, max_attempts) values ('available', 'scans', 'scan', '{"name": "remind"}', 1)`)
		}
		wait(t, "a scan", func() bool { return tenantstest.RootValue[bool](h, busy) })
		i := rand.IntN(len(workers))
		if n%3 == 2 {
			_ = workers[i].Process.Signal(syscall.SIGSTOP)
			time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
			_ = workers[i].Process.Signal(syscall.SIGCONT)
			continue
		}
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
		_ = workers[i].Process.Kill()
		_ = workers[i].Wait()
		begin(i)
	}
	count := func(sql string) int { return tenantstest.RootValue[int](h, sql) }
	wait(t, "all reminders", func() bool {
		if count(`select count(*) from river.river_job where state = 'available'`) == 0 {
			h.Root(`insert into river.river_job (state, queue, kind, args, max_attempts) values ('available', 'scans', 'scan', '{"name": "remind"}', 1)`)
		}
		return count(`select count(*) from reminders`) >= pairs
	})
	for _, w := range workers {
		_ = w.Process.Signal(syscall.SIGTERM)
		_ = w.Wait()
	}
	for what, sql := range map[string]string{
		"rungs in the ledger":                 `select count(*) from reminders`,
		"different rungs":                     `select count(distinct (tenant_id, finding_id, due_version, rung)) from reminders`,
		"entries in the journal":              `select count(*) from journal where action = 'reminder.make'`,
		"items with their entry":              `select count(distinct object_id) from journal where action = 'reminder.make'`,
		"notices to the head":                 `select count(*) from messages m join grants g on (g.tenant_id, g.member_id) = (m.tenant_id, m.member_id) cross join unnest(m.refs) r where g.role = 'HEAD' or g.role = 'UNIT'`,
		"different notices to the unit staff": `select count(distinct r) from messages m cross join unnest(m.refs) r`,
	} {
		if n := count(sql); n != pairs {
			t.Errorf("%d %s, want %d", n, what, pairs)
		}
	}
	t.Logf("R-10: %d due rungs in 6 offices, %d faults: %d in the ledger and the journal, each once; 0 doubled, 0 missing", pairs, kills, pairs)
}

// TestStopped stops a worker in the middle of an import with SIGSTOP, gives its job to
// another as River does, and wakes it when that one is done: nothing is there twice
// (R-15, and TRUST §0, 6 with a real process).
func TestStopped(t *testing.T) {
	t.Parallel()
	cycles := sized(1, 200)
	h := tenantstest.New(t)
	office := h.County[0][0]
	round := h.Round(office)
	off := h.As(office, tenants.OFF)
	const rows = 60
	slow(h, "import_rows", "0.002")
	for cycle := range cycles {
		folder := t.TempDir()
		unit := h.Unit(office, fmt.Sprintf("某镇%d党委", cycle))
		im := runImport(t, h, folder, off, rectification.NewImport{Unit: unit, Round: round, Issue: true, Name: "台账.xlsx"}, rows, 0)
		done := func() int { return tenantstest.RootValue[int](h, `select done from imports where id = $1`, im) }
		asleep := victim(t, h, folder)
		wait(t, "a part of the import", func() bool { return done() > 0 })
		_ = asleep.Process.Signal(syscall.SIGSTOP)
		h.Root(`update river.river_job set state = 'available', scheduled_at = now() where kind = 'run_import' and state = 'running'`)
		other := victim(t, h, folder)
		wait(t, "the import by another", func() bool {
			return tenantstest.RootValue[string](h, `select state from imports where id = $1`, im) == "done"
		})
		_ = asleep.Process.Signal(syscall.SIGCONT)
		time.Sleep(200 * time.Millisecond) // it goes on with what it was at
		for _, w := range []*exec.Cmd{asleep, other} {
			_ = w.Process.Signal(syscall.SIGTERM)
			_ = w.Wait()
		}
		got := tenantstest.RootValue[string](h, `
			select concat_ws(' ', count(*), count(distinct text), (select count(*) from measures m where m.tenant_id = $1 and m.unit_id = $2))
			from findings where tenant_id = $1 and unit_id = $2`, office.ID, unit)
		if want := fmt.Sprintf("%d %d %d", rows, rows, 2*rows); got != want {
			t.Fatalf("cycle %d: %s problems, different ones, and measures; want %s", cycle, got, want)
		}
	}
	t.Logf("R-15: %d cycles of SIGSTOP and SIGCONT, 0 double effects (at most %.1f %% of cycles, 95 %%)", cycles, 300/float64(max(3, cycles)))
}

// TestNewLeader kills the process that leads, and stops the next one: another leads
// soon after.
func TestNewLeader(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	folder := t.TempDir()
	leader := func() string {
		return tenantstest.RootValue[string](h, `select coalesce((select leader_id from river.river_leader where expires_at > now()), '')`)
	}
	first := victim(t, h, folder)
	wait(t, "the first leader", func() bool { return leader() != "" })
	for name, end := range map[string]func(*exec.Cmd){
		"killed":  func(c *exec.Cmd) { _ = c.Process.Kill() },
		"stopped": func(c *exec.Cmd) { _ = c.Process.Signal(syscall.SIGSTOP) },
	} {
		was := leader()
		next := victim(t, h, folder)
		time.Sleep(time.Second) // until it stands by
		end(first)
		began := time.Now()
		wait(t, "a new leader", func() bool { l := leader(); return l != "" && l != was })
		took := time.Since(began)
		t.Logf("R-18: the leader was %s; another led after %s", name, took.Round(100*time.Millisecond))
		if sized(0, 1) == 1 && took > 20*time.Second {
			t.Errorf("%s until another led, want 20 s", took)
		}
		_ = first.Process.Signal(syscall.SIGCONT)
		_ = first.Process.Kill()
		first = next
	}
}
