package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
)

// LedgerFilter is what the ledger and the lists made of it may be filtered for. The
// workbench's address has the same words.
type LedgerFilter struct {
	Q          string                    `query:"q" maxLength:"100" doc:"Found literally in number, unit, category, text, progress, and measures"`
	State      []rectification.State     `query:"state" maxItems:"6" doc:"Any of them"`
	Kind       []rectification.Kind      `query:"kind" maxItems:"3" doc:"整改类型; any of them. In the lists of tasks, that of the measure"`
	Flag       []rectification.Flag      `query:"flag" maxItems:"6" doc:"Any of them"`
	Only       []rectification.Narrowing `query:"only" maxItems:"4" doc:"All of them: review 待我审核, stalled 停滞≥30天, money 涉及金额, long 长期整改待复核"`
	Unit       inspection.UnitID         `query:"unit" format:"uuid"`
	Round      inspection.RoundID        `query:"round" format:"uuid"`
	Focus      int                       `query:"focus" minimum:"1" maximum:"4" doc:"四个聚焦"`
	Due        string                    `query:"due" maxLength:"22" doc:"7d, overdue, overdue-30, or 2026-10-01..2026-10-31. In the lists of tasks, of the measure's day"`
	Leader     string                    `query:"leader" maxLength:"100" doc:"责任领导 of a measure; - for measures that name none"`
	Department string                    `query:"department" maxLength:"200" doc:"责任科室 of a measure; - for measures that name none"`
	Done       string                    `query:"done" enum:"true,false" doc:"Of a measure: whether it is done"`
}

func (f LedgerFilter) filter(sort string) rectification.Filter {
	all := rectification.Filter{
		Q: f.Q, States: f.State, Kinds: f.Kind, Flags: f.Flag, Only: f.Only, Unit: f.Unit, Round: f.Round, Focus: f.Focus,
		Due: f.Due, Leader: f.Leader, Department: f.Department, Sort: sort,
	}
	if f.Done != "" {
		all.Done = new(f.Done == "true")
	}
	return all
}

type (
	itemSort    string
	measureSort string
	dutySort    string
)

// Schema lists the orders of the ledger.
func (itemSort) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Sorts()) }

// Schema lists the orders of the list of tasks.
func (measureSort) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.MeasureSorts()) }

// Schema lists the orders of the list of who is responsible.
func (dutySort) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.DutySorts()) }

type listItemsInput struct {
	Listing
	LedgerFilter
	Sort itemSort `query:"sort" doc:"By due date if absent; then by number"`
}

func (s *Services) listItems(ctx context.Context, in *listItemsInput) (*listed[rectification.Item], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[rectification.Item], error) {
		f := in.filter(string(in.Sort))
		f.Cursor, f.Limit = cursor, in.Limit
		return s.Rectification.List(ctx, scopeOf(ctx), f)
	})
}

type listMeasuresInput struct {
	Listing
	LedgerFilter
	Sort measureSort `query:"sort" doc:"By due date if absent; then by the problem's number"`
}

func (s *Services) listMeasures(ctx context.Context, in *listMeasuresInput) (*listed[rectification.MeasureRow], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[rectification.MeasureRow], error) {
		f := in.filter(string(in.Sort))
		f.Cursor, f.Limit = cursor, in.Limit
		return s.Rectification.Measures(ctx, scopeOf(ctx), f)
	})
}

type listDutiesInput struct {
	Listing
	LedgerFilter
	Sort dutySort `query:"sort" doc:"By unit if absent, then by leader"`
}

func (s *Services) listDuties(ctx context.Context, in *listDutiesInput) (*listed[rectification.Duty], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[rectification.Duty], error) {
		f := in.filter(string(in.Sort))
		f.Cursor, f.Limit = cursor, in.Limit
		return s.Rectification.Duties(ctx, scopeOf(ctx), f)
	})
}

type exportItemsInput struct {
	Reading
	LedgerFilter
	Exporting
	Sort itemSort `query:"sort" doc:"By due date if absent; then by number"`
}

func (s *Services) exportItems(ctx context.Context, in *exportItemsInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.Ledger(ctx, scopeOf(ctx), in.filter(string(in.Sort)), in.wish()))
}

type exportMeasuresInput struct {
	Reading
	LedgerFilter
	Exporting
	Sort measureSort `query:"sort" doc:"By due date if absent; then by the problem's number"`
}

func (s *Services) exportMeasures(ctx context.Context, in *exportMeasuresInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.Measures(ctx, scopeOf(ctx), in.filter(string(in.Sort)), in.wish()))
}

type exportDutiesInput struct {
	Reading
	LedgerFilter
	Exporting
	Sort dutySort `query:"sort" doc:"By unit if absent, then by leader"`
}

func (s *Services) exportDuties(ctx context.Context, in *exportDutiesInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.Duties(ctx, scopeOf(ctx), in.filter(string(in.Sort)), in.wish()))
}
