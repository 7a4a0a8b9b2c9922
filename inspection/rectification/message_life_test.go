package rectification

import (
	"bytes"
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var updateLives = flag.Bool("update-lives", false, "rewrite the diagrams of the smaller lifecycles")

// TestLives tries everything in every state by everyone in the smaller
// lifecycles, draws them, and compares them with the database's checks.
func TestLives(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	testLife(t, h, "message", "messages_state", messageLife)
	testLife(t, h, "reminder", "reminders_state", reminderLife)
	testLife(t, h, "import", "imports_state", importLife)
}

func testLife[S, D ~string](t *testing.T, h *tenantstest.House, name, check string, l life[S, D]) {
	t.Run(name, func(t *testing.T) {
		var actions []D
		for _, e := range l {
			actions = append(actions, e.Do)
		}
		for _, s := range l.states() {
			for _, do := range actions {
				for _, role := range append(tenants.Roles(), tenants.System, tenants.Public) {
					tryNext(t, l, s, do, role)
				}
			}
		}
		def := tenantstest.RootValue[string](h, `select pg_get_constraintdef(oid) from pg_constraint where conname = $1`, check)
		for _, s := range l.states() {
			if s != "[*]" && !strings.Contains(def, "'"+string(s)+"'") {
				t.Errorf("the database does not know state %q: %s", s, def)
			}
		}
		golden(t, "testdata/"+name+".mmd", l.diagram)
	})
}

func tryNext[S, D ~string](t *testing.T, l life[S, D], s S, do D, role tenants.Role) {
	t.Helper()
	i := slices.IndexFunc(l, func(e edge[S, D]) bool { return e.From == s && e.Do == do })
	got, err := l.next("件", s, do, role)
	switch {
	case i < 0 && inspection.KindOf(err) != inspection.Conflict:
		t.Errorf("%s: %s by %s: %v, want a conflict", s, do, role, err)
	case i < 0:
	case slices.Contains(l[i].By, role) && (err != nil || got != l[i].To):
		t.Errorf("%s: %s by %s = %s, %v; want %s", s, do, role, got, err, l[i].To)
	case !slices.Contains(l[i].By, role) && inspection.KindOf(err) != inspection.Forbidden:
		t.Errorf("%s: %s by %s: %v, want Forbidden", s, do, role, err)
	}
}

func golden(t *testing.T, file string, write func(io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	if *updateLives {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got.Bytes()) {
		t.Errorf("%s is stale; run go test . -update-lives", file)
	}
}
