package disclosure_test

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
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var update = flag.Bool("update", false, "rewrite golden files")

// everyone is every role that could try.
var everyone = append(tenants.Roles(), tenants.System, tenants.Public)

// TestNext tries everything in every state by everyone: the table's lines work
// and nothing else does.
func TestNext(t *testing.T) {
	t.Parallel()
	all := disclosure.Transitions()
	for _, from := range disclosure.States() {
		for _, do := range disclosure.Actions() {
			for _, by := range everyone {
				got, err := disclosure.Next(from, do, by)
				i := slices.IndexFunc(all, func(tr disclosure.Transition) bool {
					return tr.From == from && tr.Do == do && slices.Contains(tr.By, by)
				})
				switch {
				case i >= 0 && (err != nil || got != all[i].To):
					t.Errorf("%s: %s by %s = %s, %v; want %s", from, do, by, got, err, all[i].To)
				case i < 0 && err == nil:
					t.Errorf("%s: %s by %s = %s; want an error", from, do, by, got)
				case i < 0 && got != from:
					t.Errorf("%s: refused %s moved the text to %s", from, do, got)
				}
			}
		}
	}
}

// FuzzLife walks at random: nothing is published that was not approved, and
// nothing leaves the end.
func FuzzLife(f *testing.F) {
	f.Add([]byte{1, 3, 2, 1, 3, 4, 4, 9, 6, 10, 8, 15})
	f.Fuzz(func(t *testing.T, steps []byte) {
		state, approved := disclosure.Drafted, false
		for i := 0; i+1 < len(steps); i += 2 {
			do := disclosure.Actions()[int(steps[i])%len(disclosure.Actions())]
			next, err := disclosure.Next(state, do, everyone[int(steps[i+1])%len(everyone)])
			if err != nil {
				if inspection.KindOf(err) == inspection.Internal {
					t.Fatalf("%s in %s: %v has no kind", do, state, err)
				}
				continue
			}
			switch {
			case next == disclosure.Approved && state == disclosure.Approving:
				approved = true
			case next == disclosure.Drafted:
				approved = false
			case next == disclosure.Published && !approved:
				t.Fatal("published without approval")
			case (state == disclosure.Superseded || state == disclosure.Withdrawn) && next != state:
				t.Fatalf("%s left %s", do, state)
			}
			state = next
		}
	})
}

// TestDiagram keeps testdata/states.mmd, which the documentation shows, equal to
// the table.
func TestDiagram(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := disclosure.WriteDiagram(&got); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/states.mmd"
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
		t.Errorf("%s is stale; run go test -update (-file +table):\n%s", golden, diff)
	}
}

// TestDatabaseKnows keeps the columns' checks equal to the lists.
func TestDatabaseKnows(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	checks := func(name string, values ...string) {
		def := tenantstest.RootValue[string](h, `select pg_get_constraintdef(oid) from pg_constraint where conname = $1`, name)
		for _, v := range values {
			if !strings.Contains(def, "'"+v+"'") {
				t.Errorf("%s does not know %q: %s", name, v, def)
			}
		}
		if n := strings.Count(def, "::text"); n != len(values) {
			t.Errorf("%s knows other values than %v: %s", name, values, def)
		}
	}
	checks("disclosure_editions_state", texts(disclosure.States())...)
	checks("disclosure_items_withheld", append(texts(disclosure.Reasons()), "")...)
}

func texts[T ~string](vs []T) []string {
	var out []string
	for _, v := range vs {
		out = append(out, string(v))
	}
	return out
}

// TestWords makes sure that everything people see has a word.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, w := range slices.Concat(
		wordsOf(disclosure.States()), wordsOf(disclosure.Actions()), wordsOf(disclosure.Statuses()),
		wordsOf(disclosure.Reasons()), wordsOf(disclosure.AllGrounds())) {
		if w == "" {
			t.Error("a value has no word")
		}
	}
	if got := disclosure.Reason("").Word(); got != "" {
		t.Errorf("what is disclosed has the reason %q", got)
	}
}

func wordsOf[T interface{ Word() string }](vs []T) []string {
	var out []string
	for _, v := range vs {
		out = append(out, v.Word())
	}
	return out
}

func ExampleNext() {
	fmt.Println(disclosure.Next(disclosure.Approving, disclosure.Approve, tenants.LG))
	fmt.Println(disclosure.Next(disclosure.Drafted, disclosure.Publish, tenants.DIR))
	// Output:
	// approved <nil>
	// draft disclosure.wrong-state: 此公开稿现为“起草”，不能发布。
}
