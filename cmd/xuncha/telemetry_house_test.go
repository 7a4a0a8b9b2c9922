package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

// TestHouseTelemetry asks the workbench and sees its routes, its statements and
// its pools arrive, and the log lines name the trace.
func TestHouseTelemetry(t *testing.T) {
	t.Parallel()
	c, db := newCollector(t), tenantstest.New(t)
	cfg := developing(t, db)
	cfg.Collector = c.URL
	var lines strings.Builder
	h, err := newHouse(t.Context(), cfg, newLogger(&lines, slog.LevelInfo), inspection.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := h.workbench(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	logged := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.log.InfoContext(r.Context(), "asked")
		handler.ServeHTTP(w, r)
	})
	srv := httptest.NewServer(h.health.over(h.tel.handler(logged)))
	defer srv.Close()
	office := db.County[0][0]
	keys := &signon.Keys{DB: db.DB, Clock: inspection.SystemClock}
	key, _, err := keys.Create(t.Context(), tenants.ForJob(office, "test"), signon.NewKey{Name: "测试", Role: tenants.ADM, Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{
		"/v1/offices/" + office.Slug + "/members": http.StatusOK,
		"/v1/nothing/" + personal:                 http.StatusNotFound,
		"/w/" + office.Slug + "/" + personal:      0, // 503 where the front end is not built
		"/healthz":                                http.StatusOK,
	} {
		if got := get(t.Context(), t, srv.URL+path, cfg.URL.Host, key); status != 0 && got != status {
			t.Errorf("%s = %d, want %d", path, got, status)
		}
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	spans := c.spans()
	for _, want := range []string{"GET /v1/offices/{office}/members", "select members"} {
		if !slices.Contains(spans, want) {
			t.Errorf("no span %q among %q", want, spans)
		}
	}
	if slices.ContainsFunc(spans, func(s string) bool { return strings.Contains(s, "healthz") }) {
		t.Errorf("the watcher's questions are recorded: %q", spans)
	}
	for _, want := range []string{"pgxpool.acquired_connections", "http.server.request.duration"} {
		if !slices.Contains(c.instruments(), want) {
			t.Errorf("no metric %q", want)
		}
	}
	checkNothingElseLeft(t, c)
	if n := strings.Count(lines.String(), `"trace_id"`); n != 3 {
		t.Errorf("%d of 3 lines name their trace:\n%s", n, lines.String())
	}
}

func get(ctx context.Context, t *testing.T, url, host, key string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
