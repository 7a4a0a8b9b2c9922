package extensions

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Sign signs a request as the head of the unit, which sends it to whoever decides.
func (s *Service) Sign(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, promise string) (Request, error) {
	return s.act(ctx, scope, id, version, Sign, func(_ *tenants.Tx, r *held) (tenants.Entry, error) {
		if r.List != nil {
			return tenants.Entry{}, inspection.Errorf(inspection.Conflict, "extension.in-list", "%s 在一份批量申请清单中，请打开清单一并签署。", r.Number)
		}
		text, bad := inspection.CleanText("/promise", promise, true, 500)
		if err := bad.Err("extension.invalid"); err != nil {
			return tenants.Entry{}, err
		}
		r.Promise, r.SignedBy, r.SignedAt = text, scope.Name(), new(s.Clock())
		return r.entry("sign", "签署"+r.Kind.Word()+"申请", r.wish(), nil), scope.StepUp(s.Clock())
	})
}

// Withdraw takes a request back before it is decided.
func (s *Service) Withdraw(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, note string) (Request, error) {
	return s.act(ctx, scope, id, version, Withdraw, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		return s.end(ctx, tx, r, "withdraw", "撤回"+r.Kind.Word()+"申请", note, rectification.MoreTime{})
	})
}

// Refuse decides against a request, with a reason. The deadline stays.
func (s *Service) Refuse(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, note string) (Request, error) {
	return s.act(ctx, scope, id, version, Refuse, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		if err := scope.StepUp(s.Clock()); err != nil {
			return tenants.Entry{}, err
		}
		return s.end(ctx, tx, r, "refuse", "不予批准"+r.Kind.Word(), note, rectification.MoreTime{})
	})
}

// Approve grants what was asked for, with a reason: the deadline moves, or the case
// becomes a long-term one.
func (s *Service) Approve(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, note string) (Request, error) {
	return s.act(ctx, scope, id, version, Approve, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		if err := scope.StepUp(s.Clock()); err != nil {
			return tenants.Entry{}, err
		}
		if err := r.current(s.Clock.Today()); err != nil {
			return tenants.Entry{}, err
		}
		granted := rectification.MoreTime{ReviewOn: &r.UntilOn}
		if r.Kind == Later {
			granted = rectification.MoreTime{Due: &rectification.DueChange{
				DueOn: r.UntilOn, Reason: fmt.Sprintf("经%s批准延期", r.Decider), Kind: rectification.DueExtended,
			}}
		}
		return s.end(ctx, tx, r, "approve", "批准"+r.Kind.Word(), note, granted)
	})
}

// current refuses what was overtaken since it was asked for.
func (r held) current(today inspection.Day) error {
	if r.UntilOn <= today || r.Kind == Later && r.DueOn != nil && r.UntilOn <= *r.DueOn {
		return inspection.Errorf(inspection.Conflict, "extension.overtaken",
			"申请的日期 %s 已不晚于今天或现期限，不能批准。请不予批准并写明原因，单位可以重新申请。", r.UntilOn)
	}
	return nil
}

// end ends a request and tells the case what became of it.
func (s *Service) end(
	ctx context.Context, tx *tenants.Tx, r *held, action, title, note string, granted rectification.MoreTime,
) (e tenants.Entry, err error) {
	text, bad := inspection.CleanText("/note", note, true, 1000)
	if err := bad.Err("extension.invalid"); err != nil {
		return e, err
	}
	if _, err := s.Cases.Answer(ctx, tx, r.Finding, granted); err != nil {
		return e, err
	}
	r.Note, r.EndedBy, r.EndedAt = text, tx.Scope().Name(), new(s.Clock())
	return r.entry(action, title, r.wish()+"。"+inspection.Line(text), nil), nil
}

// held is a request whose row, and whose case's row, are locked.
type held struct {
	Request
	DueOn *inspection.Day `db:"due_on"`
}

// act locks a request and lets change change it, if the caller may do this with it
// now and has read the latest version.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, do Action,
	change func(tx *tenants.Tx, r *held) (tenants.Entry, error),
) (Request, error) {
	var r held
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		rows, _ := tx.Query(ctx, `
			select `+requestColumns+`, r.due_on from `+requestTables+`
			where `+tenants.Own("x")+` and x.id = @id
			for update`, pgx.StrictNamedArgs{"id": id})
		if r, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[held])); err != nil {
			return err
		}
		before := r.Request
		r.see(scope, true)
		if r.State, err = requests.Next(r.State, do, scope.Role()); err != nil {
			return err
		}
		if (do == Approve || do == Refuse) && !decides(scope.Role(), r.Approver) {
			return scope.Role().Allow(r.Approver)
		}
		if do == Approve || do == Refuse {
			if err := notOwn(ctx, tx, r.Unit); err != nil {
				return err
			}
		}
		if r.Version != version {
			before.see(scope, true)
			return inspection.StaleRow("extension.stale", before)
		}
		e, err := change(tx, &r)
		if err != nil {
			return err
		}
		r.Version++
		e.Before, e.After = before, r.Request
		tx.Journal(e)
		return r.save(ctx, tx)
	})
	if err != nil {
		return Request{}, err
	}
	r.see(scope, true)
	return r.Request, nil
}

// notOwn refuses who is of the unit: nobody decides what they asked for or signed.
func notOwn(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID) error {
	own, err := rectification.OfUnit(ctx, tx, unit)
	if err == nil && own {
		err = inspection.Errorf(inspection.Forbidden, "extension.own-work", "不能审批本单位的申请，需由其他人员办理。")
	}
	return err
}

func (r held) save(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update extensions x
		set state = @state, promise = @promise, signed_by = @signed_by, issued_at = @signed_at, note = @note,
			ended_by = @ended_by, ended_at = @ended_at, version = @version
		where `+tenants.Own("x")+` and x.id = @id`, pgx.StrictNamedArgs{
		"id": r.ID, "state": r.State, "promise": r.Promise, "signed_by": r.SignedBy, "signed_at": r.SignedAt, "note": r.Note,
		"ended_by": r.EndedBy, "ended_at": r.EndedAt, "version": r.Version,
	})
	if err != nil {
		return fmt.Errorf("save request: %w", err)
	}
	return nil
}
