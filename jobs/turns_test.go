package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// sized is how large a test runs: small where every commit waits for it, full where
// XUNCHA_TEST_FULL is set.
func sized(small, full int) int {
	if tenantstest.Full() {
		return full
	}
	return small
}

// TestTurns: an office with very much to do, in a scan that does a part at a time,
// keeps no other waiting for more than one part; what fails is not tried again.
func TestTurns(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	parts := map[tenants.ID]int{h.County[0][0].ID: 100, h.County[1][1].ID: 2}
	var order []tenants.ID
	scan := jobs.InTurns(h.Jobs, slog.New(slog.DiscardHandler), "test", func(_ context.Context, scope tenants.Scope) (bool, error) {
		id := scope.Tenant()
		order = append(order, id)
		if id == h.City[1].ID {
			return true, errors.New("boom")
		}
		parts[id]--
		return parts[id] > 0, nil
	})
	if err := scan(t.Context()); err == nil || !strings.Contains(err.Error(), "1 of 9") {
		t.Errorf("the scan says %v, want that it failed in one office", err)
	}
	first := order[:9]
	slices.Sort(first)
	if len(slices.Compact(first)) != 9 {
		t.Errorf("the first round visits %v, want each office once", order[:9])
	}
	if len(order) != 9+1+99 {
		t.Errorf("%d visits, want %d", len(order), 9+1+99)
	}
	brief, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	parts = map[tenants.ID]int{h.County[0][0].ID: 100}
	order = nil
	if err := scan(brief); err != nil || len(order) > 0 {
		t.Errorf("with no time left it visits %d offices, %v", len(order), err)
	}
}

// TestFair puts in very many jobs of one office and then a few of others: these do
// not wait for those. Without the priorities they do.
func TestFair(t *testing.T) {
	t.Parallel()
	many := sized(1500, 100_000)
	run := func(level bool) (longest time.Duration, rate float64) {
		h := tenantstest.New(t)
		heavy := h.County[0][0]
		others := []tenants.Tenant{h.City[0], h.City[1], h.Province, h.County[0][1], h.County[1][0]}
		var mu sync.Mutex
		var done atomic.Int64
		var last time.Time
		work := jobs.Steps(h.Jobs, func(_ context.Context, tx *tenants.Tx, _ errand) (bool, error) {
			if tx.Scope().Tenant() != heavy.ID {
				mu.Lock()
				last = time.Now()
				mu.Unlock()
			}
			done.Add(1)
			return false, nil
		}, nil)
		queue, err := jobs.New(h.Login("xuncha_jobs"), jobs.Deps{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		put := func(office tenants.Tenant, n int) {
			h.Do(h.Jobs, tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
				for i := range n {
					if err := queue.Put(t.Context(), tx, errand{jobs.Office{Slug: office.Slug}, i}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		put(heavy, many)
		for _, office := range others {
			put(office, 10)
		}
		if level {
			h.Root(`update river.river_job set priority = 1`)
		}
		began := time.Now()
		start(t, h.Login("xuncha_jobs"), jobs.Deps{Work: []jobs.Work{work}})
		wait(t, "all jobs", func() bool { return done.Load() >= int64(many+50) })
		mu.Lock()
		defer mu.Unlock()
		return last.Sub(began), float64(many+50) / time.Since(began).Seconds()
	}
	waited, rate := run(false)
	t.Logf("R-17: %d jobs of one office; those of 5 others waited %s at most; %.0f jobs a second", many, waited.Round(time.Millisecond), rate)
	control, _ := run(true)
	t.Logf("control, without priorities: they waited %s", control.Round(time.Millisecond))
	if waited > control/2 {
		t.Errorf("jobs of small offices waited %s, without fairness %s", waited, control)
	}
	if full := tenantstest.Full(); full && (waited > 30*time.Second || rate < 200) {
		t.Errorf("waited %s, want < 30 s; %.0f jobs a second, want 200", waited, rate)
	}
}

// TestPoison puts in jobs that cannot succeed, of every kind that TRUST R-16 names,
// before those of others: the others are done all the same, and each poisoned one
// stands in the list with its office and its reason.
func TestPoison(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office, other := h.County[0][0], h.County[0][1]
	var fine atomic.Int64
	never := make(chan struct{})
	c := start(t, h.Login("xuncha_jobs"), jobs.Deps{
		Timeout: time.Second, Rescue: 2 * time.Second, Stuck: time.Millisecond,
		Work: []jobs.Work{jobs.Steps(h.Jobs, func(_ context.Context, _ *tenants.Tx, args errand) (bool, error) {
			switch args.N {
			case 1:
				panic("boom")
			case 3:
				size := 64 << 20
				if tenantstest.Full() {
					size = 2 << 30
				}
				eaten := make([]byte, size)
				for i := range eaten {
					eaten[i] = byte(i)
				}
				panic(fmt.Sprintf("%d bytes later", len(eaten)))
			case 2:
				<-never // does not look at its context
			default:
				fine.Add(1)
			}
			return false, nil
		}, nil)},
	})
	t.Cleanup(func() { close(never) }) // before the client stops
	put := func(kind, args string, attempts int) {
		h.Root(`insert into river.river_job (state, queue, kind, args, max_attempts) values ('available', 'default', $1, $2::jsonb, $3)`, kind, args, attempts)
	}
	about := func(n string) string { return `{"office": "` + office.Slug + `", "n": ` + n + `}` }
	put("errand", about("1"), 1)
	for range 6 { // more than there are workers
		put("errand", about("2"), 25)
	}
	put("errand", about("3"), 1)
	put("errand", about(`"three"`), 1)
	put("no_such_kind", about("4"), 1)
	put("errand", `{"office": "no-such-office"}`, 25)
	began := time.Now()
	const good = 200
	for n := range good {
		put("errand", `{"office": "`+other.Slug+`", "n": `+strconv.Itoa(10+n)+`}`, 25)
	}
	wait(t, "the jobs of another office", func() bool { return fine.Load() == good })
	t.Logf("R-16: beside 11 poisoned jobs, 6 of which never end, %d others took %s", good, time.Since(began).Round(time.Millisecond))
	// Twice stuck is enough: the third attempt gives up before it begins.
	h.Root(`update river.river_job set errors = array[e, e], state = 'available', scheduled_at = now(), attempt = 2
		from (select jsonb_build_object('at', now(), 'attempt', 1, 'error', 'Stuck job rescued by JobRescuer', 'trace', '') e) e
		where kind = 'errand' and args->>'n' = '2'`)
	var listed []string
	wait(t, "all poisoned jobs in the list", func() bool {
		all, err := c.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		listed = nil
		for _, m := range all {
			reason, _, _ := strings.Cut(m.Reason, ":")
			listed = append(listed, fmt.Sprintf("%s %s %d late=%t %s", m.What, m.Office, m.Count, m.Late, reason))
		}
		slices.Sort(listed)
		return len(listed) == 3 && strings.Contains(strings.Join(listed, "\n"), "errand "+office.Slug+" 9 ")
	})
	for _, want := range []string{"errand no-such-office 1 late=false", "errand " + office.Slug + " 9 late=false", "no_such_kind " + office.Slug + " 1 late=false"} {
		if !slices.ContainsFunc(listed, func(s string) bool { return strings.HasPrefix(s, want) && len(s) > len(want)+1 }) {
			t.Errorf("no %q with a reason in\n%s", want, strings.Join(listed, "\n"))
		}
	}
}

// TestLate: what waits longer than promised is listed, whatever it waits for; what
// waits as long as its kind may is not.
func TestLate(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	put := func(state, kind string, minutes int) {
		h.Root(`insert into river.river_job (state, queue, kind, args, max_attempts, created_at, scheduled_at, attempted_at, attempt)
			values ($1, 'none', $2, $3::jsonb, 25, now() - make_interval(mins => $4), now() + interval '1 hour', now(), 1)`,
			state, kind, `{"office": "`+office.Slug+`"}`, minutes)
	}
	none := func(context.Context, *tenants.Tx, errand) (bool, error) { return false, nil }
	c := start(t, h.Login("xuncha_jobs"), jobs.Deps{Work: []jobs.Work{jobs.Steps(h.Jobs, none, nil).Within(30 * time.Minute)}})
	for _, state := range []string{"scheduled", "retryable"} {
		put(state, "send_mail", 6)
		put(state, "look_for_doubt", 4)
		put(state, "errand", 20)
	}
	late := func() (got []string) {
		all, err := c.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			got = append(got, fmt.Sprintf("%s %s %d %t", m.What, m.Office, m.Count, m.Late))
		}
		return got
	}
	want := []string{"send_mail " + office.Slug + " 2 true"}
	if diff := cmp.Diff(want, late()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	put("retryable", "errand", 31)
	want = []string{"errand " + office.Slug + " 1 true", want[0]}
	if diff := cmp.Diff(want, late()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
