package disclosure_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/privacy"
	"xuncha/tenants"
)

func TestGenerate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("without feedback", func(t *testing.T) {
		if _, err := w.svc.Generate(t.Context(), w.off, w.unit, w.round); inspection.CodeOf(err) != "disclosure.nothing" {
			t.Errorf("err = %v", err)
		}
	})
	ids := w.ledger()
	w.Root(`update findings set origin = 'self-check' where id = $1`, w.finding(4, "closed", "自查发现的问题。", ""))
	d := w.must(w.svc.Generate(t.Context(), w.liaison, w.unit, w.round))

	if got, want := d.Number, "KAA-XC-2026-01-01"; got != want {
		t.Errorf("number = %s, want %s", got, want)
	}
	if diff := cmp.Diff(disclosure.Counts{Findings: 3, Done: 1, LongTerm: 1, Ongoing: 1}, d.Counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		d.Title: "中共某地990121县民政局党组关于县委巡察集中整改进展情况的通报",
		d.Lead: "根据县委统一部署，县委巡察组于2026年3月2日至2026年4月24日对某地990121县民政局党组开展了巡察，" +
			"并于2026年7月10日反馈了意见。按照党务公开原则和巡察工作有关要求，现将集中整改进展情况予以公布。",
		d.Organisation: "党组将反馈的3个问题细化为3项整改任务，逐项明确责任和完成时限，形成问题清单、任务清单、责任清单。" +
			"集中整改期间，新建制度3项，清退资金37.02元。",
		d.PeriodUntil.String(): "2026-10-10",
		d.AsOf.String():        "2026-11-20",
	} {
		if name != want {
			t.Errorf("got %s, want %s", name, want)
		}
	}
	first := w.item(d, ids[0])
	if first.Title != "敬老院伙食费公示不及时，群众不了解收支" || first.Result != "建立台账，已按月公示伙食费收支。" || first.Rules != "《财务管理办法》" {
		t.Errorf("first item = %+v", first.ItemText)
	}
	if last := w.item(d, ids[2]); last.Result != "建立台账。" || last.NextOn.String() != "2026-12-31" {
		t.Errorf("last item = %+v", last)
	}
	for _, it := range d.Items {
		if strings.Contains(it.Result+it.Problem+it.Lead, "某某") {
			t.Errorf("item %d names the leader who answers for it", it.Seq)
		}
	}
	if _, err := w.svc.Generate(t.Context(), w.off, w.unit, w.round); inspection.CodeOf(err) != "disclosure.exists" {
		t.Errorf("a second 通报 of the unit and round: %v", err)
	}
	other := w.Unit(w.county, "县交通运输局党组")
	if _, err := w.svc.Generate(t.Context(), w.liaison, other, w.round); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("a liaison made a draft for another unit: %v", err)
	}
}

// TestRefresh makes sure that facts follow the ledger and words stay a person's.
func TestRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.ledger()
	d := w.ready()
	it := w.item(d, ids[0])
	if _, err := w.svc.EditItem(t.Context(), w.liaison, d.ID, ids[0], it.Version, disclosure.ItemChange{Result: new("已公示。")}); err != nil {
		t.Fatal(err)
	}
	w.Root(`update rectifications set state = 'closed', closed_on = '2026-11-18' where finding_id = $1`, ids[2])
	w.finding(4, "working", "新反馈的问题。", "")
	d = w.get(d.ID)
	if !d.Changed || !has(d.Problems, "/items", "ledger-changed") {
		t.Errorf("nobody says that the ledger changed: %+v", d.Problems)
	}
	d = w.must(w.svc.Refresh(t.Context(), w.liaison, d.ID, d.Version))
	if d.Changed {
		t.Error("the ledger still differs after a refresh")
	}
	if got := w.item(d, ids[0]).Result; got != "已公示。" {
		t.Errorf("a person's words became %q", got)
	}
	if got := w.item(d, ids[2]); got.Status != disclosure.Done || got.FinishedOn.String() != "2026-11-18" {
		t.Errorf("the closed item is %s", got.Status)
	}
	want := disclosure.Counts{Findings: 4, Done: 2, LongTerm: 1, Ongoing: 1}
	if d.Counts != want {
		t.Errorf("counts = %+v, want %+v", d.Counts, want)
	}
	if !strings.Contains(d.Organisation, "4个问题") || !strings.Contains(d.HeadDuty, "4次") {
		t.Errorf("organisation = %s, head = %s", d.Organisation, d.HeadDuty)
	}
	w.Root(`update findings set issued_at = null where number = 'KAA-01-01-004'`)
	d = w.get(d.ID)
	d = w.must(w.svc.Refresh(t.Context(), w.liaison, d.ID, d.Version))
	if d.Counts.Findings != 3 || d.Changed {
		t.Errorf("after a finding left the ledger: %+v, changed %v", d.Counts, d.Changed)
	}
}

func has(fields []inspection.Field, pointer, code string) bool {
	for _, f := range fields {
		if f.Pointer == pointer && f.Code == code {
			return true
		}
	}
	return false
}

func TestEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.ledger()
	d := w.ready()
	t.Run("a lost race keeps both texts", func(t *testing.T) {
		_, err := w.svc.Edit(t.Context(), w.off, d.ID, d.Version-1, disclosure.Change{Lead: new("改")})
		if inspection.KindOf(err) != inspection.Stale {
			t.Fatalf("err = %v, want Stale", err)
		}
	})
	t.Run("two people, two items", func(t *testing.T) {
		for i, who := range []tenants.Scope{w.liaison, w.off} {
			it := w.item(d, ids[i])
			if _, err := w.svc.EditItem(t.Context(), who, d.ID, ids[i], it.Version, disclosure.ItemChange{Title: new("标题")}); err != nil {
				t.Errorf("%s: %v", who.Role(), err)
			}
		}
	})
	t.Run("a lost race on an item", func(t *testing.T) {
		_, err := w.svc.EditItem(t.Context(), w.off, d.ID, ids[0], 1, disclosure.ItemChange{Title: new("标题")})
		if inspection.KindOf(err) != inspection.Stale {
			t.Fatalf("err = %v, want Stale", err)
		}
	})
	t.Run("what must not be stored", func(t *testing.T) {
		_, err := w.svc.Edit(t.Context(), w.off, d.ID, w.get(d.ID).Version, disclosure.Change{Lead: new("a\x00b")})
		if inspection.KindOf(err) != inspection.Invalid {
			t.Fatalf("err = %v, want Invalid", err)
		}
	})
	t.Run("withheld and back", func(t *testing.T) {
		it := w.item(w.get(d.ID), ids[1])
		it, err := w.svc.EditItem(t.Context(), w.off, d.ID, ids[1], it.Version, disclosure.ItemChange{Withheld: new(disclosure.Case)})
		if err != nil {
			t.Fatal(err)
		}
		c := w.get(d.ID).Counts
		if c != (disclosure.Counts{Findings: 3, Done: 1, Ongoing: 1, Withheld: 1}) {
			t.Errorf("counts = %+v", c)
		}
		if _, err = w.svc.EditItem(t.Context(), w.off, d.ID, ids[1], it.Version, disclosure.ItemChange{Withheld: new(disclosure.Reason(""))}); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("not once it was handed in", func(t *testing.T) {
		d := w.get(d.ID)
		d = w.must(w.svc.Check(t.Context(), w.liaison, d.ID, d.Version, disclosure.Decision{Digest: d.Shown}))
		_, err := w.svc.EditItem(t.Context(), w.off, d.ID, ids[0], w.item(d, ids[0]).Version, disclosure.ItemChange{Title: new("标题")})
		if inspection.CodeOf(err) != "disclosure.wrong-state" {
			t.Errorf("err = %v", err)
		}
	})
}

func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.ledger()
	d := w.must(w.svc.Generate(t.Context(), w.liaison, w.unit, w.round))
	check := func(d disclosure.Draft) error {
		_, err := w.svc.Check(t.Context(), w.liaison, d.ID, d.Version, disclosure.Decision{Digest: d.Shown})
		return err
	}
	write := func(finding inspection.FindingID, text string) {
		t.Helper()
		_, err := w.svc.EditItem(t.Context(), w.liaison, d.ID, finding, w.item(w.get(d.ID), finding).Version, disclosure.ItemChange{Result: &text})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := check(d); inspection.CodeOf(err) != "disclosure.incomplete" {
		t.Errorf("an unfinished draft went on: %v", err)
	}
	for _, email := range []string{"联系人张三", "张三 <z@example.cn>", "z@example.cn 11010519491231002X", "13000000000@example.cn", "z@example.cn"} {
		d = w.must(w.svc.Edit(t.Context(), w.liaison, d.ID, d.Version, disclosure.Change{Email: &email}))
		if clean := !has(d.Problems, "/email", "email") && len(d.Hits) == 0; clean != (email == "z@example.cn") {
			t.Errorf("as an address of e-mail, %q goes on: %t", email, clean)
		}
	}
	for _, pointer := range []string{"/head_duty", "/phone", "/items/" + ids[1].String() + "/reason"} {
		if !has(d.Problems, pointer, "required") {
			t.Errorf("nobody asks for %s", pointer)
		}
	}
	d = w.must(w.svc.Edit(t.Context(), w.liaison, d.ID, d.Version, disclosure.Change{HeadDuty: new("专题会议4次。"), Phone: new("0990-5550122")}))
	it := w.item(d, ids[1])
	if _, err := w.svc.EditItem(t.Context(), w.liaison, d.ID, ids[1], it.Version, disclosure.ItemChange{
		Reason: new("需分期投入。"), Goal: new("2027年3月底前完成一期。"), Lead: new("办公室"),
	}); err != nil {
		t.Fatal(err)
	}

	write(ids[0], "已向身份证号９９０１２１ 19600101 0010的农户退还，联系人13000000000。")
	d = w.get(d.ID)
	if len(d.Hits) != 2 || d.Hits[0].Kind != privacy.ResidentID || d.Hits[0].Level != privacy.Hold && d.Hits[0].Level != privacy.Block {
		t.Fatalf("hits = %+v", d.Hits)
	}
	if err := check(d); inspection.CodeOf(err) != "disclosure.personal-data" {
		t.Errorf("a text with a mobile number went on: %v", err)
	}
	r := []rune(w.item(d, ids[0]).Result)
	masked := string(r[:d.Hits[0].Start]) + d.Hits[0].Mask + string(r[d.Hits[0].End:d.Hits[1].Start]) + d.Hits[1].Mask + string(r[d.Hits[1].End:])
	write(ids[0], masked)
	if d = w.get(d.ID); len(d.Hits) != 0 {
		t.Errorf("after masking: %+v", d.Hits)
	}
	old := d
	write(ids[0], "已退还。")
	if d = w.get(d.ID); d.Shown == old.Shown {
		t.Error("another text has the same digest")
	}
	if err := check(disclosure.Draft{ID: d.ID, Version: d.Version, Shown: old.Shown}); inspection.CodeOf(err) != "disclosure.other-text" {
		t.Errorf("a text that nobody saw went on: %v", err)
	}
	if err := check(d); err != nil {
		t.Errorf("a clean draft: %v", err)
	}
}

// TestWay walks the whole way and tries everybody at every step.
func TestWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ledger()
	d := w.ready()
	ctx := t.Context()
	seen := disclosure.Decision{Digest: d.Shown}
	kind := func(want inspection.Kind, what string, err error) {
		t.Helper()
		if inspection.KindOf(err) != want || err == nil {
			t.Errorf("%s: %v, want kind %d", what, err, want)
		}
	}
	d = w.must(w.svc.Check(ctx, w.liaison, d.ID, d.Version, seen))
	_, err := w.svc.Confirm(ctx, w.liaison, d.ID, d.Version, seen)
	kind(inspection.Forbidden, "the liaison confirms for the head", err)
	_, err = w.svc.Clear(ctx, w.off, d.ID, d.Version, disclosure.Clearance{Decision: seen})
	kind(inspection.Conflict, "cleared before the head confirmed", err)
	_, err = w.svc.Confirm(ctx, w.head, d.ID, d.Version, disclosure.Decision{Digest: strings.Repeat("0", 64)})
	kind(inspection.Conflict, "confirmed another text", err)
	d = w.must(w.svc.Confirm(ctx, w.head, d.ID, d.Version, seen))
	d = w.must(w.svc.Clear(ctx, w.dir, d.ID, d.Version, disclosure.Clearance{Decision: seen}))
	_, err = w.svc.Approve(ctx, w.dir, d.ID, d.Version, seen)
	kind(inspection.Forbidden, "approved by who cleared it", err)
	_, err = w.svc.Approve(ctx, w.off2, d.ID, d.Version, seen)
	kind(inspection.Forbidden, "approved by a clerk", err)
	w.forward(6 * 60e9)
	_, err = w.svc.Approve(ctx, w.lg, d.ID, d.Version, seen)
	if inspection.CodeOf(err) != "step-up-required" {
		t.Errorf("approved without a fresh proof: %v", err)
	}
	d = w.must(w.svc.Return(ctx, w.lg, d.ID, d.Version, disclosure.Back{Reason: "第1条缺公示时间"}))
	if d.State != disclosure.Drafted || d.ReturnNote == "" || d.ConfirmedAt != nil || d.ClearedAt != nil {
		t.Errorf("after a return: %s, %+v", d.State, d.Way)
	}
	d = w.approve(d)
	if d.State != disclosure.Approved || d.ApprovedName == "" || d.ReturnNote != "" {
		t.Errorf("after approval: %s, %+v", d.State, d.Way)
	}
}

// TestWithheldNeedsLeaders makes sure that what the public does not learn is the
// leading group's decision, and that the public learns the number alone.
func TestWithheldNeedsLeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.ledger()
	d := w.ready()
	it := w.item(d, ids[0])
	if _, err := w.svc.EditItem(t.Context(), w.liaison, d.ID, ids[0], it.Version, disclosure.ItemChange{Withheld: new(disclosure.Case)}); err != nil {
		t.Fatal(err)
	}
	d = w.get(d.ID)
	seen := disclosure.Decision{Digest: d.Shown}
	d = w.must(w.svc.Check(t.Context(), w.liaison, d.ID, d.Version, seen))
	d = w.must(w.svc.Confirm(t.Context(), w.head, d.ID, d.Version, seen))
	d = w.must(w.svc.Clear(t.Context(), w.off, d.ID, d.Version, disclosure.Clearance{Decision: seen}))
	if _, err := w.svc.Approve(t.Context(), w.dir, d.ID, d.Version, seen); inspection.CodeOf(err) != "disclosure.withheld" {
		t.Errorf("the director alone withheld something: %v", err)
	}
	d = w.schedule(w.must(w.svc.Approve(t.Context(), w.lg, d.ID, d.Version, seen)))
	w.forward(31 * 60e9)
	w.publish(1)
	p, err := w.read.Page(t.Context(), w.county, d.Number, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p.Withheld != 1 || p.Findings != 3 || strings.Contains(string(p.Data), "敬老院") || strings.Contains(string(p.Data), "case") {
		t.Errorf("the public reads %s", p.Data)
	}
	if !strings.Contains(string(p.Data), `"no":1`) || strings.Contains(string(p.Data), `"no":3`) {
		t.Errorf("the numbers of the items tell which one is withheld: %s", p.Data)
	}
}

// TestSecondPerson makes sure that personal data stays only by a second person's
// word, and never what is plainly forbidden.
func TestSecondPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.ledger()
	d := w.ready()
	it := w.item(d, ids[0])
	if _, err := w.svc.EditItem(t.Context(), w.off, d.ID, ids[0], it.Version, disclosure.ItemChange{Result: new("可来信 mzj@example.cn 查询。")}); err != nil {
		t.Fatal(err)
	}
	// Who writes after another does not make her a stranger to the text.
	if _, err := w.svc.EditItem(t.Context(), w.liaison, d.ID, ids[0], it.Version+1, disclosure.ItemChange{Lead: new("办公室")}); err != nil {
		t.Fatal(err)
	}
	d = w.get(d.ID)
	if len(d.Hits) != 1 || d.Hits[0].Level != privacy.Hold {
		t.Fatalf("hits = %+v", d.Hits)
	}
	seen := disclosure.Decision{Digest: d.Shown}
	keep := disclosure.Clearance{Decision: seen, Keeps: []disclosure.Kept{{Hit: d.Hits[0].ID, Grounds: disclosure.OfficeLine}}}
	d = w.must(w.svc.Check(t.Context(), w.liaison, d.ID, d.Version, seen))
	d = w.must(w.svc.Confirm(t.Context(), w.head, d.ID, d.Version, seen))
	if _, err := w.svc.Clear(t.Context(), w.off2, d.ID, d.Version, disclosure.Clearance{Decision: seen}); inspection.CodeOf(err) != "disclosure.personal-data" {
		t.Errorf("cleared without a word on the e-mail: %v", err)
	}
	if _, err := w.svc.Clear(t.Context(), w.off, d.ID, d.Version, keep); inspection.CodeOf(err) != "disclosure.second-person" {
		t.Errorf("kept by its own writer: %v", err)
	}
	d = w.must(w.svc.Clear(t.Context(), w.off2, d.ID, d.Version, keep))
	if len(d.Keeps) != 1 || d.Keeps[0].By == "" || !d.Hits[0].Kept {
		t.Errorf("keeps = %+v, hits = %+v", d.Keeps, d.Hits)
	}
	if d = w.must(w.svc.Approve(t.Context(), w.dir, d.ID, d.Version, seen)); d.State != disclosure.Approved {
		t.Errorf("state = %s", d.State)
	}
}
