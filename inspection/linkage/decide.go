package linkage

import (
	"context"
	"fmt"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Deciding is in which way a matter is taken up (研究决定), by whom it is settled and by
// when. To raise it further, to return it and to refuse it are acts of their own.
type Deciding struct {
	Decision Course         `json:"decision" enum:"assign,joint,department"`
	Target   string         `json:"target" minLength:"1" maxLength:"200" doc:"Which body, or bodies, are to settle it"`
	DueOn    inspection.Day `json:"due_on" doc:"By when"`
	Text     string         `json:"text" minLength:"1" maxLength:"2000" doc:"What was decided"`
}

// Decide takes a matter up. It asks for a fresh proof of identity.
func (s *Service) Decide(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, d Deciding) (Matter, error) {
	return s.move(ctx, scope, id, version, DecideMatter, func(_ *tenants.Tx, m *Matter) (step, error) {
		var bad inspection.Fields
		target := bad.Text("/target", d.Target, true, 200)
		text := bad.Text("/text", d.Text, true, 2000)
		word, ok := courseWords[d.Decision]
		if !ok {
			bad = append(bad, inspection.Field{Pointer: "/decision", Code: "required", Message: "请选择采纳的方式。"})
		}
		if d.DueOn < s.Clock.Today() {
			bad = append(bad, inspection.Field{Pointer: "/due_on", Code: "day-order", Message: "期限不能早于今天。"})
		}
		if err := bad.Err("escalation.decision"); err != nil {
			return step{}, err
		}
		now := s.Clock()
		if err := scope.StepUp(now); err != nil {
			return step{}, err
		}
		m.Decision, m.Target, m.DecisionDue, m.DecisionText, m.DecidedAt = d.Decision, target, &d.DueOn, text, &now
		m.StepDue = &d.DueOn
		return step{Text: fmt.Sprintf("%s：%s，%s 前办结。%s", word, target, d.DueOn, text), DueOn: m.StepDue}, nil
	})
}

// DisputeAnswer gives an answer, or a refusal, back to whoever gave it, once.
func (s *Service) DisputeAnswer(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, reason string) (Matter, error) {
	return s.move(ctx, scope, id, version, DisputeMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		if m.DisputedAt != nil {
			return step{}, inspection.Errorf(inspection.Conflict, "escalation.disputed", "已提出过一次异议，请确认答复。")
		}
		if m.AnswererID == nil { // refused before it was written down by whom
			return step{}, inspection.Errorf(inspection.Conflict, "escalation.nobody", "该事项不能提出异议，请确认知悉后另行提请。")
		}
		text, err := required("/text", reason, 2000)
		if err != nil {
			return step{}, err
		}
		due, err := s.decisionDue(ctx, tx)
		if err != nil {
			return step{}, err
		}
		now := s.Clock()
		m.Dispute, m.DisputedAt, m.Holder, m.StepDue = text, &now, *m.AnswererID, &due
		return step{Text: text, DueOn: &due}, nil
	})
}

// StopClock approves that the finding's clock stands still while the matter is taken
// up above (停止计时). It asks for a fresh proof of identity.
func (s *Service) StopClock(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, reason string) (Matter, error) {
	return s.move(ctx, scope, id, version, StopMatter, func(tx *tenants.Tx, m *Matter) (step, error) {
		text, err := required("/reason", reason, 190)
		if err != nil {
			return step{}, err
		}
		if err := scope.StepUp(s.Clock()); err != nil {
			return step{}, err
		}
		return step{Text: text, DueOn: m.StepDue}, s.Cases.StopClock(ctx, tx, m.FindingID, text)
	})
}

// runOn lets the finding's clock go on if it stands still.
func (s *Service) runOn(ctx context.Context, tx *tenants.Tx, m *Matter) error {
	if !m.Stopped {
		return nil
	}
	on, err := s.Cases.ResumeClock(ctx, tx, m.FindingID)
	if on != nil {
		m.ExtendedTo = on
	}
	return err
}
