package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"xuncha/inspection"
)

// TestLedgerCheck prints the reading of a ledger without a database, and of a
// file that is none its reason.
func TestLedgerCheck(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	check := ledgerCheckCmd{File: filepath.FromSlash("../../inspection/rectification/ledger/testdata/ledger-hekou.xlsx"), Feedback: "2026-07-10"}
	if err := check.Run(t.Context(), &out); err != nil {
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

	out.Reset()
	check.File = "ledger_test.go"
	if err := check.Run(t.Context(), &out); inspection.CodeOf(err) != "not-xlsx" || out.Len() > 0 {
		t.Errorf("err = %v, printed %q", err, out.String())
	}
	check.Feedback = "10月"
	if err := check.Run(t.Context(), &out); inspection.CodeOf(err) != "date" {
		t.Errorf("err = %v, want date", err)
	}
}
