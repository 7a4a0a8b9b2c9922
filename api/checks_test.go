package api_test

import (
	"net/http"
	"strings"
	"testing"

	"gocloud.dev/blob/memblob"

	"xuncha/api"
	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestChecks opens a round of checks over HTTP and takes the matrix out; a unit's
// people and the office's administrator are refused everything but what was
// confirmed.
func TestChecks(t *testing.T) {
	t.Parallel()
	clock := inspection.ClockAt(tenantstest.Now)
	var drafts *findings.Service
	s := apitest.New(t, func(h *tenantstest.House) api.Rooms {
		bucket := memblob.OpenBucket(nil)
		t.Cleanup(func() { _ = bucket.Close() })
		store := files.NewStore(bucket)
		cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Files: store}
		drafts = &findings.Service{DB: h.DB, Clock: clock, Issued: cases.Begin}
		visits := &checks.Service{DB: h.DB, Clock: clock, Cases: cases, Files: store}
		return api.Rooms{Rectification: cases, Checks: visits, Documents: &documents.Service{DB: h.DB, Clock: clock, Cases: cases, Checks: visits}}
	})
	office := s.County[0][0]
	unit, round := s.Unit(office, "县水务局党组"), s.Round(office)
	off, liaison := s.House.As(office, tenants.OFF), s.House.As(office, tenants.UNIT, unit)
	fs, err := drafts.Draft(t.Context(), off, findings.Drafting{
		Round: round, Unit: unit, Findings: []findings.New{{Focus: 1, Category: "理论武装", Text: "记录补记。"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Do(s.House.DB, off, func(tx *tenants.Tx) error {
		day, _ := inspection.ParseDay("2026-07-10")
		issued, err := findings.Issue(t.Context(), tx, clock(), day, []inspection.FindingID{fs[0].ID})
		if err != nil {
			return err
		}
		return drafts.Issued(t.Context(), tx, issued)
	})

	root := "/v1/offices/" + office.Slug
	asOffice, asUnit, asAdmin := s.As(off), s.As(liaison), s.As(s.House.As(office, tenants.ADM))
	opened := post(t, asOffice, http.StatusCreated, root+"/checks", map[string]any{"round": round}, "Idempotency-Key", "open")
	again := post(t, asOffice, http.StatusCreated, root+"/checks", map[string]any{"round": round}, "Idempotency-Key", "open")
	post(t, asOffice, http.StatusUnprocessableEntity, root+"/checks", map[string]any{"round": round, "seed": "chosen"}, "Idempotency-Key", "seed")
	if string(opened.Body) != string(again.Body) {
		t.Errorf("sent again it answers %s, not %s", again.Body, opened.Body)
	}
	if a := post(t, asOffice, http.StatusOK, root+"/checks/matrix/export?form=report", nil); !strings.HasPrefix(string(a.Body), "PK") {
		t.Errorf("the matrix is no workbook: %.40s", a.Body)
	}
	for _, path := range []string{"/checks", "/checks/matrix", "/checks/inspectors", "/visits"} {
		if a := asOffice.Do(http.MethodGet, root+path, nil); a.Status != http.StatusOK {
			t.Errorf("the office: GET %s = %d %s", path, a.Status, a.Body)
		}
		for who, c := range map[string]*apitest.Client{"the unit": asUnit, "the administrator": asAdmin} {
			if a := c.Do(http.MethodGet, root+path, nil); a.Status != http.StatusForbidden {
				t.Errorf("%s: GET %s = %d %s", who, path, a.Status, a.Body)
			}
		}
	}
	if a := asUnit.Do(http.MethodGet, root+"/items/"+fs[0].ID.String()+"/checks", nil); a.Status != http.StatusOK || !strings.Contains(string(a.Body), `"items":[]`) {
		t.Errorf("the unit reads of its item %d %s", a.Status, a.Body)
	}
}
