package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// health tells whoever watches the process how it is: alive means do not restart
// it, ready means send it requests.
type health struct {
	log      *slog.Logger
	checks   map[string]func(context.Context) error
	stopping atomic.Bool
}

// check adds something without which the process is not ready.
func (h *health) check(name string, f func(context.Context) error) {
	if h.checks == nil {
		h.checks = map[string]func(context.Context) error{}
	}
	h.checks[name] = f
}

// over returns a handler that answers /healthz and /readyz itself and leaves the
// rest to next.
func (h *health) over(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/healthz":
			answer(w, http.StatusOK, "alive\n")
		case "/readyz":
			h.ready(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// ready answers 503 while the process stops or lacks something. What it lacks is
// for the log, not for whoever asks.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	if h.stopping.Load() {
		answer(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	for name, check := range h.checks {
		if err := check(ctx); err != nil {
			h.log.WarnContext(ctx, "not ready", slog.String("check", name), slog.Any("error", err))
			answer(w, http.StatusServiceUnavailable, "not ready: "+name+"\n")
			return
		}
	}
	answer(w, http.StatusOK, "ready\n")
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the watcher went away: nobody to tell
}
