package rectification_test

import (
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestUrging: by its policy a city urges a county's item, once; the county signs for
// it; a sibling and the unit see nothing of it, and the county nothing before.
func TestUrging(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-11-16")
	id := l.item("2026-10-15")
	recent := l.item("2026-11-10")
	city := l.As(l.City[0], tenants.CITY)
	county, sibling := l.As(l.office, tenants.DIR), l.As(l.County[0][1], tenants.DIR)
	readers := map[string]tenants.Scope{
		"the county": county, "a sibling": sibling, "the unit": l.As(l.office, tenants.HEAD, l.unit),
		"the other city": l.As(l.City[1], tenants.CITY), "the city": city,
	}
	see := func(when string, want map[string]int) {
		t.Helper()
		for who, s := range readers {
			all, err := l.letters.Urgings(t.Context(), s)
			if err != nil || len(all) != want[who] {
				t.Errorf("%s: %s sees %d, %v, want %d", when, who, len(all), err, want[who])
			}
		}
	}
	scan := func() {
		t.Helper()
		for _, office := range []tenants.Tenant{l.Province, l.City[0], l.City[1], l.office} {
			if err := l.reminders.ScanBelow(t.Context(), tenants.ForJob(office, "remind")); err != nil {
				t.Fatal(err)
			}
		}
	}
	scan()
	see("without a policy", nil)
	l.Root(`insert into policies (tenant_id, version, body) values ($1, 1,
		'{"ladder_below": [{"rung": "T+30市", "offset": 30, "title": "市级督办通知", "document": "督查", "to": ["DIR"], "signer": "CITY"}]}')`, l.City[0].ID)
	scan()
	scan()
	see("waiting", map[string]int{"the city": 1})
	all, err := l.letters.Urgings(t.Context(), city)
	if err != nil || len(all) != 1 || all[0].Finding != id || all[0].Finding == recent || !all[0].MaySign {
		t.Fatalf("the city's: %+v, %v", all, err)
	}
	urging := all[0].ID
	if _, err := l.letters.SignUrging(t.Context(), county, urging); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the county signs it: %v", err)
	}
	l.Root(`update rectifications set state = 'submitted' where finding_id = $1`, id)
	if _, err := l.letters.SignUrging(t.Context(), city, urging); inspection.KindOf(err) != inspection.Conflict {
		t.Errorf("an item that was handed in is urged: %v", err)
	}
	l.Root(`update rectifications set state = 'returned' where finding_id = $1`, id)
	g, err := l.letters.SignUrging(t.Context(), city, urging)
	if err != nil || g.Number != "某巡办督查〔2026〕1号" || g.Text.To != l.office.Short {
		t.Fatalf("signed %+v, %v", g, err)
	}
	see("sent", map[string]int{"the city": 1, "the county": 1})
	if _, err := l.letters.ReceiveUrging(t.Context(), sibling, urging); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("a sibling signs for it: %v", err)
	}
	if _, err := l.letters.ReceiveUrging(t.Context(), city, urging); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the city signs for its own: %v", err)
	}
	for who, want := range map[tenants.Scope]int{county: 1, sibling: 0, city: 0} {
		l.Do(l.DB, who, func(tx *tenants.Tx) error {
			tasks, err := l.letters.UrgingTasks(t.Context(), tx)
			if len(tasks) != want {
				t.Errorf("%s of %s has %d tasks, want %d", who.Role(), who.Office().Slug, len(tasks), want)
			}
			return err
		})
	}
	if g, err = l.letters.ReceiveUrging(t.Context(), county, urging); err != nil || g.ReceivedBy != county.Name() {
		t.Fatalf("received %+v, %v", g, err)
	}
	if g, err = l.letters.Urging(t.Context(), city, urging); err != nil || g.ReceivedAt == nil || g.Text.Number != g.Number {
		t.Errorf("the city sees no receipt: %+v, %v", g, err)
	}
	for action, want := range map[string]int{"urging.sign": 2, "urging.receive": 1} {
		if n := tenantstest.RootValue[int](l.House, `select count(*) from journal where action = $1`, action); n != want {
			t.Errorf("%d entries of %s, want %d", n, action, want)
		}
	}
	// What the city decides against is nobody's task, and never the county's to see.
	second := l.item("2026-10-16")
	scan()
	all, err = l.letters.Urgings(t.Context(), city)
	if err != nil || len(all) != 2 || all[0].Finding != second {
		t.Fatalf("the city's: %+v, %v", all, err)
	}
	if _, err := l.letters.DropUrging(t.Context(), city, all[0].ID, " "); inspection.KindOf(err) != inspection.Invalid {
		t.Errorf("dropped without a reason: %v", err)
	}
	if g, err := l.letters.DropUrging(t.Context(), city, all[0].ID, "县里已约谈"); err != nil || g.Note != "县里已约谈" || g.MaySign {
		t.Errorf("dropped %+v, %v", g, err)
	}
	see("dropped", map[string]int{"the city": 2, "the county": 1})

	// Each side may change its own part alone.
	err = l.DB.In(t.Context(), county, func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update urgings set number = ''`)
		return err
	})
	if err == nil {
		t.Error("the county changes the city's number")
	}
}
