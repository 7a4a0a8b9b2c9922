package portal

import (
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// recognition is who was recognised, how surely, and when.
type recognition struct {
	sid      string // tells applications which session; not a secret
	subject  string
	acr      string
	authTime time.Time
}

func (r recognition) GetSubject() string     { return r.subject }
func (r recognition) GetACR() string         { return r.acr }
func (r recognition) GetAuthTime() time.Time { return r.authTime }

func (r recognition) GetAMR() []string {
	if r.acr == Strong {
		return []string{"user", "mfa"}
	}
	return []string{"user"}
}

// request is one sign-on on its way: from the application's redirect to the
// exchange of the code. The store hands out copies.
type request struct {
	recognition // zero until the person is known
	asked       oidc.AuthRequest
	id          string
	expires     time.Time
}

func (r *request) GetID() string          { return r.id }
func (r *request) GetAudience() []string  { return []string{r.asked.ClientID} }
func (r *request) GetClientID() string    { return r.asked.ClientID }
func (r *request) GetNonce() string       { return r.asked.Nonce }
func (r *request) GetScopes() []string    { return r.asked.Scopes }
func (r *request) GetRedirectURI() string { return r.asked.RedirectURI }
func (r *request) GetState() string       { return r.asked.State }
func (r *request) Done() bool             { return r.subject != "" }

func (r *request) GetResponseType() oidc.ResponseType { return r.asked.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode { return r.asked.ResponseMode }

func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.asked.CodeChallenge, Method: r.asked.CodeChallengeMethod}
}

// prompts reports whether the application asked for this prompt.
func (r *request) prompts(p string) bool { return slices.Contains(r.asked.Prompt, p) }

// strong reports whether the application asked for the second factor.
func (r *request) strong() bool { return slices.Contains(r.asked.ACRValues, Strong) }

// satisfied reports whether s is enough, so that the person need not be asked.
func (r *request) satisfied(s session, now time.Time) bool {
	if r.prompts(oidc.PromptLogin) || r.prompts(oidc.PromptSelectAccount) {
		return false
	}
	if r.asked.MaxAge != nil && now.Sub(s.authTime) > time.Duration(*r.asked.MaxAge)*time.Second {
		return false
	}
	return !r.strong() || s.acr == Strong
}

// session is one person signed on to the portal with one browser.
type session struct {
	recognition
	expires time.Time
	clients []string // who was told of this session, by client id
}

// grant is what an application was given: tokens stand for it.
type grant struct {
	recognition
	clientID string
	scopes   []string
	expires  time.Time
	used     bool // a refresh token that was exchanged for the next
}

func (g *grant) GetAudience() []string            { return []string{g.clientID} }
func (g *grant) GetClientID() string              { return g.clientID }
func (g *grant) GetScopes() []string              { return g.scopes }
func (g *grant) SetCurrentScopes(scopes []string) { g.scopes = scopes }
