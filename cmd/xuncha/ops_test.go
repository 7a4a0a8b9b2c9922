package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

// TestOperators: the job screens, which show the work of all offices, open for a
// key of role PLAT and for nobody else.
func TestOperators(t *testing.T) {
	t.Parallel()
	db := tenantstest.New(t)
	cfg := developing(t, db)
	h, err := newHouse(t.Context(), cfg, discard, inspection.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	handler, err := h.ops(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(t.Context())
	defer stop()
	for _, part := range h.parts {
		if err := part(running); err != nil {
			t.Fatal(err)
		}
	}
	srv := httptest.NewServer(handler)
	defer srv.Close()

	office, other := db.County[0][0], db.County[0][1]
	keys := &signon.Keys{DB: db.DB, Clock: inspection.SystemClock}
	key := func(role tenants.Role) (string, signon.Key) {
		text, made, err := keys.Create(t.Context(), tenants.ForJob(office, "test"), signon.NewKey{Name: "运维", Role: role, Days: 1})
		if err != nil {
			t.Fatal(err)
		}
		return text, made
	}
	operator, made := key(tenants.PLAT)
	admin, _ := key(tenants.ADM)
	ask := func(method, path, user, password string, headers ...string) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(`{"ids":["1"]}`))
		if err != nil {
			t.Fatal(err)
		}
		if password != "" {
			req.SetBasicAuth(user, password)
		}
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp
	}
	for _, path := range []string{"/", "/api/jobs?state=completed&limit=20", "/api/queues?limit=20", "/api/states"} {
		if got := ask("GET", path, office.Slug, operator).StatusCode; got != http.StatusOK {
			t.Errorf("the operator asks for %s: %d", path, got)
		}
		for name, c := range map[string]struct{ user, password string }{
			"nobody":                  {},
			"an administrator's key":  {office.Slug, admin},
			"the key as another's":    {other.Slug, operator},
			"a made-up key":           {office.Slug, "xc_" + strings.Repeat("A", 26)},
			"a session for the key":   {office.Slug, "xs_" + strings.Repeat("A", 26)},
			"the name without a key":  {office.Slug, " "},
			"the key without its end": {office.Slug, operator[:len(operator)-1]},
		} {
			resp := ask("GET", path, c.user, c.password)
			if resp.StatusCode != http.StatusUnauthorized || resp.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s asks for %s: %d", name, path, resp.StatusCode)
			}
		}
	}
	if got := ask("POST", "/api/jobs/cancel", office.Slug, operator, "Sec-Fetch-Site", "cross-site").StatusCode; got != http.StatusForbidden {
		t.Errorf("another site acts with the operator's password: %d", got)
	}
	if got := ask("POST", "/api/jobs/cancel", office.Slug, operator).StatusCode; got == http.StatusForbidden || got == http.StatusUnauthorized {
		t.Errorf("the operator acts: %d", got)
	}
	acts := tenantstest.RootValue[string](db, `
		select string_agg(concat_ws(' ', tenant_id = $1, role, detail->>'text'), '; ') from journal
		where action = 'jobs.act' and grant_id is not null`, office.ID)
	if want := "t PLAT POST /api/jobs/cancel"; acts != want {
		t.Errorf("the journal has %q of what the operator did, want %q", acts, want)
	}
	if err := keys.Revoke(t.Context(), tenants.ForJob(office, "test"), made.ID); err != nil {
		t.Fatal(err)
	}
	if got := ask("GET", "/", office.Slug, operator).StatusCode; got != http.StatusUnauthorized {
		t.Errorf("a revoked key still opens: %d", got)
	}
}

// TestOperatorsActIsKept: what the journal cannot keep is not done. Looking is not
// kept, and goes on.
func TestOperatorsActIsKept(t *testing.T) {
	t.Parallel()
	db := tenantstest.New(t)
	office := db.County[0][0]
	keys := &signon.Keys{DB: db.DB, Clock: inspection.SystemClock}
	key, _, err := keys.Create(t.Context(), tenants.ForJob(office, "test"), signon.NewKey{Name: "运维", Role: tenants.PLAT, Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	done := 0
	sessions := &signon.Sessions{DB: db.DB, Pool: db.Login("xuncha_app"), Clock: inspection.SystemClock}
	handler := operators(sessions, discard, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { done++ }))
	ask := func(method string) int {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, "/api/jobs/cancel", nil)
		r.SetBasicAuth(office.Slug, key)
		handler.ServeHTTP(w, r)
		return w.Code
	}
	if got := ask(http.MethodPost); got != http.StatusOK || done != 1 {
		t.Errorf("an act = %d, done %d times", got, done)
	}
	db.Root(`revoke execute on function sec.journal_append(journal) from xuncha_app`)
	if got := ask(http.MethodPost); got != http.StatusServiceUnavailable || done != 1 {
		t.Errorf("an act without the journal = %d, done %d times", got, done)
	}
	if got := ask(http.MethodGet); got != http.StatusOK || done != 2 {
		t.Errorf("looking without the journal = %d, done %d times", got, done)
	}
}

// TestPoolsHaveNames: no pool takes the place of another where one counts them and
// asks whether they answer.
func TestPoolsHaveNames(t *testing.T) {
	t.Parallel()
	cfg := developing(t, tenantstest.New(t))
	h, err := newHouse(t.Context(), cfg, discard, inspection.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if _, err := h.workbench(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := len(h.health.checks)
	if _, err := h.ops(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(h.health.checks) - before; got != 2 {
		t.Errorf("the job screens add %d checks, want their own of both logins: %v", got, h.health.checks)
	}
}
