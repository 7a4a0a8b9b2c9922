package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/privacy"
	"xuncha/tenants"
)

// disclosure has the texts for the public (公开稿), from the ledger to the page.
func (s *Services) disclosure(api huma.API) {
	s.disclosureWords(api)
	writers := []tenants.Role{tenants.UNIT, tenants.HEAD, tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	leaders := []tenants.Role{tenants.DIR, tenants.LG}
	see := append([]tenants.Role{tenants.LG, tenants.DISC}, writers...)
	hands := append([]tenants.Role{tenants.LG}, staff...)
	do := func(roles []tenants.Role, act string) permission {
		return permission{Roles: roles, Level: P2, Act: act}
	}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: "/v1/offices/{office}/disclosures" + path, Summary: summary, Tags: []string{"Disclosure"},
		}
	}
	get := func(id, path, summary string) huma.Operation { return op(id, http.MethodGet, path, summary) }
	post := func(id, path, summary string) huma.Operation { return op(id, http.MethodPost, path, summary) }

	register(s, api, get("list-disclosures", "", "Texts for the public (通报), last changed first"), do(see, "read"), s.listDisclosures)
	generate := post("generate-disclosure", "", "Make the 通报 of a unit and round from the ledger")
	generate.DefaultStatus = http.StatusCreated
	register(s, api, generate, do(writers, "disclosure.generate"), s.generateDisclosure)
	register(s, api, get("get-disclosure", "/{id}", "A text with the ledger beside it, and what is still open"), do(see, "read"), s.getDisclosure)
	register(s, api, get("preview-disclosure", "/{id}/preview", "The page as the public would read it, as HTML that stands alone"),
		do(see, "read"), s.previewDisclosure)
	register(s, api, op("edit-disclosure", http.MethodPatch, "/{id}", "Save what was written; what is absent stays"),
		do(writers, "disclosure.edit"), s.editDisclosure)
	register(s, api, op("edit-disclosure-item", http.MethodPatch, "/{id}/items/{finding}", "Save what was written about one finding, or withhold it"),
		do(writers, "disclosure.edit-item"), s.editDisclosureItem)
	register(s, api, post("refresh-disclosure", "/{id}/refresh", "Take the facts from the ledger anew (重新取数); written words stay"),
		do(writers, "disclosure.edit"), s.refreshDisclosure)
	register(s, api, post("check-disclosure", "/{id}/check", "Check it and hand it to the unit's head"), do(writers, "disclosure.check"), s.checkDisclosure)
	register(s, api, post("confirm-disclosure", "/{id}/confirm", "Stand in for it as the unit's head (确认)"),
		do([]tenants.Role{tenants.HEAD}, "disclosure.confirm"), s.confirmDisclosure)
	register(s, api, post("clear-disclosure", "/{id}/clear", "Review it for the office (审核)"), do(staff, "disclosure.clear"), s.clearDisclosure)
	register(s, api, post("approve-disclosure", "/{id}/approve", "Make it final (审批); asks for a fresh proof of identity"),
		do(leaders, "disclosure.approve"), s.approveDisclosure)
	register(s, api, post("return-disclosure", "/{id}/return", "Send it back with a reason (退回修改)"),
		do(append([]tenants.Role{tenants.LG}, writers...), "disclosure.return"), s.returnDisclosure)
	register(s, api, post("schedule-disclosure", "/{id}/schedule", "Set when it becomes public (定时发布); asks for a fresh proof of identity"),
		do(staff, "disclosure.schedule"), s.scheduleDisclosure)
	register(s, api, post("recall-disclosure", "/{id}/recall", "Take it off the schedule (取消发布)"), do(hands, "disclosure.recall"), s.recallDisclosure)
	register(s, api, post("correct-disclosure", "/{id}/correct", "Begin a corrected edition (更正)"), do(staff, "disclosure.correct"), s.correctDisclosure)
	register(s, api, post("withdraw-disclosure", "/{id}/withdraw", "Take the public page back (撤回); it stays and says so"),
		do(hands, "disclosure.withdraw"), s.withdrawDisclosure)
}

func (s *Services) disclosureWords(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[disclosure.State](), reflect.TypeFor[textStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[disclosure.Action](), reflect.TypeFor[textActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[disclosure.Status](), reflect.TypeFor[publicStatusSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[disclosure.Reason](), reflect.TypeFor[withheldSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[disclosure.Grounds](), reflect.TypeFor[groundsSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[privacy.Kind](), reflect.TypeFor[personalKindSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[privacy.Level](), reflect.TypeFor[personalLevelSchema]())
}

type (
	textStateSchema     string
	textActionSchema    string
	publicStatusSchema  string
	withheldSchema      string
	groundsSchema       string
	personalKindSchema  string
	personalLevelSchema string
)

// Schema lists the states of a text for the public.
func (textStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(disclosure.Editions().States())
}

// Schema lists the actions on a text for the public.
func (textActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(disclosure.Editions().Acts())
}

// Schema lists the public's three words.
func (publicStatusSchema) Schema(huma.Registry) *huma.Schema { return enumOf(disclosure.Statuses()) }

// Schema lists the reasons for withholding; empty: it is disclosed.
func (withheldSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(append(disclosure.Reasons(), ""))
}

// Schema lists the grounds on which personal data stays.
func (groundsSchema) Schema(huma.Registry) *huma.Schema { return enumOf(disclosure.AllGrounds()) }

// Schema lists the kinds of personal data.
func (personalKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(privacy.Kinds()) }

// Schema lists what a piece of personal data does to the text.
func (personalLevelSchema) Schema(huma.Registry) *huma.Schema { return enumOf(privacy.Levels()) }

type listDisclosuresInput struct {
	Listing
	State disclosure.State   `query:"state"`
	Unit  inspection.UnitID  `query:"unit" format:"uuid"`
	Round inspection.RoundID `query:"round" format:"uuid"`
}

func (s *Services) listDisclosures(ctx context.Context, in *listDisclosuresInput) (*listed[disclosure.Line], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[disclosure.Line], error) {
		return s.Disclosure.List(ctx, scopeOf(ctx), disclosure.Filter{
			State: in.State, Unit: in.Unit, Round: in.Round, Cursor: cursor, Limit: in.Limit,
		})
	})
}

type disclosureOutput struct {
	ETag string `header:"ETag"`
	Body disclosure.Draft
}

// draft answers with a text and its version.
func draft(d disclosure.Draft, err error) (*disclosureOutput, error) {
	return &disclosureOutput{ETag: etag(d.Version), Body: d}, err
}

type generateDisclosureInput struct {
	Posting
	Body struct {
		Unit  inspection.UnitID  `json:"unit"`
		Round inspection.RoundID `json:"round"`
	}
}

func (s *Services) generateDisclosure(ctx context.Context, in *generateDisclosureInput) (*disclosureOutput, error) {
	return draft(s.Disclosure.Generate(ctx, scopeOf(ctx), in.Body.Unit, in.Body.Round))
}

// DisclosureID names a text for the public in a path.
type DisclosureID struct {
	ID inspection.DisclosureID `path:"id" format:"uuid"`
}

type disclosureInput struct {
	Reading
	DisclosureID
}

func (s *Services) getDisclosure(ctx context.Context, in *disclosureInput) (*disclosureOutput, error) {
	return draft(s.Disclosure.Get(ctx, scopeOf(ctx), in.ID))
}

type previewInput struct {
	Reading
	DisclosureID
	Size string `query:"size" enum:"m,l" default:"m" doc:"l: 大字版"`
}

type previewOutput struct {
	Body struct {
		HTML string `json:"html" maxLength:"4000000"`
	}
}

func (s *Services) previewDisclosure(ctx context.Context, in *previewInput) (*previewOutput, error) {
	html, err := s.Disclosure.Preview(ctx, scopeOf(ctx), in.ID, in.Size == "l")
	out := &previewOutput{}
	out.Body.HTML = string(html)
	return out, err
}

// changedDisclosure is a change of a text: its version, and what to change.
type changedDisclosure[T any] struct {
	Changing
	DisclosureID
	Body T
}

// onDraft is a handler that gives one method of the room the version and the body.
func onDraft[T any](ctx context.Context, in *changedDisclosure[T],
	do func(context.Context, tenants.Scope, inspection.DisclosureID, int, T) (disclosure.Draft, error),
) (*disclosureOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return draft(do(ctx, scopeOf(ctx), in.ID, v, in.Body))
}

func (s *Services) editDisclosure(ctx context.Context, in *changedDisclosure[disclosure.Change]) (*disclosureOutput, error) {
	return onDraft(ctx, in, s.Disclosure.Edit)
}

func (s *Services) checkDisclosure(ctx context.Context, in *changedDisclosure[disclosure.Decision]) (*disclosureOutput, error) {
	return onDraft(ctx, in, s.Disclosure.Check)
}

func (s *Services) confirmDisclosure(ctx context.Context, in *changedDisclosure[disclosure.Decision]) (*disclosureOutput, error) {
	return onDraft(ctx, in, s.Disclosure.Confirm)
}

func (s *Services) clearDisclosure(ctx context.Context, in *changedDisclosure[disclosure.Clearance]) (*disclosureOutput, error) {
	return onDraft(ctx, in, s.Disclosure.Clear)
}

func (s *Services) approveDisclosure(ctx context.Context, in *changedDisclosure[disclosure.Decision]) (*disclosureOutput, error) {
	return onDraft(ctx, in, s.Disclosure.Approve)
}

func (s *Services) returnDisclosure(ctx context.Context, in *changedDisclosure[disclosure.Back]) (*disclosureOutput, error) {
	return onDraft(ctx, in, s.Disclosure.Return)
}

func (s *Services) scheduleDisclosure(ctx context.Context, in *changedDisclosure[disclosure.Plan]) (*disclosureOutput, error) {
	return onDraft(ctx, in, s.Disclosure.Schedule)
}

func (s *Services) correctDisclosure(ctx context.Context, in *changedDisclosure[disclosure.Correction]) (*disclosureOutput, error) {
	return onDraft(ctx, in, s.Disclosure.Correct)
}

// versionedDisclosure is an action on a text that needs no more words.
type versionedDisclosure struct {
	Changing
	DisclosureID
}

func (s *Services) refreshDisclosure(ctx context.Context, in *versionedDisclosure) (*disclosureOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return draft(s.Disclosure.Refresh(ctx, scopeOf(ctx), in.ID, v))
}

func (s *Services) recallDisclosure(ctx context.Context, in *versionedDisclosure) (*disclosureOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return draft(s.Disclosure.Recall(ctx, scopeOf(ctx), in.ID, v))
}

type withdrawDisclosureInput struct {
	Posting
	DisclosureID
	Body disclosure.Retraction
}

func (s *Services) withdrawDisclosure(ctx context.Context, in *withdrawDisclosureInput) (*disclosureOutput, error) {
	return draft(s.Disclosure.Withdraw(ctx, scopeOf(ctx), in.ID, in.Body))
}

type editDisclosureItemInput struct {
	Changing
	DisclosureID
	Finding inspection.FindingID `path:"finding" format:"uuid"`
	Body    disclosure.ItemChange
}

type disclosureItemOutput struct {
	ETag string `header:"ETag"`
	Body disclosure.Item
}

func (s *Services) editDisclosureItem(ctx context.Context, in *editDisclosureItemInput) (*disclosureItemOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	it, err := s.Disclosure.EditItem(ctx, scopeOf(ctx), in.ID, in.Finding, v, in.Body)
	return &disclosureItemOutput{ETag: etag(it.Version), Body: it}, err
}
