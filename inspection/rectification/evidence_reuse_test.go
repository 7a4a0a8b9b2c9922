package rectification_test

import (
	"testing"

	"xuncha/tenants/tenantstest"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestReuse proves a second item with a file that was uploaded for a first: one
// stored file, two rows, each with its own explanation and days.
func TestReuse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.working(t), h.issued(t)
	source := h.uploaded(t, h.liaison, first.ID, rectification.Uploading{Name: "会议记录.pdf", Note: "第一次会议"}, pdf("记录"))
	listed := tenantstest.Must(h.cases.Storage(t.Context(), h.liaison, second.ID, "会议", "", 50))(t)
	if len(listed.Items) != 1 || listed.Items[0].ID != source.ID || listed.Items[0].Number != first.Number || listed.Items[0].Items != 1 {
		t.Fatalf("stored files: %+v, want the record alone", listed.Items)
	}
	formed := tenantstest.Day(t, "2026-08-01")
	m := h.read(t, second.ID).Measures[0].ID
	e := tenantstest.Must(h.cases.Reuse(t.Context(), h.liaison, second.ID, rectification.Reusing{
		Source: source.ID, Measure: &m, FormedOn: &formed, Covers: &rectification.Period{From: formed, Until: formed}, Note: "同次会议研究了本问题",
	}))(t)
	if e.ID == source.ID || e.Name != "会议记录.pdf" || e.SHA256 != source.SHA256 || e.Note != "同次会议研究了本问题" ||
		*e.FormedOn != formed || *e.CoversFrom != formed || *e.MeasureID != m || *e.Reuses != source.ID || e.Submission != nil {
		t.Errorf("reused: %+v", e)
	}
	if got := tenantstest.Must(h.content(t, h.off, e.ID, ""))(t); string(got) != string(pdf("记录")) {
		t.Errorf("its content is %q", got)
	}
	want := []rectification.Use{{Item: first.ID, Number: first.Number, Name: "会议记录.pdf"}}
	if diff := cmp.Diff(want, e.Elsewhere); diff != "" {
		t.Errorf("elsewhere (-want +got):\n%s", diff)
	}
	mine := tenantstest.Must(h.cases.Read(t.Context(), h.liaison, first.ID))(t).Files
	if last := mine[len(mine)-1]; len(last.Elsewhere) != 1 || last.Elsewhere[0].Number != second.Number || len(last.Hints) != 0 {
		t.Errorf("the first item says %+v, hints %v; want the second item, neutrally", last.Elsewhere, last.Hints)
	}
	f := h.read(t, second.ID).Files[0]
	if len(f.Hints) != 1 || f.Hints[0].Code != "same-file" || f.Hints[0].Text != "与 "+first.Number+" 的佐证是同一文件（单位选用已传文件）" {
		t.Errorf("reviewers read %+v, want the same file said", f.Hints)
	}
	if got := h.journal(t, h.off, second.ID); got[len(got)-1] != "evidence.reuse" {
		t.Errorf("the journal ends with %s", got[len(got)-1])
	}
	if left := tenantstest.Must(h.cases.Storage(t.Context(), h.liaison, second.ID, "会议", "", 50))(t); len(left.Items) != 0 {
		t.Errorf("%d files are offered that are here already", len(left.Items))
	}
}

// TestReuseRefused tries what must not be reused.
func TestReuseRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.working(t), h.issued(t)
	source := h.read(t, first.ID).Files[0]
	elsewhere := h.Unit(h.office, "县教育局党组")
	other := h.drafted(t, h.off, elsewhere, h.round, "议事规则不健全。")
	h.Do(h.DB, h.dir, func(tx *tenants.Tx) error {
		fs, err := findings.Issue(t.Context(), tx, h.cases.Clock(), tenantstest.Day(t, "2026-07-10"), []inspection.FindingID{other.ID})
		if err != nil {
			return err
		}
		return h.cases.Begin(t.Context(), tx, fs)
	})
	stranger := h.As(h.office, tenants.UNIT, elsewhere)
	theirs := h.uploaded(t, stranger, other.ID, rectification.Uploading{Name: "他单位.pdf"}, pdf("他单位"))
	tomorrow := tenantstest.Day(t, "2026-11-21")
	withdrawn := h.uploaded(t, h.liaison, first.ID, rectification.Uploading{Name: "撤回.pdf"}, pdf("撤回"))
	if err := h.cases.Withdraw(t.Context(), h.liaison, withdrawn.ID); err != nil {
		t.Fatal(err)
	}
	stray := inspection.NewID[inspection.MeasureID]()
	for _, tt := range []struct {
		name string
		u    rectification.Reusing
		kind inspection.Kind
		code string
	}{
		{"no explanation", rectification.Reusing{Source: source.ID}, inspection.Invalid, "rectification.invalid"},
		{"formed tomorrow", rectification.Reusing{Source: source.ID, Note: "同", FormedOn: &tomorrow}, inspection.Invalid, "rectification.invalid"},
		{"another unit's file", rectification.Reusing{Source: theirs.ID, Note: "同"}, inspection.Invalid, "rectification.invalid"},
		{"a file withdrawn", rectification.Reusing{Source: withdrawn.ID, Note: "同"}, inspection.Invalid, "rectification.invalid"},
		{"another's measure", rectification.Reusing{Source: source.ID, Measure: &stray, Note: "同"}, inspection.Invalid, "rectification.invalid"},
	} {
		_, err := h.cases.Reuse(t.Context(), h.liaison, second.ID, tt.u)
		if inspection.KindOf(err) != tt.kind || inspection.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
	u := rectification.Reusing{Source: source.ID, Note: "同次会议"}
	tenantstest.Must(h.cases.Reuse(t.Context(), h.liaison, second.ID, u))(t)
	_, err := h.cases.Reuse(t.Context(), h.liaison, second.ID, u)
	tenantstest.Wants(t, err, inspection.Conflict, "evidence.here-already")
	_, err = h.cases.Reuse(t.Context(), stranger, second.ID, u)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	for _, s := range tenantstest.Must(h.cases.Storage(t.Context(), stranger, other.ID, "", "", 50))(t).Items {
		t.Errorf("the other unit is offered %s", s.Name)
	}
	if p := tenantstest.Must(h.cases.Storage(t.Context(), stranger, second.ID, "", "", 50))(t); len(p.Items) != 0 {
		t.Errorf("the other unit is offered %d files for an item that is not its own", len(p.Items))
	}
}

// TestCleanReused takes a file away only when nobody needs it any more, however
// many rows have it.
func TestCleanReused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.issued(t), h.issued(t)
	job := tenants.ForJob(h.office, "files.clean")
	source := h.uploaded(t, h.liaison, first.ID, rectification.Uploading{Name: "共用.pdf"}, pdf("共用"))
	e := tenantstest.Must(h.cases.Reuse(t.Context(), h.liaison, second.ID, rectification.Reusing{Source: source.ID, Note: "同次会议"}))(t)
	longAgo := func(id inspection.EvidenceID) {
		t.Helper()
		if err := h.cases.Withdraw(t.Context(), h.liaison, id); err != nil {
			t.Fatal(err)
		}
		h.Root(`update evidence set withdrawn_at = withdrawn_at - interval '25 hours' where id = $1`, id)
	}
	longAgo(source.ID)
	if n := tenantstest.Must(h.cases.CleanFiles(t.Context(), job, 0))(t); n != 0 {
		t.Fatalf("%d files were removed that a second row needs", n)
	}
	tenantstest.Must(h.content(t, h.off, e.ID, ""))(t)
	longAgo(e.ID)
	if n := tenantstest.Must(h.cases.CleanFiles(t.Context(), job, 0))(t); n != 1 {
		t.Errorf("%d files were removed, want the one that nobody needs any more", n)
	}
}
