package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"xuncha/deploy/demo"
	"xuncha/inspection"
)

// stageClock is the demo's clock. It stands at the story's moment when the story
// is told, and goes on from where it was when the demo is started again: time
// never goes back under what people wrote.
type stageClock struct {
	path string
	now  inspection.Clock
}

// tick is how often the clock notes the time; a start after a kill skips it.
const tick = 5 * time.Second

func openClock(path string) (*stageClock, error) {
	start := demo.Clock
	note, err := os.ReadFile(path)
	switch {
	case err == nil:
		if start, err = time.Parse(time.RFC3339, string(note)); err != nil {
			return nil, fmt.Errorf("demo clock: %w", err)
		}
		start = start.Add(2 * tick)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("demo clock: %w", err)
	}
	return &stageClock{path: path, now: inspection.ClockAt(start)}, nil
}

// keep notes the time until ctx ends.
func (c *stageClock) keep(ctx context.Context) error {
	for {
		if err := c.note(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return c.note()
		case <-time.After(tick):
		}
	}
}

// note writes the time whole or not at all.
func (c *stageClock) note() error {
	next := c.path + ".new"
	if err := os.WriteFile(next, []byte(c.now().Format(time.RFC3339)), 0o600); err != nil {
		return fmt.Errorf("demo clock: %w", err)
	}
	return os.Rename(next, c.path)
}
