package statistics

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Service answers how many.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock
	Rooms []Room // whose tasks make the to-do list
}

// keys are the columns by which cases are counted.
const keys = `tenant_id, unit_id, focus, state, due_on, late`

// Fold adds the differences that were appended since the last time to the
// roll-ups of an office and all below it. Run by two at once, one does the work.
func Fold(ctx context.Context, tx *tenants.Tx) error {
	if mine, err := alone(ctx, tx, `select pg_try_advisory_xact_lock(@room, current_setting('app.lo')::int)`); err != nil || !mine {
		return err
	}
	_, err := tx.Exec(ctx, `
		with gone as (
			delete from rollup_deltas d where `+tenants.Reach("d")+` returning *)
		insert into rollups (`+keys+`, n)
		select `+keys+`, sum(n) from gone
		group by `+keys+` having sum(n) <> 0
		order by `+keys+`
		on conflict (`+keys+`) do update set n = rollups.n + excluded.n`)
	if err != nil {
		return fmt.Errorf("fold: %w", err)
	}
	if _, err := tx.Exec(ctx, `delete from rollups r where `+tenants.Reach("r")+` and n = 0`); err != nil {
		return fmt.Errorf("clear roll-ups: %w", err)
	}
	return nil
}

// FoldAll folds every tree of offices. It is the job's work; db logs in as the jobs.
func FoldAll(ctx context.Context, db *tenants.DB) error {
	_, err := trees(ctx, db, "statistics.fold", func(tx *tenants.Tx) (int, error) { return 0, Fold(ctx, tx) })
	return err
}

// RebuildAll counts every tree of offices anew and returns how many counts were
// wrong. db logs in as the jobs.
func RebuildAll(ctx context.Context, db *tenants.DB) (int, error) {
	return trees(ctx, db, "statistics.rebuild", func(tx *tenants.Tx) (int, error) { return Rebuild(ctx, tx) })
}

func trees(ctx context.Context, db *tenants.DB, kind string, do func(tx *tenants.Tx) (int, error)) (n int, err error) {
	offices, err := db.All(ctx)
	if err != nil {
		return 0, err
	}
	for _, o := range offices {
		if o.Parent != nil {
			continue
		}
		scope, err := tenants.ForJob(o, kind).Subtree()
		if err != nil {
			return n, err
		}
		err = db.In(ctx, scope, func(tx *tenants.Tx) error {
			k, err := do(tx)
			n += k
			return err
		})
		if err != nil {
			return n, fmt.Errorf("%s of %s: %w", kind, o.Slug, err)
		}
	}
	return n, nil
}

// Rebuild counts the cases of an office and all below it anew. It appends what
// the roll-ups lack: in one statement, and so against one moment, while others go
// on writing. It returns how many counts were wrong.
func Rebuild(ctx context.Context, tx *tenants.Tx) (int, error) {
	if _, err := alone(ctx, tx, `select pg_advisory_xact_lock(@room, current_setting('app.lo')::int) is not null`); err != nil {
		return 0, err
	}
	tag, err := tx.Exec(ctx, `
		insert into rollup_deltas (`+keys+`, n)
		select `+keys+`, sum(n) from (
			select r.tenant_id, r.unit_id, f.focus, r.state, sec.due_bucket(r.state, r.due_on) as due_on,
				sec.closed_late(r.state, r.due_on, r.closed_on) as late, 1 as n
			from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
			where `+tenants.Reach("r")+` and r.issued_at is not null and r.withdrawn_at is null and f.origin = 'patrol'
			union all
			select `+keys+`, -n from rollups r where `+tenants.Reach("r")+`
			union all
			select `+keys+`, -n from rollup_deltas d where `+tenants.Reach("d")+`) c
		group by `+keys+` having sum(n) <> 0`)
	if err != nil {
		return 0, fmt.Errorf("recount: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

// room keeps this package's advisory locks apart from others'.
const room = 50

func alone(ctx context.Context, tx *tenants.Tx, sql string) (mine bool, err error) {
	if err = tx.QueryRow(ctx, sql, pgx.StrictNamedArgs{"room": room}).Scan(&mine); err != nil {
		return false, fmt.Errorf("lock roll-ups: %w", err)
	}
	return mine, nil
}

// Counts are the cases of an office or a unit.
type Counts struct {
	Problems  int `json:"problems" db:"problems" doc:"反馈问题"`
	Open      int `json:"open" db:"open" doc:"未启动"`
	Working   int `json:"working" db:"working" doc:"整改中"`
	Submitted int `json:"submitted" db:"submitted" doc:"待审核"`
	Returned  int `json:"returned" db:"returned" doc:"退回重报"`
	LongTerm  int `json:"long_term" db:"long_term" doc:"长期整改"`
	Closed    int `json:"closed" db:"closed" doc:"已销号"`
	Overdue   int `json:"overdue" db:"overdue" doc:"逾期未销号"`
	OnTime    int `json:"on_time" db:"on_time" doc:"按期销号"`
	Due       int `json:"due" db:"due" doc:"应销：已销号 + 逾期未销号"`
}

// Plus returns the sum of c and d.
func (c Counts) Plus(d Counts) Counts {
	return Counts{
		Problems: c.Problems + d.Problems, Open: c.Open + d.Open, Working: c.Working + d.Working,
		Submitted: c.Submitted + d.Submitted, Returned: c.Returned + d.Returned, LongTerm: c.LongTerm + d.LongTerm,
		Closed: c.Closed + d.Closed, Overdue: c.Overdue + d.Overdue, OnTime: c.OnTime + d.OnTime, Due: c.Due + d.Due,
	}
}

// counted sums the roll-ups of the reach, and what is not folded in yet, by these
// columns. Its arguments are today and running.
func counted(by string) string {
	return `
	select ` + by + `, sum(n)::int as problems,
		coalesce(sum(n) filter (where state = 'open'), 0)::int as open,
		coalesce(sum(n) filter (where state = 'working'), 0)::int as working,
		coalesce(sum(n) filter (where state = 'submitted'), 0)::int as submitted,
		coalesce(sum(n) filter (where state = 'returned'), 0)::int as returned,
		coalesce(sum(n) filter (where state = 'long-term'), 0)::int as long_term,
		coalesce(sum(n) filter (where state = 'closed'), 0)::int as closed,
		coalesce(sum(n) filter (where state = any(@running) and due_on < @today), 0)::int as overdue,
		coalesce(sum(n) filter (where state = 'closed' and not late), 0)::int as on_time,
		coalesce(sum(n) filter (where state = 'closed' or state = any(@running) and due_on < @today), 0)::int as due
	from (
		select ` + keys + `, n from rollups r where ` + tenants.Reach("r") + `
		union all
		select ` + keys + `, n from rollup_deltas d where ` + tenants.Reach("d") + `) c
	group by ` + by
}

func (s *Service) args() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"today": s.Clock.Today(), "running": rectification.Running()}
}
