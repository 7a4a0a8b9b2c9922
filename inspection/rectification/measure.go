package rectification

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// maxMeasures is how many measures one finding may have.
const maxMeasures = 200

// Measure is one thing to be done about a finding (整改措施), and by whom.
type Measure struct {
	ID         inspection.MeasureID `json:"id" db:"id"`
	Seq        int                  `json:"seq" db:"seq" minimum:"1" maximum:"100000"`
	Text       string               `json:"text" db:"text" maxLength:"5000"`
	Kind       Kind                 `json:"kind" db:"kind"`
	Leader     string               `json:"leader" db:"leader" maxLength:"100" doc:"责任领导"`
	Department string               `json:"department" db:"department" maxLength:"200" doc:"责任科室"`
	Person     string               `json:"person" db:"person" maxLength:"100" doc:"责任人"`
	Helpers    string               `json:"helpers" db:"helpers" maxLength:"500" doc:"协作单位"`
	DueOn      *inspection.Day      `json:"due_on" nullable:"true" db:"due_on"`
	Progress   string               `json:"progress" db:"progress" maxLength:"2000"`
	Rules      string               `json:"rules" db:"rules" maxLength:"1000" doc:"建章立制"`
	Remark     string               `json:"remark" db:"remark" maxLength:"1000"`
	Done       bool                 `json:"done" db:"done"`
	ChangedAt  time.Time            `json:"changed_at" db:"changed_at"`
	ChangedBy  string               `json:"changed_by" db:"changed_by" maxLength:"100"`
	Version    int                  `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`

	FindingID inspection.FindingID `json:"-" db:"finding_id"`
}

const measureColumns = `m.id, m.finding_id, m.seq, m.text, m.kind, m.leader, m.department, m.person, m.helpers, m.due_on,
	m.progress, m.rules, m.remark, m.done, m.changed_at, m.changed_by, m.version`

// MeasureEdit is what may be said of a measure; what is absent stays.
type MeasureEdit struct {
	Text       *string         `json:"text,omitempty" nullable:"false" minLength:"1" maxLength:"5000"`
	Kind       *Kind           `json:"kind,omitempty"`
	Leader     *string         `json:"leader,omitempty" nullable:"false" maxLength:"100" doc:"责任领导"`
	Department *string         `json:"department,omitempty" nullable:"false" maxLength:"200" doc:"责任科室"`
	Person     *string         `json:"person,omitempty" nullable:"false" maxLength:"100" doc:"责任人"`
	Helpers    *string         `json:"helpers,omitempty" nullable:"false" maxLength:"500" doc:"协作单位"`
	DueOn      *inspection.Day `json:"due_on,omitempty"`
	NoDue      bool            `json:"no_due,omitempty" doc:"Takes the day away; only of a long-term measure (长期坚持)"`
	Progress   *string         `json:"progress,omitempty" nullable:"false" maxLength:"2000"`
	Rules      *string         `json:"rules,omitempty" nullable:"false" maxLength:"1000" doc:"建章立制"`
	Remark     *string         `json:"remark,omitempty" nullable:"false" maxLength:"1000"`
	Done       *bool           `json:"done,omitempty"`
}

// assigns reports whether e says nothing but who does it and by when: what the
// office may say, too.
func (e MeasureEdit) assigns() bool {
	return e.Text == nil && e.Kind == nil && e.Progress == nil && e.Rules == nil && e.Remark == nil && e.Done == nil
}

// apply changes m as e says. A day that is said now may neither be past nor lie
// before the feedback.
func (e MeasureEdit) apply(m Measure, c Case, today inspection.Day) (Measure, error) {
	if e == (MeasureEdit{}) {
		return m, errNothing
	}
	var bad inspection.Fields
	text := func(to *string, from *string, pointer string, required bool, limit int) {
		if from != nil {
			*to = bad.Text(pointer, *from, required, limit)
		}
	}
	text(&m.Text, e.Text, "/text", true, 5000)
	text(&m.Leader, e.Leader, "/leader", false, 100)
	text(&m.Department, e.Department, "/department", false, 200)
	text(&m.Person, e.Person, "/person", false, 100)
	text(&m.Helpers, e.Helpers, "/helpers", false, 500)
	text(&m.Progress, e.Progress, "/progress", false, 2000)
	text(&m.Rules, e.Rules, "/rules", false, 1000)
	text(&m.Remark, e.Remark, "/remark", false, 1000)
	if e.Kind != nil {
		m.Kind = *e.Kind
	}
	if e.Done != nil {
		m.Done = *e.Done
	}
	switch {
	case e.DueOn != nil:
		bad = append(bad, deadlineOrder("/due_on", *e.DueOn, c.FeedbackOn, today)...)
		m.DueOn = e.DueOn
	case e.NoDue && m.DueOn != nil && m.Kind != Long:
		bad = append(bad, inspection.Field{
			Pointer: "/due_on", Code: "deadline-needed",
			Message: fmt.Sprintf("整改类型为“%s”的措施要有期限。确需长期坚持的，先把整改类型改为“%s”，再清空期限。", m.Kind.Word(), Long.Word()),
		})
	case e.NoDue:
		m.DueOn = nil
	}
	return m, bad.Err("rectification.invalid")
}

// deadlineOrder refuses a deadline that is past or not after the feedback.
func deadlineOrder(pointer string, due inspection.Day, feedback *inspection.Day, today inspection.Day) inspection.Fields {
	switch {
	case feedback != nil && due <= *feedback:
		return inspection.Fields{{Pointer: pointer, Code: "deadline-order", Message: "期限应在反馈日期 " + feedback.String() + " 之后。"}}
	case due < today:
		return inspection.Fields{{Pointer: pointer, Code: "deadline-order", Message: "期限不能早于今天。"}}
	case due > today+36600:
		return inspection.Fields{{Pointer: pointer, Code: "deadline-order", Message: "期限过远，请核对年份。"}}
	}
	return nil
}

// EditMeasure changes a measure. The unit may change all of it; the office says
// who does it and by when.
func (s *Service) EditMeasure(
	ctx context.Context, scope tenants.Scope, id inspection.FindingID, measure inspection.MeasureID, version int, e MeasureEdit,
) (m Measure, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		c, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		do := Edit
		if e.assigns() && !scope.Role().OfUnit() {
			do = Assign
		}
		if _, err := cases.Next(c.State, do, scope.Role()); err != nil {
			return c.told(err)
		}
		before, err := getMeasure(ctx, tx, id, measure)
		if err != nil {
			return err
		}
		if before.Version != version {
			return inspection.StaleRow("rectification.stale", before)
		}
		if m, err = e.apply(before, c, s.Clock.Today()); err != nil {
			return err
		}
		if m, err = s.saveMeasure(ctx, tx, m); err != nil {
			return err
		}
		entry := c.entry("measure."+string(do), do.Word()+"第"+fmt.Sprint(m.Seq)+"项措施", inspection.Line(m.Progress), before)
		entry.After = m
		tx.Journal(entry)
		return s.touch(ctx, tx, c)
	})
	return m, err
}

// AddMeasure adds a measure to a case of the caller's unit.
func (s *Service) AddMeasure(ctx context.Context, scope tenants.Scope, id inspection.FindingID, e MeasureEdit) (m Measure, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		c, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := cases.Next(c.State, Edit, scope.Role()); err != nil {
			return c.told(err)
		}
		if e.Text == nil {
			e.Text = new(string)
		}
		if m, err = e.apply(Measure{Kind: Near}, c, s.Clock.Today()); err != nil {
			return err
		}
		added, err := s.AddMeasures(ctx, tx, c, []Measure{m})
		if err != nil {
			return err
		}
		m = added[0]
		return s.touch(ctx, tx, c)
	})
	return m, err
}

// AddMeasures writes measures behind those that the case has. Imports and answers
// from above call it with a case of the own office.
func (s *Service) AddMeasures(ctx context.Context, tx *tenants.Tx, c Case, ms []Measure) ([]Measure, error) {
	var last, n int
	err := tx.QueryRow(ctx, `
		select coalesce(max(seq), 0), count(*) from measures m
		where `+tenants.Own("m")+` and finding_id = @id`, pgx.StrictNamedArgs{"id": c.ID}).Scan(&last, &n)
	if err != nil {
		return nil, fmt.Errorf("last measure: %w", err)
	}
	if n+len(ms) > maxMeasures {
		return nil, inspection.Errorf(inspection.Invalid, "rectification.too-many-measures", "一个问题最多 %d 项措施。", maxMeasures)
	}
	ms = slices.Clone(ms)
	var b pgx.Batch
	for i := range ms {
		m := &ms[i]
		m.ID, m.FindingID, m.Seq, m.Version = inspection.NewID[inspection.MeasureID](), c.ID, last+1+i, 1
		m.ChangedAt, m.ChangedBy = s.Clock(), tx.Scope().Name()
		if m.Kind == "" {
			m.Kind = Near
		}
		queueMeasure(&b, c, *m)
		entry := c.entry("measure.add", fmt.Sprintf("新增第%d项措施", m.Seq), inspection.Line(m.Text), nil)
		entry.After = *m
		tx.Journal(entry)
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("add measures: %w", err)
	}
	return ms, nil
}

func queueMeasure(b *pgx.Batch, c Case, m Measure) {
	b.Queue(`
		insert into measures (id, finding_id, unit_id, seq, text, kind, leader, department, person, helpers, due_on,
			progress, rules, remark, done, issued_at, changed_at, changed_by)
		values (@id, @finding, @unit, @seq, @text, @kind, @leader, @department, @person, @helpers, @due_on,
			@progress, @rules, @remark, @done, @issued_at, @changed_at, @changed_by)`,
		pgx.StrictNamedArgs{
			"id": m.ID, "finding": c.ID, "unit": c.UnitID, "seq": m.Seq, "text": m.Text, "kind": m.Kind,
			"leader": m.Leader, "department": m.Department, "person": m.Person, "helpers": m.Helpers, "due_on": m.DueOn,
			"progress": m.Progress, "rules": m.Rules, "remark": m.Remark, "done": m.Done, "issued_at": c.IssuedAt,
			"changed_at": m.ChangedAt, "changed_by": m.ChangedBy,
		})
}

func (s *Service) saveMeasure(ctx context.Context, tx *tenants.Tx, m Measure) (Measure, error) {
	m.ChangedAt, m.ChangedBy, m.Version = s.Clock(), tx.Scope().Name(), m.Version+1
	_, err := tx.Exec(ctx, `
		update measures m
		set text = @text, kind = @kind, leader = @leader, department = @department, person = @person, helpers = @helpers,
			due_on = @due_on, progress = @progress, rules = @rules, remark = @remark, done = @done,
			changed_at = @changed_at, changed_by = @changed_by, version = @version
		where `+tenants.Own("m")+` and id = @id`, pgx.StrictNamedArgs{
		"id": m.ID, "text": m.Text, "kind": m.Kind, "leader": m.Leader, "department": m.Department, "person": m.Person,
		"helpers": m.Helpers, "due_on": m.DueOn, "progress": m.Progress, "rules": m.Rules, "remark": m.Remark,
		"done": m.Done, "changed_at": m.ChangedAt, "changed_by": m.ChangedBy, "version": m.Version,
	})
	if err != nil {
		return Measure{}, fmt.Errorf("save measure: %w", err)
	}
	return m, nil
}

// touch dates the case's last change without making a new version of it: its
// measures have versions of their own.
func (s *Service) touch(ctx context.Context, tx *tenants.Tx, c Case) error {
	_, err := tx.Exec(ctx, `
		update rectifications r set changed_at = @at, changed_by = @by
		where `+tenants.Own("r")+` and finding_id = @id`,
		pgx.StrictNamedArgs{"at": s.Clock(), "by": tx.Scope().Name(), "id": c.ID})
	if err != nil {
		return fmt.Errorf("touch case: %w", err)
	}
	return nil
}

func getMeasure(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, measure inspection.MeasureID) (Measure, error) {
	rows, _ := tx.Query(ctx, `
		select `+measureColumns+` from measures m
		where `+tenants.Own("m")+` and m.finding_id = @id and m.id = @measure and m.withdrawn_at is null
		for update`, pgx.StrictNamedArgs{"id": id, "measure": measure})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Measure]))
}

// measuresOf lists the measures of these cases, in their order.
func measuresOf(ctx context.Context, tx *tenants.Tx, ids []inspection.FindingID) ([]Measure, error) {
	rows, _ := tx.Query(ctx, measuresQuery(tx.Scope()), pgx.StrictNamedArgs{"ids": ids})
	ms, err := pgx.CollectRows(rows, pgx.RowToStructByName[Measure])
	if err != nil {
		return nil, fmt.Errorf("list measures: %w", err)
	}
	return ms, nil
}

func measuresQuery(scope tenants.Scope) string {
	return `
	select ` + measureColumns + ` from measures m
	where ` + scope.Rows("m") + ` and m.finding_id = any(@ids) and m.withdrawn_at is null
	order by m.finding_id, m.seq`
}
