package public_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
	"xuncha/web/public"
)

// TestPages walks the site as a crawler does, from its home over every link: no
// link is dead, and no page needs a script, sets a cookie or asks a third party.
func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 22 {
		w.scheduled(w.draft(fmt.Sprintf("第%d镇党委", i+1), 2))
	}
	d := w.scheduled(w.draft("县民政局党组", 14))
	w.publish()
	seen := map[string]bool{"/": true}
	titles := map[string]string{}
	for queue := []string{"/"}; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		a := w.get(path)
		if a.status != http.StatusOK {
			t.Errorf("%s = %d", path, a.status)
			continue
		}
		if strings.HasSuffix(path, ".svg") || strings.Contains(path, "/feed.") {
			continue // names its namespace
		}
		for _, bad := range []string{"http://", "<style", "onclick", "javascript:", "ZgotmplZ", "<no value>", "%!"} {
			if strings.Contains(a.body, bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
		for _, m := range regexp.MustCompile(`https://[^"<&\s]+`).FindAllString(a.body, -1) {
			if !strings.HasPrefix(m, "https://gk.example.cn/") && m != "https://schema.org" {
				t.Errorf("%s names %s", path, m)
			}
		}
		if n, data := strings.Count(a.body, "<script"), strings.Count(a.body, `<script type="application/ld+json">`); n != data {
			t.Errorf("%s has a script", path)
		}
		if a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
		if strings.HasPrefix(a.body, "<!doctype") {
			checkForm(t, path, a.body)
			title := between(a.body, "<title>", "</title>")
			if other, ok := titles[title]; ok && bare(other) != bare(path) {
				t.Errorf("%s and %s have the same title %s", path, other, title)
			}
			titles[title] = path
		}
		for _, m := range regexp.MustCompile(`(?:href|src|action)="([^"]*)"`).FindAllStringSubmatch(a.body, -1) {
			to := strings.ReplaceAll(m[1], "&amp;", "&")
			if id, ok := strings.CutPrefix(to, "#"); ok {
				if !strings.Contains(a.body, `id="`+id+`"`) {
					t.Errorf("%s leads to #%s, which is not there", path, id)
				}
				continue
			}
			if strings.HasPrefix(to, "/") && !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	for _, path := range []string{
		"/city-990100", w.base, w.base + "/list", w.base + "/list?page=2", w.base + "/zg/" + d.Number, w.base + "/zg/" + d.Number + "/data.json",
		w.base + "/zg/" + d.Number + "?size=l", w.base + "/list?round=10-5", "/favicon.svg", "/?size=l",
	} {
		if !seen[path] {
			t.Errorf("no link leads to %s", path)
		}
	}
	for _, path := range []string{"/robots.txt", "/favicon.ico", "/sitemap.xml"} {
		if a := w.get(path); a.status != http.StatusOK {
			t.Errorf("%s = %d", path, a.status)
		}
	}
}

// bare is a path without type size, page number and filters: those pages are one
// to a reader.
func bare(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// checkForm looks for what every page has for people who do not see it.
func checkForm(t *testing.T, path, body string) {
	t.Helper()
	for what, ok := range map[string]bool{
		"lang":              strings.Contains(body, `<html lang="zh-CN">`),
		"one h1":            strings.Count(body, "<h1>") == 1,
		"main":              strings.Count(body, "<main id=\"main\"") == 1,
		"the skip link":     strings.Index(body, `<a href="#main">`) == strings.Index(body, "<a "),
		"the demo's line":   strings.Contains(body, "演示数据，与任何真实地区、单位和个人无关"),
		"a named table":     strings.Count(body, "<table") == strings.Count(body, "<caption"),
		"scopes":            !strings.Contains(body, "<th>"),
		"a label per field": strings.Count(body, "<label") == strings.Count(body, "<select")+strings.Count(body, `<input id=`),
	} {
		if !ok {
			t.Errorf("%s lacks %s", path, what)
		}
	}
	last := 1
	for _, m := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(body, -1) {
		level := int(m[1][0] - '0')
		if level > last+1 {
			t.Errorf("%s: a heading of level %d follows one of level %d", path, level, last)
		}
		last = level
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if ids[m[1]] {
			t.Errorf("%s: id %s stands twice", path, m[1])
		}
		ids[m[1]] = true
	}
}

// TestFields looks for the nineteen fields of a 通报 on its page.
func TestFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.draft("县民政局党组", 14)
	w.edit(d, d.Items[4], disclosure.ItemChange{Withheld: new(disclosure.Case)})
	d = w.scheduled(d)
	w.publish()
	body := w.get(w.base + "/zg/" + d.Number).body
	for _, want := range []string{
		"<h1>中共石桥岭县民政局党组关于县委巡察集中整改进展情况的通报</h1>",
		"<dt>索引号</dt><dd>SQL-XC-2026-05-01</dd>",
		"<dt>发布机构</dt><dd>石桥岭县委巡察工作领导小组办公室</dd>", "<dt>被巡察党组织</dt><dd>中共石桥岭县民政局党组</dd>",
		"十届县委第五轮巡察；", `<time datetime="2026-03-02">2026年3月2日</time>`,
		`<dt>反馈日期</dt><dd><time datetime="2026-05-28">`,
		`<dt>集中整改期</dt>`, `<caption>截至<time datetime="2026-11-20">2026年11月20日</time></caption>`,
		`<dt>发布日期</dt>`, `<dt>意见征集截止</dt><dd>2026年12月11日</dd>`,
		"现将集中整改进展情况予以公布。",
		"<td>14</td><td>10</td><td>2</td><td>1</td><td>1</td>", "长期整改：需要较长时间",
		"一、组织整改情况", "（一）党组履行主体责任情况", "（二）主要负责人履行第一责任人责任情况", "专题会议4次",
		"二、反馈问题整改落实情况", `id="f13"`, `<span class="status done">已完成</span>`, `<span class="status long-term">长期整改</span>`,
		`<span class="status ongoing">正在推进</span>`, "<dt>反馈问题</dt>", "<dt>整改措施与成效</dt>", "<dt>完成时间</dt>",
		"<dt>下次公布时间</dt>", "<dt>建立或修订的制度</dt>", `aria-label="本条链接：第13条"`,
		"另有 1 项依规不公开。",
		"三、需长期整改的事项", "<dt>原因</dt>", "<dt>阶段目标</dt>", "<dt>牵头</dt>", "<dt>下次公布</dt>",
		"四、移交事项办理情况", "五、下一步安排", "附：数据", "反馈问题 14 个：已完成 10，长期整改 2，正在推进 1，依规不公开 1",
		"监督方式", `href="tel:0991-5550168"`, "信封上请注明", "mailto:mzj@example.cn",
		"更正与版本", "本页未作更正。",
		`<p class="signed">中共石桥岭县民政局党组<br><time datetime="2026-11-20">2026年11月20日</time></p>`,
		`"@type":"Article"`, `"identifier":"SQL-XC-2026-05-01"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, bad := range []string{"临时救助资金发放不够及时", `id="f14"`, "在初核", "case", "某某"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	data := w.get(w.base + "/zg/" + d.Number + "/data.json")
	if !strings.Contains(data.body, `"counts":{"findings":14,"done":10,"long_term":2,"ongoing":1,"withheld":1}`) {
		t.Errorf("data: %s", data.body)
	}
}

// TestNeverEarly asks for the page as fast as it can while its time comes: until
// then every answer is the same as for a page that never was, and no other page
// knows of it.
func TestNeverEarly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.published("县自然资源局党组", 2) // the positive control
	d := w.scheduled(w.draft("县民政局党组", 3))
	path := w.base + "/zg/" + d.Number
	never := w.get(w.base + "/zg/SQL-XC-2026-05-99")
	same := func(a answer) bool {
		a.header.Del("Date")
		return a.status == never.status && a.body == never.body && cmp.Equal(a.header, never.header)
	}
	never.header.Del("Date")
	if never.status != http.StatusNotFound || never.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("an unknown page: %d, %s", never.status, never.header.Get("Cache-Control"))
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	var polls, early int
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			due := w.svc.Clock().Before(*d.PublishAt)
			a := w.get(path)
			if polls++; due && !same(a) {
				early++
			}
		}
	})
	for range 3 {
		w.forward(9*time.Minute + 50*time.Second)
		if n, err := w.jobs.PublishDue(t.Context()); n != 0 || err != nil {
			t.Errorf("published %d early, %v", n, err)
		}
		for _, other := range []string{"/", "/city-990100", w.base, w.base + "/list", w.base + "/list?q=民政", path + "?edition=1", path + "/data.json"} {
			if a := w.get(other); strings.Contains(a.body, "民政局") {
				t.Errorf("%s knows of it", other)
			}
		}
	}
	w.publish()
	close(stop)
	wg.Wait()
	if polls == 0 || early > 0 {
		t.Errorf("%d of %d answers were different before its time", early, polls)
	}
	if a := w.get(path); a.status != http.StatusOK || !strings.Contains(a.body, "民政局") {
		t.Errorf("at its time: %d", a.status)
	}
}

func TestWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 3)
	path := w.base + "/zg/" + d.Number
	if a := w.get(path); a.status != http.StatusOK {
		t.Fatalf("before: %d", a.status)
	}
	w.must(w.svc.Withdraw(t.Context(), w.person(tenants.DIR), d.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误，核实后重新公布"}))
	for _, p := range []string{path, path + "?size=l", path + "?edition=1", path + "/data.json"} {
		a := w.get(p)
		if a.status != http.StatusGone || !strings.Contains(a.body, "2026年11月20日撤回") || !strings.Contains(a.body, "内容有误，核实后重新公布") {
			t.Errorf("%s = %d", p, a.status)
		}
		if strings.Contains(a.body, "民政局") || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s still tells what it was", p)
		}
	}
	if a := w.get(w.base + "/list"); strings.Contains(a.body, "民政局") || !strings.Contains(a.body, "还没有公开的通报") {
		t.Error("the list still holds it")
	}
}

func TestCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 6)
	d = w.must(w.svc.Correct(t.Context(), w.person(tenants.OFF), d.ID, d.Version, disclosure.Correction{Note: "第6条补充公示时间"}))
	w.edit(d, d.Items[5], disclosure.ItemChange{Result: new("7至9月账目已补公示，今后每月5日前更新。")})
	w.scheduled(d)
	w.publish()
	path := w.base + "/zg/" + d.Number
	body := w.get(path).body
	old := "已逐项对照检查"
	for _, want := range []string{
		"更正：</b>第6条补充公示时间", "7至9月账目已补公示", `<span class="mark">本条有更新</span>`, "查看更正前内容",
		"<h3>第6条　敬老院伙食费公示不及时</h3>", "第2版　更正：第6条补充公示时间", "第1版　首次发布", path + "?edition=1",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Count(body, "本条有更新") != 1 || !strings.Contains(between(body, "<details>", "</details>"), old) {
		t.Error("the old text is not shown where it belongs")
	}
	first := w.get(path + "?edition=1").body
	if !strings.Contains(first, "您正在查看更正前的内容（第1版）") || !strings.Contains(first, `content="noindex"`) || strings.Contains(first, "7至9月账目") {
		t.Error("the first edition is not shown as such")
	}
	if !strings.Contains(w.get(w.base+"/list").body, `<span class="mark">更正</span>`) {
		t.Error("the list does not tell of the correction")
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 21 {
		w.scheduled(w.draft(fmt.Sprintf("第%d镇党委", i+1), 2))
	}
	w.Root(`update units set kind = 'township'`)
	d := w.scheduled(w.draft("县民政局党组", 2))
	w.publish()
	w.Root(`update publications set unit_kind = 'township' where number <> $1`, d.Number)
	for query, want := range map[string]string{
		"":                             "共 22 份通报，第 1 页，共 2 页。",
		"?page=2":                      "共 22 份通报，第 2 页，共 2 页。",
		"?type=department":             "共 1 份符合条件的通报。",
		"?type=township&page=2":        "共 21 份符合条件的通报，第 2 页，共 2 页。",
		"?q=%E6%B0%91%E6%94%BF":        "共 1 份符合条件的通报。",
		"?q=sql-xc-2026-05-22":         "共 1 份符合条件的通报。",
		"?q=%25":                       "没有符合条件的通报。",
		"?q=%27%20or%201=1":            "没有符合条件的通报。",
		"?q=%3Cscript%3E":              `value="&lt;script&gt;"`,
		"?round=10-5&year=2026":        "共 22 份符合条件的通报",
		"?round=10-4":                  "没有符合条件的通报。",
		"?round=&type=&year=&q=&page=": "共 22 份通报",
		"?unknown=1&utm_source=x":      "共 22 份通报",
	} {
		if a := w.get(w.base + "/list" + query); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s = %d, want %s", query, a.status, want)
		}
	}
	for _, query := range []string{"?page=3", "?page=0", "?page=-1", "?page=01", "?page=x", "?type=x", "?round=x", "?year=x", "?q=" + strings.Repeat("a", 201), "?q=%ff", "?q=%00", "?q=%"} {
		if a := w.get(w.base + "/list" + query); a.status != http.StatusNotFound {
			t.Errorf("%s = %d, want 404", query, a.status)
		}
	}
	if body := w.get(w.base + "/list?type=township").body; !strings.Contains(body, `rel="next" href="`+w.base+`/list?page=2&amp;type=township"`) {
		t.Error("the next page forgets the filter")
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 2)
	path := w.base + "/zg/" + d.Number
	css := between(w.get("/").body, `rel="stylesheet" href="`, `"`)
	for _, p := range []string{"/", w.base, w.base + "/list", path, path + "/data.json", css, "/favicon.svg", "/robots.txt", "/feed.xml", "/data.csv", "/nothing"} {
		h := w.get(p).header
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", p, h)
		}
	}
	a := w.get(path)
	if a.header.Get("Cache-Control") != "public, max-age=30, must-revalidate" || a.header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("cache: %v", a.header)
	}
	for _, tag := range []string{a.header.Get("ETag"), `"x", ` + a.header.Get("ETag"), strings.TrimPrefix(a.header.Get("ETag"), "W/"), "*"} {
		if again := w.get(path, "If-None-Match", tag); again.status != http.StatusNotModified || again.size != 0 {
			t.Errorf("If-None-Match %s = %d with %d bytes", tag, again.status, again.size)
		}
	}
	if plain := w.get(path, "Accept-Encoding", "identity"); plain.header.Get("Content-Encoding") != "" || plain.body != a.body {
		t.Error("a reader who cannot unpack gets something else")
	}
	if head := w.do(http.MethodHead, path); head.status != http.StatusOK || head.size != 0 || head.header.Get("ETag") != a.header.Get("ETag") {
		t.Errorf("HEAD = %d, %d bytes", head.status, head.size)
	}
	for _, m := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, "BREW"} {
		if a := w.do(m, path); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s = %d", m, a.status)
		}
	}
	for from, to := range map[string]string{
		w.base + "/": w.base, w.base + "//list": w.base + "/list", w.base + "/x/../list?page=2": w.base + "/list?page=2",
	} {
		if a := w.get(from); a.status != http.StatusMovedPermanently || a.header.Get("Location") != to {
			t.Errorf("%s = %d to %s", from, a.status, a.header.Get("Location"))
		}
	}
	if a := w.get("//evil.example/x"); strings.Contains(a.header.Get("Location"), "//") {
		t.Errorf("redirects to %s", a.header.Get("Location"))
	}
}

// TestMarkup writes markup where text belongs: readers see it as text.
func TestMarkup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.draft("县民政局党组", 1)
	hostile := `<script>alert(1)</script><img src=x onerror=alert(1)> {{7*7}} ${7*7} </dd></article> "'&` + "`"
	w.edit(d, d.Items[0], disclosure.ItemChange{Title: new("</h3><svg onload=x>"), Problem: &hostile, Result: &hostile, Rules: &hostile})
	d = w.must(w.svc.Get(t.Context(), w.person(tenants.OFF), d.ID))
	w.must(w.svc.Edit(t.Context(), w.person(tenants.OFF), d.ID, d.Version, disclosure.Change{Lead: &hostile, Phone: new(`"><b>1</b>`), Address: &hostile}))
	w.scheduled(d)
	w.publish()
	body := w.get(w.base + "/zg/" + d.Number).body
	for _, bad := range []string{"<script>alert", "<img", "<svg", "<b>1</b>", "49"} {
		if strings.Contains(strings.ReplaceAll(body, "990149", ""), bad) && bad != "49" {
			t.Errorf("the page holds %s", bad)
		}
	}
	if strings.Count(body, "</article>") != 1 || !strings.Contains(body, "{{7*7}}") {
		t.Error("the text is not shown as it was written")
	}
}

// TestBudgets holds the pages to their sizes.
func TestBudgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	big := w.scheduled(w.draft("县民政局党组", 40))
	for i := range 20 {
		w.scheduled(w.draft(fmt.Sprintf("第%d镇党委", i+1), 1))
	}
	w.publish()
	css := between(w.get("/").body, `rel="stylesheet" href="`, `"`)
	for path, limit := range map[string]int{
		css: 10 << 10, w.base + "/list": 20 << 10, w.base + "/zg/" + big.Number: 45 << 10, "/": 20 << 10, w.base: 20 << 10,
	} {
		a := w.get(path)
		if a.status != http.StatusOK || a.size > limit {
			t.Errorf("%s = %d with %d bytes, want at most %d", path, a.status, a.size, limit)
		}
		if n := strings.Count(a.body, `<link rel="stylesheet"`) + strings.Count(a.body, `<link rel="icon"`) + strings.Count(a.body, "<img"); n > 2 {
			t.Errorf("%s needs %d requests more", path, n)
		}
	}
}

// TestDatabaseAway shuts the database and asks for everything that was
// published: it is there, also what nobody asked for before.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 3)
	gone := w.published("县供销社党组", 2)
	follow := func() {
		t.Helper()
		if err := w.site.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	follow()
	for _, path := range []string{"/zg/" + gone.Number + "/data.json", "/list?year=2026"} { // asked for, so in memory
		if a := w.get(w.base + path); a.status != http.StatusOK || !strings.Contains(a.body, "供销社") {
			t.Fatalf("%s = %d", path, a.status)
		}
	}
	w.must(w.svc.Withdraw(t.Context(), w.person(tenants.DIR), gone.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误"}))
	follow()
	alive := w.get("/").body
	name := tenantstest.RootValue[string](w.House, `select current_database()`)
	w.Root(`alter database ` + name + ` connection limit 0`)
	w.Root(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'xuncha_public' and datname = current_database()`)
	for path, want := range map[string]int{
		"/": 200, "/?size=l": 200, "/feed.xml": 200, w.base + "/feed.json": 200, "/city-990100": 200, "/city-990200": 200, w.base: 200, w.base + "/list": 200, w.base + "/list?size=l": 200,
		w.base + "/zg/" + d.Number: 200, w.base + "/zg/" + d.Number + "?size=l": 200,
		w.base + "/zg/" + gone.Number: 410, w.base + "/zg/" + gone.Number + "/data.json": 503, w.base + "/list?year=2026": 503, w.base + "/zg/SQL-XC-2026-05-99": 503, w.base + "/list?q=x": 503,
	} {
		began := time.Now()
		a := w.get(path)
		if a.status != want {
			t.Errorf("%s = %d, want %d", path, a.status, want)
		}
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("%s took %s", path, took)
		}
		if a.status == http.StatusServiceUnavailable && (a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "0990-5550001")) {
			t.Errorf("%s does not say what to do meanwhile", path)
		}
	}
	if w.get("/").body != alive {
		t.Error("the home page differs from when the database was there")
	}
	w.Root(`alter database ` + name + ` connection limit -1`)
	time.Sleep(2100 * time.Millisecond) // the respite of the database
	if a := w.get(w.base + "/zg/SQL-XC-2026-05-99"); a.status != http.StatusNotFound {
		t.Errorf("after its return: %d", a.status)
	}
}

// TestTampered changes published bytes behind our back: the page is not served.
func TestTampered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 2)
	w.Root(`update publications set article = convert_to(replace(convert_from(article, 'utf8'), '已完成', '正在推进'), 'utf8')`)
	if a := w.get(w.base + "/zg/" + d.Number); a.status != http.StatusServiceUnavailable {
		t.Errorf("changed bytes are served with %d", a.status)
	}
	if a := w.get(w.base + "/list"); a.status != http.StatusOK {
		t.Errorf("the list = %d", a.status)
	}
}

// TestArticle keeps the rendering of a document as it is. Changing it is allowed
// and has a price: what was approved before and waits for its time is then not
// published until somebody approves the new form.
func TestArticle(t *testing.T) {
	t.Parallel()
	day := func(s string) inspection.Day {
		d, err := inspection.ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	doc := disclosure.Document{
		Number: "SQL-XC-2026-05-02", Edition: 1, Title: "中共石桥岭县民政局党组关于县委巡察集中整改进展情况的通报", Publisher: "石桥岭县委巡察办",
		Unit: "石桥岭县民政局党组", Body: "党组", Round: "十届县委第五轮巡察", RoundFrom: day("2026-03-02"), RoundUntil: day("2026-04-24"),
		FeedbackOn: day("2026-05-28"), PeriodFrom: day("2026-05-28"), PeriodUntil: day("2026-08-28"), AsOf: day("2026-08-28"),
		Lead: "根据县委统一部署……", Counts: disclosure.Counts{Findings: 3, Done: 1, LongTerm: 1, Withheld: 1},
		Organisation: "第一段。\n第二段。", HeadDuty: "专题会议4次。", NextSteps: "持续推进。", Dated: day("2026-09-21"),
		Items: []disclosure.PublicItem{
			{No: 1, Title: "公示不及时", Status: disclosure.Done, Problem: "公示不及时。", Result: "已公示。", FinishedOn: new(day("2026-08-20")), Updated: true},
			{No: 2, Title: "建设滞后", Status: disclosure.LongTerm, Problem: "滞后。", Result: "推进。", NextOn: new(day("2027-03-01")), Reason: "分期", Goal: "一期", Lead: "办公室", Rules: "《办法》"},
		},
		Contact: disclosure.Contact{Phone: "0991-5550168", Hours: "工作日", Address: "石桥岭县民政局", Email: "mzj@example.cn"},
	}
	got, err := public.Article(doc)
	if err != nil {
		t.Fatal(err)
	}
	tenantstest.Golden(t, "testdata/article.html", got)
	p, err := public.Preview(doc, got, true)
	if err != nil || !strings.Contains(string(p), "<style>:root{") || strings.Contains(string(p), "<link rel=\"stylesheet\"") {
		t.Errorf("the preview does not stand alone: %v", err)
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"/", "/a-b/c-d/zg/SQL-XC-2026-05-02?edition=2&size=l", "/x1/list?round=10-5&page=3&q=%E6%B0%91", "//x", "/..", "/zg/", "/list/?q=%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.ParseRequestURI(s)
		if err != nil {
			return // no address
		}
		key, err := public.Key(u)
		if err != nil {
			if moved := public.Moved(err); moved != "" && (strings.HasPrefix(moved, "//") || !strings.HasPrefix(moved, "/")) {
				t.Fatalf("%q is sent to %q", s, moved)
			}
			return
		}
		again, err := url.ParseRequestURI(key)
		if err != nil {
			t.Fatalf("%q has the key %q: %v", s, key, err)
		}
		if same, err := public.Key(again); err != nil || same != key {
			t.Fatalf("%q has the key %q, which has %q, %v", s, key, same, err)
		}
	})
}
