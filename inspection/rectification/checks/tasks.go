package checks

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks returns what checks ask of the one who acts: an inspector to go, or to look
// through what the other wrote; the director to confirm; a unit to answer a letter,
// and the office to ask for an answer that did not come by its day.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	role := tx.Scope().Role()
	switch {
	case role.OfUnit():
		letters, err := unanswered(ctx, tx, nil)
		for i := range letters {
			letters[i].Source = letterTitle
		}
		return letters, err
	case role != tenants.DIR && !slices.Contains(byInspector, role):
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select `+visitColumns+` from `+visitTables+`
		where `+tenants.Own("v")+` and v.state in ('planned', 'reported', 'agreed') and v.first_id is not null
		  and (@role = 'DIR' or @me in (v.first_id, v.second_id))
		order by coalesce(v.planned_on, '2199-12-31'), f.number, v.nth
		limit 1000`, pgx.StrictNamedArgs{"role": role, "me": tx.Scope().Member()})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Visit])
	if err != nil {
		return nil, fmt.Errorf("list tasks of checks: %w", err)
	}
	tasks, err := s.silent(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		v.see(tx.Scope())
		t := inspection.Task{
			Verb: v.verb(), Title: roundWords[v.N] + "督导检查：" + inspection.Line(v.Text), Kind: "visit", ID: v.ID.UUID,
			Number: v.Number, Source: v.UnitName, By: v.ChangedBy, Since: v.ChangedAt,
		}
		if t.Verb == "" {
			continue
		}
		if t.Verb == "检查" {
			t.DueOn = v.PlannedOn
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// verb is what the visit asks of the one who sees it, or "".
func (v Visit) verb() string {
	for _, each := range []struct {
		do   Action
		at   State
		verb string
	}{{Report, Planned, "检查"}, {Agree, Reported, "核对"}, {Confirm, Agreed, "确认"}} {
		if v.State == each.at && slices.Contains(v.Allowed, each.do) {
			return each.verb
		}
	}
	return ""
}

// silent are, for the office, the letters whose day for an answer is past and to which
// there is none.
func (s *Service) silent(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !slices.Contains(byOffice, tx.Scope().Role()) {
		return nil, nil
	}
	letters, err := unanswered(ctx, tx, new(s.Clock.Today()))
	if err != nil {
		return nil, err
	}
	for i := range letters {
		letters[i].Verb, letters[i].By = "催复", letterTitle
	}
	return letters, nil
}

// unanswered are the letters that wait for the unit's answer, of which the day for it
// came before that one if it is given.
func unanswered(ctx context.Context, tx *tenants.Tx, before *inspection.Day) ([]inspection.Task, error) {
	rows, _ := tx.Query(ctx, `
		select c.visit_id as id, c.letter ->> 'title' as title, c.number, u.name as source, c.answer_on as due_on, c.confirmed_at as since
		from check_results c
		join units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
		where `+tenants.Own("c")+` and c.letter is not null and (@before::date is null or c.answer_on < @before) and not exists (
			select from check_answers a where a.tenant_id = c.tenant_id and a.visit_id = c.visit_id)
		order by c.answer_on, c.number
		limit 1000`, pgx.StrictNamedArgs{"before": before})
	tasks, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[inspection.Task])
	if err != nil {
		return nil, fmt.Errorf("list letters to answer: %w", err)
	}
	for i := range tasks {
		tasks[i].Verb, tasks[i].Kind = "回复", "check-letter"
		tasks[i].By = tx.Scope().Office().Short
	}
	return tasks, nil
}
