package plans

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Sign is the signature of the unit's head. It freezes what the ledger says now,
// which must be what the head saw, and needs a fresh proof of identity.
func (s *Service) Sign(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, g papers.Signing) (Plan, error) {
	return s.act(ctx, scope, id, version, Sign, func(tx *tenants.Tx, r *row) (string, error) {
		now, err := s.ledger(ctx, tx, *r)
		if err != nil {
			return "", err
		}
		note, err := paper.Sign(scope, s.Clock(), &r.Paper, now, g)
		if err != nil {
			return "", err
		}
		if n := blocking(now.gaps(s.Clock.Today())); n > 0 {
			return "", inspection.Errorf(inspection.Conflict, "plan.incomplete", "整改方案还有 %d 处没有填好，补齐后再签字。", n)
		}
		return note, nil
	})
}

// Countersign is the signature of the leader in charge under the same digest. The
// review begins: who takes part and for how long is the policy's word of the round.
func (s *Service) Countersign(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, g papers.Signing) (Plan, error) {
	return s.act(ctx, scope, id, version, Countersign, func(tx *tenants.Tx, r *row) (string, error) {
		note, err := paper.Countersign(scope, s.Clock(), &r.Paper, g)
		if err != nil {
			return "", err
		}
		p, err := rounds.PolicyOf(ctx, tx, r.RoundID)
		if err != nil {
			return "", err
		}
		by, _ := s.Calendar.Add(s.Clock.Today(), p.ReviewDays)
		return note, paper.SendOut(ctx, tx, &r.Paper, r.UnitID, p.PlanParties, by)
	})
}

// Decline sends a plan back instead of countersigning it.
func (s *Service) Decline(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, d papers.Deciding) (Plan, error) {
	return s.act(ctx, scope, id, version, Decline, func(tx *tenants.Tx, r *row) (string, error) { return s.sendBack(ctx, tx, r, d) })
}

// Return sends a plan back with one letter. All parties have answered and at
// least one does not agree.
func (s *Service) Return(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, d papers.Deciding) (Plan, error) {
	return s.act(ctx, scope, id, version, Return, func(tx *tenants.Tx, r *row) (string, error) {
		if err := paper.Ready(ctx, tx, r.ID.UUID, r.Paper, r.UnitID, false); err != nil {
			return "", err
		}
		return s.sendBack(ctx, tx, r, d)
	})
}

// sendBack takes both signatures off and keeps what was signed beside the plan: the
// next signature is under a new digest.
func (s *Service) sendBack(ctx context.Context, tx *tenants.Tx, r *row, d papers.Deciding) (string, error) {
	_, err := tx.Exec(ctx, `
		insert into plan_signings (plan_id, n, unit_id, content, digest, head_id, head_name, head_at, leader_id, leader_name, leader_at)
		select id, n, unit_id, content, digest, head_id, head_name, head_at, leader_id, leader_name, leader_at from plans p
		where `+tenants.Own("p")+` and p.id = @id`, pgx.StrictNamedArgs{"id": r.ID})
	if err != nil {
		return "", fmt.Errorf("keep what was signed: %w", err)
	}
	r.Unsign()
	return d.Letter, r.Decide(tx.Scope(), s.Clock(), "plan.invalid", d, true)
}

// Approve puts a plan into effect because all parties agree. The edition that was
// in effect is kept as superseded.
func (s *Service) Approve(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, d papers.Deciding) (Plan, error) {
	return s.act(ctx, scope, id, version, Approve, func(tx *tenants.Tx, r *row) (string, error) {
		if err := paper.Ready(ctx, tx, r.ID.UUID, r.Paper, r.UnitID, true); err != nil {
			return "", err
		}
		if err := r.Decide(scope, s.Clock(), "plan.invalid", d, false); err != nil {
			return "", err
		}
		to, err := plans.Next(Effective, Supersede, scope.Role())
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
			update plans p set state = @to, changed_at = @at, changed_name = @by, version = version + 1
			where `+tenants.Own("p")+` and p.round_id = @round and p.unit_id = @unit and p.state = @effective`,
			pgx.StrictNamedArgs{"to": to, "at": s.Clock(), "by": scope.Name(), "round": r.RoundID, "unit": r.UnitID, "effective": Effective})
		if err != nil {
			return "", fmt.Errorf("supersede plan: %w", err)
		}
		return r.Letter, nil
	})
}

// Give records one party's opinion. Other parties see it when all are in.
func (s *Service) Give(ctx context.Context, scope tenants.Scope, id inspection.PlanID, g papers.Giving) (Plan, error) {
	return s.act(ctx, scope, id, anyVersion, Opine, func(tx *tenants.Tx, r *row) (string, error) {
		return paper.Give(ctx, tx, s.Clock(), r.ID.UUID, r.UnitID, &r.Paper, g)
	})
}

// Sealed lists the plans that were signed, and what was signed of them before.
func Sealed(ctx context.Context, tx *tenants.Tx) ([]tenants.Sealed, error) {
	return paper.Sealed(ctx, tx)
}
