package tenantstest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// plant fills the tree: a province, two cities, three counties each.
func (h *House) plant() {
	h.t.Helper()
	h.Province = h.office(nil, "province", 1_000_000, 1_999_999, "990000", "PP")
	for i := range h.City {
		lo := 1_010_000 + 10_000*i
		h.City[i] = h.office(&h.Province, "city", lo, lo+9_999, fmt.Sprintf("990%d00", i+1), fmt.Sprintf("C%c", 'A'+i))
		for j := range h.County[i] {
			at := lo + 10*(j+1)
			h.County[i][j] = h.office(&h.City[i], "county", at, at, fmt.Sprintf("990%d2%d", i+1, j+1),
				fmt.Sprintf("K%c%c", 'A'+i, 'A'+j))
		}
	}
}

func (h *House) office(parent *tenants.Tenant, level string, lo, hi int, code, prefix string) tenants.Tenant {
	h.t.Helper()
	t := tenants.Tenant{
		ID: tenants.ID(lo), Level: level, Code: code, OrgCode: "org-" + code, Slug: level + "-" + code, Name: "某地" + code,
		Office: "某地" + code + "巡察工作领导小组办公室", Short: "某地" + code + "巡察办", Prefix: prefix, Lo: tenants.ID(lo), Hi: tenants.ID(hi),
	}
	if parent != nil {
		t.Parent = &parent.ID
	}
	h.Root(`insert into tenants (id, parent, level, code, org_code, slug, name, office, short, prefix, lo, hi)
		values (@id, @parent, @level, @code, @org_code, @slug, @name, @office, @short, @prefix, @lo, @hi)`,
		pgx.StrictNamedArgs{
			"id": t.ID, "parent": t.Parent, "level": level, "code": code, "org_code": t.OrgCode, "slug": t.Slug,
			"name": t.Name, "office": t.Office, "short": t.Short, "prefix": prefix, "lo": lo, "hi": hi,
		})
	return t
}

// As returns the scope of a new member who acts in office as role. Roles of a
// unit get unit, all others none.
func (h *House) As(office tenants.Tenant, role tenants.Role, unit ...inspection.UnitID) tenants.Scope {
	h.t.Helper()
	a := tenants.Acting{
		Office: office, Member: inspection.NewID[inspection.MemberID](), Grant: inspection.NewID[inspection.GrantID](),
		Name: role.Name(), Role: role, Strong: Now,
	}
	if len(unit) > 0 {
		a.Unit = unit[0]
	}
	h.Root(`insert into members (tenant_id, id, name, state) values ($1, $2, $3, 'active')`, office.ID, a.Member, a.Name)
	var bound *inspection.UnitID
	if role.OfUnit() {
		bound = &a.Unit
	}
	h.Root(`insert into grants (tenant_id, id, member_id, role, unit_id, from_on) values ($1, $2, $3, $4, $5, '2026-01-01')`,
		office.ID, a.Grant, a.Member, role, bound)
	return tenants.ForGrant(a)
}

// Unit makes an inspected unit in office.
func (h *House) Unit(office tenants.Tenant, name string) inspection.UnitID {
	h.t.Helper()
	id := inspection.NewID[inspection.UnitID]()
	h.Root(`insert into units (tenant_id, id, name) values ($1, $2, $3)`, office.ID, id, name)
	return id
}

// Round makes a round in office whose feedback was given on 2026-07-10.
func (h *House) Round(office tenants.Tenant) inspection.RoundID {
	h.t.Helper()
	id := inspection.NewID[inspection.RoundID]()
	h.Root(`insert into rounds (tenant_id, id, term, seq, name, starts_on, ends_on, feedback_on)
		values ($1, $2, 10, (select coalesce(max(seq), 0) + 1 from rounds where tenant_id = $1), '某轮巡察',
			'2026-03-02', '2026-04-24', '2026-07-10')`, office.ID, id)
	return id
}

// Do runs fn in scope and fails the test on an error.
func (h *House) Do(db *tenants.DB, s tenants.Scope, fn func(tx *tenants.Tx) error) {
	h.t.Helper()
	if err := db.In(context.Background(), s, fn); err != nil {
		h.t.Fatal(err)
	}
}
