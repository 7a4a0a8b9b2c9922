package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The aggregates in the order of a finding's life: each may import those before
// it. A subfolder of an aggregate stands where the aggregate does, and may be
// imported by it.
var life = []string{"units", "rounds", "intake", "findings", "leads", "rectification", "linkage", "disclosure", "statistics", "documents"}

// aggregates are all of them, for those who may import everything.
var aggregates = append([]string{"inspection"}, below(life...)...)

// mayImport says which rooms of the house each room may import. A room that is not
// named imports none. The README shows the same table.
var mayImport = map[string][]string{
	"inspection":          {},
	"migrations":          {},
	"tenants":             {"inspection"},
	"tenants/signon":      {"inspection", "tenants"},
	"tenants/tenantstest": {"inspection", "migrations", "tenants"},
	"api":                 append([]string{"tenants", "tenants/signon"}, aggregates...),
	"api/apitest":         append([]string{"api", "tenants", "tenants/tenantstest"}, aggregates...),
	"jobs":                append([]string{"migrations", "tenants"}, aggregates...),
	"web":                 {},
	"web/workbench":       {},
	"web/public":          {"inspection", "inspection/disclosure", "inspection/intake", "tenants"},
	"deploy/portal":       {},
	"deploy/postgres":     {},
	"deploy/demo":         append([]string{"tenants"}, aggregates...),
	"deploy/bench":        append([]string{"api", "tenants", "tenants/signon", "migrations"}, aggregates...),
}

// outside says which rooms may know of a library. Rooms in cmd and deploy may
// know of all: they put the house together, and around it.
var outside = map[string][]string{
	"github.com/danielgtaylor/huma": {"api"},
	"github.com/coreos/go-oidc":     {"tenants/signon"},
	"github.com/riverqueue/river":   {"jobs", "migrations"},
	"riverqueue.com/riverui":        {"jobs"},
	"net/http":                      {"api", "api/apitest", "web", "web/workbench", "web/public", "tenants/signon"},
}

// below names rooms of inspection.
func below(names ...string) (all []string) {
	for _, n := range names {
		all = append(all, "inspection/"+n)
	}
	return all
}

// aggregate returns the place of a room in the life of a finding, or -1.
func aggregate(room string) int {
	name, ok := strings.CutPrefix(room, "inspection/")
	if !ok {
		return -1
	}
	name, _, _ = strings.Cut(name, "/")
	return slices.Index(life, name)
}

// may says whether room may import other, and if not, why.
func may(room, other string) error {
	if strings.HasPrefix(room, "cmd/") || room == "deploy/postgres/with" {
		return nil
	}
	here, there := aggregate(room), aggregate(other)
	switch {
	case here >= 0 && there >= 0 && there > here:
		return errors.New("it comes later in the life of a finding: let " + room + " call a function field that cmd fills")
	case here >= 0 && (there >= 0 || other == "inspection" || other == "tenants"):
		return nil
	case here >= 0:
		return errors.New("a room of inspection knows the words, tenants and the rooms before it")
	}
	for _, allowed := range mayImport[room] {
		if other == allowed || there >= 0 && strings.HasPrefix(other, allowed+"/") && allowed != "inspection" {
			return nil
		}
	}
	return errors.New("the table in cmd/xuncha/rooms_test.go does not let it")
}

// pkg is what go list says of one package.
type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) (all []pkg) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v: %s", err, stderr.String())
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// TestRooms keeps who imports whom as the table says.
func TestRooms(t *testing.T) {
	t.Parallel()
	all := packages(t)
	if len(all) < 15 {
		t.Fatalf("go list finds %d packages: this is not the house", len(all))
	}
	for _, p := range all {
		room := strings.TrimPrefix(p.ImportPath, "xuncha/")
		for _, i := range p.Imports {
			if other, ours := strings.CutPrefix(i, "xuncha/"); ours {
				if err := may(room, other); err != nil {
					t.Errorf("%s must not import %s: %v", room, other, err)
				}
				continue
			}
			if strings.HasPrefix(room, "cmd/") || strings.HasPrefix(room, "deploy/") {
				continue
			}
			for library, known := range outside {
				if (i == library || strings.HasPrefix(i, library+"/")) && !slices.Contains(known, room) {
					t.Errorf("%s must not know of %s: that stays in %s", room, i, strings.Join(known, ", "))
				}
			}
		}
	}
}

// TestRoomsTable makes sure that the table says no where it must.
func TestRoomsTable(t *testing.T) {
	t.Parallel()
	tests := []struct {
		room, other string
		ok          bool
	}{
		{"inspection/rectification", "inspection/findings", true},
		{"inspection/rectification", "inspection/rectification/ledger", true},
		{"inspection/rectification/ledger", "inspection", true},
		{"inspection/linkage", "inspection/rectification/ledger", true},
		{"inspection/findings", "inspection/rectification", false},
		{"inspection/findings", "inspection/rectification/ledger", false},
		{"inspection/linkage", "inspection/disclosure", false},
		{"inspection/units", "migrations", false},
		{"inspection/units", "jobs", false},
		{"inspection", "tenants", false},
		{"tenants", "inspection", true},
		{"tenants", "inspection/units", false},
		{"migrations", "inspection", false},
		{"api", "jobs", false},
		{"jobs", "api", false},
		{"api", "inspection/rectification/files", true},
		{"web/public", "inspection/disclosure", true},
		{"web/public", "inspection/rectification", false},
		{"web/public", "inspection/findings", false},
		{"web/public", "api", false},
		{"cmd/xuncha", "jobs", true},
		{"a/new/room", "tenants", false},
	}
	for _, tt := range tests {
		if err := may(tt.room, tt.other); (err == nil) != tt.ok {
			t.Errorf("%s imports %s: %v, want allowed %t", tt.room, tt.other, err, tt.ok)
		}
	}
}
