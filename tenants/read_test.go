package tenants_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestRead looks at rows by the door that only reads: it shows what the scope may
// see and no more, statement after statement, and nothing outlives it.
func TestRead(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ours, theirs := h.County[0][0], h.County[0][1]
	h.Unit(ours, "县水务局党组")
	off := h.As(ours, tenants.OFF)
	units := func(s tenants.Scope) (seen [2]int, err error) {
		err = h.Read(t.Context(), s, func(tx *tenants.Tx) error {
			for i := range seen {
				if err := tx.QueryRow(t.Context(), `select count(*) from units`).Scan(&seen[i]); err != nil {
					return err
				}
			}
			return nil
		})
		return seen, err
	}

	t.Run("the owner reads its row, by every statement", func(t *testing.T) {
		if seen, err := units(off); seen != [2]int{1, 1} || err != nil {
			t.Errorf("seen %v, %v; want 1 and 1", seen, err)
		}
	})
	t.Run("a sibling does not", func(t *testing.T) {
		if seen, err := units(h.As(theirs, tenants.OFF)); seen != [2]int{} || err != nil {
			t.Errorf("seen %v, %v; want 0 and 0", seen, err)
		}
	})
	t.Run("the zero scope opens nothing", func(t *testing.T) {
		if _, err := units(tenants.Scope{}); !errors.Is(err, tenants.ErrNoScope) {
			t.Errorf("err = %v, want ErrNoScope", err)
		}
	})
	t.Run("a bare connection sees nothing afterwards, and can write again", func(t *testing.T) {
		conn, err := h.Pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
		var n int
		if err := conn.QueryRow(t.Context(), `select count(*) from units`).Scan(&n); err == nil {
			t.Errorf("a bare connection counts %d units, want an error", n)
		}
		var readOnly string
		if err := conn.QueryRow(t.Context(), `show transaction_read_only`).Scan(&readOnly); err != nil || readOnly != "off" {
			t.Errorf("read-only is %s, %v; want off", readOnly, err)
		}
	})
}

// TestSnapshot reads twice and has a row added in between: the snapshot does not see it,
// the door that reads statement by statement does. Neither writes, and what they leave
// for the journal is there.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ours := h.County[0][0]
	off := h.As(ours, tenants.OFF)
	twice := func(name string, door func(context.Context, tenants.Scope, func(*tenants.Tx) error) error) (seen [2]int) {
		t.Helper()
		err := door(t.Context(), off, func(tx *tenants.Tx) error {
			for i := range seen {
				if err := tx.QueryRow(t.Context(), `select count(*) from units`).Scan(&seen[i]); err != nil {
					return err
				}
				h.Unit(ours, name+[2]string{"甲", "乙"}[i])
			}
			tx.Journal(tenants.Entry{Action: "test", Object: "test", Detail: tenants.Detail{Title: name}})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	if seen := twice("县水务局", h.Snapshot); seen != [2]int{0, 0} {
		t.Errorf("a snapshot sees %v, want what there was at first", seen)
	}
	if seen := twice("县教育局", h.Read); seen != [2]int{2, 3} {
		t.Errorf("control: single statements see %v", seen)
	}
	if n := tenantstest.RootValue[int](h, `select count(*) from journal where action = 'test'`); n != 2 {
		t.Errorf("%d entries, want both", n)
	}
	err := h.Snapshot(t.Context(), off, func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into units (id, name) values (gen_random_uuid(), '县财政局')`)
		return err
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "25006" {
		t.Errorf("a write: %v, want read_only_sql_transaction", err)
	}
	if err := h.Snapshot(t.Context(), tenants.Scope{}, func(*tenants.Tx) error { return nil }); !errors.Is(err, tenants.ErrNoScope) {
		t.Errorf("without a scope: %v", err)
	}
	if seen := twice("县林业局", h.Read); seen[0] != 4 {
		t.Errorf("the connection is not as it was: %v", seen)
	}
}

// TestReadDoesNotWrite tries to write by the door that only reads. The journal's
// entries are written all the same.
func TestReadDoesNotWrite(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ours := h.County[0][0]
	off := h.As(ours, tenants.OFF)
	add := func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into units (id, name) values (gen_random_uuid(), '县水务局党组')`)
		return err
	}
	err := h.Read(t.Context(), off, add)
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "25006" {
		t.Errorf("a write: %v, want read_only_sql_transaction", err)
	}
	if err := h.In(t.Context(), off, add); err != nil {
		t.Errorf("the same by the other door: %v", err)
	}
	looked := tenants.Entry{Action: "unit.read", Object: "unit"}
	err = h.Read(t.Context(), off, func(tx *tenants.Tx) error {
		tx.Journal(looked)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	err = h.Read(t.Context(), off, func(tx *tenants.Tx) error {
		tx.Journal(looked)
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("err = %v, want what the function said", err)
	}
	if n := tenantstest.RootValue[int](h, `select count(*) from journal where action = 'unit.read'`); n != 1 {
		t.Errorf("%d entries, want 1: of what was read, not of what failed", n)
	}
	if _, broken, err := h.Verify(context.Background(), ours); broken != nil || err != nil {
		t.Errorf("journal: %+v, %v", broken, err)
	}
}
