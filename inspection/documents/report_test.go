package documents_test

import (
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/rectification"
	signing "xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestReport takes a report out before and after its signatures: the paper says what
// the screen shows.
func TestReport(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office, now := h.County[0][0], inspection.ClockAt(tenantstest.Now)
	unit, round := h.Unit(office, "县农业农村局党组"), h.Round(office)
	id := inspection.NewID[inspection.FindingID]()
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		values ($1, $2, 'KA-05-01-009', $3, $4, 9, 1, '管护资金<未>拨付 & 涉及3个乡镇。', '2026-07-10 09:00+08', '2026-07-10')`, office.ID, id, round, unit)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, progress, due_on, due_set_at, issued_at)
		values ($1, $2, $3, 'working', '已拨付2个乡镇', $4, '2026-07-10 09:00+08', '2026-07-10 09:00+08')`, office.ID, id, unit, now.Today()+7)
	calendar := inspection.PublishedCalendar()
	cases := &rectification.Service{DB: h.DB, Clock: now, Calendar: calendar}
	made := &reports.Service{DB: h.DB, Clock: now, Calendar: calendar, Cases: cases}
	s := &documents.Service{DB: h.DB, Clock: now, Reports: made}
	head, leader := h.As(office, tenants.HEAD, unit), h.As(office, tenants.LG)
	r, err := made.Begin(t.Context(), head, reports.Beginning{Round: round, Kind: reports.Progress})
	if err != nil {
		t.Fatal(err)
	}
	overall, next := "第一段。\n第二段。", "年内全部拨付。"
	if r, err = made.Edit(t.Context(), head, *r.ID, r.Version, reports.Change{Overall: &overall, NextSteps: &next}); err != nil {
		t.Fatal(err)
	}
	draft, err := s.Report(t.Context(), head, *r.ID)
	if err != nil || !strings.HasSuffix(draft.Name, "（第1期第1版）（未签字稿）.docx") || !strings.Contains(partsOf(t, draft.Content)["word/document.xml"], "主要负责人（签字）：（未签字）") {
		t.Errorf("the draft is %s, %v", draft.Name, err)
	}
	if _, err := s.Report(t.Context(), leader, *r.ID); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the leader takes a draft out: %v", err)
	}
	if r, err = made.Sign(t.Context(), head, *r.ID, r.Version, signing.Signing{Digest: r.Digest}); err != nil {
		t.Fatal(err)
	}
	file, err := s.Report(t.Context(), leader, *r.ID)
	if err != nil {
		t.Fatal(err)
	}
	text := partsOf(t, file.Content)["word/document.xml"]
	for _, want := range []string{
		"县农业农村局党组关于某轮巡察反馈意见整改进展情况的报告", office.Office + "：", "一、总体情况", "第二段。", "管护资金&lt;未&gt;拨付 &amp; 涉及3个乡镇",
		"已拨付2个乡镇", "年内全部拨付。", "主要负责人（签字）：" + head.Name(), "分管领导（签字）：（未签字）", r.Digest, "2026年11月20日", `w:eastAsia="黑体"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	if n := tenantstest.RootValue[int](h, `select count(*) from journal where action = 'report.export'`); n != 2 {
		t.Errorf("%d entries in the journal, want 2", n)
	}
}
