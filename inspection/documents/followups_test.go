package documents_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestFollowUpReport writes the report on a follow-up: its numbers add up, the problem
// that came back stands with what the unit said, and the new one with its number.
func TestFollowUpReport(t *testing.T) {
	t.Parallel()
	p := newPapers(t)
	room := &followups.Service{DB: p.DB, Clock: p.checks.Clock, Cases: p.cases, Checks: p.checks}
	p.papers.FollowUps = room
	dir, first, second := p.as(tenants.DIR), p.as(tenants.MEM), p.as(tenants.DISC)
	p.Root(`update rectifications set state = 'closed', closed_on = '2026-10-09', progress = '台账已补齐。'`)
	f := tenantstest.Must(room.Draft(t.Context(), dir, followups.Drafting{
		Round: p.round, Name: "某轮巡察回头看", StartsOn: today, Units: []inspection.UnitID{p.unit},
		Staffing: followups.Staffing{Leader: first.Member(), People: []inspection.MemberID{first.Member(), second.Member()}},
	}))(t)
	_, err := p.papers.FollowUpReport(t.Context(), dir, f.ID)
	tenantstest.Wants(t, err, inspection.Conflict, "followup.no-report")
	f = tenantstest.Must(room.Notify(t.Context(), dir, f.ID, f.Version))(t)
	f = tenantstest.Must(room.Begin(t.Context(), dir, f.ID, f.Version))(t)
	file, err := p.papers.FollowUpReport(t.Context(), first, f.ID)
	p.holds(file, err, "另有1项没有两人核实，未计入。", "没有新发现问题。")

	l := tenantstest.Must(room.Record(t.Context(), first, f.ID, p.finding, 1, followups.Recording{
		Verdict: followups.Rebounded, Fact: "十月以后没有<记录>。", SeenOn: today,
	}))(t)
	tenantstest.Must(room.Agree(t.Context(), second, f.ID, p.finding, l.Version))(t)
	f = tenantstest.Must(room.Find(t.Context(), first, f.ID, followups.Finding{Unit: p.unit, Focus: 2, Text: "新问题。"}))(t)
	due := today + 30
	f = tenantstest.Must(room.Report(t.Context(), dir, f.ID, f.Version, followups.Reporting{Summary: "需再整改。", DueOn: &due}))(t)
	file, err = p.papers.FollowUpReport(t.Context(), dir, f.ID)
	p.holds(file, err,
		"关于某轮巡察回头看情况的报告", "核查1项：确认到位0项、未到位0项、反弹1项、虚假整改0项；重新整改1项，新发现问题1个。", "需再整改。",
		"台账已补齐。", "十月以后没有&lt;记录&gt;。", "重新整改，期限"+due.String(), f.Problems[0].Number, "新问题。")
	_, err = p.papers.FollowUpReport(t.Context(), p.as(tenants.HEAD), f.ID)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	if n := p.entries("followup.export-report"); n != 2 {
		t.Errorf("%d entries, want 2", n)
	}
}
