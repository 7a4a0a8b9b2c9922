package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// commonIssues has what many offices have in common (共性问题): counts of tags and
// codes, the findings behind them, groups of near texts, and how tags are given and
// counted together.
func (s *Services) commonIssues(api huma.API) {
	api.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[linkage.By](), reflect.TypeFor[bySchema]())
	composers := []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	above := []tenants.Role{tenants.CITY, tenants.PROV}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: "/v1/offices/{office}/common-issues" + path, Summary: summary, Tags: []string{"Linkage"},
		}
	}
	get := func(id, path, summary string) huma.Operation { return op(id, http.MethodGet, path, summary) }
	post := func(id, path, summary string) huma.Operation { return op(id, http.MethodPost, path, summary) }
	do := func(roles []tenants.Role, act string) permission {
		return permission{Roles: roles, Level: P1, Act: act}
	}
	register(s, api, get("list-common-issues", "", "Tags or codes of issued findings by office (共性问题)"),
		do(append([]tenants.Role{tenants.LG}, composers...), "read"), s.listCommonIssues)
	register(s, api, get("list-tagged-findings", "/findings", "The issued findings behind a count"), do(composers, "read"), s.listTagged)
	register(s, api, get("list-similar-findings", "/similar", "Groups of findings with near texts, with their reasons"),
		do(composers, "read"), s.listSimilar)
	register(s, api, post("tag-findings", "/tag", "Give a tag to findings"), do(composers, "issue.tag"), s.tagFindings)
	register(s, api, post("untag-findings", "/untag", "Take a tag off findings to which this office gave it"),
		do(composers, "issue.untag"), s.untagFindings)
	register(s, api, get("try-merge", "/merge", "What counting one tag with another would do to the counts"), do(above, "read"), s.tryMerge)
	register(s, api, post("merge-tags", "/merge", "Count one tag with another (归并)"), do(above, "issue.merge"), s.mergeTags)
	register(s, api, post("end-merge", "/merge/end", "Count a tag for itself again"), do(above, "issue.unmerge"), s.endMerge)
	register(s, api, sheetOperation(post("export-common-issues", "/export", "The table of tags or codes by office as a workbook")),
		permission{Roles: append([]tenants.Role{tenants.LG}, composers...), Level: P2, Act: "issue.export"}, s.exportCommonIssues)
}

type bySchema string

// Schema lists what common issues are counted by.
func (bySchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.Bys()) }

// Narrowing is part of every input that narrows issued findings.
type Narrowing struct {
	Area  string `query:"area" pattern:"^[A-E]([0-9]{2})?$" doc:"Aspect or class of the taxonomy: B, B03 (领域)"`
	Focus int    `query:"focus" minimum:"0" maximum:"4" doc:"One of the four focuses; 0 for all"`
	From  string `query:"from" format:"date" maxLength:"10" doc:"Day of the feedback"`
	Until string `query:"until" format:"date" maxLength:"10" doc:"Day of the feedback, included"`
}

func (n Narrowing) narrow() (linkage.Narrow, error) {
	out := linkage.Narrow{Area: n.Area, Focus: n.Focus}
	for _, day := range []struct {
		text string
		to   **inspection.Day
	}{{n.From, &out.From}, {n.Until, &out.Until}} {
		if day.text == "" {
			continue
		}
		d, err := inspection.ParseDay(day.text)
		if err != nil {
			return out, err
		}
		*day.to = &d
	}
	return out, nil
}

// Counting is part of every input about what is counted.
type Counting struct {
	Acting
	Narrowing
	By linkage.By `query:"by" default:"tag"`
}

type commonIssuesOutput struct{ Body linkage.CommonIssues }

func (s *Services) listCommonIssues(ctx context.Context, in *Counting) (*commonIssuesOutput, error) {
	n, err := in.narrow()
	if err != nil {
		return nil, err
	}
	c, err := s.Linkage.CommonIssues(ctx, scopeOf(ctx), in.By, n)
	return &commonIssuesOutput{Body: c}, err
}

type taggedInput struct {
	Counting
	Tag string `query:"tag" required:"true" minLength:"1" maxLength:"40" doc:"The tag, or the code"`
	Of  string `query:"of" pattern:"^[a-z][a-z0-9-]{1,40}$" doc:"Slug of the office they belong to; all without it"`
}

type taggedOutput struct {
	Body struct {
		Items []linkage.Tagged `json:"items" nullable:"false" maxItems:"500"`
	}
}

func (s *Services) listTagged(ctx context.Context, in *taggedInput) (*taggedOutput, error) {
	n, err := in.narrow()
	if err != nil {
		return nil, err
	}
	fs, err := s.Linkage.Tagged(ctx, scopeOf(ctx), linkage.Behind{By: in.By, Tag: in.Tag, Office: in.Of, Narrow: n})
	out := &taggedOutput{}
	out.Body.Items = fs
	return out, err
}

type similarInput struct {
	Acting
	Narrowing
}

type similarOutput struct{ Body linkage.Similar }

func (s *Services) listSimilar(ctx context.Context, in *similarInput) (*similarOutput, error) {
	n, err := in.narrow()
	if err != nil {
		return nil, err
	}
	found, err := s.Linkage.Similar(ctx, scopeOf(ctx), n)
	return &similarOutput{Body: found}, err
}

type taggingInput struct {
	Posting
	Body linkage.Tagging
}

type taggingOutput struct{ Body linkage.TaggingDone }

func (s *Services) tagFindings(ctx context.Context, in *taggingInput) (*taggingOutput, error) {
	done, err := s.Linkage.Tag(ctx, scopeOf(ctx), in.Body)
	return &taggingOutput{Body: done}, err
}

func (s *Services) untagFindings(ctx context.Context, in *taggingInput) (*taggingOutput, error) {
	done, err := s.Linkage.Untag(ctx, scopeOf(ctx), in.Body)
	return &taggingOutput{Body: done}, err
}

type tryMergeInput struct {
	Acting
	Tag  string `query:"tag" required:"true" minLength:"1" maxLength:"40"`
	Into string `query:"into" required:"true" minLength:"1" maxLength:"40"`
}

type mergingOutput struct{ Body linkage.Merging }

func (s *Services) tryMerge(ctx context.Context, in *tryMergeInput) (*mergingOutput, error) {
	m, err := s.Linkage.TryMerge(ctx, scopeOf(ctx), in.Tag, in.Into)
	return &mergingOutput{Body: m}, err
}

type mergeInput struct {
	Posting
	Body struct {
		Tag    string `json:"tag" minLength:"1" maxLength:"40"`
		Into   string `json:"into" minLength:"1" maxLength:"40"`
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *Services) mergeTags(ctx context.Context, in *mergeInput) (*mergingOutput, error) {
	m, err := s.Linkage.MergeTags(ctx, scopeOf(ctx), in.Body.Tag, in.Body.Into, in.Body.Reason)
	return &mergingOutput{Body: m}, err
}

type endMergeInput struct {
	Posting
	Body struct {
		Tag string `json:"tag" minLength:"1" maxLength:"40"`
	}
}

func (s *Services) endMerge(ctx context.Context, in *endMergeInput) (*struct{}, error) {
	return nil, s.Linkage.EndMerge(ctx, scopeOf(ctx), in.Body.Tag)
}

type exportCommonInput struct {
	Counting
	Exporting
	Named bool `query:"named" doc:"With the names of the offices, for use in the own office alone; else they are masked (县区1)"`
}

func (s *Services) exportCommonIssues(ctx context.Context, in *exportCommonInput) (*huma.StreamResponse, error) {
	n, err := in.narrow()
	if err != nil {
		return nil, err
	}
	return workbook(s.Documents.CommonIssues(ctx, scopeOf(ctx), in.By, n, in.Named, in.wish()))
}
