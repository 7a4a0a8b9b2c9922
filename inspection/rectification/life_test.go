package rectification_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestNext tries everything in every state by everyone: the table's lines work
// and nothing else does.
func TestNext(t *testing.T) {
	t.Parallel()
	all := rectification.Transitions()
	everyone := append(tenants.Roles(), tenants.System, tenants.Public)
	for _, from := range rectification.States() {
		for _, do := range rectification.Actions() {
			for _, by := range everyone {
				got, err := rectification.Next(from, do, by)
				i := slices.IndexFunc(all, func(tr rectification.Transition) bool {
					return tr.From == from && tr.Do == do && tr.By == by
				})
				switch {
				case i >= 0 && (err != nil || got != all[i].To):
					t.Errorf("%s: %s by %s = %s, %v; want %s", from, do, by, got, err, all[i].To)
				case i < 0 && err == nil:
					t.Errorf("%s: %s by %s = %s; want an error", from, do, by, got)
				case i < 0 && got != from:
					t.Errorf("%s: refused %s moved the case to %s", from, do, got)
				case i < 0 && inspection.KindOf(err) == inspection.Internal:
					t.Errorf("%s: %s by %s: %v has no kind", from, do, by, err)
				}
			}
		}
	}
}

// TestMay tries everything that leaves the state as it is.
func TestMay(t *testing.T) {
	t.Parallel()
	for _, in := range rectification.States() {
		for _, do := range rectification.Actions() {
			for _, by := range append(tenants.Roles(), tenants.System, tenants.Public) {
				want := slices.ContainsFunc(rectification.Permits(), func(p rectification.Permit) bool {
					return p.Do == do && slices.Contains(p.In, in) && slices.Contains(p.By, by)
				})
				if err := rectification.May(in, do, by); (err == nil) != want {
					t.Errorf("%s: %s by %s: %v, want allowed %t", in, do, by, err, want)
				}
			}
		}
	}
}

// TestUnitNeverCloses walks every path that a unit's people can walk alone.
func TestUnitNeverCloses(t *testing.T) {
	t.Parallel()
	for _, tr := range rectification.Transitions() {
		if tr.By.OfUnit() && (tr.To == rectification.Closed || tr.To == rectification.LongTerm) {
			t.Errorf("%s may %s to %s", tr.By, tr.Do, tr.To)
		}
		if tr.From == rectification.Closed && tr.By != tenants.DIR {
			t.Errorf("%s may %s a closed case", tr.By, tr.Do)
		}
	}
}

func FuzzLife(f *testing.F) {
	f.Add([]byte{0x00, 0x10, 0x23, 0x45})
	actions, roles := rectification.Actions(), tenants.Roles()
	f.Fuzz(func(t *testing.T, steps []byte) {
		state := rectification.Open
		reviewed := false // since the last handing-in
		for _, b := range steps {
			do, by := actions[int(b&0x0f)%len(actions)], roles[int(b>>4)%len(roles)]
			next, err := rectification.Next(state, do, by)
			if err != nil {
				if next != state {
					t.Fatalf("refused %s moved %s to %s", do, state, next)
				}
				continue
			}
			reviewed = state == rectification.Submitted
			if !slices.Contains(rectification.States(), next) {
				t.Fatalf("%s leads to %q, which is no state", do, next)
			}
			if (next == rectification.Closed || next == rectification.LongTerm) && !reviewed {
				t.Fatalf("%s reached %s without a review", do, next)
			}
			state = next
		}
	})
}

// TestStateDiagram keeps the drawing of the life, which people read, equal to the
// table.
func TestStateDiagram(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := rectification.WriteDiagram(&got); err != nil {
		t.Fatal(err)
	}
	const golden = "states.mmd"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("states.mmd is stale; run go test ./inspection/rectification -run Diagram -update (-file +code):\n%s", diff)
	}
}

// TestDatabaseWords keeps the checks of the columns equal to the tables.
func TestDatabaseWords(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	for constraint, want := range map[string][]string{
		"rectifications_state": texts(rectification.States()),
		"opinions_verdict":     texts(rectification.Verdicts()),
	} {
		def := tenantstest.RootValue[string](h, `select pg_get_constraintdef(oid) from pg_constraint where conname = $1`, constraint)
		for _, s := range want {
			if !strings.Contains(def, "'"+s+"'") {
				t.Errorf("%s does not know %q: %s", constraint, s, def)
			}
		}
		if n := strings.Count(def, "::text") - strings.Count(def, ")::text"); n != len(want) {
			t.Errorf("%s knows %d values, want %d: %s", constraint, n, len(want), def)
		}
	}
}

func texts[T ~string](vs []T) []string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = string(v)
	}
	return out
}

// TestWords makes sure that people have a word for everything.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, w := range rectification.Words() {
		if w.Label == "" {
			t.Errorf("no word for %s %s", w.List, w.Code)
		}
	}
}

func ExampleNext() {
	fmt.Println(rectification.Next(rectification.Working, rectification.Submit, tenants.UNIT))
	fmt.Println(rectification.Next(rectification.Submitted, rectification.Accept, tenants.UNIT))
	fmt.Println(rectification.Next(rectification.Open, rectification.Submit, tenants.UNIT))
	// Output:
	// submitted <nil>
	// submitted forbidden: 需由巡察办干部办理。
	// open rectification.wrong-state: 此事项现为“未启动”，不能提交销号。
}
