package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const pidFile = "postmaster.pid"

// readPIDFile returns the process that the cluster's pid file names, zero if
// there is none, and whether it says that it is ready.
func readPIDFile(cluster string) (pid int, ready bool) {
	b, err := os.ReadFile(filepath.Join(cluster, pidFile))
	if err != nil {
		return 0, false
	}
	lines := strings.Split(string(b), "\n")
	pid, _ = strconv.Atoi(strings.TrimSpace(lines[0]))
	return pid, len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
}

// clearRemains ends what an earlier server of the cluster left behind. The
// caller holds the lock on the data folder, so whatever is found has no master.
//
// A running server is asked to end. A dead one may answer signals as a zombie
// until its parent reaps it, which in a container can be never; PostgreSQL takes
// it for alive and refuses to start, so its pid file goes. So does one that names
// a process which is not a server: process ids are used again.
func clearRemains(ctx context.Context, dir, cluster string) error {
	pid, _ := readPIDFile(cluster)
	if pid <= 0 {
		return nil
	}
	if isServerOf(pid, cluster) {
		if err := endOrphan(ctx, pid, cluster); err != nil {
			return err
		}
	}
	if err := os.Remove(filepath.Join(cluster, pidFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("stale pid file: %w", err)
	}
	removeSockets(dir)
	return nil
}

// endOrphan asks a server that lost its master to end, and insists after a while.
func endOrphan(ctx context.Context, pid int, cluster string) error {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("end the server that process %d left behind: %w", pid, err)
		}
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
			if !isServerOf(pid, cluster) {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	return fmt.Errorf("the server that was left behind, process %d, does not end", pid)
}

// isServerOf says whether pid is a living server of the cluster. PostgreSQL works
// inside its cluster's folder, and only its owner and root can see where.
func isServerOf(pid int, cluster string) bool {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	command, err := os.ReadFile(filepath.Join(proc, "cmdline"))
	if err != nil || len(command) == 0 { // a zombie has no command line
		return false
	}
	if !strings.HasPrefix(filepath.Base(string(bytes.Split(command, []byte{0})[0])), "postgres") {
		return false
	}
	at, err := os.Readlink(filepath.Join(proc, "cwd"))
	return err == nil && at == cluster
}

// removeSockets removes the socket folder that the data folder remembers.
func removeSockets(dir string) {
	note := filepath.Join(dir, socketNote)
	sockets, err := os.ReadFile(note)
	if err != nil {
		return
	}
	// Never remove anything else, whatever the note says.
	if path := string(sockets); strings.HasPrefix(path, filepath.Join(socketRoot, socketName)) && filepath.Clean(path) == path {
		_ = os.RemoveAll(path)
	}
	_ = os.Remove(note)
}
