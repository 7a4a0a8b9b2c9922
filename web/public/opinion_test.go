package public_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// takes puts a box under the site and returns the office's desk behind it.
func (w *world) takes() *opinions.Service {
	w.t.Helper()
	w.site.Shelf = opinions.Shelf{DB: w.Public}
	w.site.Box = &opinions.Box{DB: w.Intake, Clock: w.svc.Clock, Key: []byte("a key of the tests")}
	cases := &rectification.Service{DB: w.DB, Clock: w.svc.Clock, Calendar: w.svc.Calendar}
	return &opinions.Service{
		DB: w.DB, Clock: w.svc.Clock, Calendar: w.svc.Calendar, Cases: cases, Doubts: &doubts.Service{DB: w.DB, Clock: w.svc.Clock, Cases: cases},
	}
}

// post sends a form as a plain browser does.
func (w *world) post(path string, form url.Values, headers ...string) answer {
	w.t.Helper()
	return w.send(http.MethodPost, path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
}

var (
	proofField   = regexp.MustCompile(`name="proof" value="([^"]+)"`)
	receiptField = regexp.MustCompile(`class="receipt">([^<]+)<`)
)

// speak brings a form from the page on which it is checked to the end.
func (w *world) speak(path string, form url.Values, headers ...string) answer {
	w.t.Helper()
	a := w.post(path, form, headers...)
	proof := proofField.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || proof == nil {
		return a
	}
	w.forward(5 * time.Second)
	sent := url.Values{"step": {"send"}, "proof": {proof[1]}}
	for name, values := range form {
		sent[name] = values
	}
	return w.post(path, sent, headers...)
}

// TestOpinion is the way of a citizen: the form on the page, the check page, the
// receipt; and what is shown once somebody decided so.
func TestOpinion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 3)
	desk := w.takes()
	text := w.base + "/zg/" + d.Number
	path := text + "/opinion"
	page := w.get(text)
	for _, want := range []string{`action="` + path + `"`, "意见经审核后选登。未选登不影响办理。", "共收到 0 条", `<option value="3">`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	const marker = "标记七四一九敬老院公示栏"
	form := url.Values{"text": {marker + "没有更新"}, "name": {"桥头老李"}, "item": {"2"}, "unfixed": {"1"}, "agree": {"1"}, "site": {""}}
	check := w.post(path, form)
	if check.status != http.StatusOK || !strings.Contains(check.body, "还没有提交") || !strings.Contains(check.body, marker) || !strings.Contains(check.body, "第2条") {
		t.Fatalf("check page: %d", check.status)
	}
	said := w.speak(path, form)
	told := receiptField.FindAllStringSubmatch(said.body, -1)
	if said.status != http.StatusOK || len(told) != 2 || !strings.HasPrefix(told[0][1], "SQL-YJ-2026-") {
		t.Fatalf("receipt: %d %v", said.status, told)
	}
	for _, a := range []answer{check, said, w.get(path), w.get(w.base + "/opinion")} {
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Set-Cookie") != "" || a.header.Get("ETag") != "" {
			t.Errorf("headers of what one reader alone sees: %v", a.header)
		}
	}

	// Nothing that was not decided on is on any page, in any file, or under any address.
	crawl := func() (found []string) {
		seen := map[string]bool{}
		for queue := []string{"/", text, path, w.base + "/opinion", "/sitemap.xml"}; len(queue) > 0; queue = queue[1:] {
			at := queue[0]
			if seen[at] || !strings.HasPrefix(at, "/") {
				continue
			}
			seen[at] = true
			a := w.get(at)
			if strings.Contains(a.body, marker) || strings.Contains(a.body, "桥头老李") {
				found = append(found, at)
			}
			for _, m := range regexp.MustCompile(`(?:href="|<loc>|action=")([^"<#]+)`).FindAllStringSubmatch(a.body, -1) {
				queue = append(queue, strings.TrimPrefix(strings.ReplaceAll(m[1], "&amp;", "&"), "https://gk.example.cn"))
			}
		}
		if len(seen) < 15 {
			t.Errorf("the crawl saw %d addresses", len(seen))
		}
		return found
	}
	if found := crawl(); len(found) > 0 {
		t.Errorf("before anybody decided, %v say it", found)
	}
	off := w.person(tenants.OFF)
	p := tenantstest.Must(desk.List(t.Context(), off, opinions.Filter{Limit: 10}))(t)
	if p.Total != 1 {
		t.Fatalf("the office has %d opinions", p.Total)
	}
	o := tenantstest.Must(desk.Feature(t.Context(), off, p.Items[0].ID, 1, opinions.Showing{Text: p.Items[0].Text}))(t)
	o = tenantstest.Must(desk.Answer(t.Context(), off, o.ID, o.Version, opinions.Answering{Text: "已补公示。"}))(t)
	if found := crawl(); len(found) != 2 { // the positive control: the page in both sizes, and without the name
		t.Errorf("once it is shown, %v say it", found)
	}
	page = w.get(text)
	for _, want := range []string{"共收到 1 条，选登 1 条", "网友", "已补公示。", `href="#f2"`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	status := w.post(w.base+"/opinion", url.Values{"number": {told[0][1]}, "code": {told[1][1]}})
	if status.status != http.StatusOK || !strings.Contains(status.body, "已选登") || !strings.Contains(status.body, "已补公示。") || strings.Contains(status.body, marker) {
		t.Errorf("under its code: %d %s", status.status, status.body)
	}
	wrong := w.post(w.base+"/opinion", url.Values{"number": {told[0][1]}, "code": {"1234123412341234"}})
	unknown := w.post(w.base+"/opinion", url.Values{"number": {"SQL-YJ-2026-9999"}, "code": {told[1][1]}})
	if wrong.status != http.StatusUnprocessableEntity || unknown.status != wrong.status ||
		strings.ReplaceAll(unknown.body, "SQL-YJ-2026-9999", told[0][1]) != wrong.body {
		t.Errorf("a wrong code and an unknown number differ: %d, %d", wrong.status, unknown.status)
	}
}

// TestOpinionInput is bad input (TRUST BI-190 to 197), and what it leaves: nothing.
func TestOpinionInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 3)
	w.takes()
	text := w.base + "/zg/" + d.Number
	path := text + "/opinion"
	ok := func(name, value string) url.Values {
		form := url.Values{"text": {"没有更新"}, "agree": {"1"}}
		form.Set(name, value)
		return form
	}
	for what, tt := range map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"as it should be":  {ok("name", "老李"), http.StatusOK, "还没有提交"},
		"5,001 characters": {ok("text", strings.Repeat("字", 5001)), http.StatusUnprocessableEntity, "文字过长"},
		"too much":         {ok("text", strings.Repeat("字", 20_000)), http.StatusBadRequest, "未能提交"},
		"nothing":          {ok("text", "  "), http.StatusUnprocessableEntity, "此项必填"},
		"not UTF-8":        {ok("text", "\xff\xfe"), http.StatusUnprocessableEntity, "UTF-8"},
		"a trap":           {ok("site", "http://spam.example"), http.StatusUnprocessableEntity, "请留空"},
		"no choice":        {ok("agree", ""), http.StatusUnprocessableEntity, "请选择是否愿意公开"},
		"no such finding":  {ok("item", "9"), http.StatusUnprocessableEntity, "请从列表中选择"},
		"unknown field":    {ok("admin", "1"), http.StatusBadRequest, "未能提交"},
		"a field twice":    {url.Values{"text": {"a", "b"}, "agree": {"1"}}, http.StatusBadRequest, "未能提交"},
		"markup":           {ok("text", `<script>alert(1)</script><img src=x onerror=alert(1)> https://x.example {{7*7}} </textarea>`), http.StatusOK, "&lt;script&gt;alert(1)"},
		"no proof":         {ok("step", "send"), http.StatusConflict, "确认后再提交"},
	} {
		a := w.post(path, tt.form)
		if a.status != tt.status || !strings.Contains(a.body, tt.says) {
			t.Errorf("%s: %d, want %d with %q", what, a.status, tt.status, tt.says)
		}
		for _, never := range []string{"<script>", "<img", `<a href="https://x.example`, ">49<"} {
			if strings.Contains(a.body, never) {
				t.Errorf("%s: the answer has %s", what, never)
			}
		}
	}
	for what, a := range map[string]answer{
		"as JSON":           w.send(http.MethodPost, path, `{"text":"x"}`, "Content-Type", "application/json"),
		"as multipart":      w.send(http.MethodPost, path, "--x\r\n", "Content-Type", "multipart/form-data; boundary=x"),
		"from another site": w.post(path, ok("name", ""), "Sec-Fetch-Site", "cross-site"),
		"of another origin": w.post(path, ok("name", ""), "Origin", "https://evil.example"),
	} {
		if a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	if a := w.post(text, ok("name", "")); a.status != http.StatusMethodNotAllowed {
		t.Errorf("the page itself takes a form: %d", a.status)
	}
	if n := tenantstest.RootValue[int](w.House, `select count(*)::int from public_opinions`); n != 0 {
		t.Errorf("%d opinions came of bad input", n)
	}
	if a := w.speak(path, ok("name", "")); a.status != http.StatusOK || !strings.Contains(a.body, "查询码") { // the next good one works
		t.Errorf("a good one: %d", a.status)
	}
	w.Root(`update publications set opinions_until = '2026-09-30'`)
	if a := w.post(path, ok("name", "")); a.status != http.StatusConflict || !strings.Contains(a.body, "仍可来信来电") {
		t.Errorf("after the time: %d", a.status)
	}
	if a := w.get(text); strings.Contains(a.body, "<form class=\"say\"") || !strings.Contains(a.body, "意见征集已结束") {
		t.Error("after the time the page has its form")
	}
	if _, err := w.svc.Withdraw(t.Context(), w.person(tenants.DIR), d.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误"}); err != nil {
		t.Fatal(err)
	}
	if a := w.post(path, ok("name", "")); a.status != http.StatusGone {
		t.Errorf("about a withdrawn page: %d", a.status)
	}
}

// TestOpinionFlood: three an hour from one address, however often it is tried; others
// are not held off, and no address is in the database.
func TestOpinionFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 3)
	w.takes()
	w.site.Proxied = true
	path := w.base + "/zg/" + d.Number + "/opinion"
	form := url.Values{"text": {"没有更新"}, "agree": {"0"}}
	var got []int
	for range 5 {
		got = append(got, w.speak(path, form, "X-Forwarded-For", "203.0.113.77, 2001:db8:7:7::1").status)
	}
	if want := []int{200, 200, 200, 429, 429}; len(got) != 5 || got[2] != want[2] || got[3] != want[3] || got[4] != want[4] {
		t.Errorf("one address: %v, want %v", got, want)
	}
	held := w.speak(path, form, "X-Forwarded-For", "2001:db8:7:7:ffff::9") // the same network
	if held.status != http.StatusTooManyRequests || held.header.Get("Retry-After") == "" || !strings.Contains(held.body, "没有更新") {
		t.Errorf("the same network: %d, and what was written is lost", held.status)
	}
	if a := w.speak(path, form, "X-Forwarded-For", "203.0.113.78"); a.status != http.StatusOK {
		t.Errorf("another address: %d", a.status)
	}
	w.forward(time.Hour)
	if a := w.speak(path, form, "X-Forwarded-For", "2001:db8:7:7::1"); a.status != http.StatusOK {
		t.Errorf("an hour later: %d", a.status)
	}
	if n := tenantstest.RootValue[int](w.House, `select count(*)::int from public_opinions`); n != 5 {
		t.Errorf("%d opinions, want 5", n)
	}
	for _, table := range []string{"public_opinions", "journal"} {
		if n := tenantstest.RootValue[int](w.House, `select count(*)::int from `+table+` x where x::text ~ '203\.0\.113|2001:db8'`); n != 0 {
			t.Errorf("%s holds an address", table)
		}
	}
}

// TestOpinionTwice: a form sent twice is one opinion with one receipt.
func TestOpinionTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 3)
	w.takes()
	path := w.base + "/zg/" + d.Number + "/opinion"
	form := url.Values{"text": {"没有更新"}, "agree": {"1"}}
	proof := proofField.FindStringSubmatch(w.post(path, form).body)
	form.Set("proof", proof[1])
	form.Set("step", "send")
	if a := w.post(path, form); a.status != http.StatusConflict || !strings.Contains(a.body, "提交过快") {
		t.Errorf("sooner than anybody reads: %d", a.status)
	}
	w.forward(5 * time.Second)
	first, second := w.post(path, form), w.post(path, form)
	if first.status != http.StatusOK || first.body != second.body {
		t.Errorf("twice: %d and %d, or two receipts", first.status, second.status)
	}
	if n := tenantstest.RootValue[int](w.House, `select count(*)::int from public_opinions`); n != 1 {
		t.Errorf("%d opinions", n)
	}
	w.Root(`insert into policies (tenant_id, version, body) values ($1, 1, '{"disclosure_opinions": "off"}')`, w.county.ID)
	if a := w.get(path); a.status != http.StatusConflict {
		t.Errorf("switched off, the form is there: %d", a.status)
	}
	if a := w.get(w.base + "/zg/" + d.Number + "?size=l"); strings.Contains(a.body, "意见选登") {
		t.Error("switched off, the page speaks of opinions")
	}
}
