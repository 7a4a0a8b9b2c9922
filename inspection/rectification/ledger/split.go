package ledger

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// item is one numbered part of a text.
type item struct {
	mark   string // as written: "1." or "(2)" or "①"; empty if there is none
	number string // 1, 2, 3 in digits
	text   string // what follows
}

// style is one way of numbering. In each expression the first group is the
// number.
type style struct {
	mark *regexp.Regexp
	// free marks may stand anywhere; others only where a clause begins.
	free bool
	// point marks look like a decimal number when a digit follows.
	point bool
}

var styles = []style{
	{mark: regexp.MustCompile(`[（(](\d{1,2})[)）][.、．]?`), free: true},
	{mark: regexp.MustCompile(`([①-⑳⑴-⒇])[.、．]?`), free: true},
	{mark: regexp.MustCompile(`[（(]([一二三四五六七八九十]{1,3})[)）][.、．]?`), free: true},
	{mark: regexp.MustCompile(`([一二三四五六七八九十]{1,3})是[:：,，]?`)},
	{mark: regexp.MustCompile(`第([一二三四五六七八九十]{1,3})[，,、:：]`)},
	{mark: regexp.MustCompile(`([一二三四五六七八九十]{1,3})[、.．]`)},
	{mark: regexp.MustCompile(`([⒈-⒛])`)},
	{mark: regexp.MustCompile(`(\d{1,2})[)）]`)},
	{mark: regexp.MustCompile(`(\d{1,2})[.．、]`), point: true},
}

// leading takes the number off the front of a text. Where a digit follows the
// point, as in 1.2024年, only a known number is one: 2.5公里 is not.
func leading(text, known string) item {
	for _, st := range styles {
		loc := st.mark.FindStringSubmatchIndex(text)
		if loc == nil || loc[0] != 0 {
			continue
		}
		n := ordinal(text[loc[2]:loc[3]])
		rest := strings.TrimFunc(text[loc[1]:], invisible)
		if n == 0 || rest == "" || st.point && startsWithDigit(rest) && strconv.Itoa(n) != known {
			continue
		}
		return item{mark: text[:loc[1]], number: strconv.Itoa(n), text: rest}
	}
	return item{text: text}
}

// preamble is what repeats the header at the start of a cell.
var preamble = regexp.MustCompile(`^(?:具体|主要|整改)*措施[:：]\s*`)

// split takes a text apart at its numbers: "1.…；2.…", "(1)…(2)…", "①…②…",
// "一是…二是…". The numbers must begin the text and run from 1 without a gap;
// otherwise the text stays whole. Nothing but numbers and the marks between
// parts is lost.
func split(text string) []item {
	text = preamble.ReplaceAllString(text, "")
	for _, st := range styles {
		if items := st.split(text); len(items) > 1 {
			return items
		}
	}
	return nil
}

func (st style) split(text string) []item {
	var items []item
	from, sure := 0, !st.point
	for _, loc := range st.mark.FindAllStringSubmatchIndex(text, -1) {
		if ordinal(text[loc[2]:loc[3]]) != len(items)+1 || !st.begins(text, loc) {
			continue
		}
		if len(items) == 0 && loc[0] != 0 {
			return nil
		}
		if len(items) > 0 {
			items[len(items)-1].text = between(text[from:loc[0]])
		}
		items = append(items, item{mark: text[loc[0]:loc[1]], number: strconv.Itoa(len(items) + 1)})
		from = loc[1]
		sure = sure || !decimal(text[from:])
	}
	if len(items) == 0 || !sure {
		return nil // "1.5公里…；2.2公里…" may be lengths
	}
	items[len(items)-1].text = between(text[from:])
	for _, it := range items {
		if blank(it.text) {
			return nil // "见(1)(2)" numbers nothing
		}
	}
	return items
}

// begins reports whether the number at loc begins a part of the text.
func (st style) begins(text string, loc []int) bool {
	if loc[0] == 0 || st.free {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:loc[0]])
	if strings.ContainsRune("\n；;。", before) {
		return true
	}
	// A weaker mark is enough where no decimal number can be meant.
	return strings.ContainsRune("，,、：: \t\u3000", before) && !(st.point && startsWithDigit(text[loc[1]:]))
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// decimal reports whether a point before s may be a decimal point: digits
// follow, and not as many as a year has.
func decimal(s string) bool {
	return startsWithDigit(s) && !(len(s) >= 4 && strings.Trim(s[:4], "0123456789") == "")
}

// between cleans a part of the marks that only separate it from the next.
func between(s string) string {
	return strings.TrimRight(strings.TrimFunc(s, invisible), "；;，,、")
}

// ordinal reads a number in any of the ways that styles have; 0 is none.
func ordinal(s string) int {
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case r >= '①' && r <= '⑳':
		return int(r-'①') + 1
	case r >= '⑴' && r <= '⒇':
		return int(r-'⑴') + 1
	case r >= '⒈' && r <= '⒛':
		return int(r-'⒈') + 1
	case r >= '0' && r <= '9':
		n, _ := strconv.Atoi(s) // digits by the expression
		return n
	}
	return chinese(s)
}

// chinese reads 一 to 九十九; 0 is none.
func chinese(s string) int {
	tens, ones, ok := strings.Cut(s, "十")
	if !ok {
		return digit(s)
	}
	n := 10
	if tens != "" {
		if n = 10 * digit(tens); n == 0 {
			return 0
		}
	}
	if ones == "" {
		return n
	}
	if d := digit(ones); d > 0 {
		return n + d
	}
	return 0
}

func digit(s string) int {
	i := strings.Index("一二三四五六七八九", s)
	if i < 0 || len(s) != len("一") {
		return 0
	}
	return i/len("一") + 1
}
