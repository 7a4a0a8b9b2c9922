package findings

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Service does what people ask of findings.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock

	// Issued hands issued findings on to be put right, in the same transaction.
	Issued func(ctx context.Context, tx *tenants.Tx, fs []Finding) error
}

// Drafting is a request to write down findings.
type Drafting struct {
	Round    inspection.RoundID `json:"round"`
	Unit     inspection.UnitID  `json:"unit"`
	Findings []New              `json:"findings" minItems:"1" maxItems:"200" nullable:"false"`
}

// Draft writes down findings that are not issued yet.
func (s *Service) Draft(ctx context.Context, scope tenants.Scope, d Drafting) (fs []Finding, err error) {
	if err := scope.Role().Allow(tenants.OFF, tenants.DIR); err != nil {
		return nil, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if err := known(ctx, tx, d.Findings); err != nil {
			return err
		}
		fs, err = Add(ctx, tx, d.Round, d.Unit, d.Findings...)
		return err
	})
	return fs, err
}

// Feedback is a request to issue a unit's drafts of one round.
type Feedback struct {
	Round inspection.RoundID `json:"round"`
	Unit  inspection.UnitID  `json:"unit"`
	On    inspection.Day     `json:"feedback_on" doc:"When feedback was given to the unit"`
}

// Issue gives feedback on all drafts that one unit has in one round.
func (s *Service) Issue(ctx context.Context, scope tenants.Scope, cmd Feedback) (fs []Finding, err error) {
	if err := scope.Role().Allow(tenants.DIR, tenants.OFF); err != nil {
		return nil, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		ids, err := drafts(ctx, tx, cmd)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return inspection.Errorf(inspection.Conflict, "findings.no-drafts", "该单位在本轮没有待反馈的问题。")
		}
		if fs, err = Issue(ctx, tx, s.Clock(), cmd.On, ids); err != nil {
			return err
		}
		return s.Issued(ctx, tx, fs)
	})
	return fs, err
}

func drafts(ctx context.Context, tx *tenants.Tx, cmd Feedback) ([]inspection.FindingID, error) {
	rows, _ := tx.Query(ctx, `
		select id from findings f
		where `+tenants.Own("f")+` and round_id = @round and unit_id = @unit and issued_at is null
		order by seq
		for update`, pgx.StrictNamedArgs{"round": cmd.Round, "unit": cmd.Unit})
	ids, err := pgx.CollectRows(rows, pgx.RowTo[inspection.FindingID])
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	return ids, nil
}
