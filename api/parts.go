package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Parts says which screens that not every office needs have something to show in this
// one: what is false stands in no navigation.
type Parts struct {
	RaisedExtensions bool `json:"raised_extensions" doc:"延期报批: the policy has more time decided one level above, or some requests were"`
}

// parts has what the navigation of an office depends on beside the role.
func (s *Services) parts(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "get-parts",
		Method:      http.MethodGet,
		Path:        "/v1/offices/{office}/parts",
		Summary:     "Which screens that not every office needs have something to show",
		Tags:        []string{"Session"},
	}, permission{Roles: staff, Level: P1, Act: "read"}, s.getParts)
}

type partsOutput struct{ Body Parts }

func (s *Services) getParts(ctx context.Context, _ *struct{ Acting }) (*partsOutput, error) {
	raised, err := s.Extensions.AnyRaised(ctx, scopeOf(ctx))
	return &partsOutput{Body: Parts{RaisedExtensions: raised}}, err
}
