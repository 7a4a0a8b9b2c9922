package demo_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob/memblob"

	"xuncha/deploy/demo"
	"xuncha/inspection"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestEvaluationsThread reads the samples of UX §5.10 and the scoring anew of §5.7
// as the people of the story see them.
func TestEvaluationsThread(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			return demo.Threads(demo.Doubts{Files: files.NewStore(bucket)}.Thread, demo.EvaluationsThread)(ctx, cast, at)
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	room := &evaluations.Service{DB: h.DB, Clock: inspection.ClockAt(demo.Clock), Reports: &reports.Service{
		DB: h.DB, Clock: inspection.ClockAt(demo.Clock), Calendar: demo.Calendar(),
	}}
	type told struct{ Unit, State, Points, Grade, Parts string }
	read := func(login string) (got []told, lines []evaluations.Line) {
		t.Helper()
		lines, err := room.List(t.Context(), people[login])
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			e, err := room.Get(t.Context(), people[login], l.ID)
			if err != nil {
				t.Fatal(err)
			}
			var parts []string
			for _, a := range e.Told.Aspects {
				parts = append(parts, a.Points.String())
			}
			got = append(got, told{l.UnitName, l.State.Word(), l.Points.String(), l.Grade, strings.Join(parts, " + ")})
		}
		return got, lines
	}
	tests := []struct {
		login string
		want  []told
	}{
		{"sunyulan", []told{{"县民政局党组", "已通报", "91.7", "好", "14 + 13.5 + 55 + 9.2"}}},
		{"fengli", []told{{"县农业农村局党组", "已通报", "70.8", "一般", "12 + 10 + 41 + 7.8"}}},
		{"fanzhiqiang", []told{
			{"柳湾镇党委", "已通报", "71.5", "差", "12 + 9 + 44 + 6.5"},
			{"柳湾镇党委", "已重新评估", "92.5", "好", "14.5 + 14 + 55 + 9"},
		}},
	}
	for _, tt := range tests {
		if got, _ := read(tt.login); !cmp.Equal(tt.want, got) {
			t.Errorf("%s reads (-want +got):\n%s", tt.login, cmp.Diff(tt.want, got))
		}
	}
	_, lines := read("jitong")
	again, err := room.Get(t.Context(), people["jitong"], lines[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if s := again.Sheet.Score; !s.Veto || s.Plain != "一般" || len(s.Vetoes[0].Rows) != 1 || s.Vetoes[0].Rows[0].Number != "BY-04-03-021" {
		t.Errorf("柳湾镇 the second time: %+v", s)
	}
	if second := again.Second; second == nil || second.State != evaluations.Ordered ||
		!slices.ContainsFunc(second.Items, func(i evaluations.SecondItem) bool { return i.Number == "BY-04-03-021" }) {
		t.Errorf("second rectification of 柳湾镇: %+v", second)
	}
	_, lines = read("geyajun")
	farm, err := room.Get(t.Context(), people["geyajun"], lines[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(farm.Sheet.Proposals, func(p evaluations.Proposal) bool {
		return p.Text == "逾期 4 件，建议扣 4 分" && len(p.Links) == 4
	}) {
		t.Errorf("县农业农村局: proposals %+v", farm.Sheet.Proposals)
	}
}
