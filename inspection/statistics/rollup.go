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

// keys are the columns by which cases are counted, and monthKeys those by which it
// is kept how many an office had at the end of a month.
const (
	keys      = `tenant_id, unit_id, focus, state, due_on, late, doubt`
	monthKeys = `tenant_id, month, state, due_on, late`
)

// Fold adds the differences that were appended since the last time to the
// roll-ups of an office and all below it. Run by two at once, one does the work.
func Fold(ctx context.Context, tx *tenants.Tx) error {
	if mine, err := alone(ctx, tx, `select pg_try_advisory_xact_lock(@room, current_setting('app.lo')::int)`); err != nil || !mine {
		return err
	}
	_, err := tx.Exec(ctx, `
		with gone as (
			delete from rollup_deltas d where `+tenants.Reach("d")+` returning *),
		by_month as (
			insert into rollup_months (`+monthKeys+`, n)
			select `+monthKeys+`, sum(n) from gone where month is not null
			group by `+monthKeys+` having sum(n) <> 0
			order by `+monthKeys+`
			on conflict (`+monthKeys+`) do update set n = rollup_months.n + excluded.n)
		insert into rollups (`+keys+`, n)
		select `+keys+`, sum(n) from gone
		group by `+keys+` having sum(n) <> 0
		order by `+keys+`
		on conflict (`+keys+`) do update set n = rollups.n + excluded.n`)
	if err != nil {
		return fmt.Errorf("fold: %w", err)
	}
	for _, table := range []string{"rollups", "rollup_months"} {
		if _, err := tx.Exec(ctx, `delete from `+table+` r where `+tenants.Reach("r")+` and n = 0`); err != nil {
			return fmt.Errorf("clear %s: %w", table, err)
		}
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
// on writing. What was is known from the months alone: what they lack is added to the
// current one. It returns how many counts were wrong.
func Rebuild(ctx context.Context, tx *tenants.Tx) (int, error) {
	if _, err := alone(ctx, tx, `select pg_advisory_xact_lock(@room, current_setting('app.lo')::int) is not null`); err != nil {
		return 0, err
	}
	tag, err := tx.Exec(ctx, `
		insert into rollup_deltas (`+keys+`, n)
		select `+keys+`, sum(n) from (
			select r.tenant_id, r.unit_id, f.focus, r.state, sec.due_bucket(r.state, r.due_on) as due_on,
				sec.closed_late(r.state, r.due_on, r.closed_on) as late, @doubt = any(r.flags) as doubt, 1 as n
			from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
			where `+tenants.Reach("r")+` and r.issued_at is not null and r.withdrawn_at is null and f.origin = 'patrol'
			union all
			select `+keys+`, -n from rollups r where `+tenants.Reach("r")+`
			union all
			select `+keys+`, -n from rollup_deltas d where `+tenants.Reach("d")+`) c
		group by `+keys+` having sum(n) <> 0`, pgx.StrictNamedArgs{"doubt": rectification.Doubt})
	if err != nil {
		return 0, fmt.Errorf("recount: %w", err)
	}
	months, err := tx.Exec(ctx, `
		insert into rollup_months (`+monthKeys+`, n)
		select tenant_id, sec.month_of(now()), state, due_on, late, sum(n) from (
			select `+keys+`, n from rollups r where `+tenants.Reach("r")+`
			union all
			select `+keys+`, n from rollup_deltas d where `+tenants.Reach("d")+` and month is null
			union all
			select tenant_id, null, null, state, due_on, late, null, -n from rollup_months m where `+tenants.Reach("m")+`) c
		group by tenant_id, state, due_on, late having sum(n) <> 0
		on conflict (`+monthKeys+`) do update set n = rollup_months.n + excluded.n`)
	if err != nil {
		return 0, fmt.Errorf("recount months: %w", err)
	}
	return int(tag.RowsAffected() + months.RowsAffected()), nil
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
	Overdue30 int `json:"overdue_30" db:"overdue_30" doc:"逾期未销号 30 天及以上"`
	Doubt     int `json:"doubt" db:"doubt" doc:"存疑待核"`
}

// Plus returns the sum of c and d.
func (c Counts) Plus(d Counts) Counts {
	return Counts{
		Problems: c.Problems + d.Problems, Open: c.Open + d.Open, Working: c.Working + d.Working,
		Submitted: c.Submitted + d.Submitted, Returned: c.Returned + d.Returned, LongTerm: c.LongTerm + d.LongTerm,
		Closed: c.Closed + d.Closed, Overdue: c.Overdue + d.Overdue, OnTime: c.OnTime + d.OnTime, Due: c.Due + d.Due,
		Overdue30: c.Overdue30 + d.Overdue30, Doubt: c.Doubt + d.Doubt,
	}
}

// standing are the roll-ups of the reach with what is not folded in yet.
func standing() string {
	return `
		select ` + keys + `, n from rollups r where ` + tenants.Reach("r") + `
		union all
		select ` + keys + `, n from rollup_deltas d where ` + tenants.Reach("d")
}

// countedBy sums the roll-ups of the reach by these columns. Its arguments are
// [Service.args].
func countedBy(by string) string { return summed(by, standing()) }

// summed sums counts from a query with the keys of roll-ups by these columns.
func summed(by, from string) string {
	return `
	select ` + by + `, sum(n)::int as problems,
		coalesce(sum(n) filter (where state = 'open'), 0)::int as open,
		coalesce(sum(n) filter (where state = 'working'), 0)::int as working,
		coalesce(sum(n) filter (where state = 'submitted'), 0)::int as submitted,
		coalesce(sum(n) filter (where state = 'returned'), 0)::int as returned,
		coalesce(sum(n) filter (where state = 'long-term'), 0)::int as long_term,
		coalesce(sum(n) filter (where state = 'closed'), 0)::int as closed,
		coalesce(sum(n) filter (where state = any(@running) and due_on < @today), 0)::int as overdue,
		coalesce(sum(n) filter (where state = any(@running) and due_on <= @month_ago), 0)::int as overdue_30,
		coalesce(sum(n) filter (where state = 'closed' and not late), 0)::int as on_time,
		coalesce(sum(n) filter (where state = 'closed' or state = any(@running) and due_on < @today), 0)::int as due,
		coalesce(sum(n) filter (where doubt), 0)::int as doubt
	from (` + from + `) c
	group by ` + by
}

func (s *Service) args() pgx.StrictNamedArgs { return argsOn(s.Clock.Today()) }

// argsOn are the arguments of [summed] for how it stands on a day.
func argsOn(day inspection.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"today": day, "month_ago": day - rectification.LongOverdue, "running": rectification.Running()}
}
