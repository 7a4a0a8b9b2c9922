package ledger

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"xuncha/inspection"
)

// assign decides which column holds what: what the person chose, then the best
// match of each. Columns that lose are named in warnings, never dropped in
// silence. Two columns of the same name, and a ledger without problems, are for
// the person to settle.
func (h *header) assign(g *grid, o SheetOptions, hidden bool) ([]Warning, error) {
	left, err := h.choose(g, o)
	if err != nil {
		return nil, err
	}
	h.index = map[Column]int{}
	var warnings []Warning
	for _, n := range columnNames {
		w, err := h.best(n.column, left, hidden)
		if err != nil {
			return nil, err
		}
		warnings = append(warnings, w...)
	}
	h.leaderFromPerson(left)
	if _, ok := h.index[ProblemColumn]; !ok {
		return nil, h.missing()
	}
	h.units(g, o)
	return warnings, nil
}

// choose applies the person's choices and returns the columns to leave out.
func (h *header) choose(g *grid, o SheetOptions) (left map[Column]bool, err error) {
	left = map[Column]bool{}
	for _, n := range columnNames {
		letter, ok := o.Columns[n.column]
		if !ok {
			continue
		}
		for i := range h.columns {
			if c := &h.columns[i]; c.Column == n.column && c.Letter != letter && c.Confidence != Chosen {
				c.Column, c.Confidence = "", NoMatch
			}
		}
		if left[n.column] = letter == ""; left[n.column] {
			continue
		}
		col, ok := columnOf(letter)
		if !ok || col >= maxColumns {
			return nil, inspection.Errorf(inspection.Invalid, "columns", "指定的%s列不存在，请重新指定。", n.title)
		}
		c := h.columnAt(g, col)
		c.Column, c.Confidence, c.rank = n.column, Chosen, -1
	}
	return left, nil
}

// columnAt returns the entry of a column, adding one for a column without header.
func (h *header) columnAt(g *grid, col int) *HeaderColumn {
	i, ok := slices.BinarySearchFunc(h.columns, col, func(c HeaderColumn, col int) int { return cmp.Compare(c.index, col) })
	if !ok {
		h.columns = slices.Insert(h.columns, i, HeaderColumn{Letter: letters(col), Hidden: g.isHidden(col), index: col})
	}
	return &h.columns[i]
}

// best settles which of several columns is the one.
func (h *header) best(column Column, left map[Column]bool, hidden bool) ([]Warning, error) {
	var found []*HeaderColumn
	for i := range h.columns {
		if c := &h.columns[i]; c.Column == column {
			found = append(found, c)
		}
	}
	if column == otherColumn || left[column] {
		for _, c := range found {
			c.Column, c.Confidence = "", NoMatch
		}
		return nil, nil
	}
	if !hidden {
		found = slices.DeleteFunc(found, func(c *HeaderColumn) bool { return c.Hidden })
	}
	if len(found) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(found, func(a, b *HeaderColumn) int { return cmp.Compare(a.rank, b.rank) })
	if len(found) > 1 && found[0].rank == found[1].rank && found[0].Header == found[1].Header {
		return nil, sameName(column, found)
	}
	h.index[column] = found[0].index
	var warnings []Warning
	for _, c := range found[1:] {
		c.Column, c.Confidence = "", Extra
		warnings = append(warnings, Warning{
			Cell: ref(c.index, h.to), Code: "column-extra",
			Detail: fmt.Sprintf("%s列“%s”未导入：%s已取自%s列“%s”，如不对请重新指定",
				c.Letter, c.Header, column.title(), found[0].Letter, found[0].Header),
		})
	}
	return warnings, nil
}

func sameName(column Column, found []*HeaderColumn) error {
	var fields []inspection.Field
	var letters []string
	for _, c := range found {
		letters = append(letters, c.Letter)
		fields = append(fields, inspection.Field{
			Pointer: "/columns/" + c.Letter, Code: "same-name", Message: fmt.Sprintf("%s列与另一列同名。", c.Letter),
		})
	}
	return inspection.InvalidFields("columns", fmt.Sprintf("%s列同名，都像“%s”。请指定用哪一列，或改名后重新上传。",
		strings.Join(letters, "、"), column.title()), fields...)
}

// leaderFromPerson lets 责任人 stand for the responsible leader in ledgers that
// have no other column for it.
func (h *header) leaderFromPerson(left map[Column]bool) {
	col, ok := h.index[PersonColumn]
	if _, has := h.index[LeaderColumn]; !ok || has || left[LeaderColumn] {
		return
	}
	for i := range h.columns {
		if c := &h.columns[i]; c.index == col && c.Confidence != Chosen {
			c.Column = LeaderColumn
			h.index[LeaderColumn] = col
			delete(h.index, PersonColumn)
		}
	}
}

// missing says that no column holds the problems, and what the columns that are
// there were taken for.
func (h *header) missing() error {
	var fields []inspection.Field
	for _, c := range h.columns {
		if c.Column == ProblemColumn { // found, but not read
			return inspection.Errorf(inspection.Invalid, "columns",
				"问题列（%s列）是隐藏的。请勾选“包括隐藏内容”，或取消隐藏后重新上传。", c.Letter)
		}
		message := c.Letter + "列没有识别出来。"
		if c.Column != "" {
			message = fmt.Sprintf("%s列是%s。", c.Letter, c.Column.title())
		}
		fields = append(fields, inspection.Field{Pointer: "/columns/" + c.Letter, Code: "found", Message: message})
	}
	return inspection.InvalidFields("columns", "缺少“反馈问题”列，请指定哪一列是问题，或改名后重新上传。", fields...)
}

// unitLine is how a line above the header gives the unit of all amounts.
var unitLine = regexp.MustCompile(`单位[::](?:人民币)?(亿元|百万元|万元|千元|元)`)

// units gives the columns of money the unit that the person, the header or the
// lines above it say.
func (h *header) units(g *grid, o SheetOptions) {
	above := NoUnit
	for _, r := range g.rows {
		if r.n >= h.from {
			break
		}
		for _, c := range r.cells {
			if m := unitLine.FindStringSubmatch(loose(c.text)); m != nil {
				above = Unit(m[1])
			}
		}
	}
	for i := range h.columns {
		c := &h.columns[i]
		switch {
		case c.Column != AmountColumn && c.Column != RecoveredColumn:
			c.Unit = NoUnit
		case o.AmountUnit != NoUnit:
			c.Unit = o.AmountUnit
		default:
			c.Unit = cmp.Or(c.Unit, above)
		}
	}
}

// unit returns the unit of a column of money.
func (h *header) unit(column Column) Unit {
	for _, c := range h.columns {
		if c.Column == column && c.index == h.index[column] {
			return c.Unit
		}
	}
	return NoUnit
}

// mentions reports whether any column looks like this one, hidden or not.
func (h *header) mentions(column Column) bool {
	return slices.ContainsFunc(h.columns, func(c HeaderColumn) bool { return c.Column == column })
}

// width is how many columns the header has.
func (h *header) width() int { return len(h.columns) }

// noHeader says that no sheet is a ledger.
func noHeader(sheets []Sheet) error {
	var fields []inspection.Field
	for i, s := range sheets {
		fields = append(fields, inspection.Field{
			Pointer: fmt.Sprintf("/sheets/%d", i), Code: "no-header", Message: fmt.Sprintf("第 %d 张工作表：%s。", i+1, s.Why),
		})
	}
	return inspection.InvalidFields("columns", "没有找到台账的表头。表头至少要有“反馈问题”“整改措施”等列；"+
		"请修改表头后重新上传，或指定表头所在的行和各列。", fields...)
}
