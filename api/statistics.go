package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/statistics"
	"xuncha/tenants"
)

// statistics has the to-do list and the counts.
func (s *Services) statistics(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[statistics.Band](), reflect.TypeFor[bandSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[statistics.AttentionKind](), reflect.TypeFor[attentionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[statistics.SectionName](), reflect.TypeFor[sectionSchema]())
	op := func(id, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: http.MethodGet, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Statistics"},
		}
	}
	register(s, api, op("get-todo", "/todo", "What you have to do now (我的待办)"),
		permission{Roles: everybody, Level: P1, Act: "read"}, s.getTodo)
	register(s, api, op("get-overview", "/overview", "How the office and those below it stand: counts, overdue, rates with intervals"),
		permission{Roles: staff, Level: P1, Act: "read"}, s.getOverview)
	register(s, api, op("get-overview-trend", "/overview/trend", "How the office and those below it came to stand so: the end of last month, the months, and where what is open lies"),
		permission{Roles: staff, Level: P1, Act: "read"}, s.getTrend)
	take := sheetOperation(op("export-overview", "/overview/export", "All that the overview shows as a workbook, a sheet for each block"))
	take.Method = http.MethodPost
	register(s, api, take, permission{Roles: staff, Level: P1, Act: "overview.export"}, s.exportOverview)
	register(s, api, op("get-closing-rate", "/closing-rate", "How far the office, or your unit, is with its problems: counts, the rate and its formula (销号率)"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getClosingRate)
	register(s, api, op("get-unit-overview", "/overview/units", "How the units of one office stand"),
		permission{Roles: append([]tenants.Role{tenants.LG}, staff...), Level: P1, Act: "read"}, s.getUnitOverview)
}

type (
	bandSchema      string
	sectionSchema   string
	attentionSchema string
)

// Schema lists what needs attention.
func (attentionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(statistics.AttentionKinds()) }

// Schema lists the bands.
func (bandSchema) Schema(huma.Registry) *huma.Schema { return enumOf(statistics.Bands()) }

// Schema lists the sections of the to-do list.
func (sectionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(statistics.SectionNames()) }

type todoOutput struct{ Body statistics.Todo }

func (s *Services) getTodo(ctx context.Context, _ *struct{ Acting }) (*todoOutput, error) {
	t, err := s.Statistics.Todo(ctx, scopeOf(ctx))
	return &todoOutput{Body: t}, err
}

type overviewOutput struct{ Body statistics.Overview }

func (s *Services) getOverview(ctx context.Context, in *struct{ Reading }) (*overviewOutput, error) {
	o, err := s.Statistics.Overview(ctx, scopeOf(ctx), in.Below)
	return &overviewOutput{Body: o}, err
}

type trendOutput struct{ Body statistics.Trend }

func (s *Services) getTrend(ctx context.Context, in *struct{ Reading }) (*trendOutput, error) {
	t, err := s.Statistics.Trend(ctx, scopeOf(ctx), in.Below)
	return &trendOutput{Body: t}, err
}

type exportOverviewInput struct {
	Reading
	Exporting
}

func (s *Services) exportOverview(ctx context.Context, in *exportOverviewInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.Cockpit(ctx, scopeOf(ctx), in.Below, in.wish()))
}

type closingRateOutput struct{ Body statistics.Closing }

func (s *Services) getClosingRate(ctx context.Context, in *struct{ Reading }) (*closingRateOutput, error) {
	c, err := s.Statistics.Closing(ctx, scopeOf(ctx), in.Below)
	return &closingRateOutput{Body: c}, err
}

type unitOverviewOutput struct{ Body statistics.UnitOverview }

func (s *Services) getUnitOverview(ctx context.Context, in *struct{ Reading }) (*unitOverviewOutput, error) {
	o, err := s.Statistics.Units(ctx, scopeOf(ctx), in.Below)
	return &unitOverviewOutput{Body: o}, err
}
