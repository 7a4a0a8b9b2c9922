package conformance_test

import (
	"bufio"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

const node = "../node"

// start runs the provider and returns its issuer.
func start(t *testing.T, settings map[string]any) string {
	t.Helper()
	if _, err := os.Stat(node + "/node_modules/oidc-provider"); err != nil {
		t.Fatal("oidc-provider is not installed: run `npm ci` in deploy/portal/node, or make test, which does")
	}
	arg, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "provider.mjs", string(arg))
	cmd.Dir = node
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints strings.Builder
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatalf("node does not start (it comes with make test's set-up): %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(complaints.String())
		}
	})
	issuer, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("the provider does not start: %v\n%s", err, complaints.String())
	}
	return strings.TrimSpace(issuer)
}

// service is our door with that provider behind it, and one browser.
type service struct {
	t        *testing.T
	h        *tenantstest.House
	sessions *signon.Sessions
	base     string
	browser  *http.Client
}

func newService(t *testing.T, claimsInToken bool) *service {
	t.Helper()
	s := &service{t: t, h: tenantstest.New(t)}
	server := httptest.NewUnstartedServer(nil)
	s.base = "http://" + server.Listener.Addr().String()
	office := s.h.County[0][0]
	person := map[string]string{"name": "闻岚", "org_code": office.OrgCode, "org_name": office.Short, "post": "主任"}
	stranger := map[string]string{"name": "方予", "org_code": office.OrgCode, "org_name": office.Short, "post": "干部"}
	cfg := signon.Defaults()
	cfg.ClientID, cfg.ClientSecret, cfg.BaseURL, cfg.Log = "xuncha", "a-secret-of-the-test", s.base, slog.New(slog.NewTextHandler(t.Output(), nil))
	cfg.Issuer = start(t, map[string]any{
		"claimsInToken": claimsInToken,
		"people":        map[string]any{"sub-wen": person, "sub-fang": stranger},
		"client": map[string]any{
			"client_id": cfg.ClientID, "client_secret": cfg.ClientSecret, "redirect_uris": []string{s.base + "/auth/callback"},
			"post_logout_redirect_uris": []string{s.base + "/auth/signed-out"}, "backchannel_logout_uri": s.base + "/auth/backchannel-logout",
			"backchannel_logout_session_required": true,
		},
	})
	s.sessions = &signon.Sessions{DB: s.h.DB, Pool: s.h.Pool, Clock: inspection.ClockAt(tenantstest.Now), Plain: true}
	door, err := signon.NewDoor(cfg, s.sessions)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/auth/", door)
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	server.Config.Handler = mux
	server.Start()
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.browser = &http.Client{Jar: jar, Timeout: 20 * time.Second}
	member := s.h.As(office, tenants.DIR)
	s.h.Root(`update members set name = '闻岚' where id = $1`, member.Member())
	if err := s.sessions.Enrol(t.Context(), tenants.ForJob(office, "test"), member.Member(), cfg.Issuer, "sub-wen", office.OrgCode); err != nil {
		t.Fatal(err)
	}
	return s
}

// open follows an address, and redirects from there, and returns where it led
// and what was there.
func (s *service) open(address string) (*url.URL, string) {
	s.t.Helper()
	return s.at(s.browser.Get(address))
}

func (s *service) at(resp *http.Response, err error) (*url.URL, string) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.Request.URL, string(body)
}

// signOn goes to path and, where the provider asks, says who it is.
func (s *service) signOn(path, person, acr string) (*url.URL, string) {
	s.t.Helper()
	at, body := s.open(s.base + path)
	if !strings.HasPrefix(at.Path, "/interaction/") {
		return at, body
	}
	return s.open(at.String() + "?" + url.Values{"person": {person}, "acr": {acr}}.Encode())
}

func (s *service) session() string {
	u, _ := url.Parse(s.base)
	for _, c := range s.browser.Jar.Cookies(u) {
		if c.Name == s.sessions.Cookie() {
			return c.Value
		}
	}
	return ""
}

func (s *service) scope() (tenants.Scope, error) {
	scope, _, err := s.sessions.Scope(s.t.Context(), signon.Credential{Session: s.session()}, s.h.County[0][0].Slug, "")
	return scope, err
}

func TestCertifiedProvider(t *testing.T) {
	t.Parallel()
	for name, claimsInToken := range map[string]bool{"claims in userinfo": false, "claims in the ID token": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, claimsInToken)
			if at, body := s.signOn("/auth/sign-in?return=/w/q", "sub-wen", "urn:xuncha:acr:1"); at.Path != "/w/q" {
				t.Fatalf("signing on leads to %s: %s", at, body)
			}
			scope, err := s.scope()
			if err != nil {
				t.Fatal(err)
			}
			if err := scope.StepUp(s.sessions.Clock()); err == nil {
				t.Error("an ordinary sign-on counts as a step-up")
			}
			if at, body := s.signOn("/auth/step-up?return=/w/sign", "sub-wen", "urn:xuncha:acr:2"); at.Path != "/w/sign" {
				t.Fatalf("the step-up leads to %s: %s", at, body)
			}
			if scope, err = s.scope(); err != nil {
				t.Fatal(err)
			}
			if err := scope.StepUp(s.sessions.Clock()); err != nil {
				t.Errorf("after the step-up: %v", err)
			}
			s.leaves()
		})
	}
}

var (
	refresh = regexp.MustCompile(`^0; url=(.+)$`)
	field   = regexp.MustCompile(`name="xsrf" value="([^"]+)"`)
	action  = regexp.MustCompile(`action="([^"]+)"`)
)

// leaves ends the provider's session and looks whether ours went with it, on the
// back channel.
func (s *service) leaves() {
	s.t.Helper()
	resp, err := s.browser.PostForm(s.base+"/auth/sign-out", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	to := refresh.FindStringSubmatch(resp.Header.Get("Refresh"))
	s.at(resp, nil)
	if to == nil {
		s.t.Fatalf("Refresh = %q", resp.Header.Get("Refresh"))
	}
	// Not left at the provider yet: signing on again asks nobody.
	if at, body := s.signOn("/auth/sign-in?return=/w/q", "", ""); at.Path != "/w/q" {
		s.t.Fatalf("signing on again leads to %s: %s", at, body)
	}
	if _, err := s.scope(); err != nil {
		s.t.Fatal(err)
	}
	_, page := s.open(to[1])
	form, xsrf := action.FindStringSubmatch(page), field.FindStringSubmatch(page)
	if form == nil || xsrf == nil {
		s.t.Fatalf("the provider does not ask: %s", page)
	}
	at, body := s.at(s.browser.PostForm(form[1], url.Values{"xsrf": {xsrf[1]}, "logout": {"yes"}}))
	if at.Path != "/auth/signed-out" || !strings.HasPrefix(at.String(), s.base) {
		s.t.Errorf("the provider leads to %s: %s", at, body)
	}
	if _, err := s.scope(); inspection.CodeOf(err) != "session-expired" {
		s.t.Errorf("after the back-channel logout: %v", err)
	}
}

func TestStranger(t *testing.T) {
	t.Parallel()
	s := newService(t, false)
	at, body := s.signOn("/auth/sign-in", "sub-fang", "urn:xuncha:acr:1")
	if at.Path != "/auth/pending" || !strings.Contains(body, "已登记，等待") {
		t.Errorf("signing on leads to %s: %s", at, body)
	}
}
