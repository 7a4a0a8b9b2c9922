package api_test

import (
	"archive/zip"
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

	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files/sample"
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
	if a.Status != http.StatusCreated || e.Type != "application/pdf" || e.Inline {
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
	tag := h.Get("ETag")
	if h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") {
		t.Errorf("a browser shows the PDF itself: %v", h)
	}
	var photo rectification.Evidence
	l.upload(t, path, "现场.png", sample.PNG(sample.Scene("现场", 64, 48))).Into(t, &photo)
	h = l.off.Do(http.MethodGet, "evidence/"+photo.ID.String()+"/content?inline=true", nil).Header
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
	if status, _, body := get("", "If-None-Match", tag); status != http.StatusNotModified || len(body) > 0 {
		t.Errorf("what the reader has already = %d %q", status, body)
	}
	if a := l.as(tenants.LG).Do(http.MethodGet, "evidence/"+e.ID.String()+"/content", nil, "If-None-Match", tag); a.Status != http.StatusForbidden {
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

// TestPreview shows a document as a page that runs nothing, a photo without its
// place to who does not answer for it, and says plainly what cannot be shown.
func TestPreview(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, _ := l.begun(t)
	when := time.Date(2026, 8, 1, 2, 0, 0, 0, time.UTC)
	add := func(name string, content []byte) (e rectification.Evidence) {
		t.Helper()
		l.upload(t, path, name, content).Into(t, &e)
		return e
	}
	word := add("纪要.docx", sample.DOCX(when, when, "会议纪要", "<script>alert(1)</script>"))
	photo := add("现场.jpg", sample.JPEG(sample.Scene("现场", 64, 48), 80, "2026:08:01 10:00:00"))
	if !word.Preview || photo.Preview || !photo.Original {
		t.Errorf("word %+v, photo %+v", word, photo)
	}
	at := func(c *apitest.Client, e rectification.Evidence, what string) apitest.Answer {
		return c.Do(http.MethodGet, "evidence/"+e.ID.String()+what, nil)
	}
	a := at(l.off, word, "/preview")
	if a.Status != http.StatusOK || !strings.Contains(string(a.Body), "会议纪要") || strings.Contains(string(a.Body), "<script") {
		t.Errorf("preview = %d %s", a.Status, a.Body)
	}
	csp := a.Header.Get("Content-Security-Policy")
	if a.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.HasPrefix(csp, "default-src 'none';") ||
		!strings.Contains(csp, "sandbox") || strings.Contains(csp, "script") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the page may run something: %v", a.Header)
	}
	if a := at(l.off, photo, "/preview"); a.Status != http.StatusUnprocessableEntity || a.Problem() != "preview.kind" {
		t.Errorf("preview of a photo = %d %s", a.Status, a.Problem())
	}
	if a := at(l.as(tenants.LG), word, "/preview"); a.Status != http.StatusForbidden {
		t.Errorf("the leader gets %d", a.Status)
	}
	for who, wholly := range map[tenants.Role]bool{tenants.OFF: true, tenants.DISC: true, tenants.ORG: false} {
		a := at(l.as(who), photo, "/content")
		if got := bytes.Contains(a.Body, []byte("2026:08:01")); got != wholly || a.Status != http.StatusOK {
			t.Errorf("%s takes the original: %t, %d; want %t", who, got, a.Status, wholly)
		}
		if strings.Contains(a.Header.Get("ETag"), "-clean") == wholly {
			t.Errorf("%s: ETag %s", who, a.Header.Get("ETag"))
		}
		if a := at(l.as(who), photo, "/content?inline=true"); bytes.Contains(a.Body, []byte("2026:08:01")) || a.Status != http.StatusOK {
			t.Errorf("what %s is shown says what the camera wrote, %d", who, a.Status)
		}
	}
	a = l.off.Do(http.MethodPost, path+"/evidence/archive", nil)
	if z, err := zip.NewReader(bytes.NewReader(a.Body), int64(len(a.Body))); err != nil || len(z.File) != 4 {
		t.Errorf("archive = %d, %v", a.Status, err)
	}
	id := strings.TrimPrefix(path, "items/")
	if a := l.off.Do(http.MethodPost, "evidence/export?form=all", map[string]any{"items": []string{id}}); a.Status != http.StatusOK || len(a.Body) < 1000 {
		t.Errorf("catalogue = %d %s", a.Status, a.Problem())
	}
	var listed inspection.Page[rectification.Stored]
	second, _ := l.begun(t)
	l.liaison.Get(second+"/stored?q="+url.QueryEscape("纪要"), &listed)
	if len(listed.Items) != 1 || listed.Items[0].ID != word.ID {
		t.Fatalf("stored: %+v", listed)
	}
	body := map[string]any{"source": word.ID, "note": "同次会议"}
	for range 2 { // sent twice, it is there once
		post(t, l.liaison, http.StatusCreated, second+"/reuse", body, "Idempotency-Key", "r")
	}
	var item rectification.ItemPage
	if l.off.Get(second, &item); len(item.Files) != 1 || len(item.Files[0].Elsewhere) != 1 {
		t.Errorf("%+v", item.Files)
	}
	if a := l.off.Do(http.MethodPost, second+"/reuse", body); a.Status != http.StatusForbidden {
		t.Errorf("the office reuses: %d", a.Status)
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
