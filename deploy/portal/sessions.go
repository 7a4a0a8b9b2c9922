package portal

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// cookie is the name of the portal's session cookie. It is not Secure, because
// the portal speaks plain http to its own machine and nothing else.
const cookie = "portal"

type cookieKey struct{}

// withCookie keeps the browser's session at hand for the places the library
// calls without the request.
func withCookie(r *http.Request) context.Context {
	c, err := r.Cookie(cookie)
	if err != nil {
		return r.Context()
	}
	return context.WithValue(r.Context(), cookieKey{}, c.Value)
}

func cookieOf(ctx context.Context) string {
	secret, _ := ctx.Value(cookieKey{}).(string)
	return secret
}

// session returns a copy of the session behind a cookie.
func (s *store) session(secret string) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.sessions[secret]
	if !ok || time.Now().After(v.expires) {
		return session{}, false
	}
	return *v, true
}

// recognise opens a session for the person, under a new cookie. The same person
// in the same browser goes on with the same sid, so that applications know the
// session again after a step-up; another person's session there ends.
func (s *store) recognise(old, subject, acr string) (secret string) {
	now := time.Now()
	next := &session{
		recognition: recognition{sid: rand.Text(), subject: subject, acr: acr, authTime: now},
		expires:     now.Add(sessionLife),
	}
	if before, ok := s.session(old); ok && before.subject == subject {
		next.sid, next.clients = before.sid, before.clients
		s.mu.Lock()
		delete(s.sessions, old)
		s.mu.Unlock()
	} else if ok {
		s.endSession(func(secret string, _ *session) bool { return secret == old })
	}
	secret = rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[secret] = next
	return secret
}

// complete fills a request with what the session knows.
func (s *store) complete(id, secret string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, v := s.requests[id], s.sessions[secret]
	if r == nil || v == nil {
		return errUnknown
	}
	r.recognition = v.recognition
	if !slices.Contains(v.clients, r.asked.ClientID) {
		v.clients = append(slices.Clone(v.clients), r.asked.ClientID)
	}
	return nil
}

// endSession ends every session that matches, with all its tokens, and tells
// the applications.
func (s *store) endSession(match func(secret string, v *session) bool) {
	s.mu.Lock()
	var over []session
	maps.DeleteFunc(s.sessions, func(secret string, v *session) bool {
		if !match(secret, v) {
			return false
		}
		over = append(over, *v)
		return true
	})
	for _, v := range over {
		drop := func(_ string, g *grant) bool { return g.sid == v.sid }
		maps.DeleteFunc(s.access, drop)
		maps.DeleteFunc(s.refresh, drop)
	}
	s.mu.Unlock()
	for _, v := range over {
		s.ended(v)
	}
}

// TerminateSession ends a person's sessions. The library prefers
// TerminateSessionFromRequest.
func (s *store) TerminateSession(_ context.Context, subject, _ string) error {
	s.endSession(func(_ string, v *session) bool { return v.subject == subject })
	return nil
}

// TerminateSessionFromRequest ends the session that the application named with
// its ID token, or else the browser's own.
func (s *store) TerminateSessionFromRequest(ctx context.Context, r *op.EndSessionRequest) (string, error) {
	secret, sid := cookieOf(ctx), ""
	if r.IDTokenHintClaims != nil {
		secret, sid = "", r.IDTokenHintClaims.SessionID
	}
	s.endSession(func(key string, v *session) bool {
		return secret != "" && key == secret || sid != "" && v.sid == sid
	})
	return r.RedirectURI, nil
}

// EndSessions ends all sessions of one person, as an administrator of the
// portal would, and waits until the applications have been told.
func (p *Portal) EndSessions(subject string) {
	p.store.endSession(func(_ string, v *session) bool { return v.subject == subject })
}

// Change replaces what the portal says of the person with the same Subject.
func (p *Portal) Change(person Person) {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	for i := range p.store.cast {
		if p.store.cast[i].Subject == person.Subject {
			p.store.cast[i] = person
		}
	}
}

// RotateKey signs with a new key from now on. Tokens signed before stay good.
func (p *Portal) RotateKey() error { return p.store.addKey() }

// sendLogouts tells every application of a session that it is over.
func (p *Portal) sendLogouts(v session) {
	var wg sync.WaitGroup
	for _, id := range v.clients {
		c := p.store.clients[id]
		if c.LogoutURI == "" {
			continue
		}
		wg.Go(func() {
			if err := p.sendLogout(c, v); err != nil {
				p.cfg.Log.Warn("logout token not delivered", slog.String("client", c.ID), slog.Any("error", err))
			}
		})
	}
	wg.Wait()
}

func (p *Portal) sendLogout(c client, v session) error {
	token, err := p.logoutToken(c.ID, v)
	if err != nil {
		return err
	}
	resp, err := p.cfg.HTTP.Post(c.LogoutURI, "application/x-www-form-urlencoded",
		strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNoContent {
		return fmt.Errorf("%s answers %s", c.LogoutURI, resp.Status)
	}
	return nil
}

func (p *Portal) logoutToken(clientID string, v session) (string, error) {
	key, err := p.store.SigningKey(context.Background())
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{
		Algorithm: algorithm, Key: jose.JSONWebKey{Key: key.Key(), KeyID: key.ID()},
	}, (&jose.SignerOptions{}).WithType("logout+jwt"))
	if err != nil {
		return "", err
	}
	claims := oidc.NewLogoutTokenClaims(p.cfg.Issuer, v.subject, oidc.Audience{clientID},
		time.Now().Add(2*time.Minute), rand.Text(), v.sid, 0)
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
