package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
)

// raisedExtensions has requests for more time that the office one level above decides:
// one row that the one office passed up and the other decides.
func (s *Services) raisedExtensions(api huma.API) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}/raised-extensions" + path, Summary: summary, Tags: []string{"Extensions"}}
	}
	read := permission{Roles: staff, Level: P1, Act: "read"}
	deciders := []tenants.Role{tenants.CITY, tenants.PROV}
	register(s, api, op("list-raised-extensions", http.MethodGet, "", "Requests for more time that offices below passed up to yours, and those that yours passed up"), read, s.listRaised)
	register(s, api, op("get-raised-extension", http.MethodGet, "/{extension}", "One of them, with what is needed to decide it"), read, s.getRaised)
	register(s, api, op("grant-extension", http.MethodPost, "/{extension}/grant", "Grant what an office below passed up, or an earlier day; asks for a fresh proof of identity"),
		permission{Roles: deciders, Level: P1, Act: "extension.grant"}, s.grantExtension)
	register(s, api, op("deny-extension", http.MethodPost, "/{extension}/deny", "Decide against what an office below passed up; the deadline stays"),
		permission{Roles: deciders, Level: P1, Act: "extension.deny"}, s.denyExtension)
}

type listRaisedInput struct{ Listing }

func (s *Services) listRaised(ctx context.Context, in *listRaisedInput) (*listed[extensions.Raised], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[extensions.Raised], error) {
		return s.Extensions.Raised(ctx, scopeOf(ctx), cursor, in.Limit)
	})
}

type getRaisedInput struct {
	Reading
	Extension inspection.ExtensionID `path:"extension" format:"uuid"`
}

type raisedOutput struct {
	ETag string `header:"ETag"`
	Body extensions.Raised
}

func (s *Services) getRaised(ctx context.Context, in *getRaisedInput) (*raisedOutput, error) {
	r, err := s.Extensions.RaisedOne(ctx, scopeOf(ctx), in.Extension)
	return &raisedOutput{ETag: etag(r.Version), Body: r}, err
}

type forwardExtensionInput struct {
	ChangingExtension
	Body struct {
		Opinion string `json:"opinion" minLength:"1" maxLength:"1000" doc:"Of the own office (转报意见)"`
	}
}

func (s *Services) forwardExtension(ctx context.Context, in *forwardExtensionInput) (*extensionOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return extended(s.Extensions.Forward(ctx, scopeOf(ctx), in.Extension, version, in.Body.Opinion))
}

func (s *Services) grantExtension(ctx context.Context, in *grantExtensionInput) (*extensionOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return extended(s.Extensions.Grant(ctx, scopeOf(ctx), in.Extension, version, in.Body))
}

func (s *Services) denyExtension(ctx context.Context, in *endExtensionInput) (*extensionOutput, error) {
	return s.endExtension(ctx, in, s.Extensions.Deny)
}
