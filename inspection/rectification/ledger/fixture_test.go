package ledger_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection/rectification/ledger"
)

// A workbook under construction: the ledgers that offices keep, made for the
// tests.
type workbook struct {
	*excelize.File
	t testing.TB
}

// newWorkbook returns a workbook whose one sheet has these rows from A1 on. A
// nil leaves the cell empty.
func newWorkbook(t testing.TB, rows ...[]any) workbook {
	t.Helper()
	w := workbook{excelize.NewFile(), t}
	w.must(w.SetSheetName("Sheet1", "台账"))
	w.rows("台账", rows...)
	t.Cleanup(func() { w.must(w.Close()) })
	return w
}

func (w workbook) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// rows writes rows from A1 on, making the sheet if need be.
func (w workbook) rows(sheet string, rows ...[]any) {
	w.t.Helper()
	if i, _ := w.GetSheetIndex(sheet); i < 0 {
		_, err := w.NewSheet(sheet)
		w.must(err)
	}
	for n, row := range rows {
		for col, v := range row {
			if v == nil {
				continue
			}
			name, err := excelize.CoordinatesToCellName(col+1, n+1)
			w.must(err)
			w.must(w.SetCellValue(sheet, name, v))
		}
	}
}

// merge merges ranges of the first sheet, as in "A1:C1".
func (w workbook) merge(ranges ...string) workbook {
	w.t.Helper()
	for _, r := range ranges {
		from, to, _ := strings.Cut(r, ":")
		w.must(w.MergeCell("台账", from, to))
	}
	return w
}

// format gives cells of the first sheet a number format.
func (w workbook) format(code, from, to string) workbook {
	w.t.Helper()
	id, err := w.NewStyle(&excelize.Style{CustomNumFmt: &code})
	w.must(err)
	w.must(w.SetCellStyle("台账", from, to, id))
	return w
}

// bytes returns the file.
func (w workbook) bytes() []byte {
	w.t.Helper()
	var b bytes.Buffer
	_, err := w.WriteTo(&b)
	w.must(err)
	return b.Bytes()
}

// edit returns a copy of an xlsx file in which fn may change each part; a part
// for which fn returns nil is left out. Parts to add come as name and content.
func edit(t testing.TB, file []byte, fn func(name string, content []byte) []byte, added ...string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	put := func(name string, content []byte) {
		w, err := out.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if content = fn(f.Name, content); content != nil {
			put(f.Name, content)
		}
	}
	for i := 0; i < len(added); i += 2 {
		put(added[i], []byte(added[i+1]))
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func same(_ string, content []byte) []byte { return content }

// read reads a file and fails the test if it cannot be read.
func read(t testing.TB, file []byte, o ledger.Options) ledger.Reading {
	t.Helper()
	r, err := ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// outline writes a reading as the lines that a test compares: each problem, its
// measures below it, then questions, warnings, skipped rows, sheets not read.
func outline(r ledger.Reading) string {
	var b strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%s [%s] %s", p.Number, p.Category, p.Text)
		if p.AmountFen != nil {
			fmt.Fprintf(&b, " ¥%d", *p.AmountFen)
		}
		if p.RecoveredFen != nil {
			fmt.Fprintf(&b, " +%d", *p.RecoveredFen)
		}
		b.WriteByte('\n')
		for _, m := range p.Measures {
			due := string(m.Kind)
			if m.DueOn != nil {
				due = m.DueOn.String()
			}
			parts := []string{m.Text, m.Leader, m.Department, strings.Join(m.Helpers, "+"), due, m.Progress, m.Status}
			fmt.Fprintf(&b, "  - %s\n", strings.TrimRight(strings.Join(parts, "|"), "|"))
		}
	}
	for _, q := range r.Questions {
		fmt.Fprintf(&b, "? %s %s", q.Cell, q.Reason)
		for _, c := range q.Choices {
			fmt.Fprintf(&b, " %s", c.Value)
		}
		b.WriteByte('\n')
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "! %s %s\n", w.Cell, w.Code)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(&b, "x %d %s\n", s.Row, s.Reason)
	}
	for _, s := range r.Sheets {
		if !s.Read {
			fmt.Fprintf(&b, "# %s: %s\n", s.Name, s.Why)
		}
	}
	return b.String()
}
