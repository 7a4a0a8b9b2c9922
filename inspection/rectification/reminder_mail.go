package rectification

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// mail writes one message per person about the reminders that were just made,
// and one per signer about the letters that wait.
func (s *Reminders) mail(ctx context.Context, tx *tenants.Tx, made []Reminder) error {
	if s.Outbox == nil || s.Outbox.Deliver == nil || len(made) == 0 {
		return nil
	}
	people, err := reachable(ctx, tx, s.Clock.Today())
	if err != nil {
		return err
	}
	var all []Message
	for _, p := range people {
		for _, kind := range []MessageKind{AboutReminders, AboutSignatures} {
			var refs []inspection.ReminderID
			for _, m := range made {
				if p.concerns(m, kind) {
					refs = append(refs, m.ID)
				}
			}
			if len(refs) > 0 {
				all = append(all, Message{Kind: kind, Member: p.Member, Address: p.Email, Refs: refs})
			}
		}
	}
	return s.Outbox.post(ctx, tx, all)
}

// A person who can be reached by mail, in all roles held today.
type person struct {
	Member inspection.MemberID `db:"id"`
	Email  string              `db:"email"`
	Roles  []tenants.Role      `db:"roles"`
	Units  []string            `db:"units"` // of the roles; empty for an office's
}

// reachable lists the people of the office who have an address and a role.
func reachable(ctx context.Context, tx *tenants.Tx, today inspection.Day) ([]person, error) {
	rows, _ := tx.Query(ctx, `
		select p.id, p.email, array_agg(g.role order by g.id) as roles, array_agg(coalesce(g.unit_id::text, '') order by g.id) as units
		from members p join grants g on (g.tenant_id, g.member_id) = (p.tenant_id, p.id)
		where `+tenants.Own("p")+` and p.state = 'active' and p.email <> ''
		  and g.from_on <= @today and (g.until_on is null or g.until_on >= @today)
		group by p.id, p.email
		order by p.id`, pgx.StrictNamedArgs{"today": today})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[person])
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return all, nil
}

// concerns reports whether a message of this kind about m goes to p.
func (p person) concerns(m Reminder, kind MessageKind) bool {
	for i, role := range p.Roles {
		switch {
		case role.OfUnit() && p.Units[i] != m.Unit.String():
		case kind == AboutReminders && m.State == ReminderSent && slices.Contains(m.Recipients, role),
			kind == AboutSignatures && m.State == ReminderWaiting && role == m.Signer:
			return true
		}
	}
	return false
}

// compose writes what m says at this moment and reports whether anything is left
// to say: of items that were handed in, returned, held or given a new deadline since,
// no word is sent any more.
func (o *Outbox) compose(ctx context.Context, tx *tenants.Tx, m *Message) (bool, error) {
	wanted := ReminderSent
	if m.Kind == AboutSignatures {
		wanted = ReminderWaiting
	}
	rows, _ := tx.Query(ctx, `
		select distinct f.number, sign(r.due_on - @today::date)::int as side
		from reminders m
		join rectifications r on (r.tenant_id, r.finding_id, r.due_version) = (m.tenant_id, m.finding_id, m.due_version)
		join findings f on (f.tenant_id, f.id) = (m.tenant_id, m.finding_id)
		where `+tenants.Own("m")+` and m.id = any(@refs) and m.state = @wanted and r.state = any(@states) and r.hold_reason = ''
		  and (m.state = @waiting or r.returned_at is null or r.returned_at < m.made_at)
		order by f.number`,
		pgx.StrictNamedArgs{"today": o.Clock.Today(), "refs": m.Refs, "wanted": wanted, "waiting": ReminderWaiting, "states": reminded})
	type item struct {
		Number string
		Side   int // -1 overdue, 0 due today, 1 not yet due
	}
	items, err := pgx.CollectRows(rows, pgx.RowToStructByName[item])
	if err != nil || len(items) == 0 {
		return false, err
	}
	numbers := map[int][]string{}
	for _, i := range items {
		numbers[i.Side] = append(numbers[i.Side], i.Number)
	}
	var lines []string
	if m.Kind == AboutSignatures {
		m.Subject = "催办文书待签发"
		lines = append(lines, fmt.Sprintf("你有 %d 件整改事项的催办文书待签发，请登录办理。", len(items)))
	} else {
		m.Subject = "整改事项提醒"
		for _, side := range []int{-1, 0, 1} {
			if n := len(numbers[side]); n > 0 {
				lines = append(lines, fmt.Sprintf(dueLines[side], n))
			}
		}
	}
	lines = append(lines, "", "编号："+strings.Join(slices.Concat(numbers[-1], numbers[0], numbers[1]), "、"))
	if o.Address != "" {
		lines = append(lines, "登录地址："+o.Address)
	}
	lines = append(lines, "", tx.Scope().Office().Short)
	m.Body = strings.Join(lines, "\n") + "\n"
	return true, nil
}

var dueLines = map[int]string{
	-1: "你有 %d 件整改事项已逾期，请登录查看。",
	0:  "你有 %d 件整改事项今天到期，请登录查看。",
	1:  "你有 %d 件整改事项即将到期，请登录查看。",
}
