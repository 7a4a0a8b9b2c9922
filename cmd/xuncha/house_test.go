package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

var restarts = flag.Int("restarts", 6, "how often TestRollingRestarts restarts; the full round is 100")

// developing is the configuration of a service on a test's database.
func developing(t *testing.T, h *tenantstest.House) config {
	t.Helper()
	pg, err := pgx.ParseConfig(h.URL)
	if err != nil {
		t.Fatal(err)
	}
	address := func(login string) string {
		u := url.URL{
			Scheme: "postgres", User: url.User(login), Path: "/" + pg.Database,
			RawQuery: url.Values{"host": {pg.Host}}.Encode(),
		}
		return u.String()
	}
	return config{
		Surfaces: surfaces, Secret: developmentSecret, LogLevel: slog.LevelError,
		Addr: "127.0.0.1:0", AddrOut: "127.0.0.1:0",
		URL: &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}, PublicURL: &url.URL{Scheme: "http", Host: "127.0.0.1:8081"},
		Logins: logins{App: address("xuncha_app"), Jobs: address("xuncha_jobs"), Public: address("xuncha_public"), Intake: address("xuncha_intake"), Owner: address("xuncha_owner")},
		OIDC:   oidcConfig{Issuer: "http://127.0.0.1:8082", Client: "xuncha", Secret: "test"},
		Files:  "file://" + t.TempDir(),
		Drain:  150 * time.Millisecond, Grace: 20 * time.Second,
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	h := &health{log: discard}
	h.check("database", func(context.Context) error {
		if broken.Load() {
			return errors.New("password authentication failed for user postgres")
		}
		return nil
	})
	handler := h.over(http.NotFoundHandler())
	look := func(path string) (int, string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	expect := func(when, path string, status int, text string) {
		t.Helper()
		if got, said := look(path); got != status || said != text {
			t.Errorf("%s: %s = %d %q, want %d %q", when, path, got, said, status, text)
		}
	}
	expect("running", "/healthz", 200, "alive\n")
	expect("running", "/readyz", 200, "ready\n")
	expect("running", "/elsewhere", 404, "404 page not found\n")
	broken.Store(true)
	expect("without its database", "/healthz", 200, "alive\n")
	expect("without its database", "/readyz", 503, "not ready: database\n") // and why is not for everybody
	broken.Store(false)
	h.stopping.Store(true)
	expect("stopping", "/healthz", 200, "alive\n")
	expect("stopping", "/readyz", 503, "stopping\n")
}

// TestStopDrains lets a request and a job that are under way finish.
func TestStopDrains(t *testing.T) {
	t.Parallel()
	db := tenantstest.New(t)
	cfg := developing(t, db)
	h, err := newHouse(t.Context(), cfg, discard, inspection.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	begun, finishRequest, finishJob := make(chan struct{}, 2), make(chan struct{}), make(chan struct{})
	h.queue = works(t, h, db, func() { begun <- struct{}{}; <-finishJob })
	ln, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		begun <- struct{}{}
		<-finishRequest
		_, _ = io.WriteString(w, "whole")
	})
	h.surfaces = append(h.surfaces, newListener(ln, h.health.over(slow), discard))
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() { stopped <- h.run(ctx) }()

	put(t, h, db)
	answer := make(chan string)
	go func() {
		resp, err := http.Get("http://" + ln.Addr().String() + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		answer <- string(b)
	}()
	<-begun
	<-begun
	stop()
	still := func(what string) {
		t.Helper()
		select {
		case err := <-stopped:
			t.Fatalf("stopped (%v) while %s was under way", err, what)
		case <-time.After(2 * cfg.Drain):
		}
	}
	still("a request")
	if _, err := net.DialTimeout("tcp", ln.Addr().String(), time.Second); err == nil {
		t.Error("a draining surface takes new connections")
	}
	close(finishRequest)
	if got := <-answer; got != "whole" {
		t.Errorf("the request under way got %q", got)
	}
	still("a job")
	close(finishJob)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	states := tenantstest.RootValue[[]string](db, `select array_agg(distinct state::text) from river.river_job`)
	if len(states) != 1 || states[0] != "completed" {
		t.Errorf("jobs are %v after the stop", states)
	}
}

// works returns a queue that does one kind of job.
func works(t *testing.T, h *house, db *tenantstest.House, do func()) *jobs.Client {
	t.Helper()
	worker, err := h.connect(t.Context(), "xuncha_jobs", h.cfg.Logins.Jobs, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	queue, err := jobs.New(worker.pool, jobs.Deps{Log: discard, Work: []jobs.Work{
		jobs.Once(db.Jobs, func(context.Context, tenants.Scope, greet) error { do(); return nil }),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return queue
}

func put(t *testing.T, h *house, db *tenantstest.House) {
	t.Helper()
	office := db.County[0][0]
	err := db.In(t.Context(), tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
		return h.queue.Put(t.Context(), tx, greet{jobs.Office{Slug: office.Slug}})
	})
	if err != nil {
		t.Error(err)
	}
}

// instance is one of the processes behind the balancer.
type instance struct {
	h     *house
	base  string
	ready atomic.Bool
	stop  context.CancelFunc
	ended chan error
}

func startInstance(t *testing.T, db *tenantstest.House, job func()) *instance {
	t.Helper()
	cfg := developing(t, db)
	cfg.Drain = 2 * time.Second // nearer to what is served with: on a busy machine the balancer, too, is slow to notice
	h, err := newHouse(t.Context(), cfg, discard, inspection.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := h.workbench(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ln, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.queue = works(t, h, db, job)
	h.surfaces = append(h.surfaces, newListener(ln, h.health.over(handler), discard))
	ctx, stop := context.WithCancel(t.Context())
	i := &instance{h: h, base: "http://" + ln.Addr().String(), stop: stop, ended: make(chan error, 1)}
	go func() { i.ended <- errors.Join(h.run(ctx), h.close()) }()
	go i.watch(ctx)
	return i
}

// watch asks for readiness every now and then, as a balancer does. Nobody tells
// it that the instance is going to stop.
func (i *instance) watch(stopped context.Context) {
	for stopped.Err() == nil || i.ready.Load() {
		resp, err := http.Get(i.base + "/readyz")
		i.ready.Store(err == nil && resp.StatusCode == http.StatusOK)
		if err == nil {
			_ = resp.Body.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestRollingRestarts restarts two instances in turn under load (TRUST R-42): no
// request fails, no job counts as failed, and each stop is quick.
func TestRollingRestarts(t *testing.T) {
	t.Parallel()
	db := tenantstest.New(t)
	office := db.County[0][0]
	keys := &signon.Keys{DB: db.DB, Clock: inspection.SystemClock}
	key, _, err := keys.Create(t.Context(), tenants.ForJob(office, "test"), signon.NewKey{Name: "负载", Role: tenants.ADM, Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	job := func() { time.Sleep(30 * time.Millisecond) }
	var behind [2]atomic.Pointer[instance]
	for n := range behind {
		behind[n].Store(startInstance(t, db, job))
	}
	l := &load{key: key, path: "/v1/offices/" + office.Slug + "/members", behind: &behind}
	var senders sync.WaitGroup
	defer senders.Wait()
	defer l.over.Store(true) // also when the test gives up
	for n := range 4 {
		senders.Go(func() { l.send(t, n) })
	}
	for n := range *restarts {
		slot := &behind[n%2]
		waitReady(t, slot.Load())
		waitReady(t, behind[(n+1)%2].Load())
		put(t, slot.Load().h, db)
		old, began := slot.Load(), time.Now()
		old.stop()
		if err := <-old.ended; err != nil {
			t.Errorf("restart %d: %v", n, err)
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("restart %d took %v", n, took)
		}
		slot.Store(startInstance(t, db, job))
	}
	l.over.Store(true)
	senders.Wait()
	for n := range behind {
		behind[n].Load().stop()
		if err := <-behind[n].Load().ended; err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d requests over %d restarts", l.sent.Load(), *restarts)
	if l.sent.Load() < int64(50**restarts) {
		t.Errorf("%d requests are no load", l.sent.Load())
	}
	failed := tenantstest.RootValue[int](db, `select count(*) from river.river_job where kind = 'greet' and cardinality(errors) > 0`)
	if failed > 0 {
		t.Errorf("%d jobs count as failed", failed)
	}
}

func waitReady(t *testing.T, i *instance) {
	t.Helper()
	for range 1000 {
		if i.ready.Load() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("an instance does not get ready")
}

// load is what clients send through a balancer that goes by readiness.
type load struct {
	key, path string
	behind    *[2]atomic.Pointer[instance]
	over      atomic.Bool
	sent      atomic.Int64
}

func (l *load) send(t *testing.T, n int) {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for turn := n; !l.over.Load(); turn++ {
		i := l.behind[turn%2].Load()
		if !i.ready.Load() {
			time.Sleep(time.Millisecond)
			continue
		}
		l.sent.Add(1)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, i.base+l.path, nil)
		if err != nil {
			t.Error(err)
			return
		}
		req.Host = "127.0.0.1:8080"
		req.Header.Set("Authorization", "Bearer "+l.key)
		if err := l.once(client, req); err != nil {
			t.Errorf("a request failed: %v", err)
			return
		}
	}
}

func (l *load) once(client *http.Client, req *http.Request) error {
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var got struct {
		Items  []json.RawMessage
		Detail string
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || len(got.Items) == 0 {
		return errors.New(resp.Status + " " + got.Detail)
	}
	return nil
}
