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

// escalations has what an office raises to the level above (提请统筹), and what
// becomes of it there.
func (s *Services) escalations(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.MatterState](), reflect.TypeFor[matterStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.MatterAct](), reflect.TypeFor[matterActSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.MatterReturn](), reflect.TypeFor[matterReturnSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.Course](), reflect.TypeFor[courseSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.Outcome](), reflect.TypeFor[outcomeSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.StageState](), reflect.TypeFor[stageStateSchema]())
	above := []tenants.Role{tenants.CITY, tenants.PROV}
	signers := []tenants.Role{tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV}
	do := func(roles []tenants.Role, act string) permission {
		return permission{Roles: roles, Level: P2, Act: "escalation." + act}
	}
	read := permission{Roles: append([]tenants.Role{tenants.LG}, staff...), Level: P2, Act: "read"}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: "/v1/offices/{office}/escalations" + path, Summary: summary, Tags: []string{"Linkage"},
		}
	}
	post := func(id, path, summary string) huma.Operation { return op(id, http.MethodPost, "/{id}"+path, summary) }

	register(s, api, op("list-escalations", http.MethodGet, "", "Matters raised, or come from below, the latest first"), read, s.listMatters)
	register(s, api, op("get-escalation", http.MethodGet, "/{id}", "A matter with its steps"), read, s.getMatter)
	raise := op("raise-matter", http.MethodPost, "", "Begin a matter about one finding")
	raise.DefaultStatus = http.StatusCreated
	register(s, api, raise, do(staff, "draft"), s.raiseMatter)
	register(s, api, op("edit-escalation", http.MethodPut, "/{id}", "Change a draft, or one that was returned"), do(staff, "edit"), s.editMatter)
	register(s, api, post("submit-escalation", "/submit", "Hand it to whoever approves it in the office"), do(staff, "submit"), s.submitMatter)
	register(s, api, post("send-back-escalation", "/send-back", "Return it to its author in the office"), do(signers, "send-back"), s.sendBackMatter)
	register(s, api, post("approve-escalation", "/approve", "Send it up, under a number"), do(signers, "approve"), s.approveMatter)
	register(s, api, post("withdraw-escalation", "/withdraw", "Take it back while nobody above has accepted it"), do(staff, "withdraw"), s.withdrawMatter)
	register(s, api, post("accept-escalation", "/accept", "Accept it (受理), under a number of your own"), do(above, "accept"), s.takeMatter)
	register(s, api, post("return-escalation", "/return", "Return it: material is missing, or the level below can settle it"),
		do(above, "return"), s.returnMatter)
	register(s, api, post("refuse-escalation", "/refuse", "Decline it (不予受理), with a reason"), do(above, "refuse"), s.refuseMatter)
	register(s, api, post("merge-escalations", "/merge", "Handle others as one with it (并案); their raisers do not learn of each other"),
		do(above, "merge"), s.mergeMatters)
	register(s, api, post("split-escalation", "/split", "Handle it alone again"), do(above, "split"), s.splitMatter)
	register(s, api, post("decide-escalation", "/decide", "Take it up: who settles it and by when, for all that were merged with it"),
		do(above, "decide"), s.decideMatter)
	register(s, api, post("note-escalation", "/note", "Record what studying it came to so far"), do(above, "note"), s.noteMatter)
	register(s, api, post("raise-escalation", "/raise", "Pass it to the level above"), do(above, "raise"), s.raiseFurther)
	register(s, api, post("answer-escalation", "/answer", "Answer it"), do(above, "answer"), s.answerMatter)
	register(s, api, post("confirm-escalation", "/confirm", "Take the answer back to the finding; its day moves only by this"),
		do(signers, "confirm"), s.confirmMatter)
	register(s, api, post("dispute-escalation", "/dispute", "Give the answer, or the refusal, back once, with what is wrong with it"),
		do(signers, "dispute"), s.disputeMatter)
	register(s, api, post("stop-clock", "/stop-clock", "Approve that the finding's clock stands still while the matter is taken up above"),
		do(signers, "stop-clock"), s.stopClock)
	register(s, api, post("finish-escalation", "/finish", "End it: the answer is carried out (办结)"), do(staff, "finish"), s.finishMatter)
}

type (
	matterStateSchema  string
	matterActSchema    string
	matterReturnSchema string
	courseSchema       string
	outcomeSchema      string
	stageStateSchema   string
)

// Schema lists the states of a matter.
func (matterStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(linkage.Matters().States())
}

// Schema lists the acts on a matter.
func (matterActSchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.Matters().Acts()) }

// Schema lists the reasons why a matter is returned.
func (matterReturnSchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.MatterReturns()) }

// Schema lists the ways in which a matter is taken up.
func (courseSchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.Courses()) }

// Schema lists the kinds of answer.
func (outcomeSchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.Outcomes()) }

// Schema lists the states of a stage.
func (stageStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.StageStates()) }

type mattersInput struct {
	Acting
	Cursor  string               `query:"cursor" maxLength:"1000" doc:"Next of the page before"`
	Limit   int                  `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Box     linkage.Box          `query:"box" default:"out" doc:"out: raised by the office; in: come from below"`
	Finding inspection.FindingID `query:"finding" format:"uuid" doc:"About this finding only"`
}

func (s *Services) listMatters(ctx context.Context, in *mattersInput) (*listed[linkage.Matter], error) {
	return page(ctx, s, plain(in.Acting, in.Cursor, in.Limit), func(cursor string) (inspection.Page[linkage.Matter], error) {
		return s.Linkage.Matters(ctx, scopeOf(ctx), in.Box, in.Finding, cursor, in.Limit)
	})
}

// MatterPath is part of every input about one matter.
type MatterPath struct {
	ID inspection.EscalationID `path:"id" format:"uuid"`
}

type matterViewOutput struct {
	ETag string `header:"ETag"`
	Body linkage.MatterView
}

func (s *Services) getMatter(ctx context.Context, in *struct {
	Acting
	MatterPath
},
) (*matterViewOutput, error) {
	v, err := s.Linkage.GetMatter(ctx, scopeOf(ctx), in.ID)
	return &matterViewOutput{ETag: etag(v.Version), Body: v}, err
}

type matterOutput struct {
	ETag string `header:"ETag"`
	Body linkage.Matter
}

// move does one thing to the version of a matter that its sender read.
func move(ctx context.Context, in ChangingMatter, do func(context.Context, tenants.Scope, inspection.EscalationID, int) (linkage.Matter, error)) (*matterOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	m, err := do(ctx, scopeOf(ctx), in.ID, version)
	return &matterOutput{ETag: etag(m.Version), Body: m}, err
}

// moveWith is move with what the sender says of it.
func moveWith[B any](ctx context.Context, in ChangingMatter, body B,
	do func(context.Context, tenants.Scope, inspection.EscalationID, int, B) (linkage.Matter, error),
) (*matterOutput, error) {
	return move(ctx, in, func(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int) (linkage.Matter, error) {
		return do(ctx, scope, id, version, body)
	})
}

type raiseInput struct {
	Posting
	Body struct {
		Finding inspection.FindingID `json:"finding"`
		linkage.Raising
	}
}

func (s *Services) raiseMatter(ctx context.Context, in *raiseInput) (*matterOutput, error) {
	m, err := s.Linkage.Raise(ctx, scopeOf(ctx), in.Body.Finding, in.Body.Raising)
	return &matterOutput{ETag: etag(m.Version), Body: m}, err
}

// ChangingMatter is part of every input of an act on a matter.
type ChangingMatter struct {
	Changing
	MatterPath
}

type editMatterInput struct {
	ChangingMatter
	Body linkage.Raising
}

func (s *Services) editMatter(ctx context.Context, in *editMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body, s.Linkage.EditMatter)
}

func (s *Services) submitMatter(ctx context.Context, in *ChangingMatter) (*matterOutput, error) {
	return move(ctx, *in, s.Linkage.SubmitMatter)
}

func (s *Services) approveMatter(ctx context.Context, in *ChangingMatter) (*matterOutput, error) {
	return move(ctx, *in, s.Linkage.Approve)
}

type reasonedMatterInput struct {
	ChangingMatter
	Body reasoned
}

func (s *Services) sendBackMatter(ctx context.Context, in *reasonedMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body.Reason, s.Linkage.SendBackMatter)
}

func (s *Services) withdrawMatter(ctx context.Context, in *reasonedMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body.Reason, s.Linkage.WithdrawMatter)
}

type takeInput struct {
	ChangingMatter
	Body linkage.Taking
}

func (s *Services) takeMatter(ctx context.Context, in *takeInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body, s.Linkage.Take)
}

type returnMatterInput struct {
	ChangingMatter
	Body linkage.SendingBack
}

func (s *Services) returnMatter(ctx context.Context, in *returnMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body, s.Linkage.ReturnMatter)
}

type mergeMattersInput struct {
	ChangingMatter
	Body linkage.MergingMatters
}

func (s *Services) mergeMatters(ctx context.Context, in *mergeMattersInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body, s.Linkage.Merge)
}

func (s *Services) splitMatter(ctx context.Context, in *ChangingMatter) (*matterOutput, error) {
	return move(ctx, *in, s.Linkage.Split)
}

type decideInput struct {
	ChangingMatter
	Body linkage.Deciding
}

func (s *Services) decideMatter(ctx context.Context, in *decideInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body, s.Linkage.Decide)
}

type spokenMatterInput struct {
	ChangingMatter
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}

func (s *Services) refuseMatter(ctx context.Context, in *spokenMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body.Text, s.Linkage.Refuse)
}

func (s *Services) noteMatter(ctx context.Context, in *spokenMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body.Text, s.Linkage.Note)
}

func (s *Services) raiseFurther(ctx context.Context, in *spokenMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body.Text, s.Linkage.RaiseFurther)
}

func (s *Services) finishMatter(ctx context.Context, in *spokenMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body.Text, s.Linkage.Finish)
}

func (s *Services) disputeMatter(ctx context.Context, in *spokenMatterInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body.Text, s.Linkage.DisputeAnswer)
}

type stopClockInput struct {
	ChangingMatter
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"190" doc:"Why; shown beside the item's day"`
	}
}

func (s *Services) stopClock(ctx context.Context, in *stopClockInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body.Reason, s.Linkage.StopClock)
}

type answerInput struct {
	ChangingMatter
	Body linkage.Answering
}

func (s *Services) answerMatter(ctx context.Context, in *answerInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body, s.Linkage.Answer)
}

type confirmInput struct {
	ChangingMatter
	Body linkage.Confirming
}

func (s *Services) confirmMatter(ctx context.Context, in *confirmInput) (*matterOutput, error) {
	return moveWith(ctx, in.ChangingMatter, in.Body, s.Linkage.Confirm)
}
