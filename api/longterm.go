package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/rectification/longterm"
	"xuncha/tenants"
)

// longterm has the reviews of long-term items that come back (长期整改复核).
func (s *Services) longterm(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[longterm.ID](), reflect.TypeFor[idSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[longterm.State](), reflect.TypeFor[longReviewStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[longterm.Action](), reflect.TypeFor[longReviewActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[longterm.Outcome](), reflect.TypeFor[longReviewOutcomeSchema]())
	office := []tenants.Role{tenants.OFF, tenants.DIR}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Long-term items"}}
	}
	register(s, api, op("get-long-reviews", http.MethodGet, "/items/{id}/long-reviews", "Reviews of a long-term item (长期整改复核)"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getLongReviews)
	propose := op("propose-long-review", http.MethodPost, "/items/{id}/long-reviews",
		"Propose what becomes of a long-term item: 继续长期, 转回整改 or 销号; takes effect once all parties agree")
	propose.DefaultStatus = http.StatusCreated
	register(s, api, propose, permission{Roles: office, Level: P1, Act: "long-review.propose"}, s.proposeLongReview)
	register(s, api, op("agree-long-review", http.MethodPost, "/long-reviews/{review}/agree", "Agree for the own party"),
		permission{Roles: reviewers, Level: P1, Act: "long-review.agree"}, s.agreeLongReview)
	register(s, api, op("object-long-review", http.MethodPost, "/long-reviews/{review}/object", "Object for the own party, with a reason; the item stays as it is"),
		permission{Roles: reviewers, Level: P1, Act: "long-review.object"}, s.objectLongReview)
	register(s, api, op("withdraw-long-review", http.MethodPost, "/long-reviews/{review}/withdraw", "Take a proposal back before it took effect"),
		permission{Roles: office, Level: P1, Act: "long-review.withdraw"}, s.withdrawLongReview)
}

type (
	longReviewStateSchema   string
	longReviewActionSchema  string
	longReviewOutcomeSchema string
)

// Schema lists the states of a review.
func (longReviewStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(longterm.Reviews().States())
}

// Schema lists what is done with a review.
func (longReviewActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(longterm.Reviews().Acts())
}

// Schema lists what becomes of an item.
func (longReviewOutcomeSchema) Schema(huma.Registry) *huma.Schema { return enumOf(longterm.Outcomes()) }

type longReviewsOutput struct{ Body longterm.Page }

func (s *Services) getLongReviews(ctx context.Context, in *itemInput) (*longReviewsOutput, error) {
	p, err := s.LongTerm.Of(ctx, scopeOf(ctx), in.ID)
	return &longReviewsOutput{Body: p}, err
}

type longReviewOutput struct {
	ETag string `header:"ETag"`
	Body longterm.Review
}

func reviewed(r longterm.Review, err error) (*longReviewOutput, error) {
	return &longReviewOutput{ETag: etag(r.Version), Body: r}, err
}

type proposeLongReviewInput struct {
	Posting
	ItemPath
	Body longterm.Proposing
}

func (s *Services) proposeLongReview(ctx context.Context, in *proposeLongReviewInput) (*longReviewOutput, error) {
	return reviewed(s.LongTerm.Propose(ctx, scopeOf(ctx), in.ID, in.Body))
}

// ChangingLongReview is part of every input that changes a review of a long-term item.
type ChangingLongReview struct {
	Changing
	Review longterm.ID `path:"review" format:"uuid"`
}

type noteLongReviewInput struct {
	ChangingLongReview
	Body struct {
		Note string `json:"note,omitempty" maxLength:"1000" doc:"Why; may be left out by who agrees"`
	}
}

func (s *Services) agreeLongReview(ctx context.Context, in *noteLongReviewInput) (*longReviewOutput, error) {
	return s.sayOfLongReview(ctx, in, s.LongTerm.Agree)
}

func (s *Services) objectLongReview(ctx context.Context, in *noteLongReviewInput) (*longReviewOutput, error) {
	return s.sayOfLongReview(ctx, in, s.LongTerm.Object)
}

func (s *Services) withdrawLongReview(ctx context.Context, in *noteLongReviewInput) (*longReviewOutput, error) {
	return s.sayOfLongReview(ctx, in, s.LongTerm.Withdraw)
}

func (s *Services) sayOfLongReview(
	ctx context.Context, in *noteLongReviewInput,
	say func(context.Context, tenants.Scope, longterm.ID, int, string) (longterm.Review, error),
) (*longReviewOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return reviewed(say(ctx, scopeOf(ctx), in.Review, version, in.Body.Note))
}
