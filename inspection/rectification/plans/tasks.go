package plans

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// waiting is a plan that is on somebody's desk.
type waiting struct {
	ID        inspection.PlanID `db:"id"`
	UnitName  string            `db:"unit_name"`
	RoundName string            `db:"round_name"`
	State     State             `db:"state"`
	Parties   []tenants.Role    `db:"parties"`
	Given     []tenants.Role    `db:"given"`
	Agreed    *bool             `db:"agreed"`
	ReviewBy  *inspection.Day   `db:"review_by"`
	ChangedBy string            `db:"changed_name"`
	ChangedAt time.Time         `db:"changed_at"`
}

// Tasks lists the plans that wait for the scope's person: to finish and sign, to
// countersign, to review, to decide.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	rows, _ := tx.Query(ctx, `
		select p.id, u.name as unit_name, d.name as round_name, p.state, p.parties, p.given, p.agreed, p.review_by, p.changed_name,
			p.changed_at`+tables+`
		where `+tenants.Own("p")+` and p.state not in ('effective', 'superseded')
		order by p.changed_at, p.id`)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[waiting])
	if err != nil {
		return nil, fmt.Errorf("list tasks of plans: %w", err)
	}
	tasks := []inspection.Task{}
	for _, w := range found {
		verb := w.verb(tx.Scope().Role())
		if verb == "" {
			continue
		}
		tasks = append(tasks, inspection.Task{
			Verb: verb, Title: "整改方案（" + w.RoundName + "）", Kind: "plan", ID: w.ID.UUID, Source: w.UnitName, By: w.ChangedBy,
			Since: w.ChangedAt, DueOn: w.ReviewBy,
		})
	}
	return tasks, nil
}

// verb is what the plan asks of somebody in this role, or "".
func (w waiting) verb(role tenants.Role) string {
	switch {
	case w.State == Drafting && role == tenants.UNIT:
		return "编制"
	case w.State == Drafting && role == tenants.HEAD:
		return "签字"
	case w.State == Returned && role.OfUnit():
		return "修改"
	case w.State == Countersigning && role == tenants.LG:
		return "签字"
	case w.State == Reviewing && slices.Contains(w.Parties, role) && !slices.Contains(w.Given, role):
		return "审核"
	case w.State == Reviewing && w.Agreed != nil && role == tenants.OFF:
		return "办理"
	}
	return ""
}
