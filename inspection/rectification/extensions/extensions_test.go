package extensions_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, extensions.Requests(), "extensions_state", "testdata/extension.mmd")
	tenantstest.Knows(h, "extensions_kind", extensions.Kinds()...)
}

// TestExtension goes the whole way: asked, signed, approved. Only the approval
// moves the day; the history keeps both.
func TestExtension(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	c, file := h.working(t)

	r := tenantstest.Must(h.Ask(ctx, h.liaison, c.ID, later(t, "2026-12-31", file)))(t)
	if got := h.read(t, c.ID); *got.DueOn != *c.DueOn || !slices.Contains(got.Flags, rectification.Extending) || got.DueVersion != c.DueVersion {
		t.Errorf("asked for: due %v v%d, flags %v", got.DueOn, got.DueVersion, got.Flags)
	}
	_, err := h.Ask(ctx, h.head, c.ID, later(t, "2026-12-31", file))
	tenantstest.Wants(t, err, inspection.Conflict, "extension.open")
	_, err = h.cases.Submit(ctx, h.liaison, c.ID, h.read(t, c.ID).Version, rectification.Handing{Statement: "已完成。"})
	tenantstest.Wants(t, err, inspection.Conflict, "rectification.extending")

	_, err = h.Sign(ctx, h.liaison, r.ID, r.Version, promised(r))
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	_, err = h.Approve(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
	tenantstest.Wants(t, err, inspection.Conflict, "extension.wrong-state")
	_, err = h.Sign(ctx, h.head, r.ID, r.Version, extensions.Signing{Promise: " ", Digest: r.Digest})
	tenantstest.Wants(t, err, inspection.Invalid, "extension.invalid")
	signed := tenantstest.Must(h.Sign(ctx, h.head, r.ID, r.Version, promised(r)))(t)
	_, err = h.Approve(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
	tenantstest.Wants(t, err, inspection.Stale, "extension.stale")
	for _, by := range []tenants.Scope{h.off, h.head, h.lg} {
		_, err = h.Approve(ctx, by, r.ID, signed.Version, extensions.Deciding{Note: "情况属实"})
		tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	}
	done := tenantstest.Must(h.Approve(ctx, h.dir, r.ID, signed.Version, extensions.Deciding{Note: "情况属实"}))(t)
	if done.State != extensions.Approved || done.Promise != promise || done.EndedBy != h.dir.Name() || len(done.Allowed) > 0 {
		t.Errorf("request = %+v", done)
	}

	got := h.read(t, c.ID)
	if *got.DueOn != tenantstest.Day(t, "2026-12-31") || got.DueVersion != c.DueVersion+1 || len(got.Flags) > 0 {
		t.Errorf("approved: due %v v%d, flags %v", got.DueOn, got.DueVersion, got.Flags)
	}
	p := tenantstest.Must(h.Of(ctx, h.liaison, c.ID))(t)
	var days []string
	for _, d := range p.Deadlines {
		days = append(days, d.Called+" "+d.DueOn.String())
	}
	if want := "反馈 2026-10-10,设定 2026-12-15,延期 2026-12-31"; strings.Join(days, ",") != want {
		t.Errorf("history = %v, want %s", days, want)
	}
	if p.Used != 1 || p.Limit != 1 {
		t.Errorf("used %d of %d", p.Used, p.Limit)
	}
	_, err = h.Ask(ctx, h.liaison, c.ID, later(t, "2027-01-15", file))
	tenantstest.Wants(t, err, inspection.Conflict, "extension.limit")
	if !strings.HasPrefix(err.Error(), "extension.limit: "+c.Number+" 已超出可延期次数") {
		t.Errorf("%v", err)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where object_id = $1 and action like 'extension.%'`, c.ID); n != 3 {
		t.Errorf("%d journal entries, want 3", n)
	}
}

// TestRefused: what is refused or withdrawn leaves the day where it is, and another
// may be asked for.
func TestRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	c, file := h.working(t)
	r := h.signed(t, later(t, "2026-12-31", file), c.ID)
	_, err := h.Refuse(ctx, h.dir, r.ID, r.Version, "")
	tenantstest.Wants(t, err, inspection.Invalid, "extension.invalid")
	_, err = h.Withdraw(ctx, h.dir, r.ID, r.Version, "不再需要")
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	tenantstest.Must(h.Refuse(ctx, h.dir, r.ID, r.Version, "工期可以赶上"))(t)
	if got := h.read(t, c.ID); *got.DueOn != *c.DueOn || got.DueVersion != c.DueVersion || len(got.Flags) > 0 {
		t.Errorf("refused: due %v v%d, flags %v", got.DueOn, got.DueVersion, got.Flags)
	}
	r = h.signed(t, later(t, "2026-12-31", file), c.ID)
	if r.N != 2 {
		t.Errorf("the second request is number %d", r.N)
	}
	r = tenantstest.Must(h.Withdraw(ctx, h.liaison, r.ID, r.Version, "已能按期完成"))(t)
	_, err = h.Approve(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
	tenantstest.Wants(t, err, inspection.Conflict, "extension.wrong-state")
	if got := h.read(t, c.ID); *got.DueOn != *c.DueOn || len(got.Flags) > 0 {
		t.Errorf("withdrawn: due %v, flags %v", got.DueOn, got.Flags)
	}
}

// TestLongTerm: granted, the case leaves its clock and comes back on the day.
func TestLongTerm(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	c, file := h.working(t)
	ask := extensions.Asking{Kind: extensions.LongTerm, UntilOn: tenantstest.Day(t, "2027-03-31"), Reason: "需随规划分期推进。", Evidence: []inspection.EvidenceID{file}}
	far := ask
	far.UntilOn = tenantstest.Day(t, "2027-12-31")
	_, err := h.Ask(ctx, h.liaison, c.ID, far)
	tenantstest.Wants(t, err, inspection.Invalid, "extension.invalid")
	r := h.signed(t, ask, c.ID)
	if got := h.read(t, c.ID); got.State != rectification.Working {
		t.Errorf("only asked for, the case is %s", got.State)
	}
	tenantstest.Must(h.Approve(ctx, h.dir, r.ID, r.Version, extensions.Deciding{Note: "同意分期推进"}))(t)
	got := h.read(t, c.ID)
	if got.State != rectification.LongTerm || got.ReviewOn == nil || *got.ReviewOn != ask.UntilOn || got.DaysLeft != nil {
		t.Errorf("case is %s until %v", got.State, got.ReviewOn)
	}
	if p := tenantstest.Must(h.Of(ctx, h.off, c.ID))(t); p.Used != 0 {
		t.Errorf("a long-term request counts as %d extensions", p.Used)
	}
}

// TestWhatMayBeAsked tries what the policy and the case do not let be asked for.
func TestWhatMayBeAsked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	_, foreign := h.working(t)
	tests := []struct {
		name string
		by   tenants.Scope
		ask  extensions.Asking
		kind inspection.Kind
		code string
	}{
		{"the present day", h.liaison, later(t, "2026-12-15", file), inspection.Invalid, "extension.invalid"},
		{"a day too far", h.liaison, later(t, "2027-03-16", file), inspection.Invalid, "extension.invalid"},
		{"without files", h.liaison, later(t, "2026-12-31"), inspection.Invalid, "extension.invalid"},
		{"with another case's file", h.liaison, later(t, "2026-12-31", foreign), inspection.Invalid, "extension.invalid"},
		{"without a reason", h.liaison, extensions.Asking{Kind: extensions.Later, UntilOn: tenantstest.Day(t, "2026-12-31"), Evidence: []inspection.EvidenceID{file}}, inspection.Invalid, "extension.invalid"},
		{"by the office", h.off, later(t, "2026-12-31", file), inspection.Forbidden, "forbidden"},
		{"by another unit", h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组")), later(t, "2026-12-31", file), inspection.NotFound, "not-found"},
		{"by another office's unit", h.As(h.County[0][1], tenants.UNIT, h.Unit(h.County[0][1], "某局")), later(t, "2026-12-31", file), inspection.NotFound, "not-found"},
	}
	for _, tt := range tests {
		_, err := h.Ask(t.Context(), tt.by, c.ID, tt.ask)
		if inspection.KindOf(err) != tt.kind || inspection.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want kind %d %s", tt.name, err, tt.kind, tt.code)
		}
	}
	tenantstest.Must(h.Ask(t.Context(), h.liaison, c.ID, later(t, "2027-03-15", file)))(t) // the last day that may be asked for
}

// TestApproverByPolicy: where the office says so, the leading group decides.
func TestApproverByPolicy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Root(`insert into policies (tenant_id, version, body) values ($1, 1, '{"extension_approver": "LG", "extension_limit": 2}')`, h.office.ID)
	c, file := h.working(t)
	r := h.signed(t, later(t, "2026-12-31", file), c.ID)
	_, err := h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	tenantstest.Must(h.Approve(t.Context(), h.lg, r.ID, r.Version, extensions.Deciding{Note: "情况属实"}))(t)
	h.signed(t, later(t, "2027-01-31", file), c.ID) // a second time, as the policy lets
}

// TestOwnRequest: nobody decides what their own unit asked for, in whatever role.
func TestOwnRequest(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	r := h.signed(t, later(t, "2026-12-31", file), c.ID)
	asDirector := tenants.ForGrant(tenants.Acting{
		Office: h.office, Member: h.head.Member(), Grant: h.head.Grant(), Name: h.head.Name(), Role: tenants.DIR, Strong: tenantstest.Now,
	})
	_, err := h.Approve(t.Context(), asDirector, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
	tenantstest.Wants(t, err, inspection.Forbidden, "extension.own-work")
	tenantstest.Must(h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"}))(t)
}

// TestStepUp: signing and deciding ask for a fresh proof of identity.
func TestStepUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	r := tenantstest.Must(h.Ask(t.Context(), h.liaison, c.ID, later(t, "2026-12-31", file)))(t)
	h.Clock = inspection.ClockAt(tenantstest.Now.Add(10 * time.Minute))
	_, err := h.Sign(t.Context(), h.head, r.ID, r.Version, promised(r))
	tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	h.Clock = inspection.ClockAt(tenantstest.Now)
	r = tenantstest.Must(h.Sign(t.Context(), h.head, r.ID, r.Version, promised(r)))(t)
	h.Clock = inspection.ClockAt(tenantstest.Now.Add(10 * time.Minute))
	for _, decide := range []func() (extensions.Request, error){
		func() (extensions.Request, error) {
			return h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
		},
		func() (extensions.Request, error) {
			return h.Refuse(t.Context(), h.dir, r.ID, r.Version, "工期可以赶上")
		},
	} {
		_, err := decide()
		tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	}
}

// TestOvertaken: the office moved the day further than what was asked for.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	r := h.signed(t, later(t, "2026-12-31", file), c.ID)
	tenantstest.Must(h.cases.SetDue(t.Context(), h.off, c.ID, h.read(t, c.ID).Version, rectification.DueChange{DueOn: tenantstest.Day(t, "2027-01-10"), Reason: "统一调整"}))(t)
	_, err := h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"})
	tenantstest.Wants(t, err, inspection.Conflict, "extension.overtaken")
	tenantstest.Must(h.Refuse(t.Context(), h.dir, r.ID, r.Version, "期限已统一调整"))(t)
	if got := h.read(t, c.ID); *got.DueOn != tenantstest.Day(t, "2027-01-10") {
		t.Errorf("due %v", got.DueOn)
	}
}

// TestTasks: a request waits for the head, then for who decides, and for nobody else.
func TestTasks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	waits := func(when string, want map[*tenants.Scope]string) {
		t.Helper()
		for _, who := range []*tenants.Scope{&h.liaison, &h.head, &h.off, &h.dir, &h.lg, &h.disc} {
			h.Do(h.db(), *who, func(tx *tenants.Tx) error {
				tasks, err := h.Tasks(t.Context(), tx)
				got := ""
				for _, task := range tasks {
					got += task.Verb + task.Number
				}
				if wanted := want[who]; got != "" && got != wanted+c.Number || got == "" && wanted != "" {
					t.Errorf("%s: %s has %q, want %q", when, who.Role(), got, wanted)
				}
				return err
			})
		}
	}
	r := tenantstest.Must(h.Ask(t.Context(), h.liaison, c.ID, later(t, "2026-12-31", file)))(t)
	waits("asked", map[*tenants.Scope]string{&h.head: "签署"})
	r = tenantstest.Must(h.Sign(t.Context(), h.head, r.ID, r.Version, promised(r)))(t)
	waits("signed", map[*tenants.Scope]string{&h.dir: "审批"})
	tenantstest.Must(h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"}))(t)
	waits("approved", nil)
}

// TestSecondClock: a case that is reopened gets a second clock, and keeps its number
// and the first.
func TestSecondClock(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	r := h.signed(t, extensions.Asking{Kind: extensions.LongTerm, UntilOn: tenantstest.Day(t, "2027-03-31"), Reason: "分期推进。", Evidence: []inspection.EvidenceID{file}}, c.ID)
	tenantstest.Must(h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "同意"}))(t)
	was := h.read(t, c.ID)
	got := tenantstest.Must(h.cases.Reopen(t.Context(), h.dir, c.ID, was.Version, rectification.Reopening{Reason: "现场未改。", DueOn: tenantstest.Day(t, "2027-01-20")}))(t)
	if got.Number != c.Number || got.DueVersion != was.DueVersion+1 || *got.DueOn != tenantstest.Day(t, "2027-01-20") {
		t.Errorf("reopened: %s due %v v%d", got.Number, got.DueOn, got.DueVersion)
	}
	ds := tenantstest.Must(h.Of(t.Context(), h.off, c.ID))(t).Deadlines
	if last := ds[len(ds)-1]; len(ds) != 4 || last.Kind != rectification.DueReopened || last.ByName != h.dir.Name() || last.Version != got.DueVersion {
		t.Errorf("history = %+v", ds)
	}
}

// TestRemindersGoOn: a request stops no reminder; the approval begins the ladder anew.
func TestRemindersGoOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	job := tenants.ForJob(h.office, "remind")
	at := inspection.ClockAt(tenantstest.Day(t, "2026-12-15").Start().Add(9 * time.Hour))
	scan := func() int {
		t.Helper()
		letters := &rectification.Reminders{DB: h.db(), Clock: at, Calendar: h.cases.Calendar, Outbox: &rectification.Outbox{DB: h.db(), Clock: at}}
		if err := letters.Scan(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		return tenantstest.RootValue[int](h.House, `select count(*) from reminders where finding_id = $1 and due_version = $2`, c.ID, h.read(t, c.ID).DueVersion)
	}
	r := h.signed(t, later(t, "2027-03-01", file), c.ID)
	if n := scan(); n == 0 {
		t.Error("a request that nobody approved stopped the reminders")
	}
	tenantstest.Must(h.Approve(t.Context(), h.dir, r.ID, r.Version, extensions.Deciding{Note: "情况属实"}))(t)
	if n := scan(); n != 0 {
		t.Errorf("%d reminders of the new day, which is far away", n)
	}
}

// TestInfectedFileSupportsNothing asks on the strength of a file in which a virus was
// found later: it may not be named, and a list does not choose it.
func TestInfectedFileSupportsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	a, bad := h.working(t)
	fine := h.file(t, h.liaison, a.ID)
	h.Root(`update evidence set scan = 'infected', virus = 'Eicar-Test' where id = $1`, bad)
	_, err := h.Ask(ctx, h.liaison, a.ID, later(t, "2026-12-31", fine, bad))
	tenantstest.Wants(t, err, inspection.Invalid, "extension.invalid")
	l := tenantstest.Must(h.AskList(ctx, h.liaison, extensions.ListAsking{Reason: "汛期停工。", Items: lines(t, "2026-12-31", a)}))(t)
	if e := l.Requests[0].Evidence; len(e) != 1 || e[0] != fine {
		t.Errorf("the list rests on %v, want %v alone", e, fine)
	}
}

// TestNamedFileStays deletes a file that a signed request rests on: it stays, and may be
// replaced; another may still be deleted.
func TestNamedFileStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, file := h.working(t)
	other := h.file(t, h.liaison, c.ID)
	h.signed(t, later(t, "2026-12-31", file), c.ID)
	tenantstest.Wants(t, h.cases.Withdraw(t.Context(), h.liaison, file), inspection.Conflict, "evidence.relied")
	if err := h.cases.Withdraw(t.Context(), h.liaison, other); err != nil {
		t.Errorf("a file that nothing rests on: %v", err)
	}
	content := []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n% 2\ntrailer\n<</Root 1 0 R>>\n%%EOF\n")
	u := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaison, c.ID, rectification.Uploading{
		Name: "施工合同（更正）.pdf", Size: int64(len(content)), NotSecret: true, Replaces: &file,
	}))(t)
	tenantstest.Must(h.cases.Receive(t.Context(), h.liaison, u.ID, 0, bytes.NewReader(content)))(t)
	if e := tenantstest.Must(h.cases.Complete(t.Context(), h.liaison, u.ID))(t); *e.Replaces != file || e.Relied {
		t.Errorf("replaced by %+v", e)
	}
}
