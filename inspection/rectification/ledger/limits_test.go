package ledger_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

// stream returns a workbook whose sheet, or shared strings, is written by fn: for
// files too large to be made by excelize.
func stream(t testing.TB, part string, fn func(w *bufio.Writer)) []byte {
	t.Helper()
	in := newWorkbook(t, fullHeader, fullRow).bytes()
	z, err := zip.NewReader(bytes.NewReader(in), int64(len(in)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, f := range z.File {
		if f.Name != part {
			if err := out.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		buffered := bufio.NewWriterSize(w, 1<<20)
		fn(buffered)
		if err := buffered.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const sheetPart = "xl/worksheets/sheet1.xml"

// writeRows writes a sheet with a header and rows from 2 to last.
func writeRows(last int, row func(w *bufio.Writer, n int)) func(w *bufio.Writer) {
	return func(w *bufio.Writer) {
		fmt.Fprint(w, `<worksheet><sheetData><row r="1">`, inline("A1", "反馈问题"), inline("B1", "整改措施"), inline("C1", "整改时限"), `</row>`)
		for n := 2; n <= last; n++ {
			row(w, n)
		}
		fmt.Fprint(w, `</sheetData></worksheet>`)
	}
}

// TestFormattedRows reads a sheet that is formatted down to its last row as if
// it were not, and in little memory.
func TestFormattedRows(t *testing.T) { // not parallel: it counts what is allocated
	file := stream(t, sheetPart, writeRows(1<<20, func(w *bufio.Writer, n int) {
		switch {
		case n == 2:
			fmt.Fprint(w, `<row r="2">`, inline("A2", "甲"), inline("B2", "一"), inline("C2", "2026.9.30"), `</row>`)
		default:
			fmt.Fprintf(w, `<row r="%d" spans="1:3" s="1" customFormat="1"><c r="A%d" s="1"/><c r="B%d" s="1"></c></row>`, n, n, n)
		}
	}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := read(t, file, ledger.Options{})
	runtime.ReadMemStats(&after)
	if r.Totals.Problems != 1 || r.Totals.Measures != 1 || len(r.Skipped) != 0 {
		t.Errorf("totals = %+v, skipped = %v", r.Totals, r.Skipped)
	}
	if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 128 {
		t.Errorf("allocated %d MB in all, want a pass that keeps nothing", mb)
	}
}

// TestEndlessText stops at a text that does not end before it is in memory.
func TestEndlessText(t *testing.T) { // not parallel: it counts what is allocated
	file := stream(t, sheetPart, writeRows(2, func(w *bufio.Writer, _ int) {
		fmt.Fprint(w, `<row r="2"><c r="A2" t="inlineStr"><is><t>`)
		for range 128 << 10 {
			fmt.Fprint(w, strings.Repeat("0", 1<<10))
		}
		fmt.Fprint(w, `</t></is></c></row>`)
	}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), ledger.Options{})
	runtime.ReadMemStats(&after)
	if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; inspection.CodeOf(err) != "archive-limits" || mb > 32 {
		t.Errorf("err = %v after %d MB, want archive-limits after the first", err, mb)
	}
}

// TestLimits refuses what would cost too much, and reads what stays below.
func TestLimits(t *testing.T) {
	t.Parallel()
	row := func(w *bufio.Writer, n int) {
		fmt.Fprintf(w, `<row r="%d">%s%s<c r="C%d" t="inlineStr"><is><t>2026.9.30</t></is></c></row>`,
			n, inline(fmt.Sprintf("A%d", n), fmt.Sprintf("问题%d", n)), inline(fmt.Sprintf("B%d", n), "措施"), n)
	}
	one := func(text string) func(*bufio.Writer, int) {
		return func(w *bufio.Writer, n int) { fmt.Fprintf(w, `<row r="%d">%s</row>`, n, text) }
	}
	zeros := strings.Repeat("0", 1<<20)
	tests := []struct {
		name string
		part string
		fn   func(w *bufio.Writer)
		code string
	}{
		{"a row too many", sheetPart, writeRows(100_001, row), "too-many-rows"},
		{"a column too many", sheetPart, writeRows(2, one(inline("XFD2", "甲"))), "too-many-columns"},
		{"a cell out of the sheet", sheetPart, writeRows(2, one(inline("XFE2", "甲"))), "not-xlsx"},
		{"a row out of the sheet", sheetPart, writeRows(2, func(w *bufio.Writer, _ int) {
			fmt.Fprint(w, `<row r="1048577">`, inline("A1", "甲"), `</row>`)
		}), "not-xlsx"},
		{"a shared string that is not there", sheetPart, writeRows(2, one(`<c r="A2" t="s"><v>99</v></c>`)), "not-xlsx"},
		{"a text without end", sheetPart, writeRows(2, func(w *bufio.Writer, _ int) {
			fmt.Fprint(w, `<row r="2"><c r="A2" t="inlineStr"><is><t>`)
			for range 8 {
				fmt.Fprint(w, zeros)
			}
			fmt.Fprint(w, `</t></is></c></row>`)
		}), "archive-limits"},
		{"a text in many pieces", sheetPart, writeRows(2, func(w *bufio.Writer, _ int) {
			fmt.Fprint(w, `<row r="2"><c r="A2" t="inlineStr"><is>`)
			for range 8 {
				fmt.Fprint(w, `<r><t>`, zeros[:1<<19], `</t></r>`)
			}
			fmt.Fprint(w, `</is></c></row>`)
		}), "archive-limits"},
		{"a tag without end", sheetPart, func(w *bufio.Writer) {
			fmt.Fprint(w, `<worksheet a="`)
			for range 8 {
				fmt.Fprint(w, zeros)
			}
		}, "archive-limits"},
		{"too much text in all", sheetPart, writeRows(200, func(w *bufio.Writer, n int) {
			fmt.Fprintf(w, `<row r="%d">%s</row>`, n, inline(fmt.Sprintf("A%d", n), zeros[:1<<19]))
		}), "archive-limits"},
		{"too many shared strings", "xl/sharedStrings.xml", func(w *bufio.Writer) {
			fmt.Fprint(w, `<sst>`)
			for range 5_000_000 {
				fmt.Fprint(w, `<si/>`)
			}
			fmt.Fprint(w, `</sst>`)
		}, "archive-limits"},
		{"a shared string without end", "xl/sharedStrings.xml", func(w *bufio.Writer) {
			fmt.Fprint(w, `<sst><si><t>`, zeros, zeros, `</t></si></sst>`)
		}, "archive-limits"},
		{"a shared string in many pieces", "xl/sharedStrings.xml", func(w *bufio.Writer) {
			fmt.Fprint(w, `<sst><si><r><t>`, zeros, `</t></r><r><t>`, zeros, `</t></r></si></sst>`)
		}, "archive-limits"},
		{"too many merged ranges", sheetPart, func(w *bufio.Writer) {
			fmt.Fprint(w, `<worksheet><sheetData/><mergeCells>`)
			for n := range 20_000 {
				fmt.Fprintf(w, `<mergeCell ref="A%d:CV%d"/>`, n+1, n+1)
			}
			fmt.Fprint(w, `</mergeCells></worksheet>`)
		}, "archive-limits"},
		{"a workbook part too large", "xl/workbook.xml", func(w *bufio.Writer) {
			fmt.Fprint(w, `<workbook>`)
			for range 20 {
				fmt.Fprint(w, zeros)
			}
			fmt.Fprint(w, `</workbook>`)
		}, "archive-limits"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := stream(t, tt.part, tt.fn)
			_, err := ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), ledger.Options{})
			if inspection.CodeOf(err) != tt.code {
				t.Errorf("err = %v, want %s", err, tt.code)
			}
		})
	}
	t.Run("parts too many", func(t *testing.T) {
		t.Parallel()
		parts := []string{"[Content_Types].xml", "<Types/>"}
		for i := range 2_001 {
			parts = append(parts, fmt.Sprintf("x%d", i), "")
		}
		file := zipOf(t, parts...)
		if _, err := ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), ledger.Options{}); inspection.CodeOf(err) != "archive-limits" {
			t.Errorf("err = %v, want archive-limits", err)
		}
	})
	t.Run("a file too large", func(t *testing.T) {
		t.Parallel()
		file := newWorkbook(t, fullHeader, fullRow).bytes()
		if _, err := ledger.Read(t.Context(), bytes.NewReader(file), 64<<20+1, ledger.Options{}); inspection.CodeOf(err) != "archive-limits" {
			t.Errorf("err = %v, want archive-limits", err)
		}
	})
	t.Run("the last column of the sheet, formatted only", func(t *testing.T) {
		t.Parallel()
		file := stream(t, sheetPart, writeRows(2, one(inline("A2", "甲")+inline("B2", "一")+inline("C2", "2026.9.30")+`<c r="XFD2" s="1"/>`)))
		if r := read(t, file, ledger.Options{}); r.Totals.Measures != 1 {
			t.Errorf("totals = %+v", r.Totals)
		}
	})
}

// TestBomb refuses an archive that unpacks without end, by what comes out of it
// and not by what it declares.
func TestBomb(t *testing.T) {
	t.Parallel()
	file := stream(t, sheetPart, func(w *bufio.Writer) {
		fmt.Fprint(w, `<worksheet><sheetData>`)
		spaces := strings.Repeat(" ", 1<<20)
		for range 601 {
			fmt.Fprint(w, spaces)
		}
		fmt.Fprint(w, `</sheetData></worksheet>`)
	})
	_, err := ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), ledger.Options{})
	if inspection.CodeOf(err) != "archive-limits" {
		t.Errorf("err = %v, want archive-limits", err)
	}
}

// TestTagBomb refuses a sheet of more tags than any ledger has: few bytes each,
// but much work.
func TestTagBomb(t *testing.T) {
	t.Parallel()
	file := stream(t, sheetPart, func(w *bufio.Writer) {
		fmt.Fprint(w, `<worksheet><sheetData>`)
		cells := strings.Repeat("<c/>", 16_000)
		for range 2_200 {
			fmt.Fprint(w, `<row>`, cells, `</row>`)
		}
		fmt.Fprint(w, `</sheetData></worksheet>`)
	})
	_, err := ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), ledger.Options{})
	if inspection.CodeOf(err) != "archive-limits" {
		t.Errorf("err = %v, want archive-limits", err)
	}
}

// BenchmarkRead1000 reads a ledger of 1,000 rows as offices keep them, and
// reports how much it allocates in all.
func BenchmarkRead1000(b *testing.B) {
	rows := [][]any{{"序号", "问题类别", "反馈问题", "整改目标", "整改措施", "责任领导", "责任单位", "配合单位", "整改时限", "整改进展", "完成情况", "建章立制", "涉及金额(万元)"}}
	for n := range 1_000 {
		rows = append(rows, []any{
			n + 1, "一、聚焦决策部署落实", fmt.Sprintf("%d.第%d个问题，涉及金额8.73万元，%s。", n+1, n, strings.Repeat("情况说明", 20)), "规范管理",
			"(1)" + strings.Repeat("开展专项清理", 10) + "；(2)" + strings.Repeat("建立健全制度", 10), "邓海", "镇财政所", "镇农经站、各村(社区)",
			"2026年9月底前", strings.Repeat("已完成清理", 8), "整改中", "《管理办法》", 8.73,
		})
	}
	file := newWorkbook(b, rows...).bytes()
	b.ReportAllocs()
	for b.Loop() {
		r := read(b, file, ledger.Options{})
		if r.Totals.Problems != 1_000 || r.Totals.Measures != 2_000 {
			b.Fatalf("totals = %+v", r.Totals)
		}
	}
}

// BenchmarkReadFormatted reads a sheet of 13 columns formatted down to its last
// row: 14 million empty cells.
func BenchmarkReadFormatted(b *testing.B) {
	file := stream(b, sheetPart, writeRows(1<<20, func(w *bufio.Writer, n int) {
		fmt.Fprintf(w, `<row r="%d" spans="1:13">`, n)
		for col := range 13 {
			fmt.Fprintf(w, `<c r="%c%d" s="1"/>`, 'A'+col, n)
		}
		fmt.Fprint(w, `</row>`)
	}))
	b.ReportAllocs()
	for b.Loop() {
		read(b, file, ledger.Options{})
	}
}
