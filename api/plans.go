package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/plans"
	"xuncha/tenants"
)

// plans has the units' plans (整改方案), from the ledger to both signatures and the
// review.
func (s *Services) plans(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[plans.State](), reflect.TypeFor[planStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[plans.Action](), reflect.TypeFor[planActionSchema]())
	unit := []tenants.Role{tenants.UNIT, tenants.HEAD}
	office := []tenants.Role{tenants.OFF, tenants.DIR}
	do := func(roles []tenants.Role, act string) permission {
		return permission{Roles: roles, Level: P1, Act: "plan." + act}
	}
	get, post, patch := operations("/plans", "Plans")
	read := permission{Roles: readers, Level: P1, Act: "read"}

	register(s, api, get("list-plans", "", "Plans (整改方案) of all units and rounds, the latest round first"), read, s.listPlans)
	register(s, api, get("get-plan", "/{id}", "A plan: what is or was signed, and what is missing or vague"), read, s.getPlan)
	register(s, api, docxOperation(post("export-plan", "/{id}/export", "A plan as a Word document in the layout of official documents")),
		permission{Roles: read.Roles, Level: P1, Act: "plan.export"}, s.exportPlan)
	begin := post("begin-plan", "", "Begin the next edition of the unit's plan for a round (编制、修订)")
	begin.DefaultStatus = http.StatusCreated
	register(s, api, begin, do(unit, "begin"), s.beginPlan)
	register(s, api, patch("edit-plan", "/{id}", "Save what the unit says beside the measures; what is absent stays"),
		do(unit, "edit"), s.editPlan)
	register(s, api, post("sign-plan", "/{id}/sign", "Sign as the unit's head (签字); asks for a fresh proof of identity"),
		do([]tenants.Role{tenants.HEAD}, "sign"), s.signPlan)
	register(s, api, post("countersign-plan", "/{id}/countersign", "Sign as the leader in charge (双签字); asks for a fresh proof of identity"),
		do([]tenants.Role{tenants.LG}, "countersign"), s.countersignPlan)
	register(s, api, post("decline-plan", "/{id}/decline", "Send it back instead of countersigning"),
		do([]tenants.Role{tenants.LG}, "decline"), s.declinePlan)
	opinion := do(paperParties, "opinion")
	opinion.Level = P2
	register(s, api, post("review-plan", "/{id}/opinion", "Give your party's opinion; others see it when all are in"), opinion, s.reviewPlan)
	register(s, api, post("return-plan", "/{id}/return", "Send it back with one letter (退回修改)"), do(office, "return"), s.returnPlan)
	register(s, api, post("approve-plan", "/{id}/approve", "Put it into effect (同意实施); the edition before is kept"),
		do(office, "approve"), s.approvePlan)
}

type (
	planStateSchema  string
	planActionSchema string
)

// Schema lists the states of a plan.
func (planStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(plans.Plans().States()) }

// Schema lists the actions on a plan.
func (planActionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(plans.Plans().Acts()) }

type listPlansInput struct{ Reading }

type listPlansOutput struct {
	Body struct {
		Plans []plans.Line `json:"plans" nullable:"false"`
	}
}

func (s *Services) listPlans(ctx context.Context, _ *listPlansInput) (*listPlansOutput, error) {
	out := &listPlansOutput{}
	var err error
	out.Body.Plans, err = s.Plans.List(ctx, scopeOf(ctx))
	return out, err
}

type planOutput struct {
	ETag string `header:"ETag"`
	Body plans.Plan
}

func plan(p plans.Plan, err error) (*planOutput, error) {
	return &planOutput{ETag: etag(p.Version), Body: p}, err
}

type planInput struct {
	Reading
	ID inspection.PlanID `path:"id" format:"uuid"`
}

func (s *Services) getPlan(ctx context.Context, in *planInput) (*planOutput, error) {
	return plan(s.Plans.Get(ctx, scopeOf(ctx), in.ID))
}

func (s *Services) exportPlan(ctx context.Context, in *planInput) (*huma.StreamResponse, error) {
	f, err := s.Documents.Plan(ctx, scopeOf(ctx), in.ID)
	return file(f, docx, err)
}

type beginPlanInput struct {
	Posting
	Body struct {
		Round inspection.RoundID `json:"round"`
	}
}

func (s *Services) beginPlan(ctx context.Context, in *beginPlanInput) (*planOutput, error) {
	return plan(s.Plans.Begin(ctx, scopeOf(ctx), in.Body.Round))
}

func (s *Services) editPlan(ctx context.Context, in *changedPaper[inspection.PlanID, plans.Change]) (*planOutput, error) {
	return plan(onPaper(ctx, in, s.Plans.Edit))
}

func (s *Services) signPlan(ctx context.Context, in *changedPaper[inspection.PlanID, papers.Signing]) (*planOutput, error) {
	return plan(onPaper(ctx, in, s.Plans.Sign))
}

func (s *Services) countersignPlan(ctx context.Context, in *changedPaper[inspection.PlanID, papers.Signing]) (*planOutput, error) {
	return plan(onPaper(ctx, in, s.Plans.Countersign))
}

func (s *Services) declinePlan(ctx context.Context, in *changedPaper[inspection.PlanID, papers.Deciding]) (*planOutput, error) {
	return plan(onPaper(ctx, in, s.Plans.Decline))
}

func (s *Services) returnPlan(ctx context.Context, in *changedPaper[inspection.PlanID, papers.Deciding]) (*planOutput, error) {
	return plan(onPaper(ctx, in, s.Plans.Return))
}

func (s *Services) approvePlan(ctx context.Context, in *changedPaper[inspection.PlanID, papers.Deciding]) (*planOutput, error) {
	return plan(onPaper(ctx, in, s.Plans.Approve))
}

func (s *Services) reviewPlan(ctx context.Context, in *reviewedPaper[inspection.PlanID, papers.Giving]) (*planOutput, error) {
	return plan(s.Plans.Give(ctx, scopeOf(ctx), in.ID, in.Body))
}
