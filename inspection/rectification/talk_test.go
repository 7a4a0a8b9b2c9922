package rectification_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestTalk: a rung that asks for a talk is done only with its record, and the ladder
// climbs no further by hand before that.
func TestTalk(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-30")
	id := l.item("2026-10-15")
	director, leader := l.As(l.office, tenants.DIR), l.As(l.office, tenants.LG)
	head := l.As(l.office, tenants.HEAD, l.unit)
	l.scan()
	waiting, err := l.letters.Waiting(t.Context(), director)
	if err != nil || len(waiting) != 1 || waiting[0].Rung != "T+15" {
		t.Fatalf("%+v wait, %v", waiting, err)
	}
	talk := rectification.Talking{HeldOn: tenantstest.Day(t, "2026-11-03"), Talker: "葛", TalkedTo: "冯", Summary: "问及原因。", Result: "限期完成。"}
	if _, err := l.letters.Talk(t.Context(), director, waiting[0].ID, talk); inspection.KindOf(err) != inspection.Conflict {
		t.Errorf("a talk before its letter: %v", err)
	}
	letter := l.sign(director, "")
	if got := l.tasks(director); got != 1 {
		t.Errorf("the director has %d tasks, want the talk", got)
	}
	l.watch.set("2026-11-16")
	l.scan()
	waiting, err = l.letters.Waiting(t.Context(), leader)
	if err != nil || len(waiting) != 1 || waiting[0].Rung != "T+30" {
		t.Fatalf("%+v wait, %v", waiting, err)
	}
	signed, err := l.letters.Sign(t.Context(), leader, []rectification.ToSign{{ID: waiting[0].ID}}, "")
	if err != nil || signed[0].Number != "" || signed[0].Reason == "" {
		t.Errorf("the leading group decides before the talk: %+v, %v", signed, err)
	}

	if _, err := l.letters.Talk(t.Context(), head, letter, talk); inspection.KindOf(err) != inspection.Forbidden {
		t.Errorf("the unit enters its talk: %v", err)
	}
	for _, wrong := range []string{"2026-10-29", "2026-11-17"} {
		late := talk
		late.HeldOn = tenantstest.Day(t, wrong)
		if _, err := l.letters.Talk(t.Context(), director, letter, late); inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("a talk on %s: %v", wrong, err)
		}
	}
	m, err := l.letters.Talk(t.Context(), director, letter, talk)
	if err != nil || m.Talked == nil || m.Talked.Talking != talk {
		t.Fatalf("talked %+v, %v", m.Talked, err)
	}
	if _, err := l.letters.Talk(t.Context(), director, letter, talk); inspection.KindOf(err) != inspection.Conflict {
		t.Errorf("a talk is entered twice: %v", err)
	}
	if got := l.tasks(director); got != 0 {
		t.Errorf("the director has %d tasks after the talk", got)
	}
	for who, want := range map[tenants.Scope]bool{director: true, leader: true, head: false} {
		c, err := l.letters.Chain(t.Context(), who, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range c.Sent {
			if m.ID == letter && (m.Talked != nil) != want {
				t.Errorf("%s sees the talk: %t", who.Role(), !want)
			}
		}
	}

	// The leading group agrees, in its words; the unit sees nothing of it.
	proposal := l.sign(leader, "同意，请按干部管理权限办理")
	said, err := l.letters.Letter(t.Context(), director, proposal)
	if err != nil || said.Text.Words != "同意，请按干部管理权限办理" || said.Text.Number != "某巡办责〔2026〕1号" {
		t.Errorf("the proposal: %+v, %v", said, err)
	}
	l.Root(`update letters set text = jsonb_set(text, '{words}', '"不同意"') where reminder_id = $1`, proposal)
	if said, err = l.letters.Letter(t.Context(), director, proposal); err != nil || said.Intact {
		t.Errorf("what the leading group wrote was changed, and the letter is intact: %v", err)
	}
	if _, err := l.letters.Letter(t.Context(), head, proposal); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the head reads the proposal: %v", err)
	}
	if n := tenantstest.RootValue[int](l.House, `
		select count(*)::int from journal where object_id = $1 and unit_id is not null and detail::text like '%权限办理%'`, id); n != 0 {
		t.Error("the unit reads in its timeline what the leading group wrote")
	}
	c, err := l.letters.Chain(t.Context(), head, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range c.Sent {
		if m.ID == proposal {
			t.Error("the head sees the proposal in the chain")
		}
	}
}

// TestProposalReturned: what the leading group sends back has no number and says why.
func TestProposalReturned(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-11-16")
	l.item("2026-10-15")
	leader := l.As(l.office, tenants.LG)
	l.scan()
	waiting, err := l.letters.Waiting(t.Context(), leader)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d letters wait, %v", len(waiting), err)
	}
	m, err := l.letters.Drop(t.Context(), leader, waiting[0].ID, "先由分管领导约谈")
	if err != nil || m.Number != "" || m.Note != "先由分管领导约谈" || m.State != rectification.ReminderDropped {
		t.Errorf("returned %+v, %v", m, err)
	}
}

// tasks counts what waits for somebody.
func (l *ladders) tasks(who tenants.Scope) (n int) {
	l.t.Helper()
	l.Do(l.DB, who, func(tx *tenants.Tx) error {
		all, err := l.letters.Tasks(l.t.Context(), tx)
		n = len(all)
		return err
	})
	return n
}
