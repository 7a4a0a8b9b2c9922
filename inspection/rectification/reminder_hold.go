package rectification

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Hold stops the ladder of an item, for a reason. It is the director's to do.
func (s *Reminders) Hold(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, reason string) (Chain, error) {
	reason, fields := inspection.CleanText("/reason", reason, true, 200)
	if fields != nil {
		return Chain{}, inspection.InvalidFields("reason", "请填写暂停催办的理由。", fields...)
	}
	return s.change(ctx, scope, id, version, func(tx *tenants.Tx, row ladderRow) error {
		if row.HoldReason != "" {
			return inspection.Errorf(inspection.Conflict, "reminder.held", "此事项的催办已经暂停。")
		}
		if !isReminded(row.State) {
			return inspection.Errorf(inspection.Conflict, "reminder.stopped", "此事项现为“%s”，没有进行中的催办。", row.State.Word())
		}
		_, err := tx.Exec(ctx, `
			insert into reminder_holds (finding_id, seq, unit_id, from_at, reason, held_by)
			select @id, coalesce(max(seq), 0) + 1, @unit, @at, @reason, @by
			from reminder_holds h
			where `+tenants.Own("h")+` and finding_id = @id`,
			pgx.StrictNamedArgs{"id": id, "unit": row.Unit, "at": s.Clock(), "reason": reason, "by": scope.Name()})
		if err != nil {
			return fmt.Errorf("hold: %w", err)
		}
		tx.Journal(holdEntry(row, "reminder.hold", "暂停催办", reason))
		return setHold(ctx, tx, id, reason, s.Clock())
	})
}

// Release lets the ladder of an item go on.
func (s *Reminders) Release(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int) (Chain, error) {
	return s.change(ctx, scope, id, version, func(tx *tenants.Tx, row ladderRow) error {
		held, err := release(ctx, tx, id, s.Clock())
		if err != nil {
			return err
		}
		if !held {
			return inspection.Errorf(inspection.Conflict, "reminder.not-held", "此事项的催办没有暂停。")
		}
		tx.Journal(holdEntry(row, "reminder.release", "恢复催办", ""))
		return nil
	})
}

// release ends the hold on an item's ladder and reports whether there was one. The item
// is locked.
func release(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, at time.Time) (held bool, err error) {
	tag, err := tx.Exec(ctx, `
		update reminder_holds h
		set until_at = @at, released_by = @by
		where `+tenants.Own("h")+` and finding_id = @id and until_at is null`,
		pgx.StrictNamedArgs{"id": id, "at": at, "by": tx.Scope().Name()})
	if err != nil {
		return false, fmt.Errorf("release: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return false, nil
	}
	return true, setHold(ctx, tx, id, "", at)
}

// change locks an item of the version that the director read, changes it and
// returns its chain.
func (s *Reminders) change(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, do func(*tenants.Tx, ladderRow) error) (Chain, error) {
	if err := scope.Role().Allow(tenants.DIR, tenants.CITY, tenants.PROV); err != nil {
		return Chain{}, err
	}
	var c Chain
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		row, err := lockLadder(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.Version != version {
			if c, err = s.chain(ctx, tx, row); err != nil {
				return err
			}
			return inspection.StaleRow("stale", c)
		}
		if err := do(tx, row); err != nil {
			return err
		}
		if row, err = ladderOf(ctx, tx, id); err != nil {
			return err
		}
		if c, err = s.chain(ctx, tx, row); err != nil {
			return err
		}
		c.Sent, err = s.sentOf(ctx, tx, id)
		return err
	})
	return c, err
}

func setHold(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, reason string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		update rectifications r
		set hold_reason = @reason, changed_at = @at, changed_by = @by, version = version + 1
		where `+tenants.Own("r")+` and finding_id = @id`,
		pgx.StrictNamedArgs{"reason": reason, "at": at, "by": tx.Scope().Name(), "id": id})
	if err != nil {
		return fmt.Errorf("hold: %w", err)
	}
	return nil
}

func holdEntry(row ladderRow, action, title, text string) tenants.Entry {
	return tenants.Entry{
		Action: action, Object: "finding", ID: row.Finding.UUID, Unit: row.Unit,
		Detail: tenants.Detail{Title: title, Text: text, Number: row.Item},
	}
}

// Acknowledge writes that the caller has read a reminder and, with sign, signs
// for it (签收). The first time of each counts.
func (s *Reminders) Acknowledge(ctx context.Context, scope tenants.Scope, id inspection.ReminderID, sign bool) (Reminder, error) {
	var m Reminder
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if m, err = s.reminderByID(ctx, tx, id); err != nil {
			return err
		}
		if m.State != ReminderSent {
			return inspection.Errorf(inspection.Conflict, "reminder.not-sent", "这份催办还没有发出。")
		}
		if named := m.ReceiverID != nil && *m.ReceiverID == scope.Member(); !named {
			if err := scope.Role().Allow(m.Recipients...); err != nil {
				return err
			}
		}
		if sign && (m.Document == "" || !scope.Role().OfUnit()) {
			return inspection.Errorf(inspection.Invalid, "reminder.no-receipt", "只有发给本单位的文书需要签收。")
		}
		if sign {
			if err := whole(ctx, tx, m); err != nil {
				return err
			}
		}
		if err := s.acknowledge(ctx, tx, m, sign); err != nil {
			return err
		}
		one := []Reminder{m}
		err = s.attach(ctx, tx, one)
		m = one[0]
		return err
	})
	return m, err
}

// whole refuses a letter whose text is not the one that was signed: nobody signs for
// it. Those that were signed before texts were kept have none.
func whole(ctx context.Context, tx *tenants.Tx, m Reminder) error {
	k, err := keptLetter(ctx, tx, m.ID)
	if err != nil || k.Text == nil {
		return err
	}
	if _, intact := SignedText(k.Text, k.Digest); !intact {
		return Altered(m.Title)
	}
	return nil
}

func (s *Reminders) acknowledge(ctx context.Context, tx *tenants.Tx, m Reminder, sign bool) error {
	scope := tx.Scope()
	tag, err := tx.Exec(ctx, `
		insert into reminder_receipts as c (reminder_id, member_id, unit_id, name, role, read_at, signed_at)
		values (@id, @member, @unit, @name, @role, @at, case when @sign then @at::timestamptz end)
		on conflict (tenant_id, reminder_id, member_id) do update set signed_at = excluded.signed_at
		where c.signed_at is null and excluded.signed_at is not null`,
		pgx.StrictNamedArgs{
			"id": m.ID, "member": scope.Member(), "unit": m.Unit, "name": scope.Name(), "role": scope.Role(),
			"at": s.Clock(), "sign": sign,
		})
	if err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil // known already
	}
	action, title := "reminder.read", "已阅"
	if sign {
		action, title = "reminder.receipt", "签收"
	}
	tx.Journal(tenants.Entry{
		Action: action, Object: "finding", ID: m.Finding.UUID, Unit: m.Unit,
		Detail: tenants.Detail{Title: title + m.Title, Text: m.Number, Number: m.Item},
	})
	return nil
}
