package rectification

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Person is somebody of a unit whom the office may name to receive a letter.
type Person struct {
	ID   inspection.MemberID `json:"id" db:"id"`
	Name string              `json:"name" db:"name"`
	Post string              `json:"post" db:"post"`
}

// active is the condition that a member p holds a grant g today.
const active = `p.state = 'active' and g.from_on <= @today and (g.until_on is null or g.until_on >= @today)`

// staffOf lists the people of a unit who are active today.
func staffOf(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID, today inspection.Day) ([]Person, error) {
	rows, _ := tx.Query(ctx, `
		select distinct p.id, p.name, p.post
		from members p join grants g on (g.tenant_id, g.member_id) = (p.tenant_id, p.id)
		where `+tenants.Own("p")+` and g.unit_id = @unit and `+active+`
		order by p.name, p.id`, pgx.StrictNamedArgs{"unit": unit, "today": today})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Person])
	if err != nil {
		return nil, fmt.Errorf("list people of a unit: %w", err)
	}
	return all, nil
}

// attachGone marks letters that a unit should sign for and nobody can: the people
// who had the right have left (UX §2.6, S20: 收件人已调离). A unit that never had an
// account has nobody who left.
func (s *Reminders) attachGone(ctx context.Context, tx *tenants.Tx, ids []inspection.ReminderID, at map[inspection.ReminderID]*Reminder) error {
	if !tx.Scope().Own() {
		return nil
	}
	rows, _ := tx.Query(ctx, `
		select m.id from reminders m
		where `+tenants.Own("m")+` and m.id = any(@ids) and m.state = @sent and m.document <> '' and m.recipients && @unit::text[]
		  and not exists (select from reminder_receipts c
			where (c.tenant_id, c.reminder_id) = (m.tenant_id, m.id) and c.signed_at is not null)
		  and exists (select from grants g where g.tenant_id = m.tenant_id and g.unit_id = m.unit_id and g.role = any(m.recipients))
		  and not exists (select from members p join grants g on (g.tenant_id, g.member_id) = (p.tenant_id, p.id)
			where p.tenant_id = m.tenant_id and g.unit_id = m.unit_id and (g.role = any(m.recipients) or p.id = m.receiver_id) and `+active+`)`,
		pgx.StrictNamedArgs{
			"ids": ids, "sent": ReminderSent, "unit": []tenants.Role{tenants.UNIT, tenants.HEAD}, "today": s.Clock.Today(),
		})
	gone, err := pgx.CollectRows(rows, pgx.RowTo[inspection.ReminderID])
	if err != nil {
		return fmt.Errorf("look for recipients: %w", err)
	}
	for _, id := range gone {
		at[id].Gone = true
	}
	return nil
}

// NameReceiver names somebody of the unit to receive a letter whose recipient has
// left.
func (s *Reminders) NameReceiver(ctx context.Context, scope tenants.Scope, id inspection.ReminderID, member inspection.MemberID) (Letter, error) {
	var l Letter
	if !scope.Role().Office() {
		return l, scope.Role().Allow(tenants.OFF, tenants.DIR)
	}
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		m, err := s.reminderByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if l, err = s.letter(ctx, tx, m); err != nil {
			return err
		}
		if !l.Reminder.Gone {
			return inspection.Errorf(inspection.Conflict, "letter.recipient-there", "收件人在岗或已经签收，不需要更换签收人。")
		}
		i := slices.IndexFunc(l.MayName, func(p Person) bool { return p.ID == member })
		if i < 0 {
			return inspection.InvalidFields("letter.recipient", "请选择该单位在岗的人员。",
				inspection.Field{Pointer: "/member", Code: "choice", Message: "请选择该单位在岗的人员。"})
		}
		_, err = tx.Exec(ctx, `update reminders m set receiver_id = @member where `+tenants.Own("m")+` and id = @id`,
			pgx.StrictNamedArgs{"member": member, "id": id})
		if err != nil {
			return fmt.Errorf("name recipient: %w", err)
		}
		tx.Journal(tenants.Entry{
			Action: "reminder.receiver", Object: "finding", ID: m.Finding.UUID, Unit: m.Unit,
			Detail: tenants.Detail{Title: "更换签收人：" + l.MayName[i].Name, Text: m.Title + m.Number, Number: m.Item},
		})
		if m, err = s.reminderByID(ctx, tx, id); err != nil {
			return err
		}
		l, err = s.letter(ctx, tx, m)
		return err
	})
	return l, err
}
