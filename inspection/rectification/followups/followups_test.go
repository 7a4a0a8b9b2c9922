package followups_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/followups"
	"xuncha/inspection/rectification/reports"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestPropose names the units that the rows speak for, with the rows, and lets any be
// chosen.
func TestPropose(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Root(`update rectifications set flags = '{reopened}' where finding_id = $1`, h.items[3].ID)
	ps := tenantstest.Must(h.Propose(t.Context(), h.off, h.round))(t)
	type said struct {
		Name     string
		Problems int
		Closed   int
		Why      []string
		Numbers  []string
	}
	var got []said
	for _, p := range ps {
		s := said{Name: p.Name, Problems: p.Problems, Closed: p.Closed}
		for _, r := range p.Reasons {
			s.Why = append(s.Why, r.Text)
			for _, l := range r.Rows {
				s.Numbers = append(s.Numbers, l.Number+" "+l.Text)
			}
		}
		got = append(got, s)
	}
	want := []said{
		{"县水务局党组", 6, 4, []string{"重新整改 1 件", "逾期 1 件"}, []string{h.items[3].Number + " 重新整改", h.items[5].Number + " 逾期 41 天"}},
		{"县教育局党组", 2, 0, nil, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("proposals (-want +got):\n%s", diff)
	}
	d := h.drafting()
	d.Units = []inspection.UnitID{h.other, h.unit}
	f := tenantstest.Must(h.Draft(t.Context(), h.dir, d))(t)
	if len(f.Units) != 2 || len(f.Units[0].Why) != 0 || !slices.Equal(f.Units[1].Why, want[0].Why) {
		t.Errorf("taken %+v", f.Units)
	}
	if days := f.EndsOn - f.StartsOn + 1; days != 25 {
		t.Errorf("%d days, want the policy's 25", days)
	}
}

// TestRefused drafts what must not be, by whom may not.
func TestRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	yesterday := h.Clock.Today() - 1
	org := h.As(h.office, tenants.ORG)
	tests := []struct {
		name string
		by   tenants.Scope
		how  func(d *followups.Drafting)
		kind inspection.Kind
	}{
		{"good", h.off, func(*followups.Drafting) {}, 0},
		{"by a team's person", h.mem, func(*followups.Drafting) {}, inspection.Forbidden},
		{"by the unit", h.head, func(*followups.Drafting) {}, inspection.Forbidden},
		{"by a sibling", h.As(h.County[0][1], tenants.DIR), func(*followups.Drafting) {}, inspection.NotFound},
		{"no name", h.off, func(d *followups.Drafting) { d.Name = " " }, inspection.Invalid},
		{"yesterday", h.off, func(d *followups.Drafting) { d.StartsOn = yesterday }, inspection.Invalid},
		{"ends before it starts", h.off, func(d *followups.Drafting) { d.EndsOn = &yesterday }, inspection.Invalid},
		{"one person", h.off, func(d *followups.Drafting) { d.People = d.People[:1] }, inspection.Invalid},
		{"the same person twice", h.off, func(d *followups.Drafting) { d.People = []inspection.MemberID{d.Leader, d.Leader} }, inspection.Invalid},
		{"somebody who does not inspect", h.off, func(d *followups.Drafting) { d.People = append(d.People, org.Member()) }, inspection.Invalid},
		{"a leader who does not look", h.off, func(d *followups.Drafting) { d.Leader = h.off.Member() }, inspection.Invalid},
		{"a unit without problems", h.off, func(d *followups.Drafting) { d.Units = append(d.Units, h.Unit(h.office, "县林业局党组")) }, inspection.Invalid},
		{"a unit twice", h.off, func(d *followups.Drafting) { d.Units = append(d.Units, d.Units[0]) }, inspection.Invalid},
	}
	for _, tt := range tests {
		d := h.drafting()
		tt.how(&d)
		_, err := h.Draft(t.Context(), tt.by, d)
		if tt.kind == 0 && err != nil || tt.kind != 0 && inspection.KindOf(err) != tt.kind {
			t.Errorf("%s: %v, want kind %d", tt.name, err, tt.kind)
		}
	}
}

// TestTwoLook: one records, another of those who look agrees or sends it back; what
// cannot be said of an item is refused.
func TestTwoLook(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.ongoing(t)
	closed, open := h.items[0].ID, h.items[5].ID
	_, err := h.Record(t.Context(), h.off, f.ID, closed, 1, h.recording(followups.Confirmed))
	tenantstest.Wants(t, err, inspection.Forbidden, "look.not-inspector")
	_, err = h.Record(t.Context(), h.mem, f.ID, open, 1, h.recording(followups.Rebounded))
	tenantstest.Wants(t, err, inspection.Invalid, "followup.invalid")
	_, err = h.Record(t.Context(), h.mem, f.ID, closed, 1, followups.Recording{Verdict: followups.False, SeenOn: h.Clock.Today()})
	tenantstest.Wants(t, err, inspection.Invalid, "followup.invalid")
	l := tenantstest.Must(h.Record(t.Context(), h.mem, f.ID, closed, 1, h.recording(followups.Rebounded)))(t)
	_, err = h.Record(t.Context(), h.mem, f.ID, closed, 1, h.recording(followups.Confirmed))
	tenantstest.Wants(t, err, inspection.Stale, "look.stale")
	_, err = h.Agree(t.Context(), h.mem, f.ID, closed, l.Version)
	tenantstest.Wants(t, err, inspection.Forbidden, "look.own-record")
	_, err = h.Record(t.Context(), h.disc, f.ID, closed, l.Version, h.recording(followups.Confirmed))
	tenantstest.Wants(t, err, inspection.Forbidden, "look.other-record")
	l = tenantstest.Must(h.SendBack(t.Context(), h.disc, f.ID, closed, l.Version, "公示栏在东侧。"))(t)
	if l.State != followups.Open || l.Note == "" || l.FirstName != "" {
		t.Errorf("sent back: %+v", l)
	}
	l = tenantstest.Must(h.Record(t.Context(), h.disc, f.ID, closed, l.Version, h.recording(followups.Confirmed)))(t)

	// The item moves before the second person agrees: told, and looked at again.
	h.Root(`update rectifications set state = 'working', closed_on = null where finding_id = $1`, closed)
	_, err = h.Agree(t.Context(), h.mem, f.ID, closed, l.Version)
	tenantstest.Wants(t, err, inspection.Conflict, "followup.moved")
	if r := h.row(t, h.mem, f.ID, 0); !r.Looked.Moved || !slices.Equal(r.Looked.Allowed, []followups.LookAction{followups.Agree, followups.SendBack}) {
		t.Errorf("after it moved: %+v", r.Looked)
	}

	// Whoever is of the unit does not look at it.
	h.Root(`insert into grants (tenant_id, id, member_id, role, unit_id, from_on, until_on) values ($1, $2, $3, 'UNIT', $4, '2025-01-01', '2025-12-31')`,
		h.office.ID, inspection.NewID[inspection.GrantID](), h.mem.Member(), h.unit)
	_, err = h.Record(t.Context(), h.mem, f.ID, open, 1, h.recording(followups.Insufficient))
	tenantstest.Wants(t, err, inspection.Forbidden, "look.own-work")
}

// TestReport: the numbers add up, closed items that do not stand are reopened under
// their number, the rest stays, and the new problem is in the ledger.
func TestReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.agreed(t)
	want := followups.Counts{Items: 6, Agreed: 6, Confirmed: 3, Insufficient: 1, Rebounded: 1, False: 1, Reopens: 2, Problems: 1}
	if f.Counts != want {
		t.Errorf("before the report %+v, want %+v", f.Counts, want)
	}
	_, err := h.Report(t.Context(), h.off, f.ID, f.Version, h.reporting(t))
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	_, err = h.Report(t.Context(), h.dir, f.ID, f.Version, followups.Reporting{Summary: "总体较好。"})
	tenantstest.Wants(t, err, inspection.Invalid, "followup.invalid")
	f = tenantstest.Must(h.Report(t.Context(), h.dir, f.ID, f.Version, h.reporting(t)))(t)
	if f.Counts != want || f.State != followups.Reported || f.FoundID == nil {
		t.Errorf("after the report %s %+v, want %+v", f.State, f.Counts, want)
	}
	c := f.Counts
	if c.Open+c.Seen+c.Agreed != c.Items || c.Confirmed+c.Insufficient+c.Rebounded+c.False != c.Agreed {
		t.Errorf("the numbers do not add up: %+v", c)
	}
	for i, item := range h.items {
		p := tenantstest.Must(h.cases.Read(t.Context(), h.off, item.ID))(t)
		reopened := i == 1 || i == 2
		if p.Number != item.Number || slices.Contains(p.Flags, rectification.Reopened) != reopened {
			t.Errorf("item %d is %s %v", i, p.Number, p.Flags)
		}
		if reopened && (p.State != rectification.Working || p.DueOn.String() != "2026-12-20" || p.ClosedOn != nil) {
			t.Errorf("item %d was not reopened: %s due %s", i, p.State, p.DueOn)
		}
		rs := tenantstest.Must(h.OfItem(t.Context(), h.head, item.ID))(t)
		if len(rs) != 1 || rs[0].Verdict != verdicts[i] || (rs[0].DueOn != nil) != reopened {
			t.Errorf("the head reads of item %d: %+v", i, rs)
		}
	}
	page := tenantstest.Must(h.cases.List(t.Context(), h.head, rectification.Filter{Round: *f.FoundID}))(t)
	if page.Total != 1 || page.Items[0].Text != "新问题。" || page.Items[0].Number != "KAA-02-01-001" ||
		!slices.Contains(page.Items[0].Flags, rectification.FoundAgain) || f.Problems[0].Number != "KAA-02-01-001" {
		t.Errorf("the ledger has %+v, the follow-up %+v", page.Items, f.Problems)
	}
	h.Do(h.House.DB, h.off, func(tx *tenants.Tx) error {
		r, err := rounds.Get(t.Context(), tx, *f.FoundID)
		if r.Kind != rounds.FollowUp || r.Name != f.Name || r.FeedbackOn == nil {
			t.Errorf("the round is %+v", r)
		}
		return err
	})
	d := h.drafting()
	d.Round = *f.FoundID
	_, err = h.Draft(t.Context(), h.off, d)
	tenantstest.Wants(t, err, inspection.Invalid, "followup.invalid")
}

// TestUnfinished: nothing is reported while something was looked at by one alone, or
// moved since.
func TestUnfinished(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.ongoing(t)
	for i, v := range verdicts[:5] {
		h.looked(t, f, i, v)
	}
	_, err := h.Report(t.Context(), h.dir, f.ID, f.Version, h.reporting(t))
	tenantstest.Wants(t, err, inspection.Conflict, "followup.unfinished")
	h.looked(t, f, 5, verdicts[5])
	h.Root(`update rectifications set state = 'working', closed_on = null, version = version + 1 where finding_id = $1`, h.items[1].ID)
	_, err = h.Report(t.Context(), h.dir, f.ID, f.Version, h.reporting(t))
	tenantstest.Wants(t, err, inspection.Conflict, "followup.moved")
	if err == nil || !strings.Contains(err.Error(), h.items[1].Number) {
		t.Errorf("it does not say which: %v", err)
	}
	if n := tenantstest.RootValue[int](h.House, `select count(*) from followup_results`); n != 0 {
		t.Errorf("%d results of a report that was refused", n)
	}
	l := tenantstest.Must(h.SendBack(t.Context(), h.dir, f.ID, h.items[1].ID, h.version(t, f, 1), "事项已重新整改。"))(t)
	_, err = h.Record(t.Context(), h.mem, f.ID, h.items[1].ID, l.Version, h.recording(followups.Rebounded))
	tenantstest.Wants(t, err, inspection.Invalid, "followup.invalid")
	h.looked(t, f, 1, followups.Insufficient)
	f = tenantstest.Must(h.Report(t.Context(), h.dir, f.ID, f.Version, h.reporting(t)))(t)
	if f.Counts.Reopens != 1 {
		t.Errorf("%d reopened, want 1", f.Counts.Reopens)
	}
}

// TestReopenedOnce: two directors report at once, and somebody still writes. One
// report happens; each item is reopened once and told of once.
func TestReopenedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.agreed(t)
	others := []tenants.Scope{h.dir, h.As(h.office, tenants.DIR), h.As(h.office, tenants.DIR)}
	how := h.reporting(t)
	errs := make([]error, len(others))
	var wg sync.WaitGroup
	for i, by := range others {
		wg.Go(func() { _, errs[i] = h.Report(t.Context(), by, f.ID, f.Version, how) })
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case inspection.CodeOf(err) != "followup.wrong-state":
			t.Errorf("the loser is told %v", err)
		}
	}
	if done != 1 {
		t.Errorf("%d reports happened, want 1", done)
	}
	for what, sql := range map[string]string{
		"deadlines after reopening":  `select count(*) from deadlines where kind = 'reopen'`,
		"entries about reopening":    `select count(*) from journal where action = 'rectification.reopen'`,
		"results that reopen":        `select count(*) from followup_results where due_on is not null`,
		"rounds and new findings, 1": `select 1 + count(*) from findings f join rounds r on r.id = f.round_id where r.kind = 'followup'`,
	} {
		if n := tenantstest.RootValue[int](h.House, sql); n != 2 {
			t.Errorf("%s: %d, want 2", what, n)
		}
	}
	_, err := h.Record(t.Context(), h.mem, f.ID, h.items[0].ID, h.version(t, f, 0), h.recording(followups.False))
	tenantstest.Wants(t, err, inspection.Conflict, "look.wrong-state")
}

// TestFalseClosingIsAVeto: what a follow-up calls false is what an evaluation's veto
// and proposal are about.
func TestFalseClosingIsAVeto(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owed := &reports.Service{DB: h.House.DB, Clock: h.Clock, Calendar: inspection.PublishedCalendar(), Cases: h.cases}
	room := &evaluations.Service{DB: h.House.DB, Clock: h.Clock, Reports: owed}
	card := tenantstest.Must(room.Cards(t.Context(), h.dir))(t)[0].Card
	for i := range card.Aspects[2].Items {
		if it := &card.Aspects[2].Items[i]; it.Fact == evaluations.Doubtful {
			it.Text, it.Fact = "回头看认定为反弹", evaluations.Rebounded
		}
	}
	tenantstest.Must(room.Publish(t.Context(), h.dir, evaluations.Publishing{Card: card, Note: "纳入回头看结论。"}))(t)
	b := tenantstest.Must(room.Begin(t.Context(), h.off, evaluations.Beginning{Round: h.round, Card: card.Key, Units: []inspection.UnitID{h.unit}}))(t)
	seen := func() (numbers []string) {
		sheet := tenantstest.Must(room.Get(t.Context(), h.off, b.Made[0].ID))(t).Sheet
		for _, v := range sheet.Score.Vetoes {
			for _, l := range v.Rows {
				numbers = append(numbers, "veto "+l.Number)
			}
		}
		for _, p := range sheet.Proposals {
			if p.Item == "3.7" {
				numbers = append(numbers, p.Text+" "+p.Links[0].Number)
			}
		}
		return numbers
	}
	if got := seen(); len(got) != 0 {
		t.Errorf("before the report: %v", got)
	}
	f := h.agreed(t)
	tenantstest.Must(h.Report(t.Context(), h.dir, f.ID, f.Version, h.reporting(t)))(t)
	want := []string{"veto " + h.items[2].Number, "回头看认定为反弹 1 件，建议扣 3 分 " + h.items[1].Number}
	if diff := cmp.Diff(want, seen()); diff != "" {
		t.Errorf("what an evaluation sees (-want +got):\n%s", diff)
	}
}

// TestTasks names who must act, and nobody else.
func TestTasks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	verbs := func() map[string][]string {
		got := map[string][]string{}
		for who, s := range map[string]tenants.Scope{"off": h.off, "dir": h.dir, "mem": h.mem, "disc": h.disc, "unit": h.liaison, "head": h.head} {
			h.Do(h.House.DB, s, func(tx *tenants.Tx) error {
				ts, err := h.Tasks(t.Context(), tx)
				for _, each := range ts {
					got[who] = append(got[who], each.Verb)
				}
				return err
			})
		}
		return got
	}
	check := func(when string, want map[string][]string) {
		t.Helper()
		if diff := cmp.Diff(want, verbs()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	f := h.drafted(t)
	check("a draft", map[string][]string{})
	f = tenantstest.Must(h.Notify(t.Context(), h.dir, f.ID, f.Version))(t)
	check("told", map[string][]string{"off": {"进驻"}})
	f = tenantstest.Must(h.Begin(t.Context(), h.off, f.ID, f.Version))(t)
	check("ongoing", map[string][]string{"mem": {"核查"}, "disc": {"核查"}})
	for i, v := range verdicts {
		h.looked(t, f, i, v)
	}
	check("all looked at", map[string][]string{"dir": {"报告"}})
}
