package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// The test binary is also the worker that the tests kill.
func TestMain(m *testing.M) {
	if os.Getenv(workerURL) != "" {
		if err := beWorker(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// errand is a job about nothing but its office.
type errand struct {
	jobs.Office
	N int `json:"n"`
}

func (errand) Kind() string { return "errand" }

// start runs a client with this work until the test ends.
func start(t testing.TB, pool *pgxpool.Pool, d jobs.Deps) *jobs.Client {
	t.Helper()
	d.Log = slog.New(slog.DiscardHandler)
	c, err := jobs.New(pool, d)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return c
}

// wait polls until ok, and fails the test if that takes too long.
func wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s did not happen", what)
}

// TestPut: a job exists if and only if its transaction committed.
func TestPut(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	queue, err := jobs.New(h.Pool, jobs.Deps{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	office := h.County[0][0]
	boom := errors.New("boom")
	put := func(n int, end error) error {
		return h.In(t.Context(), h.As(office, tenants.OFF), func(tx *tenants.Tx) error {
			if err := queue.Put(t.Context(), tx, errand{jobs.Office{Slug: office.Slug}, n}); err != nil {
				return err
			}
			return end
		})
	}
	if err := put(1, boom); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if err := put(2, nil); err != nil {
		t.Fatal(err)
	}
	if got := tenantstest.RootValue[string](h, `select string_agg(args->>'n', ' ') from river.river_job`); got != "2" {
		t.Errorf("jobs are %q, want the committed one", got)
	}
	var seen atomic.Int64
	start(t, h.Login("xuncha_jobs"), jobs.Deps{Work: []jobs.Work{
		jobs.Steps(h.Jobs, func(_ context.Context, tx *tenants.Tx, args errand) (bool, error) {
			if tx.Scope().Tenant() != office.ID || tx.Scope().Role() != tenants.System {
				t.Errorf("the job works for %d as %s", tx.Scope().Tenant(), tx.Scope().Role())
			}
			seen.Store(int64(args.N))
			return false, nil
		}, nil),
	}})
	wait(t, "the job", func() bool { return seen.Load() == 2 })
}

// TestFailures: what would fail again ends at once and is recorded; what may pass
// is tried again; a panic is a failure like any other; an unknown office ends.
func TestFailures(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	var mu sync.Mutex
	tries, given := map[int]int{}, map[int]string{}
	d := jobs.Deps{Work: []jobs.Work{
		jobs.Steps(h.Jobs, func(_ context.Context, _ *tenants.Tx, args errand) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			tries[args.N]++
			switch {
			case args.N == 1:
				return false, inspection.Errorf(inspection.Conflict, "gone", "已不在。")
			case args.N == 2 && tries[2] == 1:
				return false, inspection.Errorf(inspection.Busy, "busy", "稍后重试。")
			case args.N == 3 && tries[3] == 1:
				panic("boom")
			case args.N == 4 && tries[4] < 5:
				return true, nil // more steps
			case args.N == 6:
				panic("boom")
			}
			return false, nil
		}, func(_ context.Context, _ *tenants.Tx, args errand, cause error) error {
			mu.Lock()
			defer mu.Unlock()
			given[args.N] = cause.Error()
			return nil
		}),
	}}
	c := start(t, h.Login("xuncha_jobs"), d)
	for n := 1; n <= 4; n++ {
		h.Do(h.Jobs, tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
			return c.Put(t.Context(), tx, errand{jobs.Office{Slug: office.Slug}, n})
		})
	}
	h.Do(h.Jobs, tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
		return c.Put(t.Context(), tx, errand{jobs.Office{Slug: "no-such-office"}, 5})
	})
	// One that has no attempt left after this one.
	h.Root(`insert into river.river_job (state, queue, kind, args, max_attempts) values ('available', 'default', 'errand', jsonb_build_object('office', $1::text, 'n', 6), 1)`, office.Slug)
	states := func() string {
		return tenantstest.RootValue[string](h, `select string_agg(state::text, ' ' order by id) from river.river_job`)
	}
	wait(t, "the end of all jobs", func() bool { return states() == "cancelled completed completed completed cancelled discarded" })
	mu.Lock()
	defer mu.Unlock()
	if tries[1] != 1 || tries[2] != 2 || tries[3] != 2 || tries[4] != 5 {
		t.Errorf("tries are %v", tries)
	}
	if len(given) != 2 || !strings.Contains(given[1], "gone") || !strings.Contains(given[6], "panic: boom") {
		t.Errorf("given up: %v", given)
	}
}

// TestSchedule: a scan runs at its interval however many machines there are,
// visits every office, and one office that fails or panics keeps no other from
// its turn.
func TestSchedule(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	var mu sync.Mutex
	visits := map[string]int{}
	scan := jobs.PerOffice(h.Jobs, slog.New(slog.DiscardHandler), "test", func(_ context.Context, scope tenants.Scope) error {
		mu.Lock()
		defer mu.Unlock()
		visits[scope.Office().Slug]++
		switch scope.Tenant() {
		case h.County[0][0].ID:
			return errors.New("boom")
		case h.County[1][1].ID:
			panic("boom")
		}
		return nil
	})
	for range 2 {
		start(t, h.Login("xuncha_jobs"), jobs.Deps{Schedules: []jobs.Schedule{jobs.Every(time.Second, "test", scan)}})
	}
	began := time.Now()
	wait(t, "three rounds", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return visits[h.Province.Slug] >= 3
	})
	mu.Lock()
	defer mu.Unlock()
	if len(visits) != 9 {
		t.Errorf("%d offices were visited, want 9", len(visits))
	}
	most := int(time.Since(began)/time.Second) + 3
	for office, n := range visits {
		if n < 3 || n > most {
			t.Errorf("%s was visited %d times, want 3 to %d", office, n, most)
		}
	}
}

// TestStop: a stop waits for the job at work, and a long job with many steps
// makes room at the next.
func TestStop(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	var steps atomic.Int64
	c, err := jobs.New(h.Login("xuncha_jobs"), jobs.Deps{Log: slog.New(slog.DiscardHandler), Work: []jobs.Work{
		jobs.Steps(h.Jobs, func(context.Context, *tenants.Tx, errand) (bool, error) {
			steps.Add(1)
			time.Sleep(20 * time.Millisecond)
			return true, nil
		}, nil),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.Do(h.Jobs, tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
		return c.Put(t.Context(), tx, errand{jobs.Office{Slug: office.Slug}, 1})
	})
	wait(t, "work", func() bool { return steps.Load() > 3 })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	began := time.Now()
	if err := c.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the stop took %s", took)
	}
	got := tenantstest.RootValue[string](h, `select state::text || ' ' || coalesce(array_length(errors, 1), 0) from river.river_job`)
	if got != "available 0" {
		t.Errorf("the job is %q, want it to wait for the next worker without a failure", got)
	}
}
