package papers

import (
	"context"

	"xuncha/tenants"
)

// Sealed lists what was signed of a kind in the own office, for
// [tenants.DB.VerifySealed]: also what came back and was signed anew, where the kind
// keeps it.
func (k Kind) Sealed(ctx context.Context, tx *tenants.Tx) ([]tenants.Sealed, error) {
	sql := `
		select '` + k.Name + ` ' || p.id as called, '` + k.Name + `.sign' as act, p.content::text as text, p.digest
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
	return tenants.CollectSealed(rows, Whole)
}
