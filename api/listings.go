package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/rectification/listings"
	"xuncha/tenants"
)

// listings has what an office puts on its board at offices below (挂牌督办).
func (s *Services) listings(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[listings.ID](), reflect.TypeFor[idSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[listings.State](), reflect.TypeFor[listingStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[listings.Action](), reflect.TypeFor[listingActionSchema]())
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Board"}}
	}
	do := func(act string) permission {
		return permission{Roles: []tenants.Role{tenants.CITY, tenants.PROV}, Level: P1, Act: act}
	}
	register(s, api, op("list-board", http.MethodGet, "/board", "What your office put on its board below, and what of yours stands on the board above (挂牌督办)"),
		permission{Roles: staff, Level: P1, Act: "read"}, s.listBoard)
	put := op("put-on-board", http.MethodPost, "/board", "Put a matter of an office directly below on the board; asks for a fresh proof of identity")
	put.DefaultStatus = http.StatusCreated
	register(s, api, put, do("listing.list"), s.putOnBoard)
	register(s, api, op("take-off-board", http.MethodPost, "/board/{listing}/remove", "Take a matter off, with a reason (摘牌); asks for a fresh proof of identity"),
		do("listing.remove"), s.takeOffBoard)
	register(s, api, op("get-item-board", http.MethodGet, "/items/{id}/board", "What boards say about an item"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getItemBoard)
}

type (
	listingStateSchema  string
	listingActionSchema string
)

// Schema lists the states of a matter on a board.
func (listingStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(listings.Life().States()) }

// Schema lists what is done with a board.
func (listingActionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(listings.Life().Acts()) }

type boardOutput struct {
	Body struct {
		Items []listings.Matter `json:"items" nullable:"false" maxItems:"500"`
	}
}

func (s *Services) listBoard(ctx context.Context, _ *struct{ Acting }) (*boardOutput, error) {
	out := &boardOutput{}
	var err error
	out.Body.Items, err = s.Listings.All(ctx, scopeOf(ctx))
	return out, err
}

func (s *Services) getItemBoard(ctx context.Context, in *itemInput) (*boardOutput, error) {
	out := &boardOutput{}
	var err error
	out.Body.Items, err = s.Listings.Of(ctx, scopeOf(ctx), in.ID)
	return out, err
}

type boardMatterOutput struct {
	ETag string `header:"ETag"`
	Body listings.Matter
}

func onBoard(m listings.Matter, err error) (*boardMatterOutput, error) {
	return &boardMatterOutput{ETag: etag(m.Version), Body: m}, err
}

type putOnBoardInput struct {
	Posting
	Body listings.Putting
}

func (s *Services) putOnBoard(ctx context.Context, in *putOnBoardInput) (*boardMatterOutput, error) {
	return onBoard(s.Listings.Put(ctx, scopeOf(ctx), in.Body))
}

type takeOffBoardInput struct {
	Changing
	Listing listings.ID `path:"listing" format:"uuid"`
	Body    struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why"`
	}
}

func (s *Services) takeOffBoard(ctx context.Context, in *takeOffBoardInput) (*boardMatterOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return onBoard(s.Listings.Remove(ctx, scopeOf(ctx), in.Listing, version, in.Body.Reason))
}
