package documents

import (
	"fmt"
	"slices"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
)

// line is a line of the ledger: a problem with one of its measures, or without
// any.
type line struct {
	item rectification.Item
	m    rectification.Measure
	none bool // there is no measure
}

// byMeasure reports whether the columns say anything of measures: each then has a
// line of its own, as on screen.
func (e *export[T]) byMeasure() bool {
	return slices.ContainsFunc(e.columns, func(c column[T]) bool { return !c.whole })
}

func linesOfItem(it rectification.Item, byMeasure bool) []line {
	if !byMeasure || len(it.Measures) == 0 {
		return []line{{item: it, none: true}}
	}
	lines := make([]line, len(it.Measures))
	for i, m := range it.Measures {
		lines[i] = line{item: it, m: m}
	}
	return lines
}

// ledger is the rectification ledger. Its keys are those of the screen; the form
// for reporting upward has the columns that ledgers have in practice (HANDBOOK §4:
// 问题清单、任务清单、责任清单 in one), under names that our own import knows.
func ledger(today inspection.Day) table[line] {
	item := func(key, title string, width float64, cell func(rectification.Item) any) column[line] {
		return column[line]{key, title, width, func(l line) any { return cell(l.item) }, true}
	}
	measure := func(key, title string, width float64, cell func(rectification.Measure) any) column[line] {
		return column[line]{key, title, width, func(l line) any {
			if l.none {
				return nil
			}
			return cell(l.m)
		}, false}
	}
	text := func(of func(rectification.Item) string) func(rectification.Item) any {
		return func(it rectification.Item) any { return of(it) }
	}
	said := func(of func(rectification.Measure) string) func(rectification.Measure) any {
		return func(m rectification.Measure) any { return of(m) }
	}
	unitName := text(func(it rectification.Item) string { return it.UnitName })
	problem := item("text", "反馈问题", 48, text(func(it rectification.Item) string { return it.Text }))
	category := text(func(it rectification.Item) string { return it.Category })
	goal := item("goal", "整改目标", 30, text(func(it rectification.Item) string { return it.Goal }))
	action := measure("measure", "整改措施", 48, said(func(m rectification.Measure) string { return m.Text }))
	leader := measure("leader", "责任领导", 11, said(func(m rectification.Measure) string { return m.Leader }))
	person := measure("person", "责任人", 11, said(func(m rectification.Measure) string { return m.Person }))
	helpers := measure("helpers", "协作单位", 18, said(func(m rectification.Measure) string { return m.Helpers }))
	rules := measure("rules", "建章立制", 22, said(func(m rectification.Measure) string { return m.Rules }))
	amount := item("amount", "涉及金额（元）", 16, amountOf)
	elsewhere := text(func(it rectification.Item) string { return it.Elsewhere })
	recovered := item("recovered", "已追回（元）", 16, func(it rectification.Item) any { return Fen(it.RecoveredFen) })
	return table[line]{
		title: "整改台账", act: "ledger.export", unit: "个问题", frozen: 3,
		columns: []column[line]{
			item("number", "编号", 16, text(func(it rectification.Item) string { return it.Number })),
			problem, action, leader,
			measure("department", "责任科室", 16, said(func(m rectification.Measure) string { return m.Department })),
			measure("measure_due", "措施期限", 12, func(m rectification.Measure) any { return day(m.DueOn) }),
			item("left", "剩余/逾期", 12, func(it rectification.Item) any { return standing(it.DaysLeft) }),
			item("state", "状态", 16, text(state)),
			item("unit", "单位", 20, unitName),
			item("due", "整改期限", 12, func(it rectification.Item) any { return day(it.DueOn) }),
			item("progress", "进展", 40, text(func(it rectification.Item) string { return it.Progress })),
			item("evidence", "佐证数", 8, func(it rectification.Item) any { return it.Evidence }),
			amount,
			item("review", "审核", 22, text(reviewed)),
			item("focus", "四个聚焦", 20, text(focus)),
			item("category", "类别", 16, category), goal, person, helpers,
			measure("done", "措施完成", 10, said(func(m rectification.Measure) string { return done(m.Done) })),
			measure("measure_progress", "措施进展", 40, said(func(m rectification.Measure) string { return m.Progress })),
			rules, recovered,
			item("kind", "整改类型", 10, text(func(it rectification.Item) string { return it.Kind.Word() })),
			item("rules_made", "新建制度（项）", 10, func(it rectification.Item) any { return it.RulesMade }),
			item("rules_amended", "修订制度（项）", 10, func(it rectification.Item) any { return it.RulesAmended }),
			item("people_dealt", "问责（人）", 10, func(it rectification.Item) any { return it.PeopleDealt }),
			item("elsewhere", "举一反三", 40, elsewhere),
			item("feedback", "反馈日期", 12, func(it rectification.Item) any { return day(it.FeedbackOn) }),
			item("closed", "销号日期", 12, func(it rectification.Item) any { return day(it.ClosedOn) }),
			item("changed", "最近更新", 20, text(func(it rectification.Item) string {
				return strings.TrimSpace(it.ChangedBy + " " + inspection.DayOf(it.ChangedAt).String())
			})),
		},
		report: []column[line]{
			item("number", "问题编号", 16, text(func(it rectification.Item) string { return it.Number })),
			item("unit", "被巡察单位", 16, unitName), problem, item("category", "问题类别", 16, category), goal,
			amount, action, leader,
			measure("department", "责任单位", 16, said(func(m rectification.Measure) string { return m.Department })),
			measure("helpers", "配合单位", 16, said(func(m rectification.Measure) string { return m.Helpers })),
			person,
			measure("measure_due", "整改时限", 14, deadline),
			{"measure_progress", "整改进展情况", 44, progress, false},
			{"done", "完成情况", 10, completion, false},
			rules,
			item("recovered", "追回金额（元）", 16, func(it rectification.Item) any { return Fen(it.RecoveredFen) }),
			item("elsewhere", "举一反三检查情况", 24, elsewhere),
			measure("remark", "备注", 16, said(func(m rectification.Measure) string { return m.Remark })),
		},
	}
}

func amountOf(it rectification.Item) any {
	if it.AmountFen == nil {
		return nil
	}
	return Fen(*it.AmountFen)
}

// state is the state with its flags, as on screen.
func state(it rectification.Item) string {
	words := []string{it.State.Word()}
	for _, f := range rectification.Flags() {
		if slices.Contains(it.Flags, f) {
			words = append(words, f.Word())
		}
	}
	return strings.Join(words, "、")
}

func standing(left *int) any {
	if left == nil {
		return nil
	}
	return Left(*left)
}

// reviewed says how far a joint review is: 「1/2 已审，等待：纪委监委」.
func reviewed(it rectification.Item) string {
	if it.Review == nil {
		return ""
	}
	var missing []string
	for _, p := range it.Review.Parties {
		if !slices.Contains(it.Review.Given, p) {
			missing = append(missing, p.Party())
		}
	}
	said := fmt.Sprintf("%d/%d 已审", len(it.Review.Given), len(it.Review.Parties))
	if len(missing) > 0 {
		said += "，等待：" + strings.Join(missing, "、")
	}
	return said
}

func focus(it rectification.Item) string {
	for _, f := range findings.Focuses() {
		if f.Focus == it.Focus {
			return f.Short
		}
	}
	return ""
}

func done(yes bool) string {
	if yes {
		return "已完成"
	}
	return "未完成"
}

// deadline is a measure's day, or the words that stand for one in ledgers: 立行立改
// and 长期坚持 say how, with or without a day.
func deadline(m rectification.Measure) any {
	if m.Kind == rectification.Near || m.Kind == "" {
		return day(m.DueOn)
	}
	if m.DueOn == nil {
		return m.Kind.Word()
	}
	y, month, d := m.DueOn.Date()
	return fmt.Sprintf("%s，%d年%d月%d日前", m.Kind.Word(), y, month, d)
}

// progress is what was done about a measure. What was said of the problem as a
// whole stands with its first measure, where no measure says anything itself.
func progress(l line) any {
	own := func(m rectification.Measure) bool { return m.Progress != "" }
	if l.none || l.m.ID == l.item.Measures[0].ID && !slices.ContainsFunc(l.item.Measures, own) {
		return l.item.Progress
	}
	return l.m.Progress
}

// completion is a measure's in the words that superiors count by.
func completion(l line) any {
	switch {
	case l.item.State == rectification.Closed || !l.none && l.m.Done:
		return "已完成"
	case l.item.State == rectification.LongTerm || !l.none && l.m.Kind == rectification.Long:
		return "长期坚持"
	}
	return "未完成"
}
