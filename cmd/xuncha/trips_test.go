package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob/memblob"

	"xuncha/api"
	"xuncha/deploy/demo"
	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// mostTrips is how often a screen's question may go to the database, and mostTodo
// how often the to-do list's, which asks every room.
const (
	mostTrips = 8
	mostTodo  = 30
)

// TestTrips asks everything that can be read, of the demo's county, and counts the
// round trips to the database: they are few, and as many for a page of one row as
// for one of a hundred.
func TestTrips(t *testing.T) {
	t.Parallel()
	db := tenantstest.NewEmpty(t)
	err := demo.Load(t.Context(), demo.World{Owner: db.Login("xuncha_owner"), App: db.Pool, Jobs: db.Login("xuncha_jobs"), Issuer: "https://portal.invalid"})
	if err != nil {
		t.Fatal(err)
	}
	office, err := db.BySlug(t.Context(), "qingyu")
	if err != nil {
		t.Fatal(err)
	}
	a := &asker{t: t, base: "/v1/offices/" + office.Slug}
	a.serve(db, db.As(office, tenants.DIR))
	n := 0
	for path, item := range api.New(http.NewServeMux(), &api.Services{}).OpenAPI().Paths {
		below, ok := strings.CutPrefix(path, "/v1/offices/{office}/")
		if item.Get == nil || !ok {
			continue
		}
		if strings.Contains(below, "{") {
			if below, ok = a.named(below); !ok {
				continue
			}
		}
		n += a.compare(below, paged(item.Get))
	}
	if n < 25 {
		t.Errorf("%d questions were answered, want most of them", n)
	}
}

// TestCockpitTrips counts the round trips of the cockpit's two questions: as many for a
// province over cities as for one city, and for a look at a city or county below.
func TestCockpitTrips(t *testing.T) {
	t.Parallel()
	db := tenantstest.New(t)
	want := map[string]int64{"overview": 6, "overview/trend": 4}
	for _, as := range []struct {
		office tenants.Tenant
		role   tenants.Role
		below  string
	}{
		{db.Province, tenants.PROV, ""},
		{db.City[0], tenants.CITY, ""},
		{db.Province, tenants.PROV, "?below=" + db.City[1].Slug},
		{db.City[0], tenants.CITY, "?below=" + db.County[0][1].Slug},
	} {
		a := &asker{t: t, base: "/v1/offices/" + as.office.Slug}
		a.serve(db, db.As(as.office, as.role))
		for path, most := range want {
			if as.below != "" {
				most += 2 // finds the office below, to reach it and to name it
			}
			if w, n := a.ask(path + as.below); w.Code != http.StatusOK || n != most {
				t.Errorf("%s%s of %s: %d in %d trips, want %d", path, as.below, as.office.Slug, w.Code, n, most)
			}
		}
	}
}

// asker asks the operations as one person and counts.
type asker struct {
	t       *testing.T
	base    string
	handler http.Handler
	trips   trips
}

func (a *asker) serve(db *tenantstest.House, scope tenants.Scope) {
	cfg := db.Pool.Config().Copy()
	cfg.ConnConfig.Tracer = &a.trips
	pool, err := pgxpool.NewWithConfig(a.t.Context(), cfg)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(pool.Close)
	traced := tenants.NewDB(pool, inspection.ClockAt(tenantstest.Now))
	bucket := memblob.OpenBucket(nil)
	a.t.Cleanup(func() { _ = bucket.Close() })
	clock := inspection.ClockAt(tenantstest.Now)
	r := newRooms(traced, clock, inspection.PublishedCalendar(), files.NewStore(bucket))
	a.handler = api.Handler(&api.Services{
		DB: traced, Log: discard, Clock: clock, Cookie: "xuncha", CursorKey: []byte("of the tests"), Rooms: r.operations(),
		Verify: func(context.Context, api.Credentials) (tenants.Scope, error) { return scope, nil },
		Me:     func(context.Context, string) (api.Me, error) { return api.Me{}, tenants.ErrNoScope },
	})
}

// ask returns the answer and how many trips it took.
func (a *asker) ask(path string) (*httptest.ResponseRecorder, int64) {
	w, before := httptest.NewRecorder(), a.trips.Load()
	a.handler.ServeHTTP(w, httptest.NewRequestWithContext(a.t.Context(), http.MethodGet, a.base+"/"+path, nil))
	return w, a.trips.Load() - before
}

// named fills in the first row of the list that a path belongs to.
func (a *asker) named(path string) (string, bool) {
	list, rest, _ := strings.Cut(path, "/{")
	_, rest, _ = strings.Cut(rest, "}")
	w, _ := a.ask(list)
	var page struct{ Items []struct{ ID string } }
	if json.Unmarshal(w.Body.Bytes(), &page) != nil || len(page.Items) == 0 || strings.Contains(rest, "{") {
		return "", false
	}
	return list + "/" + page.Items[0].ID + rest, page.Items[0].ID != ""
}

// compare asks for one row and for a hundred, or for everything, and returns 1 if
// it was answered.
func (a *asker) compare(path string, pages bool) int {
	one, all := path, path
	if pages {
		one, all = path+"?limit=1", path+"?limit=100"
	}
	w, few := a.ask(one)
	if w.Code != http.StatusOK {
		return 0
	}
	_, many := a.ask(all)
	a.t.Logf("%2d trips for one row, %2d for all: %s", few, many, path)
	most := int64(mostTrips)
	if path == "todo" {
		most = mostTodo
	}
	if few != many || many > most {
		a.t.Errorf("%s: %d trips for one row, %d for all; want as many, and at most %d", path, few, many, most)
	}
	return 1
}

func paged(op *huma.Operation) bool {
	for _, p := range op.Parameters {
		if p.Name == "limit" {
			return true
		}
	}
	return false
}

// trips counts round trips: statements that are sent alone, and batches.
type trips struct{ atomic.Int64 }

func (n *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	n.Add(1)
	return ctx
}
func (n *trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (n *trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	n.Add(1)
	return ctx
}
func (n *trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (n *trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}
