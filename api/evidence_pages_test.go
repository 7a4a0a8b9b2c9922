package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/tenants"
)

// TestRanges asks for parts of a file: one is answered, one that is none refused, many
// at once with the whole (BI-123).
func TestRanges(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, _ := l.begun(t)
	var e rectification.Evidence
	l.upload(t, path, "a.pdf", pdf).Into(t, &e)
	get := func(asked string) (int, http.Header, []byte) {
		a := l.off.Do(http.MethodGet, "evidence/"+e.ID.String()+"/content", nil, "Range", asked)
		return a.Status, a.Header, a.Body
	}
	if status, h, body := get("bytes=5-9"); status != http.StatusPartialContent || !bytes.Equal(body, pdf[5:10]) || h.Get("Content-Range") == "" {
		t.Errorf("one = %d %q", status, body)
	}
	if status, _, body := get("bytes=-4"); status != http.StatusPartialContent || !bytes.Equal(body, pdf[len(pdf)-4:]) {
		t.Errorf("the last four = %d %q", status, body)
	}
	for _, bad := range []string{"bytes=9999999-", "bytes=9-5", "bytes=x-y", "lines=1-2", "bytes=--1"} {
		if status, _, body := get(bad); status != http.StatusRequestedRangeNotSatisfiable || bytes.Contains(body, []byte("%PDF")) {
			t.Errorf("%s = %d %q", bad, status, body)
		}
	}
	for _, many := range []string{"bytes=0-1,3-4", "bytes=" + strings.Repeat("0-1,", 1000) + "0-1"} {
		if status, h, body := get(many); status != http.StatusOK || !bytes.Equal(body, pdf) || strings.Contains(h.Get("Content-Type"), "multipart") {
			t.Errorf("%d ranges = %d %s, %d bytes; want the whole", strings.Count(many, ",")+1, status, h.Get("Content-Type"), len(body))
		}
	}
}

// TestEvidencePage shows a PDF that would act page by page, as pictures.
func TestEvidencePage(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, _ := l.begun(t)
	var e rectification.Evidence
	l.upload(t, path, "表.pdf", sample.PDF(2, `/OpenAction<</S/JavaScript/JS(app.alert\(1\))>>`)).Into(t, &e)
	at := "evidence/" + e.ID.String()
	a := l.off.Do(http.MethodGet, at+"/pages/2", nil)
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || !bytes.HasPrefix(a.Body, []byte("\xff\xd8\xff")) {
		t.Errorf("page = %d %v", a.Status, a.Header)
	}
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'; sandbox") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("a page: %v", a.Header)
	}
	a = l.off.Do(http.MethodGet, at+"/content?inline=true", nil)
	if a.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment;") {
		t.Errorf("the file itself is shown by the browser: %v", a.Header)
	}
	org := l.as(tenants.ORG)
	if a := org.Do(http.MethodGet, at+"/content", nil); a.Status != http.StatusForbidden || a.Problem() != "active-original" {
		t.Errorf("ORG takes it: %d %s", a.Status, a.Problem())
	}
	for want, c := range map[string]int{"/pages/1": http.StatusOK, "/pages/3": http.StatusUnprocessableEntity, "/pages/0": http.StatusNotFound} {
		if a := org.Do(http.MethodGet, at+want, nil); a.Status != c {
			t.Errorf("%s = %d, want %d", want, a.Status, c)
		}
	}
	for who, c := range map[tenants.Role]int{tenants.LG: http.StatusForbidden, tenants.ADM: http.StatusForbidden} {
		if a := l.as(who).Do(http.MethodGet, at+"/pages/1", nil); a.Status != c {
			t.Errorf("%s = %d, want %d", who, a.Status, c)
		}
	}
	// A link that is handed on opens for whoever may read it, and for nobody else (BI-124).
	other := l.as(tenants.UNIT, l.Unit(l.office, "县教育局党组"))
	for _, what := range []string{"/pages/1", "/content"} {
		unknown := other.Do(http.MethodGet, "evidence/0190b8a0-0000-7000-8000-000000000000"+what, nil)
		if a := other.Do(http.MethodGet, at+what, nil); a.Status != http.StatusNotFound || a.Problem() != unknown.Problem() {
			t.Errorf("another unit opens %s: %d %s", what, a.Status, a.Problem())
		}
	}
}

// TestLinkAfterGrant opens the links to a file after the only grant has ended (BI-124):
// they lead where those to a file lead that nobody has, and again to the file when the
// grant is renewed. What is no file says that there is no grant, so that people know whom
// to ask.
func TestLinkAfterGrant(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, _ := l.begun(t)
	var e rectification.Evidence
	l.upload(t, path, "表.pdf", sample.PDF(2, "")).Into(t, &e)
	disc := l.as(tenants.DISC)
	unknown := inspection.NewID[inspection.EvidenceID]().String()
	open := func(who string, want int) {
		t.Helper()
		for _, what := range []string{"/content", "/content?inline=true", "/pages/1"} {
			a := disc.Do(http.MethodGet, "evidence/"+e.ID.String()+what, nil)
			if a.Status != want {
				t.Errorf("%s opens %s: %d %s, want %d", who, what, a.Status, a.Problem(), want)
			}
			if none := disc.Do(http.MethodGet, "evidence/"+unknown+what, nil); want != http.StatusOK && !sameProblem(a, none) {
				t.Errorf("%s tells the file at %s from none: %s, %s", who, what, a.Body, none.Body)
			}
		}
	}
	open("who has a grant", http.StatusOK)
	before := disc.Do(http.MethodGet, "evidence/"+unknown+"/content", nil)
	disc.End()
	open("who has none any more", http.StatusNotFound)
	if after := disc.Do(http.MethodGet, "evidence/"+e.ID.String()+"/content", nil); !sameProblem(before, after) {
		t.Errorf("the answer is not that of a file that is not there: %s, %s", before.Body, after.Body)
	}
	for _, what := range []string{path, "items"} {
		if a := disc.Do(http.MethodGet, what, nil); a.Status != http.StatusForbidden || a.Problem() != "no-grant" {
			t.Errorf("%s: %d %s, want to hear that there is no grant", what, a.Status, a.Problem())
		}
	}
	disc.Renew()
	open("whose grant was renewed", http.StatusOK)
}

// sameProblem reports whether two answers differ in the request's own number alone.
func sameProblem(a, b apitest.Answer) bool {
	var x, y api.Problem
	if a.Status != b.Status || json.Unmarshal(a.Body, &x) != nil || json.Unmarshal(b.Body, &y) != nil {
		return false
	}
	x.Instance, y.Instance = "", ""
	return x.Type == "/problems/not-found" && reflect.DeepEqual(x, y)
}

// TestNotesOverHTTP notes on a page, reads it, and takes it back.
func TestNotesOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, tag := l.begun(t)
	tag = post(t, l.liaison, http.StatusOK, path+"/start", nil, "If-Match", tag).Header.Get("ETag")
	var e rectification.Evidence
	l.upload(t, path, "表.pdf", sample.PDF(2, "")).Into(t, &e)
	post(t, l.liaison, http.StatusOK, path+"/submit", map[string]any{"statement": "已完成。"}, "If-Match", tag)
	notes := "evidence/" + e.ID.String() + "/notes"
	var n rectification.PageNote
	for range 2 { // sent twice, it is there once
		post(t, l.disc, http.StatusCreated, notes, map[string]any{"page": 2, "text": "第二页缺签字。"}, "Idempotency-Key", "n").Into(t, &n)
	}
	seen := func() (all inspection.Page[rectification.PageNote]) {
		l.disc.Get(path+"/notes", &all)
		return all
	}
	if got := seen().Items; len(got) != 1 || got[0].ID != n.ID || got[0].Page != 2 || !got[0].Mine {
		t.Fatalf("notes: %+v", got)
	}
	var others inspection.Page[rectification.PageNote]
	if l.off.Get(path+"/notes", &others); len(others.Items) != 0 {
		t.Errorf("the other party reads %+v", others.Items)
	}
	if a := l.disc.Do(http.MethodPost, notes, map[string]any{"page": 3, "text": "没有这一页"}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("on a page that is not there: %d", a.Status)
	}
	if a := l.liaison.Do(http.MethodPost, notes, map[string]any{"page": 1, "text": "单位"}); a.Status != http.StatusForbidden {
		t.Errorf("the unit notes: %d", a.Status)
	}
	if a := l.disc.Do(http.MethodDelete, "notes/"+n.ID.String(), nil); a.Status != http.StatusNoContent || len(seen().Items) != 0 {
		t.Errorf("taken back: %d, %d are left", a.Status, len(seen().Items))
	}
}
