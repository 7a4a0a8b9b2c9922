package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/doubts"
	"xuncha/tenants"
)

// doubts has the signals of doubt (存疑待核): their list, the unit's answers, and
// what two persons conclude on site.
func (s *Services) doubts(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[doubts.State](), reflect.TypeFor[doubtStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[doubts.Action](), reflect.TypeFor[doubtActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[doubts.Kind](), reflect.TypeFor[doubtKindSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[doubts.Verdict](), reflect.TypeFor[doubtVerdictSchema]())
	reviewers := []tenants.Role{tenants.OFF, tenants.DIR, tenants.DISC, tenants.ORG, tenants.LG, tenants.CITY, tenants.PROV}
	checkers := []tenants.Role{tenants.OFF, tenants.DIR, tenants.DISC}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Doubts"}}
	}
	register(s, api, op("list-doubts", http.MethodGet, "/doubts", "Signals of doubt (存疑待核), the latest first; they are no verdicts"),
		permission{Roles: reviewers, Level: P1, Act: "read"}, s.listDoubts)
	register(s, api, op("get-doubt-precision", http.MethodGet, "/doubts/precision", "How often each kind of signal was right"),
		permission{Roles: reviewers, Level: P1, Act: "read"}, s.getDoubtPrecision)
	register(s, api, op("get-item-doubts", http.MethodGet, "/items/{id}/doubts", "The signals of one item; a unit reads its questions alone"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getItemDoubts)
	raise := op("raise-doubt", http.MethodPost, "/items/{id}/doubts", "Enter a signal: the item was named again after it was handed in")
	raise.DefaultStatus = http.StatusCreated
	register(s, api, raise, permission{Roles: checkers, Level: P2, Act: "doubt.raise"}, s.raiseDoubt)
	register(s, api, op("answer-doubt", http.MethodPost, "/doubts/{id}/answer", "Say what the unit has to say (说明)"),
		permission{Roles: []tenants.Role{tenants.UNIT, tenants.HEAD}, Level: P1, Act: "doubt.answer"}, s.answerDoubt)
	register(s, api, op("check-doubt", http.MethodPost, "/doubts/{id}/check", "Sign what you concluded on site; the second person's conclusion decides"),
		permission{Roles: checkers, Level: P2, Act: "doubt.check"}, s.checkDoubt)
}

type (
	doubtStateSchema   string
	doubtActionSchema  string
	doubtKindSchema    string
	doubtVerdictSchema string
)

// Schema lists the states of a signal.
func (doubtStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(doubts.Life().States()) }

// Schema lists what people do about signals.
func (doubtActionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(doubts.Life().Acts()) }

// Schema lists the kinds of signals.
func (doubtKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(doubts.Kinds()) }

// Schema lists what a person may conclude.
func (doubtVerdictSchema) Schema(huma.Registry) *huma.Schema { return enumOf(doubts.Verdicts()) }

type listDoubtsInput struct {
	Listing
	State []doubts.State    `query:"state" maxItems:"5" doc:"Any of them"`
	Kind  []doubts.Kind     `query:"kind" maxItems:"9" doc:"Any of them"`
	Unit  inspection.UnitID `query:"unit" format:"uuid"`
}

func (s *Services) listDoubts(ctx context.Context, in *listDoubtsInput) (*listed[doubts.Doubt], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[doubts.Doubt], error) {
		return s.Doubts.List(ctx, scopeOf(ctx), doubts.Filter{
			States: in.State, Kinds: in.Kind, Unit: in.Unit, Cursor: cursor, Limit: in.Limit,
		})
	})
}

type precisionOutput struct {
	Body struct {
		Items []doubts.Precision `json:"items" nullable:"false" maxItems:"20"`
	}
}

func (s *Services) getDoubtPrecision(ctx context.Context, _ *struct{ Reading }) (*precisionOutput, error) {
	out := &precisionOutput{}
	var err error
	out.Body.Items, err = s.Doubts.Precisions(ctx, scopeOf(ctx))
	return out, err
}

type itemDoubtsOutput struct {
	Body struct {
		Items []doubts.Doubt `json:"items" nullable:"false" maxItems:"200"`
	}
}

func (s *Services) getItemDoubts(ctx context.Context, in *itemInput) (*itemDoubtsOutput, error) {
	out := &itemDoubtsOutput{}
	var err error
	out.Body.Items, err = s.Doubts.OfCase(ctx, scopeOf(ctx), in.ID)
	return out, err
}

// DoubtPath is part of every input about one signal.
type DoubtPath struct {
	ID inspection.DoubtID `path:"id" format:"uuid"`
}

type doubtOutput struct {
	ETag string `header:"ETag"`
	Body doubts.Doubt
}

func doubted(d doubts.Doubt, err error) (*doubtOutput, error) {
	return &doubtOutput{ETag: etag(d.Version), Body: d}, err
}

type raiseDoubtInput struct {
	Posting
	ItemPath
	Body doubts.Raising
}

func (s *Services) raiseDoubt(ctx context.Context, in *raiseDoubtInput) (*doubtOutput, error) {
	return doubted(s.Doubts.Raise(ctx, scopeOf(ctx), in.ID, in.Body))
}

type answerDoubtInput struct {
	Changing
	DoubtPath
	Body doubts.Answering
}

func (s *Services) answerDoubt(ctx context.Context, in *answerDoubtInput) (*doubtOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return doubted(s.Doubts.Answer(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type checkDoubtInput struct {
	Changing
	DoubtPath
	Body doubts.Checking
}

func (s *Services) checkDoubt(ctx context.Context, in *checkDoubtInput) (*doubtOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return doubted(s.Doubts.Check(ctx, scopeOf(ctx), in.ID, version, in.Body))
}
