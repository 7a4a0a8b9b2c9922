package linkage_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestNoticeDown walks a notice from the province through a city and a county to
// a unit, and the reports back up.
func TestNoticeDown(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	prov, city := c.As(c.Province, tenants.PROV), c.As(c.City[0], tenants.CITY)
	off, dir := c.As(c.County[0][0], tenants.OFF), c.As(c.County[0][0], tenants.DIR)
	unit := c.As(c.County[0][0], tenants.UNIT, c.units[c.County[0][0].ID][0])

	top := c.issued(prov, draft(c.City[0], c.City[1]))
	if top.Number != "某巡办通〔2026〕1号" || top.State != linkage.Issued {
		t.Errorf("issued as %s %s", top.Number, top.State)
	}
	forward := linkage.Composing{Parent: &top.ID, Offices: draft(c.County[0][0], c.County[0][1]).Offices}
	_, err := c.Compose(ctx, city, forward)
	tenantstest.Wants(t, err, inspection.Conflict, "notice.unreceived")
	d := c.own(city, top.ID)
	tenantstest.Must(c.Receive(ctx, city, d.ID, d.Version, linkage.Receipt{SignedBy: "沈某"}))(t)
	mid := c.issued(city, forward)
	if mid.Title != top.Title || mid.Root != top.ID || mid.ReportDue > top.ReportDue {
		t.Errorf("forwarded as %+v", mid)
	}
	if got := c.own(city, top.ID); got.State != linkage.Checking || got.ReceivedBy != "沈某" {
		t.Errorf("the city's own part is %s, signed by %s", got.State, got.ReceivedBy)
	}

	d = c.own(off, mid.ID)
	tenantstest.Must(c.Receive(ctx, off, d.ID, d.Version, linkage.Receipt{}))(t)
	low := tenantstest.Must(c.Compose(ctx, off, linkage.Composing{Parent: &mid.ID, Units: c.units[c.County[0][0].ID]}))(t)
	low = tenantstest.Must(c.Submit(ctx, off, low.ID, low.Version, nil))(t)
	_, err = c.Issue(ctx, off, low.ID, low.Version)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	low = tenantstest.Must(c.Issue(ctx, dir, low.ID, low.Version))(t)

	c.reported(unit, low.ID, 4, 3)
	second := tenantstest.Must(c.Get(ctx, off, low.ID))(t).Matrix.Rows[1]
	_, err = c.Receive(ctx, off, second.ID, second.Version, linkage.Receipt{})
	tenantstest.Wants(t, err, inspection.Invalid, "delivery.paper")
	paper := tenantstest.Must(c.Receive(ctx, off, second.ID, second.Version, linkage.Receipt{OnPaper: true, SignedBy: "某主任"}))(t)
	zero := check(0, 0)
	zero.OnPaper, zero.SignedBy = true, "某主任"
	paper = tenantstest.Must(c.Report(ctx, off, paper.ID, paper.Version, zero))(t)
	if !paper.OnPaper || paper.SignedBy != "某主任" {
		t.Errorf("on paper: %+v", paper)
	}

	v := tenantstest.Must(c.Get(ctx, off, mid.ID))(t)
	if v.Suggested == nil || v.Suggested.Found != 4 || v.Suggested.Reported != 2 {
		t.Errorf("proposed for the county's report: %+v", v.Suggested)
	}
	c.reported(off, mid.ID, 4, 3)

	// Each level sees its own subtree of the one chain.
	shape := func(s tenants.Scope, id inspection.NoticeID) string {
		var b strings.Builder
		for _, r := range tenantstest.Must(c.Get(ctx, s, id))(t).Matrix.Rows {
			b.WriteString(strings.Repeat("-", r.Depth) + r.Level + ":" + string(r.State) + " ")
		}
		return strings.TrimSpace(b.String())
	}
	want := "city:checking -county:reported --unit:reported --unit:reported -county:delivered city:delivered"
	if got := shape(prov, top.ID); got != want {
		t.Errorf("the province sees\n%s, want\n%s", got, want)
	}
	want = "county:reported -unit:reported -unit:reported county:delivered"
	if got := shape(city, mid.ID); got != want {
		t.Errorf("the city sees\n%s, want\n%s", got, want)
	}
	m := tenantstest.Must(c.Get(ctx, prov, top.ID))(t).Matrix
	wantSum := linkage.Sum{Sent: 3, Received: 2, Reported: 2, Found: 4, Corrected: 3}
	if diff := cmp.Diff(&wantSum, m.Rows[0].Below); diff != "" {
		t.Errorf("below the first city (-want +got):\n%s", diff)
	}
	if m.Rows[2].Report != "" || len(m.Rows[2].Answers) > 0 {
		t.Error("a unit's text went further up than to its issuer")
	}

	// Closing needs every report accepted.
	_, err = c.Close(ctx, dir, low.ID, low.Version, "完成")
	tenantstest.Wants(t, err, inspection.Conflict, "notice.open")
	for _, r := range tenantstest.Must(c.Get(ctx, off, low.ID))(t).Matrix.Rows {
		tenantstest.Must(c.Accept(ctx, off, r.ID, r.Version))(t)
	}
	low = tenantstest.Must(c.Close(ctx, dir, low.ID, low.Version, "两个单位均已报送。"))(t)
	if low.State != linkage.Closed {
		t.Errorf("closed as %s", low.State)
	}
}

// TestReturnStartsANewClock: a returned report is due again, and its second
// version is accepted.
func TestReturnStartsANewClock(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, off := c.As(c.City[0], tenants.CITY), c.As(c.County[0][0], tenants.OFF)
	n := c.issued(city, draft(c.County[0][0]))
	d := c.reported(off, n.ID, 3, 1)

	_, err := c.Return(ctx, off, d.ID, d.Version, linkage.Returning{Code: linkage.Shallow, Note: "重查"})
	tenantstest.Wants(t, err, inspection.NotFound, "not-found") // the recipient is no issuer
	d = tenantstest.Must(c.Return(ctx, city, d.ID, d.Version, linkage.Returning{Code: linkage.Shallow, Note: "未逐村核对"}))(t)
	today, _ := inspection.ParseDay("2026-11-20")
	due, _ := inspection.PublishedCalendar().Add(today, 20)
	if d.State != linkage.Returned || d.ReportDue != due || d.Returns != 1 || d.ReviewDue != nil {
		t.Errorf("returned as %s, due %s (want %s), %d returns", d.State, d.ReportDue, due, d.Returns)
	}
	d = tenantstest.Must(c.Report(ctx, off, d.ID, d.Version, check(5, 2)))(t)
	d = tenantstest.Must(c.Accept(ctx, city, d.ID, d.Version))(t)
	if d.Found != 5 || d.State != linkage.Accepted {
		t.Errorf("accepted with %d found in %s", d.Found, d.State)
	}
	_, err = c.Report(ctx, off, d.ID, d.Version, check(6, 2))
	tenantstest.Wants(t, err, inspection.Conflict, "delivery.wrong-state")
}

func TestComposing(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	city := c.As(c.City[0], tenants.CITY)
	day := func(s string) *inspection.Day {
		d := tenantstest.Must(inspection.ParseDay(s))(t)
		return &d
	}
	tests := []struct {
		name   string
		change func(*linkage.Composing)
		code   string
	}{
		{"as it is", func(*linkage.Composing) {}, ""},
		{"days in order", func(d *linkage.Composing) { d.ReceiptDue, d.ReportDue = day("2026-11-27"), day("2026-12-31") }, ""},
		{"no title", func(d *linkage.Composing) { d.Title = " \u200b" }, "notice.invalid"},
		{"control characters", func(d *linkage.Composing) { d.Body = "a\x07b" }, "notice.invalid"},
		{"receipt due yesterday", func(d *linkage.Composing) { d.ReceiptDue = day("2026-11-19") }, "notice.invalid"},
		{"report before check", func(d *linkage.Composing) { d.ReportDue = day("2026-11-26") }, "notice.invalid"},
		{"a tag nobody has", func(d *linkage.Composing) { d.Tag = "无此问题" }, "notice.basis"},
		{"a finding of another city", func(d *linkage.Composing) {
			d.Findings = []linkage.FindingRef{{Office: linkage.Slug(c.County[1][0].Slug), ID: c.findings[c.County[1][0].ID][0]}}
		}, "notice.basis"},
		{"a county of another city", func(d *linkage.Composing) { d.Offices = draft(c.County[1][0]).Offices }, "notice.recipients"},
		{"itself", func(d *linkage.Composing) { d.Offices = draft(c.City[0]).Offices }, "notice.recipients"},
		{"twice the same", func(d *linkage.Composing) { d.Offices = draft(c.County[0][0], c.County[0][0]).Offices }, "notice.recipients"},
		{"a unit of a county", func(d *linkage.Composing) { d.Units = c.units[c.County[0][0].ID][:1] }, "notice.recipients"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := draft(c.County[0][0])
			tt.change(&d)
			n, err := c.Compose(t.Context(), city, d)
			if tt.code == "" {
				if err != nil || n.State != linkage.Draft {
					t.Errorf("composed %s, %v", n.State, err)
				}
				return
			}
			tenantstest.Wants(t, err, inspection.Invalid, tt.code)
		})
	}
	if n := tenantstest.RootValue[int](c.House, `select count(*) from notices where state <> 'draft'`); n != 0 {
		t.Errorf("%d notices left their drafts", n)
	}
}

func TestZeroReport(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, county := c.As(c.City[0], tenants.CITY), c.County[0][0]
	off, dir := c.As(county, tenants.OFF), c.As(county, tenants.DIR)
	n := c.issued(city, draft(county))
	d := c.own(off, n.ID)
	d = tenantstest.Must(c.Receive(ctx, off, d.ID, d.Version, linkage.Receipt{}))(t)

	_, err := c.Report(ctx, off, d.ID, d.Version, check(0, 0))
	tenantstest.Wants(t, err, inspection.Invalid, "delivery.zero-needs-head")
	_, err = c.Report(ctx, off, d.ID, d.Version, check(1, 2))
	tenantstest.Wants(t, err, inspection.Invalid, "delivery.report")
	unanswered := check(1, 1)
	unanswered.Answers = unanswered.Answers[:1]
	_, err = c.Report(ctx, off, d.ID, d.Version, unanswered)
	tenantstest.Wants(t, err, inspection.Invalid, "delivery.report")
	if got := c.own(off, n.ID); got.State != linkage.Received || got.Version != d.Version {
		t.Errorf("refused reports left %s v%d", got.State, got.Version)
	}
	d = tenantstest.Must(c.Report(ctx, dir, d.ID, d.Version, check(0, 0)))(t)
	if d.SignedBy == "" {
		t.Error("the head's signature is missing")
	}
}

// TestRemind: once per recipient and day, never those who reported.
func TestRemind(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	prov, city := c.As(c.Province, tenants.PROV), c.As(c.City[0], tenants.CITY)
	top := c.issued(prov, draft(c.City[0]))
	d := c.own(city, top.ID)
	tenantstest.Must(c.Receive(ctx, city, d.ID, d.Version, linkage.Receipt{}))(t)
	mid := c.issued(city, linkage.Composing{Parent: &top.ID, Offices: draft(c.County[0][0], c.County[0][1]).Offices})
	c.reported(c.As(c.County[0][0], tenants.OFF), mid.ID, 1, 1)

	rows := tenantstest.Must(c.Get(ctx, prov, top.ID))(t).Matrix.Rows
	ids := []inspection.DeliveryID{rows[1].ID, rows[2].ID}
	r := tenantstest.Must(c.Remind(ctx, prov, top.ID, ids))(t)
	if r.Sent != 1 || len(r.Skipped) != 1 || r.Skipped[0].Reason != "已报送" {
		t.Errorf("reminded %+v", r)
	}
	r = tenantstest.Must(c.Remind(ctx, city, mid.ID, ids[1:]))(t)
	if r.Sent != 0 || r.Skipped[0].Reason != "今天已催办" {
		t.Errorf("reminded again %+v", r)
	}
	late := c.As(c.County[0][1], tenants.OFF)
	if v := tenantstest.Must(c.Get(ctx, late, mid.ID))(t); v.Delivery.Reminders != 1 {
		t.Errorf("the recipient sees %d reminders", v.Delivery.Reminders)
	}
	_, err := c.Remind(ctx, late, mid.ID, ids)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	other := c.As(c.City[1], tenants.CITY)
	_, err = c.Remind(ctx, other, mid.ID, ids)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
}
