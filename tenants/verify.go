package tenants

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const recordColumns = `tenant_id, seq, at, actor_id, actor_name, actor_tenant, role, grant_id, action, object,
	object_id, unit_id, result, detail::text::bytea as detail, before, after, request_id, prev, hash`

// Broken says where a journal's chain fails and why.
type Broken struct {
	Office string `json:"office"` // slug
	Seq    int64  `json:"seq"`    // first entry that is wrong
	Reason string `json:"reason"`
}

// Verify recomputes the chain of one office's journal. It returns how many
// entries hold, and where the chain is broken, if it is: a changed, dropped,
// reordered or inserted entry, or a tail that was cut.
func (db *DB) Verify(ctx context.Context, office Tenant) (n int64, broken *Broken, err error) {
	fail := func(seq int64, format string, args ...any) *Broken {
		return &Broken{Office: office.Slug, Seq: seq, Reason: fmt.Sprintf(format, args...)}
	}
	err = db.In(ctx, ForJob(office, "audit.verify"), func(tx *Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+recordColumns+` from journal
			where tenant_id = @tenant
			order by seq`, pgx.StrictNamedArgs{"tenant": office.ID})
		prev := []byte{}
		r := Record{}
		_, err := pgx.ForEachRow(rows, r.scan(), func() error {
			switch {
			case broken != nil:
			case r.Seq != n+1:
				broken = fail(n+1, "entry %d is missing: the next is %d", n+1, r.Seq)
			case !bytes.Equal(r.Prev, prev):
				broken = fail(r.Seq, "entry %d does not follow entry %d", r.Seq, n)
			case !bytes.Equal(r.Hash, r.chained()):
				broken = fail(r.Seq, "entry %d was changed", r.Seq)
			default:
				n, prev = r.Seq, bytes.Clone(r.Hash)
			}
			return nil
		})
		if err != nil || broken != nil {
			return err
		}
		var seq int64
		var hash []byte
		err = tx.QueryRow(ctx, `
			select seq, hash from journal_heads where tenant_id = @tenant`,
			pgx.StrictNamedArgs{"tenant": office.ID}).Scan(&seq, &hash)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) { // an office in which nobody ever acted has no head
			return err
		}
		if seq != n || !bytes.Equal(hash, prev) {
			broken = fail(n+1, "the journal ends at entry %d, its head at %d", n, seq)
		}
		return nil
	})
	if err != nil {
		return n, nil, fmt.Errorf("verify journal: %w", err)
	}
	return n, broken, nil
}

func (r *Record) scan() []any {
	return []any{
		&r.TenantID, &r.Seq, &r.At, &r.ActorID, &r.ActorName, &r.ActorTenant, &r.Role, &r.GrantID, &r.Action,
		&r.Object, &r.ObjectID, &r.UnitID, &r.Result, &r.Detail, &r.Before, &r.After, &r.RequestID, &r.Prev, &r.Hash,
	}
}
