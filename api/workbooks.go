package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection/documents"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// exports has lists as workbooks: the same filters as on screen, the same rows. They
// are POSTs because each leaves an entry in the journal.
func (s *Services) exports(api huma.API) {
	op := func(id, path, tag, summary string) huma.Operation {
		return sheetOperation(huma.Operation{
			OperationID: id, Method: http.MethodPost, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{tag},
		})
	}
	register(s, api, op("export-items", "/items/export", "Rectification", "The ledger (整改台账) as a workbook"),
		permission{Roles: readers, Level: P1, Act: "ledger.export"}, s.exportItems)
	register(s, api, op("export-measures", "/measures/export", "Rectification", "The list of tasks (任务清单) as a workbook"),
		permission{Roles: readers, Level: P1, Act: "measures.export"}, s.exportMeasures)
	register(s, api, op("export-duties", "/duties/export", "Rectification", "The list of who is responsible (责任清单) as a workbook"),
		permission{Roles: readers, Level: P1, Act: "duties.export"}, s.exportDuties)
	register(s, api, op("export-escalations", "/escalations/export", "Linkage", "Matters raised, or come from below, as a workbook"),
		permission{Roles: append([]tenants.Role{tenants.LG}, staff...), Level: P2, Act: "escalation.export"}, s.exportMatters)
}

type formSchema string

// Schema lists the forms in which a list leaves the house.
func (formSchema) Schema(huma.Registry) *huma.Schema { return enumOf(documents.Forms()) }

// Exporting is part of every input that takes a list out. It takes no
// Idempotency-Key: a file is stored nowhere, and one that is made again is another
// export.
type Exporting struct {
	Form    documents.Form `query:"form" default:"shown" doc:"shown: the columns named; all: every column; report: 上报格式"`
	Columns []string       `query:"columns" maxItems:"40" maxLength:"40" doc:"Keys of the columns on screen, in their order"`
	asked   string
}

// Resolve keeps what was filtered for, as the address says it, for the journal:
// encoded, so that & and = in a value cannot be taken for the address's own, and
// whole. It is short: every parameter has its limit, and none may stand twice.
func (e *Exporting) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	q := u.Query()
	q.Del("form")
	q.Del("columns")
	e.asked = q.Encode()
	return nil
}

func (e *Exporting) wish() documents.Wish {
	return documents.Wish{Form: e.Form, Columns: e.Columns, Asked: e.asked}
}

type exportMattersInput struct {
	Acting
	Exporting
	Box linkage.Box `query:"box" default:"out" doc:"out: raised by the office; in: come from below"`
}

func (s *Services) exportMatters(ctx context.Context, in *exportMattersInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.Matters(ctx, scopeOf(ctx), in.Box, in.wish()))
}

// workbook sends a list that was taken out.
func workbook(f documents.File, err error) (*huma.StreamResponse, error) { return file(f, xlsx, err) }
