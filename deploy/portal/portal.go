// Package portal is a government portal for development: an OpenID provider
// that signs a cast of invented people on when one of them is chosen from a
// page. It lets the demo and the tests use the same sign-on as production.
//
// It asks for no password, keeps everything in memory, and therefore serves
// only the machine it runs on: [New] refuses an issuer that is not loopback,
// and every request from elsewhere is refused too. What it does beyond that is
// what a certified provider does: discovery, the code flow with PKCE S256 and
// nothing else, refresh tokens that rotate, acr and auth_time, logout started
// by the application, and back-channel logout tokens with sid.
package portal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// How surely a person was recognised (acr). The portal gives Strong when the
// application asks for it and the person confirms on a second page, which
// stands here for a password and a code by text message.
const (
	Basic  = "urn:xuncha:acr:1"
	Strong = "urn:xuncha:acr:2"
)

// Scope is the scope that brings org_code, org_name, name and post.
const Scope = "portal"

// Person is one of the cast.
type Person struct {
	Subject string // what the portal calls the person for ever; no colon in it
	Login   string // a name to find the person by: the portal takes it as login_hint too
	Name    string
	OrgCode string // the portal's code of the organisation the person works for
	OrgName string
	Post    string // what the person does there, as the page and the claim say it
	Group   string // the heading under which the page lists the person; OrgName if empty
}

// Client is an application that signs people on through the portal.
type Client struct {
	ID            string
	Secret        string
	RedirectURI   string // where codes go
	PostLogoutURI string // where a person goes after leaving
	LogoutURI     string // where logout tokens go; none are sent if empty
}

// Config says what the portal is.
type Config struct {
	Issuer  string // such as "http://127.0.0.1:8082", on this machine
	Cast    []Person
	Clients []Client
	Notice  string       // a line for the foot of every page
	HTTP    *http.Client // delivers logout tokens; nil for one that gives up after 3 s
	Log     *slog.Logger // nil for slog's default
}

// Portal is the provider and its pages. It is safe for concurrent use.
type Portal struct {
	cfg      Config
	store    *store
	provider *op.Provider
	handler  http.Handler
}

// New returns the portal, with a signing key of its own.
func New(cfg Config) (*Portal, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 3 * time.Second}
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	s, err := newStore(cfg)
	if err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	p := &Portal{cfg: cfg, store: s}
	s.ended = p.sendLogouts
	config := &op.Config{
		DefaultLogoutRedirectURI:          "/",
		CodeMethodS256:                    true,
		AuthMethodPost:                    true,
		GrantTypeRefreshToken:             true,
		SupportedScopes:                   []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeOfflineAccess, Scope},
		SupportedClaims:                   []string{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "name", "org_code", "org_name", "post"},
		BackChannelLogoutSupported:        true,
		BackChannelLogoutSessionSupported: true,
	}
	if _, err := rand.Read(config.CryptoKey[:]); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	p.provider, err = op.NewProvider(config, s, op.StaticIssuer(cfg.Issuer),
		op.WithAllowInsecure(), // plain http, because New insists on loopback
		op.WithCORSOptions(nil),
		op.WithIDTokenHintVerifierOpts(op.WithSupportedIDTokenHintSigningAlgorithms(string(algorithm))))
	if err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	p.handler = p.routes()
	return p, nil
}

// check reports everything that is wrong with the configuration.
func (c *Config) check() error {
	var errs []error
	u, err := url.Parse(c.Issuer)
	if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" {
		errs = append(errs, fmt.Errorf("issuer %q is not scheme, host and port alone", c.Issuer))
	} else if !loopback(u.Hostname()) {
		errs = append(errs, fmt.Errorf("issuer %q is not on this machine: the portal asks nobody for a password", c.Issuer))
	}
	if len(c.Cast) == 0 || len(c.Clients) == 0 {
		errs = append(errs, errors.New("no cast or no client"))
	}
	seen := map[string]bool{}
	for _, p := range c.Cast {
		if p.Subject == "" || strings.Contains(p.Subject, ":") || seen[p.Subject] {
			errs = append(errs, fmt.Errorf("subject %q of %s is empty, has a colon, or is used twice", p.Subject, p.Name))
		}
		seen[p.Subject] = true
	}
	for _, cl := range c.Clients {
		if cl.ID == "" || cl.Secret == "" || cl.RedirectURI == "" {
			errs = append(errs, fmt.Errorf("client %q lacks an id, a secret or a redirect address", cl.ID))
		}
	}
	return errors.Join(errs...)
}

// ServeHTTP answers for the whole portal.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

func (p *Portal) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /choose", p.choose)
	mux.HandleFunc("POST /choose", p.chosen)
	mux.HandleFunc("GET /{$}", p.home)
	mux.HandleFunc("POST /leave", p.leave)
	mux.HandleFunc("GET /style.css", style)
	mux.HandleFunc("/end_session", p.endSession)
	mux.Handle("/", p.provider)
	withIssuer := op.NewIssuerInterceptor(p.provider.IssuerFromRequest)
	return p.onlyHere(withIssuer.Handler(http.NewCrossOriginProtection().Handler(mux)))
}

// onlyHere lets nobody in from another machine, or under another name.
func (p *Portal) onlyHere(next http.Handler) http.Handler {
	u, _ := url.Parse(p.cfg.Issuer) // checked in New
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil || !loopback(host) {
			http.Error(w, "only from this machine", http.StatusForbidden)
			return
		}
		if r.Host != u.Host {
			http.Error(w, "wrong host", http.StatusMisdirectedRequest)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		next.ServeHTTP(w, r.WithContext(withCookie(r)))
	})
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// discovery says what the portal really does; the library's own document also
// promises flows that no client of ours may use.
func (p *Portal) discovery(w http.ResponseWriter, r *http.Request) {
	d := op.CreateDiscoveryConfig(r.Context(), p.provider, p.store)
	d.ResponseTypesSupported = []string{string(oidc.ResponseTypeCode)}
	d.GrantTypesSupported = []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken}
	d.DeviceAuthorizationEndpoint = ""
	d.ACRValuesSupported = []string{Basic, Strong}
	op.Discover(w, d)
}
