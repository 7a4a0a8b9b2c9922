package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"xuncha/api"
	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

type echoServer struct {
	*tenantstest.House
	url    string
	calls  atomic.Int32
	log    lines
	office string
}

// lines is a log that several write to.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newEcho(t *testing.T, settings ...func(*api.Services)) *echoServer {
	t.Helper()
	e := &echoServer{House: tenantstest.New(t)}
	scope, other := e.As(e.County[0][0], tenants.OFF), e.As(e.County[0][0], tenants.OFF)
	e.office = scope.Office().Slug
	s := &api.Services{
		DB: e.DB, Log: slog.New(slog.NewTextHandler(&e.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Clock: inspection.ClockAt(tenantstest.Now), Cookie: "xuncha",
		Verify: func(_ context.Context, c api.Credentials) (tenants.Scope, error) {
			switch {
			case c.Token == "other":
				return other, nil
			case c.Token != "good" && c.Session != "good":
				return tenants.Scope{}, tenants.ErrNoScope
			}
			return scope, nil
		},
		Me:        func(context.Context, string) (api.Me, error) { return api.Me{}, tenants.ErrNoScope },
		CursorKey: []byte("of the test"),
	}
	for _, set := range settings {
		set(s)
	}
	server := httptest.NewUnstartedServer(api.EchoRooms(func() { e.calls.Add(1) })(s))
	server.Config.ErrorLog = slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn)
	server.Start()
	t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

func (e *echoServer) send(t *testing.T, method, path, body string, headers ...string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, e.url+strings.Replace(path, "{office}", e.office, 1), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer good")
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b), resp.Header
}

// TestBadBodies sends what TRUST §5 lists for JSON bodies: refused with the right
// problem, nothing done, nothing echoed.
func TestBadBodies(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	long := strings.Repeat("密", 21)
	tests := []struct {
		id, body string
		status   int
		slug     string
		headers  []string
	}{
		{"BI-001", `{"title":"ok","TITLE":"` + long + `"}`, 422, "unknown-field", nil},
		{"BI-002", `{"title":"ok","n":1,"N":-5}`, 422, "unknown-field", nil},
		{"BI-003", `{"Title":"x"}`, 422, "validation", nil},
		{"BI-004 long s", `{"title":"x","tit\u017fle":"y"}`, 422, "unknown-field", nil},
		{"BI-005", `{"title":"a","title":"b"}`, 400, "duplicate-key", nil},
		{"BI-005 escaped", `{"title":"a","t\u0069tle":"b"}`, 400, "duplicate-key", nil},
		{"BI-007", "{\"title\":\"\xff\xfe\"}", 400, "invalid-utf8", nil},
		{"BI-008 overlong", "{\"title\":\"\xc0\xaf\"}", 400, "invalid-utf8", nil},
		{"BI-008 CESU-8", "{\"title\":\"\xed\xa0\xbd\xed\xb8\x80\"}", 400, "invalid-utf8", nil},
		{"BI-009", "{\"title\":\"\xd1\xb2\"}", 415, "unsupported-charset", []string{"Content-Type", "application/json; charset=gbk"}},
		{"BI-010", "{\"title\":\"\xc4\xe3\xba\xc3\"}", 400, "invalid-utf8", nil},
		{"BI-013", `{"title":"\ud800"}`, 400, "lone-surrogate", nil},
		{"BI-013 reversed", `{"title":"\ude00\ud83d"}`, 400, "lone-surrogate", nil},
		{"BI-015", `{"title":"\u0000"}`, 422, "control-character", nil},
		{"BI-016", `{"title":"a\u0007"}`, 422, "control-character", nil},
		{"BI-016 C1", `{"title":"a\u0085"}`, 422, "control-character", nil},
		{"BI-017", `{"title":"a"}{"title":"b"}`, 400, "invalid-json", nil},
		{"BI-019", `{"title":null}`, 422, "validation", nil},
		{"BI-020", `{"title":7}`, 422, "validation", nil},
		{"BI-020 bool", `{"title":"a","n":"1"}`, 422, "validation", nil},
		{"BI-021 1e400", `{"title":"a","n":1e400}`, 422, "number-range", nil},
		{"BI-021 huge", `{"title":"a","n":99999999999999999999}`, 422, "validation", nil},
		{"BI-021 NaN", `{"title":"a","n":NaN}`, 400, "invalid-json", nil},
		{"BI-022", `{"title":"a","n":1.5}`, 422, "validation", nil},
		{"BI-022 1e2", `{"title":"a","n":1e0}`, 422, "validation", nil},
		{"BI-026", `{"title":"a","ids":[1` + strings.Repeat(",1", 100_000) + `]}`, 422, "validation", nil},
		{"BI-029", `{"title":"a","kind":"丙"}`, 422, "validation", nil},
		{"BI-032", `[{"op":"test","path":"/title","value":"a"}]`, 415, "unsupported-media-type", []string{"Content-Type", "application/json-patch+json"}},
		{"BI-025", `{"title":"` + strings.Repeat("a", 1<<20) + `"}`, 413, "too-large", nil},
		{"BI-027", `{"title":"` + long + `"}`, 422, "validation", nil},
		{"BI-033", `{"title":"a"}`, 415, "unsupported-encoding", []string{"Content-Encoding", "gzip"}},
		{"BI-037", `{"title":"a"}`, 415, "unsupported-media-type", []string{"Content-Type", ""}},
		{"BI-037 spelt as a workbook", `{"title":"a","title":"b"}`, 415, "unsupported-media-type", []string{"Content-Type", "application/vnd.openxmlformats-officedocument.x+json"}},
		{"BI-037 a workbook", `{"title":"a"}`, 415, "unsupported-media-type", []string{"Content-Type", xlsx}},
		{"BI-037 a workbook and more", `{"title":"a"}`, 415, "unsupported-media-type", []string{"Content-Type", xlsx + "; x=+json"}},
		{"BI-037 a file", `{"title":"a"}`, 415, "unsupported-media-type", []string{"Content-Type", "application/octet-stream"}},
		{"BI-038", `{"title":"a"}`, 406, "not-acceptable", []string{"Accept", "application/xml"}},
		{"BI-173", `{“title”：“a”}`, 400, "invalid-json", nil},
		{"BI-181", `{"title":"a","when":"2026-02-20T00:00:00"}`, 422, "validation", nil},
		{"deep", `{"title":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, 400, "too-deep", nil},
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			before := e.calls.Load()
			status, answer, header := e.send(t, "POST", "/v1/offices/{office}/echo", tt.body, tt.headers...)
			if status != tt.status || !strings.Contains(answer, `"type":"/problems/`+tt.slug+`"`) {
				t.Errorf("answer = %d %s, want %d %s", status, answer, tt.status, tt.slug)
			}
			if got := header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("content type = %q", got)
			}
			if strings.Contains(answer, long) || strings.Contains(answer, "strconv") || strings.Contains(answer, "json:") {
				t.Errorf("the answer repeats the value or speaks Go: %s", answer)
			}
			if e.calls.Load() != before {
				t.Error("the operation ran")
			}
		})
	}
}

// TestGoodBodies are the controls: what looks unusual and must arrive unchanged.
func TestGoodBodies(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	for id, body := range map[string]string{
		"BI-011 BOM":         "\ufeff{\"title\":\"ok\"}",
		"BI-014 pair":        `{"title":"\ud83d\ude00"}`,
		"BI-014 rare":        `{"title":"𠮷𬎆"}`,
		"BI-016 line ends":   `{"title":"a\r\n\tb"}`,
		"twenty, in Chinese": `{"title":"` + strings.Repeat("密", 20) + `"}`,
		"escaped backslash":  `{"title":"\\ud800"}`,
	} {
		status, answer, _ := e.send(t, "POST", "/v1/offices/{office}/echo", body)
		if status != 200 || strings.Contains(answer, "\ufffd") {
			t.Errorf("%s = %d %s", id, status, answer)
		}
	}
}

// TestFront sends what TRUST §5 lists for HTTP and queries.
func TestFront(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	tests := []struct {
		id, method, path string
		status           int
		slug             string
		headers          []string
	}{
		{"BI-034", "DELETE", "/v1/offices/{office}/echo", 405, "method-not-allowed", nil},
		{"BI-035", "GET", "/v1/nothing", 404, "not-found", nil},
		{"BI-035 root", "GET", "/", 404, "not-found", nil},
		{"BI-045 dots", "GET", "/v1/%2e%2e/secret", 404, "not-found", nil},
		{"BI-045 slashes", "GET", "/v1//offices", 404, "not-found", nil},
		{"BI-045 nul", "GET", "/v1/offices/%00/fail", 404, "not-found", nil},
		{"BI-041 200 headers", "GET", "/v1/offices/{office}/fail", 431, "too-many-headers", many(200)},
		{"BI-045 semicolon", "GET", "/v1/offices/{office};x=1/fail", 404, "not-found", nil},
		{"BI-045 slash in an id", "GET", "/v1/offices/a%2fb/fail", 404, "not-found", nil},
		{"BI-046 braces", "GET", "/v1/offices/{{office}}/fail", 404, "not-found", nil},
		{"BI-046 SQL", "GET", "/v1/offices/a'%20or%201=1--/fail", 404, "not-found", nil},
		{"BI-049", "GET", "/v1/offices/{office}/count?_method=DELETE", 422, "unknown-parameter", nil},
		{"BI-047 OPTIONS", "OPTIONS", "/v1/offices/{office}/fail", 405, "method-not-allowed", nil},
		{"BI-095", "GET", "/v1/offices/{office}/count?q=" + strings.Repeat("a", 9000), 422, "too-complex", nil},
		{"BI-047", "TRACE", "/v1/offices/{office}/fail", 405, "method-not-allowed", nil},
		{"BI-080", "GET", "/v1/offices/{office}/fail?limti=5", 422, "unknown-parameter", nil},
		{"BI-081", "GET", "/v1/offices/{office}/fail?limit=5&limit=9", 422, "repeated-parameter", nil},
		{"BI-082 0", "GET", "/v1/offices/{office}/fail?limit=0", 422, "validation", nil},
		{"BI-082 101", "GET", "/v1/offices/{office}/fail?limit=101", 422, "validation", nil},
		{"BI-082 abc", "GET", "/v1/offices/{office}/fail?limit=abc", 422, "validation", nil},
		{"BI-082 full width", "GET", "/v1/offices/{office}/fail?limit=%EF%BC%95", 422, "validation", nil},
		{"BI-086", "GET", "/v1/offices/{office}/fail?how=%zz", 400, "invalid-utf8", nil},
		{"BI-086 bytes", "GET", "/v1/offices/{office}/fail?how=%ff", 400, "invalid-utf8", nil},
		{"BI-053", "GET", "/v1/offices/{office}/fail", 401, "sign-in", []string{"Authorization", "Bearer bad"}},
		{"bad office", "GET", "/v1/offices/UPPER/fail", 404, "not-found", nil},
		{"unforeseen", "GET", "/v1/offices/{office}/fail", 500, "internal", nil},
		{"BI-050", "GET", "/v1/offices/{office}/fail?how=panic", 500, "internal", nil},
		{"CSRF", "POST", "/v1/offices/{office}/echo", 403, "cross-origin", []string{"Sec-Fetch-Site", "cross-site"}},
		{"CSRF origin", "POST", "/v1/offices/{office}/echo", 403, "cross-origin", []string{"Origin", "https://evil.example"}},
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			status, answer, header := e.send(t, tt.method, tt.path, "", tt.headers...)
			if status != tt.status || !strings.Contains(answer, `"type":"/problems/`+tt.slug+`"`) {
				t.Errorf("answer = %d %s, want %d %s", status, answer, tt.status, tt.slug)
			}
			if strings.Contains(answer, "canary") {
				t.Errorf("the answer tells what went wrong inside: %s", answer)
			}
			if header.Get("Cache-Control") != "no-store" || header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers = %v", header)
			}
			if tt.status == 405 && header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
		})
	}
	if log := e.log.String(); !strings.Contains(log, "canary-error") || !strings.Contains(log, "canary-panic") {
		t.Errorf("the log lacks what went wrong: %s", log)
	}
}

// many makes n headers of different names.
func many(n int) (headers []string) {
	for i := range n {
		headers = append(headers, "X-H"+strconv.Itoa(i), "x")
	}
	return headers
}

// TestRepeatedRequest sends one named request several times, and others under
// the same name.
func TestRepeatedRequest(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	post := func(body, key string) (int, string, http.Header) {
		return e.send(t, "POST", "/v1/offices/{office}/echo", body, "Idempotency-Key", key)
	}
	_, first, header := post(`{"title":"a"}`, "k1")
	for range 3 {
		status, again, h := post(`{"title":"a"}`, "k1")
		if status != 200 || again != first || h.Get("ETag") != header.Get("ETag") {
			t.Errorf("repeated = %d %s, want %s", status, again, first)
		}
	}
	if n := e.calls.Load(); n != 1 {
		t.Errorf("the operation ran %d times, want 1", n)
	}
	if status, answer, _ := post(`{"title":"b"}`, "k1"); status != 422 || !strings.Contains(answer, "idempotency-mismatch") {
		t.Errorf("another body under the same key = %d %s", status, answer)
	}
	if status, _, _ := post(`{"title":"a"}`, "k2"); status != 200 || e.calls.Load() != 2 {
		t.Errorf("another key = %d, ran %d times", status, e.calls.Load())
	}
	if status, _, _ := post(`{"title":"a"}`, strings.Repeat("k", 201)); status != 422 {
		t.Errorf("a key too long = %d, want 422", status)
	}
}

// TestCursors: a cursor goes on where the page before ended, and is good for
// nobody else, no other filter, and not after an edit (BI-089).
func TestCursors(t *testing.T) {
	t.Parallel()
	e := newEcho(t)
	next := func(query string, headers ...string) (int, string, string) {
		status, answer, _ := e.send(t, "GET", "/v1/offices/{office}/count?"+query, "", headers...)
		var p inspection.Page[int]
		_ = json.Unmarshal([]byte(answer), &p) // a problem has no page
		return status, p.Next, answer
	}
	_, one, _ := next("q=a&limit=2")
	status, two, answer := next("q=a&limit=3&cursor=" + one)
	if status != 200 || !strings.Contains(answer, `"items":[1]`) || two == "" || two == one {
		t.Fatalf("second page = %d %s", status, answer)
	}
	edited := "A" + one[1:]
	if edited == one {
		edited = "B" + one[1:]
	}
	for name, try := range map[string]func() (int, string, string){
		"edited":         func() (int, string, string) { return next("q=a&cursor=" + edited) },
		"cut":            func() (int, string, string) { return next("q=a&cursor=" + one[:8]) },
		"another filter": func() (int, string, string) { return next("q=b&cursor=" + one) },
		"another person": func() (int, string, string) { return next("q=a&cursor="+one, "Authorization", "Bearer other") },
		"not a cursor":   func() (int, string, string) { return next("q=a&cursor=7") },
	} {
		if status, _, answer := try(); status != 400 || !strings.Contains(answer, "bad-cursor") {
			t.Errorf("%s = %d %s, want 400 bad-cursor", name, status, answer)
		}
	}
}
