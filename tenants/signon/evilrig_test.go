package signon_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

// evil is a portal that does as it is told.
type evil struct {
	*rig
	server *httptest.Server
	key    *rsa.PrivateKey

	mu        sync.Mutex
	answer    func(w http.ResponseWriter, r *http.Request) bool // before anything else; true if it answered
	idToken   string                                            // of the next exchange
	userinfo  map[string]any
	challenge string // that the verifier must fit
	fetched   map[string]int
	discovery map[string]any // on top of the honest answers
}

const evilKid = "key-1"

var portalKey, otherKey = sync.OnceValue(newRSA), sync.OnceValue(newRSA)

func newRSA() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func newEvil(t *testing.T) *evil {
	t.Helper()
	e := &evil{fetched: map[string]int{}, key: portalKey()}
	e.server = httptest.NewServer(http.HandlerFunc(e.serve))
	t.Cleanup(e.server.Close)
	e.rig = newRigAt(t, e.server.URL)
	return e
}

func (e *evil) serve(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fetched[r.URL.Path]++
	if e.answer != nil && e.answer(w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	var body any
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		d := map[string]any{
			"issuer": e.server.URL, "authorization_endpoint": e.server.URL + "/authorize", "token_endpoint": e.server.URL + "/token",
			"jwks_uri": e.server.URL + "/keys", "userinfo_endpoint": e.server.URL + "/userinfo",
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		}
		maps.Copy(d, e.discovery)
		body = d
	case "/keys":
		body = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &e.key.PublicKey, KeyID: evilKid, Algorithm: "RS256", Use: "sig"}}}
	case "/token":
		if e.challenge != "" && oauth2.S256ChallengeFromVerifier(r.PostFormValue("code_verifier")) != e.challenge {
			w.WriteHeader(http.StatusBadRequest)
			body = map[string]string{"error": "invalid_grant"}
			break
		}
		body = map[string]any{"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": e.idToken}
	case "/userinfo":
		body = e.userinfo
	default:
		w.WriteHeader(http.StatusNotFound)
	}
	_ = json.NewEncoder(w).Encode(body)
}

func (e *evil) count(path string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.fetched[path]
}

func (e *evil) set(change func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change()
}

// sign makes a token with any key and header.
func sign(t *testing.T, alg jose.SignatureAlgorithm, key any, header map[jose.HeaderKey]any, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	s, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// honest signs claims as an honest portal does.
func (e *evil) honest(claims map[string]any) string {
	return sign(e.t, jose.RS256, e.key, map[jose.HeaderKey]any{"kid": evilKid, "typ": "JWT"}, claims)
}

// good are the claims that let sub-wen in.
func (e *evil) good(nonce string) map[string]any {
	now := time.Now().Unix()
	return map[string]any{
		"iss": e.issuer, "aud": clientID, "sub": "sub-wen", "nonce": nonce, "iat": now, "exp": now + 300, "auth_time": now,
		"sid": "sid-1", "name": "闻岚", "org_code": e.County[0][0].OrgCode, "org_name": "某县委巡察办", "post": "主任",
	}
}

// begin starts a sign-on in b and returns what the portal was asked.
func (e *evil) begin(b *browser, path string) url.Values {
	e.t.Helper()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { b.CheckRedirect = nil }()
	page := b.open(path)
	u, err := url.Parse(page.header.Get("Location"))
	if err != nil || u.Path != "/authorize" {
		e.t.Fatalf("%s leads to %q (%d %s)", path, u, page.status, page.problem())
	}
	return u.Query()
}

// come signs on in b with the ID token that token makes.
func (e *evil) come(b *browser, token func(nonce string) string) seen {
	e.t.Helper()
	asked := e.begin(b, "/auth/sign-in?return=/w/somewhere")
	e.set(func() { e.idToken, e.challenge = token(asked.Get("nonce")), asked.Get("code_challenge") })
	return b.open("/auth/callback?code=" + rand.Text() + "&state=" + asked.Get("state"))
}

// comeWith signs on with honestly signed but changed claims.
func (e *evil) comeWith(change map[string]any) seen {
	e.t.Helper()
	return e.come(e.browser(), func(nonce string) string {
		c := e.good(nonce)
		for k, v := range change {
			if c[k] = v; v == nil {
				delete(c, k)
			}
		}
		return e.honest(c)
	})
}

// refused fails unless the sign-on was refused as it should be.
func refused(t *testing.T, what string, s seen) {
	t.Helper()
	if s.status != http.StatusUnauthorized || s.problem() != "login-failed" {
		t.Errorf("%s: %d %s at %s", what, s.status, s.problem(), s.url)
	}
}
