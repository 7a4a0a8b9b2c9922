package api_test

import (
	"net/http"
	"strings"
	"testing"

	"xuncha/api/apitest"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// raisedMatter is a county's matter that its city accepted, as the city last read it.
type raisedMatter struct {
	off, dir, city *apitest.Client
	at, tag, id    string
}

func raiseMatter(t *testing.T, s *apitest.Server, county tenants.Tenant, city *apitest.Client) *raisedMatter {
	t.Helper()
	r := &raisedMatter{off: s.As(s.House.As(county, tenants.OFF)), dir: s.As(s.House.As(county, tenants.DIR)), city: city}
	var m linkage.Matter
	a := post(t, r.off, http.StatusCreated, "escalations", map[string]any{
		"finding": plantFinding(s, county), "title": "口径不一", "tried": "会商", "why": "超出本级", "asked": "统筹",
	})
	a.Into(t, &m)
	r.id, r.at, r.tag = m.ID.String(), "escalations/"+m.ID.String()+"/", a.Header.Get("ETag")
	r.act(t, r.off, "submit", nil)
	r.act(t, r.dir, "approve", nil)
	r.act(t, city, "accept", map[string]any{})
	return r
}

// act does one thing to the matter's latest version.
func (r *raisedMatter) act(t *testing.T, c *apitest.Client, do string, body any) {
	t.Helper()
	r.tag = post(t, c, http.StatusOK, r.at+do, body, "If-Match", r.tag).Header.Get("ETag")
}

// refused does one thing that must not be done, and returns its problem's words.
func (r *raisedMatter) refused(t *testing.T, c *apitest.Client, do string, body any, status int, code string) string {
	t.Helper()
	a := post(t, c, status, r.at+do, body, "If-Match", r.tag)
	if code != "" && a.Problem() != code {
		t.Errorf("%s is refused as %s, want %s", do, a.Problem(), code)
	}
	return string(a.Body)
}

// reread brings the version up to date, as the city reads it.
func (r *raisedMatter) reread(t *testing.T) (v linkage.MatterView) {
	t.Helper()
	r.tag = r.city.Get(strings.TrimSuffix(r.at, "/"), &v).Header.Get("ETag")
	return v
}

// unproven is the same person, who did not prove lately who they are.
func unproven(s tenants.Scope) tenants.Scope {
	return tenants.ForGrant(tenants.Acting{
		Office: s.Office(), Member: s.Member(), Grant: s.Grant(), Name: s.Name(), Role: s.Role(), Unit: s.Unit(),
	})
}

// TestMergedOverHTTP: who may merge, decide, dispute and stop a clock, on which version,
// and what is said when it cannot be done.
func TestMergedOverHTTP(t *testing.T) {
	t.Parallel()
	s := newLinkage(t)
	city, stale := s.As(s.House.As(s.City[0], tenants.CITY)), s.As(unproven(s.House.As(s.City[0], tenants.CITY)))
	mine, theirs := raiseMatter(t, s, s.County[0][0], city), raiseMatter(t, s, s.County[0][1], city)
	both := map[string]any{"with": []string{theirs.id}}

	post(t, city, http.StatusPreconditionRequired, mine.at+"merge", both)
	post(t, city, http.StatusPreconditionFailed, mine.at+"merge", both, "If-Match", `"1"`)
	mine.refused(t, mine.dir, "merge", both, http.StatusForbidden, "forbidden")
	mine.refused(t, city, "merge", map[string]any{"with": []string{}}, http.StatusUnprocessableEntity, "")
	mine.refused(t, city, "merge", map[string]any{"with": []string{mine.id}}, http.StatusUnprocessableEntity, "escalation.merge-self")
	mine.refused(t, city, "split", nil, http.StatusConflict, "escalation.not-merged")
	mine.act(t, city, "merge", both)
	if v := mine.reread(t); v.Merged != 2 || len(v.Together) != 1 {
		t.Fatalf("merged %d, together %+v", v.Merged, v.Together)
	}

	decide := map[string]any{"decision": "assign", "target": "市财政局", "due_on": "2026-12-18", "text": "统一列支口径"}
	said := theirs.refused(t, city, "decide", decide, http.StatusConflict, "escalation.merged") // read before it was merged
	if !strings.Contains(said, "该事项的并案范围已变化，请查看后再办理。") {
		t.Errorf("who read it before is told %s", said)
	}
	post(t, city, http.StatusPreconditionRequired, mine.at+"decide", decide)
	mine.refused(t, mine.dir, "decide", decide, http.StatusForbidden, "forbidden")
	mine.refused(t, city, "decide", map[string]any{"decision": "", "target": "", "due_on": "2026-12-18", "text": "定"}, http.StatusUnprocessableEntity, "")
	mine.refused(t, stale, "decide", decide, http.StatusForbidden, "step-up-required")
	mine.refused(t, mine.dir, "stop-clock", map[string]string{"reason": "等待"}, http.StatusConflict, "escalation.wrong-state")
	mine.act(t, city, "decide", decide)
	if v := theirs.reread(t); v.State != linkage.MatterWorking || v.Target != "市财政局" {
		t.Errorf("what was merged is %s with %s", v.State, v.Target)
	}

	stop := map[string]string{"reason": "等待市级统一口径"}
	post(t, mine.dir, http.StatusPreconditionRequired, mine.at+"stop-clock", stop)
	mine.refused(t, mine.off, "stop-clock", stop, http.StatusForbidden, "forbidden")
	mine.refused(t, mine.dir, "stop-clock", map[string]string{"reason": strings.Repeat("长", 191)}, http.StatusUnprocessableEntity, "")
	mine.act(t, mine.dir, "stop-clock", stop)
	mine.refused(t, mine.dir, "stop-clock", stop, http.StatusConflict, "rectification.clock-stopped")

	mine.reread(t)
	mine.act(t, city, "answer", map[string]any{"outcome": "policy", "text": "在公用经费中列支"})
	why := map[string]string{"text": "公用经费已无余额"}
	post(t, mine.dir, http.StatusPreconditionRequired, mine.at+"dispute", why)
	mine.refused(t, mine.off, "dispute", why, http.StatusForbidden, "forbidden")
	mine.refused(t, mine.dir, "dispute", map[string]string{"text": ""}, http.StatusUnprocessableEntity, "")
	mine.act(t, mine.dir, "dispute", why)
	mine.act(t, city, "answer", map[string]any{"outcome": "policy", "text": "由市级专项列支"})
	said = mine.refused(t, mine.dir, "dispute", why, http.StatusConflict, "escalation.disputed")
	if !strings.Contains(said, "已提出过一次异议，请确认答复。") {
		t.Errorf("a second dispute is told %s", said)
	}
	if v := theirs.reread(t); v.State != linkage.Answered || v.Answer != "在公用经费中列支" {
		t.Errorf("the other is %s: %s", v.State, v.Answer)
	}
}
