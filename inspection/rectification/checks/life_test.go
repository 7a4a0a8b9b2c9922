package checks_test

import (
	"testing"

	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, checks.Visits(), "check_visits_state", "testdata/visit.mmd")
	tenantstest.Knows(h, "check_visits_verdict", append(checks.Verdicts(), "")...)
	tenantstest.Knows(h, "check_visits_outcome", append(checks.Outcomes(), "")...)
	tenantstest.Knows(h, "check_samples_reason", checks.Reasons()...)
	for _, v := range checks.Verdicts() {
		if v.Word() == "" {
			t.Errorf("no word for %s", v)
		}
	}
	for _, o := range checks.Outcomes() {
		if o.Word() == "" {
			t.Errorf("no word for %s", o)
		}
	}
}

// FuzzLife walks at random: nothing is confirmed that two inspectors did not agree
// on, and by nobody but the director.
func FuzzLife(f *testing.F) {
	f.Add([]byte{0x02, 0x13, 0x25, 0x35})
	life, roles := checks.Visits(), tenants.Roles()
	acts := life.Acts()
	f.Fuzz(func(t *testing.T, steps []byte) {
		state := checks.Planned
		for _, b := range steps {
			do, by := acts[int(b&0x0f)%len(acts)], roles[int(b>>4)%len(roles)]
			next, err := life.Next(state, do, by)
			if next == checks.Confirmed && next != state && (state != checks.Agreed || by != tenants.DIR) {
				t.Fatalf("%s by %s confirmed a visit that was %s", do, by, state)
			}
			if err == nil && (state == checks.Confirmed || state == checks.Cancelled) {
				t.Fatalf("%s left the end %s", do, state)
			}
			state = next
		}
	})
}
