package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob"
	"golang.org/x/sync/errgroup"

	"xuncha/deploy/demo"
	"xuncha/deploy/portal"
	"xuncha/deploy/postgres"
	"xuncha/inspection/rectification/files"
	"xuncha/migrations"
	"xuncha/web/public"
)

// demoCmd runs the service with an invented story, a portal to sign on at and a
// PostgreSQL of its own.
type demoCmd struct {
	Fresh   bool     `help:"Tell the story anew, in a throw-away folder and on free ports."`
	Command []string `arg:"" optional:"" passthrough:"" help:"Run this beside the demo, with its addresses in XUNCHA_URL, XUNCHA_PUBLIC_URL, XUNCHA_PORTAL_URL and XUNCHA_DATABASE_URL, and stop with it."`
}

// Run runs the demo until a signal, or until the command has ended.
func (c *demoCmd) Run(ctx context.Context, env *environment) (err error) {
	s, err := c.stage(env)
	if err != nil {
		return plainly(err)
	}
	defer func() { err = errors.Join(err, s.clear()) }()
	if err := s.perform(ctx, env, c.Command); err != nil {
		return plainly(err)
	}
	return nil
}

// stage is what one run of the demo stands on.
type stage struct {
	dir   string // data folder
	fresh bool
	addrs struct{ workbench, public, portal string }
	cfg   config

	server *postgres.Server // nil if XUNCHA_DATABASE_URL names one
	clock  *stageClock
}

// stage reads what the environment says about the demo.
func (c *demoCmd) stage(env *environment) (*stage, error) {
	r := &reader{getenv: env.getenv}
	s := &stage{dir: r.text("XUNCHA_DATA", ".xuncha"), fresh: c.Fresh}
	port := func(p string) string {
		if c.Fresh {
			p = "0"
		}
		return net.JoinHostPort("127.0.0.1", p)
	}
	s.addrs.workbench = r.addr("XUNCHA_ADDR", port("8080"))
	s.addrs.public = r.addr("XUNCHA_PUBLIC_ADDR", port("8081"))
	s.addrs.portal = r.addr("XUNCHA_PORTAL_ADDR", port("8082"))
	s.cfg = config{
		Demo: true, Surfaces: surfaces, Secret: developmentSecret, Grace: 15 * time.Second, Rate: r.rate(),
		Collector: env.getenv("OTEL_EXPORTER_OTLP_ENDPOINT"),
	}
	if err := s.cfg.LogLevel.UnmarshalText([]byte(r.text("XUNCHA_LOG_LEVEL", "warn"))); err != nil {
		r.wrong("XUNCHA_LOG_LEVEL", "%w", err)
	}
	if env.getenv("XUNCHA_DATABASE_URL") != "" {
		s.cfg.Logins = r.logins(false)
	}
	if err := errors.Join(r.errs...); err != nil || !c.Fresh {
		return s, err
	}
	dir, err := os.MkdirTemp("", "xuncha-demo-")
	s.dir = dir
	return s, err
}

// perform sets the stage up, plays, and waits for the end.
func (s *stage) perform(ctx context.Context, env *environment, command []string) error {
	log := newLogger(env.stderr, s.cfg.LogLevel)
	if err := s.database(ctx); err != nil {
		return err
	}
	lns, err := s.listen(ctx)
	if err != nil {
		return err
	}
	defer lns.close()
	if err := s.tell(ctx); err != nil {
		return err
	}
	door, err := s.portal(log)
	if err != nil {
		return err
	}
	h, err := newHouse(ctx, s.cfg, log, s.clock.now)
	if err != nil {
		return err
	}
	h.calendar = demo.Calendar()
	defer func() { _ = h.close() }()
	if err := h.furnish(ctx, &lns.ports); err != nil {
		return err
	}
	h.surfaces = append(h.surfaces, newListener(lns.portal, door, log))
	return s.play(ctx, env, h, command)
}

// play runs the house, the clock, the watch over the server, and the command.
func (s *stage) play(ctx context.Context, env *environment, h *house, command []string) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.run(ctx) })
	g.Go(func() error { return s.clock.keep(ctx) })
	if s.server != nil {
		g.Go(func() error {
			select {
			case <-ctx.Done():
				return nil
			case <-s.server.Done():
				return errors.New("the private PostgreSQL ended by itself; see postgres.log in " + s.dir)
			}
		})
	}
	if len(command) == 0 {
		s.announce(env.stdout)
		return g.Wait()
	}
	g.Go(func() error {
		defer end()
		return beside(ctx, env, command, map[string]string{
			"XUNCHA_URL": s.cfg.URL.String(), "XUNCHA_PUBLIC_URL": s.cfg.PublicURL.String(), "XUNCHA_PORTAL_URL": s.cfg.OIDC.Issuer,
			"XUNCHA_DATABASE_URL": s.cfg.Logins.App,
		})
	})
	return g.Wait()
}

// clear takes down what is not to be kept.
func (s *stage) clear() error {
	var err error
	switch {
	case s.server != nil && s.fresh:
		err = s.server.Remove()
	case s.server != nil:
		err = s.server.Stop()
	case s.fresh:
		err = os.RemoveAll(s.dir)
	}
	return err
}

// database starts the private server, unless the environment names another one.
func (s *stage) database(ctx context.Context) (err error) {
	if s.cfg.Logins.App != "" {
		return os.MkdirAll(s.dir, 0o700)
	}
	if s.server, err = postgres.Start(ctx, postgres.Options{Dir: s.dir, Fragile: s.fresh}); err != nil {
		return err
	}
	if err := s.server.Execute(ctx, migrations.Roles()); err != nil {
		return err
	}
	s.cfg.Logins = s.loginsTo(databaseName)
	return nil
}

const databaseName = "xuncha"

func (s *stage) loginsTo(database string) logins {
	return logins{
		App:    s.server.URL("xuncha_app", database),
		Jobs:   s.server.URL("xuncha_jobs", database),
		Public: s.server.URL("xuncha_public", database),
		Intake: s.server.URL("xuncha_intake", database),
		Owner:  s.server.URL("xuncha_owner", database),
	}
}

// stagePorts are the ports of the demo, opened before the story is told.
type stagePorts struct {
	ports
	portal net.Listener
}

func (p *stagePorts) close() {
	p.ports.close()
	if p.portal != nil {
		_ = p.portal.Close()
	}
}

// listen opens the ports and learns its own addresses from them.
func (s *stage) listen(ctx context.Context) (*stagePorts, error) {
	s.cfg.Addr, s.cfg.AddrOut = s.addrs.workbench, s.addrs.public
	p, err := openPorts(ctx, s.cfg)
	if err != nil {
		return nil, err
	}
	all := &stagePorts{ports: *p}
	if all.portal, err = listen(ctx, s.addrs.portal); err != nil {
		all.close()
		return nil, err
	}
	at := func(ln net.Listener) *url.URL { return &url.URL{Scheme: "http", Host: ln.Addr().String()} }
	s.cfg.URL, s.cfg.PublicURL = at(all.workbench), at(all.public)
	s.cfg.OIDC = oidcConfig{Issuer: at(all.portal).String(), Client: "xuncha", Secret: rand.Text()}
	s.cfg.Files = "file://" + filepath.ToSlash(absolute(filepath.Join(s.dir, "files"))) + "?create_dir=true&no_tmp_dir=true"
	if err := s.sameIssuer(); err != nil {
		all.close()
		return nil, err
	}
	return all, nil
}

func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return abs
}

// sameIssuer makes sure that the portal has the address under which the cast of
// this folder was enrolled: a person is the portal's name for them at that portal.
func (s *stage) sameIssuer() error {
	note := filepath.Join(s.dir, "portal")
	was, err := os.ReadFile(note)
	if errors.Is(err, fs.ErrNotExist) {
		return os.WriteFile(note, []byte(s.cfg.OIDC.Issuer), 0o600)
	}
	if err == nil && string(was) != s.cfg.OIDC.Issuer {
		return &movedPortalError{was: string(was), is: s.cfg.OIDC.Issuer, dir: s.dir}
	}
	return err
}

// tell migrates, and tells the story the first time.
func (s *stage) tell(ctx context.Context) (err error) {
	if s.clock, err = openClock(filepath.Join(s.dir, "clock")); err != nil {
		return err
	}
	if s.server == nil {
		return s.fill(ctx, s.cfg.Logins)
	}
	err = s.server.Provide(ctx, databaseName, "xuncha_owner", func(ctx context.Context, database string) error {
		return s.fill(ctx, s.loginsTo(database))
	})
	if err != nil {
		return err
	}
	return migrate(ctx, s.cfg.Logins.Owner)
}

// fill migrates a database and loads the story, if it has none.
func (s *stage) fill(ctx context.Context, l logins) (err error) {
	if err := migrate(ctx, l.Owner); err != nil {
		return err
	}
	w, told := demo.World{Issuer: s.cfg.OIDC.Issuer}, demo.Opinions{Key: s.cfg.key("opinions")}
	for pool, address := range map[**pgxpool.Pool]string{&w.Owner: l.Owner, &w.App: l.App, &w.Jobs: l.Jobs, &told.Intake: l.Intake} {
		if *pool, err = pgxpool.New(ctx, address); err != nil {
			return fmt.Errorf("database: %w", err)
		}
		defer (*pool).Close()
	}
	published := demo.Disclosures{Jobs: w.Jobs, Article: public.Article}
	bucket, err := blob.OpenBucket(ctx, s.cfg.Files)
	if err != nil {
		return fmt.Errorf("XUNCHA_FILES_URL: %w", err)
	}
	defer func() { _ = bucket.Close() }()
	doubted := demo.Doubts{Files: files.NewStore(bucket)}
	w.Threads = demo.Threads(demo.NoticeThread, demo.EscalationThread, doubted.Thread, demo.RemindersThread, published.Thread, told.Thread, demo.ChecksThread, demo.ReportsThread, demo.EvaluationsThread, demo.FollowUpsThread, demo.SamplesThread, demo.BoardThread, demo.DirectivesThread, demo.Time(doubted).Thread)
	return demo.Load(ctx, w)
}

// portal returns the portal at which the cast signs on.
func (s *stage) portal(log *slog.Logger) (http.Handler, error) {
	return portal.New(portal.Config{
		Issuer: s.cfg.OIDC.Issuer, Cast: cast(), Notice: s.cfg.notice(), Log: log,
		Clients: []portal.Client{{
			ID: s.cfg.OIDC.Client, Secret: s.cfg.OIDC.Secret,
			RedirectURI:   s.cfg.URL.JoinPath("/auth/callback").String(),
			PostLogoutURI: s.cfg.URL.JoinPath("/auth/signed-out").String(),
			LogoutURI:     s.cfg.URL.JoinPath("/auth/backchannel-logout").String(),
		}},
	})
}

// cast lists the people of the story, and one whom no office knows yet.
func cast() (people []portal.Person) {
	offices := map[string]demo.Office{}
	for _, o := range demo.Offices() {
		offices[o.Slug] = o
	}
	add := func(p demo.Person, group string) {
		o := offices[p.Office]
		people = append(people, portal.Person{
			Subject: p.Login, Login: p.Login, Name: p.Name, OrgCode: o.OrgCode(), OrgName: o.Full, Post: p.Post, Group: group,
		})
	}
	for _, p := range demo.Cast() {
		add(p, offices[p.Office].Name)
	}
	add(demo.Person{Login: "shiyuan", Name: "石原", Office: "qingyu", Post: "新调入，尚未开通"}, "未开通")
	return people
}

// plainly says in one line, in both languages, what a person can do about a
// start that fails for an ordinary reason.
func plainly(err error) error {
	if taken, ok := errors.AsType[*postgres.InUseError](err); ok {
		return fmt.Errorf("演示已在运行（进程 %d，数据目录 %s） / the demo is already running (process %d, data folder %s)",
			taken.PID, taken.Dir, taken.PID, taken.Dir)
	}
	if taken, ok := errors.AsType[*inUseError](err); ok {
		return fmt.Errorf("端口 %s 已被占用，请关闭占用它的程序，或用 %s 换一个 / port %s is taken: close what uses it, or choose another with %s",
			taken.addr, portSettings, taken.addr, portSettings)
	}
	if moved, ok := errors.AsType[*movedPortalError](err); ok {
		return fmt.Errorf("数据目录 %s 中的人员登记在门户 %s，不能改用 %s；请沿用原端口，或用 XUNCHA_DATA 换一个数据目录 / %w",
			moved.dir, moved.was, moved.is, err)
	}
	if errors.Is(err, postgres.ErrNoBinaries) {
		return fmt.Errorf("找不到 PostgreSQL 服务器程序，请运行 sudo apt-get install -y postgresql / %w", err)
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("没有权限使用数据目录，请用 XUNCHA_DATA 换一个 / no permission for the data folder, choose another with XUNCHA_DATA: %w", err)
	}
	return err
}

const portSettings = "XUNCHA_ADDR, XUNCHA_PUBLIC_ADDR, XUNCHA_PORTAL_ADDR"

// movedPortalError says that the portal's address is not the one of the folder.
type movedPortalError struct{ was, is, dir string }

// Error names both addresses.
func (e *movedPortalError) Error() string {
	return fmt.Sprintf("the people in %s are known at portal %s, not at %s: keep its port, or choose another folder with XUNCHA_DATA",
		e.dir, e.was, e.is)
}

// announce prints where everything is and who can sign on.
func (s *stage) announce(w interface{ Write([]byte) (int, error) }) {
	var b strings.Builder
	fmt.Fprintf(&b, "\n巡察整改协同平台 · 演示 / demo\n%s\n\n", s.cfg.notice())
	for _, line := range [][2]string{
		{"工作台 workbench", s.cfg.URL.String() + "/"},
		{"公开页 public   ", s.cfg.PublicURL.String() + "/"},
		{"门户   portal   ", s.cfg.OIDC.Issuer + "/"},
	} {
		fmt.Fprintf(&b, "  %s  %s\n", line[0], line[1])
	}
	fmt.Fprintf(&b, "\n登录时选择人物，无需密码 / sign on by choosing a person; there are no passwords:\n")
	group := ""
	for _, p := range cast() {
		if p.Group != group {
			group = p.Group
			fmt.Fprintf(&b, "\n  %s\n", group)
		}
		fmt.Fprintf(&b, "    %s  %s  %s\n", p.Name, p.Login, p.Post)
	}
	fmt.Fprintf(&b, "\n其他命令（如 xuncha audit verify）用这个数据库 / for other commands, such as xuncha audit verify:\n"+
		"  export XUNCHA_DATABASE_URL='%s'\n", s.cfg.Logins.App)
	fmt.Fprintf(&b, "\n数据目录 / data folder: %s\n按 Ctrl-C 停止，数据会保留 / Ctrl-C stops it and keeps the data\n", absolute(s.dir))
	_, _ = w.Write([]byte(b.String())) // nobody reads: nothing to do
}
