package evaluations

import (
	"context"
	"fmt"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Filling is what a unit thinks of itself (自评).
type Filling struct {
	Marks []SelfMark `json:"marks" maxItems:"12" nullable:"false"`
	Note  string     `json:"note" maxLength:"5000"`
}

// Fill saves the self-evaluation.
func (s *Service) Fill(ctx context.Context, scope tenants.Scope, id ID, version int, f Filling) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Fill, func(_ *tenants.Tx, r *row, _ *sheet) (string, error) {
		var bad inspection.Fields
		marks := []SelfMark{}
		for _, a := range r.Card.Aspects { // in the order of the card
			for i, m := range f.Marks {
				if m.Aspect == a.Key {
					marks = append(marks, r.Card.clean(fmt.Sprintf("/marks/%d", i), a, m, &bad))
				}
			}
		}
		if len(marks) != len(f.Marks) {
			bad = append(bad, inspection.Field{Pointer: "/marks", Code: "choice", Message: "自评的方面与评分表不一致，每个方面填一次。"})
		}
		r.Self, r.SelfNote = marks, bad.Text("/note", f.Note, false, 5000)
		return "", bad.Err("evaluation.invalid")
	})
}

// clean returns a unit's mark as it is kept.
func (c Card) clean(at string, a Aspect, m SelfMark, bad *inspection.Fields) SelfMark {
	m.Note = bad.Text(at+"/note", m.Note, false, 1000)
	if c.Kind == ByGrades {
		m.Points = 0
		if c.grade(m.Grade) < 0 {
			*bad = append(*bad, inspection.Field{Pointer: at + "/grade", Code: "choice", Message: "请选择“" + a.Name + "”的等次。"})
		}
		return m
	}
	m.Grade = ""
	if m.Points < 0 || m.Points > a.Weight {
		*bad = append(*bad, inspection.Field{
			Pointer: at + "/points", Code: "number-range", Message: fmt.Sprintf("“%s”的自评分应在 0 到 %s 分之间。", a.Name, a.Weight),
		})
	}
	return m
}

// Sign signs the self-evaluation as the unit's head, which hands it to the group.
func (s *Service) Sign(ctx context.Context, scope tenants.Scope, id ID, version int) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Sign, func(_ *tenants.Tx, r *row, _ *sheet) (string, error) {
		if len(r.Self) < len(r.Card.Aspects) {
			return "", inspection.Errorf(inspection.Conflict, "evaluation.self-incomplete", "自评还有 %d 个方面没有填写，填齐后再签署。",
				len(r.Card.Aspects)-len(r.Self))
		}
		if err := scope.StepUp(s.Clock()); err != nil {
			return "", err
		}
		at := s.Clock()
		r.HeadID, r.HeadName, r.HeadAt, r.Asked = new(scope.Member().UUID), scope.Name(), &at, ""
		return "", nil
	})
}

// Saying is why something is done.
type Saying struct {
	Note string `json:"note" maxLength:"1000"`
}

// clean returns the text as it is kept.
func (w Saying) clean(required bool) (string, error) {
	text, bad := inspection.CleanText("/note", w.Note, required, 1000)
	return text, bad.Err("evaluation.invalid")
}

// Waive lets the group begin without the unit's word, with a reason.
func (s *Service) Waive(ctx context.Context, scope tenants.Scope, id ID, version int, w Saying) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Waive, func(_ *tenants.Tx, r *row, _ *sheet) (note string, err error) {
		r.Asked, err = w.clean(true)
		return r.Asked, err
	})
}

// Return sends an evaluation one step back: the self-evaluation to the unit, the
// group's work to the group.
func (s *Service) Return(ctx context.Context, scope tenants.Scope, id ID, version int, w Saying) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Return, func(tx *tenants.Tx, r *row, sh *sheet) (string, error) {
		note, err := w.clean(true)
		if err != nil {
			return "", err
		}
		if err := rectification.NotOwn(ctx, tx, r.UnitID, errOwnWork); err != nil {
			return "", err
		}
		if r.State == SelfEvaluating {
			if r.Edition > 1 {
				return "", inspection.Errorf(inspection.Conflict, "evaluation.rescored", "重新评估不再由单位自评，请直接评分。")
			}
			r.Asked, r.HeadID, r.HeadName, r.HeadAt = note, nil, "", nil
			return note, nil
		}
		at := s.Clock()
		sh.Note, sh.DecidedName, sh.DecidedAt, sh.Points, sh.Grade, sh.Veto = note, scope.Name(), &at, nil, "", false
		return note, nil
	})
}
