package ledger_test

import (
	"bytes"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

// FuzzRead changes the worksheet of a ledger in any way: it is read, or refused
// with a reason, and what is read counts up.
func FuzzRead(f *testing.F) {
	base := sheetXML(f, "")
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>反馈问题</t></is></c>` +
		`<c r="B1" t="inlineStr"><is><t>整改措施</t></is></c><c r="C1" t="inlineStr"><is><t>整改时限</t></is></c></row>` +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2" t="inlineStr"><is><t>(1)一(2)二</t></is></c>` +
		`<c r="C2" t="inlineStr"><is><t>2026.9.30</t></is></c></row><row r="3" hidden="1"><c r="B3"><v>1</v></c></row></sheetData>` +
		`<mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		file := edit(t, base, func(name string, content []byte) []byte {
			if name == sheetPart {
				return sheet
			}
			return content
		})
		for _, o := range []ledger.Options{
			{IncludeHidden: true},
			{Sheets: []ledger.SheetOptions{{Name: "台账", HeaderFrom: 1, Columns: map[ledger.Column]string{ledger.ProblemColumn: "A"}}}},
		} {
			r, err := ledger.Read(t.Context(), bytes.NewReader(file), int64(len(file)), o)
			if err != nil && inspection.KindOf(err) != inspection.Invalid {
				t.Fatalf("not refused but broken: %v", err)
			}
			measures := 0
			for _, p := range r.Problems {
				measures += len(p.Measures)
			}
			if r.Totals.Problems != len(r.Problems) || r.Totals.Measures != measures || r.Totals.Questions != len(r.Questions) {
				t.Fatalf("totals %+v of %s", r.Totals, outline(r))
			}
		}
	})
}
