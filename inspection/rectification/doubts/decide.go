package doubts

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Raising is a signal that a person enters: a closed item was named again, in a
// letter or in what people say.
type Raising struct {
	Source   string         `json:"source" minLength:"1" maxLength:"40" doc:"Where from: 群众意见, 来信, 回头看"`
	On       inspection.Day `json:"on" doc:"When it was said"`
	Text     string         `json:"text" minLength:"1" maxLength:"300" doc:"What was said; for reviewers"`
	Question string         `json:"question" minLength:"1" maxLength:"300" doc:"What the unit is asked; must not show who said it"`
}

// Raise enters a signal about a case that was handed in.
func (s *Service) Raise(ctx context.Context, scope tenants.Scope, id inspection.FindingID, r Raising) (d Doubt, err error) {
	var bad inspection.Fields
	r.Source = bad.Text("/source", r.Source, true, 40)
	r.Text, r.Question = bad.Text("/text", r.Text, true, 300), bad.Text("/question", r.Question, true, 300)
	if r.On > s.Clock.Today() {
		bad = append(bad, inspection.Field{Pointer: "/on", Code: "day-order", Message: "日期不能晚于今天。"})
	}
	if err := bad.Err("doubt.invalid"); err != nil {
		return d, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if err := scope.Role().Allow(byChecker...); err != nil {
			return err
		}
		if handed, err := handedInOnce(ctx, tx, id); err != nil {
			return err
		} else if !handed {
			return inspection.Errorf(inspection.Conflict, "doubt.not-handed-in", "此事项还没有提交过，不能登记存疑。")
		}
		new, err := s.enter(ctx, tx, id, r, scope.Name())
		if err != nil {
			return err
		}
		if new.ID == (inspection.DoubtID{}) {
			return inspection.Errorf(inspection.Conflict, "doubt.known", "同样的存疑已经登记。")
		}
		if d, err = lock(ctx, tx, new.ID); err != nil {
			return err
		}
		return s.lookAgain(ctx, tx, id)
	})
	d.see(scope)
	return d, err
}

// Named enters that a case was named again, as another room found while it worked in
// tx, and returns the signal. One that was not handed in yet is no matter of doubt:
// then there is none. Who may do so is for that room to say.
func (s *Service) Named(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, r Raising) (*inspection.DoubtID, error) {
	handed, err := handedInOnce(ctx, tx, id)
	if err != nil || !handed {
		return nil, err
	}
	d, err := s.enter(ctx, tx, id, r, tx.Scope().Name())
	if err != nil || d.ID == (inspection.DoubtID{}) {
		return nil, err
	}
	return &d.ID, s.lookAgain(ctx, tx, id)
}

// handedInOnce reports whether a case was ever handed in.
func handedInOnce(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (bool, error) {
	var submission int
	err := tx.QueryRow(ctx, `select submission from rectifications r where `+tenants.Own("r")+` and finding_id = @id and withdrawn_at is null`,
		pgx.StrictNamedArgs{"id": id}).Scan(&submission)
	_, err = tenants.Found(submission, err)
	return submission > 0, err
}

// enter writes that a case was named again, and journals it; a signal that is known
// has no identifier.
func (s *Service) enter(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, r Raising, by string) (Doubt, error) {
	facts := Facts{Source: r.Source, On: &r.On, Text: r.Text}
	d, err := s.add(ctx, tx, Doubt{
		Kind: NamedAgain, Finding: id, Question: r.Question, Facts: &facts, Reason: facts.say(NamedAgain.rule().reason), By: by,
	}, fmt.Sprintf("%s %s %s %s", id, r.Source, r.On, r.Text))
	if err != nil || d.ID == (inspection.DoubtID{}) {
		return d, err
	}
	tx.Journal(tenants.Entry{ // without the unit: it does not read who entered it
		Action: "doubt.raise", Object: "finding", ID: id.UUID, After: d,
		Detail: tenants.Detail{Title: "登记存疑：" + NamedAgain.Word(), Text: r.Text, Number: d.Number},
	})
	return d, nil
}

// lookAgain has the case's flag follow. The job does it: the unit reads who
// changed its case, and is not to read who decides.
func (s *Service) lookAgain(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) error {
	if s.Enqueue == nil {
		return nil
	}
	return s.Enqueue(ctx, tx, id)
}

// Answering is what the unit says to a signal.
type Answering struct {
	Text  string                  `json:"text" minLength:"1" maxLength:"2000"`
	Files []inspection.EvidenceID `json:"files,omitempty" maxItems:"20" nullable:"false" doc:"Evidence of the item that shows it"`
}

// Answer records what the unit says to a signal about its case.
func (s *Service) Answer(ctx context.Context, scope tenants.Scope, id inspection.DoubtID, version int, a Answering) (Doubt, error) {
	var bad inspection.Fields
	a.Text = bad.Text("/text", a.Text, true, 2000)
	if err := bad.Err("doubt.invalid"); err != nil {
		return Doubt{}, err
	}
	return s.change(ctx, scope, id, version, func(tx *tenants.Tx, d *Doubt) (tenants.Entry, error) {
		var err error
		if d.State, err = life.Next(d.State, Answer, scope.Role()); err != nil {
			return tenants.Entry{}, err
		}
		unknown, err := rectification.UnknownFiles(ctx, tx, d.Finding, "/files", a.Files)
		if err != nil {
			return tenants.Entry{}, err
		}
		if err := unknown.Err("doubt.invalid"); err != nil {
			return tenants.Entry{}, err
		}
		d.Answer, d.AnswerFiles, d.AnsweredAt = a.Text, append([]inspection.EvidenceID{}, a.Files...), new(s.Clock())
		return tenants.Entry{
			Action: "doubt.answer", Unit: d.Unit, Detail: tenants.Detail{Title: "存疑说明：" + d.Kind.Word(), Text: a.Text},
		}, nil
	})
}

// Checking is what one person concluded on site.
type Checking struct {
	Verdict Verdict        `json:"verdict"`
	SeenOn  inspection.Day `json:"seen_on" doc:"The day on site"`
	Note    string         `json:"note" minLength:"1" maxLength:"1000" doc:"What was seen"`
}

// Check records what a person concluded on site, and signs it. The second
// person's conclusion decides if it is the first's, and opens the signal again if
// not.
func (s *Service) Check(ctx context.Context, scope tenants.Scope, id inspection.DoubtID, version int, c Checking) (Doubt, error) {
	var bad inspection.Fields
	c.Note = bad.Text("/note", c.Note, true, 1000)
	if c.SeenOn > s.Clock.Today() {
		bad = append(bad, inspection.Field{Pointer: "/seen_on", Code: "day-order", Message: "核查日期不能晚于今天。"})
	}
	if err := bad.Err("doubt.invalid"); err != nil {
		return Doubt{}, err
	}
	return s.change(ctx, scope, id, version, func(tx *tenants.Tx, d *Doubt) (tenants.Entry, error) {
		do, nth := Check, 1
		if d.State == Checked {
			first := d.Looks[len(d.Looks)-1]
			if first.ByID == scope.Member() {
				return tenants.Entry{}, inspection.Errorf(inspection.Conflict, "doubt.same-person", "须由另一人作出第二个结论。")
			}
			do, nth = outcome(first.Verdict, c.Verdict), 2
		}
		to, err := life.Next(d.State, do, scope.Role())
		if err != nil {
			return tenants.Entry{}, err
		}
		if err := rectification.NotOwn(ctx, tx, d.Unit, errOwnWork); err != nil {
			return tenants.Entry{}, err
		}
		if err := scope.StepUp(s.Clock()); err != nil {
			return tenants.Entry{}, err
		}
		if err := s.addLook(ctx, tx, *d, nth, c); err != nil {
			return tenants.Entry{}, err
		}
		switch d.State = to; do {
		case Confirm, Clear:
			d.SeenOn, d.DecidedAt = &c.SeenOn, new(s.Clock())
		case Differ:
			d.Turn++
		}
		return tenants.Entry{ // without the unit: it does not read who decides
			Action: "doubt." + string(do), Detail: tenants.Detail{Title: "存疑" + life.Doing[do] + "：" + d.Kind.Word(), Text: c.Note},
		}, s.lookAgain(ctx, tx, d.Finding)
	})
}

// outcome is what the second person's verdict amounts to.
func outcome(first, second Verdict) Action {
	switch {
	case first != second:
		return Differ
	case second == Right:
		return Confirm
	}
	return Clear
}

// errOwnWork is the refusal to who is of the unit.
var errOwnWork = inspection.Errorf(inspection.Forbidden, "doubt.own-work", "不能核查本单位的事项，需由其他人员办理。")

func (s *Service) addLook(ctx context.Context, tx *tenants.Tx, d Doubt, nth int, c Checking) error {
	_, err := tx.Exec(ctx, `
		insert into doubt_looks (doubt_id, turn, nth, verdict, seen_on, note, by_id, by_name, role, at, issued_at)
		select d.id, d.turn, @nth, @verdict, @seen_on, @note, @by_id, @by_name, @role, @at, d.issued_at
		from doubts d where `+tenants.Own("d")+` and d.id = @id`, pgx.StrictNamedArgs{
		"id": d.ID, "nth": nth, "verdict": c.Verdict, "seen_on": c.SeenOn, "note": c.Note,
		"by_id": tx.Scope().Member(), "by_name": tx.Scope().Name(), "role": tx.Scope().Role(), "at": s.Clock(),
	})
	if err != nil {
		return fmt.Errorf("add conclusion: %w", err)
	}
	return nil
}

// change locks a signal of the version that was read and lets do change it.
func (s *Service) change(
	ctx context.Context, scope tenants.Scope, id inspection.DoubtID, version int, do func(*tenants.Tx, *Doubt) (tenants.Entry, error),
) (d Doubt, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		before, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return inspection.StaleRow("doubt.stale", before)
		}
		d = before
		d.Looks = slices.Clone(before.Looks)
		entry, err := do(tx, &d)
		if err != nil {
			return err
		}
		d.Version++
		_, err = tx.Exec(ctx, `
			update doubts d set state = @state, answer = @answer, answer_files = @files, answered_at = @answered_at, turn = @turn,
				seen_on = @seen_on, decided_at = @decided_at, version = @version
			where `+tenants.Own("d")+` and id = @id`, pgx.StrictNamedArgs{
			"id": id, "state": d.State, "answer": d.Answer, "files": d.AnswerFiles, "answered_at": d.AnsweredAt, "turn": d.Turn,
			"seen_on": d.SeenOn, "decided_at": d.DecidedAt, "version": d.Version,
		})
		if err != nil {
			return fmt.Errorf("change signal: %w", err)
		}
		entry.Object, entry.ID, entry.Detail.Number = "finding", d.Finding.UUID, d.Number
		entry.Before, entry.After = before, d
		tx.Journal(entry)
		d, err = lock(ctx, tx, id)
		return err
	})
	if err != nil {
		return Doubt{}, err
	}
	d.see(scope)
	return d, nil
}
