package rectification

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// copiesShown is how many copies a person sees, the newest first.
const copiesShown = 500

// Copy is a letter of the ladder that somebody of the office gets for information
// (抄送): the ladder names the role as a recipient, and another one signed. It is
// nothing to do and never counts in the to-do list.
type Copy struct {
	ID       inspection.ReminderID `json:"id" db:"id"`
	Finding  inspection.FindingID  `json:"finding" db:"finding_id"`
	Item     string                `json:"item" db:"item" maxLength:"40" doc:"Number of the item"`
	UnitName string                `json:"unit_name" db:"unit_name" maxLength:"100"`
	Title    string                `json:"title" db:"title" maxLength:"60" doc:"督办通知书"`
	Number   string                `json:"number" db:"number" maxLength:"60"`
	SentBy   string                `json:"sent_by" db:"decided_by" maxLength:"100"`
	SentAt   time.Time             `json:"sent_at" db:"issued_at"`
	ReadAt   *time.Time            `json:"read_at" nullable:"true" db:"read_at" doc:"When you marked it as read; null before"`
}

// Copies lists the letters that the caller got for information.
func (s *Reminders) Copies(ctx context.Context, scope tenants.Scope) (all []Copy, err error) {
	if err := scope.Role().Allow(bySigners...); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select m.id, m.finding_id, f.number as item, u.name as unit_name, m.title, m.number, m.decided_by, m.issued_at, c.read_at
			from `+reminderJoins+`
			left join reminder_receipts c on c.tenant_id = m.tenant_id and c.reminder_id = m.id and c.member_id = @me
			where `+tenants.Own("m")+` and m.state = @sent and m.document <> '' and @role = any(m.recipients) and m.signer <> @role
			order by m.issued_at desc, m.id
			limit @limit`,
			pgx.StrictNamedArgs{"me": scope.Member(), "sent": ReminderSent, "role": scope.Role(), "limit": copiesShown})
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[Copy]); err != nil {
			return fmt.Errorf("list copies: %w", err)
		}
		return nil
	})
	return all, err
}

// ReadCopies marks copies as read (已阅). The first time of each counts.
func (s *Reminders) ReadCopies(ctx context.Context, scope tenants.Scope, ids []inspection.ReminderID) error {
	return s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		for _, id := range ids {
			m, err := s.reminderByID(ctx, tx, id)
			if err != nil {
				return err
			}
			if m.State != ReminderSent || m.Document == "" || scope.Role().OfUnit() || m.Signer == scope.Role() {
				return inspection.Errorf(inspection.Conflict, "reminder.no-copy", "%s %s不是抄送件。", m.Title, m.Item)
			}
			if err := scope.Role().Allow(m.Recipients...); err != nil {
				return err
			}
			if err := s.acknowledge(ctx, tx, m, false); err != nil {
				return err
			}
		}
		return nil
	})
}
