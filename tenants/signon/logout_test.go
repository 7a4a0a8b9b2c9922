package signon_test

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"xuncha/tenants"
)

// TestSignOut leaves here and at the portal, with the development portal.
func TestSignOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.OFF, "sub-wen", "闻岚")
	b, other := r.browser(), r.browser()
	b.signOn(who.sub)
	other.signOn(who.sub)
	key := b.session()

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.base+"/auth/sign-out", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if s := b.saw(b.Do(req)); s.status != http.StatusForbidden {
		t.Errorf("another site's form: %d", s.status)
	}
	if _, err := r.scope(key, office, ""); err != nil {
		t.Fatalf("another site's form ended the session: %v", err)
	}

	s := b.post(r.base + "/auth/sign-out")
	if s.problem() != "signing-out" || s.header.Get("Clear-Site-Data") != `"cache"` || b.session() != "" {
		t.Errorf("%d %s, cookie %q", s.status, s.problem(), b.session())
	}
	_, err = r.scope(key, office, "")
	r.wantCode(err, "session-expired")
	to, ok := strings.CutPrefix(s.header.Get("Refresh"), "0; url=")
	if !ok || strings.Contains(to, "token") {
		t.Fatalf("Refresh = %q", s.header.Get("Refresh"))
	}
	if s := b.saw(b.Get(to)); s.url.Path != "/auth/signed-out" || s.problem() != "signed-out" {
		t.Errorf("the portal leads to %s: %s", s.url, s.problem())
	}
	if s := b.open("/auth/sign-in"); !strings.Contains(s.body, "选择登录人员") {
		t.Error("the portal still knows the person")
	}
	if _, err := r.scope(other.session(), office, ""); err != nil {
		t.Errorf("the session on another device ended, too: %v", err)
	}
	if got := r.acts(office); !slices.Contains(got, "session.end: 闻岚 · 浏览器 · 其他系统") {
		t.Errorf("journal = %q", got)
	}
	if s := r.browser().post(r.base + "/auth/sign-out"); s.problem() != "signing-out" {
		t.Errorf("without a session: %d %s", s.status, s.problem())
	}
}

// TestBackchannelLogout lets the portal end sessions: one, and all of a person.
func TestBackchannelLogout(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.OFF, "sub-wen", "闻岚")
	r.enrol(office, tenants.OFF, "sub-fang", "方予")
	one, two, third := r.browser(), r.browser(), r.browser()
	one.signOn(who.sub)
	two.signOn(who.sub)
	third.signOn("sub-fang")
	one.post(r.issuer + "/leave")
	_, err := r.scope(one.session(), office, "")
	r.wantCode(err, "session-expired")
	if _, err := r.scope(two.session(), office, ""); err != nil {
		t.Errorf("the other device: %v", err)
	}
	r.portal.EndSessions(who.sub)
	_, err = r.scope(two.session(), office, "")
	r.wantCode(err, "session-expired")
	if _, err := r.scope(third.session(), office, ""); err != nil {
		t.Errorf("the other person: %v", err)
	}
	if err := r.portal.RotateKey(); err != nil {
		t.Fatal(err)
	}
}

// told signs on as sub-wen with session sid-1 and returns what it takes to tell
// the service that this session ended.
func told(t *testing.T) (e *evil, key string, tell func(token string) seen) {
	t.Helper()
	e = newEvil(t)
	e.enrol(e.County[0][0], tenants.OFF, "sub-wen", "闻岚")
	b := e.browser()
	e.come(b, func(nonce string) string { return e.honest(e.good(nonce)) })
	if _, err := e.scope(b.session(), e.County[0][0], ""); err != nil {
		t.Fatal(err)
	}
	portal := e.browser()
	return e, b.session(), func(token string) seen {
		t.Helper()
		s := portal.post(e.base+"/auth/backchannel-logout", "logout_token", token)
		if s.header.Get("Cache-Control") != "no-store" {
			t.Errorf("Cache-Control = %q", s.header.Get("Cache-Control"))
		}
		return s
	}
}

func (e *evil) logout(change map[string]any) map[string]any {
	now := time.Now().Unix()
	c := map[string]any{
		"iss": e.issuer, "aud": clientID, "sub": "sub-wen", "sid": "sid-1", "iat": now, "exp": now + 120, "jti": rand.Text(),
		"events": map[string]any{logoutEvent: map[string]any{}},
	}
	for k, v := range change {
		if c[k] = v; v == nil {
			delete(c, k)
		}
	}
	return c
}

func (e *evil) logoutToken(typ string, change map[string]any) string {
	return sign(e.t, jose.RS256, e.key, map[jose.HeaderKey]any{"kid": evilKid, "typ": typ}, e.logout(change))
}

func TestBI073LogoutTokens(t *testing.T) {
	t.Parallel()
	e, key, tell := told(t)
	office := e.County[0][0]
	now := time.Now().Unix()
	bad := map[string]string{"nothing": "", "no token": "x.y.z", "an ID token": e.honest(e.good("n"))}
	for what, change := range map[string]map[string]any{
		"no events":          {"events": nil},
		"other event":        {"events": map[string]any{"urn:other": map[string]any{}}},
		"event is no object": {"events": map[string]any{logoutEvent: "yes"}},
		"events in capitals": {"events": nil, "EVENTS": map[string]any{logoutEvent: map[string]any{}}},
		"nonce":              {"nonce": "n"},
		"nonce is null":      {"nonce": struct{}{}},
		"no sub, no sid":     {"sub": nil, "sid": nil},
		"no jti":             {"jti": nil},
		"no exp":             {"exp": nil},
		"no iat":             {"iat": nil},
		"old iat":            {"iat": now - 600},
		"future iat":         {"iat": now + 120},
		"expired":            {"exp": now - 62, "iat": now - 120},
		"lives long":         {"exp": now + 90_000},
		"iss":                {"iss": "http://else.example"},
		"aud":                {"aud": "other"},
		"huge sid":           {"sid": strings.Repeat("s", 300)},
		"NUL":                {"jti": "a\x00"},
	} {
		bad[what] = e.logoutToken("logout+jwt", change)
	}
	bad["typ wrong"] = e.logoutToken("at+jwt", nil)
	bad["jku"] = sign(t, jose.RS256, e.key, map[jose.HeaderKey]any{"jku": e.issuer + "/mine"}, e.logout(nil))
	bad["another key"] = sign(t, jose.RS256, otherKey(), map[jose.HeaderKey]any{"kid": evilKid}, e.logout(nil))
	bad["HS256"] = sign(t, jose.HS256, e.key.N.Bytes(), map[jose.HeaderKey]any{"kid": evilKid}, e.logout(nil))
	for what, token := range bad {
		if s := tell(token); s.status != http.StatusBadRequest {
			t.Errorf("%s: %d, want 400", what, s.status)
		}
	}
	if _, err := e.scope(key, office, ""); err != nil {
		t.Fatalf("a bad token ended the session: %v", err)
	}

	good := e.logoutToken("logout+jwt", nil)
	if s := tell(good); s.status != http.StatusOK {
		t.Errorf("good: %d", s.status)
	}
	_, err := e.scope(key, office, "")
	e.wantCode(err, "session-expired")
	if s := tell(good); s.status != http.StatusBadRequest {
		t.Errorf("replayed: %d, want 400", s.status)
	}
}

// TestBI073Replay uses a token that names the person alone: played again, it
// must not end a session that began since.
func TestBI073Replay(t *testing.T) {
	t.Parallel()
	e, key, tell := told(t)
	token := e.logoutToken("JWT", map[string]any{"sid": nil})
	if s := tell(token); s.status != http.StatusOK {
		t.Fatalf("first: %d", s.status)
	}
	_, err := e.scope(key, e.County[0][0], "")
	e.wantCode(err, "session-expired")
	b := e.browser()
	e.come(b, func(nonce string) string { return e.honest(e.good(nonce)) })
	if s := tell(token); s.status != http.StatusBadRequest {
		t.Errorf("replayed: %d, want 400", s.status)
	}
	if _, err := e.scope(b.session(), e.County[0][0], ""); err != nil {
		t.Errorf("the replay ended the new session: %v", err)
	}
}

func TestBI074UnknownSession(t *testing.T) {
	t.Parallel()
	e, key, tell := told(t)
	for what, change := range map[string]map[string]any{
		"unknown sid":               {"sid": "sid-else"},
		"unknown sid, no sub":       {"sid": "sid-else", "sub": nil},
		"unknown sub":               {"sub": "sub-else", "sid": nil},
		"our sid of another person": {"sub": "sub-else"},
	} {
		token := e.logoutToken("logout+jwt", change)
		if s := tell(token); s.status != http.StatusOK {
			t.Errorf("%s: %d, want 200", what, s.status)
		}
		if s := tell(token); s.status != http.StatusBadRequest {
			t.Errorf("%s, replayed: %d, want 400", what, s.status)
		}
	}
	if _, err := e.scope(key, e.County[0][0], ""); err != nil {
		t.Errorf("the session ended: %v", err)
	}
	if s := tell(e.logoutToken("logout+jwt", map[string]any{"sub": nil})); s.status != http.StatusOK {
		t.Errorf("sid alone: %d", s.status)
	}
	_, err := e.scope(key, e.County[0][0], "")
	e.wantCode(err, "session-expired")
}
