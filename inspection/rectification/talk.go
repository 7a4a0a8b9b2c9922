package rectification

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Talking is a talk as the office enters it.
type Talking struct {
	HeldOn   inspection.Day `json:"held_on" db:"held_on"`
	Talker   string         `json:"talker" db:"talker" minLength:"1" maxLength:"60" doc:"约谈人"`
	TalkedTo string         `json:"talked_to" db:"talked_to" minLength:"1" maxLength:"60" doc:"被约谈人"`
	Summary  string         `json:"summary" db:"summary" minLength:"1" maxLength:"2000" doc:"谈话情况"`
	Result   string         `json:"result" db:"result" minLength:"1" maxLength:"500" doc:"约谈结果：表态、时限"`
}

// Talk is the record of a talk that a rung of the ladder asks for (约谈记录).
type Talk struct {
	Talking
	EnteredBy string    `json:"entered_by" db:"entered_by"`
	EnteredAt time.Time `json:"entered_at" db:"entered_at"`
}

// clean returns t as the records keep it. A talk is held after its letter went out.
func (t Talking) clean(sent, today inspection.Day) (Talking, error) {
	var wrong inspection.Fields
	for _, f := range []struct {
		at    string
		text  *string
		limit int
	}{{"/talker", &t.Talker, 60}, {"/talked_to", &t.TalkedTo, 60}, {"/summary", &t.Summary, 2000}, {"/result", &t.Result, 500}} {
		text, fields := inspection.CleanText(f.at, *f.text, true, f.limit)
		*f.text = text
		wrong = append(wrong, fields...)
	}
	if t.HeldOn > today || t.HeldOn < sent {
		wrong = append(wrong, inspection.Field{Pointer: "/held_on", Code: "range", Message: "约谈日期应在文书发出之后，且不晚于今天。"})
	}
	if wrong != nil {
		return t, inspection.InvalidFields("talk", "未能登记约谈：请补正标出的内容。", wrong...)
	}
	return t, nil
}

// Talk enters the record of the talk that goes with a letter. A record stands: what
// was agreed later belongs to the next one.
func (s *Reminders) Talk(ctx context.Context, scope tenants.Scope, id inspection.ReminderID, said Talking) (Reminder, error) {
	var m Reminder
	if !scope.Role().Office() {
		return m, scope.Role().Allow(tenants.OFF, tenants.DIR)
	}
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if m, err = s.reminderByID(ctx, tx, id); err != nil {
			return err
		}
		if !m.Talk {
			return inspection.Errorf(inspection.Conflict, "talk.not-asked", "%s不要求约谈。", m.Title)
		}
		if m.State != ReminderSent {
			return inspection.Errorf(inspection.Conflict, "reminder.not-sent", "%s还没有发出，发出后再登记约谈。", m.Title)
		}
		if said, err = said.clean(inspection.DayOf(*m.SentAt), s.Clock.Today()); err != nil {
			return err
		}
		talk := Talk{said, scope.Name(), s.Clock()}
		tag, err := tx.Exec(ctx, `
			insert into talks (reminder_id, held_on, talker, talked_to, summary, result, entered_at, entered_by)
			values (@id, @held_on, @talker, @talked_to, @summary, @result, @at, @by)
			on conflict do nothing`,
			pgx.StrictNamedArgs{
				"id": id, "held_on": talk.HeldOn, "talker": talk.Talker, "talked_to": talk.TalkedTo, "summary": talk.Summary,
				"result": talk.Result, "at": talk.EnteredAt, "by": talk.EnteredBy,
			})
		if err != nil {
			return fmt.Errorf("enter talk: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return inspection.Errorf(inspection.Conflict, "talk.entered", "这次约谈已经登记，请刷新后查看。")
		}
		tx.Journal(tenants.Entry{
			Action: "reminder.talk", Object: "finding", ID: m.Finding.UUID, After: talk,
			Detail: tenants.Detail{Title: "登记约谈：" + talk.TalkedTo, Text: talk.Result, Number: m.Item},
		})
		one := []Reminder{m}
		err = s.attach(ctx, tx, one)
		m = one[0]
		return err
	})
	return m, err
}

// attachTalks adds to letters the records of their talks.
func attachTalks(ctx context.Context, tx *tenants.Tx, ids []inspection.ReminderID, at map[inspection.ReminderID]*Reminder) error {
	rows, _ := tx.Query(ctx, `
		select k.reminder_id, k.held_on, k.talker, k.talked_to, k.summary, k.result, k.entered_by, k.entered_at
		from talks k
		where `+tenants.Own("k")+` and k.reminder_id = any(@ids)`, pgx.StrictNamedArgs{"ids": ids})
	type row struct {
		ReminderID inspection.ReminderID `db:"reminder_id"`
		Talk
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return fmt.Errorf("list talks: %w", err)
	}
	for _, r := range all {
		at[r.ReminderID].Talked = &r.Talk
	}
	return nil
}

// talksHeld refuses a letter while the talk of an earlier one of its item is not on
// record: that rung is not done, and the ladder climbs no further by hand.
func talksHeld(ctx context.Context, tx *tenants.Tx, m Reminder) error {
	var title string
	err := tx.QueryRow(ctx, `
		select m.title from reminders m
		where `+tenants.Own("m")+` and m.finding_id = @finding and m.due_version = @due and m.id <> @id and m.state = @sent and m.talk
		  and not exists (select from talks k where (k.tenant_id, k.reminder_id) = (m.tenant_id, m.id))
		limit 1`,
		pgx.StrictNamedArgs{"finding": m.Finding, "due": m.DueVersion, "id": m.ID, "sent": ReminderSent}).Scan(&title)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for talks: %w", err)
	}
	return inspection.Errorf(inspection.Conflict, "talk.missing", "%s 的%s还没有约谈记录，登记约谈后再签发。", m.Item, title)
}

// toTalk lists the talks that are to be held and entered.
func (s *Reminders) toTalk(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	rows, _ := tx.Query(ctx, `
		select `+reminderColumns+`
		from `+reminderJoins+`
		join rectifications r on (r.tenant_id, r.finding_id, r.due_version) = (m.tenant_id, m.finding_id, m.due_version)
		where `+tenants.Own("m")+` and m.state = @sent and m.talk and r.state = any(@states)
		  and not exists (select from talks k where (k.tenant_id, k.reminder_id) = (m.tenant_id, m.id))
		order by m.issued_at, m.id`, pgx.StrictNamedArgs{"sent": ReminderSent, "states": reminded})
	letters, err := pgx.CollectRows(rows, pgx.RowToStructByName[Reminder])
	if err != nil {
		return nil, fmt.Errorf("list talks to hold: %w", err)
	}
	all := make([]inspection.Task, 0, len(letters))
	for _, m := range letters {
		all = append(all, inspection.Task{
			Verb: "登记", Title: "约谈：" + m.Item, Kind: "reminder", ID: m.ID.UUID, Number: m.Item, Source: m.UnitName,
			By: m.Title + m.Number, Since: *m.SentAt, DueOn: &m.PlannedOn,
		})
	}
	return all, nil
}
