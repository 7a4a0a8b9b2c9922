package evaluations

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Finish hands the group's work to the director: all that the score depends on is
// frozen. One of the office's people in the group does it.
func (s *Service) Finish(ctx context.Context, scope tenants.Scope, id ID, version int) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Finish, func(tx *tenants.Tx, r *row, sh *sheet) (string, error) {
		if err := inGroup(tx, sh); err != nil {
			return "", err
		}
		if err := rectification.NotOwn(ctx, tx, r.UnitID, errOwnWork); err != nil {
			return "", err
		}
		n, err := s.draft(ctx, tx, *r, *sh)
		if err != nil {
			return "", err
		}
		if lacks := n.missing(); len(lacks) > 0 {
			return "", inspection.Errorf(inspection.Conflict, "evaluation.incomplete", "还不能提交：%s", strings.Join(lacks, ""))
		}
		text, digest, err := n.freeze()
		if err != nil {
			return "", err
		}
		var last int
		err = tx.QueryRow(ctx, `select coalesce(max(n), 0) from evaluation_snapshots x where `+tenants.Own("x")+` and evaluation_id = @id`,
			pgx.StrictNamedArgs{"id": r.ID}).Scan(&last)
		if err != nil {
			return "", fmt.Errorf("last snapshot: %w", err)
		}
		sh.N = last + 1
		tx.Later(`
			insert into evaluation_snapshots (evaluation_id, n, content, digest, by_id, by_name, at)
			values (@id, @n, @content::json, @digest, @by_id, @by, @at)`, pgx.StrictNamedArgs{
			"id": r.ID, "n": sh.N, "content": string(text), "digest": digest, "by_id": scope.Member(), "by": scope.Name(), "at": s.Clock(),
		})
		result := Score(n)
		sh.Points, sh.Grade, sh.Veto = result.Points, result.Grade, result.Veto
		sh.Note, sh.DecidedName, sh.DecidedAt = "", "", nil
		return "校验码 " + hex.EncodeToString(digest), nil
	})
}

// Approve is the director's word for what the group scored.
func (s *Service) Approve(ctx context.Context, scope tenants.Scope, id ID, version int, w Saying) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Approve, func(tx *tenants.Tx, r *row, sh *sheet) (string, error) {
		sh.ApprovedID = new(scope.Member())
		return s.pass(ctx, tx, r, sh, w)
	})
}

// Decide is the leading group's decision: not of who approved the score before. It asks
// for a fresh proof of identity.
func (s *Service) Decide(ctx context.Context, scope tenants.Scope, id ID, version int, w Saying) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Decide, func(tx *tenants.Tx, r *row, sh *sheet) (string, error) {
		if err := scope.StepUp(s.Clock()); err != nil {
			return "", err
		}
		if sh.approvedBy(scope) {
			return "", inspection.Errorf(inspection.Forbidden, "evaluation.own-approval", "该评估由你审核同意，需由领导小组其他人员审定。")
		}
		return s.pass(ctx, tx, r, sh, w)
	})
}

// pass sends a score on, once it was computed again from what was frozen.
func (s *Service) pass(ctx context.Context, tx *tenants.Tx, r *row, sh *sheet, w Saying) (string, error) {
	if err := notInGroup(tx, sh); err != nil {
		return "", err
	}
	if err := rectification.NotOwn(ctx, tx, r.UnitID, errOwnWork); err != nil {
		return "", err
	}
	note, err := w.clean(false)
	if err != nil {
		return "", err
	}
	n, f, err := thawed(ctx, tx, r.ID, sh.N)
	if err != nil {
		return "", err
	}
	result := Score(n)
	at := s.Clock()
	sh.Points, sh.Grade, sh.Veto = result.Points, result.Grade, result.Veto
	sh.Note, sh.DecidedName, sh.DecidedAt = note, tx.Scope().Name(), &at
	return strings.TrimSpace(result.say() + " 校验码 " + f.Digest + " " + note), nil
}

// say is the result in a few words.
func (r Result) say() string {
	text := r.Grade
	if r.Points != nil {
		text = r.Points.String() + " 分，" + text
	}
	if r.Veto {
		text += "（一票否决）"
	}
	return text
}

// Announcing makes a result known.
type Announcing struct {
	Second *Ordering `json:"second,omitempty" doc:"Needed for a grade with which a second rectification follows, and for no other"`
}

// Ordering is a second rectification that is asked for.
type Ordering struct {
	Text  string                 `json:"text" minLength:"1" maxLength:"2000" doc:"What is asked"`
	Items []inspection.FindingID `json:"items" minItems:"1" maxItems:"500" nullable:"false" doc:"Problems of the unit in the round"`
	DueOn inspection.Day         `json:"due_on"`
}

// Announce makes a result known to the unit and the levels above (通报). The edition
// that was in force is kept as superseded.
func (s *Service) Announce(ctx context.Context, scope tenants.Scope, id ID, version int, a Announcing) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Announce, func(tx *tenants.Tx, r *row, sh *sheet) (string, error) {
		n, _, err := thawed(ctx, tx, r.ID, sh.N)
		if err != nil {
			return "", err
		}
		result := Score(n)
		if needs := slices.Contains(r.Card.Second, result.Grade); needs != (a.Second != nil) {
			return "", inspection.InvalidFields("evaluation.second", fmt.Sprintf("等次为“%s”时%s二次整改。", result.Grade,
				map[bool]string{true: "须责令", false: "不责令"}[needs]),
				inspection.Field{Pointer: "/second", Code: "required", Message: "请按等次填写或去掉二次整改要求。"})
		}
		if err := s.supersede(ctx, tx, r); err != nil {
			return "", err
		}
		at := s.Clock()
		r.IssuedAt = &at
		told := Told{Result: result, Entries: n.Entries, Marks: n.Marks, Paragraph: n.paragraph(result)}
		body, err := json.Marshal(told)
		if err != nil {
			return "", err
		}
		tx.Later(`
			insert into evaluation_results (evaluation_id, unit_id, points, grade, veto, content, paragraph, at, by_name)
			values (@id, @unit, @points, @grade, @veto, @content::jsonb, @paragraph, @at, @by)`, pgx.StrictNamedArgs{
			"id": r.ID, "unit": r.UnitID, "points": result.Points, "grade": result.Grade, "veto": result.Veto, "content": string(body),
			"paragraph": told.Paragraph, "at": at, "by": scope.Name(),
		})
		if a.Second != nil {
			if err := s.order(ctx, tx, r, result.Grade, *a.Second); err != nil {
				return "", err
			}
		}
		return result.say(), nil
	})
}

// supersede ends the edition that was in force, and its second rectification if
// that was not confirmed.
func (s *Service) supersede(ctx context.Context, tx *tenants.Tx, r *row) error {
	to, err := evaluations.Next(Published, Supersede, tx.Scope().Role())
	if err != nil {
		return err
	}
	args := pgx.StrictNamedArgs{
		"to": to, "from": Published, "at": s.Clock(), "by": tx.Scope().Name(), "round": r.RoundID, "unit": r.UnitID,
	}
	_, err = tx.Exec(ctx, `
		update evaluations e set state = @to, changed_at = @at, changed_name = @by, version = version + 1
		where `+tenants.Own("e")+` and e.round_id = @round and e.unit_id = @unit and e.state = @from`, args)
	if err != nil {
		return fmt.Errorf("supersede evaluation: %w", err)
	}
	_, err = tx.Exec(ctx, `
		update second_rectifications o set state = @to, decided_name = @by, decided_at = @at, version = o.version + 1
		from evaluations e
		where `+tenants.Own("o")+` and e.tenant_id = o.tenant_id and e.id = o.evaluation_id and e.round_id = @round and e.unit_id = @unit
		  and o.state <> @done and o.state <> @to`, pgx.StrictNamedArgs{
		"to": Replaced, "done": Confirmed, "at": s.Clock(), "by": tx.Scope().Name(), "round": r.RoundID, "unit": r.UnitID,
	})
	if err != nil {
		return fmt.Errorf("replace second rectification: %w", err)
	}
	return nil
}

// Rescoring is why an evaluation is scored again.
type Rescoring struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"The new fact"`
}

// Rescore opens the next edition because of a new fact: with the same card, the
// same group and what it wrote, to be changed. The edition in force stays until the
// next is made known.
func (s *Service) Rescore(ctx context.Context, scope tenants.Scope, id ID, version int, g Rescoring) (next Evaluation, err error) {
	reason, bad := inspection.CleanText("/reason", g.Reason, true, 1000)
	if err := bad.Err("evaluation.invalid"); err != nil {
		return next, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		r, sh, err := s.lock(ctx, tx, id, Rescore)
		if err != nil {
			return err
		}
		if _, err := evaluations.Next(r.State, Rescore, scope.Role()); err != nil {
			return err
		}
		if r.Version != version {
			now, err := s.view(ctx, tx, r)
			if err != nil {
				return err
			}
			return inspection.StaleRow("evaluation.stale", now)
		}
		state, err := evaluations.Next(tenants.Start, Rescore, scope.Role())
		if err != nil {
			return err
		}
		var open bool
		err = tx.QueryRow(ctx, `
			select exists (select from evaluations e where `+tenants.Own("e")+` and e.round_id = @round and e.unit_id = @unit and e.edition > @edition)`,
			pgx.StrictNamedArgs{"round": r.RoundID, "unit": r.UnitID, "edition": r.Edition}).Scan(&open)
		if err != nil {
			return fmt.Errorf("look for later edition: %w", err)
		}
		if open {
			return inspection.Errorf(inspection.Conflict, "evaluation.open", "该单位的重新评估正在办理，请在其中继续。")
		}
		again := r
		again.ID, again.Edition, again.State, again.Reason, again.IssuedAt = inspection.NewID[ID](), r.Edition+1, state, reason, nil
		if err := s.insert(ctx, tx, &again, *sh); err != nil {
			return err
		}
		tx.Journal(again.entry(Rescore, reason, r.Evaluation))
		made, err := readRow(ctx, tx, again.ID, "")
		if err != nil {
			return err
		}
		next, err = s.view(ctx, tx, made)
		return err
	})
	return next, err
}
