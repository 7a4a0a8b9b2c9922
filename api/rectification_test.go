package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob/memblob"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/directives"
	"xuncha/inspection/rectification/extensions"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/listings"
	"xuncha/inspection/rectification/samples"
	"xuncha/inspection/rounds"
	"xuncha/inspection/units"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// ledger is a county whose ledger answers over HTTP, and its people.
type ledger struct {
	*apitest.Server
	office tenants.Tenant
	unit   inspection.UnitID
	round  inspection.RoundID

	off, dir, disc, liaison *apitest.Client
	token                   string // of the liaison
}

func newLedger(t *testing.T) *ledger {
	t.Helper()
	clock := inspection.ClockAt(tenantstest.Now)
	l := &ledger{Server: apitest.New(t, func(h *tenantstest.House) api.Rooms {
		bucket := memblob.OpenBucket(nil)
		t.Cleanup(func() { _ = bucket.Close() })
		cases := &rectification.Service{
			DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Files: files.NewStore(bucket),
		}
		return api.Rooms{
			Units: &units.Service{DB: h.DB}, Rounds: &rounds.Service{DB: h.DB},
			Findings:      &findings.Service{DB: h.DB, Clock: clock, Issued: cases.Begin},
			Rectification: cases,
			Extensions:    &extensions.Service{DB: h.DB, Clock: clock, Cases: cases},
			Samples:       &samples.Service{DB: h.DB, Clock: clock, Cases: cases},
			Listings:      &listings.Service{DB: h.DB, Clock: clock},
			Directives:    &directives.Service{DB: h.DB, Clock: clock},
			Documents:     &documents.Service{DB: h.DB, Clock: clock, Cases: cases},
			Views:         &tenants.Views{DB: h.DB, Clock: clock},
		}
	})}
	l.office = l.County[0][0]
	l.unit, l.round = l.Unit(l.office, "县水务局党组"), l.Round(l.office)
	l.off, l.dir = l.as(tenants.OFF), l.as(tenants.DIR)
	liaison := l.House.As(l.office, tenants.UNIT, l.unit)
	l.disc, l.liaison, l.token = l.as(tenants.DISC), l.As(liaison), liaison.Member().String()
	return l
}

func (l *ledger) as(role tenants.Role, unit ...inspection.UnitID) *apitest.Client {
	return l.As(l.House.As(l.office, role, unit...))
}

// post sends and fails the test unless the answer has this status.
func post(t *testing.T, c *apitest.Client, want int, path string, body any, headers ...string) apitest.Answer {
	t.Helper()
	a := c.Do(http.MethodPost, path, body, headers...)
	if a.Status != want {
		t.Fatalf("POST %s = %d %s, want %d", path, a.Status, a.Body, want)
	}
	return a
}

// begun drafts a finding and gives feedback on it; it has one measure.
func (l *ledger) begun(t *testing.T) (path, tag string) {
	t.Helper()
	post(t, l.off, http.StatusCreated, "findings", map[string]any{
		"round": l.round, "unit": l.unit, "findings": []any{map[string]any{"focus": 1, "text": "理论学习走过场。"}},
	})
	a := post(t, l.dir, http.StatusOK, "feedback", map[string]any{"round": l.round, "unit": l.unit, "feedback_on": "2026-07-10"})
	var issued struct{ Items []struct{ ID string } }
	a.Into(t, &issued)
	path = "items/" + issued.Items[0].ID
	post(t, l.liaison, http.StatusCreated, path+"/measures", map[string]any{"text": "修订制度。"})
	return path, `"1"`
}

// upload sends a file in two chunks and returns what became of it.
func (l *ledger) upload(t *testing.T, path, name string, content []byte) apitest.Answer {
	t.Helper()
	var item rectification.ItemPage
	l.liaison.Get(path, &item)
	var p rectification.Upload
	post(t, l.liaison, http.StatusCreated, path+"/uploads", map[string]any{
		"name": name, "size": len(content), "measure": item.Measures[0].ID, "not_secret": true,
	}).Into(t, &p)
	for _, chunk := range []struct{ from, to int }{{0, 10}, {10, len(content)}} {
		a := l.liaison.Do(http.MethodPut, fmt.Sprintf("uploads/%s?offset=%d", p.ID, chunk.from), content[chunk.from:chunk.to],
			"Content-Type", "application/octet-stream")
		if a.Status != http.StatusOK {
			t.Fatalf("PUT = %d %s", a.Status, a.Body)
		}
	}
	return l.liaison.Do(http.MethodPost, "uploads/"+p.ID.String()+"/complete", nil)
}

var pdf = []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n")

// TestDepartmentReviews carries an item to its end that a coordinating department reviews,
// because the policy names it: it reads it, notes on it and says what it thinks.
func TestDepartmentReviews(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	dept := l.as(tenants.DEPT)
	path, tag := l.begun(t)
	l.House.Root(`update rounds set policy = '{"review_parties": ["DEPT", "OFF"], "review_days": 3}' where id = $1`, l.round)
	tag = post(t, l.liaison, http.StatusOK, path+"/start", nil, "If-Match", tag).Header.Get("ETag")
	if a := l.upload(t, path, "佐证.pdf", pdf); a.Status != http.StatusCreated {
		t.Fatalf("complete = %d %s", a.Status, a.Body)
	}
	tag = post(t, l.liaison, http.StatusOK, path+"/submit", map[string]any{"statement": "已完成。"}, "If-Match", tag).Header.Get("ETag")
	var item rectification.ItemPage
	dept.Get(path, &item)
	post(t, dept, http.StatusOK, path+"/claim", nil)
	post(t, dept, http.StatusCreated, "evidence/"+item.Files[0].ID.String()+"/notes", map[string]any{"page": 1, "text": "日期清楚。"})
	post(t, dept, http.StatusOK, path+"/opinion", map[string]any{"submission": 1, "verdict": "agree"})
	post(t, l.disc, http.StatusForbidden, path+"/opinion", map[string]any{"submission": 1, "verdict": "agree"})
	post(t, l.off, http.StatusOK, path+"/opinion", map[string]any{"submission": 1, "verdict": "agree"})
	post(t, l.dir, http.StatusOK, path+"/accept", map[string]any{}, "If-Match", tag)
}

// TestItemOverHTTP carries an item from the feedback to its end, with the tags
// that each answer gives.
func TestItemOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, tag := l.begun(t)
	tagOf := func(a apitest.Answer) string { return a.Header.Get("ETag") }
	tag = tagOf(post(t, l.liaison, http.StatusOK, path+"/start", nil, "If-Match", tag))
	a := l.liaison.Do(http.MethodPatch, path, map[string]any{"progress": "已印发学习计划。"}, "If-Match", tag)
	tag = tagOf(a)
	if a = l.upload(t, path, "学习 计划.pdf", pdf); a.Status != http.StatusCreated {
		t.Fatalf("complete = %d %s", a.Status, a.Body)
	}
	tag = tagOf(post(t, l.liaison, http.StatusOK, path+"/submit", map[string]any{"statement": "已完成。"}, "If-Match", tag))
	post(t, l.disc, http.StatusOK, path+"/opinion", map[string]any{"submission": 1, "verdict": "agree"})
	var before rectification.ItemPage
	l.off.Get(path, &before)
	if len(before.Submissions[0].Opinions) != 0 {
		t.Error("the office reads the other party's opinion before it gave its own")
	}
	post(t, l.off, http.StatusOK, path+"/opinion", map[string]any{"submission": 1, "verdict": "agree"})
	a = post(t, l.dir, http.StatusOK, path+"/accept", map[string]any{}, "If-Match", tag)
	var c rectification.Case
	if a.Into(t, &c); c.State != rectification.Closed {
		t.Errorf("accepted as %s", c.State)
	}
	var closed struct {
		Items []rectification.Item
		Total int
	}
	l.off.Get("items?state=closed,open&due=2026-10-01..2026-10-31&sort=-changed&q="+url.QueryEscape("理论"), &closed)
	if closed.Total != 1 || closed.Items[0].State != rectification.Closed {
		t.Errorf("listed %+v", closed)
	}
	var timeline struct{ Items []rectification.Event }
	l.off.Get(path+"/timeline?limit=3", &timeline)
	if len(timeline.Items) != 3 || timeline.Items[0].Title != "销号" {
		t.Errorf("timeline = %+v", timeline.Items)
	}
}

// TestConditions tries acts without a version, with an old one, and twice under
// one key.
func TestConditions(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, tag := l.begun(t)
	refused := func(want int, problem string, a apitest.Answer) {
		t.Helper()
		if a.Status != want || a.Problem() != problem {
			t.Errorf("= %d %s, want %d %s: %s", a.Status, a.Problem(), want, problem, a.Body)
		}
	}
	refused(http.StatusPreconditionRequired, "if-match-required", l.liaison.Do(http.MethodPost, path+"/start", nil))
	refused(http.StatusForbidden, "forbidden", l.off.Do(http.MethodPost, path+"/start", nil, "If-Match", tag))
	refused(http.StatusConflict, "rectification.wrong-state",
		l.liaison.Do(http.MethodPost, path+"/submit", map[string]any{"statement": "x"}, "If-Match", tag))
	first := post(t, l.liaison, http.StatusOK, path+"/start", nil, "If-Match", tag, "Idempotency-Key", "k1")
	again := post(t, l.liaison, http.StatusOK, path+"/start", nil, "If-Match", tag, "Idempotency-Key", "k1")
	if !bytes.Equal(first.Body, again.Body) || first.Header.Get("ETag") != again.Header.Get("ETag") {
		t.Errorf("a repeated request was answered differently:\n%s\n%s", first.Body, again.Body)
	}
	l.liaison.Do(http.MethodPatch, path, map[string]any{"progress": "一"}, "If-Match", `"2"`)
	a := l.liaison.Do(http.MethodPatch, path, map[string]any{"progress": "二"}, "If-Match", `"2"`)
	refused(http.StatusPreconditionFailed, "rectification.stale", a)
	var p struct{ Current rectification.Case }
	if a.Into(t, &p); p.Current.Progress != "一" || p.Current.Version != 3 || p.Current.ChangedBy == "" {
		t.Errorf("the refusal carries %+v", p.Current)
	}
	refused(http.StatusUnprocessableEntity, "validation", l.off.Do(http.MethodGet, "items?sort=text", nil))
	refused(http.StatusUnprocessableEntity, "validation", l.off.Do(http.MethodGet, "items?state=overdue", nil))
	refused(http.StatusUnprocessableEntity, "rectification.due", l.off.Do(http.MethodGet, "items?due=soon", nil))
	refused(http.StatusNotFound, "not-found", l.off.Do(http.MethodGet, "items/"+strings.ToUpper(strings.TrimPrefix(path, "items/")), nil))
	refused(http.StatusUnprocessableEntity, "rectification.nothing",
		l.liaison.Do(http.MethodPatch, path, map[string]any{"progress": nil}, "If-Match", `"3"`))
}

// TestForeignItem asks for an item of a sibling and for none at all: the answers
// are the same bytes but for the request's number.
func TestForeignItem(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, _ := l.begun(t)
	sibling := l.As(l.House.As(l.County[0][1], tenants.OFF))
	unknown := "items/" + inspection.NewID[inspection.FindingID]().String()
	for _, suffix := range []string{"", "/timeline"} {
		if a := l.off.Do(http.MethodGet, path+suffix, nil); a.Status != http.StatusOK {
			t.Fatalf("its owner gets %d", a.Status)
		}
		a, b := sibling.Do(http.MethodGet, path+suffix, nil), sibling.Do(http.MethodGet, unknown+suffix, nil)
		var left, right map[string]any
		a.Into(t, &left)
		b.Into(t, &right)
		delete(left, "instance")
		delete(right, "instance")
		if diff := cmp.Diff(left, right); diff != "" || a.Status != http.StatusNotFound || b.Status != http.StatusNotFound {
			t.Errorf("%d and %d (-foreign +unknown):\n%s", a.Status, b.Status, diff)
		}
	}
	city := l.As(l.House.As(l.City[0], tenants.CITY))
	var item rectification.ItemPage
	if city.Get(path+"?below="+l.office.Slug, &item); item.Office != l.office.Slug || len(item.Allowed) != 0 {
		t.Errorf("the city reads an item of %s and may %v", item.Office, item.Allowed)
	}
}

// TestPagesOverHTTP follows sealed cursors, and misuses them.
func TestPagesOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	for range 3 {
		l.begun(t)
	}
	var p inspection.Page[rectification.Item]
	seen := map[string]bool{}
	for next := ""; ; next = "&cursor=" + p.Next {
		p = inspection.Page[rectification.Item]{}
		l.off.Get("items?limit=1&sort=number"+next, &p)
		seen[p.Items[0].Number] = true
		if p.Next == "" {
			break
		}
	}
	if len(seen) != 3 {
		t.Errorf("saw %v, want three items", seen)
	}
	l.off.Get("items?limit=1&sort=number", &p)
	for what, a := range map[string]apitest.Answer{
		"another filter": l.off.Do(http.MethodGet, "items?limit=1&sort=due&cursor="+p.Next, nil),
		"another person": l.dir.Do(http.MethodGet, "items?limit=1&sort=number&cursor="+p.Next, nil),
		"cut":            l.off.Do(http.MethodGet, "items?limit=1&sort=number&cursor="+p.Next[:20], nil),
	} {
		if a.Status != http.StatusBadRequest || a.Problem() != "bad-cursor" {
			t.Errorf("%s: %d %s", what, a.Status, a.Problem())
		}
	}
}

// TestVocabulary serves codes and words.
func TestVocabulary(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	var v struct {
		Codes   []findings.Code
		Focuses []findings.Focus
		Words   []rectification.Word
	}
	l.liaison.Get("taxonomy", &v)
	if len(v.Codes) != 123 || len(v.Focuses) != 4 || len(v.Words) != len(rectification.Words()) {
		t.Errorf("%d codes, %d focuses, %d words", len(v.Codes), len(v.Focuses), len(v.Words))
	}
	var us struct{ Items []units.Unit }
	var rs struct{ Items []rounds.Round }
	l.off.Get("units", &us)
	l.off.Get("rounds", &rs)
	if len(us.Items) != 1 || len(rs.Items) != 1 {
		t.Errorf("%d units, %d rounds", len(us.Items), len(rs.Items))
	}
}
