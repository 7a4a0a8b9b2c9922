package signon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/oauth2"

	"xuncha/inspection"
)

// signInLife is how long a person may take at the portal.
const signInLife = 10 * time.Minute

// stepUpAge is how fresh a proof must be that the portal gives on asking.
const stepUpAge = 5 * time.Minute

// Door is what browsers and the portal see of sign-on. It serves everything
// under /auth/:
//
//	GET  /auth/sign-in?return=    to the portal, and back to return; with switch=account the portal asks who comes
//	GET  /auth/step-up?return=    the same, to prove oneself once more
//	GET  /auth/callback           where the portal sends people back to
//	GET  /auth/pending            what somebody sees who may not do anything yet
//	POST /auth/sign-out           ends the session here and at the portal; a form, not a script's request
//	GET  /auth/signed-out         where the portal sends people after that
//	POST /auth/backchannel-logout where the portal tells of sessions that ended
//
// return is a path on this site; anything else leads to the home page.
type Door struct {
	cfg      Config
	sessions *Sessions
	portal   *provider
	mux      http.Handler
}

// NewDoor returns the door to sessions. It does not need the portal to be there
// yet.
func NewDoor(cfg Config, sessions *Sessions) (*Door, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("sign-on: %w", err)
	}
	if sessions.Plain != plainLoopback(cfg.BaseURL) {
		return nil, errors.New("sign-on: cookies without Secure are for http on this machine alone")
	}
	d := &Door{cfg: cfg, sessions: sessions, portal: newProvider(cfg)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /auth/sign-in", d.signIn)
	mux.HandleFunc("GET /auth/step-up", d.stepUp)
	mux.HandleFunc("GET /auth/callback", d.callback)
	mux.HandleFunc("GET /auth/pending", d.pending)
	mux.HandleFunc("GET /auth/signed-out", d.signedOut)
	mux.HandleFunc("GET /auth/style.css", style)
	mux.HandleFunc("POST /auth/backchannel-logout", d.backchannelLogout)
	mux.Handle("POST /auth/sign-out", sameOrigin(http.HandlerFunc(d.signOut)))
	mux.HandleFunc("/auth/", d.unknown)
	d.mux = mux
	return d, nil
}

// ServeHTTP answers for everything under /auth/.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // addresses here carry codes
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	r.Body = http.MaxBytesReader(w, r.Body, 2*maxToken)
	d.mux.ServeHTTP(w, r)
}

func (d *Door) signIn(w http.ResponseWriter, r *http.Request) {
	var opts []oauth2.AuthCodeOption
	if one(r, "switch") == "account" {
		// Somebody else is signed on at the portal, which would send that person back without asking (OIDC Core 3.1.2.1).
		opts = append(opts, oauth2.SetAuthURLParam("prompt", "select_account"))
	}
	d.send(w, r, SessionID{}, opts...)
}

// stepUp sends a person who is signed on to prove it once more.
func (d *Door) stepUp(w http.ResponseWriter, r *http.Request) {
	who, err := d.sessions.Read(r.Context(), d.cookie(r, d.sessions.Cookie()))
	switch {
	case inspection.KindOf(err) == inspection.Unsigned:
		d.send(w, r, SessionID{})
	case err != nil:
		d.fail(w, r, err)
	default:
		// max_age makes the portal say when; 0 sends people round in circles at portals that count seconds.
		d.send(w, r, who.ID, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "300"),
			oauth2.SetAuthURLParam("acr_values", d.cfg.StrongACR[0]))
	}
}

// send remembers the sign-on and sends the person to the portal. step is the
// session that a step-up is for.
func (d *Door) send(w http.ResponseWriter, r *http.Request, step SessionID, opts ...oauth2.AuthCodeOption) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	k, err := d.portal.get(ctx)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	state, nonce, verifier, browser := rand.Text(), rand.Text(), oauth2.GenerateVerifier(), d.cookie(r, d.browserCookie())
	if browser == "" {
		browser = rand.Text()
	}
	args := pgx.StrictNamedArgs{
		"state": digest(state), "browser": digest(browser), "nonce": nonce, "verifier": verifier,
		"return": returnPath(r.FormValue("return")), "session": nil, "started": d.cfg.Now(),
		"at": d.sessions.Clock(), "life": signInLife,
	}
	if step != (SessionID{}) {
		args["session"] = step
	}
	_, err = d.sessions.Pool.Exec(ctx, `
		select sec.sign_in_begin(@state, @browser, @nonce, @verifier, @return, @session, @started, @at, @life)`, args)
	if err != nil {
		d.fail(w, r, unavailable("begin sign-in", err))
		return
	}
	d.setCookie(w, d.browserCookie(), browser, signInLife)
	opts = append(opts, oauth2.S256ChallengeOption(verifier), oidc.Nonce(nonce))
	http.Redirect(w, r, k.oauth.AuthCodeURL(state, opts...), http.StatusSeeOther)
}

// underWay is a sign-on that left for the portal, as it was remembered.
type underWay struct {
	Nonce    string     `db:"nonce"`
	Verifier string     `db:"verifier"`
	Return   string     `db:"return_to"`
	Session  *uuid.UUID `db:"session_id"`
	Started  time.Time  `db:"started_at"`
}

// take returns the sign-on that a state stands for, once, to the browser that
// began it.
func (d *Door) take(ctx context.Context, state, browser string) (underWay, error) {
	if state == "" || browser == "" {
		return underWay{}, errState
	}
	rows, _ := d.sessions.Pool.Query(ctx, `
		select nonce, verifier, return_to, session_id, started_at from sec.sign_in_take(@state, @browser, @at)`,
		pgx.StrictNamedArgs{"state": digest(state), "browser": digest(browser), "at": d.sessions.Clock()})
	u, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[underWay])
	if errors.Is(err, pgx.ErrNoRows) {
		return u, errState
	}
	if err != nil {
		return u, unavailable("take sign-in", err)
	}
	return u, nil
}

var (
	errState   = errors.New("no sign-on under way goes by this state in this browser")
	errRefused = errors.New("the portal sends the person back without a code")
	errWeak    = errors.New("the step-up proves too little")
)

// callback ends a sign-on that comes back from the portal.
func (d *Door) callback(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	u, err := d.take(ctx, one(r, "state"), d.cookie(r, d.browserCookie()))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	e, err := d.arrive(ctx, r, u)
	if err != nil {
		d.failAt(w, r, err, u)
		return
	}
	if u.Session != nil {
		d.steppedUp(ctx, w, r, e, u)
		return
	}
	key, outcome, err := d.sessions.enter(ctx, e)
	if err != nil {
		d.failAt(w, r, err, u)
		return
	}
	if outcome == nowhere {
		d.show(w, r, http.StatusForbidden, pageNowhere)
		return
	}
	d.setCookie(w, d.sessions.Cookie(), key, 0)
	to := u.Return
	if outcome != entered {
		to = "/auth/pending"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// arrive exchanges the code and checks everything that comes for it.
func (d *Door) arrive(ctx context.Context, r *http.Request, u underWay) (entry, error) {
	k, err := d.portal.get(ctx)
	if err != nil {
		return entry{}, err
	}
	if iss := one(r, "iss"); iss != d.cfg.Issuer && (iss != "" || k.namesSelf) {
		return entry{}, errors.New("another portal sends the person back")
	}
	code := one(r, "code")
	if code == "" || len(code) > maxToken || r.URL.Query().Has("error") {
		return entry{}, errRefused
	}
	tok, err := d.exchange(ctx, k, code, u.Verifier)
	if err != nil {
		return entry{}, err
	}
	c, set, err := d.portal.idToken(ctx, k, tok, u.Nonce)
	if err != nil {
		return entry{}, err
	}
	e := entry{
		claims: c, code: digest(code), device: device(r.UserAgent()), old: d.cookie(r, d.sessions.Cookie()),
		idle: d.cfg.Idle, longest: d.cfg.Longest,
	}
	if slices.Contains(d.cfg.StrongACR, c.acr) && !c.authTime.IsZero() {
		// Sessions go by our clock, which in a demo is not the portal's.
		e.strong = d.sessions.Clock().Add(-max(0, d.cfg.Now().Sub(c.authTime)))
	}
	if u.Session != nil {
		return e, nil
	}
	return e, d.portal.describe(ctx, k, tok, &e.claims, set)
}

// exchange gets the tokens for a code. A code that the portal refuses may have
// been used before: whoever came in with it goes.
func (d *Door) exchange(ctx context.Context, k *known, code, verifier string) (*oauth2.Token, error) {
	tok, err := k.oauth.Exchange(oidc.ClientContext(ctx, d.portal.client), code, oauth2.VerifierOption(verifier))
	if err == nil {
		return tok, nil
	}
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok || refused.Response.StatusCode != http.StatusBadRequest && refused.Response.StatusCode != http.StatusUnauthorized {
		return nil, fmt.Errorf("%w: token endpoint", errDown)
	}
	if err := d.sessions.endAll(ctx, which{code: digest(code)}, byReplay); err != nil {
		return nil, err
	}
	return nil, errors.New("the portal refuses the code")
}

// steppedUp ends a step-up: same session, same person, strong and fresh.
func (d *Door) steppedUp(ctx context.Context, w http.ResponseWriter, r *http.Request, e entry, u underWay) {
	if e.strong.IsZero() || e.authTime.Before(u.Started.Add(-skew)) || d.cfg.Now().Sub(e.authTime) > stepUpAge {
		d.failAt(w, r, errWeak, u)
		return
	}
	who, err := d.sessions.Read(ctx, e.old)
	if err == nil && who.ID.UUID != *u.Session {
		err = errState
	}
	if err != nil {
		d.failAt(w, r, err, u)
		return
	}
	key, err := d.sessions.strengthen(ctx, who.ID, e)
	if err == nil && key == "" {
		err = errWeak
	}
	if err != nil {
		d.failAt(w, r, err, u)
		return
	}
	d.setCookie(w, d.sessions.Cookie(), key, 0)
	http.Redirect(w, r, u.Return, http.StatusSeeOther)
}

// one returns a parameter that is given exactly once.
func one(r *http.Request, name string) string {
	if v := r.URL.Query()[name]; len(v) == 1 && len(v[0]) <= maxToken {
		return v[0]
	}
	return ""
}

// browserCookie names the cookie that ties sign-ons to the browser that began
// them.
func (d *Door) browserCookie() string { return d.sessions.Cookie() + "-entry" }

func (d *Door) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil || len(c.Value) > maxSubject {
		return ""
	}
	return c.Value
}

// setCookie gives the browser a cookie that ends with it, or after life.
func (d *Door) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: !d.sessions.Plain, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (d *Door) dropCookie(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Path: "/", MaxAge: -1, Secure: !d.sessions.Plain, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// returnPath returns where a person wanted to go, if that is a place on this
// site, and the home page otherwise.
func returnPath(to string) string {
	const home = "/"
	u, err := url.Parse(to)
	switch {
	case err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "":
		return home
	case !strings.HasPrefix(to, "/") || len(to) > 2000:
		return home
	case strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f || r >= 0x80 && r <= 0x9f }):
		return home
	case strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, `/\`) || strings.HasPrefix(u.Path, "/auth/"):
		return home
	}
	return to
}
