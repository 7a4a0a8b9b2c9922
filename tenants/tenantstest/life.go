package tenantstest

import (
	"bytes"
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
	for _, s := range l.States() {
		if l.Called[s] == "" {
			t.Errorf("%s: no word for state %q", l.Name, s)
		}
	}
	for _, do := range l.Acts() {
		if l.Doing[do] == "" {
			t.Errorf("%s: no word for act %q", l.Name, do)
		}
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
	var got, want []string
	for i, part := range strings.Split(def, "'") {
		if i%2 == 1 {
			got = append(got, part)
		}
	}
	for _, v := range values {
		want = append(want, string(v))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("%s (-code +database):\n%s", constraint, diff)
	}
}
