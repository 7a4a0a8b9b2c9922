package rectification

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Result writes what became of every row of the file, as a workbook: one line
// per measure, and one for each row that was not imported. It returns what to call
// the file.
func (s *Imports) Result(ctx context.Context, scope tenants.Scope, id inspection.ImportID, w io.Writer) (name string, err error) {
	var im Import
	var rows []ImportRow
	err = s.in(ctx, scope, func(tx *tenants.Tx) (err error) {
		if im, err = importByID(ctx, tx, id, ""); err != nil {
			return err
		}
		if rows, err = s.checked(ctx, tx, im); err != nil {
			return err
		}
		return s.look(ctx, tx, &im)
	})
	if err != nil {
		return "", err
	}
	return im.UnitName + "-台账导入结果.xlsx", writeResult(w, im, lines(im, rows))
}

// lines are the result, one per row of the file that says anything.
func lines(im Import, rows []ImportRow) [][]string {
	var all [][]string
	for _, r := range rows {
		p := r.Problem
		head := []string{p.Sheet, fmt.Sprint(p.Row), p.Number, p.Text, "", resultWords[r.Result], r.Number, r.Reason}
		if len(p.Measures) == 0 {
			all = append(all, head)
		}
		for _, m := range p.Measures {
			line := append([]string{}, head...)
			line[1], line[4] = fmt.Sprint(m.Row), m.Text
			all = append(all, line)
		}
	}
	for _, q := range im.Questions {
		all = append(all, []string{q.Sheet, fmt.Sprint(q.Row), "", q.Text, "", resultWords[Rejected], "", q.Detail})
	}
	for _, k := range im.Reading.Skipped {
		all = append(all, []string{k.Sheet, fmt.Sprint(k.Row), "", k.Text, "", "非台账内容", "", skipWords[k.Reason]})
	}
	for i, c := range im.Reading.Sheets {
		if !c.Read {
			all = append(all, []string{im.Reading.Sheets[i].Name, "", "", "", "", "未读取", "", c.Why})
		}
	}
	return all
}

// skipWords say why a row of the file is no part of the ledger.
var skipWords = map[string]string{
	"signature": "签字栏或填表说明", "total": "合计行", "repeated-header": "重复的表头", "repeated-title": "重复的标题",
	"column-numbers": "列号行", "no-problem-below": "其下没有问题的分类行", "number-only": "只有序号", "other-columns": "只有不导入的列",
}

// resultTop is how many rows stand above the lines: the title, the tally, the header.
const resultTop = 3

var resultWidths = []float64{14, 6, 8, 60, 60, 12, 18, 50}

var resultHead = []string{"工作表", "行", "序号", "反馈问题", "整改措施", "结果", "编号", "说明"}

func writeResult(w io.Writer, im Import, all [][]string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	const sheet = "导入结果"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("result file: %w", err)
	}
	head, body, err := resultPage(f, sheet)
	if err != nil {
		return fmt.Errorf("result file: %w", err)
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("result file: %w", err)
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: resultTop, TopLeftCell: "A4", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("result file: %w", err)
	}
	for i, width := range resultWidths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return fmt.Errorf("result file: %w", err)
		}
	}
	top := [][]string{{fmt.Sprintf("%s  %s  %s", im.UnitName, im.RoundName, im.FileName)}, {im.tally()}, resultHead}
	for i, line := range append(top, all...) {
		cells := make([]any, len(line))
		for k, s := range line {
			style := 0 // the title and the tally run over their column
			switch {
			case i == resultTop-1:
				style = head
			case i >= resultTop:
				style = body
			}
			cells[k] = excelize.Cell{StyleID: style, Value: neutral(s)}
		}
		var height []excelize.RowOpts
		if i >= resultTop {
			height = []excelize.RowOpts{{Height: resultHeight(line)}}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", i+1), cells, height...); err != nil {
			return fmt.Errorf("result file: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("result file: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("result file: %w", err)
	}
	return nil
}

// resultHeight is how high a row must be for all of its texts, in points. A Chinese
// character is as wide as two digits, by which widths are counted.
func resultHeight(line []string) float64 {
	lines := 1
	for i, s := range line {
		lines = max(lines, 1+2*utf8.RuneCountInString(s)/int(resultWidths[i]))
	}
	return min(float64(lines)*16+3, 400) // a row has no more than 409
}

// resultPage sets how the result is printed, A4 across with the header on every page,
// and returns the styles of the header and of what stands below it.
func resultPage(f *excelize.File, sheet string) (head, body int, err error) {
	for _, err := range []error{
		f.SetPageLayout(sheet, &excelize.PageLayoutOptions{
			Size: new(9), Orientation: new("landscape"), FitToWidth: new(1), FitToHeight: new(0),
		}),
		f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: new(true)}),
		f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddHeader: "&L内部", OddFooter: "&R第 &P 页 共 &N 页"}),
		f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", sheet, resultTop, resultTop), Scope: sheet,
		}),
	} {
		if err != nil {
			return 0, 0, err
		}
	}
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Style: 1, Color: "BFBFBF"})
	}
	wrapped := &excelize.Alignment{Vertical: "top", WrapText: true}
	head, err = f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Border: border, Alignment: wrapped,
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7ECF3"}},
	})
	if err != nil {
		return 0, 0, err
	}
	body, err = f.NewStyle(&excelize.Style{Border: border, Alignment: wrapped})
	return head, body, err
}

// tally says in one line what became of the problems.
func (im Import) tally() string {
	parts := []string{fmt.Sprintf("共 %d 个问题", im.Total)}
	for _, r := range RowResults() {
		if n := im.Tally[r]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", resultWords[r], n))
		}
	}
	return strings.Join(parts, "，")
}

// neutral returns a text that no program that opens the file takes for a formula:
// what begins like one gets an apostrophe.
func neutral(s string) string {
	if inspection.FormulaLike(s) {
		return "'" + s
	}
	return s
}
