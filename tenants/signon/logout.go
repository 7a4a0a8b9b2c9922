package signon

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// sameOrigin refuses requests that another site's page makes.
func sameOrigin(next http.Handler) http.Handler { return http.NewCrossOriginProtection().Handler(next) }

// signOut ends the session here and sends the browser on to end the portal's.
// What the browser kept of the person goes too, because the next one may sit down
// there: the workbench forgets the person's own drafts before it comes here, and
// this clears the cache. Storage as a whole is not cleared: what another person
// wrote there waits for that one. The way on is a page and no redirect, because a page's rule on where its forms may
// lead would stop a redirect to the portal.
func (d *Door) signOut(w http.ResponseWriter, r *http.Request) {
	list, err := d.sessions.running(r.Context(), which{token: digest(d.cookie(r, d.sessions.Cookie()))})
	if err == nil && len(list) > 0 {
		err = d.sessions.end(r.Context(), list, bySignOut, nil)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.dropCookie(w, d.sessions.Cookie())
	d.dropCookie(w, d.browserCookie())
	w.Header().Set("Clear-Site-Data", `"cache"`)
	sid := ""
	if len(list) > 0 {
		sid = list[0].sid
	}
	to := d.farewell(r.Context(), sid)
	w.Header().Set("Refresh", "0; url="+to)
	d.show(w, r, http.StatusOK, leaving(to))
}

// farewell is where the person ends the portal's own session. It names the
// session and not the ID token, which was not kept and has no business in a
// browser's history. Without a portal there is only our own page.
func (d *Door) farewell(ctx context.Context, sid string) string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	k, err := d.portal.get(ctx)
	if err != nil || k.end == "" {
		return "/auth/signed-out"
	}
	u, err := url.Parse(k.end)
	if err != nil {
		return "/auth/signed-out"
	}
	q := u.Query()
	q.Set("client_id", d.cfg.ClientID)
	q.Set("post_logout_redirect_uri", d.cfg.BaseURL+"/auth/signed-out")
	if sid != "" {
		q.Set("logout_hint", sid)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (d *Door) signedOut(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, http.StatusOK, pageSignedOut)
}

// pending tells somebody who may not do anything yet why that is. Once an office
// has let them in, it leads on.
func (d *Door) pending(w http.ResponseWriter, r *http.Request) {
	who, err := d.sessions.Read(r.Context(), d.cookie(r, d.sessions.Cookie()))
	if inspection.KindOf(err) == inspection.Unsigned {
		http.Redirect(w, r, "/auth/sign-in", http.StatusSeeOther)
		return
	}
	var identities []Identity
	if err == nil {
		identities, err = d.sessions.Identities(r.Context(), who)
	}
	switch {
	case err != nil:
		d.fail(w, r, err)
	case len(identities) == 0:
		d.show(w, r, http.StatusForbidden, pageEnded)
	case identities[0].State == entered:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	case identities[0].State == heldBack:
		d.show(w, r, http.StatusForbidden, held(who.Name, identities[0].Office))
	default:
		d.show(w, r, http.StatusForbidden, registered(who.Name, identities[0].Office))
	}
}

// backchannelLogout obeys the portal when it tells that a session ended. A
// session that we do not know is no error: it is gone, as the portal wishes.
func (d *Door) backchannelLogout(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	err := d.obey(ctx, r.PostFormValue("logout_token"))
	switch {
	case err == nil:
		w.WriteHeader(http.StatusOK)
		return
	case errors.Is(err, errDown), inspection.KindOf(err) == inspection.Unavailable:
		w.Header().Set("Retry-After", "5")
		answer(w, http.StatusServiceUnavailable, `{"error":"temporarily_unavailable"}`)
	default:
		answer(w, http.StatusBadRequest, `{"error":"invalid_request"}`)
	}
	d.cfg.Log.WarnContext(r.Context(), "logout token refused", slog.String("reason", reason(err)))
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // the portal hung up: nobody to tell
}

var errObeyed = errors.New("the logout token was obeyed before")

func (d *Door) obey(ctx context.Context, raw string) error {
	t, err := d.portal.logoutToken(ctx, raw)
	if err != nil {
		return err
	}
	w := which{iss: &t.Issuer}
	if t.Subject != "" {
		w.sub = &t.Subject
	}
	if t.SessionID != "" {
		w.sid = &t.SessionID
	}
	list, err := d.sessions.running(ctx, w)
	if err != nil {
		return err
	}
	until := d.sessions.Clock().Add(logoutAge + 2*skew)
	if len(list) == 0 {
		return noteLogout(ctx, d.sessions.Pool, t.Issuer, t.TokenID, until)
	}
	return d.sessions.end(ctx, list, byPortal, func(tx *tenants.Tx) error {
		return noteLogout(ctx, tx, t.Issuer, t.TokenID, until)
	})
}

// querier is a pool, before any scope, or a transaction.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// noteLogout makes sure that a logout token is obeyed once.
func noteLogout(ctx context.Context, q querier, iss, jti string, until time.Time) error {
	var fresh bool
	err := q.QueryRow(ctx, `select sec.logout_token_new(@iss, @jti, @until)`,
		pgx.StrictNamedArgs{"iss": iss, "jti": jti, "until": until}).Scan(&fresh)
	if err != nil {
		return unavailable("note logout token", err)
	}
	if !fresh {
		return errObeyed
	}
	return nil
}
