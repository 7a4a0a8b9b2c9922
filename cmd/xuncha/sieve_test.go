package main

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// TestSieveStatus: a statement that its request left behind did not fail; one that
// took too long did, and neither tells its error's text.
func TestSieveStatus(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]codes.Code{
		"timeout: " + context.Canceled.Error():         codes.Unset,
		"timeout: " + context.DeadlineExceeded.Error(): codes.Error,
		"duplicate key 张三":                             codes.Error,
	} {
		stub := tracetest.SpanStub{Status: sdktrace.Status{Code: codes.Error, Description: text}}
		if got := (siftedSpan{stub.Snapshot()}).Status(); got != (sdktrace.Status{Code: want}) {
			t.Errorf("%q = %+v, want %v", text, got, want)
		}
	}
}
