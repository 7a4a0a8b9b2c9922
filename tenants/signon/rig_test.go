package signon_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xuncha/deploy/portal"
	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

// rig is the service's door on a real database, with a portal behind it. Both
// listen, and browsers go to and fro between them.
type rig struct {
	*tenantstest.House
	t        *testing.T
	sessions *signon.Sessions
	base     string // of the service
	issuer   string
	server   *httptest.Server
	portal   *portal.Portal // nil where another portal stands in

	shift atomic.Int64 // how far the service's clock was moved
}

const clientID, clientSecret = "xuncha", "a secret of the test"

// newRig returns a service with the development portal.
func newRig(t *testing.T) *rig {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	r := newRigAt(t, "http://"+server.Listener.Addr().String())
	office := r.County[0][0]
	var err error
	r.portal, err = portal.New(portal.Config{
		Issuer: r.issuer, Log: slog.New(slog.DiscardHandler),
		Cast: []portal.Person{
			{Subject: "sub-wen", Login: "wen", Name: "闻岚", OrgCode: office.OrgCode, OrgName: office.Short, Post: "主任"},
			{Subject: "sub-fang", Login: "fang", Name: "方予", OrgCode: office.OrgCode, OrgName: office.Short, Post: "干部"},
			{Subject: "sub-qin", Login: "qin", Name: "秦默", OrgCode: "org-nobody", OrgName: "某某局", Post: "科员"},
		},
		Clients: []portal.Client{{
			ID: clientID, Secret: clientSecret, RedirectURI: r.base + "/auth/callback",
			PostLogoutURI: r.base + "/auth/signed-out", LogoutURI: r.base + "/auth/backchannel-logout",
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = r.portal
	server.Start()
	t.Cleanup(server.Close)
	return r
}

// newRigAt returns a service whose portal is at issuer.
func newRigAt(t *testing.T, issuer string, change ...func(*signon.Config)) *rig {
	t.Helper()
	r := &rig{House: tenantstest.New(t), t: t, issuer: issuer}
	start := inspection.ClockAt(tenantstest.Now)
	clock := func() time.Time { return start().Add(time.Duration(r.shift.Load())) }
	r.sessions = &signon.Sessions{DB: r.DB, Pool: r.Pool, Clock: clock, Plain: true}
	r.server = httptest.NewUnstartedServer(nil)
	r.base = "http://" + r.server.Listener.Addr().String()
	cfg := signon.Defaults()
	cfg.Issuer, cfg.ClientID, cfg.ClientSecret, cfg.BaseURL = issuer, clientID, clientSecret, r.base
	cfg.Log = slog.New(slog.DiscardHandler)
	for _, c := range change {
		c(&cfg)
	}
	door, err := signon.NewDoor(cfg, r.sessions)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/auth/", door)
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	r.server.Config.Handler = mux
	r.server.Start()
	t.Cleanup(r.server.Close)
	return r
}

// pass lets time pass on the service's clock.
func (r *rig) pass(d time.Duration) { r.shift.Add(int64(d)) }

// browser is one person's browser.
type browser struct {
	*http.Client
	r *rig
}

func (r *rig) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &browser{&http.Client{Jar: jar, Timeout: 20 * time.Second}, r}
}

// seen is the page that a browser ends up on.
type seen struct {
	status int
	url    *url.URL
	body   string
	header http.Header
}

var problemMark = regexp.MustCompile(`data-problem="([^"]+)"`)

// problem returns the name of the problem that a page of ours is about.
func (s seen) problem() string {
	if m := problemMark.FindStringSubmatch(s.body); m != nil {
		return m[1]
	}
	return ""
}

func (b *browser) saw(resp *http.Response, err error) seen {
	b.r.t.Helper()
	if err != nil {
		b.r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.r.t.Fatal(err)
	}
	return seen{resp.StatusCode, resp.Request.URL, string(body), resp.Header}
}

// open follows an address of the service, and redirects from there.
func (b *browser) open(path string) seen {
	b.r.t.Helper()
	return b.saw(b.Get(b.r.base + path))
}

func (b *browser) post(address string, fields ...string) seen {
	b.r.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.saw(b.PostForm(address, form))
}

var requestMark = regexp.MustCompile(`name="id" value="([^"]+)"`)

// choose picks a person on a page of the portal.
func (b *browser) choose(page seen, person string) seen {
	b.r.t.Helper()
	m := requestMark.FindStringSubmatch(page.body)
	if m == nil {
		b.r.t.Fatalf("not a page of the portal: %d %s %s", page.status, page.url, page.body)
	}
	return b.post(b.r.issuer+"/choose", "id", m[1], "person", person, "confirmed", "1")
}

// signOn signs a person on and returns where that leads.
func (b *browser) signOn(person string) seen {
	b.r.t.Helper()
	page := b.open("/auth/sign-in?return=/w/somewhere")
	if strings.HasPrefix(page.url.String(), b.r.issuer) {
		page = b.choose(page, person)
	}
	return page
}

// cookie returns the value of a cookie of the service.
func (b *browser) cookie(name string) string {
	u, _ := url.Parse(b.r.base)
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func (b *browser) session() string { return b.cookie("xuncha") }

// someone is a member that was enrolled, with one grant.
type someone struct {
	tenants.Scope
	sub string
}

// enrol makes a member in office who acts as role and signs on as sub.
func (r *rig) enrol(office tenants.Tenant, role tenants.Role, sub, name string, unit ...inspection.UnitID) someone {
	r.t.Helper()
	s := r.As(office, role, unit...)
	r.Root(`update members set name = $1 where id = $2`, name, s.Member())
	err := r.sessions.Enrol(r.t.Context(), tenants.ForJob(office, "test"), s.Member(), r.issuer, sub, office.OrgCode)
	if err != nil {
		r.t.Fatal(err)
	}
	return someone{s, sub}
}

// scope asks what a session may do for office, as the API does.
func (r *rig) scope(key string, office tenants.Tenant, identity string) (tenants.Scope, error) {
	s, _, err := r.sessions.Scope(r.t.Context(), signon.Credential{Session: key}, office.Slug, identity)
	return s, err
}

// wantCode fails unless err has this code.
func (r *rig) wantCode(err error, code string) {
	r.t.Helper()
	if got := inspection.CodeOf(err); got != code {
		r.t.Errorf("err = %v, want code %q", err, code)
	}
}

// acts returns the journal of an office as "action: title" lines.
func (r *rig) acts(office tenants.Tenant) []string {
	r.t.Helper()
	return tenantstest.RootValue[[]string](r.House, `select coalesce(array_agg(action || ': ' || coalesce(detail->>'text', '') order by seq), '{}')
		from journal where tenant_id = $1`, office.ID)
}
