package rectification

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// scanned is how many items one step of a scan takes. One mail per person and
// step: an office has a few hundred open items, so a step is a whole scan as a rule.
const scanned = 1000

// Scan climbs the ladder of every open item of one office whose rung is due.
//
// It may run late, twice, and on two machines at once. It locks the items, so
// that none is handed in, held or given a new deadline between the look and the
// reminder, and passes by those that somebody else has locked: the next scan
// finds them. The key of the ledger decides the rest.
func (s *Reminders) Scan(ctx context.Context, scope tenants.Scope) error {
	for {
		more, err := s.Step(ctx, scope)
		if err != nil || !more {
			return err
		}
	}
}

// Step does a part of [Reminders.Scan] in one transaction, the items that have been
// due longest, and reports whether there may be more.
func (s *Reminders) Step(ctx context.Context, scope tenants.Scope) (more bool, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		due, err := s.due(ctx, tx, policy.Ladder)
		if err != nil || len(due) == 0 {
			more = false
			return err
		}
		made, err := s.climb(ctx, tx, policy.Ladder, due)
		more = len(due) == scanned && made > 0
		return err
	})
	return more, err
}

// due locks and returns open items on whose ladder some rung has come and is not in
// the ledger, as many as a step takes. What is not due yet is not looked at: the
// index of due dates ends the search at the earliest rung.
func (s *Reminders) due(ctx context.Context, tx *tenants.Tx, ladder []tenants.Rung) ([]ladderRow, error) {
	usual, err := json.Marshal(ladder)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, findDue, pgx.StrictNamedArgs{
		"states": reminded, "reached": reached(s.Clock.Today(), s.Calendar), "ladder": string(usual), "limit": scanned,
	})
	due, err := pgx.CollectRows(rows, pgx.RowToStructByName[ladderRow])
	if err != nil {
		return nil, fmt.Errorf("find due items: %w", err)
	}
	return due, addLadders(ctx, tx, due)
}

// findDue finds and locks the items in their own table alone. To the planner every
// office looks like a handful of rows: it would rather read all of them again for each
// row than follow a key. So the findings and the reminders of the office are hashed,
// once each ("is true" keeps it from making a join of the first).
var findDue = `
	with rungs as materialized (
		select d.id as round_id, l.rung, @reached::date - l."offset" as by
		from rounds d, jsonb_to_recordset(coalesce(d.policy->'ladder', @ladder)) as l(rung text, "offset" int)
		where ` + tenants.Own("d") + `)
	select r.tenant_id, r.finding_id, r.unit_id, r.number as item, r.state, r.due_on, r.due_version, r.hold_reason,
		coalesce(r.due_set_at, r.issued_at) as since, r.version, null::jsonb as ladder, '{}'::text[] as made,
		'{}'::timestamptz[] as paused_from, '{}'::timestamptz[] as paused_to
	from rectifications r
	where ` + tenants.Own("r") + ` and r.state <> 'closed' and r.state = any(@states) and r.hold_reason = '' and r.issued_at is not null
	  and r.due_on <= (select max(by) from rungs)
	  and exists (
		select from rungs l
		where r.due_on <= l.by
		  and ((r.finding_id, l.round_id) in (select f.id, f.round_id from findings f where ` + tenants.Own("f") + `)) is true
		  and (r.finding_id, r.due_version, l.rung) not in (
			select m.finding_id, m.due_version, m.rung from reminders m where ` + tenants.Own("m") + `))
	order by r.due_on, r.number, r.finding_id
	limit @limit
	for update of r skip locked`

// addLadders adds to items their ladders, what of these was climbed, and when they
// stood still: one look into each table for all of them.
func addLadders(ctx context.Context, tx *tenants.Tx, due []ladderRow) error {
	if len(due) == 0 {
		return nil
	}
	at := make(map[inspection.FindingID]*ladderRow, len(due))
	ids := make([]inspection.FindingID, len(due))
	for i := range due {
		ids[i], at[due[i].Finding] = due[i].Finding, &due[i]
	}
	args := pgx.StrictNamedArgs{"ids": ids}
	var id inspection.FindingID
	var b pgx.Batch
	b.Queue(`
		select f.id, d.policy->'ladder' from findings f join rounds d on (d.tenant_id, d.id) = (f.tenant_id, f.round_id)
		where `+tenants.Own("f")+` and f.id = any(@ids) and d.policy ? 'ladder'`, args).Query(func(rows pgx.Rows) error {
		var ladder []tenants.Rung
		_, err := pgx.ForEachRow(rows, []any{&id, &ladder}, func() error {
			at[id].Ladder, ladder = ladder, nil
			return nil
		})
		return err
	})
	b.Queue(`
		select m.finding_id, m.due_version, m.rung from reminders m
		where `+tenants.Own("m")+` and m.finding_id = any(@ids)`, args).Query(func(rows pgx.Rows) error {
		var version int
		var rung string
		_, err := pgx.ForEachRow(rows, []any{&id, &version, &rung}, func() error {
			if row := at[id]; row.DueVersion == version {
				row.Made = append(row.Made, rung)
			}
			return nil
		})
		return err
	})
	b.Queue(`
		select b.finding_id, b.at, b.decided_at from submissions b
		where `+tenants.Own("b")+` and b.finding_id = any(@ids) and b.outcome = 'returned'
		union all
		select h.finding_id, h.from_at, h.until_at from reminder_holds h
		where `+tenants.Own("h")+` and h.finding_id = any(@ids) and h.until_at is not null
		order by 2, 3`, args).Query(func(rows pgx.Rows) error {
		var from, to time.Time
		_, err := pgx.ForEachRow(rows, []any{&id, &from, &to}, func() error {
			at[id].PausedFrom, at[id].PausedTo = append(at[id].PausedFrom, from), append(at[id].PausedTo, to)
			return nil
		})
		return err
	})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("read ladders: %w", err)
	}
	return nil
}

// climb enters into the ledger what becomes of the rungs that have come, writes the
// mail about those that it was first to enter, and returns how many these are.
func (s *Reminders) climb(ctx context.Context, tx *tenants.Tx, usual []tenants.Rung, due []ladderRow) (int, error) {
	var all []Reminder
	for _, row := range due {
		if row.Ladder == nil {
			row.Ladder = usual
		}
		for _, d := range decide(row.climbing(), s.Clock.Today(), s.Calendar) {
			all = append(all, s.reminder(row, d))
		}
	}
	made, err := enter(ctx, tx, all, s.Calendar.Version())
	if err != nil {
		return 0, err
	}
	for _, m := range made {
		if m.State != ReminderSkipped {
			tx.Journal(reminderEntry(m, "reminder."+string(makeReminder), ""))
		}
	}
	return len(made), s.mail(ctx, tx, made)
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
	if m.Late {
		m.Note = lateNote(d, m.MadeAt)
	}
	return m
}

// lateNote says when what is made up for (补发) was to go out and when it did.
func lateNote(d climbedRung, at time.Time) string {
	form := "原定 %s 发出，%s 补发"
	if d.state == ReminderWaiting {
		form = "原定 %s 送签，%s 补送"
	}
	return fmt.Sprintf(form, d.on, at.In(inspection.Zone).Format("2006-01-02 15:04"))
}

// enter writes reminders into the ledger, in one statement, and returns those that
// were not there.
func enter(ctx context.Context, tx *tenants.Tx, all []Reminder, calendar string) ([]Reminder, error) {
	if len(all) == 0 {
		return nil, nil
	}
	lines, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, `
		insert into reminders (finding_id, due_version, rung, id, unit_id, title, document, signer, recipients, state,
			due_on, planned_on, provisional, calendar, late, note, talk, made_at, issued_at, decided_by)
		select m.finding, m.due_version, m.rung, m.id, m.unit, m.title, m.document, m.signer, m.recipients, m.state,
			m.due_on, m.planned_on, m.provisional, @calendar, m.late, m.note, m.talk, m.made_at, m.sent_at, m.decided_by
		from jsonb_to_recordset(@lines) as m(finding uuid, due_version int, rung text, id uuid, unit uuid, title text, document text,
			signer text, recipients text[], state text, due_on date, planned_on date, provisional boolean, late boolean, note text,
			talk boolean, made_at timestamptz, sent_at timestamptz, decided_by text)
		on conflict do nothing
		returning id`, pgx.StrictNamedArgs{"lines": string(lines), "calendar": calendar})
	ids, err := pgx.CollectRows(rows, pgx.RowTo[inspection.ReminderID])
	if err != nil {
		return nil, fmt.Errorf("enter reminders: %w", err)
	}
	first := make(map[inspection.ReminderID]bool, len(ids))
	for _, id := range ids {
		first[id] = true
	}
	return slices.DeleteFunc(all, func(m Reminder) bool { return !first[m.ID] }), nil
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
