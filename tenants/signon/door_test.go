package signon_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/deploy/portal"
	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

func TestSignOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.DIR, "sub-wen", "闻岚")
	b := r.browser()
	page := b.signOn(who.sub)
	if page.status != http.StatusOK || page.url.Path != "/w/somewhere" {
		t.Fatalf("arrived at %s with %d: %s", page.url, page.status, page.body)
	}
	s, session, err := r.sessions.Scope(t.Context(), signon.Credential{Session: b.session()}, office.Slug, "")
	if err != nil {
		t.Fatal(err)
	}
	if s.Member() != who.Member() || s.Role() != tenants.DIR || s.Grant() != who.Grant() || !s.Own() || s.Name() != "闻岚" {
		t.Errorf("scope = %+v", s)
	}
	if session.Name != "闻岚" || session.Machine || !session.Strong.IsZero() {
		t.Errorf("session = %+v", session)
	}
	r.Do(r.DB, s, func(tx *tenants.Tx) error { // and the scope opens the office
		var n int
		return tx.QueryRow(t.Context(), `select count(*) from members`).Scan(&n)
	})
	if got, want := r.acts(office), []string{"member.enrol: ", "session.open: 闻岚 · 浏览器 · 其他系统"}; !slices.Equal(got[1:], want[1:]) {
		t.Errorf("journal = %q, want %q", got, want)
	}

	t.Run("the token is nowhere in the database", func(t *testing.T) {
		n := tenantstest.RootValue[int](r.House, `select count(*) from sec.sessions s where s::text like '%' || $1 || '%'`, b.session())
		if n != 0 || len(b.session()) < 26 {
			t.Errorf("token %q is stored %d times", b.session(), n)
		}
	})
	t.Run("a second sign-on makes a new session and ends the old", func(t *testing.T) {
		old := b.session()
		b.signOn(who.sub)
		if b.session() == old {
			t.Error("the key was kept")
		}
		_, err := r.scope(old, office, "")
		r.wantCode(err, "session-expired")
		if _, err := r.scope(b.session(), office, ""); err != nil {
			t.Error(err)
		}
	})
}

// TestPending is what becomes of somebody nobody knows yet.
func TestPending(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	b := r.browser()
	page := b.signOn("sub-fang")
	if page.status != http.StatusForbidden || page.problem() != "member-pending" ||
		!strings.Contains(page.body, "方予，已登记，等待"+office.Short+"开通") {
		t.Fatalf("arrived at %s with %d: %s", page.url, page.status, page.body)
	}
	_, err := r.scope(b.session(), office, "")
	r.wantCode(err, "member-pending")
	b.signOn("sub-fang") // asking again changes nothing
	if got, want := r.acts(office)[0], "member.ask: 方予 · "+office.Short; got != want {
		t.Errorf("journal begins with %q, want %q", got, want)
	}
	if n := tenantstest.RootValue[int](r.House, `select count(*) from members where state = 'pending' and tenant_id = $1`, office.ID); n != 1 {
		t.Errorf("%d pending members, want 1", n)
	}

	t.Run("let in without a grant", func(*testing.T) {
		r.Root(`update members set state = 'active' where state = 'pending'`)
		_, err := r.scope(b.session(), office, "")
		r.wantCode(err, "no-grant")
	})
	t.Run("and with one", func(t *testing.T) {
		r.Root(`insert into grants (tenant_id, id, member_id, role, from_on)
			select tenant_id, gen_random_uuid(), id, 'OFF', '2026-01-01' from members where name = '方予'`)
		if _, err := r.scope(b.session(), office, ""); err != nil {
			t.Error(err)
		}
		if page := b.open("/auth/pending"); page.url.Path != "/" {
			t.Errorf("arrived at %s", page.url)
		}
	})
	t.Run("an organisation without an office", func(t *testing.T) {
		b := r.browser()
		if page := b.signOn("sub-qin"); page.problem() != "login-nowhere" || b.session() != "" {
			t.Errorf("arrived at %s: %s", page.url, page.problem())
		}
	})
}

func TestBI058State(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.enrol(r.County[0][0], tenants.OFF, "sub-wen", "闻岚")
	b := r.browser()
	stop := func(req *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(req.URL.String(), r.base+"/auth/callback") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	b.CheckRedirect = stop
	back := b.signOn("sub-wen").header.Get("Location")
	b.CheckRedirect = nil
	u, err := url.Parse(back)
	if err != nil || u.Query().Get("state") == "" {
		t.Fatalf("the portal sends back to %q", back)
	}
	with := func(state ...string) string {
		q := u.Query()
		q["state"] = state
		return "/auth/callback?" + q.Encode()
	}
	own := u.Query().Get("state")
	for name, path := range map[string]string{
		"none": with(), "empty": with(""), "wrong": with("GUESS"), "twice": with(own, own), "huge": with(strings.Repeat("x", 1<<17)),
	} {
		if page := b.open(path); page.status != http.StatusBadRequest || page.problem() != "login-state" {
			t.Errorf("%s: %d %s", name, page.status, page.problem())
		}
	}
	other := r.browser()
	if page := other.open(with(own)); page.problem() != "login-state" {
		t.Errorf("in another browser: %d %s", page.status, page.problem())
	}
	other.open("/auth/sign-in") // now that browser has a sign-on of its own under way
	if page := other.open(with(own)); page.problem() != "login-state" {
		t.Errorf("in another browser that signs on: %d %s", page.status, page.problem())
	}
	if page := b.open(with(own)); page.url.Path != "/w/somewhere" {
		t.Errorf("the right one: %d %s %s", page.status, page.url, page.problem())
	}
	if page := b.open(with(own)); page.status != http.StatusBadRequest || page.problem() != "login-state" {
		t.Errorf("reused: %d %s", page.status, page.problem())
	}
	if _, err := r.scope(b.session(), r.County[0][0], ""); err != nil {
		t.Errorf("the session did not live on: %v", err)
	}

	t.Run("late", func(t *testing.T) {
		b := r.browser()
		b.CheckRedirect = stop
		back := b.signOn("sub-wen").header.Get("Location")
		r.pass(11 * 60e9)
		if page := b.saw(b.Get(back)); page.problem() != "login-state" {
			t.Errorf("%d %s", page.status, page.problem())
		}
	})
}

// TestBI069IdentityChanged holds a person whom the portal suddenly describes
// otherwise, on every device, until an officer has looked.
func TestBI069IdentityChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.DIR, "sub-wen", "闻岚")
	other := r.browser()
	other.signOn(who.sub)
	b := r.browser()
	if page := b.signOn(who.sub); page.status != http.StatusOK {
		t.Fatalf("unchanged: %d %s", page.status, page.problem())
	}
	r.portal.Change(portal.Person{Subject: who.sub, Name: "闻澜", OrgCode: "org-else", OrgName: "某某公司", Post: "经理"})
	if page := b.signOn(who.sub); page.problem() != "identity-changed" {
		t.Fatalf("changed: %d %s", page.status, page.problem())
	}
	for _, key := range []string{b.session(), other.session()} {
		_, err := r.scope(key, office, "")
		r.wantCode(err, "identity-changed")
	}
	if b.signOn(who.sub).problem() != "identity-changed" {
		t.Error("the second sign-on with the new name was let through")
	}
	got := tenantstest.RootValue[string](r.House, `select name || ' ' || portal_name || ' ' || portal_org from members where id = $1`, who.Member())
	if got != "闻岚 闻澜 某某公司" {
		t.Errorf("the officer sees %q", got)
	}
	if !slices.Contains(r.acts(office), "member.hold: 闻澜 · 某某公司") {
		t.Errorf("journal = %q", r.acts(office))
	}
	r.Root(`update members set state = 'active', name = portal_name where id = $1`, who.Member())
	if _, err := r.scope(b.session(), office, ""); err != nil {
		t.Errorf("after confirmation: %v", err)
	}
}

// TestSwitch is a page's own person who comes back after somebody else signed on at
// the portal in the same browser.
func TestSwitch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.DIR, "sub-wen", "闻岚")
	other := r.enrol(office, tenants.OFF, "sub-fang", "方予")
	b := r.browser()
	b.signOn(other.sub)
	for _, asked := range []string{"", "&switch=", "&switch=none", "&switch=login", "&switch=account&switch=account"} {
		if page := b.open("/auth/sign-in?return=/w/somewhere" + asked); page.url.Path != "/w/somewhere" {
			t.Errorf("%q: arrived at %s with %d", asked, page.url, page.status)
		}
	}
	page := b.open("/auth/sign-in?return=/w/somewhere&switch=account")
	if !strings.Contains(page.body, "选择登录人员") {
		t.Fatalf("arrived at %s with %d, not where the portal asks whom", page.url, page.status)
	}
	if page = b.choose(page, who.sub); page.url.Path != "/w/somewhere" {
		t.Fatalf("arrived at %s with %d: %s", page.url, page.status, page.problem())
	}
	s, err := r.scope(b.session(), office, "")
	if err != nil || s.Member() != who.Member() {
		t.Errorf("the session is %s's (%v)", s.Name(), err)
	}
}

func TestBI079Return(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.enrol(r.County[0][0], tenants.OFF, "sub-wen", "闻岚")
	b := r.browser()
	b.signOn("sub-wen")
	for to, want := range map[string]string{
		"/w/q/findings?state=open#x":    "/w/q/findings",
		"/":                             "/",
		"":                              "/",
		"///evil.example/":              "/",
		"//evil.example/":               "/",
		`\evil.example`:                 "/",
		`/\evil.example`:                "/",
		"/\t/evil.example":              "/",
		"/%5cevil.example":              "/",
		"/%2fevil.example":              "/",
		"https://evil.example/":         "/",
		"javascript:alert(1)":           "/",
		"http:evil.example":             "/",
		"/auth/sign-in":                 "/",
		"/\n//evil.example":             "/",
		"/" + strings.Repeat("a", 4000): "/",
	} {
		page := b.open("/auth/sign-in?return=" + url.QueryEscape(to))
		if got := page.url; got.Path != want || !strings.HasPrefix(got.String(), r.base) {
			t.Errorf("return=%q leads to %s, want %s", to, got, want)
		}
	}
}

// TestCookies looks at what a browser is given where the service is reached over
// https, and where it is the demo.
func TestCookies(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ask := func(base string, plain bool) []*http.Cookie {
		cfg := signon.Defaults()
		cfg.Issuer, cfg.ClientID, cfg.ClientSecret, cfg.BaseURL = r.issuer, clientID, clientSecret, base
		door, err := signon.NewDoor(cfg, &signon.Sessions{DB: r.DB, Pool: r.Pool, Clock: r.sessions.Clock, Plain: plain})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequest(http.MethodGet, base+"/auth/sign-in", nil))
		if w.Code != http.StatusSeeOther || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %v", base, w.Code, w.Header())
		}
		return w.Result().Cookies()
	}
	for _, c := range ask("https://xuncha.example", false) {
		if !strings.HasPrefix(c.Name, "__Host-xuncha") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie = %s", c.Raw)
		}
	}
	for _, c := range ask("http://127.0.0.1:8080", true) {
		if !strings.HasPrefix(c.Name, "xuncha") || c.Secure || !c.HttpOnly {
			t.Errorf("cookie = %s", c.Raw)
		}
	}
}

func TestNewDoor(t *testing.T) {
	t.Parallel()
	good := signon.Defaults()
	good.Issuer, good.ClientID, good.ClientSecret, good.BaseURL = "https://portal.example", "a", "b", "https://xuncha.example"
	if _, err := signon.NewDoor(good, &signon.Sessions{}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*signon.Config){
		"portal over http":     func(c *signon.Config) { c.Issuer = "http://portal.example" },
		"portal without host":  func(c *signon.Config) { c.Issuer = "portal" },
		"service over http":    func(c *signon.Config) { c.BaseURL = "http://xuncha.example" },
		"service under a path": func(c *signon.Config) { c.BaseURL += "/x" },
		"no secret":            func(c *signon.Config) { c.ClientSecret = "" },
		"no strong level":      func(c *signon.Config) { c.StrongACR = nil },
		"no rest":              func(c *signon.Config) { c.Idle = 0 },
		"plain cookies needed": func(c *signon.Config) { c.BaseURL = "http://127.0.0.1:8080" },
	} {
		c := good
		change(&c)
		if _, err := signon.NewDoor(c, &signon.Sessions{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestIdentities(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	unit := r.Unit(office, "某局")
	who := r.enrol(office, tenants.UNIT, "sub-wen", "闻岚", unit)
	r.Root(`insert into grants (tenant_id, id, member_id, role, from_on, until_on) values ($1, gen_random_uuid(), $2, 'MEM', '2026-02-01', '2026-11-19')`,
		office.ID, who.Member())
	b := r.browser()
	b.signOn(who.sub)
	session, err := r.sessions.Read(t.Context(), b.session())
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.sessions.Identities(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	got[0].Office.Parent = office.Parent
	want := []signon.Identity{{
		Office: office, State: "active", Member: who.Member(), Name: "闻岚", Grant: who.Grant(), Role: tenants.UNIT,
		Unit: unit, UnitName: "某局",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("identities (-want +got):\n%s", diff)
	}
	if _, err := r.sessions.Read(t.Context(), "nonsense"); inspection.KindOf(err) != inspection.Unsigned {
		t.Errorf("err = %v", err)
	}
}
