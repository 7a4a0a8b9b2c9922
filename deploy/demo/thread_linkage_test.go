package demo_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/deploy/demo"
	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestLinkageThreads tells the threads that pass between offices, and reads them
// as the story prints them.
func TestLinkageThreads(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	err := demo.Load(t.Context(), demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			if err := demo.NoticeThread(ctx, cast, at); err != nil {
				return err
			}
			return demo.EscalationThread(ctx, cast, at)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return demo.Clock }
	s := &linkage.Service{
		DB: h.DB, Clock: clock, Calendar: demo.Calendar(),
		Cases: &rectification.Service{DB: h.DB, Clock: clock, Calendar: demo.Calendar()},
	}
	t.Run("notice", func(t *testing.T) { noticeAsPrinted(t, s, people) })
	t.Run("common issue", func(t *testing.T) { commonAsPrinted(t, s, people) })
	t.Run("matter", func(t *testing.T) { matterAsPrinted(t, s, people) })
	t.Run("counts", func(t *testing.T) {
		o, err := (&statistics.Service{DB: h.DB, Clock: clock}).Overview(t.Context(), people["zhouyiheng"], "")
		if err != nil {
			t.Fatal(err)
		}
		want := statistics.Counts{
			Problems: 468, Open: 10, Working: 88, Submitted: 33, Returned: 16, LongTerm: 25, Closed: 296, Overdue: 26, Overdue30: 7, OnTime: 276, Due: 322,
		}
		if diff := cmp.Diff(want, o.Total.Counts); diff != "" || o.Total.Units != 31 {
			t.Errorf("six counties, %d units (-want +got):\n%s", o.Total.Units, diff)
		}
	})
}

// commonAsPrinted reads the issue that the notice is about: 48 of 468 findings, in all
// six counties and 23 of 31 units.
func commonAsPrinted(t *testing.T, s *linkage.Service, people map[string]tenants.Scope) {
	c, err := s.CommonIssues(t.Context(), people["zhouyiheng"], linkage.ByTag, linkage.Narrow{})
	if err != nil || len(c.Items) != 1 {
		t.Fatalf("%d tags, %v", len(c.Items), err)
	}
	i, sum, shares := c.Items[0], 0, map[string]int{}
	for _, cell := range i.Cells {
		shares[cell.Office] = cell.Findings
	}
	for _, o := range c.Offices {
		if o.Level == "county" {
			sum += o.Count
		}
	}
	if i.Findings != 48 || i.Offices != 6 || i.Units != 23 || !i.Common || sum != 468 {
		t.Errorf("%d of %d findings in %d counties and %d units, common %v", i.Findings, sum, i.Offices, i.Units, i.Common)
	}
	var counts []int
	for _, login := range []string{"guxiaolan", "weidong", "jitong", "geyajun", "shiyue", "yuelin"} {
		counts = append(counts, shares[people[login].Office().Slug])
	}
	if diff := cmp.Diff([]int{11, 7, 6, 13, 5, 6}, counts); diff != "" {
		t.Errorf("by county (-want +got):\n%s", diff)
	}
	// The texts of other issues that counties share are proposed, that of the tag is not.
	near, err := s.Similar(t.Context(), people["zhouyiheng"], linkage.Narrow{})
	if err != nil || near.Compared != near.Total || len(near.Groups) == 0 {
		t.Fatalf("%d groups of %d compared, %v", len(near.Groups), near.Compared, err)
	}
	for _, g := range near.Groups {
		if g.Tag == i.Tag {
			t.Errorf("what has its tag is proposed: %+v", g.Reasons)
		}
	}
}

func noticeAsPrinted(t *testing.T, s *linkage.Service, people map[string]tenants.Scope) {
	ctx := t.Context()
	list, err := s.Letters(ctx, people["zhouyiheng"], linkage.Outbox, "", 10)
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("the province sent %d notices, %v", len(list.Items), err)
	}
	if got := list.Items[0].Number; got != "澜巡办通〔2026〕7号" {
		t.Errorf("number %s", got)
	}
	v, err := s.Get(ctx, people["zhouyiheng"], list.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Basis) != 48 {
		t.Errorf("it rests on %d findings, want 48", len(v.Basis))
	}
	want := map[string]linkage.Sum{
		"city":   {Sent: 2, Received: 2, Reported: 1, Found: 86, Corrected: 72, Overdue: 1},
		"county": {Sent: 6, Received: 6, Reported: 4, Accepted: 3, Found: 111, Corrected: 93, Overdue: 2},
		"unit":   {Sent: 69, Received: 67, Reported: 63, Accepted: 63, Found: 145, Corrected: 113, Overdue: 6},
	}
	for _, l := range v.Matrix.Levels {
		if diff := cmp.Diff(want[l.Level], l.Sum); diff != "" {
			t.Errorf("%s (-want +got):\n%s", l.Level, diff)
		}
	}
	byCity := map[string]linkage.Sum{
		"靖原市": {Sent: 35, Received: 35, Reported: 35, Accepted: 35, Found: 86, Corrected: 72},
		"望澜市": {Sent: 34, Received: 32, Reported: 28, Accepted: 28, Found: 59, Corrected: 41, Overdue: 6},
	}
	for _, r := range v.Matrix.Rows {
		if sum, ok := byCity[r.Recipient]; ok && r.Depth == 0 && cmp.Diff(&sum, r.Below) != "" {
			t.Errorf("%s (-want +got):\n%s", r.Recipient, cmp.Diff(&sum, r.Below))
		}
	}

	// 望澜市's own letter: exactly six units are not done, each reminded once.
	mine, err := s.Letters(ctx, people["shenruogu"], linkage.Outbox, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	if v, err = s.Get(ctx, people["shenruogu"], mine.Items[0].ID); err != nil {
		t.Fatal(err)
	}
	var open []string
	for _, r := range v.Matrix.Rows {
		if r.Leaf && !r.Done {
			open = append(open, r.Recipient)
			if r.Reminders != 1 {
				t.Errorf("%s was reminded %d times", r.Recipient, r.Reminders)
			}
		}
	}
	if len(open) != 6 || !strings.Contains(strings.Join(open, " "), "石梁乡党委") {
		t.Errorf("not done: %v", open)
	}
}

func matterAsPrinted(t *testing.T, s *linkage.Service, people map[string]tenants.Scope) {
	ctx := t.Context()
	list, err := s.Matters(ctx, people["guxiaolan"], linkage.Outbox, inspection.FindingID{}, "", 10)
	i := slices.IndexFunc(list.Items, func(m linkage.Matter) bool { return m.Number == "E-2026-03" })
	if err != nil || len(list.Items) != 4 || i < 0 {
		t.Fatalf("raised: %+v, %v", list.Items, err)
	}
	v, err := s.GetMatter(ctx, people["guxiaolan"], list.Items[i].ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range v.Stages {
		at := ""
		if p.At != nil {
			at = p.At.Format(" 01-02")
		}
		got = append(got, p.Name+" "+string(p.State)+at)
	}
	want := []string{
		"县提出 done 08-20", "市受理 done 08-27", "市研究 done 09-10", "省受理 done 09-18", "省研究 done 11-06", "答复 done 11-06",
		"县落实 now", "办结 ahead",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
	if v.Stages[1].DaysUsed != 5 || v.Stages[3].DaysUsed != 6 {
		t.Errorf("accepted after %d and %d working days, want 5 and 6", v.Stages[1].DaysUsed, v.Stages[3].DaysUsed)
	}
	item, err := s.Cases.Read(ctx, people["guxiaolan"], v.FindingID)
	if err != nil {
		t.Fatal(err)
	}
	var tasks []string
	for _, m := range item.Measures[len(item.Measures)-2:] {
		tasks = append(tasks, fmt.Sprintf("%s %s %t %s", m.DueOn, m.Text, m.Done, m.ChangedAt.In(demo.Clock.Location()).Format("01-02")))
	}
	want = []string{
		"2026-10-30 参加市水利部门组织的本市河段联合巡查，每月两次。 true 10-28",
		"2026-12-31 按省级答复，凭市级水利部门联合审批意见办理采砂许可。 false 11-09",
	}
	if diff := cmp.Diff(want, tasks); diff != "" {
		t.Errorf("tasks of the answers (-want +got):\n%s", diff)
	}
	if v.StepDue.String() != "2026-12-31" || v.HolderSlug != "qingyu" {
		t.Errorf("now with %s until %s", v.HolderName, v.StepDue)
	}
}
