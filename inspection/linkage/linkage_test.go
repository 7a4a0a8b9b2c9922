package linkage_test

import (
	"fmt"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// chain is a house in which every county has findings of one common issue.
type chain struct {
	*tenantstest.House
	*linkage.Service
	t testing.TB

	units    map[tenants.ID][]inspection.UnitID
	findings map[tenants.ID][]inspection.FindingID
}

const tag = "村级集体资金管理不规范"

func newChain(t testing.TB) *chain {
	h := tenantstest.New(t)
	clock := inspection.ClockAt(tenantstest.Now)
	cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar()}
	c := &chain{
		House: h, t: t, units: map[tenants.ID][]inspection.UnitID{}, findings: map[tenants.ID][]inspection.FindingID{},
		Service: &linkage.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Cases: cases},
	}
	for i, city := range h.County {
		for j, county := range city {
			round := h.Round(county)
			for u := range 2 {
				unit := h.Unit(county, fmt.Sprintf("县某局%d%d%d党组", i, j, u))
				c.units[county.ID] = append(c.units[county.ID], unit)
				c.finding(county, round, unit, u+1)
			}
		}
	}
	return c
}

func (c *chain) finding(office tenants.Tenant, round inspection.RoundID, unit inspection.UnitID, seq int) {
	id := inspection.NewID[inspection.FindingID]()
	c.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, tags, issued_at, feedback_on)
		values ($1, $2, $3, $4, $5, $6, 2, '集体资金支出未经民主程序', $7, '2026-07-10', '2026-07-10')`,
		office.ID, id, fmt.Sprintf("%s-10-%03d", office.Prefix, seq), round, unit, seq, []string{tag})
	c.Root(`insert into rectifications (tenant_id, finding_id, unit_id, due_on, issued_at) values ($1, $2, $3, '2026-12-10', '2026-07-10')`,
		office.ID, id, unit)
	c.findings[office.ID] = append(c.findings[office.ID], id)
}

// draft is what a composer writes to these recipients.
func draft(to ...tenants.Tenant) linkage.Composing {
	c := linkage.Composing{
		Tag: tag, Title: "关于村级集体资金使用管理共性问题的通报", Body: "近期发现，部分地方村级集体资金支出未经民主程序。",
		Questions: []linkage.Line{"是否逐村核对资金流水", "是否公开"},
	}
	for _, t := range to {
		c.Offices = append(c.Offices, linkage.Slug(t.Slug))
	}
	return c
}

// issued composes a notice as s and issues it to these recipients.
func (c *chain) issued(s tenants.Scope, with linkage.Composing) linkage.Notice {
	c.t.Helper()
	n := tenantstest.Must(c.Compose(c.t.Context(), s, with))(c.t)
	n = tenantstest.Must(c.Submit(c.t.Context(), s, n.ID, n.Version, nil))(c.t)
	return tenantstest.Must(c.Issue(c.t.Context(), s, n.ID, n.Version))(c.t)
}

// own returns what the scope's office or unit was sent of a notice.
func (c *chain) own(s tenants.Scope, id inspection.NoticeID) linkage.Delivery {
	c.t.Helper()
	v := tenantstest.Must(c.Get(c.t.Context(), s, id))(c.t)
	if v.Delivery == nil {
		c.t.Fatal("nothing was delivered")
	}
	return v.Delivery.Delivery
}

// reported signs for a notice and reports on it.
func (c *chain) reported(s tenants.Scope, id inspection.NoticeID, found, corrected int) linkage.Delivery {
	c.t.Helper()
	d := c.own(s, id)
	if d.State == linkage.Delivered {
		d = tenantstest.Must(c.Receive(c.t.Context(), s, d.ID, d.Version, linkage.Receipt{}))(c.t)
	}
	return tenantstest.Must(c.Report(c.t.Context(), s, d.ID, d.Version, check(found, corrected)))(c.t)
}

func check(found, corrected int) linkage.SelfCheck {
	return linkage.SelfCheck{Checked: 10, Found: found, Corrected: corrected, Answers: []linkage.Line{"是", "是"}}
}
