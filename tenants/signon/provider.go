package signon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

const (
	patience      = 4 * time.Second  // with one answer of the portal; a person waits for at most five
	maxAnswer     = 1 << 20          // bytes
	discoveryLife = time.Hour        // how long the portal's description of itself is believed
	keysLife      = 30 * time.Second // how soon its keys are asked for again, whatever a token says
)

// errDown says that the portal does not answer, or not with sense.
var errDown = errors.New("the portal does not answer")

// provider is the portal as we know it.
type provider struct {
	cfg    Config
	client *http.Client
	keys   *keyDoor
	flight singleflight.Group

	mu    sync.Mutex
	known *known
}

// known is what the portal says of itself, and what we make of it.
type known struct {
	*oidc.Provider
	oauth     oauth2.Config
	verifier  *oidc.IDTokenVerifier
	end       string // end_session_endpoint; "" if it has none
	namesSelf bool   // it says who it is when it sends people back (RFC 9207)
	until     time.Time
}

func newProvider(cfg Config) *provider {
	next := http.RoundTripper(bounded{http.DefaultTransport})
	return &provider{
		cfg: cfg, keys: &keyDoor{next: next},
		client: &http.Client{
			Transport: next, Timeout: patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// get returns what is known of the portal, asking it at most once an hour. What
// was known stays good while the portal is away.
func (p *provider) get(ctx context.Context) (*known, error) {
	p.mu.Lock()
	k := p.known
	p.mu.Unlock()
	if k != nil && time.Now().Before(k.until) {
		return k, nil
	}
	answer := p.flight.DoChan("", func() (any, error) {
		fresh, err := p.discover(context.WithoutCancel(ctx))
		if err != nil {
			return nil, err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.known = fresh
		return fresh, nil
	})
	select {
	case <-ctx.Done():
		return k, downUnless(k, ctx.Err())
	case r := <-answer:
		if r.Err != nil {
			return k, downUnless(k, r.Err)
		}
		return r.Val.(*known), nil
	}
}

func downUnless(k *known, err error) error {
	if k != nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errDown, err)
}

func (p *provider) discover(ctx context.Context) (*known, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), patience)
	defer cancel()
	found, err := oidc.NewProvider(ctx, p.cfg.Issuer)
	if err != nil {
		return nil, err
	}
	var says struct {
		Keys      string   `json:"jwks_uri"`
		End       string   `json:"end_session_endpoint"`
		Auth      []string `json:"token_endpoint_auth_methods_supported"`
		NamesSelf bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := found.Claims(&says); err != nil {
		return nil, err
	}
	at := found.Endpoint()
	for _, u := range []string{at.AuthURL, at.TokenURL, says.Keys} {
		if !p.acceptable(u) {
			return nil, errors.New("an address in the portal's description is missing or not https")
		}
	}
	if says.End != "" && !p.acceptable(says.End) {
		says.End = ""
	}
	// Left to guess, the library tries one way after the other, and so uses a code twice.
	at.AuthStyle = oauth2.AuthStyleInHeader
	if len(says.Auth) > 0 && !slices.Contains(says.Auth, "client_secret_basic") {
		at.AuthStyle = oauth2.AuthStyleInParams
	}
	keys := oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), &http.Client{
		Transport: p.keys, Timeout: patience, CheckRedirect: p.client.CheckRedirect,
	}), says.Keys)
	return &known{
		Provider: found,
		oauth: oauth2.Config{
			ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: at,
			RedirectURL: p.cfg.BaseURL + "/auth/callback", Scopes: append([]string{oidc.ScopeOpenID}, p.cfg.Scopes...),
		},
		verifier: oidc.NewVerifier(p.cfg.Issuer, keys, &oidc.Config{
			ClientID: p.cfg.ClientID, SupportedSigningAlgs: algorithms,
			SkipExpiryCheck: true, // times are checked more strictly in verify.go
		}),
		end: says.End, namesSelf: says.NamesSelf, until: time.Now().Add(discoveryLife),
	}, nil
}

// acceptable reports whether we would send people or secrets to an address the
// portal names: https, or http where the portal itself is on this machine.
func (p *provider) acceptable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || plainLoopback(address) && plainLoopback(p.cfg.Issuer)
}

// bounded refuses answers without end.
type bounded struct{ next http.RoundTripper }

// RoundTrip sends r and limits the body of the answer.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err == nil {
		resp.Body = &boundedBody{body: resp.Body, left: maxAnswer}
	}
	return resp, err
}

type boundedBody struct {
	body io.ReadCloser
	left int
}

// Read fails where more is left than anybody needs to say.
func (b *boundedBody) Read(buf []byte) (int, error) {
	n, err := b.body.Read(buf)
	if b.left -= n; b.left < 0 {
		return 0, errors.New("the answer is too long")
	}
	return n, err
}

// Close closes the body.
func (b *boundedBody) Close() error { return b.body.Close() }
