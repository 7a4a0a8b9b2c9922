package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"xuncha/inspection"
	"xuncha/jobs"
	"xuncha/tenants"
)

// house is what one process runs: its pools, its surfaces, its queue.
type house struct {
	cfg config
	log *slog.Logger
	tel *telemetry

	clock    inspection.Clock
	calendar *inspection.Calendar

	health   *health
	surfaces []*listener
	queue    *jobs.Client                  // what works here; nil if nothing does
	parts    []func(context.Context) error // what else goes on until the house stops
	closers  []func()                      // from the cellar up; closed from the roof down
}

// newHouse returns a house without rooms.
func newHouse(ctx context.Context, cfg config, log *slog.Logger, clock inspection.Clock) (*house, error) {
	tel, err := newTelemetry(ctx, cfg.Collector)
	if err != nil {
		return nil, err
	}
	return &house{cfg: cfg, log: log, tel: tel, clock: clock, calendar: inspection.PublishedCalendar(), health: &health{log: log}}, nil
}

// login is one way into the database.
type login struct {
	*tenants.DB
	pool *pgxpool.Pool
}

// connect opens the pool of one login. A statement that runs longer than patience
// is given up by the database.
func (h *house) connect(ctx context.Context, name, address string, patience time.Duration) (login, error) {
	cfg, err := pgxpool.ParseConfig(address)
	if err != nil {
		return login{}, fmt.Errorf("the address of database login %s cannot be read", name) // err would repeat it, password and all
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = name
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = milliseconds(patience)
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = milliseconds(2 * patience)
	h.tel.watch(cfg)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return login{}, fmt.Errorf("database: %w", err)
	}
	h.closers = append(h.closers, pool.Close)
	if err := h.tel.measure(pool, name); err != nil {
		return login{}, fmt.Errorf("database: %w", err)
	}
	h.health.check("database, "+name, pool.Ping)
	db := tenants.NewDB(pool, h.clock)
	if err := db.Guarded(ctx); err != nil && h.cfg.Production {
		return login{}, fmt.Errorf("database: %w", err)
	} else if err != nil {
		h.log.WarnContext(ctx, "production would refuse this", slog.Any("error", err))
	}
	return login{db, pool}, nil
}

func milliseconds(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }

// run serves and works until ctx ends or a part fails, then stops in an orderly
// way: it says that it is not ready, still takes requests while the balancer
// notices, drains requests and jobs, and closes what is left.
func (h *house) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	if h.queue != nil {
		if err := h.queue.Start(ctx); err != nil {
			return err
		}
	}
	for _, s := range h.surfaces {
		g.Go(s.serve)
	}
	for _, part := range h.parts {
		g.Go(func() error { return part(ctx) })
	}
	g.Go(func() error {
		<-ctx.Done() // a signal, or a part failed
		return h.stop(context.WithoutCancel(ctx))
	})
	return g.Wait()
}

func (h *house) stop(ctx context.Context) error {
	began := time.Now()
	h.log.InfoContext(ctx, "stopping")
	h.health.stopping.Store(true)
	for _, s := range h.surfaces {
		s.fadeOut()
	}
	time.Sleep(h.cfg.Drain)
	ctx, cancel := context.WithTimeout(ctx, h.cfg.Grace)
	defer cancel()
	g := new(errgroup.Group)
	for _, s := range h.surfaces {
		g.Go(func() error { return s.drain(ctx) })
	}
	if h.queue != nil {
		g.Go(func() error { return h.queue.Stop(ctx) })
	}
	err := g.Wait()
	h.log.InfoContext(ctx, "stopped", slog.Duration("took", time.Since(began)), slog.Bool("clean", err == nil))
	return err
}

// close gives back what the house holds. Telemetry goes last: it hears of
// everything before.
func (h *house) close() error {
	for i := len(h.closers) - 1; i >= 0; i-- {
		h.closers[i]()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := h.tel.stop(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
