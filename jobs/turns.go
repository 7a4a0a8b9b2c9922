package jobs

import (
	"sync"
	"time"
)

// turns gives offices their turn. The queue takes what waits in the order of its
// priority and age; so an office that puts in very much within a minute does so at
// a lower priority, and the few jobs of any other go first. Each process counts
// what it puts in itself: fairness need not be exact.
type turns struct {
	mu     sync.Mutex
	minute time.Time
	put    map[string]int
}

// shares are how many jobs of one office and minute have the first priority, the
// second and the third; what is beyond has the last.
var shares = [...]int{20, 200, 2000}

// priority counts one more job of an office and returns its priority, 1 to 4.
func (t *turns) priority(office string, now time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := now.Truncate(time.Minute); t.put == nil || minute.After(t.minute) {
		t.minute, t.put = minute, map[string]int{}
	}
	t.put[office]++
	for i, share := range shares {
		if t.put[office] <= share {
			return i + 1
		}
	}
	return len(shares) + 1
}
