package signon

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"xuncha/inspection"
)

// algorithms are the signatures we accept: public-key ones only.
var algorithms = []string{oidc.RS256, oidc.ES256, oidc.PS256, oidc.EdDSA}

const (
	skew       = time.Minute      // how far the portal's clock may be off
	idTokenAge = 10 * time.Minute // an ID token comes fresh from the portal
	logoutAge  = 5 * time.Minute  // and so does a logout token
	tokenLife  = 24 * time.Hour   // longer than any honest one lives
	maxToken   = 64 << 10         // bytes
	maxSubject = 255
)

// claimSet are a token's claims by their exact names.
type claimSet map[string]json.RawMessage

func (c claimSet) text(name string) string {
	var s string
	if json.Unmarshal(c[name], &s) != nil {
		return ""
	}
	return s
}

// time reads a point in time; the zero time where there is none, and an error
// where it is nonsense.
func (c claimSet) time(name string) (time.Time, error) {
	raw, ok := c[name]
	if !ok {
		return time.Time{}, nil
	}
	var seconds float64
	if err := json.Unmarshal(raw, &seconds); err != nil || seconds < 1 || seconds > 253402300799 { // year 9999
		return time.Time{}, fmt.Errorf("%s is no time", name)
	}
	return time.Unix(int64(seconds), 0), nil
}

// header refuses tokens that bring or point to their own keys, and tokens that
// say they are something else. It runs before anything is fetched.
func header(token string, types ...string) error {
	if len(token) > maxToken {
		return errors.New("the token is too long")
	}
	first, _, _ := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil {
		return errors.New("no header")
	}
	var h claimSet
	if err := json.Unmarshal(b, &h); err != nil {
		return errors.New("no header")
	}
	for _, name := range []string{"jku", "jwk", "x5u"} {
		if _, ok := h[name]; ok {
			return fmt.Errorf("the header has %s", name)
		}
	}
	if _, ok := h["typ"]; ok && !slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, h.text("typ")) }) {
		return errors.New("the token is of another type")
	}
	return nil
}

// idToken checks an ID token against the sign-on it answers. It returns what the
// portal says of the person, as far as the ID token tells.
func (p *provider) idToken(ctx context.Context, k *known, tok *oauth2.Token, nonce string) (claims, claimSet, error) {
	raw, _ := tok.Extra("id_token").(string)
	if err := header(raw, "JWT"); err != nil {
		return claims{}, nil, err
	}
	verified, err := k.verifier.Verify(ctx, raw)
	if err != nil {
		if p.keys.down() {
			err = fmt.Errorf("%w: %w", errDown, err)
		}
		return claims{}, nil, err
	}
	var set claimSet
	if err := verified.Claims(&set); err != nil {
		return claims{}, nil, err
	}
	if subtle.ConstantTimeCompare([]byte(set.text("nonce")), []byte(nonce)) != 1 {
		return claims{}, nil, errors.New("the nonce is another")
	}
	if azp := set.text("azp"); azp != "" && azp != p.cfg.ClientID || azp == "" && len(verified.Audience) > 1 {
		return claims{}, nil, errors.New("the token was made for another application")
	}
	if verified.AccessTokenHash != "" {
		if err := verified.VerifyAccessToken(tok.AccessToken); err != nil {
			return claims{}, nil, err
		}
	}
	c, err := p.times(set, idTokenAge)
	if err != nil {
		return claims{}, nil, err
	}
	c.iss, c.sub, c.sid, c.acr = p.cfg.Issuer, verified.Subject, set.text("sid"), set.text("acr")
	return c, set, subject(c.sub)
}

// times checks when a token was made and until when it is good.
func (p *provider) times(set claimSet, age time.Duration) (claims, error) {
	var c claims
	var expires, from time.Time
	for name, to := range map[string]*time.Time{"iat": &c.issuedAt, "exp": &expires, "nbf": &from, "auth_time": &c.authTime} {
		t, err := set.time(name)
		if err != nil {
			return claims{}, err
		}
		*to = t
	}
	now := p.cfg.Now()
	switch {
	case c.issuedAt.IsZero() || expires.IsZero():
		return claims{}, errors.New("the token does not say when it was made or when it ends")
	case now.Sub(expires) > skew:
		return claims{}, errors.New("the token has expired")
	case c.issuedAt.Sub(now) > skew || from.Sub(now) > skew || c.authTime.Sub(now) > skew:
		return claims{}, errors.New("the token is from the future")
	case now.Sub(c.issuedAt) > age+skew:
		return claims{}, errors.New("the token is old")
	case expires.Sub(c.issuedAt) > tokenLife:
		return claims{}, errors.New("the token lives too long")
	}
	return c, nil
}

// subject checks the portal's name for a person, which is compared byte by byte
// ever after.
func subject(sub string) error {
	if sub == "" || len(sub) > maxSubject {
		return errors.New("the subject is empty or too long")
	}
	for _, b := range []byte(sub) {
		if b < 0x20 || b > 0x7e {
			return errors.New("the subject is not printable ASCII")
		}
	}
	return nil
}

var errIncomplete = errors.New("the portal does not say the person's name")

// describe fills in who the person is. What the ID token leaves out is asked of
// the portal's userinfo, as most providers want it.
func (p *provider) describe(ctx context.Context, k *known, tok *oauth2.Token, c *claims, set claimSet) error {
	names := p.cfg.Claims
	if set.text(names.Name) == "" || set.text(names.OrgCode) == "" {
		more, err := p.userinfo(ctx, k, tok, c.sub)
		if err != nil {
			return err
		}
		for name, v := range more {
			if set.text(name) == "" {
				set[name] = v
			}
		}
	}
	for _, f := range []struct {
		to    *string
		claim string
		limit int
	}{{&c.name, names.Name, 60}, {&c.orgCode, names.OrgCode, 60}, {&c.orgName, names.OrgName, 100}, {&c.post, names.Post, 100}} {
		text, problems := inspection.CleanText("/"+f.claim, set.text(f.claim), false, f.limit)
		if len(problems) > 0 {
			return fmt.Errorf("claim %s: %s", f.claim, problems[0].Code)
		}
		*f.to = text
	}
	if c.name == "" {
		return errIncomplete
	}
	return nil
}

func (p *provider) userinfo(ctx context.Context, k *known, tok *oauth2.Token, sub string) (claimSet, error) {
	if k.UserInfoEndpoint() == "" {
		return nil, nil
	}
	if !p.acceptable(k.UserInfoEndpoint()) {
		return nil, errors.New("the portal's userinfo is not https")
	}
	info, err := k.UserInfo(oidc.ClientContext(ctx, p.client), oauth2.StaticTokenSource(tok))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDown, err)
	}
	if info.Subject != sub {
		return nil, errors.New("userinfo speaks of another person")
	}
	var set claimSet
	return set, info.Claims(&set)
}

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logoutToken checks a logout token. The library checks signature, issuer,
// audience, that there is no nonce, and that jti and sub or sid are there; the
// event, which it reads leniently, is read again here.
func (p *provider) logoutToken(ctx context.Context, raw string) (*oidc.LogoutToken, error) {
	if err := header(raw, "logout+jwt", "JWT"); err != nil {
		return nil, err
	}
	k, err := p.get(ctx)
	if err != nil {
		return nil, err
	}
	t, err := k.verifier.VerifyLogout(ctx, raw)
	if err != nil {
		if p.keys.down() {
			err = fmt.Errorf("%w: %w", errDown, err)
		}
		return nil, err
	}
	var set claimSet
	var events map[string]map[string]any
	if err := t.Claims(&set); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(set["events"], &events); err != nil || events[logoutEvent] == nil {
		return nil, errors.New("not a logout event")
	}
	if _, err := p.times(set, logoutAge); err != nil {
		return nil, err
	}
	if len(t.TokenID) > maxSubject || len(t.Subject) > maxSubject || len(t.SessionID) > maxSubject ||
		strings.ContainsRune(t.TokenID+t.Subject+t.SessionID, 0) {
		return nil, errors.New("a claim is too long or has a NUL")
	}
	return t, nil
}
