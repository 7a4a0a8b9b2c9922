package disclosure_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestPublish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ledger()
	d := w.scheduled()
	if _, err := w.read.Page(t.Context(), w.county, d.Number, 0); inspection.KindOf(err) != inspection.NotFound {
		t.Fatalf("before its time: %v", err)
	}
	w.publish(0)
	w.forward(29*time.Minute + 55*time.Second)
	w.publish(0)
	w.forward(6 * time.Second)
	w.publish(1)
	w.publish(0)
	p, err := w.read.Page(t.Context(), w.county, d.Number, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != d.Title || p.Findings != 3 || p.Done != 1 || p.LongTerm != 1 || p.Ongoing != 1 || p.Year != 2026 {
		t.Errorf("the public reads %+v", p.Head)
	}
	if p.PublishedAt.Before(*d.PublishAt) {
		t.Errorf("published at %s, before %s", p.PublishedAt, d.PublishAt)
	}
	if p.OpinionsUntil.String() != "2026-12-11" { // 15 working days on
		t.Errorf("opinions until %s", p.OpinionsUntil)
	}
	got := w.get(d.ID)
	if got.State != disclosure.Published || *got.Live != 1 {
		t.Errorf("state = %s, live = %v", got.State, got.Live)
	}
	if want := "https://gk.example.cn/" + w.City[0].Slug + "/" + w.county.Slug + "/zg/" + d.Number; got.Page != want || d.Page != "" {
		t.Errorf("page = %q before and %q after, want %q", d.Page, got.Page, want)
	}
}

// TestScheduleTimes tries times that cannot be.
func TestScheduleTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ledger()
	d := w.approved()
	now := w.clock.now()
	for name, p := range map[string]disclosure.Plan{
		"in the past":                 {PublishAt: now.Add(-time.Second)},
		"without time to take back":   {PublishAt: now.Add(9 * time.Minute)},
		"in two years":                {PublishAt: now.AddDate(2, 0, 0)},
		"opinions end before":         {PublishAt: now.Add(time.Hour), OpinionsUntil: new(inspection.DayOf(now) - 1)},
		"the year one":                {PublishAt: time.Time{}},
		"before the text's own date":  {PublishAt: now.Add(-48 * time.Hour)},
		"in another zone, still past": {PublishAt: now.Add(-time.Second).In(time.FixedZone("", 14*3600))},
	} {
		if _, err := w.svc.Schedule(t.Context(), w.fresh(w.off), d.ID, d.Version, p); inspection.CodeOf(err) != "disclosure.plan" {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.forward(10 * time.Minute)
	at := disclosure.Plan{PublishAt: w.clock.now().Add(time.Hour)}
	if _, err := w.svc.Schedule(t.Context(), w.off, d.ID, d.Version, at); inspection.CodeOf(err) != "step-up-required" {
		t.Errorf("scheduled without a fresh proof: %v", err)
	}
	if _, err := w.svc.Schedule(t.Context(), w.fresh(w.off), d.ID, d.Version, at); err != nil {
		t.Errorf("a good time: %v", err)
	}
}

// TestOnce lets three machines and a person with a button publish at the same
// time, again and again: each text is published once.
func TestOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const rounds = 12
	var texts []disclosure.Draft
	for range rounds {
		w.round = w.Round(w.county)
		w.Root(`update rounds set feedback_on = '2026-07-10' where id = $1`, w.round)
		w.ledgerOf(len(texts))
		texts = append(texts, w.scheduled())
	}
	w.forward(31 * time.Minute)
	var total atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 3 {
				n, err := w.jobs.PublishDue(context.WithoutCancel(t.Context()))
				if err != nil {
					t.Error(err)
				}
				total.Add(int64(n))
			}
		})
	}
	wg.Wait()
	if total.Load() != rounds {
		t.Errorf("%d publications of %d texts", total.Load(), rounds)
	}
	if n := tenantstest.RootValue[int](w.House, `select count(*)::int from publications`); n != rounds {
		t.Errorf("%d rows, want %d", n, rounds)
	}
	if n := tenantstest.RootValue[int](w.House, `select count(*)::int from journal where action = 'disclosure.publish'`); n != rounds {
		t.Errorf("%d entries in the journal, want %d", n, rounds)
	}
	broken := tenantstest.RootValue[int](w.House, `select count(*)::int from disclosure_editions where state <> 'published'`)
	if broken != 0 {
		t.Errorf("%d editions are not published", broken)
	}
	_ = texts
}

// TestKilled cuts the connection in the middle of a publication, as kill -9
// does: nothing is left, and the next scan publishes once.
func TestKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ledger()
	d := w.scheduled()
	w.forward(31 * time.Minute)
	killed := false
	w.jobs.Article = func(doc disclosure.Document) ([]byte, error) {
		if !killed {
			killed = true
			w.Root(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'xuncha_jobs' and datname = current_database()`)
		}
		return article(doc)
	}
	if n, err := w.jobs.PublishDue(t.Context()); err == nil || n != 0 {
		t.Fatalf("published %d, %v through a dead connection", n, err)
	}
	if got := w.get(d.ID); got.State != disclosure.Scheduled || got.Held != "" {
		t.Errorf("after the kill: %s, held %q", got.State, got.Held)
	}
	w.publish(1)
	w.publish(0)
}

// TestClocks sets the clocks apart: while they do not agree, nothing is
// published; neither is anything before both say so.
func TestClocks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		pass    time.Duration // of true time, until which both clocks are right
		ours    time.Duration // by which this machine's clock then jumps
		want    int
		wantErr string
	}{
		{"agree, due", 31 * time.Minute, 0, 1, ""},
		{"agree, not due", 20 * time.Minute, 0, 0, ""},
		{"this machine a day ahead", 20 * time.Minute, 24 * time.Hour, 0, "apart"},
		{"this machine an hour ahead", 0, time.Hour, 0, "apart"},
		{"the database an hour ahead", 31 * time.Minute, -time.Hour, 0, ""},
		{"the database a minute ahead, due", 40 * time.Minute, -time.Minute, 0, "apart"},
		{"3 s ahead, due by this clock alone", 29*time.Minute + 58*time.Second, 3 * time.Second, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.ledger()
			d := w.scheduled()
			w.forward(tt.pass)
			w.clock.forward(tt.ours) // the service's shift stays: nobody meant this
			n, err := w.jobs.PublishDue(t.Context())
			if n != tt.want || (err == nil) != (tt.wantErr == "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("published %d, %v; want %d, %q", n, err, tt.want, tt.wantErr)
			}
			if _, err := w.read.Page(t.Context(), w.county, d.Number, 0); (err == nil) != (tt.want == 1) {
				t.Errorf("the public reads: %v", err)
			}
		})
	}
}

// TestClockWentBack makes sure that time does not run backwards in the ledger of
// publications.
func TestClockWentBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.published()
	w.round = w.Round(w.county)
	w.ledgerOf(1)
	w.scheduled()
	w.forward(31 * time.Minute)
	w.Root(`update publications set published_at = published_at + interval '2 days'`)
	if n, err := w.jobs.PublishDue(t.Context()); n != 0 || err == nil || !strings.Contains(err.Error(), "went back") {
		t.Errorf("published %d, %v", n, err)
	}
}

// TestEarlyInDatabase tries to publish early past the program: the database
// refuses.
func TestEarlyInDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ledger()
	d := w.scheduled()
	try := func(sql string) error {
		return w.Jobs.In(t.Context(), tenants.ForJob(w.county, "test"), func(tx *tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
	}
	if try(`update disclosure_editions set state = 'published', issued_at = publish_at - interval '1 second'`) == nil {
		t.Error("published a second early")
	}
	if try(`update disclosure_editions set approved_digest = '\x00'`) == nil {
		t.Error("approved something else")
	}
	if try(`update disclosure_editions set approved_digest = null`) == nil {
		t.Error("scheduled without approval")
	}
	if err := try(`update disclosure_editions set state = 'published', issued_at = publish_at`); err != nil {
		t.Errorf("on time: %v", err)
	}
	_ = d
}

// TestOtherBytes changes what would be published after it was approved, in every
// way there is: it stays where it is, and says so.
func TestOtherBytes(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *world){
		"a word of the text": func(w *world) { w.Root(`update disclosure_editions set lead = lead || '。'`) },
		"a word of an item":  func(w *world) { w.Root(`update disclosure_items set result = '已完成。' where seq = 1`) },
		"a status":           func(w *world) { w.Root(`update disclosure_items set status = 'done' where seq = 3`) },
		"an item more":       func(w *world) { w.Root(`update disclosure_items set withheld = 'hype' where seq = 2`) },
		"the unit's name":    func(w *world) { w.Root(`update disclosure_editions set unit_name = '另一单位党组'`) },
		"the program's words": func(w *world) {
			w.jobs.Article = func(disclosure.Document) ([]byte, error) { return []byte("<p>"), nil }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.ledger()
			d := w.scheduled()
			w.forward(31 * time.Minute)
			change(w)
			if n, err := w.jobs.PublishDue(t.Context()); n != 0 || err == nil {
				t.Errorf("published %d, %v", n, err)
			}
			if n, err := w.jobs.PublishDue(t.Context()); n != 0 || err != nil {
				t.Errorf("told twice: %d, %v", n, err)
			}
			got := w.get(d.ID)
			if got.State != disclosure.Scheduled || got.Held == "" {
				t.Errorf("state = %s, held = %q", got.State, got.Held)
			}
			if n := tenantstest.RootValue[int](w.House, `select count(*)::int from publications`); n != 0 {
				t.Errorf("%d publications", n)
			}
		})
	}
}

// TestLastSecond lets a recall and a publication meet: one of them wins, and
// both know it.
func TestLastSecond(t *testing.T) {
	t.Parallel()
	for range 8 {
		w := newWorld(t)
		w.ledger()
		d := w.scheduled()
		w.forward(31 * time.Minute)
		var recalled error
		var n int
		var wg sync.WaitGroup
		wg.Go(func() { _, recalled = w.svc.Recall(context.WithoutCancel(t.Context()), w.off, d.ID, d.Version) })
		wg.Go(func() {
			var err error
			if n, err = w.jobs.PublishDue(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		got := w.get(d.ID)
		_, err := w.read.Page(t.Context(), w.county, d.Number, 0)
		switch {
		case recalled == nil && n == 0 && got.State == disclosure.Approved && inspection.KindOf(err) == inspection.NotFound:
		case recalled != nil && n == 1 && got.State == disclosure.Published && err == nil:
			if k := inspection.KindOf(recalled); k != inspection.Stale {
				t.Errorf("a late recall was told %v", recalled)
			}
		default:
			t.Fatalf("recall: %v, published %d, state %s, page %v", recalled, n, got.State, err)
		}
	}
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published()
	number := d.Number
	d = w.must(w.svc.Correct(t.Context(), w.off, d.ID, d.Version, disclosure.Correction{Note: "第1条补充公示时间"}))
	if d.Edition != 2 || d.State != disclosure.Drafted || *d.Live != 1 || len(d.Items) != 3 || len(d.Editions) != 2 {
		t.Fatalf("edition %d %s, live %v, %d items", d.Edition, d.State, d.Live, len(d.Items))
	}
	it := d.Items[0]
	if it.Updated {
		t.Error("nothing was changed yet")
	}
	if _, err := w.svc.EditItem(t.Context(), w.liaison, d.ID, it.FindingID, it.Version, disclosure.ItemChange{Result: new("7月至9月账目已补公示。")}); err != nil {
		t.Fatal(err)
	}
	d = w.get(d.ID)
	if !d.Items[0].Updated || d.Items[1].Updated {
		t.Error("the changed item is not the one that is marked")
	}
	if p, err := w.read.Page(t.Context(), w.county, number, 0); err != nil || p.Edition != 1 {
		t.Errorf("meanwhile the public reads edition %d, %v", p.Edition, err)
	}
	if _, err := w.read.Page(t.Context(), w.county, number, 2); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the draft of the correction: %v", err)
	}
	w.schedule(w.approve(d))
	w.forward(31 * time.Minute)
	w.publish(1)
	p, err := w.read.Page(t.Context(), w.county, number, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p.Edition != 2 || p.Note != "第1条补充公示时间" || p.Previous == nil || p.Previous.Edition != 1 || len(p.Editions) != 2 {
		t.Errorf("the public reads edition %d: %q, previous %v", p.Edition, p.Note, p.Previous)
	}
	if !strings.Contains(string(p.Previous.Data), "已按月公示伙食费收支") {
		t.Error("the old text is not shown")
	}
	old, err := w.read.Page(t.Context(), w.county, number, 1)
	if err != nil || !old.Superseded {
		t.Errorf("the first edition: superseded %v, %v", old.Superseded, err)
	}
	l, err := w.read.List(t.Context(), w.county, disclosure.Query{Limit: 20})
	if err != nil || l.Total != 1 || len(l.Heads) != 1 || l.Heads[0].Edition != 2 {
		t.Errorf("the list holds %+v, %v", l.Heads, err)
	}
}

// TestHidePrevious makes sure that text which should not have been public is
// gone with the correction.
func TestHidePrevious(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published()
	d = w.must(w.svc.Correct(t.Context(), w.off, d.ID, d.Version, disclosure.Correction{Note: "删去不应公开的内容", HidesPrevious: true}))
	w.schedule(w.approve(d))
	w.forward(31 * time.Minute)
	w.publish(1)
	p, err := w.read.Page(t.Context(), w.county, d.Number, 0)
	if err != nil || p.Previous != nil || len(p.Editions) != 1 {
		t.Errorf("previous %v, %d editions, %v", p.Previous, len(p.Editions), err)
	}
	if _, err := w.read.Page(t.Context(), w.county, d.Number, 1); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the first edition: %v", err)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published()
	ctx := t.Context()
	for name, r := range map[string]disclosure.Retraction{
		"another edition":         {Edition: 2, Reason: "内容有误"},
		"personal data in public": {Edition: 1, Reason: "应13000000000机主要求"},
		"no reason":               {Edition: 1, Reason: " "},
	} {
		if _, err := w.svc.Withdraw(ctx, w.dir, d.ID, r); err == nil {
			t.Errorf("%s: withdrawn", name)
		}
	}
	if _, err := w.svc.Withdraw(ctx, w.liaison, d.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误"}); inspection.KindOf(err) != inspection.Forbidden {
		t.Errorf("by the unit: %v", err)
	}
	// A correction that is being written does not stand in the way.
	d = w.must(w.svc.Correct(ctx, w.off, d.ID, d.Version, disclosure.Correction{Note: "更正数字"}))
	d = w.must(w.svc.Withdraw(ctx, w.dir, d.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误，核实后重新公布"}))
	if d.State != disclosure.Drafted || d.Live != nil || d.Edition != 2 {
		t.Errorf("the correction is edition %d %s, live %v", d.Edition, d.State, d.Live)
	}
	_, err := w.read.Page(ctx, w.county, d.Number, 0)
	if r, ok := errors.AsType[*disclosure.Retracted](err); !ok || r.Reason != "内容有误，核实后重新公布" {
		t.Errorf("the page says %v", err)
	}
	if l, err := w.read.List(ctx, w.county, disclosure.Query{Limit: 20}); err != nil || l.Total != 0 {
		t.Errorf("the list still holds %d, %v", l.Total, err)
	}
	if _, err := w.svc.Withdraw(ctx, w.dir, d.ID, disclosure.Retraction{Edition: 1, Reason: "再撤"}); inspection.KindOf(err) != inspection.Conflict {
		t.Errorf("twice: %v", err)
	}
	w.schedule(w.approve(d))
	w.forward(31 * time.Minute)
	w.publish(1)
	p, err := w.read.Page(ctx, w.county, d.Number, 0)
	if err != nil || p.Edition != 2 || len(p.Retracted) != 1 || len(p.Editions) != 1 {
		t.Errorf("back again: edition %d, %d withdrawals, %d editions, %v", p.Edition, len(p.Retracted), len(p.Editions), err)
	}
}

// TestWithdrawStays: a correction that waited for its time does not bring back a page
// that was withdrawn meanwhile.
func TestWithdrawStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	d := w.published()
	d = w.must(w.svc.Correct(ctx, w.off, d.ID, d.Version, disclosure.Correction{Note: "更正数字"}))
	w.schedule(w.approve(d))
	d = w.must(w.svc.Withdraw(ctx, w.dir, d.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误"}))
	if d.State != disclosure.Approved || d.PublishAt != nil || d.Live != nil {
		t.Errorf("the correction is %s, due %v, live %v", d.State, d.PublishAt, d.Live)
	}
	w.forward(31 * time.Minute)
	w.publish(0)
	_, err := w.read.Page(ctx, w.county, d.Number, 0)
	if _, ok := errors.AsType[*disclosure.Retracted](err); !ok {
		t.Errorf("the page is there again: %v", err)
	}
	w.schedule(d) // the control: on purpose it comes back
	w.forward(31 * time.Minute)
	w.publish(1)
	if p, err := w.read.Page(ctx, w.county, d.Number, 0); err != nil || p.Edition != 2 {
		t.Errorf("scheduled again: edition %d, %v", p.Edition, err)
	}
}
