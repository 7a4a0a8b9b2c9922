package api_test

import (
	"net/http"
	"testing"

	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/listings"
	"xuncha/tenants"
)

// TestBoardOverHTTP puts an item on the board one level above and takes it off.
func TestBoardOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	city, other := l.As(l.House.As(l.City[0], tenants.CITY)), l.As(l.House.As(l.City[1], tenants.CITY))
	path, _ := l.begun(t)
	var item rectification.ItemPage
	l.dir.Get(path, &item)
	body := map[string]any{
		"office": l.office.Slug, "item": item.ID, "matter": "采砂监管整改", "leader": "市政府副市长", "due_on": "2026-12-31", "conditions": "办法印发。",
	}
	post(t, l.dir, http.StatusForbidden, "board", body)
	post(t, other, http.StatusUnprocessableEntity, "board", body)
	var m listings.Matter
	put := post(t, city, http.StatusCreated, "board", body, "Idempotency-Key", "once")
	put.Into(t, &m)
	post(t, city, http.StatusCreated, "board", body, "Idempotency-Key", "once")
	post(t, city, http.StatusConflict, "board", body)
	var seen struct{ Items []listings.Matter }
	if l.dir.Get(path+"/board", &seen); len(seen.Items) != 1 || seen.Items[0].ID != m.ID || len(seen.Items[0].Allowed) != 0 {
		t.Errorf("the county sees %+v", seen)
	}
	if l.liaison.Get(path+"/board", &seen); len(seen.Items) != 0 {
		t.Errorf("the unit sees %+v", seen)
	}
	if other.Get("board", &seen); len(seen.Items) != 0 {
		t.Errorf("another city sees %+v", seen)
	}
	off, reason := "board/"+m.ID.String()+"/remove", map[string]any{"reason": "条件已具备。"}
	post(t, l.dir, http.StatusForbidden, off, reason, "If-Match", put.Header.Get("ETag"))
	post(t, other, http.StatusNotFound, off, reason, "If-Match", put.Header.Get("ETag"))
	post(t, city, http.StatusPreconditionRequired, off, reason)
	post(t, city, http.StatusOK, off, reason, "If-Match", put.Header.Get("ETag"))
	if city.Get("board", &seen); len(seen.Items) != 1 || seen.Items[0].State != listings.Removed {
		t.Errorf("the city's board: %+v", seen)
	}
}
