package bench

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestP95 leaves five of a hundred out.
func TestP95(t *testing.T) {
	t.Parallel()
	var took []time.Duration
	for i := range 100 {
		took = append(took, time.Duration(100-i)*time.Millisecond)
	}
	for n, want := range map[int]time.Duration{0: 0, 1: 100 * time.Millisecond, 100: 95 * time.Millisecond} {
		if got := p95(slices.Clone(took[:n])); got != want {
			t.Errorf("of %d: %v, want %v", n, got, want)
		}
	}
}

// TestFiltered fills a small "large" ledger and measures it, ours being the rule
// without its front: both sides find the same, and there is a row for each filter.
func TestFiltered(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	root, err := pgxpool.New(t.Context(), h.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(root.Close)
	h.Root(fillOffices)
	ours := httptest.NewServer(rule(t, h))
	t.Cleanup(ours.Close)
	bare := httptest.NewServer(newBare(root))
	t.Cleanup(bare.Close)
	house := House{Bare: root, Key: func(context.Context, string, string) (string, error) { return "", nil }}
	rows, err := house.filtered(t.Context(), Options{Turns: 1}, 120, ours.URL, bare.URL)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(filters) {
		t.Errorf("%d rows, want one for each of %d filters", len(rows), len(filters))
	}
	for _, r := range rows {
		if r.Ours <= 0 || r.Bare <= 0 || !strings.Contains(r.Name, "120") {
			t.Errorf("row %+v", r)
		}
	}
}

// rule answers with the list of the ledger as its room gives it.
func rule(t *testing.T, h *tenantstest.House) http.Handler {
	t.Helper()
	db := tenants.NewDB(h.Pool, inspection.SystemClock)
	s := &rectification.Service{DB: db, Clock: inspection.SystemClock, Calendar: inspection.PublishedCalendar()}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		office, err := db.BySlug(r.Context(), "b-large")
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		q := r.URL.Query()
		p, err := s.List(r.Context(), h.As(office, tenants.OFF), rectification.Filter{
			Q: q.Get("q"), Leader: q.Get("leader"), Due: q.Get("due"), Sort: q.Get("sort"), States: statesIn(q),
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(p)
	})
}

func statesIn(q url.Values) (states []rectification.State) {
	if q.Get("state") == "" {
		return nil
	}
	for s := range strings.SplitSeq(q.Get("state"), ",") {
		states = append(states, rectification.State(s))
	}
	return states
}
