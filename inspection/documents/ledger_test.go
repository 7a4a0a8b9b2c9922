package documents_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/documents"
	"xuncha/inspection/rectification"
)

// TestReviewed names the parties that a joint review waits for as the screen does.
func TestReviewed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "问题一", 0, true)
	id := h.put(h.water, 2, "问题二", 0, true)
	h.Root(`insert into submissions (tenant_id, finding_id, n, unit_id, statement, parties, given, due_on, due_calendar,
			due_provisional, by_name, at)
		values ($1, $2, 1, $3, '已整改', '{OFF,DIR,LG,ORG,DISC}', '{ORG}', '2026-12-01', '', false, '某人', now())`,
		h.office.ID, id, h.water)
	h.Root(`update rectifications set state = 'submitted', submission = 1 where finding_id = $1`, id)
	w := h.export(t, h.off, rectification.Filter{}, documents.Wish{Columns: []string{"number", "review"}})
	want := []string{"", "1/5 已审，等待：巡察办、巡察办主任、领导小组、纪委监委"}
	if diff := cmp.Diff(want, w.column("审核")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
