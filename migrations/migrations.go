// Package migrations brings a database to the form that this release expects.
//
// Files are numbered SQL; each room adds its own and never changes one that was
// released. River's tables come from River's own migrator, in schema river. Only
// the owner's login runs migrations; the service's logins own nothing.
package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed [0-9]*.sql
var files embed.FS

//go:embed roles.sql
var roles string

// RiverSchema is where River keeps its tables.
const RiverSchema = "river"

// riverVersion numbers the step that runs River's migrator. A later release of
// River becomes one more such step.
const riverVersion = 3

// Roles returns the statements that create the cluster's roles. A superuser
// runs them, once per cluster; running them again changes nothing.
func Roles() string { return roles }

// Digest changes whenever a migration does. Tests name their template by it.
func Digest() string {
	h := sha256.New()
	h.Write([]byte(roles))
	err := fs.WalkDir(files, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || path == "." {
			return err
		}
		b, err := files.ReadFile(path)
		h.Write(b)
		return err
	})
	if err != nil {
		panic(err)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Up applies what is missing, logging in as the tables' owner. Several services
// may start at once: one migrates, the others wait. It needs two connections.
func Up(ctx context.Context, owner *pgxpool.Pool) error {
	db := stdlib.OpenDBFromPool(owner)
	defer func() { _ = db.Close() }()
	p, err := provider(owner, db)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func provider(owner *pgxpool.Pool, db *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(locker),
		goose.WithGoMigrations(goose.NewGoMigration(riverVersion, &goose.GoFunc{
			RunDB: func(ctx context.Context, _ *sql.DB) error { return riverUp(ctx, owner) },
		}, nil)))
}

func riverUp(ctx context.Context, owner *pgxpool.Pool) error {
	if _, err := owner.Exec(ctx, `create schema if not exists `+RiverSchema); err != nil {
		return err
	}
	m, err := rivermigrate.New(riverpgxv5.New(owner), &rivermigrate.Config{Schema: RiverSchema})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("river: %w", err)
	}
	// The workbench enqueues, the workers do the rest.
	_, err = owner.Exec(ctx, `
		grant usage on schema river to xuncha_app, xuncha_jobs;
		grant select, insert, update, delete on all tables in schema river to xuncha_jobs;
		grant select, insert, update on all tables in schema river to xuncha_app;
		grant usage on all sequences in schema river to xuncha_app, xuncha_jobs;
		grant execute on all functions in schema river to xuncha_app, xuncha_jobs`)
	return err
}
