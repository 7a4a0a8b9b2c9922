package opinions_test

import (
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func asked(t *testing.T, db *tenants.DB, s tenants.Scope, sql string) (n int, err error) {
	t.Helper()
	err = db.In(t.Context(), s, func(tx *tenants.Tx) error { return tx.QueryRow(t.Context(), sql).Scan(&n) })
	return n, err
}

// TestReaders: opinions are read by the office and those who work with it, and by no
// unit, no team, no administrator, and nobody above or beside.
func TestReaders(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.say(opinions.Said{MayShow: true})
	below := func(s tenants.Scope) tenants.Scope { return tenantstest.Must(s.Below(d.office))(t) }
	for _, tt := range []struct {
		who  string
		db   *tenants.DB
		as   tenants.Scope
		want int
	}{
		{"the office", d.DB, d.off, 1}, // the positive controls
		{"the leading group", d.DB, d.As(d.office, tenants.LG), 1},
		{"the discipline commission", d.DB, d.As(d.office, tenants.DISC), 1},
		{"a department", d.DB, d.As(d.office, tenants.DEPT), 1},
		{"the unit", d.DB, d.As(d.office, tenants.UNIT, d.unit), 0},
		{"its head", d.DB, d.As(d.office, tenants.HEAD, d.unit), 0},
		{"a team member", d.DB, d.As(d.office, tenants.MEM), 0},
		{"the administrator", d.DB, d.As(d.office, tenants.ADM), 0},
		{"a sibling", d.DB, d.As(d.County[0][1], tenants.OFF), 0},
		{"the city", d.DB, below(d.As(d.City[0], tenants.CITY)), 0},
		{"the province", d.DB, below(d.As(d.Province, tenants.PROV)), 0},
		{"the public", d.Public, tenants.ForPublic(d.office), 0},
		{"a job", d.Jobs, tenants.ForJob(d.office, "test"), 1},
		{"a job of the city", d.Jobs, tenantstest.Must(tenants.ForJob(d.City[0], "test").Subtree())(t), 0},
	} {
		if n, err := asked(t, tt.db, tt.as, `select count(notice)::int from public_opinions`); err != nil || n != tt.want {
			t.Errorf("%s reads %d, %v; want %d", tt.who, n, err, tt.want)
		}
	}
	_, err := d.room.Get(t.Context(), d.As(d.County[0][1], tenants.OFF), inspection.NewID[inspection.OpinionID]())
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
}

// TestLogins: the login that takes opinions can do that and nothing else, the public's
// reads what is shown and no other word, and nobody changes what was said.
func TestLogins(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, _ := d.say(opinions.Said{MayShow: true, Name: "老李", Text: "公示栏没有更新。"}) // the positive control: the box takes
	at := tenants.ForPublic(d.office)
	refused := func(db *tenants.DB, s tenants.Scope, sql string) {
		t.Helper()
		if n, err := asked(t, db, s, sql); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s = %d, %v; want a refusal", sql, n, err)
		}
	}
	rows, _ := d.RootConn().Query(t.Context(), `select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
		and relname not in ('tenants', 'goose_db_version')`)
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if len(tables) < 50 {
		t.Fatalf("%d tables", len(tables))
	}
	for _, table := range tables {
		refused(d.Intake, at, `select count(*) from `+table)
	}
	for _, sql := range []string{
		`with w as (insert into public_opinions (id) values (gen_random_uuid()) returning 1) select count(*) from w`,
		`with w as (update public_opinions set reply = 'x' returning 1) select count(*) from w`,
		`select sec.opinions_received('x')`,
		`select count(*) from sec.opinion_counts()`,
		`select count(*) from sec.policies()`,
	} {
		refused(d.Intake, at, sql)
	}
	for _, act := range []string{"disclosure.approve", "opinion.feature"} { // the journal takes from it that it took one
		err := d.Intake.In(t.Context(), at, func(tx *tenants.Tx) error {
			tx.Journal(tenants.Entry{Action: act, Object: "opinion"})
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "only takes opinions") {
			t.Errorf("it journals %s: %v", act, err)
		}
	}
	for _, sql := range []string{
		`select count(text) from public_opinions`, `select count(name) from public_opinions`, `select count(code) from public_opinions`,
		`select count(number) from public_opinions`, `select count(note) from public_opinions`, `select count(o.*) from public_opinions o`,
		`select count(*) from sec.opinion_status('x', '')`, `select count(*) from sec.opinion_counts()`,
		`select count(*) from sec.take_opinion(gen_random_uuid(), 'x', 1, false, '', 'x', true, '', now())`,
		`with w as (update public_opinions set shown = 'x' returning 1) select count(*) from w`,
	} {
		refused(d.Public, at, sql)
	}
	refused(d.DB, d.off, `with w as (update public_opinions set text = 'x' returning 1) select count(*) from w`)
	refused(d.DB, d.off, `with w as (update public_opinions set may_show = true returning 1) select count(*) from w`)
	refused(d.DB, d.off, `with w as (insert into public_opinions (id) values (gen_random_uuid()) returning 1) select count(*) from w`)
	refused(d.Jobs, tenants.ForJob(d.office, "test"), `with w as (update public_opinions set note = 'x' returning 1) select count(*) from w`)
	if n, err := asked(t, d.DB, d.off, `with w as (update public_opinions set note = 'x' returning 1) select count(*) from w`); n != 1 || err != nil {
		t.Errorf("the office notes nothing: %d, %v", n, err)
	}

	// Another office's box has no page of this one, and no opinion under its numbers.
	other := d.County[0][1]
	_, err := d.box.Take(t.Context(), other, inspection.NewID[inspection.OpinionID](), opinions.Said{Notice: notice, Text: "x"})
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	_, receipt := d.say(opinions.Said{})
	_, err = d.box.Ask(t.Context(), other, receipt.Number, receipt.Code)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")

	// What is shown is read by the public, here and on the pages above, not beside.
	tenantstest.Must(d.room.Feature(t.Context(), d.off, id, d.get(id).Version, opinions.Showing{Text: "***没有更新。"}))(t)
	for _, tt := range []struct {
		of   tenants.Tenant
		want int
	}{{d.office, 1}, {d.Province, 1}, {other, 0}} {
		if n, err := asked(t, d.Public, tenants.ForPublic(tt.of), `select count(shown)::int from public_opinions`); n != tt.want || err != nil {
			t.Errorf("on the pages of %s the public reads %d, %v; want %d", tt.of.Slug, n, err, tt.want)
		}
	}
}
