package evaluations_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestProposals reads from the rows what the system proposes, with exactly the rows
// behind each.
func TestProposals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Root(`insert into extensions (tenant_id, decider, id, finding_id, unit_id, n, kind, state, until_on, reason, approver, by_id, by_name, at, ended_at)
		select tenant_id, tenant_id, gen_random_uuid(), finding_id, unit_id, 1, 'later', 'approved', '2026-12-31', 'x', 'DIR', gen_random_uuid(), 'x', now(), '2026-10-01'
		from rectifications where finding_id = $1`, h.items[9].ID)
	h.Root(`insert into extensions (tenant_id, decider, id, finding_id, unit_id, n, kind, state, until_on, reason, approver, by_id, by_name, at, ended_at)
		select tenant_id, tenant_id, gen_random_uuid(), finding_id, unit_id, 2, 'later', 'refused', '2026-12-31', 'x', 'DIR', gen_random_uuid(), 'x', now(), '2026-10-01'
		from rectifications where finding_id = $1`, h.items[9].ID)
	e := h.assessing(t, "hundred")
	type said struct {
		Item, Text string
		Numbers    string
	}
	var got []said
	for _, p := range e.Sheet.Proposals {
		var numbers []string
		for _, l := range p.Links {
			numbers = append(numbers, l.Number)
		}
		got = append(got, said{p.Item, p.Text, strings.Join(numbers, " ")})
	}
	number := func(is ...int) string {
		var ns []string
		for _, i := range is {
			ns = append(ns, h.items[i].Number)
		}
		return strings.Join(ns, " ")
	}
	want := []said{
		{"1.1", "没有生效的整改方案，建议扣 5 分", ""},
		{"2.6", "整改进展报告迟报 2 件，建议扣 2 分", " "},
		{"3.1", "逾期 3 件，建议扣 3 分", number(6, 7, 8)},
		{"3.2", "超期完成 2 件，建议扣 1 分", number(4, 5)},
		{"3.3", "未启动 1 件，建议扣 2 分", number(9)},
		{"3.5", "经批准延期 1 件，建议扣 0.5 分", number(9)},
		{"3.9", "销号率（含长期整改）60.0%，距 80% 差 2 件，建议扣 1 分", number(9, 6, 7, 8)},
	}
	got[len(got)-1].Numbers = want[len(want)-1].Numbers // in the order of their days
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("proposals (-want +got):\n%s", diff)
	}
}

// TestNotBeforeTheEnd: an evaluation waits until the day after that on which the items
// fall due, a working day and never in the month after the last.
func TestNotBeforeTheEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, tt := range []struct{ feedback, on, end string }{
		{"2026-07-01", "2026-10-01", "2026-10-08"}, // 10-01 is a holiday
		{"2026-07-01", "2026-10-08", "2026-10-08"},
		{"2026-07-01", "2026-10-09", ""},
		{"2025-11-30", "2026-03-01", ""}, // there is no 02-30: the period ends on 02-28, a working Saturday
	} {
		h.Root(`update rounds set feedback_on = $2::date where id = $1`, h.round, tt.feedback)
		early := *h.Service
		early.Clock = inspection.ClockAt(tenantstest.Day(t, tt.on).Start())
		_, err := early.Begin(t.Context(), h.off, evaluations.Beginning{Round: h.round, Card: "hundred"})
		if (inspection.CodeOf(err) == "evaluation.too-early") != (tt.end != "") || tt.end != "" && !strings.Contains(err.Error(), tt.end) {
			t.Errorf("feedback on %s, begun on %s: %v, want it from after %q", tt.feedback, tt.on, err, tt.end)
		}
	}
}

// TestWhole carries an evaluation from the unit's word to the notice and the second
// rectification, with what each step refuses.
func TestWhole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.begun(t, "hundred")
	again := tenantstest.Must(h.Begin(t.Context(), h.off, evaluations.Beginning{Round: h.round, Card: "hundred"}))(t)
	if len(again.Made) != 0 || again.Had != 1 {
		t.Errorf("a second time it makes %+v", again)
	}
	_, err := h.Sign(t.Context(), h.head, e.ID, e.Version)
	tenantstest.Wants(t, err, inspection.Conflict, "evaluation.self-incomplete")
	_, err = h.Fill(t.Context(), h.liaison, e.ID, e.Version, evaluations.Filling{Marks: []evaluations.SelfMark{{Aspect: "lead", Points: 151}}})
	tenantstest.Wants(t, err, inspection.Invalid, "evaluation.invalid")

	e = h.assessing2(t, e)
	_, err = h.Enter(t.Context(), h.member, e.ID, e.Version, evaluations.Entering{Survey: survey(t)})
	tenantstest.Wants(t, err, inspection.Forbidden, "evaluation.not-in-group")
	_, err = h.Finish(t.Context(), h.off, e.ID, e.Version)
	tenantstest.Wants(t, err, inspection.Conflict, "evaluation.incomplete")
	refused := []struct {
		name string
		d    evaluations.Deducting
	}{
		{"more than the item's limit", evaluations.Deducting{Item: "3.1", Points: 201, Reason: "x"}},
		{"other than proposed without a reason", evaluations.Deducting{Item: "3.1", Points: 20}},
		{"a deduction without a row", evaluations.Deducting{Item: "1.4", Points: 20, Reason: "没有会议记录"}},
		{"a row of another unit", evaluations.Deducting{Item: "1.4", Points: 20, Reason: "x", Links: []evaluations.LinkKey{{Kind: "item", ID: h.stranger(t)}}}},
		{"what the scale says", evaluations.Deducting{Item: "4.1", Points: 20, Reason: "x"}},
		{"an unknown item", evaluations.Deducting{Item: "9.9", Points: 20, Reason: "x"}},
	}
	for _, tt := range refused {
		_, err := h.Enter(t.Context(), h.disc, e.ID, e.Version, evaluations.Entering{Entries: &[]evaluations.Deducting{tt.d}})
		if inspection.CodeOf(err) != "evaluation.invalid" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	heavy := []evaluations.Deducting{}
	row := []evaluations.LinkKey{{Kind: "item", ID: h.items[0].ID.UUID}}
	for item, points := range map[string]evaluations.Points{"1.1": 50, "1.2": 20, "1.3": 30, "1.4": 40, "1.5": 30} {
		heavy = append(heavy, evaluations.Deducting{Item: item, Points: points, Reason: "多项不到位", Links: row})
	}
	_, err = h.Enter(t.Context(), h.disc, e.ID, e.Version, evaluations.Entering{Entries: &heavy})
	if !strings.Contains(fields(err), "“组织领导”扣分合计 17 分，超过该项满分 15 分") {
		t.Errorf("too much in one aspect: %v %s", err, fields(err))
	}

	ds := following(e)
	for i := range *ds {
		if (*ds)[i].Item == "1.1" {
			(*ds)[i] = evaluations.Deducting{Item: "1.1", Points: 0, Reason: "方案为系统上线前报送，纸质件齐全。"}
		}
	}
	e = tenantstest.Must(h.Enter(t.Context(), h.disc, e.ID, e.Version, evaluations.Entering{Entries: ds, Survey: survey(t)}))(t)
	if e.Sheet.Score.Points == nil || *e.Sheet.Score.Points != 1000-20-30-10-20-10-8 {
		t.Errorf("score = %+v", e.Sheet.Score)
	}
	e = tenantstest.Must(h.Finish(t.Context(), h.off, e.ID, e.Version))(t)
	if e.State != evaluations.Reviewing || e.Grade != "好" || e.Sheet.Frozen == nil || e.Points.String() != "90.2" {
		t.Errorf("finished: %s %s %v", e.State, e.Grade, e.Points)
	}
	_, err = h.Enter(t.Context(), h.disc, e.ID, e.Version, evaluations.Entering{Survey: survey(t)})
	tenantstest.Wants(t, err, inspection.Conflict, "evaluation.wrong-state")
	back := tenantstest.Must(h.Return(t.Context(), h.dir, e.ID, e.Version, evaluations.Saying{Note: "请复核逾期一项。"}))(t)
	if back.State != evaluations.Assessing || back.Sheet.Note != "请复核逾期一项。" || back.Grade != "" {
		t.Errorf("returned: %s %q %q", back.State, back.Sheet.Note, back.Grade)
	}
	e = tenantstest.Must(h.Finish(t.Context(), h.off, back.ID, back.Version))(t)
	if e.Sheet.Frozen.N != 2 {
		t.Errorf("the second time it is snapshot %d", e.Sheet.Frozen.N)
	}
	e = tenantstest.Must(h.Approve(t.Context(), h.dir, e.ID, e.Version, evaluations.Saying{}))(t)
	stale := tenants.ForGrant(tenants.Acting{
		Office: h.office, Member: h.lg.Member(), Grant: h.lg.Grant(), Name: "领导小组", Role: tenants.LG, Strong: tenantstest.Now.Add(-time.Hour),
	})
	_, err = h.Decide(t.Context(), stale, e.ID, e.Version, evaluations.Saying{})
	tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	grant := inspection.NewID[inspection.GrantID]()
	h.Root(`insert into grants (tenant_id, id, member_id, role, from_on) values ($1, $2, $3, 'LG', '2026-01-01')`, h.office.ID, grant, h.dir.Member())
	same := tenants.ForGrant(tenants.Acting{Office: h.office, Member: h.dir.Member(), Grant: grant, Name: h.dir.Name(), Role: tenants.LG, Strong: tenantstest.Now})
	_, err = h.Decide(t.Context(), same, e.ID, e.Version, evaluations.Saying{})
	tenantstest.Wants(t, err, inspection.Forbidden, "evaluation.own-approval")
	e = tenantstest.Must(h.Decide(t.Context(), h.lg, e.ID, e.Version, evaluations.Saying{}))(t)
	_, err = h.Announce(t.Context(), h.off, e.ID, e.Version, evaluations.Announcing{Second: &evaluations.Ordering{
		Text: "x", Items: []inspection.FindingID{h.items[0].ID}, DueOn: tenantstest.Day(t, "2026-12-18"),
	}})
	tenantstest.Wants(t, err, inspection.Invalid, "evaluation.second")
	e = tenantstest.Must(h.Announce(t.Context(), h.off, e.ID, e.Version, evaluations.Announcing{}))(t)
	unit := h.seen(t, h.liaison, e.ID)
	if unit.Told == nil || unit.Told.Grade != "好" || unit.Sheet != nil || !strings.Contains(unit.Told.Paragraph, "合计90.2分，等次为“好”") {
		t.Errorf("the unit learns %+v", unit.Told)
	}
}

// assessing2 is assessing for an evaluation that began.
func (h *house) assessing2(t *testing.T, e evaluations.Evaluation) evaluations.Evaluation {
	t.Helper()
	f := evaluations.Filling{}
	for _, a := range e.Card.Aspects {
		f.Marks = append(f.Marks, evaluations.SelfMark{Aspect: a.Key, Points: a.Weight - 5})
	}
	e = tenantstest.Must(h.Fill(t.Context(), h.liaison, e.ID, e.Version, f))(t)
	e = tenantstest.Must(h.Sign(t.Context(), h.head, e.ID, e.Version))(t)
	_, err := h.Fill(t.Context(), h.liaison, e.ID, e.Version, f)
	tenantstest.Wants(t, err, inspection.Conflict, "evaluation.wrong-state")
	e = h.seen(t, h.off, e.ID)
	back := tenantstest.Must(h.Return(t.Context(), h.off, e.ID, e.Version, evaluations.Saying{Note: "请写明理由。"}))(t)
	e = tenantstest.Must(h.Sign(t.Context(), h.head, back.ID, back.Version))(t)
	return tenantstest.Must(h.Convene(t.Context(), h.dir, e.ID, e.Version, evaluations.Convening{People: []evaluations.Chosen{
		{ID: h.off.Member(), Party: tenants.OFF}, {ID: h.disc.Member(), Party: tenants.DISC},
	}}))(t)
}
