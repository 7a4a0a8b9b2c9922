package rectification_test

import (
	"bytes"
	"context"
	"testing"

	"gocloud.dev/blob/memblob"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with the services that put findings right, and the
// people of one county.
type house struct {
	*tenantstest.House
	cases    *rectification.Service
	findings *findings.Service

	office  tenants.Tenant
	unit    inspection.UnitID
	round   inspection.RoundID
	liaison tenants.Scope // 联络员 of the unit
	head    tenants.Scope // 主要负责人 of the unit
	off     tenants.Scope
	dir     tenants.Scope
	disc    tenants.Scope
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	clock := inspection.ClockAt(tenantstest.Now)
	h.cases = &rectification.Service{
		DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Files: files.NewStore(bucket),
	}
	h.findings = &findings.Service{DB: h.DB, Clock: clock, Issued: h.cases.Begin}
	h.office = h.County[0][0]
	h.unit = h.Unit(h.office, "县水务局党组")
	h.round = h.Round(h.office)
	h.liaison = h.As(h.office, tenants.UNIT, h.unit)
	h.head = h.As(h.office, tenants.HEAD, h.unit)
	h.off = h.As(h.office, tenants.OFF)
	h.dir = h.As(h.office, tenants.DIR)
	h.disc = h.As(h.office, tenants.DISC)
	return h
}

// issued returns a case of the unit that has just begun, with two measures.
func (h *house) issued(t *testing.T) rectification.Case {
	t.Helper()
	id := h.drafted(t, h.off, h.unit, h.round, "理论学习走过场，中心组学习记录补记。").ID
	h.Do(h.DB, h.dir, func(tx *tenants.Tx) error {
		fs, err := findings.Issue(t.Context(), tx, h.cases.Clock(), tenantstest.Day(t, "2026-07-10"), []inspection.FindingID{id})
		if err != nil {
			return err
		}
		return h.cases.Begin(t.Context(), tx, fs)
	})
	for _, text := range []string{"修订中心组学习制度。", "补学并抽查记录。"} {
		tenantstest.Must(h.cases.AddMeasure(t.Context(), h.liaison, id, rectification.MeasureEdit{Text: &text}))(t)
	}
	return h.read(t, id).Case
}

func (h *house) drafted(t *testing.T, by tenants.Scope, unit inspection.UnitID, round inspection.RoundID, text string) findings.Finding {
	t.Helper()
	fs := tenantstest.Must(h.findings.Draft(t.Context(), by, findings.Drafting{
		Round: round, Unit: unit, Findings: []findings.New{{Focus: 1, Category: "理论武装", Text: text}},
	}))(t)
	return fs[0]
}

// working returns a case under way with evidence for each measure.
func (h *house) working(t *testing.T) rectification.Case {
	t.Helper()
	c := h.issued(t)
	c = tenantstest.Must(h.cases.Start(t.Context(), h.liaison, c.ID, c.Version))(t)
	for _, m := range h.read(t, c.ID).Measures {
		h.uploaded(t, h.liaison, c.ID, rectification.Uploading{Name: "佐证.pdf", Measure: &m.ID}, pdf("佐证"))
	}
	return c
}

// submitted returns a case that waits for its review.
func (h *house) submitted(t *testing.T) rectification.Case {
	t.Helper()
	c := h.working(t)
	return tenantstest.Must(h.cases.Submit(t.Context(), h.head, c.ID, c.Version, rectification.Handing{Statement: "两项措施均已完成。"}))(t)
}

// reviewed returns a case on which both parties gave this verdict.
func (h *house) reviewed(t *testing.T, v rectification.Verdict) rectification.Case {
	t.Helper()
	c := h.submitted(t)
	for _, by := range []tenants.Scope{h.disc, h.off} {
		tenantstest.Must(h.cases.Give(t.Context(), by, c.ID, opinion(c, v)))(t)
	}
	return c
}

func (h *house) closed(t *testing.T) rectification.Case {
	t.Helper()
	c := h.reviewed(t, rectification.Agree)
	return tenantstest.Must(h.cases.Accept(t.Context(), h.dir, c.ID, c.Version, rectification.Accepting{}))(t)
}

func opinion(c rectification.Case, v rectification.Verdict) rectification.Giving {
	g := rectification.Giving{Submission: c.Submission, Verdict: v}
	if v != rectification.Agree {
		g.Reasons, g.Note = []rectification.Reason{rectification.NoEvidence}, "缺少签到表。"
	}
	return g
}

// given returns a case in this state, brought there by acts and not by hand.
func (h *house) given(t *testing.T, s rectification.State) rectification.Case {
	t.Helper()
	switch s {
	case rectification.Working:
		return h.working(t)
	case rectification.Submitted:
		return h.submitted(t)
	case rectification.Returned:
		c := h.reviewed(t, rectification.Refuse)
		return tenantstest.Must(h.cases.Return(t.Context(), h.off, c.ID, c.Version,
			rectification.Returning{Reasons: []rectification.Reason{rectification.NoEvidence}, Letter: "请补充签到表。"}))(t)
	case rectification.LongTerm:
		c := h.reviewed(t, rectification.Agree)
		return tenantstest.Must(h.cases.Accept(t.Context(), h.dir, c.ID, c.Version, rectification.Accepting{LongTerm: true}))(t)
	case rectification.Closed:
		return h.closed(t)
	}
	return h.issued(t)
}

// read returns the item as the office sees it.
func (h *house) read(t *testing.T, id inspection.FindingID) rectification.ItemPage {
	t.Helper()
	return tenantstest.Must(h.cases.Read(t.Context(), h.off, id))(t)
}

func (h *house) uploaded(
	t *testing.T, by tenants.Scope, id inspection.FindingID, u rectification.Uploading, content []byte,
) rectification.Evidence {
	t.Helper()
	u.Size, u.NotSecret = int64(len(content)), true
	p := tenantstest.Must(h.cases.BeginUpload(t.Context(), by, id, u))(t)
	tenantstest.Must(h.cases.Receive(t.Context(), by, p.ID, 0, bytes.NewReader(content)))(t)
	return tenantstest.Must(h.cases.Complete(t.Context(), by, p.ID))(t)
}

// pdf returns a small document with this text.
func pdf(text string) []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n% " + text + "\ntrailer\n<</Root 1 0 R>>\n%%EOF\n")
}

// journal returns the actions on an object in the journal of the office that acts.
func (h *house) journal(t *testing.T, s tenants.Scope, id inspection.FindingID) []string {
	t.Helper()
	events := tenantstest.Must(h.cases.Timeline(context.Background(), s, id, 0, 100))(t)
	actions := make([]string, len(events))
	for i, e := range events {
		actions[len(events)-1-i] = e.Action
	}
	return actions
}
