package public

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
)

// datum is one publication as open data. Its number never changes and is never
// given to another.
type datum struct {
	Number      string    `json:"number"`
	Edition     int       `json:"edition"`
	Title       string    `json:"title"`
	Region      string    `json:"region"`
	RegionCode  string    `json:"region_code"`
	Unit        string    `json:"unit"`
	UnitKind    string    `json:"unit_kind"`
	Round       string    `json:"round"`
	Year        int       `json:"year"`
	Findings    int       `json:"findings"`
	Done        int       `json:"done"`
	LongTerm    int       `json:"long_term"`
	Ongoing     int       `json:"ongoing"`
	Withheld    int       `json:"withheld"`
	PublishedAt time.Time `json:"published_at"`
	Page        string    `json:"page"`
	Data        string    `json:"data"` // the publication itself, as JSON
}

var tableHead = []string{
	"索引号", "版次", "标题", "地区", "行政区划代码", "被巡察党组织", "单位类别", "轮次", "年度", "反馈问题", "已完成", "长期整改", "正在推进",
	"依规不公开", "发布时间", "网页", "数据",
}

func (d datum) row() []string {
	n := strconv.Itoa
	return []string{
		d.Number, n(d.Edition), plain(d.Title), plain(d.Region), d.RegionCode, plain(d.Unit), d.UnitKind, plain(d.Round), n(d.Year), n(d.Findings),
		n(d.Done), n(d.LongTerm), n(d.Ongoing), n(d.Withheld), d.PublishedAt.Format(time.RFC3339), d.Page, d.Data,
	}
}

// plain keeps a spreadsheet from taking a text for a formula.
func plain(text string) string {
	if inspection.FormulaLike(text) {
		return "'" + text
	}
	return text
}

// table is everything that an office and those below it publish, as open data.
// The CSV begins with a byte order mark, without which spreadsheets misread it.
func (s *Site) table(ctx context.Context, to address, at place) (page, error) {
	all, err := s.Reader.All(ctx, at.office)
	if err != nil {
		return page{}, err
	}
	list := heads{region: at.region}
	data := make([]datum, len(all))
	for i, h := range all {
		data[i] = s.datum(list, h)
	}
	if to.format == "json" {
		b, err := json.Marshal(map[string]any{"items": data})
		if err != nil {
			return page{}, fmt.Errorf("write open data: %w", err)
		}
		return newPage(http.StatusOK, "application/json; charset=utf-8", b), nil
	}
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	_ = w.Write(tableHead) // a buffer takes everything
	for _, d := range data {
		_ = w.Write(d.row())
	}
	w.Flush()
	return newPage(http.StatusOK, "text/csv; charset=utf-8; header=present", b.Bytes()), nil
}

func (s *Site) datum(list heads, h disclosure.Head) datum {
	t, path := list.region.byID(h.Tenant), s.absolute(list.PathOf(h))
	return datum{
		Number: h.Number, Edition: h.Edition, Title: h.Title, Region: t.Name, RegionCode: t.Code, Unit: h.UnitName,
		UnitKind: disclosure.KindWord(h.UnitKind), Round: h.RoundName, Year: h.Year, Findings: h.Findings, Done: h.Done, LongTerm: h.LongTerm,
		Ongoing: h.Ongoing, Withheld: h.Withheld, PublishedAt: h.PublishedAt.In(inspection.Zone), Page: path, Data: path + "/data.json",
	}
}

// location is one entry of a site map.
type location struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// pages lists the pages of one office for search engines: its home, its list and
// its publications.
func (s *Site) pages(ctx context.Context, at place) (page, error) {
	l, err := s.Reader.List(ctx, at.office, disclosure.Query{Limit: 50_000 - 2}) // of what one file may list
	if err != nil {
		return page{}, err
	}
	urls := []location{{Address: s.absolute(cmp.Or(at.base(), "/"))}, {Address: s.absolute(at.base() + "/list")}}
	list := heads{region: at.region}
	for _, h := range l.Heads {
		urls = append(urls, location{s.absolute(list.PathOf(h)), h.PublishedAt.In(inspection.Zone).Format(time.RFC3339)})
	}
	return siteXML(struct {
		XMLName xml.Name   `xml:"urlset"`
		Space   string     `xml:"xmlns,attr"`
		URLs    []location `xml:"url"`
	}{Space: sitemapSpace, URLs: urls})
}

// sitemap lists the lists of pages of all offices that publish.
func (s *Site) sitemap(ctx context.Context, at place) (page, error) {
	totals, err := s.Reader.Totals(ctx, at.office)
	if err != nil {
		return page{}, err
	}
	maps := []location{{Address: s.absolute("/pages.xml")}}
	var walk func(place)
	walk = func(p place) {
		for _, t := range p.below {
			below := place{path: append(p.path[:len(p.path):len(p.path)], t), office: t, below: p.region.below[t.ID], region: p.region}
			if totals[t.ID].Texts > 0 {
				maps = append(maps, location{Address: s.absolute(below.base() + "/pages.xml")})
			}
			walk(below)
		}
	}
	walk(at)
	return siteXML(struct {
		XMLName xml.Name   `xml:"sitemapindex"`
		Space   string     `xml:"xmlns,attr"`
		Maps    []location `xml:"sitemap"`
	}{Space: sitemapSpace, Maps: maps})
}

func siteXML(v any) (page, error) {
	b, err := xml.Marshal(v)
	if err != nil {
		return page{}, fmt.Errorf("write site map: %w", err)
	}
	return newPage(http.StatusOK, "application/xml; charset=utf-8", append([]byte(xml.Header), b...)), nil
}

// robots welcomes search engines and tells them where the pages are listed.
func (s *Site) robots() page {
	return newPage(http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nAllow: /\nSitemap: "+s.absolute("/sitemap.xml")+"\n"))
}
