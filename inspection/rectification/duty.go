package rectification

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Duty is one row of the list of who is responsible (责任清单): what one leader of a
// unit has to see to in one department.
type Duty struct {
	UnitID     inspection.UnitID `json:"unit" db:"unit_id"`
	UnitName   string            `json:"unit_name" db:"unit_name" maxLength:"200"`
	Leader     string            `json:"leader" db:"leader" maxLength:"100" doc:"责任领导; empty: none is named"`
	Department string            `json:"department" db:"department" maxLength:"200" doc:"责任科室; empty: none is named"`
	Problems   int               `json:"problems" db:"problems" minimum:"0" maximum:"10000000" doc:"How many problems the tasks belong to"`
	Tasks      int               `json:"tasks" db:"tasks" minimum:"1" maximum:"10000000"`
	Done       int               `json:"done" db:"done" minimum:"0" maximum:"10000000"`
	Overdue    int               `json:"overdue" db:"overdue" minimum:"0" maximum:"10000000"`
	NextDue    *inspection.Day   `json:"next_due" nullable:"true" db:"next_due" doc:"First day, today or later, of what is not done and whose clock runs"`
}

var dutyEnding = ending[Duty]{
	columns: `d.unit_name, d.leader, d.department, d.unit_id`, args: "@c_0, @c_1, @c_2, @c_3",
	values: func(d Duty) []string { return []string{d.UnitName, d.Leader, d.Department, d.UnitID.String()} },
	read:   []func(string) (any, error){plainText, plainText, plainText, identifier},
}

var dutySorts = map[string]sort[Duty]{
	"unit":       {column: "d.unit_name", key: func(d Duty) string { return d.UnitName }, value: plainText},
	"leader":     {column: "d.leader", key: func(d Duty) string { return d.Leader }, value: plainText},
	"department": {column: "d.department", key: func(d Duty) string { return d.Department }, value: plainText},
	"tasks":      countSort("d.tasks", func(d Duty) int { return d.Tasks }),
	"overdue":    countSort("d.overdue", func(d Duty) int { return d.Overdue }),
	"next":       {column: "d.next_due", nullable: true, key: func(d Duty) string { return dayKey(d.NextDue) }, value: dayValue},
}

func countSort(column string, of func(Duty) int) sort[Duty] {
	return sort[Duty]{
		column: column, key: func(d Duty) string { return strconv.Itoa(of(d)) },
		value: func(s string) (any, error) { return strconv.Atoi(s) },
	}
}

// DutySorts lists what the list of who is responsible may be sorted by, upwards
// and downwards.
func DutySorts() []string { return sortNames(dutySorts) }

// Duties returns one page of the list of who is responsible (责任清单), over the
// measures that f finds.
func (s *Service) Duties(ctx context.Context, scope tenants.Scope, f Filter) (p inspection.Page[Duty], err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		p, err = s.duties(ctx, tx, f, 0)
		return err
	})
	return p, err
}

// EveryDuty returns all of that list. More than most are refused.
func (s *Service) EveryDuty(ctx context.Context, tx *tenants.Tx, f Filter, most int) ([]Duty, error) {
	f.Cursor = ""
	p, err := s.duties(ctx, tx, f, most)
	if err == nil && p.Next != "" {
		return nil, tooMany(most)
	}
	return p.Items, err
}

func (s *Service) duties(ctx context.Context, tx *tenants.Tx, f Filter, most int) (p inspection.Page[Duty], err error) {
	today := s.Clock.Today()
	q, err := f.where(tx.Scope(), today, tasks)
	if err != nil {
		return p, err
	}
	q.add(tx.Scope().Rows("m"))
	q.add("m.withdrawn_at is null")
	q.need(withUnit)
	by, err := place(q, f, dutySorts, "unit", dutyEnding)
	if err != nil {
		return p, err
	}
	if most > 0 {
		q.limit = most
	}
	q.args["limit"], q.args["today"], q.args["running"] = q.limit+1, today, Running()
	after := "true"
	if q.after != "" {
		after = q.after
	}
	answer, _ := tx.QueryWhole(ctx, `
		with d as materialized (
			select m.unit_id, u.name collate "zh-x-icu" as unit_name, m.leader collate "zh-x-icu" as leader, m.department collate "zh-x-icu" as department,
				count(distinct m.finding_id) as problems, count(*) as tasks, count(*) filter (where m.done) as done,
				count(*) filter (where `+taskDay+` < @today and `+tasks.open+`) as overdue,
				min(`+taskDay+`) filter (where `+taskDay+` >= @today and `+tasks.open+`) as next_due
			from measures m`+withCase+strings.Join(q.joins, "")+`
			where `+strings.Join(q.conditions, " and ")+`
			group by m.unit_id, u.name, m.leader, m.department)
		select d.*, (select count(*) from d) as total
		from d
		where `+after+`
		order by `+q.by+`
		limit @limit`, q.args)
	type counted struct {
		Duty
		Total int `db:"total"`
	}
	found, err := pgx.CollectRows(answer, pgx.RowToStructByName[counted])
	if err != nil {
		return p, fmt.Errorf("list duties: %w", err)
	}
	rows, total := make([]Duty, 0, len(found)), 0
	for _, row := range found[:min(len(found), q.limit)] {
		rows, total = append(rows, row.Duty), row.Total
	}
	return paged(rows, total, len(found) > q.limit, by), nil
}
