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
	"time"

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

func TestConfig(t *testing.T) {
	t.Parallel()
	good := portal.Config{
		Issuer: "http://127.0.0.1:8082", Cast: cast,
		Clients: []portal.Client{{ID: "a", Secret: "b", RedirectURI: "http://127.0.0.1/c"}},
	}
	if _, err := portal.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*portal.Config){
		"issuer elsewhere":       func(c *portal.Config) { c.Issuer = "http://portal.example" },
		"issuer on all networks": func(c *portal.Config) { c.Issuer = "http://0.0.0.0:8082" },
		"issuer with a path":     func(c *portal.Config) { c.Issuer += "/" },
		"no cast":                func(c *portal.Config) { c.Cast = nil },
		"no clients":             func(c *portal.Config) { c.Clients = nil },
		"client without secret":  func(c *portal.Config) { c.Clients = []portal.Client{{ID: "a", RedirectURI: "http://127.0.0.1/c"}} },
		"subject twice":          func(c *portal.Config) { c.Cast = append(cast[:1:1], cast[0]) },
		"subject with a colon":   func(c *portal.Config) { c.Cast = []portal.Person{{Subject: "a:b"}} },
	} {
		c := good
		change(&c)
		if _, err := portal.New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestOnlyHere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ask := func(host, from string) int {
		req := httptest.NewRequest(http.MethodGet, r.issuer+"/", nil)
		req.Host, req.RemoteAddr = host, from
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		return w.Code
	}
	host := strings.TrimPrefix(r.issuer, "http://")
	if got := ask(host, "127.0.0.1:4000"); got != http.StatusOK {
		t.Errorf("from here: %d", got)
	}
	if got := ask(host, "192.0.2.7:4000"); got != http.StatusForbidden {
		t.Errorf("from elsewhere: %d, want 403", got)
	}
	if got := ask("evil.example", "127.0.0.1:4000"); got != http.StatusMisdirectedRequest {
		t.Errorf("under another name: %d, want 421", got)
	}
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	resp, err := http.Get(r.issuer + "/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var d struct {
		Issuer    string   `json:"issuer"`
		Challenge []string `json:"code_challenge_methods_supported"`
		Responses []string `json:"response_types_supported"`
		ACR       []string `json:"acr_values_supported"`
		Logout    bool     `json:"backchannel_logout_session_supported"`
		End       string   `json:"end_session_endpoint"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&d); err != nil {
		t.Fatal(err)
	}
	if d.Issuer != r.issuer || len(d.Challenge) != 1 || d.Challenge[0] != "S256" || len(d.Responses) != 1 ||
		len(d.ACR) != 2 || !d.Logout || d.End != r.issuer+"/end_session" {
		t.Errorf("discovery = %+v", d)
	}
}

func TestSignOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := oauth2.GenerateVerifier()
	page := r.authorize(v)
	for _, want := range []string{`lang="zh-CN"`, "<h2>某县</h2>", "<h2>某市委巡察办</h2>", "闻岚", "联络员", "演示数据"} {
		if !strings.Contains(page.page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page.page, "<script") {
		t.Error("the page has a script")
	}
	tok := r.exchange(r.post(page, "person", "p-2"), v)
	c := r.idToken(tok)
	want := map[string]any{
		"iss": r.issuer, "sub": "p-2", "azp": "app", "nonce": "n-1", "acr": portal.Basic,
		"name": "方予", "org_code": "org-990121-7", "org_name": "某县某局", "post": "联络员",
	}
	for k, w := range want {
		if c[k] != w {
			t.Errorf("%s = %v, want %v", k, c[k], w)
		}
	}
	if c["sid"] == nil || c["auth_time"] == nil {
		t.Errorf("no sid or auth_time: %v", c)
	}
	if len(tok.AccessToken) == 0 || tok.RefreshToken == "" {
		t.Error("no access or refresh token")
	}
	info, err := r.oauth.Client(t.Context(), tok).Get(r.issuer + "/userinfo")
	if a := r.arrived(info, err); a.status != http.StatusOK || !strings.Contains(a.page, `"org_code":"org-990121-7"`) {
		t.Errorf("userinfo = %d %s", a.status, a.page)
	}

	t.Run("a second sign-on asks nothing", func(t *testing.T) {
		if a := r.authorize(oauth2.GenerateVerifier(), oauth2.SetAuthURLParam("prompt", "none")); a.back.Get("code") == "" {
			t.Errorf("arrived at %+v", a)
		}
	})
	t.Run("prompt=login asks again", func(t *testing.T) {
		if a := r.authorize(oauth2.GenerateVerifier(), oauth2.SetAuthURLParam("prompt", "login")); !strings.Contains(a.page, "确认是本人") {
			t.Errorf("arrived at %+v", a)
		}
	})
	t.Run("prompt=select_account asks whom", func(t *testing.T) {
		if a := r.authorize(oauth2.GenerateVerifier(), oauth2.SetAuthURLParam("prompt", "select_account")); !strings.Contains(a.page, "选择登录人员") {
			t.Errorf("arrived at %+v", a)
		}
	})
	t.Run("max_age=0 asks again", func(t *testing.T) {
		time.Sleep(10 * time.Millisecond)
		if a := r.authorize(oauth2.GenerateVerifier(), oauth2.SetAuthURLParam("max_age", "0")); !strings.Contains(a.page, "确认是本人") {
			t.Errorf("arrived at %+v", a)
		}
	})
	t.Run("prompt=none without a session", func(t *testing.T) {
		r.browser = r.newBrowser()
		if a := r.authorize(oauth2.GenerateVerifier(), oauth2.SetAuthURLParam("prompt", "none")); a.back.Get("error") != "login_required" {
			t.Errorf("arrived at %+v", a)
		}
	})
}

func TestPKCE(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ask := func(params ...string) at {
		opts := []oauth2.AuthCodeOption{}
		for i := 0; i < len(params); i += 2 {
			opts = append(opts, oauth2.SetAuthURLParam(params[i], params[i+1]))
		}
		return r.arrived(r.browser.Get(r.oauth.AuthCodeURL("s-1", opts...)))
	}
	if a := ask(); a.back.Get("error") != "invalid_request" {
		t.Errorf("without a challenge: %+v", a)
	}
	if a := ask("code_challenge", "abc", "code_challenge_method", "plain"); a.back.Get("error") != "invalid_request" {
		t.Errorf("plain: %+v", a)
	}
	a := r.post(r.authorize(oauth2.GenerateVerifier()), "person", "p-1")
	if _, err := r.oauth.Exchange(t.Context(), a.back.Get("code"), oauth2.VerifierOption(oauth2.GenerateVerifier())); err == nil {
		t.Error("a wrong verifier was accepted")
	}
	if a := ask("response_type", "id_token"); a.back.Get("code") != "" || a.status == http.StatusOK {
		t.Errorf("implicit flow: %+v", a)
	}
}

func TestCodeTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := oauth2.GenerateVerifier()
	a := r.post(r.authorize(v), "person", "p-1")
	tok := r.exchange(a, v)
	if _, err := r.oauth.Exchange(t.Context(), a.back.Get("code"), oauth2.VerifierOption(v)); err == nil {
		t.Fatal("a code worked twice")
	}
	if n := len(r.logoutTokens()); n != 1 {
		t.Errorf("%d logout tokens after a replay, want 1", n)
	}
	info, err := r.oauth.Client(t.Context(), tok).Get(r.issuer + "/userinfo")
	if a := r.arrived(info, err); a.status == http.StatusOK {
		t.Error("the access token outlived the replay of its code")
	}
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.signOn("p-1")
	refresh := func(token string) (*oauth2.Token, error) {
		return r.oauth.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token}).Token()
	}
	second, err := refresh(first.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if second.RefreshToken == first.RefreshToken || second.RefreshToken == "" {
		t.Error("the refresh token did not rotate")
	}
	if c := r.idToken(second); c["sub"] != "p-1" || c["sid"] != r.idToken(first)["sid"] {
		t.Errorf("refreshed claims = %v", c)
	}
	if _, err := refresh(first.RefreshToken); err == nil {
		t.Error("a refresh token worked twice")
	}
	if _, err := refresh(second.RefreshToken); err == nil {
		t.Error("the successor of a replayed refresh token still works")
	}
}

func TestStepUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before := r.idToken(r.signOn("p-1"))
	v := oauth2.GenerateVerifier()
	page := r.authorize(v, oauth2.SetAuthURLParam("acr_values", portal.Strong), oauth2.SetAuthURLParam("login_hint", "wenlan"))
	if !strings.Contains(page.page, "再次确认是本人") || !strings.Contains(page.page, "闻岚") || strings.Contains(page.page, "秦默") {
		t.Fatalf("the page is not the one that confirms: %s", page.page)
	}
	if again := r.post(page, "person", "p-1"); !strings.Contains(again.page, "再次确认是本人") {
		t.Fatal("the second factor was not asked for")
	}
	c := r.idToken(r.exchange(r.post(page, "person", "p-1", "confirmed", "1"), v))
	if c["acr"] != portal.Strong || c["sid"] != before["sid"] {
		t.Errorf("acr = %v, sid kept = %t", c["acr"], c["sid"] == before["sid"])
	}
	if n := len(r.logoutTokens()); n != 0 {
		t.Errorf("%d logout tokens after a step-up, want 0", n)
	}
	r.signOnAgainAs("p-3")
	if n := len(r.logoutTokens()); n != 1 {
		t.Errorf("%d logout tokens after another person came, want 1", n)
	}
}

// signOnAgainAs lets another person come in the same browser.
func (r *rig) signOnAgainAs(person string) {
	r.t.Helper()
	v := oauth2.GenerateVerifier()
	r.exchange(r.post(r.authorize(v, oauth2.SetAuthURLParam("prompt", "login")), "person", person), v)
}

func TestLogout(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	end := func(fields url.Values) at {
		fields.Set("client_id", "app")
		fields.Set("post_logout_redirect_uri", strings.Replace(r.oauth.RedirectURL, "/callback", "/bye", 1))
		fields.Set("state", "s-9")
		return r.arrived(r.browser.Get(r.issuer + "/end_session?" + fields.Encode()))
	}
	c := r.idToken(r.signOn("p-1"))

	if a := end(url.Values{}); !strings.Contains(a.page, "暂不退出") {
		t.Errorf("a bare link ended the session: %+v", a)
	}
	if n := len(r.logoutTokens()); n != 0 {
		t.Fatalf("%d logout tokens before anybody left", n)
	}
	if a := end(url.Values{"logout_hint": {c["sid"].(string)}}); a.back.Get("state") != "s-9" {
		t.Errorf("arrived at %+v", a)
	}
	tokens := r.logoutTokens()
	if len(tokens) != 1 {
		t.Fatalf("%d logout tokens, want 1", len(tokens))
	}
	lt := tokens[0]
	events, _ := lt["events"].(map[string]any)
	if lt["sid"] != c["sid"] || lt["sub"] != "p-1" || lt["jti"] == "" || lt["nonce"] != nil ||
		events["http://schemas.openid.net/event/backchannel-logout"] == nil {
		t.Errorf("logout token = %v", lt)
	}

	t.Run("with the ID token, from another browser", func(t *testing.T) {
		raw, _ := r.signOn("p-1").Extra("id_token").(string)
		r.browser = r.newBrowser()
		if a := end(url.Values{"id_token_hint": {raw}}); a.back.Get("state") != "s-9" {
			t.Errorf("arrived at %+v", a)
		}
		if n := len(r.logoutTokens()); n != 2 {
			t.Errorf("%d logout tokens, want 2", n)
		}
	})
	t.Run("from the portal's page", func(t *testing.T) {
		r.signOn("p-1")
		r.arrived(r.browser.PostForm(r.issuer+"/leave", nil))
		if n := len(r.logoutTokens()); n != 3 {
			t.Errorf("%d logout tokens, want 3", n)
		}
		if a := r.arrived(r.browser.Get(r.issuer + "/")); !strings.Contains(a.page, "未登录") {
			t.Errorf("still signed on: %s", a.page)
		}
	})
	t.Run("a form on another site cannot", func(t *testing.T) {
		r.signOn("p-1")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.issuer+"/leave", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := r.arrived(r.browser.Do(req)); a.status != http.StatusForbidden {
			t.Errorf("status = %d, want 403", a.status)
		}
	})
}

func TestRotateKey(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	old := r.signOn("p-1")
	if err := r.RotateKey(); err != nil {
		t.Fatal(err)
	}
	r.idToken(old)
	r.idToken(r.signOn("p-1"))
}
