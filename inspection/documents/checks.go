package documents

import (
	"context"
	"fmt"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
)

// CheckMatrix takes the matrix of problems and rounds of checks out (督导检查). Its
// form for reporting is on A3.
func (s *Service) CheckMatrix(ctx context.Context, scope tenants.Scope, f checks.MatrixFilter, w Wish) (File, error) {
	return take(ctx, s, scope, checkMatrix, w, func(tx *tenants.Tx, e *export[checks.Row]) ([]tenants.ID, error) {
		return s.Checks.Every(ctx, tx, f, e.most, func(r checks.Row) error { return e.add(r) })
	})
}

// checkMatrix are the problems that were drawn, and what each round found.
func checkMatrix(inspection.Day) table[checks.Row] {
	columns := []column[checks.Row]{
		{"number", "编号", 16, func(r checks.Row) any { return r.Number }, true},
		{"unit", "单位", 22, func(r checks.Row) any { return r.UnitName }, true},
		{"text", "反馈问题", 44, func(r checks.Row) any { return r.Text }, true},
		{"state", "整改状态", 10, func(r checks.Row) any { return rectification.State(r.CaseState).Word() }, true},
	}
	for n, name := range []string{"第一轮", "第二轮", "第三轮"} {
		columns = append(columns, column[checks.Row]{fmt.Sprintf("round%d", n+1), name, 30, func(r checks.Row) any {
			for _, c := range r.Cells {
				if c.N == n+1 {
					return cellLines(c)
				}
			}
			return nil
		}, true})
	}
	return table[checks.Row]{
		title: "督导检查情况表", act: "check.export", unit: "个问题", columns: columns, report: columns, frozen: 2,
	}
}

// cellLines says conclusion, inspectors, day and photos as the cell on screen does.
func cellLines(c checks.Cell) string {
	lines := []string{c.State.Word()}
	if c.Verdict != "" {
		lines[0] = c.Verdict.Word()
		if c.State != checks.Confirmed {
			lines[0] += "（" + c.State.Word() + "）"
		}
	}
	if c.Inspectors != "" {
		lines = append(lines, c.Inspectors)
	}
	switch {
	case c.VisitedAt != nil:
		lines = append(lines, inspection.DayOf(*c.VisitedAt).String())
	case c.PlannedOn != nil:
		lines = append(lines, "计划 "+c.PlannedOn.String())
	}
	if c.Photos > 0 {
		lines = append(lines, fmt.Sprintf("照片 %d 张", c.Photos))
	}
	if c.Outcome != "" && c.Outcome != checks.Nothing {
		lines = append(lines, c.Outcome.Word())
	}
	return strings.Join(lines, "\n")
}
