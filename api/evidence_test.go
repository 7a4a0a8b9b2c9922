package api_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestContent downloads evidence: its name, what a browser may do with it, ranges.
func TestContent(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, _ := l.begun(t)
	var e rectification.Evidence
	a := l.upload(t, path, "学习 计划.pdf", pdf)
	a.Into(t, &e)
	if a.Status != http.StatusCreated || e.Type != "application/pdf" || !e.Inline {
		t.Fatalf("complete = %d %+v", a.Status, e)
	}
	get := func(query string, headers ...string) (int, http.Header, []byte) {
		a := l.off.Do(http.MethodGet, "evidence/"+e.ID.String()+"/content"+query, nil, headers...)
		return a.Status, a.Header, a.Body
	}
	status, h, body := get("")
	if status != http.StatusOK || !bytes.Equal(body, pdf) {
		t.Errorf("content = %d %q", status, body)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Content-Disposition":     "attachment; filename*=utf-8''%E5%AD%A6%E4%B9%A0%20%E8%AE%A1%E5%88%92.pdf",
		"Content-Security-Policy": "default-src 'none'; sandbox",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	_, h, _ = get("?inline=true")
	csp := h.Get("Content-Security-Policy")
	if !strings.HasPrefix(h.Get("Content-Disposition"), "inline;") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("inline: %v", h)
	}
	if !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "script-src") {
		t.Errorf("a file that a browser shows may run something: %s", csp) // BI-109
	}
	if status, _, body := get("", "Range", "bytes=5-9"); status != http.StatusPartialContent || !bytes.Equal(body, pdf[5:10]) {
		t.Errorf("range = %d %q", status, body)
	}
	if status, _, _ := get("", "Range", "bytes=9999999-"); status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("range past the end = %d", status)
	}
	if status, _, body := get("", "If-None-Match", h.Get("ETag")); status != http.StatusNotModified || len(body) > 0 {
		t.Errorf("what the reader has already = %d %q", status, body)
	}
	if a := l.as(tenants.LG).Do(http.MethodGet, "evidence/"+e.ID.String()+"/content", nil, "If-None-Match", h.Get("ETag")); a.Status != http.StatusForbidden {
		t.Errorf("whoever may not read it learns that it is unchanged: %d", a.Status) // BI-217
	}
	for who, c := range map[string]int{"LG": http.StatusForbidden, "ADM": http.StatusForbidden, "DISC": http.StatusOK} {
		if a := l.as(tenants.Role(who)).Do(http.MethodGet, "evidence/"+e.ID.String()+"/content", nil); a.Status != c {
			t.Errorf("%s gets %d, want %d", who, a.Status, c)
		}
	}
	city := l.As(l.House.As(l.City[0], tenants.CITY))
	if a := city.Do(http.MethodGet, "evidence/"+e.ID.String()+"/content?below="+l.office.Slug+"&reason="+url.QueryEscape("抽查"), nil); a.Status != http.StatusNotFound {
		t.Errorf("the city gets %d before it is handed in, want 404", a.Status)
	}
}

// TestUploadOverHTTP sends chunks wrongly, and cuts the connection.
func TestUploadOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, _ := l.begun(t)
	var p rectification.Upload
	post(t, l.liaison, http.StatusCreated, path+"/uploads",
		map[string]any{"name": "a.pdf", "size": len(pdf), "not_secret": true}).Into(t, &p)
	at := func(offset int) string { return fmt.Sprintf("uploads/%s?offset=%d", p.ID, offset) }
	const stream = "application/octet-stream"
	a := l.liaison.Do(http.MethodPut, at(7), pdf[7:], "Content-Type", stream)
	var problem struct{ Current rectification.Upload }
	if a.Into(t, &problem); a.Status != http.StatusConflict || a.Problem() != "upload.offset" || problem.Current.Received != 0 {
		t.Errorf("at the wrong offset: %d %s %+v", a.Status, a.Problem(), problem.Current)
	}
	if a := l.liaison.Do(http.MethodPut, at(0), append(bytes.Clone(pdf), 'x'), "Content-Type", stream); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("more than was announced: %d", a.Status)
	}
	if a := l.liaison.Do(http.MethodPut, at(0), []byte(`{"a":1}`)); a.Status == http.StatusOK {
		t.Errorf("JSON as a chunk: %d", a.Status)
	}
	if a := l.liaison.Do(http.MethodPost, "uploads/"+p.ID.String()+"/complete", nil); a.Status != http.StatusConflict || a.Problem() != "upload.incomplete" {
		t.Errorf("completed too early: %d %s", a.Status, a.Problem())
	}
	l.cut(t, p, pdf[:20], len(pdf))
	for received := int64(0); received != 20; {
		var now rectification.Upload
		l.liaison.Get("uploads/"+p.ID.String(), &now)
		if received = now.Received; received != 0 && received != 20 {
			t.Fatalf("%d bytes were received of the cut chunk, want 20", received)
		}
	}
	if a := l.liaison.Do(http.MethodPut, at(20), pdf[20:], "Content-Type", stream); a.Status != http.StatusOK {
		t.Fatalf("resumed: %d %s", a.Status, a.Body)
	}
	post(t, l.liaison, http.StatusCreated, "uploads/"+p.ID.String()+"/complete", nil, "Idempotency-Key", "c")
	post(t, l.liaison, http.StatusCreated, "uploads/"+p.ID.String()+"/complete", nil, "Idempotency-Key", "c")
	var item rectification.ItemPage
	if l.off.Get(path, &item); len(item.Files) != 1 {
		t.Errorf("%d files, want 1", len(item.Files))
	}
}

// cut sends the beginning of a chunk that says it is longer, and hangs up.
func (l *ledger) cut(t *testing.T, p rectification.Upload, b []byte, announced int) {
	t.Helper()
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "tcp", strings.TrimPrefix(l.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "PUT /v1/offices/%s/uploads/%s?offset=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n%s", l.office.Slug, p.ID, l.token, announced, b)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, conn)
	_ = conn.Close()
}
