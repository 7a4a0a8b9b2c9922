package documents

import (
	"cmp"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
)

// matters are what an office raised to the level above, or what came to it.
func matters(today inspection.Day) table[linkage.Matter] {
	type matter = linkage.Matter
	states := linkage.Matters().Called
	text := func(key, title string, width float64, of func(matter) string) column[matter] {
		return column[matter]{key, title, width, func(m matter) any { return of(m) }, true}
	}
	at := func(key, title string, of func(matter) *time.Time) column[matter] {
		return column[matter]{key, title, 12, func(m matter) any {
			if t := of(m); t != nil {
				return inspection.DayOf(*t)
			}
			return nil
		}, true}
	}
	return table[matter]{
		title: "上报事项", act: "escalation.export", unit: "件",
		columns: []column[matter]{
			text("number", "编号", 14, func(m matter) string { return cmp.Or(m.Number, "（未编号）") }),
			text("title", "事项", 44, func(m matter) string { return m.Title }),
			text("raiser", "提出单位", 20, func(m matter) string { return m.RaiserName }),
			text("finding", "问题编号", 16, func(m matter) string { return m.FindingNumber }),
			text("state", "状态", 12, func(m matter) string { return states[m.State] }),
			text("holder", "现由谁办理", 20, func(m matter) string { return m.HolderName }),
			{"due", "本步期限", 12, func(m matter) any { return day(m.StepDue) }, true},
			{"left", "剩余/逾期", 12, func(m matter) any {
				if m.StepDue == nil {
					return nil
				}
				return Left(*m.StepDue - today)
			}, true},
			at("sent", "上报日期", func(m matter) *time.Time { return m.SubmittedAt }),
			text("unit", "涉及单位", 20, func(m matter) string { return m.UnitName }),
			text("asked", "请求事项", 40, func(m matter) string { return m.Asked }),
			text("tried", "已做工作", 40, func(m matter) string { return m.Tried }),
			text("why", "超出本级的原因", 40, func(m matter) string { return m.Why }),
			text("decision", "研究决定", 40, decided),
			{"decision_due", "办理期限", 12, func(m matter) any { return day(m.DecisionDue) }, true},
			text("answer", "答复", 40, func(m matter) string { return m.Answer }),
			at("answered", "答复日期", func(m matter) *time.Time { return m.AnsweredAt }),
			text("dispute", "异议", 40, func(m matter) string { return m.Dispute }),
			text("clock", "问题计时", 12, func(m matter) string {
				if m.Stopped {
					return "已停止"
				}
				return ""
			}),
			at("ended", "办结日期", func(m matter) *time.Time { return m.ClosedAt }),
		},
	}
}

// decided is in which way a matter was taken up, by whom it is settled and how.
func decided(m linkage.Matter) string {
	if m.DecidedAt == nil {
		return ""
	}
	return m.Decision.Word() + "，" + m.Target + "：" + m.DecisionText
}
