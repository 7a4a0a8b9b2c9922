package main

import (
	"context"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/deploy/bench"
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/jobs"
	"xuncha/tenants"
)

// reminds makes a worker that scans the ladders of all offices as the queue's does.
func (s *stage) reminds(ctx context.Context) (func(context.Context) error, func(), error) {
	pool, err := pgxpool.New(ctx, s.cfg.Logins.Jobs)
	if err != nil {
		return nil, nil, err
	}
	clock := inspection.ClockAt(bench.RemindDay)
	db := tenants.NewDB(pool, clock)
	r := &rectification.Reminders{DB: db, Clock: clock, Calendar: inspection.PublishedCalendar()}
	return jobs.InTurns(db, slog.New(slog.DiscardHandler), "remind", r.Step), pool.Close, nil
}
