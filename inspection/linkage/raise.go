package linkage

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Raising is what an office says of a matter that it raises.
type Raising struct {
	Title string `json:"title" minLength:"1" maxLength:"200"`
	Tried string `json:"tried" minLength:"1" maxLength:"5000" doc:"已做工作"`
	Why   string `json:"why" minLength:"1" maxLength:"5000" doc:"超出本级的原因"`
	Asked string `json:"asked" minLength:"1" maxLength:"5000" doc:"请求事项"`
}

func (r Raising) clean(m *Matter) error {
	var bad []inspection.Field
	take := func(to *string, pointer, text string, limit int) {
		t, wrong := inspection.CleanText(pointer, text, true, limit)
		*to, bad = t, append(bad, wrong...)
	}
	take(&m.Title, "/title", r.Title, 200)
	take(&m.Tried, "/tried", r.Tried, 5000)
	take(&m.Why, "/why", r.Why, 5000)
	take(&m.Asked, "/asked", r.Asked, 5000)
	if len(bad) > 0 {
		return inspection.InvalidFields("escalation.invalid", "未能保存：请按提示补充上报事项。", bad...)
	}
	return nil
}

// Raise begins a matter about one issued finding of the own office. A finding has
// at most one that is open.
func (s *Service) Raise(ctx context.Context, scope tenants.Scope, finding inspection.FindingID, r Raising) (m Matter, err error) {
	if err := scope.Role().Allow(office...); err != nil {
		return m, err
	}
	if scope.Office().Parent == nil {
		return m, inspection.Errorf(inspection.Conflict, "escalation.top", "本级没有可以提请的上级。")
	}
	if err := r.clean(&m); err != nil {
		return m, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		var state rectification.State
		err := tx.QueryRow(ctx, `
			select r.state from rectifications r
			where `+tenants.Own("r")+` and r.finding_id = @finding and r.issued_at is not null`,
			pgx.StrictNamedArgs{"finding": finding}).Scan(&state)
		if _, err := tenants.Found(state, err); err != nil {
			return err
		}
		if state == rectification.Closed {
			return inspection.Errorf(inspection.Conflict, "escalation.closed", "未能提请：该问题已销号。")
		}
		id := inspection.NewID[inspection.EscalationID]()
		_, err = tx.Exec(ctx, `
			insert into escalations (id, finding_id, title, tried, why, asked, changed_at, changed_by)
			values (@id, @finding, @title, @tried, @why, @asked, @at, @by)`, pgx.StrictNamedArgs{
			"id": id, "finding": finding, "title": m.Title, "tried": m.Tried, "why": m.Why, "asked": m.Asked,
			"at": s.Clock(), "by": actor(scope),
		})
		if err != nil {
			return opened(err)
		}
		if m, err = readMatter(ctx, tx, id); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "escalation.draft", Object: "escalation", ID: id.UUID, After: m,
			Detail: tenants.Detail{Title: "起草上报事项", Text: m.Title, Number: m.FindingNumber},
		})
		return nil
	})
	return m, err
}

// EditMatter changes a draft, or one that was returned.
func (s *Service) EditMatter(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, r Raising) (Matter, error) {
	return s.move(ctx, scope, id, version, EditMatter, func(_ *tenants.Tx, m *Matter) (step, error) {
		return step{}, r.clean(m)
	})
}

// SubmitMatter hands a matter to whoever approves it in the own office.
func (s *Service) SubmitMatter(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int) (Matter, error) {
	return s.move(ctx, scope, id, version, SubmitMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		return step{}, s.runOn(ctx, tx, m)
	})
}

// SendBackMatter returns a matter to its author, inside the office.
func (s *Service) SendBackMatter(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, reason string) (Matter, error) {
	return s.move(ctx, scope, id, version, SendBackMatter, func(*tenants.Tx, *Matter) (step, error) {
		text, err := required("/reason", reason, 500)
		return step{Text: text}, err
	})
}

// Approve sends a matter up: it gets its number, and the level above sees it from
// now on. It asks for a fresh proof of identity.
func (s *Service) Approve(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int) (Matter, error) {
	return s.move(ctx, scope, id, version, ApproveMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		now := s.Clock()
		if err := scope.StepUp(now); err != nil {
			return step{}, err
		}
		if m.Number == "" { // returned and sent again it keeps its number
			series := fmt.Sprintf("E-%d", now.In(inspection.Zone).Year())
			n, err := tenants.NextNumber(ctx, tx, series)
			if err != nil {
				return step{}, err
			}
			m.Number = fmt.Sprintf("%s-%02d", series, n)
		}
		if err := s.passUp(ctx, tx, m, *scope.Office().Parent); err != nil {
			return step{}, err
		}
		m.SubmittedAt, m.SubmittedBy = &now, scope.Name()
		return step{Text: m.Asked, DueOn: m.StepDue}, s.Cases.SetFlag(ctx, tx, m.FindingID, rectification.Escalated, true)
	})
}

// passUp gives the matter to an office above, which has so many working days to
// accept it.
func (s *Service) passUp(ctx context.Context, tx *tenants.Tx, m *Matter, to tenants.ID) error {
	p, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return err
	}
	due, _ := s.Calendar.Add(s.Clock.Today(), p.EscalationReceiptDays)
	m.Holder, m.StepDue = to, &due
	m.Reached = min(m.Reached, to) // numbers grow downwards
	return nil
}

// WithdrawMatter takes a matter back while nobody above has accepted it.
func (s *Service) WithdrawMatter(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, reason string) (Matter, error) {
	return s.move(ctx, scope, id, version, WithdrawMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		text, err := required("/reason", reason, 500)
		if err != nil {
			return step{}, err
		}
		m.Holder, m.StepDue = m.Tenant, nil
		if err := s.runOn(ctx, tx, m); err != nil {
			return step{}, err
		}
		return step{Text: text}, s.Cases.SetFlag(ctx, tx, m.FindingID, rectification.Escalated, false)
	})
}

// Confirming is what the raiser decides about an answer.
type Confirming struct {
	ExtendTo *inspection.Day `json:"extend_to,omitempty" doc:"The finding's new day, approved with this; none: it stays, or a clock that stood still goes on"`
	Task     string          `json:"task,omitempty" maxLength:"1000" doc:"What is to be done about the answer: a new measure of the finding"`
}

// Confirm takes an answer back to the finding: its day moves only if that is
// approved here, or by the time that its clock stood still. A refusal is taken note
// of, which ends the matter. A finding that was handed in or closed meanwhile stays as
// it is, and the step says so. To approve a new day asks for a fresh proof of identity.
func (s *Service) Confirm(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, c Confirming) (Matter, error) {
	return s.move(ctx, scope, id, version, ConfirmMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		now := s.Clock()
		m.ConfirmedAt, m.StepDue = &now, m.AnswerDue
		if m.State == MatterClosed { // it was refused
			m.ClosedAt, m.StepDue = &now, nil
			if err := s.runOn(ctx, tx, m); err != nil {
				return step{}, err
			}
			return step{}, s.Cases.SetFlag(ctx, tx, m.FindingID, rectification.Escalated, false)
		}
		stays, err := s.fit(ctx, tx, m.FindingID, &c)
		if err != nil {
			return step{}, err
		}
		if c.Task != "" {
			if err := s.addTask(ctx, tx, *m, c.Task); err != nil {
				return step{}, err
			}
		}
		if c.ExtendTo == nil {
			return step{Text: stays, DueOn: m.StepDue}, s.runOn(ctx, tx, m)
		}
		if err := scope.StepUp(now); err != nil {
			return step{}, err
		}
		note, err := s.answerNote(ctx, tx, *m)
		if err != nil {
			return step{}, err
		}
		m.ExtendedTo = c.ExtendTo
		change := rectification.DueChange{DueOn: *c.ExtendTo, Reason: note, Kind: rectification.DueAnswered}
		return step{Text: note, DueOn: c.ExtendTo}, s.Cases.MoveDue(ctx, tx, m.FindingID, change)
	})
}

// fit leaves out of c what the finding no longer takes, and says so.
func (s *Service) fit(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, c *Confirming) (stays string, err error) {
	if c.ExtendTo == nil && c.Task == "" {
		return "", nil
	}
	state, err := s.Cases.StateFor(ctx, tx, id)
	if err != nil || slices.Contains(rectification.Cases().Allowed(state, tenants.DIR), rectification.SetDue) {
		return "", err
	}
	*c = Confirming{}
	return "该问题现为“" + state.Word() + "”，期限和措施保持不变", nil
}

// answerNote says why the finding's day moved: 随省级答复顺延.
func (s *Service) answerNote(ctx context.Context, tx *tenants.Tx, m Matter) (string, error) {
	var level string
	err := tx.QueryRow(ctx, `select level from tenants where id = @id`, pgx.StrictNamedArgs{"id": m.AnswererID}).Scan(&level)
	if err != nil {
		return "", fmt.Errorf("level of the answer: %w", err)
	}
	return "随" + levelNames[level] + "级答复顺延", nil
}

// levelNames are what people call the levels.
var levelNames = map[string]string{"province": "省", "city": "市", "county": "县"}

// Finish ends a matter: what was answered is carried out.
func (s *Service) Finish(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, text string) (Matter, error) {
	return s.move(ctx, scope, id, version, FinishMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		text, err := required("/text", text, 2000)
		if err != nil {
			return step{}, err
		}
		now := s.Clock()
		m.ClosedAt, m.StepDue = &now, nil
		return step{Text: text}, s.Cases.SetFlag(ctx, tx, m.FindingID, rectification.Escalated, false)
	})
}

// Taking is the acceptance of a matter.
type Taking struct {
	AnswerBy *inspection.Day `json:"answer_by,omitempty" doc:"By when the office means to decide; none: when the period of its policy ends, and never later"`
}

// Take accepts a matter (受理) and gives it a number of the own office. What the level
// below passed up as one is accepted as one, each under its number.
func (s *Service) Take(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, t Taking) (Matter, error) {
	return s.move(ctx, scope, id, version, TakeMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		now := s.Clock()
		due, err := s.decisionDue(ctx, tx)
		if err != nil {
			return step{}, err
		}
		if by := t.AnswerBy; by != nil {
			if *by < inspection.DayOf(now) || *by > due {
				return step{}, inspection.InvalidFields("escalation.day", "未能受理：计划日期应在今天至办理期限之间。",
					inspection.Field{Pointer: "/answer_by", Code: "day-order", Message: "应在今天至 " + due.String() + "（办理期限）之间。"})
			}
			due = *by
		}
		series := letters(scope.Office(), "受", now)
		n, err := tenants.NextNumber(ctx, tx, series)
		if err != nil {
			return step{}, err
		}
		m.AcceptedAt, m.AcceptedNumber, m.StepDue = &now, fmt.Sprintf("%s%d号", series, n), &due
		m.ReturnCode, m.Reason = "", ""
		return step{Text: m.AcceptedNumber, DueOn: &due}, nil
	})
}

// decisionDue is when the period in which the acting office decides ends (研判期限).
func (s *Service) decisionDue(ctx context.Context, tx *tenants.Tx) (inspection.Day, error) {
	p, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return 0, err
	}
	due, _ := s.Calendar.Add(s.Clock.Today(), p.EscalationDecisionDays)
	return due, nil
}

// SendingBack says why a matter is returned.
type SendingBack struct {
	Code MatterReturn `json:"code" enum:"incomplete,own-level"`
	Text string       `json:"text" minLength:"1" maxLength:"2000"`
}

// ReturnMatter gives a matter back: to its raiser, or from the top to the level
// between.
func (s *Service) ReturnMatter(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, r SendingBack) (Matter, error) {
	return s.move(ctx, scope, id, version, ReturnMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		text, err := required("/text", r.Text, 2000)
		if err != nil {
			return step{}, err
		}
		m.ReturnCode, m.Reason, m.StepDue = r.Code, text, nil
		if err := leave(ctx, tx, *m, s.Clock()); err != nil {
			return step{}, err
		}
		if m.State == SentBack {
			m.Holder = m.Tenant
			return step{Text: text}, nil
		}
		err = tx.QueryRow(ctx, `
			select id from tenants where parent = current_setting('app.tenant')::int and @raiser between lo and hi`,
			pgx.StrictNamedArgs{"raiser": m.Tenant}).Scan(&m.Holder)
		if err != nil {
			return step{}, fmt.Errorf("find the level between: %w", err)
		}
		return step{Text: text}, nil
	})
}

// Refuse declines to take a matter up (不予受理), with a reason.
func (s *Service) Refuse(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, reason string) (Matter, error) {
	return s.move(ctx, scope, id, version, RefuseMatter, func(_ *tenants.Tx, m *Matter) (step, error) {
		text, err := required("/text", reason, 2000)
		m.Reason, m.Holder, m.StepDue, m.AnswererID = text, m.Tenant, nil, new(scope.Tenant())
		return step{Text: text}, err
	})
}

// Note records what a study of the matter came to so far.
func (s *Service) Note(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, text string) (Matter, error) {
	return s.move(ctx, scope, id, version, NoteMatter, func(*tenants.Tx, *Matter) (step, error) {
		text, err := required("/text", text, 2000)
		return step{Text: text}, err
	})
}

// RaiseFurther passes a matter to the level above the own (提请上级), with all that was
// merged with it: it is one there, too, and its answer reaches all their raisers.
func (s *Service) RaiseFurther(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, text string) (Matter, error) {
	return s.move(ctx, scope, id, version, RaiseMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		text, err := required("/text", text, 2000)
		if err != nil {
			return step{}, err
		}
		if err := s.passUp(ctx, tx, m, *scope.Office().Parent); err != nil { // a CITY has one: the table lets no other
			return step{}, err
		}
		return step{Text: text, DueOn: m.StepDue}, nil
	})
}

// Answering is an answer from above.
type Answering struct {
	Outcome Outcome         `json:"outcome" enum:"policy,funding,coordination,decision,declined"`
	Text    string          `json:"text" minLength:"1" maxLength:"5000"`
	DueOn   *inspection.Day `json:"due_on,omitempty" doc:"By when it is to be carried out"`
}

// Answer gives the matter back to its raiser with an answer.
func (s *Service) Answer(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, a Answering) (Matter, error) {
	return s.move(ctx, scope, id, version, AnswerMatter, func(_ *tenants.Tx, m *Matter) (step, error) {
		text, err := required("/text", a.Text, 5000)
		if err != nil {
			return step{}, err
		}
		now := s.Clock()
		if a.DueOn != nil && *a.DueOn < inspection.DayOf(now) {
			return step{}, inspection.InvalidFields("escalation.day", "未能答复：落实期限不能早于今天。",
				inspection.Field{Pointer: "/due_on", Code: "day-order", Message: "期限不能早于今天。"})
		}
		m.Outcome, m.Answer, m.AnswerDue, m.AnsweredAt = a.Outcome, text, a.DueOn, &now
		m.AnswererID, m.Holder, m.StepDue = new(scope.Tenant()), m.Tenant, nil
		return step{Text: text, DueOn: a.DueOn}, nil
	})
}

// Open reports whether the matter still needs somebody.
func (m Matter) Open() bool {
	return !slices.Contains([]MatterState{MatterClosed, MatterWithdrawn}, m.State)
}

// addTask writes what the answer asks for into the finding's measures.
func (s *Service) addTask(ctx context.Context, tx *tenants.Tx, m Matter, text string) error {
	text, err := required("/task", text, 1000)
	if err != nil {
		return err
	}
	c := rectification.Case{ID: m.FindingID, Number: m.FindingNumber}
	err = tx.QueryRow(ctx, `
		select r.unit_id, r.issued_at from rectifications r
		where `+tenants.Own("r")+` and r.finding_id = @id`,
		pgx.StrictNamedArgs{"id": m.FindingID}).Scan(&c.UnitID, &c.IssuedAt)
	if err != nil {
		return fmt.Errorf("find the case: %w", err)
	}
	_, err = s.Cases.AddMeasures(ctx, tx, c, []rectification.Measure{{Text: text, DueOn: m.AnswerDue}})
	return err
}
