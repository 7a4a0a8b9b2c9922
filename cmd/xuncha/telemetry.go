package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/rivertype"
	"github.com/riverqueue/rivercontrib/otelriver"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/exemplar"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"
)

// telemetry is where traces and metrics go. The zero telemetry sends nothing.
type telemetry struct {
	traces  *sdktrace.TracerProvider
	metrics *sdkmetric.MeterProvider
}

// newTelemetry sends to the OTLP collector at the given address, and nowhere if
// it is empty. The other OTEL_* variables (headers, certificate, sampler,
// intervals) mean what they mean everywhere.
func newTelemetry(ctx context.Context, collector string) (*telemetry, error) {
	if collector == "" {
		return &telemetry{}, nil
	}
	collector = strings.TrimSuffix(collector, "/")
	spans, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(collector+"/v1/traces"))
	if err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	points, err := otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(collector+"/v1/metrics"))
	if err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	// No detector: hosts, processes and command lines are nobody's business.
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(
		semconv.ServiceName("xuncha"), semconv.ServiceVersion(version())), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	return &telemetry{
		traces: sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithBatcher(sieve{spans})),
		metrics: sdkmetric.NewMeterProvider(
			sdkmetric.WithResource(about),
			sdkmetric.WithReader(sdkmetric.NewPeriodicReader(points)),
			sdkmetric.WithView(sdkmetric.NewView(sdkmetric.Instrument{Name: "*"}, sdkmetric.Stream{AttributeFilter: mayLeave})),
			// Exemplars would carry what the view keeps back.
			sdkmetric.WithExemplarFilter(exemplar.AlwaysOffFilter),
		),
	}, nil
}

// handler records the requests to next. A caller's trace is linked, not
// continued: who asks does not decide what we record, and baggage is not read.
func (t *telemetry) handler(next http.Handler) http.Handler {
	if t.traces == nil {
		return next
	}
	return otelhttp.NewHandler(next, "",
		otelhttp.WithTracerProvider(t.traces),
		otelhttp.WithMeterProvider(t.metrics),
		otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithPublicEndpointFn(func(*http.Request) bool { return true }),
		otelhttp.WithFilter(func(r *http.Request) bool { return r.URL.Path != "/healthz" && r.URL.Path != "/readyz" }),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
			if r.Pattern != "" {
				return r.Pattern
			}
			return "request" // the path may hold anything
		}))
}

// watch records what a pool's connections do.
func (t *telemetry) watch(cfg *pgxpool.Config) {
	if t.traces == nil {
		return
	}
	cfg.ConnConfig.Tracer = otelpgx.NewTracer(
		otelpgx.WithTracerProvider(t.traces),
		otelpgx.WithMeterProvider(t.metrics),
		otelpgx.WithDisableAcquireTracer(),
		otelpgx.WithDisableSQLStatementInAttributes(),
		otelpgx.WithDisableConnectionDetailsInAttributes(),
		otelpgx.WithSpanNameFunc(summary))
}

// measure records how full a pool is.
func (t *telemetry) measure(pool *pgxpool.Pool, login string) error {
	if t.metrics == nil {
		return nil
	}
	return otelpgx.RecordStats(pool, otelpgx.WithStatsMeterProvider(t.metrics),
		otelpgx.WithStatsAttributes(semconv.DBClientConnectionPoolName(login)))
}

// jobs returns what records River's work. A job's trace is its own and linked to
// the request that asked for it.
func (t *telemetry) jobs() []rivertype.Middleware {
	if t.traces == nil {
		return nil
	}
	return []rivertype.Middleware{otelriver.NewMiddleware(&otelriver.MiddlewareConfig{
		TracerProvider: t.traces, MeterProvider: t.metrics,
		EnableTracePropagation: true, EnableWorkSpanJobKindSuffix: true,
	})}
}

// stop sends what has not been sent yet, and ends.
func (t *telemetry) stop(ctx context.Context) error {
	if t.traces == nil {
		return nil
	}
	if err := errors.Join(t.traces.Shutdown(ctx), t.metrics.Shutdown(ctx)); err != nil {
		return fmt.Errorf("telemetry: %w", err)
	}
	return nil
}

var (
	statement = regexp.MustCompile(`(?i)^\s*(select|insert|update|delete|with|begin|commit|rollback|merge|copy|lock|notify|listen)\b`)
	table     = regexp.MustCompile(`(?i)\b(?:from|into|update|join)\s+("?[a-z_][a-z0-9_.]*"?)`)
)

// summary names a statement by its verb and its first table, as "select
// findings". The text itself never leaves: it could hold literals.
func summary(sql string) string {
	verb := statement.FindStringSubmatch(sql)
	if verb == nil {
		return "statement"
	}
	name := strings.ToLower(verb[1])
	if t := table.FindStringSubmatch(sql); t != nil {
		name += " " + strings.ToLower(strings.Trim(t[1], `"`))
	}
	return name
}
