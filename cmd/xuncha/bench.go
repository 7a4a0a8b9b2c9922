package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/deploy/bench"
	"xuncha/deploy/postgres"
	"xuncha/inspection"
	"xuncha/inspection/rectification/doubts"
	"xuncha/migrations"
	"xuncha/tenants"
	"xuncha/tenants/signon"
)

type benchCmd struct {
	Only        []string      `help:"Measure these rows alone: ${bench_rows}." placeholder:"ROW"`
	Out         string        `help:"Where the figures go, for machines." default:"bench.json"`
	Connections int           `help:"How many ask at once." default:"8"`
	Turn        time.Duration `help:"How long one side is asked before it is the other's turn." default:"250ms"`
	Turns       int           `help:"How many turns each side has." default:"32"`
}

// Run measures on a private PostgreSQL that keeps its promises: it waits for the
// disk at every commit, as production does.
func (c *benchCmd) Run(ctx context.Context, env *environment) (err error) {
	dir, err := os.MkdirTemp("", "xuncha-bench-")
	if err != nil {
		return err
	}
	server, err := postgres.Start(ctx, postgres.Options{Dir: dir})
	if err != nil {
		return plainly(err)
	}
	defer func() { err = errors.Join(err, server.Remove()) }()
	s := &stage{server: server}
	if err := server.Execute(ctx, migrations.Roles()); err != nil {
		return err
	}
	err = server.Provide(ctx, databaseName, "xuncha_owner", func(ctx context.Context, database string) error {
		return migrate(ctx, server.URL("xuncha_owner", database))
	})
	if err != nil {
		return err
	}
	rows, err := c.measure(ctx, env, s)
	if err != nil {
		return err
	}
	return c.write(env.stdout, rows)
}

func (c *benchCmd) measure(ctx context.Context, env *environment, s *stage) ([]bench.Row, error) {
	files, err := os.MkdirTemp("", "xuncha-bench-files-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(files) }()
	s.cfg = config{Logins: s.loginsTo(databaseName), Surfaces: []string{"workbench"}, Secret: developmentSecret, Files: "file://" + filepath.ToSlash(files) + "?no_tmp_dir=true"}
	bare, err := pgxpool.New(ctx, s.server.URL(postgres.Superuser, databaseName))
	if err != nil {
		return nil, err
	}
	defer bare.Close()
	jobs, err := pgxpool.New(ctx, s.cfg.Logins.Jobs)
	if err != nil {
		return nil, err
	}
	defer jobs.Close()
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	db := tenants.NewDB(jobs, inspection.SystemClock)
	keys := &signon.Keys{DB: db, Clock: inspection.SystemClock}
	near := &doubts.Service{DB: db, Clock: inspection.SystemClock}
	var h *house
	defer func() {
		if h != nil {
			_ = h.close()
		}
	}()
	return bench.Run(ctx, bench.House{
		Bare: bare,
		Handler: func(address string) (http.Handler, error) {
			s.cfg.URL = &url.URL{Scheme: "http", Host: address}
			s.cfg.PublicURL = s.cfg.URL
			s.cfg.OIDC = oidcConfig{Issuer: "http://" + address + "/portal", Client: "xuncha", Secret: "bench"}
			if h, err = newHouse(ctx, s.cfg, newLogger(env.stderr, slog.LevelError), inspection.SystemClock); err != nil {
				return nil, err
			}
			return h.workbench(ctx)
		},
		Key: func(ctx context.Context, office, unit string) (string, error) {
			t, err := db.BySlug(ctx, office)
			if err != nil {
				return "", err
			}
			n := signon.NewKey{Name: "bench", Role: tenants.OFF, Days: 1}
			if unit != "" {
				n.Role, n.Unit = tenants.UNIT, &inspection.UnitID{UUID: uuid.MustParse(unit)}
			}
			key, _, err := keys.Create(ctx, tenants.ForJob(t, "bench"), n)
			return key, err
		},
		Site: func(ctx context.Context) (http.Handler, error) { return h.public(ctx) },
		Near: bench.Near{
			Index: func(ctx context.Context, office string) error {
				t, err := db.BySlug(ctx, office)
				if err != nil {
					return err
				}
				return near.Index(ctx, tenants.ForJob(t, "bench"))
			},
			Find: func(ctx context.Context, office, measure string) (string, error) {
				t, err := db.BySlug(ctx, office)
				if err != nil {
					return "", err
				}
				return near.Near(ctx, tenants.ForJob(t, "bench"), inspection.MeasureID{UUID: uuid.MustParse(measure)})
			},
		},
		Remind: s.reminds,
		Serve:  func(ctx context.Context, address string) *exec.Cmd { return s.serveApart(ctx, binary, address) },
	}, bench.Options{Only: c.Only, Connections: c.Connections, Turn: c.Turn, Turns: c.Turns}, env.stderr)
}

// serveApart is the command that serves everything on the stage's database, with
// nobody to sign on by a portal and no limit to how much one key may ask.
func (s *stage) serveApart(ctx context.Context, binary, address string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, "serve")
	cmd.Env = append(os.Environ(),
		"XUNCHA_MODE=development", "XUNCHA_SURFACES="+strings.Join(surfaces, ","), "XUNCHA_ADDR="+address, "XUNCHA_URL=http://"+address,
		"XUNCHA_PUBLIC_ADDR=127.0.0.1:0", "XUNCHA_OPS_ADDR=", "XUNCHA_DATABASE_URL="+s.cfg.Logins.App,
		"XUNCHA_JOBS_DATABASE_URL="+s.cfg.Logins.Jobs, "XUNCHA_PUBLIC_DATABASE_URL="+s.cfg.Logins.Public,
		"XUNCHA_OIDC_ISSUER=http://"+address+"/portal", "XUNCHA_OIDC_CLIENT_SECRET=bench", "XUNCHA_SECRET=",
		"XUNCHA_FILES_URL="+s.cfg.Files, "XUNCHA_SMTP_URL=", "XUNCHA_DRAIN=0s", "XUNCHA_RATE=0", "XUNCHA_LOG_LEVEL=error")
	return cmd
}

func (c *benchCmd) write(stdout io.Writer, rows []bench.Row) error {
	if err := bench.Print(stdout, rows); err != nil {
		return err
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return fmt.Errorf("figures: %w", err)
	}
	return errors.Join(bench.JSON(f, rows), f.Close())
}
