package statistics_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"xuncha/inspection"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// ledger is a house whose cases change at random.
type ledger struct {
	*tenantstest.House
	offices []tenants.Tenant
	units   map[tenants.ID][]inspection.UnitID
	rounds  map[tenants.ID]inspection.RoundID
	cases   map[tenants.ID][]inspection.FindingID
	scopes  map[tenants.ID]tenants.Scope
	n       int
	now     time.Time // of the acts; months pass at random
}

func newLedger(t testing.TB) *ledger {
	l := &ledger{
		House: tenantstest.New(t), units: map[tenants.ID][]inspection.UnitID{}, rounds: map[tenants.ID]inspection.RoundID{},
		cases: map[tenants.ID][]inspection.FindingID{}, scopes: map[tenants.ID]tenants.Scope{},
		now: time.Date(2026, 1, 15, 10, 0, 0, 0, inspection.Zone),
	}
	l.offices = []tenants.Tenant{l.City[0], l.County[0][0], l.County[0][1], l.County[1][0]}
	for _, o := range l.offices {
		l.rounds[o.ID] = l.Round(o)
		l.scopes[o.ID] = l.As(o, tenants.OFF)
		for i := range 3 {
			l.units[o.ID] = append(l.units[o.ID], l.Unit(o, fmt.Sprintf("某单位%d", i)))
		}
	}
	return l
}

// truth counts the cases themselves, in the same shape as the roll-ups.
const truth = `
	select r.tenant_id, r.unit_id, f.focus, r.state,
		case when r.state <> 'closed' and r.due_on is not null then r.due_on else 'infinity' end as due_on,
		coalesce(r.state = 'closed' and r.closed_on > r.due_on, false) as late,
		'doubt' = any(r.flags) as doubt, count(*)::int as n
	from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
	where r.issued_at is not null and r.withdrawn_at is null and f.origin = 'patrol'
	group by 1, 2, 3, 4, 5, 6, 7`

const summed = `
	select tenant_id, unit_id, focus, state, due_on, late, doubt, sum(n)::int as n
	from (select tenant_id, unit_id, focus, state, due_on, late, doubt, n from rollups
		union all select tenant_id, unit_id, focus, state, due_on, late, doubt, n from rollup_deltas) c
	group by 1, 2, 3, 4, 5, 6, 7 having sum(n) <> 0`

// ended is what the roll-ups say that there was at the end of every month that has
// passed, and noted what was counted then.
const (
	ended = `
	select p.month, c.tenant_id, c.state, c.due_on, c.late, sum(c.n)::int as n
	from passed p join (select tenant_id, month, state, due_on, late, n from rollup_months
		union all select tenant_id, month, state, due_on, late, n from rollup_deltas) c on c.month <= p.month
	group by 1, 2, 3, 4, 5 having sum(c.n) <> 0`
	note = `
	insert into noted select $1::date, tenant_id, state, due_on, late, sum(n)::int from truth group by 2, 3, 4, 5`
)

// differences lists where the roll-ups and a recount differ.
func (l *ledger) differences() []string {
	return tenantstest.RootValue[[]string](l.House, `
		select coalesce(array_agg(d::text), '{}') from (
			(table truth except table summed) union all (table summed except table truth)) d`)
}

// differencesThen lists where the ends of months and what was counted then differ.
func (l *ledger) differencesThen() []string {
	return tenantstest.RootValue[[]string](l.House, `
		select coalesce(array_agg(d::text), '{}') from (
			(table noted except table ended) union all (table ended except table noted)) d`)
}

// pass lets the month end.
func (l *ledger) pass() {
	first := l.now.AddDate(0, 0, -14)
	l.Root(`insert into passed values ($1::date)`, first.Format(time.DateOnly))
	l.Root(note, first.Format(time.DateOnly))
	l.now = l.now.AddDate(0, 1, 0)
}

func (l *ledger) views() {
	l.Root(`create view truth as ` + truth)
	l.Root(`create view summed as ` + summed)
	l.Root(`create table passed (month date)`)
	l.Root(`create table noted (month date, tenant_id int, state text, due_on date, late boolean, n int)`)
	l.Root(`create view ended as ` + ended)
}

// act changes cases of one office, and then commits, rolls back, or dies.
func (l *ledger) act(t *rapid.T) {
	o := rapid.SampledFrom(l.offices).Draw(t, "office")
	ending := rapid.SampledFrom([]string{"commit", "commit", "commit", "rollback", "kill"}).Draw(t, "ending")
	added := len(l.cases[o.ID])
	err := l.In(context.Background(), l.scopes[o.ID], func(tx *tenants.Tx) error {
		for range rapid.IntRange(1, 3).Draw(t, "statements") {
			if err := l.change(t, tx, o); err != nil {
				return err
			}
		}
		switch ending {
		case "rollback":
			return fmt.Errorf("not today")
		case "kill":
			var pid int
			if err := tx.QueryRow(context.Background(), `select pg_backend_pid()`).Scan(&pid); err != nil {
				return err
			}
			l.Root(`select pg_terminate_backend($1)`, pid)
		}
		return nil
	})
	if (err == nil) != (ending == "commit") {
		t.Fatalf("%s: %v", ending, err)
	}
	if err != nil {
		l.cases[o.ID] = l.cases[o.ID][:added]
	}
}

var states = []string{"open", "working", "submitted", "returned", "long-term", "closed"}

func (l *ledger) change(t *rapid.T, tx *tenants.Tx, o tenants.Tenant) error {
	day := func(name string) string {
		return fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(9, 12).Draw(t, name), rapid.IntRange(1, 28).Draw(t, name+" day"))
	}
	exec := func(sql string, args pgx.StrictNamedArgs) error {
		_, err := tx.Exec(context.Background(), sql, args)
		return err
	}
	some := func() []inspection.FindingID {
		n := rapid.IntRange(0, min(4, len(l.cases[o.ID]))).Draw(t, "how many")
		return slices.Clone(rapid.Permutation(l.cases[o.ID]).Draw(t, "which")[:n])
	}
	unit := rapid.SampledFrom(l.units[o.ID]).Draw(t, "unit")
	switch rapid.IntRange(0, 8).Draw(t, "change") {
	case 0, 1:
		l.n++
		id := inspection.NewID[inspection.FindingID]()
		args := pgx.StrictNamedArgs{
			"id": id, "number": fmt.Sprintf("X-%d", l.n), "round": l.rounds[o.ID], "unit": unit,
			"focus": rapid.IntRange(1, 4).Draw(t, "focus"), "origin": rapid.SampledFrom([]string{"patrol", "patrol", "self-check"}).Draw(t, "origin"),
		}
		issued := rapid.SampledFrom([]any{l.now, l.now, nil}).Draw(t, "issued")
		args["issued"] = issued
		err := exec(`insert into findings (id, number, round_id, unit_id, seq, focus, text, origin, issued_at)
			values (@id, @number, @round, @unit, 1, @focus, '某问题', @origin, @issued)`, args)
		if err != nil {
			return err
		}
		l.cases[o.ID] = append(l.cases[o.ID], id)
		return exec(`insert into rectifications (finding_id, unit_id, due_on, issued_at, changed_at) values (@id, @unit, @due, @issued, @now)`,
			pgx.StrictNamedArgs{"id": id, "unit": unit, "due": day("due"), "issued": issued, "now": l.now})
	case 2:
		args := pgx.StrictNamedArgs{"ids": some(), "now": l.now}
		if err := exec(`update findings set issued_at = @now where id = any(@ids)`, args); err != nil {
			return err
		}
		return exec(`update rectifications set issued_at = @now where finding_id = any(@ids)`, args)
	case 3:
		return exec(`update rectifications set state = @state, closed_on = case when @state = 'closed' then @on::date end, changed_at = @now
			where finding_id = any(@ids)`, pgx.StrictNamedArgs{
			"ids": some(), "state": rapid.SampledFrom(states).Draw(t, "state"), "on": day("closed"), "now": l.now,
		})
	case 4:
		return exec(`update rectifications set due_on = @due, changed_at = @now where finding_id = any(@ids)`,
			pgx.StrictNamedArgs{"ids": some(), "now": l.now, "due": rapid.SampledFrom([]any{day("due"), nil}).Draw(t, "due or none")})
	case 5:
		return exec(`update findings set focus = @focus where id = any(@ids)`,
			pgx.StrictNamedArgs{"ids": some(), "focus": rapid.IntRange(1, 4).Draw(t, "focus")})
	case 6:
		if err := exec(`select set_config('app.withdrawn', 'shown', true)`, nil); err != nil {
			return err
		}
		err := exec(`update rectifications set withdrawn_at = case when withdrawn_at is null then @now::timestamptz end, changed_at = @now
			where finding_id = any(@ids)`, pgx.StrictNamedArgs{"ids": some(), "now": l.now})
		if err != nil {
			return err
		}
		return exec(`select set_config('app.withdrawn', '', true)`, nil)
	case 7:
		return exec(`update rectifications set flags = @flags, changed_at = @now where finding_id = any(@ids)`,
			pgx.StrictNamedArgs{"ids": some(), "now": l.now, "flags": rapid.SampledFrom([][]string{{"doubt", "common"}, {"common"}, {}}).Draw(t, "flags")})
	default:
		return exec(`update rectifications set unit_id = @unit, progress = 'x', changed_at = @now where finding_id = any(@ids)`,
			pgx.StrictNamedArgs{"ids": some(), "unit": unit, "now": l.now})
	}
}

// TestRollups recounts after random histories, in which transactions roll back,
// connections die, months pass, and folding happens at any time.
func TestRollups(t *testing.T) {
	l := newLedger(t)
	l.views()
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(1, 6).Draw(t, "acts") {
			if rapid.IntRange(0, 4).Draw(t, "fold") == 0 {
				if err := statistics.FoldAll(context.Background(), l.Jobs); err != nil {
					t.Fatal(err)
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "month") == 0 {
				l.pass()
			}
			l.act(t)
			if d := l.differences(); len(d) > 0 {
				t.Fatalf("the roll-ups differ: %v", d)
			}
			if d := l.differencesThen(); len(d) > 0 {
				t.Fatalf("the ends of months differ: %v", d)
			}
		}
	})
	if err := statistics.FoldAll(t.Context(), l.Jobs); err != nil {
		t.Fatal(err)
	}
	if n := tenantstest.RootValue[int](l.House, `select count(*) from rollup_deltas`); n != 0 {
		t.Errorf("%d differences left after folding", n)
	}
	if n := tenantstest.RootValue[int](l.House, `select count(*) from rollups where n <= 0`); n != 0 {
		t.Errorf("%d empty or negative counts", n)
	}
	if n := tenantstest.RootValue[int](l.House, `select count(*) from rollup_months where n = 0`); n != 0 {
		t.Errorf("%d months without a difference are kept", n)
	}
	if n := tenantstest.RootValue[int](l.House, `select count(*) from noted`); n == 0 {
		t.Error("no month passed with anything to count")
	}
	if n, err := statistics.RebuildAll(t.Context(), l.Jobs); n != 0 || err != nil {
		t.Errorf("a recount corrected %d counts, %v", n, err)
	}
}

// TestRebuild mends counts that were damaged behind our back.
func TestRebuild(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.views()
	rapid.Check(t, func(t *rapid.T) { l.act(t) })
	if err := statistics.FoldAll(t.Context(), l.Jobs); err != nil {
		t.Fatal(err)
	}
	l.Root(`update rollups set n = n + 3 where focus = 2`)
	l.Root(`delete from rollups where focus = 3`)
	l.Root(`update rollup_months set n = n + 2 where state = 'open'`)
	if len(l.differences()) == 0 {
		t.Fatal("the damage is not seen")
	}
	n, err := statistics.RebuildAll(t.Context(), l.Jobs)
	if n == 0 || err != nil {
		t.Errorf("mended %d, %v", n, err)
	}
	if d := l.differences(); len(d) > 0 {
		t.Errorf("after mending: %v", d)
	}
	l.Root(`truncate passed, noted`)
	l.now = l.now.AddDate(100, 0, 0) // what was missing is added to the present month
	l.pass()
	if d := l.differencesThen(); len(d) > 0 {
		t.Errorf("the months after mending: %v", d)
	}
}

// TestWritersAtOnce has many write while others fold: nobody waits for a shared
// row long enough to fail, and nothing is lost.
func TestWritersAtOnce(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.views()
	o := l.offices[1]
	errs := make(chan error, 9)
	write := func(k int) error {
		for i := range 40 {
			err := l.In(context.Background(), l.scopes[o.ID], func(tx *tenants.Tx) error {
				id := inspection.NewID[inspection.FindingID]()
				_, err := tx.Exec(context.Background(), `
					with f as (
						insert into findings (id, number, round_id, unit_id, seq, focus, text)
						values (@id, @number, @round, @unit, 1, @focus, '某问题') returning tenant_id, id)
					select id from f`, pgx.StrictNamedArgs{
					"id": id, "number": fmt.Sprintf("W-%d-%d", k, i), "round": l.rounds[o.ID], "unit": l.units[o.ID][0], "focus": 1 + i%4,
				})
				if err != nil {
					return err
				}
				_, err = tx.Exec(context.Background(), `insert into rectifications (finding_id, unit_id, due_on, issued_at)
					values (@id, @unit, '2026-11-01', now())`, pgx.StrictNamedArgs{"id": id, "unit": l.units[o.ID][0]})
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	for k := range 8 {
		go func() { errs <- write(k) }()
	}
	go func() {
		for range 10 {
			if err := statistics.FoldAll(context.Background(), l.Jobs); err != nil {
				errs <- err
				return
			}
		}
		errs <- nil
	}()
	for range 9 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{}, l.differences()); diff != "" {
		t.Error(diff)
	}
	if n := tenantstest.RootValue[int](l.House, `select sum(n)::int from summed`); n != 320 {
		t.Errorf("%d counted, want 320", n)
	}
}
