package followups_test

import (
	"testing"

	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, followups.Life(), "followups_state", "testdata/followup.mmd")
	tenantstest.Life(t, h, followups.Looks(), "followup_items_state", "testdata/look.mmd")
	tenantstest.Knows(h, "followup_items_verdict", append(followups.Verdicts(), "")...)
	for _, v := range followups.Verdicts() {
		if v.Word() == "" {
			t.Errorf("no word for %s", v)
		}
		for _, s := range rectification.Cases().States() {
			if got, want := v.Reopens(s), s == rectification.Closed && v != followups.Confirmed; got != want {
				t.Errorf("%s reopens what is %s: %t", v, s, got)
			}
		}
	}
}

// FuzzLife walks at random: nobody but the director tells units or reports, and
// nothing is reported that they were not told of.
func FuzzLife(f *testing.F) {
	f.Add([]byte{0x02, 0x13, 0x25, 0x35})
	life, roles := followups.Life(), tenants.Roles()
	acts := life.Acts()
	f.Fuzz(func(t *testing.T, steps []byte) {
		state, told := followups.Drafted, false
		for _, b := range steps {
			do, by := acts[int(b&0x0f)%len(acts)], roles[int(b>>4)%len(roles)]
			next, err := life.Next(state, do, by)
			if err == nil && (do == followups.Notify || do == followups.Report) && by != tenants.DIR {
				t.Fatalf("%s did %s", by, do)
			}
			told = told || next == followups.Notified
			if next == followups.Reported && !told {
				t.Fatalf("%s by %s reported what nobody was told of", do, by)
			}
			state = next
		}
	})
}
