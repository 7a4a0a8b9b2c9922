package documents

import (
	"context"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// chains are the running chains of reminders (督办台账).
func chains(inspection.Day) table[rectification.RunningChain] {
	type chain = rectification.RunningChain
	text := func(key, title string, width float64, of func(chain) string) column[chain] {
		return column[chain]{key, title, width, func(c chain) any { return of(c) }, true}
	}
	return table[chain]{
		title: "督办台账", act: "reminder.export-board", unit: "条",
		columns: []column[chain]{
			text("item", "编号", 16, func(c chain) string { return c.Item }),
			text("unit", "单位", 24, func(c chain) string { return c.UnitName }),
			{"due", "期限", 12, func(c chain) any { return c.DueOn }, true},
			{"overdue", "逾期天数", 10, func(c chain) any { return max(0, c.Overdue) }, true},
			text("step", "步骤", 24, func(c chain) string { return c.Rung + " " + c.Title }),
			text("number", "文号", 24, func(c chain) string { return c.Number }),
			text("next", "下一步", 24, func(c chain) string { return c.NextTitle }),
			{"next_on", "下一步日期", 12, func(c chain) any { return day(c.NextOn) }, true},
			text("receipt", "签收", 14, func(c chain) string { return c.Receipt.Word() }),
			text("pause", "暂停原因", 24, func(c chain) string { return c.Pause }),
			text("state", "状态", 12, func(c chain) string { return c.State.Word() }),
		},
	}
}

// Chains takes the board of running chains out: what the filter finds, in its order.
func (s *Service) Chains(ctx context.Context, scope tenants.Scope, f rectification.BoardFilter, w Wish) (File, error) {
	return take(ctx, s, scope, chains, w, func(tx *tenants.Tx, e *export[rectification.RunningChain]) ([]tenants.ID, error) {
		return s.Reminders.Every(ctx, tx, f, e.most, func(c rectification.RunningChain) error { return e.add(c) })
	})
}
