package bench

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"xuncha/inspection/rectification/ledger"
)

// TestMegabytes reads a status as the kernel writes it.
func TestMegabytes(t *testing.T) {
	t.Parallel()
	const status = "Name:\txuncha\nVmHWM:\t  204800 kB\nVmRSS:\t   51200 kB\nThreads:\t9\n"
	for name, want := range map[string]float64{"VmHWM": 200, "VmRSS": 50} {
		if got, err := megabytes(strings.NewReader(status), name); got != want || err != nil {
			t.Errorf("%s = %v MB, %v; want %v", name, got, err, want)
		}
	}
	if got, err := megabytes(strings.NewReader(status), "VmSwap"); err == nil {
		t.Errorf("VmSwap = %v MB, want an error", got)
	}
}

// TestWorkbook makes sure that the ledger to be imported asks nobody anything.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	b, err := workbook(20)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ledger.Read(t.Context(), bytes.NewReader(b), int64(len(b)), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) != 20 || len(r.Questions) != 0 {
		t.Errorf("%d problems and %d questions, want 20 and none", len(r.Problems), len(r.Questions))
	}
}

// TestPrint shows small figures as well as large ones, and nothing where there is
// nothing to compare with.
func TestPrint(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	err := Print(&b, []Row{
		{Name: "a", Unit: "s", Ours: 4, Bare: 0.125, Ratio: 0.03125, Want: "< 20"},
		{Name: "b", Unit: "MB", Ours: 71.6, Want: "< 100"},
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, want := range []string{"name unit ours bare ratio wanted", "a s 4.00 0.12 0.03 < 20", "b MB 72 < 100"} {
		if got := strings.Join(strings.Fields(lines[i]), " "); got != want {
			t.Errorf("line %d = %q, want %q", i+1, got, want)
		}
	}
}

// TestOnly chooses parts by their names, in their own order, and names what there
// is to whoever asks for another.
func TestOnly(t *testing.T) {
	t.Parallel()
	names := func(list []part) (names []string) {
		for _, p := range list {
			names = append(names, p.name)
		}
		return names
	}
	for _, tt := range []struct{ only, want []string }{
		{nil, Names()}, {[]string{"state", "list"}, []string{"list", "state"}},
	} {
		list, err := chosen(tt.only)
		if got := names(list); !slices.Equal(got, tt.want) || err != nil {
			t.Errorf("%v: %v, %v; want %v", tt.only, got, err, tt.want)
		}
	}
	if _, err := chosen([]string{"lists"}); err == nil || !strings.Contains(err.Error(), "finding, state") {
		t.Errorf("a part that is not there: %v", err)
	}
}
