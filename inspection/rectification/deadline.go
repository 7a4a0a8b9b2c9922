package rectification

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// DueKind says how a deadline came about.
type DueKind string

// How deadlines come about.
const (
	DueAfterFeedback DueKind = "feedback"  // so long after the feedback, as the policy says
	DueSet           DueKind = "set"       // the office named the day
	DueExtended      DueKind = "extension" // the unit asked, and it was granted
	DueAnswered      DueKind = "answer"    // an answer from above moved it
	DueImported      DueKind = "import"    // an imported ledger names it
	DueReopened      DueKind = "reopen"    // the second clock, of a case that was reopened
	DueReviewed      DueKind = "review"    // a long-term case: when it comes back, or went back to work
	DueStopped       DueKind = "stopped"   // its clock stands still, as was approved
	DueResumed       DueKind = "resumed"   // it goes on, later by the days it stood still
)

var dueWords = map[DueKind]string{
	DueAfterFeedback: "反馈", DueSet: "设定", DueExtended: "延期", DueAnswered: "上级答复", DueImported: "导入", DueReopened: "重新整改",
	DueReviewed: "长期整改", DueStopped: "停止计时", DueResumed: "恢复计时",
}

// DueKinds lists how deadlines come about.
func DueKinds() []DueKind {
	return []DueKind{DueAfterFeedback, DueSet, DueExtended, DueAnswered, DueImported, DueReopened, DueReviewed, DueStopped, DueResumed}
}

// Word returns what people call it.
func (k DueKind) Word() string { return dueWords[k] }

// PastDeadline is one of the last days that a case had, or has (期限沿革).
type PastDeadline struct {
	Version  int             `json:"version" db:"version" minimum:"1" maximum:"2147483647"`
	DueOn    *inspection.Day `json:"due_on" nullable:"true" db:"due_on"`
	ReviewOn *inspection.Day `json:"review_on" nullable:"true" db:"review_on" doc:"When a long-term case was to come back"`
	Kind     DueKind         `json:"kind" db:"kind"`
	Called   string          `json:"called" db:"-" maxLength:"20" doc:"反馈、设定、延期、上级答复、导入、重新整改、长期整改"`
	Note     string          `json:"note" db:"note" maxLength:"200" doc:"Why it is this day"`
	At       time.Time       `json:"at" db:"at" doc:"Since when"`
	ByName   string          `json:"by" db:"by_name" maxLength:"100"`
}

// Deadlines returns every last day that a case had, the first one first. The
// database writes them down whenever due_version grows; nobody else can.
func Deadlines(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) ([]PastDeadline, error) {
	rows, _ := tx.Query(ctx, `
		select d.version, d.due_on, d.review_on, d.kind, d.note, d.at, d.by_name from deadlines d
		where `+tx.Scope().Rows("d")+` and d.finding_id = @id
		order by d.version`, pgx.StrictNamedArgs{"id": id})
	ds, err := pgx.CollectRows(rows, pgx.RowToStructByName[PastDeadline])
	if err != nil {
		return nil, fmt.Errorf("list deadlines: %w", err)
	}
	for i := range ds {
		ds[i].Called = ds[i].Kind.Word()
	}
	return ds, nil
}

// LatestReview returns the last day on which a case that becomes a long-term one
// today may come back.
func (s *Service) LatestReview(p tenants.Policy) inspection.Day {
	return s.Clock.Today().AddMonths(p.LongTermReviewMonths)
}

// AskMore marks a case whose unit asks for more time, and returns it locked. Its
// clock runs on: it stands still only once somebody approves.
func (s *Service) AskMore(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (Case, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if _, err := cases.Next(c.State, Extend, tx.Scope().Role()); err != nil {
		return c, c.told(err)
	}
	before := c
	c.Flags = flagged(c.Flags, Extending, true)
	return s.save(ctx, tx, before, c)
}

// MoreTime is what became of a request for more time. The zero MoreTime is none.
type MoreTime struct {
	Due      *DueChange      // the new deadline
	ReviewOn *inspection.Day // the case becomes a long-term one, which comes back on this day
	By       string          // who decided, if it is not who acts
}

// Answer takes the mark of [Service.AskMore] away and does to the case what was
// granted. The caller leaves the journal's entry.
func (s *Service) Answer(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, m MoreTime) (Case, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return c, err
	}
	before := c
	before.Flags = slices.Clone(c.Flags)
	c.Flags = flagged(c.Flags, Extending, false)
	if m.Due != nil {
		if err := s.moveDue(&c, *m.Due); err != nil {
			return c, err
		}
	}
	if m.ReviewOn != nil {
		if c.State, err = cases.Next(c.State, Defer, tenants.System); err != nil {
			return c, c.told(err)
		}
		s.comeBack(&c, *m.ReviewOn, Defer.Word())
	}
	return s.saveFor(ctx, tx, cmp.Or(m.By, tx.Scope().Name()), before, c)
}

// comeBack gives a long-term case the day on which it comes back, which enters the
// history of its clock.
func (s *Service) comeBack(c *Case, on inspection.Day, why string) {
	now := s.Clock()
	c.ReviewOn, c.DueNote, c.DueSetAt, c.DueKind = &on, why, &now, DueReviewed
	c.DueVersion++
}

// LongTermCase returns a long-term case locked, for the room that reviews those that
// come back.
func (s *Service) LongTermCase(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (Case, error) {
	c, err := lock(ctx, tx, id)
	if err == nil {
		if _, err = cases.Next(c.State, Renew, tenants.System); err != nil {
			err = c.told(err)
		}
	}
	return c, err
}

// Settling is what a review of a long-term case came to: it comes back on ReviewOn, it
// goes back to work until DueOn, or, with neither, it is done.
type Settling struct {
	ReviewOn *inspection.Day
	DueOn    *inspection.Day
	Reason   string // shown beside the day; at most 200 characters
}

// SettleLongTerm does to a long-term case what its review came to. The caller leaves the
// journal's entry.
func (s *Service) SettleLongTerm(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, what Settling) (Case, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return c, err
	}
	before, do := c, Finish
	switch {
	case what.ReviewOn != nil:
		do = Renew
	case what.DueOn != nil:
		do = Resume
	}
	if c.State, err = cases.Next(c.State, do, tenants.System); err != nil {
		return c, before.told(err)
	}
	switch {
	case do == Renew:
		s.comeBack(&c, *what.ReviewOn, what.Reason)
	case do == Resume:
		if err := s.moveDue(&c, DueChange{DueOn: *what.DueOn, Reason: what.Reason, Kind: DueReviewed}); err != nil {
			return c, err
		}
		if err := s.endHold(ctx, tx, c, Resume); err != nil {
			return c, err
		}
		c.ReviewOn = nil
	default:
		s.close(&c)
	}
	return s.save(ctx, tx, before, c)
}

// close ends the case today. One that was a long-term case is not late: its clock stood
// still, so a last day that passed meanwhile becomes the day on which it ends.
func (s *Service) close(c *Case) {
	now := s.Clock()
	today := inspection.DayOf(now)
	if c.ReviewOn != nil && c.DueOn != nil && *c.DueOn < today {
		c.DueOn, c.DueNote, c.DueSetAt, c.DueKind = &today, "长期整改期间不计逾期，以销号日为期限", &now, DueReviewed
		c.DueCalendar, c.DueProvisional = "", false
		c.DueVersion++
	}
	c.ClosedOn, c.ReviewOn = &today, nil
}
