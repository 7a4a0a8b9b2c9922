package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"xuncha/api"
	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/jobs"
	"xuncha/tenants/signon"
	"xuncha/web/public"
	"xuncha/web/workbench"
)

// Statements that take longer are given up by the database.
const (
	personWaits = 8 * time.Second
	readerWaits = 5 * time.Second
	jobWaits    = time.Minute
)

type serveCmd struct{}

// Run serves the surfaces that XUNCHA_SURFACES names.
func (serveCmd) Run(ctx context.Context, env *environment) error {
	cfg, err := readConfig(env.getenv)
	if err != nil {
		return err
	}
	return serve(ctx, cfg, env, inspection.SystemClock)
}

type workCmd struct{}

// Run works on the jobs and serves nothing but the operator's screens.
func (workCmd) Run(ctx context.Context, env *environment) error {
	cfg, err := readConfig(env.getenv)
	if err != nil {
		return err
	}
	cfg.Surfaces = []string{"jobs"}
	return serve(ctx, cfg, env, inspection.SystemClock)
}

// serve runs the surfaces of cfg until ctx ends.
func serve(ctx context.Context, cfg config, env *environment, clock inspection.Clock) (err error) {
	ports, err := openPorts(ctx, cfg)
	if err != nil {
		return err
	}
	defer ports.close()
	h, err := newHouse(ctx, cfg, newLogger(env.stderr, cfg.LogLevel), clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.furnish(ctx, ports); err != nil {
		return err
	}
	return h.run(ctx)
}

// ports are what the process listens on, opened before anything else: a taken
// one is noticed at once.
type ports struct{ workbench, public, ops net.Listener }

func openPorts(ctx context.Context, cfg config) (*ports, error) {
	p := &ports{}
	for _, want := range []struct {
		ln     *net.Listener
		wanted bool
		addr   string
	}{
		{&p.workbench, cfg.runs("workbench"), cfg.Addr},
		{&p.public, cfg.runs("public"), cfg.AddrOut},
		{&p.ops, cfg.AddrOps != "", cfg.AddrOps},
	} {
		if !want.wanted {
			continue
		}
		ln, err := listen(ctx, want.addr)
		if err != nil {
			p.close()
			return nil, err
		}
		*want.ln = ln
	}
	return p, nil
}

// close closes what is still open; a drained surface closed its own.
func (p *ports) close() {
	for _, ln := range []net.Listener{p.workbench, p.public, p.ops} {
		if ln != nil {
			_ = ln.Close()
		}
	}
}

// furnish builds the surfaces that the configuration names.
func (h *house) furnish(ctx context.Context, p *ports) error {
	if h.cfg.runs("workbench") {
		handler, err := h.workbench(ctx)
		if err != nil {
			return err
		}
		h.surfaces = append(h.surfaces, newListener(p.workbench, h.health.over(h.tel.handler(handler)), h.log))
	}
	if h.cfg.runs("public") {
		handler, err := h.public(ctx)
		if err != nil {
			return err
		}
		h.surfaces = append(h.surfaces, newListener(p.public, h.health.over(h.tel.handler(handler)), h.log))
	}
	if h.cfg.runs("jobs") {
		if err := h.jobs(ctx); err != nil {
			return err
		}
	}
	if p.ops != nil {
		handler, err := h.ops(ctx)
		if err != nil {
			return err
		}
		h.surfaces = append(h.surfaces, newListener(p.ops, h.health.over(h.tel.handler(handler)), h.log))
	}
	return nil
}

// workbench returns what answers the offices: the API, the sign-on and the
// application that uses them.
func (h *house) workbench(ctx context.Context) (http.Handler, error) {
	app, err := h.connect(ctx, "xuncha_app", h.cfg.Logins.App, personWaits)
	if err != nil {
		return nil, err
	}
	rooms, err := h.newRooms(ctx, app.DB)
	if err != nil {
		return nil, err
	}
	queue, err := jobs.New(app.pool, jobs.Deps{Log: h.log, Middleware: h.tel.jobs()}) // puts in, does not work
	if err != nil {
		return nil, err
	}
	rooms.queueIn(queue)
	sessions := &signon.Sessions{DB: app.DB, Pool: app.pool, Clock: h.clock, Plain: h.cfg.URL.Scheme == "http"}
	door, err := h.door(sessions)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/auth/", door)
	mux.Handle("/v1/", api.Handler(&api.Services{
		DB: app.DB, Log: h.log, Clock: h.clock,
		Verify: verifier(sessions), Me: introducer(app.DB, sessions), Ends: sessions.Ends,
		CursorKey: h.cfg.key("cursors"),
		Cookie:    sessions.Cookie(), Hosts: []string{h.cfg.URL.Host}, Rate: h.cfg.Rate, Demo: h.cfg.Demo,
		Rooms: rooms.operations(),
	}))
	mux.Handle("/", workbench.Handler())
	return mux, nil
}

func (h *house) door(sessions *signon.Sessions) (*signon.Door, error) {
	cfg := signon.Defaults()
	cfg.Issuer, cfg.ClientID, cfg.ClientSecret = h.cfg.OIDC.Issuer, h.cfg.OIDC.Client, h.cfg.OIDC.Secret
	cfg.BaseURL, cfg.Notice, cfg.Log = h.cfg.URL.String(), h.cfg.notice(), h.log
	return signon.NewDoor(cfg, sessions)
}

// jobs builds the queue that works here.
func (h *house) jobs(ctx context.Context) error {
	worker, err := h.connect(ctx, "xuncha_jobs", h.cfg.Logins.Jobs, jobWaits)
	if err != nil {
		return err
	}
	rooms, err := h.newRooms(ctx, worker.DB)
	if err != nil {
		return err
	}
	h.queue, err = jobs.New(worker.pool, jobs.Deps{
		Log: h.log, Middleware: h.tel.jobs(), Work: rooms.work(), Schedules: rooms.schedules(h),
	})
	if err != nil {
		return err
	}
	rooms.queueIn(h.queue)
	return nil
}

// public returns what answers the citizens.
func (h *house) public(ctx context.Context) (http.Handler, error) {
	reader, err := h.connect(ctx, "xuncha_public", h.cfg.Logins.Public, readerWaits)
	if err != nil {
		return nil, err
	}
	site := &public.Site{
		Reader: disclosure.Reader{DB: reader.DB}, Clock: h.clock, Log: h.log, Base: h.cfg.PublicURL, Demo: h.cfg.Demo,
		Proxied: h.cfg.Proxied,
	}
	if h.cfg.Logins.Intake != "" {
		intake, err := h.connect(ctx, "xuncha_intake", h.cfg.Logins.Intake, readerWaits)
		if err != nil {
			return nil, err
		}
		site.Shelf = opinions.Shelf{DB: reader.DB}
		site.Box = &opinions.Box{DB: intake.DB, Clock: h.clock, Key: h.cfg.key("opinions")}
	}
	h.parts = append(h.parts, func(ctx context.Context) error { return site.Follow(ctx, 500*time.Millisecond) })
	return site, nil
}
