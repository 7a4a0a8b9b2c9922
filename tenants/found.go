package tenants

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
)

// ErrUnknown answers whoever asks for a row that is not there, or not for them: the
// same to both.
var ErrUnknown = inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")

// Found turns "no rows" into the NotFound error that foreign and unknown rows
// share, as in Found(pgx.CollectExactlyOneRow(rows, …)).
func Found[T any](v T, err error) (T, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return v, ErrUnknown
	}
	if err != nil {
		return v, fmt.Errorf("read row: %w", err)
	}
	return v, nil
}
