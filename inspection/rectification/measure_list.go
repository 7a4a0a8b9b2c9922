package rectification

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// MeasureRow is one row of the list of tasks (任务清单): a measure with the problem
// that it is to put right.
type MeasureRow struct {
	Measure
	Office    string               `json:"office" db:"-" maxLength:"41" doc:"Slug of the office whose row it is"`
	Item      inspection.FindingID `json:"item" db:"-" doc:"Of the problem"`
	Number    string               `json:"number" db:"number" maxLength:"40" doc:"Of the problem"`
	Problem   string               `json:"problem" db:"problem" maxLength:"5000" doc:"反馈问题"`
	UnitName  string               `json:"unit_name" db:"unit_name" maxLength:"200"`
	State     State                `json:"state" db:"state" doc:"Of the problem"`
	Flags     []Flag               `json:"flags" db:"flags" nullable:"false" maxItems:"10" doc:"Of the problem"`
	ItemDueOn *inspection.Day      `json:"item_due_on" nullable:"true" db:"item_due_on" doc:"The problem's day; it counts for a measure without one"`
	Evidence  int                  `json:"evidence" db:"evidence" minimum:"0" maximum:"100000" doc:"佐证数 of this measure"`
	DaysLeft  *int                 `json:"days_left" db:"-" minimum:"-100000" maximum:"100000" doc:"Negative when past; null when it is done or the clock does not run"`
	Overdue   bool                 `json:"overdue" db:"-"`
	Allowed   []Action             `json:"allowed" db:"-" nullable:"false" maxItems:"20" doc:"What you may do with the problem"`
}

// measureRow is a MeasureRow as the database gives it.
type measureRow struct {
	MeasureRow
	TenantID tenants.ID `db:"tenant_id"`
	Slug     string     `db:"slug"`
}

const measureRowColumns = measureColumns + `, m.tenant_id, t.slug, r.number, f.text as problem, u.name as unit_name, r.state, r.flags,
	r.due_on as item_due_on,
	(select count(*) from evidence e
	 where e.tenant_id = m.tenant_id and e.finding_id = m.finding_id and e.measure_id = m.id
	   and e.withdrawn_at is null and not e.replaced) as evidence`

// withCase joins what a measure is to put right.
const withCase = ` join rectifications r on r.tenant_id = m.tenant_id and r.finding_id = m.finding_id`

// measureEnding is how every order of the list of tasks ends.
var measureEnding = ending[MeasureRow]{
	columns: "r.number, m.seq, m.id", args: "@c_0, @c_1, @c_2",
	values: func(m MeasureRow) []string { return []string{m.Number, strconv.Itoa(m.Seq), m.ID.String()} },
	read: []func(string) (any, error){
		plainText, func(s string) (any, error) { return strconv.Atoi(s) }, identifier,
	},
}

var measureSorts = map[string]sort[MeasureRow]{
	"due":        {column: taskDay, nullable: true, key: func(m MeasureRow) string { return dayKey(m.day()) }, value: dayValue},
	"number":     {column: "r.number", key: func(m MeasureRow) string { return m.Number }, value: plainText},
	"leader":     {column: `m.leader collate "zh-x-icu"`, key: func(m MeasureRow) string { return m.Leader }, value: plainText},
	"department": {column: `m.department collate "zh-x-icu"`, key: func(m MeasureRow) string { return m.Department }, value: plainText},
	"unit":       {column: unitName, needs: withUnit, key: func(m MeasureRow) string { return m.UnitName }, value: plainText},
}

// MeasureSorts lists what the list of tasks may be sorted by, upwards and
// downwards.
func MeasureSorts() []string { return sortNames(measureSorts) }

// day is when the measure is due.
func (m MeasureRow) day() *inspection.Day {
	if m.DueOn != nil {
		return m.DueOn
	}
	return m.ItemDueOn
}

// row finishes a row for who looks at it.
func (r measureRow) row(scope tenants.Scope, today inspection.Day) MeasureRow {
	m := r.MeasureRow
	m.Office, m.Item, m.Allowed = r.Slug, m.FindingID, []Action{}
	if day := m.day(); day != nil && !m.Done && slices.Contains(Running(), m.State) {
		left := int(*day - today)
		m.DaysLeft, m.Overdue = &left, left < 0
	}
	if r.TenantID == scope.Tenant() {
		m.Allowed = cases.Allowed(m.State, scope.Role())
	}
	return m
}

// measureQuery turns the filter into a query for the list of tasks.
func (f Filter) measureQuery(scope tenants.Scope, today inspection.Day) (*query, order[MeasureRow], error) {
	q, err := f.where(scope, today, tasks)
	if err != nil {
		return nil, order[MeasureRow]{}, err
	}
	q.add(scope.Rows("m"))
	q.add("m.withdrawn_at is null")
	by, err := place(q, f, measureSorts, "due", measureEnding)
	return q, by, err
}

// Measures returns one page of the list of tasks (任务清单).
func (s *Service) Measures(ctx context.Context, scope tenants.Scope, f Filter) (p inspection.Page[MeasureRow], err error) {
	today := s.Clock.Today()
	q, by, err := f.measureQuery(scope, today)
	if err != nil {
		return p, err
	}
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		p, err = q.measures(ctx, tx, today, by)
		return err
	})
	return p, err
}

func (q *query) measures(ctx context.Context, tx *tenants.Tx, today inspection.Day, by order[MeasureRow]) (p inspection.Page[MeasureRow], err error) {
	offices, ids, total, err := find[inspection.MeasureID](ctx, tx, q, measureKey, measureTables, q.limit+1)
	if err != nil {
		return p, err
	}
	n := min(len(ids), q.limit)
	rows, err := measuresByID(ctx, tx, offices[:n], ids[:n], today)
	return paged(rows, total, len(ids) > n, by), err
}

const (
	measureKey    = `m.tenant_id, m.id`
	measureTables = `measures m` + withCase
)

// measuresByID reads these rows, in the order given.
func measuresByID(
	ctx context.Context, tx *tenants.Tx, offices []tenants.ID, ids []inspection.MeasureID, today inspection.Day,
) ([]MeasureRow, error) {
	if len(ids) == 0 {
		return []MeasureRow{}, nil
	}
	rows, _ := tx.Query(ctx, `
		select `+measureRowColumns+`
		from unnest(@offices::int[], @ids::uuid[]) with ordinality p (tenant_id, id, at)
		join measures m on m.tenant_id = p.tenant_id and m.id = p.id`+withCase+withFinding+withUnit+withOffice+`
		order by p.at`, pgx.StrictNamedArgs{"offices": offices, "ids": ids})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[measureRow])
	if err != nil {
		return nil, fmt.Errorf("read measures: %w", err)
	}
	all := make([]MeasureRow, len(found))
	for i, row := range found {
		all[i] = row.row(tx.Scope(), today)
	}
	return all, nil
}

// EveryMeasure calls fn with each row of the list of tasks that f finds, as
// [Service.Every] does with those of the ledger.
func (s *Service) EveryMeasure(ctx context.Context, tx *tenants.Tx, f Filter, most int, fn func(MeasureRow) error) ([]tenants.ID, error) {
	today := s.Clock.Today()
	f.Cursor = ""
	q, _, err := f.measureQuery(tx.Scope(), today)
	if err != nil {
		return nil, err
	}
	offices, ids, err := every[inspection.MeasureID](ctx, tx, q, measureKey, measureTables, most)
	if err != nil {
		return nil, err
	}
	for at := 0; at < len(ids); at += everyChunk {
		end := min(at+everyChunk, len(ids))
		all, err := measuresByID(ctx, tx, offices[at:end], ids[at:end], today)
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			if err := fn(m); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(offices)
	return slices.Compact(offices), nil
}
