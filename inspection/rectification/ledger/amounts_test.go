package ledger_test

import (
	"strconv"
	"strings"
	"testing"

	"xuncha/inspection/rectification/ledger"
)

var sums = []struct {
	text   string
	header ledger.Unit
	want   string
}{
	{"18.6", ledger.Wan, "18600000"},
	{"1.284", ledger.Wan, "1284000"},
	{"0.486", ledger.Wan, "486000"},
	{"12840", ledger.Yuan, "1284000"},
	{"12,840.50", ledger.Yuan, "1284050"},
	{"１２，８４０元", ledger.NoUnit, "1284000"},
	{"8.73万元", ledger.NoUnit, "8730000"},
	{"8.73万", ledger.Yuan, "8730000"},
	{"人民币4860元整", ledger.NoUnit, "486000"},
	{"¥1,000", ledger.Yuan, "100000"},
	{"3.2亿元", ledger.NoUnit, "32000000000"},
	{"5千元", ledger.NoUnit, "500000"},
	{"0", ledger.Wan, "0"},
	{"0", ledger.NoUnit, "0"},
	{"0.01", ledger.Yuan, "1"},
	// None.
	{"", ledger.Wan, "none"},
	{"/", ledger.Wan, "none"},
	{"／", ledger.Wan, "none"},
	{"——", ledger.Wan, "none"},
	{"无", ledger.Wan, "none"},
	{"不涉及", ledger.Wan, "none"},
	// Questions.
	{"18.6", ledger.NoUnit, "amount-unit ?1860 ?18600000"},
	{"约8.73万元", ledger.NoUnit, "amount-vague ?8730000"},
	{"18余万元", ledger.NoUnit, "amount-vague ?18000000"},
	{"10万元左右", ledger.NoUnit, "amount-vague ?10000000"},
	{"-3", ledger.Wan, "amount-negative"},
	{"0.333333333333333", ledger.Wan, "amount-fraction ?333333"},
	{"1.005", ledger.Yuan, "amount-fraction ?101"},
	{"99999999999", ledger.Wan, "amount-large"},
	{"三万元", ledger.NoUnit, "amount-unclear"},
	{"8.73万元、2.1万元", ledger.NoUnit, "amount-unclear"},
	{"85%", ledger.Wan, "amount-unclear"},
	{"1,23,4", ledger.Yuan, "amount-unclear"},
	{"1.2.3", ledger.Yuan, "amount-unclear"},
	{"待核", ledger.Yuan, "amount-unclear"},
	{"1②万元", ledger.NoUnit, "amount-unclear"},
	{"10²元", ledger.NoUnit, "amount-unclear"},
	{"Ⅳ", ledger.Wan, "amount-unclear"},
	{"½", ledger.Wan, "amount-unclear"},
	{"一二〇", ledger.Yuan, "amount-unclear"},
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for _, tt := range sums {
		if got := ledger.Amount(tt.text, tt.header); got != tt.want {
			t.Errorf("%s (%s): %s, want %s", tt.text, tt.header, got, tt.want)
		}
	}
}

// FuzzAmount checks that a sum is never more exact than its text, and that the
// same sum written in fen's own terms reads the same.
func FuzzAmount(f *testing.F) {
	for _, s := range sums {
		f.Add(s.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := ledger.Amount(text, ledger.Wan)
		n, err := strconv.ParseInt(got, 10, 64)
		if err != nil {
			if got != "none" && !strings.HasPrefix(got, "amount-") {
				t.Fatalf("%q: %q is neither a sum, nothing nor a question", text, got)
			}
			return
		}
		if n < 0 || n > 1e15 {
			t.Fatalf("%q: %d fen is out of range", text, n)
		}
		yuan := strconv.FormatInt(n/100, 10) + "." + strconv.FormatInt(n%100+100, 10)[1:] + "元"
		if again := ledger.Amount(yuan, ledger.NoUnit); again != got {
			t.Fatalf("%q: %s fen, but %s is %s fen", text, got, yuan, again)
		}
	})
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"3": "3", "1E3": "1000", "18.600000000000001": "18.6", "1.1010519491231E+17": "110105194912310000",
		"0.85499999999999998": "0.855", "-0.5": "-0.5", "1.0": "1", "0": "0", "-0": "0", "9.9999999999999999": "10",
		"5E-3": "0.005", "1e99": "1" + strings.Repeat("0", 99), "x": "x", "1e999": "1e999",
	} {
		if got := ledger.Plain(raw); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
	for raw, want := range map[string]string{"0.855": "85.5%", "1": "100%", "0": "0%", "0.005": "0.5%", "-0.2": "-20%", "12": "1200%"} {
		if got := ledger.Percent(raw); got != want {
			t.Errorf("%s as a share: %s, want %s", raw, got, want)
		}
	}
}
