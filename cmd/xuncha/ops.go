package main

import (
	"context"
	"log/slog"
	"net/http"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/signon"
)

// ops returns the operator's job screens. They are for the platform's operator
// alone, who has no session: the role PLAT is not given to people, only to keys
// that whoever runs the service makes at its command line.
func (h *house) ops(ctx context.Context) (http.Handler, error) {
	app, err := h.connect(ctx, "xuncha_app, job screens", h.cfg.Logins.App, personWaits)
	if err != nil {
		return nil, err
	}
	queue := h.queue
	if queue == nil {
		worker, err := h.connect(ctx, "xuncha_jobs, job screens", h.cfg.Logins.Jobs, personWaits)
		if err != nil {
			return nil, err
		}
		if queue, err = jobs.New(worker.pool, jobs.Deps{Log: h.log}); err != nil {
			return nil, err
		}
	}
	screens, err := queue.Screens(h.log)
	if err != nil {
		return nil, err
	}
	h.parts = append(h.parts, screens.Start)
	outbox := &rectification.Outbox{DB: app.DB, Clock: h.clock}
	first := watching(h.log, func(ctx context.Context) ([]jobs.Matter, error) { return matters(ctx, queue, app.DB, outbox) }, screens)
	return operators(&signon.Sessions{DB: app.DB, Pool: app.pool, Clock: h.clock}, h.log, first), nil
}

// operators lets nobody through to next but holders of a key of role PLAT, who
// show it as a password; the user's name is the office that the key is of.
// Browsers send a password by themselves, so other sites are kept from using it.
func operators(sessions *signon.Sessions, log *slog.Logger, next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "same-origin")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "+
			"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		office, key, shown := r.BasicAuth()
		scope, err := operator(r.Context(), sessions, office, key)
		if err != nil {
			if shown {
				log.WarnContext(r.Context(), "operator refused", slog.Any("error", err))
			}
			w.Header().Set("WWW-Authenticate", `Basic realm="xuncha jobs", charset="UTF-8"`)
			answer(w, http.StatusUnauthorized, "User: an office's name in addresses. Password: its token of role PLAT.\n")
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			if err := journalAct(r, sessions.DB, scope); err != nil {
				log.ErrorContext(r.Context(), "operator's act not in the journal, and refused", slog.Any("error", err))
				answer(w, http.StatusServiceUnavailable, "The journal cannot be written; nothing was done.\n")
				return
			}
		}
		next.ServeHTTP(w, r)
	}))
}

// journalAct writes what the operator is about to do into the journal of the office
// that the key is of. The queue changes its jobs in transactions of its own, so the
// entry comes first: an act that then fails has one, too.
func journalAct(r *http.Request, db *tenants.DB, scope tenants.Scope) error {
	return db.In(r.Context(), scope, func(tx *tenants.Tx) error {
		tx.Journal(tenants.Entry{
			Action: "jobs.act", Object: "jobs",
			Detail: tenants.Detail{Title: "操作后台任务", Text: r.Method + " " + r.URL.EscapedPath()},
		})
		return nil
	})
}

func operator(ctx context.Context, sessions *signon.Sessions, office, key string) (tenants.Scope, error) {
	if key == "" {
		return tenants.Scope{}, inspection.Errorf(inspection.Unsigned, "sign-in-required", "请先登录。")
	}
	scope, _, err := sessions.Scope(ctx, signon.Credential{Token: key}, office, "")
	if err != nil {
		return tenants.Scope{}, err
	}
	return scope, scope.Role().Allow(tenants.PLAT)
}
