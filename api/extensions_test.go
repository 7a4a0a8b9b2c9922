package api_test

import (
	"net/http"
	"testing"

	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
)

// TestExtensionOverHTTP carries a request for more time to its decision.
func TestExtensionOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, tag := l.begun(t)
	post(t, l.liaison, http.StatusOK, path+"/start", nil, "If-Match", tag)
	if a := l.upload(t, path, "工期说明.pdf", pdf); a.Status != http.StatusCreated {
		t.Fatalf("upload = %d %s", a.Status, a.Body)
	}
	head := l.as(tenants.HEAD, l.unit)
	var item rectification.ItemPage
	l.liaison.Get(path, &item)
	ask := map[string]any{"kind": "later", "until_on": "2026-12-31", "reason": "汛期停工。", "evidence": []any{item.Files[0].ID}}
	post(t, l.dir, http.StatusForbidden, path+"/extensions", ask)
	first := post(t, l.liaison, http.StatusCreated, path+"/extensions", ask, "Idempotency-Key", "once")
	again := post(t, l.liaison, http.StatusCreated, path+"/extensions", ask, "Idempotency-Key", "once")
	var r, same extensions.Request
	first.Into(t, &r)
	if again.Into(t, &same); r.ID != same.ID {
		t.Error("a repeated request asked twice")
	}
	sign := "extensions/" + r.ID.String() + "/sign"
	promise := map[string]any{"promise": "承诺按期完成。", "digest": r.Digest}
	post(t, head, http.StatusPreconditionRequired, sign, promise)
	post(t, l.liaison, http.StatusForbidden, sign, promise, "If-Match", first.Header.Get("ETag"))
	signed := post(t, head, http.StatusOK, sign, promise, "If-Match", first.Header.Get("ETag"))
	approve := "extensions/" + r.ID.String() + "/approve"
	post(t, l.off, http.StatusForbidden, approve, map[string]any{"note": "同意"}, "If-Match", signed.Header.Get("ETag"))
	post(t, l.dir, http.StatusPreconditionFailed, approve, map[string]any{"note": "同意"}, "If-Match", first.Header.Get("ETag"))
	post(t, l.dir, http.StatusOK, approve, map[string]any{"note": "同意"}, "If-Match", signed.Header.Get("ETag"))
	var p extensions.Page
	l.off.Get(path+"/extensions", &p)
	if len(p.Requests) != 1 || p.Requests[0].State != extensions.Approved || len(p.Deadlines) != 2 || p.Used != 1 {
		t.Errorf("page = %+v", p)
	}
}
