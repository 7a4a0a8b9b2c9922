package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rounds"
	"xuncha/inspection/units"
	"xuncha/tenants"
)

// readers see the ledger of their office, or what of it concerns them.
var readers = []tenants.Role{
	tenants.OFF, tenants.DIR, tenants.LG, tenants.UNIT, tenants.HEAD, tenants.DISC, tenants.ORG, tenants.DEPT,
	tenants.CITY, tenants.PROV,
}

// units has what an office inspects, its rounds, and the findings that are made
// and issued in them.
func (s *Services) units(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[units.Kind](), reflect.TypeFor[unitKindSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rounds.Kind](), reflect.TypeFor[roundKindSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[findings.Origin](), reflect.TypeFor[originSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[findings.Tag](), reflect.TypeFor[tagSchema]())
	office := []tenants.Role{tenants.OFF, tenants.DIR}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Findings"}}
	}
	register(s, api, op("list-units", http.MethodGet, "/units", "Units that the office inspects (巡察对象)"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.listUnits)
	register(s, api, op("list-rounds", http.MethodGet, "/rounds", "Rounds of inspection (轮次), the latest first"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.listRounds)
	register(s, api, op("get-taxonomy", http.MethodGet, "/taxonomy", "Codes, focuses and words that findings are described with"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getTaxonomy)
	draft := op("draft-findings", http.MethodPost, "/findings", "Write down findings; nobody but the office sees them yet")
	draft.DefaultStatus = http.StatusCreated
	register(s, api, draft, permission{Roles: office, Level: P2, Act: "finding.add"}, s.draftFindings)
	register(s, api, op("issue-findings", http.MethodPost, "/feedback", "Give feedback (反馈): issue a unit's findings of one round"),
		permission{Roles: office, Level: P1, Act: "finding.issue"}, s.issueFindings)
}

type (
	unitKindSchema  string
	roundKindSchema string
	originSchema    string
	tagSchema       string
)

// Schema lists the kinds of unit.
func (unitKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(units.Kinds()) }

// Schema lists the forms of a round.
func (roundKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rounds.Kinds()) }

// Schema lists the origins of a finding.
func (originSchema) Schema(huma.Registry) *huma.Schema { return enumOf(findings.Origins()) }

// Schema is a tag.
func (tagSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, MinLength: new(1), MaxLength: new(40)}
}

type unitsOutput struct {
	Body struct {
		Items []units.Unit `json:"items" nullable:"false" maxItems:"10000"`
	}
}

func (s *Services) listUnits(ctx context.Context, _ *struct{ Reading }) (*unitsOutput, error) {
	us, err := s.Units.List(ctx, scopeOf(ctx))
	out := &unitsOutput{}
	out.Body.Items = us
	return out, err
}

type roundsOutput struct {
	Body struct {
		Items []rounds.Round `json:"items" nullable:"false" maxItems:"10000"`
	}
}

func (s *Services) listRounds(ctx context.Context, _ *struct{ Reading }) (*roundsOutput, error) {
	rs, err := s.Rounds.List(ctx, scopeOf(ctx))
	out := &roundsOutput{}
	out.Body.Items = rs
	return out, err
}

type taxonomyOutput struct {
	Body struct {
		Codes   []findings.Code      `json:"codes" nullable:"false" maxItems:"1000"`
		Focuses []findings.Focus     `json:"focuses" nullable:"false" maxItems:"10" doc:"四个聚焦"`
		Words   []rectification.Word `json:"words" nullable:"false" maxItems:"100" doc:"What people call states, actions, verdicts, reasons, kinds and flags"`
	}
}

func (s *Services) getTaxonomy(ctx context.Context, _ *struct{ Acting }) (*taxonomyOutput, error) {
	codes, err := s.Findings.Taxonomy(ctx, scopeOf(ctx))
	out := &taxonomyOutput{}
	out.Body.Codes, out.Body.Focuses, out.Body.Words = codes, findings.Focuses(), rectification.Words()
	return out, err
}

type draftInput struct {
	Posting
	Body findings.Drafting
}

type findingsOutput struct {
	Body struct {
		Items []findings.Finding `json:"items" nullable:"false" maxItems:"1000"`
	}
}

func (s *Services) draftFindings(ctx context.Context, in *draftInput) (*findingsOutput, error) {
	fs, err := s.Findings.Draft(ctx, scopeOf(ctx), in.Body)
	return found(fs), err
}

type feedbackInput struct {
	Posting
	Body findings.Feedback
}

func (s *Services) issueFindings(ctx context.Context, in *feedbackInput) (*findingsOutput, error) {
	fs, err := s.Findings.Issue(ctx, scopeOf(ctx), in.Body)
	return found(fs), err
}

func found(fs []findings.Finding) *findingsOutput {
	out := &findingsOutput{}
	out.Body.Items = fs
	return out
}

// ItemPath is part of every input about one item.
type ItemPath struct {
	ID inspection.FindingID `path:"id" format:"uuid"`
}
