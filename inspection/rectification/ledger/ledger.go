package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"xuncha/inspection"
)

// Read reads the ledger in the xlsx file r of size bytes.
//
// A file that cannot be read at all is an Invalid error: not-xlsx (the sentence
// names what it is), active-content, archive-limits, too-many-rows,
// too-many-columns, or columns when no header is found or two columns have the
// same name. With a columns error the Reading still lists the sheets, so that
// the person can say which column is which.
func Read(ctx context.Context, r io.ReaderAt, size int64, o Options) (Reading, error) {
	a, err := openArchive(r, size)
	if err != nil {
		return Reading{}, err
	}
	b, err := openBook(a)
	if err != nil {
		return Reading{}, err
	}
	if err := o.known(b); err != nil {
		return Reading{}, err
	}
	read, err := b.readSheets(ctx, o)
	if err != nil && inspection.CodeOf(err) != "columns" {
		return Reading{}, err
	}
	passOver(read, len(o.Sheets) > 0)
	return gather(read), err
}

// sheetResult is what one sheet gave.
type sheetResult struct {
	Sheet
	reading  *Reading // nil if it was not read
	measures bool     // has a column of measures
}

// known refuses names of sheets that are not in the workbook.
func (o Options) known(b *book) error {
	for _, want := range o.Sheets {
		if !slices.ContainsFunc(b.sheets, func(s sheetPart) bool { return s.name == want.Name }) {
			return inspection.Errorf(inspection.Invalid, "columns", "文件里没有所选的工作表，请重新选择。")
		}
	}
	return nil
}

// sheet returns how to read a sheet, and whether it was asked for by name.
func (o Options) sheet(name string) (SheetOptions, bool) {
	i := slices.IndexFunc(o.Sheets, func(s SheetOptions) bool { return s.Name == name })
	if i < 0 {
		return SheetOptions{}, false
	}
	return o.Sheets[i], true
}

// readSheets reads every sheet that may be a ledger. Its error is the first
// that the person must settle.
func (b *book) readSheets(ctx context.Context, o Options) ([]*sheetResult, error) {
	var all []*sheetResult
	var first error
	for _, part := range b.sheets {
		res := &sheetResult{Sheet: Sheet{Name: part.name, Hidden: part.hidden}}
		all = append(all, res)
		settle, err := b.readSheet(ctx, part, o, res)
		if err != nil {
			return all, err
		}
		if first == nil {
			first = settle
		}
	}
	if first == nil && !slices.ContainsFunc(all, func(r *sheetResult) bool { return r.reading != nil }) {
		var sheets []Sheet
		for _, r := range all {
			sheets = append(sheets, r.Sheet)
		}
		first = noHeader(sheets)
	}
	return all, first
}

// readSheet reads one sheet into res, or says there why not. What the person
// must settle about its columns is returned apart from other errors.
func (b *book) readSheet(ctx context.Context, part sheetPart, o Options, res *sheetResult) (settle, err error) {
	so, chosen := o.sheet(part.name)
	switch {
	case !part.grid:
		res.Why = "不是表格（图表或对话框）"
		return nil, nil
	case len(o.Sheets) > 0 && !chosen:
		res.Why = "未选择"
		return nil, nil
	case part.hidden && !chosen && !o.IncludeHidden:
		res.Why = "工作表是隐藏的，勾选后才导入"
		return nil, nil
	}
	g, err := b.readGrid(ctx, part)
	if err != nil {
		return nil, err
	}
	res.Filtered = g.filtered
	h := g.findHeader(so)
	if h == nil {
		res.Why, res.Sample = g.noHeader(), g.sample()
		return nil, nil
	}
	warnings, settle := h.assign(g, so, o.IncludeHidden)
	res.describe(g, h)
	if settle != nil {
		if e, ok := errors.AsType[*inspection.Error](settle); ok {
			res.Why, res.Sample = e.Detail, g.sample()
		}
		if !chosen && len(b.sheets) > 1 && !h.mentions(ProblemColumn) {
			return nil, nil // one of several sheets that has no problems is not the ledger
		}
		return settle, nil
	}
	res.reading = newSheetReader(b, g, h, part.name, o).readRows()
	for _, w := range warnings {
		w.Sheet = part.name
		res.reading.Warnings = append(res.reading.Warnings, w)
	}
	res.done()
	return nil, nil
}

func (g *grid) noHeader() string {
	if len(g.rows) == 0 {
		return "空表"
	}
	return "没有找到表头"
}

// describe fills in what the header and the hidden parts are.
func (res *sheetResult) describe(g *grid, h *header) {
	res.HeaderFrom, res.HeaderTo, res.Columns = h.from, h.to, h.columns
	for _, c := range h.columns {
		if c.Hidden {
			res.HiddenColumns++
		}
	}
	for _, r := range g.rows {
		if r.hidden && r.n > h.to {
			res.HiddenRows++
		}
	}
	_, res.measures = h.index[MeasureColumn]
}

func (res *sheetResult) done() {
	res.Read = true
	res.Problems = len(res.reading.Problems)
	for _, p := range res.reading.Problems {
		res.Measures += len(p.Measures)
	}
	if res.Problems == 0 {
		res.reading.Warnings = append(res.reading.Warnings, Warning{
			Sheet: res.Name, Code: "no-problems", Detail: "表头下面没有问题",
		})
	}
}

// passOver takes back sheets that only show again what another one says in
// full: a list of problems beside the ledger, or a copy. The person may name
// them to have them read.
func passOver(all []*sheetResult, chosen bool) {
	if chosen {
		return
	}
	seen := map[string]string{} // problem to sheet
	full := slices.IndexFunc(all, func(r *sheetResult) bool { return r.reading != nil && r.measures && r.Problems > 0 })
	for _, r := range all {
		if r.reading == nil {
			continue
		}
		if full >= 0 && !r.measures {
			r.leave("没有“整改措施”列，已读取工作表“%s”；需要时请单独选择", all[full].Name)
			continue
		}
		if first, ok := r.repeats(seen); ok {
			r.leave("%d 个问题在工作表“%s”中都有，未重复读取；需要时请单独选择", r.Problems, first)
			continue
		}
		for _, p := range r.reading.Problems {
			if seen[loose(p.Text)] == "" {
				seen[loose(p.Text)] = r.Name
			}
		}
	}
}

// repeats reports whether all problems of a sheet stand in sheets before it.
func (res *sheetResult) repeats(seen map[string]string) (string, bool) {
	first := ""
	for _, p := range res.reading.Problems {
		if first = seen[loose(p.Text)]; first == "" {
			return "", false
		}
	}
	return first, first != ""
}

func (res *sheetResult) leave(format string, args ...any) {
	res.Why = fmt.Sprintf(format, args...)
	res.reading, res.Read, res.Problems, res.Measures = nil, false, 0, 0
}

// gather puts the sheets' readings together.
func gather(all []*sheetResult) Reading {
	out := Reading{
		Problems: []Problem{}, Questions: []Question{}, Warnings: []Warning{}, Sheets: []Sheet{},
		Filled: []Filled{}, Skipped: []Skipped{},
	}
	for _, r := range all {
		if r.Columns == nil {
			r.Columns = []HeaderColumn{}
		}
		out.Sheets = append(out.Sheets, r.Sheet)
		if r.reading == nil {
			continue
		}
		out.doubtAcross(r.reading)
		out.Problems = append(out.Problems, r.reading.Problems...)
		out.Questions = append(out.Questions, r.reading.Questions...)
		out.Warnings = append(out.Warnings, r.reading.Warnings...)
		out.Filled = append(out.Filled, r.reading.Filled...)
		out.Skipped = append(out.Skipped, r.reading.Skipped...)
		out.Totals.Measures += r.Measures
	}
	out.Totals.Problems, out.Totals.Questions, out.Totals.Warnings = len(out.Problems), len(out.Questions), len(out.Warnings)
	return out
}

// doubtAcross asks about problems of a further sheet that an earlier one has.
func (out *Reading) doubtAcross(further *Reading) {
	seen := map[string]string{}
	for _, p := range out.Problems {
		seen[loose(p.Text)] = p.Sheet + "!" + p.Cell
	}
	for _, p := range further.Problems {
		first, ok := seen[loose(p.Text)]
		if !ok || strings.TrimSpace(p.Text) == "" {
			continue
		}
		q := value{text: p.Text, ref: p.Cell, row: p.Row}.question(p.Sheet, ProblemColumn, DuplicateProblem, first)
		q.Choices = keepOrSkip
		further.Questions = append(further.Questions, q)
	}
}
