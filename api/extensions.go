package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/tenants"
)

// extensions has requests for more time (延期、转长期整改) and the history of an item's
// clock.
func (s *Services) extensions(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[extensions.ListID](), reflect.TypeFor[idSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[extensions.State](), reflect.TypeFor[extensionStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[extensions.Action](), reflect.TypeFor[extensionActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[extensions.Kind](), reflect.TypeFor[extensionKindSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.DueKind](), reflect.TypeFor[dueKindSchema]())
	unit := []tenants.Role{tenants.UNIT, tenants.HEAD}
	approvers := []tenants.Role{tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Extensions"}}
	}
	register(s, api, op("get-extensions", http.MethodGet, "/items/{id}/extensions", "Requests for more time for an item, and every last day that it had"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getExtensions)
	ask := op("ask-extension", http.MethodPost, "/items/{id}/extensions", "Ask for a later day (延期), or to go on as a long-term item (转长期整改)")
	ask.DefaultStatus = http.StatusCreated
	register(s, api, ask, permission{Roles: unit, Level: P1, Act: "extension.ask"}, s.askExtension)
	register(s, api, op("sign-extension", http.MethodPost, "/extensions/{extension}/sign", "Sign as the head of the unit; asks for a fresh proof of identity"),
		permission{Roles: []tenants.Role{tenants.HEAD}, Level: P1, Act: "extension.sign"}, s.signExtension)
	list := op("ask-extension-list", http.MethodPost, "/extension-lists", "Ask for later days for several items, to be signed as one list (批量申请延期)")
	list.DefaultStatus = http.StatusCreated
	register(s, api, list, permission{Roles: unit, Level: P1, Act: "extension.ask"}, s.askExtensionList)
	register(s, api, op("get-extension-list", http.MethodGet, "/extension-lists/{list}", "A list of requests that are signed as one"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getExtensionList)
	register(s, api, op("sign-extension-list", http.MethodPost, "/extension-lists/{list}/sign", "Sign a whole list as the head of the unit; asks for a fresh proof of identity"),
		permission{Roles: []tenants.Role{tenants.HEAD}, Level: P1, Act: "extension.sign"}, s.signExtensionList)
	register(s, api, op("withdraw-extension", http.MethodPost, "/extensions/{extension}/withdraw", "Take a request back before it is decided"),
		permission{Roles: unit, Level: P1, Act: "extension.withdraw"}, s.withdrawExtension)
	register(s, api, op("forward-extension", http.MethodPost, "/extensions/{extension}/forward", "Pass a request up to the office that decides it, with an opinion (转报); asks for a fresh proof of identity"),
		permission{Roles: []tenants.Role{tenants.DIR, tenants.CITY}, Level: P1, Act: "extension.forward"}, s.forwardExtension)
	register(s, api, op("approve-extension", http.MethodPost, "/extensions/{extension}/approve", "Grant what was asked for; asks for a fresh proof of identity"),
		permission{Roles: approvers, Level: P1, Act: "extension.approve"}, s.approveExtension)
	register(s, api, op("refuse-extension", http.MethodPost, "/extensions/{extension}/refuse", "Decide against a request; the deadline stays"),
		permission{Roles: approvers, Level: P1, Act: "extension.refuse"}, s.refuseExtension)
	s.raisedExtensions(api)
}

type (
	extensionStateSchema  string
	extensionActionSchema string
	extensionKindSchema   string
	dueKindSchema         string
)

// Schema lists the states of a request.
func (extensionStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(extensions.Requests().States())
}

// Schema lists what is done with a request.
func (extensionActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(extensions.Requests().Acts())
}

// Schema lists what may be asked for.
func (extensionKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(extensions.Kinds()) }

// Schema lists how deadlines come about.
func (dueKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.DueKinds()) }

type extensionsOutput struct{ Body extensions.Page }

func (s *Services) getExtensions(ctx context.Context, in *itemInput) (*extensionsOutput, error) {
	p, err := s.Extensions.Of(ctx, scopeOf(ctx), in.ID)
	return &extensionsOutput{Body: p}, err
}

type extensionOutput struct {
	ETag string `header:"ETag"`
	Body extensions.Request
}

func extended(r extensions.Request, err error) (*extensionOutput, error) {
	return &extensionOutput{ETag: etag(r.Version), Body: r}, err
}

type askExtensionInput struct {
	Posting
	ItemPath
	Body extensions.Asking
}

func (s *Services) askExtension(ctx context.Context, in *askExtensionInput) (*extensionOutput, error) {
	return extended(s.Extensions.Ask(ctx, scopeOf(ctx), in.ID, in.Body))
}

// ChangingExtension is part of every input that changes a request.
type ChangingExtension struct {
	Changing
	Extension inspection.ExtensionID `path:"extension" format:"uuid"`
}

type signExtensionInput struct {
	ChangingExtension
	Body extensions.Signing
}

func (s *Services) signExtension(ctx context.Context, in *signExtensionInput) (*extensionOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return extended(s.Extensions.Sign(ctx, scopeOf(ctx), in.Extension, version, in.Body))
}

type endExtensionInput struct {
	ChangingExtension
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"1000" doc:"Why"`
	}
}

func (s *Services) withdrawExtension(ctx context.Context, in *endExtensionInput) (*extensionOutput, error) {
	return s.endExtension(ctx, in, s.Extensions.Withdraw)
}

type grantExtensionInput struct {
	ChangingExtension
	Body extensions.Deciding
}

func (s *Services) approveExtension(ctx context.Context, in *grantExtensionInput) (*extensionOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return extended(s.Extensions.Approve(ctx, scopeOf(ctx), in.Extension, version, in.Body))
}

func (s *Services) refuseExtension(ctx context.Context, in *endExtensionInput) (*extensionOutput, error) {
	return s.endExtension(ctx, in, s.Extensions.Refuse)
}

func (s *Services) endExtension(
	ctx context.Context, in *endExtensionInput,
	end func(context.Context, tenants.Scope, inspection.ExtensionID, int, string) (extensions.Request, error),
) (*extensionOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return extended(end(ctx, scopeOf(ctx), in.Extension, version, in.Body.Note))
}

type extensionListOutput struct {
	ETag string `header:"ETag"`
	Body extensions.List
}

func listedExtensions(l extensions.List, err error) (*extensionListOutput, error) {
	return &extensionListOutput{ETag: etag(l.Version), Body: l}, err
}

type askExtensionListInput struct {
	Posting
	Body extensions.ListAsking
}

func (s *Services) askExtensionList(ctx context.Context, in *askExtensionListInput) (*extensionListOutput, error) {
	return listedExtensions(s.Extensions.AskList(ctx, scopeOf(ctx), in.Body))
}

type getExtensionListInput struct {
	Reading
	List extensions.ListID `path:"list" format:"uuid"`
}

func (s *Services) getExtensionList(ctx context.Context, in *getExtensionListInput) (*extensionListOutput, error) {
	return listedExtensions(s.Extensions.List(ctx, scopeOf(ctx), in.List))
}

type signExtensionListInput struct {
	Changing
	List extensions.ListID `path:"list" format:"uuid"`
	Body extensions.Signing
}

func (s *Services) signExtensionList(ctx context.Context, in *signExtensionListInput) (*extensionListOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return listedExtensions(s.Extensions.SignList(ctx, scopeOf(ctx), in.List, version, in.Body))
}
