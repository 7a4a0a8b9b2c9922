package ledger

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// measureColumns are the columns that speak for a measure, its text apart.
var measureColumns = []Column{
	LeaderColumn, PersonColumn, DepartmentColumn, HelpersColumn, DueColumn,
	ProgressColumn, StatusColumn, RulesColumn, RemarkColumn,
}

// measureRow reads what a row says of the current problem's measures.
func (s *sheetReader) measureRow(r row, measure value, fresh bool) {
	e := s.current
	if last := e.last[MeasureColumn]; !fresh && measure.ref != "" && measure.ref == last.ref {
		s.extend(r)
		return
	}
	values := map[Column]value{MeasureColumn: measure}
	says := measure.text != ""
	for _, column := range measureColumns {
		values[column] = s.value(column, r)
		says = says || values[column].text != ""
	}
	switch {
	case measure.text != "" || measure.bad != "":
	case !says:
		return // a problem whose measures are not written yet, or only its amount
	case fresh:
		at := value{ref: s.cellOf(MeasureColumn, r), row: r.n}
		s.ask(at.question(s.name, MeasureColumn, MeasureMissing))
	default:
		s.unclear(r)
		return
	}
	s.addMeasures(r, values)
}

// cellOf names the cell of a column in a row, or the row's problem cell in a
// ledger without that column.
func (s *sheetReader) cellOf(column Column, r row) string {
	col, ok := s.index[column]
	if !ok {
		col = s.index[ProblemColumn]
	}
	return ref(col, r.n)
}

// addMeasures appends the measures that one cell lists, each with its share of
// the other cells.
func (s *sheetReader) addMeasures(r row, values map[Column]value) {
	e, text := s.current, values[MeasureColumn].text
	items := split(text)
	if items == nil {
		items = []item{leading(text, "")}
	}
	shares := map[Column][]string{}
	for _, column := range measureColumns {
		shares[column] = share(column, values[column].text, len(items))
	}
	for i, it := range items {
		of := func(c Column) string { return shares[c][i] }
		m := Measure{
			Row: r.n, Cell: cmp.Or(values[MeasureColumn].ref, s.cellOf(MeasureColumn, r)),
			Number: it.number, Mark: it.mark, Text: it.text,
			Leader: oneLineName(of(LeaderColumn)), Person: oneLineName(of(PersonColumn)), Rules: none(of(RulesColumn)),
			DueText: of(DueColumn), Progress: of(ProgressColumn), Status: of(StatusColumn), Remark: of(RemarkColumn),
		}
		m.Department, m.Helpers = s.offices(of(DepartmentColumn), of(HelpersColumn))
		if s.tellsProgress(m.Status) {
			m.Progress, m.Status = m.Status, ""
		}
		s.date(&m, values[DueColumn], r)
		e.Measures = append(e.Measures, m)
	}
	e.last, e.measured = values, len(items)
}

// share gives each of n measures its part of a cell: the part of the same
// number if the cell counts as far, of deadlines and states the line of the
// same place, else the whole.
func share(column Column, text string, n int) []string {
	parts := split(text)
	if len(parts) == n && n > 1 {
		var texts []string
		for _, p := range parts {
			texts = append(texts, p.text)
		}
		return texts
	}
	if lines := strings.Split(text, "\n"); n > 1 && len(lines) == n && (column == DueColumn || column == StatusColumn) {
		return lines
	}
	return slices.Repeat([]string{text}, n)
}

func (s *sheetReader) offices(department, helpers string) (string, []string) {
	if isNone(helpers) {
		helpers = ""
	}
	if _, ok := s.index[HelpersColumn]; ok {
		return oneLineName(department), names(helpers)
	}
	return leadAndHelpers(department)
}

// tellsProgress reports whether the state of a measure is told at length, in a
// ledger that has no column for progress.
func (s *sheetReader) tellsProgress(status string) bool {
	_, has := s.index[ProgressColumn]
	return !has && utf8.RuneCountInString(status) > 8
}

func none(s string) string {
	if isNone(s) {
		return ""
	}
	return s
}

// date reads the deadline of a measure, and asks about one that is not plain.
func (s *sheetReader) date(m *Measure, v value, r row) {
	if v.ref == "" {
		v.ref, v.row = s.cellOf(DueColumn, r), r.n
	}
	v.text = m.DueText
	d := s.deadline(v, m.DueText)
	if v.bad != "" {
		d = due{reason: v.bad}
	}
	m.Kind = d.kind
	if d.on != 0 {
		m.DueOn = new(d.on)
	}
	if v.year && d.on != 0 {
		s.warn(v.ref, "year-not-shown", "单元格只显示月和日，年份按单元格内保存的 %s 读取，请核对", d.on)
	}
	if d.reason == "" {
		return
	}
	var args []any
	if d.reason == DateBeforeFeedback {
		args = append(args, s.feedback)
	}
	q := v.question(s.name, DueColumn, d.reason, args...)
	q.Choices = dayChoices(d.choices)
	m.DueQuestion = &q
	s.ask(q)
}

// extend adds a further row of the same merged measure cell: what it says more
// is added where texts can be joined, and asked about where they cannot.
func (s *sheetReader) extend(r row) {
	e := s.current
	for _, column := range measureColumns {
		v, before := s.value(column, r), e.last[column]
		if v.text == "" || v.ref == before.ref || loose(v.text) == loose(before.text) {
			continue
		}
		switch column {
		case ProgressColumn, StatusColumn, RulesColumn, RemarkColumn, HelpersColumn:
			for i := range e.measured {
				e.Measures[len(e.Measures)-1-i].add(column, v.text)
			}
		default:
			s.ask(v.question(s.name, column, MeasureConflict, column.title()))
		}
	}
}

// add joins a further text to what a measure says already.
func (m *Measure) add(column Column, text string) {
	join := func(to *string) { *to = strings.Trim(*to+"\n"+text, "\n") }
	switch column {
	case ProgressColumn:
		join(&m.Progress)
	case StatusColumn:
		join(&m.Status)
	case RulesColumn:
		join(&m.Rules)
	case RemarkColumn:
		join(&m.Remark)
	case HelpersColumn:
		for _, name := range names(text) {
			if !slices.Contains(m.Helpers, name) {
				m.Helpers = append(m.Helpers, name)
			}
		}
	}
}
