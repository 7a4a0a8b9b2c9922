package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/rectification/directives"
	"xuncha/tenants"
)

// directives has tasks from the meetings of a committee's secretary (点人点事).
func (s *Services) directives(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[directives.ID](), reflect.TypeFor[idSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[directives.State](), reflect.TypeFor[directiveStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[directives.Action](), reflect.TypeFor[directiveActionSchema]())
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}/directives" + path, Summary: summary, Tags: []string{"Directives"}}
	}
	do := func(act string, roles ...tenants.Role) permission {
		return permission{Roles: roles, Level: P2, Act: act}
	}
	directors := []tenants.Role{tenants.DIR, tenants.CITY, tenants.PROV}
	register(s, api, op("list-directives", http.MethodGet, "", "Tasks from the secretary's meetings (点人点事); for a unit its own"),
		do("read", append([]tenants.Role{tenants.LG, tenants.UNIT, tenants.HEAD}, staff...)...), s.listDirectives)
	assign := op("assign-directive", http.MethodPost, "", "Enter a task: who was named, what for, by when")
	assign.DefaultStatus = http.StatusCreated
	register(s, api, assign, do("directive.assign", staff...), s.assignDirective)
	register(s, api, op("answer-directive", http.MethodPost, "/{directive}/answer", "Answer for the unit"),
		do("directive.answer", tenants.UNIT, tenants.HEAD), s.doDirective(directives.Answer))
	register(s, api, op("return-directive", http.MethodPost, "/{directive}/return", "Return an answer with what is missing"),
		do("directive.return", staff...), s.doDirective(directives.Return))
	register(s, api, op("close-directive", http.MethodPost, "/{directive}/close", "Close a task that was answered; asks for a fresh proof of identity"),
		do("directive.close", directors...), s.doDirective(directives.Close))
	register(s, api, op("withdraw-directive", http.MethodPost, "/{directive}/withdraw", "Take a task back that was not answered"),
		do("directive.withdraw", directors...), s.doDirective(directives.Withdraw))
}

type (
	directiveStateSchema  string
	directiveActionSchema string
)

// Schema lists the states of a task.
func (directiveStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(directives.Life().States())
}

// Schema lists what is done with a task.
func (directiveActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(directives.Life().Acts())
}

type directivesOutput struct {
	Body struct {
		Items []directives.Directive `json:"items" nullable:"false" maxItems:"500"`
	}
}

func (s *Services) listDirectives(ctx context.Context, _ *struct{ Acting }) (*directivesOutput, error) {
	out := &directivesOutput{}
	var err error
	out.Body.Items, err = s.Directives.List(ctx, scopeOf(ctx))
	return out, err
}

type directiveOutput struct {
	ETag string `header:"ETag"`
	Body directives.Directive
}

func directed(d directives.Directive, err error) (*directiveOutput, error) {
	return &directiveOutput{ETag: etag(d.Version), Body: d}, err
}

type assignDirectiveInput struct {
	Posting
	Body directives.Assigning
}

func (s *Services) assignDirective(ctx context.Context, in *assignDirectiveInput) (*directiveOutput, error) {
	return directed(s.Directives.Assign(ctx, scopeOf(ctx), in.Body))
}

type doDirectiveInput struct {
	Changing
	Directive directives.ID `path:"directive" format:"uuid"`
	Body      struct {
		Text string `json:"text" minLength:"1" maxLength:"2000" doc:"The answer, at most 2000 characters; or why, at most 1000"`
	}
}

func (s *Services) doDirective(do directives.Action) func(context.Context, *doDirectiveInput) (*directiveOutput, error) {
	return func(ctx context.Context, in *doDirectiveInput) (*directiveOutput, error) {
		version, err := in.version()
		if err != nil {
			return nil, err
		}
		return directed(s.Directives.Do(ctx, scopeOf(ctx), in.Directive, version, do, in.Body.Text))
	}
}
