package checks_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestSurprise: before the confirmation a unit sees nothing of plan, sample and
// visit, whatever the code asks for; nor does a sibling, a department, an
// administrator or the province. Each refusal is paired with somebody who may.
func TestSurprise(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.planned(t)
	tenantstest.Must(h.AddPhoto(t.Context(), h.mem, v.ID, inspection.NewID[checks.PhotoID](), tenantstest.Now, bytes.NewReader(picture(t, 1))))(t)
	v = h.reported(t, v, checks.Unchanged)

	other := h.As(h.office, tenants.UNIT, h.other)
	head := h.As(h.office, tenants.HEAD, h.unit)
	org, adm := h.As(h.office, tenants.ORG), h.As(h.office, tenants.ADM)
	sibling := h.As(h.County[0][1], tenants.DIR)
	city, prov := h.wide(t, h.As(h.City[0], tenants.CITY)), h.wide(t, h.As(h.Province, tenants.PROV))
	stranger := h.As(h.office, tenants.MEM)

	before := []struct {
		who  string
		as   tenants.Scope
		want [5]int // checks, check_samples, check_visits, check_photos, check_results
	}{
		{"the office", h.off, [5]int{1, 10, 5, 1, 0}},
		{"the director", h.dir, [5]int{1, 10, 5, 1, 0}},
		{"the discipline commission", h.disc, [5]int{1, 10, 5, 1, 0}},
		{"an inspector of the team", h.mem, [5]int{0, 0, 1, 1, 0}},
		{"another of the team", stranger, [5]int{}},
		{"the unit's liaison", h.liaison, [5]int{}},
		{"the unit's head", head, [5]int{}},
		{"another unit", other, [5]int{}},
		{"the organisation department", org, [5]int{}},
		{"the administrator", adm, [5]int{}},
		{"a sibling county", sibling, [5]int{}},
		{"the city", city, [5]int{}},
		{"the province", prov, [5]int{}},
	}
	for _, tt := range before {
		if got := h.counts(t, tt.as); got != tt.want {
			t.Errorf("before the confirmation %s sees %v, want %v", tt.who, got, tt.want)
		}
	}
	if events := tenantstest.Must(h.cases.Timeline(t.Context(), h.liaison, v.FindingID, 0, 100))(t); told(events) {
		t.Errorf("the item's timeline tells the unit: %+v", events)
	}
	if rs := tenantstest.Must(h.Results(t.Context(), h.liaison, v.FindingID))(t); len(rs) != 0 {
		t.Errorf("the unit reads %+v", rs)
	}

	tenantstest.Must(h.Confirm(t.Context(), h.dir, v.ID, v.Version, checks.Confirming{Outcome: checks.Urge, Note: "请于两周内补齐。"}))(t)
	after := []struct {
		who  string
		as   tenants.Scope
		want [5]int
	}{
		{"the unit's liaison", h.liaison, [5]int{0, 0, 0, 0, 1}},
		{"the unit's head", head, [5]int{0, 0, 0, 0, 1}},
		{"another unit", other, [5]int{}},
		{"a sibling county", sibling, [5]int{}},
		{"the city", city, [5]int{0, 0, 0, 0, 1}},
		{"the office", h.off, [5]int{1, 10, 5, 1, 1}},
	}
	for _, tt := range after {
		if got := h.counts(t, tt.as); got != tt.want {
			t.Errorf("after the confirmation %s sees %v, want %v", tt.who, got, tt.want)
		}
	}
	rs := tenantstest.Must(h.Results(t.Context(), h.liaison, v.FindingID))(t)
	if len(rs) != 1 || rs[0].Verdict != checks.Unchanged || rs[0].Seen == "" || rs[0].OutcomeNote != "请于两周内补齐。" {
		t.Errorf("the unit reads %+v", rs)
	}
	if events := tenantstest.Must(h.cases.Timeline(t.Context(), h.liaison, v.FindingID, 0, 100))(t); !told(events) {
		t.Errorf("the item's timeline does not tell the unit: %+v", events)
	}
	_, err := h.Results(t.Context(), sibling, v.FindingID)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	_, err = h.Results(t.Context(), other, v.FindingID)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")

	// From above it is read, and the reading is written down below.
	tenantstest.Must(h.Results(t.Context(), city, v.FindingID))(t)
	if n := tenantstest.RootValue[int](h.House,
		`select count(*) from journal where tenant_id = $1 and action = 'check.read-above'`, h.office.ID); n != 1 {
		t.Errorf("%d entries about the city's reading, want 1", n)
	}
}

// TestNobodyElseWrites tries, past all Go, to add and change what is not one's own.
func TestNobodyElseWrites(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.agreed(t, checks.Unchanged)
	sibling := h.As(h.County[0][1], tenants.DIR)
	result := `insert into check_results (tenant_id, visit_id, finding_id, unit_id, n, nth, verdict, seen, visited_on, outcome,
			outcome_note, confirmed_at)
		select v.tenant_id, v.id, v.finding_id, v.unit_id, 1, 1, 'real', 'x', '2026-11-20', 'none', '', now()
		from (values (` + number(h.office.ID) + `::int, '` + v.ID.String() + `'::uuid, '` + v.FindingID.String() + `'::uuid, '` +
		h.unit.String() + `'::uuid)) v (tenant_id, id, finding_id, unit_id)`
	tests := []struct {
		name string
		as   tenants.Scope
		sql  string
		want bool
	}{
		{"the unit writes its own result", h.liaison, result, false},
		{"an inspector writes a result", h.mem, result, false},
		{"the office writes a result", h.off, result, false},
		{"a sibling writes a result", sibling, result, false},
		{"the director writes a result", h.dir, result, true},
		{"the unit changes a visit", h.liaison, `update check_visits set verdict = 'real' where id = '` + v.ID.String() + `'`, false},
		{"a sibling changes a visit", sibling, `update check_visits set verdict = 'real' where id = '` + v.ID.String() + `'`, false},
		{"an inspector changes a visit", h.mem, `update check_visits set verdict = 'real' where id = '` + v.ID.String() + `'`, true},
		{"the director changes the sample", h.dir, `update check_samples set drawn = true`, false},
		{"the director changes the seed", h.dir, `update checks set seed = 'x'`, false},
		{"the director deletes a visit", h.dir, `delete from check_visits`, false},
	}
	for _, tt := range tests {
		err := h.House.DB.In(t.Context(), tt.as, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), tt.sql)
			if done := err == nil && tag.RowsAffected() > 0; done != tt.want {
				t.Errorf("%s: %d rows, %v", tt.name, tag.RowsAffected(), err)
			}
			return errUndo
		})
		if err == nil {
			t.Errorf("%s was not undone", tt.name)
		}
	}
}

var errUndo = inspection.Errorf(inspection.Conflict, "undo", "undo")

func number(id tenants.ID) string { return fmt.Sprint(int(id)) }

// wide returns the scope with all offices below in reach.
func (h *house) wide(t *testing.T, s tenants.Scope) tenants.Scope {
	t.Helper()
	return tenantstest.Must(s.Subtree())(t)
}

// counts says how many rows of each table of the room somebody sees.
func (h *house) counts(t *testing.T, s tenants.Scope) (n [5]int) {
	t.Helper()
	h.Do(h.House.DB, s, func(tx *tenants.Tx) error {
		for i, table := range []string{"checks", "check_samples", "check_visits", "check_photos", "check_results"} {
			if err := tx.QueryRow(t.Context(), `select count(*) from `+table).Scan(&n[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return n
}

// told reports whether a timeline says anything about checks.
func told(events []rectification.Event) bool {
	return slices.ContainsFunc(events, func(e rectification.Event) bool { return strings.HasPrefix(e.Action, "check") })
}
