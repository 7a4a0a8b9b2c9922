package portal_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"xuncha/deploy/portal"
)

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
