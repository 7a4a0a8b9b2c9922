package api_test

import (
	"net/http"
	"testing"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
)

// TestRaisedOverHTTP passes a request up and decides it one level above.
func TestRaisedOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.Root(`insert into policies (tenant_id, version, body) values ($1, 1, '{"extension_above_from": 1}')`, l.City[0].ID)
	city, other := l.As(l.House.As(l.City[0], tenants.CITY)), l.As(l.House.As(l.City[1], tenants.CITY))
	for who, want := range map[*apitest.Client]bool{l.dir: true, city: true, other: false} {
		var parts api.Parts
		if who.Get("parts", &parts); parts.RaisedExtensions != want {
			t.Errorf("a navigation with what was passed up: %t, want %t", parts.RaisedExtensions, want)
		}
	}
	path, tag := l.begun(t)
	post(t, l.liaison, http.StatusOK, path+"/start", nil, "If-Match", tag)
	if a := l.upload(t, path, "工期说明.pdf", pdf); a.Status != http.StatusCreated {
		t.Fatalf("upload = %d %s", a.Status, a.Body)
	}
	var item rectification.ItemPage
	l.liaison.Get(path, &item)
	asked := post(t, l.liaison, http.StatusCreated, path+"/extensions", map[string]any{
		"kind": "later", "until_on": "2026-12-31", "reason": "汛期停工。", "evidence": []any{item.Files[0].ID},
	})
	var r extensions.Request
	asked.Into(t, &r)
	one := "extensions/" + r.ID.String()
	signed := post(t, l.as(tenants.HEAD, l.unit), http.StatusOK, one+"/sign",
		map[string]any{"promise": "承诺按期完成。", "digest": r.Digest}, "If-Match", asked.Header.Get("ETag"))
	opinion := map[string]any{"opinion": "情况属实，拟同意。"}
	post(t, l.off, http.StatusForbidden, one+"/forward", opinion, "If-Match", signed.Header.Get("ETag"))
	passed := post(t, l.dir, http.StatusOK, one+"/forward", opinion, "If-Match", signed.Header.Get("ETag"))

	var list inspection.Page[extensions.Raised]
	city.Get("raised-extensions", &list)
	if len(list.Items) != 1 || list.Items[0].ID != r.ID || list.Items[0].OfficeSlug != l.office.Slug {
		t.Fatalf("the city's list: %+v", list)
	}
	other.Get("raised-extensions", &list)
	if len(list.Items) != 0 {
		t.Errorf("another city's list: %+v", list)
	}
	raised := "raised-" + one
	var seen extensions.Raised
	city.Get(raised, &seen)
	if seen.Opinion != "情况属实，拟同意。" || len(seen.Files) != 1 || seen.Files[0].Name != "工期说明.pdf" || len(seen.Deadlines) == 0 {
		t.Errorf("the city sees %+v", seen)
	}
	if a := other.Do(http.MethodGet, raised, nil); a.Status != http.StatusNotFound {
		t.Errorf("another city opens it: %d", a.Status)
	}
	grant := map[string]any{"note": "同意", "until_on": "2026-12-25"}
	post(t, l.dir, http.StatusForbidden, raised+"/grant", grant, "If-Match", passed.Header.Get("ETag"))
	post(t, other, http.StatusNotFound, raised+"/grant", grant, "If-Match", passed.Header.Get("ETag"))
	post(t, city, http.StatusPreconditionRequired, raised+"/grant", grant)
	post(t, city, http.StatusOK, raised+"/grant", grant, "If-Match", passed.Header.Get("ETag"))
	post(t, city, http.StatusConflict, raised+"/deny", map[string]any{"note": "不同意"}, "If-Match", passed.Header.Get("ETag"))
	var p extensions.Page
	l.liaison.Get(path+"/extensions", &p)
	if len(p.Requests) != 1 || p.Requests[0].State != extensions.Granted || p.Requests[0].GrantedOn.String() != "2026-12-25" {
		t.Errorf("page = %+v", p)
	}
}
