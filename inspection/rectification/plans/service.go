package plans

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/papers"
	"xuncha/tenants"
)

// Service does what people ask of plans.
type Service struct {
	DB       *tenants.DB
	Clock    inspection.Clock
	Calendar *inspection.Calendar
	Cases    *rectification.Service
}

// maxFindings is how many findings one unit may have in one round.
const maxFindings = 1000

// row is a plan as the database has it.
type row struct {
	Plan
	TenantID tenants.ID `db:"tenant_id"`
}

const lineColumns = `p.id, p.round_id, d.name as round_name, p.unit_id, u.name as unit_name, p.edition, p.state, `

const rowColumns = lineColumns + papers.WholeColumns + `, p.organised, p.meeting_on, p.meeting_note, p.refused, p.tenant_id`

const tables = ` from plans p
	join rounds d on d.tenant_id = p.tenant_id and d.id = p.round_id
	join units u on u.tenant_id = p.tenant_id and u.id = p.unit_id`

// List returns the plans of the scope's reach, the latest round first, and of each
// unit the latest edition first.
func (s *Service) List(ctx context.Context, scope tenants.Scope) (ls []Line, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+lineColumns+papers.ListColumns+tables+`
			where `+scope.Rows("p")+`
			order by d.term desc, d.seq desc, u.name collate "zh-x-icu", p.edition desc
			limit 2000`)
		if ls, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[Line]); err != nil {
			return fmt.Errorf("list plans: %w", err)
		}
		return nil
	})
	return ls, err
}

// Get returns one plan. Reading another office's plan leaves an entry in that
// office's journal.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id inspection.PlanID) (p Plan, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `select `+rowColumns+tables+` where `+scope.Rows("p")+` and p.id = @id`,
			pgx.StrictNamedArgs{"id": id})
		r, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row]))
		if err != nil {
			return err
		}
		if r.TenantID != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: r.TenantID, Action: "plan.read-above", Object: "plan", ID: id.UUID, Unit: r.UnitID,
				Detail: tenants.Detail{Title: "上级查看整改方案", Text: r.title()},
			})
		}
		p, err = s.view(ctx, tx, r)
		return err
	})
	return p, err
}

func (r row) title() string {
	return fmt.Sprintf("%s，%s，第%d版", r.UnitName, r.RoundName, r.Edition)
}

// view completes a plan for who looks at it.
func (s *Service) view(ctx context.Context, tx *tenants.Tx, r row) (Plan, error) {
	now, err := s.ledger(ctx, tx, r)
	if err != nil {
		return Plan{}, err
	}
	p := r.Plan
	p.Gaps, p.Changed = now.gaps(s.Clock.Today()), []string{}
	if p.Content, p.Digest, err = papers.Read(paper, r.Paper, now); err != nil {
		return p, err
	}
	if r.Signed != nil {
		p.Changed = differing(p.Content.Answers, now.Answers)
	}
	if p.Opinions, err = paper.OpinionsOn(ctx, tx, r.TenantID, r.ID.UUID, r.Paper); err != nil {
		return p, err
	}
	p.Allowed, p.Office = r.allowed(tx.Scope()), r.TenantID
	return p, nil
}

func (r row) allowed(scope tenants.Scope) []Action {
	if r.TenantID != scope.Tenant() {
		return []Action{}
	}
	may := papers.Allowed(r.Paper, scope.Role(), plans.Allowed(r.State, scope.Role()),
		papers.Acts[Action]{Opine: Opine, Return: Return, Approve: Approve})
	return slices.DeleteFunc(may, func(do Action) bool { return do == Supersede }) // what approving the next edition does
}

// ledger reads what the plan would say if it were signed now.
func (s *Service) ledger(ctx context.Context, tx *tenants.Tx, r row) (Content, error) {
	c := Content{
		Unit: r.UnitName, Round: r.RoundName, Organised: r.Organised, MeetingOn: r.MeetingOn, MeetingNote: r.MeetingNote,
		Promise: Promise, Answers: []Answer{},
	}
	refused := map[inspection.FindingID]string{}
	for _, f := range r.Refused {
		refused[f.Finding] = f.Reason
	}
	f := rectification.Filter{Unit: r.UnitID, Round: r.RoundID, Sort: "number"}
	_, err := s.Cases.Every(ctx, tx, f, maxFindings, func(it rectification.Item) error {
		if it.IssuedAt != nil {
			c.Answers = append(c.Answers, answerOf(it, refused))
		}
		return nil
	})
	return c, err
}

// differing lists the numbers of the findings to which the ledger now says
// something else than was signed.
func differing(signed, now []Answer) []string {
	was := map[string]Answer{}
	for _, a := range signed {
		was[a.Number] = a
	}
	numbers := []string{}
	for _, a := range now {
		before, known := was[a.Number]
		delete(was, a.Number)
		before.Refused, a.Refused = "", ""
		if !known || !reflect.DeepEqual(before, a) {
			numbers = append(numbers, a.Number)
		}
	}
	for number := range was {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return numbers
}

// Begin opens the next edition of the unit's plan for a round. Only one edition
// is worked on at a time.
func (s *Service) Begin(ctx context.Context, scope tenants.Scope, round inspection.RoundID) (p Plan, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		state, err := plans.Next(tenants.Start, Begin, scope.Role())
		if err != nil {
			return err
		}
		id := inspection.NewID[inspection.PlanID]()
		tag, err := tx.Exec(ctx, `
			insert into plans (id, round_id, unit_id, edition, state, organised, meeting_on, meeting_note, refused, changed_name,
				changed_at)
			select @id, d.id, @unit, coalesce(l.edition, 0) + 1, @state, coalesce(l.organised, ''), l.meeting_on,
				coalesce(l.meeting_note, ''), coalesce(l.refused, '[]'), @by, @at
			from rounds d
			left join lateral (
				select p.* from plans p
				where `+tenants.Own("p")+` and p.round_id = d.id and p.unit_id = @unit
				order by p.edition desc limit 1) l on true
			where `+tenants.Own("d")+` and d.id = @round
			on conflict do nothing`, pgx.StrictNamedArgs{
			"id": id, "round": round, "unit": scope.Unit(), "state": state, "by": scope.Name(), "at": s.Clock(),
		})
		if err != nil {
			return fmt.Errorf("begin plan: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return s.notBegun(ctx, tx, round)
		}
		r, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Journal(r.entry(Begin, "", nil))
		p, err = s.view(ctx, tx, r)
		return err
	})
	return p, err
}

// notBegun says why no edition was begun: there is no such round, or one is open.
func (s *Service) notBegun(ctx context.Context, tx *tenants.Tx, round inspection.RoundID) error {
	rows, _ := tx.Query(ctx, `select d.name from rounds d where `+tenants.Own("d")+` and d.id = @round`,
		pgx.StrictNamedArgs{"round": round})
	if _, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])); err != nil {
		return err
	}
	return inspection.Errorf(inspection.Conflict, "plan.open", "本轮次已有一份整改方案正在办理，请在其中继续。")
}

// Change is what the unit says of its plan beside the measures; what is absent
// stays.
type Change struct {
	Organised   *string         `json:"organised,omitempty" nullable:"false" maxLength:"5000" doc:"组织领导"`
	MeetingOn   *inspection.Day `json:"meeting_on,omitempty"`
	MeetingNote *string         `json:"meeting_note,omitempty" nullable:"false" maxLength:"2000"`
	Refused     *[]Refusal      `json:"refused,omitempty" nullable:"false" maxItems:"200"`
}

// Edit saves what the unit wrote.
func (s *Service) Edit(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, c Change) (Plan, error) {
	return s.act(ctx, scope, id, version, Edit, func(tx *tenants.Tx, r *row) (string, error) {
		var bad inspection.Fields
		if c.Organised != nil {
			r.Organised = bad.Text("/organised", *c.Organised, false, 5000)
		}
		if c.MeetingNote != nil {
			r.MeetingNote = bad.Text("/meeting_note", *c.MeetingNote, false, 2000)
		}
		if c.MeetingOn != nil {
			if *c.MeetingOn > s.Clock.Today() {
				bad = append(bad, inspection.Field{Pointer: "/meeting_on", Code: "future", Message: "专题民主生活会尚未召开，召开后再登记。"})
			}
			r.MeetingOn = c.MeetingOn
		}
		if c.Refused != nil {
			if err := s.refuse(ctx, tx, r, *c.Refused, &bad); err != nil {
				return "", err
			}
		}
		return "", bad.Err("plan.invalid")
	})
}

// refuse takes over which findings the unit does not accept, each with a reason.
func (s *Service) refuse(ctx context.Context, tx *tenants.Tx, r *row, fs []Refusal, bad *inspection.Fields) error {
	now, err := s.ledger(ctx, tx, *r)
	if err != nil {
		return err
	}
	r.Refused = []Refusal{}
	for i, f := range fs {
		at := fmt.Sprintf("/refused/%d", i)
		if !slices.ContainsFunc(now.Answers, func(a Answer) bool { return a.Finding == f.Finding }) {
			*bad = append(*bad, inspection.Field{Pointer: at + "/finding", Code: "unknown", Message: "该问题不在本轮次反馈给本单位的问题中。"})
		}
		if slices.ContainsFunc(r.Refused, func(was Refusal) bool { return was.Finding == f.Finding }) {
			*bad = append(*bad, inspection.Field{Pointer: at + "/finding", Code: "repeated", Message: "同一问题出现了两次。"})
		}
		f.Reason = bad.Text(at+"/reason", f.Reason, true, 1000)
		r.Refused = append(r.Refused, f)
	}
	return nil
}

// anyVersion is for what does not depend on what others do meanwhile.
const anyVersion = 0

// act is one act on a plan: read under lock, decide by the table, change, save,
// tell the journal.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, do Action,
	change func(tx *tenants.Tx, r *row) (note string, err error),
) (p Plan, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		r, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		before := r
		if r.State, err = plans.Next(r.State, do, scope.Role()); err != nil {
			return err
		}
		if version != anyVersion && r.Version != version {
			now, err := s.view(ctx, tx, before)
			if err != nil {
				return err
			}
			return inspection.StaleRow("plan.stale", now)
		}
		note, err := change(tx, &r)
		if err != nil {
			return err
		}
		r.Version++
		if do != Opine { // who of a party answered, and when, is not the unit's to read
			r.ChangedAt, r.ChangedBy = s.Clock(), scope.Name()
		}
		if err := r.save(ctx, tx); err != nil {
			return err
		}
		tx.Journal(r.entry(do, note, before.Plan))
		p, err = s.view(ctx, tx, r)
		return err
	})
	return p, err
}

// entry is the journal's entry of an act. An opinion is not the unit's to read.
func (r row) entry(do Action, note string, before any) tenants.Entry {
	e := tenants.Entry{
		Action: "plan." + string(do), Object: "plan", ID: r.ID.UUID, Unit: r.UnitID, Before: before, After: r.Plan,
		Detail: tenants.Detail{Title: "整改方案：" + plans.Doing[do], Text: strings.TrimSpace(r.title() + " " + note)},
	}
	if do == Opine {
		e.Unit = inspection.UnitID{}
	}
	return e
}

func lock(ctx context.Context, tx *tenants.Tx, id inspection.PlanID) (row, error) {
	rows, _ := tx.Query(ctx, `select `+rowColumns+tables+` where `+tenants.Own("p")+` and p.id = @id for update of p`,
		pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row]))
}

func (r row) save(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update plans p
		set state = @state, organised = @organised, meeting_on = @meeting_on, meeting_note = @meeting_note, refused = @refused,
			issued_at = case when @state = 'effective' then coalesce(issued_at, @at) else issued_at end, `+papers.Saved+`
		where `+tenants.Own("p")+` and p.id = @id`, r.Args(tx.Scope(), pgx.StrictNamedArgs{
		"id": r.ID, "state": r.State, "organised": r.Organised, "meeting_on": r.MeetingOn, "meeting_note": r.MeetingNote,
		"refused": r.Refused,
	}))
	if err != nil {
		return fmt.Errorf("save plan: %w", err)
	}
	return nil
}
