package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// reminders has the ladder of reminders (催办): the chain of an item, the letters
// that wait for a signature, receipts, and the mail that went out.
func (s *Services) reminders(api huma.API) {
	schemas := api.OpenAPI().Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.ReminderState](), reflect.TypeFor[reminderStateSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.ReminderAction](), reflect.TypeFor[reminderActionSchema]())
	schemas.RegisterTypeAlias(reflect.TypeFor[rectification.MessageState](), reflect.TypeFor[messageStateSchema]())
	signers := append([]tenants.Role{tenants.LG}, staff...)
	director := []tenants.Role{tenants.DIR, tenants.CITY, tenants.PROV}
	keepers := []tenants.Role{tenants.OFF, tenants.DIR, tenants.ADM}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/v1/offices/{office}" + path, Summary: summary, Tags: []string{"Reminders"}}
	}
	register(s, api, op("get-reminders", http.MethodGet, "/items/{id}/reminders", "The ladder of an item: what was sent and what comes when"),
		permission{Roles: readers, Level: P1, Act: "read"}, s.getReminders)
	register(s, api, op("hold-reminders", http.MethodPost, "/items/{id}/reminders/hold", "Hold the ladder of an item, with a reason"),
		permission{Roles: director, Level: P1, Act: "reminder.hold"}, s.holdReminders)
	register(s, api, op("release-reminders", http.MethodPost, "/items/{id}/reminders/release", "Let the ladder of an item go on"),
		permission{Roles: director, Level: P1, Act: "reminder.release"}, s.releaseReminders)
	register(s, api, op("list-letters", http.MethodGet, "/reminders/waiting", "Letters that wait for a signature in your office"),
		permission{Roles: signers, Level: P1, Act: "read"}, s.listLetters)
	register(s, api, op("sign-letters", http.MethodPost, "/reminders/sign", "Sign letters, which sends them; asks for a fresh proof of identity"),
		permission{Roles: signers, Level: P1, Act: "reminder.sign"}, s.signLetters)
	register(s, api, op("urge-items", http.MethodPost, "/reminders/urge", "Send reminders of the office's own for these items (催办), beside the ladder"),
		permission{Roles: staff, Level: P1, Act: "reminder.urge"}, s.urgeItems)
	register(s, api, op("list-copies", http.MethodGet, "/copies", "Letters that you got for information (抄送), the newest 500"),
		permission{Roles: signers, Level: P1, Act: "read"}, s.listCopies)
	register(s, api, op("read-copies", http.MethodPost, "/copies/read", "Mark copies as read (已阅)"),
		permission{Roles: signers, Level: P1, Act: "reminder.read"}, s.readCopies)
	register(s, api, op("drop-letter", http.MethodPost, "/reminders/{id}/drop", "Decide against a letter, with a reason"),
		permission{Roles: signers, Level: P1, Act: "reminder.drop"}, s.dropLetter)
	register(s, api, op("acknowledge-reminder", http.MethodPost, "/reminders/{id}/receipt", "Say that you have read a reminder, or sign for it (签收)"),
		permission{Roles: readers, Level: P1, Act: "reminder.receipt"}, s.acknowledgeReminder)
	register(s, api, op("list-messages", http.MethodGet, "/messages", "E-mail that went out, or of which nobody knows whether it did"),
		permission{Roles: keepers, Level: P2, Act: "read"}, s.listMessages)
	register(s, api, op("resend-message", http.MethodPost, "/messages/{id}/resend", "Send a message again that failed or may not have arrived"),
		permission{Roles: keepers, Level: P2, Act: "message.resend"}, s.resendMessage)
	register(s, api, op("confirm-message", http.MethodPost, "/messages/{id}/confirm", "Say that a message did arrive"),
		permission{Roles: keepers, Level: P2, Act: "message.confirm"}, s.confirmMessage)
	s.letters(api)
}

type (
	reminderStateSchema  string
	reminderActionSchema string
	messageStateSchema   string
)

// Schema lists the states of a reminder.
func (reminderStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.ReminderStates())
}

// Schema lists what people do with reminders.
func (reminderActionSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.ReminderActions())
}

// Schema lists the states of a message.
func (messageStateSchema) Schema(huma.Registry) *huma.Schema {
	return enumOf(rectification.MessageStates())
}

type chainOutput struct {
	ETag string `header:"ETag"`
	Body rectification.Chain
}

func chained(c rectification.Chain, err error) (*chainOutput, error) {
	return &chainOutput{ETag: etag(c.Version), Body: c}, err
}

func (s *Services) getReminders(ctx context.Context, in *itemInput) (*chainOutput, error) {
	return chained(s.Reminders.Chain(ctx, scopeOf(ctx), in.ID))
}

type holdInput struct {
	Changing
	ItemPath
	Body reasonBody
}

func (s *Services) holdReminders(ctx context.Context, in *holdInput) (*chainOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return chained(s.Reminders.Hold(ctx, scopeOf(ctx), in.ID, version, in.Body.Reason))
}

type releaseInput struct {
	Changing
	ItemPath
}

func (s *Services) releaseReminders(ctx context.Context, in *releaseInput) (*chainOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return chained(s.Reminders.Release(ctx, scopeOf(ctx), in.ID, version))
}

type lettersOutput struct {
	Body struct {
		Items []rectification.Reminder `json:"items" nullable:"false" maxItems:"10000"`
	}
}

func (s *Services) listLetters(ctx context.Context, _ *struct{ Acting }) (*lettersOutput, error) {
	all, err := s.Reminders.Waiting(ctx, scopeOf(ctx))
	out := &lettersOutput{}
	out.Body.Items = all
	return out, err
}

type signInput struct {
	Posting
	Body struct {
		Letters []rectification.ToSign `json:"letters" minItems:"1" maxItems:"200" nullable:"false" doc:"Letters to sign"`
		Words   string                 `json:"words,omitempty" maxLength:"200" doc:"What the leading group decides (批示)"`
	}
}

type signedOutput struct {
	Body struct {
		Items []rectification.Signed `json:"items" nullable:"false" maxItems:"200"`
	}
}

func (s *Services) signLetters(ctx context.Context, in *signInput) (*signedOutput, error) {
	all, err := s.Reminders.Sign(ctx, scopeOf(ctx), in.Body.Letters, in.Body.Words)
	out := &signedOutput{}
	out.Body.Items = all
	return out, err
}

type urgeInput struct {
	Posting
	Body struct {
		Items []inspection.FindingID `json:"items" minItems:"1" maxItems:"1000" nullable:"false"`
	}
}

type urgedOutput struct {
	Body struct {
		Items []rectification.Urged `json:"items" nullable:"false" maxItems:"1000" doc:"What became of each, by number"`
	}
}

func (s *Services) urgeItems(ctx context.Context, in *urgeInput) (*urgedOutput, error) {
	all, err := s.Reminders.Urge(ctx, scopeOf(ctx), in.Body.Items)
	out := &urgedOutput{}
	out.Body.Items = all
	return out, err
}

type copiesOutput struct {
	Body struct {
		Items []rectification.Copy `json:"items" nullable:"false" maxItems:"500"`
	}
}

func (s *Services) listCopies(ctx context.Context, _ *struct{ Acting }) (*copiesOutput, error) {
	all, err := s.Reminders.Copies(ctx, scopeOf(ctx))
	out := &copiesOutput{}
	out.Body.Items = all
	return out, err
}

type readCopiesInput struct {
	Posting
	Body struct {
		IDs []inspection.ReminderID `json:"ids" minItems:"1" maxItems:"500" nullable:"false"`
	}
}

func (s *Services) readCopies(ctx context.Context, in *readCopiesInput) (*struct{}, error) {
	return nil, s.Reminders.ReadCopies(ctx, scopeOf(ctx), in.Body.IDs)
}

// ReminderPath is part of every input about one reminder.
type ReminderPath struct {
	ID inspection.ReminderID `path:"id" format:"uuid"`
}

type reminderOutput struct{ Body rectification.Reminder }

type dropInput struct {
	Posting
	ReminderPath
	Body reasonBody
}

func (s *Services) dropLetter(ctx context.Context, in *dropInput) (*reminderOutput, error) {
	m, err := s.Reminders.Drop(ctx, scopeOf(ctx), in.ID, in.Body.Reason)
	return &reminderOutput{Body: m}, err
}

type acknowledgeInput struct {
	Posting
	ReminderPath
	Body struct {
		Sign bool `json:"sign" doc:"Sign for it (签收), and not only say that you have read it"`
	}
}

func (s *Services) acknowledgeReminder(ctx context.Context, in *acknowledgeInput) (*reminderOutput, error) {
	m, err := s.Reminders.Acknowledge(ctx, scopeOf(ctx), in.ID, in.Body.Sign)
	return &reminderOutput{Body: m}, err
}

type messagesInput struct {
	Acting
	State []rectification.MessageState `query:"state" maxItems:"6" doc:"Any of them; failed and unknown if absent"`
}

type messagesOutput struct {
	Body struct {
		Items []rectification.Message `json:"items" nullable:"false" maxItems:"100"`
	}
}

func (s *Services) listMessages(ctx context.Context, in *messagesInput) (*messagesOutput, error) {
	all, err := s.Outbox.Messages(ctx, scopeOf(ctx), in.State)
	out := &messagesOutput{}
	out.Body.Items = all
	return out, err
}

type messageInput struct {
	Changing
	ID inspection.MessageID `path:"id" format:"uuid"`
}

type messageOutput struct {
	ETag string `header:"ETag"`
	Body rectification.Message
}

func (s *Services) decideMessage(ctx context.Context, in *messageInput, do rectification.MessageAction) (*messageOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	m, err := s.Outbox.Decide(ctx, scopeOf(ctx), in.ID, version, do)
	return &messageOutput{ETag: etag(m.Version), Body: m}, err
}

func (s *Services) resendMessage(ctx context.Context, in *messageInput) (*messageOutput, error) {
	return s.decideMessage(ctx, in, rectification.ResendMessage)
}

func (s *Services) confirmMessage(ctx context.Context, in *messageInput) (*messageOutput, error) {
	return s.decideMessage(ctx, in, rectification.ConfirmMessage)
}
