package extensions

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks returns the requests that wait for the one who acts: for the head's
// signature, for the decision, or to be passed up. The day that presses is the item's own.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	role := tx.Scope().Role()
	if role != tenants.HEAD && !decides(role, tenants.DIR) && role != tenants.LG {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select `+requestColumns+`, r.due_on, f.text, u.name as unit_name
		from `+requestTables+`
		join findings f on f.tenant_id = x.tenant_id and f.id = x.finding_id
		join units u on u.tenant_id = x.tenant_id and u.id = x.unit_id
		where `+tenants.Own("x")+` and x.state in ('asked', 'signed')
		order by x.at`)
	type row struct {
		Request
		DueOn    *inspection.Day `db:"due_on"`
		Text     string
		UnitName string
	}
	waiting, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	tasks, err := s.listTasks(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, w := range waiting {
		w.see(tx.Scope())
		t := inspection.Task{
			Title: "申请" + w.wish() + "：" + inspection.Line(w.Text), Kind: "item", ID: w.Finding.UUID, Number: w.Number, Source: w.UnitName,
			By: w.ByName, Since: w.At, DueOn: w.DueOn,
		}
		switch {
		case slices.Contains(w.Allowed, Sign):
			t.Verb = "签署"
		case slices.Contains(w.Allowed, Approve):
			t.Verb, t.By, t.Since = "审批", w.SignedBy, *w.SignedAt
		case slices.Contains(w.Allowed, Forward):
			t.Verb, t.By, t.Since = "转报", w.SignedBy, *w.SignedAt
		default:
			continue
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}
