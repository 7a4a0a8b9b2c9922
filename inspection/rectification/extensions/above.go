package extensions

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Forward passes a signed request up to the office that decides it, with the opinion of
// the own office (转报). That office sees it from its signature on, and may decide from
// now on.
func (s *Service) Forward(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, opinion string) (Request, error) {
	return s.act(ctx, scope, id, version, Forward, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		text, bad := inspection.CleanText("/opinion", opinion, true, 1000)
		if err := bad.Err("extension.invalid"); err != nil {
			return tenants.Entry{}, err
		}
		if err := s.ready(ctx, tx, r); err != nil {
			return tenants.Entry{}, err
		}
		if !r.ahead(r.UntilOn, s.Clock.Today()) {
			return tenants.Entry{}, inspection.Errorf(inspection.Conflict, "extension.overtaken",
				"申请的日期 %s 已不晚于今天或现期限，不需要转报。请单位撤回后按新的日期申请。", r.UntilOn)
		}
		r.Opinion, r.OpinionBy, r.ForwardedAt = text, scope.Name(), new(s.Clock())
		return r.entry("forward", "转报"+r.Decider, r.wish()+"。"+inspection.Line(text), nil), nil
	})
}

// Grant decides for a request of an office below, or grants an earlier day. The case is
// told by a job in its own office.
func (s *Service) Grant(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, d Deciding) (Request, error) {
	return s.act(ctx, scope.Wide(), id, version, Grant, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		if err := s.ready(ctx, tx, r); err != nil {
			return tenants.Entry{}, err
		}
		if err := s.grant(r, d); err != nil {
			return tenants.Entry{}, err
		}
		return s.tell(ctx, tx, r, "grant", "批准"+r.Kind.Word(), d.Note)
	})
}

// Deny decides against a request of an office below, with a reason. The deadline stays.
func (s *Service) Deny(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID, version int, note string) (Request, error) {
	return s.act(ctx, scope.Wide(), id, version, Deny, func(tx *tenants.Tx, r *held) (tenants.Entry, error) {
		if err := s.ready(ctx, tx, r); err != nil {
			return tenants.Entry{}, err
		}
		r.DecidedAt = new(s.Clock())
		return s.tell(ctx, tx, r, "deny", "不予批准"+r.Kind.Word(), note)
	})
}

// tell ends a decision from above: it is carried out where the case is.
func (s *Service) tell(ctx context.Context, tx *tenants.Tx, r *held, action, title, note string) (tenants.Entry, error) {
	e, err := s.said(tx, r, action, title, note)
	if err != nil || s.Enqueue == nil {
		return e, err
	}
	var slug string
	err = tx.QueryRow(ctx, `select t.slug from tenants t where t.id = @id`, pgx.StrictNamedArgs{"id": r.Office}).Scan(&slug)
	if err != nil {
		return e, fmt.Errorf("whose case it is: %w", err)
	}
	return e, s.Enqueue(ctx, tx, slug, r.ID)
}

// CarryOut does to the case of the own office what the level above decided: the deadline
// moves, or the mark goes. It finds the decision in the row, under its lock: tried again,
// or by two at once, it does nothing more. What was overtaken meanwhile is not carried
// out, and says why.
func (s *Service) CarryOut(ctx context.Context, tx *tenants.Tx, id inspection.ExtensionID) error {
	r, err := hold(ctx, tx, id)
	if err != nil || r.State != Granted && r.State != Denied {
		return err
	}
	if _, err := r.unseal(); err != nil {
		return err
	}
	before, do, title, more := r.Request, CarryOut, "执行上级决定：不予批准"+r.Kind.Word(), rectification.MoreTime{}
	if r.State == Granted {
		title, more = "执行上级决定："+r.Kind.Word(), r.granted()
		if r.Lapse = r.overtaken(s.Clock.Today()); r.Lapse != "" {
			do, title, more = Lapse, "上级批准的"+r.Kind.Word()+"未执行", rectification.MoreTime{}
		}
	}
	more.By = r.Decider + " " + r.EndedBy
	if r.State, err = requests.Next(r.State, do, tx.Scope().Role(), own); err != nil {
		return err
	}
	// Of a case that is gone there is nothing to tell.
	if _, err := s.Cases.Answer(ctx, tx, r.Finding, more); err != nil && inspection.KindOf(err) != inspection.NotFound {
		return err
	}
	r.Version++
	tx.Journal(r.entry(string(do), title, r.wish()+"。"+r.shorter()+r.Lapse, before))
	return r.save(ctx, tx)
}

// overtaken says why what was granted cannot be carried out any more, or nothing.
func (r held) overtaken(today inspection.Day) string {
	if _, err := rectification.Cases().Next(r.CaseState, rectification.Extend, tenants.UNIT); err != nil {
		return "事项现为“" + rectification.Cases().Called[r.CaseState] + "”，不再需要延期。"
	}
	if !r.ahead(*r.GrantedOn, today) {
		return fmt.Sprintf("批准的日期 %s 已不晚于今天或现期限。", r.GrantedOn)
	}
	return ""
}

// CarryOutAll carries out what was decided above for the own office and is not carried
// out yet: whatever became of the job that should have.
func (s *Service) CarryOutAll(ctx context.Context, scope tenants.Scope) error {
	var ids []inspection.ExtensionID
	err := s.DB.Read(ctx, scope, func(tx *tenants.Tx) (err error) {
		rows, _ := tx.Query(ctx, `
			select x.id from extensions x
			where `+tenants.Own("x")+` and x.state in ('granted', 'denied')
			order by x.decided_at`)
		ids, err = pgx.CollectRows(rows, pgx.RowTo[inspection.ExtensionID])
		return err
	})
	if err != nil {
		return fmt.Errorf("what was decided above: %w", err)
	}
	var failed []error
	for _, id := range ids {
		failed = append(failed, s.DB.In(ctx, scope, func(tx *tenants.Tx) error { return s.CarryOut(ctx, tx, id) }))
	}
	return errors.Join(failed...)
}
