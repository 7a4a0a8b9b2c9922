package signon_test

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"xuncha/tenants"
)

// TestBI059ErrorText sends people back with errors, and looks for their text on
// the page.
func TestBI059ErrorText(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	for what, q := range map[string]url.Values{
		"access_denied":     {"error": {"access_denied"}, "error_description": {"<script>canary</script>"}},
		"10 kB of text":     {"error": {"server_error"}, "error_description": {strings.Repeat("canary ", 1500)}},
		"an unknown error":  {"error": {"canary<b>"}, "error_uri": {"https://canary.example"}},
		"an error and code": {"error": {"canary"}, "code": {"c"}},
		"no code at all":    {"x": {"canary"}},
		"two codes":         {"code": {"c", "canary"}},
	} {
		b := e.browser()
		asked := e.begin(b, "/auth/sign-in")
		q.Set("state", asked.Get("state"))
		s := b.open("/auth/callback?" + q.Encode())
		if s.status != http.StatusForbidden || s.problem() != "login-refused" {
			t.Errorf("%s: %d %s", what, s.status, s.problem())
		}
		if strings.Contains(s.body, "canary") || strings.Contains(s.body, "script") {
			t.Errorf("%s: the page repeats the portal's text", what)
		}
		if b.session() != "" {
			t.Errorf("%s: a session was opened", what)
		}
	}
	if n := e.count("/token"); n != 0 {
		t.Errorf("a code was exchanged %d times", n)
	}
}

// TestBI077Down breaks the portal in every way, at every place where it is
// asked. Whoever is signed on works on.
func TestBI077Down(t *testing.T) {
	t.Parallel()
	type breaks = func(w http.ResponseWriter, r *http.Request) bool
	ways := map[string]breaks{
		"500": func(w http.ResponseWriter, _ *http.Request) bool {
			http.Error(w, "canary", http.StatusInternalServerError)
			return true
		},
		"HTML": func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<html>canary"))
			return true
		},
		"10 MB": func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"canary":"` + strings.Repeat("x", 10<<20) + `"}`))
			return true
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.RawQuery != "" {
				return false // whoever follows finds an honest answer
			}
			http.Redirect(w, r, r.URL.Path+"?again", http.StatusTemporaryRedirect)
			return true
		},
		"silence": func(_ http.ResponseWriter, r *http.Request) bool {
			select {
			case <-r.Context().Done():
			case <-time.After(6 * time.Second):
			}
			return true
		},
	}
	for _, place := range []string{"/.well-known/openid-configuration", "/token", "/keys"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			e := newEvil(t)
			e.enrol(e.County[0][0], tenants.OFF, "sub-wen", "闻岚")
			signedOn := e.browser()
			if place == "/token" {
				e.come(signedOn, func(nonce string) string { return e.honest(e.good(nonce)) })
			}
			for what, way := range ways {
				e.set(func() {
					e.answer = func(w http.ResponseWriter, r *http.Request) bool { return r.URL.Path == place && way(w, r) }
				})
				if place == "/keys" {
					time.Sleep(1100 * time.Millisecond) // until the keys are asked for again
				}
				started := time.Now()
				var s seen
				if place == "/.well-known/openid-configuration" {
					s = e.browser().open("/auth/sign-in")
				} else {
					s = e.comeWith(nil)
				}
				if took := time.Since(started); took > 5*time.Second {
					t.Errorf("%s: the person waited %v", what, took)
				}
				if s.status != http.StatusServiceUnavailable || s.problem() != "idp-unavailable" || s.header.Get("Retry-After") == "" ||
					strings.Contains(s.body, "canary") {
					t.Errorf("%s: %d %s", what, s.status, s.problem())
				}
			}
			if signedOn.session() != "" {
				if _, err := e.scope(signedOn.session(), e.County[0][0], ""); err != nil {
					t.Errorf("who was signed on: %v", err)
				}
			}
		})
	}
}

// TestPortalComesLate starts the service before the portal, and loses the portal
// later on.
func TestPortalComesLate(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := ln.Addr().String()
	_ = ln.Close()
	r := newRigAt(t, "http://"+address)
	if s := r.browser().open("/auth/sign-in"); s.status != http.StatusServiceUnavailable || s.problem() != "idp-unavailable" {
		t.Errorf("without a portal: %d %s", s.status, s.problem())
	}
	b := r.browser()
	if s := b.post(r.base + "/auth/sign-out"); s.header.Get("Refresh") != "0; url=/auth/signed-out" {
		t.Errorf("leaving without a portal: %q", s.header.Get("Refresh"))
	}

	e := newEvil(t)
	e.enrol(e.County[0][0], tenants.OFF, "sub-wen", "闻岚")
	e.set(func() {
		e.answer = func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusBadGateway); return true }
	})
	if s := e.browser().open("/auth/sign-in"); s.problem() != "idp-unavailable" {
		t.Errorf("%d %s", s.status, s.problem())
	}
	e.set(func() { e.answer = nil })
	if s := e.comeWith(nil); s.status != http.StatusOK {
		t.Errorf("when it is back: %d %s", s.status, s.problem())
	}
}

// TestDiscoveryAddresses refuses to send people or secrets where the portal's
// description has no business pointing.
func TestDiscoveryAddresses(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	for what, d := range map[string]map[string]any{
		"token endpoint elsewhere over http": {"token_endpoint": "http://portal.example/token"},
		"keys as a file":                     {"jwks_uri": "file:///etc/passwd"},
		"no authorization endpoint":          {"authorization_endpoint": ""},
		"a password in the address":          {"token_endpoint": "http://a:b@127.0.0.1/token"},
	} {
		e.set(func() { e.discovery = d })
		if s := e.browser().open("/auth/sign-in"); s.status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s", what, s.status, s.problem())
		}
	}
	e.set(func() { e.discovery = nil })
	if s := e.comeWith(nil); s.problem() != "member-pending" {
		t.Errorf("as it should be: %d %s", s.status, s.problem())
	}
}
