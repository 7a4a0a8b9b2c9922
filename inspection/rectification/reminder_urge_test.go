package rectification_test

import (
	"slices"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestUrge: the office reminds beside the ladder, once a day, and not where the
// ladder stands still or has come to its end.
func TestUrge(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-11-18")
	office := l.As(l.office, tenants.OFF)
	unit := l.reachable(l.As(l.office, tenants.UNIT, l.unit), "unit@example.org")
	running, ended, closed := l.item("2026-11-10"), l.item("2026-10-15"), l.item("2026-11-12")
	l.Root(`update rectifications set due_set_at = '2026-07-01'`)
	l.Root(`update rectifications set state = 'closed', closed_on = '2026-11-01' where finding_id = $1`, closed)
	l.scan()
	urge := func(want map[inspection.FindingID]string, ids ...inspection.FindingID) {
		t.Helper()
		for _, u := range tenantstest.Must(l.letters.Urge(t.Context(), office, ids))(t) {
			if u.Reason != want[u.Finding] {
				t.Errorf("%s: %q, want %q", u.Item, u.Reason, want[u.Finding])
			}
		}
	}
	chain := func() []rectification.Reminder {
		return tenantstest.Must(l.letters.Chain(t.Context(), unit, running))(t).Sent
	}
	before := len(chain())
	urge(map[inspection.FindingID]string{
		ended: "已到最后一步：提请领导小组研究问责", closed: "现为“已销号”，没有进行中的催办",
	}, running, ended, closed, running)
	sent := chain()
	if len(sent) != before+1 {
		t.Fatalf("the unit sees %d reminders, want %d", len(sent), before+1)
	}
	i := slices.IndexFunc(sent, func(m rectification.Reminder) bool { return m.Title == "催办" })
	if i < 0 || sent[i].Rung != "加催 2026-11-18" || sent[i].DecidedBy != office.Name() || sent[i].SentAt == nil {
		t.Errorf("sent = %+v", sent)
	}
	urge(map[inspection.FindingID]string{running: "今天已催办"}, running)
	board := tenantstest.Must(l.letters.Board(t.Context(), office, rectification.BoardFilter{}))(t)
	for _, c := range board {
		if c.Title == "催办" {
			t.Errorf("the board takes the reminder for a step: %+v", c)
		}
	}
	l.Root(`update rectifications set hold_reason = '等待批复' where finding_id = $1`, running)
	l.watch.set("2026-11-19")
	urge(map[inspection.FindingID]string{running: "催办已暂停：等待批复"}, running)
	l.Root(`update rectifications set hold_reason = ''`)
	urge(map[inspection.FindingID]string{}, running)

	_, err := l.letters.Urge(t.Context(), unit, []inspection.FindingID{running})
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	foreign := l.As(l.County[0][1], tenants.OFF)
	_, err = l.letters.Urge(t.Context(), foreign, []inspection.FindingID{running})
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
}
