package opinions_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, opinions.Life(), "public_opinions_state", "testdata/opinion.mmd")
	tenantstest.Knows(h, "public_opinions_reason", append(opinions.Reasons(), "")...)
}

// TestWay is one opinion from the form to the answer, and what the public, its writer
// and the levels above see of it on the way.
func TestWay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	id, receipt := d.say(opinions.Said{Item: 1, NotFixed: true, Name: "桥头老李", Text: "公示栏7月以后没更新，打13000000000问过。", MayShow: true})
	if receipt.Number != "KAA-YJ-2026-0001" || len(strings.ReplaceAll(receipt.Code, " ", "")) != 16 {
		t.Fatalf("receipt %+v", receipt)
	}
	again := tenantstest.Must(d.box.Take(ctx, d.office, id, opinions.Said{Notice: notice, Text: "公示栏7月以后没更新，打13000000000问过。"}))(t)
	if again != receipt {
		t.Errorf("sent twice, it is told %+v and %+v", receipt, again)
	}
	status := func(code string) opinions.State {
		a, err := d.box.Ask(ctx, d.office, receipt.Number, code)
		if err != nil {
			return opinions.State(inspection.CodeOf(err))
		}
		return a.State
	}
	if got := []opinions.State{status(receipt.Code), status(strings.ReplaceAll(receipt.Code, " ", "")), status("0000 0000 0000 0000"), status("")}; !slices.Equal(got,
		[]opinions.State{opinions.Waiting, opinions.Waiting, "not-found", "not-found"}) {
		t.Errorf("its writer reads %v", got)
	}
	if shelf := tenantstest.Must(d.shelf.Of(ctx, d.office, notice))(t); shelf.Received != 1 || len(shelf.Opinions) != 0 {
		t.Errorf("before anybody decides the public reads %+v", shelf)
	}

	o := d.get(id)
	if len(o.Hits) != 1 || o.Proposed != "公示栏7月以后没更新，打***问过。" || o.DueOn == nil || o.DueOn.String() != "2026-11-25" {
		t.Errorf("the office sees hits %v, proposed %q, due %v", o.Hits, o.Proposed, o.DueOn)
	}
	_, err := d.room.Feature(ctx, d.off, id, o.Version, opinions.Showing{Text: o.Text})
	tenantstest.Wants(t, err, inspection.Invalid, "opinion.invalid")
	_, err = d.room.Feature(ctx, d.off, id, o.Version, opinions.Showing{Text: "公示栏一直按时更新。"})
	tenantstest.Wants(t, err, inspection.Invalid, "opinion.invalid")
	_, err = d.room.Feature(ctx, d.off, id, o.Version, opinions.Showing{Text: o.Proposed, Finding: &d.findings[1]})
	tenantstest.Wants(t, err, inspection.Invalid, "opinion.invalid") // withheld: the page says nothing of it
	o = tenantstest.Must(d.room.Feature(ctx, d.off, id, o.Version, opinions.Showing{Text: o.Proposed, Named: true, Finding: &d.findings[0]}))(t)
	if o.State != opinions.Featured || o.FindingNo != "KAA-01-001" || o.Doubt == nil {
		t.Errorf("shown, it is %+v", o)
	}
	_, err = d.room.Answer(ctx, d.off, id, o.Version-1, opinions.Answering{Text: "已补公示。"})
	tenantstest.Wants(t, err, inspection.Stale, "opinion.stale")
	_, err = d.room.Answer(ctx, d.off, id, o.Version, opinions.Answering{Text: "请拨13000000000。"})
	tenantstest.Wants(t, err, inspection.Invalid, "opinion.invalid")
	tenantstest.Must(d.room.Answer(ctx, d.off, id, o.Version, opinions.Answering{Text: "已核实，7至9月账目已补公示。"}))(t)

	shelf := tenantstest.Must(d.shelf.Of(ctx, d.office, notice))(t)
	if len(shelf.Opinions) != 1 || shelf.Opinions[0].Text != "公示栏7月以后没更新，打***问过。" || shelf.Opinions[0].Name != "桥头老李" ||
		shelf.Opinions[0].Reply != "已核实，7至9月账目已补公示。" || *shelf.Opinions[0].Item != 1 {
		t.Errorf("the public reads %+v", shelf.Opinions)
	}
	if a := tenantstest.Must(d.box.Ask(ctx, d.office, receipt.Number, receipt.Code))(t); a.State != opinions.Featured || a.Reply == "" {
		t.Errorf("its writer reads %+v", a)
	}

	// It counts: a mark, a signal that says nothing of who said it, and a number above.
	if got := d.flags(0); !slices.Contains(got, "public-opinion") {
		t.Errorf("the case is marked %v", got)
	}
	signals := tenantstest.Must(d.doubts.OfCase(ctx, d.off, d.findings[0]))(t)
	if len(signals) != 1 || signals[0].ID != *o.Doubt || strings.Contains(signals[0].Reason+signals[0].Question, "公示栏") {
		t.Errorf("signals of the case: %+v", signals)
	}
	city := d.As(d.City[0], tenants.CITY)
	want := []opinions.Counted{{Office: d.office.Slug, Name: d.office.Name, Received: 1, Featured: 1, NotFixed: 1, Doubts: 1}}
	if diff := cmp.Diff(want, tenantstest.Must(d.room.Counts(ctx, city))(t)); diff != "" {
		t.Errorf("the city counts (-want +got):\n%s", diff)
	}
	acts := tenantstest.RootValue[[]string](d.House, `select array_agg(action || ' ' || role order by seq) from journal where tenant_id = $1 and object = 'opinion'`, d.office.ID)
	if diff := cmp.Diff([]string{"opinion.receive PUBLIC", "opinion.feature OFF", "opinion.reply OFF"}, acts); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}

	// Taken back, it is shown no more, and counts no more.
	o = tenantstest.Must(d.room.Reopen(ctx, d.off, id, d.get(id).Version, opinions.Reopening{Reason: "写作者要求撤下"}))(t)
	if shelf := tenantstest.Must(d.shelf.Of(ctx, d.office, notice))(t); len(shelf.Opinions) != 0 || o.State != opinions.Waiting {
		t.Errorf("taken back, the public reads %+v", shelf.Opinions)
	}
	if got := d.flags(0); slices.Contains(got, "public-opinion") {
		t.Errorf("taken back, the case is marked %v", got)
	}
}

// TestRefused: what is spam counts for nothing, what its writer keeps is not shown, and
// what says the same goes with the other.
func TestRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	spam, _ := d.say(opinions.Said{NotFixed: true, MayShow: true})
	tenantstest.Must(d.room.Decline(ctx, d.off, spam, 1, opinions.Declining{Reason: opinions.Advert, Finding: &d.findings[0]}))(t)
	if got := d.flags(0); len(got) != 0 || d.get(spam).Doubt != nil || d.get(spam).DueOn != nil {
		t.Errorf("an advertisement marks the case %v", got)
	}
	kept, _ := d.say(opinions.Said{NotFixed: true})
	_, err := d.room.Feature(ctx, d.off, kept, 1, opinions.Showing{Text: "公示栏7月以后没有更新。"})
	tenantstest.Wants(t, err, inspection.Conflict, "opinion.unwilling")
	_, err = d.room.Decline(ctx, d.off, kept, 1, opinions.Declining{Reason: "whatever"})
	tenantstest.Wants(t, err, inspection.Invalid, "opinion.invalid")
	o := tenantstest.Must(d.room.Decline(ctx, d.off, kept, 1, opinions.Declining{Reason: opinions.Unwilling, Finding: &d.findings[0]}))(t)
	if o.Doubt == nil || o.DueOn == nil || !slices.Contains(d.flags(0), "public-opinion") {
		t.Errorf("what is not shown at its writer's wish does not count: %+v", o)
	}
	open, _ := d.say(opinions.Said{NotFixed: true, MayShow: true})
	o = tenantstest.Must(d.room.Pass(ctx, d.off, open, 1, opinions.Passing{To: "县信访局"}))(t)
	o = tenantstest.Must(d.room.Link(ctx, d.off, open, o.Version, opinions.Linking{Finding: d.findings[2]}))(t)
	if o.Doubt != nil || !slices.Contains(d.flags(2), "public-opinion") {
		t.Errorf("a case that was never handed in is doubted: %+v", o)
	}
	same, receipt := d.say(opinions.Said{})
	_, err = d.room.Merge(ctx, d.off, same, 1, opinions.Merging{Into: same})
	tenantstest.Wants(t, err, inspection.Invalid, "opinion.invalid")
	tenantstest.Must(d.room.Merge(ctx, d.off, same, 1, opinions.Merging{Into: kept}))(t)
	tenantstest.Must(d.room.Answer(ctx, d.off, kept, d.get(kept).Version, opinions.Answering{Text: "正在补公示。"}))(t)
	if a := tenantstest.Must(d.box.Ask(ctx, d.office, receipt.Number, receipt.Code))(t); a.State != opinions.Merged || a.Reply != "正在补公示。" {
		t.Errorf("the writer of the second reads %+v", a)
	}
	_, err = d.room.Answer(ctx, d.As(d.office, tenants.DISC), open, d.get(open).Version, opinions.Answering{Text: "已收。"})
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	var tasks []inspection.Task
	d.Do(d.DB, d.off, func(tx *tenants.Tx) (err error) { tasks, err = d.room.Tasks(ctx, tx); return err })
	if len(tasks) != 1 || tasks[0].Verb != "答复" || tasks[0].ID != open.UUID {
		t.Errorf("to do: %+v", tasks)
	}
	p := tenantstest.Must(d.room.List(ctx, d.off, opinions.Filter{States: []opinions.State{opinions.Declined}, Limit: 1}))(t)
	if p.Total != 2 || len(p.Items) != 1 || p.Items[0].ID != kept || p.Next == "" {
		t.Errorf("list: %d of %d", len(p.Items), p.Total)
	}
	p = tenantstest.Must(d.room.List(ctx, d.off, opinions.Filter{States: []opinions.State{opinions.Declined}, Cursor: p.Next, Limit: 1}))(t)
	if len(p.Items) != 1 || p.Items[0].ID != spam {
		t.Errorf("second page: %+v", p.Items)
	}
}

// TestSwitch: the nearest office that says so decides whether opinions are taken.
func TestSwitch(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	take := func() error {
		_, err := d.box.Take(ctx, d.office, inspection.NewID[inspection.OpinionID](), opinions.Said{Notice: notice, Text: "没有更新。", MayShow: true})
		return err
	}
	if err := take(); err != nil {
		t.Fatalf("by default: %v", err)
	}
	d.mode(d.City[0], "off")
	tenantstest.Wants(t, take(), inspection.Conflict, "opinion.off")
	d.mode(d.City[1], "feature") // is nobody's above
	tenantstest.Wants(t, take(), inspection.Conflict, "opinion.off")
	_, err := d.room.Switch(ctx, d.off, 0, opinions.Collect)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	d.Root(`insert into policies (tenant_id, version, body) values ($1, 1, '{"check_share": 50}')`, d.office.ID)
	_, err = d.room.Switch(ctx, d.dir, 0, opinions.Collect)
	tenantstest.Wants(t, err, inspection.Stale, "opinion.stale")
	set := tenantstest.Must(d.room.Switch(ctx, d.dir, 1, opinions.Collect))(t)
	if want := (opinions.Setting{Mode: opinions.Collect, Own: true, Version: 2}); set != want {
		t.Errorf("setting %+v, want %+v", set, want)
	}
	if got := tenantstest.RootValue[int](d.House, `select (body->>'check_share')::int from policies where tenant_id = $1 and version = 2`, d.office.ID); got != 50 {
		t.Errorf("the rest of the policy is lost: %d", got)
	}
	if err := take(); err != nil {
		t.Errorf("只收不登 takes nothing: %v", err)
	}
	id, _ := d.say(opinions.Said{MayShow: true})
	_, err = d.room.Feature(ctx, d.off, id, 1, opinions.Showing{Text: d.get(id).Text})
	tenantstest.Wants(t, err, inspection.Conflict, "opinion.not-shown")
}

// TestTaken: only what is about a page that stands, within its time, is taken.
func TestTaken(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	take := func(said opinions.Said) error {
		_, err := d.box.Take(t.Context(), d.office, inspection.NewID[inspection.OpinionID](), said)
		return err
	}
	tenantstest.Wants(t, take(opinions.Said{Notice: "KAA-XC-2026-01-09", Text: "x"}), inspection.NotFound, "not-found")
	for what, text := range map[string]string{
		"5,001 characters": strings.Repeat("字", 5001), "501 characters": strings.Repeat("字", 501), "nothing": " \n", "invisible": "\u200b\u200b",
		"not UTF-8": "\xff\xfe", "a control character": "a\x00b",
	} {
		if err := take(opinions.Said{Notice: notice, Text: text}); inspection.CodeOf(err) != "opinion.invalid" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := take(opinions.Said{Notice: notice, Text: strings.Repeat("字", 500)}); err != nil { // the positive control
		t.Errorf("500 characters: %v", err)
	}
	now := d.now
	d.now = time.Date(2027, 1, 1, 0, 0, 0, 0, inspection.Zone)
	tenantstest.Wants(t, take(opinions.Said{Notice: notice, Text: "x"}), inspection.Conflict, "opinion.closed")
	d.now = now
	d.Root(`update publications set withdrawn_at = now()`)
	tenantstest.Wants(t, take(opinions.Said{Notice: notice, Text: "x"}), inspection.NotFound, "not-found")
}

// TestProof: a form goes through when it was read, with the words that were read.
func TestProof(t *testing.T) {
	t.Parallel()
	now := tenantstest.Now
	b := &opinions.Box{Clock: func() time.Time { return now }, Key: digest("key")}
	said := opinions.Said{Notice: notice, Text: "没有更新。", MayShow: true}
	proof := b.Prove(said)
	check := func(after time.Duration, proof string, said opinions.Said) string {
		now = tenantstest.Now.Add(after)
		_, err := b.Check(proof, said)
		return inspection.CodeOf(err)
	}
	other := said
	other.MayShow = false
	last := []byte(proof)
	last[3] ^= 1
	for _, tt := range []struct {
		what, got, want string
	}{
		{"at once", check(0, proof, said), "opinion.too-soon"},
		{"read", check(5*time.Second, proof, said), ""},
		{"next day", check(24*time.Hour, proof, said), "opinion.too-late"},
		{"other words", check(5*time.Second, proof, other), "opinion.unproven"},
		{"changed", check(5*time.Second, string(last), said), "opinion.unproven"},
		{"none", check(5*time.Second, "", said), "opinion.unproven"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, tt.got, tt.want)
		}
	}
}
