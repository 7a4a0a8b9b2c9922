package ledger_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection/rectification/ledger"
	"xuncha/tenants/tenantstest"
)

// TestHekou keeps the reading of a real-looking ledger: 16 problems and 29
// measures, none dropped and none invented, and three questions.
func TestHekou(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/ledger-hekou.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, file, ledger.Options{})
	if want := (ledger.Totals{Problems: 16, Measures: 29, Questions: 3}); r.Totals != want {
		t.Errorf("totals = %+v, want %+v", r.Totals, want)
	}
	dropped(t, file, r)
	got, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	tenantstest.Golden(t, "testdata/ledger-hekou.json", append(got, '\n'))
}

// dropped compares what was read with what another reader finds in the cells:
// every problem and measure is there, once, whole and in its place.
func dropped(t *testing.T, file []byte, r ledger.Reading) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cell := func(column string, row int) string {
		v, err := f.GetCellValue("整改台账", fmt.Sprint(column, row))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	row := 5
	for i, p := range r.Problems {
		if got, want := p.Mark+p.Text, cell("C", p.Row); got != want || p.Row != row || p.Number != fmt.Sprint(i+1) {
			t.Errorf("problem %d of row %d is %q, want %q", i+1, p.Row, got, want)
		}
		for _, m := range p.Measures {
			if got, want := m.Mark+m.Text, cell("E", row); got != want || m.Row != row {
				t.Errorf("measure of row %d is %q, want %q of row %d", m.Row, got, want, row)
			}
			if m.Leader != cell("F", row) || m.Department != cell("G", row) || m.DueText != cell("I", row) ||
				m.Progress != cell("J", row) || m.Status != cell("K", row) || m.Rules != cell("L", row) {
				t.Errorf("row %d: %+v", row, m)
			}
			if (m.DueOn == nil) != (m.DueQuestion != nil) {
				t.Errorf("row %d has %v for a deadline and %v for a question", row, m.DueOn, m.DueQuestion)
			}
			row++
		}
	}
	if row != 34 {
		t.Errorf("reading ends before row %d, the signature stands in 34", row)
	}
}
