package linkage_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// todo lists what somebody has to do, as he reads it.
func (c *chain) todo(s tenants.Scope) (lines []string) {
	c.t.Helper()
	reach, err := s.Subtree()
	if err != nil {
		reach = s // one of a unit, who asks for the unit alone
	}
	c.Do(c.House.DB, reach, func(tx *tenants.Tx) error {
		tasks, err := c.Tasks(c.t.Context(), tx)
		for _, t := range tasks {
			line := t.Verb + " " + t.Title + " | " + t.Source + " | " + t.By
			if t.DueOn != nil {
				line += " | " + t.DueOn.String()
			}
			lines = append(lines, line)
		}
		return err
	})
	return lines
}

// TestReportedTasks: the reports on one notice stand in one matrix and are one
// task, whoever sent them, until each is accepted.
func TestReportedTasks(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, counties := c.As(c.City[0], tenants.CITY), c.County[0][:2]
	n := c.issued(city, draft(counties...))
	const title = "关于村级集体资金使用管理共性问题的通报"
	see := func(want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, c.todo(city)); diff != "" {
			t.Errorf("the city's tasks (-want +got):\n%s", diff)
		}
	}
	see()
	first := c.reported(c.As(counties[0], tenants.DIR), n.ID, 4, 3)
	see("采认 " + title + " | " + counties[0].Name + " | " + first.ReportedBy + " | " + first.ReviewDue.String())
	second := c.reported(c.As(counties[1], tenants.DIR), n.ID, 2, 2)
	see("采认 " + title + "（2 份自查报告） | 2 个单位 |  | " + first.ReviewDue.String())
	tenantstest.Must(c.Accept(ctx, city, first.ID, first.Version))(t)
	see("采认 " + title + " | " + counties[1].Name + " | " + second.ReportedBy + " | " + second.ReviewDue.String())
	tenantstest.Must(c.Accept(ctx, city, second.ID, second.Version))(t)
	see("闭环 " + title + " | 2 个单位 | ")
	tenantstest.Must(c.Close(ctx, city, n.ID, n.Version, "均已报送。"))(t)
	see()
}

// TestCarriedOutTask: while the unit carries out an answer the office has nothing
// to do about the matter; it has when the item is closed, or a week before the day.
func TestCarriedOutTask(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city := c.As(c.City[0], tenants.CITY)
	m, off, dir := c.raised()
	due, _ := inspection.NewDay(2026, time.December, 31)
	m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
	m = tenantstest.Must(c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "由市级统一审批", DueOn: &due}))(t)
	if got := c.todo(dir); len(got) != 1 || got[0][:6] != "确认" {
		t.Errorf("an answer came, and the director has to do %q", got)
	}
	tenantstest.Must(c.Confirm(ctx, dir, m.ID, m.Version, linkage.Confirming{ExtendTo: &due}))(t)
	for on, want := range map[string]int{"2026-11-20": 0, "2026-12-23": 0, "2026-12-24": 1, "2027-01-05": 1} {
		day, err := inspection.ParseDay(on)
		if err != nil {
			t.Fatal(err)
		}
		c.Clock = func() time.Time { return day.Start().Add(10 * time.Hour) }
		for _, s := range []tenants.Scope{off, dir} {
			if got := c.todo(s); len(got) != want {
				t.Errorf("on %s %s has %d tasks, want %d: %q", on, s.Role(), len(got), want, got)
			}
		}
	}
	c.Clock = inspection.ClockAt(tenantstest.Now)
	c.Root(`update rectifications set state = 'closed', closed_on = '2026-11-20' where finding_id = $1`, m.FindingID)
	if got := c.todo(off); len(got) != 1 || got[0][:6] != "落实" {
		t.Errorf("the item is closed, and the office has to do %q", got)
	}
}
