package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
)

// reports has the two reports that a unit owes (整改进展情况报告、主要负责人组织整改情况报告),
// from the records to the signatures and the review, and what the unit's head did.
func (s *Services) reports(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[reports.State](), reflect.TypeFor[reportStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[reports.Action](), reflect.TypeFor[reportActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[reports.Kind](), reflect.TypeFor[reportKindSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[reports.ActKind](), reflect.TypeFor[headActKindSchema]())
	unit := []tenants.Role{tenants.UNIT, tenants.HEAD}
	office := []tenants.Role{tenants.OFF, tenants.DIR}
	leader := []tenants.Role{tenants.LG}
	do := func(roles []tenants.Role, act string) permission {
		return permission{Roles: roles, Level: P1, Act: "report." + act}
	}
	get, post, patch := operations("/reports", "Reports")
	read := permission{Roles: readers, Level: P1, Act: "read"}

	register(s, api, get("list-reports", "", "Reports that are owed and editions that were made, the latest round first"), read, s.listReports)
	register(s, api, get("get-report", "/{id}", "A report: what is or was signed, what is missing, and what is new"), read, s.getReport)
	begin := post("begin-report", "", "Begin the edition of a report that the unit owes next (编制、重报)")
	begin.DefaultStatus = http.StatusCreated
	register(s, api, begin, do(unit, "begin"), s.beginReport)
	register(s, api, patch("edit-report", "/{id}", "Save what people write into it; what is absent stays"), do(unit, "edit"), s.editReport)
	register(s, api, post("sign-report", "/{id}/sign", "Sign as the unit's head (签字); asks for a fresh proof of identity"),
		do([]tenants.Role{tenants.HEAD}, "sign"), s.signReport)
	register(s, api, post("countersign-report", "/{id}/countersign", "Sign as the leader in charge (双签字); asks for a fresh proof of identity"),
		do(leader, "countersign"), s.countersignReport)
	register(s, api, post("decline-report", "/{id}/decline", "Send it back instead of countersigning"), do(leader, "decline"), s.declineReport)
	register(s, api, post("receive-report", "/{id}/receive", "Take a filed report in and send it to the parties (受理送审)"),
		do(office, "receive"), s.receiveReport)
	opinion := do(paperParties, "opinion")
	opinion.Level = P2
	register(s, api, post("review-report", "/{id}/opinion", "Give your party's opinion; others see it when all are in"), opinion, s.reviewReport)
	register(s, api, post("send-report-back", "/{id}/return", "Send it back with reasons and one letter (退回重报)"), do(office, "return"), s.sendReportBack)
	register(s, api, post("approve-report", "/{id}/approve", "Keep it on file because all parties agree (通过存档)"),
		do(office, "approve"), s.approveReport)
	register(s, api, docxOperation(post("export-report", "/{id}/export", "A report as a Word document in the layout of official documents")),
		permission{Roles: readers, Level: P1, Act: "report.export"}, s.exportReport)

	get, post, _ = operations("/head-acts", "Reports")
	register(s, api, get("list-head-acts", "", "What the head of your unit did about the findings of a round"),
		permission{Roles: unit, Level: P1, Act: "read"}, s.listHeadActs)
	register(s, api, post("enter-head-act", "", "Enter what the head did (部署、过问、协调、督办、批示)"), do(unit, "enter-act"), s.enterHeadAct)
	register(s, api, post("withdraw-head-act", "/{id}/withdraw", "Take back what was entered by mistake"), do(unit, "withdraw-act"), s.withdrawHeadAct)
}

type (
	reportStateSchema  string
	reportActionSchema string
	reportKindSchema   string
	headActKindSchema  string
)

// Schema lists the states of a report.
func (reportStateSchema) Schema(huma.Registry) *huma.Schema { return enumOf(reports.Life().States()) }

// Schema lists the actions on a report.
func (reportActionSchema) Schema(huma.Registry) *huma.Schema { return enumOf(reports.Life().Acts()) }

// Schema lists the two reports.
func (reportKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(reports.Kinds()) }

// Schema lists what a head did.
func (headActKindSchema) Schema(huma.Registry) *huma.Schema { return enumOf(reports.ActKinds()) }

type listReportsInput struct{ Reading }

type listReportsOutput struct {
	Body struct {
		Reports []reports.Line `json:"reports" nullable:"false"`
	}
}

func (s *Services) listReports(ctx context.Context, _ *listReportsInput) (*listReportsOutput, error) {
	out := &listReportsOutput{}
	var err error
	out.Body.Reports, err = s.Reports.List(ctx, scopeOf(ctx))
	return out, err
}

type reportOutput struct {
	ETag string `header:"ETag"`
	Body reports.Report
}

func report(p reports.Report, err error) (*reportOutput, error) {
	return &reportOutput{ETag: etag(p.Version), Body: p}, err
}

type reportInput struct {
	Reading
	ID inspection.ReportID `path:"id" format:"uuid"`
}

func (s *Services) getReport(ctx context.Context, in *reportInput) (*reportOutput, error) {
	return report(s.Reports.Get(ctx, scopeOf(ctx), in.ID))
}

type beginReportInput struct {
	Posting
	Body reports.Beginning
}

func (s *Services) beginReport(ctx context.Context, in *beginReportInput) (*reportOutput, error) {
	return report(s.Reports.Begin(ctx, scopeOf(ctx), in.Body))
}

func (s *Services) editReport(ctx context.Context, in *changedPaper[inspection.ReportID, reports.Change]) (*reportOutput, error) {
	return report(onPaper(ctx, in, s.Reports.Edit))
}

func (s *Services) signReport(ctx context.Context, in *changedPaper[inspection.ReportID, papers.Signing]) (*reportOutput, error) {
	return report(onPaper(ctx, in, s.Reports.Sign))
}

func (s *Services) countersignReport(ctx context.Context, in *changedPaper[inspection.ReportID, papers.Signing]) (*reportOutput, error) {
	return report(onPaper(ctx, in, s.Reports.Countersign))
}

func (s *Services) declineReport(ctx context.Context, in *changedPaper[inspection.ReportID, reports.Deciding]) (*reportOutput, error) {
	return report(onPaper(ctx, in, s.Reports.Decline))
}

func (s *Services) sendReportBack(ctx context.Context, in *changedPaper[inspection.ReportID, reports.Deciding]) (*reportOutput, error) {
	return report(onPaper(ctx, in, s.Reports.Return))
}

func (s *Services) approveReport(ctx context.Context, in *changedPaper[inspection.ReportID, reports.Deciding]) (*reportOutput, error) {
	return report(onPaper(ctx, in, s.Reports.Approve))
}

type receiveReportInput struct {
	Changing
	ID inspection.ReportID `path:"id" format:"uuid"`
}

func (s *Services) receiveReport(ctx context.Context, in *receiveReportInput) (*reportOutput, error) {
	v, err := in.version()
	if err != nil {
		return nil, err
	}
	return report(s.Reports.Receive(ctx, scopeOf(ctx), in.ID, v))
}

func (s *Services) reviewReport(ctx context.Context, in *reviewedPaper[inspection.ReportID, papers.Giving]) (*reportOutput, error) {
	return report(s.Reports.Give(ctx, scopeOf(ctx), in.ID, in.Body))
}

func (s *Services) exportReport(ctx context.Context, in *reportInput) (*huma.StreamResponse, error) {
	f, err := s.Documents.Report(ctx, scopeOf(ctx), in.ID)
	return file(f, docx, err)
}

type headActsOutput struct {
	Body struct {
		Acts []reports.Act `json:"acts" nullable:"false" maxItems:"10000"`
	}
}

func headActs(acts []reports.Act, err error) (*headActsOutput, error) {
	out := &headActsOutput{}
	out.Body.Acts = acts
	return out, err
}

type listHeadActsInput struct {
	Acting
	Round inspection.RoundID `query:"round" required:"true" format:"uuid"`
}

func (s *Services) listHeadActs(ctx context.Context, in *listHeadActsInput) (*headActsOutput, error) {
	return headActs(s.Reports.Acts(ctx, scopeOf(ctx), in.Round))
}

type enterHeadActInput struct {
	Posting
	Body reports.Entering
}

func (s *Services) enterHeadAct(ctx context.Context, in *enterHeadActInput) (*headActsOutput, error) {
	return headActs(s.Reports.Enter(ctx, scopeOf(ctx), in.Body))
}

type withdrawHeadActInput struct {
	Posting
	ID inspection.HeadActID `path:"id" format:"uuid"`
}

func (s *Services) withdrawHeadAct(ctx context.Context, in *withdrawHeadActInput) (*headActsOutput, error) {
	return headActs(s.Reports.Withdraw(ctx, scopeOf(ctx), in.ID))
}
