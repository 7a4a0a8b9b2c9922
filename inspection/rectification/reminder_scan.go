package rectification

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/inspection"
	"xuncha/tenants"
)

// scanned is how many items a scan takes at once. One mail per person and
// transaction: an office has a few hundred open items, so this is one as a rule.
const scanned = 1000

// Scan climbs the ladder of every open item of one office whose rung is due.
//
// It may run late, twice, and on two machines at once. It locks the items, so
// that none is handed in, held or given a new deadline between the look and the
// reminder, and passes by those that somebody else has locked: the next scan
// finds them. The key of the ledger decides the rest.
func (s *Reminders) Scan(ctx context.Context, scope tenants.Scope) error {
	var last ladderRow
	for {
		n := 0
		err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
			policy, err := tenants.PolicyOf(ctx, tx)
			if err != nil {
				return err
			}
			due, err := s.due(ctx, tx, policy.Ladder, last)
			if err != nil || len(due) == 0 {
				return err
			}
			n, last = len(due), due[len(due)-1]
			return s.climb(ctx, tx, policy.Ladder, due)
		})
		if err != nil || n < scanned {
			return err
		}
	}
}

// due locks and returns open items on whose ladder some rung, as far as plain
// days tell, has come and is not in the ledger.
func (s *Reminders) due(ctx context.Context, tx *tenants.Tx, ladder []tenants.Rung, after ladderRow) ([]ladderRow, error) {
	usual, err := json.Marshal(ladder)
	if err != nil {
		return nil, err
	}
	from := after.DueOn
	if from == 0 {
		from, _ = inspection.NewDay(1949, time.January, 1)
	}
	rows, _ := tx.Query(ctx, `
		select `+ladderColumns+`
		from `+ladderJoins+`
		where `+tenants.Own("r")+` and r.state = any(@states) and r.hold_reason = '' and r.issued_at is not null
		  and (r.due_on, r.finding_id) > (@due_on, @finding)
		  and exists (
			select from jsonb_to_recordset(coalesce(d.policy->'ladder', @ladder)) as l(rung text, "offset" int)
			where r.due_on + l."offset" <= @today
			  and not exists (select from reminders m
				where (m.tenant_id, m.finding_id, m.due_version, m.rung) = (r.tenant_id, r.finding_id, r.due_version, l.rung)))
		order by r.due_on, r.finding_id
		limit @limit
		for update of r skip locked`,
		pgx.StrictNamedArgs{
			"states": reminded, "today": s.Clock.Today(), "ladder": string(usual), "limit": scanned,
			"due_on": from, "finding": after.Finding,
		})
	due, err := pgx.CollectRows(rows, pgx.RowToStructByName[ladderRow])
	if err != nil {
		return nil, fmt.Errorf("find due items: %w", err)
	}
	return due, nil
}

// climb enters into the ledger what becomes of the rungs that have come, and
// writes the mail about those that it was first to enter.
func (s *Reminders) climb(ctx context.Context, tx *tenants.Tx, usual []tenants.Rung, due []ladderRow) error {
	var all []Reminder
	for _, row := range due {
		if row.Ladder == nil {
			row.Ladder = usual
		}
		for _, d := range decide(row.climbing(), s.Clock.Today(), s.Calendar) {
			all = append(all, s.reminder(row, d))
		}
	}
	made, err := enter(ctx, tx, all)
	if err != nil {
		return err
	}
	for _, m := range made {
		if m.State != ReminderSkipped {
			tx.Journal(reminderEntry(m, "reminder."+string(makeReminder), ""))
		}
	}
	return s.mail(ctx, tx, made)
}

func (r ladderRow) climbing() climbing {
	c := climbing{due: r.DueOn, made: r.Made, ladder: r.Ladder}
	if r.Since != nil {
		c.since = inspection.DayOf(*r.Since)
	}
	for i := range r.PausedFrom {
		c.paused = append(c.paused, span{inspection.DayOf(r.PausedFrom[i]), inspection.DayOf(r.PausedTo[i])})
	}
	return c
}

func (s *Reminders) reminder(row ladderRow, d climbedRung) Reminder {
	m := Reminder{
		ID: inspection.NewID[inspection.ReminderID](), Finding: row.Finding, Item: row.Item, Unit: row.Unit, DueVersion: row.DueVersion,
		Rung: d.Rung.Rung, Title: d.Title, Document: d.Document, Signer: d.Signer, Recipients: d.To, State: d.state,
		DueOn: row.DueOn, PlannedOn: d.on, Provisional: d.provisional, Calendar: s.Calendar.Version(), Late: d.late, Note: d.note,
		Talk: d.Talk, MadeAt: s.Clock(),
	}
	if m.State == ReminderSent {
		m.SentAt = &m.MadeAt
	}
	return m
}

// enter writes reminders into the ledger and returns those that were not there.
func enter(ctx context.Context, tx *tenants.Tx, all []Reminder) ([]Reminder, error) {
	if len(all) == 0 {
		return nil, nil
	}
	var b pgx.Batch
	var made []Reminder
	for _, m := range all {
		b.Queue(`
			insert into reminders (finding_id, due_version, rung, id, unit_id, title, document, signer, recipients, state,
				due_on, planned_on, provisional, calendar, late, note, talk, made_at, issued_at)
			values (@finding, @due_version, @rung, @id, @unit, @title, @document, @signer, @recipients, @state,
				@due_on, @planned_on, @provisional, @calendar, @late, @note, @talk, @made_at, @sent_at)
			on conflict do nothing`,
			pgx.StrictNamedArgs{
				"finding": m.Finding, "due_version": m.DueVersion, "rung": m.Rung, "id": m.ID, "unit": m.Unit, "title": m.Title,
				"document": m.Document, "signer": m.Signer, "recipients": m.Recipients, "state": m.State, "due_on": m.DueOn,
				"planned_on": m.PlannedOn, "provisional": m.Provisional, "calendar": m.Calendar, "late": m.Late, "note": m.Note,
				"talk": m.Talk, "made_at": m.MadeAt, "sent_at": m.SentAt,
			}).Exec(func(tag pgconn.CommandTag) error {
			if tag.RowsAffected() == 1 {
				made = append(made, m)
			}
			return nil
		})
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("enter reminders: %w", err)
	}
	return made, nil
}

// reminderEntry is the journal's entry about a reminder, under its item.
func reminderEntry(m Reminder, action, text string) tenants.Entry {
	title, unit := m.Title, m.Unit
	if m.State != ReminderSent || !toUnit(m) {
		unit = inspection.UnitID{} // what the office weighs, and what goes to others, is not the unit's to read
	}
	if m.State == ReminderWaiting {
		title += "（待签发）"
	}
	if m.Late {
		title += "（补发）"
	}
	if text == "" {
		text = m.Note
	}
	return tenants.Entry{
		Action: action, Object: "finding", ID: m.Finding.UUID, Unit: unit, After: m,
		Detail: tenants.Detail{Title: title, Text: text, Number: m.Item},
	}
}
