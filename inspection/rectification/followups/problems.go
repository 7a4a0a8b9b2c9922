package followups

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// maxProblems is how many new problems one follow-up may have.
const maxProblems = 500

// Finding is a new problem to be written down.
type Finding struct {
	Unit      inspection.UnitID `json:"unit"`
	Focus     int               `json:"focus" minimum:"1" maximum:"4" doc:"四个聚焦"`
	Category  string            `json:"category,omitempty" maxLength:"200"`
	Text      string            `json:"text" minLength:"1" maxLength:"5000"`
	AmountFen *int64            `json:"amount_fen,omitempty" nullable:"false" minimum:"0" maximum:"9007199254740991" doc:"涉及金额, in fen"`
}

// Find writes down a new problem (新发现问题). Only the report makes it a finding of the
// ledger: until then no unit sees it.
func (s *Service) Find(ctx context.Context, scope tenants.Scope, id ID, n Finding) (FollowUp, error) {
	return s.problem(ctx, scope, id, func(tx *tenants.Tx, f FollowUp) (string, error) {
		var bad inspection.Fields
		n.Text, n.Category = bad.Text("/text", n.Text, true, 5000), bad.Text("/category", n.Category, false, 200)
		if !slices.ContainsFunc(f.Units, func(t Taken) bool { return t.Unit == n.Unit }) {
			bad = append(bad, inspection.Field{Pointer: "/unit", Code: "choice", Message: "请选择本次回头看的单位。"})
		}
		if err := bad.Err("followup.invalid"); err != nil {
			return "", err
		}
		if len(f.Problems) >= maxProblems {
			return "", inspection.Errorf(inspection.Conflict, "followup.problems", "一次回头看最多登记 %d 个新发现问题。", maxProblems)
		}
		if err := rectification.NotOwn(ctx, tx, n.Unit, errOwnWork); err != nil {
			return "", err
		}
		_, err := tx.Exec(ctx, `
			insert into followup_problems (id, followup_id, unit_id, focus, category, text, amount_fen, by_id, by_name, at)
			values (@id, @followup, @unit, @focus, @category, @text, @amount, @by_id, @by, @at)`, pgx.StrictNamedArgs{
			"id": inspection.NewID[ProblemID](), "followup": id, "unit": n.Unit, "focus": n.Focus, "category": n.Category,
			"text": n.Text, "amount": n.AmountFen, "by_id": scope.Member(), "by": scope.Name(), "at": s.Clock(),
		})
		if err != nil {
			return "", fmt.Errorf("add problem: %w", err)
		}
		return inspection.Line(n.Text), nil
	})
}

// Drop strikes a new problem again that was not reported.
func (s *Service) Drop(ctx context.Context, scope tenants.Scope, id ID, problem ProblemID) (FollowUp, error) {
	return s.problem(ctx, scope, id, func(tx *tenants.Tx, f FollowUp) (string, error) {
		at := slices.IndexFunc(f.Problems, func(p Problem) bool { return p.ID == problem })
		if at < 0 {
			_, err := tenants.Found("", pgx.ErrNoRows)
			return "", err
		}
		_, err := tx.Exec(ctx, `update followup_problems p set dropped_at = @at where `+tenants.Own("p")+` and id = @id`,
			pgx.StrictNamedArgs{"id": problem, "at": s.Clock()})
		if err != nil {
			return "", fmt.Errorf("strike problem: %w", err)
		}
		return "删除：" + inspection.Line(f.Problems[at].Text), nil
	})
}

// problem is one act on the new problems of a follow-up that is held as it is.
func (s *Service) problem(
	ctx context.Context, scope tenants.Scope, id ID, change func(tx *tenants.Tx, f FollowUp) (note string, err error),
) (f FollowUp, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if f, err = s.read(ctx, tx, id, "for share of w"); err != nil {
			return err
		}
		if _, err := followups.Next(f.State, Find, scope.Role()); err != nil {
			return err
		}
		if !slices.Contains(f.Members, scope.Member()) {
			return inspection.Errorf(inspection.Forbidden, "look.not-inspector", "需由本次回头看的核查人员办理。")
		}
		note, err := change(tx, f)
		if err != nil {
			return err
		}
		tx.Journal(f.entry(Find, note, nil))
		f, err = s.read(ctx, tx, id, "")
		return err
	})
	return f, err
}
