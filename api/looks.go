package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/tenants"
)

// looks has who above read the office's rows (上级查阅).
func (s *Services) looks(api huma.API) {
	op := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/v1/offices/{office}/looks" + path, Summary: summary, Tags: []string{"Looks"}}
	}
	read := permission{Roles: append([]tenants.Role{tenants.LG, tenants.ADM}, staff...), Level: P1, Act: "read"}
	register(s, api, op("list-looks", "", "Who above the office looked at what is the office's, the latest first"), read, s.listLooks)
	register(s, api, op("get-look-days", "/days", "How often, day by day over the last quarter"), read, s.getLookDays)
}

type listLooksInput struct {
	Listing
	From string `query:"from" pattern:"^[a-z][a-z0-9-]{1,40}$" doc:"Name of the office above"`
	Days string `query:"days" maxLength:"22" doc:"2026-11-01..2026-11-21"`
}

func (s *Services) listLooks(ctx context.Context, in *listLooksInput) (*listed[tenants.Look], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[tenants.Look], error) {
		return s.Looks.List(ctx, scopeOf(ctx), tenants.LookFilter{Office: in.From, Days: in.Days, Cursor: cursor, Limit: in.Limit})
	})
}

type lookDaysOutput struct {
	Body struct {
		Items []tenants.LookDay `json:"items" nullable:"false" maxItems:"1000"`
	}
}

func (s *Services) getLookDays(ctx context.Context, _ *struct{ Acting }) (*lookDaysOutput, error) {
	days, err := s.Looks.Days(ctx, scopeOf(ctx), s.Clock.Today())
	out := &lookDaysOutput{}
	out.Body.Items = days
	return out, err
}
