package opinions

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks lists the opinions that wait for the office: to be decided on, and to be
// answered.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !slices.Contains([]tenants.Role{tenants.OFF, tenants.CITY, tenants.PROV}, tx.Scope().Role()) {
		return nil, nil
	}
	due, err := s.dues(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, `
		select `+columns+` from`+tables+`
		where `+tenants.Own("o")+` and (o.state = @waiting or o.reply = '' and o.state <> @merged)
		order by o.at, o.id limit 500`, pgx.StrictNamedArgs{"waiting": Waiting, "merged": Merged})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Opinion])
	if err != nil {
		return nil, fmt.Errorf("list tasks of opinions: %w", err)
	}
	tasks := []inspection.Task{}
	for _, o := range found {
		by := due(o)
		if by == nil {
			continue
		}
		verb := "审核"
		if o.State != Waiting {
			verb = "答复"
		}
		tasks = append(tasks, inspection.Task{
			Verb: verb, Title: "意见：" + excerpt(o.Text), Kind: "opinion", ID: o.ID.UUID, Number: o.Number, Source: o.UnitName,
			By: "群众", Since: o.At, DueOn: by,
		})
	}
	return tasks, nil
}
