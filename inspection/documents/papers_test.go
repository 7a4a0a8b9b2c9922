package documents_test

import (
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	signing "xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/plans"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var today = inspection.DayOf(tenantstest.Now)

// papers is a test's database with one problem of one unit, and what takes its
// documents out.
type papers struct {
	*tenantstest.House
	t       *testing.T
	office  tenants.Tenant
	unit    inspection.UnitID
	round   inspection.RoundID
	finding inspection.FindingID
	cases   *rectification.Service
	plans   *plans.Service
	checks  *checks.Service
	papers  *documents.Service
}

func newPapers(t *testing.T) *papers {
	t.Helper()
	h := tenantstest.New(t)
	now := inspection.ClockAt(tenantstest.Now)
	p := &papers{House: h, t: t, office: h.County[0][0]}
	p.cases = &rectification.Service{DB: h.DB, Clock: now, Calendar: inspection.PublishedCalendar()}
	p.plans = &plans.Service{DB: h.DB, Clock: now, Calendar: inspection.PublishedCalendar(), Cases: p.cases}
	p.checks = &checks.Service{DB: h.DB, Clock: now, Cases: p.cases}
	p.papers = &documents.Service{DB: h.DB, Clock: now, Plans: p.plans, Checks: p.checks}
	p.unit, p.round = h.Unit(p.office, "县水务局党组"), h.Round(p.office)
	dir := h.As(p.office, tenants.DIR)
	drafts := &findings.Service{DB: h.DB, Clock: now, Issued: p.cases.Begin}
	fs, err := drafts.Draft(t.Context(), dir, findings.Drafting{
		Round: p.round, Unit: p.unit, Findings: []findings.New{{Focus: 1, Category: "理论武装", Text: "巡查<记录> & 台账不全。"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.finding = fs[0].ID
	h.Do(h.DB, dir, func(tx *tenants.Tx) error {
		fs, err := findings.Issue(t.Context(), tx, now(), now.Today()-30, []inspection.FindingID{p.finding})
		if err != nil {
			return err
		}
		return p.cases.Begin(t.Context(), tx, fs)
	})
	return p
}

func (p *papers) as(role tenants.Role) tenants.Scope {
	if role.OfUnit() {
		return p.As(p.office, role, p.unit)
	}
	return p.As(p.office, role)
}

// holds reads a document's parts and looks for words in its text.
func (p *papers) holds(f documents.File, err error, words ...string) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	text := partsOf(p.t, f.Content)["word/document.xml"]
	for _, want := range words {
		if !strings.Contains(text, want) {
			p.t.Errorf("%s lacks %s", f.Name, want)
		}
	}
}

func (p *papers) entries(action string) int {
	return tenantstest.RootValue[int](p.House, `select count(*)::int from journal where action = $1`, action)
}

// TestPlanPaper takes a plan out before and after its signature, as its own office
// and as the one above.
func TestPlanPaper(t *testing.T) {
	t.Parallel()
	p := newPapers(t)
	head, leader := p.as(tenants.HEAD), p.as(tenants.LG)
	due := today + 30
	for i, text := range []string{"每周核对一次河道巡查记录并由分管领导签字确认", "建立巡查记录抽查制度并每月通报一次"} {
		kind := []rectification.Kind{rectification.Near, rectification.Long}[i]
		_, err := p.cases.AddMeasure(t.Context(), head, p.finding, rectification.MeasureEdit{
			Text: &text, Leader: new("分管副职"), Department: new("水政科"), Person: new("科长"), Kind: &kind, DueOn: &due,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	plan, err := p.plans.Begin(t.Context(), head, p.round)
	if err != nil {
		t.Fatal(err)
	}
	organised := "党组书记负总责，\n分管领导具体抓。"
	if plan, err = p.plans.Edit(t.Context(), head, plan.ID, plan.Version, plans.Change{Organised: &organised, MeetingOn: new(today - 1), MeetingNote: new("查摆问题 6 个。")}); err != nil {
		t.Fatal(err)
	}
	f, err := p.papers.Plan(t.Context(), head, plan.ID)
	p.holds(f, err, "（第1版，未签字稿）", "（未签字）")
	if !strings.Contains(f.Name, "未签字稿") {
		t.Errorf("the draft is %s", f.Name)
	}
	if plan, err = p.plans.Sign(t.Context(), head, plan.ID, plan.Version, signing.Signing{Digest: plan.Digest}); err != nil {
		t.Fatal(err)
	}
	if plan, err = p.plans.Countersign(t.Context(), leader, plan.ID, plan.Version, signing.Signing{Digest: plan.Digest}); err != nil {
		t.Fatal(err)
	}
	f, err = p.papers.Plan(t.Context(), p.as(tenants.DISC), plan.ID)
	p.holds(f, err, "县水务局党组关于", "（第1版，方案审核）", "党组书记负总责，", "查摆问题 6 个。", "巡查&lt;记录&gt; &amp; 台账不全。",
		"1. 每周核对一次河道巡查记录", `<w:vMerge w:val="restart"/>`, `<w:vMerge/>`, "领导：分管副职", due.String(), "第2项措施：建立巡查记录抽查制度",
		plans.Promise, "主要负责人（签字）："+head.Name(), "分管领导（签字）："+leader.Name(), plan.Digest, `<w:tblHeader/>`)

	// From above only what is in effect is read, and the office below learns of it.
	city, err := p.As(p.City[0], tenants.CITY).Below(p.office)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.papers.Plan(t.Context(), city, plan.ID); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the city takes a plan out that is not in effect: %v", err)
	}
	p.Root(`update plans set state = 'effective', issued_at = now()`)
	f, err = p.papers.Plan(t.Context(), city, plan.ID)
	p.holds(f, err, "（第1版，已生效）")
	if own, told := p.entries("plan.export"), p.entries("plan.export-above"); own != 3 || told != 1 {
		t.Errorf("%d entries and %d below, want 3 and 1", own, told)
	}
}

// TestCheckPapers takes the letter and the report of a round of checks out.
func TestCheckPapers(t *testing.T) {
	t.Parallel()
	p := newPapers(t)
	off, dir, disc, mem := p.as(tenants.OFF), p.as(tenants.DIR), p.as(tenants.DISC), p.as(tenants.MEM)
	c, err := p.checks.Open(t.Context(), off, checks.Opening{Round: p.round, Share: 100, Seed: "papers"})
	if err != nil {
		t.Fatal(err)
	}
	page, err := p.checks.List(t.Context(), off, checks.VisitFilter{Check: c.ID, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	v := page.Items[0]
	for _, step := range []func() (checks.Visit, error){
		func() (checks.Visit, error) {
			return p.checks.Assign(t.Context(), off, v.ID, v.Version, checks.Assigning{First: mem.Member(), Second: disc.Member(), PlannedOn: today})
		},
		func() (checks.Visit, error) {
			return p.checks.Report(t.Context(), mem, v.ID, v.Version, checks.Reporting{
				Verdict: checks.Partial, Seen: "记录缺10月下旬。", Place: "三号闸口", VisitedAt: tenantstest.Now, Content: 3, Discontent: 1,
			})
		},
		func() (checks.Visit, error) { return p.checks.Agree(t.Context(), disc, v.ID, v.Version) },
		func() (checks.Visit, error) {
			return p.checks.Confirm(t.Context(), dir, v.ID, v.Version, checks.Confirming{Outcome: checks.Urge, Note: "请补齐记录。"})
		},
	} {
		if v, err = step(); err != nil {
			t.Fatal(err)
		}
	}
	unit := p.as(tenants.UNIT)
	f, err := p.papers.CheckLetter(t.Context(), unit, v.ID)
	p.holds(f, err, "某巡办检〔2026〕1号", "请补齐记录。", "现场情况：记录缺10月下旬。", `w:color w:val="FF0000"`, p.office.Office)
	if f.Name != "某巡办检〔2026〕1号-"+v.Number+".docx" {
		t.Errorf("the letter is %s", f.Name)
	}
	if _, err := p.papers.CheckLetter(t.Context(), p.As(p.office, tenants.UNIT, p.Unit(p.office, "县教育局党组")), v.ID); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("another unit takes the letter out: %v", err)
	}
	f, err = p.papers.CheckReport(t.Context(), dir, c.ID)
	p.holds(f, err, "第一轮督导检查情况的报告", "检查1项：真改0项、部分1项", "种子为papers", "现场共4人评价", "督办单1件", v.Number, "请补齐记录。")
	if _, err := p.papers.CheckReport(t.Context(), unit, c.ID); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the unit takes the report out: %v", err)
	}
	if n := p.entries("check.export-letter") + p.entries("check.export-report"); n != 2 {
		t.Errorf("%d entries in the journal, want 2", n)
	}
}
