package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/tenants"
)

// contacts says whom to ask in the office: every dead end names somebody.
func (s *Services) contacts(api huma.API) {
	register(s, api, huma.Operation{
		OperationID: "list-contacts", Method: http.MethodGet, Path: "/v1/offices/{office}/contacts",
		Summary: "Who does the daily work of the office and can be asked", Tags: []string{"Members"},
	}, permission{Roles: everybody, Level: P1, Act: "read"}, s.listContacts)
}

type contactsOutput struct {
	Body struct {
		Items []tenants.Contact `json:"items" nullable:"false" maxItems:"5"`
	}
}

func (s *Services) listContacts(ctx context.Context, _ *struct{ Acting }) (*contactsOutput, error) {
	all, err := s.Members.Contacts(ctx, scopeOf(ctx))
	out := &contactsOutput{}
	out.Body.Items = all
	return out, err
}
