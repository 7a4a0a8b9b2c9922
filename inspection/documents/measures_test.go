package documents_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/documents"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestMeasures takes the list of tasks and that of who is responsible out, filtered as
// on screen, by the office and from above; both journals say so.
func TestMeasures(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "问题一", 0, true)
	second := h.put(h.water, 2, "问题二", 0, true)
	h.Root(`delete from measures where tenant_id = $1`, h.office.ID)
	for i, m := range []struct {
		text, leader string
		done         bool
	}{{"第一项", "甲", true}, {"第二项", "甲", false}, {"第三项", "", false}} {
		h.Root(`insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader, department, due_on, done, issued_at)
			values ($1, gen_random_uuid(), $2, $3, $4, $5, $6, '水政科', '2026-12-15', $7, now())`,
			h.office.ID, second, h.water, i+1, m.text, m.leader, m.done)
	}
	tasks := documents.Wish{Columns: []string{"number", "seq", "text", "leader", "department", "due", "left", "done"}}
	number := h.office.Prefix + "-01-01-002"
	want := [][]string{
		{number, "1", "第一项", "甲", "水政科", "2026-12-15", "", "已完成"},
		{number, "2", "第二项", "甲", "水政科", "2026-12-15", "剩 25 天", "未完成"},
	}
	below, err := h.As(h.City[0], tenants.CITY).Below(h.office)
	if err != nil {
		t.Fatal(err)
	}
	for name, scope := range map[string]tenants.Scope{"the office": h.off, "the city": below} {
		file, err := h.documents.Measures(t.Context(), scope, rectification.Filter{Leader: "甲", Sort: "number"}, tasks)
		if err != nil {
			t.Fatal(err)
		}
		w := open(t, file)
		if diff := cmp.Diff(want, w.rows()); diff != "" || w.sheet != "任务清单" {
			t.Errorf("%s: sheet %s (-want +got):\n%s", name, w.sheet, diff)
		}
		if said := h.said(h.office, w); len(said) == 0 {
			t.Errorf("%s: the office's journal says nothing", name)
		}
	}
	file, err := h.documents.Duties(t.Context(), h.off, rectification.Filter{}, documents.Wish{Form: documents.All})
	if err != nil {
		t.Fatal(err)
	}
	want = [][]string{{"县水务局党组", "（未明确）", "水政科", "1", "1", "0", "0", "2026-12-15"}, {"县水务局党组", "甲", "水政科", "1", "2", "1", "0", "2026-12-15"}}
	if diff := cmp.Diff(want, open(t, file).rows()); diff != "" {
		t.Errorf("duties (-want +got):\n%s", diff)
	}
}
