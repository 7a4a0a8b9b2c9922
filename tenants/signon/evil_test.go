package signon_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"xuncha/tenants"
)

// TestHonest is the control of all tests below: the same portal, honest.
func TestHonest(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	e.enrol(e.County[0][0], tenants.OFF, "sub-wen", "闻岚")
	asked := e.begin(e.browser(), "/auth/sign-in")
	if asked.Get("code_challenge_method") != "S256" || asked.Get("response_type") != "code" || len(asked.Get("nonce")) < 26 ||
		len(asked.Get("state")) < 26 || asked.Get("redirect_uri") != e.base+"/auth/callback" || !strings.Contains(asked.Get("scope"), "openid") {
		t.Errorf("asked = %v", asked)
	}
	for what, change := range map[string]map[string]any{
		"as it is":              {},
		"aud as a list":         {"aud": []string{clientID}},
		"aud of several, azp":   {"aud": []string{"other", clientID}, "azp": clientID},
		"expired within skew":   {"exp": time.Now().Unix() - 50},
		"made within skew":      {"iat": time.Now().Unix() + 50},
		"times with fractions":  {"iat": float64(time.Now().Unix()) + 0.5},
		"no auth_time":          {"auth_time": nil},
		"no sid":                {"sid": nil},
		"access token's digest": {"at_hash": atHash("at")},
	} {
		if s := e.comeWith(change); s.status != http.StatusOK || s.url.Path != "/w/somewhere" {
			t.Errorf("%s: %d %s at %s", what, s.status, s.problem(), s.url)
		}
	}
	t.Run("claims from userinfo", func(t *testing.T) {
		e.set(func() {
			e.userinfo = map[string]any{"sub": "sub-wen", "name": "闻岚", "org_code": e.County[0][0].OrgCode}
		})
		if s := e.comeWith(map[string]any{"name": nil, "org_code": nil}); s.status != http.StatusOK {
			t.Errorf("%d %s", s.status, s.problem())
		}
		e.set(func() { e.userinfo["sub"] = "sub-else" })
		refused(t, "userinfo of another person", e.comeWith(map[string]any{"name": nil}))
	})
	t.Run("elliptic curves", func(t *testing.T) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, "a key that was not published", e.come(e.browser(), func(nonce string) string {
			return sign(t, jose.ES256, key, map[jose.HeaderKey]any{"kid": evilKid}, e.good(nonce))
		}))
	})
}

func atHash(token string) string {
	h := crypto.SHA256.New()
	h.Write([]byte(token))
	return base64URL(h.Sum(nil)[:16])
}

func TestBI061PublicKeyAsSecret(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	der, err := x509.MarshalPKIXPublicKey(&e.key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for what, secret := range map[string][]byte{"der": der, "pem": pemOf(der), "n": e.key.N.Bytes()} {
		refused(t, "HS256 with the public key as "+what, e.come(e.browser(), func(nonce string) string {
			return sign(t, jose.HS256, secret, map[jose.HeaderKey]any{"kid": evilKid}, e.good(nonce))
		}))
	}
	refused(t, "HS256 with our secret", e.come(e.browser(), func(nonce string) string {
		return sign(t, jose.HS256, []byte(clientSecret+strings.Repeat("x", 32)), map[jose.HeaderKey]any{"kid": evilKid}, e.good(nonce))
	}))
	refused(t, "none", e.come(e.browser(), func(nonce string) string {
		parts := strings.Split(e.honest(e.good(nonce)), ".")
		return base64URL([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
	}))
}

func TestBI062UnknownKid(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	e.enrol(e.County[0][0], tenants.OFF, "sub-wen", "闻岚")
	if s := e.comeWith(nil); s.status != http.StatusOK {
		t.Fatalf("%d %s", s.status, s.problem())
	}
	other := otherKey()
	for _, kid := range []string{"key-2", "../../etc/passwd", "' or 1=1 --", "http://127.0.0.1/keys", strings.Repeat("k", 10_000), ""} {
		refused(t, "kid "+kid[:min(len(kid), 20)], e.come(e.browser(), func(nonce string) string {
			return sign(t, jose.RS256, other, map[jose.HeaderKey]any{"kid": kid}, e.good(nonce))
		}))
	}
	if n := e.count("/keys"); n != 1 {
		t.Errorf("the keys were fetched %d times within 30 s, want 1", n)
	}
	if s := e.comeWith(nil); s.status != http.StatusOK {
		t.Errorf("afterwards an honest sign-on gets %d %s", s.status, s.problem())
	}
}

func TestBI063KeyInHeader(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	own := otherKey()
	for what, header := range map[string]map[jose.HeaderKey]any{
		"jku": {"kid": evilKid, "jku": e.issuer + "/mine"},
		"x5u": {"kid": evilKid, "x5u": e.issuer + "/mine"},
		"jwk": {"jwk": jose.JSONWebKey{Key: &own.PublicKey}},
	} {
		for whose, key := range map[string]*rsa.PrivateKey{"an own key": own, "the portal's key": e.key} {
			refused(t, what+" with "+whose, e.come(e.browser(), func(nonce string) string {
				return sign(t, jose.RS256, key, header, e.good(nonce))
			}))
		}
	}
	if n := e.count("/mine"); n != 0 {
		t.Errorf("the address in the header was fetched %d times", n)
	}
}

func TestBI064IssuerAndAudience(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	for what, change := range map[string]map[string]any{
		"iss of another":           {"iss": "http://portal.example"},
		"iss with a slash":         {"iss": e.issuer + "/"},
		"iss missing":              {"iss": nil},
		"aud of another":           {"aud": "other"},
		"aud list without us":      {"aud": []string{"other", "another"}},
		"aud empty":                {"aud": []string{}},
		"aud of several, no azp":   {"aud": []string{clientID, "other"}},
		"azp of another":           {"azp": "other"},
		"azp of another in a list": {"aud": []string{clientID, "other"}, "azp": "other"},
		"nonce of another":         {"nonce": "other"},
		"nonce missing":            {"nonce": nil},
		"access token of another":  {"at_hash": atHash("other")},
	} {
		refused(t, what, e.comeWith(change))
	}
	t.Run("iss beside the code", func(t *testing.T) {
		b := e.browser()
		asked := e.begin(b, "/auth/sign-in")
		e.set(func() { e.idToken, e.challenge = e.honest(e.good(asked.Get("nonce"))), "" })
		refused(t, "mix-up", b.open("/auth/callback?code=c&iss=http://portal.example&state="+asked.Get("state")))
	})
	t.Run("no iss beside the code, though promised", func(t *testing.T) {
		e := newEvil(t)
		e.enrol(e.County[0][0], tenants.OFF, "sub-wen", "闻岚")
		e.set(func() { e.discovery = map[string]any{"authorization_response_iss_parameter_supported": true} })
		refused(t, "without iss", e.comeWith(nil))
		b := e.browser()
		asked := e.begin(b, "/auth/sign-in")
		e.set(func() { e.idToken, e.challenge = e.honest(e.good(asked.Get("nonce"))), "" })
		if s := b.open("/auth/callback?code=c&iss=" + url.QueryEscape(e.issuer) + "&state=" + asked.Get("state")); s.status != http.StatusOK {
			t.Errorf("with iss: %d %s", s.status, s.problem())
		}
	})
	t.Run("discovery names another", func(t *testing.T) {
		e := newEvil(t)
		e.set(func() { e.discovery = map[string]any{"issuer": e.issuer + "/"} })
		if s := e.browser().open("/auth/sign-in"); s.status != http.StatusServiceUnavailable {
			t.Errorf("%d %s", s.status, s.problem())
		}
	})
}

func TestBI065Times(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	now := time.Now().Unix()
	for what, change := range map[string]map[string]any{
		"expired beyond skew": {"exp": now - 62, "iat": now - 120},
		"exp missing":         {"exp": nil},
		"exp in year 9999":    {"exp": 253402300799},
		"exp beyond time":     {"exp": 1e300},
		"exp as text":         {"exp": "tomorrow"},
		"exp negative":        {"exp": -1},
		"iat in the future":   {"iat": now + 70},
		"iat missing":         {"iat": nil},
		"iat old":             {"iat": now - 3600},
		"nbf in the future":   {"nbf": now + 70},
		"auth_time in future": {"auth_time": now + 70},
	} {
		refused(t, what, e.comeWith(change))
	}
}

func TestBI067OtherTokens(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	refused(t, "access token by its type", e.come(e.browser(), func(nonce string) string {
		return sign(t, jose.RS256, e.key, map[jose.HeaderKey]any{"kid": evilKid, "typ": "at+jwt"}, e.good(nonce))
	}))
	refused(t, "access token", e.comeWith(map[string]any{"nonce": nil, "scope": "openid"}))
	refused(t, "logout token by its type", e.come(e.browser(), func(nonce string) string {
		return sign(t, jose.RS256, e.key, map[jose.HeaderKey]any{"kid": evilKid, "typ": "logout+jwt"}, e.good(nonce))
	}))
	refused(t, "logout token", e.comeWith(map[string]any{"nonce": nil, "events": map[string]any{logoutEvent: map[string]any{}}}))
	for _, raw := range []string{"", "x", "a.b.c", "....", strings.Repeat("a", 1<<17), "ey.ey.ey"} {
		refused(t, "no token at all", e.come(e.browser(), func(string) string { return raw }))
	}
}

func TestBI068Subject(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	for what, sub := range map[string]any{
		"empty": "", "missing": nil, "huge": strings.Repeat("s", 10_000), "NUL": "a\x00b", "line": "a\nb", "not ASCII": "闻",
		"256": strings.Repeat("s", 256), "number": 7,
	} {
		refused(t, "sub "+what, e.comeWith(map[string]any{"sub": sub}))
	}
	if s := e.comeWith(map[string]any{"sub": strings.Repeat("s", 255)}); s.problem() != "member-pending" {
		t.Errorf("255 characters: %d %s", s.status, s.problem())
	}

	t.Run("same name and phone are two people", func(t *testing.T) {
		who := e.enrol(e.County[0][0], tenants.DIR, "sub-wen", "闻岚")
		b := e.browser()
		s := e.come(b, func(nonce string) string {
			c := e.good(nonce)
			c["sub"], c["phone_number"], c["email"] = "sub-double", "+86-000", "wen@example.cn"
			return e.honest(c)
		})
		if s.problem() != "member-pending" {
			t.Errorf("the double: %d %s", s.status, s.problem())
		}
		if scope, err := e.scope(b.session(), e.County[0][0], ""); err == nil {
			t.Errorf("the double acts as %s", scope.Name())
		}
		if s := e.comeWith(nil); s.status != http.StatusOK {
			t.Errorf("%s: %d %s", who.sub, s.status, s.problem())
		}
	})
	t.Run("same sub of another portal", func(t *testing.T) {
		e.Root(`update sec.people set iss = 'http://old.example' where sub = 'sub-wen'`)
		if s := e.comeWith(nil); s.problem() != "member-pending" {
			t.Errorf("%d %s", s.status, s.problem())
		}
	})
	for what, change := range map[string]map[string]any{
		"name missing": {"name": nil}, "name of spaces": {"name": "  "},
	} {
		e.set(func() { e.userinfo = map[string]any{"sub": "sub-wen"} })
		if s := e.comeWith(change); s.status != http.StatusForbidden || s.problem() != "login-incomplete" {
			t.Errorf("%s: %d %s", what, s.status, s.problem())
		}
	}
	for what, name := range map[string]string{"control character": "闻\x07岚", "too long": strings.Repeat("长", 61)} {
		refused(t, what, e.comeWith(map[string]any{"name": name}))
	}
}

func TestBI071PKCE(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	b := e.browser()
	asked := e.begin(b, "/auth/sign-in")
	e.set(func() {
		e.idToken, e.challenge = e.honest(e.good(asked.Get("nonce"))), oauth2.S256ChallengeFromVerifier("another verifier")
	})
	refused(t, "wrong verifier", b.open("/auth/callback?code=c&state="+asked.Get("state")))
	if b.session() != "" {
		t.Error("a session was opened")
	}
}

// TestBI070CodeTwice replays a code that already let somebody in.
func TestBI070CodeTwice(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	office := e.County[0][0]
	e.enrol(office, tenants.OFF, "sub-wen", "闻岚")
	victim, thief := e.browser(), e.browser()
	asked := e.begin(victim, "/auth/sign-in")
	e.set(func() { e.idToken = e.honest(e.good(asked.Get("nonce"))) })
	victim.open("/auth/callback?code=the-code&state=" + asked.Get("state"))
	if _, err := e.scope(victim.session(), office, ""); err != nil {
		t.Fatal(err)
	}
	asked = e.begin(thief, "/auth/sign-in")
	e.set(func() { e.challenge = "used already" })
	refused(t, "stolen code", thief.open("/auth/callback?code=the-code&state="+asked.Get("state")))
	if thief.session() != "" {
		t.Error("the thief has a session")
	}
	_, err := e.scope(victim.session(), office, "")
	e.wantCode(err, "session-expired")

	t.Run("code of another client", func(t *testing.T) {
		b := e.browser()
		asked := e.begin(b, "/auth/sign-in")
		e.set(func() {
			e.answer = func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/token" {
					http.Error(w, `{"error":"invalid_client"}`, http.StatusUnauthorized)
				}
				return r.URL.Path == "/token"
			}
		})
		refused(t, "another client's code", b.open("/auth/callback?code=c&state="+asked.Get("state")))
	})
}
