package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/rectification/evaluations"
	"xuncha/tenants"
)

// Who reads, scores and decides evaluations (TRUST §2.2, row 29).
var (
	evaluationGroup   = []tenants.Role{tenants.OFF, tenants.DISC, tenants.ORG, tenants.DEPT}
	evaluationWriters = append(append([]tenants.Role{tenants.LG}, tenants.Directing...), evaluationGroup...)
)

// evaluations has the effect evaluation (整改成效评估): score cards, the unit's word,
// what the group scores, the decision, and second rectifications.
func (s *Services) evaluations(api huma.API) {
	s.evaluationWords(api)
	unit := []tenants.Role{tenants.UNIT, tenants.HEAD}
	office := append([]tenants.Role{tenants.OFF}, tenants.Directing...)
	do := func(roles []tenants.Role, level Level, act string) permission {
		return permission{Roles: roles, Level: level, Act: act}
	}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Evaluations"},
		}
	}
	get := func(id, path, summary string) huma.Operation {
		return op(id, http.MethodGet, "/evaluations"+path, summary)
	}
	post := func(id, path, summary string) huma.Operation {
		return op(id, http.MethodPost, "/evaluations"+path, summary)
	}

	register(s, api, op("list-score-cards", http.MethodGet, "/score-cards", "The score cards in force (评分表)"),
		do(evaluationWriters, P1, "read"), s.listScoreCards)
	publish := op("publish-score-card", http.MethodPost, "/score-cards", "Make a card the office's own: a further version; asks for a fresh proof of identity")
	publish.DefaultStatus = http.StatusCreated
	register(s, api, publish, do(tenants.Directing, P1, "card.publish"), s.publishScoreCard)

	register(s, api, get("list-evaluations", "", "Evaluations, in the order of rounds and units, never of scores"),
		do(readers, P1, "read"), s.listEvaluations)
	begin := post("begin-evaluations", "", "Begin the evaluations of a round (生成评估表)")
	begin.DefaultStatus = http.StatusCreated
	register(s, api, begin, do(office, P1, "evaluation.begin"), s.beginEvaluations)
	register(s, api, sheetOperation(post("export-evaluations", "/export", "The grades (等次一览) as a workbook, in the order of units")),
		do(append([]tenants.Role{tenants.LG}, office...), P1, "evaluation.export"), s.exportEvaluations)
	register(s, api, get("get-evaluation", "/{id}", "One evaluation; the unit and the levels above see what was made known"),
		do(readers, P1, "read"), s.getEvaluation)
	register(s, api, get("list-evaluators", "/{id}/candidates", "Who may be in the group: nobody of the unit"),
		do(office, P2, "read"), s.listEvaluators)
	register(s, api, get("list-evaluation-rows", "/{id}/rows", "The rows that a deduction may name"),
		do(evaluationWriters, P2, "read"), s.listEvaluationRows)
	register(s, api, sheetOperation(post("export-evaluation", "/{id}/export", "The score sheet (评分表) as a workbook")),
		do(evaluationWriters, P2, "evaluation.export-sheet"), s.exportEvaluation)

	register(s, api, op("fill-self-evaluation", http.MethodPatch, "/evaluations/{id}/self", "Save what the unit thinks of itself (自评)"),
		do(unit, P1, "evaluation.fill"), s.fillEvaluation)
	register(s, api, post("sign-self-evaluation", "/{id}/sign", "Sign it as the unit's head; asks for a fresh proof of identity"),
		do([]tenants.Role{tenants.HEAD}, P1, "evaluation.sign"), s.signEvaluation)
	register(s, api, post("waive-self-evaluation", "/{id}/waive", "Go on without the unit's word, with a reason"),
		do(tenants.Directing, P1, "evaluation.waive"), s.waiveEvaluation)
	register(s, api, post("convene-evaluation", "/{id}/group", "Name the group (评估组)"), do(office, P2, "evaluation.convene"), s.conveneEvaluation)
	register(s, api, op("enter-evaluation", http.MethodPatch, "/evaluations/{id}/sheet", "Save deductions, grades of your party, or the survey; what is absent stays"),
		do(evaluationGroup, P2, "evaluation.enter"), s.enterEvaluation)
	register(s, api, post("finish-evaluation", "/{id}/finish", "Hand the score in; all that it depends on is frozen"),
		do([]tenants.Role{tenants.OFF}, P2, "evaluation.finish"), s.finishEvaluation)
	register(s, api, post("return-evaluation", "/{id}/return", "Send it one step back"),
		do(append([]tenants.Role{tenants.LG}, office...), P2, "evaluation.return"), s.returnEvaluation)
	register(s, api, post("approve-evaluation", "/{id}/approve", "The director's word for the score"),
		do(tenants.Directing, P2, "evaluation.approve"), s.approveEvaluation)
	register(s, api, post("decide-evaluation", "/{id}/decide", "The leading group's decision (审定); asks for a fresh proof of identity"),
		do([]tenants.Role{tenants.LG}, P2, "evaluation.decide"), s.decideEvaluation)
	register(s, api, post("announce-evaluation", "/{id}/announce", "Make the result known (通报), with a second rectification for a low grade"),
		do(office, P1, "evaluation.announce"), s.announceEvaluation)
	rescore := post("rescore-evaluation", "/{id}/rescore", "Open a further edition because of a new fact")
	rescore.DefaultStatus = http.StatusCreated
	register(s, api, rescore, do([]tenants.Role{tenants.DIR}, P2, "evaluation.rescore"), s.rescoreEvaluation)

	second := func(id, act, summary string) huma.Operation {
		return op(id, http.MethodPost, "/second-rectifications/{id}/"+act, summary)
	}
	register(s, api, second("report-second", "report", "Say for the unit that it is done"), do(unit, P1, "second.report"), s.reportSecond)
	register(s, api, second("confirm-second", "confirm", "Confirm that it is done"), do(office, P1, "second.confirm"), s.confirmSecond)
	register(s, api, second("return-second", "return", "Send it back to the unit"), do(office, P1, "second.return"), s.returnSecond)
}

func (s *Services) evaluationWords(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[evaluations.State](), reflect.TypeFor[evaluationStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[evaluations.Action](), reflect.TypeFor[evaluationActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[evaluations.SecondState](), reflect.TypeFor[secondStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[evaluations.SecondAction](), reflect.TypeFor[secondActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[evaluations.Fact](), reflect.TypeFor[factSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[evaluations.CardKind](), reflect.TypeFor[cardKindSchema]())
	for _, t := range []reflect.Type{reflect.TypeFor[evaluations.ID](), reflect.TypeFor[evaluations.SecondID]()} {
		schemas.RegisterTypeAlias(t, reflect.TypeFor[idSchema]())
	}
}

type (
	evaluationStateSchema  string
	evaluationActionSchema string
	secondStateSchema      string
	secondActionSchema     string
	factSchema             string
	cardKindSchema         string
)

// Schema lists the states of an evaluation.
func (evaluationStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(evaluations.Life().States())
}

// Schema lists the acts on an evaluation.
func (evaluationActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(evaluations.Life().Acts())
}

// Schema lists the states of a second rectification, and none where there is none.
func (secondStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(append(evaluations.Seconds().States(), ""))
}

// Schema lists what is done about a second rectification.
func (secondActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(evaluations.Seconds().Acts())
}

// Schema lists the facts, and none for what only people can see.
func (factSchema) Schema(huma.Registry) *huma.Schema { return enumOf(append(evaluations.Facts(), "")) }

// Schema lists how a card judges.
func (cardKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(evaluations.CardKinds()) }

type listScoreCardsOutput struct {
	Body struct {
		Cards []evaluations.Issue `json:"cards" nullable:"false"`
	}
}

func (s *Services) listScoreCards(ctx context.Context, _ *struct{ Acting }) (*listScoreCardsOutput, error) {
	out := &listScoreCardsOutput{}
	var err error
	out.Body.Cards, err = s.Evaluations.Cards(ctx, scopeOf(ctx))
	return out, err
}

type publishScoreCardInput struct {
	Posting
	Body evaluations.Publishing
}

type scoreCardOutput struct{ Body evaluations.Issue }

func (s *Services) publishScoreCard(ctx context.Context, in *publishScoreCardInput) (*scoreCardOutput, error) {
	c, err := s.Evaluations.Publish(ctx, scopeOf(ctx), in.Body)
	return &scoreCardOutput{Body: c}, err
}

type listEvaluationsOutput struct {
	Body struct {
		Evaluations []evaluations.Line `json:"evaluations" nullable:"false"`
	}
}

func (s *Services) listEvaluations(ctx context.Context, _ *struct{ Reading }) (*listEvaluationsOutput, error) {
	out := &listEvaluationsOutput{}
	var err error
	out.Body.Evaluations, err = s.Evaluations.List(ctx, scopeOf(ctx))
	return out, err
}

type beginEvaluationsInput struct {
	Posting
	Body evaluations.Beginning
}

type beginEvaluationsOutput struct{ Body evaluations.Begun }

func (s *Services) beginEvaluations(ctx context.Context, in *beginEvaluationsInput) (*beginEvaluationsOutput, error) {
	b, err := s.Evaluations.Begin(ctx, scopeOf(ctx), in.Body)
	return &beginEvaluationsOutput{Body: b}, err
}

type exportEvaluationsInput struct {
	Reading
	Exporting
}

func (s *Services) exportEvaluations(ctx context.Context, in *exportEvaluationsInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.Grades(ctx, scopeOf(ctx), in.wish()))
}

// EvaluationPath names an evaluation in a path.
type EvaluationPath struct {
	ID evaluations.ID `path:"id" format:"uuid"`
}

type evaluationInput struct {
	Reading
	EvaluationPath
}

type evaluationOutput struct {
	ETag string `header:"ETag"`
	Body evaluations.Evaluation
}

func evaluated(e evaluations.Evaluation, err error) (*evaluationOutput, error) {
	return &evaluationOutput{ETag: etag(e.Version), Body: e}, err
}

func (s *Services) getEvaluation(ctx context.Context, in *evaluationInput) (*evaluationOutput, error) {
	return evaluated(s.Evaluations.Get(ctx, scopeOf(ctx), in.ID))
}

type ownEvaluationInput struct {
	Acting
	EvaluationPath
}

type evaluatorsOutput struct {
	Body struct {
		People []evaluations.Person `json:"people" nullable:"false"`
	}
}

func (s *Services) listEvaluators(ctx context.Context, in *ownEvaluationInput) (*evaluatorsOutput, error) {
	out := &evaluatorsOutput{}
	var err error
	out.Body.People, err = s.Evaluations.Candidates(ctx, scopeOf(ctx), in.ID)
	return out, err
}

type evaluationRowsOutput struct {
	Body struct {
		Rows []evaluations.Link `json:"rows" nullable:"false"`
	}
}

func (s *Services) listEvaluationRows(ctx context.Context, in *ownEvaluationInput) (*evaluationRowsOutput, error) {
	out := &evaluationRowsOutput{}
	var err error
	out.Body.Rows, err = s.Evaluations.Rows(ctx, scopeOf(ctx), in.ID)
	return out, err
}

type exportEvaluationInput struct {
	Acting
	EvaluationPath
}

func (s *Services) exportEvaluation(ctx context.Context, in *exportEvaluationInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.ScoreSheet(ctx, scopeOf(ctx), in.ID))
}

// changedEvaluation is a change of an evaluation: its version, and what to change.
type changedEvaluation[T any] struct {
	Changing
	EvaluationPath
	Body T
}

// onEvaluation gives one method of the room the version and the body.
func onEvaluation[T any](ctx context.Context, in *changedEvaluation[T],
	do func(context.Context, tenants.Scope, evaluations.ID, int, T) (evaluations.Evaluation, error),
) (*evaluationOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return evaluated(do(ctx, scopeOf(ctx), in.ID, v, in.Body))
}

func (s *Services) fillEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Filling]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Fill)
}

// movedEvaluation is a step that says nothing besides itself.
type movedEvaluation struct {
	Changing
	EvaluationPath
}

// moveEvaluation gives one method of the room the version.
func moveEvaluation(ctx context.Context, in *movedEvaluation,
	do func(context.Context, tenants.Scope, evaluations.ID, int) (evaluations.Evaluation, error),
) (*evaluationOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return evaluated(do(ctx, scopeOf(ctx), in.ID, v))
}

func (s *Services) signEvaluation(ctx context.Context, in *movedEvaluation) (*evaluationOutput, error) {
	return moveEvaluation(ctx, in, s.Evaluations.Sign)
}

func (s *Services) waiveEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Saying]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Waive)
}

func (s *Services) conveneEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Convening]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Convene)
}

func (s *Services) enterEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Entering]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Enter)
}

func (s *Services) finishEvaluation(ctx context.Context, in *movedEvaluation) (*evaluationOutput, error) {
	return moveEvaluation(ctx, in, s.Evaluations.Finish)
}

func (s *Services) returnEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Saying]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Return)
}

func (s *Services) approveEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Saying]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Approve)
}

func (s *Services) decideEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Saying]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Decide)
}

func (s *Services) announceEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Announcing]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Announce)
}

func (s *Services) rescoreEvaluation(ctx context.Context, in *changedEvaluation[evaluations.Rescoring]) (*evaluationOutput, error) {
	return onEvaluation(ctx, in, s.Evaluations.Rescore)
}

// changedSecond is a change of a second rectification.
type changedSecond[T any] struct {
	Changing
	ID   evaluations.SecondID `path:"id" format:"uuid"`
	Body T
}

func onSecond[T any](ctx context.Context, in *changedSecond[T],
	do func(context.Context, tenants.Scope, evaluations.SecondID, int, T) (evaluations.Evaluation, error),
) (*evaluationOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return evaluated(do(ctx, scopeOf(ctx), in.ID, v, in.Body))
}

func (s *Services) reportSecond(ctx context.Context, in *changedSecond[evaluations.Reporting]) (*evaluationOutput, error) {
	return onSecond(ctx, in, s.Evaluations.ReportSecond)
}

func (s *Services) confirmSecond(ctx context.Context, in *changedSecond[evaluations.Saying]) (*evaluationOutput, error) {
	return onSecond(ctx, in, s.Evaluations.ConfirmSecond)
}

func (s *Services) returnSecond(ctx context.Context, in *changedSecond[evaluations.Saying]) (*evaluationOutput, error) {
	return onSecond(ctx, in, s.Evaluations.ReturnSecond)
}
