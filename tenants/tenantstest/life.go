package tenantstest

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Life holds a lifecycle to what every lifecycle promises. Everything is tried in
// every state by everyone on every side: the lines of the table work and nothing
// else does. Everything has a word, the column's check (constraint) knows the
// states and no others, and the drawing that people read (golden) is fresh.
func Life[S, D ~string](t *testing.T, h *House, l tenants.Life[S, D], constraint, golden string) {
	t.Helper()
	sides := []tenants.Side{""}
	for _, side := range l.Sides {
		sides = append(sides, side)
	}
	everyone := append(tenants.Roles(), tenants.System, tenants.Public)
	for _, from := range append(l.States(), tenants.Start) {
		for _, do := range l.Acts() {
			for _, side := range sides {
				for _, by := range everyone {
					try(t, l, from, do, side, by)
				}
			}
		}
	}
	same(t, l.Name+": states with a word", slices.Collect(maps.Keys(l.Called)), l.States())
	same(t, l.Name+": acts with a word", slices.Collect(maps.Keys(l.Doing)), l.Acts())
	if l.Sides != nil {
		same(t, l.Name+": acts with a side", slices.Collect(maps.Keys(l.Sides)), l.Acts())
	}
	Knows(h, constraint, l.States()...)
	var drawn bytes.Buffer
	if err := l.Draw(&drawn); err != nil {
		t.Error(err)
	}
	Golden(t, golden, drawn.Bytes())
}

func try[S, D ~string](t *testing.T, l tenants.Life[S, D], from S, do D, side tenants.Side, by tenants.Role) {
	t.Helper()
	var lines []tenants.Step[S, D]
	for _, step := range l.Steps {
		if step.From == from && step.Do == do {
			lines = append(lines, step)
		}
	}
	got, err := l.Next(from, do, by, side)
	kind := inspection.KindOf(err)
	switch {
	case len(lines) > 1:
		t.Fatalf("%s: %s leads from %s to %d places", l.Name, do, from, len(lines))
	case err != nil && got != from:
		t.Errorf("%s: refused %s moved %s to %s", l.Name, do, from, got)
	case len(lines) == 0:
		if err == nil || kind != inspection.Conflict {
			t.Errorf("%s: %s in %s by %s: %v, want Conflict", l.Name, do, from, by, err)
		}
	case l.Sides[do] != "" && l.Sides[do] != side, !slices.Contains(lines[0].By, by):
		if err == nil || kind != inspection.Forbidden {
			t.Errorf("%s: %s in %s by %s on side %q: %v, want Forbidden", l.Name, do, from, by, side, err)
		}
	case err != nil || got != lines[0].To:
		t.Errorf("%s: %s in %s by %s leads to %s, %v; want %s", l.Name, do, from, by, got, err, lines[0].To)
	}
	if offered := slices.Contains(l.Allowed(from, by, side), do); offered != (err == nil) {
		t.Errorf("%s: %s in %s by %s on side %q: offered %t, but %v", l.Name, do, from, by, side, offered, err)
	}
}

// Knows compares the values that a column's check names with those of the code.
func Knows[T ~string](h *House, constraint string, values ...T) {
	h.t.Helper()
	def := RootValue[string](h, `select pg_get_constraintdef(oid) from pg_constraint where conname = $1`, constraint)
	var known []T
	for i, part := range strings.Split(def, "'") {
		if i%2 == 1 {
			known = append(known, T(part))
		}
	}
	same(h.t, constraint+" of the database", known, values)
}

func same[T ~string](t testing.TB, what string, got, want []T) {
	t.Helper()
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-wanted +found):\n%s", what, diff)
	}
}
