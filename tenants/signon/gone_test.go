package signon_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"xuncha/tenants/signon"
)

// TestBrowserLeaves: a browser that does not wait for the sign-on alarms nobody; a
// database that does not answer in time does.
func TestBrowserLeaves(t *testing.T) {
	t.Parallel()
	var lines bytes.Buffer
	r := newRigAt(t, "http://127.0.0.1:9/none", func(c *signon.Config) {
		c.Log = slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	ask := func(ctx context.Context) int {
		w := httptest.NewRecorder()
		req := httptest.NewRequest(http.MethodGet, "/auth/pending", nil).WithContext(ctx)
		req.AddCookie(&http.Cookie{Name: r.sessions.Cookie(), Value: "xs_ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
		r.server.Config.Handler.ServeHTTP(w, req)
		return w.Code
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if got := ask(left); got != 499 || strings.Contains(lines.String(), "level=WARN") || strings.Contains(lines.String(), "level=ERROR") {
		t.Errorf("a browser that left = %d, log %s", got, lines.String())
	}
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if got := ask(late); got < 500 || !strings.Contains(lines.String(), "level=WARN") {
		t.Errorf("too late = %d, log %s", got, lines.String())
	}
}
