package documents

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/tenants"
)

// Grades takes the grades out (等次一览): by round and unit, never by score.
func (s *Service) Grades(ctx context.Context, scope tenants.Scope, w Wish) (File, error) {
	return take(ctx, s, scope, grades, w, func(tx *tenants.Tx, e *export[evaluations.Line]) ([]tenants.ID, error) {
		all, err := evaluations.Every(ctx, tx)
		if err != nil {
			return nil, err
		}
		var offices []tenants.ID
		for _, l := range all {
			if l.State == evaluations.Superseded {
				continue
			}
			if err := e.add(l); err != nil {
				return nil, err
			}
			offices = append(offices, l.TenantID)
		}
		return slices.Compact(offices), nil // in the order of offices within each round: told once more if there are several
	})
}

// grades are the evaluations in force and under way.
func grades(inspection.Day) table[evaluations.Line] {
	columns := []column[evaluations.Line]{
		{"round", "轮次", 24, func(l evaluations.Line) any { return l.RoundName }, false},
		{"unit", "单位", 26, func(l evaluations.Line) any { return l.UnitName }, false},
		{"card", "评分表", 22, func(l evaluations.Line) any { return l.CardName }, false},
		{"state", "阶段", 14, func(l evaluations.Line) any { return l.State.Word() }, false},
		{"points", "得分", 10, func(l evaluations.Line) any { return pointsCell(l.Points) }, false},
		{"grade", "等次", 12, func(l evaluations.Line) any { return gradeCell(l) }, false},
		{"second", "二次整改", 14, func(l evaluations.Line) any { return l.Second.Word() }, false},
		{"announced", "通报日期", 12, func(l evaluations.Line) any {
			if l.IssuedAt == nil {
				return nil
			}
			return inspection.DayOf(*l.IssuedAt)
		}, false},
	}
	return table[evaluations.Line]{
		title: "等次一览", act: "evaluation.export", unit: "个单位", columns: columns, report: columns, frozen: 2,
	}
}

func pointsCell(p *evaluations.Points) any {
	if p == nil {
		return nil
	}
	return p.String()
}

func gradeCell(l evaluations.Line) string {
	if l.Veto {
		return l.Grade + "（否决）"
	}
	return l.Grade
}

// ScoreSheet takes the score sheet of one evaluation out (评分表): every item of its
// card with the deduction, the reason and the rows.
func (s *Service) ScoreSheet(ctx context.Context, scope tenants.Scope, id evaluations.ID) (File, error) {
	return take(ctx, s, scope, scoreSheet, Wish{Form: All}, func(tx *tenants.Tx, e *export[scoreLine]) ([]tenants.ID, error) {
		one, err := s.Evaluations.Read(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		e.wish.Asked = one.UnitName + "，" + one.RoundName + fmt.Sprintf("，第%d版", one.Edition)
		for _, l := range scoreLines(one) {
			if err := e.add(l); err != nil {
				return nil, err
			}
		}
		return []tenants.ID{scope.Tenant()}, nil
	})
}

// scoreLine is one row of a score sheet.
type scoreLine struct{ aspect, item, full, self, deducted, score, reason, links string }

func scoreSheet(inspection.Day) table[scoreLine] {
	column := func(key, title string, width float64, of func(scoreLine) string) column[scoreLine] {
		return column[scoreLine]{key, title, width, func(l scoreLine) any { return of(l) }, false}
	}
	return table[scoreLine]{
		title: "整改成效评分表", act: "evaluation.export-sheet", unit: "行", columns: columnsOf(
			column("aspect", "方面", 14, func(l scoreLine) string { return l.aspect }),
			column("item", "扣分项", 44, func(l scoreLine) string { return l.item }),
			column("full", "满分/上限", 10, func(l scoreLine) string { return l.full }),
			column("self", "自评", 10, func(l scoreLine) string { return l.self }),
			column("deducted", "扣分", 10, func(l scoreLine) string { return l.deducted }),
			column("score", "得分", 10, func(l scoreLine) string { return l.score }),
			column("reason", "理由", 44, func(l scoreLine) string { return l.reason }),
			column("links", "依据", 30, func(l scoreLine) string { return l.links }),
		),
	}
}

func columnsOf(cs ...column[scoreLine]) []column[scoreLine] { return cs }

// scoreLines lays an evaluation out: its unit, each aspect with its items, the sum.
func scoreLines(e evaluations.Evaluation) []scoreLine {
	lines := []scoreLine{{aspect: e.UnitName, item: e.RoundName + "，" + e.CardName, reason: fmt.Sprintf("第%d版，%s", e.Edition, e.State.Word())}}
	score, entries, marks := e.Score()
	for _, a := range e.Card.Aspects {
		head := scoreLine{aspect: a.Name, full: a.Weight.String()}
		for _, m := range e.Self {
			if m.Aspect == a.Key {
				head.self, head.reason = m.Points.String(), m.Note
				if m.Grade != "" {
					head.self = m.Grade
				}
			}
		}
		for _, s := range score.Aspects {
			if s.Aspect == a.Key {
				head.deducted, head.score = s.Deducted.String(), s.Points.String()
				if e.Card.Kind == evaluations.ByGrades {
					head.full, head.deducted, head.score = "", "", s.Grade
				}
			}
		}
		lines = append(lines, head)
		for _, it := range a.Items {
			l := scoreLine{item: it.ID + " " + it.Text, full: it.Cap.String()}
			for _, d := range entries {
				if d.Item == it.ID {
					l.deducted, l.reason, l.links = d.Points.String(), d.Reason, numbers(d.Links)
				}
			}
			lines = append(lines, l)
		}
		for _, m := range marks {
			if m.Aspect == a.Key {
				lines = append(lines, scoreLine{item: m.Party.Party(), score: m.Grade, reason: m.Note})
			}
		}
	}
	sum := scoreLine{aspect: "合计", score: score.Grade}
	if score.Points != nil {
		sum.full, sum.score = "100", score.Points.String()
	}
	sum.reason = "等次：" + score.Grade
	for _, v := range score.Vetoes {
		sum.reason += "；一票否决：" + v.Text
		sum.links = numbers(v.Rows)
	}
	return append(lines, sum)
}

func numbers(links []evaluations.Link) string {
	var all []string
	for _, l := range links {
		if l.Number == "" {
			all = append(all, l.Text)
		} else {
			all = append(all, l.Number)
		}
	}
	return strings.Join(all, "、")
}
