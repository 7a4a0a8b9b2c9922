package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/migrations"
)

type migrateCmd struct {
	Roles bool `help:"Only print the statements that a superuser runs once per cluster."`
}

// Run migrates, logging in as the tables' owner, which serve never does.
func (c *migrateCmd) Run(ctx context.Context, env *environment) error {
	if c.Roles {
		_, err := fmt.Fprint(env.stdout, migrations.Roles())
		return err
	}
	owner, err := readOwner(env.getenv)
	if err != nil {
		return err
	}
	return migrate(ctx, owner)
}

func migrate(ctx context.Context, owner string) error {
	pool, err := pgxpool.New(ctx, owner)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer pool.Close()
	return migrations.Up(ctx, pool)
}
