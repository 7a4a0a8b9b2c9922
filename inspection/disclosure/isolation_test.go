package disclosure_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// asked runs a query in a scope and returns the one number it gives.
func asked(t *testing.T, db *tenants.DB, s tenants.Scope, sql string) (n int, err error) {
	t.Helper()
	err = db.In(t.Context(), s, func(tx *tenants.Tx) error { return tx.QueryRow(t.Context(), sql).Scan(&n) })
	return n, err
}

func count(t *testing.T, db *tenants.DB, s tenants.Scope, table string) int {
	t.Helper()
	n, err := asked(t, db, s, `select count(*)::int from `+pgx.Identifier{table}.Sanitize())
	if err != nil {
		t.Fatalf("%s by %s: %v", table, s.Role(), err)
	}
	return n
}

// TestPublicLogin asks faulty questions as the public's login: whatever a page
// forgets to ask for, what was not published does not come.
func TestPublicLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.published()
	w.round = w.Round(w.county)
	w.ledgerOf(1)
	w.scheduled() // approved, due in half an hour
	public := tenants.ForPublic(w.Province)

	if n := count(t, w.Public, public, "publications"); n != 1 { // the positive control
		t.Fatalf("the public sees %d publications, want the one that is published", n)
	}
	for _, sql := range []string{
		`select count(*) from disclosures`,
		`select count(*) from disclosure_editions`,
		`select count(*) from disclosure_items`,
		`select count(*) from findings`,
		`select count(*) from units`,
		`select count(*) from journal`,
		`select count(approved_name) from publications`,
		`select count(disclosure_id) from publications`,
		`select count(unit_id) from publications`,
		`select count(by_name) from withdrawals`,
		`select count(p.*) from publications p`,
		`select count(*) from sec.disclosures_due(now() + interval '1 year')`,
		`with gone as (delete from publications returning 1) select count(*) from gone`,
		`with w as (update publications set title = 'x' returning 1) select count(*) from w`,
		`with w as (insert into withdrawals (number, edition, at, reason) values ('x', 1, now(), 'x') returning 1) select count(*) from w`,
	} {
		if n, err := asked(t, w.Public, public, sql); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s = %d, %v; want a refusal", sql, n, err)
		}
	}
	t.Run("another office's pages", func(t *testing.T) {
		if n := count(t, w.Public, tenants.ForPublic(w.County[0][1]), "publications"); n != 0 {
			t.Errorf("a county's pages hold %d publications of another", n)
		}
		if n := count(t, w.Public, tenants.ForPublic(w.County[0][0]), "publications"); n != 1 {
			t.Errorf("the county's own pages hold %d, want 1", n)
		}
	})
	t.Run("withdrawn", func(t *testing.T) {
		w.Root(`update publications set withdrawn_at = now()`)
		if n := count(t, w.Public, public, "publications"); n != 0 {
			t.Errorf("the public still sees %d withdrawn publications", n)
		}
	})
}

// TestDraftsStayHome makes sure that a draft is seen by those who work on it and
// by nobody else, and a published text by the levels above.
func TestDraftsStayHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published()
	w.round = w.Round(w.county)
	w.ledgerOf(1)
	w.scheduled()
	stranger := w.Unit(w.county, "县交通运输局党组")
	below := func(s tenants.Scope) tenants.Scope {
		s, err := s.Below(w.county)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, tt := range []struct {
		who  string
		as   tenants.Scope
		want int // of the two texts
	}{
		{"the office", w.off, 2},
		{"the unit", w.liaison, 2},
		{"the leading group", w.lg, 2},
		{"the discipline commission", w.As(w.county, tenants.DISC), 2},
		{"a team member", w.As(w.county, tenants.MEM), 0},
		{"a department", w.As(w.county, tenants.DEPT), 0},
		{"the administrator", w.As(w.county, tenants.ADM), 0},
		{"another unit", w.As(w.county, tenants.UNIT, stranger), 0},
		{"a sibling county", w.As(w.County[0][1], tenants.OFF), 0},
		{"the city", below(w.As(w.City[0], tenants.CITY)), 1},
		{"the province", below(w.As(w.Province, tenants.PROV)), 1},
	} {
		for _, table := range []string{"disclosures", "disclosure_editions"} {
			if n := count(t, w.DB, tt.as, table); n != tt.want {
				t.Errorf("%s sees %d rows of %s, want %d", tt.who, n, table, tt.want)
			}
		}
		p, err := w.svc.List(t.Context(), tt.as, disclosure.Filter{Limit: 50})
		if err != nil || len(p.Items) != tt.want || p.Total != tt.want {
			t.Errorf("%s lists %d of %d, %v; want %d", tt.who, len(p.Items), p.Total, err, tt.want)
		}
	}
	t.Run("a look from above is told below", func(t *testing.T) {
		city := below(w.As(w.City[0], tenants.CITY))
		got, err := w.svc.Get(t.Context(), city, d.ID)
		if err != nil || len(got.Allowed) != 0 {
			t.Fatalf("allowed %v, %v", got.Allowed, err)
		}
		if _, err := w.svc.Preview(t.Context(), city, d.ID, false); err != nil {
			t.Fatal(err)
		}
		n := tenantstest.RootValue[int](w.House, `select count(*)::int from journal where tenant_id = $1 and action = 'disclosure.read-above'`, w.county.ID)
		if n != 2 {
			t.Errorf("%d entries in the county's journal, want one of the text and one of its preview", n)
		}
	})
	t.Run("a draft from above is not there", func(t *testing.T) {
		city := below(w.As(w.City[0], tenants.CITY))
		draft := tenantstest.RootValue[string](w.House, `select id::text from disclosures where live is null`)
		id, err := inspection.ParseID[inspection.DisclosureID](draft)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.svc.Get(t.Context(), city, id); inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("err = %v, want NotFound", err)
		}
		if _, err := w.svc.Preview(t.Context(), city, id, false); inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("preview: %v, want NotFound", err)
		}
		if _, err := w.svc.Get(t.Context(), w.off, id); err != nil {
			t.Errorf("its office: %v", err)
		}
	})
	t.Run("a draft of a correction from above is not there", func(t *testing.T) {
		w.must(w.svc.Correct(t.Context(), w.off, d.ID, d.Version, disclosure.Correction{Note: "更正"}))
		got, err := w.svc.Get(t.Context(), below(w.As(w.City[0], tenants.CITY)), d.ID)
		if err != nil || got.Edition != 1 || len(got.Editions) != 1 {
			t.Errorf("the city reads edition %d of %d, %v", got.Edition, len(got.Editions), err)
		}
	})
}

// TestOnlyJobsPublish makes sure that the workbench's login cannot put anything
// before the public, whatever its code does.
func TestOnlyJobsPublish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published()
	copied := `with p as (insert into publications select tenant_id, disclosure_id, edition + 1, number, unit_id, title, unit_name, unit_kind,
		round_name, round_term, round_seq, year, findings, done, long_term, ongoing, withheld, note, digest, data, article,
		published_at, opinions_until, approved_name from publications returning 1) select count(*) from p`
	for _, sql := range []string{
		copied,
		`with p as (update publications set article = '' returning 1) select count(*) from p`,
		`select count(*) from sec.disclosures_due(now())`,
	} {
		if n, err := asked(t, w.DB, w.dir, sql); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("the workbench: %s = %d, %v; want a refusal", sql, n, err)
		}
	}
	if _, err := asked(t, w.Jobs, tenants.ForJob(w.county, "test"), `select count(*) from sec.disclosures_due(now())`); err != nil {
		t.Errorf("the jobs: %v", err)
	}
	foreign := fmt.Sprintf(`with p as (insert into withdrawals (tenant_id, number, edition, unit_id, at, reason, by_name)
		select %d, '%s', 1, '%s', now(), '', '' returning 1) select count(*) from p`, w.county.ID, d.Number, d.UnitID)
	if _, err := asked(t, w.Jobs, tenants.ForJob(w.County[0][1], "test"), foreign); err == nil || !strings.Contains(err.Error(), "42501") {
		t.Errorf("a job for one office wrote into another: %v", err)
	}
	if _, err := asked(t, w.Jobs, tenants.ForJob(w.county, "test"), foreign); err != nil {
		t.Errorf("a job for the office itself: %v", err)
	}
}

// TestNumbersAreNotReused makes sure that a number never names another text.
func TestNumbersAreNotReused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := map[string]bool{}
	for i := range 4 {
		w.unit = w.Unit(w.county, "单位"+string(rune('甲'+i)))
		w.ledgerOf(i)
		d := w.must(w.svc.Generate(t.Context(), w.off, w.unit, w.round))
		if seen[d.Number] {
			t.Errorf("%s was given out twice", d.Number)
		}
		seen[d.Number] = true
	}
}

// TestListPages turns the pages of a list: every text comes once.
func TestListPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 5 {
		w.unit = w.Unit(w.county, "单位"+string(rune('甲'+i)))
		w.ledgerOf(i)
		w.must(w.svc.Generate(t.Context(), w.off, w.unit, w.round))
	}
	seen := map[string]bool{}
	for f := (disclosure.Filter{Limit: 2}); ; {
		p, err := w.svc.List(t.Context(), w.off, f)
		if err != nil || p.Total != 5 || len(p.Items) > 2 {
			t.Fatalf("%d of %d, %v", len(p.Items), p.Total, err)
		}
		for _, l := range p.Items {
			seen[l.Number] = true
		}
		if f.Cursor = p.Next; f.Cursor == "" {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("the pages hold %d of 5", len(seen))
	}
	if p, err := w.svc.List(t.Context(), w.off, disclosure.Filter{Limit: 50, State: disclosure.Published}); err != nil || p.Total != 0 {
		t.Errorf("%d are published, %v", p.Total, err)
	}
	if _, err := w.svc.List(t.Context(), w.off, disclosure.Filter{Limit: 2, Cursor: "x"}); inspection.CodeOf(err) != "bad-cursor" {
		t.Errorf("a bad cursor: %v", err)
	}
}

func TestTasks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ledger()
	verbs := func(s tenants.Scope) (out string) {
		w.Do(w.DB, s, func(tx *tenants.Tx) error {
			tasks, err := w.svc.Tasks(t.Context(), tx)
			for _, task := range tasks {
				out += task.Verb
			}
			return err
		})
		return out
	}
	want := func(liaison, head, off, dir, lg string) {
		t.Helper()
		for _, p := range []struct {
			s    tenants.Scope
			want string
		}{{w.liaison, liaison}, {w.head, head}, {w.off, off}, {w.dir, dir}, {w.lg, lg}} {
			if got := verbs(p.s); got != p.want {
				t.Errorf("%s has to do %q, want %q", p.s.Role(), got, p.want)
			}
		}
	}
	ctx := t.Context()
	d := w.ready()
	want("", "", "", "", "")
	seen := disclosure.Decision{Digest: d.Shown}
	d = w.must(w.svc.Check(ctx, w.liaison, d.ID, d.Version, seen))
	want("", "确认", "", "", "")
	d = w.must(w.svc.Return(ctx, w.head, d.ID, d.Version, disclosure.Back{Reason: "补充"}))
	want("补正", "", "", "", "")
	d = w.must(w.svc.Check(ctx, w.liaison, d.ID, d.Version, seen))
	d = w.must(w.svc.Confirm(ctx, w.head, d.ID, d.Version, seen))
	want("", "", "审核", "", "")
	d = w.must(w.svc.Clear(ctx, w.off, d.ID, d.Version, disclosure.Clearance{Decision: seen}))
	want("", "", "", "审批", "")
	d = w.must(w.svc.Approve(ctx, w.dir, d.ID, d.Version, seen))
	want("", "", "安排发布", "", "")
	d = w.schedule(d)
	want("", "", "", "", "")
	w.forward(31 * time.Minute)
	w.Root(`update disclosure_editions set lead = lead || '。'`)
	if _, err := w.jobs.PublishDue(ctx); err == nil {
		t.Error("published other bytes")
	}
	want("", "", "核对", "", "")
	d = w.get(d.ID)
	d = w.must(w.svc.Recall(ctx, w.off, d.ID, d.Version))
	_, err := w.svc.Schedule(ctx, w.fresh(w.off), d.ID, d.Version, disclosure.Plan{PublishAt: w.clock.now().Add(time.Hour)})
	if inspection.CodeOf(err) != "disclosure.other-text" {
		t.Errorf("scheduled again with other bytes: %v", err)
	}
	w.must(w.svc.Return(ctx, w.off, d.ID, d.Version, disclosure.Back{Reason: "内容不一致"}))
}
