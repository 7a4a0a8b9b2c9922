package checks

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Counts are the numbers of a report on a round of checks (检查报告). An item
// counts once, by its last confirmed visit.
type Counts struct {
	Visits     int `json:"visits" minimum:"0" maximum:"100000" doc:"Visits of the round, second ones included, cancelled ones not"`
	Unassigned int `json:"unassigned" db:"unassigned" minimum:"0" maximum:"100000" doc:"Without inspectors"`
	Waiting    int `json:"waiting" minimum:"0" maximum:"100000" doc:"Not yet reported"`
	Reported   int `json:"reported" minimum:"0" maximum:"100000" doc:"Reported or agreed, not yet confirmed"`
	Checked    int `json:"checked" minimum:"0" maximum:"100000" doc:"Items with a confirmed visit: 检查 N 项"`
	Real       int `json:"real" minimum:"0" maximum:"100000" doc:"真改"`
	Partial    int `json:"partial" minimum:"0" maximum:"100000" doc:"部分"`
	Unchanged  int `json:"unchanged" minimum:"0" maximum:"100000" doc:"未改"`
	Doubtful   int `json:"doubtful" minimum:"0" maximum:"100000" doc:"存疑"`
	Content    int `json:"content" minimum:"0" maximum:"1000000" doc:"满意, of all confirmed visits"`
	Fair       int `json:"fair" minimum:"0" maximum:"1000000" doc:"基本满意"`
	Discontent int `json:"discontent" minimum:"0" maximum:"1000000" doc:"不满意"`
	Letters    int `json:"letters" minimum:"0" maximum:"100000" doc:"督办单"`
	Reopened   int `json:"reopened" minimum:"0" maximum:"100000" doc:"重新整改"`
	Again      int `json:"again" minimum:"0" maximum:"100000" doc:"二人复核"`
}

// Word returns what people call the round: 第一轮.
func (c Check) Word() string { return roundWords[c.N] }

// Checks lists the rounds of checks, the latest first.
func (s *Service) Checks(ctx context.Context, scope tenants.Scope) (cs []Check, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select c.id, c.round_id, r.name as round_name, c.n, c.share, c.seed, c.opened_at, c.opened_by
			from checks c join rounds r on r.tenant_id = c.tenant_id and r.id = c.round_id
			where `+tenants.Own("c")+`
			order by c.opened_at desc, c.n desc
			limit 100`)
		if cs, err = pgx.CollectRows(rows, pgx.RowToStructByName[Check]); err != nil {
			return fmt.Errorf("list checks: %w", err)
		}
		if err := draw(ctx, tx, cs); err != nil {
			return err
		}
		return count(ctx, tx, cs)
	})
	return cs, err
}

// draw fills in what each draw saw and took, and draws again to see whether the
// same comes of it.
func draw(ctx context.Context, tx *tenants.Tx, cs []Check) error {
	rows, _ := tx.Query(ctx, `
		select check_id, finding_id, '00000000-0000-0000-0000-000000000000'::uuid as unit_id, number,
			reason = 'doubt' as doubt, reason = 'overdue' as overdue, drawn
		from check_samples s where `+tenants.Own("s")+` and check_id = any(@ids)`, pgx.StrictNamedArgs{"ids": idsOf(cs)})
	type kept struct {
		lot
		Check ID   `db:"check_id"`
		Was   bool `db:"drawn"`
	}
	sample, err := pgx.CollectRows(rows, pgx.RowToStructByName[kept])
	if err != nil {
		return fmt.Errorf("read samples: %w", err)
	}
	lots, was := map[ID][]lot{}, map[ID][]bool{}
	for _, k := range sample {
		lots[k.Check], was[k.Check] = append(lots[k.Check], k.lot), append(was[k.Check], k.Was)
	}
	for i := range cs {
		c := &cs[i]
		take(lots[c.ID], c.Seed, c.Share)
		c.fill(lots[c.ID])
		for k, l := range lots[c.ID] {
			c.Same = c.Same && l.Drawn == was[c.ID][k]
		}
	}
	return nil
}

func idsOf(cs []Check) []ID {
	ids := make([]ID, len(cs))
	for i, c := range cs {
		ids[i] = c.ID
	}
	return ids
}

// count fills in the counts of each round of checks.
func count(ctx context.Context, tx *tenants.Tx, cs []Check) error {
	rows, _ := tx.Query(ctx, `
		with v as (
			select *, row_number() over (partition by check_id, finding_id, state = 'confirmed' order by nth desc) = 1 as last
			from check_visits v where `+tenants.Own("v")+` and check_id = any(@ids) and state <> 'cancelled')
		select check_id, count(*)::int as visits,
			count(*) filter (where state = 'planned' and first_id is null)::int as unassigned,
			count(*) filter (where state = 'planned')::int as waiting,
			count(*) filter (where state in ('reported', 'agreed'))::int as reported,
			count(*) filter (where state = 'confirmed' and last)::int as checked,
			count(*) filter (where state = 'confirmed' and last and verdict = 'real')::int as real,
			count(*) filter (where state = 'confirmed' and last and verdict = 'partial')::int as partial,
			count(*) filter (where state = 'confirmed' and last and verdict = 'unchanged')::int as unchanged,
			count(*) filter (where state = 'confirmed' and last and verdict = 'doubtful')::int as doubtful,
			coalesce(sum(content) filter (where state = 'confirmed'), 0)::int as content,
			coalesce(sum(fair) filter (where state = 'confirmed'), 0)::int as fair,
			coalesce(sum(discontent) filter (where state = 'confirmed'), 0)::int as discontent,
			count(*) filter (where outcome = 'letter')::int as letters,
			count(*) filter (where outcome = 'reopen')::int as reopened,
			count(*) filter (where outcome = 'again')::int as again
		from v group by check_id`, pgx.StrictNamedArgs{"ids": idsOf(cs)})
	type counted struct {
		Counts
		Check ID `db:"check_id"`
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
	if err != nil {
		return fmt.Errorf("count visits: %w", err)
	}
	for i := range cs {
		cs[i].Counts = Counts{}
		for _, c := range all {
			if c.Check == cs[i].ID {
				cs[i].Counts = c.Counts
			}
		}
	}
	return nil
}

// MatrixFilter says which problems the matrix shows.
type MatrixFilter struct {
	Round   inspection.RoundID // of inspection
	N       int                // only those visited in this round of checks
	Verdict Verdict            // only those with this verdict
	Unit    inspection.UnitID
	Cursor  string // number of the last row before
	Limit   int
}

// Row is one problem and what the three rounds found.
type Row struct {
	FindingID inspection.FindingID `json:"finding" db:"finding_id"`
	Number    string               `json:"number" db:"number" maxLength:"40"`
	UnitName  string               `json:"unit_name" db:"unit_name" maxLength:"100"`
	Text      string               `json:"text" db:"text" maxLength:"5000"`
	CaseState string               `json:"case_state" db:"case_state" maxLength:"20"`
	DueOn     *inspection.Day      `json:"due_on" nullable:"true" db:"due_on"`
	Cells     []Cell               `json:"cells" db:"-" nullable:"false" maxItems:"3" doc:"The last visit of each round of checks"`
}

// Cell is the last visit to a problem in one round of checks.
type Cell struct {
	VisitID    VisitID         `json:"visit" db:"id"`
	N          int             `json:"n" db:"n" minimum:"1" maximum:"3"`
	Nth        int             `json:"nth" db:"nth" minimum:"1" maximum:"2"`
	State      State           `json:"state" db:"state"`
	Reason     Reason          `json:"reason" db:"reason"`
	Verdict    Verdict         `json:"verdict" db:"verdict"`
	Outcome    Outcome         `json:"outcome" db:"outcome"`
	Inspectors string          `json:"inspectors" db:"inspectors" maxLength:"210" doc:"Both, or empty"`
	PlannedOn  *inspection.Day `json:"planned_on" nullable:"true" db:"planned_on"`
	VisitedAt  *time.Time      `json:"visited_at" db:"visited_at"`
	Photos     int             `json:"photos" db:"photos" minimum:"0" maximum:"9"`
	Version    int             `json:"version" db:"version" minimum:"1" maximum:"2147483647"`
}

const matrixWhere = `
	@round::uuid in (f.round_id, '00000000-0000-0000-0000-000000000000')
	and (@unit::uuid is null or f.unit_id = @unit)
	and exists (select from check_visits v
		where v.tenant_id = f.tenant_id and v.finding_id = f.id and v.state <> 'cancelled'
		  and (@n = 0 or v.n = @n) and (@verdict = '' or v.verdict = @verdict))`

func (f MatrixFilter) args() pgx.StrictNamedArgs {
	args := pgx.StrictNamedArgs{"round": f.Round, "n": f.N, "verdict": f.Verdict, "unit": (*inspection.UnitID)(nil)}
	if f.Unit != (inspection.UnitID{}) {
		args["unit"] = &f.Unit
	}
	return args
}

// Matrix returns the problems that were drawn in any round of checks, by number.
func (s *Service) Matrix(ctx context.Context, scope tenants.Scope, f MatrixFilter) (p inspection.Page[Row], err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		p.Items, err = matrix(ctx, tx, f, f.Cursor, f.Limit+1)
		if err != nil {
			return err
		}
		p.Cut(f.Limit, func(r Row) string { return r.Number })
		err := tx.QueryRow(ctx, `select count(*) from findings f where `+tenants.Own("f")+` and `+matrixWhere, f.args()).Scan(&p.Total)
		if err != nil {
			return fmt.Errorf("count matrix: %w", err)
		}
		return withCells(ctx, tx, p.Items)
	})
	return p, err
}

// Every calls fn with each row of the matrix, by number. More than most rows are
// refused before the first.
func (s *Service) Every(ctx context.Context, tx *tenants.Tx, f MatrixFilter, most int, fn func(Row) error) ([]tenants.ID, error) {
	rows, err := matrix(ctx, tx, f, "", most+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > most {
		return nil, inspection.Errorf(inspection.Invalid, "narrow-filter", "符合条件的超过 %d 行，请缩小筛选范围后分次导出。", most)
	}
	if err := withCells(ctx, tx, rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := fn(r); err != nil {
			return nil, err
		}
	}
	return []tenants.ID{tx.Scope().Tenant()}, nil
}

func matrix(ctx context.Context, tx *tenants.Tx, f MatrixFilter, after string, limit int) ([]Row, error) {
	args := f.args()
	args["after"], args["limit"] = after, limit
	rows, _ := tx.Query(ctx, `
		select f.id as finding_id, f.number, u.name as unit_name, f.text, r.state as case_state, r.due_on
		from findings f
		join rectifications r on r.tenant_id = f.tenant_id and r.finding_id = f.id
		join units u on u.tenant_id = f.tenant_id and u.id = f.unit_id
		where `+tenants.Own("f")+` and `+matrixWhere+` and f.number > @after
		order by f.number
		limit @limit`, args)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Row])
	if err != nil {
		return nil, fmt.Errorf("read matrix: %w", err)
	}
	return all, nil
}

func withCells(ctx context.Context, tx *tenants.Tx, rows []Row) error {
	ids := make([]inspection.FindingID, len(rows))
	at := map[inspection.FindingID]*Row{}
	for i := range rows {
		rows[i].Cells = []Cell{}
		ids[i], at[rows[i].FindingID] = rows[i].FindingID, &rows[i]
	}
	type found struct {
		Cell
		FindingID inspection.FindingID `db:"finding_id"`
	}
	got, _ := tx.Query(ctx, `
		select distinct on (v.finding_id, v.n) v.finding_id, v.id, v.n, v.nth, v.state, v.reason, v.verdict, v.outcome,
			concat_ws('、', nullif(v.first_name, ''), nullif(v.second_name, '')) as inspectors, v.planned_on, v.visited_at,
			(select count(*) from check_photos p where p.tenant_id = v.tenant_id and p.visit_id = v.id)::int as photos, v.version
		from check_visits v
		where `+tenants.Own("v")+` and v.finding_id = any(@ids) and v.state <> 'cancelled'
		order by v.finding_id, v.n, v.nth desc`, pgx.StrictNamedArgs{"ids": ids})
	cells, err := pgx.CollectRows(got, pgx.RowToStructByName[found])
	if err != nil {
		return fmt.Errorf("read cells: %w", err)
	}
	for _, c := range cells {
		r := at[c.FindingID]
		r.Cells = append(r.Cells, c.Cell)
	}
	return nil
}
