package demo_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/deploy/demo"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// observer is somebody who looks at a table, and what he sees of it.
type observer struct {
	name  string
	db    *tenants.DB
	scope tenants.Scope
}

// policy is one policy of one table.
type policy struct {
	Table, Name, Using, Check string
	Narrows                   bool // restrictive
}

// open lets everything through policy p; put gives it its conditions back.
func (p policy) open(h *tenantstest.House) { p.alter(h, "true", "true") }
func (p policy) put(h *tenantstest.House)  { p.alter(h, p.Using, p.Check) }

func (p policy) alter(h *tenantstest.House, using, check string) {
	sql := "alter policy " + p.Name + " on " + p.Table
	if p.Using != "" {
		sql += " using (" + using + ")"
	}
	if p.Check != "" {
		sql += " with check (" + check + ")"
	}
	h.Root(sql)
}

// TestEveryPolicyMatters weakens every policy of every table, one at a time, to
// let everything through, and sees whether anybody of the story then reads,
// changes, deletes or adds a row that he could not before. A policy whose loss nobody
// notices either does nothing or is not tested. Where one lock stands behind
// another, the others of the table are opened first.
func TestEveryPolicyMatters(t *testing.T) {
	t.Parallel()
	h, people := told(t)
	fill(t, h, people)
	who := observers(t, h, people)
	rows, _ := h.RootConn().Query(t.Context(), `
		select polrelid::regclass::text as "table", polname::text as name, not polpermissive as narrows,
			coalesce(pg_get_expr(polqual, polrelid), '') as using, coalesce(pg_get_expr(polwithcheck, polrelid), '') as check
		from pg_policy order by 1, 2`)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[policy])
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 40 {
		t.Fatalf("only %d policies found", len(all))
	}
	for _, p := range all {
		others := slices.DeleteFunc(slices.Clone(all), func(o policy) bool { return o.Table != p.Table || o.Name == p.Name || !o.Narrows })
		if !noticed(t, h, who, p, nil) && !noticed(t, h, who, p, others) {
			t.Errorf("nobody notices when policy %s of %s lets everything through", p.Name, p.Table)
		}
	}
}

// noticed reports whether opening p, behind the others opened first, lets
// anybody do something new.
func noticed(t *testing.T, h *tenantstest.House, who []observer, p policy, others []policy) bool {
	t.Helper()
	for _, o := range others {
		o.open(h)
		defer o.put(h)
	}
	before := look(t, h, who, p.Table)
	p.open(h)
	defer p.put(h)
	return !maps.Equal(before, look(t, h, who, p.Table))
}

// told loads the story into an empty database.
func told(t *testing.T) (*tenantstest.House, map[string]tenants.Scope) {
	t.Helper()
	h := tenantstest.NewEmpty(t)
	people := map[string]tenants.Scope{}
	w := demo.World{
		Owner: h.Login("xuncha_owner"), App: h.Pool, Jobs: h.Login("xuncha_jobs"), Issuer: "https://portal.invalid",
		Threads: func(_ context.Context, cast map[string]tenants.Scope, _ func(time.Time) *tenants.DB) error {
			maps.Copy(people, cast)
			return nil
		},
	}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	return h, people
}

// observers are people of different offices, roles and units, and the other
// logins of the service.
func observers(t *testing.T, h *tenantstest.House, people map[string]tenants.Scope) []observer {
	t.Helper()
	var os []observer
	for _, login := range []string{"zhengyichuan", "guxiaolan", "yinxiaoyu", "caojianping", "shaofeng", "admin-qy", "hansongnian", "liangchen", "geyajun", "helan", "zhouyiheng"} {
		os = append(os, observer{login, h.DB, people[login]})
	}
	for _, login := range []string{"helan", "zhouyiheng"} {
		below, err := people[login].Below(people["guxiaolan"].Office())
		if err != nil {
			t.Fatal(err)
		}
		all, err := people[login].Subtree()
		if err != nil {
			t.Fatal(err)
		}
		os = append(os, observer{login + " below", h.DB, below}, observer{login + " all", h.DB, all})
	}
	return append(os,
		observer{"a job", h.Jobs, tenants.ForJob(people["guxiaolan"].Office(), "test")},
		observer{"the public", h.Public, tenants.ForPublic(people["helan"].Office())},
	)
}

// look says for each observer what he can read, change, delete and add in a table.
func look(t *testing.T, h *tenantstest.House, who []observer, table string) map[string]string {
	t.Helper()
	seen := map[string]string{}
	samples := map[string]string{}
	rows, _ := h.RootConn().Query(t.Context(), `
		select distinct on (tenant_id) tenant_id::text, to_jsonb(x)::text from `+table+` x order by tenant_id, x::text`)
	var office, row string
	if _, err := pgx.ForEachRow(rows, []any{&office, &row}, func() error { samples[office] = row; return nil }); err != nil {
		t.Fatal(err)
	}
	// What the database works out itself nobody may write.
	columns := tenantstest.RootValue[string](h, `
		select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
		where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`, table)
	if len(samples) < 2 {
		t.Errorf("the story has rows of %d offices in %s, want at least 2", len(samples), table)
	}
	for _, o := range who {
		seen[o.name+" reads"] = attempt(t, o, func(ctx context.Context, tx *tenants.Tx) (string, error) {
			var digest string
			err := tx.QueryRow(ctx, `select count(*) || ' of ' || count(distinct tenant_id) from `+table).Scan(&digest)
			return digest, err
		})
		seen[o.name+" changes"] = attempt(t, o, func(ctx context.Context, tx *tenants.Tx) (string, error) {
			// It reads no column: what the policies for reading hide, it would still change.
			tag, err := tx.Exec(ctx, `update `+table+` set tenant_id = current_tenant()`)
			return fmt.Sprint(tag.RowsAffected()), err
		})
		seen[o.name+" deletes"] = attempt(t, o, func(ctx context.Context, tx *tenants.Tx) (string, error) {
			tag, err := tx.Exec(ctx, `delete from `+table)
			return fmt.Sprint(tag.RowsAffected()), err
		})
		for office, row := range samples {
			seen[o.name+" adds for "+office] = attempt(t, o, func(ctx context.Context, tx *tenants.Tx) (string, error) {
				_, err := tx.Exec(ctx, `insert into `+table+` (`+columns+`) select `+columns+` from jsonb_populate_record(null::`+table+`, @row::jsonb)`,
					pgx.StrictNamedArgs{"row": row})
				return "added", err
			})
		}
	}
	return seen
}

var errUndo = errors.New("undo")

// attempt tries something in a transaction that is undone, and says how it went.
func attempt(t *testing.T, o observer, do func(ctx context.Context, tx *tenants.Tx) (string, error)) (went string) {
	t.Helper()
	err := o.db.In(t.Context(), o.scope, func(tx *tenants.Tx) (err error) {
		if went, err = do(t.Context(), tx); err != nil {
			return err
		}
		return errUndo
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code + map[bool]string{true: " by a policy"}[strings.Contains(pg.Message, "row-level security")]
	}
	if !errors.Is(err, errUndo) {
		return fmt.Sprint(err)
	}
	return went
}
