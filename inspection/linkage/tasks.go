package linkage

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Tasks lists what the scope's person has to do now between offices. The reach
// of tx must hold what the office sent below.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	var all []inspection.Task
	for _, list := range []func(context.Context, *tenants.Tx) ([]inspection.Task, error){
		s.received, s.reported, s.toIssue, s.raised,
	} {
		tasks, err := list(ctx, tx)
		if err != nil {
			return nil, err
		}
		all = append(all, tasks...)
	}
	return all, nil
}

// received are notices to sign for or to report on.
func (s *Service) received(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	scope := tx.Scope()
	if !slices.Contains(anybody, scope.Role()) {
		return nil, nil
	}
	return tasksFrom(ctx, tx, `
		select case when d.state = 'delivered' then '签收' when d.state = 'returned' then '补正' else '报送' end as verb,
			n.title || case when r.times > 0 then '（已催办 ' || r.times || ' 次）' else '' end as title,
			'delivery' as kind, n.id, coalesce(n.number, '') as number, i.short as source, n.issued_by as by,
			coalesce(d.returned_at, d.delivered_at) as since,
			case when d.state = 'delivered' then d.receipt_due else d.report_due end as due_on
		from deliveries d join notices n on n.tenant_id = d.issuer and n.id = d.notice_id join tenants i on i.id = n.tenant_id,
			lateral (select count(*) as times from notice_reminders r
				where r.tenant_id = d.tenant_id and r.delivery_id = d.id) r
		where `+tenants.Own("d")+` and d.state in ('delivered', 'received', 'checking', 'returned')
		  and (d.unit_id is not null) = @unit
		order by due_on, n.id`, pgx.StrictNamedArgs{"unit": scope.Role().OfUnit()})
}

// reported are reports to accept or to return, one task for all of a notice because
// they stand in one matrix, and notices to close.
func (s *Service) reported(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !slices.Contains(office, tx.Scope().Role()) {
		return nil, nil
	}
	return tasksFrom(ctx, tx, `
		select '采认' as verb, n.title || case when count(*) > 1 then '（' || count(*) || ' 份自查报告）' else '' end as title,
			'notice' as kind, n.id, n.number,
			case when count(*) > 1 then count(*) || ' 个单位' else min(coalesce(u.name, t.name)) end as source,
			case when count(*) > 1 then '' else min(d.reported_by) end as by,
			min(d.reported_at) as since, min(d.review_due) as due_on
		from deliveries d join notices n on n.tenant_id = d.issuer and n.id = d.notice_id
		join tenants t on t.id = d.tenant_id left join units u on u.tenant_id = d.tenant_id and u.id = d.unit_id
		where `+tenants.Reach("d")+` and d.issuer = current_setting('app.tenant')::int and d.state = 'reported'
		group by n.tenant_id, n.id
		union all
		select '闭环', n.title, 'notice', n.id, n.number, count(*) || ' 个单位', '', max(d.accepted_at), null
		from notices n join deliveries d on d.issuer = n.tenant_id and d.notice_id = n.id and `+tenants.Reach("d")+`
		where `+tenants.Own("n")+` and n.state = 'issued'
		group by n.tenant_id, n.id having bool_and(d.state = 'accepted')
		order by due_on, id`, pgx.StrictNamedArgs{})
}

// toIssue are notices that wait for a signature.
func (s *Service) toIssue(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !slices.Contains(signers, tx.Scope().Role()) {
		return nil, nil
	}
	return tasksFrom(ctx, tx, `
		select '签发' as verb, n.title, 'notice' as kind, n.id, '' as number, t.short as source, n.changed_by as by,
			n.changed_at as since, null::date as due_on
		from notices n join tenants t on t.id = n.tenant_id
		where `+tenants.Own("n")+` and n.state = 'approval'
		order by n.id`, pgx.StrictNamedArgs{})
}

// raised are matters that wait for this person. An answer that is being carried out
// is the unit's work, whose item has its day: it comes to the office's desk when the
// item is closed, or a week before the day.
func (s *Service) raised(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	scope := tx.Scope()
	rows, _ := tx.Query(ctx, `
		select `+matterColumns+` from `+matterTables+`
		where `+tenants.Reach("e")+` and e.holder = current_setting('app.tenant')::int
		  and e.state not in ('draft', 'closed', 'withdrawn')
		  and not (e.state = @confirmed and e.step_due > @soon and exists (
			select from rectifications c where c.tenant_id = e.tenant_id and c.finding_id = e.finding_id and c.state <> @closed))
		order by e.step_due, e.id`,
		pgx.StrictNamedArgs{"confirmed": Confirmed, "soon": s.Clock.Today() + 7, "closed": rectification.Closed})
	ms, err := pgx.CollectRows(rows, pgx.RowToStructByName[Matter])
	if err != nil {
		return nil, fmt.Errorf("list matters to do: %w", err)
	}
	var tasks []inspection.Task
	for _, m := range ms {
		do, ok := nextDeed[m.State]
		if !ok || !slices.Contains(m.Allowed(scope), do.act) {
			continue
		}
		tasks = append(tasks, inspection.Task{
			Verb: do.verb, Title: m.Title, Kind: "escalation", ID: m.ID.UUID, Number: m.Number, Source: m.RaiserName,
			By: m.ChangedBy, Since: m.ChangedAt, DueOn: m.StepDue,
		})
	}
	return tasks, nil
}

// nextDeed is what a matter waits for in each state.
var nextDeed = map[MatterState]struct {
	act  MatterAct
	verb string
}{
	MatterApproval: {ApproveMatter, "审批"},
	Submitted:      {TakeMatter, "受理"},
	Taken:          {DecideMatter, "研究"},
	MatterWorking:  {AnswerMatter, "答复"},
	Raised:         {TakeMatter, "受理"},
	TakenAbove:     {DecideMatter, "研究"},
	Disputed:       {AnswerMatter, "答复"},
	SentBack:       {SubmitMatter, "补正"},
	Refused:        {ConfirmMatter, "确认"},
	Answered:       {ConfirmMatter, "确认"},
	Confirmed:      {FinishMatter, "落实"},
}

func tasksFrom(ctx context.Context, tx *tenants.Tx, sql string, args pgx.StrictNamedArgs) ([]inspection.Task, error) {
	rows, _ := tx.Query(ctx, sql, args)
	tasks, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[inspection.Task])
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	return tasks, nil
}

// Lineage tells what passed between offices about a finding, for its page.
func (s *Service) Lineage(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) ([]rectification.Link, error) {
	if tx.Scope().Role().OfUnit() {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select 'escalation' as kind, e.id::text as id, coalesce(e.number, '') as number, e.title, e.state
		from escalations e
		where `+tenants.Reach("e")+` and e.finding_id = @id
		order by e.id`, pgx.StrictNamedArgs{"id": id})
	links, err := pgx.CollectRows(rows, pgx.RowToStructByName[rectification.Link])
	if err != nil {
		return nil, fmt.Errorf("list matters of a finding: %w", err)
	}
	return links, nil
}
