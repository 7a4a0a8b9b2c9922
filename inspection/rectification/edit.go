package rectification

import (
	"context"

	"xuncha/inspection"
	"xuncha/tenants"
)

// CaseEdit is what the unit may say of a case; what is absent stays.
type CaseEdit struct {
	Progress     *string `json:"progress,omitempty" nullable:"false" maxLength:"2000" doc:"One sentence; the first one starts the case"`
	Goal         *string `json:"goal,omitempty" nullable:"false" maxLength:"2000" doc:"整改目标"`
	Kind         *Kind   `json:"kind,omitempty"`
	RecoveredFen *int64  `json:"recovered_fen,omitempty" nullable:"false" minimum:"0" maximum:"9007199254740991" doc:"已追回, in fen"`
	RulesMade    *int    `json:"rules_made,omitempty" nullable:"false" minimum:"0" maximum:"10000" doc:"新建制度"`
	RulesAmended *int    `json:"rules_amended,omitempty" nullable:"false" minimum:"0" maximum:"10000" doc:"修订制度"`
	PeopleDealt  *int    `json:"people_dealt,omitempty" nullable:"false" minimum:"0" maximum:"100000" doc:"问责追责人数"`
	Elsewhere    *string `json:"elsewhere,omitempty" nullable:"false" maxLength:"2000" doc:"举一反三: what looking further found"`
}

func (e CaseEdit) apply(c *Case) error {
	if e == (CaseEdit{}) {
		return errNothing
	}
	var bad inspection.Fields
	if e.Progress != nil {
		c.Progress = bad.Text("/progress", *e.Progress, false, 2000)
	}
	if e.Goal != nil {
		c.Goal = bad.Text("/goal", *e.Goal, false, 2000)
	}
	if e.Elsewhere != nil {
		c.Elsewhere = bad.Text("/elsewhere", *e.Elsewhere, false, 2000)
	}
	if e.Kind != nil {
		c.Kind = *e.Kind
	}
	for _, n := range []struct{ to, from *int }{
		{&c.RulesMade, e.RulesMade},
		{&c.RulesAmended, e.RulesAmended},
		{&c.PeopleDealt, e.PeopleDealt},
	} {
		if n.from != nil {
			*n.to = *n.from
		}
	}
	if e.RecoveredFen != nil {
		c.RecoveredFen = *e.RecoveredFen
	}
	return bad.Err("rectification.invalid")
}

var errNothing = inspection.Errorf(inspection.Invalid, "rectification.nothing", "没有要保存的内容。")

// Edit records what the unit says of its case. The first progress starts it.
func (s *Service) Edit(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, e CaseEdit) (Case, error) {
	return s.act(ctx, scope, id, version, func(_ *tenants.Tx, c *Case) (tenants.Entry, error) {
		if _, err := cases.Next(c.State, Edit, scope.Role()); err != nil {
			return tenants.Entry{}, err
		}
		if err := e.apply(c); err != nil {
			return tenants.Entry{}, err
		}
		text := ""
		if e.Progress != nil {
			text = inspection.Line(c.Progress)
		}
		if c.State == Open && text != "" {
			var err error
			if c.State, err = cases.Next(c.State, Start, scope.Role()); err != nil {
				return tenants.Entry{}, err
			}
		}
		return c.entry("rectification.edit", "填报进展", text, nil), nil
	})
}

// Start says that the unit has begun.
func (s *Service) Start(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int) (Case, error) {
	return s.act(ctx, scope, id, version, func(_ *tenants.Tx, c *Case) (_ tenants.Entry, err error) {
		c.State, err = cases.Next(c.State, Start, scope.Role())
		return c.entry("rectification.start", Start.Word(), "", nil), err
	})
}

// DueChange moves the deadline of a case.
type DueChange struct {
	DueOn  inspection.Day `json:"due_on" doc:"The new last day"`
	Reason string         `json:"reason" minLength:"1" maxLength:"200" doc:"Why; shown beside the day"`
	Kind   DueKind        `json:"-"` // how it came about; [DueSet] if empty
}

// SetDue moves the deadline. Its version grows, so that the ladder of reminders
// begins anew.
func (s *Service) SetDue(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, d DueChange) (Case, error) {
	return s.act(ctx, scope, id, version, func(_ *tenants.Tx, c *Case) (tenants.Entry, error) {
		if _, err := cases.Next(c.State, SetDue, scope.Role()); err != nil {
			return tenants.Entry{}, err
		}
		if err := s.moveDue(c, d); err != nil {
			return tenants.Entry{}, err
		}
		return c.entry("rectification.due", "期限调整为 "+d.DueOn.String(), c.DueNote, nil), nil
	})
}

// StateFor returns the state of a case, which stays until tx ends: a later room may
// ask [Cases] what can be done to it.
func (s *Service) StateFor(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (State, error) {
	c, err := lock(ctx, tx, id)
	return c.State, err
}

// MoveDue is [Service.SetDue] for rooms that come later: an answer from above
// moves the deadline of what was raised. Where no deadline can be set it is a
// Conflict: the deadline of a closed case says whether it was closed in time.
func (s *Service) MoveDue(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, d DueChange) error {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if _, err := cases.Next(c.State, SetDue, tenants.DIR); err != nil {
		return c.told(err)
	}
	before := c
	if err := s.moveDue(&c, d); err != nil {
		return err
	}
	if c, err = s.save(ctx, tx, before, c); err != nil {
		return err
	}
	tx.Journal(c.entry("rectification.due", "期限调整为 "+d.DueOn.String(), c.DueNote, before))
	return nil
}

func (s *Service) moveDue(c *Case, d DueChange) error {
	now := s.Clock()
	bad := deadlineOrder("/due_on", d.DueOn, c.FeedbackOn, inspection.DayOf(now))
	reason := bad.Text("/reason", d.Reason, true, 200)
	if err := bad.Err("rectification.invalid"); err != nil {
		return err
	}
	c.DueOn, c.DueNote, c.DueSetAt = &d.DueOn, reason, &now
	c.DueVersion++
	c.DueCalendar, c.DueProvisional = "", false // somebody named the day
	if c.DueKind = d.Kind; d.Kind == "" {
		c.DueKind = DueSet
	}
	return nil
}
