package tenants_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"xuncha/tenants/tenantstest"
)

// catalogue holds what must be true of every table, view and function, each as a
// query for what breaks it.
var catalogue = map[string]string{
	"a table of an office without forced row security": `
		select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
		  and not (c.relrowsecurity and c.relforcerowsecurity)`,
	"a table without tenant_id that is not on the list": `
		select c.relname from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
		  and c.relname not in ('tenants', 'taxonomy', 'goose_db_version')
		  and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`,
	"a table of an office without a policy that compares the office": `
		select c.relname from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
		  and not exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive
		      and pg_get_expr(p.polqual, p.polrelid) like '%app.lo%')`,
	"a policy that lets everything through": `
		select polname || ' on ' || polrelid::regclass from pg_policy
		where pg_get_expr(polqual, polrelid) = 'true' or pg_get_expr(polwithcheck, polrelid) = 'true'`,
	"two permissive policies for one login and command": `
		select polrelid::regclass || ' ' || polcmd::text || ' ' || r.rolname
		from pg_policy p, unnest(p.polroles) role join pg_roles r on r.oid = role
		where p.polpermissive
		group by polrelid, polcmd, r.rolname having count(*) > 1`,
	"a policy for everybody": `
		select polname || ' on ' || polrelid::regclass from pg_policy where polroles = '{0}'`,
	"a primary or unique key that does not begin with the office": `
		select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and i.indisunique and i.indkey[0] <> a.attnum`,
	"an index of an office's table that does not begin with the office": `
		select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and i.indkey[0] <> a.attnum
		  and i.indexrelid::regclass::text not in (
		      'members_person', -- for sec's look-up at sign-on, past the policies
		      'publications_said') -- for sec's search of what everybody may read; pairs of characters stand alone`,
	"a reference between offices' tables that does not begin with the office": `
		select con.conname || ' on ' || con.conrelid::regclass from pg_constraint con
		join pg_attribute a on a.attrelid = con.conrelid and a.attname = 'tenant_id'
		join pg_attribute f on f.attrelid = con.confrelid and f.attname = 'tenant_id'
		where con.contype = 'f' and not (a.attnum = any (con.conkey))`,
	"a reference to an office that does not follow when its number changes": `
		select conname || ' on ' || conrelid::regclass from pg_constraint
		where contype = 'f' and confrelid = 'tenants'::regclass and confupdtype <> 'c'`,
	"a login that may do more than it should": `
		select rolname from pg_roles
		where rolname in ('xuncha_app', 'xuncha_jobs', 'xuncha_public', 'xuncha_intake')
		  and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolinherit)`,
	"a table or function that a login owns": `
		select c.oid::regclass::text from pg_class c join pg_roles r on r.oid = c.relowner
		where r.rolname in ('xuncha_app', 'xuncha_jobs', 'xuncha_public', 'xuncha_intake')
		union all
		select p.oid::regprocedure::text from pg_proc p join pg_roles r on r.oid = p.proowner
		where r.rolname in ('xuncha_app', 'xuncha_jobs', 'xuncha_public', 'xuncha_intake')`,
	"a right to truncate, delete, reference or trigger": `
		select table_name || ' ' || privilege_type || ' ' || grantee from information_schema.role_table_grants
		where table_schema = 'public' and grantee in ('xuncha_app', 'xuncha_jobs', 'xuncha_public', 'xuncha_intake', 'PUBLIC')
		  and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'DELETE')
		  and not (privilege_type = 'DELETE' and table_name = any ('{rollups,rollup_deltas,rollup_months,uploads,measures}'))`,
	"a view that does not ask as its reader, or a materialised view": `
		select c.oid::regclass::text from pg_class c
		where c.relnamespace = 'public'::regnamespace and (c.relkind = 'm'
		  or c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false))`,
	"a function that runs as its owner outside schema sec, or without a fixed search path": `
		select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where p.prosecdef and (n.nspname <> 'sec' or not exists (
		    select from unnest(p.proconfig) s where s like 'search_path=%'))`,
	"a function of sec that everybody may call, though it runs as its owner": `
		select p.oid::regprocedure::text from pg_proc p
		where p.prosecdef and has_function_privilege('public', p.oid, 'execute')`,
	"a tenant column without its default": `
		select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not a.atthasdef
		  and c.relname not in ('journal', 'journal_heads')`,
}

// TestCatalogue fails the day somebody adds a table and forgets its policy.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	for what, query := range catalogue {
		for _, name := range broken(t, h, query) {
			t.Errorf("%s: %s", what, name)
		}
	}
}

func broken(t *testing.T, h *tenantstest.House, query string) []string {
	t.Helper()
	rows, _ := h.Pool.Query(t.Context(), query)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	return names
}

// TestCatalogueSees breaks each rule on purpose: a check that cannot fail is no
// check.
func TestCatalogueSees(t *testing.T) {
	t.Parallel()
	breaks := map[string]string{
		"a table of an office without forced row security":                                     `alter table units no force row level security`,
		"a table without tenant_id that is not on the list":                                    `create table loose (id int)`,
		"a table of an office without a policy that compares the office":                       `drop policy reach on units`,
		"a policy that lets everything through":                                                `create policy open on units to xuncha_public using (true)`,
		"two permissive policies for one login and command":                                    `create policy more on units for select to xuncha_app using (id is null)`,
		"a policy for everybody":                                                               `create policy all_of_them on units for delete using (id is null)`,
		"a primary or unique key that does not begin with the office":                          `create unique index on units (name)`,
		"an index of an office's table that does not begin with the office":                    `create index on units (name)`,
		"a reference between offices' tables that does not begin with the office":              `create unique index u on units (id); alter table members add foreign key (person_id) references units (id)`,
		"a reference to an office that does not follow when its number changes":                `alter table numbers add foreign key (tenant_id) references tenants`,
		"a login that may do more than it should":                                              ``, // roles belong to the cluster, not to this test
		"a table or function that a login owns":                                                `alter table units owner to xuncha_app`,
		"a right to truncate, delete, reference or trigger":                                    `grant truncate on units to xuncha_app`,
		"a view that does not ask as its reader, or a materialised view":                       `create view v as select * from units`,
		"a function that runs as its owner outside schema sec, or without a fixed search path": `create function f() returns int language sql security definer as 'select 1'`,
		"a function of sec that everybody may call, though it runs as its owner":               `grant execute on function sec.policies() to public`,
		"a tenant column without its default":                                                  `alter table units alter tenant_id drop default`,
	}
	for what, query := range catalogue {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			sql, known := breaks[what]
			if !known {
				t.Fatal("nothing breaks this rule")
			}
			if sql == "" {
				return
			}
			h := tenantstest.New(t)
			h.Root(sql)
			if len(broken(t, h, query)) == 0 {
				t.Errorf("%s was not seen", sql)
			}
		})
	}
}
