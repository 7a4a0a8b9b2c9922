package reports_test

import (
	"testing"

	"gocloud.dev/blob/memblob"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// desk is a test's database with the people who make, sign and review the reports of
// one unit that has three findings.
type desk struct {
	*tenantstest.House
	*reports.Service
	t        *testing.T
	cases    *rectification.Service
	office   tenants.Tenant
	unit     inspection.UnitID
	round    inspection.RoundID
	findings []inspection.FindingID

	liaison, head, leader, disc, org, off, dir tenants.Scope
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	h := tenantstest.New(t)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	clock, calendar := inspection.ClockAt(tenantstest.Now), inspection.PublishedCalendar()
	d := &desk{
		House: h, t: t, office: h.County[0][0],
		cases: &rectification.Service{DB: h.DB, Clock: clock, Calendar: calendar, Files: files.NewStore(bucket)},
	}
	d.Service = &reports.Service{DB: h.DB, Clock: clock, Calendar: calendar, Cases: d.cases}
	d.unit, d.round = h.Unit(d.office, "县水务局党组"), h.Round(d.office)
	d.liaison, d.head = h.As(d.office, tenants.UNIT, d.unit), h.As(d.office, tenants.HEAD, d.unit)
	d.leader = h.As(d.office, tenants.LG)
	d.disc, d.org = h.As(d.office, tenants.DISC), h.As(d.office, tenants.ORG)
	d.off, d.dir = h.As(d.office, tenants.OFF), h.As(d.office, tenants.DIR)
	d.findings = d.issue(d.unit, "中心组学习记录补记。", "公车使用登记不全。", "河湖岸线巡查不到位。")
	d.closed(d.findings[0])
	d.says(d.findings[1], "已补齐2024年记录，2025年记录正在核对。")
	d.says(d.findings[2], "正在划定巡查责任段。")
	return d
}

// issue gives feedback of these findings to a unit.
func (d *desk) issue(unit inspection.UnitID, texts ...string) (ids []inspection.FindingID) {
	d.t.Helper()
	var drafting []findings.New
	for _, text := range texts {
		drafting = append(drafting, findings.New{Focus: 1, Category: "理论武装", Text: text})
	}
	drafts := &findings.Service{DB: d.House.DB, Clock: d.cases.Clock}
	for _, f := range tenantstest.Must(drafts.Draft(d.t.Context(), d.off, findings.Drafting{Round: d.round, Unit: unit, Findings: drafting}))(d.t) {
		ids = append(ids, f.ID)
	}
	d.Do(d.House.DB, d.dir, func(tx *tenants.Tx) error {
		issued, err := findings.Issue(d.t.Context(), tx, d.cases.Clock(), tenantstest.Day(d.t, "2026-07-10"), ids)
		if err != nil {
			return err
		}
		return d.cases.Begin(d.t.Context(), tx, issued)
	})
	return ids
}

func (d *desk) says(id inspection.FindingID, progress string) {
	d.t.Helper()
	it := tenantstest.Must(d.cases.Read(d.t.Context(), d.liaison, id))(d.t)
	tenantstest.Must(d.cases.Edit(d.t.Context(), d.liaison, id, it.Version, rectification.CaseEdit{Progress: &progress}))(d.t)
}

// closed closes a finding behind the application's back: how one is closed is not
// this room's matter.
func (d *desk) closed(id inspection.FindingID) {
	d.t.Helper()
	d.Root(`update rectifications set state = 'closed', closed_on = '2026-10-20', submission = 1, recovered_fen = 1234500, rules_made = 1
		where finding_id = $1`, id)
	d.Root(`insert into submissions (tenant_id, finding_id, n, unit_id, statement, parties, due_on, due_calendar, due_provisional,
			by_name, at, outcome, decided_at)
		values ($1, $2, 1, $3, '已整改。', '{DISC}', '2026-10-19', '', false, '某人', '2026-10-12 09:00+08', 'closed', '2026-10-20 09:00+08')`,
		d.office.ID, id, d.unit)
}

// drafted is a report that has everything.
func (d *desk) drafted(kind reports.Kind) reports.Report {
	d.t.Helper()
	p := tenantstest.Must(d.Begin(d.t.Context(), d.liaison, reports.Beginning{Round: d.round, Kind: kind}))(d.t)
	overall, next := "党组召开3次专题会研究整改。", "按月调度未完成问题。"
	return tenantstest.Must(d.Edit(d.t.Context(), d.liaison, *p.ID, p.Version, reports.Change{Overall: &overall, NextSteps: &next}))(d.t)
}

func (d *desk) signed(kind reports.Kind) reports.Report {
	d.t.Helper()
	p := d.drafted(kind)
	return tenantstest.Must(d.Sign(d.t.Context(), d.head, *p.ID, p.Version, papers.Signing{Digest: p.Digest}))(d.t)
}

func (d *desk) reviewing() reports.Report {
	d.t.Helper()
	p := d.signed(reports.Progress)
	p = tenantstest.Must(d.Countersign(d.t.Context(), d.leader, *p.ID, p.Version, papers.Signing{Digest: p.Digest}))(d.t)
	return tenantstest.Must(d.Receive(d.t.Context(), d.off, *p.ID, p.Version))(d.t)
}

// reviewed is a progress report on which all parties gave this verdict.
func (d *desk) reviewed(v rectification.Verdict) (p reports.Report) {
	d.t.Helper()
	p = d.reviewing()
	for _, by := range []tenants.Scope{d.disc, d.org, d.off} {
		p = tenantstest.Must(d.Give(d.t.Context(), by, *p.ID, giving(p, v)))(d.t)
	}
	return p
}

func giving(p reports.Report, v rectification.Verdict) papers.Giving {
	if v == rectification.Agree {
		return papers.Giving{Digest: p.Digest, Verdict: v}
	}
	return papers.Giving{Digest: p.Digest, Verdict: v, Reasons: []rectification.Reason{rectification.Shallow}, Note: "未完成原因写得过于笼统。"}
}
