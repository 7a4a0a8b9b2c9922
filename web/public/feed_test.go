package public_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"testing"

	"xuncha/inspection/disclosure"
	"xuncha/tenants"
)

// feedOf reads the titles and identifiers of a feed in each of its formats, and
// fails the test unless they agree.
func feedOf(t *testing.T, w *world, base string) (titles, ids []string) {
	t.Helper()
	var rss struct {
		Items []struct {
			Title string `xml:"title"`
			ID    string `xml:"guid"`
			Link  string `xml:"link"`
		} `xml:"channel>item"`
	}
	var atom struct {
		Items []struct {
			Title string `xml:"title"`
			ID    string `xml:"id"`
		} `xml:"entry"`
	}
	var feed struct {
		Items []struct {
			Title string `json:"title"`
			ID    string `json:"id"`
			URL   string `json:"url"`
		} `json:"items"`
	}
	for file, into := range map[string]any{"feed.xml": &rss, "feed.atom": &atom, "feed.json": &feed} {
		a := w.get(base + "/" + file)
		if a.status != http.StatusOK {
			t.Fatalf("%s = %d", file, a.status)
		}
		read := xml.Unmarshal
		if file == "feed.json" {
			read = json.Unmarshal
		}
		if err := read([]byte(a.body), into); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	if len(rss.Items) != len(atom.Items) || len(rss.Items) != len(feed.Items) {
		t.Fatalf("%d, %d and %d items", len(rss.Items), len(atom.Items), len(feed.Items))
	}
	for i, it := range feed.Items {
		if rss.Items[i].Title != it.Title || atom.Items[i].Title != it.Title || rss.Items[i].ID != it.ID || atom.Items[i].ID != it.ID || rss.Items[i].Link != it.URL {
			t.Errorf("item %d differs: %v, %v, %v", i, rss.Items[i], atom.Items[i], it)
		}
		titles, ids = append(titles, it.Title), append(ids, it.ID)
	}
	return titles, ids
}

// TestFeeds subscribes to a county, its city and the province: each tells what is
// new below it; what is corrected appears again, what is taken back no more.
func TestFeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.published("县水务局党组", 1)
	d := w.published("县民政局党组", 6)
	city := w.base[:strings.LastIndex(w.base, "/")]
	for _, base := range []string{"", city, w.base} {
		if titles, _ := feedOf(t, w, base); len(titles) != 2 || titles[0] != d.Title {
			t.Errorf("%s/feed tells of %v, want two with %s first", base, titles, d.Title)
		}
	}
	if titles, _ := feedOf(t, w, "/city-990200"); len(titles) != 0 {
		t.Errorf("the other city's feed tells of %v", titles)
	}
	_, before := feedOf(t, w, w.base)

	d = w.must(w.svc.Correct(t.Context(), w.person(tenants.OFF), d.ID, d.Version, disclosure.Correction{Note: "第6条补充公示时间"}))
	w.edit(d, d.Items[5], disclosure.ItemChange{Result: new("7至9月账目已补公示。")})
	w.scheduled(d)
	w.publish()
	titles, ids := feedOf(t, w, w.base)
	if titles[0] != "【更正】"+d.Title || slices.Contains(before, ids[0]) {
		t.Errorf("a correction is %s with %s, want it marked and new to readers of %v", titles[0], ids[0], before)
	}

	w.must(w.svc.Withdraw(t.Context(), w.person(tenants.DIR), d.ID, disclosure.Retraction{Edition: 2, Reason: "内容有误"}))
	if titles, _ := feedOf(t, w, w.base); len(titles) != 1 || strings.Contains(titles[0], "民政局") {
		t.Errorf("after a withdrawal %v", titles)
	}
}

// TestTableText reads names that a spreadsheet would take for formulas, or that end a
// field or a line, back from the table as they are (BI-151 to BI-154); only the former
// get an apostrophe.
func TestTableText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := map[string]string{
		"＝HYPERLINK(1)": "'＝HYPERLINK(1)", "\u200b=1+1": "'\u200b=1+1", "＠局": "'＠局", "|cmd": "'|cmd", `县"水务"局,党组|一`: `县"水务"局,党组|一`,
	}
	for name := range want {
		w.published("县民政局党组"+name, 1)
	}
	for name := range want {
		w.Root(`update publications set unit_name = $1 where unit_name like $2`, name, "%县民政局党组"+name)
	}
	body := w.get("/data.csv").body
	if !strings.HasPrefix(body, "\ufeff") || !strings.Contains(body, "\r\n") {
		t.Errorf("the table begins %q", body[:20])
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != len(want)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	got := map[string]bool{}
	for _, r := range rows[1:] {
		got[r[5]] = true
	}
	for name, as := range want {
		if !got[as] {
			t.Errorf("%q does not come back as %q: %v", name, as, got)
		}
	}
}

// TestOpenData reads the same publications from both tables and the site map.
func TestOpenData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.scheduled(w.draft("县民政局党组", 3))
	hidden := w.draft("县水务局党组", 1) // nobody approved it
	w.publish()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.get("/data.csv").body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != d.Number || rows[1][9] != "3" {
		t.Errorf("the table is %v, %v; want %s with three problems", rows, err, d.Number)
	}
	var data struct {
		Items []struct {
			Number                            string
			Findings, Done, Ongoing, Withheld int
			LongTerm                          int `json:"long_term"`
			Page, Data                        string
		}
	}
	if err := json.Unmarshal([]byte(w.get(w.base+"/data.json").body), &data); err != nil || len(data.Items) != 1 {
		t.Fatalf("open data %+v, %v; want one publication", data, err)
	}
	it := data.Items[0]
	if it.Number != d.Number || it.Findings != it.Done+it.LongTerm+it.Ongoing+it.Withheld || it.Findings != 3 {
		t.Errorf("%+v does not add up to three", it)
	}
	for _, address := range []string{it.Page, it.Data} {
		if a := w.get(strings.TrimPrefix(address, "https://gk.example.cn")); a.status != http.StatusOK {
			t.Errorf("%s = %d", address, a.status)
		}
	}
	if body := w.get("/sitemap.xml").body; !strings.Contains(body, "<loc>https://gk.example.cn"+w.base+"/pages.xml</loc>") || strings.Contains(body, "city-990200") {
		t.Errorf("the site map is %s, want the one office that publishes", body)
	}
	if body := w.get(w.base + "/pages.xml").body; !strings.Contains(body, "<loc>"+it.Page+"</loc>") || strings.Count(body, "<url>") != 3 {
		t.Errorf("the pages are %s, want home, list and %s", body, it.Page)
	}
	if body := w.get("/robots.txt").body; !strings.Contains(body, "Sitemap: https://gk.example.cn/sitemap.xml") {
		t.Errorf("robots.txt is %s", body)
	}
	for _, path := range []string{"/feed.xml", "/feed.atom", "/feed.json", "/data.csv", "/data.json", "/pages.xml", "/sitemap.xml"} {
		if body := w.get(path).body; strings.Contains(body, "水务局") || hidden.Number != "" && strings.Contains(body, hidden.Number) {
			t.Errorf("%s tells of what is not published", path)
		}
	}
	for _, path := range []string{w.base + "/robots.txt", w.base + "/sitemap.xml", "/feed.rss", "/feed.xml/x", w.base + "/x.csv"} {
		if a := w.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s = %d, want 404", path, a.status)
		}
	}
}
