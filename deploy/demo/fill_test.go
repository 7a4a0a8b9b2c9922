package demo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// fill gives each table that the story leaves empty four rows: two offices, and
// in each a draft of one unit and an issued row of another. References are not
// checked and states are made up: only policies look at these rows. All
// identifiers of one row that are not about people, units or findings are equal,
// so that a child row belongs to its parent.
func fill(t *testing.T, h *tenantstest.House, people map[string]tenants.Scope) {
	t.Helper()
	h.Root(`set session_replication_role = replica`)
	tables := tenantstest.RootValue[[]string](h, `
		select array_agg(c.relname::text order by c.relname) from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`)
	for _, table := range tables {
		if tenantstest.RootValue[int](h, `select count(distinct tenant_id) from `+table) >= 2 {
			continue
		}
		for _, c := range tenantstest.RootValue[[]string](h, `
			select coalesce(array_agg(conname::text), '{}') from pg_constraint where contype = 'c' and conrelid = $1::text::regclass`, table) {
			h.Root(`alter table ` + table + ` drop constraint ` + pgx.Identifier{c}.Sanitize())
		}
		for i, login := range []string{"yinxiaoyu", "fengli"} {
			for variant := range 2 {
				fillRow(t, h, table, people[login], fmt.Sprintf("00000000-0000-7000-8000-00000000%02d%02d", i, variant), variant == 1)
			}
		}
	}
	h.Root(`update opinions set revealed = false where submission = 1 and at > '2026-11-01'`)
	h.Root(`update reports set state = 'drafting' where issued_at is null`)
	for _, table := range tenantstest.RootValue[[]string](h, `
		select array_agg(c.relname::text) from pg_attribute a join pg_class c on c.oid = a.attrelid
		where a.attname = 'withdrawn_at' and a.attnum > 0 and c.relkind = 'r'`) {
		h.Root(`update ` + table + ` set withdrawn_at = '2026-11-01' where ctid in (
			select min(ctid) from ` + table + ` where tenant_id in (select id from tenants where slug in ('qingyu', 'songdu')) group by tenant_id)`)
	}
	for _, table := range []string{"findings", "rectifications", "measures"} { // of which the story has no drafts
		h.Root(`update ` + table + ` set issued_at = null where ctid in (
			select min(x.ctid) from ` + table + ` x join grants g on g.tenant_id = x.tenant_id and g.unit_id = x.unit_id
			where x.withdrawn_at is null group by x.tenant_id)`)
	}
	h.Root(`set session_replication_role = default`)
}

func fillRow(t *testing.T, h *tenantstest.House, table string, s tenants.Scope, key string, issued bool) {
	t.Helper()
	rows, _ := h.RootConn().Query(t.Context(), `
		select attname::text as name, format_type(atttypid, null) as type, not attnotnull as nullable from pg_attribute
		where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = ''`, table)
	type column struct {
		Name, Type string
		Nullable   bool
	}
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByName[column])
	if err != nil {
		t.Fatal(err)
	}
	var names, values []string
	for _, c := range columns {
		names = append(names, c.Name)
		if c.Nullable && !issued && strings.HasSuffix(c.Name, "_at") {
			values = append(values, "null")
			continue
		}
		values = append(values, value(c.Name, c.Type, s, key, issued))
	}
	h.Root(`insert into ` + table + ` (` + strings.Join(names, ", ") + `) values (` + strings.Join(values, ", ") + `)`)
}

// value is what stands in a column, as an SQL literal.
func value(name, kind string, s tenants.Scope, key string, issued bool) string {
	quoted := func(v any) string { return fmt.Sprintf("'%v'", v) }
	switch {
	case name == "tenant_id":
		return fmt.Sprint(s.Tenant())
	case name == "unit_id" && issued:
		return fmt.Sprintf(`(select id from units where tenant_id = %d and id <> '%s' limit 1)`, s.Tenant(), s.Unit())
	case name == "unit_id":
		return quoted(s.Unit())
	case name == "finding_id":
		return fmt.Sprintf(`(select id from findings where tenant_id = %d and (unit_id = '%s') <> %v limit 1)`, s.Tenant(), s.Unit(), issued)
	case name == "actor", name == "by_id", name == "member_id":
		return quoted(s.Member())
	case name == "party":
		return map[bool]string{true: "'DISC'", false: "'OFF'"}[issued]
	}
	switch kind {
	case "uuid":
		return quoted(key)
	case "integer":
		if strings.HasPrefix(name, "issuer") || strings.HasPrefix(name, "holder") || strings.HasPrefix(name, "office") {
			return fmt.Sprintf(`(select parent from tenants where id = %d)`, s.Tenant())
		}
		return fmt.Sprint(1 + len(key)%7 + int(key[len(key)-1]-'0'))
	case "bigint", "smallint", "numeric":
		return "1"
	case "boolean":
		return fmt.Sprint(issued)
	case "timestamp with time zone":
		return "'2026-11-01 09:00+08'"
	case "date":
		return "'2026-11-01'"
	case "bytea":
		return `'\x7b7d'`
	case "jsonb", "json":
		return "'{}'"
	case "interval":
		return "'1 day'"
	}
	if strings.HasSuffix(kind, "[]") {
		return "'{}'"
	}
	return quoted(key)
}
