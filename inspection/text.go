package inspection

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CleanText returns s as the records keep it: NFC, line ends as LF, no space at
// either end. It refuses what must not be stored: invalid UTF-8, control
// characters, and text of only spaces or invisible characters where something
// is required. It never repairs text silently and never cuts it.
//
// pointer is the JSON pointer for the message; limit is in characters.
func CleanText(pointer, s string, required bool, limit int) (string, Fields) {
	if !utf8.ValidString(s) {
		return "", Fields{{pointer, "invalid-utf8", "文字不是有效的 UTF-8。"}}
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return "", Fields{{pointer, "control-character", "文字含有不可见的控制字符，请删除后再提交。"}}
		}
	}
	if drowned(s) {
		return "", Fields{{pointer, "too-many-marks", "文字含有过多的组合符号。"}}
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if required && Blank(s) {
		return "", Fields{{pointer, "required", "此项必填。"}}
	}
	if utf8.RuneCountInString(s) > limit {
		return "", Fields{{pointer, "too-long", "文字过长，请控制在规定字数以内。"}}
	}
	return s, nil
}

// drowned reports whether combining marks flood s: more than 200, and more than
// other characters. Tibetan and Uyghur, and pinyin with its tones apart, have
// many marks, but fewer than letters.
func drowned(s string) bool {
	marks, others := 0, 0
	for _, r := range s {
		switch {
		case !unicode.Is(unicode.Mn, r):
			others++
		case !unicode.Is(unicode.Variation_Selector, r):
			marks++
		}
	}
	return marks > 200 && marks > others
}

// Blank reports whether s shows nothing: only spaces and invisible characters.
func Blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && r != '\u3164'
	}) < 0
}

// Folded returns a text as searches compare it, which nobody reads: in small letters,
// each letter, digit, mark and radical in the one form that NFKC gives it (full width,
// the radicals of PDFs, compatibility ideographs), without what shows nothing. The
// database's function of the same name says the same of the records.
//
// Traditional and simplified characters stay apart, and so do characters that only
// look alike.
func Folded(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if Invisible(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s)))
}

// Invisible reports whether r shows nothing and takes no room: zero-width and
// direction marks, variation selectors.
func Invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector) || r == '\u034f'
}

// FormulaLike reports whether some program that opens a table may take the text for a
// formula: it begins with a tab or a carriage return, or with one of = + - @ | % (those
// that OWASP's and the defusedcsv package's lists name), also behind spaces and
// invisible characters; = + - @ also in full width, as Chinese keyboards write them.
func FormulaLike(s string) bool {
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") {
		return true
	}
	seen := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	first, size := utf8.DecodeRuneInString(seen)
	return size > 0 && strings.ContainsRune("=+-@|%＝＋－＠", first)
}

// Line shortens a text to one line of 200 characters, for timelines; the whole text
// is in its row.
func Line(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 200 {
		return string(r[:199]) + "…"
	}
	return text
}
