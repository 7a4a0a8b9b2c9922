package tenants

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
)

// openTx is the context key of the transaction that [DB.Once] opened.
type openTx struct{}

// Request is a request that its sender may repeat.
type Request struct {
	Key         string // the sender's name for it (Idempotency-Key)
	Fingerprint []byte // digest of method, path and body
}

// Once runs do in one transaction and stores what it answers in the same
// transaction. A repeated request gets the stored answer and has no effect; the
// same key with another request is refused, and so is one that is still running.
// Keys are the actor's own: two people may use the same one.
func Once[T any](ctx context.Context, db *DB, s Scope, r Request, do func(context.Context) (T, error)) (T, error) {
	var answer T
	err := db.In(ctx, s, func(tx *Tx) error {
		stored, err := claim(ctx, tx, r)
		if err != nil {
			return err
		}
		if stored != nil {
			return json.Unmarshal(stored, &answer)
		}
		if answer, err = do(context.WithValue(ctx, openTx{}, tx)); err != nil {
			return err
		}
		b, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			update answers set answer = @answer
			where tenant_id = @tenant and actor = @actor and key = @key`,
			pgx.StrictNamedArgs{"answer": b, "tenant": s.Tenant(), "actor": s.Member(), "key": r.Key})
		return err
	})
	return answer, err
}

// claim returns the answer stored for r, or takes the key for this transaction.
func claim(ctx context.Context, tx *Tx, r Request) (json.RawMessage, error) {
	args := pgx.StrictNamedArgs{"actor": tx.scope.member, "key": r.Key, "fingerprint": r.Fingerprint}
	var mine bool
	err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock(hashtextextended(@actor::text || @key, 0))`,
		pgx.StrictNamedArgs{"actor": tx.scope.member.String(), "key": r.Key}).Scan(&mine)
	if err != nil {
		return nil, err
	}
	if !mine {
		return nil, inspection.Errorf(inspection.Conflict, "in-progress", "上一次相同的请求还在处理，请稍候。")
	}
	var fingerprint []byte
	var stored json.RawMessage
	err = tx.QueryRow(ctx, `
		with taken as (
			insert into answers (actor, key, fingerprint) values (@actor, @key, @fingerprint)
			on conflict do nothing
			returning fingerprint, answer)
		select * from taken
		union all
		select fingerprint, answer from answers
		where tenant_id = current_tenant() and actor = @actor and key = @key`, args).Scan(&fingerprint, &stored)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, fmt.Errorf("the key was neither taken nor found")
	case err != nil:
		return nil, fmt.Errorf("claim key: %w", err)
	case !bytes.Equal(fingerprint, r.Fingerprint):
		return nil, inspection.Errorf(inspection.Invalid, "idempotency-mismatch",
			"相同的 Idempotency-Key 已用于另一个请求。")
	}
	return stored, nil
}
