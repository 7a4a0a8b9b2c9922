package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
)

// chunkTimeout is how long one chunk of an upload may take to arrive.
const chunkTimeout = 2 * time.Minute

// evidence has the files that prove something: uploads that can be resumed, and
// what became of them.
func (s *Services) evidence(api huma.API) {
	unit := []tenants.Role{tenants.UNIT, tenants.HEAD}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Evidence"}}
	}
	begin := op("begin-upload", http.MethodPost, "/items/{id}/uploads", "Begin to upload a file as evidence")
	begin.DefaultStatus = http.StatusCreated
	begin.Errors = []int{http.StatusRequestEntityTooLarge, http.StatusTooManyRequests}
	register(s, api, begin, permission{Roles: unit, Level: P1, Act: "evidence.upload"}, s.beginUpload)
	register(s, api, op("get-upload", http.MethodGet, "/uploads/{id}", "How far an upload is"),
		permission{Roles: unit, Level: P1, Act: "read"}, s.getUpload)
	chunk := op("put-chunk", http.MethodPut, "/uploads/{id}", "Send the bytes that follow; 409 says where to go on")
	chunk.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	chunk.Errors = []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge}
	register(s, api, chunk, permission{Roles: unit, Level: P1, Act: "evidence.upload"}, s.putChunk)
	complete := op("complete-upload", http.MethodPost, "/uploads/{id}/complete", "Make evidence of an upload that is whole")
	complete.DefaultStatus = http.StatusCreated
	register(s, api, complete, permission{Roles: unit, Level: P1, Act: "evidence.add"}, s.completeUpload)
	register(s, api, op("cancel-upload", http.MethodDelete, "/uploads/{id}", "End an upload; nothing of it is kept"),
		permission{Roles: unit, Level: P1, Act: "evidence.cancel"}, s.cancelUpload)
	register(s, api, op("withdraw-evidence", http.MethodDelete, "/evidence/{id}", "Take evidence back that was not handed in yet"),
		permission{Roles: unit, Level: P1, Act: "evidence.withdraw"}, s.withdrawEvidence)
	register(s, api, op("list-stored-files", http.MethodGet, "/items/{id}/stored", "What the item's unit has uploaded for its other items (本单位已传), the latest first"),
		permission{Roles: unit, Level: P1, Act: "read"}, s.listStored)
	reuse := op("reuse-evidence", http.MethodPost, "/items/{id}/reuse", "Prove the item with a file that was uploaded for another; nothing is sent twice")
	reuse.DefaultStatus = http.StatusCreated
	register(s, api, reuse, permission{Roles: unit, Level: P1, Act: "evidence.reuse"}, s.reuseEvidence)
	reads := permission{
		Roles: append(unit, tenants.OFF, tenants.DIR, tenants.DISC, tenants.ORG, tenants.DEPT, tenants.CITY, tenants.PROV),
		Level: P2, Act: "read",
	}
	register(s, api, streamOperation(op("get-evidence-content", http.MethodGet, "/evidence/{id}/content", "The file itself; each reading is logged"),
		"application/octet-stream", "The file"), reads, s.getContent)
	register(s, api, streamOperation(op("get-evidence-preview", http.MethodGet, "/evidence/{id}/preview", "A Word, Excel or PowerPoint file as a page without script; each reading is logged"),
		"text/html", "The page"), reads, s.getEvidencePreview)
	leaf := op("get-evidence-page", http.MethodGet, "/evidence/{id}/pages/{page}", "One page of a PDF as a picture, in which nothing runs; each reading is logged")
	register(s, api, streamOperation(leaf, "image/jpeg", "The page"), reads, s.getEvidencePage)
	s.evidenceNotes(api, reads)
	register(s, api, sheetOperation(op("export-evidence", http.MethodPost, "/evidence/export", "The catalogue of evidence (佐证目录) with digests, of the items chosen or filtered for, as a workbook")),
		permission{Roles: reads.Roles, Level: P2, Act: "evidence.export"}, s.exportEvidence)
	register(s, api, streamOperation(op("archive-evidence", http.MethodPost, "/items/{id}/evidence/archive", "All evidence of an item as a zip, with its catalogue and digests"),
		"application/zip", "The zip"), permission{Roles: reads.Roles, Level: P2, Act: "evidence.archive"}, s.archiveEvidence)
}

type beginUploadInput struct {
	Posting
	ItemPath
	Body rectification.Uploading
}

type uploadOutput struct{ Body rectification.Upload }

func (s *Services) beginUpload(ctx context.Context, in *beginUploadInput) (*uploadOutput, error) {
	p, err := s.Rectification.BeginUpload(ctx, scopeOf(ctx), in.ID, in.Body)
	return &uploadOutput{Body: p}, err
}

type uploadInput struct {
	Acting
	ID inspection.UploadID `path:"id" format:"uuid"`
}

func (s *Services) getUpload(ctx context.Context, in *uploadInput) (*uploadOutput, error) {
	p, err := s.Rectification.Upload(ctx, scopeOf(ctx), in.ID)
	return &uploadOutput{Body: p}, err
}

type chunkInput struct {
	Acting
	ID     inspection.UploadID `path:"id" format:"uuid"`
	Offset int64               `query:"offset" required:"true" minimum:"0" maximum:"209715200" doc:"Where the bytes begin; what was received so far"`
	body   io.Reader
}

// Resolve takes the body as a stream: it is never held whole.
func (in *chunkInput) Resolve(ctx huma.Context) []error {
	if ctx.Header("Content-Type") != "application/octet-stream" {
		return []error{newProblem(http.StatusUnsupportedMediaType, "unsupported-media-type", "请用 application/octet-stream 提交。")}
	}
	_, w := humago.Unwrap(ctx)
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(chunkTimeout))
	in.body = ctx.BodyReader()
	return nil
}

func (s *Services) putChunk(ctx context.Context, in *chunkInput) (*uploadOutput, error) {
	p, err := s.Rectification.Receive(ctx, scopeOf(ctx), in.ID, in.Offset, in.body)
	if errors.Is(err, files.ErrCut) {
		return nil, newProblem(http.StatusBadRequest, "incomplete-upload",
			fmt.Sprintf("内容没有收完，已保留到第 %d 字节，请从此处继续上传。", p.Received))
	}
	return &uploadOutput{Body: p}, err
}

type completeInput struct {
	Posting
	ID inspection.UploadID `path:"id" format:"uuid"`
}

type evidenceOutput struct{ Body rectification.Evidence }

func (s *Services) completeUpload(ctx context.Context, in *completeInput) (*evidenceOutput, error) {
	e, err := s.Rectification.Complete(ctx, scopeOf(ctx), in.ID)
	return &evidenceOutput{Body: e}, err
}

func (s *Services) cancelUpload(ctx context.Context, in *uploadInput) (*noOutput, error) {
	return &noOutput{}, s.Rectification.Cancel(ctx, scopeOf(ctx), in.ID)
}

type evidenceInput struct {
	Acting
	ID inspection.EvidenceID `path:"id" format:"uuid"`
}

func (s *Services) withdrawEvidence(ctx context.Context, in *evidenceInput) (*noOutput, error) {
	return &noOutput{}, s.Rectification.Withdraw(ctx, scopeOf(ctx), in.ID)
}

type contentInput struct {
	Reading
	ID     inspection.EvidenceID `path:"id" format:"uuid"`
	Inline bool                  `query:"inline" doc:"Show it instead of saving it, where browsers can"`
	Reason string                `query:"reason" maxLength:"200" doc:"Why; needed for a file of an office below"`
	Range  string                `header:"Range" maxLength:"16384" doc:"One range; several are answered with the whole"`
}

func (s *Services) getContent(ctx context.Context, in *contentInput) (*huma.StreamResponse, error) {
	ranges := in.Range
	if strings.Contains(ranges, ",") {
		ranges = "" // many at once: the whole is sent
	}
	resumed := ranges != "" && !strings.HasPrefix(ranges, "bytes=0-")
	e, r, whole, err := s.Rectification.Content(ctx, scopeOf(ctx), in.ID,
		rectification.Opening{Reason: in.Reason, Shown: in.Inline, Resumed: resumed})
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer func() { _ = r.Close() }()
		req, w := humago.Unwrap(hc)
		fileHeaders(w.Header(), e, in.Inline, whole)
		if ranges == "" {
			req.Header.Del("Range")
		}
		http.ServeContent(w, req, "", e.At, r)
	}}, nil
}

// fileHeaders let a browser do nothing with a file but save it, or show it if it
// can do so without running anything. A copy without what a camera wrote is another
// file than the original, and is called so.
func fileHeaders(h http.Header, e rectification.Evidence, inline, whole bool) {
	inline = inline && e.Inline
	name, tag := e.Name, e.SHA256
	if !whole {
		name, tag = files.Suffixed(name, "（不含拍摄地点）"), tag+"-clean"
	}
	h.Set("Content-Type", e.Type)
	h.Set("Content-Disposition", files.Disposition(name, inline))
	h.Set("ETag", `"`+tag+`"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if inline {
		h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; media-src 'self'; object-src 'self'; "+
			"style-src 'unsafe-inline'; frame-ancestors 'self'")
	}
}

type evidencePreviewInput struct {
	Reading
	ID     inspection.EvidenceID `path:"id" format:"uuid"`
	Reason string                `query:"reason" maxLength:"200" doc:"Why; needed for a file of an office below"`
}

func (s *Services) getEvidencePreview(ctx context.Context, in *evidencePreviewInput) (*huma.StreamResponse, error) {
	_, page, err := s.Rectification.Preview(ctx, scopeOf(ctx), in.ID, in.Reason)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/html; charset=utf-8")
		hc.SetHeader("Content-Security-Policy", "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'")
		_, _ = hc.BodyWriter().Write(page) // the reader went away: nobody to tell
	}}, nil
}

type evidencePageInput struct {
	Reading
	ID     inspection.EvidenceID `path:"id" format:"uuid"`
	Page   int                   `path:"page" minimum:"1" maximum:"100000"`
	Reason string                `query:"reason" maxLength:"200" doc:"Why; needed for a file of an office below"`
}

func (s *Services) getEvidencePage(ctx context.Context, in *evidencePageInput) (*huma.StreamResponse, error) {
	_, picture, err := s.Rectification.Leaf(ctx, scopeOf(ctx), in.ID, in.Page, in.Reason)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "image/jpeg")
		hc.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
		_, _ = hc.BodyWriter().Write(picture) // the reader went away: nobody to tell
	}}, nil
}

type storedInput struct {
	Listing
	ItemPath
	Q string `query:"q" maxLength:"100" doc:"Found literally in name, explanation and the item's number"`
}

func (s *Services) listStored(ctx context.Context, in *storedInput) (*listed[rectification.Stored], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[rectification.Stored], error) {
		return s.Rectification.Storage(ctx, scopeOf(ctx), in.ID, in.Q, cursor, in.Limit)
	})
}

type reuseInput struct {
	Posting
	ItemPath
	Body rectification.Reusing
}

func (s *Services) reuseEvidence(ctx context.Context, in *reuseInput) (*evidenceOutput, error) {
	e, err := s.Rectification.Reuse(ctx, scopeOf(ctx), in.ID, in.Body)
	return &evidenceOutput{Body: e}, err
}

type exportEvidenceInput struct {
	Reading
	LedgerFilter
	Exporting
	Body struct {
		Items []inspection.FindingID `json:"items,omitempty" maxItems:"1000" nullable:"false" doc:"These items alone, of those that the filter finds"`
	}
}

func (s *Services) exportEvidence(ctx context.Context, in *exportEvidenceInput) (*huma.StreamResponse, error) {
	f, wish := in.filter("number"), in.wish()
	if f.Items = in.Body.Items; len(f.Items) > 0 {
		wish.Asked = strings.TrimPrefix(wish.Asked+fmt.Sprintf("&所选=%d", len(f.Items)), "&")
	}
	return workbook(s.Documents.Evidence(ctx, scopeOf(ctx), f, wish))
}

type archiveInput struct {
	Reading
	ItemPath
	Reason string `query:"reason" maxLength:"200" doc:"Why; needed for files of an office below"`
}

// archiveTimeout is how long a zip may take to be fetched.
const archiveTimeout = time.Hour

func (s *Services) archiveEvidence(ctx context.Context, in *archiveInput) (*huma.StreamResponse, error) {
	a, err := s.Documents.Archive(ctx, scopeOf(ctx), in.ID, in.Reason)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		req, w := humago.Unwrap(hc)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(archiveTimeout))
		w.Header().Set("Content-Type", "application/zip")
		w.Header().Set("Content-Disposition", files.Disposition(a.Name, false))
		if err := a.Write(req.Context(), w); err != nil {
			panic(fmt.Errorf("zip of evidence: %w", err)) // what was begun cannot be answered otherwise: it is cut
		}
	}}, nil
}

// streamOperation describes a stream, which huma cannot see.
func streamOperation(op huma.Operation, kind, what string) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {
		Description: what,
		Content:     map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	return op
}
