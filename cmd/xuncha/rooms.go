package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file:// addresses

	"xuncha/api"
	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/inspection/documents"
	"xuncha/inspection/findings"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/directives"
	"xuncha/inspection/rectification/doubts"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/extensions"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/followups"
	"xuncha/inspection/rectification/listings"
	"xuncha/inspection/rectification/longterm"
	"xuncha/inspection/rectification/plans"
	"xuncha/inspection/rectification/reports"
	"xuncha/inspection/rectification/samples"
	"xuncha/inspection/rounds"
	"xuncha/inspection/statistics"
	"xuncha/inspection/units"
	"xuncha/jobs"
	"xuncha/tenants"
	"xuncha/tenants/signon"
	"xuncha/web/public"
)

// rooms are the services of the house over one login.
type rooms struct {
	db         *tenants.DB
	members    *tenants.Members
	keys       *signon.Keys
	views      *tenants.Views
	units      *units.Service
	rounds     *rounds.Service
	findings   *findings.Service
	cases      *rectification.Service
	extensions *extensions.Service
	longterm   *longterm.Service
	imports    *rectification.Imports
	reminders  *rectification.Reminders
	outbox     *rectification.Outbox
	plans      *plans.Service
	reports    *reports.Service
	checks     *checks.Service
	doubts     *doubts.Service
	evaluation *evaluations.Service
	followups  *followups.Service
	samples    *samples.Service
	listings   *listings.Service
	directives *directives.Service
	linkage    *linkage.Service
	disclosure *disclosure.Service
	opinions   *opinions.Service
	statistics *statistics.Service
	documents  *documents.Service
}

// newRooms fills the rooms in the order of a finding's life. What an earlier room
// tells a later one is a function field, filled at the end.
func newRooms(db *tenants.DB, clock inspection.Clock, calendar *inspection.Calendar, store *files.Store) *rooms {
	r := &rooms{
		db:       db,
		members:  &tenants.Members{DB: db, Clock: clock},
		keys:     &signon.Keys{DB: db, Clock: clock},
		views:    &tenants.Views{DB: db, Clock: clock},
		units:    &units.Service{DB: db},
		rounds:   &rounds.Service{DB: db},
		findings: &findings.Service{DB: db, Clock: clock},
		cases:    &rectification.Service{DB: db, Clock: clock, Calendar: calendar, Files: store},
		outbox:   &rectification.Outbox{DB: db, Clock: clock},
	}
	r.extensions = &extensions.Service{DB: db, Clock: clock, Cases: r.cases}
	r.longterm = &longterm.Service{DB: db, Clock: clock, Cases: r.cases}
	r.imports = &rectification.Imports{DB: db, Clock: clock, Cases: r.cases}
	r.reminders = &rectification.Reminders{DB: db, Clock: clock, Calendar: calendar, Outbox: r.outbox}
	r.plans = &plans.Service{DB: db, Clock: clock, Calendar: calendar, Cases: r.cases}
	r.reports = &reports.Service{DB: db, Clock: clock, Calendar: calendar, Cases: r.cases}
	r.checks = &checks.Service{DB: db, Clock: clock, Cases: r.cases, Files: store}
	r.doubts = &doubts.Service{DB: db, Clock: clock, Cases: r.cases}
	r.evaluation = &evaluations.Service{DB: db, Clock: clock, Reports: r.reports}
	r.followups = &followups.Service{DB: db, Clock: clock, Cases: r.cases, Checks: r.checks}
	r.samples = &samples.Service{DB: db, Clock: clock, Cases: r.cases}
	r.listings = &listings.Service{DB: db, Clock: clock}
	r.directives = &directives.Service{DB: db, Clock: clock}
	r.linkage = &linkage.Service{DB: db, Clock: clock, Calendar: calendar, Cases: r.cases}
	r.disclosure = &disclosure.Service{DB: db, Clock: clock, Calendar: calendar, Article: public.Article, Page: public.Preview}
	r.opinions = &opinions.Service{DB: db, Clock: clock, Calendar: calendar, Doubts: r.doubts, Cases: r.cases}
	r.statistics = &statistics.Service{DB: db, Clock: clock, Rooms: []statistics.Room{
		{Tasks: r.cases.Tasks},
		{Tasks: r.extensions.Tasks},
		{Tasks: r.extensions.RaisedTasks, Wide: true},
		{Tasks: r.longterm.Tasks},
		{Tasks: r.imports.Tasks},
		{Tasks: r.reminders.Tasks},
		{Tasks: r.reminders.UrgingTasks, Wide: true},
		{Tasks: r.plans.Tasks},
		{Tasks: r.reports.Tasks},
		{Tasks: r.evaluation.Tasks},
		{Tasks: r.followups.Tasks},
		{Tasks: r.samples.Tasks, Wide: true},
		{Tasks: r.directives.Tasks},
		{Tasks: r.checks.Tasks},
		{Tasks: r.doubts.Tasks},
		{Tasks: r.disclosure.Tasks},
		{Tasks: r.opinions.Tasks},
		{Tasks: r.linkage.Tasks, Wide: true},
	}}
	r.documents = &documents.Service{DB: db, Clock: clock, Cases: r.cases, Reminders: r.reminders, Checks: r.checks, Plans: r.plans, Reports: r.reports, Linkage: r.linkage}
	r.findings.Issued = r.cases.Begin
	r.documents.Evaluations, r.documents.FollowUps, r.documents.Statistics = r.evaluation, r.followups, r.statistics
	r.cases.Lineage = r.linkage.Lineage
	r.cases.Changed = r.doubts.Changed
	return r
}

// newRooms returns the rooms of this house over one login.
func (h *house) newRooms(ctx context.Context, db *tenants.DB) (*rooms, error) {
	bucket, err := blob.OpenBucket(ctx, h.cfg.Files)
	if err != nil {
		return nil, fmt.Errorf("XUNCHA_FILES_URL: %w", err)
	}
	h.closers = append(h.closers, func() { _ = bucket.Close() })
	r := newRooms(db, h.clock, h.calendar, files.NewStore(bucket))
	r.outbox.Address, r.outbox.Deliver = h.cfg.URL.String(), h.mail()
	if h.cfg.Scanner != nil {
		r.cases.Scanner = h.cfg.Scanner.Scan
	}
	r.disclosure.Site = h.cfg.PublicURL.String()
	if h.cfg.Demo {
		r.disclosure.Shift = disclosure.ShiftOf(h.clock)
	}
	return r, nil
}

// mail returns what hands mail to the server, or nil if there is none.
func (h *house) mail() func(context.Context, tenants.Tenant, rectification.Message) rectification.Delivery {
	if h.cfg.Mail.Server == nil {
		return nil
	}
	return h.cfg.Mail.smtp(h.log).Deliver
}

// queueIn lets the rooms put jobs in.
func (r *rooms) queueIn(queue *jobs.Client) {
	r.imports.Enqueue = queue.StartImport
	r.outbox.Wake = queue.WakeMail
	r.doubts.Enqueue = queue.LookForDoubts
	r.extensions.Enqueue = queue.CarryOutExtension
	r.samples.Enqueue = queue.CarryOutSample
}

// operations are the rooms as the API sees them.
func (r *rooms) operations() api.Rooms {
	return api.Rooms{
		Members: r.members, Keys: r.keys, Views: r.views, Looks: &tenants.Looks{DB: r.db},
		Units: r.units, Rounds: r.rounds, Findings: r.findings, Rectification: r.cases,
		Extensions: r.extensions, LongTerm: r.longterm,
		Imports: r.imports, Reminders: r.reminders, Outbox: r.outbox,
		Plans: r.plans, Reports: r.reports, Checks: r.checks, Doubts: r.doubts, Linkage: r.linkage, Disclosure: r.disclosure, Opinions: r.opinions, Statistics: r.statistics,
		Documents: r.documents, Evaluations: r.evaluation, FollowUps: r.followups, Samples: r.samples, Listings: r.listings, Directives: r.directives,
	}
}

// work is what the queue does.
func (r *rooms) work() []jobs.Work {
	return []jobs.Work{
		jobs.RunsImports(r.db, r.imports).Within(30 * time.Minute), // a ledger of 20,000 rows takes its time
		jobs.SendsMail(r.db, r.outbox), jobs.LooksForDoubts(r.db, r.doubts), jobs.CarriesOutExtensions(r.db, r.extensions),
		jobs.CarriesOutSamples(r.db, r.samples),
	}
}

// schedules are the scans and how often they look. None of them minds being late.
func (r *rooms) schedules(h *house) []jobs.Schedule {
	perOffice := func(name string, scan func(context.Context, tenants.Scope) error) func(context.Context) error {
		return jobs.PerOffice(r.db, h.log, name, scan)
	}
	return []jobs.Schedule{
		jobs.Every(5*time.Second, "publish", func(ctx context.Context) error {
			_, err := r.disclosure.PublishDue(ctx)
			return err
		}),
		jobs.Every(10*time.Second, "fold", func(ctx context.Context) error { return statistics.FoldAll(ctx, r.db) }),
		jobs.Every(time.Minute, "remind", jobs.InTurns(r.db, h.log, "remind", r.reminders.Step)),
		jobs.Every(time.Minute, "urge", jobs.InTurns(r.db, h.log, "urge", r.reminders.StepBelow)),
		jobs.Every(time.Minute, "mail", perOffice("mail", r.outbox.Send)),
		jobs.Every(time.Minute, "carry-out-extensions", perOffice("carry-out-extensions", r.extensions.CarryOutAll)),
		jobs.Every(time.Minute, "carry-out-samples", perOffice("carry-out-samples", r.samples.CarryOutAll)),
		jobs.Every(time.Minute, "watch", h.watch(r)),
		jobs.Every(24*time.Hour, "doubts", perOffice("doubts", r.doubts.Scan)),
		jobs.Every(time.Minute, "scan-files", perOffice("scan-files", r.cases.ScanWaiting)),
		jobs.Every(time.Hour, "clean-files", perOffice("clean-files", func(ctx context.Context, scope tenants.Scope) error {
			_, err := r.cases.CleanFiles(ctx, scope, rectification.OrphanAge)
			_, also := r.imports.CleanFiles(ctx, scope, rectification.OrphanAge)
			_, photos := r.checks.CleanFiles(ctx, scope, rectification.OrphanAge)
			return errors.Join(err, also, photos)
		})),
	}
}
