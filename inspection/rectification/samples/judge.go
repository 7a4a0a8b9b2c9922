package samples

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Look reads an item with a reason, which stands in the journal of the office whose
// item it is, and on the item's own timeline.
func (s *Service) Look(ctx context.Context, scope tenants.Scope, id ItemID, version int, reason string) (Item, error) {
	return s.act(ctx, scope.Wide(), id, version, Look, func(tx *tenants.Tx, i *Item) error {
		var fields inspection.Fields
		i.Purpose = fields.Text("/reason", reason, true, 200)
		if err := fields.Err("sample.invalid"); err != nil {
			return err
		}
		i.LookedAt, i.LookedBy = new(s.Clock()), scope.Name()
		tx.Journal(i.entry(i.Tenant, "read-above", "上级抽查查阅", i.Purpose, nil))
		tx.Journal(i.entry(i.IssuerID, "look", "抽查查阅", i.Purpose, nil))
		return nil
	})
}

// Confirm says that what was said to be put right is so.
func (s *Service) Confirm(ctx context.Context, scope tenants.Scope, id ItemID, version int, fact string) (Item, error) {
	return s.act(ctx, scope.Wide(), id, version, Confirm, func(tx *tenants.Tx, i *Item) error {
		return s.judge(tx, i, "confirm", "抽查确认到位", fact)
	})
}

// Refuting says what is not so, and by when it is to be put right.
type Refuting struct {
	Fact  string         `json:"fact" minLength:"1" maxLength:"2000" doc:"What is so"`
	DueOn inspection.Day `json:"due_on" doc:"The new last day of the item"`
}

// farthest is how many days ahead the new last day may lie: ten years.
const farthest = 3660

// Refute says that an item was not put right. A job in its own office reopens it.
func (s *Service) Refute(ctx context.Context, scope tenants.Scope, id ItemID, version int, r Refuting) (Item, error) {
	return s.act(ctx, scope.Wide(), id, version, Refute, func(tx *tenants.Tx, i *Item) error {
		if err := scope.StepUp(s.Clock()); err != nil {
			return err
		}
		switch today := s.Clock.Today(); {
		case r.DueOn <= today:
			return bad("/due_on", "day-order", "新的整改期限应在今天之后。")
		case r.DueOn > today+farthest:
			return bad("/due_on", "day-order", "新的整改期限过远，请核对年份。")
		}
		i.DueOn = &r.DueOn
		if err := s.judge(tx, i, "refute", "抽查认定未整改到位", r.Fact); err != nil || s.Enqueue == nil {
			return err
		}
		return s.Enqueue(ctx, tx, i.Office, i.ID)
	})
}

// judge writes down what is so, in the journals of both offices.
func (s *Service) judge(tx *tenants.Tx, i *Item, action, title, fact string) error {
	if i.LookedAt == nil {
		return inspection.Errorf(inspection.Conflict, "sample.unread", "%s 还没有查阅。请先写明理由查阅，再作出结论。", i.Number)
	}
	var fields inspection.Fields
	i.Fact = fields.Text("/fact", fact, true, 2000)
	if err := fields.Err("sample.invalid"); err != nil {
		return err
	}
	i.DecidedBy, i.DecidedAt = tx.Scope().Name(), new(s.Clock())
	for _, office := range []tenants.ID{i.IssuerID, i.Tenant} {
		tx.Journal(i.entry(office, action, title, inspection.Line(i.Fact), nil))
	}
	return nil
}

// hold locks an item of which the own office is a party and returns it as it stands
// behind the lock: what changes no more its policy hides from the lock, and not from
// the look.
func hold(ctx context.Context, tx *tenants.Tx, id ItemID) (Item, error) {
	args := pgx.StrictNamedArgs{"id": id}
	if _, err := tx.Exec(ctx, `select from sample_items i where `+tx.Scope().Rows("i")+` and i.id = @id for update`, args); err != nil {
		return Item{}, fmt.Errorf("lock item of sample: %w", err)
	}
	rows, _ := tx.Query(ctx, `select `+itemColumns+` from `+itemTables+` where `+tx.Scope().Rows("i")+` and i.id = @id`, args)
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Item]))
}

// act locks an item and lets change change it, if the caller may do this with it now
// and has read the latest version.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id ItemID, version int, do Action, change func(*tenants.Tx, *Item) error,
) (i Item, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if i, err = hold(ctx, tx, id); err != nil {
			return err
		}
		before := i
		if i.State, err = items.Next(i.State, do, scope.Role(), i.side(scope.Tenant())); err != nil {
			return err
		}
		if i.Version != version {
			before.see(scope)
			return inspection.StaleRow("sample.stale", before)
		}
		if err := change(tx, &i); err != nil {
			return err
		}
		return i.save(ctx, tx)
	})
	i.see(scope)
	return i, err
}

// save stores what may change. The database refuses a column of the other side.
func (i *Item) save(ctx context.Context, tx *tenants.Tx) error {
	i.Version++
	_, err := tx.Exec(ctx, `
		update sample_items i
		set state = @state, purpose = @purpose, looked_at = @looked_at, looked_by = @looked_by, fact = @fact, due_on = @due_on,
			decided_by = @decided_by, decided_at = @decided_at, lapse = @lapse, carried_at = @carried_at, version = @version
		where i.tenant_id = @office and i.id = @id`, pgx.StrictNamedArgs{
		"office": i.Tenant, "id": i.ID, "state": i.State, "purpose": i.Purpose, "looked_at": i.LookedAt, "looked_by": i.LookedBy,
		"fact": i.Fact, "due_on": i.DueOn, "decided_by": i.DecidedBy, "decided_at": i.DecidedAt, "lapse": i.Lapse,
		"carried_at": i.CarriedAt, "version": i.Version,
	})
	if err != nil {
		return fmt.Errorf("save item of sample: %w", err)
	}
	return nil
}

// CarryOut reopens in the own office what was refuted above. It finds the decision in
// the row, under its lock: tried again, or by two at once, it does nothing more. What
// moved since it was drawn is not reopened, and says why.
func (s *Service) CarryOut(ctx context.Context, tx *tenants.Tx, id ItemID) error {
	i, err := hold(ctx, tx, id)
	if err != nil || i.State != Refuted {
		return err
	}
	before, do := i, CarryOut
	if i.Lapse, err = s.moved(ctx, tx, i); err != nil {
		return err
	}
	title, text := "按上级抽查结论重新整改", inspection.Line(i.Fact)
	if i.Lapse != "" {
		do, title, text = Lapse, "上级抽查结论未执行", i.Lapse
	}
	if i.State, err = items.Next(i.State, do, tx.Scope().Role(), own); err != nil {
		return err
	}
	if do == CarryOut {
		_, err = s.Cases.ReopenIn(ctx, tx, i.Finding, rectification.Reopening{
			Reason: i.Issuer + i.DecidedBy + "抽查认定未整改到位：" + i.Fact, DueOn: *i.DueOn, By: i.Issuer + " " + i.DecidedBy,
		})
		if err != nil {
			return err
		}
	}
	i.CarriedAt = new(s.Clock())
	tx.Journal(i.entry(i.Tenant, string(do), title, text, before))
	return i.save(ctx, tx)
}

// moved locks the case and says why it cannot be reopened any more, or nothing.
func (s *Service) moved(ctx context.Context, tx *tenants.Tx, i Item) (string, error) {
	var state rectification.State
	var closed *inspection.Day
	err := tx.QueryRow(ctx, `
		select r.state, r.closed_on from rectifications r
		where `+tenants.Own("r")+` and r.finding_id = @id and r.withdrawn_at is null for update`,
		pgx.StrictNamedArgs{"id": i.Finding}).Scan(&state, &closed)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "问题已撤回。", nil
	case err != nil:
		return "", fmt.Errorf("look at item: %w", err)
	case state != rectification.Closed:
		return "事项现为“" + state.Word() + "”，已在重新整改。", nil
	case *closed != i.ClosedOn:
		return fmt.Sprintf("事项已于 %s 重新销号，请另行抽查。", closed), nil
	case *i.DueOn < s.Clock.Today():
		return fmt.Sprintf("结论执行时，新的整改期限 %s 已过，请另行抽查。", i.DueOn), nil
	}
	return "", nil
}

// CarryOutAll carries out what was refuted above in the own office and is not carried
// out yet: whatever became of the job that should have.
func (s *Service) CarryOutAll(ctx context.Context, scope tenants.Scope) error {
	var ids []ItemID
	err := s.DB.Read(ctx, scope, func(tx *tenants.Tx) (err error) {
		rows, _ := tx.Query(ctx, `
			select i.id from sample_items i where `+tenants.Own("i")+` and i.state = 'refuted' order by i.decided_at`)
		ids, err = pgx.CollectRows(rows, pgx.RowTo[ItemID])
		return err
	})
	if err != nil {
		return fmt.Errorf("what was refuted above: %w", err)
	}
	var failed []error
	for _, id := range ids {
		failed = append(failed, s.DB.In(ctx, scope, func(tx *tenants.Tx) error { return s.CarryOut(ctx, tx, id) }))
	}
	return errors.Join(failed...)
}
