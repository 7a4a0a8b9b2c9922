package tenants_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// count counts the rows of table that s sees.
func count(t *testing.T, db *tenants.DB, s tenants.Scope, table string) int {
	t.Helper()
	var n int
	err := db.In(t.Context(), s, func(tx *tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select count(*) from `+pgx.Identifier{table}.Sanitize()).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestScope(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ours, theirs := h.County[0][0], h.County[0][1]
	h.Unit(ours, "县水务局党组")

	t.Run("the owner reads its row", func(t *testing.T) {
		if n := count(t, h.DB, h.As(ours, tenants.OFF), "units"); n != 1 {
			t.Errorf("the own office sees %d units, want 1", n)
		}
	})
	t.Run("a sibling does not", func(t *testing.T) {
		if n := count(t, h.DB, h.As(theirs, tenants.OFF), "units"); n != 0 {
			t.Errorf("a sibling sees %d units, want 0", n)
		}
	})
	t.Run("the city does, below", func(t *testing.T) {
		city := h.As(h.City[0], tenants.CITY)
		if n := count(t, h.DB, city, "units"); n != 0 {
			t.Errorf("the city's own reach holds %d units, want 0", n)
		}
		below, err := city.Below(ours)
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, h.DB, below, "units"); n != 1 {
			t.Errorf("the city sees %d units below, want 1", n)
		}
	})
	t.Run("another city cannot look there", func(t *testing.T) {
		if _, err := h.As(h.City[1], tenants.CITY).Below(ours); inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("err = %v, want NotFound", err)
		}
	})
	t.Run("a county cannot widen its reach", func(t *testing.T) {
		if _, err := h.As(ours, tenants.DIR).Subtree(); inspection.KindOf(err) != inspection.Forbidden {
			t.Errorf("err = %v, want Forbidden", err)
		}
	})
	t.Run("the zero scope opens nothing", func(t *testing.T) {
		err := h.In(t.Context(), tenants.Scope{}, func(*tenants.Tx) error { return nil })
		if !errors.Is(err, tenants.ErrNoScope) {
			t.Errorf("err = %v, want ErrNoScope", err)
		}
	})
	t.Run("a unit's person without a unit has no scope", func(t *testing.T) {
		s := tenants.ForGrant(tenants.Acting{Office: ours, Role: tenants.UNIT})
		if err := h.In(t.Context(), s, func(*tenants.Tx) error { return nil }); !errors.Is(err, tenants.ErrNoScope) {
			t.Errorf("err = %v, want ErrNoScope", err)
		}
	})
}

// TestScopeEnds makes sure that nothing outlives the transaction on a pooled
// connection: behind our back the policies must raise, not answer.
func TestScopeEnds(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ours := h.County[0][0]
	h.Unit(ours, "县水务局党组")
	conn, err := h.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // never used, then used
		var n int
		if err := conn.QueryRow(t.Context(), `select count(*) from units`).Scan(&n); err == nil {
			t.Errorf("a bare connection counts %d units, want an error", n)
		}
		conn.Release()
		if n := count(t, h.DB, h.As(ours, tenants.OFF), "units"); n != 1 {
			t.Fatalf("the owner sees %d units, want 1", n)
		}
		if conn, err = h.Pool.Acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	conn.Release()
}

// TestWritesStayHome tries to write into an office that the scope may only read.
func TestWritesStayHome(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ours, theirs := h.County[0][0], h.County[0][1]
	unit := h.Unit(ours, "县水务局党组")
	rename := func(s tenants.Scope) (n int64) {
		h.Do(h.DB, s, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), `update units set short = '水务' where id = @id`, pgx.StrictNamedArgs{"id": unit})
			n = tag.RowsAffected()
			return err
		})
		return n
	}
	city := h.As(h.City[0], tenants.CITY)
	below, err := city.Below(ours)
	if err != nil {
		t.Fatal(err)
	}
	if n := rename(below); n != 0 {
		t.Errorf("the city changed %d rows below, want 0", n)
	}
	if n := rename(h.As(theirs, tenants.OFF)); n != 0 {
		t.Errorf("a sibling changed %d rows, want 0", n)
	}
	if n := rename(h.As(ours, tenants.OFF)); n != 1 {
		t.Errorf("the owner changed %d rows, want 1", n)
	}
	err = h.In(t.Context(), below, func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into units (tenant_id, id, name) values (@tenant, gen_random_uuid(), '外来')`,
			pgx.StrictNamedArgs{"tenant": ours.ID})
		return err
	})
	if err == nil {
		t.Error("the city wrote a row into a county")
	}
}

// TestRollback makes sure that a failure inside, a panic included, leaves nothing.
func TestRollback(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	s := h.As(h.County[0][0], tenants.OFF)
	add := func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into units (id, name) values (gen_random_uuid(), '县水务局党组')`)
		return err
	}
	boom := errors.New("boom")
	if err := h.In(t.Context(), s, func(tx *tenants.Tx) error { return errors.Join(add(tx), boom) }); !errors.Is(err, boom) {
		t.Fatalf("err = %v, want boom", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = h.In(t.Context(), s, func(tx *tenants.Tx) error { _ = add(tx); panic("boom") })
	}()
	if n := count(t, h.DB, s, "units"); n != 0 {
		t.Errorf("%d units after failures, want 0", n)
	}
	h.Do(h.DB, s, add)
	if n := count(t, h.DB, s, "units"); n != 1 {
		t.Errorf("%d units after success, want 1", n)
	}
}

// TestFirstStatement makes sure that every way to run the first statement opens
// the transaction, and that an error in it is seen.
func TestFirstStatement(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	s := h.As(h.County[0][0], tenants.OFF)
	ways := map[string]func(ctx context.Context, tx *tenants.Tx, sql string) error{
		"exec": func(ctx context.Context, tx *tenants.Tx, sql string) error { _, err := tx.Exec(ctx, sql); return err },
		"row": func(ctx context.Context, tx *tenants.Tx, sql string) error {
			var v any
			return tx.QueryRow(ctx, sql).Scan(&v)
		},
		"query": func(ctx context.Context, tx *tenants.Tx, sql string) error {
			rows, _ := tx.Query(ctx, sql)
			_, err := pgx.CollectRows(rows, pgx.RowTo[any])
			return err
		},
		"batch": func(ctx context.Context, tx *tenants.Tx, sql string) error {
			var b pgx.Batch
			b.Queue(sql)
			return tx.SendBatch(ctx, &b).Close()
		},
	}
	for name, run := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 3 {
				err := h.In(t.Context(), s, func(tx *tenants.Tx) error {
					if err := run(t.Context(), tx, `select current_tenant()`); err != nil {
						return err
					}
					return run(t.Context(), tx, `select count(*) from units`)
				})
				if err != nil {
					t.Fatal(err)
				}
				if err := h.In(t.Context(), s, func(tx *tenants.Tx) error { return run(t.Context(), tx, `select 1/0`) }); err == nil {
					t.Fatal("dividing by zero worked")
				}
			}
		})
	}
}
