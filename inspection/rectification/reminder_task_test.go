package rectification

import (
	"fmt"
	"slices"
	"testing"

	"xuncha/tenants/tenantstest"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/tenants"
)

// TestToSign: a few letters of a kind are a task each, more are one task that the
// oldest of them opens.
func TestToSign(t *testing.T) {
	t.Parallel()
	today := tenantstest.Day(t, "2026-11-20")
	letter := func(title, item string, unit int, on inspection.Day) Reminder {
		r := Reminder{ID: inspection.NewID[inspection.ReminderID](), Title: title, Item: item, PlannedOn: on, UnitName: fmt.Sprintf("县某局%d党组", unit)}
		r.Unit.UUID[0] = byte(unit)
		r.Signer = tenants.DIR
		if title == "提请研究问责" {
			r.Signer = tenants.LG
		}
		return r
	}
	oldest := letter("督办通知书", "QY-06-01-009", 1, today-3)
	letters := []Reminder{
		letter("督办通知书", "QY-06-01-001", 1, today), letter("告诫书", "QY-06-01-004", 2, today), letter("督办通知书", "QY-06-01-002", 2, today),
		letter("提请研究问责", "QY-06-01-007", 3, today-1), letter("督办通知书", "QY-06-01-003", 1, today), oldest,
		letter("告诫书", "QY-06-01-005", 2, today), letter("告诫书", "QY-06-01-006", 3, today),
	}
	slices.SortFunc(letters, waitedLonger)
	var got []string
	for _, task := range toSign(letters) {
		got = append(got, fmt.Sprintf("%s %s | %s | %s | %s", task.Verb, task.Title, task.Number, task.Source, task.DueOn))
		if task.Number == "" && task.ID != oldest.ID.UUID {
			t.Errorf("%s opens %s, want the oldest", task.Title, task.ID)
		}
	}
	want := []string{
		"签发 督办通知书：4 件 |  | 2 个单位 | 2026-11-17",
		"审批 提请研究问责：QY-06-01-007 | QY-06-01-007 | 县某局3党组 | 2026-11-19",
		"签发 告诫书：QY-06-01-004 | QY-06-01-004 | 县某局2党组 | 2026-11-20",
		"签发 告诫书：QY-06-01-005 | QY-06-01-005 | 县某局2党组 | 2026-11-20",
		"签发 告诫书：QY-06-01-006 | QY-06-01-006 | 县某局3党组 | 2026-11-20",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i := range letters {
		letters[i].Title, letters[i].UnitName = "督办通知书", "县某局党组"
		letters[i].Unit = inspection.UnitID{}
	}
	if all := toSign(letters); len(all) != 1 || all[0].Source != "县某局党组" {
		t.Errorf("of one unit and kind: %+v", all)
	}
}
