package rectification

import (
	"context"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/tenants"
)

// CleanFiles deletes ledgers that were uploaded more than age ago and belong to no
// import: the service died between the file and its row. It returns how many.
func (s *Imports) CleanFiles(ctx context.Context, scope tenants.Scope, age time.Duration) (int, error) {
	old, err := s.Cases.Files.Old(ctx, ledgersOf(scope.Office()), age)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `select i.blob from imports i where `+tenants.Own("i")+` and i.blob = any(@keys)`,
			pgx.StrictNamedArgs{"keys": old})
		kept, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return fmt.Errorf("list files of imports: %w", err)
		}
		old = slices.DeleteFunc(old, func(key string) bool { return slices.Contains(kept, key) })
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(old), s.Cases.Files.Delete(ctx, old...)
}

// ledgersOf is where the ledgers of an office lie in the file store.
func ledgersOf(office tenants.Tenant) string { return path.Join("ledgers", office.Slug) }
