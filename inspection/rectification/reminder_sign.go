package rectification

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Waiting lists the letters that wait for a signature in the caller's office; of
// one item only the latest, because a later rung overtakes an earlier one. The one
// that waits longest comes first. Who may not sign a letter has nothing in its
// Allowed.
func (s *Reminders) Waiting(ctx context.Context, scope tenants.Scope) ([]Reminder, error) {
	var all []Reminder
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if all, err = waiting(ctx, tx); err != nil {
			return err
		}
		return s.attach(ctx, tx, all)
	})
	return all, err
}

func waiting(ctx context.Context, tx *tenants.Tx) ([]Reminder, error) {
	rows, _ := tx.Query(ctx, `
		select distinct on (m.finding_id) `+reminderColumns+`
		from `+reminderJoins+`
		join rectifications r on (r.tenant_id, r.finding_id, r.due_version) = (m.tenant_id, m.finding_id, m.due_version)
		where `+tenants.Own("m")+` and m.state = @waiting and r.state = any(@states) and r.hold_reason = ''
		  and not exists (select from reminders o
			where (o.tenant_id, o.finding_id, o.due_version) = (m.tenant_id, m.finding_id, m.due_version)
			  and o.state = @sent and o.signer <> '' and o.planned_on > m.planned_on)
		order by m.finding_id, m.planned_on desc, m.made_at desc`,
		pgx.StrictNamedArgs{"waiting": ReminderWaiting, "sent": ReminderSent, "states": reminded})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Reminder])
	if err != nil {
		return nil, fmt.Errorf("list letters: %w", err)
	}
	slices.SortFunc(all, waitedLonger)
	return all, nil
}

func waitedLonger(a, b Reminder) int {
	return cmp.Or(cmp.Compare(a.PlannedOn, b.PlannedOn), cmp.Compare(a.Item, b.Item))
}

// Signed is what became of one letter of a list that was signed.
type Signed struct {
	ID     inspection.ReminderID `json:"id"`
	Number string                `json:"number" doc:"The letter's number; empty if it was not sent"`
	Reason string                `json:"reason" doc:"Why it was not sent; empty if it was"`
}

// ToSign is a letter as its signer has read it.
type ToSign struct {
	ID      inspection.ReminderID `json:"id"`
	Wording int                   `json:"wording" minimum:"0" maximum:"2147483647" doc:"Of the letter that you read"`
}

// Sign signs letters, which sends them. A letter that was worded anew since its signer
// read it, or whose item was handed in, held or given a new deadline meanwhile, is not
// sent, and the answer says so. With words the leading group says what it decides (批示).
func (s *Reminders) Sign(ctx context.Context, scope tenants.Scope, letters []ToSign, words string) ([]Signed, error) {
	if err := scope.StepUp(s.Clock()); err != nil {
		return nil, err
	}
	words, fields := inspection.CleanText("/words", words, false, 200)
	if fields != nil {
		return nil, inspection.InvalidFields("words", "请修改批示意见，200 字以内。", fields...)
	}
	var all []Signed
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		var sent []Reminder
		all = nil
		for _, l := range letters {
			m, err := s.sign(ctx, tx, l, words)
			if k := inspection.KindOf(err); err != nil && k != inspection.Conflict {
				return err
			}
			if err != nil {
				all = append(all, Signed{ID: l.ID, Reason: detailOf(err)})
				continue
			}
			sent = append(sent, m)
			all = append(all, Signed{ID: l.ID, Number: m.Number})
		}
		return s.mail(ctx, tx, sent)
	})
	return all, err
}

func (s *Reminders) sign(ctx context.Context, tx *tenants.Tx, l ToSign, words string) (Reminder, error) {
	m, err := s.lockForSigner(ctx, tx, l.ID, SignReminder)
	if err != nil {
		return m, err
	}
	if m.Wording != l.Wording {
		return m, inspection.Errorf(inspection.Conflict, "reminder.reworded", "%s的要求已有改动，请看过新的正文再签发。", m.Title)
	}
	if words != "" && m.Signer != tenants.LG {
		return m, inspection.Errorf(inspection.Invalid, "reminder.words", "只有领导小组签批的文书可以填写批示。")
	}
	if err := talksHeld(ctx, tx, m); err != nil {
		return m, err
	}
	now := s.Clock()
	text, err := s.number(ctx, tx, &m, words)
	if err != nil {
		return m, err
	}
	m.State, m.SentAt, m.DecidedBy = ReminderSent, &now, tx.Scope().Name()
	if m.Signer == tenants.LG {
		m.Note = words
	}
	_, err = tx.Exec(ctx, `
		update reminders m
		set state = @state, number = @number, decided_by = @by, note = @note, issued_at = @at
		where `+tenants.Own("m")+` and id = @id`,
		pgx.StrictNamedArgs{"state": m.State, "number": m.Number, "by": m.DecidedBy, "note": m.Note, "at": now, "id": m.ID})
	if err != nil {
		return m, fmt.Errorf("sign letter: %w", err)
	}
	if text == nil {
		tx.Journal(reminderEntry(m, "reminder."+string(SignReminder), words))
		return m, nil
	}
	e := reminderEntry(m, "reminder."+string(SignReminder), joined(m.Number, words, "正文摘要 "+hex.EncodeToString(text.Digest())))
	e.After = text
	tx.Journal(e)
	return m, s.freeze(ctx, tx, m, *text, now)
}

// number fills in a letter, with what the leading group writes on it, and gives it its number, the last thing that can fail: a
// number that was taken is used.
func (s *Reminders) number(ctx context.Context, tx *tenants.Tx, m *Reminder, words string) (*LetterText, error) {
	if m.Document == "" {
		return nil, nil
	}
	k, err := keptLetter(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	text, err := s.compose(ctx, tx, *m, s.Clock.Today(), k.Ask)
	if err != nil {
		return nil, err
	}
	m.Number, err = s.letterNumber(ctx, tx, m.Document)
	text.Number, text.Words = m.Number, words
	return &text, err
}

// joined is what there is of these, one behind the other.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "；")
}

// Drop decides against a letter. The ladder goes on with its next rung.
func (s *Reminders) Drop(ctx context.Context, scope tenants.Scope, id inspection.ReminderID, reason string) (Reminder, error) {
	var m Reminder
	reason, fields := inspection.CleanText("/reason", reason, true, 200)
	if fields != nil {
		return m, inspection.InvalidFields("reason", "请填写理由。", fields...)
	}
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if m, err = s.lockForSigner(ctx, tx, id, DropReminder); err != nil {
			return err
		}
		m.State, m.Note, m.DecidedBy = ReminderDropped, reason, scope.Name()
		_, err = tx.Exec(ctx, `
			update reminders m
			set state = @state, note = @note, decided_by = @by
			where `+tenants.Own("m")+` and id = @id`,
			pgx.StrictNamedArgs{"state": m.State, "note": m.Note, "by": m.DecidedBy, "id": id})
		if err != nil {
			return fmt.Errorf("drop letter: %w", err)
		}
		tx.Journal(reminderEntry(m, "reminder."+string(DropReminder), reason))
		m.Receipts, m.Allowed = []Receipt{}, []ReminderAction{}
		return nil
	})
	return m, err
}

// lockForSigner locks a letter and its item and returns it if the caller may do
// this with it now.
func (s *Reminders) lockForSigner(ctx context.Context, tx *tenants.Tx, id inspection.ReminderID, do ReminderAction) (Reminder, error) {
	m, err := s.reminderByID(ctx, tx, id)
	if err != nil {
		return m, err
	}
	row, err := lockLadder(ctx, tx, m.Finding)
	if err != nil {
		return m, err
	}
	if m, err = s.reminderByID(ctx, tx, id); err != nil { // as it is now that nobody else can change it
		return m, err
	}
	if _, err := reminders.Next(m.State, do, tx.Scope().Role()); err != nil {
		return m, err
	}
	if !maySign(tx.Scope().Role(), m.Signer) {
		return m, tx.Scope().Role().Allow(m.Signer)
	}
	if do == SignReminder && (row.DueVersion != m.DueVersion || row.HoldReason != "" || !isReminded(row.State)) {
		return m, inspection.Errorf(inspection.Conflict, "reminder.stopped", "%s 已提交、已暂停催办或已调整期限，不再发出。", m.Item)
	}
	return m, nil
}

// reminderByID returns one reminder of the own office.
func (s *Reminders) reminderByID(ctx context.Context, tx *tenants.Tx, id inspection.ReminderID) (Reminder, error) {
	rows, _ := tx.Query(ctx, `
		select `+reminderColumns+`
		from `+reminderJoins+`
		where `+tenants.Own("m")+` and m.id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Reminder]))
}

// lockLadder locks one item of the own office.
func lockLadder(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (ladderRow, error) {
	rows, _ := tx.Query(ctx, `
		select `+ladderColumns+`
		from `+ladderJoins+`
		where `+tenants.Own("r")+` and r.finding_id = @id
		for update of r`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ladderRow]))
}

// letterNumber takes the next number of the office's letters of this kind and
// year, such as 松巡办督〔2026〕12号.
func (s *Reminders) letterNumber(ctx context.Context, tx *tenants.Tx, document string) (string, error) {
	return LetterNumber(ctx, tx, document, s.Clock.Today())
}

// LetterNumber takes the next number of the office's letters of one series, on a
// day.
func LetterNumber(ctx context.Context, tx *tenants.Tx, document string, on inspection.Day) (string, error) {
	year, _, _ := on.Date()
	name := []rune(tx.Scope().Office().Name)
	series := fmt.Sprintf("%s巡办%s〔%d〕", string(name[:1]), document, year)
	n, err := tenants.NextNumber(ctx, tx, series)
	return fmt.Sprintf("%s%d号", series, n), err
}

func detailOf(err error) string {
	if e, ok := errors.AsType[*inspection.Error](err); ok {
		return e.Detail
	}
	return ""
}
