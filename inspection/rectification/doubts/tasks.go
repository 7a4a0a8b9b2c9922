package doubts

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks returns the items about which signals wait for the one who acts: for the
// unit's word, or for the next of the two persons who decide on site. One item is one
// task, however many signals it has.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	role, verb, states := tx.Scope().Role(), "核查", Open()
	switch {
	case role.OfUnit():
		verb, states = "说明", []State{Found}
	case role != tenants.OFF && role != tenants.DISC:
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select d.finding_id as id, f.number, f.text as title, u.name as source, count(*)::int as n, min(d.found_at) as since
		from `+tables+`
		where `+tenants.Own("d")+` and d.state = any(@states)
		  and not exists (select from doubt_looks l
			where l.tenant_id = d.tenant_id and l.doubt_id = d.id and l.turn = d.turn and l.by_id = @me)
		  and (@verb = '说明' or not exists (select from grants g
			where g.tenant_id = d.tenant_id and g.member_id = @me and g.unit_id = d.unit_id) and u.acts_as <> @role)
		group by d.finding_id, f.number, f.text, u.name
		order by since, f.number`, pgx.StrictNamedArgs{"states": states, "me": tx.Scope().Member(), "verb": verb, "role": role})
	type row struct {
		inspection.Task
		N int
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[row])
	if err != nil {
		return nil, fmt.Errorf("list tasks of signals: %w", err)
	}
	tasks := make([]inspection.Task, len(all))
	for i, r := range all {
		r.Verb, r.Kind = verb, "doubt"
		r.Title = fmt.Sprintf("存疑待核 %d 条：%s", r.N, inspection.Line(r.Title))
		tasks[i] = r.Task
	}
	return tasks, nil
}
