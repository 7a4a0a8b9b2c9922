package main

import (
	"context"
	_ "embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/metric"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/jobs"
	"xuncha/tenants"
)

// matters lists what the queue and the outboxes have that needs a person.
func matters(ctx context.Context, queue *jobs.Client, db *tenants.DB, outbox *rectification.Outbox) ([]jobs.Matter, error) {
	all, err := queue.Waiting(ctx)
	mail, also := jobs.LateMail(ctx, db, outbox)
	return append(all, mail...), errors.Join(err, also)
}

// watch returns the scan that raises the alarm about work that waits unseen (TRUST
// a metric, and a line in the log for each matter.
func (h *house) watch(r *rooms) func(context.Context) error {
	late, given := h.tel.gauge("xuncha.jobs.late", "Work that waits longer than promised"),
		h.tel.gauge("xuncha.jobs.given_up", "Work of the last week that nobody will try again")
	return func(ctx context.Context) error {
		all, err := matters(ctx, h.queue, r.db, r.outbox)
		if err != nil {
			return err
		}
		var waiting, lost int64
		for _, m := range all {
			if !m.Late {
				lost += int64(m.Count)
				continue
			}
			waiting += int64(m.Count)
			h.log.ErrorContext(ctx, "work waits longer than promised", slog.String("what", m.What), slog.String("office", m.Office),
				slog.Int("count", m.Count), slog.Duration("for", time.Since(m.Since).Round(time.Second)), slog.Int64("job", m.Job))
		}
		late(ctx, waiting)
		given(ctx, lost)
		return nil
	}
}

// gauge returns what reports a number to the collector, if there is one.
func (t *telemetry) gauge(name, about string) func(context.Context, int64) {
	if t.metrics == nil {
		return func(context.Context, int64) {}
	}
	g, err := t.metrics.Meter("xuncha").Int64Gauge(name, metric.WithDescription(about))
	if err != nil {
		return func(context.Context, int64) {}
	}
	return func(ctx context.Context, n int64) { g.Record(ctx, n) }
}

//go:embed watch.html
var watchHTML string

var watchPage = template.Must(template.New("watch").Funcs(template.FuncMap{
	"at":    func(t time.Time) string { return t.In(inspection.Zone).Format("2006-01-02 15:04") },
	"owner": owner,
}).Parse(watchHTML))

// owner says who sees to a matter.
func owner(m jobs.Matter) string {
	if m.Office == "" {
		return "平台运维"
	}
	return m.Office + " 管理员，平台运维"
}

// watching serves the first of the job screens: what needs a person, with owner and
// reason. Everything else is next's.
func watching(log *slog.Logger, look func(context.Context) ([]jobs.Matter, error), next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", next)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		all, err := look(r.Context())
		if err != nil {
			log.ErrorContext(r.Context(), "job screen", slog.Any("error", err))
			answer(w, http.StatusServiceUnavailable, "The queue cannot be read; try again.\n")
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := watchPage.Execute(w, all); err != nil {
			log.WarnContext(r.Context(), "job screen", slog.Any("error", err))
		}
	})
	return mux
}
