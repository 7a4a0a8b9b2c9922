package ledger

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// area is a rectangle of cells, all four ends included. Rows count from 1,
// columns from 0.
type area struct {
	top, bottom int
	left, right int
}

func (a area) String() string { return ref(a.left, a.top) + ":" + ref(a.right, a.bottom) }

// merges are the merged ranges of a sheet, found by any cell in them.
type merges struct {
	all   []area
	byCol [maxColumns][]int32 // into all, by top; merged ranges do not overlap
	width int                 // of all together
}

func (m *merges) add(a area) error {
	a.right = min(a.right, maxColumns-1)
	if a.left > a.right {
		return nil // out where no content is
	}
	if m.width += a.right - a.left + 1; m.width > maxMerges {
		return errTooLarge
	}
	for col := a.left; col <= a.right; col++ {
		m.byCol[col] = append(m.byCol[col], int32(len(m.all)))
	}
	m.all = append(m.all, a)
	return nil
}

func (m *merges) sort() {
	for _, col := range m.byCol {
		slices.SortStableFunc(col, func(a, b int32) int { return cmp.Compare(m.all[a].top, m.all[b].top) })
	}
}

// at returns the merged range that covers a cell.
func (m *merges) at(col, n int) (area, bool) {
	in := m.byCol[col]
	i, _ := slices.BinarySearchFunc(in, n+1, func(a int32, n int) int { return cmp.Compare(m.all[a].top, n) })
	if i == 0 || m.all[in[i-1]].bottom < n {
		return area{}, false
	}
	return m.all[in[i-1]], true
}

// ref writes a cell's name, as in "C5".
func ref(col, n int) string { return letters(col) + strconv.Itoa(n) }

// letters writes a column's name, as in "C".
func letters(col int) string {
	var s string
	for col++; col > 0; col = (col - 1) / 26 {
		s = string(rune('A'+(col-1)%26)) + s
	}
	return s
}

// columnOf reads a column's name.
func columnOf(s string) (int, bool) {
	if s == "" || len(s) > 3 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		c := s[i] &^ 0x20 // upper case
		if c < 'A' || c > 'Z' {
			return 0, false
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1, n <= 16_384
}

// parseRange reads "A1:C2".
func parseRange(s string) (area, bool) {
	from, to, ok := strings.Cut(strings.ReplaceAll(s, "$", ""), ":")
	if !ok {
		return area{}, false
	}
	var a area
	var ok1, ok2 bool
	a.left, a.top, ok1 = parseRef(from)
	a.right, a.bottom, ok2 = parseRef(to)
	return a, ok1 && ok2 && a.top <= a.bottom && a.left <= a.right
}

func parseRef(s string) (col, n int, ok bool) {
	name := strings.TrimRight(s, "0123456789")
	col, ok = columnOf(name)
	n, err := strconv.Atoi(s[len(name):])
	return col, n, ok && err == nil && n >= 1 && n <= 1<<20
}
