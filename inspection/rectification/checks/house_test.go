package checks_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with one county, its people, and a ledger of ten
// items: two with a doubt, one overdue, seven others.
type house struct {
	*tenantstest.House
	*checks.Service
	cases  *rectification.Service
	bucket *blob.Bucket

	office  tenants.Tenant
	unit    inspection.UnitID
	other   inspection.UnitID
	round   inspection.RoundID
	items   []findings.Finding
	off     tenants.Scope
	dir     tenants.Scope
	disc    tenants.Scope
	mem     tenants.Scope
	liaison tenants.Scope
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	h.bucket = memblob.OpenBucket(nil)
	t.Cleanup(func() { _ = h.bucket.Close() })
	clock := inspection.ClockAt(tenantstest.Now)
	store := files.NewStore(h.bucket)
	h.cases = &rectification.Service{DB: h.House.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Files: store}
	h.Service = &checks.Service{DB: h.House.DB, Clock: clock, Cases: h.cases, Files: store}
	h.office = h.County[0][0]
	h.unit, h.other = h.Unit(h.office, "县水务局党组"), h.Unit(h.office, "县教育局党组")
	h.round = h.Round(h.office)
	h.off, h.dir = h.As(h.office, tenants.OFF), h.As(h.office, tenants.DIR)
	h.disc, h.mem = h.As(h.office, tenants.DISC), h.As(h.office, tenants.MEM)
	h.liaison = h.As(h.office, tenants.UNIT, h.unit)
	h.ledger(t)
	return h
}

func (h *house) ledger(t *testing.T) {
	t.Helper()
	drafts := &findings.Service{DB: h.House.DB, Clock: h.Clock, Issued: h.cases.Begin}
	texts := make([]findings.New, 10)
	for i := range texts {
		texts[i] = findings.New{Focus: 1, Category: "理论武装", Text: fmt.Sprintf("问题 %d。", i+1)}
	}
	h.items = tenantstest.Must(drafts.Draft(t.Context(), h.off, findings.Drafting{Round: h.round, Unit: h.unit, Findings: texts}))(t)
	h.Do(h.House.DB, h.dir, func(tx *tenants.Tx) error {
		var ids []inspection.FindingID
		for _, f := range h.items {
			ids = append(ids, f.ID)
		}
		fs, err := findings.Issue(t.Context(), tx, h.Clock(), tenantstest.Day(t, "2026-07-10"), ids)
		if err != nil {
			return err
		}
		h.items = fs
		return h.cases.Begin(t.Context(), tx, fs)
	})
	h.Root(`update rectifications set state = 'working', due_on = '2026-12-31'`)
	h.Root(`update rectifications set state = 'closed', closed_on = '2026-10-09', flags = '{doubt}' where finding_id = any($1)`,
		[]inspection.FindingID{h.items[0].ID, h.items[1].ID})
	h.Root(`update rectifications set due_on = '2026-10-10' where finding_id = $1`, h.items[2].ID)
	h.Root(`update rectifications set state = 'closed', closed_on = '2026-10-09' where finding_id = any($1)`,
		[]inspection.FindingID{h.items[3].ID, h.items[4].ID})
}

// opened returns the first round of checks.
func (h *house) opened(t *testing.T) checks.Check {
	t.Helper()
	return tenantstest.Must(h.Open(t.Context(), h.off, checks.Opening{Round: h.round, Seed: "test"}))(t)
}

// planned returns the first visit of a fresh check, with two inspectors. Its item
// is closed and has a doubt.
func (h *house) planned(t *testing.T) checks.Visit {
	t.Helper()
	h.opened(t)
	return h.assigned(t, h.first(t))
}

func (h *house) first(t *testing.T) checks.Visit {
	t.Helper()
	p := tenantstest.Must(h.List(t.Context(), h.off, checks.VisitFilter{States: []checks.State{checks.Planned}, Limit: 1}))(t)
	return p.Items[0]
}

func (h *house) assigned(t *testing.T, v checks.Visit) checks.Visit {
	t.Helper()
	return tenantstest.Must(h.Assign(t.Context(), h.off, v.ID, v.Version, checks.Assigning{
		First: h.mem.Member(), Second: h.disc.Member(), PlannedOn: tenantstest.Day(t, "2026-11-23"),
	}))(t)
}

// agreed returns a visit that waits for the director.
func (h *house) agreed(t *testing.T, verdict checks.Verdict) checks.Visit {
	t.Helper()
	return h.reported(t, h.planned(t), verdict)
}

func (h *house) reported(t *testing.T, v checks.Visit, verdict checks.Verdict) checks.Visit {
	t.Helper()
	v = tenantstest.Must(h.Report(t.Context(), h.mem, v.ID, v.Version, report(verdict)))(t)
	return tenantstest.Must(h.Agree(t.Context(), h.disc, v.ID, v.Version))(t)
}

func report(v checks.Verdict) checks.Reporting {
	return checks.Reporting{
		Verdict: v, Seen: "现场仍有积水，公示栏未更新。", Place: "青澜河段 3 号闸口", VisitedAt: tenantstest.Now.Add(-time.Hour),
		Content: 2, Fair: 1, Discontent: 1,
	}
}

// picture returns a small PNG.
func picture(t *testing.T, shade uint8) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	m.SetGray(1, 1, color.Gray{Y: shade})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
