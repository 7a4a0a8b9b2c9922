package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/tenants"
)

const (
	readTimeout = 20 * time.Second // for a JSON body
	maxQuery    = 8 << 10          // bytes
	maxHeaders  = 100              // names
)

// request is what the front learned of a request before any operation.
type request struct {
	id      string
	session string // of the cookie
	token   string // of a machine
	digest  []byte // of method, path and body
	list    string // path and filters, without cursor and limit
}

type requestKey struct{}

func requestOf(ctx context.Context) request {
	r, _ := ctx.Value(requestKey{}).(request)
	return r
}

func requestID(ctx context.Context) string { return requestOf(ctx).id }

// front stands before all operations: it answers everything that huma and
// net/http would answer with plain text, or not at all, and reads bodies
// strictly. Streams (uploads) pass; their operations limit them.
func (s *Services) front(mux *http.ServeMux, doc *huma.OpenAPI) http.Handler {
	taken := streamed(doc)
	guarded := http.NewCrossOriginProtection()
	guarded.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		write(w, r, newProblem(http.StatusForbidden, "cross-origin", "请从本系统的页面提交。"))
	}))
	inner := guarded.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, p := s.read(w, r, mux, taken)
		if p != nil {
			write(w, r, p)
			return
		}
		known := requestOf(r.Context())
		known.digest, known.list = fingerprint(r, body), filters(r)
		inside := r.WithContext(context.WithValue(r.Context(), requestKey{}, known))
		mux.ServeHTTP(w, inside)
		r.Pattern = inside.Pattern // for whoever measures us from outside
	}))
	limit := newLimiter(s.Rate)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		headers(w.Header())
		inside := r.WithContext(s.met(r))
		from, ok := limit.allow(inside, time.Now())
		if !ok {
			write(w, inside, tooMany())
			return
		}
		inside = inside.WithContext(context.WithValue(inside.Context(), senderKey{}, from))
		answer := &reply{ResponseWriter: w}
		defer s.recovered(answer, inside)
		inner.ServeHTTP(answer, inside)
		r.Pattern = inside.Pattern
	})
}

// met returns the request's context with what it shows of itself.
func (s *Services) met(r *http.Request) context.Context {
	known := request{id: rand.Text()[:12]}
	if c, err := r.Cookie(s.Cookie); err == nil {
		known.session = c.Value
	}
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		known.token, known.session = t, ""
	}
	ctx := context.WithValue(r.Context(), requestKey{}, known)
	return tenants.WithRequest(ctx, known.id)
}

func headers(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "same-origin")
}

// read checks the request's form and returns its JSON body, if it has one.
func (s *Services) read(w http.ResponseWriter, r *http.Request, mux *http.ServeMux, taken map[string]string) ([]byte, *Problem) {
	if len(s.Hosts) > 0 && !slices.Contains(s.Hosts, r.Host) {
		return nil, newProblem(http.StatusMisdirectedRequest, "wrong-host", "请使用本系统的正式网址访问。")
	}
	if len(r.Header) > maxHeaders {
		return nil, newProblem(http.StatusRequestHeaderFieldsTooLarge, "too-many-headers", "请求头过多。")
	}
	if clean := path.Clean(r.URL.Path); clean != r.URL.Path || strings.ContainsAny(r.URL.Path, "\x00\\;") {
		return nil, notFound()
	}
	if p := route(w, r, mux); p != nil {
		return nil, p
	}
	if p := query(r); p != nil {
		return nil, p
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, "*") && !strings.Contains(accept, "json") {
		return nil, newProblem(http.StatusNotAcceptable, "not-acceptable", "只提供 JSON 格式的回答。")
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead || streams(r, mux, taken) {
		return nil, nil
	}
	if r.ContentLength == 0 && r.Header.Get("Content-Type") == "" {
		return nil, nil
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(cmp.Or(s.patience, readTimeout)))
	body, p := readJSON(w, r)
	if p != nil {
		return nil, p
	}
	r.Body, r.ContentLength = newBody(body), int64(len(body))
	return body, nil
}

// streamed lists the operations that declare a file as their body and not JSON: the
// pattern of each, and the media type.
func streamed(doc *huma.OpenAPI) map[string]string {
	taken := map[string]string{}
	for at, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil || op.RequestBody == nil {
				continue
			}
			for media := range op.RequestBody.Content {
				if !strings.Contains(media, "json") {
					taken[op.Method+" "+at] = media
				}
			}
		}
	}
	return taken
}

// streams reports whether the body is a file that the operation takes. huma reads
// whatever ends in +json as JSON: only the very type that was declared passes.
func streams(r *http.Request, mux *http.ServeMux, taken map[string]string) bool {
	_, pattern := mux.Handler(r)
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == taken[pattern]
}

func notFound() *Problem {
	return newProblem(http.StatusNotFound, "not-found", "没有找到，或你没有查看权限。")
}

// route answers unknown paths and wrong methods as problems.
func route(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) *Problem {
	if _, pattern := mux.Handler(r); pattern != "" {
		return nil
	}
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := mux.Handler(other); pattern != "" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		return notFound()
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	return newProblem(http.StatusMethodNotAllowed, "method-not-allowed", "此地址不支持这种操作。")
}

// query refuses what url.Query would repair or choose from.
func query(r *http.Request) *Problem {
	if len(r.URL.RawQuery) > maxQuery {
		return newProblem(http.StatusUnprocessableEntity, "too-complex", "查询条件过多。")
	}
	values, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return newProblem(http.StatusBadRequest, "invalid-utf8", "网址中的文字编码不正确。")
	}
	for name, vs := range values {
		if len(vs) > 1 {
			return about(http.StatusUnprocessableEntity, "repeated-parameter", "#/query/"+name, "同一查询参数出现了两次。")
		}
	}
	return nil
}

// recovered answers a panic with a problem. An answer that had begun is cut off:
// half of it must not look whole.
func (s *Services) recovered(w *reply, r *http.Request) {
	v := recover()
	if v == http.ErrAbortHandler { //nolint:errorlint // net/http looks for this very value
		panic(v)
	}
	err, _ := v.(error)
	if w.failed != nil && (v == nil || errors.Is(err, w.failed)) { // huma may panic about an answer that it could not write
		s.logGone(r.Context(), "answer", w.failed)
		return
	}
	if v == nil {
		return
	}
	s.Log.ErrorContext(r.Context(), "panic", slog.Any("value", v), slog.String("stack", string(debug.Stack())))
	if w.begun {
		panic(http.ErrAbortHandler)
	}
	write(w, r, newProblem(http.StatusInternalServerError, "internal", "暂时无法完成，内容已保留在页面上。请稍后重试。"))
}

// write answers with p.
func write(w http.ResponseWriter, r *http.Request, p *Problem) {
	p.Instance = requestID(r.Context())
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // a Problem of ours always marshals
	}
	w.Header().Set("Content-Type", "application/problem+json")
	maps.Copy(w.Header(), p.GetHeaders())
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(b, '\n')) // the client went away: nobody to tell
}

// filters names the list that a request asks for, whatever the page.
func filters(r *http.Request) string {
	q := r.URL.Query()
	q.Del("cursor")
	q.Del("limit")
	return r.URL.Path + "?" + q.Encode()
}

// fingerprint tells one request from another under the same Idempotency-Key.
func fingerprint(r *http.Request, body []byte) []byte {
	sum := sha256.New()
	for _, part := range [][]byte{[]byte(r.Method), []byte(r.URL.RequestURI()), []byte(r.Header.Get("If-Match")), body} {
		sum.Write(part)
		sum.Write([]byte{0})
	}
	return sum.Sum(nil)
}

type body struct{ *bytes.Reader }

func newBody(b []byte) body { return body{bytes.NewReader(b)} }

// Close does nothing: the body was read whole.
func (body) Close() error { return nil }
