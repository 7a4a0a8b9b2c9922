package public

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// page is an answer, ready to be sent.
type page struct {
	status int
	kind   string // media type
	body   []byte
	zipped []byte
	tag    string
	own    bool // of one reader: nobody keeps it
}

func newPage(status int, kind string, body []byte) page {
	var zipped bytes.Buffer
	z, err := gzip.NewWriterLevel(&zipped, gzip.BestSpeed+4)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	sum := sha256.Sum256(body)
	return page{status: status, kind: kind, body: body, zipped: zipped.Bytes(), tag: `W/"` + hex.EncodeToString(sum[:12]) + `"`}
}

// headers are those of every answer. There is nothing on a page that could run,
// and nothing that comes from elsewhere.
func headers(h http.Header, r *http.Request) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "+
		"base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// send sends a page. A published page may be kept by others for half a minute,
// so that what is withdrawn is gone everywhere within one; nothing else may.
func (s *Site) send(w http.ResponseWriter, r *http.Request, p page) {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("Vary", "Accept-Encoding")
	switch {
	case p.status == http.StatusOK && !p.own:
		h.Set("Cache-Control", "public, max-age=30, must-revalidate")
		h.Set("ETag", p.tag)
		if matches(r.Header.Get("If-None-Match"), p.tag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	case p.status == http.StatusServiceUnavailable:
		h.Set("Retry-After", "30")
		fallthrough
	default:
		h.Set("Cache-Control", "no-store")
	}
	body := p.body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = p.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader may have left
	}
}

func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// asset is a file that belongs to the program.
type asset struct {
	kind string
	body []byte
	page page
	age  time.Duration
}

func (a asset) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("ETag", a.page.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(a.age.Seconds())))
	if matches(r.Header.Get("If-None-Match"), a.page.tag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.page.zipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
