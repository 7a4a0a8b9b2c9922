package doubts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

const (
	ours   = "对辖区垃圾中转点开展全面排查整治，落实专人管护，每日清运两次并做好台账登记，确保周边环境整洁有序。"
	theirs = "对辖区垃圾中转点开展全面排查整治，落实专人管护，每日清运两次并做好台账登记，确保周边环境整洁。"
	apart  = "修订财务报销制度，明确审批权限和时限，由财务科每季度抽查一次报销凭证并通报结果。"
)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, doubts.Life(), "doubts_state", "testdata/doubt.mmd")
	tenantstest.Knows(h, "doubts_kind", doubts.Kinds()...)
}

// fake hands in what the story's fake rectification handed in, after another unit
// handed in its own.
func (h *house) fake(t *testing.T) (first, second rectification.Case) {
	t.Helper()
	photo := sample.JPEG(sample.Scene("中转点", 640, 480), 90, "2026:03:02 10:21:00")
	made := time.Date(2026, 8, 17, 9, 30, 0, 0, inspection.Zone)
	first = h.handedIn(t, 1, h.issued(t, 1, theirs),
		file{"IMG_0712.jpg", photo, ""},
		file{"会场.jpg", sample.JPEG(sample.Scene("会场", 800, 600), 90, "2026:08:02 10:21:00"), ""})
	h.now = h.now.Add(time.Hour)
	second = h.handedIn(t, 0, h.issued(t, 0, ours),
		file{"现场照片.jpg", photo, ""},
		file{"会场2.jpg", sample.JPEG(sample.Scene("会场", 400, 300), 50, "2026:08:03 10:21:00"), ""},
		file{"会议纪要.docx", sample.DOCX(made, made, "会议纪要"), "2026-08-03"})
	return first, second
}

// TestRules finds each signal that a handing-in can give, once, and none in what
// was handed in first.
func TestRules(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.fake(t)
	got := h.look(t, second.ID)
	want := []doubts.Kind{doubts.SameFile, doubts.NearPicture, doubts.BeforeFeedback, doubts.LateMinutes, doubts.SameText}
	if diff := cmp.Diff(want, kinds(got)); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
	reasons := map[doubts.Kind]string{
		doubts.SameFile:       "现场照片.jpg 与 " + first.Number + "（县城管局党组）的佐证 IMG_0712.jpg 是同一文件",
		doubts.BeforeFeedback: "现场照片.jpg 的拍摄或编辑日期 2026-03-02 早于反馈日期 2026-07-10",
		doubts.LateMinutes:    "会议纪要.docx 注明形成于 2026-08-03，文件创建于 2026-08-17，晚 14 天",
		doubts.SameText:       "第 1 项措施与 " + first.Number + "（县城管局党组）的措施文字相似度 0.95",
	}
	for _, d := range got {
		if want := reasons[d.Kind]; want != "" && d.Reason != want {
			t.Errorf("%s: %q, want %q", d.Kind, d.Reason, want)
		}
		if strings.Contains(d.Question, first.Number) || strings.Contains(d.Question, "城管") {
			t.Errorf("%s asks the unit %q: it names another", d.Kind, d.Question)
		}
	}
	if again := h.look(t, second.ID); len(again) != len(got) {
		t.Errorf("found %d signals the second time, want the same %d", len(again), len(got))
	}
	if !slices.Contains(h.read(t, second.ID).Flags, rectification.Doubt) {
		t.Error("the case has no flag")
	}
	if kinds := kinds(h.look(t, first.ID)); !slices.Equal(kinds, []doubts.Kind{doubts.BeforeFeedback}) {
		t.Errorf("what was handed in first has %v", kinds)
	}
	if honest := h.look(t, h.handedIn(t, 0, h.issued(t, 0, apart)).ID); len(honest) != 0 {
		t.Errorf("an honest case has %v", kinds(honest))
	}
}

// TestIndexesWhatIsNew enters the texts that came since the last scan and those of
// the case that is looked at, not the whole office's.
func TestIndexesWhatIsNew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.fake(t)
	stale := func() int {
		h.look(t, second.ID)
		return tenantstest.RootValue[int](h.House, `
			select count(distinct m.finding_id)::int from measures m
			where m.finding_id = any($1) and not exists (
				select from measure_bands b where b.measure_id = m.id and b.version = m.version)`,
			[]inspection.FindingID{first.ID, second.ID})
	}
	if n := stale(); n != 0 {
		t.Errorf("before any scan %d cases are not indexed, want none", n)
	}
	h.Root(`insert into doubt_scans (tenant_id, scan, until_at) select tenant_id, 'nightly', now() + interval '100 years' from rectifications limit 1`)
	h.Root(`update measures set version = version + 1`)
	if n := stale(); n != 1 {
		t.Errorf("after a scan %d cases are not indexed, want the one that nobody looks at", n)
	}
	h.Root(`delete from doubt_scans`)
	if n := stale(); n != 0 {
		t.Errorf("since the last scan %d cases are not indexed, want none", n)
	}
}

// TestDraftsAreNotSuspected looks at evidence that was not handed in.
func TestDraftsAreNotSuspected(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.fake(t)
	c := h.issued(t, 0, ours)
	if got := h.look(t, c.ID); len(got) != 0 {
		t.Errorf("a draft has %v", kinds(got))
	}
}

// TestScan finds what needs the whole office, once, and sets the flags.
func TestScan(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var cases []rectification.Case
	for range 5 {
		cases = append(cases, h.closed(t, h.handedIn(t, 0, h.issued(t, 0, apart))))
	}
	h.Root(`update findings set amount_fen = 1000 where id = $1`, cases[3].ID)
	h.Root(`update rectifications set rules_made = 1 where finding_id = $1`, cases[3].ID)
	scan := func() map[doubts.Kind]int {
		t.Helper()
		if err := h.doubts.Scan(t.Context(), h.job); err != nil {
			t.Fatal(err)
		}
		got := map[doubts.Kind]int{}
		for _, d := range tenantstest.Must(h.doubts.List(t.Context(), h.off, doubts.Filter{Limit: 100}))(t).Items {
			got[d.Kind]++
		}
		return got
	}
	want := map[doubts.Kind]int{doubts.Burst: 1, doubts.RulesOnly: 1}
	for range 2 {
		if diff := cmp.Diff(want, scan()); diff != "" {
			t.Errorf("scan (-want +got):\n%s", diff)
		}
	}
	if !slices.Contains(h.read(t, cases[3].ID).Flags, rectification.Doubt) {
		t.Error("the case has no flag")
	}
	h.now = h.now.AddDate(0, 0, 1)
	for _, c := range cases {
		h.Root(`update rectifications set closed_on = due_on where finding_id = $1`, c.ID)
	}
	want[doubts.DeadlineBurst] = 1
	h.Root(`delete from doubt_scans`) // the day on which they fall due is past
	h.now = time.Date(2026, 10, 20, 9, 0, 0, 0, inspection.Zone)
	if diff := cmp.Diff(want, scan()); diff != "" {
		t.Errorf("closed on the last day (-want +got):\n%s", diff)
	}
}

// checking is one person's conclusion.
func checking(v doubts.Verdict) doubts.Checking {
	return doubts.Checking{Verdict: v, SeenOn: inspection.DayOf(tenantstest.Now), Note: "现场仍有积存垃圾。"}
}

// TestTwoPersons tries to decide with one person, with two who do not agree, and
// with two who do.
func TestTwoPersons(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, c := h.fake(t)
	d := h.look(t, c.ID)[0]
	check := func(by tenants.Scope, v doubts.Verdict) error {
		t.Helper()
		now, err := h.doubts.Check(t.Context(), by, d.ID, d.Version, checking(v))
		if err == nil {
			d = now
		}
		return err
	}
	h.now = tenantstest.Now // their proof of identity is fresh
	tenantstest.Wants(t, check(h.liaisons[0], doubts.Wrong), inspection.Forbidden, "forbidden")
	tenantstest.Must(0, check(h.dir, doubts.Right))(t)
	tenantstest.Wants(t, check(h.dir, doubts.Right), inspection.Conflict, "doubt.same-person")
	tenantstest.Must(0, check(h.disc, doubts.Wrong))(t)
	if d.State != doubts.Found || d.DecidedAt != nil {
		t.Fatalf("two who do not agree left it %s", d.State)
	}
	tenantstest.Must(0, check(h.off, doubts.Right))(t)
	tenantstest.Wants(t, check(h.off, doubts.Right), inspection.Conflict, "doubt.same-person")
	tenantstest.Must(0, check(h.disc, doubts.Right))(t)
	if d.State != doubts.Confirmed || d.SeenOn == nil || len(d.Looks) != 4 {
		t.Errorf("decided: %s on %v after %d conclusions", d.State, d.SeenOn, len(d.Looks))
	}
	tenantstest.Wants(t, check(h.dir, doubts.Wrong), inspection.Conflict, "doubt.wrong-state")
	ps := tenantstest.Must(h.doubts.Precisions(t.Context(), h.off))(t)
	i := slices.IndexFunc(ps, func(p doubts.Precision) bool { return p.Kind == d.Kind })
	if ps[i].Confirmed != 1 || ps[i].Cleared != 0 {
		t.Errorf("counted %+v", ps[i])
	}
	h.now = tenantstest.Now.Add(time.Hour)
	d = h.look(t, c.ID)[1]
	tenantstest.Wants(t, check(h.dir, doubts.Right), inspection.Forbidden, "step-up-required")
}

// TestFlagFollows clears every signal of a case.
func TestFlagFollows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, c := h.fake(t)
	all := h.look(t, c.ID)
	h.now = tenantstest.Now
	for _, d := range all {
		d = tenantstest.Must(h.doubts.Check(t.Context(), h.dir, d.ID, d.Version, checking(doubts.Wrong)))(t)
		if h.look(t, c.ID); !slices.Contains(h.read(t, c.ID).Flags, rectification.Doubt) {
			t.Fatal("the flag is gone while a signal is open")
		}
		tenantstest.Must(h.doubts.Check(t.Context(), h.disc, d.ID, d.Version, checking(doubts.Wrong)))(t)
	}
	if h.look(t, c.ID); slices.Contains(h.read(t, c.ID).Flags, rectification.Doubt) {
		t.Error("the flag stays when all is decided")
	}
}

// TestUnitSide shows the unit its question and takes its answer; nothing of it
// names another unit or a reviewer.
func TestUnitSide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, c := h.fake(t)
	raised := tenantstest.Must(h.doubts.Raise(t.Context(), h.disc, c.ID, doubts.Raising{
		Source: "群众意见", On: tenantstest.Day(t, "2026-10-28"), Text: "中转点还是老样子，王某反映", Question: "群众反映中转点没有变化，请说明现状。",
	}))(t)
	_, err := h.doubts.Raise(t.Context(), h.disc, c.ID, doubts.Raising{
		Source: "群众意见", On: tenantstest.Day(t, "2026-10-28"), Text: "中转点还是老样子，王某反映", Question: "再问一次。",
	})
	tenantstest.Wants(t, err, inspection.Conflict, "doubt.known")
	office := h.look(t, c.ID)
	h.now = tenantstest.Now
	tenantstest.Must(h.doubts.Check(t.Context(), h.dir, office[1].ID, office[1].Version, checking(doubts.Right)))(t)

	mine := tenantstest.Must(h.doubts.OfCase(t.Context(), h.liaisons[0], c.ID))(t)
	if len(mine) != len(office) {
		t.Fatalf("the unit sees %d signals, want %d", len(mine), len(office))
	}
	for i, d := range mine {
		if office[i].Reason == "" || office[i].Facts == nil {
			t.Errorf("the office does not see why: %+v", office[i])
		}
		if d.Question == "" || d.Reason != "" || d.Facts != nil || d.Other != nil || d.By != "" || len(d.Looks) != 0 {
			t.Errorf("the unit sees %+v", d)
		}
		for _, secret := range []string{first.Number, "城管", "王某"} {
			if strings.Contains(d.Question, secret) {
				t.Errorf("the unit is asked %q", d.Question)
			}
		}
	}
	events := tenantstest.Must(h.cases.Timeline(t.Context(), h.liaisons[0], c.ID, 0, 100))(t)
	for _, e := range events {
		about := strings.HasPrefix(e.Action, "doubt.") || e.Action == "rectification.flag"
		if about && (e.Actor != h.job.Name() || strings.Contains(e.Text, first.Number)) {
			t.Errorf("the unit's timeline says %s %s %s", e.Actor, e.Title, e.Text)
		}
	}
	if !slices.ContainsFunc(events, func(e rectification.Event) bool { return e.Action == "doubt.find" }) {
		t.Error("the unit's timeline does not say that there is a question")
	}
	i := slices.IndexFunc(mine, func(d doubts.Doubt) bool { return d.ID == raised.ID })
	page := h.read(t, c.ID)
	_, err = h.doubts.Answer(t.Context(), h.liaisons[0], raised.ID, mine[i].Version,
		doubts.Answering{Text: "已安排。", Files: []inspection.EvidenceID{h.read(t, first.ID).Files[0].ID}})
	tenantstest.Wants(t, err, inspection.Invalid, "doubt.invalid")
	h.Root(`update evidence set scan = 'infected' where id = $1`, page.Files[0].ID)
	_, err = h.doubts.Answer(t.Context(), h.liaisons[0], raised.ID, mine[i].Version,
		doubts.Answering{Text: "已安排。", Files: []inspection.EvidenceID{page.Files[0].ID}})
	tenantstest.Wants(t, err, inspection.Invalid, "doubt.invalid")
	h.Root(`update evidence set scan = 'clean' where id = $1`, page.Files[0].ID)
	answered := tenantstest.Must(h.doubts.Answer(t.Context(), h.liaisons[0], raised.ID, mine[i].Version,
		doubts.Answering{Text: "8月18日后改为每日清运。", Files: []inspection.EvidenceID{page.Files[0].ID}}))(t)
	if answered.State != doubts.Answered || len(answered.AnswerFiles) != 1 {
		t.Errorf("answered: %+v", answered)
	}
	for i, e := range h.read(t, c.ID).Files {
		if e.Relied != (i == 0) {
			t.Errorf("%s is relied on: %t, want what the answer names", e.Name, e.Relied)
		}
	}
	_, err = h.doubts.Answer(t.Context(), h.off, raised.ID, answered.Version, doubts.Answering{Text: "代为说明"})
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
}

// TestWhoSees is a signal before everybody's eyes: its own county and the city
// above read it, the other unit and the next county do not, and the reading from
// above is in the county's journal.
func TestWhoSees(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, c := h.fake(t)
	n := len(h.look(t, c.ID))
	sees := func(who string, s tenants.Scope, want int) {
		t.Helper()
		if got := tenantstest.Must(h.doubts.List(t.Context(), s, doubts.Filter{Limit: 50}))(t); len(got.Items) != want || got.Total != want {
			t.Errorf("%s sees %d of %d signals, want %d", who, len(got.Items), got.Total, want)
		}
		_, err := h.doubts.OfCase(t.Context(), s, c.ID)
		if (err == nil) != (want > 0) {
			t.Errorf("%s reads the item's signals: %v", who, err)
		}
	}
	sees("the office", h.off, n)
	sees("the discipline commission", h.disc, n)
	sees("the unit", h.liaisons[0], n)
	sees("the city", h.city, n)
	sees("another unit", h.liaisons[1], 0)
	sees("the next county", h.sibling, 0)
	read := 0
	for _, e := range tenantstest.Must(h.cases.Timeline(t.Context(), h.off, c.ID, 0, 100))(t) {
		if e.Action == "doubt.read-above" {
			read++
		}
	}
	if read != 2 {
		t.Errorf("%d entries about reading from above, want 2", read)
	}
	d := tenantstest.Must(h.doubts.OfCase(t.Context(), h.city, c.ID))(t)[0]
	if d.Reason == "" || len(d.Allowed) != 0 {
		t.Errorf("the city sees %q and may %v", d.Reason, d.Allowed)
	}
	_, err := h.doubts.Check(t.Context(), h.sibling, d.ID, d.Version, checking(doubts.Wrong))
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
}
