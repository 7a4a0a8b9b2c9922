package rectification

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/tenants"
)

// OrphanAge is how old a file that nobody needs is when it goes: what looks for them
// every hour has removed it within a day (TRUST R-29).
const OrphanAge = 22 * time.Hour

// CleanFiles removes what uploads left behind in one office's folder: parts of
// uploads that ended or rest too long, files that never became evidence, and
// files of evidence that was withdrawn. Only what is older than age goes, so that
// nothing under way is touched. A job calls it; late or twice does no harm.
func (s *Service) CleanFiles(ctx context.Context, scope tenants.Scope, age time.Duration) (removed int, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		_, err := tx.Exec(ctx, `
			update uploads p set state = 'abandoned'
			where `+tenants.Own("p")+` and state = 'open' and at < @before`,
			pgx.StrictNamedArgs{"before": s.Clock().Add(-uploadLife)})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("abandon uploads: %w", err)
	}
	folder := scope.Office().Slug
	parts, err := s.Files.Old(ctx, folder+"/uploads", age)
	if err != nil {
		return 0, err
	}
	whole, err := s.Files.Old(ctx, folder+"/evidence", age)
	if err != nil {
		return 0, err
	}
	unused, err := s.unused(ctx, scope, parts, whole)
	if err != nil {
		return 0, err
	}
	return len(unused), s.Files.Delete(ctx, unused...)
}

// unused keeps of the keys those that no open upload and no evidence needs.
func (s *Service) unused(ctx context.Context, scope tenants.Scope, parts, whole []string) (keys []string, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select id::text from uploads p where `+tenants.Own("p")+` and state = 'open'`)
		open, err := set(rows)
		if err != nil {
			return err
		}
		rows, _ = tx.Query(ctx, `
			select blob from evidence e
			where `+tenants.Own("e")+` and blob = any(@keys) and (withdrawn_at is null or withdrawn_at > @since)`,
			pgx.StrictNamedArgs{"keys": whole, "since": s.Clock().Add(-uploadLife)})
		used, err := set(rows)
		if err != nil {
			return err
		}
		for _, key := range parts {
			if steps := strings.Split(key, "/"); len(steps) != 4 || !open[steps[2]] {
				keys = append(keys, key)
			}
		}
		for _, key := range whole {
			if !used[key] {
				keys = append(keys, key)
			}
		}
		return nil
	})
	return keys, err
}

func set(rows pgx.Rows) (map[string]bool, error) {
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("files in use: %w", err)
	}
	all := make(map[string]bool, len(names))
	for _, n := range names {
		all[n] = true
	}
	return all, nil
}
