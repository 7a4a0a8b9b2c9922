package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/deploy/demo"
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestEveryKindTwice does everything that the queue does, over the demo's ledgers: each
// scan and each kind of job once, then again, and then three times at once. What
// the database holds after the first time it holds after the last.
func TestEveryKindTwice(t *testing.T) {
	t.Parallel()
	db := tenantstest.NewEmpty(t)
	w := demo.World{Owner: db.Login("xuncha_owner"), App: db.Pool, Jobs: db.Login("xuncha_jobs"), Issuer: "https://portal.invalid"}
	if err := demo.Load(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	db.Root(`update members set email = 'someone@example.org'`)
	clock := func() time.Time { return demo.Clock }
	h, err := newHouse(t.Context(), developing(t, db), discard, clock)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if err := h.jobs(t.Context()); err != nil {
		t.Fatal(err)
	}
	worker, err := h.connect(t.Context(), "test", h.cfg.Logins.Jobs, jobWaits)
	if err != nil {
		t.Fatal(err)
	}
	r, err := h.newRooms(t.Context(), worker.DB)
	if err != nil {
		t.Fatal(err)
	}
	r.queueIn(h.queue)
	r.outbox.Deliver = func(context.Context, tenants.Tenant, rectification.Message) rectification.Delivery {
		return rectification.Delivery{Result: rectification.Accepted}
	}
	schedules := r.schedules(h)
	for _, s := range schedules { // what one scan leaves is another's to do
		if err := s.Run(t.Context()); err != nil {
			t.Fatalf("%s: %v", s.Name(), err)
		}
	}
	for _, s := range schedules {
		twice(t, db, "scan "+s.Name(), func() error { return s.Run(t.Context()) })
	}

	office, err := worker.BySlug(t.Context(), "qingyu")
	if err != nil {
		t.Fatal(err)
	}
	finding := tenantstest.RootValue[string](db, `select finding_id::text from rectifications where tenant_id = $1 and state = 'closed' limit 1`, office.ID)
	id, err := inspection.ParseID[inspection.FindingID](finding)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]jobs.Args{
		"send_mail":           jobs.SendMail{Office: jobs.Office{Slug: office.Slug}},
		"look_for_doubt":      jobs.LookForDoubt{Office: jobs.Office{Slug: office.Slug}, Finding: id},
		"run_import":          nil, // jobs.TestZombie, TestStopped and TestKilledImport do it
		"carry_out_extension": nil, // extensions.TestAboveOnce does it
		"carry_out_sample":    nil, // samples.TestOnce does it
	}
	var known []string
	for _, work := range r.work() {
		known = append(known, work.Kind())
	}
	slices.Sort(known)
	if want := slices.Sorted(maps.Keys(kinds)); !slices.Equal(known, want) {
		t.Errorf("the queue works on %v, tried are %v", known, want)
	}
	queue, err := jobs.New(db.Login("xuncha_jobs"), jobs.Deps{Log: discard, Work: r.work()})
	if err != nil {
		t.Fatal(err)
	}
	if err := queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = queue.Stop(context.Background()) }()
	for kind, args := range kinds {
		if args == nil {
			continue
		}
		run := func() error { // three jobs, for which there are workers enough
			err := worker.In(t.Context(), tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
				return errors.Join(queue.Put(t.Context(), tx, args), queue.Put(t.Context(), tx, args), queue.Put(t.Context(), tx, args))
			})
			for end := time.Now().Add(time.Minute); err == nil && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
				if tenantstest.RootValue[int](db, `select count(*) from river.river_job where kind = $1 and state <> 'completed'`, kind) == 0 {
					return nil
				}
			}
			return fmt.Errorf("%s did not end: %w", kind, err)
		}
		if err := run(); err != nil {
			t.Fatal(err)
		}
		twice(t, db, "job "+kind, run)
	}
	t.Logf("R-14: %d scans and %d kinds of jobs, run again and three at a time: nothing changes", len(schedules), len(known))
}

// twice runs again what was run once, and then three times at once, and compares what
// the tables hold.
func twice(t *testing.T, db *tenantstest.House, what string, run func() error) {
	t.Helper()
	before := contents(t, db)
	if err := run(); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	differ := func(when string) {
		after := contents(t, db)
		for table, was := range before {
			if after[table] != was {
				t.Errorf("%s %s changes %s: %s, was %s", what, when, table, after[table], was)
			}
		}
	}
	differ("run again")
	if strings.HasPrefix(what, "job ") {
		return // they were three at once
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := run(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		})
	}
	wg.Wait()
	differ("run three times at once")
}

// contents is a digest of what each table holds.
func contents(t *testing.T, db *tenantstest.House) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range tenantstest.RootValue[[]string](db, `
		select array_agg(relname::text) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`) {
		all[table] = tenantstest.RootValue[string](db, `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') from `+table+` t`)
	}
	return all
}
