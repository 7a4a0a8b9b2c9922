package checks

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Confirming says what follows from a visit.
type Confirming struct {
	Outcome Outcome         `json:"outcome"`
	Note    string          `json:"note,omitempty" maxLength:"2000" doc:"What is asked of the unit: needed for a letter and for reopening"`
	DueOn   *inspection.Day `json:"due_on,omitempty" doc:"The new last day of a case that is reopened"`
}

// clean returns what the director decided as it is kept.
func (c Confirming) clean(verdict Verdict) (Confirming, error) {
	refuse := func(pointer, code, message string) error {
		return inspection.InvalidFields("check.invalid", message, inspection.Field{Pointer: pointer, Code: code, Message: message})
	}
	if !slices.Contains(follows[verdict], c.Outcome) {
		var may string
		for i, o := range follows[verdict] {
			if i > 0 {
				may += "、"
			}
			may += o.Word()
		}
		return c, refuse("/outcome", "choice", fmt.Sprintf("结论为“%s”时可选：%s。", verdict.Word(), may))
	}
	note, bad := inspection.CleanText("/note", c.Note, c.Outcome == Urge || c.Outcome == Reopen, 2000)
	if len(bad) > 0 {
		return c, inspection.InvalidFields("check.invalid", bad[0].Message, bad...)
	}
	c.Note = note
	if (c.Outcome == Reopen) != (c.DueOn != nil) {
		return c, refuse("/due_on", "required", "重新整改须填写新的整改期限，其他处理不填。")
	}
	return c, nil
}

// Confirm ends a visit: the unit learns what was found, and what was decided
// happens.
func (s *Service) Confirm(ctx context.Context, scope tenants.Scope, id VisitID, version int, c Confirming) (Visit, error) {
	return s.act(ctx, scope, id, version, Confirm, func(tx *tenants.Tx, v *Visit) (e tenants.Entry, err error) {
		if c, err = c.clean(v.Verdict); err != nil {
			return e, err
		}
		if c.Outcome == Urge {
			if err := scope.StepUp(s.Clock()); err != nil {
				return e, err
			}
		}
		now := s.Clock()
		v.Outcome, v.OutcomeNote, v.ConfirmedBy, v.ConfirmedAt = c.Outcome, c.Note, scope.Name(), &now
		switch c.Outcome {
		case Reopen:
			if err := s.reopen(ctx, tx, v, *c.DueOn); err != nil {
				return e, err
			}
		case Again:
			insertVisit(tx, Check{ID: v.CheckID, RoundID: v.RoundID, N: v.N},
				lot{FindingID: v.FindingID, UnitID: v.UnitID, Reason: v.Reason}, 2, now)
		}
		if c.Outcome != Again { // the second visit comes by surprise, too, and tells when it is confirmed
			if err := s.tell(ctx, tx, *v); err != nil {
				return e, err
			}
		}
		return v.entry("check.confirm", "确认检查结论", v.Verdict.Word()+"，"+v.Outcome.Word()), nil
	})
}

// reopen sends the case back to work with the visit's words as the reason.
func (s *Service) reopen(ctx context.Context, tx *tenants.Tx, v *Visit, due inspection.Day) error {
	after, err := s.Cases.ReopenIn(ctx, tx, v.FindingID, rectification.Reopening{
		Reason: fmt.Sprintf("%s督导检查结论为%s：%s", roundWords[v.N], v.Verdict.Word(), v.OutcomeNote), DueOn: due,
	})
	v.CaseState, v.CaseVersion = string(after.State), after.Version
	return err
}

// tell writes what the unit and the levels above learn, with the letter if one is
// sent, and lets the item's timeline say it.
func (s *Service) tell(ctx context.Context, tx *tenants.Tx, v Visit) error {
	args := pgx.StrictNamedArgs{
		"visit": v.ID, "finding": v.FindingID, "unit": v.UnitID, "n": v.N, "nth": v.Nth, "verdict": v.Verdict, "seen": v.Seen,
		"visited_on": inspection.DayOf(*v.VisitedAt), "outcome": v.Outcome, "note": v.OutcomeNote, "at": *v.ConfirmedAt,
		"number": "", "letter": nil, "digest": nil, "answer_on": nil,
	}
	said := v.Verdict.Word() + "，" + v.Outcome.Word()
	if v.Outcome == Urge {
		text, err := s.compose(ctx, tx, v)
		if err != nil {
			return err
		}
		args["number"], args["letter"], args["digest"], args["answer_on"] = text.Number, text, text.Digest(), text.AnswerOn
		said += fmt.Sprintf(" %s。正文摘要 %x", text.Number, text.Digest())
	}
	tx.Later(`
		insert into check_results (visit_id, finding_id, unit_id, n, nth, verdict, seen, visited_on, outcome, outcome_note, confirmed_at,
			number, letter, digest, answer_on)
		values (@visit, @finding, @unit, @n, @nth, @verdict, @seen, @visited_on, @outcome, @note, @at,
			@number, @letter, @digest, @answer_on)`, args)
	tx.Journal(tenants.Entry{
		Action: "check.result", Object: "finding", ID: v.FindingID.UUID, Unit: v.UnitID,
		Detail: tenants.Detail{Title: roundWords[v.N] + "督导检查", Text: said, Number: v.Number},
	})
	return nil
}

// Result is what is known of a visit once it is confirmed.
type Result struct {
	VisitID     VisitID         `json:"visit" db:"visit_id"`
	N           int             `json:"n" db:"n" minimum:"1" maximum:"3"`
	Nth         int             `json:"nth" db:"nth" minimum:"1" maximum:"2"`
	Verdict     Verdict         `json:"verdict" db:"verdict"`
	Seen        string          `json:"seen" db:"seen" maxLength:"2000"`
	VisitedOn   inspection.Day  `json:"visited_on" db:"visited_on"`
	Outcome     Outcome         `json:"outcome" db:"outcome"`
	OutcomeNote string          `json:"outcome_note" db:"outcome_note" maxLength:"2000"`
	ConfirmedAt time.Time       `json:"confirmed_at" db:"confirmed_at"`
	Number      string          `json:"number" db:"number" maxLength:"100" doc:"Of the letter (督办单), if one was sent"`
	AnswerOn    *inspection.Day `json:"answer_on" nullable:"true" db:"answer_on" doc:"When its answer is due"`
	AnsweredAt  *time.Time      `json:"answered_at" nullable:"true" db:"answered_at"`
	Office      tenants.ID      `json:"-" db:"tenant_id"`
}

// Results lists the confirmed visits to an item, the latest first. Looking from
// above leaves an entry below.
func (s *Service) Results(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (rs []Result, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		office, err := officeOf(ctx, tx, id)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select visit_id, n, nth, verdict, seen, visited_on, outcome, outcome_note, confirmed_at, tenant_id, number, answer_on,
				(select a.answered_at from check_answers a where a.tenant_id = c.tenant_id and a.visit_id = c.visit_id) as answered_at
			from check_results c
			where `+scope.Rows("c")+` and finding_id = @id
			order by n desc, nth desc`, pgx.StrictNamedArgs{"id": id})
		if rs, err = pgx.CollectRows(rows, pgx.RowToStructByName[Result]); err != nil {
			return fmt.Errorf("list results: %w", err)
		}
		if office != scope.Tenant() && len(rs) > 0 {
			tx.Journal(tenants.Entry{
				Office: office, Action: "check.read-above", Object: "finding", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查阅督导检查结论"},
			})
		}
		return nil
	})
	return rs, err
}

// officeOf says whose item it is, as far as the scope sees it.
func officeOf(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (tenants.ID, error) {
	rows, _ := tx.Query(ctx, `
		select r.tenant_id from rectifications r where `+tx.Scope().Rows("r")+` and r.finding_id = @id`,
		pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowTo[tenants.ID]))
}
