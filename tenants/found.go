package tenants

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
)

// Found turns "no rows" into the NotFound error that foreign and unknown rows
// share, as in Found(pgx.CollectExactlyOneRow(rows, …)).
func Found[T any](v T, err error) (T, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return v, inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
	}
	if err != nil {
		return v, fmt.Errorf("read row: %w", err)
	}
	return v, nil
}
