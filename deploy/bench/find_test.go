package bench

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants/tenantstest"
	"xuncha/web/public"
)

// TestFinding searches a few notices, each kind of word.
func TestFinding(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	root, err := pgxpool.New(t.Context(), h.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(root.Close)
	h.Root(fillOffices)
	rows, err := House{Bare: root, Site: func(context.Context) (http.Handler, error) {
		return &public.Site{
			Reader: disclosure.Reader{DB: h.Public}, Clock: inspection.SystemClock, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Base: &url.URL{Scheme: "https"},
		}, nil
	}}.finding(t.Context(), 60)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 5 || rows[0].Ours <= 0 {
		t.Errorf("rows %+v", rows)
	}
}
