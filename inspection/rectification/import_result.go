package rectification

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"

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

var resultHead = []string{"工作表", "行", "序号", "反馈问题", "整改措施", "结果", "编号", "说明"}

func writeResult(w io.Writer, im Import, all [][]string) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	const sheet = "导入结果"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("result file: %w", err)
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("result file: %w", err)
	}
	for i, width := range []float64{14, 6, 8, 60, 60, 10, 18, 50} {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return fmt.Errorf("result file: %w", err)
		}
	}
	top := [][]string{{fmt.Sprintf("%s  %s  %s", im.UnitName, im.RoundName, im.FileName)}, {im.tally()}, resultHead}
	for i, line := range append(top, all...) {
		cells := make([]any, len(line))
		for k, s := range line {
			cells[k] = neutral(s)
		}
		if err := out.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
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
// what begins like one, also behind spaces and invisible characters and in full
// width, gets an apostrophe.
func neutral(s string) string {
	seen := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	if seen != "" && strings.ContainsRune("=+-@＝＋－＠|%", []rune(seen)[0]) || strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") {
		return "'" + s
	}
	return s
}
