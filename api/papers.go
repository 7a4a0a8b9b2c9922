package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/tenants"
)

// papers are what a unit signs and parties review: plans and reports. What follows is
// the same for both.

// operations makes operations on one kind of paper below path.
func operations(path, tag string) (get, post, patch func(id, path, summary string) huma.Operation) {
	op := func(method string) func(id, below, summary string) huma.Operation {
		return func(id, below, summary string) huma.Operation {
			return huma.Operation{
				OperationID: id, Method: method, Path: "/v1/offices/{office}" + path + below, Summary: summary, Tags: []string{tag},
			}
		}
	}
	return op(http.MethodGet), op(http.MethodPost), op(http.MethodPatch)
}

// paperParties are who may be asked to review a paper.
var paperParties = []tenants.Role{tenants.DISC, tenants.ORG, tenants.DEPT, tenants.OFF, tenants.DIR}

// changedPaper is a change of a paper: its version, and what to change.
type changedPaper[ID, T any] struct {
	Changing
	ID   ID `path:"id" format:"uuid"`
	Body T
}

// onPaper gives one method of a room the version and the body.
func onPaper[ID, T, P any](ctx context.Context, in *changedPaper[ID, T],
	do func(context.Context, tenants.Scope, ID, int, T) (P, error),
) (p P, err error) {
	v, err := in.version()
	if err != nil {
		return p, err
	}
	return do(ctx, scopeOf(ctx), in.ID, v, in.Body)
}

// reviewedPaper is an opinion on a paper.
type reviewedPaper[ID, T any] struct {
	Posting
	ID   ID `path:"id" format:"uuid"`
	Body T
}
