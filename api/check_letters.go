package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
)

// checkLetters has what leaves a round of checks on paper: the letters to units
// (督办单) with their answers, and the report.
func (s *Services) checkLetters(api huma.API, overseers []tenants.Role) {
	unit := []tenants.Role{tenants.UNIT, tenants.HEAD}
	readers := append(append([]tenants.Role{}, unit...), overseers...)
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}/visits/{id}/letter" + path, Summary: summary, Tags: []string{"Checks"}}
	}
	register(s, api, op("get-check-letter", http.MethodGet, "", "What a unit was asked after a visit (督办单), and what it says to it"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getCheckLetter)
	register(s, api, op("answer-check-letter", http.MethodPost, "/answer", "Answer it, once"),
		permission{Roles: unit, Level: P1, Act: "check.answer"}, s.answerCheckLetter)
	register(s, api, docxOperation(op("export-check-letter", http.MethodPost, "/export", "It as a Word document")),
		permission{Roles: readers, Level: P1, Act: "check.export-letter"}, s.exportCheckLetter)
}

type checkLetterInput struct {
	Acting
	ID checks.VisitID `path:"id" format:"uuid" doc:"Of the visit"`
}

type checkLetterOutput struct{ Body checks.Letter }

func (s *Services) getCheckLetter(ctx context.Context, in *checkLetterInput) (*checkLetterOutput, error) {
	l, err := s.Checks.Letter(ctx, scopeOf(ctx), in.ID)
	return &checkLetterOutput{Body: l}, err
}

type answerCheckLetterInput struct {
	Posting
	ID   checks.VisitID `path:"id" format:"uuid" doc:"Of the visit"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000" doc:"What was done about it"`
	}
}

func (s *Services) answerCheckLetter(ctx context.Context, in *answerCheckLetterInput) (*checkLetterOutput, error) {
	l, err := s.Checks.AnswerLetter(ctx, scopeOf(ctx), in.ID, in.Body.Text)
	return &checkLetterOutput{Body: l}, err
}

func (s *Services) exportCheckLetter(ctx context.Context, in *checkLetterInput) (*huma.StreamResponse, error) {
	f, err := s.Documents.CheckLetter(ctx, scopeOf(ctx), in.ID)
	return file(f, docx, err)
}

type checkPathInput struct {
	Acting
	Check checks.ID `path:"check" format:"uuid"`
}

func (s *Services) exportCheckReport(ctx context.Context, in *checkPathInput) (*huma.StreamResponse, error) {
	f, err := s.Documents.CheckReport(ctx, scopeOf(ctx), in.Check)
	return file(f, docx, err)
}
