package rectification

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// SignUrging signs one, which sends it to the office below. An item that was handed
// in, held or given a new deadline meanwhile is urged no more.
func (s *Reminders) SignUrging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (Urging, error) {
	if err := scope.StepUp(s.Clock()); err != nil {
		return Urging{}, err
	}
	return s.onUrging(ctx, scope.Wide(), id, SignUrging, func(tx *tenants.Tx, g *Urging) error {
		if err := stillRuns(ctx, tx, *g); err != nil {
			return err
		}
		text, err := s.composeUrging(ctx, tx, *g)
		if err != nil {
			return err
		}
		if text.Number, err = s.letterNumber(ctx, tx, g.Document); err != nil {
			return err
		}
		now := s.Clock()
		g.Number, g.SentAt, g.DecidedBy, g.Kept, g.Sum = text.Number, &now, scope.Name(), text.json(), text.Digest()
		_, err = tx.Exec(ctx, `
			update urgings g
			set state = @state, number = @number, text = @text, digest = @digest, decided_by = @by, issued_at = @at
			where g.tenant_id = @tenant and id = @id`,
			pgx.StrictNamedArgs{
				"state": g.State, "number": g.Number, "text": text, "digest": g.Sum, "by": g.DecidedBy, "at": now, "tenant": g.Tenant, "id": id,
			})
		if err != nil {
			return fmt.Errorf("sign urging: %w", err)
		}
		for _, office := range []tenants.ID{scope.Tenant(), g.Tenant} {
			tx.Journal(tenants.Entry{
				Office: office, Action: "urging.sign", Object: "finding", ID: g.Finding.UUID, After: text,
				Detail: tenants.Detail{Title: g.Title, Text: joined(g.Number, "正文摘要 "+hex.EncodeToString(g.Sum)), Number: g.Item},
			})
		}
		return nil
	})
}

// stillUrged is the condition that the item of an urging g still runs under the
// deadline that it is about.
const stillUrged = `exists (select from rectifications r
	where (r.tenant_id, r.finding_id, r.due_version) = (g.tenant_id, g.finding_id, g.due_version) and r.state = any(@states) and r.hold_reason = '')`

// stillRuns refuses to urge an item whose ladder does not run any more.
func stillRuns(ctx context.Context, tx *tenants.Tx, g Urging) error {
	var runs bool
	err := tx.QueryRow(ctx, `select `+stillUrged+` from urgings g where g.tenant_id = @tenant and g.id = @id`,
		pgx.StrictNamedArgs{"tenant": g.Tenant, "id": g.ID, "states": reminded}).Scan(&runs)
	if err != nil {
		return fmt.Errorf("look at item: %w", err)
	}
	if !runs {
		return inspection.Errorf(inspection.Conflict, "reminder.stopped", "%s 已提交、已暂停催办或已调整期限，不再发出。", g.Item)
	}
	return nil
}

// DropUrging decides against one.
func (s *Reminders) DropUrging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID, reason string) (Urging, error) {
	reason, fields := inspection.CleanText("/reason", reason, true, 200)
	if fields != nil {
		return Urging{}, inspection.InvalidFields("reason", "请填写理由。", fields...)
	}
	return s.onUrging(ctx, scope.Wide(), id, DropUrging, func(tx *tenants.Tx, g *Urging) error {
		g.Note, g.DecidedBy = reason, scope.Name()
		_, err := tx.Exec(ctx, `
			update urgings g set state = @state, note = @note, decided_by = @by
			where g.tenant_id = @tenant and id = @id`,
			pgx.StrictNamedArgs{"state": g.State, "note": reason, "by": g.DecidedBy, "tenant": g.Tenant, "id": id})
		if err != nil {
			return fmt.Errorf("drop urging: %w", err)
		}
		tx.Journal(tenants.Entry{
			Action: "urging.drop", Object: "urging", ID: id.UUID,
			Detail: tenants.Detail{Title: "不发" + g.Title, Text: reason, Number: g.Item},
		})
		return nil
	})
}

// ReceiveUrging signs for one in the office below. One whose text is not the one that
// was signed nobody signs for.
func (s *Reminders) ReceiveUrging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (Urging, error) {
	return s.onUrging(ctx, scope, id, ReceiveUrging, func(tx *tenants.Tx, g *Urging) error {
		if _, intact := SignedText(g.Kept, g.Sum); !intact {
			return Altered(g.Title)
		}
		now := s.Clock()
		g.ReceivedAt, g.ReceivedBy = &now, scope.Name()
		_, err := tx.Exec(ctx, `
			update urgings g set state = @state, received_at = @at, received_by = @by
			where `+tenants.Own("g")+` and id = @id`, pgx.StrictNamedArgs{"state": g.State, "at": now, "by": g.ReceivedBy, "id": id})
		if err != nil {
			return fmt.Errorf("receive urging: %w", err)
		}
		tx.Journal(tenants.Entry{
			Action: "urging.receive", Object: "finding", ID: g.Finding.UUID,
			Detail: tenants.Detail{Title: "签收" + g.Title, Text: g.Number, Number: g.Item},
		})
		return nil
	})
}

// onUrging does something with one that the caller may do with it now. What changes
// no more cannot be locked either, because its policy hides it from who would
// change it: so it is looked at behind the lock.
func (s *Reminders) onUrging(
	ctx context.Context, scope tenants.Scope, id inspection.ReminderID, do UrgingAction, act func(*tenants.Tx, *Urging) error,
) (Urging, error) {
	var g Urging
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if _, err := tx.Exec(ctx, `select from urgings g where `+ours+` and g.id = @id for update`, pgx.StrictNamedArgs{"id": id}); err != nil {
			return fmt.Errorf("lock urging: %w", err)
		}
		if g, err = urgingByID(ctx, tx, id); err != nil {
			return err
		}
		if g.State, err = urgings.Next(g.State, do, scope.Role(), g.side(scope)); err != nil {
			return err
		}
		if err := act(tx, &g); err != nil {
			return err
		}
		return s.textOf(ctx, tx, &g)
	})
	return g, err
}
