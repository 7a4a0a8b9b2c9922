package linkage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Waiting is how much waits at one office of the reach: matters that it raised, for
// the scope's office to take (上报待受理), or recipients that did not sign for a
// notice yet (通报未签收); or what stands there on the board of the scope's office (挂牌督办).
type Waiting struct {
	Office tenants.ID           `db:"tenant_id"`
	Notice *inspection.NoticeID `db:"notice"` // the scope's office's own in the chain, or the one that it was sent; nil for matters
	Number string               `db:"number"` // of the notice
	Board  bool                 `db:"board"`
	N      int                  `db:"n"`
}

// Waits counts what waits in the reach of tx. Of notices it knows those that the
// scope's office sent or was sent, with all that forward them: what an office below
// sends its own units is its own business.
func Waits(ctx context.Context, tx *tenants.Tx) ([]Waiting, error) {
	rows, _ := tx.Query(ctx, `
		select d.tenant_id, n.id as notice, coalesce(n.number, '') as number, false as board, count(*)::int as n
		from deliveries d, lateral (
			select n.tenant_id, n.id, n.number from tenants o join notices n on n.tenant_id = o.id and n.root = d.root
			where current_setting('app.tenant')::int between o.lo and o.hi
			order by o.lo desc limit 1) n
		where `+tenants.Reach("d")+` and d.state = 'delivered'
		group by d.tenant_id, n.tenant_id, n.id, n.number
		union all
		select e.tenant_id, null, '', false, count(*)::int from escalations e
		where `+tenants.Reach("e")+` and e.holder = current_setting('app.tenant')::int and e.state = any(@fresh)
		group by e.tenant_id
		union all
		select l.tenant_id, null, '', true, count(*)::int from listings l
		where `+tenants.Reach("l")+` and l.issuer = current_setting('app.tenant')::int and l.state = 'listed'
		group by l.tenant_id
		order by tenant_id, number`, pgx.StrictNamedArgs{"fresh": []MatterState{Submitted, Raised}})
	waiting, err := pgx.CollectRows(rows, pgx.RowToStructByName[Waiting])
	if err != nil {
		return nil, fmt.Errorf("count what waits: %w", err)
	}
	return waiting, nil
}
