package tenants_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestContacts: whoever works with an office learns who does its daily work today,
// and nobody of another office.
func TestContacts(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office, other := h.County[0][0], h.County[0][1]
	m := &tenants.Members{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
	unit := h.Unit(office, "县水务局党组")
	liaison := h.As(office, tenants.UNIT, unit)
	h.As(other, tenants.OFF)
	h.As(office, tenants.DIR)
	staff := h.As(office, tenants.OFF)
	h.Root(`update members set name = '甲', post = '县委巡察办干部' where id = $1`, staff.Member())
	for name, change := range map[string]string{
		"ended": `update grants set until_on = '2026-11-19' where member_id = $1`,
		"later": `update grants set from_on = '2026-11-21' where member_id = $1`,
		"held":  `update members set state = 'held' where id = $1`,
	} {
		gone := h.As(office, tenants.OFF)
		h.Root(`update members set name = $2 where id = $1`, gone.Member(), name)
		h.Root(change, gone.Member())
	}
	want := []tenants.Contact{{Name: "甲", Post: "县委巡察办干部"}}
	for name, s := range map[string]tenants.Scope{"the unit": liaison, "the leading group": h.As(office, tenants.LG)} {
		got, err := m.Contacts(t.Context(), s)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	got, err := m.Contacts(t.Context(), h.As(other, tenants.UNIT, h.Unit(other, "县教育局党组")))
	if err != nil || len(got) != 1 || got[0].Name == "甲" {
		t.Errorf("a unit of another office asks %v, %v", got, err)
	}
}
