package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
)

// followUpLooks has what the people on site write.
func (s *Services) followUpLooks(
	api huma.API, op func(id, method, path, summary string) huma.Operation, do func([]tenants.Role, string) permission,
) {
	item := func(id, act, summary string) huma.Operation {
		return op(id, http.MethodPost, "/followups/{id}/items/{finding}/"+act, summary)
	}
	register(s, api, item("record-followup-item", "record", "Write down what was found of one problem"),
		do(checks.Inspectors(), "look.record"), s.recordLook)
	register(s, api, item("agree-followup-item", "agree", "The other person's word for it"), do(checks.Inspectors(), "look.agree"), s.agreeLook)
	register(s, api, item("return-followup-item", "return", "Have it looked at again"),
		do(append([]tenants.Role{tenants.DIR}, checks.Inspectors()...), "look.return"), s.returnLook)
	found := op("add-followup-problem", http.MethodPost, "/followups/{id}/problems", "Write down a new problem (新发现问题)")
	found.DefaultStatus = http.StatusCreated
	register(s, api, found, do(checks.Inspectors(), "followup.find"), s.addFollowUpProblem)
	register(s, api, op("drop-followup-problem", http.MethodPost, "/followups/{id}/problems/{problem}/drop", "Strike one again before the report"),
		do(checks.Inspectors(), "followup.find"), s.dropFollowUpProblem)
}

// LookPath names what was found of one problem.
type LookPath struct {
	FollowUpPath
	Finding inspection.FindingID `path:"finding" format:"uuid"`
}

type lookOutput struct {
	ETag string `header:"ETag"`
	Body followups.Looked
}

func lookedAt(l followups.Looked, err error) (*lookOutput, error) {
	return &lookOutput{ETag: etag(l.Version), Body: l}, err
}

type recordLookInput struct {
	Changing
	LookPath
	Body followups.Recording
}

func (s *Services) recordLook(ctx context.Context, in *recordLookInput) (*lookOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return lookedAt(s.FollowUps.Record(ctx, scopeOf(ctx), in.ID, in.Finding, v, in.Body))
}

type agreeLookInput struct {
	Changing
	LookPath
}

func (s *Services) agreeLook(ctx context.Context, in *agreeLookInput) (*lookOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return lookedAt(s.FollowUps.Agree(ctx, scopeOf(ctx), in.ID, in.Finding, v))
}

type returnLookInput struct {
	Changing
	LookPath
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"500"`
	}
}

func (s *Services) returnLook(ctx context.Context, in *returnLookInput) (*lookOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return lookedAt(s.FollowUps.SendBack(ctx, scopeOf(ctx), in.ID, in.Finding, v, in.Body.Note))
}

type addFollowUpProblemInput struct {
	Posting
	FollowUpPath
	Body followups.Finding
}

func (s *Services) addFollowUpProblem(ctx context.Context, in *addFollowUpProblemInput) (*followUpOutput, error) {
	return followedUp(s.FollowUps.Find(ctx, scopeOf(ctx), in.ID, in.Body))
}

type dropFollowUpProblemInput struct {
	Posting
	FollowUpPath
	Problem followups.ProblemID `path:"problem" format:"uuid"`
}

func (s *Services) dropFollowUpProblem(ctx context.Context, in *dropFollowUpProblemInput) (*followUpOutput, error) {
	return followedUp(s.FollowUps.Drop(ctx, scopeOf(ctx), in.ID, in.Problem))
}
