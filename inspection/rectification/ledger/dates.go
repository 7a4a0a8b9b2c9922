package ledger

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"xuncha/inspection"
)

// Kind is how a measure is to be carried out, as far as the deadline says.
type Kind string

// The kinds of measure.
const (
	Unknown   Kind = ""          // the deadline was not understood
	Dated     Kind = "dated"     // by a day
	Immediate Kind = "immediate" // 立行立改
	LongTerm  Kind = "long-term" // 长期坚持
)

// due is what a deadline says: a day, or why there is none.
type due struct {
	on      inspection.Day
	kind    Kind
	reason  Reason           // of the question, if there is one
	choices []inspection.Day // days it may mean, to be offered and never taken
}

// Deadlines lie in these years; what lies outside is a slip of the finger.
const firstYear, lastYear = 2000, 2099

var (
	immediate = regexp.MustCompile(`立行立改|立整立改|立查立改|即知即改|边查边改|立即整改|马上整改|立即|立改`)
	longTerm  = regexp.MustCompile(`长期坚持|长期整改|长期推进|长期落实|长期执行|持续推进|持续坚持|持续整改|常态化(推进|坚持|落实|开展)?|长期|持续|坚持`)

	// mention is a day, or the end of a month or year, with its year.
	mention = regexp.MustCompile(`(\d{4})年(?:年底|年末|底|末)|` +
		`(\d{4})[年./-](\d{1,2})(?:月底|月末|底|末)|` +
		`(\d{4})[年./。-](\d{1,2})[月./。-](\d{1,2})[日号]?|` +
		`(\d{4})(\d{2})(\d{2})`)

	// filler is what may stand around a day without changing it.
	filler = regexp.MustCompile(`^(?:已|务必|力争|确保|计划|应|须|需|于|在|并|且|后|同时|基本|全部|全面|按期|整改|完成|到位|落实|办结|结束|销号|之前|以前|前|内|止|截至|截止|为止|期限|时限|时间|\(?(?:周|星期)[一二三四五六日天]\)?|[,.;:、。()])*$`)

	rangeMark = regexp.MustCompile(`^起?(?:至|到|~|〜|-|—|–|―)+$`)
	// period is a range whose end leaves the year to its start.
	period = regexp.MustCompile(`^(\d{4})[年./-](\d{1,2})(?:[月./-]\d{1,2}[日号]?|月)?起?(?:至|到|~|〜|-|—|–|―)+((\d{1,2})[月./-].*)$`)
)

// parseDue reads a deadline. feedback is the day of feedback if it is known; it
// serves to offer answers, never to find one.
func parseDue(text string, feedback inspection.Day) due {
	s := loose(text)
	if isNone(s) || s == "" {
		return due{reason: DueMissing}
	}
	d := due{}
	rest := s
	switch {
	case immediate.MatchString(rest):
		d.kind, rest = Immediate, immediate.ReplaceAllString(rest, "")
	case longTerm.MatchString(rest):
		d.kind, rest = LongTerm, longTerm.ReplaceAllString(rest, "")
	}
	rest = spellYear(rest)
	days, between, possible := mentions(rest)
	switch {
	case !possible:
		d.reason = DateImpossible
	case len(days) == 0 && d.kind != Unknown && filler.MatchString(rest):
		d.reason = map[Kind]Reason{Immediate: DueImmediate, LongTerm: DueLongTerm}[d.kind]
	case len(days) == 0:
		d.reason, d.choices = vague(rest, feedback)
	case len(days) == 2 && rangeMark.MatchString(between[1]) && days[0] <= days[1] &&
		filler.MatchString(between[0]) && filler.MatchString(between[2]):
		d.on = days[1] // a period ends when it ends
	case len(days) > 1:
		d.reason, d.choices = DateSeveral, days
	default:
		d.single(days[0], between)
	}
	if d.on != 0 && oddNumerals(text) {
		return due{reason: DateUnclear, choices: []inspection.Day{d.on}}
	}
	return d.settle(feedback)
}

// single takes the one day that is named, if what stands around it leaves it
// as it is.
func (d *due) single(on inspection.Day, between []string) {
	if filler.MatchString(between[0]) && filler.MatchString(between[1]) {
		d.on = on
		return
	}
	d.reason, d.choices = DateVague, []inspection.Day{on}
}

// spellYear turns 2026年7月1日至9月30日 into the end of that period with its year:
// one year is said for both. A period that would run backwards is left alone.
func spellYear(s string) string {
	m := period.FindStringSubmatch(s)
	if m == nil || small(m[4]) < small(m[2]) {
		return s
	}
	return m[1] + "年" + m[3]
}

// settle checks the day that was found.
func (d due) settle(feedback inspection.Day) due {
	if d.on == 0 {
		return d
	}
	if d.kind == Unknown {
		d.kind = Dated
	}
	if feedback != 0 && d.on < feedback {
		d.reason = DateBeforeFeedback
	}
	return d
}

// mentions finds the days that s names in full and the texts between them:
// between has one more than days. It is not possible when one of them does not
// exist.
func mentions(s string) (days []inspection.Day, between []string, possible bool) {
	last := 0
	for _, m := range mention.FindAllStringSubmatchIndex(s, -1) {
		if joined(s, m[0], m[1]) {
			continue // part of a longer number, such as a document's
		}
		day, ok := mentioned(s, m)
		if !ok {
			return nil, nil, false
		}
		days = append(days, day)
		between = append(between, s[last:m[0]])
		last = m[1]
	}
	return days, append(between, s[last:]), true
}

// joined reports whether digits go on before or after s[from:to].
func joined(s string, from, to int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	return digit(from-1) || digit(to-1) && digit(to)
}

func mentioned(s string, m []int) (inspection.Day, bool) {
	group := func(i int) int {
		if m[2*i] < 0 {
			return 0
		}
		n, _ := strconv.Atoi(s[m[2*i]:m[2*i+1]]) // digits by the expression
		return n
	}
	switch {
	case group(1) > 0:
		return theDay(group(1), 12, 31)
	case group(2) > 0:
		return monthEnd(group(2), group(3))
	case group(4) > 0:
		return theDay(group(4), group(5), group(6))
	}
	return theDay(group(7), group(8), group(9))
}

func theDay(y, m, d int) (inspection.Day, bool) {
	if y < firstYear || y > lastYear {
		return 0, false
	}
	return inspection.NewDay(y, time.Month(m), d)
}

func monthEnd(y, m int) (inspection.Day, bool) {
	if m == 12 {
		return theDay(y, 12, 31)
	}
	next, ok := theDay(y, m+1, 1)
	return next - 1, ok && m >= 1
}

// trimTail takes 前 and its kin off the end.
func trimTail(s string) (string, bool) {
	for _, tail := range []string{"前完成", "之前", "以前", "前", "完成", "内"} {
		if t, ok := strings.CutSuffix(s, tail); ok {
			return t, true
		}
	}
	return s, false
}
