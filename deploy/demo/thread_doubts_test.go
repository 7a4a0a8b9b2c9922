package demo_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob/memblob"

	"xuncha/deploy/demo"
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestDoubtsThread reads the suspected fake rectification as UX §5.7 tells it, and
// that the nightly scan finds no other in the whole story.
func TestDoubtsThread(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid",
		Threads: func(ctx context.Context, cast map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
			people = cast
			return demo.Doubts{Files: files.NewStore(bucket)}.Thread(ctx, cast, at)
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	clock := inspection.ClockAt(demo.Clock)
	cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: demo.Calendar(), Files: files.NewStore(bucket)}
	room := &doubts.Service{DB: h.DB, Clock: clock, Cases: cases}
	offices, err := h.DB.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range offices {
		if err := room.Scan(t.Context(), tenants.ForJob(o, "doubts")); err != nil {
			t.Fatal(err)
		}
	}
	all, err := people["helan"].Subtree()
	if err != nil {
		t.Fatal(err)
	}
	page, err := room.List(t.Context(), all, doubts.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	type told struct{ Number, Word, State, Reason string }
	var got []told
	for _, d := range page.Items {
		got = append(got, told{d.Number, d.Word, d.State.Word(), d.Reason})
	}
	slices.SortFunc(got, func(a, b told) int { return slices.Compare([]string{a.Number, a.Word}, []string{b.Number, b.Word}) })
	want := []told{
		{"BY-04-03-021", "事后制作", "属实", "会议纪要（2）.docx 注明形成于 2026-07-03，文件创建于 2026-08-17，晚 45 天"},
		{"BY-04-03-021", "再次被反映", "属实", "再次被反映（群众意见，2026-10-28）：中转点还是老样子"},
		{"BY-04-03-021", "同一文件", "属实", "IMG_0712.jpg 与 BY-04-03-008（东塬街道党工委）的佐证 公厕整治后.jpg 是同一文件"},
		{"BY-04-03-021", "措施雷同", "属实", "第 4 项措施与 BY-04-02-004（区城管局党组）的措施文字相似度 0.96"},
		{"BY-04-03-021", "早于反馈", "属实", "IMG_0712.jpg 的拍摄或编辑日期 2026-03-02 早于反馈日期 2026-06-26"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
	for _, d := range page.Items {
		var by []string
		for _, l := range d.Looks {
			by = append(by, l.By)
		}
		if diff := cmp.Diff([]string{"纪桐", "区纪委监委核查人"}, by); diff != "" || d.SeenOn == nil || d.SeenOn.String() != "2026-11-05" {
			t.Errorf("%s was seen by %v on %v", d.Word, by, d.SeenOn)
		}
	}
	item, err := cases.Read(t.Context(), people["jitong"], page.Items[0].Finding)
	if err != nil {
		t.Fatal(err)
	}
	current := 0
	for _, f := range item.Files {
		if !f.Replaced {
			current++
		}
	}
	if item.State != rectification.Working || item.DueOn.String() != "2026-12-04" || current != 5 ||
		slices.Contains(item.Flags, rectification.Doubt) || !slices.Contains(item.Flags, rectification.Reopened) {
		t.Errorf("the item is %s, due %s, has %d files and the flags %v", item.State, item.DueOn, current, item.Flags)
	}
}
