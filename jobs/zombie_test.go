package jobs_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"gocloud.dev/blob/fileblob"

	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestZombie: a worker that was given up for dead, and whose job another has done
// since, wakes up and goes on (TRUST §0, 6). River lets it; the rooms do not.
func TestZombie(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	unit, round := h.Unit(office, "某镇党委"), h.Round(office)
	folder := t.TempDir()
	im := runImport(t, h, folder, h.As(office, tenants.OFF), rectification.NewImport{Unit: unit, Round: round, Issue: true, Name: "台账.xlsx"}, 30, 0)
	bucket, err := fileblob.OpenBucket(folder, &fileblob.Options{NoTempDir: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	cases := &rectification.Service{DB: h.Jobs, Clock: clock, Calendar: cal, Files: files.NewStore(bucket)}
	imports := &rectification.Imports{DB: h.Jobs, Clock: clock, Cases: cases}
	reminders := &rectification.Reminders{DB: h.Jobs, Clock: func() time.Time { return tenantstest.Now.AddDate(0, 0, 12) }, Calendar: cal}

	var tries, imported, scans, ended atomic.Int64
	asleep, scanAsleep, wake := make(chan struct{}), make(chan struct{}), make(chan struct{})
	log := slog.New(slog.DiscardHandler)
	start(t, h.Login("xuncha_jobs"), jobs.Deps{
		Timeout: 10 * time.Minute, Rescue: 11 * time.Minute,
		Work: []jobs.Work{jobs.Steps(h.Jobs, func(ctx context.Context, tx *tenants.Tx, job jobs.RunImport) (bool, error) {
			if tries.Add(1) == 1 {
				close(asleep)
				<-wake
				defer ended.Add(1)
			}
			return imports.Step(ctx, tx, job.Import)
		}, nil)},
		Schedules: []jobs.Schedule{jobs.Every(time.Second, "remind", func(ctx context.Context) error {
			if imported.Load() == 0 {
				return nil // there are no items yet
			}
			if scans.Add(1) == 1 {
				close(scanAsleep)
				<-wake
				defer ended.Add(1)
			}
			return jobs.PerOffice(h.Jobs, log, "remind", reminders.Scan)(ctx)
		})},
	})
	<-asleep
	// What River does with a job whose worker has been silent for too long.
	h.Root(`update river.river_job set state = 'available', scheduled_at = now() where kind = 'run_import'`)
	wait(t, "the import by another", func() bool { return tenantstest.RootValue[string](h, `select state from imports`) == "done" })
	imported.Store(1)
	<-scanAsleep
	wait(t, "the reminders by another", func() bool { return tenantstest.RootValue[int](h, `select count(*) from reminders`) > 0 })
	before := tenantstest.RootValue[string](h, `select (select count(*) from findings) || ' ' || (select count(*) from measures) || ' ' ||
		(select count(*) from reminders) || ' ' || (select count(*) from journal where action in ('reminder.make', 'finding.add', 'import.done'))`)
	close(wake)
	wait(t, "the end of the sleepers", func() bool { return ended.Load() == 2 })
	time.Sleep(300 * time.Millisecond) // until their transactions ended
	after := tenantstest.RootValue[string](h, `select (select count(*) from findings) || ' ' || (select count(*) from measures) || ' ' ||
		(select count(*) from reminders) || ' ' || (select count(*) from journal where action in ('reminder.make', 'finding.add', 'import.done'))`)
	if before != after || tenantstest.RootValue[int](h, `select count(*) from findings`) != 30 {
		t.Errorf("before the sleepers woke there were %s, after it %s (%s)", before, after, im)
	}
}
