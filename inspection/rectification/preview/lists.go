package preview

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// wordLists numbers paragraphs as the document's lists say (chapter 17.9): the
// numbers stand nowhere in its text.
type wordLists struct {
	abstract map[string][]wordLevel
	lists    map[int]string // to its abstract one
	counts   map[string]*[9]int
}

type wordLevel struct {
	format, text string
	start        int
}

func (p pack) wordLists() (*wordLists, error) {
	l := &wordLists{map[string][]wordLevel{}, map[int]string{}, map[string]*[9]int{}}
	err := p.part("word/numbering.xml", func(r *reader, e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNum":
			return l.readAbstract(r, value(e, "abstractNumId"))
		case "num":
			id := number(e, "numId")
			return r.each(func(r *reader, e xml.StartElement) error {
				if e.Name.Local == "abstractNumId" {
					l.lists[id] = value(e, "val")
				}
				return r.skip()
			})
		}
		return r.skip()
	})
	return l, err
}

func (l *wordLists) readAbstract(r *reader, id string) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		if e.Name.Local != "lvl" {
			return r.skip()
		}
		level := wordLevel{start: 1}
		err := r.each(func(r *reader, e xml.StartElement) error {
			switch e.Name.Local {
			case "start":
				level.start = number(e, "val")
			case "numFmt":
				level.format = value(e, "val")
			case "lvlText":
				level.text = value(e, "val")
			}
			return r.skip()
		})
		if len(l.abstract[id]) < 9 {
			l.abstract[id] = append(l.abstract[id], level)
		}
		return err
	})
}

// next is what stands before the next paragraph of a list's level.
func (l *wordLists) next(list, level int) string {
	id := l.lists[list]
	levels := l.abstract[id]
	if level < 0 || level >= len(levels) {
		return ""
	}
	counts := l.counts[id]
	if counts == nil {
		counts = &[9]int{}
		for i, lv := range levels {
			counts[i] = lv.start - 1
		}
		l.counts[id] = counts
	}
	counts[level]++
	for i := level + 1; i < len(levels); i++ {
		counts[i] = levels[i].start - 1
	}
	if levels[level].format == "bullet" {
		return "•"
	}
	text := levels[level].text
	for i := range level + 1 {
		text = strings.ReplaceAll(text, fmt.Sprintf("%%%d", i+1), numeral(levels[i].format, max(counts[i], levels[i].start)))
	}
	return text
}

// numeral writes a number as a list does. Formats that are rare stand as digits.
func numeral(format string, n int) string {
	switch format {
	case "none":
		return ""
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital":
		return chinese(n)
	case "upperLetter", "lowerLetter":
		if n < 1 || n > 26 {
			break
		}
		if format == "upperLetter" {
			return string(rune('A' + n - 1))
		}
		return string(rune('a' + n - 1))
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		if n >= 1 && n <= 20 {
			return string(rune('①' + n - 1))
		}
	}
	return strconv.Itoa(n)
}

// chinese writes 1 to 99 in characters, larger numbers in digits.
func chinese(n int) string {
	const digits = "零一二三四五六七八九"
	if n < 1 || n > 99 {
		return strconv.Itoa(n)
	}
	digit := func(n int) string { return string([]rune(digits)[n]) }
	text := ""
	if n >= 20 {
		text = digit(n / 10)
	}
	if n >= 10 {
		text += "十"
	}
	if n%10 > 0 {
		text += digit(n % 10)
	}
	return text
}
