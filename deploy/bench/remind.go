package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// The ladders that are scanned: a province of counties with a thousand open items
// each. Ten of them have a rung that falls due on the day of the scan, fifty stand in
// the middle of their ladder, a hundred at its end; the rest is due next year.
const (
	remindOffices = 1000
	remindEach    = 1000
	remindDue     = 10
	remindMidway  = 50
	remindDone    = 100
)

// RemindDay is the day on which the ladders are scanned, a working day.
var RemindDay = time.Date(2026, 11, 20, 10, 0, 0, 0, time.FixedZone("", 8*3600))

// Remind returns what scans the ladders of all offices once, on [RemindDay], over
// connections of its own, and what closes these.
type Remind func(ctx context.Context) (scan func(context.Context) error, hangUp func(), err error)

// reminders measures the scan of the ladders: by one worker that nobody disturbs, by
// two that are cut off at random moments and begin again, and by one that finds
// nothing left, as on every minute of a day. Bare is one statement that finds the due
// rungs past row security, and writes nothing. Each due rung must be in the ledger once
// and in the journal once.
func (h House) reminders(ctx context.Context, offices int) ([]Row, error) {
	if err := h.undisturbed(ctx, 0); err != nil { // what is due in the offices of the other rows
		return nil, err
	}
	if err := h.fillLadders(ctx, offices); err != nil {
		return nil, err
	}
	due := offices * remindDue
	var found int
	bare, err := h.costOf(ctx, func() error { return h.Bare.QueryRow(ctx, bareRungs).Scan(&found) })
	if err != nil {
		return nil, fmt.Errorf("bare: %w", err)
	}
	if found != due {
		return nil, fmt.Errorf("bare finds %d due rungs, want %d", found, due)
	}
	var rows []Row
	for _, m := range []struct {
		name, want string
		afresh     bool
		run        func(context.Context, int) error
	}{
		{fmt.Sprintf("scan for %d due rungs of %d open items", due, offices*remindEach), "< 15 s, each once", true, h.undisturbed},
		{"the same, two workers cut off at random", "< 30 s, each once", true, h.disturbed},
		{"scan that finds nothing left", "< 5 s", false, h.undisturbed},
	} {
		if m.afresh {
			if err := h.forget(ctx); err != nil {
				return nil, err
			}
		}
		took, err := h.costOf(ctx, func() error { return m.run(ctx, due) })
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		if err := h.once(ctx, due); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		rows = append(rows,
			Row{Name: m.name, Unit: "s", Ours: took.wall.Seconds(), Bare: bare.wall.Seconds(), Ratio: bare.wall.Seconds() / took.wall.Seconds(), Want: m.want},
			Row{
				Name: "processors for it", Unit: "s", Ours: took.processor.Seconds(), Bare: bare.processor.Seconds(),
				Ratio: bare.processor.Seconds() / max(took.processor, tick).Seconds(),
			})
	}
	return rows, nil
}

func (h House) undisturbed(ctx context.Context, _ int) error {
	scan, hangUp, err := h.Remind(ctx)
	if err != nil {
		return err
	}
	defer hangUp()
	return scan(ctx)
}

// disturbed lets two workers scan, each cut off within two seconds, until all that is
// due was made or two minutes have passed.
func (h House) disturbed(ctx context.Context, due int) error {
	end := time.Now().Add(2 * time.Minute)
	var wg sync.WaitGroup
	failed := make([]error, 2)
	for i := range failed {
		wg.Go(func() {
			for failed[i] == nil && time.Now().Before(end) {
				scan, hangUp, err := h.Remind(ctx)
				if err != nil {
					failed[i] = err
					return
				}
				cut, cancel := context.WithCancel(ctx) // no deadline, for which a scan would prepare
				kill := time.AfterFunc(time.Duration(100+rand.IntN(1900))*time.Millisecond, cancel)
				err = scan(cut)
				if err != nil && cut.Err() == nil {
					failed[i] = err
				}
				kill.Stop()
				cancel()
				hangUp()
				var made int
				if err := h.Bare.QueryRow(ctx, `select `+journalled).Scan(&made); err != nil || made >= due {
					failed[i] = errors.Join(failed[i], err)
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}

// madeHere are the reminders that a scan made.
const madeHere = `rung = 'T-15' and due_on = '2026-12-05' and tenant_id between 1100000 and 1199999`

// journalled is how many entries the journals got since the mark. Nothing but the
// scans writes them here.
const journalled = `(select coalesce(sum(seq), 0)::bigint from journal_heads) - (select heads from bare_mark)`

// forget takes back what a scan made, and marks how far the journals are.
func (h House) forget(ctx context.Context) error {
	for _, sql := range []string{
		`delete from reminders where ` + madeHere,
		`create table if not exists bare_mark (heads bigint)`,
		`truncate bare_mark`,
		`insert into bare_mark select coalesce(sum(seq), 0) from journal_heads`,
		`vacuum analyze reminders`,
	} {
		if _, err := h.Bare.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%.40s…: %w", sql, err)
		}
	}
	return nil
}

// once makes sure that each due rung is there once.
func (h House) once(ctx context.Context, due int) error {
	var ledger, different, journal int
	err := h.Bare.QueryRow(ctx, `
		select count(*), count(distinct (tenant_id, finding_id, due_version)),
			`+journalled+`
		from reminders where `+madeHere).Scan(&ledger, &different, &journal)
	if err != nil {
		return err
	}
	if ledger != due || different != due || journal != due {
		return fmt.Errorf("%d reminders of %d items, %d in the journal; want %d", ledger, different, journal, due)
	}
	return nil
}

// fillLadders writes the offices, their items and what was climbed before: in one
// transaction, without the triggers that would count every row.
func (h House) fillLadders(ctx context.Context, offices int) error {
	err := pgx.BeginFunc(ctx, h.Bare, func(tx pgx.Tx) error {
		for _, sql := range []string{
			`set local session_replication_role = replica`, `set local synchronous_commit = off`,
			ladderCity, fmt.Sprintf(ladderOffices, offices), ladderUnits, ladderRounds,
			fmt.Sprintf(ladderFindings, remindEach),
			fmt.Sprintf(ladderCases, remindDue, remindDue+remindMidway, remindDue+remindMidway+remindDone),
			ladderClimbed,
		} {
			if _, err := tx.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
				return fmt.Errorf("%.60s…: %w", sql, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("fill ladders: %w", err)
	}
	_, err = h.Bare.Exec(ctx, `vacuum analyze findings, rectifications, reminders, rounds, units, tenants`)
	return err
}

const (
	ladderCity = `
	insert into tenants (id, parent, level, code, org_code, slug, name, office, short, prefix, lo, hi)
	values (1100000, 1000000, 'city', '985000', 'b-ladders', 'b-ladders', '某市', '某市', '某市', 'B', 1100000, 1199999)`

	ladderOffices = `
	insert into tenants (id, parent, level, code, org_code, slug, name, office, short, prefix, lo, hi)
	select 1100000 + 10 * i, 1100000, 'county', (985000 + i)::text, 'b-ladder-' || i, 'b-ladder-' || i, '某县' || i, '某县', '某县', 'B',
		1100000 + 10 * i, 1100009 + 10 * i
	from generate_series(1, %d) i`

	ladderUnits = `
	insert into units (tenant_id, id, name)
	select id, gen_random_uuid(), '县某局党组' from tenants where parent = 1100000`

	ladderRounds = `
	insert into rounds (tenant_id, id, term, seq, name, starts_on, ends_on, feedback_on)
	select id, gen_random_uuid(), 10, 6, '十届县委第六轮巡察', '2026-03-02', '2026-04-24', '2026-06-01' from tenants where parent = 1100000`

	ladderFindings = `
	insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
	select t.id, gen_random_uuid(), 'B-06-01-' || to_char(n, 'FM0000'), r.id, u.id, n, 1 + n %% 4, '议事决策不规范，第' || n || '项。',
		'2026-06-01 09:00+08', '2026-06-01'
	from tenants t
	join rounds r on r.tenant_id = t.id
	join units u on u.tenant_id = t.id, generate_series(1, %d) n
	where t.parent = 1100000
	order by t.id, n`

	ladderCases = `
	insert into rectifications (tenant_id, finding_id, unit_id, state, number, due_on, due_set_at, issued_at)
	select tenant_id, id, unit_id, 'working', number, case
		when seq <= %d then date '2026-12-05'
		when seq <= %d then date '2026-11-25'
		when seq <= %d then date '2026-09-30'
		else date '2027-01-10' + seq %% 300 end, issued_at, issued_at
	from findings where tenant_id between 1100000 and 1199999
	order by tenant_id, seq`

	ladderClimbed = `
	insert into reminders (tenant_id, finding_id, due_version, rung, id, unit_id, title, document, signer, recipients, state, due_on, planned_on,
		provisional, calendar, made_at, issued_at)
	select r.tenant_id, r.finding_id, 1, l.rung, gen_random_uuid(), r.unit_id, '催办', '', '', '{UNIT}', 'sent', r.due_on, r.due_on + l.after,
		false, '', r.issued_at, r.issued_at
	from rectifications r, (values ('T-15', -15), ('T-7', -7), ('T', 0), ('T+1', 1), ('T+7', 7), ('T+15', 15), ('T+30', 30)) l (rung, after)
	where r.tenant_id between 1100000 and 1199999 and (r.due_on = '2026-09-30' or r.due_on = '2026-11-25' and l.after < 0)
	order by r.tenant_id, r.due_on, r.finding_id`

	bareRungs = `
	select count(*)
	from rectifications r, (values ('T-15', -15), ('T-7', -7), ('T', 0), ('T+1', 1), ('T+7', 7), ('T+15', 15), ('T+30', 30)) l (rung, after)
	where r.tenant_id between 1100000 and 1199999 and r.state in ('open', 'working', 'returned') and r.hold_reason = ''
	  and r.due_on + l.after <= date '2026-11-20'
	  and not exists (select from reminders m
		where (m.tenant_id, m.finding_id, m.due_version, m.rung) = (r.tenant_id, r.finding_id, r.due_version, l.rung))`
)
