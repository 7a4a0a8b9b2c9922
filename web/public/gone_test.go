package public_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestReaderLeaves: a reader who does not wait alarms nobody; a database that does
// not answer in time does.
func TestReaderLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var lines bytes.Buffer
	w.site.Log = slog.New(slog.NewTextHandler(&lines, nil))
	ask := func(ctx context.Context) {
		w.site.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, w.base+"/list", nil).WithContext(ctx))
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if ask(left); lines.Len() > 0 {
		t.Errorf("a reader left, and the log says %s", lines.String())
	}
	w.site.Top = "nowhere"
	if ask(leaving{t.Context()}); !strings.Contains(lines.String(), "level=ERROR") {
		t.Errorf("a failure met a reader who was leaving, and the log says %q", lines.String())
	}
	lines.Reset()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if ask(late); !strings.Contains(lines.String(), "level=ERROR") {
		t.Errorf("too late, and the log says %q", lines.String())
	}
}

// leaving is a reader's context that ended just after everything had been asked.
type leaving struct{ context.Context }

func (leaving) Done() <-chan struct{} { return nil }

func (leaving) Err() error { return context.Canceled }
