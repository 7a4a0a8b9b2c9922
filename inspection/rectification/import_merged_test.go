package rectification_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/ledger"
	"xuncha/tenants/tenantstest"
)

// merged makes a ledger of four problems in which the cell of one column speaks for all
// of them. A formula in it has no value in the file.
func merged(t *testing.T, column string, formula bool, says string) []byte {
	t.Helper()
	f := tenantstest.Must(excelize.OpenReader(bytes.NewReader(sheet(t,
		[]any{"1", patrol, "甲问题", "措施一", "罗某", "2026-12-01", "", ""},
		[]any{"2", patrol, "乙问题", "措施二", "罗某", "2026-12-01", "", ""},
		[]any{"3", patrol, "丙问题", "措施三", "罗某", "2026-12-01", "", ""},
		[]any{"4", patrol, "丁问题", "措施四", "罗某", "2026-12-01", "", ""}))))(t)
	from, to := column+"2", column+"5"
	errs := []error{f.SetCellValue("Sheet1", from, says)}
	if formula {
		errs = append(errs, f.SetCellValue("Sheet1", from, nil), f.SetCellFormula("Sheet1", from, says))
	}
	for _, err := range append(errs, f.MergeCell("Sheet1", from, to)) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestImportMerged: a cell merged over several problems is asked about once, nothing runs
// before it is answered, and the answer is every problem's.
func TestImportMerged(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		column  string
		formula bool
		says    string
		reason  ledger.Reason
		answer  string
		kept    string // as sql
	}{
		{"at once", "F", false, "立行立改", ledger.DueImmediate, "2026-07-20", `due_on = '2026-07-20'`},
		{"a day without a year", "F", false, "9月30日", ledger.DateYearless, "2026-09-30", `due_on = '2026-09-30'`},
		{"for good", "F", false, "长期坚持", ledger.DueLongTerm, "long-term", `due_on is null and kind = 'long'`},
		{"whose deadline is a formula", "F", true, "Z1", ledger.FormulaCell, "2026-09-30", `due_on = '2026-09-30'`},
		{"whose leader is a formula", "E", true, "Z1", ledger.FormulaCell, "石某", `leader = '石某'`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newImporting(t)
			im := h.upload(merged(t, tt.column, tt.formula, tt.says))
			if im.Total != 4 || im.Open != 1 {
				t.Fatalf("%d problems, %d open, want 4 and 1", im.Total, im.Open)
			}
			if _, err := h.imports.Run(t.Context(), h.off, im.ID, im.Version); inspection.CodeOf(err) != "import.unsettled" {
				t.Fatalf("unanswered, it runs: %v", err)
			}
			asked, about := "", 0
			for _, r := range h.rows(im.ID) {
				for _, q := range r.Questions {
					if q.Reason == tt.reason && q.To == 5 {
						asked, about = q.ID, about+1
					}
				}
			}
			if about != 4 {
				t.Errorf("%d problems are asked about, want 4", about)
			}
			im = tenantstest.Must(h.imports.Answer(t.Context(), h.off, im.ID, im.Version, rectification.Answering{
				Answers: []rectification.AnswerTo{{Question: asked, Answer: rectification.Answer{Value: tt.answer}}},
			}))(t)
			if im.Open != 0 {
				t.Errorf("answered, %d are open", im.Open)
			}
			h.run(im)
			if n := h.count(`select count(*) from measures where ` + tt.kept); n != 4 {
				t.Errorf("%d measures say %s, want 4", n, tt.kept)
			}
		})
	}
}

// TestImportMergedAmount: a sum merged over several problems is the first one's; whether
// the others have one is asked about each, so that nothing is counted twice.
func TestImportMergedAmount(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	im := h.upload(merged(t, "H", false, "约3000元"))
	for i, r := range h.rows(im.ID) {
		want := ledger.AmountShared
		if i == 0 {
			want = ledger.AmountVague
		}
		if len(r.Questions) != 1 || r.Questions[0].Reason != want {
			t.Errorf("problem %d is asked %+v, want %s", i+1, r.Questions, want)
		}
	}
}
