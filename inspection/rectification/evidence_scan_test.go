package rectification_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// scanner finds what is called a virus, unless it is down.
type scanner struct{ down, small bool }

func (s *scanner) Scan(_ context.Context, r io.Reader) (string, error) {
	b, err := io.ReadAll(r)
	switch {
	case s.down || err != nil:
		return "", errors.New("nobody listens")
	case s.small:
		return "", files.ErrScanSize
	case bytes.Contains(b, []byte("EICAR")):
		return "Eicar-Test", nil
	}
	return "", nil
}

// TestScan looks evidence through for viruses (BI-116): what has one is refused and
// kept apart, what came while the scanner was down waits, and is its uploader's alone
// until it was looked through.
func TestScan(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	add := func(text string) rectification.Evidence {
		t.Helper()
		return h.uploaded(t, h.liaison, c.ID, rectification.Uploading{Name: text + ".pdf"}, pdf(text))
	}
	if e := add("没有检测"); e.Scan != rectification.ScanNone || e.Barred != "" {
		t.Errorf("without a scanner: %+v, want that it says so and bars nobody", e)
	}
	av := &scanner{}
	h.cases.Scanner = av.Scan
	if e := add("干净"); e.Scan != rectification.ScanClean || e.ScannedAt == nil {
		t.Errorf("clean: %+v", e)
	}
	bad := pdf("EICAR")
	p := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaison, c.ID, rectification.Uploading{Name: "毒.pdf", Size: int64(len(bad)), NotSecret: true}))(t)
	tenantstest.Must(h.cases.Receive(t.Context(), h.liaison, p.ID, 0, bytes.NewReader(bad)))(t)
	_, err := h.cases.Complete(t.Context(), h.liaison, p.ID)
	tenantstest.Wants(t, err, inspection.Invalid, "virus-found")
	if n := len(h.read(t, c.ID).Files); n != 2 {
		t.Errorf("%d files, want the two without a virus", n)
	}
	if r, err := h.cases.Files.Open(t.Context(), h.office.Slug+"/quarantine/"+p.ID.String()); err != nil {
		t.Errorf("it is not kept apart: %v", err)
	} else {
		_ = r.Close()
	}

	av.down = true
	fine, late := add("稍后检测"), add("EICAR 稍后检测")
	if fine.Scan != rectification.ScanWaiting || fine.Barred != "" {
		t.Errorf("while it is down: %+v, want that it was taken and that its uploader opens it", fine)
	}
	tenantstest.Must(h.content(t, h.liaison, fine.ID, ""))(t)
	colleague := h.As(h.office, tenants.UNIT, h.unit)
	for who, s := range map[string]tenants.Scope{"the office": h.off, "a party": h.disc, "a colleague": colleague} {
		if _, err := h.content(t, s, fine.ID, ""); inspection.CodeOf(err) != "evidence.unscanned" {
			t.Errorf("%s opens what was not looked through: %v", who, err)
		}
		if _, _, err := h.cases.Leaf(t.Context(), s, fine.ID, 1, ""); inspection.CodeOf(err) != "evidence.unscanned" {
			t.Errorf("%s sees a page of what was not looked through: %v", who, err)
		}
	}
	job := tenants.ForJob(h.office, "scan-files")
	states := func() (all []rectification.Scan) {
		for _, e := range h.read(t, c.ID).Files {
			all = append(all, e.Scan)
		}
		return all
	}
	if err := h.cases.ScanWaiting(t.Context(), job); err != nil {
		t.Fatalf("still down: %v", err)
	}
	if got := states(); got[2] != rectification.ScanWaiting || got[3] != rectification.ScanWaiting {
		t.Errorf("still down: %v", got)
	}
	av.down = false
	for range 2 { // late or twice does no harm
		if err := h.cases.ScanWaiting(t.Context(), job); err != nil {
			t.Fatal(err)
		}
	}
	want := []rectification.Scan{rectification.ScanNone, rectification.ScanClean, rectification.ScanClean, rectification.ScanInfected}
	if got := states(); !slices.Equal(got, want) {
		t.Errorf("after it is back: %v, want %v", got, want)
	}
	tenantstest.Must(h.content(t, h.off, fine.ID, ""))(t)
	for who, s := range map[string]tenants.Scope{"the office": h.off, "who uploaded it": h.liaison} {
		if _, err := h.content(t, s, late.ID, ""); inspection.CodeOf(err) != "evidence.infected" || !strings.Contains(err.Error(), "Eicar-Test") {
			t.Errorf("%s opens what is quarantined: %v", who, err)
		}
	}
	acts := h.journal(t, h.off, c.ID)
	for act, n := range map[string]int{"evidence.quarantine": 2, "evidence.scan": 1} {
		if got := len(slices.DeleteFunc(slices.Clone(acts), func(a string) bool { return a != act })); got != n {
			t.Errorf("%d entries %s, want %d", got, act, n)
		}
	}
	second := h.issued(t)
	_, err = h.cases.Reuse(t.Context(), h.liaison, second.ID, rectification.Reusing{Source: late.ID, Note: "同一文件"})
	tenantstest.Wants(t, err, inspection.Invalid, "rectification.invalid")
	reused := tenantstest.Must(h.cases.Reuse(t.Context(), h.liaison, second.ID, rectification.Reusing{Source: fine.ID, Note: "同一文件"}))(t)
	if reused.Scan != rectification.ScanClean {
		t.Errorf("used again it is %s, want clean as before", reused.Scan)
	}
	av.small = true
	if e := add("过大"); e.Scan != rectification.ScanNone {
		t.Errorf("larger than it takes: %s, want that it was not looked through", e.Scan)
	}
}

// TestInfectedProvesNothing hands in with a file in which a virus was found after it was
// taken: nobody can open it, so it proves nothing.
func TestInfectedProvesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.working(t)
	bad := h.read(t, c.ID).Files[0]
	h.Root(`update evidence set scan = 'infected', virus = 'Eicar-Test' where id = $1`, bad.ID)
	handing := rectification.Handing{Statement: "两项措施均已完成。"}
	_, err := h.cases.Submit(t.Context(), h.head, c.ID, c.Version, handing)
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.evidence-missing")
	h.uploaded(t, h.liaison, c.ID, rectification.Uploading{Name: "重新扫描件.pdf", Measure: bad.MeasureID}, pdf("干净"))
	tenantstest.Must(h.cases.Submit(t.Context(), h.head, c.ID, h.read(t, c.ID).Version, handing))(t)
}

// TestScanStates keeps the column's check equal to the words.
func TestScanStates(t *testing.T) {
	t.Parallel()
	tenantstest.Knows(tenantstest.New(t), "evidence_scan", rectification.Scans()...)
}

// TestActivePDF takes a PDF that would act as it is, shows it as pictures alone, and
// gives the original to those who answer for it (BI-115).
func TestActivePDF(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	e := h.uploaded(t, h.liaison, c.ID, rectification.Uploading{Name: "表.pdf"},
		sample.PDF(2, `/OpenAction<</S/JavaScript/JS(app.alert\(1\))>>`))
	org := h.As(h.office, tenants.ORG)
	if !e.Active || e.Inline || !e.Leaves || *e.Pages != 2 {
		t.Errorf("%+v, want a document of two pages that would act", e)
	}
	for who, s := range map[string]tenants.Scope{"the unit": h.liaison, "the office": h.off, "a party": h.disc} {
		if _, err := h.content(t, s, e.ID, ""); err != nil {
			t.Errorf("%s does not get the original: %v", who, err)
		}
	}
	if _, err := h.content(t, org, e.ID, ""); inspection.CodeOf(err) != "active-original" || inspection.KindOf(err) != inspection.Forbidden {
		t.Errorf("the organisation department gets what would act: %v", err)
	}
	for page := 1; page <= 2; page++ {
		_, picture, err := h.cases.Leaf(t.Context(), org, e.ID, page, "")
		if err != nil || !bytes.HasPrefix(picture, []byte("\xff\xd8\xff")) {
			t.Errorf("page %d: %d bytes, %v; want a picture", page, len(picture), err)
		}
	}
	_, _, err := h.cases.Leaf(t.Context(), org, e.ID, 3, "")
	tenantstest.Wants(t, err, inspection.Invalid, "preview.broken")
	read := tenantstest.RootValue[int](h.House, `
		select count(*)::int from journal where action = 'evidence.read' and detail ->> 'title' = '查看佐证' and role = 'ORG'`)
	if read != 1 {
		t.Errorf("turning pages left %d entries, want 1", read)
	}
}

// TestSecretEvent leaves the event that a marked file was sent, apart from other
// refusals, for whoever answers for secrecy (BI-125).
func TestSecretEvent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	text := []byte("机密★10年\n关于……的通知")
	for _, s := range []tenants.Scope{h.liaison, h.head} { // no rank lets it in
		p := tenantstest.Must(h.cases.BeginUpload(t.Context(), s, c.ID, rectification.Uploading{Name: "通知.txt", Size: int64(len(text)), NotSecret: true}))(t)
		tenantstest.Must(h.cases.Receive(t.Context(), s, p.ID, 0, bytes.NewReader(text)))(t)
		_, err := h.cases.Complete(t.Context(), s, p.ID)
		tenantstest.Wants(t, err, inspection.Invalid, "state-secret")
		if !strings.Contains(err.Error(), "不得存储、处理、传输国家秘密") {
			t.Errorf("the refusal does not say what is forbidden: %v", err)
		}
	}
	n := 0
	for _, e := range tenantstest.Must(h.cases.Timeline(t.Context(), h.dir, c.ID, 0, 100))(t) {
		if e.Action == "evidence.secret" {
			n++
			if strings.Contains(e.Text, "通知") {
				t.Errorf("the event says what the file is called: %s", e.Text)
			}
		}
	}
	if n != 2 {
		t.Errorf("%d events, want 2", n)
	}
}
