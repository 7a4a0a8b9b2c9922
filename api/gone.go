package api

import (
	"context"
	"log/slog"
	"net/http"
)

// statusGone is what a request ends with whose sender did not wait for the
// answer. Nobody reads it; it tells whoever measures us that nothing failed here.
// 499 is nginx's number for it.
const statusGone = 499

// reply is a ResponseWriter that knows whether the answer has begun, and whether
// the sender has stopped reading it. huma answers a second time, with 499, when
// writing the first answer fails, and panics if it does not know why; net/http
// complains of either.
type reply struct {
	http.ResponseWriter
	begun  bool
	failed error
}

// WriteHeader begins the answer, unless nobody reads it any more.
func (w *reply) WriteHeader(status int) {
	if w.failed != nil {
		return
	}
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write writes a part of the answer.
func (w *reply) Write(b []byte) (int, error) {
	w.begun = true
	n, err := w.ResponseWriter.Write(b)
	if err != nil {
		w.failed = err
	}
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *reply) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logGone notes for whoever looks for it that a sender did not wait.
func (s *Services) logGone(ctx context.Context, operation string, err error) {
	s.Log.DebugContext(ctx, "the sender went away", slog.String("operation", operation), slog.Any("error", err))
}
