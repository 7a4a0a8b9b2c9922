package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

func TestLogLinesNameTheirTrace(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := newLogger(&out, slog.LevelInfo).With(slog.String("room", "test")).WithGroup("more")
	ctx, span := sdktrace.NewTracerProvider().Tracer("").Start(t.Context(), "work")
	log.InfoContext(ctx, "done", slog.Int("n", 3))
	log.DebugContext(ctx, "too quiet")

	var line struct {
		Msg  string
		Room string
		More struct {
			N       int
			TraceID string `json:"trace_id"`
			SpanID  string `json:"span_id"`
		}
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v in %q", err, out.String())
	}
	if line.Msg != "done" || line.Room != "test" || line.More.N != 3 {
		t.Errorf("line = %+v", line)
	}
	if id := span.SpanContext().TraceID().String(); line.More.TraceID != id {
		t.Errorf("trace_id = %q, want %s", line.More.TraceID, id)
	}
}
