package demo_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob/memblob"

	"xuncha/deploy/demo"
	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestFollowUpsThread reads the three follow-ups as the people of the story see them:
// the town's head its sheet without a verdict, the other head all verdicts, and the
// liaison of a unit nothing of a draft.
func TestFollowUpsThread(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			return demo.Threads(demo.Doubts{Files: files.NewStore(bucket)}.Thread, demo.EvaluationsThread, demo.FollowUpsThread)(ctx, cast, at)
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	room := &followups.Service{DB: h.DB, Clock: inspection.ClockAt(demo.Clock)}
	type told struct {
		State  string
		Counts followups.Counts
		Why    []string
	}
	tests := []struct {
		login string
		want  told
	}{
		{"weidong", told{"已报告", followups.Counts{Items: 14, Agreed: 14, Confirmed: 13, Insufficient: 1}, []string{}}},
		{"jitong", told{
			"进行中",
			followups.Counts{Items: 17, Open: 14, Seen: 1, Agreed: 2, Confirmed: 1, Rebounded: 1, Reopens: 1, Problems: 1},
			[]string{"评估等次为差（一票否决）", "重新整改 1 件"},
		}},
		{"guxiaolan", told{"草拟", followups.Counts{}, []string{"逾期 2 件"}}},
	}
	for _, tt := range tests {
		ls := tenantstest.Must(room.List(t.Context(), people[tt.login]))(t)
		if len(ls) != 1 {
			t.Fatalf("%s lists %d", tt.login, len(ls))
		}
		f := tenantstest.Must(room.Get(t.Context(), people[tt.login], ls[0].ID))(t)
		if diff := cmp.Diff(tt.want, told{f.State.Word(), f.Counts, f.Units[0].Why}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.login, diff)
		}
	}
	for login, want := range map[string]int{"sunyulan": 1, "fanzhiqiang": 1, "xujing": 0, "yinxiaoyu": 0, "fengli": 0} {
		if ls := tenantstest.Must(room.List(t.Context(), people[login]))(t); len(ls) != want {
			t.Errorf("%s lists %d, want %d", login, len(ls), want)
		}
	}
}
