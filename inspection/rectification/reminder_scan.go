package rectification

import (
	"cmp"
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

// Step does a part of [Reminders.Scan] in one transaction, the items whose rungs have
// been due longest, and reports whether there may be more.
//
// The items are locked before the policy is read. So two scans that know different
// ladders cannot leave an item planned by the older one: either the newer one looks
// at it later, or the older one has seen the newer ladder.
func (s *Reminders) Step(ctx context.Context, scope tenants.Scope) (more bool, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		due, err := s.lockDue(ctx, tx)
		if err != nil {
			return err
		}
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		if more, err = replan(ctx, tx, policy.Ladder); err != nil || more || len(due) == 0 {
			return err
		}
		if err := addLadders(ctx, tx, policy.Ladder, due); err != nil {
			return err
		}
		more = len(due) == scanned
		return s.climb(ctx, tx, due)
	})
	return more, err
}

// lockDue locks and returns open items on whose ladder some rung has come, or at which
// nobody has looked, as many as a step takes. The index of days finds them: what is
// not due is not read.
func (s *Reminders) lockDue(ctx context.Context, tx *tenants.Tx) ([]ladderRow, error) {
	rows, _ := tx.Query(ctx, `
		select r.tenant_id, r.finding_id, r.unit_id, r.number as item, r.state, r.due_on, r.due_version, r.hold_reason,
			coalesce(r.due_set_at, r.issued_at) as since, r.version, null::jsonb as ladder, '{}'::text[] as made,
			'{}'::timestamptz[] as paused_from, '{}'::timestamptz[] as paused_to, nullif(r.rung_on, '-infinity') as rung_on, r.ctid::text as place
		from rectifications r
		where `+tenants.Own("r")+` and r.state <> 'closed' and r.rung_on <= @reached
		  and r.state = any(@states) and r.hold_reason = '' and r.issued_at is not null and r.due_on is not null
		order by r.rung_on, r.finding_id
		limit @limit
		for update of r skip locked`,
		pgx.StrictNamedArgs{"states": reminded, "reached": reached(s.Clock.Today(), s.Calendar), "limit": scanned})
	due, err := pgx.CollectRows(rows, pgx.RowToStructByName[ladderRow])
	if err != nil {
		return nil, fmt.Errorf("find due items: %w", err)
	}
	slices.SortFunc(due, func(a, b ladderRow) int {
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.Item, b.Item))
	})
	return due, nil
}

// replan has the items of the rounds whose ladder has changed since they were put on
// days looked at again, and reports whether there are such rounds. usual is the ladder
// of those for which none was frozen.
func replan(ctx context.Context, tx *tenants.Tx, usual []tenants.Rung) (bool, error) {
	ladder, err := json.Marshal(usual)
	if err != nil {
		return false, err
	}
	rows, _ := tx.Query(ctx, `
		update rounds d set ladder = coalesce(d.policy->'ladder', @usual)
		where `+tenants.Own("d")+` and d.ladder is distinct from coalesce(d.policy->'ladder', @usual)
		returning d.id`, pgx.StrictNamedArgs{"usual": string(ladder)})
	changed, err := pgx.CollectRows(rows, pgx.RowTo[inspection.RoundID])
	if err != nil {
		return false, fmt.Errorf("compare ladders: %w", err)
	}
	if len(changed) == 0 {
		return false, nil
	}
	_, err = tx.Exec(ctx, `
		update rectifications r set rung_on = '-infinity'
		where `+tenants.Own("r")+` and r.state <> 'closed' and r.rung_on is distinct from '-infinity'
		  and (select f.round_id from findings f where (f.tenant_id, f.id) = (r.tenant_id, r.finding_id)) = any(@changed)`,
		pgx.StrictNamedArgs{"changed": changed})
	if err != nil {
		return false, fmt.Errorf("look at ladders again: %w", err)
	}
	return true, nil
}

// addLadders adds to locked items their ladders, what of these was climbed, and when
// they stood still. What was climbed of an item that was looked at before is known
// without the ledger: all that comes before its day.
func addLadders(ctx context.Context, tx *tenants.Tx, usual []tenants.Rung, due []ladderRow) error {
	ladder, err := json.Marshal(usual)
	if err != nil {
		return err
	}
	at := make(map[inspection.FindingID]*ladderRow, len(due))
	ids := make([]inspection.FindingID, len(due))
	var afresh []inspection.FindingID
	for i := range due {
		ids[i], at[due[i].Finding], due[i].Ladder = due[i].Finding, &due[i], usual
		if due[i].RungOn == nil {
			afresh = append(afresh, due[i].Finding)
		}
	}
	args := pgx.StrictNamedArgs{"ids": ids}
	var id inspection.FindingID
	var b pgx.Batch
	// The rounds come first: as a rule all have the usual ladder, and no finding is read.
	b.Queue(`
		select f.id, d.policy->'ladder'
		from rounds d, lateral (
			select f.id from findings f where f.tenant_id = d.tenant_id and f.round_id = d.id and f.id = any(@ids)
			offset 0) f
		where `+tenants.Own("d")+` and d.policy->'ladder' <> @usual`,
		pgx.StrictNamedArgs{"ids": ids, "usual": string(ladder)}).Query(func(rows pgx.Rows) error {
		var frozen []tenants.Rung
		_, err := pgx.ForEachRow(rows, []any{&id, &frozen}, func() error {
			at[id].Ladder, frozen = frozen, nil
			return nil
		})
		return err
	})
	if len(afresh) > 0 {
		b.Queue(`
			select m.finding_id, m.due_version, m.rung from reminders m
			where `+tenants.Own("m")+` and m.finding_id = any(@afresh)`, pgx.StrictNamedArgs{"afresh": afresh}).Query(func(rows pgx.Rows) error {
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
	}
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
// mail about those that it was first to enter, and keeps for each item the day before
// which nobody need look again.
func (s *Reminders) climb(ctx context.Context, tx *tenants.Tx, due []ladderRow) error {
	var all []Reminder
	ids, places, next := make([]inspection.FindingID, len(due)), make([]string, len(due)), make([]*inspection.Day, len(due))
	for i, row := range due {
		c := row.climbing()
		for _, d := range decide(c, s.Clock.Today(), s.Calendar) {
			all = append(all, s.reminder(row, d))
			c.made = append(c.made, d.Rung.Rung)
		}
		ids[i], places[i], next[i] = row.Finding, row.Place, c.next()
	}
	// Nobody waits for this commit, and if the machine stops before it is on the disk, the scan finds the
	// same again; what goes out later is written after it, and waits for both.
	tx.Later(`set local synchronous_commit = off`)
	// A row that is locked stays in its place.
	tx.Later(`
		update rectifications r set rung_on = ($3::date[])[array_position($2::uuid[], r.finding_id)]
		where r.ctid = any($1::text[]::tid[]) and `+tenants.Own("r"), places, ids, next)
	made, err := enter(ctx, tx, all, s.Calendar.Version())
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
	if r.RungOn != nil {
		c.made = c.before(*r.RungOn)
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
