package documents

import (
	"cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
)

// measures is the list of tasks (任务清单).
func measures(inspection.Day) table[rectification.MeasureRow] {
	type task = rectification.MeasureRow
	text := func(key, title string, width float64, of func(task) string) column[task] {
		return column[task]{key, title, width, func(m task) any { return of(m) }, true}
	}
	return table[task]{
		title: "任务清单", act: "measures.export", unit: "项任务",
		columns: []column[task]{
			text("number", "问题编号", 16, func(m task) string { return m.Number }),
			{"seq", "任务", 6, func(m task) any { return m.Seq }, true},
			text("text", "整改措施", 48, func(m task) string { return m.Text }),
			text("leader", "责任领导", 11, func(m task) string { return m.Leader }),
			text("department", "责任科室", 16, func(m task) string { return m.Department }),
			text("person", "责任人", 11, func(m task) string { return m.Person }),
			text("helpers", "协作单位", 18, func(m task) string { return m.Helpers }),
			{"due", "措施期限", 12, func(m task) any { return day(cmp.Or(m.DueOn, m.ItemDueOn)) }, true},
			{"left", "剩余/逾期", 12, func(m task) any { return standing(m.DaysLeft) }, true},
			text("done", "完成", 10, func(m task) string { return done(m.Done) }),
			text("progress", "措施进展", 40, func(m task) string { return m.Progress }),
			text("rules", "建章立制", 22, func(m task) string { return m.Rules }),
			text("kind", "整改类型", 10, func(m task) string { return m.Kind.Word() }),
			{"evidence", "佐证数", 8, func(m task) any { return m.Evidence }, true},
			text("problem", "反馈问题", 48, func(m task) string { return m.Problem }),
			text("unit", "单位", 20, func(m task) string { return m.UnitName }),
			text("state", "问题状态", 12, func(m task) string { return m.State.Word() }),
			text("remark", "备注", 16, func(m task) string { return m.Remark }),
		},
	}
}

// duties is the list of who is responsible (责任清单).
func duties(inspection.Day) table[rectification.Duty] {
	type duty = rectification.Duty
	count := func(key, title string, of func(duty) int) column[duty] {
		return column[duty]{key, title, 10, func(d duty) any { return of(d) }, true}
	}
	named := func(name string) any { return cmp.Or(name, "（未明确）") }
	return table[duty]{
		title: "责任清单", act: "duties.export", unit: "项责任",
		columns: []column[duty]{
			{"unit", "单位", 24, func(d duty) any { return d.UnitName }, true},
			{"leader", "责任领导", 12, func(d duty) any { return named(d.Leader) }, true},
			{"department", "责任科室", 20, func(d duty) any { return named(d.Department) }, true},
			count("problems", "问题数", func(d duty) int { return d.Problems }),
			count("tasks", "任务数", func(d duty) int { return d.Tasks }),
			count("done", "已完成", func(d duty) int { return d.Done }),
			count("overdue", "已逾期", func(d duty) int { return d.Overdue }),
			{"next", "最近期限", 12, func(d duty) any { return day(d.NextDue) }, true},
		},
	}
}
