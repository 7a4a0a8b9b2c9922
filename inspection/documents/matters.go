package documents

import (
	"cmp"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
)

// matterStates are what people call the states of a matter.
var matterStates = map[linkage.MatterState]string{
	linkage.MatterDraft: "草稿", linkage.MatterApproval: "本级审批", linkage.Submitted: "已上报", linkage.Taken: "已受理",
	linkage.Raised: "已提请上级", linkage.TakenAbove: "上级已受理", linkage.SentBack: "已退回", linkage.Refused: "不予受理",
	linkage.Answered: "已答复", linkage.Confirmed: "落实中", linkage.MatterClosed: "已办结", linkage.MatterWithdrawn: "已撤回",
}

// matters are what an office raised to the level above, or what came to it.
func matters(today inspection.Day) table[linkage.Matter] {
	type matter = linkage.Matter
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
			text("state", "状态", 12, func(m matter) string { return matterStates[m.State] }),
			text("holder", "现由谁办理", 20, func(m matter) string { return m.HolderName }),
			{"due", "本步期限", 12, func(m matter) any { return day(m.StepDue) }, true},
			text("left", "剩余/逾期", 12, func(m matter) string {
				if m.StepDue == nil {
					return ""
				}
				return standing(new(int(*m.StepDue - today)))
			}),
			at("sent", "上报日期", func(m matter) *time.Time { return m.SubmittedAt }),
			text("unit", "涉及单位", 20, func(m matter) string { return m.UnitName }),
			text("asked", "请求事项", 40, func(m matter) string { return m.Asked }),
			text("tried", "已做工作", 40, func(m matter) string { return m.Tried }),
			text("why", "超出本级的原因", 40, func(m matter) string { return m.Why }),
			text("answer", "答复", 40, func(m matter) string { return m.Answer }),
			at("answered", "答复日期", func(m matter) *time.Time { return m.AnsweredAt }),
			at("ended", "办结日期", func(m matter) *time.Time { return m.ClosedAt }),
		},
	}
}
