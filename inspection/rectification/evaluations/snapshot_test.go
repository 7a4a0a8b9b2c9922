package evaluations_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// frozen returns the bytes of a snapshot as the database has them.
func (h *house) frozen(id evaluations.ID, n int) (text string, digest []byte) {
	text = tenantstest.RootValue[string](h.House, `select content::text from evaluation_snapshots where evaluation_id = $1 and n = $2`, id, n)
	return text, tenantstest.RootValue[[]byte](h.House, `select digest from evaluation_snapshots where evaluation_id = $1 and n = $2`, id, n)
}

// TestReproducible computes a score again from what was stored, byte for byte, after
// every row that it came from has changed; a changed byte is refused.
func TestReproducible(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	e := h.finished(t)
	text, digest := h.frozen(e.ID, 1)
	first := e.Sheet.Score

	h.Root(`update rectifications set state = 'closed', closed_on = '2026-10-01', due_on = '2026-12-31', flags = '{public-opinion}'`)
	h.Root(`update measures set leader = ''`)
	h.Root(`update evaluations set self = '[]'`)
	h.Root(`update evaluation_sheets set entries = '[]', survey = null, people = '[]'`)
	h.Root(`update units set name = '改了名的单位' where id = $1`, h.unit)

	n := tenantstest.Must(evaluations.Thaw([]byte(text), digest))(t)
	if diff := cmp.Diff(first, evaluations.Score(n)); diff != "" {
		t.Errorf("the score computed again differs (-first +again):\n%s", diff)
	}
	again, err := json.Marshal(n)
	if err != nil || !bytes.Equal(again, []byte(text)) {
		t.Errorf("%v: the snapshot written again is not the same bytes:\n%s\n%s", err, text, again)
	}
	seen := h.seen(t, h.dir, e.ID)
	if diff := cmp.Diff(first, seen.Sheet.Score); diff != "" {
		t.Errorf("what the director sees differs (-first +now):\n%s", diff)
	}

	for i := range []byte(text) {
		changed := []byte(text)
		changed[i] ^= 1
		if _, err := evaluations.Thaw(changed, digest); err == nil {
			t.Fatalf("byte %d changed is taken", i)
		}
	}
	_, err = evaluations.Thaw([]byte(text+" "), digest)
	tenantstest.Wants(t, err, inspection.Conflict, "evaluation.changed")
	office := h.dir.Office()
	tenantstest.Holds(t, h.House.DB, office, "as frozen", 1, evaluations.Sealed)
	h.Root(`update evaluation_snapshots set content = replace(content::text, '"points":30', '"points":20')::json`)
	tenantstest.Holds(t, h.House.DB, office, "altered", 0, evaluations.Sealed)
	_, err = h.Approve(t.Context(), h.dir, e.ID, e.Version, evaluations.Saying{})
	tenantstest.Wants(t, err, inspection.Conflict, "evaluation.changed")
}

// TestVeto takes a closing back that two people on site found to be false: the
// lowest grade, whatever the points, in a further edition; the first stays readable.
func TestVeto(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.announced(t)
	if first.Grade == "差" || first.Veto {
		t.Fatalf("at first it is %s", first.Grade)
	}
	h.Root(`insert into deadlines (tenant_id, finding_id, version, unit_id, due_on, kind, note, at, by_name)
		select tenant_id, finding_id, 9, unit_id, '2026-12-04', 'reopen', '', '2026-11-06 09:30+08', 'x' from rectifications where finding_id = $1`, h.items[0].ID)
	tests := []struct {
		name, sql string
		veto      bool
	}{
		{"reopened without anybody on site", `select 1`, false},
		{"a doubt that one person confirmed", `insert into doubts (tenant_id, id, finding_id, unit_id, kind, cause, question, state, found_at)
			select tenant_id, gen_random_uuid(), finding_id, unit_id, 'burst', 'x', 'x', 'checked', '2026-10-28' from rectifications where finding_id = $1`, false},
		{"a doubt that two persons confirmed, of a case that was never closed", `update doubts set state = 'confirmed', decided_at = '2026-11-05 15:30+08' where finding_id = $1`, false},
		{"it was closed after that", `update deadlines set was_closed_on = '2026-11-06' where kind = 'reopen' and finding_id = $1`, false},
		{"it was closed before", `update deadlines set was_closed_on = '2026-10-02' where kind = 'reopen' and finding_id = $1`, true},
		{"a doubt that was confirmed afterwards", `update doubts set decided_at = '2026-11-07 15:30+08' where finding_id = $1`, false},
		{"it was handed in as a long-term item and closed by its review", `insert into submissions (tenant_id, finding_id, n, unit_id, statement, parties, due_on, due_calendar, due_provisional, by_name, at, outcome, decided_at)
			select tenant_id, finding_id, 1, unit_id, 'x', '{OFF}', '2026-10-01', 'x', false, 'x', '2026-09-01', 'long-term', '2026-09-02' from rectifications where finding_id = $1`, false},
		{"and a doubt was confirmed", `update doubts set decided_at = '2026-11-05 15:30+08' where finding_id = $1`, true},
	}
	e := tenantstest.Must(h.Rescore(t.Context(), h.dir, first.ID, first.Version, evaluations.Rescoring{Reason: "现场检查结论为未改。"}))(t)
	for _, tt := range tests {
		if strings.Contains(tt.sql, "$1") {
			h.Root(tt.sql, h.items[0].ID)
		}
		now := h.seen(t, h.off, e.ID)
		if got := now.Sheet.Score; got.Veto != tt.veto || (got.Grade == "差") != tt.veto || got.Plain == "差" {
			t.Errorf("%s: veto %t, %s, without it %s", tt.name, got.Veto, got.Grade, got.Plain)
		}
	}
	_, err := h.Rescore(t.Context(), h.dir, first.ID, first.Version, evaluations.Rescoring{Reason: "再来一次"})
	tenantstest.Wants(t, err, inspection.Conflict, "evaluation.open")

	now := h.seen(t, h.off, e.ID)
	e = tenantstest.Must(h.Enter(t.Context(), h.disc, e.ID, e.Version, evaluations.Entering{Entries: following(now)}))(t)
	e = h.decide(t, tenantstest.Must(h.Finish(t.Context(), h.off, e.ID, e.Version))(t))
	if e.Grade != "差" || !e.Veto {
		t.Fatalf("decided: %s, veto %t", e.Grade, e.Veto)
	}
	_, err = h.Announce(t.Context(), h.dir, e.ID, e.Version, evaluations.Announcing{})
	tenantstest.Wants(t, err, inspection.Invalid, "evaluation.second")
	e = tenantstest.Must(h.Announce(t.Context(), h.dir, e.ID, e.Version, evaluations.Announcing{Second: h.second(t, e)}))(t)
	was := h.seen(t, h.liaison, first.ID)
	if was.State != evaluations.Superseded || was.Told == nil || was.Told.Grade != first.Grade || len(was.Editions) != 2 {
		t.Errorf("the first edition is %s, %+v, one of %d", was.State, was.Told, len(was.Editions))
	}
	h.secondly(t, e)
}

// secondly carries the second rectification to its end.
func (h *house) secondly(t *testing.T, e evaluations.Evaluation) {
	t.Helper()
	o := e.Second
	if o == nil || o.State != evaluations.Ordered || len(o.Items) != 1 || h.tasks(t, h.liaison) != "整改 二次整改（某轮巡察）" {
		t.Fatalf("ordered: %+v; the unit has to do: %s", o, h.tasks(t, h.liaison))
	}
	_, err := h.ConfirmSecond(t.Context(), h.off, o.ID, o.Version, evaluations.Saying{})
	tenantstest.Wants(t, err, inspection.Conflict, "second.wrong-state")
	for i, do := range []func(context.Context, tenants.Scope, evaluations.SecondID, int, evaluations.Saying) (evaluations.Evaluation, error){h.ReturnSecond, h.ConfirmSecond} {
		e = tenantstest.Must(h.ReportSecond(t.Context(), h.head, o.ID, o.Version, evaluations.Reporting{Text: "已完成。"}))(t)
		if got := h.tasks(t, h.off); got != "确认 二次整改（某轮巡察）" {
			t.Errorf("the office has to do: %s", got)
		}
		e = tenantstest.Must(do(t.Context(), h.off, o.ID, e.Second.Version, evaluations.Saying{Note: "第三项还缺佐证。"}))(t)
		if o = e.Second; o.State != []evaluations.SecondState{evaluations.Returned, evaluations.Confirmed}[i] {
			t.Errorf("then it is %s", o.State)
		}
	}
	if got := h.tasks(t, h.liaison); got != "" {
		t.Errorf("when it is confirmed the unit has to do: %s", got)
	}
}

// TestPlanInTime: a plan counts by its first signature, also while it lies returned and
// once it was signed again.
func TestPlanInTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	plan := uuid.New()
	e := h.assessing(t, "hundred")
	late := func(when string, want bool) {
		t.Helper()
		got := slices.ContainsFunc(h.seen(t, h.off, e.ID).Sheet.Proposals, func(p evaluations.Proposal) bool { return strings.Contains(p.Text, "整改方案迟报") })
		if got != want {
			t.Errorf("%s: proposed %t", when, got)
		}
	}
	h.Root(`insert into plans (tenant_id, id, round_id, unit_id, edition, state, changed_name, changed_at)
		values ($1, $2, $3, $4, 1, 'returned', 'x', '2026-07-25')`, h.office.ID, plan, h.round, h.unit)
	h.Root(`insert into plan_signings (tenant_id, plan_id, n, unit_id, content, digest, head_id, head_name, head_at, leader_name)
		values ($1, $2, 1, $3, '{}', '\x00', $2, 'x', '2026-07-20 10:00+08', '')`, h.office.ID, plan, h.unit)
	late("signed in time and returned", false)
	h.Root(`update plans set state = 'countersigning', content = '{}', digest = '\x00', head_at = '2026-09-09 10:00+08' where id = $1`, plan)
	late("signed again", false)
	h.Root(`update plans set state = 'returned', content = null, digest = null, head_at = null where id = $1`, plan)
	h.Root(`update plan_signings set head_at = '2026-09-09 10:00+08' where plan_id = $1`, plan)
	late("signed late and returned", true)
}
