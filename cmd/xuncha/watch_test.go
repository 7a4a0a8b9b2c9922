package main

import (
	"context"
	"io"
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

// TestWatch: a job and a mail that wait longer than promised, and a job that was given
// up, raise the alarm: a metric, a line in the log each, and a line on the operator's
// first screen with who sees to it and why (TRUST ).
func TestWatch(t *testing.T) {
	t.Parallel()
	db, c := tenantstest.New(t), newCollector(t)
	office := db.County[0][0]
	cfg := developing(t, db)
	cfg.Collector = c.URL
	var lines strings.Builder
	h, err := newHouse(t.Context(), cfg, newLogger(&lines, slog.LevelError), inspection.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.jobs(t.Context()); err != nil {
		t.Fatal(err)
	}
	worker, err := h.connect(t.Context(), "test", cfg.Logins.Jobs, jobWaits)
	if err != nil {
		t.Fatal(err)
	}
	rooms, err := h.newRooms(t.Context(), worker.DB)
	if err != nil {
		t.Fatal(err)
	}
	look := h.watch(rooms)
	if err := look(t.Context()); err != nil || lines.String() != "" {
		t.Fatalf("an empty queue raises %q, %v", lines.String(), err)
	}
	db.Root(`insert into river.river_job (state, queue, kind, args, max_attempts, created_at, scheduled_at)
		values ('available', 'default', 'send_mail', jsonb_build_object('office', $1::text), 25, now() - interval '6 minutes', now())`, office.Slug)
	db.Root(`insert into river.river_job (state, queue, kind, args, max_attempts, created_at, finalized_at, errors)
		values ('discarded', 'default', 'look_for_doubt', jsonb_build_object('office', $1::text), 25, now(), now(),
			array[jsonb_build_object('at', now(), 'attempt', 25, 'error', E'panic: <b>boom</b>\nstack', 'trace', '')])`, office.Slug)
	person := db.As(office, tenants.DIR)
	db.Root(`insert into messages (tenant_id, id, kind, member_id, address, refs, made_at)
		values ($1, gen_random_uuid(), 'reminder', $2, 'unit@example.org', '{}', now() - interval '6 minutes')`, office.ID, person.Member())
	if err := look(t.Context()); err != nil {
		t.Fatal(err)
	}
	said := lines.String()
	for _, want := range []string{`"what":"send_mail"`, `"what":"邮件"`, office.Slug} {
		if !strings.Contains(said, want) {
			t.Errorf("the log says %s, want %s", said, want)
		}
	}
	if strings.Contains(said, "unit@example.org") {
		t.Error("the log carries an address")
	}

	page := operatorsPage(t, h, db, office)
	for _, want := range []string{"超时未办", "已放弃", "send_mail", "look_for_doubt", "邮件", office.Slug + " 管理员", "panic: &lt;b&gt;boom&lt;/b&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("the screen has no %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "stack") {
		t.Error("the screen shows a stack")
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"xuncha.jobs.late", "xuncha.jobs.given_up"} {
		if !slices.Contains(c.instruments(), want) {
			t.Errorf("no metric %q among %q", want, c.instruments())
		}
	}
}

// operatorsPage returns the operator's first screen.
func operatorsPage(t *testing.T, h *house, db *tenantstest.House, office tenants.Tenant) string {
	t.Helper()
	handler, err := h.ops(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(t.Context())
	defer stop()
	for _, part := range h.parts {
		if err := part(running); err != nil {
			t.Fatal(err)
		}
	}
	keys := &signon.Keys{DB: db.DB, Clock: inspection.SystemClock}
	key, _, err := keys.Create(t.Context(), tenants.ForJob(office, "test"), signon.NewKey{Name: "运维", Role: tenants.PLAT, Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.SetBasicAuth(office.Slug, key)
	handler.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("the screen = %d, %v", w.Code, err)
	}
	return string(body)
}
