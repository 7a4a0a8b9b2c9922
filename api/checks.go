package api

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"xuncha/inspection"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
)

// checks has the three rounds of checks (督导检查): drawing, visits from the desk
// and from the field, and what the unit learns in the end.
func (s *Services) checks(api huma.API) {
	s.checkWords(api)
	office := []tenants.Role{tenants.OFF, tenants.DIR}
	director := []tenants.Role{tenants.DIR}
	overseers := append([]tenants.Role{tenants.LG, tenants.DISC}, office...)
	field := append([]tenants.Role{tenants.LG, tenants.DIR}, checks.Inspectors()...)
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Checks"}}
	}
	get := func(id, path, summary string) huma.Operation { return op(id, http.MethodGet, path, summary) }
	post := func(id, path, summary string) huma.Operation { return op(id, http.MethodPost, path, summary) }
	do := func(roles []tenants.Role, act string) permission {
		return permission{Roles: roles, Level: P2, Act: act}
	}

	register(s, api, get("list-checks", "/checks", "Rounds of checks with what was drawn, and the numbers of the report"),
		do(overseers, "read"), s.listChecks)
	open := post("open-check", "/checks", "Begin the next round of checks and draw its sample")
	open.DefaultStatus = http.StatusCreated
	register(s, api, open, do(office, "check.open"), s.openCheck)
	register(s, api, get("get-check-matrix", "/checks/matrix", "Problems by round of checks"), do(overseers, "read"), s.getCheckMatrix)
	register(s, api, sheetOperation(post("export-check-matrix", "/checks/matrix/export", "The matrix as a workbook")),
		do(overseers, "check.export"), s.exportCheckMatrix)
	register(s, api, get("list-inspectors", "/checks/inspectors", "Who may be sent to see"), do(office, "read"), s.listInspectors)
	register(s, api, get("list-visits", "/visits", "Visits, by day; a team's people see their own"), do(field, "read"), s.listVisits)
	register(s, api, get("get-visit", "/visits/{id}", "One visit"), do(field, "read"), s.getVisit)
	register(s, api, post("assign-visit", "/visits/{id}/assign", "Name the two inspectors and the day"),
		do(office, "check.assign"), s.assignVisit)
	register(s, api, post("cancel-visit", "/visits/{id}/cancel", "Take back a visit that nobody made"),
		do(director, "check.cancel"), s.cancelVisit)
	register(s, api, post("report-visit", "/visits/{id}/report", "Hand in what was seen; 412 carries the newer version"),
		do(checks.Inspectors(), "check.report"), s.reportVisit)
	register(s, api, post("agree-visit", "/visits/{id}/agree", "The other inspector's word for the report"),
		do(checks.Inspectors(), "check.agree"), s.agreeVisit)
	register(s, api, post("return-visit", "/visits/{id}/return", "Ask the inspectors for more"),
		do(director, "check.return"), s.returnVisit)
	register(s, api, post("confirm-visit", "/visits/{id}/confirm", "Confirm what was found and decide what follows; the unit learns of it"),
		do(director, "check.confirm"), s.confirmVisit)
	put := op("put-visit-photo", http.MethodPut, "/visits/{id}/photos/{photo}", "Add a picture; sent again under its name it is kept once")
	put.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	put.Errors = []int{http.StatusRequestEntityTooLarge}
	register(s, api, put, do(checks.Inspectors(), "check.photo"), s.putVisitPhoto)
	register(s, api, streamOperation(get("get-visit-photo", "/visits/{id}/photos/{photo}", "The picture itself"), "application/octet-stream", "The file"),
		do(field, "read"), s.getVisitPhoto)
	register(s, api, docxOperation(post("export-check-report", "/checks/{check}/report/export", "The report on a round of checks as a Word document")),
		do(overseers, "check.export-report"), s.exportCheckReport)
	s.checkLetters(api, overseers)
	register(s, api, get("list-item-checks", "/items/{id}/checks", "Confirmed visits to an item; for the unit this is all there is"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.listItemChecks)
}

func (s *Services) checkWords(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[checks.State](), reflect.TypeFor[visitStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[checks.Action](), reflect.TypeFor[visitActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[checks.Verdict](), reflect.TypeFor[checkVerdictSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[checks.Outcome](), reflect.TypeFor[checkOutcomeSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[checks.Reason](), reflect.TypeFor[checkReasonSchema]())
	for _, t := range []reflect.Type{reflect.TypeFor[checks.ID](), reflect.TypeFor[checks.VisitID](), reflect.TypeFor[checks.PhotoID]()} {
		schemas.RegisterTypeAlias(t, reflect.TypeFor[idSchema]())
	}
}

type (
	visitStateSchema   string
	visitActionSchema  string
	checkVerdictSchema string
	checkOutcomeSchema string
	checkReasonSchema  string
)

// Schema lists the states of a visit.
func (visitStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(checks.Visits().States()) }

// Schema lists the acts on a visit.
func (visitActionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(checks.Visits().Acts()) }

// Schema lists the verdicts, and none before the report.
func (checkVerdictSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(append(checks.Verdicts(), ""))
}

// Schema lists the outcomes, and none before the confirmation.
func (checkOutcomeSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(append(checks.Outcomes(), ""))
}

// Schema lists why an item is in a sample.
func (checkReasonSchema) Schema(huma.Registry) *huma.Schema { return enumOf(checks.Reasons()) }

type checksOutput struct {
	Body struct {
		Items []checks.Check `json:"items" nullable:"false" maxItems:"100"`
	}
}

func (s *Services) listChecks(ctx context.Context, _ *struct{ Acting }) (*checksOutput, error) {
	cs, err := s.Checks.Checks(ctx, scopeOf(ctx))
	out := &checksOutput{}
	out.Body.Items = cs
	return out, err
}

type openCheckInput struct {
	Posting
	Body checks.Opening
}

type checkOutput struct{ Body checks.Check }

func (s *Services) openCheck(ctx context.Context, in *openCheckInput) (*checkOutput, error) {
	c, err := s.Checks.Open(ctx, scopeOf(ctx), in.Body)
	return &checkOutput{Body: c}, err
}

// MatrixFilter is what the matrix may be filtered for.
type MatrixFilter struct {
	Round   inspection.RoundID `query:"round" format:"uuid" doc:"Of inspection"`
	N       int                `query:"n" minimum:"0" maximum:"3" doc:"Only problems visited in this round of checks"`
	Verdict checks.Verdict     `query:"verdict"`
	Unit    inspection.UnitID  `query:"unit" format:"uuid"`
}

func (f MatrixFilter) filter() checks.MatrixFilter {
	return checks.MatrixFilter{Round: f.Round, N: f.N, Verdict: f.Verdict, Unit: f.Unit}
}

type checkMatrixInput struct {
	Acting
	MatrixFilter
	Paging
}

// Paging is part of every input of a list that only the own office has.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"Next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (s *Services) getCheckMatrix(ctx context.Context, in *checkMatrixInput) (*listed[checks.Row], error) {
	return page(ctx, s, plain(in.Acting, in.Cursor, in.Limit), func(cursor string) (inspection.Page[checks.Row], error) {
		f := in.filter()
		f.Cursor, f.Limit = cursor, in.Limit
		return s.Checks.Matrix(ctx, scopeOf(ctx), f)
	})
}

type exportCheckMatrixInput struct {
	Acting
	MatrixFilter
	Exporting
}

func (s *Services) exportCheckMatrix(ctx context.Context, in *exportCheckMatrixInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.CheckMatrix(ctx, scopeOf(ctx), in.filter(), in.wish()))
}

type inspectorsOutput struct {
	Body struct {
		Items []checks.Inspector `json:"items" nullable:"false" maxItems:"1000"`
	}
}

func (s *Services) listInspectors(ctx context.Context, _ *struct{ Acting }) (*inspectorsOutput, error) {
	all, err := s.Checks.Inspectors(ctx, scopeOf(ctx))
	out := &inspectorsOutput{}
	out.Body.Items = all
	return out, err
}

type visitsInput struct {
	Acting
	Paging
	Mine    bool                 `query:"mine" doc:"Those that you make"`
	Check   checks.ID            `query:"check" format:"uuid"`
	Finding inspection.FindingID `query:"finding" format:"uuid"`
	State   []checks.State       `query:"state" maxItems:"5" doc:"Any of them"`
}

func (s *Services) listVisits(ctx context.Context, in *visitsInput) (*listed[checks.Visit], error) {
	return page(ctx, s, plain(in.Acting, in.Cursor, in.Limit), func(cursor string) (inspection.Page[checks.Visit], error) {
		return s.Checks.List(ctx, scopeOf(ctx), checks.VisitFilter{
			Mine: in.Mine, Check: in.Check, Finding: in.Finding, States: in.State, Cursor: cursor, Limit: in.Limit,
		})
	})
}

// VisitPath names a visit in a path.
type VisitPath struct {
	ID checks.VisitID `path:"id" format:"uuid"`
}

type visitInput struct {
	Acting
	VisitPath
}

type visitOutput struct {
	ETag string `header:"ETag"`
	Body checks.Visit
}

func visited(v checks.Visit, err error) (*visitOutput, error) {
	return &visitOutput{ETag: etag(v.Version), Body: v}, err
}

func (s *Services) getVisit(ctx context.Context, in *visitInput) (*visitOutput, error) {
	return visited(s.Checks.Get(ctx, scopeOf(ctx), in.ID))
}

type assignVisitInput struct {
	Changing
	VisitPath
	Body checks.Assigning
}

func (s *Services) assignVisit(ctx context.Context, in *assignVisitInput) (*visitOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return visited(s.Checks.Assign(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type cancelVisitInput struct {
	Changing
	VisitPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (s *Services) cancelVisit(ctx context.Context, in *cancelVisitInput) (*visitOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return visited(s.Checks.Cancel(ctx, scopeOf(ctx), in.ID, version, in.Body.Reason))
}

type reportVisitInput struct {
	Changing
	VisitPath
	Body checks.Reporting
}

func (s *Services) reportVisit(ctx context.Context, in *reportVisitInput) (*visitOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return visited(s.Checks.Report(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type agreeVisitInput struct {
	Changing
	VisitPath
}

func (s *Services) agreeVisit(ctx context.Context, in *agreeVisitInput) (*visitOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return visited(s.Checks.Agree(ctx, scopeOf(ctx), in.ID, version))
}

type returnVisitInput struct {
	Changing
	VisitPath
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"500"`
	}
}

func (s *Services) returnVisit(ctx context.Context, in *returnVisitInput) (*visitOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return visited(s.Checks.SendBack(ctx, scopeOf(ctx), in.ID, version, in.Body.Note))
}

type confirmVisitInput struct {
	Changing
	VisitPath
	Body checks.Confirming
}

func (s *Services) confirmVisit(ctx context.Context, in *confirmVisitInput) (*visitOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return visited(s.Checks.Confirm(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type putVisitPhotoInput struct {
	Acting
	VisitPath
	Photo   checks.PhotoID `path:"photo" format:"uuid" doc:"Given by whoever took it"`
	TakenAt time.Time      `query:"taken_at" required:"true"`
	body    io.Reader
}

// Resolve takes the body as a stream: it is never held whole.
func (in *putVisitPhotoInput) Resolve(ctx huma.Context) []error {
	if ctx.Header("Content-Type") != "application/octet-stream" {
		return []error{newProblem(http.StatusUnsupportedMediaType, "unsupported-media-type", "请用 application/octet-stream 提交。")}
	}
	_, w := humago.Unwrap(ctx)
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(chunkTimeout))
	in.body = ctx.BodyReader()
	return nil
}

type photoOutput struct{ Body checks.Photo }

func (s *Services) putVisitPhoto(ctx context.Context, in *putVisitPhotoInput) (*photoOutput, error) {
	p, err := s.Checks.AddPhoto(ctx, scopeOf(ctx), in.ID, in.Photo, in.TakenAt, in.body)
	return &photoOutput{Body: p}, err
}

type getVisitPhotoInput struct {
	Acting
	VisitPath
	Photo checks.PhotoID `path:"photo" format:"uuid"`
	Range string         `header:"Range" maxLength:"100"`
}

func (s *Services) getVisitPhoto(ctx context.Context, in *getVisitPhotoInput) (*huma.StreamResponse, error) {
	p, r, err := s.Checks.PhotoContent(ctx, scopeOf(ctx), in.ID, in.Photo)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer func() { _ = r.Close() }()
		req, w := humago.Unwrap(hc)
		h := w.Header()
		h.Set("Content-Type", p.Type)
		h.Set("Content-Disposition", files.Disposition("检查照片", true))
		h.Set("ETag", `"`+p.SHA256+`-clean"`)
		h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox")
		http.ServeContent(w, req, "", p.At, r)
	}}, nil
}

type itemChecksOutput struct {
	Body struct {
		Items []checks.Result `json:"items" nullable:"false" maxItems:"6"`
	}
}

func (s *Services) listItemChecks(ctx context.Context, in *itemInput) (*itemChecksOutput, error) {
	rs, err := s.Checks.Results(ctx, scopeOf(ctx), in.ID)
	out := &itemChecksOutput{}
	out.Body.Items = rs
	return out, err
}
