package checks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification/checks"
	"xuncha/tenants/tenantstest"
)

func numbers(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("QY-06-02-%03d", i+1)
	}
	return all
}

// TestDraw holds the sample of a known seed: whoever changes the algorithm takes
// from every office the proof that its samples were drawn.
func TestDraw(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, seed := range []string{"a", "b", "2026"} {
		fmt.Fprintf(&got, "%s: %s\n", seed, strings.Join(checks.Draw(seed, 20, numbers(40)), " "))
	}
	tenantstest.Golden(t, "testdata/sample.txt", []byte(got.String()))

	backwards := numbers(40)
	slices.Reverse(backwards)
	if diff := cmp.Diff(checks.Draw("a", 20, numbers(40)), checks.Draw("a", 20, backwards)); diff != "" {
		t.Errorf("the order of the ledger changes the sample:\n%s", diff)
	}
	for n, want := range map[int]int{0: 0, 1: 1, 4: 1, 5: 1, 6: 2, 10: 2, 91: 19} {
		if got := len(checks.Draw("a", 20, numbers(n))); got != want {
			t.Errorf("20%% of %d = %d, want %d", n, got, want)
		}
	}
}

// TestOneRule leaves it to the room of doubts what a doubt is: a file that cannot
// be looked into, or is another item's, makes none of an item that is not marked.
func TestOneRule(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i, f := range h.items[5:7] {
		h.Root(`
			insert into evidence (tenant_id, id, finding_id, unit_id, name, type, size, sha256, encrypted, blob, submission, by_name, at)
			values ($1, $2, $3, $4, '会议记录.pdf', 'application/pdf', 1, '\x01', true, $5, 1, '某某', now())`,
			h.office.ID, inspection.NewID[inspection.EvidenceID](), f.ID, f.UnitID, fmt.Sprint(i))
	}
	if got := h.opened(t).Drawn[0]; got != (checks.Portion{Reason: checks.Doubt, Saw: 2, Took: 2}) {
		t.Errorf("with a doubt: %+v, want the two that are marked", got)
	}
}

// TestOpen draws all with a doubt, all overdue and a share of the rest, keeps what
// it saw, and draws the same again when the ledger has moved on.
func TestOpen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.opened(t)
	want := []checks.Portion{{Reason: checks.Doubt, Saw: 2, Took: 2}, {Reason: checks.Overdue, Saw: 1, Took: 1}, {Reason: checks.Random, Saw: 7, Took: 2}}
	if diff := cmp.Diff(want, c.Drawn); diff != "" || c.N != 1 || c.Share != 20 || c.Counts.Visits != 5 {
		t.Fatalf("opened %+v (-want +got):\n%s", c, diff)
	}
	h.Root(`update rectifications set flags = '{}', due_on = '2027-01-01'`)
	again := tenantstest.Must(h.Checks(t.Context(), h.dir))(t)[0]
	if diff := cmp.Diff(want, again.Drawn); diff != "" || !again.Same || again.Counts.Unassigned != 5 {
		t.Errorf("drawn again: same %v, %+v:\n%s", again.Same, again.Counts, diff)
	}
	h.Root(`update check_samples set drawn = not drawn where reason = 'random'`)
	if again = tenantstest.Must(h.Checks(t.Context(), h.dir))(t)[0]; again.Same {
		t.Error("a sample that somebody changed passes for the one that was drawn")
	}

	_, err := h.Open(t.Context(), h.off, checks.Opening{Round: h.round})
	tenantstest.Wants(t, err, inspection.Conflict, "check.unfinished")
	h.Root(`update check_visits set state = 'cancelled'`)
	for n := 2; n <= 3; n++ {
		if c := tenantstest.Must(h.Open(t.Context(), h.off, checks.Opening{Round: h.round, Share: 50}))(t); c.N != n || c.Share != 50 || len(c.Seed) != 16 {
			t.Errorf("round %d opened as %+v", n, c)
		}
		h.Root(`update check_visits set state = 'cancelled'`)
	}
	_, err = h.Open(t.Context(), h.off, checks.Opening{Round: h.round})
	tenantstest.Wants(t, err, inspection.Conflict, "check.three")
}
