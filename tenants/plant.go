package tenants

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/inspection"
)

// Offices are numbered depth-first with room to grow: a province has a million
// numbers, a city ten thousand of them, a county ten.
var spans = map[string]struct{ step, parent string }{
	"province": {"1000000", ""}, "city": {"10000", "province"}, "county": {"10", "city"},
}

// Owner is a connection that logs in as the tables' owner. Opening an office is
// the operator's act and no login of the service may do it.
type Owner interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Plant opens an office below parent (empty for a province) and gives it the
// first free number there. The numbers in t are ignored.
func Plant(ctx context.Context, owner Owner, parent string, t Tenant) (Tenant, error) {
	span, ok := spans[t.Level]
	if !ok || (span.parent == "") != (parent == "") {
		return t, inspection.Errorf(inspection.Invalid, "office-level", "级别与上级不相称：%s。", t.Level)
	}
	rows, _ := owner.Query(ctx, `
		with above as (
			select id, lo, hi from tenants where slug = @parent and level = @parent_level
			union all
			select null, 0, 999999999 where @parent = ''),
		free as (
			select above.id as parent, lo + k * @step::int as at
			from above, generate_series(1, 999) k
			where lo + (k + 1) * @step::int - 1 <= hi
			  and not exists (select from tenants s where s.level = @level and s.lo = above.lo + k * @step::int)
			order by k
			limit 1)
		insert into tenants (id, parent, level, code, org_code, slug, name, office, short, prefix, phone, lo, hi)
		select at, parent, @level, @code, @org_code, @slug, @name, @office, @short, @prefix, @phone, at, at + @step::int - 1
		from free
		returning `+tenantColumns,
		pgx.StrictNamedArgs{
			"parent": parent, "parent_level": span.parent, "step": span.step, "level": t.Level, "code": t.Code, "org_code": t.OrgCode,
			"slug": t.Slug, "name": t.Name, "office": t.Office, "short": t.Short, "prefix": t.Prefix, "phone": t.Phone,
		})
	planted, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Tenant])
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "23505" {
		return t, inspection.Errorf(inspection.Conflict, "office-exists", "已有同名、同代码或同网址的机构：%s。", t.Slug)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return t, inspection.Errorf(inspection.Invalid, "office-parent", "没有上级机构 %s，或其下编号已满。", parent)
	}
	if err != nil {
		return t, fmt.Errorf("open office: %w", err)
	}
	return planted, nil
}
