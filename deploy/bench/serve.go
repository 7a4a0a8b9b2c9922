package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// service is the real binary as it serves, in a process of its own: what it uses
// is not mixed up with what measuring uses.
type service struct {
	cmd     *exec.Cmd
	url     string
	log     bytes.Buffer
	stopped chan struct{}
}

// serve starts the service on a free port and returns when it is ready.
func (h House) serve(ctx context.Context) (*service, error) {
	address, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	s := &service{url: "http://" + address, cmd: h.Serve(ctx, address), stopped: make(chan struct{})}
	s.cmd.Stderr = &s.log
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = 10 * time.Second
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	go func() {
		_ = s.cmd.Wait() // by our signal, or its log says why
		close(s.stopped)
	}()
	for {
		select {
		case <-s.stopped:
			return nil, fmt.Errorf("serve ended: %s", bytes.TrimSpace(s.log.Bytes()))
		case <-time.After(20 * time.Millisecond):
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/readyz", nil)
		if err != nil {
			return nil, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return s, nil
		}
	}
}

func freePort(ctx context.Context) (string, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// stop ends the service and waits for it.
func (s *service) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.stopped
}

func (s *service) memory(name string) (float64, error) { return memory(s.cmd.Process.Pid, name) }

// memory returns a figure of /proc/<pid>/status in MB: VmRSS is what the process
// holds, VmHWM the most that it ever held. Only Linux tells.
func memory(pid int, name string) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("memory is measured on Linux alone: %w", err)
	}
	return megabytes(bytes.NewReader(b), name)
}

func megabytes(status io.Reader, name string) (float64, error) {
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+":"); ok {
			kB, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 64)
			return kB / 1024, err
		}
	}
	return 0, errors.New("the kernel does not tell " + name)
}

// How long a service that nobody asks anything takes to settle.
const (
	steady  = 3 * time.Second // without a change of one in a hundred
	longest = 20 * time.Second
)

// idle returns what the service holds when it has answered a request and settled.
func (s *service) idle(ctx context.Context, k key) (Row, error) {
	l := &load{s.url, []key{k}}
	if _, err := listOpen.ask(ctx, http.DefaultClient, l, 0); err != nil {
		return Row{}, err
	}
	held, err := s.memory("VmRSS")
	for began, since := time.Now(), time.Now(); err == nil && time.Since(since) < steady && time.Since(began) < longest; {
		time.Sleep(200 * time.Millisecond)
		var now float64
		if now, err = s.memory("VmRSS"); math.Abs(now-held) > held/100 {
			held, since = now, time.Now()
		}
	}
	return Row{Name: "idle memory of serve", Unit: "MB", Ours: held, Want: "< 100"}, err
}
