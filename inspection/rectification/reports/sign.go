package reports

import (
	"context"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Sign is the signature of the unit's head. It freezes what the records say now, which
// must be what the head saw. The head's own report is filed with it.
func (s *Service) Sign(ctx context.Context, scope tenants.Scope, id inspection.ReportID, version int, g papers.Signing) (Report, error) {
	return s.act(ctx, scope, id, version, Sign, func(tx *tenants.Tx, r *row) (string, error) {
		now, err := s.records(ctx, tx, *r)
		if err != nil {
			return "", err
		}
		note, err := paper.Sign(scope, s.Clock(), &r.Paper, now, g)
		if err != nil {
			return "", err
		}
		if gaps := now.gaps(); len(gaps) > 0 {
			return "", inspection.Errorf(inspection.Conflict, "report.incomplete", "报告还有 %d 处没有填好，补齐后再签字。", len(gaps))
		}
		if r.Kind == Head {
			filed, err := reports.Next(*r.State, File, scope.Role())
			if err != nil {
				return "", err
			}
			r.State = &filed
		}
		return note, nil
	})
}

// Countersign is the signature of the leader in charge under the same digest. The
// progress report is filed with it.
func (s *Service) Countersign(ctx context.Context, scope tenants.Scope, id inspection.ReportID, version int, g papers.Signing) (Report, error) {
	return s.act(ctx, scope, id, version, Countersign, func(_ *tenants.Tx, r *row) (string, error) {
		return paper.Countersign(scope, s.Clock(), &r.Paper, g)
	})
}

// Deciding is why a report goes back, or a note to its approval.
type Deciding struct {
	Reasons []rectification.Reason `json:"reasons,omitempty" maxItems:"8" nullable:"false" doc:"At least one when it goes back"`
	papers.Deciding
}

// Decline sends a report back instead of countersigning it.
func (s *Service) Decline(ctx context.Context, scope tenants.Scope, id inspection.ReportID, version int, d Deciding) (Report, error) {
	return s.act(ctx, scope, id, version, Decline, func(_ *tenants.Tx, r *row) (string, error) {
		return d.Letter, s.decide(scope, r, d, rectification.Amend)
	})
}

// Receive takes a filed report in and sends it to the parties: who takes part and for
// how long is the policy's word of the round.
func (s *Service) Receive(ctx context.Context, scope tenants.Scope, id inspection.ReportID, version int) (Report, error) {
	return s.act(ctx, scope, id, version, Receive, func(tx *tenants.Tx, r *row) (string, error) {
		if err := paper.NotOwn(ctx, tx, r.Paper, r.UnitID); err != nil {
			return "", err
		}
		p, err := rounds.PolicyOf(ctx, tx, r.RoundID)
		if err != nil {
			return "", err
		}
		by, _ := s.Calendar.Add(s.Clock.Today(), p.ReviewDays)
		return "", paper.SendOut(ctx, tx, &r.Paper, r.UnitID, p.ReportParties, by)
	})
}

// Give records one party's opinion. Other parties see it when all are in.
func (s *Service) Give(ctx context.Context, scope tenants.Scope, id inspection.ReportID, g papers.Giving) (Report, error) {
	return s.act(ctx, scope, id, anyVersion, Opine, func(tx *tenants.Tx, r *row) (string, error) {
		return paper.Give(ctx, tx, s.Clock(), r.ID.UUID, r.UnitID, &r.Paper, g)
	})
}

// Return sends a report back with reasons and one letter. All parties have answered
// and at least one does not agree. What was signed stays; the unit begins a new edition.
func (s *Service) Return(ctx context.Context, scope tenants.Scope, id inspection.ReportID, version int, d Deciding) (Report, error) {
	return s.act(ctx, scope, id, version, Return, func(tx *tenants.Tx, r *row) (string, error) {
		if err := paper.Ready(ctx, tx, r.ID.UUID, r.Paper, r.UnitID, false); err != nil {
			return "", err
		}
		return d.Letter, s.decide(scope, r, d, rectification.Amend)
	})
}

// Approve keeps a report on file because all parties agree. From then on the levels
// above read it.
func (s *Service) Approve(ctx context.Context, scope tenants.Scope, id inspection.ReportID, version int, d Deciding) (Report, error) {
	return s.act(ctx, scope, id, version, Approve, func(tx *tenants.Tx, r *row) (string, error) {
		if err := paper.Ready(ctx, tx, r.ID.UUID, r.Paper, r.UnitID, true); err != nil {
			return "", err
		}
		return d.Letter, s.decide(scope, r, d, rectification.Agree)
	})
}

// decide notes the decision: one that does not agree has reasons and a letter.
func (s *Service) decide(by tenants.Scope, r *row, d Deciding, v rectification.Verdict) error {
	var bad inspection.Fields
	r.Reasons = v.Explained(&bad, d.Reasons, true)
	if err := bad.Err("report.invalid"); err != nil {
		return err
	}
	return r.Decide(by, s.Clock(), "report.invalid", d.Deciding, v != rectification.Agree)
}

// Sealed lists the reports that were signed.
func Sealed(ctx context.Context, tx *tenants.Tx) ([]tenants.Sealed, error) {
	return paper.Sealed(ctx, tx)
}
