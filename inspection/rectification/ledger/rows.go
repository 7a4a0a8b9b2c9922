package ledger

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	// footer matches the lines that are signed or explain the table. It is tried
	// on text without spaces and in half-width forms.
	footer = regexp.MustCompile(`^.{0,20}(?:[(](?:签字|签名|签章|盖章|公章)[)]|(?:签字|签名|签章|盖章)[:])|` +
		`^(?:填报|填表|制表|审核|复核|联系|单位负责|主要负责|负责)人?(?:$|[:(])|` +
		`^(?:填报单位|填报日期|填报时间|填表日期|联系电话|注|备注|说明|填表说明|填报说明)[:]`)
	// total matches a line that adds up, adds one that may.
	total = regexp.MustCompile(`^(?:合计|总计|小计|共计)(?:[:]|$)`)
	adds  = regexp.MustCompile(`^(?:合计|总计|小计|共计)`)

	firstLevel  = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}(?:部分|类|方面))`)
	secondLevel = regexp.MustCompile(`^[（(][一二三四五六七八九十]{1,3}[)）]`)
)

// aside says why a row under the header is not part of the ledger: it repeats
// the header or a title, numbers the columns, adds up, or is signed.
func (s *sheetReader) aside(r row) (why, text string) {
	first := s.textOf(r.cells[0]).text
	l := loose(firstRunes(first, 64)) // what matters stands at the start
	switch {
	case s.repeatsHeader(r):
		return "repeated-header", first
	case s.titles[l] && len(r.cells) == 1:
		return "repeated-title", first
	case numbersColumns(r):
		return "column-numbers", first
	case total.MatchString(l):
		return "total", first
	case s.says(r, MeasureColumn):
	case adds.MatchString(l) && utf8.RuneCountInString(l) <= 16:
		return "total", first
	case footer.MatchString(l) && !s.says(r, ProblemColumn):
		return "signature", first
	}
	return "", ""
}

// firstRunes returns the first n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// says reports whether a row's own cell in a column says something that is not
// itself a signature or a total.
func (s *sheetReader) says(r row, column Column) bool {
	col, ok := s.index[column]
	if !ok {
		return false
	}
	c, ok := r.own(col)
	l := loose(firstRunes(c.text, 64))
	return ok && !total.MatchString(l) && (leading(c.text, "").mark != "" || !footer.MatchString(l))
}

// repeatsHeader recognises the header printed again on a further page.
func (s *sheetReader) repeatsHeader(r row) bool {
	same := 0
	for _, c := range r.cells {
		if c.kind == words && len(c.text) <= headerRunes*utf8.UTFMax && s.names[loose(cleanText(c.text))] > 0 {
			same++
		}
	}
	return same >= 2 && 3*same >= 2*len(r.cells)
}

// numbersColumns recognises a row that counts the columns: 1 2 3 4 or (1)(2)(3).
func numbersColumns(r row) bool {
	for i, c := range r.cells {
		if strings.Trim(loose(c.text), "()") != strconv.Itoa(i+1) {
			return false
		}
	}
	return len(r.cells) >= 4
}

// sectionRow recognises a row that only names a category: one text across the
// width of the table, or a numbered heading that stands alone.
func (s *sheetReader) sectionRow(r row) (text string, level int, ok bool) {
	if len(r.cells) != 1 || r.cells[0].kind != words {
		return "", 0, false
	}
	c := r.cells[0]
	text = cleanText(c.text)
	level = headingLevel(text)
	if m, merged := s.merges.at(c.col, r.n); merged && m.top == r.n && m.right > m.left {
		if 2*s.covered(m) >= s.width() {
			return text, max(level, 1), true
		}
	}
	if m, merged := s.merges.at(s.index[ProblemColumn], r.n); merged && m.top < r.n {
		return "", 0, false // within a problem
	}
	if level == 0 {
		return "", 0, false
	}
	before := c.col <= s.index[ProblemColumn]
	if col, ok := s.index[MeasureColumn]; ok {
		before = before && c.col < col
	}
	return text, level, before
}

// covered counts the columns under the header that a merged cell covers.
func (s *sheetReader) covered(m area) int {
	n := 0
	for _, c := range s.columns {
		if m.left <= c.index && c.index <= m.right {
			n++
		}
	}
	return n
}

// headingLevel is 1 for 一、…, 2 for （一）…, 0 for what is no heading.
func headingLevel(s string) int {
	switch {
	case firstLevel.MatchString(s):
		return 1
	case secondLevel.MatchString(s):
		return 2
	}
	return 0
}
