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
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if ask(late); !strings.Contains(lines.String(), "level=ERROR") {
		t.Errorf("too late, and the log says %q", lines.String())
	}
}
