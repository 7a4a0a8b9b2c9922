package documents_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/deploy/demo"
	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/ledger"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestRoundTrip exports each unit's part of the demo's ledger for reporting upward and
// reads it with our own import: every problem and measure comes back as it went, and
// nothing is asked but about a problem that the ledger itself has twice.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	h := tenantstest.NewEmpty(t)
	w := demo.World{Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid"}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	office, err := h.BySlug(t.Context(), "qingyu")
	if err != nil {
		t.Fatal(err)
	}
	h.Root(`
		update rectifications r set elsewhere = w.text
		from (values (3, '无'), (5, E'排查 6 个下属单位\n发现 2 个同类问题，已整改'), (8, '1. 排查干渠；2. 排查支渠')) w (seq, text), findings f
		where f.id = r.finding_id and f.tenant_id = $1 and r.tenant_id = $1 and f.seq = w.seq`, office.ID)
	clock := inspection.ClockAt(tenantstest.Now)
	cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar()}
	service := &documents.Service{DB: h.DB, Clock: clock, Cases: cases, Linkage: &linkage.Service{DB: h.DB}}
	scope := h.As(office, tenants.OFF)
	ours := map[inspection.UnitID][]string{}
	h.Do(h.DB, scope, func(tx *tenants.Tx) error {
		_, err := cases.Every(t.Context(), tx, rectification.Filter{Sort: "number"}, 1000, func(it rectification.Item) error {
			ours[it.UnitID] = append(ours[it.UnitID], problem(it))
			return nil
		})
		return err
	})
	n := 0
	for unit, want := range ours {
		file, err := service.Ledger(t.Context(), scope, rectification.Filter{Unit: unit, Sort: "number"}, documents.Wish{Form: documents.Report})
		if err != nil {
			t.Fatal(err)
		}
		reading, err := ledger.Read(t.Context(), bytes.NewReader(file.Content), int64(len(file.Content)), ledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range reading.Problems {
			got = append(got, imported(p))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-exported +read):\n%s", diff)
		}
		for _, q := range reading.Questions {
			if q.Reason != ledger.DuplicateProblem || !repeats(want) {
				t.Errorf("asked: %s %s %s", q.Cell, q.Reason, q.Detail)
			}
		}
		for _, w := range reading.Warnings {
			t.Errorf("warned: %s %s %s", w.Cell, w.Code, w.Detail)
		}
		if len(reading.Skipped) > 0 {
			t.Errorf("skipped %+v", reading.Skipped)
		}
		n += len(want)
	}
	if n < 90 {
		t.Errorf("the demo's ledger has %d problems", n)
	}
}

// repeats reports whether a unit was told the same thing twice.
func repeats(problems []string) bool {
	texts := map[string]bool{}
	for _, p := range problems {
		texts[strings.Split(p, "\n")[1]] = true
	}
	return len(texts) < len(problems)
}

func problem(it rectification.Item) string {
	parts := []string{it.Category, it.Text, it.Goal, fen(it.AmountFen), fen(&it.RecoveredFen), it.Elsewhere}
	for _, m := range it.Measures {
		day := ""
		if m.DueOn != nil {
			day = m.DueOn.String()
		}
		parts = append(parts, strings.Join([]string{m.Text, m.Leader, m.Department, m.Helpers, m.Person, day, m.Rules}, "|"))
	}
	return strings.Join(parts, "\n")
}

func imported(p ledger.Problem) string {
	parts := []string{p.Category, p.Text, p.Goal, fen(p.AmountFen), fen(p.RecoveredFen), p.Elsewhere}
	for _, m := range p.Measures {
		day := ""
		if m.DueOn != nil {
			day = m.DueOn.String()
		}
		parts = append(parts, strings.Join([]string{m.Text, m.Leader, m.Department, strings.Join(m.Helpers, "、"), m.Person, day, m.Rules}, "|"))
	}
	return strings.Join(parts, "\n")
}

func fen(n *int64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}
