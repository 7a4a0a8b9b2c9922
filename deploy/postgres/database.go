package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Execute runs statements as the superuser, for what belongs to the cluster and
// not to a database: roles.
func (s *Server) Execute(ctx context.Context, statements ...string) error {
	conn, err := pgx.Connect(ctx, s.URL(Superuser, "postgres"))
	if err != nil {
		return fmt.Errorf("private postgres: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("private postgres: %w", err)
		}
	}
	return nil
}

// Provide makes the database called name, which belongs to owner, unless it is
// there. fill fills it under another name, so that one whose filling was
// interrupted is never taken for a whole one: it is made anew.
func (s *Server) Provide(ctx context.Context, name, owner string, fill func(ctx context.Context, database string) error) error {
	there, err := s.has(ctx, name)
	if err != nil || there {
		return err
	}
	half := name + "_half"
	quoted := pgx.Identifier{half}.Sanitize()
	err = s.Execute(ctx,
		"drop database if exists "+quoted+" with (force)",
		"create database "+quoted+" owner "+pgx.Identifier{owner}.Sanitize())
	if err != nil {
		return err
	}
	if err := fill(ctx, half); err != nil {
		return err
	}
	return s.Execute(ctx, "alter database "+quoted+" rename to "+pgx.Identifier{name}.Sanitize())
}

func (s *Server) has(ctx context.Context, database string) (there bool, err error) {
	conn, err := pgx.Connect(ctx, s.URL(Superuser, "postgres"))
	if err != nil {
		return false, fmt.Errorf("private postgres: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, database).Scan(&there)
	return there, err
}
