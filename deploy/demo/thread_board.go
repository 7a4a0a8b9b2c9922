package demo

import (
	"context"
	"fmt"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification/listings"
	"xuncha/tenants"
)

// BoardThread tells what 望澜市 put on its board (挂牌督办): on 11-17 the item of the overdue
// chain, which stands there at the demo's clock; and in September a matter of 南汀区 that
// is no item, which came off on 10-30.
func BoardThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	city := people["shenruogu"]
	room := func(on string) *listings.Service {
		when := moment(on)
		return &listings.Service{DB: at(when), Clock: func() time.Time { return when }}
	}
	matter, err := room("2026-09-08 10:00").Put(ctx, city, listings.Putting{
		Office: "nanting", Matter: "老旧小区改造资金结算长期挂账，涉及区住建、财政两个部门", Leader: "卢景行，市政府副市长", DueOn: day("2026-10-31"),
		Conditions: "结算资金全部拨付，区政府出具办结报告。",
	})
	if err != nil {
		return fmt.Errorf("board: %w", err)
	}
	_, err = room("2026-10-30 16:00").Remove(ctx, city, matter.ID, matter.Version, "结算资金已全部拨付，10月28日收到区政府办结报告。")
	if err != nil {
		return fmt.Errorf("board: %w", err)
	}
	_, err = room("2026-11-17 16:30").Put(ctx, city, listings.Putting{
		Office: "songdu", Item: &inspection.FindingID{UUID: id("finding", chased)}, Matter: "高标准农田项目管护资金拨付整改逾期未完成", Leader: "卢景行，市政府副市长",
		DueOn: day("2026-12-20"), Conditions: "86.50 万元管护资金拨付到位，拨付凭证齐全；县农业农村局印发管护资金拨付办法。",
	})
	if err != nil {
		return fmt.Errorf("board: %w", err)
	}
	return nil
}
