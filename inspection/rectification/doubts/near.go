package doubts

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Near says which item's measure is most like this one, among those that other
// units handed in before, or nothing if none is near enough.
func (s *Service) Near(ctx context.Context, scope tenants.Scope, id inspection.MeasureID) (number string, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select m.id, m.finding_id, m.seq, m.text, m.version from measures m
			where `+tenants.Own("m")+` and m.id = @id`, pgx.StrictNamedArgs{"id": id})
		m, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[text]))
		if err != nil {
			return err
		}
		near, err := nearest(ctx, tx, m, policy.Doubts)
		if near != nil {
			number = near.Number
		}
		return err
	})
	return number, err
}

// Index enters the texts of all measures of one office that are new. It is part of
// every scan; a large import is better indexed at once.
func (s *Service) Index(ctx context.Context, scope tenants.Scope) error {
	return s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		if err := s.index(ctx, tx, policy.Doubts.TextLength, nil); err != nil {
			return fmt.Errorf("index: %w", err)
		}
		return nil
	})
}
