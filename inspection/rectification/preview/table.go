package preview

import "encoding/xml"

// maxColumns is how many columns of a table are shown.
const maxColumns = 60

// wordCell is a cell with how it stands to the one above.
type wordCell struct {
	cell
	merge string // restart, continue, or empty
}

func (w *wordReader) table(r *reader, into *[]block, depth int) error {
	var rows [][]wordCell
	if err := w.rows(r, &rows, depth); err != nil {
		return err
	}
	if len(rows) > 0 && w.d.room(0) {
		*into = append(*into, block{Table: merged(rows)})
	}
	return nil
}

func (w *wordReader) rows(r *reader, rows *[][]wordCell, depth int) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		switch {
		case w.full:
			return r.skip()
		case e.Name.Local == "tr":
			var row []wordCell
			err := w.cells(r, &row, depth)
			*rows = append(*rows, row)
			return err
		case holds(e):
			return w.rows(r, rows, depth)
		}
		return r.skip()
	})
}

func (w *wordReader) cells(r *reader, row *[]wordCell, depth int) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		switch {
		case e.Name.Local == "tc" && len(*row) < maxColumns:
			c := wordCell{}
			err := w.cell(r, &c, depth)
			*row = append(*row, c)
			return err
		case holds(e):
			return w.cells(r, row, depth)
		}
		return r.skip()
	})
}

func (w *wordReader) cell(r *reader, c *wordCell, depth int) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		switch {
		case e.Name.Local == "tcPr":
			return c.properties(r)
		case w.full:
			return r.skip()
		case e.Name.Local == "p":
			return w.paragraph(r, &c.Blocks, depth)
		case e.Name.Local == "tbl" && depth < maxDepth:
			return w.table(r, &c.Blocks, depth+1)
		case holds(e):
			return w.blocks(r, &c.Blocks, depth)
		}
		return r.skip()
	})
}

func (c *wordCell) properties(r *reader) error {
	return r.each(func(r *reader, e xml.StartElement) error {
		switch e.Name.Local {
		case "gridSpan":
			c.Cols = min(max(number(e, "val"), 1), maxColumns)
		case "vMerge":
			if c.merge = value(e, "val"); c.merge == "" {
				c.merge = "continue"
			}
		}
		return r.skip()
	})
}

// merged makes one cell of those that go on below each other.
func merged(rows [][]wordCell) *grid {
	g := &grid{Rows: make([]gridRow, len(rows))}
	began := map[int][2]int{} // by column: row and place of the cell that goes on
	for i, row := range rows {
		column := 0
		for _, c := range row {
			at := column
			column += max(c.Cols, 1)
			if origin, ok := began[at]; ok && c.merge == "continue" {
				first := &g.Rows[origin[0]].Cells[origin[1]]
				first.Rows = i - origin[0] + 1
				continue
			}
			delete(began, at)
			if c.merge == "restart" {
				began[at] = [2]int{i, len(g.Rows[i].Cells)}
			}
			g.Rows[i].Cells = append(g.Rows[i].Cells, c.cell)
		}
	}
	return g
}
