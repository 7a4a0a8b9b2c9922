package workbench_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"xuncha/web/workbench"
)

const script = "export const a = 1\n"

func built(t *testing.T) http.Handler {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(script)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return workbench.FromFS(fstest.MapFS{
		".keep":                   {},
		"index.html":              {Data: []byte(`<meta name="csp-nonce" content="__CSP_NONCE__">`)},
		"field.html":              {Data: []byte(`<div id="field">`)},
		"field/worker.js":         {Data: []byte(`self`)},
		"docs.html":               {Data: []byte(`<div id="docs">`)},
		"favicon.svg":             {Data: []byte("<svg/>")},
		"assets/index-a1.js":      {Data: []byte(script)},
		"assets/index-a1.js.gz":   {Data: packed.Bytes()},
		"assets/index-b2.css":     {Data: []byte("a{}")},
		"assets/deep/index-c3.js": {Data: []byte(script)},
	})
}

func get(t *testing.T, h http.Handler, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]struct {
		status int
		kind   string
		cache  string
	}{
		"/":                            {200, "text/html; charset=utf-8", "no-cache"},
		"/w/qingyu/ledger":             {200, "text/html; charset=utf-8", "no-cache"},
		"/w/qingyu/ledger/0198-77":     {200, "text/html; charset=utf-8", "no-cache"},
		"/sign-in":                     {200, "text/html; charset=utf-8", "no-cache"},
		"/docs":                        {200, "text/html; charset=utf-8", "no-cache"},
		"/docs/":                       {200, "text/html; charset=utf-8", "no-cache"},
		"/field":                       {200, "text/html; charset=utf-8", "no-cache"},
		"/field/qingyu":                {200, "text/html; charset=utf-8", "no-cache"},
		"/field/worker.js":             {200, "text/javascript; charset=utf-8", "public, max-age=3600"},
		"/field.html":                  {404, "text/html; charset=utf-8", "no-store"},
		"/docs.html":                   {404, "text/html; charset=utf-8", "no-store"},
		"/docs/more":                   {404, "text/html; charset=utf-8", "no-store"},
		"/favicon.svg":                 {200, "image/svg+xml", "public, max-age=3600"},
		"/assets/index-a1.js":          {200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/index-b2.css":         {200, "text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/index-old.js":         {404, "text/html; charset=utf-8", "no-store"},
		"/assets/index-a1.js.gz":       {404, "text/html; charset=utf-8", "no-store"},
		"/assets":                      {404, "text/html; charset=utf-8", "no-store"},
		"/.keep":                       {404, "text/html; charset=utf-8", "no-store"},
		"/wp-admin":                    {404, "text/html; charset=utf-8", "no-store"},
		"/assets/../../etc/passwd":     {404, "text/html; charset=utf-8", "no-store"},
		"/assets/%2e%2e/%2e%2e/go.mod": {404, "text/html; charset=utf-8", "no-store"},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			res := get(t, built(t), path, "")
			if res.StatusCode != want.status {
				t.Errorf("status %d, want %d", res.StatusCode, want.status)
			}
			if got := res.Header.Get("Content-Type"); got != want.kind {
				t.Errorf("type %q, want %q", got, want.kind)
			}
			if got := res.Header.Get("Cache-Control"); got != want.cache {
				t.Errorf("cache %q, want %q", got, want.cache)
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("content may be sniffed")
			}
		})
	}
}

func TestOnlyReads(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	built(t).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x")))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST answered %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestCompressedBeforehand(t *testing.T) {
	t.Parallel()
	h := built(t)
	packed := get(t, h, "/assets/index-a1.js", "br, gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("encoding %q, vary %q", packed.Header.Get("Content-Encoding"), packed.Header.Get("Vary"))
	}
	r, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if _, err := got.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	if got.String() != script {
		t.Errorf("got %q", got.String())
	}
	for _, plain := range []*http.Response{get(t, h, "/assets/index-a1.js", ""), get(t, h, "/assets/index-b2.css", "gzip")} {
		if plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("encoding %q where none is had", plain.Header.Get("Content-Encoding"))
		}
	}
}

// TestPolicy checks that every answer has a nonce of its own, that page and
// policy agree on it, and that nothing but styles is let in by it.
func TestPolicy(t *testing.T) {
	t.Parallel()
	h := built(t)
	seen := map[string]bool{}
	for range 2 {
		res := get(t, h, "/w/qingyu", "")
		var body bytes.Buffer
		if _, err := body.ReadFrom(res.Body); err != nil {
			t.Fatal(err)
		}
		csp := res.Header.Get("Content-Security-Policy")
		_, rest, _ := strings.Cut(csp, "'nonce-")
		nonce, _, _ := strings.Cut(rest, "'")
		if len(nonce) < 20 || seen[nonce] {
			t.Errorf("nonce %q is short or was used before", nonce)
		}
		seen[nonce] = true
		if !strings.Contains(body.String(), `content="`+nonce+`"`) {
			t.Errorf("the page does not carry the policy's nonce: %s", body.String())
		}
		for _, directive := range strings.Split(csp, "; ") {
			if name, value, _ := strings.Cut(directive, " "); name != "style-src" && name != "style-src-attr" &&
				(strings.Contains(value, "nonce") || strings.Contains(value, "unsafe")) {
				t.Errorf("%s allows more than styles", directive)
			}
		}
	}
}

func TestNotBuilt(t *testing.T) {
	t.Parallel()
	res := get(t, workbench.FromFS(fstest.MapFS{".keep": {}}), "/w/qingyu", "")
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body.String(), "前端尚未构建") {
		t.Errorf("answered %d: %s", res.StatusCode, body.String())
	}
}
