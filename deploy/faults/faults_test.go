// Package faults kills the real service while people write, and compares what
// the database then holds with what they were told.
package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/tenants/tenantstest"
)

// cycles of killing. 0 failures in n cycles bound the rate by 3/n (95 %).
var cycles = flag.Int("cycles", 50, "how often the service is killed")

const writers = 8

// attempt is one request as its sender knows it.
type attempt struct {
	finding   string // path
	key, text string
	answered  bool // with success
}

// TestKill kills the service with signal 9 at a random moment, again and again,
// while eight people add measures and edit one finding. What was acknowledged
// must be there, once; what was not is sent again under its key and must then be
// there, once; and each act has its entry in the journal.
func TestKill(t *testing.T) {
	h := tenantstest.New(t)
	s := newService(t, h)
	office := h.County[0][0]
	unit := h.Unit(office, "县水务局党组")
	round := h.Round(office)
	key := machineKey(t, h, office, unit)
	var history []attempt
	edits := 0
	for cycle := range *cycles {
		kill := s.start(t)
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		var wg sync.WaitGroup
		shared := given(t, h, office, unit, round)
		for w := range writers {
			own := given(t, h, office, unit, round)
			wg.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					a := attempt{finding: own, key: uuid.NewString(), text: fmt.Sprintf("第%d轮%d号%d项措施", cycle, w, n)}
					a.answered = s.addMeasure(ctx, key, a)
					edited := n%4 == 0 && s.edit(ctx, key, shared, a.text)
					mu.Lock()
					history = append(history, a)
					if edited {
						edits++
					}
					mu.Unlock()
					if !a.answered {
						return // the service is gone
					}
				}
			})
		}
		time.Sleep(100*time.Millisecond + time.Duration(rand.IntN(700))*time.Millisecond)
		kill()
		cancel()
		wg.Wait()
	}
	stop := s.start(t)
	unknown := 0
	for i := range history {
		if !history[i].answered {
			unknown++
			if !s.addMeasure(t.Context(), key, history[i]) {
				t.Fatalf("sent again, %s fails", history[i].text)
			}
		}
	}
	for _, a := range history[:min(len(history), 50)] { // and once more what had succeeded
		if !s.addMeasure(t.Context(), key, a) {
			t.Fatalf("sent again, %s fails", a.text)
		}
	}
	stop()
	check(t, h, office, history, edits)
	t.Logf("%d cycles, %d writes acknowledged, %d of unknown outcome, 0 lost, 0 twice", *cycles, len(history)-unknown, unknown)
}

// check compares the database with what the writers know.
func check(t *testing.T, h *tenantstest.House, office tenants.Tenant, history []attempt, edits int) {
	t.Helper()
	for _, a := range history {
		if n := tenantstest.RootValue[int](h, `select count(*) from measures where text = $1`, a.text); n != 1 {
			t.Errorf("%s (acknowledged: %v) is there %d times, want once", a.text, a.answered, n)
		}
	}
	stored := tenantstest.RootValue[int](h, `select count(*) from measures`)
	if stored != len(history) {
		t.Errorf("%d measures are stored, %d were sent", stored, len(history))
	}
	if n := tenantstest.RootValue[int](h, `select count(*) from journal where action = 'measure.add'`); n != stored {
		t.Errorf("the journal has %d entries for %d measures", n, stored)
	}
	if _, broken, err := h.Jobs.Verify(t.Context(), office); broken != nil || err != nil {
		t.Errorf("journal: %+v, %v", broken, err)
	}
	if n := tenantstest.RootValue[int](h, `select count(*) from journal where action = 'rectification.edit'`); n < edits {
		t.Errorf("%d edits were acknowledged, the journal has %d", edits, n)
	}
}

// service is the real binary on a database of the test.
type service struct {
	binary, url string
	env         []string
}

func newService(t *testing.T, h *tenantstest.House) *service {
	t.Helper()
	s := &service{binary: filepath.Join(t.TempDir(), "xuncha")}
	build := exec.Command("go", "build", "-o", s.binary, "xuncha/cmd/xuncha")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	s.url = "http://" + addr
	login := func(name string) string { return strings.Replace(h.URL, "user=postgres", "user="+name, 1) }
	s.env = append(os.Environ(),
		"XUNCHA_MODE=development", "XUNCHA_SURFACES=workbench", "XUNCHA_ADDR="+addr, "XUNCHA_URL="+s.url,
		"XUNCHA_DATABASE_URL="+login("xuncha_app"), "XUNCHA_JOBS_DATABASE_URL="+login("xuncha_jobs"),
		"XUNCHA_PUBLIC_DATABASE_URL="+login("xuncha_public"), "XUNCHA_OIDC_ISSUER=http://127.0.0.1:9/none", "XUNCHA_OIDC_CLIENT_SECRET=of the test",
		"XUNCHA_FILES_URL=file://"+t.TempDir(), "XUNCHA_DRAIN=0s", "XUNCHA_RATE=0", "XUNCHA_LOG_LEVEL=error",
	)
	return s
}

// start runs the service until it answers, and returns what kills it.
func (s *service) start(t *testing.T) (kill func()) {
	t.Helper()
	cmd := exec.Command(s.binary, "serve")
	cmd.Env = s.env
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		resp, err := http.Get(s.url + "/readyz")
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			t.Fatalf("the service does not answer: %s", log.String())
		}
		time.Sleep(10 * time.Millisecond)
	}
	return func() {
		_ = cmd.Process.Kill() // signal 9
		_ = cmd.Wait()
	}
}

// call sends one request as the unit's machine.
func (s *service) call(ctx context.Context, key, method, path string, body any, headers ...string) (status int, answer []byte) {
	b, _ := json.Marshal(body)
	req, err := http.NewRequestWithContext(ctx, method, s.url+"/v1/offices/"+path, bytes.NewReader(b))
	if err != nil {
		return 0, nil
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil // half an answer is none
	}
	return resp.StatusCode, answer
}

func (s *service) addMeasure(ctx context.Context, key string, a attempt) bool {
	body := map[string]any{"text": a.text, "leader": "张某", "department": "办公室"}
	for range 50 { // others write to the same finding at the same moment
		status, _ := s.call(ctx, key, "POST", a.finding+"/measures", body, "Idempotency-Key", a.key)
		switch status {
		case http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable:
			time.Sleep(5 * time.Millisecond)
		default:
			return status == http.StatusCreated || status == http.StatusOK
		}
	}
	return false
}

// edit changes the finding's progress with the version that it reads first.
func (s *service) edit(ctx context.Context, key, finding, text string) bool {
	status, answer := s.call(ctx, key, "GET", finding, nil)
	var item struct{ Version int }
	if status != http.StatusOK || json.Unmarshal(answer, &item) != nil {
		return false
	}
	status, _ = s.call(ctx, key, "PATCH", finding, map[string]any{"progress": text}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(item.Version)))
	return status == http.StatusOK
}

// given makes a finding that is being put right, and returns its path.
func given(t *testing.T, h *tenantstest.House, office tenants.Tenant, unit inspection.UnitID, round inspection.RoundID) string {
	t.Helper()
	id := inspection.NewID[inspection.FindingID]()
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		values ($1, $2, $2::uuid::text, $3, $4, 1, 1, '问题', now(), '2026-07-10')`, office.ID, id, round, unit)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, issued_at)
		values ($1, $2, $3, 'working', '2026-12-31', now())`, office.ID, id, unit)
	return office.Slug + "/items/" + id.String()
}

func machineKey(t *testing.T, h *tenantstest.House, office tenants.Tenant, unit inspection.UnitID) string {
	t.Helper()
	keys := &signon.Keys{DB: h.Jobs, Clock: inspection.SystemClock}
	key, _, err := keys.Create(t.Context(), tenants.ForJob(office, "test"), signon.NewKey{Name: "测试", Role: tenants.UNIT, Unit: &unit, Days: 2})
	if err != nil {
		t.Fatal(err)
	}
	return key
}
