package papers

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/tenants"
)

// Sealed lists what was signed of a kind in the own office, for
// [tenants.DB.VerifySealed]: also what came back and was signed anew, where the kind
// keeps it.
func (k Kind) Sealed(ctx context.Context, tx *tenants.Tx) ([]tenants.Sealed, error) {
	sql := `
		select '` + k.Name + ` ' || p.id as called, '` + k.Name + `.sign' as act, p.content::text as content, p.digest
		from ` + k.Name + `s p
		where ` + tenants.Own("p") + ` and p.content is not null`
	if k.Kept != "" {
		sql += `
		union all
		select '` + k.Name + ` ' || p.` + k.Name + `_id || ', signing ' || p.n, '` + k.Name + `.sign', p.content::text, p.digest
		from ` + k.Kept + ` p
		where ` + tenants.Own("p")
	}
	rows, _ := tx.Query(ctx, sql+`
		order by called`)
	type kept struct {
		Called, Act, Content string
		Digest               []byte
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[kept])
	if err != nil {
		return nil, fmt.Errorf("what was signed: %w", err)
	}
	sealed := make([]tenants.Sealed, len(all))
	for i, p := range all {
		sealed[i] = tenants.Sealed{Called: p.Called, Act: p.Act, Digest: p.Digest, Intact: Whole([]byte(p.Content), p.Digest)}
	}
	return sealed, nil
}
