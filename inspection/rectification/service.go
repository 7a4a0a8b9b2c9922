package rectification

import (
	"context"
	"fmt"
	"io"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Service does what people ask of cases.
type Service struct {
	DB       *tenants.DB
	Clock    inspection.Clock
	Calendar *inspection.Calendar
	Files    *files.Store

	// Scanner looks a file through for viruses and returns the name of what it found, or an
	// error if it cannot look now ([files.Clamd.Scan]); nil where no scanner is configured.
	Scanner func(ctx context.Context, r io.Reader) (virus string, err error)

	// Changed tells the rooms that come later what became of a case, in the same
	// transaction. before is nil for a case that begins.
	Changed func(ctx context.Context, tx *tenants.Tx, before *Case, after Case) error
	// Lineage tells what comes later and concerns a case: notices, escalations,
	// public opinions.
	Lineage func(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) ([]Link, error)
}

// Link leads from a case to something else that concerns it.
type Link struct {
	Kind   string `json:"kind" maxLength:"20" doc:"notice, escalation, disclosure, opinion"`
	ID     string `json:"id" maxLength:"36"`
	Number string `json:"number" maxLength:"60"`
	Title  string `json:"title" maxLength:"200"`
	State  string `json:"state" maxLength:"20"`
}

// Begin opens the case of each issued finding, due when the round's policy says.
// It is what [findings.Service] calls when feedback is given.
func (s *Service) Begin(ctx context.Context, tx *tenants.Tx, fs []findings.Finding) error {
	policies := map[inspection.RoundID]tenants.Policy{}
	for _, f := range fs {
		p, known := policies[f.RoundID]
		if !known {
			var err error
			if p, err = rounds.PolicyOf(ctx, tx, f.RoundID); err != nil {
				return err
			}
			policies[f.RoundID] = p
		}
		if _, err := s.BeginOne(ctx, tx, Beginning{Finding: f, Deadline: s.DueAfter(p, *f.FeedbackOn)}); err != nil {
			return err
		}
	}
	return nil
}

// Deadline is a last day and how it came about.
type Deadline struct {
	On          *inspection.Day
	Calendar    string // version of the working-day calendar that was used; empty for a day somebody named
	Provisional bool   // the calendar of that year is not published yet
}

// DueAfter returns when a case falls due by the policy: so many months after
// the feedback, moved to a working day.
func (s *Service) DueAfter(p tenants.Policy, feedback inspection.Day) Deadline {
	day, provisional := s.Calendar.OnOrAfter(feedback.AddMonths(p.RectificationMonths))
	return Deadline{On: &day, Calendar: s.Calendar.Version(), Provisional: provisional}
}

// Beginning is a case that begins.
type Beginning struct {
	Finding  findings.Finding
	Kind     Kind // near if empty
	Goal     string
	Progress string // what an imported ledger says was done
	Deadline Deadline
}

// BeginOne opens the case of one issued finding. A case with progress is under
// way.
func (s *Service) BeginOne(ctx context.Context, tx *tenants.Tx, b Beginning) (Case, error) {
	now := s.Clock()
	c := Case{
		ID: b.Finding.ID, UnitID: b.Finding.UnitID, Number: b.Finding.Number, State: Open, Kind: b.Kind, Goal: b.Goal,
		Progress: b.Progress, DueOn: b.Deadline.On, DueVersion: 1, DueCalendar: b.Deadline.Calendar,
		DueProvisional: b.Deadline.Provisional, DueSetAt: &now, DueKind: DueAfterFeedback, FeedbackOn: b.Finding.FeedbackOn, IssuedAt: b.Finding.IssuedAt,
		Flags: []Flag{}, ChangedAt: now, ChangedBy: tx.Scope().Name(), Version: 1,
	}
	if c.Kind == "" {
		c.Kind = Near
	}
	if b.Deadline.Calendar == "" {
		c.DueKind = DueImported // the ledger names the day
	}
	if c.Progress != "" {
		c.State = Working
	}
	if err := insertCase(ctx, tx, c); err != nil {
		return Case{}, err
	}
	tx.Journal(c.entry("rectification.begin", "生成整改事项", "", nil))
	return c, s.changed(ctx, tx, nil, c)
}

func (s *Service) changed(ctx context.Context, tx *tenants.Tx, before *Case, after Case) error {
	if s.Changed == nil {
		return nil
	}
	if err := s.Changed(ctx, tx, before, after); err != nil {
		return fmt.Errorf("tell of case %s: %w", after.Number, err)
	}
	return nil
}
