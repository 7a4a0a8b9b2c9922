package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/tenants"
)

// views has the saved views of lists: those shipped, those shared in the office,
// and one's own.
func (s *Services) views(api huma.API) {
	api.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[tenants.ViewKind](), reflect.TypeFor[viewKindSchema]())
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}/views" + path, Summary: summary, Tags: []string{"Views"}}
	}
	do := func(act string) permission { return permission{Roles: everybody, Level: P1, Act: act} }
	register(s, api, op("list-views", http.MethodGet, "", "Views of one screen: shipped for your role, shared, and your own"), do("read"), s.listViews)
	save := op("save-view", http.MethodPost, "", "Save a view, for yourself or for the office")
	save.DefaultStatus = http.StatusCreated
	register(s, api, save, do("view.save"), s.saveView)
	register(s, api, op("change-view", http.MethodPatch, "/{id}", "Rename a view, give it another query, share it"), do("view.change"), s.changeView)
	register(s, api, op("remove-view", http.MethodPost, "/{id}/remove", "Remove a view; of others, the director a shared one"),
		do("view.remove"), s.removeView)
}

type viewKindSchema string

// Schema lists the kinds of saved view.
func (viewKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(tenants.ViewKinds()) }

type listViewsInput struct {
	Acting
	Screen string `query:"screen" required:"true" pattern:"^[a-z]+([.][a-z]+)?$" maxLength:"40"`
}

type viewsOutput struct {
	Body struct {
		Items []tenants.View `json:"items" nullable:"false" maxItems:"200"`
	}
}

func (s *Services) listViews(ctx context.Context, in *listViewsInput) (*viewsOutput, error) {
	all, err := s.Views.List(ctx, scopeOf(ctx), in.Screen)
	out := &viewsOutput{}
	out.Body.Items = all
	return out, err
}

type viewOutput struct {
	ETag string `header:"ETag"`
	Body tenants.View
}

func viewed(v tenants.View, err error) (*viewOutput, error) {
	return &viewOutput{ETag: etag(v.Version), Body: v}, err
}

type saveViewInput struct {
	Posting
	Body tenants.NewView
}

func (s *Services) saveView(ctx context.Context, in *saveViewInput) (*viewOutput, error) {
	return viewed(s.Views.Save(ctx, scopeOf(ctx), in.Body))
}

type changeViewInput struct {
	Changing
	ID   tenants.ViewID `path:"id" format:"uuid"`
	Body tenants.ViewEdit
}

func (s *Services) changeView(ctx context.Context, in *changeViewInput) (*viewOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return viewed(s.Views.Change(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type removeViewInput struct {
	Changing
	ID tenants.ViewID `path:"id" format:"uuid"`
}

func (s *Services) removeView(ctx context.Context, in *removeViewInput) (*noOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return &noOutput{}, s.Views.Remove(ctx, scopeOf(ctx), in.ID, version)
}
