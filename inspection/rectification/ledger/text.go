package ledger

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"xuncha/inspection"
)

// escaped is how xlsx writes characters that XML cannot: _x000D_.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// cleanText returns the text of a cell as the records keep it: NFC, line ends
// as LF, no control characters, nothing invisible at either end.
func cleanText(s string) string {
	s = spellOut(s)
	s = lineEnds.Replace(s)
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimFunc(norm.NFC.String(s), invisible)
}

// spellOut replaces what xlsx escapes.
func spellOut(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseUint(e[2:6], 16, 16) // the expression lets only digits through
		return string(rune(n))
	})
}

func invisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

func blank(s string) bool { return inspection.Blank(s) }

// loose returns s for comparison: full-width forms as half-width, no spaces or
// invisible characters, no difference of case.
func loose(s string) string { return strings.Map(unicode.ToLower, compact(s)) }

// compact is s in compatible forms and without what is not seen.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

// oddNumerals reports whether a text has numerals besides 0 to 9 in either width: ①,
// Ⅳ, ², ½, 〇. Folded for comparison some of them become digits, and ②万元 behind a 1
// would be twelve: nothing that is counted is read from such a text.
func oddNumerals(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsNumber(r) && (r < '0' || r > '9') && (r < '０' || r > '９')
	})
}

// nothing are the ways to write that a cell stays empty.
var nothing = map[string]bool{
	"/": true, "//": true, `\`: true, "-": true, "--": true, "—": true, "——": true, "–": true, "―": true,
	"n/a": true, "*": true,
}

// isNothing reports whether a cell says only that there is nothing.
func isNothing(s string) bool { return nothing[loose(s)] }

// isNone is isNothing for cells where 无 says the same.
func isNone(s string) bool {
	l := strings.TrimRight(loose(s), "。.")
	return nothing[l] || l == "无" || l == "暂无" || l == "没有" || l == "不涉及"
}

// isDitto reports whether a cell refers to the one above.
func isDitto(s string) bool {
	switch loose(s) {
	case "同上", "〃", "″", "\"", "''", "“", "”", "同前":
		return true
	}
	return false
}

// short cuts a text for a sentence about it.
func short(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return string(r)
}
