package portal

import (
	"context"
	"errors"
	"slices"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// person returns the one the portal calls subject, or the one who signs on as
// login.
func (s *store) person(subject, login string) (Person, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.cast, func(p Person) bool {
		return p.Subject == subject || login != "" && (p.Login == login || p.Subject == login)
	})
	if i < 0 {
		return Person{}, false
	}
	return s.cast[i], true
}

// people returns the cast, in the order it was given.
func (s *store) people() []Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.cast)
}

// SetUserinfoFromRequest fills an ID token.
func (s *store) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest, scopes []string) error {
	switch r := r.(type) {
	case *request:
		return s.describe(info, r.recognition, scopes)
	case *grant:
		return s.describe(info, r.recognition, scopes)
	}
	return oidc.ErrUnsupportedGrantType()
}

func (s *store) describe(info *oidc.UserInfo, rec recognition, scopes []string) error {
	p, ok := s.person(rec.subject, "")
	if !ok {
		return errUnknown
	}
	info.Subject = p.Subject
	info.AppendClaims("sid", rec.sid)
	if slices.Contains(scopes, oidc.ScopeProfile) || slices.Contains(scopes, Scope) {
		info.Name = p.Name
	}
	if slices.Contains(scopes, Scope) {
		info.AppendClaims("org_code", p.OrgCode)
		info.AppendClaims("org_name", p.OrgName)
		info.AppendClaims("post", p.Post)
	}
	return nil
}

// SetUserinfoFromScopes is the deprecated form of SetUserinfoFromRequest, which
// the library still calls first.
func (s *store) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromToken answers the userinfo endpoint.
func (s *store) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, id, subject, _ string) error {
	g, err := s.accessGrant(id, subject)
	if err != nil {
		return err
	}
	return s.describe(info, g.recognition, g.scopes)
}

// SetIntrospectionFromToken says what an access token of this client is good for.
func (s *store) SetIntrospectionFromToken(_ context.Context, info *oidc.IntrospectionResponse, id, subject, clientID string) error {
	g, err := s.accessGrant(id, subject)
	if err != nil || g.clientID != clientID {
		return errUnknown
	}
	info.Subject, info.ClientID, info.Scope = g.subject, g.clientID, g.scopes
	info.Expiration = oidc.FromTime(g.expires)
	return nil
}

func (s *store) accessGrant(id, subject string) (grant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.access[id]
	if !ok || g.subject != subject || time.Now().After(g.expires) {
		return grant{}, errUnknown
	}
	return *g, nil
}

// GetPrivateClaimsFromScopes would fill JWT access tokens; ours are opaque.
func (s *store) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

var errNoAssertions = errors.New("clients sign on with a secret, not with an assertion")

// GetKeyByIDAndClientID refuses: clients have no keys here.
func (s *store) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNoAssertions
}

// ValidateJWTProfileScopes refuses: clients have no keys here.
func (s *store) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNoAssertions
}
