package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
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
		return s.front(mux)
	}
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
