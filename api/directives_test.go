package api_test

import (
	"net/http"
	"testing"

	"xuncha/inspection/rectification/directives"
	"xuncha/tenants"
)

// TestDirectivesOverHTTP assigns a task, answers and closes it.
func TestDirectivesOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	head, city := l.as(tenants.HEAD, l.unit), l.As(l.House.As(l.City[0], tenants.CITY))
	body := map[string]any{
		"unit": l.unit, "meeting": "县委书记专题会议", "meeting_on": "2026-11-12", "person": "县水务局局长", "matter": "要有时间表。", "due_on": "2026-12-10",
	}
	post(t, head, http.StatusForbidden, "directives", body)
	assigned := post(t, l.off, http.StatusCreated, "directives", body, "Idempotency-Key", "once")
	post(t, l.off, http.StatusCreated, "directives", body, "Idempotency-Key", "once")
	var d directives.Directive
	assigned.Into(t, &d)
	one, text := "directives/"+d.ID.String(), map[string]any{"text": "已制定。"}
	post(t, l.off, http.StatusForbidden, one+"/answer", text, "If-Match", assigned.Header.Get("ETag"))
	post(t, head, http.StatusPreconditionRequired, one+"/answer", text)
	answered := post(t, head, http.StatusOK, one+"/answer", text, "If-Match", assigned.Header.Get("ETag"))
	post(t, l.off, http.StatusForbidden, one+"/close", text, "If-Match", answered.Header.Get("ETag"))
	post(t, city, http.StatusNotFound, one+"/close", text, "If-Match", answered.Header.Get("ETag"))
	post(t, l.dir, http.StatusPreconditionFailed, one+"/return", text, "If-Match", assigned.Header.Get("ETag"))
	post(t, l.dir, http.StatusOK, one+"/close", text, "If-Match", answered.Header.Get("ETag"))
	var list struct{ Items []directives.Directive }
	if head.Get("directives", &list); len(list.Items) != 1 || list.Items[0].State != directives.Closed {
		t.Errorf("the unit sees %+v", list)
	}
	if city.Get("directives", &list); len(list.Items) != 0 {
		t.Errorf("the city sees %+v", list)
	}
}
