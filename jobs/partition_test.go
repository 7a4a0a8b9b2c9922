package jobs_test

import (
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/tenants/tenantstest"
)

// A wire is a way to the database that can be cut: nothing passes any more, and
// neither end is told.
type wire struct {
	net.Listener
	network, database string // where the database listens
	mu                sync.RWMutex
}

// newWire returns a wire to the database of h, and the address of its near end.
func newWire(t testing.TB, h *tenantstest.House) (*wire, string) {
	t.Helper()
	cfg := tenantstest.Must(pgx.ParseConfig(h.URL))(t)
	w := &wire{}
	w.network, w.database = pgconn.NetworkAddress(cfg.Host, cfg.Port)
	w.Listener = tenantstest.Must(new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { _ = w.Close() })
	go w.serve()
	near := w.Addr().(*net.TCPAddr)
	return w, fmt.Sprintf("host=127.0.0.1 port=%d dbname=%s user=xuncha_jobs sslmode=disable idle_in_transaction_session_timeout=3000", near.Port, cfg.Database)
}

func (w *wire) serve() {
	for {
		near, err := w.Accept()
		if err != nil {
			return // closed
		}
		far, err := net.Dial(w.network, w.database)
		if err != nil {
			_ = near.Close()
			continue
		}
		go w.pass(near, far)
		go w.pass(far, near)
	}
}

// pass carries what comes from one end to the other, as long as the wire is whole.
func (w *wire) pass(to io.WriteCloser, from io.Reader) {
	defer to.Close()
	some := make([]byte, 32<<10)
	for {
		n, err := from.Read(some)
		w.mu.RLock() // a wire that is cut is locked
		_, failed := to.Write(some[:n])
		w.mu.RUnlock()
		if err != nil || failed != nil {
			return
		}
	}
}

func (w *wire) cut()  { w.mu.Lock() }
func (w *wire) mend() { w.mu.Unlock() }

// TestPartition cuts the network between the leading worker and the database in the
// middle of a scan, without either end noticing. Another leads and climbs what is due;
// when the network is whole again, the first one does nothing a second time.
func TestPartition(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	overdue(h, h.County[0][0])
	slow(h, "rectifications", "0.005")
	folder := t.TempDir()
	w, near := newWire(t, h)
	leader := func() string {
		return tenantstest.RootValue[string](h, `select coalesce((select leader_id from river.river_leader where expires_at > now()), '')`)
	}
	victim(t, h, folder, workerURL+"="+near)
	wait(t, "a scan", func() bool { return tenantstest.RootValue[bool](h, scanning) && leader() != "" })
	was := leader()
	w.cut()
	mend := sync.OnceFunc(w.mend)
	t.Cleanup(mend)
	began := time.Now()
	victim(t, h, folder)
	wait(t, "a new leader", func() bool { l := leader(); return l != "" && l != was })
	led := time.Since(began)
	wait(t, "all reminders by another", func() bool { return tenantstest.RootValue[int](h, `select count(*) from reminders`) >= 800 })
	t.Logf("R-18: the leader was cut off; another led after %s, all was made after %s", led.Round(100*time.Millisecond), time.Since(began).Round(100*time.Millisecond))
	mend()
	time.Sleep(2 * time.Second) // it goes on with what it was at
	climbedOnce(t, h)
	if sized(0, 1) == 1 && led > 20*time.Second {
		t.Errorf("%s until another led, want 20 s", led)
	}
}
