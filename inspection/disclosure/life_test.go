package disclosure_test

import (
	"fmt"
	"slices"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// everyone is every role that could try.
var everyone = append(tenants.Roles(), tenants.System, tenants.Public)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, disclosure.Editions(), "disclosure_editions_state", "testdata/states.mmd")
	tenantstest.Knows(h, "disclosure_items_withheld", append(disclosure.Reasons(), "")...)
}

// FuzzLife walks at random: nothing is published that was not approved, and
// nothing leaves the end.
func FuzzLife(f *testing.F) {
	f.Add([]byte{1, 3, 2, 1, 3, 4, 4, 9, 6, 10, 8, 15})
	editions := disclosure.Editions()
	acts := editions.Acts()
	f.Fuzz(func(t *testing.T, steps []byte) {
		state, approved := disclosure.Drafted, false
		for i := 0; i+1 < len(steps); i += 2 {
			do := acts[int(steps[i])%len(acts)]
			next, err := editions.Next(state, do, everyone[int(steps[i+1])%len(everyone)])
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

// TestWords makes sure that everything people see has a word.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, w := range slices.Concat(
		wordsOf(disclosure.Statuses()), wordsOf(disclosure.Reasons()), wordsOf(disclosure.AllGrounds())) {
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

func ExampleEditions() {
	editions := disclosure.Editions()
	fmt.Println(editions.Next(disclosure.Approving, disclosure.Approve, tenants.LG))
	fmt.Println(editions.Next(disclosure.Drafted, disclosure.Publish, tenants.DIR))
	// Output:
	// approved <nil>
	// draft disclosure.wrong-state: 发布未能办理：现为“起草”，须在“待发布”时办理。
}
