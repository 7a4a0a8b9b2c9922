package linkage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLives(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, linkage.Notices(), "notices_state", "testdata/notice.mmd")
	tenantstest.Life(t, h, linkage.Deliveries(), "deliveries_state", "testdata/delivery.mmd")
	tenantstest.Life(t, h, linkage.Matters(), "escalations_state", "testdata/escalation.mmd")
	tenantstest.Knows(h, "deliveries_return_code", linkage.ReturnCodes()...)
	tenantstest.Knows(h, "escalations_return_code", linkage.MatterReturns()...)
	tenantstest.Knows(h, "escalations_outcome", linkage.Outcomes()...)
	tenantstest.Knows(h, "escalations_decision", linkage.Courses()...)
}

// FuzzLives walks at random: ends stay ends.
func FuzzLives(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Fuzz(func(t *testing.T, steps []byte) {
		walk(t, steps, linkage.Draft, linkage.Notices(), linkage.Closed, linkage.Withdrawn)
		walk(t, steps, linkage.Delivered, linkage.Deliveries(), linkage.Accepted, linkage.DeliveryWithdrawn)
		walk(t, steps, linkage.MatterDraft, linkage.Matters(), linkage.MatterClosed, linkage.MatterWithdrawn)
	})
}

func walk[S, D ~string](t *testing.T, steps []byte, s S, l tenants.Life[S, D], ends ...S) {
	t.Helper()
	acts, roles := l.Acts(), tenants.Roles()
	sides := []tenants.Side{linkage.Issuer, linkage.Recipient, linkage.Raiser, linkage.Holder}
	for _, b := range steps {
		to, err := l.Next(s, acts[int(b)%len(acts)], roles[int(b)%len(roles)], sides[int(b>>2)%len(sides)])
		if err == nil && slices.Contains(ends, s) {
			t.Fatalf("left the end %s for %s", s, to)
		}
		s = to
	}
}

// TestSidesOfTrigger keeps the states that the trigger lets each side set equal to those
// that the side's acts lead to.
func TestSidesOfTrigger(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	sides(t, h, linkage.Deliveries(), "deliveries", linkage.Issuer, linkage.Recipient)
	sides(t, h, linkage.Matters(), "escalations", linkage.Holder, linkage.Raiser)
}

func sides[S, D ~string](t *testing.T, h *tenantstest.House, l tenants.Life[S, D], table string, other, own tenants.Side) {
	t.Helper()
	args := strings.Split(tenantstest.RootValue[string](h, `
		select convert_from(replace(encode(tgargs, 'escape'), '\000', '|')::bytea, 'UTF8')
		from pg_trigger where tgrelid = $1::regclass and tgname = 'sides'`, table), "|")
	for side, set := range map[tenants.Side]string{other: args[4], own: args[5]} {
		want, got := []string{}, strings.Fields(set)
		for _, step := range l.Steps {
			if step.From != step.To && l.Sides[step.Do] == side {
				want = append(want, string(step.To))
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
			t.Errorf("%s set by the %s (-code +database):\n%s", table, side, diff)
		}
	}
}
