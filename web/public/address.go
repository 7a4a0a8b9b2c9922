package public

import (
	"errors"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

type kind int

const (
	kindHome    kind = iota // 首页
	kindList                // 公开列表
	kindFind                // 查询, over all regions or one
	kindText                // 公开详情
	kindData                // the same as JSON
	kindFeed                // 订阅, in one of three formats
	kindTable               // all publications as open data, in one of two formats
	kindPages               // the pages of one office, for search engines
	kindSitemap             // the lists of pages of all offices
	kindRobots
	kindSay // 提交意见, about one publication
	kindAsk // 意见查询, of one office
)

// files are the last parts of addresses that name a file and not a page.
var files = map[string]address{
	"feed.xml": {kind: kindFeed, format: "xml"}, "feed.atom": {kind: kindFeed, format: "atom"}, "feed.json": {kind: kindFeed, format: "json"},
	"data.csv": {kind: kindTable, format: "csv"}, "data.json": {kind: kindTable, format: "json"},
	"pages.xml": {kind: kindPages}, "sitemap.xml": {kind: kindSitemap}, "robots.txt": {kind: kindRobots},
}

// address is what an address of the site asks for: everything else in it is
// ignored, so that two spellings of one page are one page.
type address struct {
	kind    kind
	offices []string // slugs below the top
	number  string
	edition int
	format  string // of a file
	large   bool   // 大字版

	term, seq int // of the round
	unitKind  string
	year      int
	words     string
	region    []string // that a search keeps to: slugs below the top
	page      int
}

const maxWords = 200 // characters of a query

// leaves are the parts of addresses that name no office.
var leaves = []string{"list", "zg", "search", "opinion"}

var (
	errNoPage   = errors.New("no such page")
	indexNumber = regexp.MustCompile(`^[A-Z]{1,6}-XC-[0-9]{4}-[0-9]{2}-[0-9]{2,4}$`)
	slug        = regexp.MustCompile(`^[a-z][a-z0-9-]{1,40}$`)
	roundKey    = regexp.MustCompile(`^[0-9]{1,3}-[0-9]{1,3}$`)
	unitKinds   = []string{"department", "township", "enterprise", "institution", "village"}
)

// movedTo tells where an address that is spelt another way leads.
type movedTo struct{ path string }

// Error returns where.
func (m *movedTo) Error() string { return "moved to " + m.path }

// parse reads an address.
func parse(u *url.URL) (address, error) {
	if !strings.HasPrefix(u.Path, "/") {
		return address{}, errNoPage
	}
	if clean := path.Clean(u.Path); clean != u.Path {
		if u.RawQuery != "" {
			clean += "?" + u.RawQuery
		}
		if strings.HasPrefix(clean, "//") || strings.ContainsAny(clean, "\\") {
			return address{}, errNoPage
		}
		return address{}, &movedTo{clean}
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return address{}, errNoPage
	}
	to := address{large: q.Get("size") == "l", page: 1}
	rest := strings.Split(strings.Trim(u.Path, "/"), "/")
	if rest[0] == "" {
		rest = nil
	}
	for len(rest) > 0 && !slices.Contains(leaves, rest[0]) && files[rest[0]].kind == kindHome {
		if !slug.MatchString(rest[0]) || len(to.offices) == 2 {
			return address{}, errNoPage
		}
		to.offices, rest = append(to.offices, rest[0]), rest[1:]
	}
	return to, to.leaf(rest, q)
}

func (to *address) leaf(rest []string, q url.Values) error {
	switch {
	case len(rest) == 0:
		to.kind = kindHome
	case len(rest) == 1 && rest[0] == "list":
		to.kind = kindList
		return to.filters(q)
	case len(rest) == 1 && rest[0] == "search" && len(to.offices) == 0:
		to.kind = kindFind
		if region := q.Get("region"); region != "" {
			to.region = strings.Split(region, "/")
		}
		if len(to.region) > 2 || slices.ContainsFunc(to.region, func(s string) bool { return !slug.MatchString(s) }) {
			return errNoPage
		}
		return to.filters(q)
	case len(rest) == 2 && rest[0] == "zg" && indexNumber.MatchString(rest[1]):
		to.kind, to.number = kindText, rest[1]
		return number(q.Get("edition"), 1000, &to.edition)
	case len(rest) == 3 && rest[0] == "zg" && indexNumber.MatchString(rest[1]) && rest[2] == "data.json":
		to.kind, to.number, to.large = kindData, rest[1], false
	case len(rest) == 3 && rest[0] == "zg" && indexNumber.MatchString(rest[1]) && rest[2] == "opinion":
		to.kind, to.number = kindSay, rest[1]
	case len(rest) == 1 && rest[0] == "opinion":
		to.kind = kindAsk
	case len(rest) == 1 && files[rest[0]].kind != kindHome:
		file := files[rest[0]]
		to.kind, to.format, to.large = file.kind, file.format, false
		if to.kind >= kindSitemap && len(to.offices) > 0 {
			return errNoPage
		}
	default:
		return errNoPage
	}
	return nil
}

func (to *address) filters(q url.Values) error {
	if r := q.Get("round"); roundKey.MatchString(r) {
		term, seq, _ := strings.Cut(r, "-")
		to.term, _ = strconv.Atoi(term)
		to.seq, _ = strconv.Atoi(seq)
	} else if r != "" {
		return errNoPage
	}
	if to.unitKind = q.Get("type"); to.unitKind != "" && !slices.Contains(unitKinds, to.unitKind) {
		return errNoPage
	}
	to.words = strings.TrimSpace(q.Get("q"))
	if !utf8.ValidString(to.words) || utf8.RuneCountInString(to.words) > maxWords || strings.ContainsRune(to.words, 0) {
		return errNoPage
	}
	if err := number(q.Get("year"), 9999, &to.year); err != nil {
		return err
	}
	return number(q.Get("page"), 100_000, &to.page)
}

// number reads a positive number, if there is one.
func number(s string, most int, into *int) error {
	if s == "" {
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most || strconv.Itoa(n) != s {
		return errNoPage
	}
	*into = n
	return nil
}

// path is the address's path.
func (to address) path() string {
	p := ""
	for _, o := range to.offices {
		p += "/" + o
	}
	switch to.kind {
	case kindList:
		p += "/list"
	case kindFind:
		p += "/search"
	case kindText:
		p += "/zg/" + to.number
	case kindData:
		p += "/zg/" + to.number + "/data.json"
	case kindSay:
		p += "/zg/" + to.number + "/opinion"
	case kindAsk:
		p += "/opinion"
	case kindFeed:
		p += "/feed." + to.format
	case kindTable:
		p += "/data." + to.format
	case kindPages:
		p += "/pages.xml"
	case kindSitemap:
		p += "/sitemap.xml"
	case kindRobots:
		p += "/robots.txt"
	}
	if p == "" {
		return "/"
	}
	return p
}

// query is the address's query in one spelling, with or without its question
// mark.
func (to address) query() string {
	q := url.Values{}
	set := func(name, value string, want bool) {
		if want {
			q.Set(name, value)
		}
	}
	set("edition", strconv.Itoa(to.edition), to.edition > 0)
	set("round", strconv.Itoa(to.term)+"-"+strconv.Itoa(to.seq), to.term > 0 || to.seq > 0)
	set("type", to.unitKind, to.unitKind != "")
	set("year", strconv.Itoa(to.year), to.year > 0)
	set("q", to.words, to.words != "")
	set("region", strings.Join(to.region, "/"), len(to.region) > 0)
	set("page", strconv.Itoa(to.page), to.page > 1)
	set("size", "l", to.large)
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// key names the page in memory.
func (to address) key() string { return to.path() + to.query() }

// keepable reports whether the page is one of those that exist: the pages that
// anybody could ask for in endless number are not kept, nor are tables of
// everything, which would push the pages out.
func (to address) keepable() bool {
	return to.words == "" && len(to.region) == 0 && to.edition == 0 && to.kind != kindTable && !to.speaks()
}

// speaks reports whether the page is one on which citizens say something.
func (to address) speaks() bool { return to.kind == kindSay || to.kind == kindAsk }
