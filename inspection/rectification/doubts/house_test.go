package doubts_test

import (
	"bytes"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with what finds signals, and the people of one
// county with two units.
type house struct {
	*tenantstest.House
	cases  *rectification.Service
	doubts *doubts.Service
	now    time.Time

	office   tenants.Tenant
	round    inspection.RoundID
	units    [2]inspection.UnitID
	liaisons [2]tenants.Scope
	off, dir tenants.Scope
	disc     tenants.Scope
	city     tenants.Scope // looks at the county
	sibling  tenants.Scope // the next county's director
	job      tenants.Scope
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t), now: tenantstest.Now}
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = bucket.Close() })
	clock := inspection.Clock(func() time.Time { return h.now })
	h.cases = &rectification.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Files: files.NewStore(bucket)}
	h.doubts = &doubts.Service{DB: h.DB, Clock: clock, Cases: h.cases}
	h.office = h.County[0][0]
	h.round = h.Round(h.office)
	for i, name := range []string{"县水务局党组", "县城管局党组"} {
		h.units[i] = h.Unit(h.office, name)
		h.liaisons[i] = h.As(h.office, tenants.UNIT, h.units[i])
	}
	h.off, h.dir, h.disc = h.As(h.office, tenants.OFF), h.As(h.office, tenants.DIR), h.As(h.office, tenants.DISC)
	h.city = tenantstest.Must(h.As(h.City[0], tenants.CITY).Below(h.office))(t)
	h.sibling = h.As(h.County[0][1], tenants.DIR)
	h.job = tenants.ForJob(h.office, "doubts")
	return h
}

// issued returns a case of one of the units, with one measure of this text.
func (h *house) issued(t *testing.T, unit int, measure string) rectification.Case {
	t.Helper()
	drafted := tenantstest.Must((&findings.Service{DB: h.DB, Clock: h.cases.Clock}).Draft(t.Context(), h.off, findings.Drafting{
		Round: h.round, Unit: h.units[unit], Findings: []findings.New{{Focus: 1, Category: "职能履行", Text: "垃圾中转点长期失管。"}},
	}))(t)
	id := drafted[0].ID
	h.Do(h.DB, h.dir, func(tx *tenants.Tx) error {
		fs, err := findings.Issue(t.Context(), tx, h.now, tenantstest.Day(t, "2026-07-10"), []inspection.FindingID{id})
		if err != nil {
			return err
		}
		return h.cases.Begin(t.Context(), tx, fs)
	})
	tenantstest.Must(h.cases.AddMeasure(t.Context(), h.liaisons[unit], id, rectification.MeasureEdit{Text: &measure}))(t)
	c := h.read(t, id)
	return tenantstest.Must(h.cases.Start(t.Context(), h.liaisons[unit], id, c.Version))(t)
}

// file is a file to be handed in.
type file struct {
	name    string
	content []byte
	formed  string
}

// handedIn uploads files and hands the case in, a minute later than what was
// before.
func (h *house) handedIn(t *testing.T, unit int, c rectification.Case, files ...file) rectification.Case {
	t.Helper()
	for _, f := range files {
		h.now = h.now.Add(time.Minute)
		u := rectification.Uploading{Name: f.name, Size: int64(len(f.content)), NotSecret: true}
		if f.formed != "" {
			u.FormedOn = new(tenantstest.Day(t, f.formed))
		}
		p := tenantstest.Must(h.cases.BeginUpload(t.Context(), h.liaisons[unit], c.ID, u))(t)
		tenantstest.Must(h.cases.Receive(t.Context(), h.liaisons[unit], p.ID, 0, bytes.NewReader(f.content)))(t)
		tenantstest.Must(h.cases.Complete(t.Context(), h.liaisons[unit], p.ID))(t)
	}
	now := h.read(t, c.ID)
	return tenantstest.Must(h.cases.Submit(t.Context(), h.liaisons[unit], c.ID, now.Version, rectification.Handing{
		Statement: "已整改。", Gaps: []rectification.Gap{{Measure: now.Measures[0].ID, Reason: "佐证在整个事项下"}},
	}))(t)
}

// closed closes a case that was handed in.
func (h *house) closed(t *testing.T, c rectification.Case) rectification.Case {
	t.Helper()
	for _, by := range []tenants.Scope{h.disc, h.off} {
		tenantstest.Must(h.cases.Give(t.Context(), by, c.ID, rectification.Giving{Submission: c.Submission, Verdict: rectification.Agree}))(t)
	}
	return tenantstest.Must(h.cases.Accept(t.Context(), h.dir, c.ID, h.read(t, c.ID).Version, rectification.Accepting{}))(t)
}

func (h *house) read(t *testing.T, id inspection.FindingID) rectification.ItemPage {
	t.Helper()
	return tenantstest.Must(h.cases.Read(t.Context(), h.off, id))(t)
}

// look has the job look at a case, and returns its signals as the office sees them.
func (h *house) look(t *testing.T, id inspection.FindingID) []doubts.Doubt {
	t.Helper()
	h.Do(h.Jobs, h.job, func(tx *tenants.Tx) error { return h.doubts.Look(t.Context(), tx, id) })
	return tenantstest.Must(h.doubts.OfCase(t.Context(), h.off, id))(t)
}

func kinds(ds []doubts.Doubt) []doubts.Kind {
	var all []doubts.Kind
	for _, k := range doubts.Kinds() {
		for _, d := range ds {
			if d.Kind == k {
				all = append(all, k)
			}
		}
	}
	return all
}
