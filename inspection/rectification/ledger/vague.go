package ledger

import (
	"regexp"
	"strconv"
	"strings"

	"xuncha/inspection"
)

// vagueForm is a way of writing a deadline that leaves something open.
type vagueForm struct {
	reason Reason
	form   *regexp.Regexp
	// choices are the days it may mean. n are the numbers in the text.
	choices func(n []int, feedback inspection.Day, before bool) []inspection.Day
}

// vagueForms are tried in order.
var vagueForms = []vagueForm{
	{DateVague, regexp.MustCompile(`^(\d{4})[年./-](\d{1,2})月?(?:份)?$`), func(n []int, _ inspection.Day, before bool) []inspection.Day {
		if before { // 2026年9月前: by its end, or before it begins?
			return append(some(monthEnd(previousMonth(n[0], n[1]))), some(monthEnd(n[0], n[1]))...)
		}
		return some(monthEnd(n[0], n[1]))
	}},
	{DateVague, regexp.MustCompile(`^(\d{4})[年./-](\d{1,2})月?上旬$`), func(n []int, _ inspection.Day, _ bool) []inspection.Day {
		return some(theDay(n[0], n[1], 10))
	}},
	{DateVague, regexp.MustCompile(`^(\d{4})[年./-](\d{1,2})月?中旬$`), func(n []int, _ inspection.Day, _ bool) []inspection.Day {
		return some(theDay(n[0], n[1], 20))
	}},
	{DateVague, regexp.MustCompile(`^(\d{4})[年./-](\d{1,2})月?下旬$`), func(n []int, _ inspection.Day, _ bool) []inspection.Day {
		return some(monthEnd(n[0], n[1]))
	}},
	{DateVague, regexp.MustCompile(`^(\d{4})年?(?:上半年|年中)$`), func(n []int, _ inspection.Day, _ bool) []inspection.Day {
		return some(theDay(n[0], 6, 30))
	}},
	{DateVague, regexp.MustCompile(`^(\d{4})年?(?:下半年)?$`), func(n []int, _ inspection.Day, _ bool) []inspection.Day {
		return some(theDay(n[0], 12, 31))
	}},
	{DateVague, regexp.MustCompile(`^(\d{4})年?第?([1-4一二三四])季度(?:末|底)?$`), func(n []int, _ inspection.Day, _ bool) []inspection.Day {
		return some(monthEnd(n[0], 3*n[1]))
	}},
	{DateYearless, regexp.MustCompile(`^(\d{1,2})[月./-](\d{1,2})[日号]?$`), func(n []int, feedback inspection.Day, _ bool) []inspection.Day {
		return following(feedback, func(y int) (inspection.Day, bool) { return theDay(y, n[0], n[1]) })
	}},
	{DateYearless, regexp.MustCompile(`^(\d{1,2})月(?:份|底|末|月底|月末)?$`), func(n []int, feedback inspection.Day, _ bool) []inspection.Day {
		return following(feedback, func(y int) (inspection.Day, bool) { return monthEnd(y, n[0]) })
	}},
	{DateYearless, regexp.MustCompile(`^(?:今年|本年)?(?:年底|年末|年内)$`), func(_ []int, feedback inspection.Day, _ bool) []inspection.Day {
		return following(feedback, func(y int) (inspection.Day, bool) { return theDay(y, 12, 31) })
	}},
	{DateVague, regexp.MustCompile(`^(\d{2})[./年-](\d{1,2})[./月-](\d{1,2})日?$`), func(n []int, _ inspection.Day, _ bool) []inspection.Day {
		return some(theDay(2000+n[0], n[1], n[2]))
	}},
	{DateVague, regexp.MustCompile(`^(?:反馈(?:意见)?后?)?(\d{1,2}|[一二三四五六七八九十两])个月$`), func(n []int, feedback inspection.Day, _ bool) []inspection.Day {
		if feedback == 0 {
			return nil
		}
		y, m, d := feedback.Date()
		months := int(m) - 1 + n[0]
		day, ok := theDay(y+months/12, months%12+1, d)
		if !ok { // 31 August and one month: the end of September
			day, ok = monthEnd(y+months/12, months%12+1)
		}
		return some(day, ok)
	}},
	{DateVague, regexp.MustCompile(`^(?:反馈(?:意见)?后?)?(\d{1,3})(?:日|天)$`), func(n []int, feedback inspection.Day, _ bool) []inspection.Day {
		if feedback == 0 {
			return nil
		}
		return []inspection.Day{feedback + inspection.Day(n[0])}
	}},
}

// vague says what a deadline without a whole date leaves open, and offers what
// it may mean.
func vague(s string, feedback inspection.Day) (Reason, []inspection.Day) {
	s = strings.Trim(s, ".,;、。()")
	s, before := trimTail(s)
	for _, v := range vagueForms {
		m := v.form.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		var n []int
		for _, digits := range m[1:] {
			n = append(n, small(digits))
		}
		return v.reason, v.choices(n, feedback, before)
	}
	return DateUnclear, nil
}

// small reads a number in digits, or one to ten in Chinese.
func small(s string) int {
	if i := strings.Index("零一二三四五六七八九十", s); i >= 0 && len(s) == len("一") {
		return i / len("一")
	}
	if s == "两" {
		return 2
	}
	n, _ := strconv.Atoi(s) // digits by the expressions above
	return n
}

func some(d inspection.Day, ok bool) []inspection.Day {
	if !ok {
		return nil
	}
	return []inspection.Day{d}
}

func previousMonth(y, m int) (int, int) {
	if m == 1 {
		return y - 1, 12
	}
	return y, m - 1
}

// following returns the first day of its kind that is not before feedback.
func following(feedback inspection.Day, in func(year int) (inspection.Day, bool)) []inspection.Day {
	if feedback == 0 {
		return nil
	}
	year, _, _ := feedback.Date()
	for y := year; y <= year+1; y++ {
		if d, ok := in(y); ok && d >= feedback {
			return []inspection.Day{d}
		}
	}
	return nil
}
