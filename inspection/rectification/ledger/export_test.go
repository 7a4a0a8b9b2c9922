package ledger

import (
	"fmt"
	"io"
	"strings"

	"xuncha/inspection"
)

// What the tests of single parts need, in a form that reads well in tables.

// Due reads a deadline: "2026-09-30", with its kind when that is not the usual
// one, or the reason of the question with the days offered.
func Due(text string, feedback inspection.Day) string {
	d := parseDue(text, feedback)
	var out []string
	if d.on != 0 {
		out = append(out, d.on.String())
	}
	if d.kind != Dated && d.kind != Unknown {
		out = append(out, string(d.kind))
	}
	if d.reason != "" {
		out = append(out, string(d.reason))
	}
	for _, c := range d.choices {
		out = append(out, "?"+c.String())
	}
	return strings.Join(out, " ")
}

// Amount reads a sum: fen, or the reason of the question with the sums offered,
// or "none".
func Amount(text string, header Unit) string {
	a := parseAmount(text, header)
	out := "none"
	if a.fen != nil {
		out = fmt.Sprint(*a.fen)
	}
	if a.reason != "" {
		out = string(a.reason)
	}
	for _, n := range a.offers {
		out += fmt.Sprint(" ?", n)
	}
	return out
}

// Split takes a text apart: mark and text of each part.
func Split(text string) []string {
	var out []string
	for _, it := range split(text) {
		out = append(out, it.mark+"|"+it.text)
	}
	return out
}

// Leading takes the number off the front of a text: mark, number, rest.
func Leading(text, known string) string {
	it := leading(text, known)
	return it.mark + "|" + it.number + "|" + it.text
}

// Plain writes a number as a person would.
func Plain(raw string) string {
	s, _ := plain(raw)
	return s
}

// Percent writes a share as a percentage.
func Percent(raw string) string { return percent(raw) }

// Names takes a list of names apart.
func Names(s string) []string { return names(s) }

// Offices reads a cell that may name the leading office and those that help.
func Offices(s string) (string, []string) { return leadAndHelpers(s) }

// Match says what a header is taken for.
func Match(parts ...string) (Column, Confidence) {
	m := matchHeader(parts)
	return m.column, m.confidence
}

// Classify says what a number format shows.
func Classify(code string) string {
	return []string{"plain", "day", "month", "yearless", "percent"}[classify(code)]
}

// Tags lists an XML text as the tags and texts that tags makes of it.
func Tags(r io.Reader) ([]string, error) {
	left := 1 << 20
	t := newTags(r, &left)
	var out []string
	for {
		g, err := t.next(true)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		if s := t.take(); s != "" {
			out = append(out, "text "+s)
		}
		switch {
		case g.end:
			out = append(out, "end "+g.name)
		case g.empty:
			out = append(out, "start "+g.name, "end "+g.name)
		default:
			out = append(out, "start "+g.name)
		}
	}
}

// Attr returns an attribute of the first tag of an XML text.
func Attr(xml, name string) (string, bool) {
	g, err := newTags(strings.NewReader(xml), new(1)).next(false)
	if err != nil {
		return "", false
	}
	return g.attr(name)
}
