package public

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/tenants"
)

// Site serves the public pages of one province.
type Site struct {
	Reader disclosure.Reader
	Clock  inspection.Clock
	Log    *slog.Logger
	Base   *url.URL // how citizens reach the site; canonical addresses begin with it
	Demo   bool     // every page carries the line that says so

	// Box takes what citizens say about a page, and Shelf is what of it is shown; both
	// are nil or empty where nothing is taken.
	Box   *opinions.Box
	Shelf opinions.Shelf

	// Proxied says that one proxy stands before the site and appends the address of
	// whoever asks to X-Forwarded-For.
	Proxied bool

	// Top is the slug of the office whose site this is; empty: the first
	// province.
	Top string

	// Keep is how many bytes of rendered pages are kept for when the database is
	// away; 0 is 48 MiB.
	Keep int

	once     sync.Once
	kept     *kept
	offices  atomic.Pointer[region]
	troubled atomic.Int64 // until when the database is not asked, in Unix milliseconds
	changes  atomic.Pointer[changes]
	rations  rations
}

const (
	patience  = 3 * time.Second  // with the database, for one page
	respite   = 2 * time.Second  // for a database that failed
	remember  = 30 * time.Second // the tree of offices, and a page that nothing changed
	current   = time.Second      // since nothing was seen to change; what is withdrawn is gone within it
	keepBytes = 48 << 20
)

// ServeHTTP answers a citizen.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.once.Do(func() { s.kept = newKept(s.keepLimit()) })
	headers(w.Header(), r)
	to, err := parse(r.URL)
	speaks := err == nil && to.speaks()
	if r.Method != http.MethodGet && r.Method != http.MethodHead && !(speaks && r.Method == http.MethodPost) {
		w.Header().Set("Allow", "GET, HEAD")
		s.send(w, r, s.status(http.StatusMethodNotAllowed, pageNotFound))
		return
	}
	if a, ok := assets[r.URL.Path]; ok {
		a.send(w, r)
		return
	}
	if moved, ok := errors.AsType[*movedTo](err); ok {
		http.Redirect(w, r, moved.path, http.StatusMovedPermanently)
		return
	}
	if err != nil {
		s.send(w, r, s.status(http.StatusNotFound, pageNotFound))
		return
	}
	if speaks {
		s.speak(w, r, to)
		return
	}
	s.send(w, r, s.answer(r.Context(), to))
}

func (s *Site) keepLimit() int {
	if s.Keep == 0 {
		return keepBytes
	}
	return s.Keep
}

// answer returns the page at an address: as it was rendered, while that is known to
// be as the database has it; from the database; or, while that is away, as it was
// last rendered.
func (s *Site) answer(ctx context.Context, to address) page {
	if p, read, ok := s.kept.get(to.key()); ok && s.changes.Load().none(read) {
		return p
	}
	if time.Now().UnixMilli() >= s.troubled.Load() {
		p, err := s.fetch(ctx, to)
		if err == nil {
			return p
		}
		if away(err) && ctx.Err() == nil {
			s.troubled.Store(time.Now().Add(respite).UnixMilli())
		}
		if !inspection.Abandoned(ctx, err) {
			s.Log.ErrorContext(ctx, "public page from memory", slog.Any("error", err))
		}
	}
	if p, _, ok := s.kept.get(to.key()); ok {
		return p
	}
	return s.status(http.StatusServiceUnavailable, pageAway)
}

// away reports whether err says that the database cannot be reached, rather
// than that one page fails.
func away(err error) bool {
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, context.DeadlineExceeded) || inspection.KindOf(err) == inspection.Unavailable
}

// fetch renders a page from the database and keeps it. What does not exist and
// what was taken back are pages, too; an error means that nobody knows.
func (s *Site) fetch(ctx context.Context, to address) (page, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	p, err := s.render(ctx, to)
	gone, retracted := errors.AsType[*disclosure.Retracted](err)
	switch {
	case retracted:
		p = s.gone(ctx, to, gone)
	case inspection.KindOf(err) == inspection.NotFound:
		s.kept.drop(to.key())
		return s.status(http.StatusNotFound, pageNotFound), nil
	case err != nil:
		return page{}, err
	}
	if to.keepable() {
		s.kept.put(to, p, began)
	}
	return p, nil
}

// render builds the page at an address.
func (s *Site) render(ctx context.Context, to address) (page, error) {
	reg, err := s.region(ctx)
	if err != nil {
		return page{}, err
	}
	at, err := reg.find(to.offices)
	if err != nil {
		return page{}, err
	}
	switch to.kind {
	case kindHome:
		return s.home(ctx, to, at)
	case kindList:
		return s.list(ctx, to, at)
	case kindFind:
		return s.find(ctx, to, at)
	case kindText:
		return s.text(ctx, to, at)
	case kindData:
		return s.data(ctx, to, at)
	case kindFeed:
		return s.feed(ctx, to, at)
	case kindTable:
		return s.table(ctx, to, at)
	case kindPages:
		return s.pages(ctx, at)
	case kindSitemap:
		return s.sitemap(ctx, at)
	case kindRobots:
		return s.robots(), nil
	}
	return page{}, fmt.Errorf("no page of kind %d", to.kind)
}

// region is the tree of offices, as it was read at some time. Names of offices
// are public and change with the map.
type region struct {
	read  time.Time
	top   tenants.Tenant
	below map[tenants.ID][]tenants.Tenant // by region code
}

func (s *Site) region(ctx context.Context) (*region, error) {
	if reg := s.offices.Load(); reg != nil && time.Since(reg.read) < remember {
		return reg, nil
	}
	all, err := s.Reader.DB.All(ctx)
	if err != nil {
		return nil, err
	}
	reg := &region{read: time.Now(), below: map[tenants.ID][]tenants.Tenant{}}
	for _, t := range all {
		if t.Parent != nil {
			reg.below[*t.Parent] = append(reg.below[*t.Parent], t)
			continue
		}
		if s.Top == t.Slug || s.Top == "" && reg.top.ID == 0 {
			reg.top = t
		}
	}
	if reg.top.ID == 0 {
		return nil, errors.New("there is no office whose site this could be")
	}
	s.offices.Store(reg)
	return reg, nil
}

// any reports whether something holds for one of the offices.
func (reg *region) any(holds func(tenants.Tenant) bool) bool {
	for _, below := range reg.below {
		if slices.ContainsFunc(below, holds) {
			return true
		}
	}
	return holds(reg.top)
}

// place is an office and those above it, from the top of the site.
type place struct {
	path   []tenants.Tenant
	office tenants.Tenant
	below  []tenants.Tenant
	region *region
}

// find returns the place that slugs name, each an office below the one before.
func (reg *region) find(slugs []string) (place, error) {
	at := place{path: []tenants.Tenant{reg.top}, office: reg.top, region: reg}
next:
	for _, slug := range slugs {
		for _, t := range reg.below[at.office.ID] {
			if t.Slug == slug {
				at.office, at.path = t, append(at.path, t)
				continue next
			}
		}
		return place{}, inspection.Errorf(inspection.NotFound, "not-found", "没有这个页面。")
	}
	at.below = reg.below[at.office.ID]
	return at, nil
}

// base is the address of an office's home: "" for the top.
func (at place) base() string {
	var b string
	for _, t := range at.path[1:] {
		b += "/" + t.Slug
	}
	return b
}
