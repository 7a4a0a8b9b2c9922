package rectification

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Answering is what a person answers and chooses; what is not named stays.
type Answering struct {
	Answers []AnswerTo   `json:"answers" maxItems:"2000" nullable:"false"`
	Choices []ChoiceFor  `json:"choices" maxItems:"2000" nullable:"false"`
	Focuses []FocusFor   `json:"focuses" maxItems:"200" nullable:"false"`
	All     *ChoiceOfAll `json:"all,omitempty" doc:"A choice for all problems of one verdict"`
}

// AnswerTo answers one question.
type AnswerTo struct {
	Question string `json:"question" maxLength:"300" doc:"Its id"`
	Answer
}

// ChoiceFor chooses for one problem.
type ChoiceFor struct {
	Seq    int    `json:"seq" minimum:"1" maximum:"100000"`
	Choice Choice `json:"choice"`
}

// ChoiceOfAll chooses for all problems of one verdict.
type ChoiceOfAll struct {
	Verdict RowVerdict `json:"verdict"`
	Choice  Choice     `json:"choice"`
}

// FocusFor says under which of the four focuses a category falls.
type FocusFor struct {
	Category string `json:"category" maxLength:"500"`
	Focus    int    `json:"focus" minimum:"1" maximum:"4"`
}

// Answer writes what a person answered and chose.
func (s *Imports) Answer(ctx context.Context, scope tenants.Scope, id inspection.ImportID, version int, a Answering) (Import, error) {
	return s.correct(ctx, scope, id, version, func(tx *tenants.Tx, im *Import) error {
		rows, err := s.checked(ctx, tx, *im)
		if err != nil {
			return err
		}
		if err := a.apply(im, rows); err != nil {
			return err
		}
		var b pgx.Batch
		for _, r := range rows {
			b.Queue(`
				update import_rows w set answers = @answers, choice = @choice
				where `+tenants.Own("w")+` and import_id = @id and seq = @seq and (answers, choice) is distinct from (@answers::jsonb, @choice)`,
				pgx.StrictNamedArgs{"id": id, "seq": r.Seq, "answers": r.Answers, "choice": r.Choice})
		}
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return fmt.Errorf("write answers: %w", err)
		}
		return nil
	})
}

// apply puts the answers and choices where they belong. Any that does not fit
// refuses all of them.
func (a Answering) apply(im *Import, rows []ImportRow) error {
	var bad inspection.Fields
	wrong := func(pointer, code, message string) {
		bad = append(bad, inspection.Field{Pointer: pointer, Code: code, Message: message})
	}
	for i, to := range a.Answers {
		q, answers := asked(im, rows, to.Question)
		if len(answers) == 0 {
			wrong(fmt.Sprintf("/answers/%d/question", i), "unknown-question", "没有这个问题，请刷新后再填。")
		} else if why := q.wrong(to.Answer, im.FeedbackOn); why != "" {
			wrong(fmt.Sprintf("/answers/%d/value", i), "answer", why)
		} else {
			for _, of := range answers {
				of[to.Question] = to.Answer
			}
		}
	}
	for i, c := range a.Choices {
		k := slices.IndexFunc(rows, func(r ImportRow) bool { return r.Seq == c.Seq })
		if k < 0 || c.Choice != NoChoice && !slices.Contains(rows[k].Choices, c.Choice) {
			wrong(fmt.Sprintf("/choices/%d", i), "choice", "这一条不能这样选择。")
			continue
		}
		rows[k].Choice = c.Choice
	}
	for i := range rows {
		if a.All != nil && rows[i].Verdict == a.All.Verdict && slices.Contains(append(rows[i].Choices, NoChoice), a.All.Choice) {
			rows[i].Choice = a.All.Choice
		}
	}
	for i, f := range a.Focuses {
		if !slices.ContainsFunc(rows, func(r ImportRow) bool { return r.Problem.Category == f.Category }) {
			wrong(fmt.Sprintf("/focuses/%d/category", i), "unknown-category", "台账里没有这个类别，请刷新后再选。")
			continue
		}
		im.Said[f.Category] = f.Focus
	}
	if len(bad) > 0 {
		return inspection.InvalidFields("import.answers", fmt.Sprintf("有 %d 处填写不符合要求，请按提示修改。", len(bad)), bad...)
	}
	return nil
}

// asked finds a question, and the answers of everything that it is about.
func asked(im *Import, rows []ImportRow, id string) (q Asked, answers []map[string]Answer) {
	among := func(all []Asked, of map[string]Answer) {
		if i := slices.IndexFunc(all, func(a Asked) bool { return a.ID == id }); i >= 0 {
			q, answers = all[i], append(answers, of)
		}
	}
	among(im.Questions, im.Answers)
	for _, r := range rows {
		among(r.Questions, r.Answers)
	}
	return q, answers
}

// correct locks an import of the version that the person read and lets do change
// how it will run.
func (s *Imports) correct(ctx context.Context, scope tenants.Scope, id inspection.ImportID, version int, do func(*tenants.Tx, *Import) error) (Import, error) {
	return s.change(ctx, scope, id, version, CorrectImport, do)
}

// change locks an import of the version that the person read, lets do change it
// and moves it on.
func (s *Imports) change(
	ctx context.Context, scope tenants.Scope, id inspection.ImportID, version int, action ImportAction, do func(*tenants.Tx, *Import) error,
) (im Import, err error) {
	err = s.in(ctx, scope, func(tx *tenants.Tx) error {
		if im, err = importByID(ctx, tx, id, forUpdate); err != nil {
			return err
		}
		if im.Version != version {
			if err := s.look(ctx, tx, &im); err != nil {
				return err
			}
			return inspection.StaleRow("stale", im)
		}
		if _, err := imports.Next(im.State, action, scope.Role()); err != nil {
			return err
		}
		if err := do(tx, &im); err != nil {
			return err
		}
		if err := im.advance(ctx, tx, action); err != nil {
			return err
		}
		return s.look(ctx, tx, &im)
	})
	return im, err
}
