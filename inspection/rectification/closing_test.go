package rectification_test

import (
	"testing"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestClosingRate counts what two published reports count (HANDBOOK §6), and what an
// office counts that decides otherwise.
func TestClosingRate(t *testing.T) {
	t.Parallel()
	type counts = map[rectification.State]int
	shipped := tenants.ClosingPolicy{Done: []string{"closed"}}
	kunming := counts{rectification.Closed: 688, rectification.LongTerm: 4, rectification.Working: 5}
	wucheng := counts{rectification.Closed: 19, rectification.Working: 6}
	tests := []struct {
		name        string
		policy      tenants.ClosingPolicy
		cases       counts
		done, whole int
		text        string
	}{
		{"697 = 688 + 4 + 5", shipped, kunming, 688, 697, "销号率 = 已销号 ÷ 全部反馈问题。长期整改（基本完成、长期坚持）不按完成计，仍在分母中。"},
		{"25 = 19 + 6", shipped, wucheng, 19, 25, "销号率 = 已销号 ÷ 全部反馈问题。长期整改（基本完成、长期坚持）不按完成计，仍在分母中。"},
		{
			"long-term ones count",
			tenants.ClosingPolicy{Done: []string{"closed", "long-term"}},
			kunming, 692, 697,
			"销号率 = （已销号 + 长期整改） ÷ 全部反馈问题。长期整改（基本完成、长期坚持）按完成计。",
		},
		{
			"long-term ones are left out",
			tenants.ClosingPolicy{Done: []string{"closed"}, LeftOut: []string{"long-term", "open"}},
			kunming, 688, 693,
			"销号率 = 已销号 ÷ （全部反馈问题 - 长期整改 - 未启动）。长期整改（基本完成、长期坚持）不计入分子和分母。",
		},
		{"nothing", shipped, counts{}, 0, 0, "销号率 = 已销号 ÷ 全部反馈问题。长期整改（基本完成、长期坚持）不按完成计，仍在分母中。"},
	}
	for _, tt := range tests {
		r, err := rectification.ClosingRateOf(tt.policy)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if done, whole := r.Of(tt.cases); done != tt.done || whole != tt.whole || r.Text() != tt.text {
			t.Errorf("%s: %d of %d, %s", tt.name, done, whole, r.Text())
		}
	}
	if a, b := rectification.Share(688, 697, 10_000), rectification.Share(19, 25, 10_000); a != 9871 || b != 7600 {
		t.Errorf("%d and %d hundredths of a percent, want 9871 and 7600", a, b)
	}
	for name, p := range map[string]tenants.ClosingPolicy{
		"nothing is done": {}, "work is done": {Done: []string{"closed", "working"}}, "unknown": {Done: []string{"closed"}, LeftOut: []string{"x"}},
		"done and left out": {Done: []string{"closed"}, LeftOut: []string{"closed"}},
	} {
		if _, err := rectification.ClosingRateOf(p); err == nil {
			t.Errorf("%s: taken as a formula", name)
		}
	}
}
