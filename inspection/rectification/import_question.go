package rectification

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

// Asked is a question of the reading, with the person's answer.
type Asked struct {
	ID      string  `json:"id"`
	Expects Expects `json:"expects"`
	ledger.Question
	To     int     `json:"to,omitempty" doc:"Last row that the cell covers, if it is merged"`
	Answer *Answer `json:"answer"`
}

// Expects is what sort of answer a question takes.
type Expects string

// The sorts of answer.
const (
	ExpectsDay   Expects = "day"   // 2026-10-15, or long-term
	ExpectsFen   Expects = "fen"   // a sum in fen, or none
	ExpectsKeep  Expects = "keep"  // keep or skip
	ExpectsCheck Expects = "check" // ok: a person has looked
	ExpectsText  Expects = "text"
)

// Answer is what a person answered.
type Answer struct {
	Value    string          `json:"value" maxLength:"5000" doc:"2026-10-15, long-term, a sum in fen, none, keep, skip, ok, or a text"`
	ReviewOn *inspection.Day `json:"review_on,omitempty" doc:"When a long-term measure comes back; by the policy if absent"`
}

// The answers that are words.
const (
	answerLongTerm = "long-term"
	answerNone     = "none"
	answerSkip     = "skip"
	answerKeep     = "keep"
	answerChecked  = "ok"
)

func expects(q ledger.Question) Expects {
	switch q.Reason {
	case ledger.DuplicateNumber, ledger.DuplicateProblem:
		return ExpectsKeep
	case ledger.RowUnclear, ledger.MeasureConflict:
		return ExpectsCheck
	}
	switch q.Column {
	case ledger.DueColumn:
		return ExpectsDay
	case ledger.AmountColumn, ledger.RecoveredColumn:
		return ExpectsFen
	}
	return ExpectsText
}

// ask turns the questions of a reading into those about each problem and those
// that belong to none. A question about a cell that is merged over several problems
// is each one's, under one id: it is answered once.
func ask(r ledger.Reading) (byProblem [][]Asked, general []Asked) {
	byProblem, general = make([][]Asked, len(r.Problems)), []Asked{}
	for i := range byProblem {
		byProblem[i] = []Asked{}
	}
	seen := map[string]int{}
	for _, q := range r.Questions {
		a := Asked{ID: fmt.Sprintf("%s!%s:%s", q.Sheet, q.Cell, q.Reason), Expects: expects(q), Question: q, To: lastRow(r, q)}
		if seen[a.ID]++; seen[a.ID] > 1 {
			a.ID += "#" + strconv.Itoa(seen[a.ID])
		}
		about := a.about(r.Problems)
		if len(about) == 0 || q.Reason == ledger.RowUnclear {
			general = append(general, a)
			continue
		}
		for _, i := range about {
			byProblem[i] = append(byProblem[i], a)
		}
	}
	return byProblem, general
}

// about returns the problems that a question is about: the one in whose rows its cell
// begins, and further ones that the cell covers. A sum counts once, for the first; of a
// deadline each has its own share, so only those that it is the deadline of are asked.
func (a Asked) about(problems []ledger.Problem) []int {
	var about []int
	for i, p := range problems {
		if p.Sheet != a.Sheet {
			continue
		}
		if p.Row <= a.Row {
			about = []int{i}
		} else if p.Row <= a.To && a.Expects != ExpectsFen {
			about = append(about, i)
		}
	}
	due := slices.DeleteFunc(slices.Clone(about), func(i int) bool {
		return !slices.ContainsFunc(problems[i].Measures, a.isDueOf)
	})
	if len(due) > 0 {
		return due
	}
	return about
}

// isDueOf reports whether the question is about the deadline of a measure.
func (a Asked) isDueOf(m ledger.Measure) bool {
	q := m.DueQuestion
	return q != nil && q.Cell == a.Cell && q.Reason == a.Reason && q.Text == a.Text
}

// lastRow returns the last row of the merged cell that a question is about, or 0.
func lastRow(r ledger.Reading, q ledger.Question) int {
	for _, f := range r.Filled {
		from, to, ok := strings.Cut(f.Range, ":")
		if ok && f.Sheet == q.Sheet && f.Column == q.Column && from == q.Cell {
			n, _ := strconv.Atoi(strings.TrimLeft(to, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
			return n
		}
	}
	return 0
}

// show adds the answer, if there is one.
func (a *Asked) show(answers map[string]Answer) {
	if v, ok := answers[a.ID]; ok {
		a.Answer = &v
	}
}

// wrong says what is wrong with an answer, or nothing.
func (a Asked) wrong(v Answer, feedback inspection.Day) string {
	switch a.Expects {
	case ExpectsDay:
		return a.wrongDay(v, feedback)
	case ExpectsFen:
		n, err := strconv.ParseInt(v.Value, 10, 64)
		if v.Value != answerNone && (err != nil || n < 0 || n > 1<<53-1) {
			return "请填写金额，或选择不填。"
		}
	case ExpectsKeep:
		if v.Value != answerKeep && v.Value != answerSkip {
			return "请选择都导入还是跳过本条。"
		}
	case ExpectsCheck:
		if v.Value != answerChecked {
			return "请核对后确认。"
		}
	case ExpectsText:
		must := a.Column == ledger.ProblemColumn || a.Column == ledger.MeasureColumn
		if _, bad := inspection.CleanText("", v.Value, must, 5000); bad != nil {
			return bad[0].Message
		}
	}
	return ""
}

func (a Asked) wrongDay(v Answer, feedback inspection.Day) string {
	if v.Value == answerLongTerm {
		if v.ReviewOn != nil && *v.ReviewOn <= feedback {
			return "复核日期应在反馈日期之后。"
		}
		return ""
	}
	d, err := inspection.ParseDay(v.Value)
	if err != nil {
		return "请填写日期，写成 2026-10-15 的样子，或按长期整改导入。"
	}
	// What was put right at once may have been so before the feedback.
	if d < feedback && a.Reason != ledger.DueImmediate {
		return "期限应不早于反馈日期 " + feedback.String() + "。"
	}
	return ""
}

// A resolved problem is one with the answers put in.
type resolved struct {
	ledger.Problem
	open     []Asked         // not answered yet
	skip     bool            // the answer was to leave it out
	reviewOn *inspection.Day // when a long-term problem comes back, as answered
}

// resolve puts the answers into what was read.
func resolve(p ledger.Problem, asked []Asked, answers map[string]Answer) resolved {
	r := resolved{Problem: p}
	r.Measures = slices.Clone(p.Measures)
	for _, a := range asked {
		v, ok := answers[a.ID]
		if !ok {
			r.open = append(r.open, a)
			continue
		}
		switch a.Expects {
		case ExpectsDay:
			r.due(a, v)
		case ExpectsFen:
			r.amount(a, v)
		case ExpectsKeep:
			r.skip = r.skip || v.Value == answerSkip
		case ExpectsText:
			r.text(a, v.Value)
		}
	}
	return r
}

func (r *resolved) due(a Asked, v Answer) {
	for i := range r.Measures {
		m := &r.Measures[i]
		if !a.isDueOf(*m) {
			continue
		}
		if v.Value == answerLongTerm {
			m.Kind, m.DueOn = ledger.LongTerm, nil
			if v.ReviewOn != nil && (r.reviewOn == nil || *v.ReviewOn < *r.reviewOn) {
				r.reviewOn = v.ReviewOn
			}
			continue
		}
		d, _ := inspection.ParseDay(v.Value)
		m.DueOn = &d
		if m.Kind != ledger.Immediate {
			m.Kind = ledger.Dated
		}
	}
}

func (r *resolved) amount(a Asked, v Answer) {
	var fen *int64
	if n, err := strconv.ParseInt(v.Value, 10, 64); err == nil {
		fen = &n
	}
	if a.Column == ledger.RecoveredColumn {
		r.RecoveredFen = fen
		return
	}
	r.AmountFen = fen
}

func (r *resolved) text(a Asked, text string) {
	switch a.Column {
	case ledger.NumberColumn:
		r.Number = text
	case ledger.CategoryColumn:
		r.Category = text
	case ledger.ProblemColumn:
		r.Text = text
	case ledger.GoalColumn:
		r.Goal = text
	case ledger.ElsewhereColumn:
		r.Elsewhere = text
	default:
		for i := range r.Measures {
			if m := &r.Measures[i]; m.Row >= a.Row && m.Row <= max(a.Row, a.To) {
				setText(m, a.Column, text)
			}
		}
	}
}

func setText(m *ledger.Measure, column ledger.Column, text string) {
	switch column {
	case ledger.MeasureColumn:
		m.Text = cmp.Or(m.Text, text)
	case ledger.LeaderColumn:
		m.Leader = text
	case ledger.PersonColumn:
		m.Person = text
	case ledger.DepartmentColumn:
		m.Department = text
	case ledger.HelpersColumn:
		m.Helpers = []string{text}
	case ledger.ProgressColumn:
		m.Progress = text
	case ledger.StatusColumn:
		m.Status = text
	case ledger.RulesColumn:
		m.Rules = text
	case ledger.RemarkColumn:
		m.Remark = text
	}
}
