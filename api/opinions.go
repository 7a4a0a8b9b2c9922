package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/tenants"
)

// opinions has what the public says about published texts (意见): the queue, what the
// office decides, and for the levels above numbers.
func (s *Services) opinions(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[opinions.State](), reflect.TypeFor[opinionStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[opinions.Action](), reflect.TypeFor[opinionActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[opinions.Reason](), reflect.TypeFor[opinionReasonSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[opinions.Mode](), reflect.TypeFor[opinionModeSchema]())
	see := append([]tenants.Role{tenants.LG, tenants.DISC, tenants.ORG, tenants.DEPT}, staff...)
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}/opinions" + path, Summary: summary, Tags: []string{"Opinions"}}
	}
	get := func(id, path, summary string) huma.Operation { return op(id, http.MethodGet, path, summary) }
	post := func(id, path, summary string) huma.Operation { return op(id, http.MethodPost, path, summary) }
	read := permission{Roles: see, Level: P1, Act: "read"}
	act := func(name opinions.Action) permission {
		return permission{Roles: staff, Level: P1, Act: "opinion." + string(name)}
	}

	register(s, api, get("list-opinions", "", "What the public says about published texts (意见), the latest first"), read, s.listOpinions)
	register(s, api, get("count-opinions", "/counts", "Numbers of the own office and of those below it; never words"),
		permission{Roles: append([]tenants.Role{tenants.LG}, staff...), Level: P1, Act: "read"}, s.countOpinions)
	register(s, api, get("get-opinion-setting", "/setting", "Whether the office takes opinions and shows some (意见公开方式)"), read, s.getOpinionSetting)
	register(s, api, op("set-opinion-setting", http.MethodPut, "/setting", "Set whether the office takes opinions and shows some"),
		permission{Roles: tenants.Directing, Level: P1, Act: "opinion.switch"}, s.setOpinionSetting)
	register(s, api, get("get-opinion", "/{id}", "One opinion, with the personal data found in it"), read, s.getOpinion)
	register(s, api, get("get-opinion-findings", "/{id}/findings", "The findings of its page, which it may be about"), read, s.getOpinionFindings)
	register(s, api, post("feature-opinion", "/{id}/feature", "Show it on its page (选登): what was said with parts left out"),
		act(opinions.Feature), s.featureOpinion)
	register(s, api, post("decline-opinion", "/{id}/decline", "Do not show it (不登), for a reason"), act(opinions.Decline), s.declineOpinion)
	register(s, api, post("pass-opinion", "/{id}/pass", "Note to whom it was handed on (转办)"), act(opinions.Pass), s.passOpinion)
	register(s, api, post("merge-opinion", "/{id}/merge", "Put it with another that says the same (合并)"), act(opinions.Merge), s.mergeOpinion)
	register(s, api, post("reopen-opinion", "/{id}/reopen", "Take the decision back (重新审核); what was shown is shown no more"),
		act(opinions.Reopen), s.reopenOpinion)
	register(s, api, post("reply-opinion", "/{id}/reply", "Answer it (答复)"), act(opinions.Reply), s.replyOpinion)
	register(s, api, post("link-opinion", "/{id}/link", "Say which finding it is about (关联问题)"), act(opinions.Link), s.linkOpinion)
}

type (
	opinionStateSchema  string
	opinionActionSchema string
	opinionReasonSchema string
	opinionModeSchema   string
)

// Schema lists the states of an opinion.
func (opinionStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(opinions.Life().States()) }

// Schema lists what is done about opinions.
func (opinionActionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(opinions.Life().Acts()) }

// Schema lists why an opinion is not shown; empty: it is, or nobody decided yet.
func (opinionReasonSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(append(opinions.Reasons(), ""))
}

// Schema lists whether an office takes opinions.
func (opinionModeSchema) Schema(huma.Registry) *huma.Schema { return enumOf(opinions.Modes()) }

type listOpinionsInput struct {
	Acting
	Cursor   string           `query:"cursor" maxLength:"1000" doc:"Next of the page before; good for the same person and the same filters"`
	Limit    int              `query:"limit" minimum:"1" maximum:"100" default:"20"`
	State    []opinions.State `query:"state" maxItems:"5" doc:"Any of them"`
	Notice   string           `query:"notice" maxLength:"40" doc:"Index number of a page"`
	NotFixed []string         `query:"not_fixed" maxItems:"1" enum:"yes,no" doc:"Those that say that something is not put right, or the others"`
}

func (s *Services) listOpinions(ctx context.Context, in *listOpinionsInput) (*listed[opinions.Opinion], error) {
	var unfixed *bool
	if len(in.NotFixed) > 0 {
		unfixed = new(in.NotFixed[0] == "yes")
	}
	return page(ctx, s, Listing{Reading: Reading{Acting: in.Acting}, Cursor: in.Cursor, Limit: in.Limit},
		func(cursor string) (inspection.Page[opinions.Opinion], error) {
			return s.Opinions.List(ctx, scopeOf(ctx), opinions.Filter{
				States: in.State, Notice: in.Notice, NotFixed: unfixed, Cursor: cursor, Limit: in.Limit,
			})
		})
}

type opinionCountsOutput struct {
	Body struct {
		Items []opinions.Counted `json:"items" nullable:"false" maxItems:"4000"`
	}
}

func (s *Services) countOpinions(ctx context.Context, _ *struct{ Acting }) (*opinionCountsOutput, error) {
	out := &opinionCountsOutput{}
	var err error
	out.Body.Items, err = s.Opinions.Counts(ctx, scopeOf(ctx))
	return out, err
}

type opinionSettingOutput struct {
	ETag string `header:"ETag"`
	Body opinions.Setting
}

func opinionSetting(set opinions.Setting, err error) (*opinionSettingOutput, error) {
	return &opinionSettingOutput{ETag: etag(set.Version), Body: set}, err
}

func (s *Services) getOpinionSetting(ctx context.Context, _ *struct{ Acting }) (*opinionSettingOutput, error) {
	return opinionSetting(s.Opinions.Setting(ctx, scopeOf(ctx)))
}

type setOpinionSettingInput struct {
	Changing
	Body struct {
		Mode opinions.Mode `json:"mode"`
	}
}

func (s *Services) setOpinionSetting(ctx context.Context, in *setOpinionSettingInput) (*opinionSettingOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return opinionSetting(s.Opinions.Switch(ctx, scopeOf(ctx), version, in.Body.Mode))
}

// OpinionPath names an opinion in a path.
type OpinionPath struct {
	ID inspection.OpinionID `path:"id" format:"uuid"`
}

type opinionInput struct {
	Acting
	OpinionPath
}

type boxedOutput struct {
	ETag string `header:"ETag"`
	Body opinions.Opinion
}

func opined(o opinions.Opinion, err error) (*boxedOutput, error) {
	return &boxedOutput{ETag: etag(o.Version), Body: o}, err
}

func (s *Services) getOpinion(ctx context.Context, in *opinionInput) (*boxedOutput, error) {
	return opined(s.Opinions.Get(ctx, scopeOf(ctx), in.ID))
}

type opinionFindingsOutput struct {
	Body struct {
		Items []opinions.Candidate `json:"items" nullable:"false" maxItems:"1000"`
	}
}

func (s *Services) getOpinionFindings(ctx context.Context, in *opinionInput) (*opinionFindingsOutput, error) {
	out := &opinionFindingsOutput{}
	var err error
	out.Body.Items, err = s.Opinions.Candidates(ctx, scopeOf(ctx), in.ID)
	return out, err
}

// changedOpinion is a change of an opinion: its version, and what to change.
type changedOpinion[T any] struct {
	Changing
	OpinionPath
	Body T
}

// onOpinion is a handler that gives one method of the room the version and the body.
func onOpinion[T any](ctx context.Context, in *changedOpinion[T],
	do func(context.Context, tenants.Scope, inspection.OpinionID, int, T) (opinions.Opinion, error),
) (*boxedOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return opined(do(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

func (s *Services) featureOpinion(ctx context.Context, in *changedOpinion[opinions.Showing]) (*boxedOutput, error) {
	return onOpinion(ctx, in, s.Opinions.Feature)
}

func (s *Services) declineOpinion(ctx context.Context, in *changedOpinion[opinions.Declining]) (*boxedOutput, error) {
	return onOpinion(ctx, in, s.Opinions.Decline)
}

func (s *Services) passOpinion(ctx context.Context, in *changedOpinion[opinions.Passing]) (*boxedOutput, error) {
	return onOpinion(ctx, in, s.Opinions.Pass)
}

func (s *Services) replyOpinion(ctx context.Context, in *changedOpinion[opinions.Answering]) (*boxedOutput, error) {
	return onOpinion(ctx, in, s.Opinions.Answer)
}

func (s *Services) mergeOpinion(ctx context.Context, in *changedOpinion[opinions.Merging]) (*boxedOutput, error) {
	return onOpinion(ctx, in, s.Opinions.Merge)
}

func (s *Services) reopenOpinion(ctx context.Context, in *changedOpinion[opinions.Reopening]) (*boxedOutput, error) {
	return onOpinion(ctx, in, s.Opinions.Reopen)
}

func (s *Services) linkOpinion(ctx context.Context, in *changedOpinion[opinions.Linking]) (*boxedOutput, error) {
	return onOpinion(ctx, in, s.Opinions.Link)
}
