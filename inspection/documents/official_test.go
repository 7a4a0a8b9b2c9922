package documents_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestOfficial takes a letter out before and after its signature, and reads the
// file's parts.
func TestOfficial(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office, now := h.County[0][0], inspection.ClockAt(tenantstest.Now)
	unit, round := h.Unit(office, "县农业农村局党组"), h.Round(office)
	id := inspection.NewID[inspection.FindingID]()
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		values ($1, $2, 'KA-05-01-009', $3, $4, 9, 1, '管护资金<未>拨付 & 涉及3个乡镇。', '2026-07-10 09:00+08', '2026-07-10')`, office.ID, id, round, unit)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, due_set_at, issued_at)
		values ($1, $2, $3, 'working', $4, '2026-07-10 09:00+08', '2026-07-10 09:00+08')`, office.ID, id, unit, now.Today()-7)
	jobs := &rectification.Reminders{DB: h.Jobs, Clock: now, Calendar: inspection.PublishedCalendar()}
	if err := jobs.Scan(t.Context(), tenants.ForJob(office, "remind")); err != nil {
		t.Fatal(err)
	}
	letters := &rectification.Reminders{DB: h.DB, Clock: now, Calendar: inspection.PublishedCalendar()}
	s := &documents.Service{DB: h.DB, Clock: now, Reminders: letters}
	director := h.As(office, tenants.DIR)
	waiting, err := letters.Waiting(t.Context(), director)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d letters wait, %v", len(waiting), err)
	}
	letter := waiting[0].ID
	head := h.As(office, tenants.HEAD, unit)
	if _, err := s.Letter(t.Context(), head, letter); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the unit takes a draft out: %v", err)
	}
	draft, err := s.Letter(t.Context(), director, letter)
	if err != nil || !strings.Contains(draft.Name, "未签发稿") || !strings.Contains(partsOf(t, draft.Content)["word/document.xml"], "（未签发稿，未编文号）") {
		t.Errorf("the draft is %s, %v", draft.Name, err)
	}
	if _, err := letters.Sign(t.Context(), director, []rectification.ToSign{{ID: letter}}, ""); err != nil {
		t.Fatal(err)
	}
	file, err := s.Letter(t.Context(), head, letter)
	if err != nil {
		t.Fatal(err)
	}
	if want := "某巡办督〔2026〕1号-KA-05-01-009.docx"; file.Name != want {
		t.Errorf("the file is %s, want %s", file.Name, want)
	}
	parts := partsOf(t, file.Content)
	text := parts["word/document.xml"]
	for _, want := range []string{
		"某巡办督〔2026〕1号", office.Office, "县农业农村局党组：", "关于KA-05-01-009号问题逾期未完成整改的<", ">督办通知书<", "管护资金&lt;未&gt;拨付 &amp; 涉及3个乡镇”", "已逾期7天",
		`w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`, `w:type="lines" w:linePitch="579"`, `w:color w:val="FF0000"`, `w:line="580" w:lineRule="exact"`,
		`w:firstLineChars="200"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	if !strings.Contains(parts["docProps/core.xml"], "<dc:creator>"+head.Name()+"</dc:creator>") {
		t.Error("the file does not say who took it out")
	}
	for _, p := range []string{"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/styles.xml", "word/settings.xml", "word/footer1.xml", "word/footer2.xml"} {
		if parts[p] == "" {
			t.Errorf("the file lacks %s", p)
		}
	}
	if n := tenantstest.RootValue[int](h, `select count(*) from journal where action = 'reminder.export'`); n != 2 {
		t.Errorf("%d entries in the journal, want 2", n)
	}
}

// partsOf unzips a file and sees that every part is well-formed.
func partsOf(t *testing.T, content []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(b)
		d := xml.NewDecoder(bytes.NewReader(b))
		for err = error(nil); err == nil; {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	return parts
}
