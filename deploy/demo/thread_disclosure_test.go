package demo_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/deploy/demo"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestDisclosuresThread reads what the public reads, and what waits for whom.
func TestDisclosuresThread(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	jobs := h.Login("xuncha_jobs")
	article := func(d disclosure.Document) ([]byte, error) { return json.Marshal(d) }
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: jobs, Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			return demo.Disclosures{Jobs: jobs, Article: article}.Thread(ctx, cast, at)
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	page, err := disclosure.Reader{DB: h.Public}.Page(t.Context(), people["liangchen"].Office(), "SQL-XC-2026-05-02", 0)
	if err != nil {
		t.Fatal(err)
	}
	got := []any{page.Findings, page.Done, page.LongTerm, page.Ongoing, page.Edition, page.Note, page.OpinionsUntil.String()}
	for i := len(page.Editions) - 1; i >= 0; i-- {
		got = append(got, page.Editions[i].PublishedAt.In(demo.Clock.Location()).Format("01-02 15:04"))
	}
	want := []any{14, 11, 2, 1, 2, "第6条补充公示时间", "2026-10-20", "09-21 09:00", "10-09 14:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the public's page (-want +got):\n%s", diff)
	}
	for _, words := range []string{"14个问题细化为31项整改任务", "新建制度2项", "修订制度4项", "清退资金12.34万元", "专题会议4次"} {
		if !strings.Contains(string(page.Article), words) {
			t.Errorf("the page does not say %s", words)
		}
	}
	clock := func() time.Time { return demo.Clock }
	room := &disclosure.Service{DB: tenants.NewDB(h.Pool, clock), Clock: clock, Calendar: demo.Calendar(), Article: article}
	for login, want := range map[string][]string{"zhengyichuan": {"审核 QY-XC-2026-06-01"}, "guxiaolan": nil, "liangchen": nil} {
		var got []string
		h.Do(h.DB, people[login], func(tx *tenants.Tx) error {
			tasks, err := room.Tasks(t.Context(), tx)
			for _, task := range tasks {
				got = append(got, task.Verb+" "+task.Number)
			}
			return err
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("what %s has to do (-want +got):\n%s", login, diff)
		}
	}
	p, err := room.List(t.Context(), people["liangchen"], disclosure.Filter{State: disclosure.Drafted, Limit: 10})
	if err != nil || len(p.Items) != 1 {
		t.Fatalf("%d drafts, %v", len(p.Items), err)
	}
	d, err := room.Get(t.Context(), people["liangchen"], p.Items[0].ID)
	if err != nil || len(d.Hits) != 3 {
		t.Errorf("%d pieces of personal data in the draft, %v; want 3", len(d.Hits), err)
	}
}
