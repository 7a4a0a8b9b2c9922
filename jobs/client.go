package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"xuncha/migrations"
	"xuncha/tenants"
)

// Deps is what the queue needs from the rest of the house.
type Deps struct {
	Log        *slog.Logger
	Middleware []rivertype.Middleware // telemetry

	// Work is what this process works on; without any it only puts jobs in.
	// All processes that work must work on the same kinds.
	Work      []Work
	Schedules []Schedule

	Timeout time.Duration // of one attempt; 30 s unless set
	Rescue  time.Duration // when an attempt without an end counts as dead; 2 min unless set
	Stuck   time.Duration // how long after its timeout a job that did not end is made up for; 10 s unless set
}

// Client puts jobs in and, given work, works on them.
type Client struct {
	river    *river.Client[pgx.Tx]
	works    bool
	stopping atomic.Bool
	turns    turns
	promises map[string]time.Duration // of kinds that may wait longer than others
}

// Jobs wait in one queue, scans in another: a thousand imports must not hold up
// the reminders.
const scans = "scans"

// New returns a client on pool, which logs in as xuncha_jobs to work and as
// whatever the caller's transactions use to put jobs in.
func New(pool *pgxpool.Pool, d Deps) (*Client, error) {
	c := &Client{works: len(d.Work) > 0 || len(d.Schedules) > 0, promises: map[string]time.Duration{}}
	cfg := &river.Config{
		Schema:               migrations.RiverSchema,
		Logger:               d.Log,
		Middleware:           d.Middleware,
		JobTimeout:           or(d.Timeout, 30*time.Second),
		RescueStuckJobsAfter: or(d.Rescue, 2*time.Minute),
		RetryPolicy:          backoff{},
		FetchCooldown:        10 * time.Millisecond, // four short jobs at a time would be forty a second otherwise
		JobStuckHandler:      d.makeUp,
		JobStuckThreshold:    d.Stuck,
		// What was given up is kept as long as what failed: a person looks at either.
		CancelledJobRetentionPeriod: 7 * 24 * time.Hour,
		ReindexerSchedule:           river.NeverSchedule(), // its indexes belong to the owner, not to this login
	}
	if c.works {
		cfg.Queues = map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: 4},
			scans:              {MaxWorkers: 2},
		}
		cfg.Workers = river.NewWorkers()
		for _, w := range d.Work {
			if err := w.add(cfg.Workers, c); err != nil {
				return nil, fmt.Errorf("jobs: %w", err)
			}
			c.promises[w.kind] = w.promise
		}
		if err := schedule(cfg, d); err != nil {
			return nil, fmt.Errorf("jobs: %w", err)
		}
	}
	var err error
	if c.river, err = river.NewClient(riverpgxv5.New(pool), cfg); err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return c, nil
}

// Start begins to work. The end of ctx does not stop it: [Client.Stop] does.
func (c *Client) Start(ctx context.Context) error {
	if !c.works {
		return nil
	}
	if err := c.river.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}

// Stop takes no new jobs and waits for those at work until ctx ends; then it
// cancels them, and they are tried again elsewhere.
func (c *Client) Stop(ctx context.Context) error {
	if !c.works {
		return nil
	}
	c.stopping.Store(true)
	err := c.river.Stop(ctx)
	if err == nil {
		return nil
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, c.river.StopAndCancel(last))
}

// Put puts a job in, to run if and when tx commits. Of an office that puts in very
// much it runs after those of others.
func (c *Client) Put(ctx context.Context, tx *tenants.Tx, args Args) error {
	opts := &river.InsertOpts{Priority: c.turns.priority(args.office(), time.Now())}
	if _, err := c.river.InsertTx(ctx, tx, args, opts); err != nil {
		return fmt.Errorf("queue %s: %w", args.Kind(), err)
	}
	return nil
}

// backoff tries again after 1, 2, 4, … seconds, at last every five minutes: for
// two hours with River's 25 attempts.
type backoff struct{}

// NextRetry returns when to try again.
func (backoff) NextRetry(job *rivertype.JobRow) time.Time {
	wait := 5 * time.Minute
	if n := len(job.Errors); n < 8 {
		wait = time.Second << n
	}
	return time.Now().Add(wait)
}

func or(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}
