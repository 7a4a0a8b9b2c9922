// Package tenantstest gives each test a database of its own: a clone of a
// migrated template, reached as the application's login and never as the owner.
//
// XUNCHA_TEST_DATABASE_URL names a superuser's database on a server that tests
// may use; `make test` starts one.
package tenantstest

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/migrations"
	"xuncha/tenants"
)

// Now is the time at which the clocks of tests stand: the demo's, a Friday.
var Now = time.Date(2026, 11, 20, 10, 0, 0, 0, inspection.Zone)

// A House is one test's database: every migration applied, and one province
// with two cities of three counties each.
type House struct {
	*tenants.DB               // as xuncha_app, as the workbench does
	Jobs        *tenants.DB   // as xuncha_jobs
	Public      *tenants.DB   // as xuncha_public
	Intake      *tenants.DB   // as xuncha_intake
	Pool        *pgxpool.Pool // of xuncha_app
	URL         string        // of the database, for the superuser

	Province tenants.Tenant
	City     [2]tenants.Tenant
	County   [2][3]tenants.Tenant // County[1][0] is the first county of the second city

	t    testing.TB
	root *pgx.Conn // superuser in the test's database
}

// New clones the template, in about a tenth of a second, and drops the clone
// when t ends.
func New(t testing.TB) *House {
	t.Helper()
	h := NewEmpty(t)
	h.plant()
	return h
}

// NewEmpty is New without the offices.
func NewEmpty(t testing.TB) *House {
	t.Helper()
	url := os.Getenv("XUNCHA_TEST_DATABASE_URL")
	if url == "" {
		t.Fatal("XUNCHA_TEST_DATABASE_URL is not set; run the tests with make test, or start PostgreSQL and name a superuser's database in it")
	}
	ctx := context.Background() // outlives t.Context, which ends before cleanup
	name, err := template(url)
	if err != nil {
		t.Fatalf("build template database: %v", err)
	}
	server, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	clone := "test_" + strings.ToLower(rand.Text())
	if _, err := server.Exec(ctx, "create database "+clone+" template "+name+" owner xuncha_owner"); err != nil {
		t.Fatal(err)
	}
	h := &House{t: t, URL: named(t, url, clone)}
	h.Pool = h.Login("xuncha_app")
	clock := inspection.ClockAt(Now)
	h.DB = tenants.NewDB(h.Pool, clock)
	h.Jobs = tenants.NewDB(h.Login("xuncha_jobs"), clock)
	h.Public = tenants.NewDB(h.Login("xuncha_public"), clock)
	h.Intake = tenants.NewDB(h.Login("xuncha_intake"), clock)
	if h.root, err = pgx.Connect(ctx, h.URL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = h.root.Close(ctx)
		if _, err := server.Exec(ctx, "drop database "+clone+" with (force)"); err != nil {
			t.Errorf("drop %s: %v", clone, err)
		}
		_ = server.Close(ctx)
	})
	return h
}

// Login opens a pool that logs in as role.
func (h *House) Login(role string) *pgxpool.Pool {
	h.t.Helper()
	cfg, err := pgxpool.ParseConfig(h.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	cfg.ConnConfig.User, cfg.ConnConfig.Password = role, ""
	cfg.MaxConns = 8
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(pool.Close)
	return pool
}

// Root runs a statement as the superuser, past row security: for fixtures and
// for looking behind the application's back.
func (h *House) Root(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.root.Exec(context.Background(), sql, args...); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

// RootConn is the superuser's connection.
func (h *House) RootConn() *pgx.Conn { return h.root }

// RootValue returns the one value that a query gives the superuser.
func RootValue[T any](h *House, sql string, args ...any) T {
	h.t.Helper()
	var v T
	if err := h.root.QueryRow(context.Background(), sql, args...).Scan(&v); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

var templates struct {
	sync.Mutex
	name string
	err  error
}

// template migrates the template database once; its name carries a digest of the
// migrations, and a lock lets packages test side by side.
func template(url string) (string, error) {
	templates.Lock()
	defer templates.Unlock()
	if templates.name == "" && templates.err == nil {
		templates.name, templates.err = buildTemplate(url)
	}
	return templates.name, templates.err
}

func buildTemplate(url string) (string, error) {
	ctx := context.Background()
	root, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close(ctx) }()
	if _, err := root.Exec(ctx, `select pg_advisory_lock(7821)`); err != nil {
		return "", err
	}
	name := "template_" + migrations.Digest()
	var exists bool
	err = root.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&exists)
	if err != nil || exists {
		return name, err
	}
	if _, err := root.Exec(ctx, migrations.Roles()); err != nil {
		return "", fmt.Errorf("roles: %w", err)
	}
	building := name + "_building"
	for _, sql := range []string{
		"drop database if exists " + building + " with (force)",
		"create database " + building + " owner xuncha_owner",
	} {
		if _, err := root.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return "", err
	}
	cfg.ConnConfig.Database, cfg.ConnConfig.User, cfg.ConnConfig.Password = building, "xuncha_owner", ""
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return "", err
	}
	err = migrations.Up(ctx, pool)
	pool.Close()
	if err != nil {
		return "", err
	}
	_, err = root.Exec(ctx, "alter database "+building+" rename to "+name)
	return name, err
}

func named(t testing.TB, url, database string) string {
	t.Helper()
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("host=%s port=%d user=%s dbname=%s sslmode=disable", cfg.Host, cfg.Port, cfg.User, database)
}
