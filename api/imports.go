package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
)

// xlsx is the media type of a workbook.
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// imports has the wizard that brings a unit's Excel ledger in: upload, columns,
// answers and choices, the run, its result, and taking it back.
func (s *Services) imports(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.ImportState](), reflect.TypeFor[importStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.ImportAction](), reflect.TypeFor[importActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.Choice](), reflect.TypeFor[choiceSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.RowResult](), reflect.TypeFor[rowResultSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.RowVerdict](), reflect.TypeFor[rowVerdictSchema]())
	do := func(act string) permission {
		return permission{Roles: []tenants.Role{tenants.OFF, tenants.DIR}, Level: P2, Act: act}
	}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: "/v1/offices/{office}/imports" + path, Summary: summary, Tags: []string{"Imports"},
		}
	}
	upload := op("upload-ledger", http.MethodPost, "", "Upload a unit's ledger (整改台账) and have it read")
	upload.DefaultStatus = http.StatusCreated
	upload.Errors = []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge}
	upload.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		xlsx: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	register(s, api, upload, do("import.upload"), s.uploadLedger)
	register(s, api, op("list-imports", http.MethodGet, "", "The latest imports of the office"), do("read"), s.listImports)
	register(s, api, op("get-import", http.MethodGet, "/{id}", "What was read, how far it is, and what came of it"), do("read"), s.getImport)
	register(s, api, op("list-import-rows", http.MethodGet, "/{id}/rows", "The problems of the file, checked one by one"), do("read"), s.listImportRows)
	register(s, api, op("map-import", http.MethodPut, "/{id}/mapping", "Correct how the file is read; answers and choices begin anew"),
		do("import.correct"), s.mapImport)
	register(s, api, op("answer-import", http.MethodPut, "/{id}/answers", "Answer questions and choose; what is not named stays"),
		do("import.correct"), s.answerImport)
	register(s, api, op("run-import", http.MethodPost, "/{id}/run", "Import; a job does it and the import shows its progress"), do("import.run"), s.runImport)
	register(s, api, op("discard-import", http.MethodPost, "/{id}/discard", "End an import that never ran"), do("import.discard"), s.discardImport)
	register(s, api, op("take-back-import", http.MethodPost, "/{id}/take-back", "Take a wrong import back; what was worked on since stays"),
		do("import.take-back"), s.takeBackImport)
	register(s, api, op("know-import", http.MethodPost, "/{id}/known", "Say that the result is known; the to-do ends"), do("import.known"), s.knowImport)
	register(s, api, sheetOperation(op("get-import-result", http.MethodGet, "/{id}/result.xlsx", "What became of every row, as a workbook")),
		do("read"), s.getImportResult)
}

type (
	importStateSchema  string
	importActionSchema string
	choiceSchema       string
	rowResultSchema    string
	rowVerdictSchema   string
)

// Schema lists the states of an import.
func (importStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.ImportStates())
}

// Schema lists what people do with imports.
func (importActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.ImportActions())
}

// Schema lists the choices for a row.
func (choiceSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.Choices()) }

// Schema lists what becomes of a row.
func (rowResultSchema) Schema(huma.Registry) *huma.Schema { return enumOf(rectification.RowResults()) }

// Schema lists what the ledger has of a row.
func (rowVerdictSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.RowVerdicts())
}

type uploadLedgerInput struct {
	Posting
	Unit       inspection.UnitID  `query:"unit" required:"true" format:"uuid" doc:"Whose ledger it is"`
	Round      inspection.RoundID `query:"round" required:"true" format:"uuid"`
	FeedbackOn string             `query:"feedback_on" required:"true" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"When feedback was given to the unit"`
	Draft      bool               `query:"draft" doc:"Feedback was not given yet: what is added is not issued"`
	Name       string             `query:"name" maxLength:"300" default:"台账.xlsx" doc:"Of the file"`
	body       io.Reader
}

// repeatKey is left to the room, which knows the request by its file, too, and receives
// that before any transaction begins.
func (*uploadLedgerInput) repeatKey() string { return "" }

// Resolve takes the body as a stream: it is never held whole.
func (in *uploadLedgerInput) Resolve(ctx huma.Context) []error {
	_, w := humago.Unwrap(ctx)
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(chunkTimeout))
	in.body = ctx.BodyReader()
	return nil
}

type importOutput struct {
	ETag string `header:"ETag"`
	Body rectification.Import
}

func imported(im rectification.Import, err error) (*importOutput, error) {
	return &importOutput{ETag: etag(im.Version), Body: im}, err
}

func (s *Services) uploadLedger(ctx context.Context, in *uploadLedgerInput) (*importOutput, error) {
	on, err := inspection.ParseDay(in.FeedbackOn)
	if err != nil {
		return nil, err
	}
	return imported(s.Imports.Upload(ctx, scopeOf(ctx), rectification.NewImport{
		Unit: in.Unit, Round: in.Round, FeedbackOn: on, Issue: !in.Draft, Name: in.Name,
		Request: tenants.Request{Key: in.Key, Fingerprint: requestOf(ctx).digest},
	}, in.body))
}

type importsOutput struct {
	Body struct {
		Items []rectification.Import `json:"items" nullable:"false" maxItems:"50"`
	}
}

func (s *Services) listImports(ctx context.Context, _ *struct{ Acting }) (*importsOutput, error) {
	all, err := s.Imports.List(ctx, scopeOf(ctx))
	out := &importsOutput{}
	out.Body.Items = all
	return out, err
}

type importInput struct {
	Acting
	ID inspection.ImportID `path:"id" format:"uuid"`
}

func (s *Services) getImport(ctx context.Context, in *importInput) (*importOutput, error) {
	return imported(s.Imports.Get(ctx, scopeOf(ctx), in.ID))
}

type importRowsInput struct {
	Listing
	ID inspection.ImportID `path:"id" format:"uuid"`
}

func (s *Services) listImportRows(ctx context.Context, in *importRowsInput) (*listed[rectification.ImportRow], error) {
	return page(ctx, s, in.Listing, func(cursor string) (inspection.Page[rectification.ImportRow], error) {
		return s.Imports.Rows(ctx, scopeOf(ctx), in.ID, cursor, in.Limit)
	})
}

type mapImportInput struct {
	ChangingImport
	Body rectification.Mapping
}

// ChangingImport is part of every input that changes an import.
type ChangingImport struct {
	Changing
	ID inspection.ImportID `path:"id" format:"uuid"`
}

func (s *Services) mapImport(ctx context.Context, in *mapImportInput) (*importOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return imported(s.Imports.Map(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type answerImportInput struct {
	ChangingImport
	Body rectification.Answering
}

func (s *Services) answerImport(ctx context.Context, in *answerImportInput) (*importOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return imported(s.Imports.Answer(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

func (s *Services) runImport(ctx context.Context, in *ChangingImport) (*importOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return imported(s.Imports.Run(ctx, scopeOf(ctx), in.ID, version))
}

func (s *Services) discardImport(ctx context.Context, in *ChangingImport) (*importOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return imported(s.Imports.Discard(ctx, scopeOf(ctx), in.ID, version))
}

// reasonBody is the body of an act that needs nothing but a reason.
type reasonBody struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200"`
}

type takeBackInput struct {
	ChangingImport
	Body reasonBody
}

func (s *Services) takeBackImport(ctx context.Context, in *takeBackInput) (*importOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return imported(s.Imports.TakeBack(ctx, scopeOf(ctx), in.ID, version, in.Body.Reason))
}

type knowImportInput struct {
	Posting
	ID inspection.ImportID `path:"id" format:"uuid"`
}

func (s *Services) knowImport(ctx context.Context, in *knowImportInput) (*importOutput, error) {
	return imported(s.Imports.Know(ctx, scopeOf(ctx), in.ID))
}

func (s *Services) getImportResult(ctx context.Context, in *importInput) (*huma.StreamResponse, error) {
	var b bytes.Buffer
	name, err := s.Imports.Result(ctx, scopeOf(ctx), in.ID, &b)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", xlsx)
		hc.SetHeader("Content-Disposition", files.Disposition(name, false))
		_, _ = b.WriteTo(hc.BodyWriter())
	}}, nil
}

// sheetOperation describes a workbook, which huma cannot see.
func sheetOperation(op huma.Operation) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The workbook",
		Content:     map[string]*huma.MediaType{xlsx: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	return op
}
