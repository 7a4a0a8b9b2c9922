package tenants_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// below is s, looking at one office below it.
func below(t *testing.T, s tenants.Scope, office tenants.Tenant) tenants.Scope {
	t.Helper()
	s, err := s.Below(office)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLooks shows a county who above it looked: not what its own people did, not
// what was looked at next door, and nothing to anybody else.
func TestLooks(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	county, sibling := h.County[0][0], h.County[0][1]
	dir, city, province := h.As(county, tenants.DIR), h.As(h.City[0], tenants.CITY), h.As(h.Province, tenants.PROV)
	item := uuid.Must(uuid.NewV7())
	look := func(s tenants.Scope, at tenants.Tenant, number string) {
		h.Do(h.DB, below(t, s, at), func(tx *tenants.Tx) error {
			tx.Journal(tenants.Entry{
				Office: at.ID, Action: "rectification.read-above", Object: "finding", ID: item,
				Detail: tenants.Detail{Title: "上级查看", Number: number, Text: "抽查"},
			})
			return nil
		})
	}
	write(t, h, dir, 3)
	for n := range 4 {
		look(city, county, fmt.Sprintf("QY-%d", n))
	}
	look(province, county, "QY-P")
	h.Do(h.DB, below(t, city, county), func(tx *tenants.Tx) error {
		tx.Journal(tenants.Entry{Office: county.ID, Action: "escalation.answer", Object: "escalation", ID: item, Detail: tenants.Detail{Title: "答复"}})
		return nil
	})
	look(city, sibling, "SQ-1")
	looks := &tenants.Looks{DB: h.DB}
	today := inspection.DayOf(tenantstest.Now)

	numbers := func(s tenants.Scope, f tenants.LookFilter) (ns []string, next string, total int) {
		t.Helper()
		p, err := looks.List(t.Context(), s, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range p.Items {
			ns = append(ns, l.Number)
		}
		return ns, p.Next, p.Total
	}
	t.Run("page after page, the latest first", func(t *testing.T) {
		ns, next, total := numbers(dir, tenants.LookFilter{Limit: 2})
		if !slices.Equal(ns, []string{"QY-P", "QY-3"}) || total != 5 {
			t.Errorf("first page %v of %d, want QY-P and QY-3 of 5", ns, total)
		}
		ns, next, total = numbers(dir, tenants.LookFilter{Limit: 3, Cursor: next})
		if !slices.Equal(ns, []string{"QY-2", "QY-1", "QY-0"}) || next != "" || total != 5 {
			t.Errorf("then %v, next %q of %d; want the other three and no more", ns, next, total)
		}
	})
	t.Run("of one office above, on some days", func(t *testing.T) {
		if ns, _, _ := numbers(dir, tenants.LookFilter{Limit: 9, Office: h.Province.Slug}); !slices.Equal(ns, []string{"QY-P"}) {
			t.Errorf("from the province %v, want QY-P", ns)
		}
		days := fmt.Sprintf("%s..%s", today-1, today+400)
		if ns, _, _ := numbers(dir, tenants.LookFilter{Limit: 9, Days: days}); len(ns) != 5 {
			t.Errorf("since yesterday %v, want all five", ns)
		}
		if ns, _, _ := numbers(dir, tenants.LookFilter{Limit: 9, Days: "2020-01-01..2020-12-31"}); len(ns) != 0 {
			t.Errorf("in 2020 %v, want none", ns)
		}
		_, err := looks.List(t.Context(), dir, tenants.LookFilter{Limit: 9, Days: "2026-13-01"})
		if inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("no range of days: %v, want invalid", err)
		}
	})
	t.Run("the digest", func(t *testing.T) {
		days, err := looks.Days(t.Context(), dir, today)
		if err != nil || len(days) != 2 {
			t.Fatalf("%+v, %v; want a line for the province and one for the city", days, err)
		}
		got := map[string][3]int{}
		for _, d := range days {
			got[d.Slug] = [3]int{d.People, d.Objects, d.Looks}
		}
		if got[h.City[0].Slug] != [3]int{1, 1, 4} || got[h.Province.Slug] != [3]int{1, 1, 1} {
			t.Errorf("digest %v, want 1 person, 1 thing, 4 times from the city and once from the province", got)
		}
	})
	t.Run("the sibling sees its own", func(t *testing.T) {
		if ns, _, _ := numbers(h.As(sibling, tenants.DIR), tenants.LookFilter{Limit: 9}); !slices.Equal(ns, []string{"SQ-1"}) {
			t.Errorf("%v, want SQ-1", ns)
		}
	})
	t.Run("the city does not see who looked below it", func(t *testing.T) {
		if ns, _, _ := numbers(city, tenants.LookFilter{Limit: 9}); len(ns) != 0 {
			t.Errorf("%v, want none", ns)
		}
	})
	t.Run("without a scope nothing opens", func(t *testing.T) {
		if _, err := looks.List(t.Context(), tenants.Scope{}, tenants.LookFilter{Limit: 9}); !errors.Is(err, tenants.ErrNoScope) {
			t.Errorf("err = %v, want ErrNoScope", err)
		}
	})
}
