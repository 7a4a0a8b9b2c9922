package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// reviewers are the parties that a policy may name to review what a unit hands in.
var reviewers = []tenants.Role{tenants.DISC, tenants.ORG, tenants.DEPT, tenants.OFF, tenants.DIR, tenants.LG}

// rectification has the ledger (整改台账), its items, and what is done to them.
func (s *Services) rectification(api huma.API) {
	s.rectificationWords(api)
	unit := []tenants.Role{tenants.UNIT, tenants.HEAD}
	office := []tenants.Role{tenants.OFF, tenants.DIR}
	get := func(id, path, summary string) huma.Operation { return itemOperation(id, http.MethodGet, path, summary) }
	post := func(id, path, summary string) huma.Operation {
		return itemOperation(id, http.MethodPost, path, summary)
	}
	patch := func(id, path, summary string) huma.Operation {
		return itemOperation(id, http.MethodPatch, path, summary)
	}
	read := permission{Roles: readers, Level: P1, Act: "read"}
	register(s, api, get("list-items", "/items", "The ledger (整改台账): findings, their cases and measures"), read, s.listItems)
	register(s, api, get("list-measures", "/measures", "The list of tasks (任务清单): measures with the problems they belong to"), read, s.listMeasures)
	register(s, api, get("list-duties", "/duties", "The list of who is responsible (责任清单): tasks by leader and department"), read, s.listDuties)
	register(s, api, get("get-item", "/items/{id}", "Everything about one item that you may see"), read, s.getItem)
	register(s, api, get("get-item-timeline", "/items/{id}/timeline", "What was done about an item, from the journal, the latest first"),
		read, s.getTimeline)
	register(s, api, patch("edit-item", "/items/{id}", "Record progress; the first sentence starts the case"),
		permission{Roles: unit, Level: P1, Act: "rectification.edit"}, s.editItem)
	register(s, api, patch("edit-measure", "/items/{id}/measures/{measure}", "Change a measure; the office says who and by when"),
		permission{Roles: append(unit, office...), Level: P1, Act: "measure.edit"}, s.editMeasure)
	add := post("add-measure", "/items/{id}/measures", "Add a measure")
	add.DefaultStatus = http.StatusCreated
	register(s, api, add, permission{Roles: unit, Level: P1, Act: "measure.add"}, s.addMeasure)
	register(s, api, post("start-item", "/items/{id}/start", "Begin (启动整改)"),
		permission{Roles: unit, Level: P1, Act: "rectification.start"}, s.startItem)
	register(s, api, post("submit-item", "/items/{id}/submit", "Hand in for joint review (提交销号)"),
		permission{Roles: unit, Level: P1, Act: "rectification.submit"}, s.submitItem)
	register(s, api, post("give-opinion", "/items/{id}/opinion", "Give your party's opinion; others see it when all are in"),
		permission{Roles: reviewers, Level: P2, Act: "rectification.opinion"}, s.giveOpinion)
	register(s, api, get("get-turns", "/items/{id}/review", "How far the joint review is, party by party, and who has it in hand"), read, s.getTurns)
	register(s, api, post("claim-review", "/items/{id}/claim", "Take the review of an item in hand for your party (认领)"),
		permission{Roles: reviewers, Level: P2, Act: "rectification.claim"}, s.claimReview)
	register(s, api, post("unclaim-review", "/items/{id}/unclaim", "Give a claim back; the director releases anybody's"),
		permission{Roles: reviewers, Level: P2, Act: "rectification.unclaim"}, s.unclaimReview)
	register(s, api, post("return-item", "/items/{id}/return", "Send back with one consolidated letter (退回重报)"),
		permission{Roles: office, Level: P1, Act: "rectification.return"}, s.returnItem)
	register(s, api, post("accept-item", "/items/{id}/accept", "Close (销号), or keep as a long-term case (长期整改)"),
		permission{Roles: office, Level: P1, Act: "rectification.accept"}, s.acceptItem)
	register(s, api, post("reopen-item", "/items/{id}/reopen", "Send a closed case back to work (重新整改)"),
		permission{Roles: []tenants.Role{tenants.DIR}, Level: P1, Act: "rectification.reopen"}, s.reopenItem)
	register(s, api, post("set-due", "/items/{id}/due", "Move the deadline; reminders begin anew"),
		permission{Roles: office, Level: P1, Act: "rectification.due"}, s.setDue)
}

func itemOperation(id, method, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Rectification"},
	}
}

func (s *Services) rectificationWords(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.State](), reflect.TypeFor[stateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.Action](), reflect.TypeFor[actionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.Kind](), reflect.TypeFor[kindSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.Flag](), reflect.TypeFor[flagSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.Verdict](), reflect.TypeFor[verdictSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.Reason](), reflect.TypeFor[reasonSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.Narrowing](), reflect.TypeFor[narrowingSchema]())
}

type (
	stateSchema     string
	actionSchema    string
	kindSchema      string
	flagSchema      string
	verdictSchema   string
	reasonSchema    string
	narrowingSchema string
)

// Schema lists the states.
func (stateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Cases().States()) }

// Schema lists the actions.
func (actionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Cases().Acts()) }

// Schema lists the kinds of case and measure.
func (kindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Kinds()) }

// Schema lists the flags.
func (flagSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Flags()) }

// Schema lists the verdicts.
func (verdictSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Verdicts()) }

// Schema lists the reasons.
func (reasonSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Reasons()) }

// Schema lists the views of the ledger.
func (narrowingSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Narrowings()) }

type itemInput struct {
	Reading
	ItemPath
}

type itemOutput struct {
	ETag string `header:"ETag"`
	Body rectification.ItemPage
}

func (s *Services) getItem(ctx context.Context, in *itemInput) (*itemOutput, error) {
	p, err := s.Rectification.Read(ctx, scopeOf(ctx), in.ID)
	return &itemOutput{ETag: etag(p.Version), Body: p}, err
}

type timelineInput struct {
	Reading
	ItemPath
	Before int64 `query:"before" minimum:"0" maximum:"9007199254740991" doc:"Only entries with smaller numbers"`
	Limit  int   `query:"limit" minimum:"1" maximum:"100" default:"100"`
}

type timelineOutput struct {
	Body struct {
		Items []rectification.Event `json:"items" nullable:"false" maxItems:"100"`
	}
}

func (s *Services) getTimeline(ctx context.Context, in *timelineInput) (*timelineOutput, error) {
	events, err := s.Rectification.Timeline(ctx, scopeOf(ctx), in.ID, in.Before, in.Limit)
	out := &timelineOutput{}
	out.Body.Items = events
	return out, err
}

// caseOutput is a case after an act.
type caseOutput struct {
	ETag string `header:"ETag"`
	Body rectification.Case
}

func acted(c rectification.Case, err error) (*caseOutput, error) {
	return &caseOutput{ETag: etag(c.Version), Body: c}, err
}

type editItemInput struct {
	Changing
	ItemPath
	Body rectification.CaseEdit
}

func (s *Services) editItem(ctx context.Context, in *editItemInput) (*caseOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return acted(s.Rectification.Edit(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type editMeasureInput struct {
	Changing
	ItemPath
	Measure inspection.MeasureID `path:"measure" format:"uuid"`
	Body    rectification.MeasureEdit
}

type measureOutput struct {
	ETag string `header:"ETag"`
	Body rectification.Measure
}

func (s *Services) editMeasure(ctx context.Context, in *editMeasureInput) (*measureOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	m, err := s.Rectification.EditMeasure(ctx, scopeOf(ctx), in.ID, in.Measure, version, in.Body)
	return &measureOutput{ETag: etag(m.Version), Body: m}, err
}

type addMeasureInput struct {
	Posting
	ItemPath
	Body rectification.MeasureEdit
}

func (s *Services) addMeasure(ctx context.Context, in *addMeasureInput) (*measureOutput, error) {
	m, err := s.Rectification.AddMeasure(ctx, scopeOf(ctx), in.ID, in.Body)
	return &measureOutput{ETag: etag(m.Version), Body: m}, err
}

type startItemInput struct {
	Changing
	ItemPath
}

func (s *Services) startItem(ctx context.Context, in *startItemInput) (*caseOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return acted(s.Rectification.Start(ctx, scopeOf(ctx), in.ID, version))
}

type submitItemInput struct {
	Changing
	ItemPath
	Body rectification.Handing
}

func (s *Services) submitItem(ctx context.Context, in *submitItemInput) (*caseOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return acted(s.Rectification.Submit(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type giveOpinionInput struct {
	Posting
	ItemPath
	Body rectification.Giving
}

type opinionOutput struct{ Body rectification.Opinion }

func (s *Services) giveOpinion(ctx context.Context, in *giveOpinionInput) (*opinionOutput, error) {
	o, err := s.Rectification.Give(ctx, scopeOf(ctx), in.ID, in.Body)
	return &opinionOutput{Body: o}, err
}

type turnsOutput struct{ Body rectification.Turns }

func (s *Services) getTurns(ctx context.Context, in *itemInput) (*turnsOutput, error) {
	t, err := s.Rectification.Turns(ctx, scopeOf(ctx), in.ID)
	return &turnsOutput{Body: t}, err
}

type claimInput struct {
	Posting
	ItemPath
}

func (s *Services) claimReview(ctx context.Context, in *claimInput) (*turnsOutput, error) {
	t, err := s.Rectification.Claim(ctx, scopeOf(ctx), in.ID)
	return &turnsOutput{Body: t}, err
}

type unclaimInput struct {
	Posting
	ItemPath
	Body struct {
		Party tenants.Role `json:"party" doc:"Whose claim"`
	}
}

func (s *Services) unclaimReview(ctx context.Context, in *unclaimInput) (*turnsOutput, error) {
	t, err := s.Rectification.Unclaim(ctx, scopeOf(ctx), in.ID, in.Body.Party)
	return &turnsOutput{Body: t}, err
}

type returnItemInput struct {
	Changing
	ItemPath
	Body rectification.Returning
}

func (s *Services) returnItem(ctx context.Context, in *returnItemInput) (*caseOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return acted(s.Rectification.Return(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type acceptItemInput struct {
	Changing
	ItemPath
	Body rectification.Accepting
}

func (s *Services) acceptItem(ctx context.Context, in *acceptItemInput) (*caseOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return acted(s.Rectification.Accept(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type reopenItemInput struct {
	Changing
	ItemPath
	Body rectification.Reopening
}

func (s *Services) reopenItem(ctx context.Context, in *reopenItemInput) (*caseOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return acted(s.Rectification.Reopen(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type setDueInput struct {
	Changing
	ItemPath
	Body rectification.DueChange
}

func (s *Services) setDue(ctx context.Context, in *setDueInput) (*caseOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return acted(s.Rectification.SetDue(ctx, scopeOf(ctx), in.ID, version, in.Body))
}
