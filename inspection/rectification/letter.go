package rectification

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Letter is a document of the ladder as its reader has it before him (催办文书):
// filled in from the records until it is signed, and what was signed from then on.
type Letter struct {
	Reminder Reminder   `json:"reminder"`
	Text     LetterText `json:"text"`
	Frozen   bool       `json:"frozen" doc:"The text is as it was signed; false for a letter that waits, and for one signed before texts were kept"`
	Digest   string     `json:"digest" doc:"SHA-256 of the text as signed; the journal has it, too"`
	Intact   bool       `json:"intact" doc:"The text is still the one whose digest was signed"`
	MayEdit  bool       `json:"may_edit" doc:"You may word what it asks for"`
	MayName  []Person   `json:"may_name" nullable:"false" doc:"Whom the office may name to receive it, where its recipient has left"`
	Version  int        `json:"version" doc:"Of the signer's wording"`
}

// LetterText is what stands on a letter: 文号、主送、事由、依据问题号、要求、期限、
// 回复 (HANDBOOK §3, document fields of 督办函 and 提醒函).
type LetterText struct {
	Head     string          `json:"head" doc:"Whose letter it is; stands in red"`
	Number   string          `json:"number" doc:"Empty until it is signed"`
	Title    string          `json:"title"`
	To       string          `json:"to"`
	Item     string          `json:"item" doc:"Number of the finding on which it rests"`
	Body     []string        `json:"body" nullable:"false"`
	Ask      string          `json:"ask"`
	Reply    string          `json:"reply"`
	AnswerOn *inspection.Day `json:"answer_on" doc:"When the answer is due"`
	DueOn    inspection.Day  `json:"due_on"`
	Office   string          `json:"office" doc:"Who signs, below the text"`
	DatedOn  inspection.Day  `json:"dated_on"`
	Words    string          `json:"words,omitempty" doc:"What the leading group wrote on it (批示)"`
}

// json is the text as it is kept and digested: its fields have one order.
func (t LetterText) json() []byte {
	b, err := json.Marshal(t)
	if err != nil {
		panic(err) // strings and days
	}
	return b
}

// Digest is the SHA-256 of the text.
func (t LetterText) Digest() []byte {
	d := sha256.Sum256(t.json())
	return d[:]
}

// SignedText reads a text as it is kept, and reports whether it is the one that was
// signed under digest: every field of it, and nothing besides.
func SignedText(kept, digest []byte) (t LetterText, intact bool) {
	var found, want any
	if json.Unmarshal(kept, &t) != nil || json.Unmarshal(kept, &found) != nil || json.Unmarshal(t.json(), &want) != nil {
		return t, false
	}
	return t, bytes.Equal(t.Digest(), digest) && reflect.DeepEqual(found, want)
}

// Whole returns an error if l was signed and is not what was signed: nobody works on
// with such a paper.
func (l Letter) Whole() error {
	if !l.Frozen || l.Intact {
		return nil
	}
	return Altered(l.Reminder.Title)
}

// SealedLetters lists the letters that the office signed, and what was signed above to
// urge it, for [tenants.DB.VerifySealed].
func SealedLetters(ctx context.Context, tx *tenants.Tx) ([]tenants.Sealed, error) {
	rows, _ := tx.Query(ctx, `
		select 'letter ' || m.number as called, 'reminder.sign' as act, l.text, l.digest
		from letters l join reminders m on m.tenant_id = l.tenant_id and m.id = l.reminder_id
		where `+tenants.Own("l")+` and l.text is not null
		union all
		select 'urging ' || g.number, 'urging.sign', g.text, g.digest
		from urgings g
		where `+tenants.Own("g")+` and g.text is not null
		order by called`)
	return tenants.CollectSealed(rows, IsSigned)
}

// IsSigned reports whether text, a [LetterText] as it is kept, is the one that was signed
// under digest.
func IsSigned(text, digest []byte) bool {
	_, intact := SignedText(text, digest)
	return intact
}

// Altered says that a document is not what was signed.
func Altered(title string) error {
	return inspection.Errorf(inspection.Conflict, "letter.altered", "%s的正文与签发时的校验码不一致，已停止办理。请联系管理员核对审计日志。", title)
}

// kept is a letter's row.
type kept struct {
	Ask     string `db:"ask"`
	Text    []byte `db:"text"`
	Digest  []byte `db:"digest"`
	Version int    `db:"version"`
	Changed string `db:"changed_by"`
}

// Letter returns one letter: to the office any of its own, to a unit what was sent
// to it.
func (s *Reminders) Letter(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (Letter, error) {
	var l Letter
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		m, err := s.reminderByID(ctx, tx, id)
		if err != nil {
			return err
		}
		l, err = s.letter(ctx, tx, m)
		return err
	})
	return l, err
}

func (s *Reminders) letter(ctx context.Context, tx *tenants.Tx, m Reminder) (Letter, error) {
	l := Letter{MayName: []Person{}}
	if m.Document == "" {
		return l, inspection.Errorf(inspection.NotFound, "reminder.no-letter", "%s是一条消息，没有文书。", m.Title)
	}
	k, err := keptLetter(ctx, tx, m.ID)
	if err != nil {
		return l, err
	}
	one := []Reminder{m}
	if err := s.attach(ctx, tx, one); err != nil {
		return l, err
	}
	l.Reminder, l.Version = one[0], k.Version
	switch {
	case k.Text != nil:
		l.Frozen, l.Digest = true, hex.EncodeToString(k.Digest)
		l.Text, l.Intact = SignedText(k.Text, k.Digest)
	default:
		on := s.Clock.Today()
		if m.SentAt != nil {
			on = inspection.DayOf(*m.SentAt)
		}
		if l.Text, err = s.compose(ctx, tx, m, on, k.Ask); err != nil {
			return l, err
		}
		l.Text.Number = m.Number
	}
	l.MayEdit = m.State == ReminderWaiting && tx.Scope().Own() && (tx.Scope().Role().Office() || maySign(tx.Scope().Role(), m.Signer))
	if l.Reminder.Gone && tx.Scope().Role().Office() {
		l.MayName, err = staffOf(ctx, tx, m.Unit, s.Clock.Today())
	}
	return l, err
}

// keptLetter returns what is kept of a letter; an empty row if nothing is.
func keptLetter(ctx context.Context, tx *tenants.Tx, id inspection.ReminderID) (kept, error) {
	rows, _ := tx.Query(ctx, `
		select l.ask, l.text, l.digest, l.version, l.changed_by
		from letters l
		where `+tenants.Own("l")+` and l.reminder_id = @id`, pgx.StrictNamedArgs{"id": id})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[kept])
	if err != nil {
		return kept{}, fmt.Errorf("read letter: %w", err)
	}
	if len(all) == 0 {
		return kept{}, nil
	}
	return all[0], nil
}

// askLimit is how many characters the signer's wording may have: what fits on the
// page with the rest.
const askLimit = 500

// Word changes what a letter asks for, before it is signed.
func (s *Reminders) Word(ctx context.Context, scope tenants.Scope, id inspection.ReminderID, version int, ask string) (Letter, error) {
	var l Letter
	ask, fields := inspection.CleanText("/ask", ask, true, askLimit)
	if fields != nil {
		return l, inspection.InvalidFields("ask", "请填写文书的要求，500 字以内。", fields...)
	}
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		m, err := s.reminderByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := lockLadder(ctx, tx, m.Finding); err != nil {
			return err
		}
		if m, err = s.reminderByID(ctx, tx, id); err != nil {
			return err
		}
		if l, err = s.letter(ctx, tx, m); err != nil {
			return err
		}
		if m.State != ReminderWaiting {
			return inspection.Errorf(inspection.Conflict, "letter.frozen", "%s现为“%s”，文书不能再修改。", m.Title, reminders.Called[m.State])
		}
		if !l.MayEdit {
			return scope.Role().Allow(m.Signer)
		}
		if l.Version != version {
			return inspection.StaleRow("stale", l)
		}
		before := l.Text.Ask
		if err := s.keepAsk(ctx, tx, m, ask); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "reminder.word", Object: "finding", ID: m.Finding.UUID, Before: before, After: ask,
			Detail: tenants.Detail{Title: "修改" + m.Title + "的要求", Text: ask, Number: m.Item},
		})
		l, err = s.letter(ctx, tx, m)
		return err
	})
	return l, err
}

func (s *Reminders) keepAsk(ctx context.Context, tx *tenants.Tx, m Reminder, ask string) error {
	_, err := tx.Exec(ctx, `
		insert into letters as l (reminder_id, unit_id, to_unit, ask, changed_at, changed_by)
		values (@id, @unit, @to_unit, @ask, @at, @by)
		on conflict (tenant_id, reminder_id) do update
		set ask = excluded.ask, changed_at = excluded.changed_at, changed_by = excluded.changed_by, version = l.version + 1`,
		pgx.StrictNamedArgs{
			"id": m.ID, "unit": m.Unit, "to_unit": toUnit(m), "ask": ask, "at": s.Clock(), "by": tx.Scope().Name(),
		})
	if err != nil {
		return fmt.Errorf("word letter: %w", err)
	}
	return nil
}

// freeze keeps the text of a letter that is being signed.
func (s *Reminders) freeze(ctx context.Context, tx *tenants.Tx, m Reminder, text LetterText, at time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into letters as l (reminder_id, unit_id, to_unit, ask, text, digest, issued_at, changed_at, changed_by)
		values (@id, @unit, @to_unit, @ask, @text, @digest, @at, @at, @by)
		on conflict (tenant_id, reminder_id) do update
		set text = excluded.text, digest = excluded.digest, issued_at = excluded.issued_at,
			changed_at = excluded.changed_at, changed_by = excluded.changed_by, version = l.version + 1`,
		pgx.StrictNamedArgs{
			"id": m.ID, "unit": m.Unit, "to_unit": toUnit(m), "ask": text.Ask, "text": text, "digest": text.Digest(), "at": at,
			"by": tx.Scope().Name(),
		})
	if err != nil {
		return fmt.Errorf("keep letter: %w", err)
	}
	return nil
}
