package rectification

import (
	"cmp"
	"context"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Reopening takes back that a case was put right.
type Reopening struct {
	Reason string         `json:"reason" minLength:"1" maxLength:"2000" doc:"What was found on site"`
	DueOn  inspection.Day `json:"due_on" doc:"The new last day"`
	By     string         `json:"-"` // whose decision a job carries out, beside the day; who acts, if empty
}

// Reopen sends a closed or long-term case back to work. Its number and history
// stay.
func (s *Service) Reopen(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, r Reopening) (Case, error) {
	return s.act(ctx, scope, id, version, func(tx *tenants.Tx, c *Case) (tenants.Entry, error) {
		return s.reopen(ctx, tx, c, r, 2000)
	})
}

// composed is how many characters the reason of another room may have: its own words,
// 2000 at most, behind what it calls them.
const composed = 2100

// ReopenIn is Reopen as part of another act: a later room that decides it locks
// the case in its own transaction, and composes the reason.
func (s *Service) ReopenIn(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, r Reopening) (Case, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return Case{}, err
	}
	before := c
	entry, err := s.reopen(ctx, tx, &c, r, composed)
	if err != nil {
		return Case{}, before.told(err)
	}
	if c, err = s.saveFor(ctx, tx, cmp.Or(r.By, tx.Scope().Name()), before, c); err != nil {
		return Case{}, err
	}
	entry.Before, entry.After = before, c
	tx.Journal(entry)
	return c, nil
}

// reopen changes the case; its reason may have as many characters as limit says. A hold
// on its reminders ends: what the case waited for is behind it.
func (s *Service) reopen(ctx context.Context, tx *tenants.Tx, c *Case, r Reopening, limit int) (e tenants.Entry, err error) {
	if c.State, err = cases.Next(c.State, Reopen, tx.Scope().Role()); err != nil {
		return e, err
	}
	var bad inspection.Fields
	r.Reason = bad.Text("/reason", r.Reason, true, limit)
	if err = bad.Err("rectification.invalid"); err != nil {
		return e, err
	}
	if err = s.moveDue(c, DueChange{DueOn: r.DueOn, Reason: "重新整改", Kind: DueReopened}); err != nil {
		return e, err
	}
	if err := s.endHold(ctx, tx, *c, Reopen); err != nil {
		return e, err
	}
	c.ClosedOn, c.ReviewOn, c.Flags = nil, nil, flagged(c.Flags, Reopened, true)
	return c.entry("rectification.reopen", Reopen.Word(), inspection.Line(r.Reason), nil), nil
}

// endHold lets the reminders of a case run again whose clock begins anew: a hold is for
// the time before.
func (s *Service) endHold(ctx context.Context, tx *tenants.Tx, c Case, do Action) error {
	held, err := release(ctx, tx, c.ID, s.Clock())
	if held {
		tx.Journal(c.entry("reminder.release", "恢复催办", do.Word(), nil))
	}
	return err
}
