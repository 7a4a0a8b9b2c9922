package main

import (
	"context"
	"fmt"

	"xuncha/inspection/statistics"
)

type rollupsCmd struct {
	Rebuild rollupsRebuildCmd `cmd:"" help:"Count all cases anew and mend the roll-ups where they differ. Others may go on writing."`
}

type rollupsRebuildCmd struct{}

// Run recounts. It logs in as the jobs, which alone may write counts.
func (rollupsRebuildCmd) Run(ctx context.Context, env *environment) error {
	l, hangUp, err := dial(ctx, env, "XUNCHA_JOBS_DATABASE_URL")
	if err != nil {
		return err
	}
	defer hangUp()
	n, err := statistics.RebuildAll(ctx, l.DB)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "%d counts were wrong\n", n)
	return statistics.FoldAll(ctx, l.DB)
}
