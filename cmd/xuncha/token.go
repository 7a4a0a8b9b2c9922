package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/signon"
)

// tokenCmd keeps the keys with which machines use the API. The office's
// administrator can do the same in the workbench; this is for whoever runs the
// service.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a token and print it, once."`
	Revoke tokenRevokeCmd `cmd:"" help:"Make a token useless from now on."`
	List   tokenListCmd   `cmd:"" help:"List the tokens of an office."`
}

type tokenCreateCmd struct {
	Office string `required:"" help:"For which office, by its name in addresses." placeholder:"SLUG"`
	Name   string `required:"" help:"What the token is for."`
	Role   string `required:"" help:"What it may act as: OFF, DIR, CITY…"`
	Unit   string `help:"The inspected unit, for UNIT and HEAD." placeholder:"UUID"`
	Days   int    `default:"90" help:"How many days it works."`
}

// Run makes a token.
func (c *tokenCreateCmd) Run(ctx context.Context, env *environment) error {
	return withKeys(ctx, env, c.Office, func(keys *signon.Keys, scope tenants.Scope) error {
		n := signon.NewKey{Name: c.Name, Role: tenants.Role(strings.ToUpper(c.Role)), Days: c.Days}
		if c.Unit != "" {
			unit, err := inspection.ParseID[inspection.UnitID](c.Unit)
			if err != nil {
				return err
			}
			n.Unit = &unit
		}
		key, made, err := keys.Create(ctx, scope, n)
		if err != nil {
			return err
		}
		fmt.Fprintf(env.stderr, "%s, %s, until %s. Keep the token: it is shown this once.\n",
			made.ID, made.Role, made.Ends.Format(time.DateOnly))
		_, err = fmt.Fprintln(env.stdout, key)
		return err
	})
}

type tokenRevokeCmd struct {
	Office string `required:"" help:"Of which office, by its name in addresses." placeholder:"SLUG"`
	ID     string `arg:"" help:"Which token, as list shows it." placeholder:"UUID"`
}

// Run revokes a token.
func (c *tokenRevokeCmd) Run(ctx context.Context, env *environment) error {
	return withKeys(ctx, env, c.Office, func(keys *signon.Keys, scope tenants.Scope) error {
		id, err := inspection.ParseID[signon.KeyID](c.ID)
		if err != nil {
			return err
		}
		return keys.Revoke(ctx, scope, id)
	})
}

type tokenListCmd struct {
	Office string `required:"" help:"Of which office, by its name in addresses." placeholder:"SLUG"`
}

// Run lists the tokens of an office.
func (c *tokenListCmd) Run(ctx context.Context, env *environment) error {
	return withKeys(ctx, env, c.Office, func(keys *signon.Keys, scope tenants.Scope) error {
		list, err := keys.List(ctx, scope)
		if err != nil {
			return err
		}
		return printKeys(env.stdout, list, inspection.SystemClock())
	})
}

func printKeys(out io.Writer, list []signon.Key, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tROLE\tNAME\tENDS\tLAST USED\tSTATE")
	for _, k := range list {
		state, seen := "works", "never"
		switch {
		case k.Revoked != nil:
			state = "revoked"
		case !now.Before(k.Ends):
			state = "expired"
		}
		if k.Seen != nil {
			seen = k.Seen.In(inspection.Zone).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Role, k.Name, k.Ends.In(inspection.Zone).Format(time.DateOnly), seen, state)
	}
	return w.Flush()
}

// withKeys runs fn for an office, logging in as the application.
func withKeys(ctx context.Context, env *environment, slug string, fn func(*signon.Keys, tenants.Scope) error) error {
	return inOffice(ctx, env, slug, func(l login, scope tenants.Scope) error {
		return fn(&signon.Keys{DB: l.DB, Clock: inspection.SystemClock}, scope)
	})
}
