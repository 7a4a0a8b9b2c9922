package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// linkage has what passes between offices: notices down, and the recipients' parts
// of them.
func (s *Services) linkage(api huma.API) {
	s.linkageWords(api)
	s.commonIssues(api)
	staff := []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	signers := []tenants.Role{tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV}
	party := []tenants.Role{tenants.OFF, tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV, tenants.UNIT, tenants.HEAD}
	do := func(roles []tenants.Role, act string) permission {
		return permission{Roles: roles, Level: P1, Act: act}
	}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Linkage"}}
	}
	get := func(id, path, summary string) huma.Operation { return op(id, http.MethodGet, path, summary) }
	post := func(id, path, summary string) huma.Operation { return op(id, http.MethodPost, path, summary) }

	register(s, api, get("list-notices", "/notices", "Notices received or sent (通报), the latest first"), do(party, "read"), s.listNotices)
	register(s, api, get("get-notice", "/notices/{id}", "A notice with the receipts (回执矩阵) as far as you see them"), do(party, "read"), s.getNotice)
	compose := post("compose-notice", "/notices", "Begin a notice, or forward one that was received")
	compose.DefaultStatus = http.StatusCreated
	register(s, api, compose, permission{Roles: staff, Level: P2, Act: "notice.compose"}, s.composeNotice)
	register(s, api, op("edit-notice", http.MethodPut, "/notices/{id}", "Change a draft"),
		permission{Roles: staff, Level: P2, Act: "notice.edit"}, s.editNotice)
	register(s, api, post("submit-notice", "/notices/{id}/submit", "Hand a draft to whoever signs"), do(staff, "notice.submit"), s.submitNotice)
	register(s, api, post("send-back-notice", "/notices/{id}/send-back", "Return a draft to its composer"),
		do(signers, "notice.send-back"), s.sendBackNotice)
	register(s, api, post("keep-names", "/notices/{id}/keep", "Agree that names of sources stay in a notice, as another person asked"),
		do(signers, "notice.keep"), s.keepNames)
	register(s, api, post("issue-notice", "/notices/{id}/issue", "Sign: number it and deliver it to all recipients (签发)"),
		do(signers, "notice.issue"), s.issueNotice)
	register(s, api, post("withdraw-notice", "/notices/{id}/withdraw", "Take it back while nobody has signed for it"),
		do(staff, "notice.withdraw"), s.withdrawNotice)
	register(s, api, post("close-notice", "/notices/{id}/close", "End it once every report is accepted (闭环)"),
		do(staff, "notice.close"), s.closeNotice)
	register(s, api, post("remind-recipients", "/notices/{id}/remind", "Remind recipients, each once a day (催办)"),
		do(staff, "delivery.remind"), s.remindRecipients)
	register(s, api, post("receive-notice", "/deliveries/{id}/receive", "Sign for a notice (签收)"), do(party, "delivery.receive"), s.receiveNotice)
	register(s, api, post("report-self-check", "/deliveries/{id}/report", "Hand in the report of the self-check (自查报告)"),
		do(party, "delivery.report"), s.reportSelfCheck)
	register(s, api, post("accept-report", "/deliveries/{id}/accept", "Accept a report (采认)"), do(staff, "delivery.accept"), s.acceptReport)
	register(s, api, post("return-report", "/deliveries/{id}/return", "Send a report back to be completed (退回补查)"),
		do(staff, "delivery.return"), s.returnReport)
}

func (s *Services) linkageWords(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.NoticeState](), reflect.TypeFor[noticeStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.NoticeAct](), reflect.TypeFor[noticeActSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.DeliveryState](), reflect.TypeFor[deliveryStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.DeliveryAct](), reflect.TypeFor[deliveryActSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.ReturnCode](), reflect.TypeFor[returnCodeSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.Box](), reflect.TypeFor[boxSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.Line](), reflect.TypeFor[lineSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[linkage.Slug](), reflect.TypeFor[slugSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[inspection.DeliveryID](), reflect.TypeFor[idSchema]())
}

type (
	noticeStateSchema   string
	noticeActSchema     string
	deliveryStateSchema string
	deliveryActSchema   string
	returnCodeSchema    string
	boxSchema           string
	lineSchema          string
	slugSchema          string
)

// Schema lists the states of a notice.
func (noticeStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(linkage.Notices().States())
}

// Schema lists the acts on a notice.
func (noticeActSchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.Notices().Acts()) }

// Schema lists the states of a delivery.
func (deliveryStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(append(linkage.Deliveries().States(), "")) // empty in the outbox
}

// Schema lists the acts on a delivery.
func (deliveryActSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(linkage.Deliveries().Acts())
}

// Schema lists the reasons why a report is returned.
func (returnCodeSchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.ReturnCodes()) }

// Schema lists the boxes.
func (boxSchema) Schema(huma.Registry) *huma.Schema { return enumOf(linkage.Boxes()) }

// Schema is a question or an answer.
func (lineSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, MaxLength: new(1000)}
}

// Schema is the name of an office in addresses.
func (slugSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: "^[a-z][a-z0-9-]{1,40}$", MaxLength: new(41)}
}

type noticesInput struct {
	Acting
	Cursor string      `query:"cursor" maxLength:"1000" doc:"Next of the page before"`
	Limit  int         `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Box    linkage.Box `query:"box" default:"in" doc:"in: received; out: sent"`
}

// plain is in as a list without an office below: what passed between others is
// read from the letter itself.
func plain(a Acting, cursor string, limit int) Listing {
	return Listing{Reading: Reading{Acting: a}, Cursor: cursor, Limit: limit}
}

func (s *Services) listNotices(ctx context.Context, in *noticesInput) (*listed[linkage.Letter], error) {
	return page(ctx, s, plain(in.Acting, in.Cursor, in.Limit), func(cursor string) (inspection.Page[linkage.Letter], error) {
		return s.Linkage.Letters(ctx, scopeOf(ctx), in.Box, cursor, in.Limit)
	})
}

// NoticePath is part of every input about one notice.
type NoticePath struct {
	ID inspection.NoticeID `path:"id" format:"uuid"`
}

type noticeInput struct {
	Acting
	NoticePath
}

type noticeViewOutput struct {
	ETag string `header:"ETag"`
	Body linkage.View
}

func (s *Services) getNotice(ctx context.Context, in *noticeInput) (*noticeViewOutput, error) {
	v, err := s.Linkage.Get(ctx, scopeOf(ctx), in.ID)
	return &noticeViewOutput{ETag: etag(v.Version), Body: v}, err
}

type noticeOutput struct {
	ETag string `header:"ETag"`
	Body linkage.Notice
}

func noticed(n linkage.Notice, err error) (*noticeOutput, error) {
	return &noticeOutput{ETag: etag(n.Version), Body: n}, err
}

type composeInput struct {
	Posting
	Body linkage.Composing
}

func (s *Services) composeNotice(ctx context.Context, in *composeInput) (*noticeOutput, error) {
	return noticed(s.Linkage.Compose(ctx, scopeOf(ctx), in.Body))
}

// ChangingNotice is part of every input of an act on a notice.
type ChangingNotice struct {
	Changing
	NoticePath
}

type editNoticeInput struct {
	ChangingNotice
	Body linkage.Composing
}

func (s *Services) editNotice(ctx context.Context, in *editNoticeInput) (*noticeOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return noticed(s.Linkage.Edit(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type submitNoticeInput struct {
	ChangingNotice
	Body struct {
		Keep []linkage.Kept `json:"keep,omitempty" maxItems:"100" nullable:"false" doc:"Words that name a source and stay all the same"`
	}
}

func (s *Services) submitNotice(ctx context.Context, in *submitNoticeInput) (*noticeOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return noticed(s.Linkage.Submit(ctx, scopeOf(ctx), in.ID, version, in.Body.Keep))
}

type keepNamesInput struct {
	ChangingNotice
	Body struct {
		Tokens []linkage.Line `json:"tokens" minItems:"1" maxItems:"100" nullable:"false" doc:"The names"`
	}
}

func (s *Services) keepNames(ctx context.Context, in *keepNamesInput) (*noticeOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return noticed(s.Linkage.Agree(ctx, scopeOf(ctx), in.ID, version, in.Body.Tokens))
}

// reasoned is the body of an act that needs a reason.
type reasoned struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500"`
}

type reasonedNoticeInput struct {
	ChangingNotice
	Body reasoned
}

func (s *Services) sendBackNotice(ctx context.Context, in *reasonedNoticeInput) (*noticeOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return noticed(s.Linkage.SendBack(ctx, scopeOf(ctx), in.ID, version, in.Body.Reason))
}

func (s *Services) withdrawNotice(ctx context.Context, in *reasonedNoticeInput) (*noticeOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return noticed(s.Linkage.Withdraw(ctx, scopeOf(ctx), in.ID, version, in.Body.Reason))
}

func (s *Services) issueNotice(ctx context.Context, in *ChangingNotice) (*noticeOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return noticed(s.Linkage.Issue(ctx, scopeOf(ctx), in.ID, version))
}

type closeNoticeInput struct {
	ChangingNotice
	Body struct {
		Summary string `json:"summary" minLength:"1" maxLength:"2000"`
	}
}

func (s *Services) closeNotice(ctx context.Context, in *closeNoticeInput) (*noticeOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return noticed(s.Linkage.Close(ctx, scopeOf(ctx), in.ID, version, in.Body.Summary))
}

type remindInput struct {
	Posting
	NoticePath
	Body struct {
		Deliveries []inspection.DeliveryID `json:"deliveries" minItems:"1" maxItems:"1000" nullable:"false"`
	}
}

type remindOutput struct{ Body linkage.Reminded }

func (s *Services) remindRecipients(ctx context.Context, in *remindInput) (*remindOutput, error) {
	r, err := s.Linkage.Remind(ctx, scopeOf(ctx), in.ID, in.Body.Deliveries)
	return &remindOutput{Body: r}, err
}

// ChangingDelivery is part of every input of an act on a delivery.
type ChangingDelivery struct {
	Changing
	ID inspection.DeliveryID `path:"id" format:"uuid"`
}

type deliveryOutput struct {
	ETag string `header:"ETag"`
	Body linkage.Delivery
}

func delivered(d linkage.Delivery, err error) (*deliveryOutput, error) {
	return &deliveryOutput{ETag: etag(d.Version), Body: d}, err
}

type receiveInput struct {
	ChangingDelivery
	Body linkage.Receipt
}

func (s *Services) receiveNotice(ctx context.Context, in *receiveInput) (*deliveryOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return delivered(s.Linkage.Receive(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

type selfCheckInput struct {
	ChangingDelivery
	Body linkage.SelfCheck
}

func (s *Services) reportSelfCheck(ctx context.Context, in *selfCheckInput) (*deliveryOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return delivered(s.Linkage.Report(ctx, scopeOf(ctx), in.ID, version, in.Body))
}

func (s *Services) acceptReport(ctx context.Context, in *ChangingDelivery) (*deliveryOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return delivered(s.Linkage.Accept(ctx, scopeOf(ctx), in.ID, version))
}

type returnReportInput struct {
	ChangingDelivery
	Body linkage.Returning
}

func (s *Services) returnReport(ctx context.Context, in *returnReportInput) (*deliveryOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return delivered(s.Linkage.Return(ctx, scopeOf(ctx), in.ID, version, in.Body))
}
