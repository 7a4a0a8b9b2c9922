package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

const (
	logName    = "postgres.log"
	socketNote = "postgres.socket" // names the folder of the listening socket
	socketRoot = "/tmp"
	socketName = "xuncha-" // begins the names of socket folders
)

// initialise makes the cluster if it is not there. A half-made one is never
// taken for a whole one: it gets its name only when it is finished.
func initialise(ctx context.Context, bin, cluster string, who account) error {
	if clusterMajor(cluster) != 0 {
		return nil
	}
	half := cluster + ".new"
	if err := os.RemoveAll(half); err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	if err := os.Mkdir(half, 0o700); err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	if err := who.give(half); err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	// A UTF-8 ctype: with LC_CTYPE=C, Chinese characters are no letters.
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", half, "-U", Superuser,
		"-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions")
	var output bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = half, serverEnv(), &output, &output
	ended, err := spawn(cmd, who)
	if err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	<-ended
	if !cmd.ProcessState.Success() {
		return fmt.Errorf("make cluster: initdb: %s: %s", cmd.ProcessState, tail(output.Bytes()))
	}
	if err := os.Rename(half, cluster); err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	return nil
}

// spawn starts cmd as the account, in a process group of its own, so that Ctrl-C
// reaches us alone and we decide when the server ends. If we are killed, the
// kernel sends cmd a SIGINT, which for PostgreSQL is an orderly end. That signal
// belongs to the thread that started cmd, not to the process, so the thread stays
// with cmd until it has ended.
func spawn(cmd *exec.Cmd, who account) (ended <-chan struct{}, err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: who.credential,
		Setpgid:    true,
		Pdeathsig:  syscall.SIGINT,
	}
	started, done := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this function
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in cmd.ProcessState
			close(done)
		}
	}()
	return done, <-started
}

// openLog returns the file for what the server writes, and keeps the one before.
func openLog(dir string, who account) (*os.File, error) {
	path := filepath.Join(dir, logName)
	if err := os.Rename(path, path+".1"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("server log: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("server log: %w", err)
	}
	return f, who.give(path)
}

// remains are what PostgreSQL says when an earlier server is in its way.
var remains = []string{"pre-existing shared memory block", "lock file \""}

// explain adds to err what the server wrote last.
func explain(err error, log string) error {
	b, _ := os.ReadFile(log)
	for _, sign := range remains {
		if bytes.Contains(b, []byte(sign)) {
			return fmt.Errorf("%w (%w): %s", err, errRemains, tail(b))
		}
	}
	return fmt.Errorf("%w: %s", err, tail(b))
}

// tail returns the last lines of b as one line.
func tail(b []byte) string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], " | ")
}
