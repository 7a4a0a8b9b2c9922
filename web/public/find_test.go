package public_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xuncha/inspection/disclosure"
	"xuncha/tenants"
)

// numbersFor returns the index numbers that a search of an office finds, and
// checks that the count says the same.
func numbersFor(t *testing.T, w *world, office tenants.Tenant, query string) []string {
	t.Helper()
	found, err := w.site.Reader.Find(t.Context(), office, disclosure.Find{Words: disclosure.Words(query), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for _, m := range found.Matches {
		numbers = append(numbers, m.Number)
	}
	if len(numbers) != found.Total {
		t.Errorf("%q: %d pages and a total of %d", query, len(numbers), found.Total)
	}
	return numbers
}

// TestFind looks for words of every length, in title, unit and text, in small,
// capital and full-width letters; all the words must be there.
func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	water, civil := w.published("县水务局党组", 1), w.published("县民政局党组", 9)
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"水务", []string{water.Number}},
		{"水务局党组", []string{water.Number}},
		{"民政局", []string{civil.Number}},
		{"敬老院", []string{civil.Number}}, // in the sixth finding alone
		{"学习贯彻", []string{civil.Number, water.Number}},
		{"学习贯彻 水务", []string{water.Number}},
		{"敬老院 水务", nil},
		{"老院敬", nil}, // both pairs of its characters stand there, in another order
		{strings.ToLower(water.Number), []string{water.Number}},
		{"ＳＱＬ－ＸＣ", []string{civil.Number, water.Number}},
		{"%%", nil},
		{"__", nil},
		{`\\`, nil},
		{"'' or 1=1", nil},
		{"第一书记会商", nil},
		{"xuncha-disclosure", nil}, // stands in the bytes and not on the page
	} {
		got := numbersFor(t, w, w.county, c.query)
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%q finds %v, want %v", c.query, got, c.want)
		}
	}
}

// TestFindReaches finds a county's page from county, city and province and not
// from another county or city.
func TestFindReaches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县水务局党组", 1)
	for _, office := range []tenants.Tenant{w.county, w.City[0], w.Province} {
		if got := numbersFor(t, w, office, "水务"); !slices.Equal(got, []string{d.Number}) {
			t.Errorf("%s finds %v", office.Name, got)
		}
	}
	for _, office := range []tenants.Tenant{w.County[0][1], w.City[1], w.County[1][0]} {
		if got := numbersFor(t, w, office, "水务"); len(got) > 0 {
			t.Errorf("%s finds %v", office.Name, got)
		}
	}
}

// TestFindWhatIsPublished finds neither drafts nor what was replaced or taken
// back, by any of their words.
func TestFindWhatIsPublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县水务局党组", 1)
	w.draft("县交通局党组", 1)
	if got := numbersFor(t, w, w.county, "交通"); len(got) > 0 {
		t.Errorf("a draft is found: %v", got)
	}
	d = w.must(w.svc.Correct(t.Context(), w.person(tenants.OFF), d.ID, d.Version, disclosure.Correction{Note: "补充公示时间"}))
	w.scheduled(d)
	w.publish()
	if got := numbersFor(t, w, w.county, "水务"); len(got) != 1 {
		t.Errorf("a page with two editions is found %d times", len(got))
	}
	w.must(w.svc.Withdraw(t.Context(), w.person(tenants.DIR), d.ID, disclosure.Retraction{Edition: 2, Reason: "内容有误"}))
	if got := numbersFor(t, w, w.county, "水务"); len(got) > 0 {
		t.Errorf("what was taken back is found: %v", got)
	}
}

// TestFindPage searches as a citizen does: by form, from the province's home.
func TestFindPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.published("县水务局党组", 1)
	d := w.published("县民政局党组", 9)
	search := func(q url.Values) answer {
		t.Helper()
		return w.get("/search?" + q.Encode())
	}
	for name, c := range map[string]struct {
		query  url.Values
		status int
		has    []string
		hasNot []string
	}{
		"empty":       {url.Values{}, http.StatusOK, []string{"怎样查询"}, []string{"份通报"}},
		"one letter":  {url.Values{"q": {"水"}}, http.StatusOK, []string{"请至少输入两个字"}, []string{"查到 <b>"}},
		"in a text":   {url.Values{"q": {"敬老院"}}, http.StatusOK, []string{"查到 <b>1</b> 份", "<mark>敬老院</mark>", d.Number + "#f6", "第6条"}, nil},
		"by region":   {url.Values{"q": {"敬老院"}, "region": {w.base[1:]}}, http.StatusOK, []string{"查到 <b>1</b> 份", "取消“石桥岭县”限定"}, nil},
		"other place": {url.Values{"q": {"敬老院"}, "region": {"city-990200"}}, http.StatusOK, []string{"没有查到，可以这样试", "取消“望澜市”限定"}, nil},
		"other year":  {url.Values{"q": {"敬老院"}, "year": {"2019"}}, http.StatusOK, []string{"没有查到"}, nil},
		"no place":    {url.Values{"q": {"敬老院"}, "region": {"nowhere"}}, http.StatusNotFound, nil, nil},
		"page 2":      {url.Values{"q": {"敬老院"}, "page": {"2"}}, http.StatusNotFound, nil, nil},
		"too long":    {url.Values{"q": {strings.Repeat("水", 201)}}, http.StatusNotFound, nil, nil},
		"markup":      {url.Values{"q": {`<b>水务</b>"`}}, http.StatusOK, []string{"&lt;b&gt;水务"}, []string{"<b>水务"}},
	} {
		a := search(c.query)
		if a.status != c.status {
			t.Errorf("%s = %d, want %d", name, a.status, c.status)
		}
		for _, text := range c.has {
			if !strings.Contains(a.body, text) {
				t.Errorf("%s lacks %q:\n%s", name, text, a.body)
			}
		}
		for _, text := range c.hasNot {
			if strings.Contains(a.body, text) {
				t.Errorf("%s has %q", name, text)
			}
		}
	}
	if home := w.get("/"); !strings.Contains(home.body, `action="/search"`) {
		t.Error("the home page has no search")
	}
}

// TestFindMany keeps to the newest thousand and says so.
func TestFindMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县水务局党组", 1)
	w.copies(d, disclosure.MostFound+5)
	found, err := w.site.Reader.Find(t.Context(), w.county, disclosure.Find{Words: []string{"水务"}, Skip: 990, Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	if !found.More || found.Total != disclosure.MostFound || len(found.Matches) != 10 {
		t.Errorf("found %d, more %v, %d on the last page", found.Total, found.More, len(found.Matches))
	}
	if a := w.get("/search?q=" + url.QueryEscape("水务")); !strings.Contains(a.body, "只列出最新的 1000 份") {
		t.Error("the page does not say that there is more")
	}
}

// copies publishes a text n times more, under numbers of its own, a minute apart.
func (w *world) copies(d disclosure.Draft, n int) {
	w.t.Helper()
	w.Root(fmt.Sprintf(`
		do $$ begin
			set local session_replication_role = replica; -- there are no drafts behind them
			insert into publications (tenant_id, disclosure_id, edition, number, unit_id, title, unit_name, unit_kind,
				round_name, round_term, round_seq, year, findings, done, long_term, ongoing, withheld, note, digest, data,
				article, published_at, opinions_until, approved_name)
			select tenant_id, gen_random_uuid(), edition, 'SQL-XC-2027-01-' || (1000 + i), unit_id, title, unit_name, unit_kind,
				round_name, round_term, round_seq, year, findings, done, long_term, ongoing, withheld, note, digest, data,
				article, published_at + i * interval '1 minute', opinions_until, approved_name
			from publications, generate_series(1, %d) i where number = '%s';
		end $$`, n, d.Number))
}
