package demo

import (
	"context"
	"fmt"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification/directives"
	"xuncha/tenants"
)

// DirectivesThread tells what came out of a meeting of the secretary in 松渡县 (点人点事): on
// 11-12 two units were named, and both still have to answer at the demo's clock.
func DirectivesThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	director := people["geyajun"]
	when := moment("2026-11-13 09:00")
	s := &directives.Service{DB: at(when), Clock: func() time.Time { return when }}
	for unit, a := range map[string]directives.Assigning{
		"县农业农村局党组": {Person: "县农业农村局主要负责人", Matter: "高标准农田管护资金拨付拖而不决，逐项列出拨付时间和责任人。", DueOn: day("2026-12-05")},
		"县林业局党组":   {Person: "县林业局主要负责人", Matter: "林区道路抢修资金使用情况向县委作一次专题报告。", DueOn: day("2026-11-30")},
	} {
		a.Unit = inspection.UnitID{UUID: id("unit", "songdu", unit)}
		a.Meeting, a.MeetingOn = "县委书记专题会议", day("2026-11-12")
		if _, err := s.Assign(ctx, director, a); err != nil {
			return fmt.Errorf("directive: %w", err)
		}
	}
	return nil
}
