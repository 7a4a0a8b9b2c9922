package linkage_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var update = flag.Bool("update", false, "rewrite testdata")

var sides = []linkage.Side{linkage.Issuer, linkage.Recipient, linkage.Raiser, linkage.Holder}

// TestLives tries everything in every state by everyone on every side: the tables'
// lines work and nothing else does.
func TestLives(t *testing.T) {
	t.Parallel()
	try(t, linkage.NoticeTransitions(), linkage.NoticeStates(), linkage.NoticeActs(), linkage.NextNotice)
	try(t, linkage.DeliveryTransitions(), linkage.DeliveryStates(), linkage.DeliveryActs(), linkage.NextDelivery)
	try(t, linkage.MatterTransitions(), linkage.MatterStates(), linkage.MatterActs(), linkage.NextMatter)
}

func try[S, D ~string](t *testing.T, table []linkage.Transition[S, D], states []S, acts []D,
	next func(S, D, linkage.Side, tenants.Role) (S, error),
) {
	t.Helper()
	for _, from := range states {
		for _, do := range acts {
			for _, side := range sides {
				for _, by := range tenants.Roles() {
					got, err := next(from, do, side, by)
					i := slices.IndexFunc(table, func(tr linkage.Transition[S, D]) bool {
						return tr.From == from && tr.Do == do && tr.Side == side && slices.Contains(tr.By, by)
					})
					switch {
					case i >= 0 && (err != nil || got != table[i].To):
						t.Errorf("%s: %s by %s %s = %s, %v; want %s", from, do, side, by, got, err, table[i].To)
					case i < 0 && err == nil:
						t.Errorf("%s: %s by %s %s = %s; want an error", from, do, side, by, got)
					case i < 0 && got != from:
						t.Errorf("%s: refused %s moved it to %s", from, do, got)
					}
				}
			}
		}
	}
}

// TestTablesAreFunctions: no state and act leads to two places, or table order
// would decide.
func TestTablesAreFunctions(t *testing.T) {
	t.Parallel()
	for _, seen := range []map[string]int{
		count(linkage.NoticeTransitions()), count(linkage.DeliveryTransitions()), count(linkage.MatterTransitions()),
	} {
		for key, n := range seen {
			if n != 1 {
				t.Errorf("%s stands %d times in its table", key, n)
			}
		}
	}
}

func count[S, D ~string](table []linkage.Transition[S, D]) map[string]int {
	seen := map[string]int{}
	for _, tr := range table {
		seen[string(tr.From)+" "+string(tr.Do)]++
	}
	return seen
}

// FuzzLives walks at random: ends stay ends, and every refusal has a kind.
func FuzzLives(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Fuzz(func(t *testing.T, steps []byte) {
		walk(t, steps, linkage.Draft, linkage.NoticeActs(), linkage.NextNotice, linkage.Closed, linkage.Withdrawn)
		walk(t, steps, linkage.Delivered, linkage.DeliveryActs(), linkage.NextDelivery, linkage.Accepted, linkage.DeliveryWithdrawn)
		walk(t, steps, linkage.MatterDraft, linkage.MatterActs(), linkage.NextMatter, linkage.MatterClosed, linkage.MatterWithdrawn)
	})
}

func walk[S, D ~string](t *testing.T, steps []byte, s S, acts []D, next func(S, D, linkage.Side, tenants.Role) (S, error), ends ...S) {
	t.Helper()
	roles := tenants.Roles()
	for _, b := range steps {
		to, err := next(s, acts[int(b)%len(acts)], sides[int(b>>2)%len(sides)], roles[int(b)%len(roles)])
		if err == nil && slices.Contains(ends, s) {
			t.Fatalf("left the end %s for %s", s, to)
		}
		if err != nil && inspection.KindOf(err) != inspection.Conflict && inspection.KindOf(err) != inspection.Forbidden {
			t.Fatalf("%v has no kind", err)
		}
		s = to
	}
}

// TestDiagrams keeps the drawn tables, which the documents show, equal to the code.
func TestDiagrams(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := linkage.WriteDiagrams(&b); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/lives.mmd"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s is stale; run go test ./inspection/linkage -update (-file +code):\n%s", golden, diff)
	}
}

// TestDatabaseKnows keeps the columns' checks, and the states that the trigger
// lets each side set, equal to the tables.
func TestDatabaseKnows(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	check := func(name string, want []string) {
		t.Helper()
		def := tenantstest.RootValue[string](h, `select pg_get_constraintdef(oid) from pg_constraint where conname = $1`, name)
		compare(t, name, quoted(def), want)
	}
	check("notices_state", texts(linkage.NoticeStates()))
	check("deliveries_state", texts(linkage.DeliveryStates()))
	check("escalations_state", texts(linkage.MatterStates()))
	check("deliveries_return_code", texts(linkage.ReturnCodes()))
	check("escalations_return_code", texts(linkage.MatterReturns()))
	check("escalations_outcome", texts(linkage.Outcomes()))

	for table, want := range map[string]map[linkage.Side][]string{
		"deliveries":  led(linkage.DeliveryTransitions()),
		"escalations": led(linkage.MatterTransitions()),
	} {
		args := strings.Split(tenantstest.RootValue[string](h, `
			select convert_from(replace(encode(tgargs, 'escape'), '\000', '|')::bytea, 'UTF8')
			from pg_trigger where tgrelid = $1::regclass and tgname = 'sides'`, table), "|")
		other, own := linkage.Issuer, linkage.Recipient
		if table == "escalations" {
			other, own = linkage.Holder, linkage.Raiser
		}
		compare(t, table+" set by the "+string(other), strings.Fields(args[4]), want[other])
		compare(t, table+" set by the "+string(own), strings.Fields(args[5]), want[own])
	}
}

// led lists the states that each side's acts lead to.
func led[S, D ~string](table []linkage.Transition[S, D]) map[linkage.Side][]string {
	to := map[linkage.Side][]string{}
	for _, tr := range table {
		if tr.From != tr.To && !slices.Contains(to[tr.Side], string(tr.To)) {
			to[tr.Side] = append(to[tr.Side], string(tr.To))
		}
	}
	return to
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func quoted(def string) (out []string) {
	parts := strings.Split(def, "'")
	for i := 1; i < len(parts); i += 2 {
		out = append(out, parts[i])
	}
	return out
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-code +database):\n%s", what, diff)
	}
}
