package plans

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Signing names what is signed: the digest that the signer saw.
type Signing struct {
	Digest string `json:"digest" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" doc:"As it was shown"`
}

// Sign is the signature of the unit's head. It freezes what the ledger says now,
// which must be what the head saw, and needs a fresh proof of identity.
func (s *Service) Sign(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, g Signing) (Plan, error) {
	return s.act(ctx, scope, id, version, Sign, func(tx *tenants.Tx, r *row) (string, error) {
		if err := scope.StepUp(s.Clock()); err != nil {
			return "", err
		}
		now, err := s.ledger(ctx, tx, *r)
		if err != nil {
			return "", err
		}
		if n := blocking(now.gaps(s.Clock.Today())); n > 0 {
			return "", inspection.Errorf(inspection.Conflict, "plan.incomplete", "整改方案还有 %d 处没有填好，补齐后再签字。", n)
		}
		text, digest, err := now.frozen()
		if err != nil {
			return "", err
		}
		if hex.EncodeToString(digest) != g.Digest {
			return "", inspection.Errorf(inspection.Conflict, "plan.changed", "方案内容在你阅读后有改动，请核对后再签字。")
		}
		at := s.Clock()
		r.Signed, r.Sum, r.N = text, digest, r.N+1
		r.HeadID, r.HeadName, r.HeadAt = new(scope.Member().UUID), scope.Name(), &at
		r.Letter, r.DecidedBy, r.DecidedAt = "", "", nil
		return "校验码 " + g.Digest, nil
	})
}

// Countersign is the signature of the leader in charge under the same digest. The
// review begins: who takes part and for how long is the policy's word of the round.
func (s *Service) Countersign(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, g Signing) (Plan, error) {
	return s.act(ctx, scope, id, version, Countersign, func(tx *tenants.Tx, r *row) (string, error) {
		if err := scope.StepUp(s.Clock()); err != nil {
			return "", err
		}
		if hex.EncodeToString(r.Sum) != g.Digest {
			return "", inspection.Errorf(inspection.Conflict, "plan.changed", "方案内容在你阅读后有改动，请核对后再签字。")
		}
		if r.HeadID != nil && *r.HeadID == scope.Member().UUID {
			return "", inspection.Errorf(inspection.Forbidden, "plan.own-signature", "两处签字应由不同的人办理。")
		}
		p, err := rounds.PolicyOf(ctx, tx, r.RoundID)
		if err != nil {
			return "", err
		}
		self, err := actsAs(ctx, tx, r.UnitID)
		if err != nil {
			return "", err
		}
		r.Parties = slices.DeleteFunc(slices.Clone(p.PlanParties), func(party tenants.Role) bool { return party == self })
		if i := slices.IndexFunc(r.Parties, func(party tenants.Role) bool { return !slices.Contains(byReviewer, party) }); i >= 0 {
			return "", inspection.Errorf(inspection.Conflict, "plan.wrong-party", "%s不能审核方案。请联系巡察办更改审核单位。", r.Parties[i].Party())
		}
		if len(r.Parties) == 0 {
			return "", inspection.Errorf(inspection.Conflict, "plan.no-reviewers", "还没有可以审核方案的单位。请联系巡察办设置。")
		}
		at := s.Clock()
		by, _ := s.Calendar.Add(s.Clock.Today(), p.ReviewDays)
		r.Given, r.Agreed, r.ReviewBy = []tenants.Role{}, nil, &by
		r.LeaderName, r.LeaderAt = scope.Name(), &at
		return "校验码 " + g.Digest, nil
	})
}

// actsAs returns which party the unit itself is in joint review, if any: it does
// not review its own plan.
func actsAs(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID) (self tenants.Role, err error) {
	err = tx.QueryRow(ctx, `select u.acts_as from units u where `+tenants.Own("u")+` and u.id = @id`,
		pgx.StrictNamedArgs{"id": unit}).Scan(&self)
	if err != nil {
		return "", fmt.Errorf("which party the unit is: %w", err)
	}
	return self, nil
}

// Deciding is why a plan goes back, or a note to its approval.
type Deciding struct {
	Letter string `json:"letter" maxLength:"5000"`
}

// Decline sends a plan back instead of countersigning it.
func (s *Service) Decline(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, d Deciding) (Plan, error) {
	return s.act(ctx, scope, id, version, Decline, func(tx *tenants.Tx, r *row) (string, error) { return s.sendBack(ctx, tx, r, d) })
}

// Return sends a plan back with one letter. All parties have answered and at
// least one does not agree.
func (s *Service) Return(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, d Deciding) (Plan, error) {
	return s.act(ctx, scope, id, version, Return, func(tx *tenants.Tx, r *row) (string, error) {
		if err := notOwn(ctx, tx, *r); err != nil {
			return "", err
		}
		if err := r.ready(false); err != nil {
			return "", err
		}
		return s.sendBack(ctx, tx, r, d)
	})
}

// sendBack takes both signatures off and keeps what was signed beside the plan: the
// next signature is under a new digest.
func (s *Service) sendBack(ctx context.Context, tx *tenants.Tx, r *row, d Deciding) (string, error) {
	_, err := tx.Exec(ctx, `
		insert into plan_signings (plan_id, n, unit_id, content, digest, head_id, head_name, head_at, leader_id, leader_name, leader_at)
		select id, n, unit_id, content, digest, head_id, head_name, head_at, leader_id, leader_name, leader_at from plans p
		where `+tenants.Own("p")+` and p.id = @id`, pgx.StrictNamedArgs{"id": r.ID})
	if err != nil {
		return "", fmt.Errorf("keep what was signed: %w", err)
	}
	var bad inspection.Fields
	at := s.Clock()
	r.Letter, r.DecidedBy, r.DecidedAt = bad.Text("/letter", d.Letter, true, 5000), tx.Scope().Name(), &at
	r.Signed, r.Sum, r.HeadID, r.HeadName, r.HeadAt, r.LeaderName, r.LeaderAt = nil, nil, nil, "", nil, "", nil
	r.Parties, r.Given, r.Agreed, r.ReviewBy = []tenants.Role{}, []tenants.Role{}, nil, nil
	return r.Letter, bad.Err("plan.invalid")
}

// Approve puts a plan into effect because all parties agree. The edition that was
// in effect is kept as superseded.
func (s *Service) Approve(ctx context.Context, scope tenants.Scope, id inspection.PlanID, version int, d Deciding) (Plan, error) {
	return s.act(ctx, scope, id, version, Approve, func(tx *tenants.Tx, r *row) (string, error) {
		if err := notOwn(ctx, tx, *r); err != nil {
			return "", err
		}
		if err := r.ready(true); err != nil {
			return "", err
		}
		var bad inspection.Fields
		at := s.Clock()
		r.Letter, r.DecidedBy, r.DecidedAt = bad.Text("/letter", d.Letter, false, 5000), scope.Name(), &at
		if err := bad.Err("plan.invalid"); err != nil {
			return "", err
		}
		to, err := plans.Next(Effective, Supersede, scope.Role())
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
			update plans p set state = @to, changed_at = @at, changed_name = @by, version = version + 1
			where `+tenants.Own("p")+` and p.round_id = @round and p.unit_id = @unit and p.state = @effective`,
			pgx.StrictNamedArgs{"to": to, "at": at, "by": scope.Name(), "round": r.RoundID, "unit": r.UnitID, "effective": Effective})
		if err != nil {
			return "", fmt.Errorf("supersede plan: %w", err)
		}
		return r.Letter, nil
	})
}

// ready names what is missing before the review can end with agreement or not.
func (r row) ready(agreed bool) error {
	switch {
	case r.Agreed == nil:
		return inspection.Errorf(inspection.Conflict, "plan.opinions-missing", "还有审核方没有提交意见。")
	case *r.Agreed && !agreed:
		return inspection.Errorf(inspection.Conflict, "plan.all-agree", "各方均已同意，不能退回。")
	case !*r.Agreed && agreed:
		return inspection.Errorf(inspection.Conflict, "plan.not-agreed", "有审核方未同意，应汇总意见后退回。")
	}
	return nil
}

// notOwn refuses who signed it or is of the unit.
func notOwn(ctx context.Context, tx *tenants.Tx, r row) error {
	own, err := rectification.OfUnit(ctx, tx, r.UnitID)
	if err != nil {
		return err
	}
	if own || r.HeadID != nil && *r.HeadID == tx.Scope().Member().UUID {
		return inspection.Errorf(inspection.Forbidden, "plan.own-work", "不能审核本单位的整改方案，需由其他人员办理。")
	}
	return nil
}

// Giving is a request to give an opinion on a plan.
type Giving struct {
	Digest  string                `json:"digest" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" doc:"Of the text that was reviewed"`
	Verdict rectification.Verdict `json:"verdict"`
	Note    string                `json:"note,omitempty" maxLength:"2000" doc:"Needed unless the verdict is agree"`
}

// Give records one party's opinion. Other parties see it when all are in.
func (s *Service) Give(ctx context.Context, scope tenants.Scope, id inspection.PlanID, g Giving) (Plan, error) {
	return s.act(ctx, scope, id, anyVersion, Opine, func(tx *tenants.Tx, r *row) (string, error) {
		var bad inspection.Fields
		g.Note = bad.Text("/note", g.Note, g.Verdict != rectification.Agree, 2000)
		if err := bad.Err("plan.invalid"); err != nil {
			return "", err
		}
		if !slices.Contains(r.Parties, scope.Role()) {
			return "", scope.Role().Allow(r.Parties...)
		}
		if hex.EncodeToString(r.Sum) != g.Digest {
			return "", inspection.Errorf(inspection.Conflict, "plan.changed", "方案已重新签字，请按最新的内容审核。")
		}
		if err := notOwn(ctx, tx, *r); err != nil {
			return "", err
		}
		tag, err := tx.Exec(ctx, `
			insert into plan_opinions (plan_id, n, party, verdict, note, by_id, by_name, at)
			values (@id, @n, @party, @verdict, @note, @by_id, @by_name, @at)
			on conflict do nothing`, pgx.StrictNamedArgs{
			"id": r.ID, "n": r.N, "party": scope.Role(), "verdict": g.Verdict, "note": g.Note, "by_id": scope.Member(),
			"by_name": scope.Name(), "at": s.Clock(),
		})
		if err != nil {
			return "", fmt.Errorf("add opinion: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return "", inspection.Errorf(inspection.Conflict, "plan.opinion-given", "%s的审核意见已提交。", scope.Role().Party())
		}
		r.Given = append(slices.Clone(r.Given), scope.Role())
		if err := tx.QueryRow(ctx, `select sec.reveal_plan(@id)`, pgx.StrictNamedArgs{"id": r.ID}).Scan(&r.Agreed); err != nil {
			return "", fmt.Errorf("reveal opinions: %w", err)
		}
		return scope.Role().Party(), nil
	})
}

func opinionsOf(ctx context.Context, tx *tenants.Tx, r row) ([]Opinion, error) {
	if tx.Scope().Role().OfUnit() || r.TenantID != tx.Scope().Tenant() {
		return []Opinion{}, nil // the policy says the same
	}
	rows, _ := tx.Query(ctx, `
		select o.party, o.verdict, o.note, o.by_name, o.at from plan_opinions o
		where `+tenants.Own("o")+` and o.plan_id = @id and o.n = @n
		order by o.at, o.party`, pgx.StrictNamedArgs{"id": r.ID, "n": r.N})
	os, err := pgx.CollectRows(rows, pgx.RowToStructByName[Opinion])
	if err != nil {
		return nil, fmt.Errorf("list opinions: %w", err)
	}
	return os, nil
}
