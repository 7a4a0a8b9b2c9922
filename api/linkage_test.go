package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func newLinkage(t *testing.T) *apitest.Server {
	t.Helper()
	return apitest.New(t, func(h *tenantstest.House) api.Rooms {
		clock, calendar := inspection.ClockAt(tenantstest.Now), inspection.PublishedCalendar()
		cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: calendar}
		l := &linkage.Service{DB: h.DB, Clock: clock, Calendar: calendar, Cases: cases}
		return api.Rooms{
			Linkage:    l,
			Statistics: &statistics.Service{DB: h.DB, Clock: clock, Rooms: []statistics.Room{{Tasks: l.Tasks, Wide: true}}},
		}
	})
}

// plantFinding puts one tagged, issued finding with its case into an office.
func plantFinding(s *apitest.Server, office tenants.Tenant) inspection.FindingID {
	id, unit := inspection.NewID[inspection.FindingID](), s.Unit(office, "县水务局党组")
	s.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, tags, issued_at)
		values ($1, $2, 'KA-10-01-001', $3, $4, 1, 2, '集体资金支出未经民主程序', '{集体资金}', '2026-07-10')`,
		office.ID, id, s.Round(office), unit)
	s.Root(`insert into rectifications (tenant_id, finding_id, unit_id, due_on, issued_at) values ($1, $2, $3, '2026-11-10', '2026-07-10')`,
		office.ID, id, unit)
	return id
}

func composing(to tenants.Tenant) map[string]any {
	return map[string]any{
		"tag": "集体资金", "title": "关于集体资金管理的通报", "body": "请对照自查。", "questions": []string{"是否公开"}, "offices": []string{to.Slug},
	}
}

// TestNoticeOverHTTP walks a notice and its report, each act sent twice under one
// key: the second has no effect and the same answer.
func TestNoticeOverHTTP(t *testing.T) {
	t.Parallel()
	s := newLinkage(t)
	county := s.County[0][0]
	plantFinding(s, county)
	city, off := s.As(s.House.As(s.City[0], tenants.CITY)), s.As(s.House.As(county, tenants.OFF))

	twice := func(c *apitest.Client, path string, body any, headers ...string) apitest.Answer {
		t.Helper()
		headers = append(headers, "Idempotency-Key", path)
		first := c.Do(http.MethodPost, path, body, headers...)
		if first.Status/100 != 2 {
			t.Fatalf("POST %s = %d %s", path, first.Status, first.Body)
		}
		if again := c.Do(http.MethodPost, path, body, headers...); string(again.Body) != string(first.Body) {
			t.Errorf("POST %s again = %d %s", path, again.Status, again.Body)
		}
		return first
	}
	var n linkage.Notice
	a := twice(city, "notices", composing(county))
	a.Into(t, &n)
	at := "notices/" + n.ID.String()
	if a := city.Do(http.MethodPost, at+"/submit", map[string]any{}); a.Status != http.StatusPreconditionRequired {
		t.Errorf("submitting without If-Match = %d", a.Status)
	}
	a = twice(city, at+"/submit", map[string]any{}, "If-Match", a.Header.Get("ETag"))
	if b := city.Do(http.MethodPost, at+"/close", map[string]any{"summary": "完"}, "If-Match", a.Header.Get("ETag")); b.Problem() != "notice.wrong-state" {
		t.Errorf("closing a draft = %d %s", b.Status, b.Body)
	}
	a = twice(city, at+"/issue", nil, "If-Match", a.Header.Get("ETag"))
	if n := tenantstest.RootValue[int](s.House, `select count(*) from deliveries`); n != 1 {
		t.Errorf("%d deliveries, want 1", n)
	}

	var v linkage.View
	off.Get(at, &v)
	if v.Delivery == nil || v.Matrix != nil || len(v.Basis) != 0 {
		t.Fatalf("the recipient reads %+v", v)
	}
	var todo statistics.Todo
	off.Get("todo", &todo)
	if todo.Total != 1 || todo.Sections[2].Tasks[0].Verb != "签收" {
		t.Errorf("the recipient has to do %+v", todo)
	}
	d := "deliveries/" + v.Delivery.ID.String()
	// BI-225: nobody outside the recipient signs, and learns nothing.
	for who, c := range map[string]*apitest.Client{
		"the issuer": city, "a sibling": s.As(s.House.As(s.County[0][1], tenants.OFF)),
	} {
		if b := c.Do(http.MethodPost, d+"/receive", map[string]any{}, "If-Match", `"1"`); b.Status != http.StatusNotFound || b.Problem() != "not-found" {
			t.Errorf("%s signs = %d %s", who, b.Status, b.Body)
		}
	}
	a = twice(off, d+"/receive", map[string]any{}, "If-Match", `"1"`)
	// BI-223
	zero := map[string]any{"checked": 1, "found": 0, "corrected": 0, "answers": []string{"是"}}
	if b := off.Do(http.MethodPost, d+"/report", zero, "If-Match", a.Header.Get("ETag")); b.Status != 422 || b.Problem() != "delivery.zero-needs-head" {
		t.Errorf("a report of nothing = %d %s", b.Status, b.Body)
	}
	found := map[string]any{"checked": 9, "found": 3, "corrected": 2, "money_fen": 1200, "answers": []string{"是"}}
	if b := off.Do(http.MethodPost, d+"/report", found, "If-Match", `"1"`); b.Status != http.StatusPreconditionFailed {
		t.Errorf("a report on an old version = %d %s", b.Status, b.Body)
	}
	twice(off, d+"/report", found, "If-Match", a.Header.Get("ETag"))

	city.Get("todo", &todo)
	if todo.Total != 1 || todo.Sections[3].Tasks[0].Verb != "采认" {
		t.Errorf("the issuer has to do %+v", todo)
	}
	city.Get(at, &v)
	if len(v.Matrix.Rows) != 1 || v.Matrix.Rows[0].Found != 3 {
		t.Errorf("the matrix says %+v", v.Matrix)
	}
	twice(city, d+"/accept", nil, "If-Match", fmt.Sprintf(`"%d"`, v.Matrix.Rows[0].Version))
	city.Get("todo", &todo)
	if todo.Total != 1 || todo.Sections[3].Tasks[0].Verb != "闭环" {
		t.Errorf("the issuer has to do %+v", todo)
	}
	var box inspection.Page[linkage.Letter]
	off.Get("notices?box=in", &box)
	if box.Total != 1 || box.Items[0].Progress != linkage.Accepted {
		t.Errorf("the recipient's inbox holds %+v", box)
	}
	city.Get("notices?box=out", &box)
	if box.Total != 1 || box.Items[0].Accepted != 1 {
		t.Errorf("the issuer's outbox holds %+v", box)
	}
}

// TestMatterOverHTTP: BI-224, and who may do what.
func TestMatterOverHTTP(t *testing.T) {
	t.Parallel()
	s := newLinkage(t)
	county := s.County[0][0]
	finding := plantFinding(s, county)
	off, dir := s.As(s.House.As(county, tenants.OFF)), s.As(s.House.As(county, tenants.DIR))
	city := s.As(s.House.As(s.City[0], tenants.CITY))
	raise := map[string]any{"finding": finding, "title": "跨县", "tried": "会商", "why": "超出本级", "asked": "统筹"}
	var m linkage.Matter
	a := off.Do(http.MethodPost, "escalations", raise)
	a.Into(t, &m)
	if a.Status != http.StatusCreated {
		t.Fatalf("raise = %d %s", a.Status, a.Body)
	}
	if b := off.Do(http.MethodPost, "escalations", raise); b.Status != http.StatusConflict || b.Problem() != "escalation.exists" {
		t.Errorf("raising twice = %d %s", b.Status, b.Body)
	}
	at := "escalations/" + m.ID.String()
	if b := city.Do(http.MethodGet, at, nil); b.Status != http.StatusNotFound {
		t.Errorf("the city reads a draft: %d", b.Status)
	}
	act := func(c *apitest.Client, act string, body any) apitest.Answer {
		t.Helper()
		a = c.Do(http.MethodPost, at+"/"+act, body, "If-Match", a.Header.Get("ETag"))
		if a.Status != http.StatusOK {
			t.Fatalf("%s = %d %s", act, a.Status, a.Body)
		}
		return a
	}
	act(off, "submit", nil)
	if b := off.Do(http.MethodPost, at+"/approve", nil, "If-Match", a.Header.Get("ETag")); b.Status != http.StatusForbidden {
		t.Errorf("approved by the one who wrote it: %d", b.Status)
	}
	act(dir, "approve", nil)
	var list inspection.Page[linkage.Matter]
	city.Get("escalations?box=in", &list)
	if list.Total != 1 || list.Items[0].Number != "E-2026-01" {
		t.Errorf("come to the city: %+v", list)
	}
	act(city, "accept", map[string]any{"answer_by": "2026-12-01"})
	if b := off.Do(http.MethodPost, at+"/withdraw", map[string]any{"reason": "不需要"}, "If-Match", a.Header.Get("ETag")); b.Status != http.StatusConflict {
		t.Errorf("withdrawn after acceptance: %d %s", b.Status, b.Body)
	}
	act(city, "answer", map[string]any{"outcome": "policy", "text": "统一口径", "due_on": "2026-12-31"})
	act(dir, "confirm", map[string]any{"extend_to": "2026-12-31"})
	act(off, "finish", map[string]any{"text": "已落实"})
	off.Get("escalations?finding="+finding.String(), &list)
	if list.Total != 1 || list.Items[0].State != linkage.MatterClosed {
		t.Errorf("about the finding: %+v", list)
	}
}

// TestOverviewOverHTTP: counts go up the tree and nowhere else.
func TestOverviewOverHTTP(t *testing.T) {
	t.Parallel()
	s := newLinkage(t)
	plantFinding(s, s.County[0][0])
	prov, city := s.As(s.House.As(s.Province, tenants.PROV)), s.As(s.House.As(s.City[0], tenants.CITY))
	var o statistics.Overview
	prov.Get("overview", &o)
	if o.Total.Counts.Problems != 1 || o.Total.Counts.Overdue != 1 || len(o.Rows) != 2 || !o.Rows[1].Missing {
		t.Errorf("the province counts %+v", o.Total)
	}
	prov.Get("overview?below="+s.City[0].Slug, &o)
	if len(o.Rows) != 3 || o.Rows[0].Counts.Problems != 1 || len(o.Path) != 2 {
		t.Errorf("the province below counts %+v", o.Rows)
	}
	var u statistics.UnitOverview
	prov.Get("overview/units?below="+s.County[0][0].Slug, &u)
	if len(u.Items) != 1 || u.Total.Counts.Problems != 1 {
		t.Errorf("units: %+v", u.Items)
	}
	for _, c := range []*apitest.Client{s.As(s.House.As(s.City[1], tenants.CITY)), s.As(s.House.As(s.County[0][1], tenants.OFF))} {
		if a := c.Do(http.MethodGet, "overview?below="+s.County[0][0].Slug, nil); a.Status != http.StatusNotFound {
			t.Errorf("somebody beside counts: %d %s", a.Status, a.Body)
		}
	}
	if a := s.As(s.House.As(s.City[0], tenants.LG)).Do(http.MethodGet, "overview", nil); a.Status != http.StatusForbidden {
		t.Errorf("LG = %d", a.Status)
	}
	var c linkage.CommonIssues
	city.Get("common-issues", &c)
	if len(c.Items) != 1 || c.Items[0].Findings != 1 {
		t.Errorf("common issues: %+v", c)
	}
}
