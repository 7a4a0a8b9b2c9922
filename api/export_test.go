package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
)

// EchoRooms has operations that only tests call: one that takes text, one that
// fails in a way nobody foresaw, one that panics.
func EchoRooms(called func()) func(*Services) http.Handler {
	return func(s *Services) http.Handler {
		mux := http.NewServeMux()
		a := New(mux, s)
		register(s, a, huma.Operation{OperationID: "echo", Method: http.MethodPost, Path: "/v1/offices/{office}/echo"},
			permission{Roles: everybody, Level: P1, Act: "test.echo"},
			func(_ context.Context, in *echoInput) (*echoOutput, error) {
				called()
				return &echoOutput{ETag: etag(3), Body: in.Body}, nil
			})
		register(s, a, huma.Operation{OperationID: "fail", Method: http.MethodGet, Path: "/v1/offices/{office}/fail"},
			permission{Roles: everybody, Level: P1, Act: "read"},
			func(ctx context.Context, in *failInput) (*echoOutput, error) {
				called()
				switch in.How {
				case "panic":
					panic("canary-panic")
				case "wait":
					<-ctx.Done()
					return nil, fmt.Errorf("canary-left: %w", ctx.Err())
				case "late":
					late, cancel := context.WithTimeout(ctx, time.Millisecond)
					defer cancel()
					<-late.Done()
					return nil, fmt.Errorf("canary-late: %w", late.Err())
				case "running":
					return nil, inspection.Errorf(inspection.Conflict, "in-progress", "还在处理。")
				case "busy":
					return nil, inspection.Errorf(inspection.Busy, "busy", "请稍后。")
				case "away":
					return nil, inspection.Errorf(inspection.Unavailable, "database-unavailable", "请稍后。")
				case "big":
					return &echoOutput{Body: echoBody{Title: strings.Repeat("x", 32<<20)}}, nil
				}
				return nil, errors.New("canary-error select * from findings")
			})
		register(s, a, huma.Operation{OperationID: "half", Method: http.MethodGet, Path: "/v1/offices/{office}/half"},
			permission{Roles: everybody, Level: P1, Act: "read"},
			func(context.Context, *failInput) (*huma.StreamResponse, error) {
				return &huma.StreamResponse{Body: func(c huma.Context) {
					_, _ = io.WriteString(c.BodyWriter(), "half of an answer")
					panic("canary-half")
				}}, nil
			})
		register(s, a, huma.Operation{OperationID: "count", Method: http.MethodGet, Path: "/v1/offices/{office}/count"},
			permission{Roles: everybody, Level: P1, Act: "read"},
			func(ctx context.Context, in *countInput) (*listed[int], error) {
				return page(ctx, s, in.Listing, func(cursor string) (p inspection.Page[int], err error) {
					at, _ := strconv.Atoi(cursor)
					return inspection.Page[int]{Items: []int{at}, Next: strconv.Itoa(at + 1), Total: 9}, nil
				})
			})
		return s.front(mux, a.OpenAPI())
	}
}

type countInput struct {
	Listing
	Q string `query:"q" maxLength:"10"`
}

type echoInput struct {
	Posting
	Body echoBody
}

type echoBody struct {
	Title string `json:"title" maxLength:"20"`
	N     int    `json:"n,omitempty" minimum:"0" maximum:"9"`
	When  string `json:"when,omitempty" format:"date-time" maxLength:"40"`
	Kind  string `json:"kind,omitempty" enum:"甲,乙"`
	IDs   []int  `json:"ids,omitempty" maxItems:"3"`
}

type echoOutput struct {
	ETag string `header:"ETag"`
	Body echoBody
}

type failInput struct {
	Acting
	How   string `query:"how" maxLength:"10"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// SetPatience says how long a JSON body may take to arrive.
func (s *Services) SetPatience(d time.Duration) { s.patience = d }

// Generation is how many senders a generation holds.
const Generation = generation

// Limiter lets tests send from many addresses at one moment.
type Limiter struct {
	l   *limiter
	now time.Time
}

// NewLimiter returns a limiter whose clock stands still.
func NewLimiter(perSecond int) *Limiter { return &Limiter{newLimiter(perSecond), time.Now()} }

// Allow reports whether a request from an address may pass.
func (l *Limiter) Allow(address string) bool {
	_, ok := l.l.allow(&http.Request{RemoteAddr: address}, l.now)
	return ok
}

// Remembered returns how many senders are remembered.
func (l *Limiter) Remembered() int { return len(l.l.young) + len(l.l.old) }
