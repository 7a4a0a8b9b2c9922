package demo_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/deploy/demo"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestOpinionsThread reads the seven opinions as the public does, and as the levels
// above count them.
func TestOpinionsThread(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	jobs, intake := h.Login("xuncha_jobs"), h.Login("xuncha_intake")
	article := func(d disclosure.Document) ([]byte, error) { return json.Marshal(d) }
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: jobs, Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			return demo.Threads(demo.Disclosures{Jobs: jobs, Article: article}.Thread, demo.Opinions{Intake: intake, Key: []byte("key")}.Thread)(ctx, cast, at)
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	shelf := tenantstest.Must(opinions.Shelf{DB: h.Public}.Of(t.Context(), people["liangchen"].Office(), "SQL-XC-2026-05-02"))(t)
	if shelf.Received != 7 || len(shelf.Opinions) != 4 || shelf.Opinions[0].Name != "桥头老李" {
		t.Errorf("the public reads %d of %d: %+v", len(shelf.Opinions), shelf.Received, shelf.Opinions)
	}
	clock := func() time.Time { return demo.Clock }
	room := &opinions.Service{DB: tenants.NewDB(h.Pool, clock), Clock: clock, Calendar: demo.Calendar()}
	want := []opinions.Counted{{Office: "shiqiaoling", Name: "石桥岭县", Received: 7, Waiting: 1, Featured: 4, NotFixed: 1}}
	if diff := cmp.Diff(want, tenantstest.Must(room.Counts(t.Context(), people["zhouyiheng"]))(t)); diff != "" {
		t.Errorf("the province counts (-want +got):\n%s", diff)
	}
	p := tenantstest.Must(room.List(t.Context(), people["liangchen"], opinions.Filter{Limit: 10}))(t)
	got := map[opinions.State]int{}
	for _, o := range p.Items {
		got[o.State]++
	}
	if diff := cmp.Diff(map[opinions.State]int{opinions.Featured: 4, opinions.Declined: 1, opinions.Passed: 1, opinions.Waiting: 1}, got); diff != "" {
		t.Errorf("the office has (-want +got):\n%s", diff)
	}
}
