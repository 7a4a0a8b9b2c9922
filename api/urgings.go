package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// urgings has what an office above urges an office below to (上级督办): one row that
// the one signs and the other signs for.
func (s *Services) urgings(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.UrgingState](), reflect.TypeFor[urgingStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.UrgingAction](), reflect.TypeFor[urgingActionSchema]())
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}/urgings" + path, Summary: summary, Tags: []string{"Reminders"}}
	}
	read := permission{Roles: staff, Level: P1, Act: "read"}
	register(s, api, op("list-urgings", http.MethodGet, "", "What your office urges offices below to, and is urged to from above"), read, s.listUrgings)
	register(s, api, op("get-urging", http.MethodGet, "/{id}", "One of them, with its text"), read, s.getUrging)
	register(s, api, op("sign-urging", http.MethodPost, "/{id}/sign", "Sign it, which sends it below; asks for a fresh proof of identity"),
		permission{Roles: []tenants.Role{tenants.CITY, tenants.PROV}, Level: P1, Act: "urging.sign"}, s.signUrging)
	register(s, api, op("drop-urging", http.MethodPost, "/{id}/drop", "Decide against it, with a reason"),
		permission{Roles: []tenants.Role{tenants.CITY, tenants.PROV}, Level: P1, Act: "urging.drop"}, s.dropUrging)
	register(s, api, docxOperation(op("export-urging", http.MethodPost, "/{id}/export", "One of them as a Word document in the layout of official documents")),
		permission{Roles: staff, Level: P1, Act: "urging.export"}, s.exportUrging)
	register(s, api, op("receive-urging", http.MethodPost, "/{id}/receipt", "Sign for it (签收)"),
		permission{Roles: []tenants.Role{tenants.DIR, tenants.OFF, tenants.CITY}, Level: P1, Act: "urging.receive"}, s.receiveUrging)
}

type (
	urgingStateSchema  string
	urgingActionSchema string
)

// Schema lists the states of an urging.
func (urgingStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.UrgingStates())
}

// Schema lists what people do with urgings.
func (urgingActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.UrgingActions())
}

type listUrgingsInput struct{ Listing }

func (s *Services) listUrgings(ctx context.Context, in *listUrgingsInput) (*listed[rectification.Urging], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[rectification.Urging], error) {
		return s.Reminders.Urgings(ctx, scopeOf(ctx), cursor, in.Limit)
	})
}

type urgingOutput struct{ Body rectification.Urging }

func (s *Services) getUrging(ctx context.Context, in *letterInput) (*urgingOutput, error) {
	g, err := s.Reminders.Urging(ctx, scopeOf(ctx), in.ID)
	return &urgingOutput{Body: g}, err
}

type urgingInput struct {
	Posting
	ReminderPath
}

func (s *Services) signUrging(ctx context.Context, in *urgingInput) (*urgingOutput, error) {
	g, err := s.Reminders.SignUrging(ctx, scopeOf(ctx), in.ID)
	return &urgingOutput{Body: g}, err
}

func (s *Services) dropUrging(ctx context.Context, in *dropInput) (*urgingOutput, error) {
	g, err := s.Reminders.DropUrging(ctx, scopeOf(ctx), in.ID, in.Body.Reason)
	return &urgingOutput{Body: g}, err
}

func (s *Services) receiveUrging(ctx context.Context, in *urgingInput) (*urgingOutput, error) {
	g, err := s.Reminders.ReceiveUrging(ctx, scopeOf(ctx), in.ID)
	return &urgingOutput{Body: g}, err
}

func (s *Services) exportUrging(ctx context.Context, in *letterInput) (*huma.StreamResponse, error) {
	f, err := s.Documents.Urging(ctx, scopeOf(ctx), in.ID)
	return file(f, docx, err)
}
