package rectification

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Case is a finding being put right: what changes while it is.
type Case struct {
	ID             inspection.FindingID `json:"id" db:"finding_id" doc:"Of the finding and of its case"`
	Number         string               `json:"number" db:"number" maxLength:"40" doc:"QY-06-02-017"`
	UnitID         inspection.UnitID    `json:"unit" db:"unit_id"`
	FeedbackOn     *inspection.Day      `json:"feedback_on" nullable:"true" db:"feedback_on"`
	State          State                `json:"state" db:"state"`
	Kind           Kind                 `json:"kind" db:"kind"`
	Goal           string               `json:"goal" db:"goal" maxLength:"2000" doc:"整改目标"`
	Progress       string               `json:"progress" db:"progress" maxLength:"2000" doc:"Latest sentence"`
	DueOn          *inspection.Day      `json:"due_on" nullable:"true" db:"due_on" doc:"Last day; it ends at midnight in Asia/Shanghai"`
	DueVersion     int                  `json:"due_version" db:"due_version" minimum:"1" maximum:"2147483647" doc:"Grows when due_on changes, and when a long-term case gets another day to come back on"`
	DueCalendar    string               `json:"-" db:"due_calendar"`
	DueProvisional bool                 `json:"due_provisional" db:"due_provisional" doc:"The working days of that year are not published yet"`
	DueNote        string               `json:"due_note" db:"due_note" maxLength:"200" doc:"Why it is this day"`
	DueSetAt       *time.Time           `json:"-" db:"due_set_at"`
	DueKind        DueKind              `json:"-" db:"due_kind"`
	ReviewOn       *inspection.Day      `json:"review_on" nullable:"true" db:"review_on" doc:"When a long-term case comes back"`
	Submission     int                  `json:"submission" db:"submission" minimum:"0" maximum:"10000" doc:"How often it was handed in"`
	SubmittedAt    *time.Time           `json:"submitted_at" db:"submitted_at"`
	ReturnedAt     *time.Time           `json:"returned_at" db:"returned_at"`
	ReturnNote     string               `json:"return_note" db:"return_note" maxLength:"5000" doc:"The last consolidated return"`
	ClosedOn       *inspection.Day      `json:"closed_on" nullable:"true" db:"closed_on"`
	RecoveredFen   int64                `json:"recovered_fen" db:"recovered_fen" minimum:"0" maximum:"9007199254740991" doc:"已追回, in fen"`
	RulesMade      int                  `json:"rules_made" db:"rules_made" minimum:"0" maximum:"10000" doc:"新建制度"`
	RulesAmended   int                  `json:"rules_amended" db:"rules_amended" minimum:"0" maximum:"10000" doc:"修订制度"`
	PeopleDealt    int                  `json:"people_dealt" db:"people_dealt" minimum:"0" maximum:"100000" doc:"问责追责人数"`
	Elsewhere      string               `json:"elsewhere" db:"elsewhere" maxLength:"2000" doc:"举一反三: what looking further found"`
	HoldReason     string               `json:"hold_reason" db:"hold_reason" maxLength:"200" doc:"Reminders are held while not empty"`
	Flags          []Flag               `json:"flags" db:"flags" nullable:"false" maxItems:"10"`
	IssuedAt       *time.Time           `json:"-" db:"issued_at"`
	ChangedAt      time.Time            `json:"changed_at" db:"changed_at"`
	ChangedBy      string               `json:"changed_by" db:"changed_by" maxLength:"100"`
	Version        int                  `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`

	DaysLeft *int     `json:"days_left" db:"-" minimum:"-100000" maximum:"100000" doc:"Days to due_on; negative when past; null when the clock does not run"`
	Overdue  bool     `json:"overdue" db:"-"`
	Allowed  []Action `json:"allowed" db:"-" nullable:"false" maxItems:"20" doc:"What you may do next"`
}

const caseColumns = `r.finding_id, f.number, r.unit_id, f.feedback_on, r.state, r.kind, r.goal, r.progress, r.due_on,
	r.due_version, r.due_calendar, r.due_provisional, r.due_note, r.due_set_at, r.due_kind, r.review_on, r.submission, r.submitted_at,
	r.returned_at, r.return_note, r.closed_on, r.recovered_fen, r.rules_made, r.rules_amended, r.people_dealt,
	r.elsewhere, r.hold_reason, r.flags, r.issued_at, r.changed_at, r.changed_by, r.version`

// Running lists the states in which the clock runs: a case in another state is
// never overdue. Everybody who counts overdue cases counts these.
func Running() []State { return []State{Open, Working, Returned} }

// see fills in what follows from today and from who looks.
func (c *Case) see(scope tenants.Scope, own bool, today inspection.Day) {
	c.DaysLeft, c.Overdue, c.Allowed = nil, false, []Action{}
	if c.DueOn != nil && slices.Contains(Running(), c.State) {
		left := int(*c.DueOn - today)
		c.DaysLeft, c.Overdue = &left, left < 0
	}
	if own {
		c.Allowed = slices.DeleteFunc(cases.Allowed(c.State, scope.Role()), func(do Action) bool {
			// One request at a time, and nothing is handed in while it is open.
			return (do == Extend || do == Submit) && slices.Contains(c.Flags, Extending)
		})
	}
}

// entry is the journal's entry of an act on the case. Only the digests of both
// states are kept.
func (c Case) entry(action, title, text string, before any) tenants.Entry {
	return tenants.Entry{
		Action: action, Object: "finding", ID: c.ID.UUID, Unit: c.UnitID, Before: before, After: c,
		Detail: tenants.Detail{Title: title, Text: text, Number: c.Number},
	}
}

// told adds to a refusal who brought the case where it is, and when: the person
// acted on what somebody else had just changed.
func (c Case) told(err error) error {
	e, ok := errors.AsType[*inspection.Error](err)
	if !ok || e.Kind != inspection.Conflict || c.ChangedBy == "" {
		return err
	}
	told := *e
	told.Current = c
	told.Detail = fmt.Sprintf("%s%s 于 %s 更新了此事项，请刷新后再办理。",
		e.Detail, c.ChangedBy, c.ChangedAt.In(inspection.Zone).Format("2006-01-02 15:04"))
	return &told
}

// current refuses to work on a version that is no longer the latest.
func (c Case) current(version int) error {
	if c.Version != version {
		return inspection.StaleRow("rectification.stale", c)
	}
	return nil
}

// lock returns the case, as its own office's people see it, and keeps others
// from changing it until tx ends.
func lock(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (Case, error) {
	rows, _ := tx.Query(ctx, `
		select `+caseColumns+`
		from rectifications r
		join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		where `+tenants.Own("r")+` and r.finding_id = @id and r.withdrawn_at is null
		for update of r`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Case]))
}

// act locks the case and lets do change it, then saves it and tells the rest of
// the house.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int,
	do func(tx *tenants.Tx, c *Case) (tenants.Entry, error),
) (c Case, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if c, err = lock(ctx, tx, id); err != nil {
			return err
		}
		before := c
		before.Flags = slices.Clone(c.Flags)
		entry, err := do(tx, &c)
		if err != nil {
			return before.told(err)
		}
		if err := before.current(version); err != nil {
			return err
		}
		if c, err = s.save(ctx, tx, before, c); err != nil {
			return err
		}
		entry.Before, entry.After = before, c
		tx.Journal(entry)
		return nil
	})
	if err != nil {
		return Case{}, err
	}
	c.see(scope, true, s.Clock.Today())
	return c, nil
}

// save writes the case back. Its row is locked.
func (s *Service) save(ctx context.Context, tx *tenants.Tx, before, c Case) (Case, error) {
	return s.saveFor(ctx, tx, tx.Scope().Name(), before, c)
}

// saveFor is [Service.save] in the name of who decided, which a job carries out.
func (s *Service) saveFor(ctx context.Context, tx *tenants.Tx, name string, before, c Case) (Case, error) {
	c.ChangedAt, c.ChangedBy, c.Version = s.Clock(), name, c.Version+1
	tx.Later(`
		update rectifications r
		set state = @state, kind = @kind, goal = @goal, progress = @progress, due_on = @due_on, due_version = @due_version,
			due_calendar = @due_calendar, due_provisional = @due_provisional, due_note = @due_note, due_set_at = @due_set_at,
			due_kind = @due_kind, review_on = @review_on, submission = @submission, submitted_at = @submitted_at, returned_at = @returned_at,
			return_note = @return_note, closed_on = @closed_on, recovered_fen = @recovered_fen, rules_made = @rules_made,
			rules_amended = @rules_amended, people_dealt = @people_dealt, elsewhere = @elsewhere, flags = @flags, changed_at = @changed_at,
			changed_by = @changed_by, version = @version
		where `+tenants.Own("r")+` and finding_id = @id`, pgx.StrictNamedArgs{
		"id": c.ID, "state": c.State, "kind": c.Kind, "goal": c.Goal, "progress": c.Progress, "due_on": c.DueOn,
		"due_version": c.DueVersion, "due_calendar": c.DueCalendar, "due_provisional": c.DueProvisional,
		"due_note": c.DueNote, "due_set_at": c.DueSetAt, "due_kind": c.DueKind, "review_on": c.ReviewOn, "submission": c.Submission,
		"submitted_at": c.SubmittedAt, "returned_at": c.ReturnedAt, "return_note": c.ReturnNote, "closed_on": c.ClosedOn,
		"recovered_fen": c.RecoveredFen, "rules_made": c.RulesMade, "rules_amended": c.RulesAmended,
		"people_dealt": c.PeopleDealt, "elsewhere": c.Elsewhere, "flags": c.Flags, "changed_at": c.ChangedAt, "changed_by": c.ChangedBy,
		"version": c.Version,
	})
	return c, s.changed(ctx, tx, &before, c)
}

func insertCase(ctx context.Context, tx *tenants.Tx, c Case) error {
	_, err := tx.Exec(ctx, `
		insert into rectifications (finding_id, unit_id, state, kind, goal, progress, due_on, due_calendar,
			due_provisional, due_set_at, due_kind, issued_at, changed_at, changed_by)
		values (@id, @unit, @state, @kind, @goal, @progress, @due_on, @calendar, @provisional, @set_at, @due_kind, @issued_at,
			@changed_at, @changed_by)`,
		pgx.StrictNamedArgs{
			"id": c.ID, "unit": c.UnitID, "state": c.State, "kind": c.Kind, "goal": c.Goal, "progress": c.Progress,
			"due_on": c.DueOn, "calendar": c.DueCalendar, "provisional": c.DueProvisional, "set_at": c.DueSetAt, "due_kind": c.DueKind,
			"issued_at": c.IssuedAt, "changed_at": c.ChangedAt, "changed_by": c.ChangedBy,
		})
	if err != nil {
		return fmt.Errorf("begin case: %w", err)
	}
	return nil
}

// SetFlag marks a case, or takes the mark away. Later rooms call it: an
// escalation marks what it raises.
func (s *Service) SetFlag(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, flag Flag, on bool) error {
	c, err := lock(ctx, tx, id)
	if err != nil || slices.Contains(c.Flags, flag) == on {
		return err
	}
	before := c
	c.Flags = flagged(c.Flags, flag, on)
	title := "加注标记"
	if !on {
		title = "撤销标记"
	}
	if c, err = s.save(ctx, tx, before, c); err != nil {
		return err
	}
	tx.Journal(c.entry("rectification.flag", title, flag.Word(), before))
	return nil
}

func flagged(flags []Flag, flag Flag, on bool) []Flag {
	rest := slices.DeleteFunc(slices.Clone(flags), func(f Flag) bool { return f == flag })
	if on {
		rest = append(rest, flag)
	}
	return rest
}
