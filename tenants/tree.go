package tenants

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// tenantColumns are the columns of [Tenant].
const tenantColumns = `id, parent, level, code, org_code, slug, name, office, short, prefix, phone, lo, hi`

// BySlug returns the office that an address names. The tree of offices is the
// one table without row security: names of offices are public.
func (db *DB) BySlug(ctx context.Context, slug string) (Tenant, error) {
	rows, _ := db.pool.Query(ctx, `select `+tenantColumns+` from tenants where slug = @slug`,
		pgx.StrictNamedArgs{"slug": slug})
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Tenant])
	if errors.Is(err, pgx.ErrNoRows) {
		return t, ErrUnknown
	}
	if err != nil {
		return t, fmt.Errorf("find office: %w", known(err))
	}
	return t, nil
}

// Tree lists an office and all offices below it, by region code.
func (db *DB) Tree(ctx context.Context, top Tenant) ([]Tenant, error) {
	rows, _ := db.pool.Query(ctx, `
		select `+tenantColumns+` from tenants
		where id between @lo and @hi
		order by code, id`, pgx.StrictNamedArgs{"lo": top.Lo, "hi": top.Hi})
	return collectTenants(rows)
}

// Path lists the offices above t from the top, and t itself.
func (db *DB) Path(ctx context.Context, t Tenant) ([]Tenant, error) {
	rows, _ := db.pool.Query(ctx, `
		select `+tenantColumns+` from tenants
		where lo <= @id and hi >= @id
		order by lo, hi desc`, pgx.StrictNamedArgs{"id": t.ID})
	return collectTenants(rows)
}

// All lists every office, for scans that visit them one by one.
func (db *DB) All(ctx context.Context) ([]Tenant, error) {
	rows, _ := db.pool.Query(ctx, `select `+tenantColumns+` from tenants order by id`)
	return collectTenants(rows)
}

func collectTenants(rows pgx.Rows) ([]Tenant, error) {
	ts, err := pgx.CollectRows(rows, pgx.RowToStructByName[Tenant])
	if err != nil {
		return nil, fmt.Errorf("list offices: %w", known(err))
	}
	return ts, nil
}

// Own is the condition that a query for one office states besides its policy:
// it lets the planner use the indexes that begin with tenant_id. The policy
// remains the guard. table is the alias in the query.
func Own(table string) string { return table + `.tenant_id = current_setting('app.tenant')::int` }

// Rows is [Own] for a scope that reaches its own office alone, and [Reach] for
// any other: an equality finds one row by its key, a range does not.
func (s Scope) Rows(table string) string {
	if s.Own() {
		return Own(table)
	}
	return Reach(table)
}

// Reach is the same for queries over the scope's reach.
func Reach(table string) string {
	return table + `.tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int`
}

// NextNumber takes the next number of a series, such as 澜巡办通〔2026〕. Given out
// inside the transaction: a rollback gives it back, so there is neither a
// duplicate nor a gap.
func NextNumber(ctx context.Context, tx *Tx, series string) (int, error) {
	var n int
	err := tx.QueryRow(ctx, `
		insert into numbers (series, last) values (@series, 1)
		on conflict (tenant_id, series) do update set last = numbers.last + 1
		returning last`, pgx.StrictNamedArgs{"series": series}).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("take number: %w", err)
	}
	return n, nil
}
