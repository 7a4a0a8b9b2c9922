package documents_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestCockpit takes all blocks of a city's cockpit out: a row for each county, in which
// one that never reported is empty and says so, and a sheet for each further block. No
// county is told: counts leave, no row.
func TestCockpit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.documents.Statistics = &statistics.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
	h.put(h.water, 1, "问题一", 0, true)
	h.put(h.water, 2, "问题二", 0, true)
	stopped := h.put(h.water, 3, "问题三", 0, true)
	h.Root(`
		update rectifications set due_on = null, due_kind = 'stopped', due_set_at = '2026-11-18 09:00+08', due_version = due_version + 1
		where finding_id = $1`, stopped)
	city := h.As(h.City[0], tenants.CITY)
	file, err := h.documents.Cockpit(t.Context(), city, "", documents.Wish{Columns: []string{
		"place", "problems", "doubt", "closed_rate", "band", "stopped", "stopped_now", "stopped_days", "note",
	}})
	if err != nil {
		t.Fatal(err)
	}
	w := open(t, file)
	want := [][]string{
		{h.office.Name, "3", "3", "0/3", "样本量小，不比较", "1", "1", "2"},
		{h.County[0][1].Name, "", "", "", "", "", "", "", "尚未汇总"},
		{h.County[0][2].Name, "", "", "", "", "", "", "", "尚未汇总"},
		{"合计（3 个县区）", "3", "3", "0/3", "", "1", "1", "2", "2 个尚未汇总"},
	}
	if diff := cmp.Diff(want, w.rows()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file.Content))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"整改情况", "需要关注", "未销号分布", "反馈与销号累计", "口径"}, book.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	attention, err := book.GetRows("需要关注")
	if err != nil || len(attention) != 3 || attention[1][0] != "存疑待核" || attention[1][1] != h.office.Name || attention[2][0] != "逾期≥30天" || attention[2][2] != "2" {
		t.Errorf("what needs attention: %v, %v", attention, err)
	}
	for _, c := range h.County[0] {
		if said := tenantstest.RootValue[int](h.House, `select count(*) from journal where tenant_id = $1 and action like 'overview.export%'`, c.ID); said != 0 {
			t.Errorf("%s was told %d times that its counts left", c.Name, said)
		}
	}
	if said := tenantstest.RootValue[int](h.House, `select count(*) from journal where tenant_id = $1 and action = 'overview.export'`, h.City[0].ID); said != 1 {
		t.Errorf("the city's journal has %d exports, want 1", said)
	}
}
