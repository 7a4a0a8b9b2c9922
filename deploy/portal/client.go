package portal

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client is a [Client] as the library wants to see it.
type client struct{ Client }

func (c client) GetID() string               { return c.ID }
func (c client) RedirectURIs() []string      { return []string{c.RedirectURI} }
func (c client) LoginURL(id string) string   { return "/choose?id=" + id }
func (c client) AuthMethod() oidc.AuthMethod { return oidc.AuthMethodBasic }

func (c client) PostLogoutRedirectURIs() []string { return []string{c.PostLogoutURI} }

func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }

func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

func (c client) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken}
}

func (c client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration      { return 5 * time.Minute }
func (c client) DevMode() bool                       { return false }
func (c client) ClockSkew() time.Duration            { return 0 }
func (c client) IsScopeAllowed(scope string) bool    { return scope == Scope }

// The portal's own claims belong in the ID token: an application should not
// need a second request to learn who came.
func (c client) IDTokenUserinfoClaimsAssertion() bool { return true }

//nolint:revive,staticcheck // the library's interface spells it so
func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string     { return all }
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return all }

func all(scopes []string) []string { return scopes }
