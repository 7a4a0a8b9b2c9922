package public_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
	"xuncha/web/public"
)

// world is a county that publishes, and the site on which it does.
type world struct {
	*tenantstest.House
	t    testing.TB
	svc  *disclosure.Service
	jobs *disclosure.Service
	site *public.Site
	url  string
	base string // path of the county

	mu  sync.Mutex
	set time.Duration

	county tenants.Tenant
	round  inspection.RoundID
	n      int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	h := tenantstest.New(t)
	h.Root(`update tenants set name = '澜河省', office = '澜河省委巡视工作领导小组办公室', phone = '0990-5550001' where level = 'province'`)
	h.Root(`update tenants set name = '靖原市', office = '靖原市委巡察工作领导小组办公室', phone = '0991-5550001' where code = '990100'`)
	h.Root(`update tenants set name = '望澜市' where code = '990200'`)
	h.Root(`update tenants set name = '石桥岭县', office = '石桥岭县委巡察工作领导小组办公室', phone = '0991-5550122', prefix = 'SQL' where id = $1`, h.County[0][0].ID)
	county, err := h.BySlug(t.Context(), h.County[0][0].Slug)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{House: h, t: t, county: county, base: "/" + h.City[0].Slug + "/" + county.Slug}
	h.Root(`update rounds set name = name`)
	w.round = h.Round(county)
	h.Root(`update rounds set name = '十届县委第五轮巡察', seq = 5, feedback_on = '2026-05-28' where id = $1`, w.round)
	tick := inspection.ClockAt(tenantstest.Now)
	clock := func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return tick().Add(w.set)
	}
	service := func(db *tenants.DB) *disclosure.Service {
		return &disclosure.Service{
			DB: db, Clock: clock, Calendar: inspection.PublishedCalendar(), Shift: disclosure.ShiftOf(clock),
			Article: public.Article, Page: public.Preview,
		}
	}
	w.svc, w.jobs = service(h.DB), service(h.Jobs)
	w.site = &public.Site{
		Reader: disclosure.Reader{DB: h.Public}, Clock: clock, Log: slog.New(slog.NewTextHandler(testLog{t}, nil)), Demo: true,
		Base: &url.URL{Scheme: "https", Host: "gk.example.cn"},
	}
	server := httptest.NewServer(w.site)
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

func (w *world) forward(d time.Duration) {
	w.mu.Lock()
	w.set += d
	w.mu.Unlock()
	for _, s := range []*disclosure.Service{w.svc, w.jobs} {
		s.Shift = disclosure.ShiftOf(s.Clock)
	}
}

// person returns somebody who proved who they are just now.
func (w *world) person(role tenants.Role, unit ...inspection.UnitID) tenants.Scope {
	w.t.Helper()
	s := w.As(w.county, role, unit...)
	return tenants.ForGrant(tenants.Acting{
		Office: s.Office(), Member: s.Member(), Grant: s.Grant(), Name: s.Name(), Role: role, Unit: s.Unit(), Strong: w.svc.Clock(),
	})
}

// subjects are what the made-up findings are about.
var subjects = []string{
	"学习贯彻上级决策部署不够深入，结合实际研究不多", "养老服务设施建设进度滞后", "社会救助对象动态管理不到位",
	"党组会议事规则执行不严格", "临时救助资金发放不够及时", "敬老院伙食费公示不及时", "公务用车管理制度不健全",
	"殡葬服务收费公示不规范", "政府采购程序执行不到位", "财务报销审核把关不严", "干部队伍结构老化", "党建工作与业务工作融合不够",
	"村级议事协商机制作用发挥不充分", "对以往审计发现问题整改不彻底",
}

// findings writes n findings of a unit; the last but two are done, two take long
// and the last goes on.
func (w *world) findings(unit inspection.UnitID, n int) {
	w.t.Helper()
	for i := range n {
		state := "closed"
		switch {
		case i == n-1:
			state = "working"
		case i == 2 || i == 7:
			state = "long-term"
		}
		id := inspection.NewID[inspection.FindingID]()
		w.n++
		w.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
			values ($1, $2, $3, $4, $5, $6, 1, $7, '2026-05-28 09:00+08', '2026-05-28')`,
			w.county.ID, id, fmt.Sprintf("SQL-05-02-%03d", w.n), w.round, unit, i+1, subjects[i%len(subjects)]+"。抽查发现部分工作未按要求落实，责任未压实到岗位，监督检查频次不足。")
		w.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, closed_on, review_on, goal, rules_made, recovered_fen, issued_at)
			values ($1, $2, $3, $4, '2026-12-31', case when $4 = 'closed' then date '2026-08-20' end,
				case when $4 = 'long-term' then date '2027-03-01' end, '2027年3月底前完成第一阶段任务。', 0, 0, '2026-05-28 09:00+08')`,
			w.county.ID, id, unit, state)
		for m := range 2 {
			w.Root(`insert into measures (tenant_id, id, finding_id, unit_id, seq, text, department, progress, rules, issued_at)
				values ($1, gen_random_uuid(), $2, $3, $4, '健全工作机制', '办公室', $5, $6, '2026-05-28 09:00+08')`,
				w.county.ID, id, unit, m+1, []string{
					"已逐项对照检查，制定并落实工作方案，7月底前完成问题整改，覆盖全部12个乡镇、36处设施",
					"建立月调度机制，局党组每月听取一次进展汇报，相关情况纳入年度考核",
				}[m], []string{"《内部控制管理办法》", ""}[m])
		}
	}
}

// draft brings a 通报 of a unit to where nothing is missing.
func (w *world) draft(name string, n int) disclosure.Draft {
	w.t.Helper()
	ctx, off := w.t.Context(), w.person(tenants.OFF)
	unit := w.Unit(w.county, name)
	w.findings(unit, n)
	d := w.must(w.svc.Generate(ctx, off, unit, w.round))
	d = w.must(w.svc.Edit(ctx, off, d.ID, d.Version, disclosure.Change{
		HeadDuty:  new("党组书记认真履行第一责任人责任，主持召开专题会议4次，领办重点问题3个，督办整改任务31项。"),
		Transfers: new("移交有关部门办理事项2件，均已办结。"), Phone: new("0991-5550168"), Hours: new("工作日8:30—12:00，14:30—18:00"),
		Address: new("石桥岭县民政局办公室，邮编990122"), Email: new("mzj@example.cn"),
	}))
	for _, it := range d.Items {
		if it.Status == disclosure.LongTerm {
			w.edit(d, it, disclosure.ItemChange{Reason: new("涉及项目建设，需分期投入，短期内难以全部完成。")})
		}
	}
	return w.must(w.svc.Get(ctx, off, d.ID))
}

func (w *world) edit(d disclosure.Draft, it disclosure.Item, c disclosure.ItemChange) {
	w.t.Helper()
	if _, err := w.svc.EditItem(w.t.Context(), w.person(tenants.OFF), d.ID, it.FindingID, it.Version, c); err != nil {
		w.t.Fatal(err)
	}
}

// scheduled brings a draft to where it waits half an hour for its time.
func (w *world) scheduled(d disclosure.Draft) disclosure.Draft {
	w.t.Helper()
	ctx, off := w.t.Context(), w.person(tenants.OFF)
	d = w.must(w.svc.Get(ctx, off, d.ID))
	seen := disclosure.Decision{Digest: d.Shown}
	d = w.must(w.svc.Check(ctx, off, d.ID, d.Version, seen))
	d = w.must(w.svc.Confirm(ctx, w.person(tenants.HEAD, d.UnitID), d.ID, d.Version, seen))
	d = w.must(w.svc.Clear(ctx, off, d.ID, d.Version, disclosure.Clearance{Decision: seen}))
	d = w.must(w.svc.Approve(ctx, w.person(tenants.LG), d.ID, d.Version, seen))
	return w.must(w.svc.Schedule(ctx, off, d.ID, d.Version, disclosure.Plan{PublishAt: w.svc.Clock().Add(30 * time.Minute)}))
}

// publish lets time pass until everything scheduled is public.
func (w *world) publish() {
	w.t.Helper()
	w.forward(31 * time.Minute)
	if _, err := w.jobs.PublishDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// published brings a 通报 of n findings before the public.
func (w *world) published(name string, n int) disclosure.Draft {
	w.t.Helper()
	d := w.scheduled(w.draft(name, n))
	w.publish()
	return w.must(w.svc.Get(w.t.Context(), w.person(tenants.OFF), d.ID))
}

func (w *world) must(d disclosure.Draft, err error) disclosure.Draft {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v (%+v)", err, d.Problems)
	}
	return d
}

// answer is what a citizen gets.
type answer struct {
	status int
	header http.Header
	body   string
	size   int // as sent
}

// get asks for a page as a plain browser does; headers are pairs.
func (w *world) get(path string, headers ...string) answer {
	w.t.Helper()
	return w.do(http.MethodGet, path, headers...)
}

func (w *world) do(method, path string, headers ...string) answer {
	w.t.Helper()
	return w.send(method, path, "", headers...)
}

func (w *world) send(method, path, body string, headers ...string) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	sent, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(sent), size: len(sent)}
	if resp.Header.Get("Content-Encoding") == "gzip" && len(sent) > 0 {
		z, err := gzip.NewReader(strings.NewReader(a.body))
		if err != nil {
			w.t.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			w.t.Fatal(err)
		}
		a.body = string(plain)
	}
	return a
}

type testLog struct{ t testing.TB }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Logf("%s", bytes.TrimSpace(b))
	return len(b), nil
}
