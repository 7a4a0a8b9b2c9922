package linkage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Reminded says what became of reminders (催办).
type Reminded struct {
	Sent    int       `json:"sent"`
	Skipped []Skipped `json:"skipped" nullable:"false"`
}

// Skipped is a recipient that was not reminded, and why.
type Skipped struct {
	ID     inspection.DeliveryID `json:"id"`
	Name   string                `json:"name"`
	Reason string                `json:"reason"`
}

// Remind reminds recipients of a notice, or of the notices that forward it, of
// what they owe. A recipient is reminded once a day, whoever does it.
func (s *Service) Remind(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, ids []inspection.DeliveryID) (r Reminded, err error) {
	r.Skipped = []Skipped{}
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		n, err := lockNotice(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := notices.Next(n.State, RemindNotice, scope.Role(), Issuer); err != nil {
			return happened(err, n.ChangedAt, n.ChangedBy)
		}
		m, err := s.matrix(ctx, tx, n)
		if err != nil {
			return err
		}
		rows := map[inspection.DeliveryID]Row{}
		for _, row := range m.Rows {
			rows[row.ID] = row
		}
		for _, id := range ids {
			row, ok := rows[id]
			if !ok {
				return inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
			}
			reason, err := s.remind(ctx, tx, n, row)
			if err != nil {
				return err
			}
			if reason == "" {
				r.Sent++
			} else {
				r.Skipped = append(r.Skipped, Skipped{ID: id, Name: row.Recipient, Reason: reason})
			}
		}
		return nil
	})
	return r, err
}

// remind reminds one recipient, or says why not.
func (s *Service) remind(ctx context.Context, tx *tenants.Tx, n Notice, row Row) (reason string, err error) {
	what, title := "report", "催办：报送自查报告"
	switch {
	case row.Done:
		return "已报送", nil
	case row.ReceivedAt == nil:
		what, title = "receipt", "催办：签收"
	}
	tag, err := tx.Exec(ctx, `
		insert into notice_reminders (tenant_id, delivery_id, on_day, what, sender, sent_by, sent_at)
		values (@tenant, @delivery, @day, @what, @sender, @by, @at)
		on conflict do nothing`, pgx.StrictNamedArgs{
		"tenant": row.Tenant, "delivery": row.ID, "day": s.Clock.Today(), "what": what,
		"sender": tx.Scope().Tenant(), "by": actor(tx.Scope()), "at": s.Clock(),
	})
	if err != nil {
		return "", fmt.Errorf("remind: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return "今天已催办", nil
	}
	journalBoth(tx, row.Tenant, tenants.Entry{
		Action: "delivery.remind", Object: "delivery", ID: row.ID.UUID, Unit: unitOf(row.Unit),
		Detail: tenants.Detail{Title: title, Number: n.Number},
	})
	return "", nil
}
