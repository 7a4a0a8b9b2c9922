package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

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
			func(_ context.Context, in *failInput) (*echoOutput, error) {
				if in.How == "panic" {
					panic("canary-panic")
				}
				return nil, errors.New("canary-error select * from findings")
			})
		register(s, a, huma.Operation{OperationID: "count", Method: http.MethodGet, Path: "/v1/offices/{office}/count"},
			permission{Roles: everybody, Level: P1, Act: "read"},
			func(ctx context.Context, in *countInput) (*listed[int], error) {
				return page(ctx, s, in.Listing, func(cursor string) (p inspection.Page[int], err error) {
					at, _ := strconv.Atoi(cursor)
					return inspection.Page[int]{Items: []int{at}, Next: strconv.Itoa(at + 1), Total: 9}, nil
				})
			})
		return s.front(mux)
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
