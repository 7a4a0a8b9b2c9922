package longterm

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Proposing is what the office proposes.
type Proposing struct {
	Outcome  Outcome                 `json:"outcome"`
	UntilOn  *inspection.Day         `json:"until_on,omitempty" doc:"When it comes back next, or the new last day of one that goes back to work; absent if it is done"`
	Reason   string                  `json:"reason" minLength:"1" maxLength:"2000"`
	Evidence []inspection.EvidenceID `json:"evidence" maxItems:"50" nullable:"false" doc:"Files of the item that support it; none are needed to go back to work"`
}

func (p Proposing) clean(latest, today inspection.Day) (Proposing, inspection.Fields) {
	var bad inspection.Fields
	add := func(pointer, code, message string) {
		bad = append(bad, inspection.Field{Pointer: pointer, Code: code, Message: message})
	}
	p.Reason = bad.Text("/reason", p.Reason, true, 2000)
	switch {
	case p.Outcome == Done && p.UntilOn != nil:
		add("/until_on", "not-when-done", "销号的事项不再填写日期。")
	case p.Outcome == Done:
	case p.UntilOn == nil:
		add("/until_on", "required", "请填写"+map[Outcome]string{Continue: "下次复核日期。", Resume: "新的整改期限。"}[p.Outcome])
	case p.Outcome == Continue && (*p.UntilOn <= today || *p.UntilOn > latest):
		add("/until_on", "review-range", fmt.Sprintf("下次复核日期应在今天之后，不晚于 %s。", latest))
	}
	if p.Outcome != Resume && len(p.Evidence) == 0 {
		add("/evidence", "required", "请选择支持复核意见的佐证；还没有的，先由单位在佐证页上传。")
	}
	return p, bad
}

// Propose records what the office proposes. It takes effect once all parties agree; who
// proposes agrees for the own party, unless that is the only one: a review takes two.
func (s *Service) Propose(ctx context.Context, scope tenants.Scope, id inspection.FindingID, p Proposing) (r Review, err error) {
	if _, err := reviews.Next(tenants.Start, Propose, scope.Role()); err != nil {
		return r, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		c, err := s.Cases.LongTermCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := rectification.NotOwn(ctx, tx, c.UnitID, errOwnWork); err != nil {
			return err
		}
		policy, err := rectification.PolicyOf(ctx, tx, id)
		if err != nil {
			return err
		}
		parties, _, err := rectification.Reviewers(ctx, tx, id)
		if err != nil {
			return err
		}
		p, bad := p.clean(s.Cases.LatestReview(policy), s.Clock.Today())
		unknown, err := rectification.UnknownFiles(ctx, tx, id, "/evidence", p.Evidence)
		if err != nil {
			return err
		}
		if err := append(bad, unknown...).Err("long-review.invalid"); err != nil {
			return err
		}
		if err := s.none(ctx, tx, c); err != nil {
			return err
		}
		r = Review{
			ID: inspection.NewID[ID](), Finding: id, Number: c.Number, Unit: c.UnitID, State: Proposed, Outcome: p.Outcome, FromOn: c.ReviewOn,
			UntilOn: p.UntilOn, Reason: p.Reason, Evidence: p.Evidence, Parties: parties, Given: []tenants.Role{},
			ByID: scope.Member(), ByName: scope.Name(), At: s.Clock(), Version: 1,
		}
		if r.Evidence == nil {
			r.Evidence = []inspection.EvidenceID{}
		}
		if err := r.insert(ctx, tx, c); err != nil {
			return err
		}
		tx.Journal(r.entry("propose", "长期整改复核："+r.Outcome.Word(), r.wish()+"。"+inspection.Line(r.Reason), nil))
		if r.mine(scope.Role()) && !r.alone(scope) {
			if err := s.opine(ctx, tx, &r, true, ""); err != nil {
				return err
			}
		}
		if err := s.settle(ctx, tx, &r); err != nil {
			return err
		}
		return r.save(ctx, tx)
	})
	r.see(scope, true)
	return r, err
}

// none refuses a second review while one is open, and says whose it is. One that the
// item has left behind is taken back. The case is locked.
func (s *Service) none(ctx context.Context, tx *tenants.Tx, c rectification.Case) error {
	rows, _ := tx.Query(ctx, `
		select `+columns+` from `+tables+`
		where `+tenants.Own("v")+` and v.finding_id = @id and v.state = @state
		for update of v`, pgx.StrictNamedArgs{"id": c.ID, "state": Proposed})
	open, err := pgx.CollectRows(rows, pgx.RowToStructByName[Review])
	if err != nil {
		return fmt.Errorf("open review: %w", err)
	}
	for _, r := range open {
		if !r.Outdated {
			return inspection.Errorf(inspection.Conflict, "long-review.open", "%s 已有待会审的复核意见（%s 提出）。会审结束或撤回后再提出。", c.Number, r.ByName)
		}
		before := r
		if r.State, err = reviews.Next(r.State, Withdraw, tx.Scope().Role()); err != nil {
			return err
		}
		r.Note, r.EndedBy, r.EndedAt, r.Version = "提出后事项已有变化，由新的复核意见代替。", tx.Scope().Name(), new(s.Clock()), r.Version+1
		tx.Journal(r.entry(string(Withdraw), "长期整改复核："+reviews.Doing[Withdraw], r.Note, before))
		if err := r.save(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// errOwnWork is the refusal to who is of the unit.
var errOwnWork = inspection.Errorf(inspection.Forbidden, "long-review.own-work", "不能复核本单位的整改，需由其他人员办理。")

// Agree is one party's agreement. With the last one's the review takes effect.
func (s *Service) Agree(ctx context.Context, scope tenants.Scope, id ID, version int, note string) (Review, error) {
	return s.act(ctx, scope, id, version, Agree, note, false, func(tx *tenants.Tx, r *Review, note string) error {
		if err := s.opine(ctx, tx, r, true, note); err != nil {
			return err
		}
		return s.settle(ctx, tx, r)
	})
}

// Object is one party's objection, with a reason. It ends the review; the item stays as
// it is, and the office proposes anew.
func (s *Service) Object(ctx context.Context, scope tenants.Scope, id ID, version int, note string) (Review, error) {
	return s.act(ctx, scope, id, version, Object, note, true, func(tx *tenants.Tx, r *Review, note string) error {
		r.Note, r.EndedBy, r.EndedAt = note, scope.Name(), new(s.Clock())
		return s.opine(ctx, tx, r, false, note)
	})
}

// Withdraw takes a review back before it took effect.
func (s *Service) Withdraw(ctx context.Context, scope tenants.Scope, id ID, version int, note string) (Review, error) {
	return s.act(ctx, scope, id, version, Withdraw, note, true, func(_ *tenants.Tx, r *Review, note string) error {
		r.Note, r.EndedBy, r.EndedAt = note, scope.Name(), new(s.Clock())
		return nil
	})
}

// act locks a review and lets change change it, if the caller may do this with it now
// and has read the latest version.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id ID, version int, do Action, note string, needed bool,
	change func(tx *tenants.Tx, r *Review, note string) error,
) (r Review, err error) {
	note, bad := inspection.CleanText("/note", note, needed, 1000)
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+columns+` from `+tables+`
			where `+tenants.Own("v")+` and v.id = @id
			for update`, pgx.StrictNamedArgs{"id": id})
		if r, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Review])); err != nil {
			return err
		}
		before := r
		before.Given = slices.Clone(r.Given)
		if r.State, err = reviews.Next(r.State, do, scope.Role()); err != nil {
			return err
		}
		if (do == Agree || do == Object) && !before.mine(scope.Role()) {
			return scope.Role().Allow(slices.DeleteFunc(slices.Clone(r.Parties), func(p tenants.Role) bool { return slices.Contains(r.Given, p) })...)
		}
		if err := rectification.NotOwn(ctx, tx, r.Unit, errOwnWork); err != nil {
			return err
		}
		if r.Version != version {
			before.see(scope, true)
			return inspection.StaleRow("long-review.stale", before)
		}
		if r.Outdated && do != Withdraw {
			return inspection.Errorf(inspection.Conflict, "long-review.outdated",
				"%s 在提出复核意见后已重新提交或调整期限，该意见不再生效。请巡察办按现在的情况重新提出。", r.Number)
		}
		if do == Agree && r.alone(scope) {
			return inspection.Errorf(inspection.Forbidden, "long-review.own-proposal", "复核意见由你提出，需由%s其他人员同意。", scope.Role().Party())
		}
		if err := bad.Err("long-review.invalid"); err != nil {
			return err
		}
		if err := change(tx, &r, note); err != nil {
			return err
		}
		r.Version++
		// Without the unit: its people do not read who says what, and when.
		tx.Journal(r.entry(string(do), "长期整改复核："+reviews.Doing[do], inspection.Line(note), before))
		return r.save(ctx, tx)
	})
	if err != nil {
		return Review{}, err
	}
	r.see(scope, true)
	return r, nil
}

func (s *Service) opine(ctx context.Context, tx *tenants.Tx, r *Review, agrees bool, note string) error {
	if agrees {
		r.Given = append(r.Given, tx.Scope().Role())
	}
	tag, err := tx.Exec(ctx, `
		insert into long_opinions (review_id, party, agrees, note, by_id, by_name, at)
		values (@id, @party, @agrees, @note, @by_id, @by_name, @at)
		on conflict do nothing`, pgx.StrictNamedArgs{
		"id": r.ID, "party": tx.Scope().Role(), "agrees": agrees, "note": note, "by_id": tx.Scope().Member(),
		"by_name": tx.Scope().Name(), "at": s.Clock(),
	})
	if err != nil {
		return fmt.Errorf("add opinion: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return inspection.Errorf(inspection.Forbidden, "long-review.second-party", "你已代表其他审核单位表态，%s的意见需由其他人员提出。", tx.Scope().Role().Party())
	}
	return nil
}

// settle lets the review take effect if all parties agree.
func (s *Service) settle(ctx context.Context, tx *tenants.Tx, r *Review) (err error) {
	if slices.ContainsFunc(r.Parties, func(p tenants.Role) bool { return !slices.Contains(r.Given, p) }) {
		return nil
	}
	if r.State, err = reviews.Next(r.State, Settle, tenants.System); err != nil {
		return err
	}
	what := rectification.Settling{Reason: "长期整改复核：" + r.Outcome.Word()}
	switch r.Outcome {
	case Continue:
		what.ReviewOn = r.UntilOn
	case Resume:
		what.DueOn = r.UntilOn
	}
	if _, err := s.Cases.SettleLongTerm(ctx, tx, r.Finding, what); err != nil {
		return err
	}
	now := s.Clock()
	r.EndedBy, r.EndedAt, r.IssuedAt = tx.Scope().Name(), &now, &now
	told := r.entry("settle", "长期整改复核："+r.Outcome.Word(), r.wish()+"。"+inspection.Line(r.Reason), nil)
	told.Unit = r.Unit
	tx.Journal(told)
	return nil
}

func (r *Review) insert(ctx context.Context, tx *tenants.Tx, c rectification.Case) error {
	err := tx.QueryRow(ctx, `
		insert into long_reviews (id, finding_id, unit_id, n, state, outcome, from_on, until_on, reason, evidence, parties, by_id, by_name, at,
			due_version, submission)
		select @id, @finding, @unit, coalesce(max(v.n), 0) + 1, @state, @outcome, @from_on::date, @until_on::date, @reason,
			@evidence::uuid[], @parties::text[], @by_id, @by, @at, @due_version, @submission
		from long_reviews v
		where `+tenants.Own("v")+` and v.finding_id = @finding
		returning n`, pgx.StrictNamedArgs{
		"id": r.ID, "finding": r.Finding, "unit": r.Unit, "state": r.State, "outcome": r.Outcome, "from_on": r.FromOn, "until_on": r.UntilOn,
		"reason": r.Reason, "evidence": r.Evidence, "parties": r.Parties, "by_id": tx.Scope().Member(), "by": r.ByName, "at": r.At,
		"due_version": c.DueVersion, "submission": c.Submission,
	}).Scan(&r.N)
	if err != nil {
		return fmt.Errorf("add review: %w", err)
	}
	return nil
}

func (r Review) save(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update long_reviews v
		set state = @state, given = @given, note = @note, ended_by = @ended_by, ended_at = @ended_at, issued_at = @issued_at,
			version = @version
		where `+tenants.Own("v")+` and v.id = @id`, pgx.StrictNamedArgs{
		"id": r.ID, "state": r.State, "given": r.Given, "note": r.Note, "ended_by": r.EndedBy, "ended_at": r.EndedAt,
		"issued_at": r.IssuedAt, "version": r.Version,
	})
	if err != nil {
		return fmt.Errorf("save review: %w", err)
	}
	return nil
}
