package followups

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Reporting ends a follow-up.
type Reporting struct {
	Summary string          `json:"summary" minLength:"1" maxLength:"5000" doc:"总体评价"`
	DueOn   *inspection.Day `json:"due_on,omitempty" doc:"The new last day of what is reopened; needed if anything is"`
}

// Report ends a follow-up: the units read the verdicts, closed items that do not
// stand are reopened, new problems enter the ledger. All of it happens, or nothing.
func (s *Service) Report(ctx context.Context, scope tenants.Scope, id ID, version int, r Reporting) (FollowUp, error) {
	return s.act(ctx, scope, id, version, Report, func(tx *tenants.Tx, f *FollowUp) (string, error) {
		if err := scope.StepUp(s.Clock()); err != nil {
			return "", err
		}
		all, err := lookedAt(ctx, tx, id, "for update of i, c")
		if err != nil {
			return "", err
		}
		if err := ready(all); err != nil {
			return "", err
		}
		if err := r.clean(f.Counts.Reopens, s.Clock.Today()); err != nil {
			return "", err
		}
		now := s.Clock() // before anything is reopened: what follows is for what was found
		f.Summary, f.DueOn, f.ReportedAt, f.ReportedBy = r.Summary, r.DueOn, &now, scope.Name()
		if err := s.conclude(ctx, tx, f, all, now); err != nil {
			return "", err
		}
		if err := s.issue(ctx, tx, f); err != nil {
			return "", err
		}
		if err := f.project(ctx, tx); err != nil {
			return "", err
		}
		f.tell(tx, "回头看报告", f.Name)
		return f.Counts.Sentence(), nil
	})
}

// Sentence says what the numbers are: 核查 17 项：….
func (c Counts) Sentence() string {
	return fmt.Sprintf("核查%d项：确认到位%d项、未到位%d项、反弹%d项、虚假整改%d项；重新整改%d项，新发现问题%d个。",
		c.Agreed, c.Confirmed, c.Insufficient, c.Rebounded, c.False, c.Reopens, c.Problems)
}

func (r *Reporting) clean(reopens int, today inspection.Day) error {
	var bad inspection.Fields
	r.Summary = bad.Text("/summary", r.Summary, true, 5000)
	switch {
	case reopens > 0 && r.DueOn == nil:
		bad = append(bad, inspection.Field{Pointer: "/due_on", Code: "required", Message: fmt.Sprintf("有 %d 项将重新整改，请填写新的整改期限。", reopens)})
	case reopens == 0 && r.DueOn != nil:
		bad = append(bad, inspection.Field{Pointer: "/due_on", Code: "choice", Message: "没有需要重新整改的事项，不填整改期限。"})
	case r.DueOn != nil && *r.DueOn <= today:
		bad = append(bad, inspection.Field{Pointer: "/due_on", Code: "day-order", Message: "新的整改期限应在今天之后。"})
	}
	return bad.Err("followup.invalid")
}

// ready refuses a report while something was not looked at by two, or moved since.
func ready(all []Looked) error {
	waiting := 0
	var moved []string
	for _, l := range all {
		switch {
		case l.State != Agreed:
			waiting++
		case l.CaseState != l.CaseNow:
			moved = append(moved, fmt.Sprintf("%s（现为“%s”）", l.Number, l.CaseNow.Word()))
		}
	}
	if waiting > 0 {
		return inspection.Errorf(inspection.Conflict, "followup.unfinished", "还有 %d 项没有两人核实，全部核实后再形成报告。", waiting)
	}
	if n := len(moved); n > 0 {
		return inspection.Errorf(inspection.Conflict, "followup.moved", "%s等 %d 项在核查后有变动，请退回重新核查。",
			strings.Join(moved[:min(n, 5)], "、"), n)
	}
	return nil
}

// conclude writes the results and reopens what does not stand. Items are taken in the
// order of their numbers, so that two reports cannot wait for each other.
func (s *Service) conclude(ctx context.Context, tx *tenants.Tx, f *FollowUp, all []Looked, now time.Time) error {
	for _, l := range all {
		var due *inspection.Day
		if l.Verdict.Reopens(l.CaseNow) {
			due = f.DueOn
			_, err := s.Cases.ReopenIn(ctx, tx, l.Finding, rectification.Reopening{
				Reason: "回头看认定为" + l.Verdict.Word() + "：" + l.Fact, DueOn: *due,
			})
			if err != nil {
				return err
			}
		}
		tx.Later(`
			insert into followup_results (followup_id, finding_id, unit_id, name, verdict, fact, seen_on, due_on, at)
			values (@id, @finding, @unit, @name, @verdict, @fact, @seen_on, @due_on, @at)`, pgx.StrictNamedArgs{
			"id": f.ID, "finding": l.Finding, "unit": l.Unit, "name": f.Name, "verdict": l.Verdict, "fact": l.Fact,
			"seen_on": *l.SeenOn, "due_on": due, "at": now,
		})
		tx.Journal(tenants.Entry{
			Action: "followup.result", Object: "finding", ID: l.Finding.UUID, Unit: l.Unit,
			Detail: tenants.Detail{Title: "回头看", Text: l.Verdict.Word(), Number: l.Number},
		})
	}
	return nil
}

// issue enters the follow-up among the rounds and its new problems into the ledger.
func (s *Service) issue(ctx context.Context, tx *tenants.Tx, f *FollowUp) error {
	past, err := rounds.Get(ctx, tx, f.RoundID)
	if err != nil {
		return err
	}
	today := s.Clock.Today()
	r, err := rounds.Add(ctx, tx, rounds.Round{
		Term: past.Term, Name: f.Name, Kind: rounds.FollowUp, StartsOn: f.StartsOn, EndsOn: f.EndsOn, FeedbackOn: &today,
	})
	if err != nil {
		return err
	}
	f.FoundID = &r.ID
	for _, u := range f.Units {
		var of []Problem
		for _, p := range f.Problems {
			if p.Unit == u.Unit {
				of = append(of, p)
			}
		}
		if len(of) == 0 {
			continue
		}
		if err := s.enter(ctx, tx, r.ID, u.Unit, of); err != nil {
			return err
		}
	}
	return nil
}

// enter makes one unit's new problems findings, gives feedback on them and begins
// their cases, marked as newly found.
func (s *Service) enter(ctx context.Context, tx *tenants.Tx, round inspection.RoundID, unit inspection.UnitID, ps []Problem) error {
	if err := rounds.Assign(ctx, tx, round, unit, 1); err != nil {
		return err
	}
	news := make([]findings.New, len(ps))
	for i, p := range ps {
		news[i] = p.found()
	}
	fs, err := findings.Add(ctx, tx, round, unit, news...)
	if err != nil {
		return err
	}
	ids := make([]inspection.FindingID, len(fs))
	for i, f := range fs {
		ids[i] = f.ID
	}
	if fs, err = findings.Issue(ctx, tx, s.Clock(), s.Clock.Today(), ids); err != nil {
		return err
	}
	if err := s.Cases.Begin(ctx, tx, fs); err != nil {
		return err
	}
	for i, id := range ids {
		tx.Later(`update followup_problems p set finding_id = @finding where `+tenants.Own("p")+` and id = @id`,
			pgx.StrictNamedArgs{"finding": id, "id": ps[i].ID})
		if err := s.Cases.SetFlag(ctx, tx, id, rectification.FoundAgain, true); err != nil {
			return err
		}
	}
	return nil
}
