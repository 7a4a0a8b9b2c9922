package ledger

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A header lies within the first rows of a sheet, has at most so many rows of
// its own, and its cells are short.
const (
	headerWithin = 60
	headerRows   = 3
	headerRunes  = 24
)

// header is where a sheet's header stands and which column holds what.
type header struct {
	from, to int
	columns  []HeaderColumn
	index    map[Column]int // of the columns that are read
	names    map[string]int // what the header's cells say, for finding it again further down
}

// findHeader looks for the header, or takes the rows that the person named. It
// returns nil if nothing looks like one.
func (g *grid) findHeader(o SheetOptions) *header {
	if o.HeaderFrom > 0 {
		return g.headerAt(o.HeaderFrom, max(o.HeaderFrom, min(o.HeaderTo, o.HeaderFrom+headerRows-1)))
	}
	var best *header
	score := 0
	for i, r := range g.rows {
		if i == headerWithin {
			break
		}
		h := g.headerAt(r.n, g.headerBottom(r))
		s := h.score()
		if s > score || s == score && best != nil && h.to-h.from < best.to-best.from {
			best, score = h, s // a title merged over a header adds nothing to it
		}
	}
	return best
}

// headerBottom returns the last row of a header that begins in r: as far as its
// merged cells reach, or one more where names stand only under merged ones.
func (g *grid) headerBottom(r row) int {
	bottom := r.n
	var groups []area
	for _, c := range r.cells {
		m, ok := g.merges.at(c.col, r.n)
		if !ok || m.top != r.n {
			continue
		}
		if m.bottom < r.n+headerRows {
			bottom = max(bottom, m.bottom)
		}
		if m.right > m.left && m.bottom == m.top {
			groups = append(groups, m)
		}
	}
	under, ok := g.rowAt(r.n + 1)
	if bottom > r.n || !ok || len(groups) == 0 {
		return bottom
	}
	for _, c := range under.cells {
		in := slices.ContainsFunc(groups, func(m area) bool { return m.left <= c.col && c.col <= m.right })
		if !in || matchOne(c.text).column == "" {
			return bottom
		}
	}
	return r.n + 1
}

// headerAt reads rows from..to as a header.
func (g *grid) headerAt(from, to int) *header {
	h := &header{from: from, to: to, names: map[string]int{}}
	parts := map[int][]string{}
	for n := from; n <= to; n++ {
		for col := range maxColumns {
			s, own := g.headerText(col, n, from)
			if s == "" || utf8.RuneCountInString(s) > headerRunes {
				continue
			}
			if p := parts[col]; len(p) == 0 || p[len(p)-1] != s {
				parts[col] = append(p, s)
			}
			if own {
				h.names[loose(s)]++
			}
		}
	}
	for col := range maxColumns {
		if p := parts[col]; len(p) > 0 {
			m := matchHeader(p)
			h.columns = append(h.columns, HeaderColumn{
				Letter: letters(col), Header: oneLine(strings.Join(p, "/")), Column: m.column, Confidence: m.confidence,
				Unit: unitIn(strings.Join(p, "")), Hidden: g.isHidden(col), index: col, rank: m.rank,
			})
		}
	}
	return h
}

// headerText is what the header says at a place, itself or as part of a merged
// cell, and whether itself.
func (g *grid) headerText(col, n, from int) (string, bool) {
	own := true
	if m, ok := g.merges.at(col, n); ok && m.top >= from {
		own = m.left == col && m.top == n
		col, n = m.left, m.top
	}
	r, _ := g.rowAt(n)
	c, ok := r.own(col)
	if !ok || c.kind != words {
		return "", false
	}
	return cleanText(c.text), own
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), "") }

// score is how much h looks like the header of a ledger; 0 is not at all.
func (h *header) score() int {
	found := map[Column]int{}
	for _, c := range h.columns {
		switch c.Confidence {
		case Exact:
			found[c.Column] = 2
		case Likely:
			found[c.Column] = max(found[c.Column], 1)
		}
	}
	delete(found, otherColumn)
	if found[ProblemColumn]+found[MeasureColumn] == 0 || len(found) < 3 {
		return 0
	}
	sum := 0
	for _, n := range found {
		sum += n
	}
	return sum
}

// sample shows the first rows to a person who has to find the header.
func (g *grid) sample() []SampleRow {
	var rows []SampleRow
	for _, r := range g.rows[:min(len(g.rows), 10)] {
		cells := make([]string, 0, len(r.cells))
		for _, c := range r.cells {
			for len(cells) < c.col {
				cells = append(cells, "")
			}
			cells = append(cells, short(cleanText(c.text)))
		}
		rows = append(rows, SampleRow{r.n, cells})
	}
	return rows
}
