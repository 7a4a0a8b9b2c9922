package ledger_test

import (
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

// deadlines are what offices write. feedback is 2026-07-10 throughout.
var deadlines = []struct{ text, want string }{
	// Days.
	{"2026.9.30", "2026-09-30"},
	{"2026-10-15", "2026-10-15"},
	{"2026/9/3", "2026-09-03"},
	{"2026年9月30日", "2026-09-30"},
	{"2026年9月30日前", "2026-09-30"},
	{"2026年 9月 30日之前完成", "2026-09-30"},
	{"２０２６．９．３０", "2026-09-30"},
	{"2026。9。30", "2026-09-30"},
	{"20260930", "2026-09-30"},
	{"2026.09.30前整改到位", "2026-09-30"},
	{"2026年10月15日(星期四)", "2026-10-15"},
	{"于2026年12月底前全面完成并销号", "2026-12-31"},
	{"2026.9.30（已完成）", "2026-09-30"},
	// Ends of months and years.
	{"2026年9月底前", "2026-09-30"},
	{"2026年9月底", "2026-09-30"},
	{"2027年2月末", "2027-02-28"},
	{"2028.2月底", "2028-02-29"},
	{"2026年12月底", "2026-12-31"},
	{"2026年底前", "2026-12-31"},
	{"2026年年底", "2026-12-31"},
	// Periods end when they end.
	{"2026.7.1-2026.9.30", "2026-09-30"},
	{"2026年7月1日至2026年9月30日", "2026-09-30"},
	{"2026年7月1日至9月30日", "2026-09-30"},
	{"2026年7月至9月底", "2026-09-30"},
	{"2026.7—9.30", "2026-09-30"},
	// Kinds.
	{"立行立改", "immediate due-immediate"},
	{"立即整改。", "immediate due-immediate"},
	{"立行立改，2026.8.15前", "2026-08-15 immediate"},
	{"长期坚持", "long-term due-long-term"},
	{"持续推进", "long-term due-long-term"},
	{"2026年12月底前完成，并长期坚持", "2026-12-31 long-term"},
	// Nothing.
	{"", "due-missing"},
	{"/", "due-missing"},
	{"无", "due-missing"},
	// No year.
	{"10月底前", "date-yearless ?2026-10-31"},
	{"9月30日", "date-yearless ?2026-09-30"},
	{"3月31日前", "date-yearless ?2027-03-31"},
	{"9.30", "date-yearless ?2026-09-30"},
	{"年底前", "date-yearless ?2026-12-31"},
	{"今年年底", "date-yearless ?2026-12-31"},
	// Not to the day.
	{"2026年9月", "date-vague ?2026-09-30"},
	{"2026.10", "date-vague ?2026-10-31"},
	{"2026年9月前", "date-vague ?2026-08-31 ?2026-09-30"},
	{"2026年1月前", "date-vague ?2025-12-31 ?2026-01-31"},
	{"2026年9月上旬", "date-vague ?2026-09-10"},
	{"2026年9月下旬前", "date-vague ?2026-09-30"},
	{"2026年三季度末", "date-vague ?2026-09-30"},
	{"2026年上半年", "date-vague ?2026-06-30"},
	{"2026年", "date-vague ?2026-12-31"},
	{"26.9.30", "date-vague ?2026-09-30"},
	{"两个月内", "date-vague ?2026-09-10"},
	{"反馈后3个月内", "date-vague ?2026-10-10"},
	{"30日内", "date-vague ?2026-08-09"},
	{"2026.9.30（待县里批复）", "date-vague ?2026-09-30"},
	// Days that do not exist, or not here.
	{"2026.2.30", "date-impossible"},
	{"2026年13月5日", "date-impossible"},
	{"2026年13月底", "date-impossible"},
	{"2206.9.30", "date-impossible"},
	{"0000.0.0", "date-impossible"},
	// Several.
	{"第一阶段2026.9.30，第二阶段2026.12.31", "date-several ?2026-09-30 ?2026-12-31"},
	{"2026.12.31-2026.9.30", "date-several ?2026-12-31 ?2026-09-30"},
	// Order.
	{"2026.7.9", "2026-07-09 date-before-feedback"},
	{"2026.7.10", "2026-07-10"},
	// Not deadlines.
	{"已完成", "date-unclear"},
	{"120260930", "date-unclear"},
	{"待定", "date-unclear"},
	{"二〇二六年九月三十日", "date-unclear"},
	{"2026.9.3⓪", "date-unclear ?2026-09-30"},
	{"2026年Ⅸ月30日", "date-unclear"},
	{"2026.9.1²", "date-unclear ?2026-09-12"},
	{"〔2026〕18号", "date-unclear"},
}

func TestDue(t *testing.T) {
	t.Parallel()
	for _, tt := range deadlines {
		if got := ledger.Due(tt.text, feedback(t)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestDueUnknownFeedback makes sure that without a day of feedback nothing is
// measured against one.
func TestDueUnknownFeedback(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"10月底前":    "date-yearless",
		"两个月内":     "date-vague",
		"2000.1.1": "2000-01-01",
	} {
		if got := ledger.Due(text, 0); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func FuzzDue(f *testing.F) {
	for _, d := range deadlines {
		f.Add(d.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := ledger.Due(text, feedback(t))
		day, rest, _ := strings.Cut(got, " ")
		if !strings.HasPrefix(day, "2") {
			if !strings.Contains(got, "due-") && !strings.Contains(got, "date-") {
				t.Fatalf("%q: %q is neither a day nor a question", text, got)
			}
			return
		}
		if d, err := inspection.ParseDay(day); err != nil || d.String() != day {
			t.Fatalf("%q: %q is no day: %v", text, day, err)
		}
		if again := ledger.Due(day, feedback(t)); strings.Fields(again)[0] != day {
			t.Fatalf("%q: %s is read as %s", text, day, again)
		}
		if strings.Contains(rest, "?") {
			t.Fatalf("%q: %q has both a day and an offer", text, got)
		}
	})
}

func feedback(t testing.TB) inspection.Day {
	t.Helper()
	d, err := inspection.ParseDay("2026-07-10")
	if err != nil {
		t.Fatal(err)
	}
	return d
}
