package rectification_test

import (
	"context"
	"strings"
	"testing"

	"xuncha/tenants/tenantstest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestFindReadsOnce looks at the plans of what has to look at every row: no table
// is looked up row by row, and what a search finds in a table it finds there once.
func TestFindReadsOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(t, h.office, h.round, row{unit: h.unit, seq: 1, state: rectification.Working, due: "2026-12-01", text: "问题"})
	cfg := h.Pool.Config().Copy()
	var asked statements
	cfg.ConnConfig.Tracer = &asked
	pool := tenantstest.Must(pgxpool.NewWithConfig(t.Context(), cfg))(t)
	t.Cleanup(pool.Close)
	s := *h.cases
	s.DB = tenants.NewDB(pool, h.cases.Clock)
	lists := map[string]func(f rectification.Filter) error{
		"the ledger": func(f rectification.Filter) error { _, err := s.List(t.Context(), h.off, f); return err },
		"the tasks":  func(f rectification.Filter) error { _, err := s.Measures(t.Context(), h.off, f); return err },
		"the duties": func(f rectification.Filter) error { _, err := s.Duties(t.Context(), h.off, f); return err },
	}
	for name, list := range lists {
		for _, f := range []rectification.Filter{{Q: "问题"}, {Sort: "unit"}, {Focus: 1}} {
			asked.all = nil
			if err := list(f); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			plan := h.plan(t, asked.all[0])
			if strings.Contains(plan, "Nested Loop") {
				t.Errorf("%s by %+v looks rows up one by one:\n%s", name, f, plan)
			}
			if n := strings.Count(plan, "SubPlan") - strings.Count(plan, "hashed SubPlan"); f.Q != "" && n > strings.Count(plan, "hashed SubPlan") {
				t.Errorf("%s: the search looks again for every row:\n%s", name, plan)
			}
		}
	}
}

// plan returns how the database does what was asked.
func (h *house) plan(t *testing.T, asked statement) (plan string) {
	t.Helper()
	err := h.Read(t.Context(), h.off, func(tx *tenants.Tx) error {
		ask := tx.Query
		if asked.whole {
			ask = tx.QueryWhole
		}
		rows, _ := ask(t.Context(), `explain `+asked.sql, asked.args...)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		plan = strings.Join(lines, "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// statement is what was asked of the database.
type statement struct {
	sql   string
	args  []any
	whole bool // by [tenants.Tx.QueryWhole]
}

// statements are those that a room asked, without what every trip begins with.
type statements struct {
	all   []statement
	whole bool // the next one is
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}
func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (s *statements) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (s *statements) TraceBatchQuery(_ context.Context, _ *pgx.Conn, d pgx.TraceBatchQueryData) {
	if strings.Contains(d.SQL, "set_config") {
		s.whole = strings.Contains(d.SQL, "enable_nestloop")
		return
	}
	s.all = append(s.all, statement{d.SQL, d.Args, s.whole})
}
func (s *statements) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
