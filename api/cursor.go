package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"xuncha/inspection"
)

// Listing is part of every input of a list.
type Listing struct {
	Reading
	Cursor string `query:"cursor" maxLength:"1000" doc:"Next of the page before; good for the same person and the same filters"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// listed is a page of a list as it is sent.
type listed[T any] struct{ Body inspection.Page[T] }

// page opens the cursor of in, reads a page with it, and seals the next one. A
// cursor is good for the person, the office and the filters that it was made
// for: what a room puts into it cannot be forged or used elsewhere.
func page[T any](ctx context.Context, s *Services, in Listing, read func(cursor string) (inspection.Page[T], error)) (*listed[T], error) {
	cursor := ""
	if in.Cursor != "" {
		var ok bool
		if cursor, ok = s.open(ctx, in.Cursor); !ok {
			return nil, newProblem(http.StatusBadRequest, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
		}
	}
	p, err := read(cursor)
	if err != nil {
		return nil, err
	}
	if p.Items == nil {
		p.Items = []T{}
	}
	if p.Next != "" {
		p.Next = s.seal(ctx, p.Next)
	}
	return &listed[T]{Body: p}, nil
}

func (s *Services) seal(ctx context.Context, raw string) string {
	return base64.RawURLEncoding.EncodeToString(append(s.mac(ctx, raw), raw...))
}

func (s *Services) open(ctx context.Context, sealed string) (string, bool) {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(b) < macSize {
		return "", false
	}
	raw := string(b[macSize:])
	return raw, hmac.Equal(b[:macSize], s.mac(ctx, raw))
}

const macSize = 16

// mac binds a cursor to who asks, for which office, and what is asked apart from
// the cursor and the size of the page.
func (s *Services) mac(ctx context.Context, raw string) []byte {
	scope := scopeOf(ctx)
	m := hmac.New(sha256.New, s.CursorKey)
	for _, part := range []string{scope.Office().Slug, scope.Member().String(), string(scope.Role()), requestOf(ctx).list, raw} {
		m.Write([]byte(part))
		m.Write([]byte{0})
	}
	return m.Sum(nil)[:macSize]
}
