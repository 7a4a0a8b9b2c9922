package followups_test

import (
	"fmt"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with one county and a past round of two units: six
// problems of the first, of which four are closed, one is long-term and one overdue,
// and two of the second.
type house struct {
	*tenantstest.House
	*followups.Service
	cases *rectification.Service

	office        tenants.Tenant
	unit, other   inspection.UnitID
	round         inspection.RoundID
	items         []findings.Finding
	off, dir      tenants.Scope
	mem, disc     tenants.Scope
	liaison, head tenants.Scope
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	clock := inspection.ClockAt(tenantstest.Now)
	h.cases = &rectification.Service{DB: h.House.DB, Clock: clock, Calendar: inspection.PublishedCalendar()}
	h.Service = &followups.Service{
		DB: h.House.DB, Clock: clock, Cases: h.cases, Checks: &checks.Service{DB: h.House.DB, Clock: clock, Cases: h.cases},
	}
	h.office = h.County[0][0]
	h.unit, h.other = h.Unit(h.office, "县水务局党组"), h.Unit(h.office, "县教育局党组")
	h.round = h.Round(h.office)
	h.off, h.dir = h.As(h.office, tenants.OFF), h.As(h.office, tenants.DIR)
	h.mem, h.disc = h.As(h.office, tenants.MEM), h.As(h.office, tenants.DISC)
	h.liaison, h.head = h.As(h.office, tenants.UNIT, h.unit), h.As(h.office, tenants.HEAD, h.unit)
	h.items = h.ledger(t, h.unit, 6)
	h.ledger(t, h.other, 2)
	h.Root(`update rectifications set state = 'working', due_on = '2026-12-31'`)
	for i := range 4 {
		h.Root(`update rectifications set state = 'closed', closed_on = '2026-10-09' where finding_id = $1`, h.items[i].ID)
	}
	h.Root(`update rectifications set state = 'long-term' where finding_id = $1`, h.items[4].ID)
	h.Root(`update rectifications set due_on = '2026-10-10' where finding_id = $1`, h.items[5].ID)
	return h
}

// ledger gives a unit issued problems.
func (h *house) ledger(t *testing.T, unit inspection.UnitID, n int) []findings.Finding {
	t.Helper()
	var fs []findings.Finding
	h.Do(h.House.DB, h.dir, func(tx *tenants.Tx) error {
		var ids []inspection.FindingID
		for i := range n {
			made, err := findings.Add(t.Context(), tx, h.round, unit, findings.New{Focus: 1, Category: "理论武装", Text: fmt.Sprintf("问题 %d。", i+1)})
			if err != nil {
				return err
			}
			ids = append(ids, made[0].ID)
		}
		issued, err := findings.Issue(t.Context(), tx, h.Clock(), tenantstest.Day(t, "2026-07-10"), ids)
		if err != nil {
			return err
		}
		fs = issued
		return h.cases.Begin(t.Context(), tx, issued)
	})
	return fs
}

// drafted returns a follow-up that nobody was told of, over the first unit.
func (h *house) drafted(t *testing.T) followups.FollowUp {
	t.Helper()
	return tenantstest.Must(h.Draft(t.Context(), h.off, h.drafting()))(t)
}

func (h *house) drafting() followups.Drafting {
	return followups.Drafting{
		Round: h.round, Name: "某轮巡察回头看", StartsOn: h.Clock.Today(), Units: []inspection.UnitID{h.unit},
		Staffing: followups.Staffing{Leader: h.mem.Member(), People: []inspection.MemberID{h.mem.Member(), h.disc.Member()}},
	}
}

// ongoing returns one whose people are with the unit.
func (h *house) ongoing(t *testing.T) followups.FollowUp {
	t.Helper()
	f := h.drafted(t)
	f = tenantstest.Must(h.Notify(t.Context(), h.dir, f.ID, f.Version))(t)
	return tenantstest.Must(h.Begin(t.Context(), h.off, f.ID, f.Version))(t)
}

// looked has two people find the same of one problem.
func (h *house) looked(t *testing.T, f followups.FollowUp, i int, v followups.Verdict) followups.Looked {
	t.Helper()
	l := tenantstest.Must(h.Record(t.Context(), h.mem, f.ID, h.items[i].ID, h.version(t, f, i), h.recording(v)))(t)
	return tenantstest.Must(h.Agree(t.Context(), h.disc, f.ID, h.items[i].ID, l.Version))(t)
}

func (h *house) recording(v followups.Verdict) followups.Recording {
	return followups.Recording{Verdict: v, Fact: "现场查看，公示栏已拆除。", SeenOn: h.Clock.Today()}
}

// version is that of the record of one problem.
func (h *house) version(t *testing.T, f followups.FollowUp, i int) int {
	t.Helper()
	return h.row(t, h.off, f.ID, i).Looked.Version
}

func (h *house) row(t *testing.T, by tenants.Scope, id followups.ID, i int) followups.Row {
	t.Helper()
	sh := tenantstest.Must(h.Sheet(t.Context(), by, id, h.unit))(t)
	for _, r := range sh.Rows {
		if r.Item.ID == h.items[i].ID {
			return r
		}
	}
	t.Fatalf("item %d is not on the sheet", i)
	return followups.Row{}
}

// verdicts are what is found of the six problems.
var verdicts = []followups.Verdict{
	followups.Confirmed, followups.Rebounded, followups.False, followups.Confirmed, followups.Confirmed, followups.Insufficient,
}

// agreed returns one in which two people looked at everything, with one new problem.
func (h *house) agreed(t *testing.T) followups.FollowUp {
	t.Helper()
	f := h.ongoing(t)
	for i, v := range verdicts {
		h.looked(t, f, i, v)
	}
	return tenantstest.Must(h.Find(t.Context(), h.mem, f.ID, followups.Finding{Unit: h.unit, Focus: 2, Category: "作风", Text: "新问题。"}))(t)
}

func (h *house) reporting(t *testing.T) followups.Reporting {
	due := tenantstest.Day(t, "2026-12-20")
	return followups.Reporting{Summary: "总体较好。", DueOn: &due}
}
