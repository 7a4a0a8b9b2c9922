package demo

import (
	"context"
	"fmt"
	"time"

	"xuncha/tenants"
)

// A Thread continues the story through the rooms' own services: the cast acts, at
// the times that the story names.
type Thread func(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error

// Threads tells these threads one after the other.
func Threads(threads ...Thread) Thread {
	return func(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
		for i, tell := range threads {
			if err := tell(ctx, people, at); err != nil {
				return fmt.Errorf("thread %d: %w", i+1, err)
			}
		}
		return nil
	}
}
