package ledger

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"xuncha/inspection"
)

// grid is one worksheet: the rows that have content, what is merged, and what
// is hidden. Formatting alone leaves no trace in it.
type grid struct {
	rows       []row
	merges     merges
	hiddenCols []span
	filtered   bool // rows are hidden by a filter that is on
}

// row is a row with content; cells are in the order of their columns.
type row struct {
	n      int // as Excel counts, from 1
	hidden bool
	cells  []cell
}

// cell is a cell with content.
type cell struct {
	col    int // from 0
	kind   kind
	format format
	text   string // the words, or the number's digits as the file has them
}

// kind is what a cell holds.
type kind uint8

const (
	words      kind = iota
	number          // text holds its digits
	truth           // TRUE or FALSE
	failure         // #REF! and its like
	uncomputed      // a formula whose result the file does not hold
)

// span is a range of columns, both ends included.
type span struct{ from, to int }

// readGrid reads one worksheet in one pass.
func (b *book) readGrid(ctx context.Context, s sheetPart) (*grid, error) {
	in, err := b.stream(s.part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r := gridReader{book: b, tags: newTags(in, &b.tagsLeft), nth: s.nth, grid: &grid{}}
	if err := r.read(ctx); err != nil {
		return nil, broken(err)
	}
	r.grid.tidy()
	return r.grid, nil
}

// gridReader is the state of one pass.
type gridReader struct {
	*book
	*tags
	nth  int // of the sheet
	grid *grid
	row  row
	next int // column of a cell that does not say where it stands
	done bool
}

func (r *gridReader) read(ctx context.Context) error {
	for {
		g, err := r.tags.next(false)
		if errors.Is(err, io.EOF) {
			if !r.done {
				return errXML // cut off
			}
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.one(ctx, g); err != nil {
			return err
		}
	}
}

func (r *gridReader) one(ctx context.Context, g tag) error {
	switch {
	case g.name == "c" && g.empty:
		return r.place(g)
	case g.name == "c" && !g.end:
		return r.cell(g)
	case g.name == "row" && g.end:
		return r.endRow(ctx)
	case g.name == "row":
		return r.startRow(g)
	case g.name == "mergeCell" && !g.end:
		return r.merge(g)
	case g.name == "col" && !g.end:
		r.column(g)
	case g.name == "filterColumn":
		r.grid.filtered = true
	case g.name == "worksheet" && g.end:
		r.done = true
	}
	return nil
}

func (r *gridReader) startRow(g tag) error {
	n := r.row.n + 1
	if v, ok := g.raw("r"); ok {
		var err error
		if n, err = strconv.Atoi(string(v)); err != nil || n < 1 {
			return errXML
		}
	}
	if n > 1<<20 {
		return errXML
	}
	height, ok := g.raw("ht")
	r.row = row{n: n, hidden: g.flag("hidden") || ok && string(height) == "0"}
	r.next = 0
	return nil
}

func (r *gridReader) endRow(ctx context.Context) error {
	if len(r.row.cells) == 0 {
		return nil
	}
	if len(r.grid.rows) == maxRows {
		return inspection.Errorf(inspection.Invalid, "too-many-rows",
			"未能读取：第 %d 张工作表超过 %d 行。请只保留台账内容，或拆成几个文件后上传。", r.nth, maxRows)
	}
	r.grid.rows = append(r.grid.rows, r.row)
	r.row.cells = nil
	return ctx.Err()
}

// place moves to the column of the cell that g opens.
func (r *gridReader) place(g tag) error {
	if v, ok := g.raw("r"); ok {
		end := len(v)
		for end > 0 && v[end-1] <= '9' {
			end--
		}
		col, ok := columnOf(string(v[:end]))
		if !ok {
			return errXML
		}
		r.next = col
	}
	r.next++
	return nil
}

// cell reads a cell that may have content.
func (r *gridReader) cell(g tag) error {
	if err := r.place(g); err != nil {
		return err
	}
	c := cell{col: r.next - 1}
	if v, ok := g.attr("s"); ok {
		if i, err := strconv.Atoi(v); err == nil && i >= 0 && i < len(r.formats) {
			c.format = r.formats[i]
		}
	}
	kind, _ := g.attr("t")
	found, err := r.content()
	if err != nil {
		return err
	}
	if err := r.resolve(&c, kind, found); err != nil {
		return err
	}
	if c.kind != uncomputed && blank(c.text) {
		return nil
	}
	return r.add(c)
}

func (r *gridReader) add(c cell) error {
	if c.col >= maxColumns {
		return inspection.Errorf(inspection.Invalid, "too-many-columns",
			"未能读取：第 %d 张工作表的 %s 单元格还有内容，超过 %d 列。请删去多余的列后重新上传。",
			r.nth, ref(c.col, r.row.n), maxColumns)
	}
	if r.cells++; r.cells > maxCells {
		return errTooLarge
	}
	r.row.cells = append(r.row.cells, c)
	return r.keep(len(c.text))
}

// content is what stands between <c> and </c>.
type content struct {
	value   string
	inline  string
	has     bool // a value, be it empty
	formula bool
}

func (r *gridReader) content() (content, error) {
	var found content
	phonetic := false
	for {
		g, err := r.tags.next(true)
		if errors.Is(err, io.EOF) {
			return found, errXML // cut off
		}
		if err != nil {
			return found, err
		}
		switch {
		case len(found.inline) > maxText:
			return found, errTooLarge
		case g.name == "c" && g.end:
			return found, nil
		case g.name == "v":
			found.has = true
			if g.end {
				found.value = r.take()
			}
		case g.name == "rPh":
			phonetic = !g.end && !g.empty
		case g.name == "t" && g.end && !phonetic:
			found.inline += r.take()
		case g.name == "f":
			found.formula = true
			if g.end && callsOut(r.take()) {
				return found, activeContent("调用其他程序的公式（DDE）", "删除该公式并另存为 xlsx")
			}
		}
	}
}

// callsOut recognises a formula that starts a program: cmd|'/c calc'!A1.
func callsOut(formula string) bool {
	program, rest, ok := strings.Cut(formula, "|")
	return ok && !strings.ContainsRune(program, '"') && strings.ContainsRune(rest, '!')
}

// resolve turns what the file says about a cell into its kind and text.
func (r *gridReader) resolve(c *cell, kind string, found content) error {
	c.text = found.value
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(found.value))
		if err != nil || i < 0 || i >= len(r.strings) {
			return errXML
		}
		c.text = r.strings[i]
	case "inlineStr":
		c.text = found.inline
	case "str", "d":
	case "b":
		c.kind, c.text = truth, map[string]string{"0": "FALSE", "1": "TRUE"}[found.value]
	case "e":
		c.kind = failure
	default:
		c.kind, c.text = number, strings.TrimSpace(found.value)
	}
	// A result of no letters is a result when the cell is one of text.
	if found.formula && (!found.has || c.text == "" && kind != "str") {
		c.kind, c.text = uncomputed, ""
	}
	return nil
}

func (r *gridReader) column(g tag) {
	width, ok := g.attr("width")
	if !g.flag("hidden") && !(ok && width == "0") {
		return
	}
	from, to := 0, 0
	if v, ok := g.attr("min"); ok {
		from, _ = strconv.Atoi(v)
	}
	if v, ok := g.attr("max"); ok {
		to, _ = strconv.Atoi(v)
	}
	r.grid.hiddenCols = append(r.grid.hiddenCols, span{from - 1, to - 1})
}

func (r *gridReader) merge(g tag) error {
	v, _ := g.attr("ref")
	m, ok := parseRange(v)
	if !ok {
		return nil // merges nothing
	}
	return r.grid.merges.add(m)
}

// tidy puts rows and cells into order: nearly all files have them so already.
func (g *grid) tidy() {
	byRow := func(a, b row) int { return cmp.Compare(a.n, b.n) }
	if !slices.IsSortedFunc(g.rows, byRow) {
		slices.SortStableFunc(g.rows, byRow)
	}
	byCol := func(a, b cell) int { return cmp.Compare(a.col, b.col) }
	for _, r := range g.rows {
		if !slices.IsSortedFunc(r.cells, byCol) {
			slices.SortStableFunc(r.cells, byCol)
		}
	}
	g.merges.sort()
}

// own returns the cell that stands at a place itself.
func (r row) own(col int) (cell, bool) {
	i, ok := slices.BinarySearchFunc(r.cells, col, func(c cell, col int) int { return cmp.Compare(c.col, col) })
	if !ok {
		return cell{}, false
	}
	return r.cells[i], true
}

// rowAt returns the row numbered n.
func (g *grid) rowAt(n int) (row, bool) {
	i, ok := slices.BinarySearchFunc(g.rows, n, func(r row, n int) int { return cmp.Compare(r.n, n) })
	if !ok {
		return row{}, false
	}
	return g.rows[i], true
}

// isHidden reports whether a column is hidden.
func (g *grid) isHidden(col int) bool {
	return slices.ContainsFunc(g.hiddenCols, func(s span) bool { return s.from <= col && col <= s.to })
}
