package main

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// leaving are the attributes that may leave the process with traces and metrics:
// names of ours, codes and counts. Addresses, paths, query strings, agents,
// statements and messages of errors may hold personal data and are not here.
var leaving = map[attribute.Key]bool{
	"http.request.method":        true,
	"http.request.body.size":     true,
	"http.response.body.size":    true,
	"http.response.status_code":  true,
	"http.route":                 true,
	"network.protocol.version":   true,
	"url.scheme":                 true,
	"error.type":                 true,
	"exception.type":             true,
	"db.system.name":             true,
	"db.client.connection.state": true,
	"pgx.operation.type":         true,
	"pgx.rows_affected":          true,
	"pgx.sql_state":              true,

	// River's own, and the names of our jobs and queues.
	"attempt": true, "cancel": true, "id": true, "kind": true, "kinds": true, "priority": true, "queue": true,
	"snooze": true, "status": true, "unique_skipped_as_duplicate": true, "unique_skipped_as_duplicate_count": true,

	"db.client.connection.pool.name": true,
	"service.name":                   true,
	"service.version":                true,
	"telemetry.sdk.language":         true,
	"telemetry.sdk.name":             true,
	"telemetry.sdk.version":          true,
}

func mayLeave(kv attribute.KeyValue) bool { return leaving[kv.Key] }

// sieve lets through of each span only what may leave.
type sieve struct{ sdktrace.SpanExporter }

// ExportSpans sends the spans on, sifted.
func (s sieve) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	sifted := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, span := range spans {
		sifted[i] = siftedSpan{span}
	}
	return s.SpanExporter.ExportSpans(ctx, sifted)
}

type siftedSpan struct{ sdktrace.ReadOnlySpan }

// Attributes returns those that may leave.
func (s siftedSpan) Attributes() []attribute.KeyValue { return sift(s.ReadOnlySpan.Attributes()) }

// Events returns the events with the attributes that may leave: of an error its
// type and not its message.
func (s siftedSpan) Events() []sdktrace.Event {
	events := append([]sdktrace.Event(nil), s.ReadOnlySpan.Events()...)
	for i := range events {
		events[i].Attributes = sift(events[i].Attributes)
	}
	return events
}

// Links returns the links with the attributes that may leave.
func (s siftedSpan) Links() []sdktrace.Link {
	links := append([]sdktrace.Link(nil), s.ReadOnlySpan.Links()...)
	for i := range links {
		links[i].Attributes = sift(links[i].Attributes)
	}
	return links
}

// Status returns the status without its description, which is an error's text. A
// statement that stopped because its request went away did not fail.
func (s siftedSpan) Status() sdktrace.Status {
	if strings.HasSuffix(s.ReadOnlySpan.Status().Description, context.Canceled.Error()) {
		return sdktrace.Status{}
	}
	return sdktrace.Status{Code: s.ReadOnlySpan.Status().Code}
}

// Name returns the span's name, unless it could be something that was sent to us.
func (s siftedSpan) Name() string {
	name := s.ReadOnlySpan.Name()
	if strings.ContainsAny(name, "'\"?\n") || len(name) > 120 {
		return "unnamed"
	}
	return name
}

func sift(all []attribute.KeyValue) []attribute.KeyValue {
	var kept []attribute.KeyValue
	for _, kv := range all {
		if mayLeave(kv) {
			kept = append(kept, kv)
		}
	}
	return kept
}
