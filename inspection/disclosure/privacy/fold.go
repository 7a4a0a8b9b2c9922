package privacy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// glyph is one character as a reader takes it, and where it stands in the text.
type glyph struct {
	r          rune
	start, end int  // bytes of the original
	numeral    bool // a digit that is written as a word: 三, 叁, Ⅲ
}

// numerals are characters that read as digits and that NFKC leaves alone or
// turns into letters.
var numerals = func() map[rune]rune {
	m := map[rune]rune{}
	for _, row := range []string{"〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"} {
		d := '0'
		for _, r := range row {
			m[r] = d
			d++
		}
	}
	m['幺'] = '1'
	for d := range rune(9) {
		m['Ⅰ'+d], m['ⅰ'+d], m['❶'+d], m['➀'+d], m['➊'+d] = '1'+d, '1'+d, '1'+d, '1'+d, '1'+d
	}
	return m
}()

// fold reads text the way a person does: widths and styles folded, what is
// invisible dropped, numerals as digits. Each character keeps its place.
func fold(text string) []glyph {
	out := make([]glyph, 0, len(text)/2)
	for start, r := range text {
		end := start + utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n := utf8.DecodeRuneInString(text[start:])
			end = start + n
		}
		if d, ok := numerals[r]; ok {
			out = append(out, glyph{d, start, end, true})
			continue
		}
		if r < utf8.RuneSelf {
			out = append(out, glyph{r, start, end, false})
			continue
		}
		for _, f := range norm.NFKC.String(string(r)) {
			if invisible(f) {
				continue
			}
			out = append(out, glyph{arabic(f), start, end, false})
		}
	}
	return out
}

func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me) || r == '\u3164' || r == '\u115f'
}

// arabic returns the digit that r, a decimal digit of another script, stands
// for. Those come in rows of ten.
func arabic(r rune) rune {
	if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
		return r
	}
	d := '0'
	for d < '9' && unicode.Is(unicode.Nd, r-(d-'0')-1) {
		d++
	}
	return d
}

// lookalikes reads O and l as digits where they stand beside one.
func lookalikes(in []glyph) []glyph {
	out := append([]glyph(nil), in...)
	read := func(i, beside int) {
		if beside < 0 || beside >= len(out) || !digit(out[beside].r) {
			return
		}
		switch out[i].r {
		case 'O', 'o', 'О', 'о':
			out[i].r = '0'
		case 'l', 'I', '|':
			out[i].r = '1'
		}
	}
	for i := range out {
		read(i, i-1)
	}
	for i := len(out) - 1; i >= 0; i-- {
		read(i, i+1)
	}
	return out
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// gap reports whether r may stand between the digits of one number.
func gap(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune(".·•_", r)
}

// line is glyphs as a string, with the way back to them.
type line struct {
	text   string
	glyphs []glyph
	at     map[int]int // byte of text to glyph
}

func asLine(gs []glyph) line {
	var b strings.Builder
	at := make(map[int]int, len(gs)+1)
	for i, g := range gs {
		at[b.Len()] = i
		b.WriteRune(g.r)
	}
	at[b.Len()] = len(gs)
	return line{b.String(), gs, at}
}

// span returns the bytes of the original that text[from:to] stands for, and the
// glyphs before and after it.
func (l line) span(from, to int) (start, end int, before, after rune) {
	i, j := l.at[from], l.at[to]
	if i > 0 {
		before = l.glyphs[i-1].r
	}
	if j < len(l.glyphs) {
		after = l.glyphs[j].r
	}
	return l.glyphs[i].start, l.glyphs[j-1].end, before, after
}
