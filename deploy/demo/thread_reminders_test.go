package demo_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/deploy/demo"
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestRemindersThread reads the story's overdue chain as UX §5.6 tells it.
func TestRemindersThread(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			began := time.Now()
			defer func() { t.Logf("told in %s", time.Since(began)) }()
			return demo.RemindersThread(ctx, cast, at)
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return demo.Clock }
	room := &rectification.Reminders{DB: tenants.NewDB(h.Pool, clock), Clock: clock, Calendar: demo.Calendar()}
	var id string
	h.Do(h.DB, people["geyajun"], func(tx *tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select id::text from findings where number = 'SD-05-01-009'`).Scan(&id)
	})
	chain, err := room.Chain(t.Context(), people["fengli"], findingID(t, id))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range chain.Sent {
		line := m.Rung + " " + m.PlannedOn.String() + " " + m.Number
		for _, r := range m.Receipts {
			if at := r.SignedAt; at != nil {
				line += " 签收 " + at.In(demo.Clock.Location()).Format("01-02")
			} else {
				line += "已阅 " + r.ReadAt.In(demo.Clock.Location()).Format("01-02")
			}
		}
		got = append(got, line)
	}
	want := []string{
		"T-15 2026-09-30 ", "T-7 2026-10-08 松巡办提〔2026〕31号 签收 10-08", "T 2026-10-15 ", "T+1 2026-10-16 已阅 10-16",
		"T+7 2026-10-22 松巡办督〔2026〕12号 签收 10-23", "T+15 2026-10-30 松巡办诫〔2026〕3号 签收 10-30",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	whole, err := room.Chain(t.Context(), people["geyajun"], findingID(t, id))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range whole.Sent {
		if held := m.Talked != nil; held != (m.Rung == "T+15") || held && (m.Talked.HeldOn.String() != "2026-11-03" || m.Talked.TalkedTo != "冯立") {
			t.Errorf("%s: talk %+v", m.Rung, m.Talked)
		}
	}
	letters, err := room.Waiting(t.Context(), people["luojingzhi"])
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, m := range letters {
		found = found || m.Item == "SD-05-01-009" && m.Rung == "T+30" && m.PlannedOn.String() == "2026-11-16"
	}
	if !found {
		t.Error("罗敬之 has nothing to decide about SD-05-01-009")
	}
	late := tenantstest.RootValue[int](h, `select count(*) from reminders where late`)
	if late != 0 {
		t.Errorf("%d reminders of the story are late", late)
	}
	// Started, the service finds nothing to make up for.
	before := tenantstest.RootValue[int](h, `select count(*) from reminders`)
	for _, s := range people {
		if err := room.Scan(t.Context(), tenants.ForJob(s.Office(), "remind")); err != nil {
			t.Fatal(err)
		}
	}
	if after := tenantstest.RootValue[int](h, `select count(*) from reminders`); after != before {
		t.Errorf("%d reminders when the service starts", after-before)
	}
	t.Logf("%d reminders, %d wait", before, tenantstest.RootValue[int](h, `select count(*) from reminders where state = 'waiting'`))
}

func findingID(t *testing.T, s string) inspection.FindingID {
	t.Helper()
	id, err := inspection.ParseID[inspection.FindingID](s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
