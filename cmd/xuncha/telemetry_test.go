package main

import (
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	metricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	tracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"xuncha/inspection"
	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// collector is an OTLP receiver in this process.
type collector struct {
	*httptest.Server
	mu      sync.Mutex
	traces  []*tracepb.ExportTraceServiceRequest
	metrics []*metricspb.ExportMetricsServiceRequest
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(w http.ResponseWriter, r *http.Request) {
		m := &tracepb.ExportTraceServiceRequest{}
		receive(t, w, r, m)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.traces = append(c.traces, m)
	})
	mux.HandleFunc("POST /v1/metrics", func(w http.ResponseWriter, r *http.Request) {
		m := &metricspb.ExportMetricsServiceRequest{}
		receive(t, w, r, m)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.metrics = append(c.metrics, m)
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

func receive(t *testing.T, w http.ResponseWriter, r *http.Request, m proto.Message) {
	t.Helper()
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Errorf("collector: %v", err)
			return
		}
		body = unzipped
	}
	b, err := io.ReadAll(body)
	if err == nil {
		err = proto.Unmarshal(b, m)
	}
	if err != nil {
		t.Errorf("collector: %v", err)
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// spans lists the names of the spans that arrived.
func (c *collector) spans() (names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.traces {
		for _, r := range m.ResourceSpans {
			for _, s := range r.ScopeSpans {
				for _, span := range s.Spans {
					names = append(names, span.Name)
				}
			}
		}
	}
	return names
}

// instruments lists the names of the metrics that arrived.
func (c *collector) instruments() (names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.metrics {
		for _, r := range m.ResourceMetrics {
			for _, s := range r.ScopeMetrics {
				for _, metric := range s.Metrics {
					names = append(names, metric.Name)
				}
			}
		}
	}
	return names
}

// messages are all that arrived.
func (c *collector) messages() (all []proto.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.traces {
		all = append(all, m)
	}
	for _, m := range c.metrics {
		all = append(all, m)
	}
	return all
}

// attributes lists the keys of every attribute anywhere in m: of resources,
// spans, events, links, points and exemplars.
func attributes(m protoreflect.Message) (keys []string) {
	if kv, ok := m.Interface().(*commonpb.KeyValue); ok {
		keys = append(keys, kv.Key)
	}
	m.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case field.IsList() && field.Message() != nil:
			for i := range v.List().Len() {
				keys = append(keys, attributes(v.List().Get(i).Message())...)
			}
		case !field.IsList() && field.Message() != nil:
			keys = append(keys, attributes(v.Message())...)
		}
		return true
	})
	return keys
}

// allowed is written out again: the list in the code is what is tested.
var allowed = []string{
	"http.request.method", "http.request.body.size", "http.response.body.size", "http.response.status_code", "http.route",
	"network.protocol.version", "url.scheme", "error.type", "exception.type",
	"db.system.name", "db.client.connection.state", "db.client.connection.pool.name",
	"pgx.operation.type", "pgx.rows_affected", "pgx.sql_state",
	"attempt", "id", "kind", "kinds", "priority", "queue", "status", "unique_skipped_as_duplicate", "unique_skipped_as_duplicate_count",
	"service.name", "service.version", "telemetry.sdk.language", "telemetry.sdk.name", "telemetry.sdk.version",
}

var discard = slog.New(slog.DiscardHandler)

// A name, a telephone number and an address that must not leave.
const personal = "隐名氏13800000000"

type greet struct{ jobs.Office }

func (greet) Kind() string { return "greet" }

// TestTelemetry sends a request that writes, fails and queues a job, all with
// personal data in every place that instrumentation likes to record.
func TestTelemetry(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	tel, err := newTelemetry(t.Context(), c.URL)
	if err != nil {
		t.Fatal(err)
	}
	h := tenantstest.New(t)
	app, worker := watched(t, tel, h, "xuncha_app"), watched(t, tel, h, "xuncha_jobs")
	done := make(chan struct{})
	office := h.County[0][0]
	queue, err := jobs.New(worker, jobs.Deps{
		Log: discard, Middleware: tel.jobs(),
		Work: []jobs.Work{jobs.Once(h.Jobs, func(context.Context, tenants.Scope, greet) error { close(done); return nil })},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	db := tenants.NewDB(app, inspection.SystemClock)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/people/{name}", func(w http.ResponseWriter, r *http.Request) {
		err := db.In(r.Context(), tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
			return queue.Put(r.Context(), tx, greet{jobs.Office{Slug: office.Slug}})
		})
		if err != nil {
			t.Error(err)
		}
		// A failure whose message repeats what was sent.
		if _, err := app.Exec(r.Context(), `select '`+personal+`'::int from tenants`); err == nil {
			t.Error("the failing statement does not fail")
		}
		w.WriteHeader(http.StatusTeapot)
	})
	srv := httptest.NewServer(tel.handler(mux))
	defer srv.Close()
	ask(t, srv.URL+"/v1/people/"+personal+"?q="+personal)
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("the job does not run")
	}
	if err := queue.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := tel.stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkArrived(t, c)
	checkNothingElseLeft(t, c)
}

func watched(t *testing.T, tel *telemetry, h *tenantstest.House, login string) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(h.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg.ConnConfig.User = login
	tel.watch(cfg)
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := tel.measure(pool, login); err != nil {
		t.Fatal(err)
	}
	return pool
}

// ask posts like somebody who wants to be remembered.
func ask(t *testing.T, url string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(personal))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "xn--13800000000"
	req.Header.Set("User-Agent", personal)
	req.Header.Set("X-Forwarded-For", "203.0.113.7")
	req.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	req.Header.Set("Tracestate", "who=13800000000")
	req.Header.Set("Baggage", "who=13800000000")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusTeapot {
		t.Fatalf("status = %d", resp.StatusCode)
	}
}

func checkArrived(t *testing.T, c *collector) {
	t.Helper()
	spans := c.spans()
	for _, want := range []string{"POST /v1/people/{name}", "select tenants", "begin", "river.insert_many", "river.work/greet"} {
		if !slices.Contains(spans, want) {
			t.Errorf("no span %q among %q", want, spans)
		}
	}
	for _, unwanted := range []string{"pool.acquire"} {
		if slices.Contains(spans, unwanted) {
			t.Errorf("span %q doubles the bill and says nothing", unwanted)
		}
	}
	instruments := c.instruments()
	for _, want := range []string{"http.server.request.duration", "db.client.operation.duration", "pgxpool.acquired_connections", "river.work_count"} {
		if !slices.Contains(instruments, want) {
			t.Errorf("no metric %q among %q", want, instruments)
		}
	}
}

func checkNothingElseLeft(t *testing.T, c *collector) {
	t.Helper()
	for _, m := range c.messages() {
		for _, key := range attributes(m.ProtoReflect()) {
			if !slices.Contains(allowed, key) {
				t.Errorf("attribute %q left the process", key)
			}
		}
		text, err := protojson.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{personal, "13800000000", "203.0.113.7", "tracestate", "traceState", "127.0.0.1", "xuncha-test"} {
			if strings.Contains(string(text), secret) {
				t.Errorf("%q left the process in %s", secret, text)
			}
		}
	}
}

// TestNoCollector makes sure that without a collector nothing is recorded.
func TestNoCollector(t *testing.T) {
	t.Parallel()
	tel, err := newTelemetry(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := pgxpool.ParseConfig("postgres://nobody@127.0.0.1/nothing")
	if err != nil {
		t.Fatal(err)
	}
	tel.watch(cfg)
	if cfg.ConnConfig.Tracer != nil || len(tel.jobs()) != 0 {
		t.Error("something is recorded for nobody")
	}
	mux := http.NewServeMux()
	if tel.handler(mux) != http.Handler(mux) {
		t.Error("requests are recorded for nobody")
	}
	if err := tel.stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"select a, 'secret' from findings where b = $1":      "select findings",
		"\n\t\tinsert into river.river_job (a) values ($1)":  "insert river.river_job",
		"update grants set a = 1 where id = @id":             "update grants",
		"delete from sessions where token = $1":              "delete sessions",
		"with x as (select 1 from findings) select * from x": "with findings",
		"begin": "begin",
		"select set_config('app.tenant', $1, true)":               "select",
		"/* 13800000000 */ explain analyze select 1 from persons": "statement",
	}
	for sql, want := range tests {
		if got := summary(sql); got != want {
			t.Errorf("summary(%q) = %q, want %q", sql, got, want)
		}
	}
}
