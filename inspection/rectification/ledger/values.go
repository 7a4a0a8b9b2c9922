package ledger

import (
	"fmt"

	"xuncha/inspection"
)

// value is what a column says in a row, in its own cell or in the merged cell
// that covers it.
type value struct {
	text   string
	ref    string // of the cell that holds it
	row    int    // of that cell
	number bool   // it was a number, not a day and not text
	bad    Reason // why the cell has no text
	said   string // what it has instead
	year   bool   // it is a day whose year the sheet does not show
}

// value returns what a column says in a row.
func (s *sheetReader) value(column Column, r row) value {
	col, ok := s.index[column]
	if !ok {
		return value{}
	}
	m, merged := s.merges.at(col, r.n)
	if !merged {
		return s.read(column, r, col)
	}
	if m.top <= s.to || s.firstOf(m) != col {
		return value{} // the header's own, or another column's
	}
	top, ok := s.rowAt(m.top)
	if !ok {
		return value{}
	}
	v := s.read(column, top, m.left)
	if v.ref != "" && m.bottom > m.top && !s.filled[m] {
		s.filled[m] = true
		s.out.Filled = append(s.out.Filled, Filled{s.name, m.String(), column})
	}
	return v
}

// firstOf returns the first column under the header that a merged cell covers:
// the one that it speaks for.
func (s *sheetReader) firstOf(m area) int {
	first := maxColumns
	for _, col := range s.index {
		if m.left <= col && col <= m.right {
			first = min(first, col)
		}
	}
	return first
}

// read returns what a cell itself says.
func (s *sheetReader) read(column Column, r row, col int) value {
	c, ok := r.own(col)
	if !ok {
		return value{}
	}
	v := s.placeOf(c, r)
	if hasControl(c.text) {
		s.warn(v.ref, "control-character", "单元格含有不可见的控制字符，已略去")
	}
	if v.bad != "" {
		s.ask(v.question(s.name, column, v.bad))
		v.text, v.said = "", v.text
		return v
	}
	if column != ProblemColumn && column != MeasureColumn && isNothing(v.text) {
		v.text = ""
	}
	if isDitto(v.text) {
		v.text = s.above[column]
	}
	s.above[column] = v.text
	return v
}

// textOf turns a cell into the text that a person reads in it.
func (s *sheetReader) textOf(c cell) value {
	switch c.kind {
	case failure:
		return value{text: c.text, bad: ErrorCell}
	case uncomputed:
		return value{bad: FormulaCell}
	case number:
		return s.textOfNumber(c)
	case truth:
		return value{text: map[bool]string{true: "是", false: "否"}[c.text == "TRUE"]}
	case words:
	}
	return value{text: cleanText(c.text)}
}

func (s *sheetReader) textOfNumber(c cell) value {
	digits, ok := plain(c.text)
	if !ok {
		return value{text: cleanText(c.text)}
	}
	day, isDay := s.serialDay(digits)
	switch {
	case c.format == percentFormat:
		return value{text: percent(digits)}
	case isDay && c.format == monthFormat:
		y, m, _ := day.Date()
		return value{text: fmt.Sprintf("%d年%d月", y, m)}
	case isDay && c.format == yearlessFormat:
		return value{text: day.String(), year: true}
	case isDay && c.format == dayFormat:
		return value{text: day.String()}
	case lostDigits(digits):
		return value{text: digits, bad: LostDigits}
	}
	return value{text: digits, number: true}
}

// ask records a question once: a merged cell is read for each of its rows.
func (s *sheetReader) ask(q Question) {
	key := q.Cell + " " + string(q.Reason) + " " + q.Text
	if !s.asked[key] {
		s.asked[key] = true
		s.out.Questions = append(s.out.Questions, q)
	}
}

// warn records a warning about a cell, once for each code.
func (s *sheetReader) warn(cell, code, format string, args ...any) {
	key := cell + " " + code
	if !s.asked[key] {
		s.asked[key] = true
		s.out.Warnings = append(s.out.Warnings, Warning{s.name, cell, code, fmt.Sprintf(format, args...)})
	}
}

// deadline reads the deadline of a measure.
func (s *sheetReader) deadline(v value, text string) due {
	if day, ok := s.serialDay(text); ok && v.number && len(text) == 5 {
		return due{reason: DateSerial, choices: []inspection.Day{day}}
	}
	d := parseDue(text, s.feedback)
	if v.number && len(d.choices) == 1 && d.reason == DateVague {
		// 2026.10 typed as a number is kept as 2026.1: it may be either.
		if y, m, _ := d.choices[0].Date(); m == 1 {
			d.choices = append(d.choices, some(monthEnd(y, 10))...)
		}
	}
	return d
}
