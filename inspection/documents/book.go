package documents

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
)

// Fen is money. It stands in a workbook as yuan with two places.
type Fen int64

// Left is how many days are left, negative when overdue. It stands in a workbook as
// a number that reads 「剩 3 天」 or 「逾期 36 天」, and so sorts.
type Left int

// mark is who took a list out, when, and under which number the journal has it.
type mark struct {
	name, role, office string
	at                 time.Time
	id                 string
}

// line is the mark as people read it.
func (m mark) line() string {
	return fmt.Sprintf("内部  导出人：%s（%s）  %s  %s  导出编号：%s", m.name, m.role, m.office, m.minute(), m.id)
}

func (m mark) minute() string { return m.at.In(inspection.Zone).Format("2006-01-02 15:04") }

// layout is what a workbook looks like on paper.
type layout struct {
	title  string
	widths []float64
	head   []string
	frozen int  // columns that stay in sight
	paper  int  // 8 is A3, 9 is A4
	filter bool // a filter on every column, for analysis
}

// headRow is the row of the header: below the title and the mark.
const headRow = 3

// book is a workbook being written, row by row.
type book struct {
	file   *excelize.File
	out    *excelize.StreamWriter
	layout layout
	styles styles
	sheet  string
	row    int
	behind []sheet // further sheets: what the rows add up to
}

// sheet is a small table behind the list, without its head and filters.
type sheet struct {
	name   string
	widths []float64
	rows   [][]any
}

type styles struct{ title, mark, head, text, quoted, count, money, left, day int }

// newBook returns a workbook with its title, its mark and its header.
func newBook(l layout, m mark) (*book, error) {
	b := &book{file: excelize.NewFile(), layout: l, sheet: l.title, row: headRow}
	for _, step := range []func() error{
		func() error { return b.file.SetSheetName("Sheet1", b.sheet) },
		func() error { return b.properties(m) },
		func() error { return b.page(m) },
		b.addStyles,
		b.open,
		func() error { return b.heads(m) },
	} {
		if err := step(); err != nil {
			b.close()
			return nil, fmt.Errorf("workbook: %w", err)
		}
	}
	return b, nil
}

func (b *book) properties(m mark) error {
	at := m.at.UTC().Format(time.RFC3339)
	if err := b.file.SetAppProps(&excelize.AppProperties{Application: "xuncha", Company: m.office}); err != nil {
		return err
	}
	return b.file.SetDocProps(&excelize.DocProperties{
		Title: b.layout.title, Subject: "内部", Creator: m.name, LastModifiedBy: m.name, Description: m.line(),
		Identifier: m.id, Created: at, Modified: at, Language: "zh-CN",
	})
}

// page sets paper, margins, and what is printed on every page.
func (b *book) page(m mark) error {
	l := b.layout
	plain := func(s string) string { return strings.ReplaceAll(s, "&", "&&") }
	steps := []error{
		b.file.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{
			Size: &l.paper, Orientation: new("landscape"), FitToWidth: new(1), FitToHeight: new(0),
		}),
		b.file.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: new(true)}),
		b.file.SetPageMargins(b.sheet, &excelize.PageLayoutMarginsOptions{
			Left: new(0.4), Right: new(0.4), Top: new(0.6), Bottom: new(0.6), Header: new(0.3), Footer: new(0.3),
		}),
		b.file.SetHeaderFooter(b.sheet, &excelize.HeaderFooterOptions{
			OddHeader: "&L内部&R" + plain(m.office+" "+m.name) + " " + m.minute(),
			OddFooter: "&L" + m.id + "&R第 &P 页 共 &N 页",
		}),
		b.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", b.sheet, headRow, headRow), Scope: b.sheet,
		}),
	}
	for _, err := range steps {
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *book) addStyles() (err error) {
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Style: 1, Color: "BFBFBF"})
	}
	wrapped := &excelize.Alignment{Vertical: "top", WrapText: true}
	// What is as wide as its column keeps off the text of the next one.
	figures := &excelize.Alignment{Vertical: "top", Horizontal: "right", Indent: 1}
	middle := &excelize.Alignment{Vertical: "top", Horizontal: "center"}
	style := func(s excelize.Style) (id int) {
		if err == nil {
			id, err = b.file.NewStyle(&s)
		}
		return id
	}
	const asText = 49 // @
	b.styles = styles{
		title: style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Vertical: "center"}}),
		mark:  style(excelize.Style{Font: &excelize.Font{Size: 9, Color: "595959"}}),
		head: style(excelize.Style{
			Font: &excelize.Font{Bold: true}, Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7ECF3"}},
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
		}),
		text:   style(excelize.Style{Border: border, Alignment: wrapped, NumFmt: asText}),
		quoted: style(excelize.Style{Border: border, Alignment: wrapped, NumFmt: asText, Protection: &excelize.Protection{}}),
		count:  style(excelize.Style{Border: border, Alignment: figures, NumFmt: 3}),
		money:  style(excelize.Style{Border: border, Alignment: figures, NumFmt: 4}),
		left:   style(excelize.Style{Border: border, Alignment: middle, CustomNumFmt: new(`"剩 "0" 天";"逾期 "0" 天";"今天到期"`)}),
		day:    style(excelize.Style{Border: border, Alignment: middle, CustomNumFmt: new("yyyy-mm-dd")}),
	}
	if err == nil {
		// What a leading apostrophe is when a person types it: no part of the text.
		b.file.Styles.CellXfs.Xf[b.styles.quoted].QuotePrefix = new(true)
	}
	return err
}

// open begins the sheet. Columns and panes come before the first row.
func (b *book) open() (err error) {
	if b.out, err = b.file.NewStreamWriter(b.sheet); err != nil {
		return err
	}
	for i, width := range b.layout.widths {
		if err := b.out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	corner, err := excelize.CoordinatesToCellName(b.layout.frozen+1, headRow+1)
	if err != nil {
		return err
	}
	return b.out.SetPanes(&excelize.Panes{
		Freeze: true, XSplit: b.layout.frozen, YSplit: headRow, TopLeftCell: corner, ActivePane: "bottomRight",
	})
}

func (b *book) heads(m mark) error {
	if err := b.out.SetRow("A1", []any{excelize.Cell{StyleID: b.styles.title, Value: b.layout.title}}, excelize.RowOpts{Height: 28}); err != nil {
		return err
	}
	if err := b.out.SetRow("A2", []any{excelize.Cell{StyleID: b.styles.mark, Value: m.line()}}); err != nil {
		return err
	}
	head := make([]any, len(b.layout.head))
	for i, title := range b.layout.head {
		head[i] = excelize.Cell{StyleID: b.styles.head, Value: title}
	}
	return b.out.SetRow(fmt.Sprintf("A%d", headRow), head, excelize.RowOpts{Height: 32})
}

// add writes one row that is so many lines of text high.
func (b *book) add(values []any, lines int) error {
	b.row++
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = b.cell(v)
	}
	height := math.Min(float64(lines)*16+3, 400) // a row has no more than 409 points
	return b.out.SetRow(fmt.Sprintf("A%d", b.row), cells, excelize.RowOpts{Height: height})
}

// merge makes one cell of a column's last n rows.
func (b *book) merge(column, n int) error {
	top, err := excelize.CoordinatesToCellName(column+1, b.row-n+1)
	if err != nil {
		return err
	}
	bottom, err := excelize.CoordinatesToCellName(column+1, b.row)
	if err != nil {
		return err
	}
	return b.out.MergeCell(top, bottom)
}

// cell gives a value the style of its kind. A nil leaves the cell empty.
func (b *book) cell(v any) excelize.Cell {
	switch v := v.(type) {
	case string:
		if inspection.FormulaLike(v) {
			return excelize.Cell{StyleID: b.styles.quoted, Value: v}
		}
		return excelize.Cell{StyleID: b.styles.text, Value: v}
	case Fen:
		return excelize.Cell{StyleID: b.styles.money, Value: float64(v) / 100}
	case int:
		return excelize.Cell{StyleID: b.styles.count, Value: v}
	case Left:
		return excelize.Cell{StyleID: b.styles.left, Value: int(v)}
	case inspection.Day:
		y, m, d := v.Date()
		return excelize.Cell{StyleID: b.styles.day, Value: time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
	}
	return excelize.Cell{StyleID: b.styles.text}
}

// linesOf estimates on how many lines a text stands in a column. A Chinese
// character is as wide as two digits, by which widths are counted.
func linesOf(s string, width float64) int {
	lines := 0
	for paragraph := range strings.Lines(s) {
		n := 0.0
		for _, r := range paragraph {
			n++
			if r > 0x2e7f {
				n++
			}
		}
		lines += max(1, int(math.Ceil(n/(width-1))))
	}
	return max(lines, 1)
}

// close lets go of what the workbook holds: rows past 16 MB lie in a temporary file.
func (b *book) close() { _ = b.file.Close() }

// bytes ends the workbook and returns the file.
func (b *book) bytes() ([]byte, error) {
	if b.layout.filter && b.row > headRow {
		last, err := excelize.CoordinatesToCellName(len(b.layout.head), b.row)
		if err == nil {
			err = b.file.AutoFilter(b.sheet, fmt.Sprintf("A%d:%s", headRow, last), nil)
		}
		if err != nil {
			return nil, fmt.Errorf("workbook: %w", err)
		}
	}
	if err := b.out.Flush(); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	if err := b.addSheets(); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	var buf bytes.Buffer
	if err := b.file.Write(&buf); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	return buf.Bytes(), nil
}

// addSheets writes the sheets behind the list.
func (b *book) addSheets() error {
	for _, s := range b.behind {
		if _, err := b.file.NewSheet(s.name); err != nil {
			return err
		}
		for i, row := range s.rows {
			if err := b.file.SetSheetRow(s.name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				return err
			}
		}
		last, err := excelize.CoordinatesToCellName(len(s.widths), max(1, len(s.rows)))
		if err != nil {
			return err
		}
		if err := b.file.SetCellStyle(s.name, "A1", last, b.styles.text); err != nil {
			return err
		}
		for i, width := range s.widths {
			column, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			if err := b.file.SetColWidth(s.name, column, column, width); err != nil {
				return err
			}
		}
	}
	return nil
}
