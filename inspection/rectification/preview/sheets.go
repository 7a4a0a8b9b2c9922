package preview

import (
	"bytes"
	"context"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook's preview.
const (
	maxSheets = 30
	maxRows   = 500      // of one sheet
	maxCells  = 40_000   // of all sheets
	maxMerges = 4 << 20  // bytes of the largest part, for merged cells to be looked at: that reads all of a sheet into memory
	maxSheet  = 32 << 20 // bytes of one sheet, unpacked
)

// sheets reads the sheets of an xlsx as tables: the values as the cells show them,
// which the file keeps also for formulas. Nothing is calculated. Hidden sheets
// stand with the others and are called so.
func (d *document) sheets(ctx context.Context, content []byte) error {
	p, err := open(content)
	if err != nil {
		return err
	}
	largest := uint64(0)
	for _, f := range p.parts {
		largest = max(largest, f.UncompressedSize64)
	}
	if largest > maxSheet {
		return errTooLarge
	}
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxPart / 2,
	})
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	names := f.GetSheetList()
	if len(names) > maxSheets {
		names, d.Cut = names[:maxSheets], true
	}
	cells := 0
	for _, name := range names {
		var merges [][4]int
		if largest <= maxMerges {
			merges = mergesOf(f, name)
		}
		g, err := d.sheet(ctx, f, name, merges, &cells)
		if err != nil {
			return err
		}
		title := name
		if visible, err := f.GetSheetVisible(name); err == nil && !visible {
			title += "（隐藏）"
		}
		d.Parts = append(d.Parts, part{Title: title, Grid: g})
	}
	return nil
}

// sheet reads the first rows of one sheet.
func (d *document) sheet(ctx context.Context, f *excelize.File, name string, merges [][4]int, cells *int) (*grid, error) {
	rows, err := f.Rows(name)
	if err != nil {
		return nil, nil //nolint:nilerr // a sheet of charts has no rows
	}
	defer func() { _ = rows.Close() }()
	g := &grid{Sheet: true}
	width, n := 0, 0
	for rows.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n++
		values, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		if len(values) == 0 {
			continue
		}
		if len(g.Rows) >= maxRows || *cells >= maxCells || d.text > maxText {
			d.Cut = true
			break
		}
		if len(values) > maxColumns {
			values, d.Cut = values[:maxColumns], true
		}
		row := gridRow{Number: n, Cells: make([]cell, len(values))}
		for i, v := range values {
			row.Cells[i].Text = v
			d.text += utf8.RuneCountInString(v)
		}
		*cells += len(values)
		width = max(width, len(values))
		g.Rows = append(g.Rows, row)
	}
	if err := rows.Error(); err != nil {
		return nil, err
	}
	if len(g.Rows) == 0 {
		return nil, nil
	}
	return g.squared(width, merges), nil
}

// squared gives every row the same columns and takes the cells away that lie under
// merged ones.
func (g *grid) squared(width int, merges [][4]int) *grid {
	at := map[int]int{} // a sheet's row to ours
	for i := range g.Rows {
		g.Rows[i].Cells = append(g.Rows[i].Cells, make([]cell, width-len(g.Rows[i].Cells))...)
		at[g.Rows[i].Number] = i
	}
	for column := range width {
		name, _ := excelize.ColumnNumberToName(column + 1) // small
		g.Heads = append(g.Heads, name)
	}
	under := map[[2]int]bool{}
	for _, m := range merges {
		left, top, right, bottom := m[0], m[1], min(m[2], width), m[3]
		first, ok := at[top]
		if !ok || left > width {
			continue
		}
		spans := 0
		for row := top; row <= bottom; row++ {
			i, ok := at[row]
			if !ok {
				break // an empty row is not shown
			}
			spans++
			for column := left; column <= right; column++ {
				under[[2]int{i, column - 1}] = true
			}
		}
		under[[2]int{first, left - 1}] = false
		c := &g.Rows[first].Cells[left-1]
		c.Cols, c.Rows = right-left+1, spans
	}
	for i := range g.Rows {
		kept := g.Rows[i].Cells[:0:0]
		for column, c := range g.Rows[i].Cells {
			if !under[[2]int{i, column}] {
				kept = append(kept, c)
			}
		}
		g.Rows[i].Cells = kept
	}
	return g
}

// mergesOf lists the merged cells of a sheet: left, top, right, bottom, from 1.
func mergesOf(f *excelize.File, name string) (all [][4]int) {
	merges, err := f.GetMergeCells(name)
	if err != nil {
		return nil
	}
	for _, m := range merges[:min(len(merges), maxRows)] {
		left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			continue
		}
		right, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err == nil && right >= left && bottom >= top {
			all = append(all, [4]int{left, top, right, min(bottom, top+maxRows)})
		}
	}
	return all
}
