package rectification_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"xuncha/tenants/tenantstest"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestNoLostUpdate: 20 people add their line to one field at the same moment, each
// to what he read, again until it is taken. Every line is there in the end, and the
// journal has one entry for each.
func TestNoLostUpdate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.working(t)
	const people, lines = 20, 3
	before := c.Version
	var wg sync.WaitGroup
	refused := make([]int, people)
	for i := range people {
		who := h.As(h.office, tenants.UNIT, h.unit)
		wg.Go(func() {
			for n := 0; n < lines; {
				now, err := h.cases.Read(context.Background(), who, c.ID)
				if err != nil {
					t.Error(err)
					return
				}
				text := now.Progress + fmt.Sprintf("\n（%d号第%d句）", i, n)
				_, err = h.cases.Edit(context.Background(), who, c.ID, now.Version, rectification.CaseEdit{Progress: &text})
				switch inspection.KindOf(err) {
				case inspection.Stale:
					refused[i]++
				default:
					if err != nil {
						t.Error(err)
						return
					}
					n++
				}
			}
		})
	}
	wg.Wait()
	now, stale := h.read(t, c.ID), 0
	for i, n := range refused {
		stale += n
		for n := range lines {
			if line := fmt.Sprintf("（%d号第%d句）", i, n); strings.Count(now.Progress, line) != 1 {
				t.Errorf("%s is there %d times", line, strings.Count(now.Progress, line))
			}
		}
	}
	if now.Version != before+people*lines {
		t.Errorf("version %d, want %d", now.Version, before+people*lines)
	}
	if n := strings.Count(strings.Join(h.journal(t, h.off, c.ID), " "), "rectification.edit"); n != people*lines {
		t.Errorf("%d edits in the journal, want %d", n, people*lines)
	}
	if stale == 0 {
		t.Error("nobody was ever refused: they did not meet")
	}
}

// TestTooManyMeasures: a finding takes as many measures as any has, and no more;
// what is refused adds none (BI-230).
func TestTooManyMeasures(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t) // with two
	many := func(n int) error {
		ms := make([]rectification.Measure, n)
		for i := range ms {
			ms[i] = rectification.Measure{Text: fmt.Sprintf("第%d项措施。", i)}
		}
		return h.DB.In(t.Context(), h.liaison, func(tx *tenants.Tx) error {
			_, err := h.cases.AddMeasures(t.Context(), tx, c, ms)
			return err
		})
	}
	tenantstest.Wants(t, many(199), inspection.Invalid, "rectification.too-many-measures")
	if err := many(198); err != nil {
		t.Fatal(err)
	}
	text := "又一项措施。"
	_, err := h.cases.AddMeasure(t.Context(), h.liaison, c.ID, rectification.MeasureEdit{Text: &text})
	tenantstest.Wants(t, err, inspection.Invalid, "rectification.too-many-measures")
	if n := len(h.read(t, c.ID).Measures); n != 200 {
		t.Errorf("%d measures, want 200", n)
	}
}

// TestElsewhere records what looking further found (举一反三) beside the other
// outcomes; what is absent stays, and there is a limit.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.working(t)
	found := "对照排查 6 个下属单位，发现 2 个同类问题，已整改。"
	c = tenantstest.Must(h.cases.Edit(t.Context(), h.liaison, c.ID, c.Version, rectification.CaseEdit{Elsewhere: &found}))(t)
	c = tenantstest.Must(h.cases.Edit(t.Context(), h.liaison, c.ID, c.Version, rectification.CaseEdit{PeopleDealt: new(2)}))(t)
	if got := h.read(t, c.ID); got.Elsewhere != found || got.PeopleDealt != 2 {
		t.Errorf("kept %q and %d people", got.Elsewhere, got.PeopleDealt)
	}
	long := strings.Repeat("长", 2001)
	_, err := h.cases.Edit(t.Context(), h.liaison, c.ID, c.Version, rectification.CaseEdit{Elsewhere: &long})
	tenantstest.Wants(t, err, inspection.Invalid, "rectification.invalid")
	if _, err := h.cases.Edit(t.Context(), h.off, c.ID, c.Version, rectification.CaseEdit{Elsewhere: &found}); err == nil {
		t.Error("the office wrote the unit's outcome")
	}
}

// TestNoDue takes the day of a measure away: of a long-term one alone, and whoever
// asks for another is told what to do first.
func TestNoDue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.working(t)
	m := h.read(t, c.ID).Measures[0]
	due := h.cases.Clock.Today() + 30
	m = tenantstest.Must(h.cases.EditMeasure(t.Context(), h.liaison, c.ID, m.ID, m.Version, rectification.MeasureEdit{DueOn: &due}))(t)
	none := rectification.MeasureEdit{NoDue: true}
	_, err := h.cases.EditMeasure(t.Context(), h.liaison, c.ID, m.ID, m.Version, none)
	tenantstest.Wants(t, err, inspection.Invalid, "rectification.invalid")
	if e, ok := errors.AsType[*inspection.Error](err); !ok || len(e.Fields) != 1 || !strings.Contains(e.Fields[0].Message, "长期坚持") {
		t.Errorf("it does not say what to do: %+v", e)
	}
	if got := h.read(t, c.ID).Measures[0]; got.DueOn == nil || *got.DueOn != due {
		t.Errorf("refused, and the day is %v", got.DueOn)
	}
	m = tenantstest.Must(h.cases.EditMeasure(t.Context(), h.liaison, c.ID, m.ID, m.Version, rectification.MeasureEdit{Kind: new(rectification.Long)}))(t)
	m = tenantstest.Must(h.cases.EditMeasure(t.Context(), h.off, c.ID, m.ID, m.Version, none))(t) // the office says by when
	if m.DueOn != nil {
		t.Errorf("a long-term measure keeps the day %s", m.DueOn)
	}
	m = tenantstest.Must(h.cases.EditMeasure(t.Context(), h.liaison, c.ID, m.ID, m.Version, rectification.MeasureEdit{Kind: new(rectification.Near)}))(t)
	if _, err = h.cases.EditMeasure(t.Context(), h.liaison, c.ID, m.ID, m.Version, none); err != nil {
		t.Errorf("an empty cell pasted over none: %v", err)
	}
}
