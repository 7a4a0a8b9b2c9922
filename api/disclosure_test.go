package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// textServer serves texts for the public, rendered as their own data.
func textServer(t *testing.T) *apitest.Server {
	t.Helper()
	clock := inspection.ClockAt(tenantstest.Now)
	return apitest.New(t, func(h *tenantstest.House) api.Rooms {
		return api.Rooms{Disclosure: &disclosure.Service{
			DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Shift: disclosure.ShiftOf(clock),
			Article: func(d disclosure.Document) ([]byte, error) { return json.Marshal(d) },
			Page: func(_ disclosure.Document, a []byte, _ bool) ([]byte, error) {
				return append([]byte("<html>"), a...), nil
			},
		}}
	})
}

// TestDisclosureOverHTTP walks a text from the ledger to its time over HTTP.
func TestDisclosureOverHTTP(t *testing.T) {
	t.Parallel()
	s := textServer(t)
	county := s.County[0][0]
	unit, round := s.Unit(county, "县民政局党组"), s.Round(county)
	finding := inspection.NewID[inspection.FindingID]()
	s.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		values ($1, $2, 'KAA-01-01-001', $3, $4, 1, 1, '伙食费公示不及时。', '2026-07-10 09:00+08', '2026-07-10')`, county.ID, finding, round, unit)
	s.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, progress, closed_on, issued_at)
		values ($1, $2, $3, 'closed', '已按月公示', '2026-08-20', '2026-07-10 09:00+08')`, county.ID, finding, unit)
	off, head := s.As(s.House.As(county, tenants.OFF)), s.As(s.House.As(county, tenants.HEAD, unit))
	dir, member := s.As(s.House.As(county, tenants.DIR)), s.As(s.House.As(county, tenants.MEM))

	body := map[string]any{"unit": unit, "round": round}
	if a := member.Do("POST", "disclosures", body); a.Status != http.StatusForbidden {
		t.Errorf("a team member makes a draft: %d", a.Status)
	}
	a := off.Do("POST", "disclosures", body, "Idempotency-Key", "k1")
	if a.Status != http.StatusCreated || a.Header.Get("ETag") != `"1"` {
		t.Fatalf("generate = %d %s", a.Status, a.Body)
	}
	if again := off.Do("POST", "disclosures", body, "Idempotency-Key", "k1"); again.Status != http.StatusCreated {
		t.Errorf("the same request again = %d %s", again.Status, again.Body)
	}
	if other := off.Do("POST", "disclosures", body); other.Status != http.StatusConflict || other.Problem() != "disclosure.exists" {
		t.Errorf("another request = %d %s", other.Status, other.Body)
	}
	var d disclosure.Draft
	a.Into(t, &d)
	at := "disclosures/" + d.ID.String()

	change := map[string]any{"head_duty": "专题会议4次。", "phone": "0990-5550122", "transfers": "联系人13000000000"}
	if a := off.Do("PATCH", at, change); a.Status != http.StatusPreconditionRequired {
		t.Errorf("without If-Match = %d", a.Status)
	}
	a = off.Do("PATCH", at, change, "If-Match", `"1"`)
	if a.Status != http.StatusOK || a.Header.Get("ETag") != `"2"` {
		t.Fatalf("edit = %d %s", a.Status, a.Body)
	}
	stale := off.Do("PATCH", at, change, "If-Match", `"1"`)
	if stale.Status != http.StatusPreconditionFailed || !strings.Contains(string(stale.Body), `"current":{`) {
		t.Errorf("a lost race = %d %s", stale.Status, stale.Body)
	}
	if a := off.Do("PATCH", at, map[string]any{"digest": "x"}, "If-Match", `"2"`); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown field = %d", a.Status)
	}
	a.Into(t, &d)
	check := off.Do("POST", at+"/check", map[string]string{"digest": d.Shown}, "If-Match", `"2"`)
	if check.Status != http.StatusConflict || check.Problem() != "disclosure.personal-data" || !strings.Contains(string(check.Body), `"pointer":"/transfers"`) ||
		strings.Contains(string(check.Body), "13000000000") {
		t.Errorf("check with a mobile number = %d %s", check.Status, check.Body)
	}
	item := at + "/items/" + finding.String()
	if a := off.Do("PATCH", item, map[string]any{"withheld": "gossip"}, "If-Match", `"1"`); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a reason that is none = %d", a.Status)
	}
	if a := off.Do("PATCH", item, map[string]any{"result": "已公示。"}, "If-Match", `"1"`); a.Status != http.StatusOK || a.Header.Get("ETag") != `"2"` {
		t.Errorf("edit item = %d %s", a.Status, a.Body)
	}
	off.Do("PATCH", at, map[string]any{"transfers": ""}, "If-Match", `"2"`).Into(t, &d)

	post := func(c *apitest.Client, action string, body any) {
		t.Helper()
		off.Get(at, &d)
		if m, ok := body.(map[string]any); ok && m["digest"] == "" {
			m["digest"] = d.Shown
		}
		a := c.Do("POST", at+"/"+action, body, "If-Match", a1(d.Version))
		if a.Status != http.StatusOK {
			t.Fatalf("%s = %d %s", action, a.Status, a.Body)
		}
		a.Into(t, &d)
	}
	post(off, "refresh", nil)
	post(off, "check", map[string]any{"digest": ""})
	post(head, "confirm", map[string]any{"digest": ""})
	post(off, "clear", map[string]any{"digest": ""})
	post(dir, "return", map[string]any{"reason": "补充时间"})
	post(off, "check", map[string]any{"digest": ""})
	post(head, "confirm", map[string]any{"digest": ""})
	post(off, "clear", map[string]any{"digest": ""})
	post(dir, "approve", map[string]any{"digest": ""})
	early := off.Do("POST", at+"/schedule", map[string]any{"publish_at": tenantstest.Now.Add(-time.Second)}, "If-Match", a1(d.Version))
	if early.Status != http.StatusUnprocessableEntity || early.Problem() != "disclosure.plan" {
		t.Errorf("a time that is past = %d %s", early.Status, early.Body)
	}
	post(off, "schedule", map[string]any{"publish_at": tenantstest.Now.Add(time.Hour)})
	if d.State != disclosure.Scheduled {
		t.Errorf("state = %s", d.State)
	}
	post(off, "recall", nil)
	var preview struct{ HTML string }
	off.Get(at+"/preview?size=l", &preview)
	if !strings.HasPrefix(preview.HTML, "<html>") || !strings.Contains(preview.HTML, "已公示。") {
		t.Errorf("preview = %s", preview.HTML)
	}
	var list inspection.Page[disclosure.Line]
	off.Get("disclosures?state=approved&limit=10", &list)
	if list.Total != 1 || list.Items[0].Number != d.Number {
		t.Errorf("list = %+v", list)
	}
	stranger := s.As(s.House.As(s.County[0][1], tenants.OFF))
	unknown := stranger.Do("GET", "disclosures/"+inspection.NewID[inspection.DisclosureID]().String(), nil)
	foreign := stranger.Do("GET", at, nil)
	if foreign.Status != http.StatusNotFound || foreign.Problem() != unknown.Problem() {
		t.Errorf("another office's text = %d %s", foreign.Status, foreign.Body)
	}
}

// a1 is a version as If-Match wants it.
func a1(version int) string {
	b, _ := json.Marshal(version) // an int
	return `"` + string(b) + `"`
}
