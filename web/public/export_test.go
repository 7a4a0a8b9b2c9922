package public

import (
	"context"
	"errors"
	"net/url"
	"time"

	"xuncha/tenants"
)

// Key returns the key of the page at an address.
func Key(u *url.URL) (string, error) {
	to, err := parse(u)
	return to.key(), err
}

// Moved returns where err leads, or "".
func Moved(err error) string {
	if m, ok := errors.AsType[*movedTo](err); ok {
		return m.path
	}
	return ""
}

// CatchUp is one turn of Follow that remembers nothing: everything is rendered.
func (s *Site) CatchUp(ctx context.Context) error {
	s.once.Do(func() { s.kept = newKept(s.keepLimit()) })
	return s.catchUp(ctx, map[tenants.ID]string{})
}

// StaysCurrent has the last look for changes count as the latest for an hour.
func (s *Site) StaysCurrent() {
	c := *s.changes.Load()
	c.looked = c.looked.Add(time.Hour)
	s.changes.Store(&c)
}
