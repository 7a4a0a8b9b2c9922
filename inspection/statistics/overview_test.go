package statistics_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// printed are the numbers of testdata/ledger.json as the offices print them.
type printed struct {
	Counties []struct {
		Name   string
		OnTime int
		Late   int
		Units  [][4]any // name, problems, six states, overdue
	}
}

// planted is a house that holds the ledger of six counties and two cities.
type planted struct {
	*tenantstest.House
	*statistics.Service
}

func plant(t testing.TB) planted {
	t.Helper()
	h := tenantstest.New(t)
	b, err := os.ReadFile("testdata/ledger.json")
	if err != nil {
		t.Fatal(err)
	}
	var p printed
	if err := json.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	for i, c := range p.Counties {
		office := h.County[i/3][i%3]
		round := h.Round(office)
		late := c.Late
		for _, u := range c.Units {
			states, overdue := u[2].([]any), int(u[3].(float64))
			late = fill(h, office, round, h.Unit(office, u[0].(string)), states, overdue, late)
		}
	}
	// 市本级: 靖原 30 of 132 and so on, each in one unit here.
	for i, own := range []struct {
		states        []any
		overdue, late int
	}{{[]any{3., 30., 11., 5., 9., 74.}, 6, 6}, {[]any{2., 27., 8., 4., 7., 60.}, 7, 6}} {
		fill(h, h.City[i], h.Round(h.City[i]), h.Unit(h.City[i], "市某局党组"), own.states, own.overdue, own.late)
	}
	return planted{h, &statistics.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}}
}

// fill writes the cases of one unit; late of its closed ones were late. It returns
// how many late ones are left for the next unit.
func fill(h *tenantstest.House, o tenants.Tenant, round inspection.RoundID, unit inspection.UnitID, counts []any, overdue, late int) int {
	add := func(state, due string, closed any, n int) {
		h.Root(`
			with f as (
				insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at)
				select $1, gen_random_uuid(), gen_random_uuid(), $2, $3, 1, 1, '某问题', '2026-07-10' from generate_series(1, $7)
				returning tenant_id, id)
			insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, closed_on, issued_at, changed_at)
			select tenant_id, id, $3, $4, $5::date, $6::date, '2026-07-10', '2026-10-20' from f`, o.ID, round, unit, state, due, closed, n)
	}
	for i, count := range counts {
		n := int(count.(float64))
		switch s := states[i]; s {
		case "closed":
			l := min(late, n)
			late -= l
			add(s, "2026-10-10", "2026-10-20", l)
			add(s, "2026-10-10", "2026-10-09", n-l)
		case "submitted", "long-term":
			add(s, "2026-10-01", nil, n) // past, and yet not overdue
		default:
			past := min(overdue, n)
			overdue -= past
			add(s, "2026-11-19", nil, past)
			add(s, "2026-12-10", nil, n-past)
		}
	}
	return late
}

// say prints a line as the offices' table does.
func say(l statistics.Line) string {
	c := l.Counts
	rate := func(r statistics.Rate) string {
		if r.Tenths == nil {
			return fmt.Sprintf("%d/%d", r.Num, r.Den)
		}
		return fmt.Sprintf("%d.%d%%", *r.Tenths/10, *r.Tenths%10)
	}
	s := fmt.Sprintf("%d|%d|%d/%d/%d/%d/%d/%d|%d|%d/%d|%s|%s", l.Units, c.Problems, c.Open, c.Working, c.Submitted,
		c.Returned, c.LongTerm, c.Closed, c.Overdue, c.OnTime, c.Due, rate(l.ClosedRate), rate(l.OnTimeRate))
	if r := l.OnTimeRate; r.Low != nil {
		s += fmt.Sprintf(" (%d.%d–%d.%d)", *r.Low/10, *r.Low%10, *r.High/10, *r.High%10)
	}
	return s
}

// TestPrintedNumbers compares every figure with the table that the offices print.
func TestPrintedNumbers(t *testing.T) {
	t.Parallel()
	p := plant(t)
	want := []string{
		"6|96|2/20/8/4/6/56|5|50/61|58.3%|82.0% (70.5–89.6)",
		"5|74|0/10/5/2/4/53|2|50/55|71.6%|90.9% (80.4–96.1)",
		"6|88|0/6/4/1/3/74|0|73/74|84.1%|98.6% (92.7–99.8)",
		"5|82|6/27/6/5/5/33|14|27/47|40.2%|57.4% (43.3–70.5)",
		"4|58|1/12/4/2/3/36|3|34/39|62.1%|87.2% (73.3–94.4)",
		"5|70|1/13/6/2/4/44|2|42/46|62.9%|91.3% (79.7–96.6)",
	}
	for _, when := range []string{"before folding", "after folding"} {
		o, err := p.Overview(t.Context(), p.As(p.Province, tenants.PROV), p.Province.Slug)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range o.Leaves {
			got = append(got, say(l))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-printed +counted):\n%s", when, diff)
		}
		for what, pair := range map[string][2]string{
			"六县合计":  {"31|468|10/88/33/16/25/296|26|276/322|63.2%|85.7%", say(o.Total)[:len("31|468|10/88/33/16/25/296|26|276/322|63.2%|85.7%")]},
			"靖原":    {"17|258|2/36/17/7/13/183|7|173/190|70.9%|91.1%", say(o.Rows[0])[:len("17|258|2/36/17/7/13/183|7|173/190|70.9%|91.1%")]},
			"望澜":    {"14|210|8/52/16/9/12/113|19|103/132|53.8%|78.0%", say(o.Rows[1])[:len("14|210|8/52/16/9/12/113|19|103/132|53.8%|78.0%")]},
			"靖原市本级": {"1|132|3/30/11/5/9/74|6|68/80|56.1%|85.0%", say(o.Own[1])[:len("1|132|3/30/11/5/9/74|6|68/80|56.1%|85.0%")]},
			"望澜市本级": {"1|108|2/27/8/4/7/60|7|54/67|55.6%|80.6%", say(o.Own[2])[:len("1|108|2/27/8/4/7/60|7|54/67|55.6%|80.6%")]},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s, %s: counted %s, printed %s", when, what, pair[1], pair[0])
			}
		}
		if err := statistics.FoldAll(t.Context(), p.Jobs); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBands: what the cockpit says depends on the reference, which is why it is
// named.
func TestBands(t *testing.T) {
	t.Parallel()
	p := plant(t)
	ctx := t.Context()
	bands := func(o statistics.Overview, err error) (got []statistics.Band) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range o.Leaves {
			got = append(got, l.OnTimeBand)
		}
		return got
	}
	prov, city := p.As(p.Province, tenants.PROV), p.As(p.City[0], tenants.CITY)
	all := []statistics.Band{statistics.Even, statistics.Even, statistics.Higher, statistics.Lower, statistics.Even, statistics.Even}
	if diff := cmp.Diff(all, bands(p.Overview(ctx, prov, p.Province.Slug))); diff != "" {
		t.Errorf("against the province (-want +got):\n%s", diff)
	}
	first := []statistics.Band{statistics.Lower, statistics.Even, statistics.Higher}
	if diff := cmp.Diff(first, bands(p.Overview(ctx, city, p.City[0].Slug))); diff != "" {
		t.Errorf("against the city (-want +got):\n%s", diff)
	}
	below, err := prov.Below(p.City[0])
	if err != nil {
		t.Fatal(err)
	}
	drilled, err := p.Overview(ctx, below, p.City[0].Slug)
	if diff := cmp.Diff(first, bands(drilled, err)); diff != "" {
		t.Errorf("the province, drilled down (-want +got):\n%s", diff)
	}
	if len(drilled.Path) != 2 || drilled.Path[0].Slug != p.Province.Slug {
		t.Errorf("the way down is %v", drilled.Path)
	}
	// The reader chooses the reference: of the city the province, of the province each county's own city.
	verdicts := func(scope tenants.Scope, of tenants.Tenant, names ...string) (got []string) {
		t.Helper()
		o := tenantstest.Must(p.Overview(ctx, scope, of.Slug))(t)
		if diff := cmp.Diff(names, o.References); diff != "" {
			t.Fatalf("references of %s (-want +got):\n%s", of.Name, diff)
		}
		for _, l := range o.Leaves {
			if l.Against[0].Band != l.OnTimeBand {
				t.Errorf("%s: %s and %s", l.Name, l.Against[0].Words(), l.OnTimeBand)
			}
			got = append(got, l.Against[1].Words())
		}
		return got
	}
	even := func(name string) string { return "与" + name + " 无明显差别" }
	whole := []string{even("全省平均 85.7%"), even("全省平均 85.7%"), "高于全省平均 85.7%"}
	for _, scope := range []tenants.Scope{city, below} {
		if diff := cmp.Diff(whole, verdicts(scope, p.City[0], "本市平均", "全省平均")); diff != "" {
			t.Errorf("the city against the province (-want +got):\n%s", diff)
		}
	}
	one, two := p.City[0].Name+"平均 91.1%", p.City[1].Name+"平均 78.0%"
	own := []string{"低于" + one, even(one), "高于" + one, "低于" + two, even(two), "高于" + two}
	if diff := cmp.Diff(own, verdicts(prov, p.Province, "全省平均", "本市平均")); diff != "" {
		t.Errorf("the province against each city (-want +got):\n%s", diff)
	}
}

// TestWholeTellsNoOffice: the sum of the province is not shown to a city where it adds so
// few counties of others that it would tell how those stand.
func TestWholeTellsNoOffice(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	s := &statistics.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
	city := h.As(h.City[0], tenants.CITY)
	report := func(o tenants.Tenant) {
		fill(h, o, h.Round(o), h.Unit(o, "某局"), []any{0., 10., 0., 0., 0., 20.}, 2, 0)
	}
	report(h.County[0][0])
	for i, want := range []int{1, 1, 1, 2} {
		o := tenantstest.Must(s.Overview(t.Context(), city, ""))(t)
		if len(o.References) != want {
			t.Errorf("with %d counties of others the references are %v", i, o.References)
		}
		if want == 2 {
			if v := o.Leaves[0].Against[1]; v.Offices != 4 || v.Rate.Num != 80 || v.Rate.Den != 88 {
				t.Errorf("the province: %+v", v)
			}
		}
		if i < 3 {
			report(h.County[1][i])
		}
	}
	// Nobody of a unit reads the sum, past all Go.
	unit := tenantstest.RootValue[inspection.UnitID](h, `select id from units where tenant_id = $1`, h.County[0][0].ID)
	for who, want := range map[tenants.Scope]int{city: 1, h.As(h.County[0][0], tenants.UNIT, unit): 0} {
		var n int
		h.Do(h.DB, who, func(tx *tenants.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from sec.whole_on_time('2026-11-20', '{open,working,returned}')`).Scan(&n)
		})
		if n != want {
			t.Errorf("%s reads %d sums, want %d", who.Role(), n, want)
		}
	}
}

// TestReach: nobody counts beside or above.
func TestReach(t *testing.T) {
	t.Parallel()
	p := plant(t)
	ctx := t.Context()
	county := p.As(p.County[0][0], tenants.OFF)
	if _, err := p.Overview(ctx, county, p.City[0].Slug); inspection.KindOf(err) != inspection.Forbidden {
		t.Errorf("a county counts its city: %v", err)
	}
	o, err := p.Overview(ctx, county, p.County[0][1].Slug)
	if err != nil || o.Total.Counts.Problems+o.Own[0].Counts.Problems != 0 || !o.Own[0].Missing {
		t.Errorf("a county counts its sibling: %+v, %v", o.Own, err)
	}
	o, err = p.Overview(ctx, county, p.County[0][0].Slug)
	if err != nil || o.Own[0].Counts.Problems != 96 {
		t.Errorf("a county counts itself: %+v, %v", o.Own, err)
	}
	us, err := p.Units(ctx, county, p.County[0][0].Slug)
	if err != nil || len(us.Items) != 6 || us.Total.Counts.Problems != 96 {
		t.Errorf("its units: %d with %d, %v", len(us.Items), us.Total.Counts.Problems, err)
	}
	unit := p.As(p.County[0][0], tenants.UNIT, us.Items[0].ID)
	us, err = p.Units(ctx, unit, p.County[0][0].Slug)
	if err != nil || len(us.Items) != 1 {
		t.Errorf("a unit counts %d units, %v", len(us.Items), err)
	}
	us, err = p.Units(ctx, p.As(p.County[0][1], tenants.OFF), p.County[0][0].Slug)
	if err != nil || len(us.Items) != 0 {
		t.Errorf("a sibling counts %d units, %v", len(us.Items), err)
	}
	city, err := p.As(p.City[0], tenants.CITY).Below(p.County[0][0])
	if err != nil {
		t.Fatal(err)
	}
	us, err = p.Units(ctx, city, p.County[0][0].Slug)
	if err != nil || len(us.Items) != 6 {
		t.Errorf("the city counts %d units below, %v", len(us.Items), err)
	}
}

// TestMissing: an office that never reported, or withdrew all of it, is missing, and the
// sum says so; of the latter it is known when its ledger last changed.
func TestMissing(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	s := &statistics.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
	fill(h, h.County[0][0], h.Round(h.County[0][0]), h.Unit(h.County[0][0], "某局"), []any{0., 4., 0., 0., 0., 5.}, 1, 0)
	withdrawn := h.County[0][1]
	fill(h, withdrawn, h.Round(withdrawn), h.Unit(withdrawn, "某局"), []any{0., 3., 0., 0., 0., 0.}, 0, 0)
	h.Root(`update rectifications set withdrawn_at = '2026-11-18 09:00+08', changed_at = '2026-11-18 09:00+08' where tenant_id = $1`, withdrawn.ID)
	if err := statistics.FoldAll(t.Context(), h.Jobs); err != nil {
		t.Fatal(err)
	}
	o, err := s.Overview(t.Context(), h.As(h.City[0], tenants.CITY), "")
	if err != nil {
		t.Fatal(err)
	}
	if o.Rows[0].UpdatedOn != nil || o.Rows[1].UpdatedOn == nil || o.Rows[1].UpdatedOn.String() != "2026-11-18" || o.Rows[2].UpdatedOn != nil {
		t.Errorf("last updated: %v %v %v", o.Rows[0].UpdatedOn, o.Rows[1].UpdatedOn, o.Rows[2].UpdatedOn)
	}
	if o.Rows[0].Missing || !o.Rows[1].Missing || !o.Rows[2].Missing || o.Total.Silent != 2 || o.Total.Missing {
		t.Errorf("missing: %t %t %t, %d silent", o.Rows[0].Missing, o.Rows[1].Missing, o.Rows[2].Missing, o.Total.Silent)
	}
	if r := o.Rows[0]; r.OnTimeRate.Tenths != nil || r.OnTimeRate.Low != nil || r.OnTimeBand != statistics.NoBand || r.OnTimeRate.Den != 6 {
		t.Errorf("six cases are shown as %+v, %s", r.OnTimeRate, r.OnTimeBand)
	}
}

// TestPercent never says that all is done while something is missing.
func TestPercent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ num, den, want int }{
		{0, 10, 0}, {10, 10, 1000}, {2999, 3000, 999}, {1, 3000, 0}, {173, 190, 911}, {1, 16, 63}, {996, 1000, 996},
	} {
		if got := statistics.Percent(tt.num, tt.den); got != tt.want {
			t.Errorf("%d of %d = %d tenths, want %d", tt.num, tt.den, got, tt.want)
		}
	}
}

// TestOneFormula: a county counts by its own formula, and the city counts all counties
// by the city's, and says so.
func TestOneFormula(t *testing.T) {
	t.Parallel()
	p := plant(t)
	county, city := p.County[0][0], p.City[0]
	p.Root(`insert into policies (tenant_id, version, body) values
		($1, 1, '{"closing_rate": {"done": ["closed", "long-term"]}}'), ($2, 1, '{"closing_rate": {"done": ["closed"], "left_out": ["long-term"]}}')`,
		county.ID, city.ID)
	own, err := p.Closing(t.Context(), p.As(county, tenants.OFF), county.Slug)
	if err != nil {
		t.Fatal(err)
	}
	if r := own.ClosedRate; r.Num != 62 || r.Den != 96 || *r.Tenths != 646 || !strings.Contains(own.Text, "按完成计") || strings.Contains(own.Text, "统一") {
		t.Errorf("the county: %d of %d, %s", r.Num, r.Den, own.Text)
	}
	o, err := p.Overview(t.Context(), p.As(city, tenants.CITY), city.Slug)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"56/90", "53/70", "74/85"} {
		if got := fmt.Sprintf("%d/%d", o.Rows[i].ClosedRate.Num, o.Rows[i].ClosedRate.Den); got != want {
			t.Errorf("the city counts %s of %s, want %s", got, o.Rows[i].Name, want)
		}
	}
	text := ""
	for _, d := range o.Definitions {
		if d.Figure == "closed_rate" {
			text = d.Text
		}
	}
	if !strings.Contains(text, "统一按"+city.Name+"的口径计算") || !strings.Contains(text, "不计入分子和分母") {
		t.Errorf("the city's formula is not said: %s", text)
	}
	below, err := p.As(city, tenants.CITY).Below(county)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := p.Closing(t.Context(), below, county.Slug)
	if err != nil || seen.ClosedRate.Num != 56 || seen.ClosedRate.Den != 90 {
		t.Errorf("looking below, the city counts %+v, %v", seen.ClosedRate, err)
	}
	unit := tenantstest.RootValue[inspection.UnitID](p.House, `select id from units where tenant_id = $1 order by name limit 1`, county.ID)
	mine, err := p.Closing(t.Context(), p.As(county, tenants.UNIT, unit), county.Slug)
	if err != nil || mine.Counts.Problems == 0 || mine.Counts.Problems >= 96 {
		t.Errorf("a unit counts %d problems, %v", mine.Counts.Problems, err)
	}
}
