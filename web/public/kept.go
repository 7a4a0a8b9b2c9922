package public

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"xuncha/tenants"
)

// kept holds rendered pages up to a number of bytes; those not asked for longest
// go first.
type kept struct {
	mu    sync.Mutex
	limit int
	size  int
	order *list.List // of *entry, last used first
	pages map[string]*list.Element
}

type entry struct {
	key  string
	page page
	at   string    // the office's slugs
	read time.Time // when its reading from the database began
}

func (e *entry) size() int { return len(e.key) + len(e.page.body) + len(e.page.zipped) }

func newKept(limit int) *kept {
	return &kept{limit: limit, order: list.New(), pages: map[string]*list.Element{}}
}

// get returns a page and when its reading began.
func (k *kept) get(key string) (page, time.Time, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.pages[key]
	if !ok {
		return page{}, time.Time{}, false
	}
	k.order.MoveToFront(e)
	return e.Value.(*entry).page, e.Value.(*entry).read, true
}

// put keeps a page whose reading began at a time, unless one that was read later is
// there.
func (k *kept) put(to address, p page, read time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := to.key()
	if e, ok := k.pages[key]; ok && e.Value.(*entry).read.After(read) {
		return
	}
	k.remove(key)
	e := &entry{key, p, strings.Join(to.offices, "/"), read}
	k.pages[key] = k.order.PushFront(e)
	for k.size += e.size(); k.size > k.limit && k.order.Len() > 1; {
		k.remove(k.order.Back().Value.(*entry).key)
	}
}

func (k *kept) drop(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.remove(key)
}

// sweep drops the pages of an office that were read before a time.
func (k *kept) sweep(at string, before time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for key, e := range k.pages {
		if e := e.Value.(*entry); e.at == at && e.read.Before(before) {
			k.remove(key)
		}
	}
}

func (k *kept) remove(key string) {
	if e, ok := k.pages[key]; ok {
		k.size -= e.Value.(*entry).size()
		k.order.Remove(e)
		delete(k.pages, key)
	}
}

// Follow keeps the pages in memory equal to what is published, until ctx ends:
// whatever changes in an office's publications is rendered anew, pages nobody
// asked for yet included. What was withdrawn is thus gone from memory within
// every, even if the database goes away right after.
func (s *Site) Follow(ctx context.Context, every time.Duration) error {
	s.once.Do(func() { s.kept = newKept(s.keepLimit()) })
	seen := map[tenants.ID]string{}
	for {
		if err := s.catchUp(ctx, seen); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "public pages in memory may be old", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(every):
		}
	}
}

// changes is what is known of changes in what is published.
type changes struct {
	looked time.Time // when the last look for them began
	last   time.Time // when the look ended that found the last one
}

// none reports whether a page whose reading began at a time is still as the database
// has it, or had it a moment ago.
func (c *changes) none(read time.Time) bool {
	return c != nil && read.After(c.last) && time.Since(read) < remember && time.Since(c.looked) < current
}

// catchUp renders what changed since seen, and notes it there.
func (s *Site) catchUp(ctx context.Context, seen map[tenants.ID]string) error {
	began := time.Now()
	reg, err := s.region(ctx)
	if err != nil {
		return err
	}
	marks, err := s.Reader.Marks(ctx, reg.top)
	if err != nil {
		return err
	}
	if s.Shelf.DB != nil {
		shelves, err := s.Shelf.Marks(ctx, reg.top)
		if err != nil {
			return err
		}
		for id, mark := range shelves {
			marks[id] += " " + mark
		}
	}
	changed := func(t tenants.Tenant) bool {
		mark, known := seen[t.ID]
		return !known || mark != marks[t.ID]
	}
	found := changes{looked: began, last: time.Now()}
	if before := s.changes.Load(); before != nil && !reg.any(changed) {
		found.last = before.last
	}
	s.changes.Store(&found)
	return s.visit(ctx, place{path: []tenants.Tenant{reg.top}, office: reg.top, below: reg.below[reg.top.ID], region: reg},
		changed, func(t tenants.Tenant) { seen[t.ID] = marks[t.ID] })
}

// visit renders the pages of the offices that changed, from the leaves up: the
// home of an office shows what those below it published. One office that cannot be
// rendered does not stop the others.
func (s *Site) visit(ctx context.Context, at place, changed func(tenants.Tenant) bool, done func(tenants.Tenant)) error {
	stale := changed(at.office)
	var errs []error
	for _, t := range at.below {
		below := place{path: append(at.path[:len(at.path):len(at.path)], t), office: t, below: at.region.below[t.ID], region: at.region}
		stale = stale || changed(t)
		for _, tt := range below.below {
			stale = stale || changed(tt)
		}
		errs = append(errs, s.visit(ctx, below, changed, done))
		if err := errors.Join(errs...); away(err) || ctx.Err() != nil {
			return err
		}
	}
	if stale {
		err := s.refresh(ctx, at)
		if err == nil {
			done(at.office)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// refresh renders the pages of one office, as often as they come in two sizes, and
// drops the others: a filtered list, the data of a page, one that cannot be rendered.
func (s *Site) refresh(ctx context.Context, at place) error {
	began := time.Now()
	var slugs []string
	for _, t := range at.path[1:] {
		slugs = append(slugs, t.Slug)
	}
	numbers, err := s.Reader.Numbers(ctx, at.office)
	if err != nil {
		return fmt.Errorf("%s: %w", at.office.Slug, err)
	}
	var errs []error
	for _, to := range pagesOf(slugs, numbers) {
		if _, err := s.fetch(ctx, to); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", to.path(), err))
			if away(err) || ctx.Err() != nil {
				return errors.Join(errs...) // what is in memory is all there is
			}
		}
	}
	s.kept.sweep(strings.Join(slugs, "/"), began)
	return errors.Join(errs...)
}

// pagesOf lists what an office with these numbers shows everybody.
func pagesOf(slugs, numbers []string) []address {
	var all []address
	for _, large := range []bool{true, false} {
		for _, number := range slices.Backward(numbers) {
			all = append(all, address{kind: kindText, offices: slugs, number: number, large: large, page: 1})
		}
		for n := 1; n == 1 || n <= (len(numbers)+perPage-1)/perPage; n++ {
			all = append(all, address{kind: kindList, offices: slugs, large: large, page: n})
		}
		all = append(all, address{kind: kindHome, offices: slugs, large: large, page: 1})
	}
	for _, file := range files {
		if file.kind == kindFeed || file.kind == kindPages {
			all = append(all, address{kind: file.kind, format: file.format, offices: slugs, page: 1})
		}
	}
	return all
}
