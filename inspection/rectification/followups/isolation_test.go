package followups_test

import (
	"fmt"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var tables = []string{"followups", "followup_items", "followup_problems", "followup_notices", "followup_results"}

// seen says how many rows of each table of the room somebody sees.
func (h *house) seen(t *testing.T, s tenants.Scope) (n [5]int) {
	t.Helper()
	h.Do(h.House.DB, s, func(tx *tenants.Tx) error {
		for i, table := range tables {
			if err := tx.QueryRow(t.Context(), `select count(*) from `+table).Scan(&n[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return n
}

// TestHiddenUntilNotice: before its notice nobody of a unit, no department, no sibling
// and nobody above sees anything of a follow-up, whatever is asked for, and before the
// report no verdict. Each refusal is paired with somebody who may.
func TestHiddenUntilNotice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wide := func(s tenants.Scope) tenants.Scope { return tenantstest.Must(s.Subtree())(t) }
	who := map[string]tenants.Scope{
		"the office": h.off, "the director": h.dir, "the leading group": h.As(h.office, tenants.LG), "the commission": h.disc,
		"who looks": h.mem, "another of the team": h.As(h.office, tenants.MEM), "the unit's liaison": h.liaison, "the unit's head": h.head,
		"another unit": h.As(h.office, tenants.UNIT, h.other), "the organisation department": h.As(h.office, tenants.ORG),
		"the administrator": h.As(h.office, tenants.ADM), "a sibling county": h.As(h.County[0][1], tenants.DIR),
		"the city": wide(h.As(h.City[0], tenants.CITY)), "the province": wide(h.As(h.Province, tenants.PROV)),
	}
	check := func(when string, want map[string][5]int) {
		t.Helper()
		for name, s := range who {
			if got := h.seen(t, s); got != want[name] {
				t.Errorf("%s %s sees %v, want %v", when, name, got, want[name])
			}
		}
	}
	f := h.drafted(t)
	one := [5]int{1}
	check("before the notice", map[string][5]int{
		"the office": one, "the director": one, "the leading group": one, "the commission": one, "who looks": one,
	})
	if ls := tenantstest.Must(h.List(t.Context(), h.liaison))(t); len(ls) != 0 {
		t.Errorf("before the notice the unit lists %+v", ls)
	}
	_, err := h.Sheet(t.Context(), h.liaison, f.ID, h.unit)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	unitReads := func() int {
		n := 0
		h.Do(h.House.DB, h.liaison, func(tx *tenants.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from journal where object_id = $1`, f.ID).Scan(&n)
		})
		return n
	}
	if n := unitReads(); n != 0 {
		t.Errorf("before the notice the unit reads %d entries", n)
	}
	roundsSeen := tenantstest.RootValue[int](h.House, `select count(*) from rounds where tenant_id = $1`, h.office.ID)

	f = tenantstest.Must(h.Notify(t.Context(), h.dir, f.ID, f.Version))(t)
	f = tenantstest.Must(h.Begin(t.Context(), h.off, f.ID, f.Version))(t)
	for i, v := range verdicts {
		h.looked(t, f, i, v)
	}
	f = tenantstest.Must(h.Find(t.Context(), h.mem, f.ID, followups.Finding{Unit: h.unit, Focus: 2, Text: "新问题。"}))(t)
	working := [5]int{1, 6, 1, 0, 0}
	office := [5]int{1, 6, 1, 1, 0}
	told := [5]int{0, 0, 0, 1, 0}
	check("before the report", map[string][5]int{
		"the office": office, "the director": office, "the leading group": working, "the commission": working, "who looks": working,
		"the unit's liaison": told, "the unit's head": told,
	})
	if n := tenantstest.RootValue[int](h.House, `select count(*) from rounds where tenant_id = $1`, h.office.ID); n != roundsSeen {
		t.Error("before the report the follow-up stands among the rounds, which every unit reads")
	}
	sh := tenantstest.Must(h.Sheet(t.Context(), h.liaison, f.ID, h.unit))(t)
	if len(sh.Rows) != 6 || len(sh.Found) != 0 || sh.Counts != (followups.Counts{}) || sh.Rows[1].Looked != nil || sh.Rows[1].Result != nil {
		t.Errorf("before the report the unit reads %+v", sh)
	}
	if n := unitReads(); n != 2 {
		t.Errorf("before the report the unit reads %d entries, want those of the notice and the beginning", n)
	}
	_, err = h.Sheet(t.Context(), who["another unit"], f.ID, h.unit)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")

	tenantstest.Must(h.Report(t.Context(), h.dir, f.ID, f.Version, h.reporting(t)))(t)
	results := [5]int{0, 0, 0, 0, 6}
	reported := [5]int{1, 6, 1, 0, 6}
	check("after the report", map[string][5]int{
		"the office": {1, 6, 1, 1, 6}, "the director": {1, 6, 1, 1, 6}, "the leading group": reported, "the commission": reported,
		"who looks": reported, "another of the team": results, "the unit's liaison": {0, 0, 0, 1, 6}, "the unit's head": {0, 0, 0, 1, 6},
		"the organisation department": results, "the administrator": results, "the city": results, "the province": results,
	})
	sh = tenantstest.Must(h.Sheet(t.Context(), h.liaison, f.ID, h.unit))(t)
	if len(sh.Found) != 1 || sh.Rows[1].Result == nil || sh.Rows[1].Result.Verdict != followups.Rebounded || sh.Rows[1].Looked != nil {
		t.Errorf("after the report the unit reads %+v", sh)
	}

	// From above a result is read, and the reading is written down below.
	tenantstest.Must(h.OfItem(t.Context(), who["the city"], h.items[1].ID))(t)
	if n := tenantstest.RootValue[int](h.House, `select count(*) from journal where tenant_id = $1 and action = 'followup.read-above'`, h.office.ID); n != 1 {
		t.Errorf("%d entries about the city's reading, want 1", n)
	}
	_, err = h.OfItem(t.Context(), who["a sibling county"], h.items[1].ID)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
}

// TestNobodyElseWrites tries, past all Go, to add and change what is not one's own.
func TestNobodyElseWrites(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.agreed(t)
	sibling, stranger := h.As(h.County[0][1], tenants.DIR), h.As(h.office, tenants.MEM)
	result := fmt.Sprintf(`insert into followup_results (tenant_id, followup_id, finding_id, unit_id, name, verdict, fact, seen_on, at)
		values (%d, '%s', '%s', '%s', 'x', 'confirmed', 'x', '2026-11-20', now())`, h.office.ID, f.ID, h.items[0].ID, h.unit)
	tests := []struct {
		name string
		as   tenants.Scope
		sql  string
		want bool
	}{
		{"the unit writes its own result", h.head, result, false},
		{"who looks writes a result", h.mem, result, false},
		{"the office writes a result", h.off, result, false},
		{"a sibling writes a result", sibling, result, false},
		{"the director writes a result", h.dir, result, true},
		{"the unit changes a record", h.head, `update followup_items set verdict = 'confirmed'`, false},
		{"another of the team changes a record", stranger, `update followup_items set verdict = 'confirmed'`, false},
		{"who looks changes a record", h.mem, `update followup_items set verdict = 'confirmed'`, true},
		{"the unit changes its notice", h.head, `update followup_notices set summary = 'x'`, false},
		{"the office changes a notice", h.off, `update followup_notices set summary = 'x'`, true},
		{"who looks changes the plan", h.mem, `update followups set name = 'x'`, false},
		{"the office changes the plan", h.off, `update followups set name = 'x'`, true},
		{"the director deletes a record", h.dir, `delete from followup_items`, false},
	}
	for _, tt := range tests {
		err := h.House.DB.In(t.Context(), tt.as, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), tt.sql)
			if done := err == nil && tag.RowsAffected() > 0; done != tt.want {
				t.Errorf("%s: %d rows, %v", tt.name, tag.RowsAffected(), err)
			}
			return errUndo
		})
		if err == nil || !strings.Contains(err.Error(), "undo") {
			t.Errorf("%s was not undone: %v", tt.name, err)
		}
	}
}

var errUndo = inspection.Errorf(inspection.Conflict, "undo", "undo")
