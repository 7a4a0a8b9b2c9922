package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Work is a kind of job and what does it; made by [Steps] and [Once].
type Work struct {
	kind    string
	promise time.Duration
	add     func(*river.Workers, *Client) error
}

// Kind names the kind of its jobs.
func (w Work) Kind() string { return w.kind }

// Within returns w whose jobs may take so long to their end before somebody is told.
func (w Work) Within(promise time.Duration) Work {
	w.promise = promise
	return w
}

func kindOf[A Args]() string {
	var args A
	return args.Kind()
}

// Args say what a job is about: the office, and ids within it.
type Args interface {
	river.JobArgs
	office() string
}

// Office is the part of a job's arguments that names the office, by its slug:
// its number may change when the tree of offices does.
type Office struct {
	Slug string `json:"office"`
}

func (o Office) office() string { return o.Slug }

// slice is how long a job with many steps keeps its place before it lets others
// go first.
const slice = 20 * time.Second

// Step does the next part of a job in tx and reports whether there is more. It
// locks what it changes and looks at its state first: the same step may be tried
// again, and by two workers at once.
type Step[A Args] func(ctx context.Context, tx *tenants.Tx, args A) (more bool, err error)

// Steps returns work that is done in steps of one transaction each. The last one
// completes the job in its transaction. giveUp, if not nil, records why a job
// will not be tried again; it runs in a transaction of its own.
func Steps[A Args](db *tenants.DB, step Step[A], giveUp func(ctx context.Context, tx *tenants.Tx, args A, cause error) error) Work {
	return Work{kind: kindOf[A](), add: func(all *river.Workers, c *Client) error {
		return river.AddWorkerSafely(all, &steps[A]{db: db, client: c, step: step, giveUp: giveUp})
	}}
}

type steps[A Args] struct {
	river.WorkerDefaults[A]
	db     *tenants.DB
	client *Client
	step   Step[A]
	giveUp func(context.Context, *tenants.Tx, A, error) error
}

// Work runs steps until there are no more, or until it is somebody else's turn.
func (w *steps[A]) Work(ctx context.Context, job *river.Job[A]) error {
	if err := stuck(job.JobRow); err != nil {
		return err
	}
	scope, err := scopeOf(ctx, w.db, job)
	if err != nil {
		return settle(err)
	}
	for began := time.Now(); ; {
		more, err := w.next(ctx, scope, job)
		switch {
		case err != nil:
			return w.failed(ctx, scope, job, err)
		case !more:
			return nil
		case time.Since(began) > slice || w.client.stopping.Load():
			return river.JobSnooze(0)
		}
	}
}

func (w *steps[A]) next(ctx context.Context, scope tenants.Scope, job *river.Job[A]) (more bool, err error) {
	defer recovered(&err)
	err = w.db.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if more, err = w.step(ctx, tx, job.Args); err != nil || more {
			return err
		}
		if _, err := river.JobCompleteTx[*riverpgxv5.Driver, pgx.Tx](ctx, tx, job); err != nil {
			return fmt.Errorf("complete job: %w", err)
		}
		return nil
	})
	return more, err
}

func (w *steps[A]) failed(ctx context.Context, scope tenants.Scope, job *river.Job[A], cause error) error {
	if w.giveUp == nil || !permanent(cause) && job.Attempt < job.MaxAttempts {
		return settle(cause)
	}
	err := w.db.In(ctx, scope, func(tx *tenants.Tx) error { return w.giveUp(ctx, tx, job.Args, cause) })
	if err != nil {
		return errors.Join(cause, err) // not settled: somebody waits for the reason
	}
	return settle(cause)
}

// Once returns work whose effect is outside the database. Its room keeps its own
// record of every attempt.
func Once[A Args](db *tenants.DB, do func(ctx context.Context, scope tenants.Scope, args A) error) Work {
	return Work{kind: kindOf[A](), add: func(all *river.Workers, _ *Client) error {
		return river.AddWorkerSafely(all, &once[A]{db: db, do: do})
	}}
}

type once[A Args] struct {
	river.WorkerDefaults[A]
	db *tenants.DB
	do func(context.Context, tenants.Scope, A) error
}

// Work does the job under the scope of its office.
func (w *once[A]) Work(ctx context.Context, job *river.Job[A]) (err error) {
	defer recovered(&err)
	if err := stuck(job.JobRow); err != nil {
		return err
	}
	scope, err := scopeOf(ctx, w.db, job)
	if err != nil {
		return settle(err)
	}
	return settle(w.do(ctx, scope, job.Args))
}

func scopeOf[A Args](ctx context.Context, db *tenants.DB, job *river.Job[A]) (tenants.Scope, error) {
	office, err := db.BySlug(ctx, job.Args.office())
	return tenants.ForJob(office, job.Kind), err
}

// settle ends a job whose next attempt would find the same.
func settle(err error) error {
	if permanent(err) {
		return river.JobCancel(err)
	}
	return err
}

func permanent(err error) bool {
	if err == nil {
		return false
	}
	switch inspection.KindOf(err) {
	case inspection.Internal, inspection.Unavailable, inspection.Busy, inspection.Full:
		return false
	default:
		return true
	}
}

// recovered turns a panic into an error, so that it is counted, recorded and
// given up like any other.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
	}
}
