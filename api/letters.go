package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
)

// docx is the media type of a Word document.
const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// letters has the documents of the ladder (催办文书): their text, the talks that go
// with them, who receives them, and the board of all chains.
func (s *Services) letters(api huma.API) {
	api.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[rectification.ReceiptState](), reflect.TypeFor[receiptStateSchema]())
	signers := append([]tenants.Role{tenants.LG}, staff...)
	watchers := append([]tenants.Role{tenants.LG, tenants.DISC}, staff...)
	receivers := append([]tenants.Role{tenants.UNIT, tenants.HEAD}, watchers...)
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}/reminders" + path, Summary: summary, Tags: []string{"Reminders"}}
	}
	register(s, api, op("get-letter", http.MethodGet, "/{id}/letter", "A letter's text: filled in from the records, and as it was signed from then on"),
		permission{Roles: receivers, Level: P1, Act: "read"}, s.getLetter)
	register(s, api, op("word-letter", http.MethodPatch, "/{id}/letter", "Word what a letter asks for, before it is signed"),
		permission{Roles: signers, Level: P1, Act: "reminder.word"}, s.wordLetter)
	take := op("export-letter", http.MethodPost, "/{id}/letter/export", "A letter as a Word document in the layout of official documents")
	register(s, api, docxOperation(take), permission{Roles: receivers, Level: P1, Act: "reminder.export"}, s.exportLetter)
	register(s, api, op("enter-talk", http.MethodPost, "/{id}/talk", "Enter the record of the talk that goes with a letter (约谈)"),
		permission{Roles: staff, Level: P1, Act: "reminder.talk"}, s.enterTalk)
	register(s, api, op("name-receiver", http.MethodPost, "/{id}/receiver", "Name another recipient of a letter whose recipient has left"),
		permission{Roles: staff, Level: P1, Act: "reminder.receiver"}, s.nameReceiver)
	register(s, api, op("list-chains", http.MethodGet, "/chains", "The board of all running chains of your office"),
		permission{Roles: watchers, Level: P1, Act: "read"}, s.listChains)
	register(s, api, sheetOperation(op("export-chains", http.MethodPost, "/chains/export", "The board (督办台账) as a workbook")),
		permission{Roles: watchers, Level: P1, Act: "reminder.export-board"}, s.exportChains)
	s.urgings(api)
}

// docxOperation is an operation that answers with a Word document.
func docxOperation(o huma.Operation) huma.Operation {
	o.Responses = map[string]*huma.Response{"200": {
		Description: "The document",
		Content:     map[string]*huma.MediaType{docx: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	return o
}

type receiptStateSchema string

// Schema lists what a unit does with a step of the ladder.
func (receiptStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.ReceiptStates())
}

type letterInput struct {
	Acting
	ReminderPath
}

type letterOutput struct {
	ETag string `header:"ETag"`
	Body rectification.Letter
}

func lettered(l rectification.Letter, err error) (*letterOutput, error) {
	return &letterOutput{ETag: etag(l.Version), Body: l}, err
}

func (s *Services) getLetter(ctx context.Context, in *letterInput) (*letterOutput, error) {
	return lettered(s.Reminders.Letter(ctx, scopeOf(ctx), in.ID))
}

type wordLetterInput struct {
	Changing
	ReminderPath
	Body struct {
		Ask string `json:"ask" minLength:"1" maxLength:"500" doc:"What the letter asks for"`
	}
}

func (s *Services) wordLetter(ctx context.Context, in *wordLetterInput) (*letterOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return lettered(s.Reminders.Word(ctx, scopeOf(ctx), in.ID, version, in.Body.Ask))
}

func (s *Services) exportLetter(ctx context.Context, in *letterInput) (*huma.StreamResponse, error) {
	f, err := s.Documents.Letter(ctx, scopeOf(ctx), in.ID)
	return file(f, docx, err)
}

// file sends a file that is done: what could fail has failed before.
func file(f documents.File, kind string, err error) (*huma.StreamResponse, error) {
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", kind)
		hc.SetHeader("Content-Disposition", files.Disposition(f.Name, false))
		hc.SetHeader("Cache-Control", "no-store")
		_, _ = hc.BodyWriter().Write(f.Content)
	}}, nil
}

type enterTalkInput struct {
	Posting
	ReminderPath
	Body rectification.Talking
}

func (s *Services) enterTalk(ctx context.Context, in *enterTalkInput) (*reminderOutput, error) {
	m, err := s.Reminders.Talk(ctx, scopeOf(ctx), in.ID, in.Body)
	return &reminderOutput{Body: m}, err
}

type nameReceiverInput struct {
	Posting
	ReminderPath
	Body struct {
		Member inspection.MemberID `json:"member" doc:"One of those whom the letter names in may_name"`
	}
}

func (s *Services) nameReceiver(ctx context.Context, in *nameReceiverInput) (*letterOutput, error) {
	return lettered(s.Reminders.NameReceiver(ctx, scopeOf(ctx), in.ID, in.Body.Member))
}

// BoardFilter is what the board may be filtered for, and its order. The workbench's
// address has the same words.
type BoardFilter struct {
	Rung    []string                     `query:"rung" maxItems:"20" maxLength:"20" doc:"Any of them"`
	Unit    inspection.UnitID            `query:"unit" format:"uuid"`
	Receipt []rectification.ReceiptState `query:"receipt" maxItems:"5" doc:"Any of them"`
	Sort    string                       `query:"sort" enum:"overdue,-overdue,item,-item,unit,-unit,next_on,-next_on" doc:"The longest overdue first if absent"`
}

func (f BoardFilter) filter() rectification.BoardFilter {
	return rectification.BoardFilter{Rungs: f.Rung, Unit: f.Unit, Receipts: f.Receipt, Sort: f.Sort}
}

type listChainsInput struct {
	Acting
	BoardFilter
}

type chainsOutput struct {
	Body struct {
		Items []rectification.RunningChain `json:"items" nullable:"false" maxItems:"10000"`
	}
}

func (s *Services) listChains(ctx context.Context, in *listChainsInput) (*chainsOutput, error) {
	all, err := s.Reminders.Board(ctx, scopeOf(ctx), in.filter())
	out := &chainsOutput{}
	out.Body.Items = all
	return out, err
}

type exportChainsInput struct {
	Acting
	BoardFilter
	Exporting
}

func (s *Services) exportChains(ctx context.Context, in *exportChainsInput) (*huma.StreamResponse, error) {
	return workbook(s.Documents.Chains(ctx, scopeOf(ctx), in.filter(), in.wish()))
}
