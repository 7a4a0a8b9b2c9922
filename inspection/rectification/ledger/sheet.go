package ledger

import (
	"cmp"
	"strconv"
	"strings"

	"xuncha/inspection"
)

// sheetReader turns the rows under one sheet's header into problems.
type sheetReader struct {
	*book
	*grid
	*header
	name     string
	hidden   bool // read hidden rows too
	feedback inspection.Day
	out      *Reading

	filled   map[area]bool
	asked    map[string]bool
	above    map[Column]string // what 同上 refers to
	titles   map[string]bool   // what stands above the header
	sections []section         // that the next problem falls under
	category string            // last one given in the column
	current  *entry            // the problem that rows without one belong to
	entries  []*entry
	paid     map[string]*entry // whose sum a cell of money gives
}

// entry is a problem while its rows are being read.
type entry struct {
	Problem
	ref      string // of the cell that holds the text
	written  string // the text as written
	given    string // what the number column said
	last     map[Column]value
	further  value // what the last row said of looking further
	measured int   // measures that the last measure cell gave
	sums     map[Column][]paid
}

// section is a row that gives a category to the problems below it.
type section struct {
	text  string
	level int
	at    value
	used  bool
}

func newSheetReader(b *book, g *grid, h *header, name string, o Options) *sheetReader {
	s := &sheetReader{
		book: b, grid: g, header: h, name: name, hidden: o.IncludeHidden, feedback: o.FeedbackOn, out: &Reading{},
		filled: map[area]bool{}, asked: map[string]bool{}, above: map[Column]string{}, titles: map[string]bool{},
		paid: map[string]*entry{},
	}
	for _, r := range g.rows {
		for _, c := range r.cells {
			if r.n < h.from {
				s.titles[loose(c.text)] = true
			}
		}
	}
	return s
}

// readRows reads all rows under the header.
func (s *sheetReader) readRows() *Reading {
	for _, r := range s.rows {
		if r.n <= s.to || r.hidden && !s.hidden {
			continue
		}
		if why, text := s.aside(r); why != "" {
			s.skip(r.n, why, text)
			continue
		}
		if text, level, ok := s.sectionRow(r); ok {
			s.openSection(section{text: text, level: level, at: s.placeOf(r.cells[0], r)})
			continue
		}
		s.dataRow(r)
	}
	s.closeSections(0)
	s.finish()
	return s.out
}

func (s *sheetReader) skip(n int, why, text string) {
	s.out.Skipped = append(s.out.Skipped, Skipped{s.name, n, why, short(text)})
}

// openSection puts a section under those of higher level.
func (s *sheetReader) openSection(sec section) {
	s.closeSections(sec.level)
	s.sections = append(s.sections, sec)
	s.category, s.current = "", nil
}

// closeSections ends the sections from a level down. One under which no problem
// stood was no section, and is asked about or listed.
func (s *sheetReader) closeSections(level int) {
	for n := len(s.sections); n > 0 && s.sections[n-1].level >= level; n-- {
		switch sec := s.sections[n-1]; {
		case sec.used:
		case headingLevel(sec.text) > 0: // may be a problem without measures
			s.ask(sec.at.question(s.name, "", RowUnclear))
		default:
			s.skip(sec.at.row, "no-problem-below", sec.text)
		}
		s.sections = s.sections[:n-1]
	}
}

// sectionPath names the sections that a problem falls under.
func (s *sheetReader) sectionPath() string {
	var path []string
	for i := range s.sections {
		s.sections[i].used = true
		path = append(path, s.sections[i].text)
	}
	return strings.Join(path, " / ")
}

// dataRow reads a row that holds a problem, a measure, or part of one.
func (s *sheetReader) dataRow(r row) {
	problem, given, measure := s.value(ProblemColumn, r), s.value(NumberColumn, r), s.value(MeasureColumn, r)
	category := s.value(CategoryColumn, r)
	fresh := false
	switch {
	case s.continues(problem, given, category, r):
	case problem.text != "" || problem.bad != "":
		s.open(r, problem, given, category)
		fresh = true
	case measure.text != "" || measure.bad != "":
		s.open(r, problem, given, category)
		at := value{ref: ref(s.index[ProblemColumn], r.n), row: r.n}
		s.ask(at.question(s.name, ProblemColumn, ProblemMissing))
	default:
		s.unclear(r)
		return
	}
	s.money(r)
	s.elsewhere(r)
	s.measureRow(r, measure, fresh)
}

// continues reports whether a row goes on with the current problem: its problem
// cell is the same merged one, says the same again, or is empty. What says the same
// under a number of its own is another problem, or a mistake that a person is asked
// about.
func (s *sheetReader) continues(problem, given, category value, r row) bool {
	e := s.current
	switch {
	case e == nil:
		return false
	case problem.ref != "" && problem.ref == e.ref:
		return true
	case problem.text == "":
		return problem.bad == "" && (given.text == "" || given.text == e.given || given.row < r.n)
	}
	if given.text != "" && e.given != "" && given.row == r.n && ordinalText(given.text) != ordinalText(e.given) {
		return false
	}
	sameCategory := category.text == "" || category.text == e.Category
	return loose(problem.text) == loose(e.written) && sameCategory
}

// open begins a problem.
func (s *sheetReader) open(r row, problem, given, category value) {
	count := ordinalText(given.text)
	numbered := leading(problem.text, count)
	if count != "" && numbered.number != "" && numbered.number != count {
		numbered = item{text: problem.text} // two numbers that differ: the text stays whole
	}
	e := &entry{
		Problem: Problem{
			Sheet: s.name, Row: r.n, Cell: ref(s.index[ProblemColumn], r.n),
			Number: cmp.Or(count, numbered.number), Mark: numbered.mark, Text: numbered.text,
			Category: s.categoryOf(category), Goal: s.value(GoalColumn, r).text, Measures: []Measure{},
		},
		ref: problem.ref, written: problem.text, given: given.text, last: map[Column]value{},
		sums: map[Column][]paid{},
	}
	if problem.ref != "" {
		e.Cell = problem.ref
	}
	s.entries = append(s.entries, e)
	s.current = e
}

// elsewhere adds what a row says of looking further (举一反三) to the problem: a
// merged cell once, and what further rows say more below it.
func (s *sheetReader) elsewhere(r row) {
	e, v := s.current, s.value(ElsewhereColumn, r)
	if v.text == "" || v.ref == e.further.ref || loose(v.text) == loose(e.further.text) {
		return
	}
	e.Elsewhere = strings.Trim(e.Elsewhere+"\n"+v.text, "\n")
	e.further = v
}

// ordinalText writes a number column's entry in digits: （一） and ① as 1, 第3项 and
// QY-06-02-017 as they are.
func ordinalText(s string) string {
	bare := strings.Trim(compact(s), "()[].、。'")
	if n := chinese(bare); n > 0 {
		return strconv.Itoa(n)
	}
	return bare
}

// categoryOf returns a problem's category: its own, the section's, or the last
// one given above.
func (s *sheetReader) categoryOf(own value) string {
	path := s.sectionPath()
	if own.text != "" {
		s.category = own.text
	}
	if s.category != "" {
		return s.category
	}
	return path
}

// unclear asks about a row that has content under the header and is neither
// problem nor measure. Numbers that wait for problems are no content.
func (s *sheetReader) unclear(r row) {
	why := "other-columns"
	for _, c := range r.cells {
		column, ok := s.columnOf(c.col)
		switch {
		case !ok:
		case column == NumberColumn || column == CategoryColumn:
			why = "number-only"
		default:
			s.ask(s.placeOf(c, r).question(s.name, column, RowUnclear))
			return
		}
	}
	s.skip(r.n, why, s.textOf(r.cells[0]).text)
}

// columnOf returns what the column at an index holds.
func (s *sheetReader) columnOf(col int) (Column, bool) {
	for column, i := range s.index {
		if i == col {
			return column, true
		}
	}
	return "", false
}

// placeOf returns what a cell says and where it stands.
func (s *sheetReader) placeOf(c cell, r row) value {
	v := s.textOf(c)
	v.ref, v.row = ref(c.col, r.n), r.n
	return v
}
