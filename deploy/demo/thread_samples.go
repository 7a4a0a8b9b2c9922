package demo

import (
	"context"
	"fmt"
	"time"

	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/samples"
	"xuncha/tenants"
)

// SamplesThread tells two samples of closed items (抽查). 靖原市 drew in two counties on
// 11-10 what they closed in September and has confirmed it all. 望澜市 drew in its two
// other offices on 11-17: 沈若谷 has read three and confirmed two, the rest waits. No
// item is reopened, so that the sums of the story stay (UX §5.3). It comes after the
// thread of the doubts, which are always drawn.
func SamplesThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	first := sampleTeller{ctx, at, people["helan"]}
	all, err := first.draw("2026-11-10 09:30", samples.Drawing{
		Name: "2026年9月销号事项抽查", Offices: []string{"qingyu", "shiqiaoling"}, ClosedFrom: day("2026-09-01"), ClosedTo: day("2026-09-30"), Share: 20,
	})
	if err != nil {
		return err
	}
	for n, i := range all {
		if err := first.look(fmt.Sprintf("2026-11-%d 10:00", 11+n%3), i, true); err != nil {
			return err
		}
	}
	second := sampleTeller{ctx, at, people["shenruogu"]}
	all, err = second.draw("2026-11-17 09:00", samples.Drawing{
		Name: "2026年第三季度销号事项抽查", Offices: []string{"bailu", "nanting"}, ClosedFrom: day("2026-07-01"), ClosedTo: day("2026-09-30"), Share: 10,
	})
	if err != nil {
		return err
	}
	for n, i := range all[:3] {
		if err := second.look("2026-11-18 15:00", i, n < 2); err != nil {
			return err
		}
	}
	return nil
}

// sampleTeller tells the samples of one office.
type sampleTeller struct {
	ctx context.Context
	at  func(time.Time) *tenants.DB
	who tenants.Scope
}

func (t sampleTeller) room(at string) *samples.Service {
	when := moment(at)
	clock := func() time.Time { return when }
	db := t.at(when)
	return &samples.Service{DB: db, Clock: clock, Cases: &rectification.Service{DB: db, Clock: clock, Calendar: Calendar()}}
}

// draw draws with a seed that is the day of the draw, and returns the items.
func (t sampleTeller) draw(at string, d samples.Drawing) ([]samples.Item, error) {
	d.Seed = at[:len("2026-11-10")]
	one, err := t.room(at).Draw(t.ctx, t.who, d)
	if err != nil {
		return nil, fmt.Errorf("sample: %w", err)
	}
	return one.Items, nil
}

// look has somebody read an item, and confirm it.
func (t sampleTeller) look(at string, i samples.Item, confirm bool) error {
	reason := map[samples.Why]string{
		samples.Lot: "抽签抽中，核对措施落实材料", samples.Late: "逾期销号，核对完成时间和材料", samples.Doubt: "有存疑记录，核对现场核查结论",
	}[i.Why]
	i, err := t.room(at).Look(t.ctx, t.who, i.ID, i.Version, reason)
	if err != nil || !confirm {
		return err
	}
	_, err = t.room(at).Confirm(t.ctx, t.who, i.ID, i.Version, "查阅整改报告和佐证，与台账一致，措施已落实。")
	return err
}
