package findings_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with one county that gives feedback.
type house struct {
	*tenantstest.House
	s        *findings.Service
	office   tenants.Tenant
	unit     inspection.UnitID
	round    inspection.RoundID
	off, dir tenants.Scope
	issued   []findings.Finding // as handed on
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	h.office = h.County[0][0]
	h.unit, h.round = h.Unit(h.office, "县水务局党组"), h.Round(h.office)
	h.off, h.dir = h.As(h.office, tenants.OFF), h.As(h.office, tenants.DIR)
	h.s = &findings.Service{
		DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now),
		Issued: func(_ context.Context, _ *tenants.Tx, fs []findings.Finding) error {
			h.issued = append(h.issued, fs...)
			return nil
		},
	}
	return h
}

func (h *house) draft(t *testing.T, s tenants.Scope, ns ...findings.New) ([]findings.Finding, error) {
	t.Helper()
	return h.s.Draft(t.Context(), s, findings.Drafting{Round: h.round, Unit: h.unit, Findings: ns})
}

func (h *house) feedback(t *testing.T, on string) ([]findings.Finding, error) {
	t.Helper()
	day, err := inspection.ParseDay(on)
	if err != nil {
		t.Fatal(err)
	}
	return h.s.Issue(t.Context(), h.dir, findings.Feedback{Round: h.round, Unit: h.unit, On: day})
}

// TestNumbers gives each finding its number once: by office, round and team, and
// without a gap after a failure.
func TestNumbers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one := findings.New{Focus: 1, Text: "问题"}
	h.Do(h.DB, h.off, func(tx *tenants.Tx) error { return rounds.Assign(t.Context(), tx, h.round, h.unit, 2) })
	boom := errors.New("boom")
	err := h.In(t.Context(), h.off, func(tx *tenants.Tx) error {
		_, err := findings.Add(t.Context(), tx, h.round, h.unit, one)
		return errors.Join(err, boom)
	})
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	fs, err := h.draft(t, h.off, one, findings.New{Focus: 2, Seq: 7, Text: "问题"}, one)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var seqs []int
	for _, f := range fs {
		got, seqs = append(got, f.Number), append(seqs, f.Seq)
	}
	if diff := cmp.Diff([]string{"KAA-01-02-001", "KAA-01-02-002", "KAA-01-02-003"}, got); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 7, 8}, seqs); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// TestIssue drafts, gives feedback, and looks as each who may see which.
func TestIssue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if _, err := h.feedback(t, "2026-07-10"); inspection.CodeOf(err) != "findings.no-drafts" {
		t.Errorf("feedback on nothing: %v", err)
	}
	fs, err := h.draft(t, h.off, findings.New{Focus: 1, Text: "问题"})
	if err != nil {
		t.Fatal(err)
	}
	below, err := h.As(h.City[0], tenants.CITY).Below(h.office)
	if err != nil {
		t.Fatal(err)
	}
	everyone := map[string]tenants.Scope{
		"the office": h.off, "the unit": h.As(h.office, tenants.UNIT, h.unit), "a party": h.As(h.office, tenants.DISC),
		"another unit": h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组")),
		"the city":     below, "a sibling": h.As(h.County[0][1], tenants.OFF),
	}
	check := func(when string, want map[string]int) {
		t.Helper()
		for who, s := range everyone {
			var n int
			h.Do(h.DB, s, func(tx *tenants.Tx) error {
				return tx.QueryRow(t.Context(), `select count(*) from findings where id = $1`, fs[0].ID).Scan(&n)
			})
			if n != want[who] {
				t.Errorf("%s, %s sees %d, want %d", when, who, n, want[who])
			}
		}
	}
	check("before", map[string]int{"the office": 1})
	if _, err := h.feedback(t, "2026-11-21"); inspection.CodeOf(err) != "findings.feedback-day" {
		t.Errorf("feedback tomorrow: %v", err)
	}
	if _, err := h.feedback(t, "2026-07-10"); err != nil {
		t.Fatal(err)
	}
	check("after", map[string]int{"the office": 1, "the unit": 1, "a party": 1, "the city": 1})
	if len(h.issued) != 1 || h.issued[0].FeedbackOn.String() != "2026-07-10" || h.issued[0].IssuedAt == nil {
		t.Errorf("handed on %+v", h.issued)
	}
	err = h.In(t.Context(), h.off, func(tx *tenants.Tx) error {
		_, err := findings.Issue(t.Context(), tx, tenantstest.Now, *h.issued[0].FeedbackOn, []inspection.FindingID{fs[0].ID})
		return err
	})
	if inspection.CodeOf(err) != "findings.issued" {
		t.Errorf("issued again: %v", err)
	}
}

// TestRefused drafts what must not be, by whom may not.
func TestRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	unknown, known := "Z99", "B0207"
	tests := []struct {
		name string
		by   tenants.Scope
		n    findings.New
		kind inspection.Kind
	}{
		{"good", h.off, findings.New{Focus: 1, Text: "问题", Taxonomy: &known, Tags: []findings.Tag{"村级集体资金管理不规范"}}, 0},
		{"no text", h.off, findings.New{Focus: 1, Text: "\u3000\u200b"}, inspection.Invalid},
		{"empty tag", h.off, findings.New{Focus: 1, Text: "问题", Tags: []findings.Tag{" "}}, inspection.Invalid},
		{"unknown code", h.off, findings.New{Focus: 1, Text: "问题", Taxonomy: &unknown}, inspection.Invalid},
		{"by a party", h.As(h.office, tenants.DISC), findings.New{Focus: 1, Text: "问题"}, inspection.Forbidden},
		{"by the unit", h.As(h.office, tenants.HEAD, h.unit), findings.New{Focus: 1, Text: "问题"}, inspection.Forbidden},
		{"by a sibling", h.As(h.County[0][1], tenants.OFF), findings.New{Focus: 1, Text: "问题"}, inspection.NotFound},
	}
	for _, tt := range tests {
		_, err := h.draft(t, tt.by, tt.n)
		if tt.kind == 0 && err != nil || tt.kind != 0 && inspection.KindOf(err) != tt.kind {
			t.Errorf("%s: %v, want kind %d", tt.name, err, tt.kind)
		}
	}
}

// TestTaxonomy counts the code tree as the handbook has it.
func TestTaxonomy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	codes, err := h.s.Taxonomy(t.Context(), h.off)
	if err != nil {
		t.Fatal(err)
	}
	levels := map[int]int{}
	seen := map[string]bool{}
	for _, c := range codes {
		levels[len(c.Code)]++
		seen[c.Code] = true
		if len(c.Code) > 1 && (c.Parent == nil || !seen[*c.Parent] || (*c.Parent)[0] != c.Code[0]) {
			t.Errorf("%s %s has no parent before it", c.Code, c.Label)
		}
	}
	if diff := cmp.Diff(map[int]int{1: 5, 3: 18, 5: 100}, levels); diff != "" {
		t.Errorf("codes by level (-want +got):\n%s", diff)
	}
	if n := len(findings.Focuses()); n != 4 {
		t.Errorf("%d focuses, want 4", n)
	}
}
