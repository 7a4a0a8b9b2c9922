package portal

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// How long things live.
const (
	requestLife = 10 * time.Minute
	codeLife    = time.Minute
	accessLife  = 5 * time.Minute
	sessionLife = 10 * time.Hour
)

const algorithm = jose.ES256

var errUnknown = errors.New("unknown or expired")

// store remembers everything the portal must remember, in memory. It is the
// library's op.Storage.
type store struct {
	ended func(session) // told, without the lock, of each session that ended

	mu       sync.Mutex
	cast     []Person
	clients  map[string]client
	requests map[string]*request
	codes    map[string]*code
	sessions map[string]*session // by the browser's cookie
	access   map[string]*grant   // by token id
	refresh  map[string]*grant   // by token
	keys     []signingKey        // the last one signs
}

// code is an authorization code. It stays after use so that a second use is
// noticed.
type code struct {
	request request
	expires time.Time
	used    bool
}

func newStore(cfg Config) (*store, error) {
	s := &store{
		cast: slices.Clone(cfg.Cast), clients: map[string]client{},
		requests: map[string]*request{}, codes: map[string]*code{}, sessions: map[string]*session{},
		access: map[string]*grant{}, refresh: map[string]*grant{},
	}
	for _, c := range cfg.Clients {
		s.clients[c.ID] = client{c}
	}
	return s, s.addKey()
}

// sweep forgets what has expired. The caller holds the lock.
func (s *store) sweep(now time.Time) {
	maps.DeleteFunc(s.requests, func(_ string, r *request) bool { return now.After(r.expires) })
	maps.DeleteFunc(s.codes, func(_ string, c *code) bool { return now.After(c.expires.Add(requestLife)) })
	maps.DeleteFunc(s.access, func(_ string, g *grant) bool { return now.After(g.expires) })
	maps.DeleteFunc(s.refresh, func(_ string, g *grant) bool { return now.After(g.expires) })
	maps.DeleteFunc(s.sessions, func(_ string, v *session) bool { return now.After(v.expires) })
}

// CreateAuthRequest remembers a request that the library found to be in order.
// It insists on PKCE with S256, which the library leaves to us.
func (s *store) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if asked.CodeChallenge == "" || asked.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with code_challenge_method S256 is required")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.sweep(now)
	r := &request{asked: *asked, id: rand.Text(), expires: now.Add(requestLife)}
	s.requests[r.id] = r
	return new(*r), nil
}

// AuthRequestByID returns a copy of a request that is still on its way.
func (s *store) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	return s.request(id)
}

func (s *store) request(id string) (*request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok || time.Now().After(r.expires) {
		return nil, errUnknown
	}
	return new(*r), nil
}

// SaveAuthCode remembers the code that stands for a request.
func (s *store) SaveAuthCode(_ context.Context, id, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok || !r.Done() {
		return errUnknown
	}
	s.codes[text] = &code{request: *r, expires: time.Now().Add(codeLife)}
	delete(s.requests, id)
	return nil
}

// AuthRequestByCode takes a code, once. A second use means that somebody else
// has it: everything that came from it ends.
func (s *store) AuthRequestByCode(_ context.Context, text string) (op.AuthRequest, error) {
	s.mu.Lock()
	c, ok := s.codes[text]
	if !ok || time.Now().After(c.expires) && !c.used {
		s.mu.Unlock()
		return nil, errUnknown
	}
	replayed := c.used
	c.used = true
	s.mu.Unlock()
	if replayed {
		s.endSession(func(_ string, v *session) bool { return v.sid == c.request.sid })
		return nil, errors.New("code used twice")
	}
	return new(c.request), nil
}

// DeleteAuthRequest has nothing left to do: the code replaced the request.
func (s *store) DeleteAuthRequest(context.Context, string) error { return nil }

// CreateAccessToken makes an access token.
func (s *store) CreateAccessToken(_ context.Context, r op.TokenRequest) (string, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newAccess(r)
}

// newAccess makes an access token. The caller holds the lock.
func (s *store) newAccess(r op.TokenRequest) (id string, expires time.Time, err error) {
	g, err := grantOf(r)
	if err != nil {
		return "", time.Time{}, err
	}
	g.expires = time.Now().Add(accessLife)
	id = rand.Text()
	s.access[id] = g
	return id, g.expires, nil
}

func grantOf(r op.TokenRequest) (*grant, error) {
	switch r := r.(type) {
	case *request:
		return &grant{recognition: r.recognition, clientID: r.asked.ClientID, scopes: slices.Clone(r.asked.Scopes)}, nil
	case *grant:
		return &grant{recognition: r.recognition, clientID: r.clientID, scopes: slices.Clone(r.scopes)}, nil
	}
	return nil, oidc.ErrUnsupportedGrantType()
}

// CreateAccessAndRefreshTokens makes both. The refresh token that was
// exchanged, if any, works once.
func (s *store) CreateAccessAndRefreshTokens(_ context.Context, r op.TokenRequest, current string) (id, next string, expires time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if current != "" {
		old, ok := s.refresh[current]
		if !ok || old.used {
			return "", "", time.Time{}, oidc.ErrInvalidGrant().WithParent(op.ErrInvalidRefreshToken)
		}
		old.used = true
	}
	g, err := grantOf(r)
	if err != nil {
		return "", "", time.Time{}, err
	}
	g.expires = time.Now().Add(sessionLife)
	next = rand.Text()
	s.refresh[next] = g
	id, expires, err = s.newAccess(r)
	return id, next, expires, err
}

// TokenRequestByRefreshToken looks a refresh token up. One that was exchanged
// before is in two hands: everything that came from its session ends.
func (s *store) TokenRequestByRefreshToken(_ context.Context, token string) (op.RefreshTokenRequest, error) {
	s.mu.Lock()
	g, ok := s.refresh[token]
	if !ok || time.Now().After(g.expires) {
		s.mu.Unlock()
		return nil, op.ErrInvalidRefreshToken
	}
	replayed, copied := g.used, *g
	s.mu.Unlock()
	if replayed {
		s.endSession(func(_ string, v *session) bool { return v.sid == copied.sid })
		return nil, op.ErrInvalidRefreshToken
	}
	copied.scopes = slices.Clone(copied.scopes)
	return &copied, nil
}

// GetRefreshTokenInfo says whose refresh token this is.
func (s *store) GetRefreshTokenInfo(_ context.Context, clientID, token string) (subject, id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.refresh[token]
	if !ok || g.clientID != clientID {
		return "", "", op.ErrInvalidRefreshToken
	}
	return g.subject, token, nil
}

// RevokeToken forgets a token of this client.
func (s *store) RevokeToken(_ context.Context, token, _, clientID string) *oidc.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range []map[string]*grant{s.access, s.refresh} {
		if g, ok := m[token]; ok && g.clientID == clientID {
			delete(m, token)
		}
	}
	return nil
}

// GetClientByClientID returns a client.
func (s *store) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	c, ok := s.clients[id]
	if !ok {
		return nil, oidc.ErrInvalidClient().WithDescription("unknown client")
	}
	return c, nil
}

// AuthorizeClientIDSecret checks a client's secret.
func (s *store) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	c, ok := s.clients[id]
	if !ok || subtle.ConstantTimeCompare([]byte(c.Secret), []byte(secret)) != 1 {
		return oidc.ErrInvalidClient().WithDescription("unknown client or wrong secret")
	}
	return nil
}

// Health is always good: there is nothing that could be away.
func (s *store) Health(context.Context) error { return nil }

// signingKey is a key that signs, or signed before a rotation.
type signingKey struct {
	id      string
	private *ecdsa.PrivateKey
}

func (k signingKey) ID() string                                  { return k.id }
func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return algorithm }
func (k signingKey) Key() any                                    { return k.private }

// publicKey is what the world may know of a signingKey.
type publicKey struct{ signingKey }

func (k publicKey) Algorithm() jose.SignatureAlgorithm { return algorithm }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return k.private.Public() }

func (s *store) addKey() error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, signingKey{id: rand.Text(), private: private})
	return nil
}

// SigningKey returns the key that signs now.
func (s *store) SigningKey(context.Context) (op.SigningKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[len(s.keys)-1], nil
}

// SignatureAlgorithms lists what SigningKey may use.
func (s *store) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{algorithm}, nil
}

// KeySet returns the keys that tokens may be signed with.
func (s *store) KeySet(context.Context) ([]op.Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := make([]op.Key, len(s.keys))
	for i, k := range s.keys {
		keys[i] = publicKey{k}
	}
	return keys, nil
}
