package extensions_test

import (
	"bytes"
	"testing"

	"gocloud.dev/blob/memblob"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with a case under way and the people around it.
type house struct {
	*tenantstest.House
	*extensions.Service
	cases *rectification.Service

	office             tenants.Tenant
	unit               inspection.UnitID
	round              inspection.RoundID
	liaison, head      tenants.Scope
	off, dir, lg, disc tenants.Scope
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	clock := inspection.ClockAt(tenantstest.Now)
	h.cases = &rectification.Service{
		DB: h.House.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Files: files.NewStore(bucket),
	}
	h.Service = &extensions.Service{DB: h.House.DB, Clock: clock, Cases: h.cases}
	h.office = h.County[0][0]
	h.unit, h.round = h.Unit(h.office, "县水务局党组"), h.Round(h.office)
	h.liaison, h.head = h.As(h.office, tenants.UNIT, h.unit), h.As(h.office, tenants.HEAD, h.unit)
	h.off, h.dir = h.As(h.office, tenants.OFF), h.As(h.office, tenants.DIR)
	h.lg, h.disc = h.As(h.office, tenants.LG), h.As(h.office, tenants.DISC)
	return h
}

// DB of both the house and the service are the same.
func (h *house) db() *tenants.DB { return h.House.DB }

// working returns a case under way, due on 2026-12-15, with one file.
func (h *house) working(t *testing.T) (rectification.Case, inspection.EvidenceID) {
	t.Helper()
	drafts := &findings.Service{DB: h.db(), Clock: h.cases.Clock, Issued: h.cases.Begin}
	fs := tenantstest.Must(drafts.Draft(t.Context(), h.off, findings.Drafting{
		Round: h.round, Unit: h.unit, Findings: []findings.New{{Focus: 1, Category: "理论武装", Text: "理论学习走过场。"}},
	}))(t)
	id := fs[0].ID
	h.Do(h.db(), h.dir, func(tx *tenants.Tx) error {
		issued, err := findings.Issue(t.Context(), tx, h.cases.Clock(), tenantstest.Day(t, "2026-07-10"), []inspection.FindingID{id})
		if err != nil {
			return err
		}
		return h.cases.Begin(t.Context(), tx, issued)
	})
	c := h.read(t, id)
	c = tenantstest.Must(h.cases.SetDue(t.Context(), h.off, id, c.Version, rectification.DueChange{DueOn: tenantstest.Day(t, "2026-12-15"), Reason: "按方案"}))(t)
	c = tenantstest.Must(h.cases.Start(t.Context(), h.liaison, id, c.Version))(t)
	return h.read(t, id), h.file(t, h.liaison, id)
}

func (h *house) file(t *testing.T, by tenants.Scope, id inspection.FindingID) inspection.EvidenceID {
	t.Helper()
	content := []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n")
	u := tenantstest.Must(h.cases.BeginUpload(t.Context(), by, id, rectification.Uploading{
		Name: "施工合同.pdf", Size: int64(len(content)), NotSecret: true,
	}))(t)
	tenantstest.Must(h.cases.Receive(t.Context(), by, u.ID, 0, bytes.NewReader(content)))(t)
	return tenantstest.Must(h.cases.Complete(t.Context(), by, u.ID))(t).ID
}

// read returns the case as the office sees it.
func (h *house) read(t *testing.T, id inspection.FindingID) rectification.Case {
	t.Helper()
	return tenantstest.Must(h.cases.Read(t.Context(), h.off, id))(t).Case
}

// later asks for a later day.
func later(t *testing.T, until string, files ...inspection.EvidenceID) extensions.Asking {
	return extensions.Asking{Kind: extensions.Later, UntilOn: tenantstest.Day(t, until), Reason: "汛期停工，工期顺延。", Evidence: files}
}

const promise = "承诺按批准的期限完成整改。"

// promised is the head's signature under what the request says.
func promised(r extensions.Request) extensions.Signing {
	return extensions.Signing{Promise: promise, Digest: r.Digest}
}

// signed returns a request that waits for the decision.
func (h *house) signed(t *testing.T, a extensions.Asking, id inspection.FindingID) extensions.Request {
	t.Helper()
	r := tenantstest.Must(h.Ask(t.Context(), h.liaison, id, a))(t)
	return tenantstest.Must(h.Sign(t.Context(), h.head, r.ID, r.Version, promised(r)))(t)
}
