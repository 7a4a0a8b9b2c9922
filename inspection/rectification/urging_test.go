package rectification_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
			p, err := l.letters.Urgings(t.Context(), s, "", 50)
			if err != nil || len(p.Items) != want[who] || p.Total != want[who] {
				t.Errorf("%s: %s sees %d of %d, %v, want %d", when, who, len(p.Items), p.Total, err, want[who])
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
	p, err := l.letters.Urgings(t.Context(), city, "", 50)
	if err != nil || len(p.Items) != 1 || p.Items[0].Finding != id || p.Items[0].Finding == recent || len(p.Items[0].Allowed) != 2 {
		t.Fatalf("the city's: %+v, %v", p.Items, err)
	}
	urging := p.Items[0].ID
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
	p, err = l.letters.Urgings(t.Context(), city, "", 50)
	if err != nil || len(p.Items) != 2 || p.Items[0].Finding != second {
		t.Fatalf("the city's: %+v, %v", p.Items, err)
	}
	if _, err := l.letters.DropUrging(t.Context(), city, p.Items[0].ID, " "); inspection.KindOf(err) != inspection.Invalid {
		t.Errorf("dropped without a reason: %v", err)
	}
	if g, err := l.letters.DropUrging(t.Context(), city, p.Items[0].ID, "县里已约谈"); err != nil || g.Note != "县里已约谈" || len(g.Allowed) != 0 {
		t.Errorf("dropped %+v, %v", g, err)
	}
	see("dropped", map[string]int{"the city": 2, "the county": 1})

	// Each side may change its own part alone.
	third := l.item("2026-10-16")
	scan()
	l.Root(`update urgings set issued_at = now(), text = '{}', digest = '', state = 'sent' where finding_id = $1`, third)
	err = l.DB.In(t.Context(), county, func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update urgings set number = 'x'`)
		return err
	})
	if err == nil {
		t.Error("the county changes the city's number")
	}
}

// newUrger gives the first city the rung T+30 of its own below it.
func (l *ladders) newUrger() {
	l.t.Helper()
	l.Root(`insert into policies (tenant_id, version, body) values ($1, 1,
		'{"ladder_below": [{"rung": "T+30市", "offset": 30, "title": "市级督办通知", "document": "督查", "to": ["DIR"], "signer": "CITY"}]}')`, l.City[0].ID)
}

func (l *ladders) scanBelow() {
	l.t.Helper()
	if err := l.reminders.ScanBelow(l.t.Context(), tenants.ForJob(l.City[0], "urge")); err != nil {
		l.t.Fatal(err)
	}
}

// TestUrgingFrozen: what the office above signed it changes no more, what the office
// below signed for nobody does, and a text that was changed behind our back is not
// signed for.
func TestUrgingFrozen(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-11-16")
	l.item("2026-10-15")
	l.item("2026-10-16")
	city, county := l.As(l.City[0], tenants.CITY), l.As(l.office, tenants.DIR)
	l.newUrger()
	l.scanBelow()
	change := func(who tenants.Scope, set string) (n int64) {
		if w, err := who.Subtree(); err == nil {
			who = w
		}
		l.Do(l.DB, who, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), `update urgings set `+set)
			n = tag.RowsAffected()
			return err
		})
		return n
	}
	if n := change(city, `note = 'x'`); n != 2 {
		t.Errorf("the city changes %d that wait, want 2", n)
	}
	p := tenantstest.Must(l.letters.Urgings(t.Context(), city, "", 50))(t)
	sent := tenantstest.Must(l.letters.SignUrging(t.Context(), city, p.Items[0].ID))(t)
	second := tenantstest.Must(l.letters.SignUrging(t.Context(), city, p.Items[1].ID))(t)
	if !sent.Intact || sent.Digest == "" {
		t.Errorf("signed: %+v", sent)
	}
	if n := change(city, `note = 'y'`); n != 0 {
		t.Errorf("the city changes %d that it sent, want 0", n)
	}
	if _, err := l.letters.DropUrging(t.Context(), city, sent.ID, "误发"); inspection.CodeOf(err) != "urging.wrong-state" {
		t.Errorf("the city takes back what it sent: %v", err)
	}
	tenantstest.Must(l.letters.ReceiveUrging(t.Context(), county, sent.ID))(t)
	if n := change(county, `received_by = 'z'`); n != 1 { // the other one still waits for it
		t.Errorf("the county changes %d, want the one that waits", n)
	}
	if _, err := l.letters.ReceiveUrging(t.Context(), county, sent.ID); inspection.CodeOf(err) != "urging.wrong-state" {
		t.Errorf("the county signs for it again: %v", err)
	}
	l.Root(`update urgings set text = jsonb_set(text, '{ask}', '"不必整改。"') where id = $1`, second.ID)
	if g := tenantstest.Must(l.letters.Urging(t.Context(), county, second.ID))(t); g.Intact {
		t.Error("a text that was changed behind our back is intact")
	}
	if _, err := l.letters.ReceiveUrging(t.Context(), county, second.ID); inspection.CodeOf(err) != "letter.altered" {
		t.Errorf("the county signs for a text that nobody signed: %v", err)
	}
}

// TestUrgingPages turns the pages of the list: each urging stands on one of them,
// what waits first.
func TestUrgingPages(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-11-20")
	for _, due := range []string{"2026-10-15", "2026-10-15", "2026-10-16", "2026-10-19", "2026-10-20"} {
		l.item(due)
	}
	l.newUrger()
	l.scanBelow()
	city := l.As(l.City[0], tenants.CITY)
	all := tenantstest.Must(l.letters.Urgings(t.Context(), city, "", 50))(t)
	if len(all.Items) != 5 || all.Next != "" {
		t.Fatalf("%d of 5 on the only page, next %q", len(all.Items), all.Next)
	}
	tenantstest.Must(l.letters.DropUrging(t.Context(), city, all.Items[0].ID, "县里已约谈"))(t)
	var seen []string
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		p := tenantstest.Must(l.letters.Urgings(t.Context(), city, cursor, 2))(t)
		if p.Total != 5 {
			t.Errorf("total %d, want 5", p.Total)
		}
		for _, g := range p.Items {
			seen = append(seen, g.Item+" "+string(g.State))
		}
		cursor = p.Next
	}
	// T+30 of 001 and 002 is Saturday the 14th, of 003 Sunday the 15th: all go out on Monday the 16th.
	want := []string{"KA-05-01-004 waiting", "KA-05-01-001 waiting", "KA-05-01-002 waiting", "KA-05-01-003 waiting", "KA-05-01-005 dropped"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []string{"x", "true 2026-10-15 x y", "true x y z"} {
		if _, err := l.letters.Urgings(t.Context(), city, bad, 2); inspection.CodeOf(err) != "bad-cursor" {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

// TestUrgingLate: an item that got its deadline when the day of the rung had passed is
// not urged under it, is found once and then never again.
func TestUrgingLate(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-11-16")
	id := l.item("2026-10-15")
	l.Root(`update rectifications set due_set_at = '2026-11-16 09:00+08' where finding_id = $1`, id)
	l.newUrger()
	l.watch.set("2026-11-18")
	for range 2 {
		l.scanBelow()
	}
	if got := tenantstest.RootValue[string](l.House, `select string_agg(state || ' ' || note, ',') from urgings`); got != "waiting " {
		t.Errorf("T+30 falls on the day of the deadline's setting: %q", got)
	}
	late := l.item("2026-10-15")
	l.Root(`update rectifications set due_set_at = '2026-11-17 09:00+08' where finding_id = $1`, late)
	for range 2 {
		l.scanBelow()
	}
	if got := tenantstest.RootValue[string](l.House, `select state from urgings where finding_id = $1`, late); got != "skipped" {
		t.Errorf("the late one is %s, want skipped", got)
	}
	p := tenantstest.Must(l.letters.Urgings(t.Context(), l.As(l.City[0], tenants.CITY), "", 50))(t)
	if len(p.Items) != 1 || p.Total != 1 {
		t.Errorf("the list has %d, total %d; what was skipped is not in it", len(p.Items), p.Total)
	}
}
