package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"testing"

	"xuncha/inspection"
)

// TestLedgerCheck prints the reading of a ledger without a database, and of a
// file that is none its reason.
func TestLedgerCheck(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	check := func(args ...string) error {
		out.Reset()
		return run(t.Context(), append([]string{"ledger", "check"}, args...), os.Getenv, &out, io.Discard)
	}
	const hekou = "../../inspection/rectification/ledger/testdata/ledger-hekou.xlsx"
	if err := check(hekou, "--feedback=2026-07-10"); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Problems []struct {
			AmountFen *int64 `json:"amount_fen"`
			Measures  []struct {
				DueOn       *string         `json:"due_on"`
				DueQuestion json.RawMessage `json:"due_question"`
			}
		}
		Questions []struct{ Cell, Reason string }
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	measures := 0
	for _, p := range got.Problems {
		measures += len(p.Measures)
	}
	if len(got.Problems) != 16 || measures != 29 || len(got.Questions) != 3 || *got.Problems[1].AmountFen != 18_600_000 {
		t.Errorf("%d problems, %d measures, %d questions", len(got.Problems), measures, len(got.Questions))
	}

	if err := check("ledger_test.go"); inspection.CodeOf(err) != "not-xlsx" || out.Len() > 0 {
		t.Errorf("err = %v, printed %q", err, out.String())
	}
	if err := check(hekou, "--feedback=10月"); err == nil {
		t.Error("a feedback of no day was taken")
	}
	if err := check(hekou, "--sheet=没有"); inspection.CodeOf(err) != "columns" {
		t.Errorf("err = %v, want columns", err)
	}
}
