package ledger_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

// sheetXML returns a workbook whose sheet has these rows, written by hand: for
// what excelize does not write.
func sheetXML(t testing.TB, rows string) []byte {
	t.Helper()
	sheet := `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1">` + inline("A1", "序号") + inline("B1", "反馈问题") + inline("C1", "整改措施") + inline("D1", "整改时限") +
		inline("E1", "涉及金额(元)") + `</row>` + rows + `</sheetData></worksheet>`
	return edit(t, newWorkbook(t, fullHeader).bytes(), func(name string, content []byte) []byte {
		if name == "xl/worksheets/sheet1.xml" {
			return []byte(sheet)
		}
		return content
	})
}

func inline(ref, text string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

func TestCells(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, rows, want string }{
		{
			"formulas: with a kept result, with an empty one, without any",
			`<row r="2"><c r="A2"><f>ROW()-1</f><v>1</v></c>` + inline("B2", "甲") + inline("C2", "一") +
				`<c r="D2" t="str"><f>TEXT(F1,"yyyy-m-d")</f><v>2026-9-30</v></c><c r="E2"><f>SUM(F1:F2)</f><v>12840</v></c></row>` +
				`<row r="3"><c r="A3"><f>ROW()-1</f></c>` + inline("B3", "乙") + inline("C3", "二") +
				`<c r="D3"><f>F2</f><v></v></c><c r="E3" t="str"><f>IF(F2&gt;0,F2,"")</f><v></v></c></row>`,
			"1 [] 甲 ¥1284000\n  - 一||||2026-09-30\n [] 乙\n  - 二\n? A3 formula-cell\n? D3 formula-cell\n",
		},
		{
			"error cells",
			`<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#REF!</v></c>` + inline("C2", "一") + `<c r="D2" t="e"><v>#NAME?</v></c>` +
				`<c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`,
			"1 [] \n  - 一\n? B2 error-cell\n? E2 error-cell\n? D2 error-cell\n",
		},
		{
			"numbers of 16 digits or more have lost the last ones",
			`<row r="2"><c r="A2"><v>1.1010519491231E+17</v></c>` + inline("B2", "甲") + inline("C2", "一") + inline("D2", "2026.9.30") + `</row>`,
			" [] 甲\n  - 一||||2026-09-30\n? A2 number-lost-digits\n",
		},
		{
			"rich text, phonetic guides, escapes, cells and rows that do not say where they stand",
			`<row><c><v>1</v></c><c t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r><rPh sb="0" eb="1"><t>jia</t></rPh></is></c>` +
				`<c t="inlineStr"><is><t>一_x000D_` + "\n" + `二&#x4e09;</t></is></c><c t="inlineStr"><is><t>２０２６．９．３０</t></is></c></row>`,
			"1 [] 甲 乙\n  - 一\n二三||||2026-09-30\n",
		},
		{
			"control characters are left out and pointed at",
			`<row r="2">` + inline("B2", "甲_x0007_乙") + inline("C2", "一") + inline("D2", "2026.9.30") + `</row>`,
			" [] 甲乙\n  - 一||||2026-09-30\n! B2 control-character\n",
		},
		{
			"rows and cells out of order",
			`<row r="3">` + inline("C3", "二") + inline("B3", "乙") + inline("D3", "2026.9.30") + `</row>` +
				`<row r="2">` + inline("B2", "甲") + inline("C2", "一") + inline("D2", "2026.8.31") + `</row>`,
			" [] 甲\n  - 一||||2026-08-31\n [] 乙\n  - 二||||2026-09-30\n",
		},
		{
			"only spaces and invisible characters are nothing",
			`<row r="2">` + inline("B2", "甲") + inline("C2", "一") + inline("D2", "2026.9.30") + `</row>` +
				`<row r="3">` + inline("B3", "\u200b\u3000") + inline("C3", " \ufeff") + `</row>`,
			" [] 甲\n  - 一||||2026-09-30\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, outline(read(t, sheetXML(t, tt.rows), ledger.Options{}))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestSharedStrings takes the letters of a shared string and leaves out how they
// are read aloud, and counts days from 1904 where the workbook does.
func TestSharedStrings(t *testing.T) {
	t.Parallel()
	file := sheetXML(t, `<row r="2"><c r="B2" t="s"><v>1</v></c>`+inline("C2", "一")+`<c r="D2" s="1"><v>44833</v></c></row>`)
	file = edit(t, file, func(name string, content []byte) []byte {
		switch name {
		case "xl/sharedStrings.xml":
			return []byte(`<sst><si/><si><r><t>甲</t></r><rPh sb="0" eb="1"><t>jia</t></rPh><r><t>乙</t></r></si></sst>`)
		case "xl/styles.xml":
			return []byte(`<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`)
		case "xl/workbook.xml":
			return bytes.ReplaceAll(content, []byte("<workbookPr"), []byte(`<workbookPr date1904="1"`))
		}
		return content
	})
	if diff := cmp.Diff(" [] 甲乙\n  - 一||||2026-09-30\n", outline(read(t, file, ledger.Options{}))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestMerges lists what was filled down.
func TestMerges(t *testing.T) {
	t.Parallel()
	w := newWorkbook(t,
		[]any{"问题类别", "反馈问题", "整改措施", "责任领导", "整改时限"},
		[]any{"党建", "甲", "一", "邓海", "2026.9.30"},
		[]any{nil, nil, "二"},
		[]any{nil, "乙", "三", "石磊", "2026.9.30"},
	).merge("A2:A4", "B2:B3", "D2:D3", "E2:E3")
	r := read(t, w.bytes(), ledger.Options{})
	want := []ledger.Filled{
		{Sheet: "台账", Range: "B2:B3", Column: ledger.ProblemColumn},
		{Sheet: "台账", Range: "A2:A4", Column: ledger.CategoryColumn},
		{Sheet: "台账", Range: "D2:D3", Column: ledger.LeaderColumn},
		{Sheet: "台账", Range: "E2:E3", Column: ledger.DueColumn},
	}
	if diff := cmp.Diff(want, r.Filled); diff != "" {
		t.Errorf("filled (-want +got):\n%s", diff)
	}
	if m := r.Problems[0].Measures[1]; m.Leader != "邓海" || m.DueOn == nil || r.Problems[1].Category != "党建" {
		t.Errorf("merged cells were not filled down: %s", outline(r))
	}
}

// TestHidden leaves hidden rows, columns and sheets out, counts them, and reads
// them when asked.
func TestHidden(t *testing.T) {
	t.Parallel()
	w := newWorkbook(t,
		[]any{"序号", "反馈问题", "整改措施", "责任领导", "整改时限"},
		[]any{1, "甲", "一", "邓海", "2026.9.30"},
		[]any{2, "乙", "二", "石磊", "2026.9.30"},
		[]any{nil, nil, "三", "石磊", "2026.9.30"},
	).merge("B3:B4")
	w.rows("旧台账",
		[]any{"反馈问题", "整改措施", "整改时限"},
		[]any{"丙", "四", "2026.9.30"})
	w.must(w.SetRowVisible("台账", 3, false))
	w.must(w.SetColVisible("台账", "D", false))
	w.must(w.SetSheetVisible("旧台账", false))
	w.must(w.AutoFilter("台账", "A1:E4", []excelize.AutoFilterOptions{{Column: "B", Expression: "x == 甲"}}))
	file := w.bytes()

	r := read(t, file, ledger.Options{})
	want := "1 [] 甲\n  - 一||||2026-09-30\n [] 乙\n  - 三||||2026-09-30\n# 旧台账: 工作表是隐藏的，勾选后才导入\n"
	if diff := cmp.Diff(want, outline(r)); diff != "" {
		t.Errorf("without hidden (-want +got):\n%s", diff)
	}
	s := r.Sheets[0]
	if s.HiddenRows != 1 || s.HiddenColumns != 1 || !s.Filtered || !s.Columns[3].Hidden || !r.Sheets[1].Hidden {
		t.Errorf("hidden parts are not counted: %+v", r.Sheets)
	}

	r = read(t, file, ledger.Options{IncludeHidden: true})
	want = "1 [] 甲\n  - 一|邓海|||2026-09-30\n2 [] 乙\n  - 二|石磊|||2026-09-30\n  - 三|石磊|||2026-09-30\n [] 丙\n  - 四||||2026-09-30\n"
	if diff := cmp.Diff(want, outline(r)); diff != "" {
		t.Errorf("with hidden (-want +got):\n%s", diff)
	}

	w.must(w.SetColVisible("台账", "B", false))
	r, err := ledger.Read(t.Context(), bytes.NewReader(w.bytes()), int64(len(w.bytes())), ledger.Options{})
	if inspection.CodeOf(err) != "columns" || !strings.Contains(err.Error(), "B列") || len(r.Sheets) != 2 {
		t.Errorf("hidden problems: %v", err)
	}
}
