package rectification

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// urgedAtOnce is how many items below one step of a scan takes.
const urgedAtOnce = 500

// ScanBelow climbs, for the items of the offices below, the rungs that the office's
// policy climbs for them, until none is left.
func (s *Reminders) ScanBelow(ctx context.Context, scope tenants.Scope) error {
	for {
		more, err := s.StepBelow(ctx, scope)
		if err != nil || !more {
			return err
		}
	}
}

// StepBelow does a part of [Reminders.ScanBelow] in one transaction and reports
// whether there may be more. It locks no row of the offices below: what changes
// between the look and the signature is found at the signature.
func (s *Reminders) StepBelow(ctx context.Context, scope tenants.Scope) (more bool, err error) {
	level := map[string]tenants.Role{"city": tenants.CITY, "province": tenants.PROV}[scope.Office().Level]
	if level == "" {
		return false, nil // nobody is below a county
	}
	if scope, err = scope.Subtree(); err != nil {
		return false, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		more = false
		for _, rung := range policy.LadderBelow {
			if rung.Signer != level {
				continue
			}
			n, err := s.climbBelow(ctx, tx, rung)
			if err != nil {
				return err
			}
			more = more || n == urgedAtOnce
		}
		return nil
	})
	return more, err
}

// A dueBelow is an item below on which an office above has not climbed a rung yet.
type dueBelow struct {
	Tenant     tenants.ID           `db:"tenant_id"`
	Finding    inspection.FindingID `db:"finding_id"`
	DueVersion int                  `db:"due_version"`
	DueOn      inspection.Day       `db:"due_on"`
	Since      time.Time            `db:"since"`
	Item       string               `db:"item"`
}

// climbBelow enters what becomes of one rung for items whose day has come, and
// returns how many it found. Each of the offices below is asked by itself: so each
// is found by the index of its due dates, and the oldest items of all come first.
func (s *Reminders) climbBelow(ctx context.Context, tx *tenants.Tx, rung tenants.Rung) (int, error) {
	today := s.Clock.Today()
	rows, _ := tx.Query(ctx, `
		select r.tenant_id, r.finding_id, r.due_version, r.due_on, coalesce(r.due_set_at, r.issued_at) as since, f.number as item
		from tenants o, lateral (
			select r.* from rectifications r
			where r.tenant_id = o.id and r.state <> 'closed' and r.state = any(@states) and r.hold_reason = '' and r.issued_at is not null
			  and r.due_on <= @by::date
			  and not exists (select from urgings g
				where (g.tenant_id, g.issuer, g.finding_id, g.due_version, g.rung)
					= (r.tenant_id, current_setting('app.tenant')::int, r.finding_id, r.due_version, @rung))
			order by r.due_on
			limit @limit) r
		join findings f on (f.tenant_id, f.id) = (r.tenant_id, r.finding_id)
		where o.id between current_setting('app.lo')::int and current_setting('app.hi')::int and o.id <> current_setting('app.tenant')::int
		order by r.due_on, r.finding_id
		limit @limit`,
		pgx.StrictNamedArgs{"states": reminded, "by": reached(today, s.Calendar) - inspection.Day(rung.Offset), "rung": rung.Rung, "limit": urgedAtOnce})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[dueBelow])
	if err != nil {
		return 0, fmt.Errorf("find items below: %w", err)
	}
	var b pgx.Batch
	for _, d := range all {
		st := climb([]tenants.Rung{rung}, d.DueOn, s.Calendar)[0]
		state, note := UrgingWaiting, ""
		if st.on < inspection.DayOf(d.Since) {
			state, note = UrgingSkipped, skipBefore
		}
		id := inspection.NewID[inspection.ReminderID]()
		b.Queue(`
			insert into urgings (tenant_id, finding_id, due_version, rung, id, title, document, state, note, due_on, planned_on, made_at)
			values (@tenant, @finding, @due_version, @rung, @id, @title, @document, @state, @note, @due_on, @planned_on, @at)
			on conflict do nothing
			returning state`,
			pgx.StrictNamedArgs{
				"tenant": d.Tenant, "finding": d.Finding, "due_version": d.DueVersion, "rung": rung.Rung, "id": id, "title": rung.Title,
				"document": rung.Document, "state": state, "note": note, "due_on": d.DueOn, "planned_on": st.on, "at": s.Clock(),
			}).Query(func(rows pgx.Rows) error {
			first := rows.Next() // nobody else was first to enter it
			rows.Close()
			if first && state == UrgingWaiting {
				tx.Journal(tenants.Entry{
					Action: "urging.make", Object: "urging", ID: id.UUID,
					Detail: tenants.Detail{Title: rung.Title + "（待签发）", Number: d.Item},
				})
			}
			return rows.Err()
		})
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return 0, fmt.Errorf("urge: %w", err)
	}
	return len(all), nil
}
