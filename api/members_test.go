package api_test

import (
	"net/http"
	"strings"
	"testing"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

func newMembers(t *testing.T) *apitest.Server {
	t.Helper()
	return apitest.New(t, func(h *tenantstest.House) api.Rooms {
		clock := inspection.ClockAt(tenantstest.Now)
		return api.Rooms{
			Members: &tenants.Members{DB: h.DB, Clock: clock},
			Keys:    &signon.Keys{DB: h.DB, Clock: clock},
		}
	})
}

type memberList struct{ Items []tenants.Member }

// TestAuthorise walks a person from the request to a grant and back.
func TestAuthorise(t *testing.T) {
	t.Parallel()
	s := newMembers(t)
	office := s.County[0][0]
	unit := s.Unit(office, "县水务局党组")
	id := inspection.NewID[inspection.MemberID]()
	s.Root(`insert into members (tenant_id, id, name, state) values ($1, $2, '新来的人', 'pending')`, office.ID, id)
	adm := s.As(s.House.As(office, tenants.ADM))
	grants := "members/" + id.String() + "/grants"
	body := map[string]any{"role": "UNIT", "unit": unit, "from_on": "2026-11-20", "reason": "本轮整改联络"}

	if a := adm.Do("POST", grants, body); a.Status != http.StatusConflict || a.Problem() != "member.state" {
		t.Errorf("granting to somebody who waits = %d %s", a.Status, a.Body)
	}
	if a := adm.Do("POST", "members/"+id.String()+"/admit", nil); a.Status != http.StatusPreconditionRequired {
		t.Errorf("admitting without If-Match = %d, want 428", a.Status)
	}
	if a := adm.Do("POST", "members/"+id.String()+"/admit", nil, "If-Match", `"7"`); a.Status != http.StatusPreconditionFailed {
		t.Errorf("admitting a stale row = %d, want 412", a.Status)
	}
	if a := adm.Do("POST", "members/"+id.String()+"/admit", nil, "If-Match", `"1"`); a.Status != http.StatusNoContent {
		t.Fatalf("admit = %d %s", a.Status, a.Body)
	}
	a := adm.Do("POST", grants, body)
	if a.Status != http.StatusOK {
		t.Fatalf("grant = %d %s", a.Status, a.Body)
	}
	var g tenants.Grant
	a.Into(t, &g)
	if a := adm.Do("POST", "grants/"+g.ID.String()+"/end", map[string]string{"reason": "整改结束"}); a.Status != http.StatusNoContent {
		t.Errorf("end = %d %s", a.Status, a.Body)
	}
	if a := adm.Do("POST", "grants/"+g.ID.String()+"/end", map[string]string{"reason": "再次"}); a.Status != http.StatusNotFound {
		t.Errorf("ending twice = %d, want 404", a.Status)
	}
	if n, broken, err := s.Jobs.Verify(t.Context(), office); n != 3 || broken != nil || err != nil {
		t.Errorf("journal: %d entries, %+v, %v; want 3", n, broken, err)
	}
}

// TestWhoMayAuthorise: nobody but an administrator, not for himself, not in
// another office, not for roles that the office does not have.
func TestWhoMayAuthorise(t *testing.T) {
	t.Parallel()
	s := newMembers(t)
	office := s.County[0][0]
	admin := s.House.As(office, tenants.ADM)
	other := s.House.As(office, tenants.OFF)
	path := "members/" + other.Member().String() + "/grants"
	body := func(role string) map[string]any {
		return map[string]any{"role": role, "from_on": "2026-11-20", "reason": "依据"}
	}
	tests := []struct {
		name   string
		as     tenants.Scope
		path   string
		body   any
		status int
	}{
		{"the administrator", admin, path, body("DIR"), http.StatusOK},
		{"the director", s.House.As(office, tenants.DIR), path, body("DIR"), http.StatusForbidden},
		{"himself", admin, "members/" + admin.Member().String() + "/grants", body("DIR"), http.StatusForbidden},
		{"a sibling's administrator", s.House.As(s.County[0][1], tenants.ADM), path, body("DIR"), http.StatusNotFound},
		{"a city's role in a county", admin, path, body("CITY"), http.StatusUnprocessableEntity},
		{"a unit's role without a unit", admin, path, body("HEAD"), http.StatusUnprocessableEntity},
		{"an unknown role", admin, path, body("BOSS"), http.StatusUnprocessableEntity},
		{"no such member", admin, "members/0190b8a0-0000-7000-8000-000000000000/grants", body("DIR"), http.StatusNotFound},
		{"no member at all", admin, "members/xx/grants", body("DIR"), http.StatusNotFound},
	}
	for _, tt := range tests {
		if a := s.As(tt.as).Do("POST", tt.path, tt.body); a.Status != tt.status {
			t.Errorf("%s = %d %s, want %d", tt.name, a.Status, a.Body, tt.status)
		}
	}
	var list memberList
	s.As(s.House.As(s.County[0][1], tenants.ADM)).Get("members", &list)
	if len(list.Items) != 2 { // the two administrators of that office made here
		t.Errorf("a sibling lists %d members, want its own 2", len(list.Items))
	}
}

// TestKeys makes a key, sees that it is shown once, and revokes it.
func TestKeys(t *testing.T) {
	t.Parallel()
	s := newMembers(t)
	adm := s.As(s.House.As(s.County[0][0], tenants.ADM))
	a := adm.Do("POST", "keys", map[string]any{"name": "月报接口", "role": "OFF", "days": 30})
	if a.Status != http.StatusOK || !strings.Contains(string(a.Body), `"key":"xc_`) {
		t.Fatalf("create = %d %s", a.Status, a.Body)
	}
	var made struct{ Made signon.Key }
	a.Into(t, &made)
	var list struct{ Items []signon.Key }
	if a := adm.Get("keys", &list); len(list.Items) != 1 || strings.Contains(string(a.Body), "xc_") {
		t.Errorf("list = %s", a.Body)
	}
	if a := adm.Do("POST", "keys/"+made.Made.ID.String()+"/revoke", nil); a.Status != http.StatusNoContent {
		t.Errorf("revoke = %d %s", a.Status, a.Body)
	}
	if a := s.As(s.House.As(s.County[0][0], tenants.DIR)).Do("GET", "keys", nil); a.Status != http.StatusForbidden {
		t.Errorf("the director lists keys = %d, want 403", a.Status)
	}
}
