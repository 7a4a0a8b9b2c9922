package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
)

// followups has follow-ups of past rounds (回头看): the plan, hidden from units until
// its notice, what two people find of each problem, new problems, and the report.
func (s *Services) followups(api huma.API) {
	s.followUpWords(api)
	office := []tenants.Role{tenants.OFF, tenants.DIR}
	director := []tenants.Role{tenants.DIR}
	field := append([]tenants.Role{tenants.LG, tenants.DIR}, checks.Inspectors()...)
	told := append([]tenants.Role{tenants.UNIT, tenants.HEAD}, field...)
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Follow-ups"}}
	}
	get := func(id, path, summary string) huma.Operation { return op(id, http.MethodGet, path, summary) }
	post := func(id, path, summary string) huma.Operation { return op(id, http.MethodPost, path, summary) }
	do := func(roles []tenants.Role, act string) permission {
		return permission{Roles: roles, Level: P2, Act: act}
	}

	register(s, api, get("list-followups", "/followups", "Follow-ups, the latest first; for a unit those that it was told of"), do(told, "read"), s.listFollowUps)
	register(s, api, get("propose-followup", "/rounds/{round}/followup-units", "The units of a past round, and what the rows say for taking each"),
		do(office, "read"), s.proposeFollowUp)
	draft := post("draft-followup", "/followups", "Open a follow-up over a past round (开展回头看)")
	draft.DefaultStatus = http.StatusCreated
	register(s, api, draft, do(office, "followup.draft"), s.draftFollowUp)
	register(s, api, get("get-followup", "/followups/{id}", "One follow-up, with the numbers of its units"), do(field, "read"), s.getFollowUp)
	register(s, api, op("edit-followup", http.MethodPatch, "/followups/{id}", "Change a follow-up that nobody was told of"),
		do(office, "followup.edit"), s.editFollowUp)
	register(s, api, post("staff-followup", "/followups/{id}/people", "Change who looks"), do(office, "followup.staff"), s.staffFollowUp)
	register(s, api, post("notify-followup", "/followups/{id}/notify", "Tell the units (通知); asks for a fresh proof of identity"),
		do(director, "followup.notify"), s.notifyFollowUp)
	register(s, api, post("begin-followup", "/followups/{id}/begin", "The people are with the units (进驻)"), do(office, "followup.begin"), s.beginFollowUp)
	register(s, api, post("cancel-followup", "/followups/{id}/cancel", "Take it back, with a reason"), do(office, "followup.cancel"), s.cancelFollowUp)
	register(s, api, post("report-followup", "/followups/{id}/report",
		"End it: verdicts are told, what does not stand is reopened, new problems enter the ledger; asks for a fresh proof of identity"),
		do(director, "followup.report"), s.reportFollowUp)
	register(s, api, docxOperation(post("export-followup-report", "/followups/{id}/report/export", "The report as a Word document")),
		do(field, "followup.export-report"), s.exportFollowUpReport)
	register(s, api, get("get-followup-sheet", "/followups/{id}/units/{unit}",
		"One unit's sheet (对照表): feedback, plan, report and reality; for the unit its own, with verdicts once reported"), do(told, "read"), s.getFollowUpSheet)
	s.followUpLooks(api, op, do)
	register(s, api, get("list-item-followups", "/items/{id}/followups", "What follow-ups came to for an item"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.listItemFollowUps)
}

func (s *Services) followUpWords(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[followups.State](), reflect.TypeFor[followUpStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[followups.Action](), reflect.TypeFor[followUpActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[followups.Look](), reflect.TypeFor[lookStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[followups.LookAction](), reflect.TypeFor[lookActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[followups.Verdict](), reflect.TypeFor[lookVerdictSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[followups.Cause](), reflect.TypeFor[followUpCauseSchema]())
	for _, t := range []reflect.Type{reflect.TypeFor[followups.ID](), reflect.TypeFor[followups.ProblemID]()} {
		schemas.RegisterTypeAlias(t, reflect.TypeFor[idSchema]())
	}
}

type (
	followUpStateSchema  string
	followUpActionSchema string
	lookStateSchema      string
	lookActionSchema     string
	lookVerdictSchema    string
	followUpCauseSchema  string
)

// Schema lists the states of a follow-up.
func (followUpStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(followups.Life().States())
}

// Schema lists the acts on a follow-up.
func (followUpActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(followups.Life().Acts())
}

// Schema lists how far the looking at one problem is.
func (lookStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(followups.Looks().States()) }

// Schema lists what is done about the record of one problem.
func (lookActionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(followups.Looks().Acts()) }

// Schema lists the verdicts, and none before one is recorded.
func (lookVerdictSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(append(followups.Verdicts(), ""))
}

// Schema lists what speaks for taking a unit.
func (followUpCauseSchema) Schema(huma.Registry) *huma.Schema { return enumOf(followups.Causes()) }

type followUpsOutput struct {
	Body struct {
		Items []followups.Line `json:"items" nullable:"false" maxItems:"500"`
	}
}

func (s *Services) listFollowUps(ctx context.Context, _ *struct{ Acting }) (*followUpsOutput, error) {
	out := &followUpsOutput{}
	var err error
	out.Body.Items, err = s.FollowUps.List(ctx, scopeOf(ctx))
	return out, err
}

type proposeFollowUpInput struct {
	Acting
	Round inspection.RoundID `path:"round" format:"uuid"`
}

type proposeFollowUpOutput struct {
	Body struct {
		Units []followups.Proposal `json:"units" nullable:"false" maxItems:"500"`
	}
}

func (s *Services) proposeFollowUp(ctx context.Context, in *proposeFollowUpInput) (*proposeFollowUpOutput, error) {
	out := &proposeFollowUpOutput{}
	var err error
	out.Body.Units, err = s.FollowUps.Propose(ctx, scopeOf(ctx), in.Round)
	return out, err
}

type followUpOutput struct {
	ETag string `header:"ETag"`
	Body followups.FollowUp
}

func followedUp(f followups.FollowUp, err error) (*followUpOutput, error) {
	return &followUpOutput{ETag: etag(f.Version), Body: f}, err
}

type draftFollowUpInput struct {
	Posting
	Body followups.Drafting
}

func (s *Services) draftFollowUp(ctx context.Context, in *draftFollowUpInput) (*followUpOutput, error) {
	return followedUp(s.FollowUps.Draft(ctx, scopeOf(ctx), in.Body))
}

// FollowUpPath names a follow-up in a path.
type FollowUpPath struct {
	ID followups.ID `path:"id" format:"uuid"`
}

type followUpInput struct {
	Acting
	FollowUpPath
}

func (s *Services) getFollowUp(ctx context.Context, in *followUpInput) (*followUpOutput, error) {
	return followedUp(s.FollowUps.Get(ctx, scopeOf(ctx), in.ID))
}

// changedFollowUp is a change of a follow-up: its version, and what to change.
type changedFollowUp[T any] struct {
	Changing
	FollowUpPath
	Body T
}

// onFollowUp gives one method of the room the version and the body.
func onFollowUp[T any](ctx context.Context, in *changedFollowUp[T],
	do func(context.Context, tenants.Scope, followups.ID, int, T) (followups.FollowUp, error),
) (*followUpOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return followedUp(do(ctx, scopeOf(ctx), in.ID, v, in.Body))
}

func (s *Services) editFollowUp(ctx context.Context, in *changedFollowUp[followups.Drafting]) (*followUpOutput, error) {
	return onFollowUp(ctx, in, s.FollowUps.Edit)
}

func (s *Services) staffFollowUp(ctx context.Context, in *changedFollowUp[followups.Staffing]) (*followUpOutput, error) {
	return onFollowUp(ctx, in, s.FollowUps.Staff)
}

func (s *Services) reportFollowUp(ctx context.Context, in *changedFollowUp[followups.Reporting]) (*followUpOutput, error) {
	return onFollowUp(ctx, in, s.FollowUps.Report)
}

// said is a sentence that goes with a step.
type said struct {
	Text string `json:"text" minLength:"1" maxLength:"1000"`
}

func (s *Services) cancelFollowUp(ctx context.Context, in *changedFollowUp[said]) (*followUpOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return followedUp(s.FollowUps.Cancel(ctx, scopeOf(ctx), in.ID, v, in.Body.Text))
}

type movedFollowUp struct {
	Changing
	FollowUpPath
}

func (s *Services) notifyFollowUp(ctx context.Context, in *movedFollowUp) (*followUpOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return followedUp(s.FollowUps.Notify(ctx, scopeOf(ctx), in.ID, v))
}

func (s *Services) beginFollowUp(ctx context.Context, in *movedFollowUp) (*followUpOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return followedUp(s.FollowUps.Begin(ctx, scopeOf(ctx), in.ID, v))
}

func (s *Services) exportFollowUpReport(ctx context.Context, in *followUpInput) (*huma.StreamResponse, error) {
	f, err := s.Documents.FollowUpReport(ctx, scopeOf(ctx), in.ID)
	return file(f, docx, err)
}

type followUpSheetInput struct {
	Acting
	FollowUpPath
	Unit inspection.UnitID `path:"unit" format:"uuid"`
}

type followUpSheetOutput struct{ Body followups.Sheet }

func (s *Services) getFollowUpSheet(ctx context.Context, in *followUpSheetInput) (*followUpSheetOutput, error) {
	sh, err := s.FollowUps.Sheet(ctx, scopeOf(ctx), in.ID, in.Unit)
	return &followUpSheetOutput{Body: sh}, err
}

type itemFollowUpsOutput struct {
	Body struct {
		Items []followups.Result `json:"items" nullable:"false" maxItems:"100"`
	}
}

func (s *Services) listItemFollowUps(ctx context.Context, in *itemInput) (*itemFollowUpsOutput, error) {
	out := &itemFollowUpsOutput{}
	var err error
	out.Body.Items, err = s.FollowUps.OfItem(ctx, scopeOf(ctx), in.ID)
	return out, err
}
