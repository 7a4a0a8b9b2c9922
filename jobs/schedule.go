package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"xuncha/tenants"
)

// Schedule is a scan that is run again and again. It looks for what is due and
// does it: run late it catches up, run twice it finds nothing left.
type Schedule struct {
	every time.Duration
	name  string
	scan  func(context.Context) error
}

// Every returns a schedule that runs scan at this interval, on one machine or
// another.
func Every(interval time.Duration, name string, scan func(context.Context) error) Schedule {
	return Schedule{every: interval, name: name, scan: scan}
}

// Name names the scan.
func (s Schedule) Name() string { return s.name }

// Run runs the scan once, beside its interval.
func (s Schedule) Run(ctx context.Context) error { return s.scan(ctx) }

// PerOffice returns a scan that visits every office. It starts anywhere, so that
// when time runs out it is not always the same offices that were not visited,
// and what fails in one office does not keep it from the next.
func PerOffice(db *tenants.DB, log *slog.Logger, name string, scan func(ctx context.Context, scope tenants.Scope) error) func(context.Context) error {
	return InTurns(db, log, name, func(ctx context.Context, scope tenants.Scope) (bool, error) { return false, scan(ctx, scope) })
}

// spare is how long before its deadline a scan ends by itself. What is left waits
// for the next interval.
const spare = 3 * time.Second

// InTurns is [PerOffice] for scans that do a part of an office's work at a time and
// say whether there is more: the next part waits until all others had their turn, so
// that an office with very much to do keeps no other waiting.
func InTurns(
	db *tenants.DB, log *slog.Logger, name string, step func(ctx context.Context, scope tenants.Scope) (more bool, err error),
) func(context.Context) error {
	return func(ctx context.Context) error {
		offices, err := db.All(ctx)
		if err != nil {
			return err
		}
		failed, first := 0, rand.IntN(max(len(offices), 1))
		waiting := slices.Concat(offices[first:], offices[:first])
		for len(waiting) > 0 {
			var next []tenants.Tenant
			for i, office := range waiting {
				if end, limited := ctx.Deadline(); limited && time.Until(end) < spare {
					log.WarnContext(ctx, "scan not finished, goes on in its next turn", slog.String("scan", name), slog.Int("offices", len(waiting)-i+len(next)))
					return failures(name, failed, len(offices))
				}
				more, err := visit(ctx, tenants.ForJob(office, name), step)
				switch {
				case err != nil && ctx.Err() != nil:
					return err
				case err != nil:
					failed++
					log.ErrorContext(ctx, "scan failed", slog.String("scan", name), slog.String("office", office.Slug), slog.Any("error", err))
				case more:
					next = append(next, office)
				}
			}
			waiting = next
		}
		return failures(name, failed, len(offices))
	}
}

func failures(name string, failed, of int) error {
	if failed == 0 {
		return nil
	}
	return fmt.Errorf("%s failed in %d of %d offices", name, failed, of)
}

func visit(ctx context.Context, scope tenants.Scope, step func(context.Context, tenants.Scope) (bool, error)) (more bool, err error) {
	defer recovered(&err)
	return step(ctx, scope)
}

// scan is the job that runs a schedule once.
type scan struct {
	Name string `json:"name"`
}

// Kind names the job in the queue.
func (scan) Kind() string { return "scan" }

type scanner struct {
	river.WorkerDefaults[scan]
	scans map[string]func(context.Context) error
}

// Work runs the scan that the job names.
func (w *scanner) Work(ctx context.Context, job *river.Job[scan]) error {
	do, ok := w.scans[job.Args.Name]
	if !ok {
		return river.JobCancel(fmt.Errorf("no scan %q in this release", job.Args.Name))
	}
	return do(ctx)
}

// schedule registers the scans. One job per scan and interval is enough, whoever
// leads; a failed one is not tried again, because the next interval does that.
func schedule(cfg *river.Config, d Deps) error {
	w := &scanner{scans: map[string]func(context.Context) error{}}
	for _, s := range d.Schedules {
		if w.scans[s.name] != nil || s.every < time.Second {
			return fmt.Errorf("schedule %q is given twice or too often", s.name)
		}
		w.scans[s.name] = s.scan
		cfg.PeriodicJobs = append(cfg.PeriodicJobs, river.NewPeriodicJob(river.PeriodicInterval(s.every),
			func() (river.JobArgs, *river.InsertOpts) {
				return scan{Name: s.name}, &river.InsertOpts{
					Queue: scans, MaxAttempts: 1,
					UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: s.every},
				}
			}, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return river.AddWorkerSafely(cfg.Workers, w)
}
