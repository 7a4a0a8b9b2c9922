package evaluations

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// waiting is an evaluation that is on somebody's desk.
type waiting struct {
	ID        ID                    `db:"id"`
	UnitName  string                `db:"unit_name"`
	RoundName string                `db:"round_name"`
	State     State                 `db:"state"`
	Members   []inspection.MemberID `db:"members"`
	Second    SecondState           `db:"second"`
	SecondDue *inspection.Day       `db:"second_due"`
	ChangedBy string                `db:"changed_name"`
	ChangedAt time.Time             `db:"changed_at"`
	OrderedAt *time.Time            `db:"ordered_at"`
}

// Tasks lists the evaluations that wait for the scope's person: to say what the unit
// thinks of itself, to score, to approve, to decide, to make known, and what came
// of a second rectification.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	rows, _ := tx.Query(ctx, `
		select e.id, u.name as unit_name, d.name as round_name, e.state, coalesce(s.members, '{}') as members,
			coalesce(o.state, '') as second, o.due_on as second_due,
			case when current_setting('app.unit') = '' then e.changed_name else '' end as changed_name, e.changed_at,
			coalesce(o.reported_at, o.ordered_at) as ordered_at`+tables+`
		where `+tenants.Own("e")+` and (e.state not in ('published', 'superseded') or o.state in ('ordered', 'returned', 'reported'))
		order by e.changed_at, e.id`)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[waiting])
	if err != nil {
		return nil, fmt.Errorf("list tasks of evaluations: %w", err)
	}
	tasks := []inspection.Task{}
	for _, w := range found {
		t := inspection.Task{
			Title: "整改成效评估（" + w.RoundName + "）", Kind: "evaluation", ID: w.ID.UUID, Source: w.UnitName, By: w.ChangedBy, Since: w.ChangedAt,
		}
		if t.Verb = w.verb(tx.Scope()); t.Verb == "" {
			continue
		}
		if w.Second != "" {
			t.Title, t.Since, t.DueOn = "二次整改（"+w.RoundName+"）", *w.OrderedAt, w.SecondDue
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// verb is what the evaluation asks of somebody, or "".
func (w waiting) verb(scope tenants.Scope) string {
	role := scope.Role()
	officer := role == tenants.OFF || role.Above() // a county's director is asked for the review alone
	switch {
	case w.Second == Reported:
		return when(officer, "确认")
	case w.Second != "":
		return when(role.OfUnit(), "整改")
	case w.State == SelfEvaluating && role == tenants.UNIT:
		return "自评"
	case w.State == SelfEvaluating && role == tenants.HEAD:
		return "签署"
	case w.State == Assessing && len(w.Members) == 0:
		return when(officer, "组建")
	case w.State == Assessing:
		return when(slices.Contains(w.Members, scope.Member()), "评分")
	case w.State == Reviewing:
		return when(slices.Contains(byDirector, role), "审核")
	case w.State == Approving:
		return when(role == tenants.LG, "审定")
	case w.State == Decided:
		return when(officer, "通报")
	}
	return ""
}

func when(yes bool, verb string) string {
	if yes {
		return verb
	}
	return ""
}
