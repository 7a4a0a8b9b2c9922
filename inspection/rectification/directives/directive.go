package directives

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// ID names one task.
type ID struct{ uuid.UUID }

// Service keeps the tasks.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock
}

// Directive is one task from a meeting of the secretary.
type Directive struct {
	ID         ID                `json:"id" db:"id"`
	Unit       inspection.UnitID `json:"unit" db:"unit_id"`
	UnitName   string            `json:"unit_name" db:"unit_name" maxLength:"200"`
	Meeting    string            `json:"meeting" db:"meeting" maxLength:"100"`
	MeetingOn  inspection.Day    `json:"meeting_on" db:"meeting_on"`
	Person     string            `json:"person" db:"person" maxLength:"100" doc:"Who was named: name and post"`
	Matter     string            `json:"matter" db:"matter" maxLength:"1000"`
	DueOn      inspection.Day    `json:"due_on" db:"due_on"`
	State      State             `json:"state" db:"state"`
	AssignedAt time.Time         `json:"assigned_at" db:"assigned_at"`
	AssignedBy string            `json:"assigned_by" db:"assigned_by" maxLength:"100"`
	Answer     string            `json:"answer" db:"answer" maxLength:"2000"`
	AnsweredAt *time.Time        `json:"answered_at" db:"answered_at"`
	AnsweredBy string            `json:"answered_by" db:"answered_by" maxLength:"100"`
	Note       string            `json:"note" db:"note" maxLength:"1000" doc:"Why it was returned, closed or withdrawn, the last time"`
	NotedAt    *time.Time        `json:"noted_at" db:"noted_at"`
	NotedBy    string            `json:"noted_by" db:"noted_by" maxLength:"100"`
	Version    int               `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Allowed    []Action          `json:"allowed" db:"-" nullable:"false" maxItems:"10" doc:"What you may do next"`
}

const columns = `d.id, d.unit_id, u.name as unit_name, d.meeting, d.meeting_on, d.person, d.matter, d.due_on, d.state, d.assigned_at,
	d.assigned_by, d.answer, d.answered_at, d.answered_by, d.note, d.noted_at, d.noted_by, d.version`

const tables = `directives d join units u on (u.tenant_id, u.id) = (d.tenant_id, d.unit_id)`

func (d *Directive) see(s tenants.Scope) { d.Allowed = directives.Allowed(d.State, s.Role()) }

func (d Directive) entry(do Action, text string, before any) tenants.Entry {
	return tenants.Entry{
		Action: "directive." + string(do), Object: "directive", ID: d.ID.UUID, Unit: d.Unit, Before: before, After: d,
		Detail: tenants.Detail{Title: directives.Doing[do] + "点人点事事项", Text: text},
	}
}

// listed is how many tasks the list goes back.
const listed = 500

// List lists the tasks of the office, or those of the caller's unit: what waits first,
// by its day, then the latest.
func (s *Service) List(ctx context.Context, scope tenants.Scope) (all []Directive, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		all, err = list(ctx, tx, ``, pgx.StrictNamedArgs{"limit": listed})
		return err
	})
	return all, err
}

func list(ctx context.Context, tx *tenants.Tx, where string, args pgx.StrictNamedArgs) ([]Directive, error) {
	rows, _ := tx.Query(ctx, `
		select `+columns+` from `+tables+` where `+tenants.Own("d")+where+`
		order by d.state not in ('assigned', 'answered'), case when d.state in ('assigned', 'answered') then d.due_on end, d.assigned_at desc, d.id
		limit @limit`, args)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Directive])
	if err != nil {
		return nil, fmt.Errorf("list directives: %w", err)
	}
	for i := range all {
		all[i].see(tx.Scope())
	}
	return all, nil
}

// Assigning is what came out of the meeting.
type Assigning struct {
	Unit      inspection.UnitID `json:"unit" format:"uuid"`
	Meeting   string            `json:"meeting" minLength:"1" maxLength:"100"`
	MeetingOn inspection.Day    `json:"meeting_on"`
	Person    string            `json:"person" minLength:"1" maxLength:"100" doc:"Who was named: name and post"`
	Matter    string            `json:"matter" minLength:"1" maxLength:"1000"`
	DueOn     inspection.Day    `json:"due_on"`
}

// farthest is how many days ahead the day may lie: ten years.
const farthest = 3660

func (a *Assigning) clean(today inspection.Day) error {
	var bad inspection.Fields
	a.Meeting = bad.Text("/meeting", a.Meeting, true, 100)
	a.Person = bad.Text("/person", a.Person, true, 100)
	a.Matter = bad.Text("/matter", a.Matter, true, 1000)
	if a.MeetingOn > today {
		bad = append(bad, inspection.Field{Pointer: "/meeting_on", Code: "day-order", Message: "会议日期不能晚于今天。"})
	}
	if a.DueOn <= today || a.DueOn > today+farthest {
		bad = append(bad, inspection.Field{Pointer: "/due_on", Code: "day-order", Message: "办理期限应在今天之后，且不超过十年。"})
	}
	return bad.Err("directive.invalid")
}

// Assign enters a task, which the unit reads at once.
func (s *Service) Assign(ctx context.Context, scope tenants.Scope, a Assigning) (d Directive, err error) {
	if _, err := directives.Next(tenants.Start, Assign, scope.Role()); err != nil {
		return d, err
	}
	if err := a.clean(s.Clock.Today()); err != nil {
		return d, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		id := inspection.NewID[ID]()
		tag, err := tx.Exec(ctx, `
			insert into directives (id, unit_id, meeting, meeting_on, person, matter, due_on, assigned_at, assigned_by)
			select @id, u.id, @meeting, @meeting_on, @person, @matter, @due_on, @at, @by from units u where `+tenants.Own("u")+` and u.id = @unit`,
			pgx.StrictNamedArgs{
				"id": id, "unit": a.Unit, "meeting": a.Meeting, "meeting_on": a.MeetingOn, "person": a.Person, "matter": a.Matter,
				"due_on": a.DueOn, "at": s.Clock(), "by": scope.Name(),
			})
		if err != nil {
			return fmt.Errorf("add directive: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return inspection.Fields{{Pointer: "/unit", Code: "choice", Message: "没有这个单位，请重新选择。"}}.Err("directive.invalid")
		}
		if d, err = get(ctx, tx, id); err != nil {
			return err
		}
		tx.Journal(d.entry(Assign, fmt.Sprintf("%s，%s，%s 前：%s", d.Meeting, d.Person, d.DueOn, inspection.Line(d.Matter)), nil))
		return nil
	})
	d.see(scope)
	return d, err
}

func get(ctx context.Context, tx *tenants.Tx, id ID) (Directive, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from `+tables+` where `+tenants.Own("d")+` and d.id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Directive]))
}

// Do takes a task on, with a text: the unit's answer, or why the office returns it,
// closes the task or withdraws it. To close one asks for a fresh proof of identity.
func (s *Service) Do(ctx context.Context, scope tenants.Scope, id ID, version int, do Action, text string) (d Directive, err error) {
	limit := map[Action]int{Answer: 2000}[do]
	if limit == 0 {
		limit = 1000
	}
	var bad inspection.Fields
	if text = bad.Text("/text", text, true, limit); bad != nil {
		return d, bad.Err("directive.invalid")
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if _, err := tx.Exec(ctx, `select from directives d where `+tenants.Own("d")+` and d.id = @id for update`, pgx.StrictNamedArgs{"id": id}); err != nil {
			return fmt.Errorf("lock directive: %w", err)
		}
		if d, err = get(ctx, tx, id); err != nil {
			return err
		}
		before := d
		if d.State, err = directives.Next(d.State, do, scope.Role()); err != nil {
			return err
		}
		if d.Version != version {
			before.see(scope)
			return inspection.StaleRow("directive.stale", before)
		}
		if do == Close {
			if err := scope.StepUp(s.Clock()); err != nil {
				return err
			}
		}
		if now := s.Clock(); do == Answer {
			d.Answer, d.AnsweredAt, d.AnsweredBy = text, &now, scope.Name()
		} else {
			d.Note, d.NotedAt, d.NotedBy = text, &now, scope.Name()
		}
		d.Version++
		tx.Journal(d.entry(do, inspection.Line(text), before))
		return d.save(ctx, tx)
	})
	d.see(scope)
	return d, err
}

// save stores what may change. The database refuses a column of the other side.
func (d Directive) save(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update directives d
		set state = @state, answer = @answer, answered_at = @answered_at, answered_by = @answered_by, note = @note, noted_at = @noted_at,
			noted_by = @noted_by, version = @version
		where `+tenants.Own("d")+` and d.id = @id`, pgx.StrictNamedArgs{
		"id": d.ID, "state": d.State, "answer": d.Answer, "answered_at": d.AnsweredAt, "answered_by": d.AnsweredBy, "note": d.Note,
		"noted_at": d.NotedAt, "noted_by": d.NotedBy, "version": d.Version,
	})
	if err != nil {
		return fmt.Errorf("save directive: %w", err)
	}
	return nil
}

// Tasks returns what waits for the one who acts: in the unit the answer, in the office
// what becomes of it.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	waiting := Answered
	if tx.Scope().Role().OfUnit() {
		waiting = Assigned
	}
	if len(directives.Allowed(waiting, tx.Scope().Role())) == 0 {
		return nil, nil
	}
	all, err := list(ctx, tx, ` and d.state = @state`, pgx.StrictNamedArgs{"state": waiting, "limit": listed})
	tasks := make([]inspection.Task, len(all))
	for i, d := range all {
		tasks[i] = inspection.Task{
			Verb: "答复", Title: "点人点事：" + inspection.Line(d.Matter), Kind: "directive", ID: d.ID.UUID, Source: d.Meeting, By: d.AssignedBy,
			Since: d.AssignedAt, DueOn: &d.DueOn,
		}
		if waiting == Answered {
			tasks[i].Verb, tasks[i].Source, tasks[i].By, tasks[i].Since = "审核", d.UnitName, d.AnsweredBy, *d.AnsweredAt
		}
	}
	return tasks, err
}
