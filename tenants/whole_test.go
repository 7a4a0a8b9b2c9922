package tenants_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestQueryWhole reads each table once instead of looking rows up one by one,
// under the scope as every statement, and leaves the next statement as it was.
func TestQueryWhole(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	ours := h.County[0][0]
	h.Unit(ours, "县水务局党组")
	h.Unit(h.County[0][1], "县水务局党组")
	off := h.As(ours, tenants.OFF)
	query := `select u.id from units u join findings f on f.tenant_id = u.tenant_id and f.unit_id = u.id
		where ` + tenants.Own("u") + ` and ` + tenants.Own("f")
	lookups := func(rows pgx.Rows, _ error) bool {
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(strings.Join(lines, "\n"), "Nested Loop")
	}
	for name, door := range map[string]func(context.Context, tenants.Scope, func(*tenants.Tx) error) error{"read": h.Read, "in": h.In} {
		err := door(t.Context(), off, func(tx *tenants.Tx) error {
			if lookups(tx.QueryWhole(t.Context(), `explain `+query)) {
				t.Errorf("%s: rows are looked up one by one", name)
			}
			if !lookups(tx.Query(t.Context(), `explain `+query)) {
				t.Errorf("%s: the next statement is planned as one that looks at every row", name)
			}
			rows, _ := tx.QueryWhole(t.Context(), `select name from units`)
			if names, err := pgx.CollectRows(rows, pgx.RowTo[string]); len(names) != 1 || err != nil {
				t.Errorf("%s: units %v, %v; want the own one", name, names, err)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
