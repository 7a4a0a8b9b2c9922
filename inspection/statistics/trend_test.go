package statistics_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestTrend: what a ledger that was taken over had at the end of each month, and where
// what is open lies: by city in the province, by county in a city.
func TestTrend(t *testing.T) {
	t.Parallel()
	p := plant(t)
	for _, when := range []string{"before folding", "after folding"} {
		tr, err := p.Trend(t.Context(), p.As(p.Province, tenants.PROV), "")
		if err != nil {
			t.Fatal(err)
		}
		var months []string
		for _, m := range tr.Months {
			months = append(months, fmt.Sprintf("%s %d/%d", m.Month, m.Closed, m.Problems))
		}
		want := []string{"2026-07 0/468", "2026-08 0/468", "2026-09 0/468", "2026-10 296/468", "2026-11 296/468"}
		if diff := cmp.Diff(want, months); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
		if got := say(tr.Before); got[:len("0|468|10/88/33/16/25/296|0|276/296|63.2%")] != "0|468|10/88/33/16/25/296|0|276/296|63.2%" || tr.Until.String() != "2026-10-31" {
			t.Errorf("%s: at the end of %s it stood %s", when, tr.Until, got)
		}
		if got := opened(tr); !slices.Equal(got, []string{"某地990100 75 true", "某地990200 97 true"}) {
			t.Errorf("%s, by city: %v", when, got)
		}
		city, err := p.Trend(t.Context(), p.As(p.City[0], tenants.CITY), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := opened(city); len(got) != 3 || city.Open[0].N != 40 || city.Open[0].ByFocus[0] != 40 || city.Open[0].Below {
			t.Errorf("%s, by county: %v", when, got)
		}
		if err := statistics.FoldAll(t.Context(), p.Jobs); err != nil {
			t.Fatal(err)
		}
	}
	beside, err := p.Trend(t.Context(), p.As(p.County[0][0], tenants.OFF), p.County[0][1].Slug)
	if err != nil || !beside.Before.Missing || len(beside.Months) != 0 || beside.Open[0].N != 0 {
		t.Errorf("a county counts its sibling's months: %+v, %v", beside, err)
	}
	own, err := p.Trend(t.Context(), p.As(p.County[0][0], tenants.OFF), "")
	if err != nil || own.Before.Counts.Problems != 96 || len(own.Open) != 1 || own.Open[0].N != 40 {
		t.Errorf("a county counts its own months: %+v, %v", own, err)
	}
}

func opened(tr statistics.Trend) (all []string) {
	for _, l := range tr.Open {
		all = append(all, fmt.Sprintf("%s %d %t", l.Name, l.N, l.Below))
	}
	return all
}

// TestReopened: what is closed and opened again stays counted as closed in the months
// before, and no longer from then on; a county that never reported is missing.
func TestReopened(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	s := &statistics.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
	fill(h, h.County[0][0], h.Round(h.County[0][0]), h.Unit(h.County[0][0], "某局"), []any{0., 4., 0., 0., 0., 2.}, 0, 0)
	h.Root(`update rectifications set state = 'working', closed_on = null, changed_at = '2026-11-06 10:00+08'
		where (tenant_id, finding_id) in (select tenant_id, finding_id from rectifications where state = 'closed' limit 1)`)
	tr, err := s.Trend(t.Context(), h.As(h.City[0], tenants.CITY), "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, m := range tr.Months {
		got[m.Month] = m.Closed
	}
	if diff := cmp.Diff(map[string]int{"2026-07": 0, "2026-08": 0, "2026-09": 0, "2026-10": 2, "2026-11": 1}, got); diff != "" {
		t.Errorf("closed (-want +got):\n%s", diff)
	}
	if tr.Open[0].N != 5 || tr.Open[0].Missing || !tr.Open[1].Missing || !tr.Open[2].Missing || tr.Before.Silent != 2 {
		t.Errorf("open: %+v; %d silent", tr.Open, tr.Before.Silent)
	}
}

// TestAttention: what is in doubt or long overdue, for a county each or added up by
// city; what waits between offices comes with it.
func TestAttention(t *testing.T) {
	t.Parallel()
	p := plant(t)
	p.Root(`update rectifications set flags = '{doubt}', changed_at = now() where (tenant_id, finding_id) in (
		select tenant_id, finding_id from rectifications where tenant_id in ($1, $2) and state = 'working' order by tenant_id, finding_id limit 50)`,
		p.County[0][2].ID, p.City[0].ID)
	for day, office := range map[string]tenants.Tenant{"2026-10-21": p.County[0][0], "2026-10-22": p.County[1][0]} {
		p.Root(`update rectifications set due_on = $2::date, changed_at = now() where tenant_id = $1 and state = 'open'`, office.ID, day)
	}
	looked := func(o statistics.Overview, err error) (got []string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range o.Attention {
			got = append(got, fmt.Sprintf("%s %s %d %t", a.Kind, a.Place.Name, a.N, a.Below))
		}
		return got
	}
	if today := inspection.DayOf(tenantstest.Now).String(); today != "2026-11-20" {
		t.Fatalf("the days above are made for 2026-11-20, not for %s", today)
	}
	prov, city := p.As(p.Province, tenants.PROV), p.As(p.City[0], tenants.CITY)
	all := looked(p.Overview(t.Context(), prov, ""))
	if diff := cmp.Diff([]string{"doubt 某地990100 36 true", "overdue-30 某地990100 2 true"}, all); diff != "" {
		t.Errorf("the province (-want +got):\n%s", diff)
	}
	own := looked(p.Overview(t.Context(), city, ""))
	if diff := cmp.Diff([]string{"doubt 某地990100 30 false", "doubt 某地990123 6 false", "overdue-30 某地990121 2 false"}, own); diff != "" {
		t.Errorf("the city (-want +got):\n%s", diff)
	}
}

// TestWaits counts notices that nobody signed for and matters that nobody took, for
// the office that they wait for.
func TestWaits(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	city, county := h.City[0], h.County[0][0]
	notice := inspection.NewID[inspection.NoticeID]()
	send := func(from, to tenants.Tenant, id inspection.NoticeID, state string) {
		h.Root(`insert into deliveries (tenant_id, id, issuer, notice_id, root, state, delivered_at, receipt_due, self_check_due, report_due, due_calendar, changed_at, changed_by)
			values ($1, gen_random_uuid(), $2, $3, $4, $5, now(), '2026-11-01', '2026-11-02', '2026-11-03', 'x', now(), 'x')`, to.ID, from.ID, id, notice, state)
	}
	issue := func(by tenants.Tenant, id inspection.NoticeID, number string) {
		h.Root(`insert into notices (tenant_id, id, number, root, title, body, receipt_due, self_check_due, report_due, due_calendar, state, issued_at, changed_at, changed_by)
			values ($1, $2, $3, $4, 'x', 'x', '2026-11-01', '2026-11-02', '2026-11-03', 'x', 'issued', now(), now(), 'x')`, by.ID, id, number, notice)
	}
	issue(h.Province, notice, "省通〔2026〕1号")
	forwarded := inspection.NewID[inspection.NoticeID]()
	issue(city, forwarded, "市通〔2026〕1号")
	send(h.Province, city, notice, "received")
	send(city, county, forwarded, "delivered")
	send(city, h.County[0][1], forwarded, "received")
	finding := inspection.NewID[inspection.FindingID]()
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at) values ($1, $2, 'X-1', $3, $4, 1, 1, '某问题', now())`,
		county.ID, finding, h.Round(county), h.Unit(county, "某局"))
	h.Root(`insert into escalations (tenant_id, id, finding_id, number, state, holder, reached, title, tried, why, asked, changed_at, changed_by)
		values ($1, gen_random_uuid(), $2, 'E-1', 'submitted', $3, $3, 'x', 'x', 'x', 'x', now(), 'x')`, county.ID, finding, city.ID)
	s := &statistics.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
	for _, tt := range []struct {
		scope tenants.Scope
		want  []string
	}{
		{h.As(city, tenants.CITY), []string{"matter " + county.Name + " 1 ", "receipt " + county.Name + " 1 市通〔2026〕1号"}},
		{h.As(h.Province, tenants.PROV), []string{"receipt " + city.Name + " 1 省通〔2026〕1号"}},
		{h.As(h.City[1], tenants.CITY), nil},
		{h.As(h.County[0][1], tenants.OFF), nil},
	} {
		o, err := s.Overview(t.Context(), tt.scope, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range o.Attention {
			got = append(got, fmt.Sprintf("%s %s %d %s", a.Kind, a.Place.Name, a.N, a.Number))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.scope.Office().Name, diff)
		}
	}
	if err := h.In(t.Context(), h.As(county, tenants.OFF), func(tx *tenants.Tx) error {
		waiting, err := linkage.Waits(t.Context(), tx)
		if len(waiting) != 1 || waiting[0].N != 1 || waiting[0].Notice == nil {
			t.Errorf("the county has %+v to sign for", waiting)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
