package public

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/tenants"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"dayWords":   disclosure.Date,
	"month":      disclosure.Month,
	"day":        func(t time.Time) string { return disclosure.Date(inspection.DayOf(t)) },
	"minute":     func(t time.Time) string { return t.In(inspection.Zone).Format("2006年1月2日 15:04") },
	"listDay":    func(t time.Time) string { return t.In(inspection.Zone).Format(time.DateOnly) },
	"machine":    func(t time.Time) string { return t.In(inspection.Zone).Format(time.RFC3339) },
	"kindWord":   disclosure.KindWord,
	"paragraphs": paragraphs,
}).ParseFS(pageFiles, "pages/*.html"))

func paragraphs(text string) []string {
	var ps []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			ps = append(ps, line)
		}
	}
	return ps
}

// perPage is how many publications a list shows at once.
const perPage = 20

// frame is what every page has.
type frame struct {
	Site, Title, Heading string
	Description          string
	Canonical            string
	Indexed              bool
	Style                string
	Inline               template.CSS // instead of Style, where a page must stand alone
	Large, Demo          bool
	Other                string // this page in the other type size
	Crumbs               []crumb
	Path                 string
	Prev, Next           string
	Base                 string // of the office's files: "/jingyuan/qingyu"; empty for the top
	Feeds                bool
	Host, Phone          string
}

type crumb struct{ Name, Path string }

// Link keeps the type size from page to page.
func (f frame) Link(path string) string {
	if f.Large {
		return path + "?size=l"
	}
	return path
}

// LinkTo is the address of a page in this page's type size.
func (f frame) LinkTo(to address) string {
	to.large = f.Large
	return to.key()
}

// frame starts a page at an address.
func (s *Site) frame(to address, at place, heading, name string) frame {
	other := to
	other.large = !to.large
	plain := to
	plain.large = false
	f := frame{
		Site: siteName(at.path[0]), Heading: heading, Style: stylePath, Large: to.large, Demo: s.Demo, Path: to.path(),
		Indexed: to.keepable() && to.page == 1, Host: at.office.Office, Phone: at.office.Phone,
		Other: other.key(), Canonical: s.Base.JoinPath(plain.path()).String(),
	}
	f.Title = f.Site
	if heading != f.Site {
		f.Title = heading + " - " + f.Site
	}
	base := ""
	for i, t := range at.path {
		if i == 0 {
			f.Crumbs = append(f.Crumbs, crumb{"首页", "/"})
			continue
		}
		base += "/" + t.Slug
		f.Crumbs = append(f.Crumbs, crumb{t.Name, base})
	}
	if name != "" {
		f.Crumbs = append(f.Crumbs, crumb{name, ""})
	} else {
		f.Crumbs[len(f.Crumbs)-1].Path = ""
	}
	if len(f.Crumbs) == 1 {
		f.Crumbs = nil // home is nowhere but home
	}
	return f
}

func siteName(top tenants.Tenant) string { return top.Name + "巡视巡察整改公开" }

// show renders a page.
func show(status int, name string, view any) (page, error) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, view); err != nil {
		return page{}, fmt.Errorf("render %s: %w", name, err)
	}
	return newPage(status, "text/html; charset=utf-8", b.Bytes()), nil
}

// heads is a page that lists publications.
type heads struct {
	frame
	Heads   []disclosure.Head
	Several bool // regions, so that each line names its own
	region  *region
}

// PathOf is the address of a publication's page.
func (h heads) PathOf(head disclosure.Head) string {
	return h.base(head.Tenant) + "/zg/" + head.Number
}

// NameOf is the name of a publication's region.
func (h heads) NameOf(head disclosure.Head) string { return h.region.byID(head.Tenant).Name }

func (h heads) base(id tenants.ID) string {
	t := h.region.byID(id)
	if t.Parent == nil {
		return ""
	}
	return h.base(*t.Parent) + "/" + t.Slug
}

func (reg *region) byID(id tenants.ID) tenants.Tenant {
	if id == reg.top.ID {
		return reg.top
	}
	for _, below := range reg.below {
		for _, t := range below {
			if t.ID == id {
				return t
			}
		}
	}
	return tenants.Tenant{}
}

// home is P01, P02 and P03: an office's home, with those below it.
type home struct {
	heads
	Place    string
	Around   string // the region with all below it,
	Region   string // and its slugs, for a search there
	Today    string
	Sum      disclosure.Totals
	Own      int
	ListPath string
	Places   []area
	Rounds   []disclosure.Head
	to       address
}

// area is one line of the list of regions.
type area struct {
	Name, Path string
	Texts      int
	Below      []area
}

// RoundOf is the list narrowed to a round.
func (h home) RoundOf(head disclosure.Head) address {
	return address{kind: kindList, offices: h.to.offices, term: head.RoundTerm, seq: head.RoundSeq, page: 1}
}

func (s *Site) home(ctx context.Context, to address, at place) (page, error) {
	latest, err := s.Reader.Latest(ctx, at.office, 10)
	if err != nil {
		return page{}, err
	}
	totals, err := s.Reader.Totals(ctx, at.office)
	if err != nil {
		return page{}, err
	}
	heading := siteName(at.office)
	v := home{
		heads: heads{frame: s.frame(to, at, heading, ""), Heads: latest, Several: len(at.below) > 0, region: at.region},
		Place: ownName(at.office), Today: disclosure.Date(s.Clock.Today()), Own: totals[at.office.ID].Texts, ListPath: at.base() + "/list", to: to,
	}
	v.Around, v.Region = at.office.Name, strings.Join(to.offices, "/")
	v.Description, v.Base, v.Feeds = at.office.Name+"巡视巡察反馈问题整改进展情况的通报。", at.base(), true
	for _, t := range totals {
		v.Sum.Texts, v.Sum.Findings, v.Sum.Open = v.Sum.Texts+t.Texts, v.Sum.Findings+t.Findings, v.Sum.Open+t.Open
	}
	v.Places = at.region.list(at.office.ID, at.base(), totals)
	if v.Own > 0 {
		l, err := s.Reader.List(ctx, at.office, disclosure.Query{Limit: 1})
		if err != nil {
			return page{}, err
		}
		v.Rounds = l.Rounds
	}
	return show(http.StatusOK, "home.html", v)
}

// ownName is what an office's own units are summed up under.
func ownName(t tenants.Tenant) string {
	if t.Level == "county" {
		return t.Name
	}
	return t.Name + "本级"
}

// list counts what the regions below an office published, their own regions
// included.
func (reg *region) list(id tenants.ID, base string, totals map[tenants.ID]disclosure.Totals) []area {
	var out []area
	for _, t := range reg.below[id] {
		r := area{Name: t.Name, Path: base + "/" + t.Slug, Texts: totals[t.ID].Texts}
		r.Below = reg.list(t.ID, r.Path, totals)
		for _, b := range r.Below {
			r.Texts += b.Texts
		}
		out = append(out, r)
	}
	return out
}

// listing is P04: the publications of one office.
type listing struct {
	heads
	Words                string
	Filtered             bool
	Total, Page, Pages   int
	Rounds, Kinds, Years []option
}

type option struct {
	Value, Name string
	On          bool
}

func (s *Site) list(ctx context.Context, to address, at place) (page, error) {
	l, err := s.Reader.List(ctx, at.office, disclosure.Query{
		Term: to.term, Seq: to.seq, Kind: to.unitKind, Year: to.year, Words: to.words, Skip: (to.page - 1) * perPage, Limit: perPage,
	})
	if err != nil {
		return page{}, err
	}
	pages := max(1, (l.Total+perPage-1)/perPage)
	if to.page > pages {
		return page{}, inspection.Errorf(inspection.NotFound, "not-found", "没有这个页面。")
	}
	v := listing{
		heads: heads{frame: s.frame(to, at, ownName(at.office)+"整改情况公开列表", "公开列表"), Heads: l.Heads, region: at.region},
		Words: to.words, Total: l.Total, Page: to.page, Pages: pages,
		Filtered: to.term+to.seq+to.year > 0 || to.unitKind != "" || to.words != "",
	}
	v.Description = v.Heading + "，共" + fmt.Sprint(l.Total) + "份。"
	v.options(to, l)
	turn := func(n int) string { next := to; next.page = n; return next.key() }
	if to.page > 1 {
		v.Prev = turn(to.page - 1)
	}
	if to.page < pages {
		v.Next = turn(to.page + 1)
	}
	return show(http.StatusOK, "list.html", v)
}

func (v *listing) options(to address, l disclosure.Listing) {
	for _, r := range l.Rounds {
		v.Rounds = append(v.Rounds, option{
			Value: fmt.Sprintf("%d-%d", r.RoundTerm, r.RoundSeq), Name: r.RoundName, On: to.term == r.RoundTerm && to.seq == r.RoundSeq,
		})
	}
	for _, k := range l.Kinds {
		v.Kinds = append(v.Kinds, option{k, disclosure.KindWord(k), to.unitKind == k})
	}
	for _, y := range l.Years {
		v.Years = append(v.Years, option{fmt.Sprint(y), fmt.Sprintf("%d年", y), to.year == y})
	}
}

// text is P05: one publication.
type text struct {
	frame
	*disclosure.Publication
	First   time.Time // publication of the first edition that may be read
	Article template.HTML
	Closed  bool // opinions are no longer collected
	Before  []part
	Linked  map[string]any
	Shelf   *opinions.Row // what citizens said of it; nil where nothing is taken
	Form    *sayView      // with which they say it; nil when the time is over
	AskPath string
	to      address
}

// EditionLink is the address of another edition.
func (v text) EditionLink(n int) string {
	to := v.to
	to.edition = n
	if n == v.Editions[0].Edition {
		to.edition = 0
	}
	return to.key()
}

func (s *Site) text(ctx context.Context, to address, at place) (page, error) {
	p, err := s.Reader.Page(ctx, at.office, to.number, to.edition)
	if err != nil {
		return page{}, err
	}
	v := text{
		frame: s.frame(to, at, p.Title, "整改情况通报"), Publication: &p, Article: template.HTML(p.Article), // approved, and its digest compared
		First: p.Editions[len(p.Editions)-1].PublishedAt, Closed: s.Clock.Today() > p.OpinionsUntil, to: to,
	}
	v.Crumbs = append(v.Crumbs[:len(v.Crumbs)-1], crumb{"公开列表", at.base() + "/list"}, v.Crumbs[len(v.Crumbs)-1])
	v.Description = fmt.Sprintf("%s：反馈问题%d个，已完成%d个，长期整改%d个，正在推进%d个。", p.Title, p.Findings, p.Done, p.LongTerm, p.Ongoing)
	if s.Box != nil {
		if err := s.shelve(ctx, &v, to, at, p); err != nil {
			return page{}, err
		}
	}
	if p.Previous != nil {
		if v.Before, err = differences(p.Previous.Data, p.Data); err != nil {
			return page{}, err
		}
	}
	v.Linked = map[string]any{
		"@context": "https://schema.org", "@type": "Article", "headline": p.Title, "inLanguage": "zh-CN", "identifier": p.Number,
		"datePublished": v.First.In(inspection.Zone).Format(time.RFC3339), "dateModified": p.PublishedAt.In(inspection.Zone).Format(time.RFC3339),
		"isAccessibleForFree": true, "mainEntityOfPage": v.Canonical,
		"publisher": map[string]any{"@type": "GovernmentOrganization", "name": at.office.Office},
		"about":     map[string]any{"@type": "Organization", "name": p.UnitName},
	}
	return show(http.StatusOK, "text.html", v)
}

// shelve puts on a page what citizens said of it, and the form with which they do.
func (s *Site) shelve(ctx context.Context, v *text, to address, at place, p disclosure.Publication) error {
	shelf, err := s.Shelf.Of(ctx, at.office, to.number)
	if err != nil || shelf.Mode == opinions.Off {
		return err
	}
	v.Shelf, v.AskPath = &shelf, address{kind: kindAsk, offices: to.offices, large: to.large}.key()
	if v.Closed || p.Superseded {
		return nil
	}
	form, err := s.sayForm(to, at, p, shelf.Mode)
	v.Form = &form
	return err
}

// data is the publication as JSON: the bytes that were approved.
func (s *Site) data(ctx context.Context, to address, at place) (page, error) {
	p, err := s.Reader.Page(ctx, at.office, to.number, 0)
	if err != nil {
		return page{}, err
	}
	return newPage(http.StatusOK, "application/json; charset=utf-8", p.Data), nil
}

// part is a piece of text that a correction changed.
type part struct{ Name, Text string }

// differences lists what the older document says and the newer one does not.
func differences(older, newer []byte) ([]part, error) {
	var was, is disclosure.Document
	if err := cmp.Or(json.Unmarshal(older, &was), json.Unmarshal(newer, &is)); err != nil {
		return nil, fmt.Errorf("read publication: %w", err)
	}
	var parts []part
	for _, p := range []struct{ name, was, is string }{
		{"标题", was.Title, is.Title},
		{"导语", was.Lead, is.Lead},
		{"组织整改情况", was.Organisation, is.Organisation},
		{"主要负责人履行第一责任人责任情况", was.HeadDuty, is.HeadDuty},
		{"移交事项办理情况", was.Transfers, is.Transfers},
		{"下一步安排", was.NextSteps, is.NextSteps},
		{"监督方式", was.Contact.String(), is.Contact.String()},
	} {
		if p.was != p.is && p.was != "" {
			parts = append(parts, part{p.name, p.was})
		}
	}
	now := map[string]bool{}
	for _, it := range is.Items {
		now[it.Title+"\n"+it.String()] = true
	}
	for _, it := range was.Items {
		if !now[it.Title+"\n"+it.String()] {
			parts = append(parts, part{fmt.Sprintf("第%d条　%s", it.No, it.Title), it.String()})
		}
	}
	return parts, nil
}
