package rectification_test

import (
	"fmt"
	"testing"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestUnitNeverCloses looks at everything that a unit's people may do.
func TestUnitNeverCloses(t *testing.T) {
	t.Parallel()
	for _, step := range rectification.Cases().Steps {
		for _, by := range step.By {
			if by.OfUnit() && step.From != step.To && (step.To == rectification.Closed || step.To == rectification.LongTerm) {
				t.Errorf("%s may %s to %s", by, step.Do, step.To)
			}
			// The system for what the office above found at its sampling.
			if step.From == rectification.Closed && (by != tenants.DIR && by != tenants.System || step.Do != rectification.Reopen) {
				t.Errorf("%s may %s a closed case", by, step.Do)
			}
		}
	}
}

// FuzzLife walks at random: nothing is closed without a review.
func FuzzLife(f *testing.F) {
	f.Add([]byte{0x00, 0x10, 0x23, 0x45})
	cases, roles := rectification.Cases(), tenants.Roles()
	acts := cases.Acts()
	f.Fuzz(func(t *testing.T, steps []byte) {
		state := rectification.Open
		for _, b := range steps {
			do, by := acts[int(b&0x0f)%len(acts)], roles[int(b>>4)%len(roles)]
			next, _ := cases.Next(state, do, by)
			finished := next == rectification.Closed || next == rectification.LongTerm
			if finished && next != state && state != rectification.Submitted {
				t.Fatalf("%s led from %s to %s without a review", do, state, next)
			}
			state = next
		}
	})
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

func ExampleCases() {
	cases := rectification.Cases()
	fmt.Println(cases.Next(rectification.Working, rectification.Submit, tenants.UNIT))
	fmt.Println(cases.Next(rectification.Submitted, rectification.Accept, tenants.UNIT))
	fmt.Println(cases.Next(rectification.Open, rectification.Submit, tenants.UNIT))
	// Output:
	// submitted <nil>
	// submitted forbidden: 需由巡察办干部办理。
	// open rectification.wrong-state: 提交销号未能办理：现为“未启动”，须在“整改中”或“退回重报”或“长期整改”时办理。
}
