package tenants

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestPositional gives names their places as pgx does, the second time as the
// first, and leaves to pgx what it refuses.
func TestPositional(t *testing.T) {
	t.Parallel()
	const sql = `select @a, '@b', @b::text, @a -- @c`
	for range 2 {
		text, values := positional(t.Context(), sql, []any{pgx.StrictNamedArgs{"b": 2, "a": 1}})
		if want := `select $1, '@b', $2::text, $1 -- @c`; text != want || len(values) != 2 || values[0] != 1 || values[1] != 2 {
			t.Errorf("%s with %v, want %s with 1 and 2", text, values, want)
		}
	}
	for name, args := range map[string][]any{
		"one too few": {pgx.StrictNamedArgs{"a": 1}}, "another": {pgx.StrictNamedArgs{"a": 1, "c": 2}},
		"one too many": {pgx.StrictNamedArgs{"a": 1, "b": 2, "c": 3}}, "by position": {1, 2}, "none": nil,
	} {
		text, got := positional(t.Context(), sql, args)
		if text != sql || len(got) != len(args) {
			t.Errorf("%s: %s with %v, want it untouched", name, text, got)
		}
	}
}
