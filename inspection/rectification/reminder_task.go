package rectification

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks lists what the caller has to do about reminders now: sign letters, sign
// for letters, look after mail of which nobody knows whether it arrived.
func (s *Reminders) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	role := tx.Scope().Role()
	switch {
	case role.OfUnit():
		return s.toReceive(ctx, tx)
	case role == tenants.ADM:
		return s.toLookAfter(ctx, tx)
	case !slices.Contains(bySigners, role):
		return nil, nil
	}
	letters, err := waiting(ctx, tx)
	if err != nil {
		return nil, err
	}
	all := toSign(slices.DeleteFunc(letters, func(m Reminder) bool { return !maySign(role, m.Signer) }))
	if !role.Office() {
		return all, nil
	}
	talks, err := s.toTalk(ctx, tx)
	if err != nil {
		return nil, err
	}
	more, err := s.toLookAfter(ctx, tx)
	return slices.Concat(all, talks, more), err
}

// single is how many letters of one kind are tasks of their own. More are signed in
// one list (S20) and are one task: a morning's letters must not bury the rest.
const single = 3

// toSign makes tasks of letters that wait for a signature, oldest first: the first
// of its kind stands for a kind of which there are many.
func toSign(letters []Reminder) []inspection.Task {
	kinds := map[string][]Reminder{}
	for _, m := range letters {
		kinds[m.Title] = append(kinds[m.Title], m)
	}
	var all []inspection.Task
	for _, m := range letters {
		same := kinds[m.Title]
		if len(same) > single && same[0].ID != m.ID {
			continue
		}
		t := inspection.Task{
			Verb: "签发", Title: m.Title + "：" + m.Item, Kind: "reminder", ID: m.ID.UUID, Number: m.Item, Source: m.UnitName,
			By: "催办阶梯", Since: m.MadeAt, DueOn: &m.PlannedOn,
		}
		if m.Signer == tenants.LG {
			t.Verb = "审批"
		}
		if len(same) > single {
			t.Title, t.Number, t.Source = fmt.Sprintf("%s：%d 件", m.Title, len(same)), "", unitsOf(same)
		}
		all = append(all, t)
	}
	return all
}

// unitsOf names the unit of letters, or says of how many units they are.
func unitsOf(letters []Reminder) string {
	units := map[inspection.UnitID]bool{}
	for _, m := range letters {
		units[m.Unit] = true
	}
	if len(units) == 1 {
		return letters[0].UnitName
	}
	return fmt.Sprintf("%d 个单位", len(units))
}

// toReceive lists the letters to the caller's unit that nobody there signed for.
func (s *Reminders) toReceive(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	rows, _ := tx.Query(ctx, `
		select `+reminderColumns+`
		from `+reminderJoins+`
		where `+tenants.Own("m")+` and m.state = @sent and m.document <> '' and (m.recipients && @roles::text[] or m.receiver_id = @member)
		  and not exists (select from reminder_receipts c
			where (c.tenant_id, c.reminder_id) = (m.tenant_id, m.id) and c.signed_at is not null)
		order by m.issued_at, m.id`,
		pgx.StrictNamedArgs{"sent": ReminderSent, "roles": []tenants.Role{tx.Scope().Role()}, "member": tx.Scope().Member()})
	letters, err := pgx.CollectRows(rows, pgx.RowToStructByName[Reminder])
	if err != nil {
		return nil, fmt.Errorf("list letters: %w", err)
	}
	var all []inspection.Task
	for _, m := range letters {
		all = append(all, inspection.Task{
			Verb: "签收", Title: m.Title + m.Number, Kind: "reminder", ID: m.ID.UUID, Number: m.Item,
			Source: tx.Scope().Office().Short, By: m.DecidedBy, Since: *m.SentAt, DueOn: &m.DueOn,
		})
	}
	return all, nil
}

// toLookAfter lists mail that nobody knows the end of, and the alarm about a year
// without working days.
func (s *Reminders) toLookAfter(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	unknown, err := messagesIn(ctx, tx, []MessageState{MessageUnknown, MessageFailed}, 20)
	if err != nil {
		return nil, err
	}
	var all []inspection.Task
	for _, m := range unknown {
		all = append(all, inspection.Task{
			Verb: "核对", Title: "邮件" + messages.Called[m.State] + "：" + m.Subject, Kind: "message", ID: m.ID.UUID,
			Source: "邮件", By: "系统", Since: m.MadeAt,
		})
	}
	year, err := s.yearMissing(ctx, tx)
	if err != nil || year == 0 {
		return all, err
	}
	return append(all, inspection.Task{
		Verb: "导入", Title: fmt.Sprintf("%d年工作日历：尚未导入，涉及该年的催办日期暂按自然日计算", year), Kind: "calendar", ID: uuid.Nil,
		Source: "工作日历", By: "系统", Since: s.Clock(),
	}), nil
}

// yearMissing returns the first year without a published calendar into which the
// ladder of an open item reaches, or 0.
func (s *Reminders) yearMissing(ctx context.Context, tx *tenants.Tx) (int, error) {
	years := s.Calendar.Years()
	if len(years) == 0 {
		return 0, nil
	}
	missing := years[len(years)-1] + 1
	first, _ := inspection.NewDay(missing, time.January, 1)
	policy, err := tenants.PolicyOf(ctx, tx)
	if err != nil || len(policy.Ladder) == 0 {
		return 0, err
	}
	reach := policy.Ladder[len(policy.Ladder)-1].Offset
	var found bool
	err = tx.QueryRow(ctx, `
		select exists (
			select from rectifications r
			where `+tenants.Own("r")+` and r.state = any(@states) and r.due_on >= @from)`,
		pgx.StrictNamedArgs{"states": reminded, "from": first - inspection.Day(reach)}).Scan(&found)
	if err != nil {
		return 0, fmt.Errorf("look for a missing year: %w", err)
	}
	if !found {
		return 0, nil
	}
	return missing, nil
}
