package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// How the test tells the signer that it kills whom to sign as.
const (
	signerURL = "XUNCHA_TEST_SIGNER"
	signerIs  = "XUNCHA_TEST_SIGNER_IS" // office, member and grant
)

// The test binary is also the service in which fifty people sign.
func TestMain(m *testing.M) {
	if os.Getenv(signerURL) != "" {
		if err := signAll(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// atOnce is how many sign at the same moment.
const atOnce = 50

// signAll signs every letter that waits, fifty at a time, one each.
func signAll(ctx context.Context) error {
	pool, err := pgxpool.New(ctx, os.Getenv(signerURL))
	if err != nil {
		return err
	}
	defer pool.Close()
	clock := inspection.ClockAt(tenantstest.Now)
	db := tenants.NewDB(pool, clock)
	is := strings.Fields(os.Getenv(signerIs))
	office, err := db.BySlug(ctx, is[0])
	if err != nil {
		return err
	}
	scope := tenants.ForGrant(tenants.Acting{
		Office: office, Member: inspection.MemberID{UUID: uuid.MustParse(is[1])}, Grant: inspection.GrantID{UUID: uuid.MustParse(is[2])},
		Name: "某主任", Role: tenants.DIR, Strong: tenantstest.Now,
	})
	room := &rectification.Reminders{DB: db, Clock: clock, Calendar: inspection.PublishedCalendar()}
	waiting, err := room.Waiting(ctx, scope)
	if err != nil {
		return err
	}
	letters := make(chan inspection.ReminderID)
	var wg sync.WaitGroup
	failed := make([]error, atOnce)
	for i := range atOnce {
		wg.Go(func() {
			for id := range letters {
				_, err := room.Sign(ctx, scope, []rectification.ToSign{{ID: id}}, "")
				failed[i] = errors.Join(failed[i], err)
			}
		})
	}
	for _, m := range waiting {
		letters <- m.ID
	}
	close(letters)
	wg.Wait()
	return errors.Join(failed...)
}

// TestNumbers lets fifty people sign letters of one series at once, and kills their
// service with signal 9 at random moments, again and again: no number is given
// twice and none is missing, because a number that was taken by what did not happen is
// given back with it.
func TestNumbers(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	unit, round := h.Unit(office, "县农业农村局"), h.Round(office)
	letters := max(400, 100**cycles/10)
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		select $1, gen_random_uuid(), 'KA-05-01-' || lpad(n::text, 6, '0'), $2, $3, n, 1, '某问题', '2026-07-10 09:00+08', '2026-07-10'
		from generate_series(1, $4) n`, office.ID, round, unit, letters)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, due_set_at, issued_at)
		select tenant_id, id, unit_id, 'working', '2026-11-13', issued_at, issued_at from findings`)
	room := &rectification.Reminders{DB: h.Jobs, Clock: inspection.ClockAt(tenantstest.Now), Calendar: inspection.PublishedCalendar()}
	if err := room.Scan(t.Context(), tenants.ForJob(office, "remind")); err != nil {
		t.Fatal(err)
	}
	director := h.As(office, tenants.DIR)
	sign := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), signerURL+"="+h.URL+" user=xuncha_app pool_max_conns=50",
			signerIs+"="+strings.Join([]string{office.Slug, director.Member().String(), director.Grant().String()}, " "))
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	signed := func() int {
		return tenantstest.RootValue[int](h, `select count(*) from reminders where number like '%督%'`)
	}
	kills := 0
	for before := -1; signed() < letters*3/4 && kills < 100; kills++ {
		cmd := sign()
		for end := time.Now().Add(time.Minute); signed() <= max(before, 0) && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		before = signed()
	}
	if err := sign().Wait(); err != nil {
		t.Fatal(err)
	}
	got := tenantstest.RootValue[string](h, `
		select concat_ws(' ', count(*), count(distinct number), max(n), (select last from numbers where series like '%督%'),
			(select count(*) from letters l where l.text->>'number' like '%督%'), (select count(*) from journal where action = 'reminder.sign'))
		from (select number, substring(number from '〕(\d+)号')::int as n from reminders where number like '%督%') m`)
	want := strings.TrimSpace(strings.Repeat(fmt.Sprint(letters)+" ", 6))
	if got != want {
		t.Errorf("letters, different numbers, the highest, the series, kept texts and entries: %s; want %s", got, want)
	}
	t.Logf("R-26: %d letters signed by %d at once, %d kills: 0 numbers twice, 0 gaps", letters, atOnce, kills)
}
