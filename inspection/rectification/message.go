package rectification

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Message is one e-mail that leaves the house. It names items by their numbers
// and carries none of their content.
type Message struct {
	ID        inspection.MessageID    `json:"id" db:"id"`
	Kind      MessageKind             `json:"kind" db:"kind"`
	Member    inspection.MemberID     `json:"member" db:"member_id"`
	Address   string                  `json:"-" db:"address"`
	Subject   string                  `json:"subject" db:"subject" doc:"As last attempted"`
	Body      string                  `json:"-" db:"body"`
	Refs      []inspection.ReminderID `json:"-" db:"refs"`
	State     MessageState            `json:"state" db:"state"`
	Attempts  int                     `json:"attempts" db:"attempts"`
	TriedAt   *time.Time              `json:"tried_at" db:"tried_at"`
	Answer    string                  `json:"answer" db:"answer" doc:"What the mail server said, or why nothing is known"`
	DecidedBy string                  `json:"decided_by" db:"decided_by" doc:"Who decided about an unknown one"`
	MadeAt    time.Time               `json:"made_at" db:"made_at"`
	Version   int                     `json:"version" db:"version"`
}

const messageColumns = `id, kind, member_id, address, subject, body, refs, state, attempts, tried_at, answer, decided_by, made_at, version`

// MessageKind is what a message is about.
type MessageKind string

// The kinds of message.
const (
	AboutReminders  MessageKind = "reminder"  // items fall due
	AboutSignatures MessageKind = "signature" // letters wait to be signed
)

// Delivery is how an attempt ended.
type Delivery struct {
	Result DeliveryResult
	Answer string // the server's code and class, for people who look after mail
}

// DeliveryResult is what is known after an attempt.
type DeliveryResult string

// The results of an attempt.
const (
	Accepted DeliveryResult = "accepted" // the server took it
	Deferred DeliveryResult = "deferred" // the server did not take it; it may later
	Refused  DeliveryResult = "refused"  // the server never will
	Lost     DeliveryResult = "lost"     // it may have been taken or not
)

var afterDelivery = map[DeliveryResult]MessageAction{
	Accepted: acceptMessage, Deferred: deferMessage, Refused: refuseMessage, Lost: loseMessage,
}

// Outbox sends the mail that leaves the house, at most once unless the server
// said that it did not take it.
type Outbox struct {
	DB    *tenants.DB
	Clock inspection.Clock

	// Deliver hands one message to a mail server. Without it there is no
	// mail: none is written.
	Deliver func(ctx context.Context, from tenants.Tenant, m Message) Delivery
	// Wake asks for [Outbox.Send] to be called soon, if tx commits.
	Wake func(ctx context.Context, tx *tenants.Tx) error
	// Address of the workbench, for the link in the mail.
	Address string
}

const (
	// An attempt that is older than this has no worker any more: its job timed
	// out long before.
	attemptsEnd = 2 * time.Minute
	// After so many attempts that the server put off, mail has failed.
	maxAttempts = 12
)

// post writes messages, to be sent if tx commits.
func (o *Outbox) post(ctx context.Context, tx *tenants.Tx, all []Message) error {
	if o == nil || o.Deliver == nil || len(all) == 0 {
		return nil
	}
	var b pgx.Batch
	for _, m := range all {
		b.Queue(`
			insert into messages (id, kind, member_id, address, refs, made_at)
			values (@id, @kind, @member, @address, @refs, @at)`,
			pgx.StrictNamedArgs{
				"id": inspection.NewID[inspection.MessageID](), "kind": m.Kind, "member": m.Member, "address": m.Address,
				"refs": m.Refs, "at": o.Clock(),
			})
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write messages: %w", err)
	}
	return o.wake(ctx, tx)
}

func (o *Outbox) wake(ctx context.Context, tx *tenants.Tx) error {
	if o.Wake == nil {
		return nil
	}
	return o.Wake(ctx, tx)
}

// Send sends what is ready in one office. Each message is taken in one
// transaction, handed over outside any, and its end written in another: whoever
// dies between leaves it attempting, and it becomes unknown.
func (o *Outbox) Send(ctx context.Context, scope tenants.Scope) error {
	if err := o.giveUpLost(ctx, scope); err != nil {
		return err
	}
	if o.Deliver == nil {
		return nil
	}
	for ctx.Err() == nil {
		m, token, err := o.take(ctx, scope)
		if errors.Is(err, errNothingReady) {
			return nil
		}
		if err != nil {
			return err
		}
		if token == uuid.Nil {
			continue // there was nothing left to say
		}
		d := o.Deliver(ctx, scope.Office(), m)
		if err := o.end(context.WithoutCancel(ctx), scope, m, token, d); err != nil {
			return err
		}
	}
	return ctx.Err()
}

var errNothingReady = errors.New("no message is ready")

// take makes one ready message attempting, under a token that only this attempt
// knows, and writes what it says now.
func (o *Outbox) take(ctx context.Context, scope tenants.Scope) (m Message, token uuid.UUID, err error) {
	err = o.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+messageColumns+`
			from messages m
			where `+tenants.Own("m")+` and state = @ready and not_before <= now()
			order by not_before, id
			limit 1
			for update skip locked`, pgx.StrictNamedArgs{"ready": MessageReady})
		m, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Message])
		if errors.Is(err, pgx.ErrNoRows) {
			return errNothingReady
		}
		if err != nil {
			return fmt.Errorf("find message: %w", err)
		}
		said, err := o.compose(ctx, tx, &m)
		if err != nil {
			return err
		}
		do := dropMessage
		if said {
			do, token = takeMessage, uuid.New()
		}
		return o.attempted(ctx, tx, m, do, token)
	})
	return m, token, err
}

// attempted writes that an attempt begins, or that there was nothing to say.
func (o *Outbox) attempted(ctx context.Context, tx *tenants.Tx, m Message, do MessageAction, token uuid.UUID) error {
	state, err := messages.Next(m.State, do, tx.Scope().Role())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update messages m
		set state = @state, token = nullif(@token::uuid, @none), attempts = attempts + 1, tried_at = now(),
			subject = @subject, body = @body, answer = '', version = version + 1
		where `+tenants.Own("m")+` and id = @id`,
		pgx.StrictNamedArgs{
			"state": state, "token": token, "none": uuid.Nil, "subject": m.Subject, "body": m.Body, "id": m.ID,
		})
	if err != nil {
		return fmt.Errorf("take message: %w", err)
	}
	return nil
}

// end writes how an attempt ended, unless it was given up meanwhile.
func (o *Outbox) end(ctx context.Context, scope tenants.Scope, m Message, token uuid.UUID, d Delivery) error {
	do := afterDelivery[d.Result]
	if do == deferMessage && m.Attempts+1 >= maxAttempts {
		do = refuseMessage
	}
	return o.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		state, err := messages.Next(MessageAttempting, do, scope.Role())
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			update messages m
			set state = @state, token = null, answer = @answer, version = version + 1,
				not_before = now() + least(interval '1 hour', interval '30 seconds' * power(2, attempts))
			where `+tenants.Own("m")+` and id = @id and state = @attempting and token = @token`,
			pgx.StrictNamedArgs{"state": state, "answer": d.Answer, "id": m.ID, "attempting": MessageAttempting, "token": token})
		if err != nil {
			return fmt.Errorf("end attempt: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return nil // too late: a person has it
		}
		if state == MessageUnknown || state == MessageFailed {
			m.State = state
			tx.Journal(messageEntry(m, "message."+string(do), "邮件"+messages.Called[state], d.Answer))
		}
		return nil
	})
}

// giveUpLost makes the attempts unknown whose worker is gone.
func (o *Outbox) giveUpLost(ctx context.Context, scope tenants.Scope) error {
	return o.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			update messages m
			set state = @unknown, token = null, answer = @why, version = version + 1
			where `+tenants.Own("m")+` and state = @attempting and tried_at < now() - @after::interval
			returning `+messageColumns,
			pgx.StrictNamedArgs{
				"unknown": MessageUnknown, "attempting": MessageAttempting, "after": attemptsEnd,
				"why": "发送途中服务中断，不能确定邮件服务器是否已接收",
			})
		lost, err := pgx.CollectRows(rows, pgx.RowToStructByName[Message])
		if err != nil {
			return fmt.Errorf("give up attempts: %w", err)
		}
		for _, m := range lost {
			tx.Journal(messageEntry(m, "message.lose", "邮件"+messages.Called[MessageUnknown], m.Answer))
		}
		return nil
	})
}

// Late counts the messages of one office that have been ready, or on their way, for
// longer than promised, and says since when the oldest of them is.
func (o *Outbox) Late(ctx context.Context, scope tenants.Scope, promised time.Duration) (n int, since time.Time, err error) {
	err = o.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		var oldest *time.Time
		err := tx.QueryRow(ctx, `
			select count(*), min(made_at) from messages m
			where `+tenants.Own("m")+` and state in ('ready', 'attempting') and made_at < @before`,
			pgx.StrictNamedArgs{"before": o.Clock().Add(-promised)}).Scan(&n, &oldest)
		if oldest != nil {
			since = *oldest
		}
		return err
	})
	if err != nil {
		return 0, since, fmt.Errorf("look for late mail: %w", err)
	}
	return n, since, nil
}

func messageEntry(m Message, action, title, text string) tenants.Entry {
	return tenants.Entry{
		Action: action, Object: "message", ID: m.ID.UUID,
		Detail: tenants.Detail{Title: title, Text: text},
	}
}

// Messages lists the newest messages in these states, for people who look after
// mail; without states those that nobody knows the end of or that failed.
func (o *Outbox) Messages(ctx context.Context, scope tenants.Scope, states []MessageState) ([]Message, error) {
	if err := scope.Role().Allow(byOffice...); err != nil {
		return nil, err
	}
	if len(states) == 0 {
		states = []MessageState{MessageUnknown, MessageFailed}
	}
	var all []Message
	err := o.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		all, err = messagesIn(ctx, tx, states, 100)
		return err
	})
	return all, err
}

func messagesIn(ctx context.Context, tx *tenants.Tx, states []MessageState, limit int) ([]Message, error) {
	rows, _ := tx.Query(ctx, `
		select `+messageColumns+`
		from messages m
		where `+tenants.Own("m")+` and state = any(@states)
		order by made_at desc, id desc
		limit @limit`, pgx.StrictNamedArgs{"states": states, "limit": limit})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Message])
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return all, nil
}

// Decide does what a person decided about a message that is unknown or failed.
func (o *Outbox) Decide(ctx context.Context, scope tenants.Scope, id inspection.MessageID, version int, do MessageAction) (Message, error) {
	var m Message
	err := o.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if !slices.Contains([]MessageAction{ResendMessage, ConfirmMessage}, do) {
			return inspection.Errorf(inspection.Invalid, "message-action", "请选择重新发送或确认已送达。")
		}
		if m, err = lockMessage(ctx, tx, id); err != nil {
			return err
		}
		if m.Version != version {
			return inspection.StaleRow("stale", m)
		}
		if m.State, err = messages.Next(m.State, do, scope.Role()); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			update messages m
			set state = @state, decided_by = @by, not_before = now(), version = version + 1,
				attempts = case when @state = @ready then 0 else attempts end
			where `+tenants.Own("m")+` and id = @id
			returning `+messageColumns,
			pgx.StrictNamedArgs{"state": m.State, "ready": MessageReady, "by": scope.Name(), "id": id})
		if m, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Message]); err != nil {
			return fmt.Errorf("decide message: %w", err)
		}
		tx.Journal(messageEntry(m, "message."+string(do), messages.Doing[do], ""))
		if m.State == MessageReady {
			return o.wake(ctx, tx)
		}
		return nil
	})
	return m, err
}

func lockMessage(ctx context.Context, tx *tenants.Tx, id inspection.MessageID) (Message, error) {
	rows, _ := tx.Query(ctx, `
		select `+messageColumns+`
		from messages m
		where `+tenants.Own("m")+` and id = @id
		for update`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Message]))
}
