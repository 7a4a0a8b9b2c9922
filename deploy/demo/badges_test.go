package demo_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob/memblob"

	"xuncha/deploy/demo"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/directives"
	"xuncha/inspection/rectification/doubts"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/extensions"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/followups"
	"xuncha/inspection/rectification/longterm"
	"xuncha/inspection/rectification/plans"
	"xuncha/inspection/rectification/reports"
	"xuncha/inspection/rectification/samples"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// badges is what waits for people on the demo's morning: 14, 6, 3, 7, 8, 4 and 1
// (UX §5.2).
var badges = map[string]map[string]int{
	"zhengyichuan": {"审核 item": 8, "催办 item": 5, "审核 disclosure": 1},
	"guxiaolan":    {"签发 reminder": 4, "签发 notice": 1, "审批 escalation": 1},
	"hansongnian":  {"审批 reminder": 1, "签发 notice": 1, "审批 escalation": 1},
	"yinxiaoyu":    {"填报 item": 5, "补正 item": 1, "签收 reminder": 1},
	"shaofeng":     {"审核 item": 8},
	"helan":        {"签发 reminder": 2, "受理 escalation": 1, "闭环 notice": 1},
	"luojingzhi":   {"审批 reminder": 1},
}

// TestBadges tells the whole story and counts as the rooms count together.
func TestBadges(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	jobs := h.Login("xuncha_jobs")
	article := func(d disclosure.Document) ([]byte, error) { return json.Marshal(d) }
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	doubted := demo.Doubts{Files: files.NewStore(bucket)}
	people := map[string]tenants.Scope{}
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: jobs, Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			return demo.Threads(demo.NoticeThread, demo.EscalationThread, doubted.Thread, demo.RemindersThread,
				demo.Disclosures{Jobs: jobs, Article: article}.Thread, demo.Opinions{Intake: h.Login("xuncha_intake"), Key: []byte("key")}.Thread,
				demo.ChecksThread, demo.ReportsThread, demo.EvaluationsThread, demo.FollowUpsThread, demo.SamplesThread, demo.BoardThread,
				demo.DirectivesThread, demo.Time(doubted).Thread)(ctx, cast, at)
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return demo.Clock }
	db := tenants.NewDB(h.Pool, clock)
	cases := &rectification.Service{DB: db, Clock: clock, Calendar: demo.Calendar()}
	more := &extensions.Service{DB: db, Clock: clock, Cases: cases}
	back := &longterm.Service{DB: db, Clock: clock, Cases: cases}
	owed := &reports.Service{DB: db, Clock: clock, Calendar: demo.Calendar(), Cases: cases}
	promises := &plans.Service{DB: db, Clock: clock, Calendar: demo.Calendar(), Cases: cases}
	imports := &rectification.Imports{DB: db, Clock: clock, Cases: cases}
	reminders := &rectification.Reminders{DB: db, Clock: clock, Calendar: demo.Calendar()}
	texts := &disclosure.Service{DB: db, Clock: clock, Calendar: demo.Calendar(), Article: article}
	judged := &evaluations.Service{DB: db, Clock: clock, Reports: owed}
	letters := &linkage.Service{DB: db, Clock: clock, Calendar: demo.Calendar(), Cases: cases}
	visits := &checks.Service{DB: db, Clock: clock, Cases: cases}
	again := &followups.Service{DB: db, Clock: clock, Cases: cases, Checks: visits}
	sampled := &samples.Service{DB: db, Clock: clock, Cases: cases}
	named := &directives.Service{DB: db, Clock: clock}
	signals := &doubts.Service{DB: db, Clock: clock, Cases: cases}
	voices := &opinions.Service{DB: db, Clock: clock, Calendar: demo.Calendar(), Doubts: signals, Cases: cases}
	s := &statistics.Service{DB: db, Clock: clock, Rooms: []statistics.Room{
		{Tasks: cases.Tasks},
		{Tasks: more.Tasks},
		{Tasks: more.RaisedTasks, Wide: true},
		{Tasks: owed.Tasks},
		{Tasks: back.Tasks},
		{Tasks: imports.Tasks},
		{Tasks: reminders.Tasks},
		{Tasks: reminders.UrgingTasks, Wide: true},
		{Tasks: promises.Tasks},
		{Tasks: visits.Tasks},
		{Tasks: signals.Tasks},
		{Tasks: texts.Tasks},
		{Tasks: voices.Tasks},
		{Tasks: judged.Tasks},
		{Tasks: again.Tasks},
		{Tasks: sampled.Tasks, Wide: true},
		{Tasks: named.Tasks},
		{Tasks: letters.Tasks, Wide: true},
	}}
	monthsAsPrinted(t, s, people["zhouyiheng"])
	for login, want := range badges {
		todo, err := s.Todo(t.Context(), people[login])
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, section := range todo.Sections {
			for _, task := range section.Tasks {
				got[task.Verb+" "+task.Kind]++
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s has %d to do (-want +got):\n%s", login, todo.Total, diff)
		}
	}
	// Beside them: a long-term item came back, one of a list of requests waits, and one
	// that was passed up.
	for login, waits := range map[string][2]string{"liangchen": {"复核", "item"}, "geyajun": {"审批", "item"}, "shenruogu": {"审批", "raised-extension"}} {
		verb, kind := waits[0], waits[1]
		todo, err := s.Todo(t.Context(), people[login])
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, section := range todo.Sections {
			for _, task := range section.Tasks {
				if task.Verb == verb && task.Kind == kind {
					n++
				}
			}
		}
		if n != 1 {
			t.Errorf("%s has %d times to %s, want once", login, n, verb)
		}
	}
}

// monthsAsPrinted reads how the six counties came to stand (UX §5.3). One closing was taken
// back: it counts from August until October.
func monthsAsPrinted(t *testing.T, s *statistics.Service, province tenants.Scope) {
	tr, err := s.Trend(t.Context(), province, "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][2]int{}
	for _, m := range tr.Months {
		got[m.Month] = [2]int{m.Problems, m.Closed}
	}
	want := map[string][2]int{
		"2026-05": {74, 0}, "2026-06": {220, 14}, "2026-07": {398, 61}, "2026-08": {468, 128}, "2026-09": {468, 197},
		"2026-10": {468, 255}, "2026-11": {468, 296},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("反馈累计 and 销号累计 (-want +got):\n%s", diff)
	}
}
