package tenants

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
)

// DB is the database as one login sees it. Its doors to the rows of an office are
// [DB.In] and, for looking only, [DB.Read] and [DB.Snapshot].
type DB struct {
	pool  *pgxpool.Pool
	clock inspection.Clock
}

// NewDB returns the database behind pool. clock dates the journal.
func NewDB(pool *pgxpool.Pool, clock inspection.Clock) *DB { return &DB{pool: pool, clock: clock} }

// Tx is a transaction, or what [DB.Read] makes of one, that touches only what its
// scope allows. Only DB's doors make one, so a function that takes a *Tx cannot be
// called without a scope.
type Tx struct {
	*lazyTx
	scope   Scope
	clock   inspection.Clock
	entries []Entry
}

// Scope returns on whose behalf the transaction works.
func (tx *Tx) Scope() Scope { return tx.scope }

// In runs fn in a transaction scoped to s. It commits when fn returns nil and
// rolls back otherwise. The journal entries that fn leaves are part of it.
//
// Inside [DB.Once] the transaction is the one that is already open, so that the
// answer to a repeated request is stored with its effect.
func (db *DB) In(ctx context.Context, s Scope, fn func(tx *Tx) error) error {
	if s.useless() {
		return ErrNoScope
	}
	if open, ok := ctx.Value(openTx{}).(*Tx); ok {
		if err := open.widen(ctx, s); err != nil {
			return err
		}
		return fn(open)
	}
	return db.on(ctx, func(conn *pgx.Conn) error {
		lazy := &lazyTx{conn: conn, settings: s.settings(), opening: "begin"}
		tx := &Tx{lazyTx: lazy, scope: s, clock: db.clock}
		defer func() { _ = lazy.Rollback(context.WithoutCancel(ctx)) }() // no effect after a commit
		if err := fn(tx); err != nil {
			return known(err)
		}
		last, err := tx.flushJournal(ctx)
		if err != nil {
			return err
		}
		if err := lazy.commitAfter(ctx, last); err != nil {
			return fmt.Errorf("commit: %w", known(err))
		}
		return nil
	})
}

// Read runs fn, which only reads, scoped to s. Each of its statements, or
// batches of them, is a transaction of its own that the database knows to be
// read-only: a transaction around them costs another trip and adds nothing. The
// journal entries that fn leaves are written before Read returns.
func (db *DB) Read(ctx context.Context, s Scope, fn func(tx *Tx) error) error {
	if s.useless() {
		return ErrNoScope
	}
	if _, open := ctx.Value(openTx{}).(*Tx); open {
		return db.In(ctx, s, fn)
	}
	tx := &Tx{scope: s, clock: db.clock}
	err := db.on(ctx, func(conn *pgx.Conn) error {
		tx.lazyTx = &lazyTx{conn: conn, settings: s.settings(), reading: true}
		return known(fn(tx))
	})
	if err != nil {
		return err
	}
	return db.note(ctx, s, tx.entries)
}

// Snapshot runs fn, which only reads, scoped to s: all of its statements see the rows
// as they were at the first one, whatever is written meanwhile. It is for what is read
// in many steps and leaves the house as one. Journal entries are written as by
// [DB.Read].
func (db *DB) Snapshot(ctx context.Context, s Scope, fn func(tx *Tx) error) error {
	if s.useless() {
		return ErrNoScope
	}
	tx := &Tx{scope: s, clock: db.clock}
	err := db.on(ctx, func(conn *pgx.Conn) error {
		tx.lazyTx = &lazyTx{conn: conn, settings: s.settings(), opening: "begin isolation level repeatable read read only"}
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // there is nothing to keep
		return known(fn(tx))
	})
	if err != nil {
		return err
	}
	return db.note(ctx, s, tx.entries)
}

// note writes what a reading left for the journal.
func (db *DB) note(ctx context.Context, s Scope, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	return db.In(ctx, s, func(writing *Tx) error {
		writing.entries = entries
		return nil
	})
}

// on runs fn on a connection of the pool.
func (db *DB) on(ctx context.Context, fn func(*pgx.Conn) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer conn.Release()
	return fn(conn.Conn())
}

// useless reports whether s was never made for anybody.
func (s Scope) useless() bool { return s.office.ID == 0 || s.lo == 0 || s.role == "" }

// widen gives the open transaction the reach of s, to its end. The actor stays
// the same: nothing else of a scope may change inside a transaction.
func (tx *Tx) widen(ctx context.Context, s Scope) error {
	if tx.scope == s {
		return nil
	}
	lo, hi := s.lo, s.hi
	if s.lo, s.hi = tx.scope.lo, tx.scope.hi; s != tx.scope {
		return fmt.Errorf("a request that may be repeated worked for two scopes")
	}
	tx.scope.lo, tx.scope.hi = lo, hi
	if _, err := tx.Exec(ctx, setScope, tx.scope.settings()...); err != nil {
		return fmt.Errorf("widen the reach: %w", known(err))
	}
	return nil
}

// settings are what the policies read, for one transaction.
func (s Scope) settings() []any {
	id := func(u uuid.UUID) string {
		if u == uuid.Nil {
			return ""
		}
		return u.String()
	}
	number := func(n ID) string { return strconv.Itoa(int(n)) }
	return []any{
		number(s.office.ID), number(s.lo), number(s.hi),
		id(s.unit.UUID), id(s.member.UUID), string(s.role),
	}
}

// Set for the transaction alone: a pooled connection carries nothing over.
const setScope = `select set_config('app.tenant', $1, true), set_config('app.lo', $2, true),
	set_config('app.hi', $3, true), set_config('app.unit', $4, true),
	set_config('app.member', $5, true), set_config('app.role', $6, true)`

// The same, and nothing can be written.
const setReading = setScope + `, set_config('transaction_read_only', 'on', true)`

// known turns what PostgreSQL refuses for a reason that a person can act on into
// an error of ours. Everything else stays internal.
func known(err error) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	switch pg.Code {
	case "40001", "40P01", "55P03": // serialization, deadlock, lock not available
		return fmt.Errorf("%w (%w)", inspection.Errorf(inspection.Busy, "busy",
			"此刻操作的人较多，请稍后重试。"), err)
	case "53100", "53300", "57P01", "57P02", "57P03", "08006", "08003":
		return unavailable(err)
	}
	return err
}

func unavailable(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w (%w)", inspection.Errorf(inspection.Unavailable, "database-unavailable",
		"暂时无法读写数据，内容已保留在页面上。请稍后重试。"), err)
}
