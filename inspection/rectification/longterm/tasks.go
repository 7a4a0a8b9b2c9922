package longterm

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks returns the reviews that wait for the agreement of the party of who acts. That
// an item comes back is a task of its own room.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if tx.Scope().Role().OfUnit() {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select `+columns+`, f.text, u.name as unit_name
		from `+tables+`
		join findings f on f.tenant_id = v.tenant_id and f.id = v.finding_id
		join units u on u.tenant_id = v.tenant_id and u.id = v.unit_id
		where `+tenants.Own("v")+` and v.state = @state
		order by v.at`, pgx.StrictNamedArgs{"state": Proposed})
	type row struct {
		Review
		Text     string
		UnitName string
	}
	waiting, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	var tasks []inspection.Task
	for _, w := range waiting {
		if !w.Outdated && w.mine(tx.Scope().Role()) {
			tasks = append(tasks, inspection.Task{
				Verb: "会审", Title: w.wish() + "：" + inspection.Line(w.Text), Kind: "item", ID: w.Finding.UUID, Number: w.Number,
				Source: w.UnitName, By: w.ByName, Since: w.At, DueOn: w.FromOn,
			})
		}
	}
	return tasks, nil
}
