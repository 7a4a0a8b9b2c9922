package rectification_test

import (
	"testing"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestLongTermHandedIn: a long-term item that the unit hands in and the office returns
// stays a long-term one with its review day, and its old last day stays past; once it is
// closed it is not late, for all that time its clock stood still.
func TestLongTermHandedIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	c := h.given(t, rectification.LongTerm)
	h.Root(`update rectifications set due_on = '2026-11-01' where finding_id = $1`, c.ID)
	asks := func() (verb string) {
		h.Do(h.DB, h.liaison, func(tx *tenants.Tx) error {
			tasks, err := h.cases.Tasks(ctx, tx)
			for _, task := range tasks {
				verb += task.Verb + " " + task.DueOn.String()
			}
			return err
		})
		return verb
	}
	handIn := func(v rectification.Verdict) rectification.Case {
		got := tenantstest.Must(h.cases.Submit(ctx, h.head, c.ID, c.Version, rectification.Handing{Statement: "长效机制已建立。"}))(t)
		for _, by := range []tenants.Scope{h.disc, h.off} {
			tenantstest.Must(h.cases.Give(ctx, by, c.ID, opinion(got, v)))(t)
		}
		return got
	}
	if got := asks(); got != "" {
		t.Errorf("the unit of a long-term item has to %s", got)
	}
	back := handIn(rectification.Refuse)
	back = tenantstest.Must(h.cases.Return(ctx, h.off, c.ID, back.Version,
		rectification.Returning{Reasons: []rectification.Reason{rectification.NoEvidence}, Letter: "请补充签到表。"}))(t)
	if back.State != rectification.LongTerm || back.ReviewOn == nil || *back.ReviewOn != *c.ReviewOn || back.DueVersion != c.DueVersion {
		t.Errorf("returned: %s, comes back on %v (%d), want long-term on %s (%d)", back.State, back.ReviewOn, back.DueVersion, c.ReviewOn, c.DueVersion)
	}
	if back.Overdue || back.DaysLeft != nil || back.ReturnNote != "请补充签到表。" {
		t.Errorf("returned: overdue %t, %v days left, %q", back.Overdue, back.DaysLeft, back.ReturnNote)
	}
	if last := h.read(t, c.ID).Submissions[0]; last.Outcome == nil || *last.Outcome != rectification.Returned {
		t.Errorf("the handing-in came to %v", last.Outcome)
	}
	if got := asks(); got != "补正 "+c.ReviewOn.String() {
		t.Errorf("the unit has to %q", got)
	}
	c = back
	done := handIn(rectification.Agree)
	done = tenantstest.Must(h.cases.Accept(ctx, h.dir, c.ID, done.Version, rectification.Accepting{}))(t)
	if done.State != rectification.Closed || done.ReviewOn != nil || *done.DueOn < *done.ClosedOn {
		t.Errorf("closed on %s of %s: %s", done.ClosedOn, done.DueOn, done.State)
	}
}
