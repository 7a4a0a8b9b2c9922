package linkage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Submit hands a draft to whoever signs. Its text must not tell whose findings
// it rests on: each such word is taken out, or kept with a reason that another person
// then agrees to.
func (s *Service) Submit(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, version int, kept []Kept) (Notice, error) {
	return s.act(ctx, scope, id, version, SubmitNotice, func(tx *tenants.Tx, n *Notice) (string, error) {
		found, err := hits(ctx, tx, *n)
		if err != nil {
			return "", err
		}
		err = settled(found, func(h Hit) bool {
			return slices.ContainsFunc(kept, func(k Kept) bool { return k.Token == h.Token && !inspection.Blank(k.Reason) })
		}, "未能送审：通报中有 %d 处可能指认来源单位的名称。", "含有来源单位的名称，请删改；确需保留的，写明理由。")
		if err != nil {
			return "", err
		}
		rs, err := recipients(ctx, tx, *n)
		if err != nil {
			return "", err
		}
		if len(rs) == 0 {
			return "", inspection.InvalidFields("notice.no-recipients", "未能送审：还没有选择接收单位。",
				inspection.Field{Pointer: "/offices", Code: "required", Message: "至少选择一个接收单位。"})
		}
		return s.keep(ctx, tx, *n, found, kept)
	})
}

// SendBack returns a draft to its composer.
func (s *Service) SendBack(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, version int, reason string) (Notice, error) {
	return s.act(ctx, scope, id, version, SendBackNotice, func(*tenants.Tx, *Notice) (string, error) {
		return required("/reason", reason, 500)
	})
}

// Issue signs a notice, gives it its number and delivers it to all recipients at
// once: none gets it earlier than another, and none twice.
func (s *Service) Issue(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, version int) (Notice, error) {
	now := s.Clock()
	if err := scope.StepUp(now); err != nil {
		return Notice{}, err
	}
	return s.act(ctx, scope, id, version, IssueNotice, func(tx *tenants.Tx, n *Notice) (string, error) {
		if n.ReportDue < inspection.DayOf(now) {
			return "", inspection.Errorf(inspection.Conflict, "notice.too-late", "未能签发：报送期限 %s 已过，请退回修改。", n.ReportDue)
		}
		found, err := hits(ctx, tx, *n)
		if err != nil {
			return "", err
		}
		err = settled(found, func(h Hit) bool { return h.Agreed != "" },
			"未能签发：通报中有 %d 处可能指认来源单位的名称。请退回修改，或由起草人以外的人逐一同意保留。",
			"含有来源单位的名称，请退回修改；确需保留的，由写明理由者以外的人同意。")
		if err != nil {
			return "", err
		}
		above, err := s.beginCheck(ctx, tx, *n)
		if err != nil {
			return "", err
		}
		series := letters(scope.Office(), "通", now)
		number, err := tenants.NextNumber(ctx, tx, series)
		if err != nil {
			return "", err
		}
		n.Number, n.IssuedAt, n.IssuedBy = fmt.Sprintf("%s%d号", series, number), &now, scope.Name()
		count, err := deliver(ctx, tx, *n, above, now)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("下发 %d 个单位", count), nil
	})
}

// letters is the series of an office's letters of one kind: 澜巡办通〔2026〕.
func letters(office tenants.Tenant, kind string, at time.Time) string {
	return fmt.Sprintf("%s巡办%s〔%d〕", string([]rune(office.Name)[:1]), kind, at.In(inspection.Zone).Year())
}

// beginCheck moves the own delivery of a forwarded notice to 自查中.
func (s *Service) beginCheck(ctx context.Context, tx *tenants.Tx, n Notice) (*inspection.DeliveryID, error) {
	if n.ParentID == nil {
		return nil, nil
	}
	d, err := ownDelivery(ctx, tx, *n.ParentID)
	if err != nil {
		return nil, err
	}
	if d.State == DeliveryWithdrawn {
		return nil, inspection.Errorf(inspection.Conflict, "notice.withdrawn", "未能签发：所转发的通报已被上级撤回。")
	}
	if d.State != Received {
		return &d.ID, nil // its check goes on, or it was reported already
	}
	now := s.Clock()
	if d.State, err = deliveries.Next(d.State, Check, tx.Scope().Role(), Recipient); err != nil {
		return nil, err
	}
	d.CheckingAt, d.ChangedAt, d.ChangedBy = &now, now, actor(tx.Scope())
	_, err = saveDelivery(ctx, tx, d)
	return &d.ID, err
}

func deliver(ctx context.Context, tx *tenants.Tx, n Notice, above *inspection.DeliveryID, now time.Time) (int, error) {
	rs, err := recipients(ctx, tx, n)
	if err != nil {
		return 0, err
	}
	var b pgx.Batch
	for _, r := range rs {
		b.Queue(`
			insert into deliveries (tenant_id, id, issuer, notice_id, root, parent_id, unit_id, delivered_at, receipt_due,
				self_check_due, report_due, due_calendar, due_provisional, changed_at, changed_by)
			values (@tenant, @id, current_setting('app.tenant')::int, @notice, @root, @above, @unit, @now, @receipt_due,
				@self_check_due, @report_due, @due_calendar, @due_provisional, @now, @by)`, pgx.StrictNamedArgs{
			"tenant": r.Office, "id": inspection.NewID[inspection.DeliveryID](), "notice": n.ID, "root": n.Root,
			"above": above, "unit": r.Unit, "now": now, "receipt_due": n.ReceiptDue,
			"self_check_due": n.SelfCheckDue, "report_due": n.ReportDue,
			"due_calendar": n.DueCalendar, "due_provisional": n.DueProvisional, "by": actor(tx.Scope()),
		})
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return 0, fmt.Errorf("deliver notice: %w", err)
	}
	return len(rs), nil
}

// Addressee is one recipient that the composer chose.
type Addressee struct {
	Office tenants.ID         `json:"-" db:"office"`
	Slug   string             `json:"office" db:"slug"`
	Unit   *inspection.UnitID `json:"unit" db:"unit_id"`
	Name   string             `json:"name" db:"name"`
}

func recipients(ctx context.Context, tx *tenants.Tx, n Notice) ([]Addressee, error) {
	rows, _ := tx.Query(ctx, `
		select r.office, t.slug, r.unit_id, coalesce(u.name, t.name) as name
		from notice_recipients r join tenants t on t.id = r.office
		left join units u on u.tenant_id = r.tenant_id and u.id = r.unit_id
		where `+tenants.Own("r")+` and r.notice_id = @id and r.edition = @edition
		order by t.code, u.name collate "zh-x-icu"`, pgx.StrictNamedArgs{"id": n.ID, "edition": n.Edition})
	rs, err := pgx.CollectRows(rows, pgx.RowToStructByName[Addressee])
	if err != nil {
		return nil, fmt.Errorf("list recipients: %w", err)
	}
	return rs, nil
}

// Withdraw takes a notice back: a draft always, an issued one only while nobody
// has signed for it.
func (s *Service) Withdraw(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, version int, reason string) (Notice, error) {
	return s.act(ctx, scope, id, version, WithdrawNotice, func(tx *tenants.Tx, n *Notice) (string, error) {
		reason, err := required("/reason", reason, 500)
		if err != nil || n.IssuedAt == nil {
			return reason, err
		}
		ds, err := lockDeliveries(ctx, tx, n.ID)
		if err != nil {
			return "", err
		}
		for _, d := range ds {
			before := d
			if d.State, err = deliveries.Next(d.State, Recall, scope.Role(), Issuer); err != nil {
				return "", inspection.Errorf(inspection.Conflict, "notice.received",
					"未能撤回：%s已于%s签收。", before.Recipient, before.ReceivedAt.In(inspection.Zone).Format("2006-01-02 15:04"))
			}
			d.ChangedAt, d.ChangedBy = s.Clock(), actor(scope)
			if _, err := saveDelivery(ctx, tx, d); err != nil {
				return "", err
			}
		}
		return reason, nil
	})
}

// Close ends a notice once every recipient's report was accepted.
func (s *Service) Close(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, version int, summary string) (Notice, error) {
	return s.act(ctx, scope, id, version, CloseNotice, func(tx *tenants.Tx, n *Notice) (string, error) {
		summary, err := required("/summary", summary, 2000)
		if err != nil {
			return "", err
		}
		ds, err := lockDeliveries(ctx, tx, n.ID)
		if err != nil {
			return "", err
		}
		open := 0
		for _, d := range ds {
			if d.State != Accepted {
				open++
			}
		}
		if open > 0 {
			return "", inspection.Errorf(inspection.Conflict, "notice.open", "未能闭环：还有 %d 个单位的自查报告未采认。", open)
		}
		n.Summary = summary
		return summary, nil
	})
}

// required cleans a text that must be given.
func required(pointer, text string, limit int) (string, error) {
	t, bad := inspection.CleanText(pointer, text, true, limit)
	if len(bad) > 0 {
		return "", inspection.InvalidFields("required", "请按提示补充后再提交。", bad...)
	}
	return t, nil
}
