package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
)

// evidenceNotes has what reviewers note on the pages of evidence (批注).
func (s *Services) evidenceNotes(api huma.API, reads permission) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Evidence"}}
	}
	register(s, api, op("list-evidence-notes", http.MethodGet, "/items/{id}/notes", "What was noted on pages of the item's files: a party's own until the opinions are opened, the unit's once they were returned"),
		reads, s.listEvidenceNotes)
	note := op("note-evidence", http.MethodPost, "/evidence/{id}/notes", "Note something on a page of a file under review")
	note.DefaultStatus = http.StatusCreated
	register(s, api, note, permission{Roles: reviewers, Level: P2, Act: "evidence.note"}, s.noteEvidence)
	register(s, api, op("withdraw-evidence-note", http.MethodDelete, "/notes/{id}", "Take a note of one's own back, until the party's opinion is given"),
		permission{Roles: reviewers, Level: P2, Act: "evidence.note-withdraw"}, s.withdrawEvidenceNote)
}

type notesOutput struct {
	Body struct {
		Items []rectification.PageNote `json:"items" nullable:"false" maxItems:"10000"`
	}
}

func (s *Services) listEvidenceNotes(ctx context.Context, in *itemInput) (*notesOutput, error) {
	var out notesOutput
	var err error
	out.Body.Items, err = s.Rectification.Notes(ctx, scopeOf(ctx), in.ID)
	return &out, err
}

type noteEvidenceInput struct {
	Posting
	ID   inspection.EvidenceID `path:"id" format:"uuid"`
	Body rectification.Noting
}

type noteOutput struct{ Body rectification.PageNote }

func (s *Services) noteEvidence(ctx context.Context, in *noteEvidenceInput) (*noteOutput, error) {
	n, err := s.Rectification.Note(ctx, scopeOf(ctx), in.ID, in.Body)
	return &noteOutput{Body: n}, err
}

type noteInput struct {
	Acting
	ID inspection.EvidenceNoteID `path:"id" format:"uuid"`
}

func (s *Services) withdrawEvidenceNote(ctx context.Context, in *noteInput) (*noOutput, error) {
	return &noOutput{}, s.Rectification.WithdrawNote(ctx, scopeOf(ctx), in.ID)
}
