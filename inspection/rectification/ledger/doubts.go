package ledger

import (
	"regexp"
	"strings"
	"unicode"
)

// doubts are marks in a text that somebody should look at before it is issued.
// The text itself is never changed.
var doubts = []struct {
	code   string
	form   *regexp.Regexp
	detail string
}{
	{
		"placeholder",
		regexp.MustCompile(`×+|[XxＸ]{2,}|[XＸ*＊](?:轮|届|年|月|日|个|名|人|户|处|项|次|村|镇|乡|县|元|万元)|_{3,}|[〔\[]\s*[〕\]]`),
		"存在占位符，请补全",
	},
	{
		"pinyin",
		regexp.MustCompile(`\p{Han}[(（][a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]*[)）]`),
		"疑似网页转换残留（拼音注音），已原样保留，请核对",
	},
	{"missing-character", regexp.MustCompile(`\x{FFFD}|□`), "有缺字，请核对"},
	{"private-use", regexp.MustCompile(`\p{Co}`), "有自造字，可能显示异常，请核对"},
}

// finish settles what needs all rows of the sheet, and hands the problems over.
func (s *sheetReader) finish() {
	for _, e := range s.entries {
		s.settle(e, AmountColumn, &e.AmountFen)
		s.settle(e, RecoveredColumn, &e.RecoveredFen)
		s.doubt(e)
	}
	s.doubtUnits()
	s.doubtTwice()
	for _, e := range s.entries {
		s.out.Problems = append(s.out.Problems, e.Problem)
	}
}

// doubt warns of odd marks in a problem and its measures.
func (s *sheetReader) doubt(e *entry) {
	s.look(e.Cell, e.Text)
	s.look(e.Cell, e.Goal)
	s.look(e.Cell, e.Category)
	s.look(e.Cell, e.Elsewhere)
	for _, m := range e.Measures {
		s.look(m.Cell, m.Text)
		s.look(m.Cell, m.Progress)
		s.look(m.Cell, m.Rules)
	}
	if len(e.Measures) == 0 {
		s.warn(e.Cell, "no-measures", "这个问题没有整改措施")
	}
}

func (s *sheetReader) look(cell, text string) {
	for _, d := range doubts {
		if d.form.MatchString(text) {
			s.warn(cell, d.code, "%s", d.detail)
		}
	}
}

// doubtTwice asks about problems that stand twice, and about numbers given
// twice. Numbers may begin again under each category.
func (s *sheetReader) doubtTwice() {
	texts, numbers := map[string]*entry{}, map[string]*entry{}
	for _, e := range s.entries {
		at := value{text: e.Text, ref: e.Cell, row: e.Row}
		text, number := loose(e.Text), e.Category+"\x00"+loose(e.Number)
		if first := texts[text]; text != "" && first != nil {
			q := at.question(s.name, ProblemColumn, DuplicateProblem, first.Cell)
			q.Choices = keepOrSkip
			s.ask(q)
			continue
		}
		if first := numbers[number]; e.Number != "" && first != nil {
			at.text = e.Number
			q := at.question(s.name, NumberColumn, DuplicateNumber, first.Cell)
			q.Choices = keepOrSkip
			s.ask(q)
		}
		texts[text], numbers[number] = e, e
	}
}

// hasControl reports whether a cell holds control characters, which are left
// out of its text.
func hasControl(s string) bool {
	return strings.ContainsFunc(spellOut(s), func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r)
	})
}
