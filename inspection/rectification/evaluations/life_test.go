package evaluations_test

import (
	"testing"

	"xuncha/inspection/rectification/evaluations"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, evaluations.Life(), "evaluations_state", "testdata/evaluation.mmd")
	tenantstest.Life(t, h, evaluations.Seconds(), "second_rectifications_state", "testdata/second.mmd")
	for _, f := range evaluations.Facts() {
		if f.Word() == "" {
			t.Errorf("no word for %s", f)
		}
	}
}

// FuzzLife walks at random: nothing is made known that the leading group did not
// decide, and nobody but it decides.
func FuzzLife(f *testing.F) {
	f.Add([]byte{0x02, 0x13, 0x25, 0x35})
	life, roles := evaluations.Life(), tenants.Roles()
	acts := life.Acts()
	f.Fuzz(func(t *testing.T, steps []byte) {
		state, decided := evaluations.SelfEvaluating, false
		for _, b := range steps {
			do, by := acts[int(b&0x0f)%len(acts)], roles[int(b>>4)%len(roles)]
			next, err := life.Next(state, do, by)
			if err == nil && do == evaluations.Decide {
				if by != tenants.LG {
					t.Fatalf("%s decided", by)
				}
				decided = true
			}
			if next == evaluations.Published && !decided {
				t.Fatalf("%s by %s made known what nobody decided", do, by)
			}
			state = next
		}
	})
}
