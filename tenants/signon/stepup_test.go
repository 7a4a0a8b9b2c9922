package signon_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"xuncha/tenants"
)

const strong = "urn:xuncha:acr:2"

// TestStepUp proves who one is with the development portal.
func TestStepUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	office := r.County[0][0]
	who := r.enrol(office, tenants.DIR, "sub-wen", "闻岚")
	r.enrol(office, tenants.OFF, "sub-fang", "方予")
	b := r.browser()
	b.signOn(who.sub)
	before := b.session()
	s, err := r.scope(before, office, "")
	if err != nil {
		t.Fatal(err)
	}
	r.wantCode(s.StepUp(r.sessions.Clock()), "step-up-required")

	page := b.open("/auth/step-up?return=/w/q/sign%3Fdraft=7")
	if !strings.Contains(page.body, "再次确认是本人") || !strings.Contains(page.body, "闻岚") {
		t.Fatalf("the portal shows %s", page.body)
	}
	if page = b.choose(page, who.sub); page.url.Path != "/w/q/sign" || page.url.RawQuery != "draft=7" {
		t.Errorf("led back to %s (%s)", page.url, page.problem())
	}
	if b.session() == before {
		t.Error("the key was kept")
	}
	_, err = r.scope(before, office, "")
	r.wantCode(err, "sign-in-required")
	if s, err = r.scope(b.session(), office, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.StepUp(r.sessions.Clock()); err != nil {
		t.Errorf("right after: %v", err)
	}

	t.Run("BI075 older than five minutes", func(t *testing.T) {
		r.pass(5*time.Minute + 5*time.Second)
		s, err := r.scope(b.session(), office, "")
		if err != nil {
			t.Fatal(err)
		}
		r.wantCode(s.StepUp(r.sessions.Clock()), "step-up-required")
	})
	t.Run("by another person", func(t *testing.T) {
		page := b.choose(b.open("/auth/step-up?return=/w/q"), "sub-fang")
		if page.status != http.StatusForbidden || page.problem() != "step-up-required" || !strings.Contains(page.body, `href="/w/q"`) {
			t.Errorf("%d %s", page.status, page.problem())
		}
	})
	t.Run("without a session", func(t *testing.T) {
		if page := r.browser().open("/auth/step-up?return=/w/q"); !strings.Contains(page.body, "选择登录人员") {
			t.Errorf("%d %s", page.status, page.url)
		}
	})
}

// TestBI076WeakStepUp brings proofs that are not what was asked for.
func TestBI076WeakStepUp(t *testing.T) {
	t.Parallel()
	e := newEvil(t)
	office := e.County[0][0]
	e.enrol(office, tenants.DIR, "sub-wen", "闻岚")
	b := e.browser()
	e.come(b, func(nonce string) string { return e.honest(e.good(nonce)) })
	prove := func(b *browser, change map[string]any) seen {
		t.Helper()
		asked := e.begin(b, "/auth/step-up?return=/w/q")
		if asked.Get("acr_values") != strong || asked.Get("prompt") != "login" {
			t.Fatalf("asked = %v", asked)
		}
		c := e.good(asked.Get("nonce"))
		for k, v := range change {
			if c[k] = v; v == nil {
				delete(c, k)
			}
		}
		e.set(func() { e.idToken, e.challenge = e.honest(c), "" })
		return b.open("/auth/callback?code=c&state=" + asked.Get("state"))
	}
	for what, change := range map[string]map[string]any{
		"no acr":            {},
		"lower acr":         {"acr": "urn:xuncha:acr:1"},
		"unknown acr":       {"acr": strong + "0"},
		"no auth_time":      {"acr": strong, "auth_time": nil},
		"auth_time of old":  {"acr": strong, "auth_time": time.Now().Unix() - 120},
		"auth_time is zero": {"acr": strong, "auth_time": 0},
		"of another person": {"acr": strong, "sub": "sub-else"},
		"nonce of another":  {"acr": strong, "nonce": "x"},
		"expired":           {"acr": strong, "exp": time.Now().Unix() - 100},
	} {
		s := prove(b, change)
		if s.status != http.StatusForbidden || s.problem() != "step-up-required" || !strings.Contains(s.body, "没有丢失") {
			t.Errorf("%s: %d %s", what, s.status, s.problem())
		}
		scope, err := e.scope(b.session(), office, "")
		if err != nil {
			t.Fatalf("%s: the session ended: %v", what, err)
		}
		e.wantCode(scope.StepUp(e.sessions.Clock()), "step-up-required")
	}
	if s := prove(b, map[string]any{"acr": strong}); s.url.Path != "/w/q" {
		t.Errorf("strong: %d %s", s.status, s.problem())
	}

	t.Run("a strong sign-on counts, too", func(t *testing.T) {
		b := e.browser()
		e.come(b, func(nonce string) string {
			c := e.good(nonce)
			c["acr"] = strong
			return e.honest(c)
		})
		scope, err := e.scope(b.session(), office, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := scope.StepUp(e.sessions.Clock()); err != nil {
			t.Error(err)
		}
	})
	t.Run("of a session that was replaced meanwhile", func(t *testing.T) {
		asked := e.begin(b, "/auth/step-up?return=/w/q")
		e.come(b, func(nonce string) string { return e.honest(e.good(nonce)) })
		c := e.good(asked.Get("nonce"))
		c["acr"] = strong
		e.set(func() { e.idToken, e.challenge = e.honest(c), "" })
		if s := b.open("/auth/callback?code=c&state=" + asked.Get("state")); s.problem() != "step-up-required" {
			t.Errorf("%d %s", s.status, s.problem())
		}
	})
}
