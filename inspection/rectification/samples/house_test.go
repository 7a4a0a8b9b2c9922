package samples_test

import (
	"fmt"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/samples"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with closed items in the two counties of a city.
type house struct {
	*tenantstest.House
	s     *samples.Service
	cases *rectification.Service

	office, sibling tenants.Tenant
	unit            inspection.UnitID
	city, dir       tenants.Scope
	items           []inspection.FindingID // of office, in the order of their numbers
}

// newHouse has ten closed items in one county and five in its sibling. In the first
// county number 3 is in doubt, 5 was closed late, and 9 was closed long ago.
func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	clock := inspection.ClockAt(tenantstest.Now)
	h.cases = &rectification.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar()}
	h.s = &samples.Service{DB: h.DB, Clock: clock, Cases: h.cases}
	h.office, h.sibling = h.County[0][0], h.County[0][1]
	h.city, h.dir = h.As(h.City[0], tenants.CITY), h.As(h.office, tenants.DIR)
	h.unit = h.Unit(h.office, "县水务局党组")
	round := h.Round(h.office)
	for n := 1; n <= 10; n++ {
		h.items = append(h.items, h.closed(h.office, round, h.unit, n))
	}
	h.Root(`update rectifications set flags = '{doubt}' where finding_id = $1`, h.items[2])
	h.Root(`update rectifications set closed_on = '2026-10-20' where finding_id = $1`, h.items[4])
	h.Root(`update rectifications set closed_on = '2026-03-01' where finding_id = $1`, h.items[8])
	other := h.Unit(h.sibling, "县水务局党组")
	round = h.Round(h.sibling)
	for n := 1; n <= 5; n++ {
		h.closed(h.sibling, round, other, n)
	}
	return h
}

// closed enters an item that was due on 2026-10-15 and closed on 2026-10-10.
func (h *house) closed(office tenants.Tenant, round inspection.RoundID, unit inspection.UnitID, n int) inspection.FindingID {
	id := inspection.NewID[inspection.FindingID]()
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, feedback_on, issued_at)
		values ($1, $2, $3, $4, $5, $6, 1, '理论学习走过场。', '2026-01-10', '2026-01-10')`,
		office.ID, id, fmt.Sprintf("%s-06-02-%03d", office.Prefix, n), round, unit, n)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, kind, due_on, closed_on, issued_at)
		values ($1, $2, $3, 'closed', 'near', '2026-10-15', '2026-10-10', '2026-01-10')`, office.ID, id, unit)
	return id
}

// drawing draws half of what was closed in October, in both counties.
func (h *house) drawing(t *testing.T) samples.Drawing {
	return samples.Drawing{
		Name: "第四季度抽查", Offices: []string{h.office.Slug, h.sibling.Slug}, Share: 50,
		ClosedFrom: tenantstest.Day(t, "2026-10-01"), ClosedTo: tenantstest.Day(t, "2026-10-31"),
	}
}

// drawn returns a sample, and its item in doubt, of the first county.
func (h *house) drawn(t *testing.T) (samples.Sample, samples.Item) {
	t.Helper()
	one := tenantstest.Must(h.s.Draw(t.Context(), h.city, h.drawing(t)))(t)
	for _, i := range one.Items {
		if i.Why == samples.Doubt {
			return one, i
		}
	}
	t.Fatal("nothing in doubt was drawn")
	return samples.Sample{}, samples.Item{}
}

// looked returns that item read by the city.
func (h *house) looked(t *testing.T) samples.Item {
	t.Helper()
	_, i := h.drawn(t)
	return tenantstest.Must(h.s.Look(t.Context(), h.city, i.ID, i.Version, "存疑事项抽查"))(t)
}

// refuted returns that item found not to be put right.
func (h *house) refuted(t *testing.T) samples.Item {
	t.Helper()
	i := h.looked(t)
	return tenantstest.Must(h.s.Refute(t.Context(), h.city, i.ID, i.Version, samples.Refuting{Fact: fact, DueOn: tenantstest.Day(t, "2026-12-31")}))(t)
}

const fact = "台账与现场不一致，两项措施没有落实。"

// read returns the case as its office sees it.
func (h *house) read(t *testing.T, id inspection.FindingID) rectification.Case {
	t.Helper()
	return tenantstest.Must(h.cases.Read(t.Context(), h.dir, id))(t).Case
}

// entries counts entries of an office's journal.
func (h *house) entries(office tenants.ID, action string) int {
	return tenantstest.RootValue[int](h.House, `select count(*) from journal where tenant_id = $1 and action = $2`, office, action)
}
