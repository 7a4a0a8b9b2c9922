package api_test

import (
	"net/http"
	"testing"

	"xuncha/inspection/rectification/samples"
	"xuncha/tenants"
)

// TestSamplesOverHTTP draws, reads and refutes one level above.
func TestSamplesOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	city, other := l.As(l.House.As(l.City[0], tenants.CITY)), l.As(l.House.As(l.City[1], tenants.CITY))
	path, _ := l.begun(t)
	l.Root(`update rectifications set state = 'closed', closed_on = '2026-10-10' where tenant_id = $1`, l.office.ID)
	body := map[string]any{"name": "抽查", "offices": []string{l.office.Slug}, "closed_from": "2026-10-01", "closed_to": "2026-10-31", "share": 100}
	post(t, l.dir, http.StatusForbidden, "samples", body)
	post(t, other, http.StatusUnprocessableEntity, "samples", body)
	var drawn, again samples.Sample
	post(t, city, http.StatusCreated, "samples", body, "Idempotency-Key", "once").Into(t, &drawn)
	post(t, city, http.StatusCreated, "samples", body, "Idempotency-Key", "once").Into(t, &again)
	if len(drawn.Items) != 1 || again.ID != drawn.ID {
		t.Fatalf("drawn %+v, again %v", drawn, again.ID)
	}
	var list struct{ Items []samples.Sample }
	city.Get("samples", &list)
	if len(list.Items) != 1 {
		t.Errorf("the city's list: %+v", list)
	}
	if other.Get("samples", &list); len(list.Items) != 0 {
		t.Errorf("another city's list: %+v", list)
	}
	if a := other.Do(http.MethodGet, "samples/"+drawn.ID.String(), nil); a.Status != http.StatusNotFound {
		t.Errorf("another city opens it: %d", a.Status)
	}
	one := "sample-items/" + drawn.Items[0].ID.String()
	reason := map[string]any{"reason": "抽查"}
	post(t, l.dir, http.StatusForbidden, one+"/look", reason, "If-Match", `"1"`)
	post(t, other, http.StatusNotFound, one+"/look", reason, "If-Match", `"1"`)
	post(t, city, http.StatusPreconditionRequired, one+"/look", reason)
	looked := post(t, city, http.StatusOK, one+"/look", reason, "If-Match", `"1"`)
	refuting := map[string]any{"fact": "没有落实。", "due_on": "2026-12-31"}
	post(t, city, http.StatusPreconditionFailed, one+"/confirm", map[string]any{"fact": "已落实。"}, "If-Match", `"1"`)
	post(t, city, http.StatusOK, one+"/refute", refuting, "If-Match", looked.Header.Get("ETag"))
	post(t, city, http.StatusConflict, one+"/confirm", map[string]any{"fact": "已落实。"}, "If-Match", looked.Header.Get("ETag"))
	var of struct{ Items []samples.Item }
	if l.dir.Get(path+"/samples", &of); len(of.Items) != 1 || of.Items[0].State != samples.Refuted || of.Items[0].Purpose != "抽查" {
		t.Errorf("the county sees %+v", of)
	}
	if l.liaison.Get(path+"/samples", &of); len(of.Items) != 0 {
		t.Errorf("the unit sees %+v", of)
	}
}
