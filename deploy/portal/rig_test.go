package portal_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"xuncha/deploy/portal"
)

var cast = []portal.Person{
	{Subject: "p-1", Login: "wenlan", Name: "闻岚", OrgCode: "org-990121", OrgName: "某县委巡察办", Post: "主任", Group: "某县"},
	{Subject: "p-2", Login: "fangyu", Name: "方予", OrgCode: "org-990121-7", OrgName: "某县某局", Post: "联络员", Group: "某县"},
	{Subject: "p-3", Login: "qinmo", Name: "秦默", OrgCode: "org-990100", OrgName: "某市委巡察办", Post: "主任"},
}

// rig is a portal that listens, an application that signs on with it, and the
// logout tokens the application was sent.
type rig struct {
	*portal.Portal
	t       *testing.T
	issuer  string
	oauth   *oauth2.Config
	browser *http.Client

	mu      sync.Mutex
	logouts []map[string]any
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t}
	app := httptest.NewServer(http.HandlerFunc(r.app))
	t.Cleanup(app.Close)
	server := httptest.NewUnstartedServer(nil)
	r.issuer = "http://" + server.Listener.Addr().String()
	var err error
	r.Portal, err = portal.New(portal.Config{
		Issuer: r.issuer, Cast: cast, Notice: "演示数据", Log: slog.New(slog.DiscardHandler),
		Clients: []portal.Client{{
			ID: "app", Secret: "app-secret", RedirectURI: app.URL + "/callback",
			PostLogoutURI: app.URL + "/bye", LogoutURI: app.URL + "/logout",
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = r.Portal
	server.Start()
	t.Cleanup(server.Close)
	r.oauth = &oauth2.Config{
		ClientID: "app", ClientSecret: "app-secret", RedirectURL: app.URL + "/callback",
		Scopes:   []string{"openid", "profile", "portal", "offline_access"},
		Endpoint: oauth2.Endpoint{AuthURL: r.issuer + "/authorize", TokenURL: r.issuer + "/oauth/token", AuthStyle: oauth2.AuthStyleInHeader},
	}
	r.browser = r.newBrowser()
	return r
}

// newBrowser returns a browser with no cookies that stops at the application.
func (r *rig) newBrowser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(req.URL.String(), r.issuer) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

func (r *rig) app(_ http.ResponseWriter, req *http.Request) {
	if req.URL.Path != "/logout" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logouts = append(r.logouts, r.claims(req.PostFormValue("logout_token"), "logout+jwt"))
}

func (r *rig) logoutTokens() []map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.logouts
}

// claims verifies a token with the portal's published keys.
func (r *rig) claims(token, typ string) map[string]any {
	resp, err := http.Get(r.issuer + "/keys")
	if err != nil {
		r.t.Error(err)
		return nil
	}
	defer func() { _ = resp.Body.Close() }()
	var keys jose.JSONWebKeySet
	if err := json.NewDecoder(resp.Body).Decode(&keys); err != nil {
		r.t.Error(err)
		return nil
	}
	signed, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		r.t.Errorf("token: %v", err)
		return nil
	}
	header := signed.Signatures[0].Header
	if got := header.ExtraHeaders[jose.HeaderType]; got != typ {
		r.t.Errorf("typ = %v, want %s", got, typ)
	}
	payload, err := signed.Verify(keys.Key(header.KeyID)[0])
	if err != nil {
		r.t.Errorf("token: %v", err)
		return nil
	}
	var c map[string]any
	if err := json.Unmarshal(payload, &c); err != nil {
		r.t.Error(err)
	}
	return c
}

// at is where a browser ended up: a page of the portal, or the application's
// address with what the portal appended.
type at struct {
	status int
	page   string
	back   url.Values // nil unless at the application
}

func (r *rig) arrived(resp *http.Response, err error) at {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if loc := resp.Header.Get("Location"); loc != "" {
		u, err := url.Parse(loc)
		if err != nil {
			r.t.Fatal(err)
		}
		return at{status: resp.StatusCode, back: u.Query()}
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return at{status: resp.StatusCode, page: string(b)}
}

func (r *rig) authorize(verifier string, opts ...oauth2.AuthCodeOption) at {
	r.t.Helper()
	opts = append(opts, oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("nonce", "n-1"))
	return r.arrived(r.browser.Get(r.oauth.AuthCodeURL("s-1", opts...)))
}

var requestID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// post submits the form of a page.
func (r *rig) post(p at, fields ...string) at {
	r.t.Helper()
	m := requestID.FindStringSubmatch(p.page)
	if m == nil {
		r.t.Fatalf("no form on the page (status %d): %s", p.status, p.page)
	}
	form := url.Values{"id": {m[1]}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return r.arrived(r.browser.PostForm(r.issuer+"/choose", form))
}

// signOn chooses a person, unless one is signed on, and returns the tokens.
func (r *rig) signOn(person string) *oauth2.Token {
	r.t.Helper()
	v := oauth2.GenerateVerifier()
	a := r.authorize(v)
	if a.back == nil {
		a = r.post(a, "person", person)
	}
	return r.exchange(a, v)
}

func (r *rig) exchange(a at, verifier string) *oauth2.Token {
	r.t.Helper()
	if a.back.Get("state") != "s-1" {
		r.t.Fatalf("state = %q, page %s", a.back.Get("state"), a.page)
	}
	tok, err := r.oauth.Exchange(r.t.Context(), a.back.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		r.t.Fatal(err)
	}
	return tok
}

func (r *rig) idToken(tok *oauth2.Token) map[string]any {
	r.t.Helper()
	raw, _ := tok.Extra("id_token").(string)
	return r.claims(raw, "JWT")
}
