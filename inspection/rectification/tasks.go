package rectification

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks returns what the one who acts has to do now about cases: the unit what it
// has not handed in, a party what waits for its opinion, the office what can be
// decided and what is overdue. Each is there only as long as the case is.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	scope := tx.Scope()
	today := s.Clock.Today()
	rows, _ := tx.Query(ctx, `
		select r.finding_id, f.number, f.text, u.name as unit_name, r.state, r.due_on, r.review_on, r.submitted_at, r.returned_at,
			r.issued_at, r.changed_by, s.due_on as review_by, s.agreed is not null as complete,
			coalesce(@role::text = any(s.parties) and not @role::text = any(s.given), false) as mine
		from rectifications r
		join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		join units u on u.tenant_id = r.tenant_id and u.id = r.unit_id
		left join submissions s on s.tenant_id = r.tenant_id and s.finding_id = r.finding_id and s.n = r.submission
			and r.state = 'submitted'
		where `+tenants.Own("r")+` and r.withdrawn_at is null and r.state <> 'closed'
		order by r.due_on, f.number collate "C"`, pgx.StrictNamedArgs{"role": scope.Role()})
	ws, err := pgx.CollectRows(rows, pgx.RowToStructByName[standing])
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	tasks := []inspection.Task{}
	for _, w := range ws {
		if t, ok := w.task(scope.Role(), today); ok {
			tasks = append(tasks, t)
		}
	}
	return tasks, nil
}

// standing is a case that is not closed, as far as it makes somebody work.
type standing struct {
	FindingID   inspection.FindingID
	Number      string
	Text        string
	UnitName    string
	State       State
	DueOn       *inspection.Day
	ReviewOn    *inspection.Day
	SubmittedAt *time.Time
	ReturnedAt  *time.Time
	IssuedAt    *time.Time
	ChangedBy   string
	ReviewBy    *inspection.Day
	Complete    bool // all opinions are in
	Mine        bool // the caller's opinion is missing
}

func (w standing) task(role tenants.Role, today inspection.Day) (inspection.Task, bool) {
	t := inspection.Task{
		Title: inspection.Line(w.Text), Kind: "item", ID: w.FindingID.UUID, Number: w.Number, Source: w.UnitName, DueOn: w.DueOn,
	}
	since := w.IssuedAt
	office := role == tenants.OFF || role == tenants.DIR
	overdue := w.DueOn != nil && *w.DueOn < today
	switch {
	case role.OfUnit() && w.State == Open:
		t.Verb = "启动"
	case role.OfUnit() && w.State == Working:
		t.Verb = "填报"
	case role.OfUnit() && w.State == Returned:
		t.Verb, t.By, since = "补正", w.ChangedBy, w.ReturnedAt
	case role.OfUnit() && w.State == LongTerm && w.returned():
		t.Verb, t.DueOn, since = "补正", w.ReviewOn, w.ReturnedAt
	case w.State == Submitted && w.Mine:
		t.Verb, t.By, t.DueOn, since = "审核", w.ChangedBy, w.ReviewBy, w.SubmittedAt
	case w.State == Submitted && w.Complete && office:
		t.Verb, t.DueOn, since = "汇总", w.ReviewBy, w.SubmittedAt
	case w.State == LongTerm && office && w.ReviewOn != nil && *w.ReviewOn <= today:
		t.Verb, t.DueOn = "复核", w.ReviewOn
	case role == tenants.OFF && overdue && (w.State == Open || w.State == Working || w.State == Returned):
		t.Verb = "催办"
	default:
		return t, false
	}
	if since != nil {
		t.Since = *since
	}
	return t, true
}

// returned reports whether what was handed in last came back.
func (w standing) returned() bool {
	return w.ReturnedAt != nil && w.SubmittedAt != nil && !w.ReturnedAt.Before(*w.SubmittedAt)
}
