package tenants

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// lazyTx begins, takes its scope and runs its first statement in one round trip.
// A transaction costs two trips more than a bare statement otherwise.
type lazyTx struct {
	conn     *pgx.Conn
	settings []any  // arguments of setScope
	opening  string // what begins it
	reading  bool   // each trip is a transaction of its own and cannot write
	begun    bool
	opened   bool // what opens the next trip waits already
	closed   bool
	waiting  []*pgx.QueuedQuery // run first in the next trip
}

var errNested = errors.New("transactions are not nested: a service method is the unit of work")

// Later lets a statement wait for the next trip, the commit's at the latest,
// where it runs first. Nobody sees its result; if it fails, that trip does.
func (t *lazyTx) Later(sql string, args ...any) {
	t.begin()
	t.wait(sql, args...)
}

func (t *lazyTx) wait(sql string, args ...any) {
	t.waiting = append(t.waiting, &pgx.QueuedQuery{SQL: sql, Arguments: args})
}

// begin lets what opens the transaction wait, unless it is open or that waits.
func (t *lazyTx) begin() {
	switch {
	case t.opened:
		t.opened = false
	case t.reading: // What is sent together is one transaction even without begin.
		t.wait(setReading, t.settings...)
	case !t.begun:
		t.wait(t.opening)
		t.wait(setScope, t.settings...)
		t.begun = true
	}
}

// SendBatch sends b, after what waits.
func (t *lazyTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	t.begin()
	skip := len(t.waiting)
	all := &pgx.Batch{QueuedQueries: append(t.waiting, b.QueuedQueries...)}
	t.waiting = nil
	for _, q := range all.QueuedQueries {
		q.SQL, q.Arguments = positional(ctx, q.SQL, q.Arguments)
	}
	results := t.conn.SendBatch(ctx, all)
	for range skip {
		if _, err := results.Exec(); err != nil {
			return failedBatch{results, err}
		}
	}
	return results
}

// alone reports whether a statement needs no company: nothing waits.
func (t *lazyTx) alone() bool { return t.begun && len(t.waiting) == 0 }

// Query runs sql and returns its rows.
func (t *lazyTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if t.alone() {
		sql, args = positional(ctx, sql, args)
		return t.conn.Query(ctx, sql, args...)
	}
	var b pgx.Batch
	b.Queue(sql, args...)
	results := t.SendBatch(ctx, &b)
	rows, err := results.Query()
	if err != nil {
		_ = results.Close()
		return rows, err
	}
	return &firstRows{rows, results}, nil
}

// QueryWhole runs a query that looks at every row of an office. The planner takes
// every office for a handful of rows (migrations/roles.sql) and would look up each
// row of one table in the next; here it reads each table once.
func (t *lazyTx) QueryWhole(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	t.begin()
	t.wait(setNestLoop, "off")
	t.opened = true
	rows, err := t.Query(ctx, sql, args...)
	if !t.reading { // there the trip is the transaction
		t.wait(setNestLoop, "on")
	}
	return rows, err
}

const setNestLoop = `select set_config('enable_nestloop', $1, true)`

// QueryRow runs sql and returns its first row.
func (t *lazyTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if t.alone() {
		sql, args = positional(ctx, sql, args)
		return t.conn.QueryRow(ctx, sql, args...)
	}
	rows, err := t.Query(ctx, sql, args...)
	return firstRow{rows, err}
}

// Exec runs sql.
func (t *lazyTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if t.alone() {
		sql, args = positional(ctx, sql, args)
		return t.conn.Exec(ctx, sql, args...)
	}
	var b pgx.Batch
	b.Queue(sql, args...)
	results := t.SendBatch(ctx, &b)
	tag, err := results.Exec()
	return tag, errors.Join(err, results.Close())
}

// Commit makes the work last. Without any statement there is nothing to commit.
func (t *lazyTx) Commit(ctx context.Context) error { return t.commitAfter(ctx, &pgx.Batch{}) }

// commitAfter runs the last statements and commits, in one round trip.
func (t *lazyTx) commitAfter(ctx context.Context, last *pgx.Batch) error {
	if t.closed || !t.begun && last.Len() == 0 {
		t.closed = true
		return nil
	}
	n := last.Len()
	last.Queue("commit")
	results := t.SendBatch(ctx, last)
	for range n {
		if _, err := results.Exec(); err != nil {
			_ = results.Close() // says the same
			return err
		}
	}
	if failed, ok := results.(failedBatch); ok { // nothing was committed: what waited failed
		_ = results.Close() // says the same
		return failed.err
	}
	t.closed = true
	tag, err := results.Exec()
	if err = errors.Join(err, results.Close()); err != nil {
		_ = t.conn.Close(context.WithoutCancel(ctx)) // nobody may reuse a transaction in doubt
		return err
	}
	if tag.String() == "ROLLBACK" {
		return pgx.ErrTxCommitRollback
	}
	return nil
}

// Rollback undoes the work, unless it was committed.
func (t *lazyTx) Rollback(ctx context.Context) error {
	if t.closed {
		return nil
	}
	t.closed = true
	if t.conn.PgConn().TxStatus() == 'I' {
		return nil
	}
	if _, err := t.conn.Exec(ctx, "rollback"); err != nil {
		return errors.Join(err, t.conn.Close(ctx))
	}
	return nil
}

// Begin refuses.
func (t *lazyTx) Begin(context.Context) (pgx.Tx, error) { return nil, errNested }

// CopyFrom opens the transaction first. COPY is refused under row security.
func (t *lazyTx) CopyFrom(context.Context, pgx.Identifier, []string, pgx.CopyFromSource) (int64, error) {
	return 0, errors.New("copy is refused under row security: insert from unnest instead")
}

// LargeObjects is not used.
func (t *lazyTx) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

// Prepare prepares a statement on the connection.
func (t *lazyTx) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	return t.conn.Prepare(ctx, name, sql)
}

// Conn returns the connection.
func (t *lazyTx) Conn() *pgx.Conn { return t.conn }

// firstRows closes the batch that the rows came in together with them.
type firstRows struct {
	pgx.Rows
	results pgx.BatchResults
}

// Next closes the batch after the last row, as pgx's own rows do.
func (r *firstRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

// Close closes the rows and their batch.
func (r *firstRows) Close() {
	r.Rows.Close()
	_ = r.results.Close()
}

type firstRow struct {
	rows pgx.Rows
	err  error
}

// Scan reads the one row.
func (r firstRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}

// failedBatch answers everything with the reason why the batch did not start.
type failedBatch struct {
	pgx.BatchResults
	err error
}

func (f failedBatch) Exec() (pgconn.CommandTag, error) { return pgconn.CommandTag{}, f.err }
func (f failedBatch) Query() (pgx.Rows, error)         { return firstFailed{err: f.err}, f.err }
func (f failedBatch) QueryRow() pgx.Row                { return firstRow{err: f.err} }

// firstFailed is rows of a statement that never ran.
type firstFailed struct {
	pgx.Rows
	err error
}

func (f firstFailed) Close()     {}
func (f firstFailed) Err() error { return f.err }
func (f firstFailed) Next() bool { return false }
