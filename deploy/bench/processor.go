package bench

import (
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

// tick is the unit in which Linux tells processor time, on every machine.
const tick = time.Second / 100

// A cost is what something took: by the clock on the wall, and of the processors.
// Where other work runs beside it, the second is the one to compare.
type cost struct{ wall, processor time.Duration }

// costOf runs fn and returns what it cost here and in the database.
func (h House) costOf(ctx context.Context, fn func() error) (cost, error) {
	before, err := h.processor(ctx)
	if err != nil {
		return cost{}, err
	}
	began := time.Now()
	if err := fn(); err != nil {
		return cost{}, err
	}
	wall := time.Since(began)
	after, err := h.processor(ctx)
	return cost{wall, after - before}, err
}

// processor returns the processor time that this process and the database's have
// taken so far. The database must be on this machine.
func (h House) processor(ctx context.Context) (time.Duration, error) {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0, err
	}
	total := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	var backend int
	if err := h.Bare.QueryRow(ctx, `select pg_backend_pid()`).Scan(&backend); err != nil {
		return 0, err
	}
	server, err := readProcess(strconv.Itoa(backend))
	if err != nil {
		return 0, err
	}
	paths, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		p, err := readProcess(filepath.Base(path))
		switch {
		case err != nil:
			continue // it has ended since
		case p.parent == server.parent:
			total += p.took
		case p.id == server.parent:
			total += p.took + p.children
		}
	}
	return total, nil
}

// process is one process as Linux knows it.
type process struct {
	id, parent     string
	took, children time.Duration // of the processor; children are those that have ended
}

func readProcess(id string) (process, error) {
	b, err := os.ReadFile("/proc/" + id + "/stat")
	if err != nil {
		return process{}, fmt.Errorf("processor time is measured on Linux alone: %w", err)
	}
	return parseProcess(id, string(b))
}

// parseProcess reads the fields behind the name of the program, which may hold
// anything.
func parseProcess(id, stat string) (process, error) {
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	if len(fields) < 15 {
		return process{}, errors.New("the kernel does not tell processor time")
	}
	ticks := func(first int) (time.Duration, error) {
		var sum int64
		for _, f := range fields[first : first+2] {
			n, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				return 0, err
			}
			sum += n
		}
		return time.Duration(sum) * tick, nil
	}
	p := process{id: id, parent: fields[1]}
	var err, also error
	p.took, err = ticks(11)
	p.children, also = ticks(13)
	return p, errors.Join(err, also)
}
