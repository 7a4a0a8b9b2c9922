package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/extensions"
	"xuncha/inspection/rectification/plans"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Recompute the chain of every office's journal, and the digests of what was signed, and say where either is broken."`
}

type auditVerifyCmd struct {
	Office string `help:"Check one office alone, by its name in addresses." placeholder:"SLUG"`
}

// errBroken makes the command fail after it has said what is broken.
var errBroken = errors.New("the journal, or what was signed, is broken")

// Run checks the journals. It logs in as the application, which may read them.
func (c *auditVerifyCmd) Run(ctx context.Context, env *environment) error {
	l, hangUp, err := dial(ctx, env, "XUNCHA_DATABASE_URL")
	if err != nil {
		return err
	}
	defer hangUp()
	return verify(ctx, l.DB, c.Office, env.stdout)
}

// verify checks the journal of one office, or of all, and what was signed there: requests
// for more time, plans, reports, letters, and what scores rest on.
func verify(ctx context.Context, db *tenants.DB, slug string, out io.Writer) error {
	offices, err := chosen(ctx, db, slug)
	if err != nil {
		return err
	}
	failed := 0
	for _, office := range offices {
		found, sound, err := verifyOffice(ctx, db, office)
		if err != nil {
			return fmt.Errorf("%s: %w", office.Slug, err)
		}
		if !sound {
			failed++
		}
		fmt.Fprintf(out, "%s: %s\n", office.Slug, found)
	}
	if failed > 0 {
		return fmt.Errorf("%w in %d of %d offices", errBroken, failed, len(offices))
	}
	return nil
}

// verifyOffice says in a line what it found in one office, up to the first that is not
// as it was.
func verifyOffice(ctx context.Context, db *tenants.DB, office tenants.Tenant) (found string, sound bool, err error) {
	n, broken, err := db.Verify(ctx, office)
	if err != nil {
		return "", false, err
	}
	if broken != nil {
		return fmt.Sprintf("BROKEN at entry %d: %s", broken.Seq, broken.Reason), false, nil
	}
	signed, altered, err := (&extensions.Service{DB: db}).Verify(ctx, office)
	if err != nil {
		return "", false, err
	}
	papers := 0
	if len(altered) == 0 {
		papers, altered, err = db.VerifySealed(
			ctx, office, plans.Sealed, reports.Sealed, rectification.SealedLetters, checks.Sealed, evaluations.Sealed)
		if err != nil {
			return "", false, err
		}
	}
	if len(altered) > 0 {
		return "BROKEN: " + strings.Join(altered, "; "), false, nil
	}
	return fmt.Sprintf("%d entries hold, %d signed requests and %d signed papers are as signed", n, signed, papers), true, nil
}

func chosen(ctx context.Context, db *tenants.DB, slug string) ([]tenants.Tenant, error) {
	if slug == "" {
		return db.All(ctx)
	}
	office, err := db.BySlug(ctx, slug)
	if err != nil {
		return nil, fmt.Errorf("office %s: %w", slug, err)
	}
	return []tenants.Tenant{office}, nil
}
