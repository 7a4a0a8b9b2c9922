package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/tenants"
)

// What an operator does by hand. Each act is written into the journal of the
// office that it concerns, as done by the system.

// dial logs in to the database for one command.
func dial(ctx context.Context, env *environment, setting string) (login, func(), error) {
	r := &reader{getenv: env.getenv}
	address := r.text(setting, "")
	if err := errors.Join(r.errs...); err != nil {
		return login{}, nil, err
	}
	pool, err := pgxpool.New(ctx, address)
	if err != nil {
		return login{}, nil, fmt.Errorf("%s: the database's address cannot be read", setting) // err would repeat it, password and all
	}
	return login{tenants.NewDB(pool, inspection.SystemClock), pool}, pool.Close, nil
}

// inOffice logs in as the application and finds an office.
func inOffice(ctx context.Context, env *environment, slug string, do func(login, tenants.Scope) error) error {
	l, hangUp, err := dial(ctx, env, "XUNCHA_DATABASE_URL")
	if err != nil {
		return err
	}
	defer hangUp()
	office, err := l.BySlug(ctx, slug)
	if err != nil {
		return fmt.Errorf("office %s: %w", slug, err)
	}
	return do(l, tenants.ForJob(office, "operator"))
}

type officeCmd struct {
	Add officeAddCmd `cmd:"" help:"Open an office below another one."`
}

type officeAddCmd struct {
	Parent  string `help:"Name in addresses of the office above; none for a province." placeholder:"SLUG"`
	Level   string `required:"" enum:"province,city,county" help:"province, city or county."`
	Slug    string `required:"" help:"Name in addresses, such as qingyu."`
	Name    string `required:"" help:"Name of the place, such as 青榆县."`
	Office  string `required:"" help:"Full name of the office."`
	Short   string `required:"" help:"Short name of the office."`
	Code    string `required:"" help:"Region code (GB/T 2260)."`
	OrgCode string `required:"" help:"What the portal calls the organisation."`
	Prefix  string `required:"" help:"What business numbers begin with, such as QY."`
	Phone   string `help:"Telephone for the public pages."`
}

// Run opens the office. It logs in as the tables' owner.
func (c *officeAddCmd) Run(ctx context.Context, env *environment) error {
	l, hangUp, err := dial(ctx, env, "XUNCHA_OWNER_DATABASE_URL")
	if err != nil {
		return err
	}
	defer hangUp()
	t, err := tenants.Plant(ctx, l.pool, c.Parent, tenants.Tenant{
		Level: c.Level, Slug: c.Slug, Name: c.Name, Office: c.Office, Short: c.Short,
		Code: c.Code, OrgCode: c.OrgCode, Prefix: c.Prefix, Phone: c.Phone,
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s: number %d, room for %d below\n", t.Slug, t.ID, t.Hi-t.Lo)
	return err
}

type memberCmd struct {
	List    memberListCmd    `cmd:"" help:"List who belongs to an office, those who wait first."`
	Appoint memberAppointCmd `cmd:"" help:"Confirm a person who signed on and make them the office's administrator, who does the rest."`
}

type memberListCmd struct {
	Office string `required:"" help:"Of which office, by its name in addresses." placeholder:"SLUG"`
}

// Run prints the members.
func (c *memberListCmd) Run(ctx context.Context, env *environment) error {
	return inOffice(ctx, env, c.Office, func(l login, scope tenants.Scope) error {
		members, err := (&tenants.Members{DB: l.DB, Clock: inspection.SystemClock}).List(ctx, scope)
		if err != nil {
			return err
		}
		return aligned(env.stdout, func(w io.Writer) {
			for _, m := range members {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d grants\n", m.ID, m.State, m.Name, m.PortalOrg, len(m.Grants))
			}
		})
	})
}

type memberAppointCmd struct {
	Office string `required:"" help:"Of which office, by its name in addresses." placeholder:"SLUG"`
	Member string `arg:"" help:"Number of the member, as list prints it."`
	Reason string `required:"" help:"What the appointment rests on."`
}

// Run admits the member, if they still wait, and grants the administrator's role.
func (c *memberAppointCmd) Run(ctx context.Context, env *environment) error {
	id, err := inspection.ParseID[inspection.MemberID](c.Member)
	if err != nil {
		return err
	}
	return inOffice(ctx, env, c.Office, func(l login, scope tenants.Scope) error {
		members := &tenants.Members{DB: l.DB, Clock: inspection.SystemClock}
		all, err := members.List(ctx, scope)
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.ID != id {
				continue
			}
			if m.State != "active" {
				if err := members.Admit(ctx, scope, id, m.Version); err != nil {
					return err
				}
			}
			_, err := members.Grant(ctx, scope, id, tenants.Granting{
				Role: tenants.ADM, FromOn: members.Clock.Today(), Reason: c.Reason,
			})
			return err
		}
		return fmt.Errorf("no member %s in %s", c.Member, c.Office)
	})
}

// aligned prints columns under each other.
func aligned(out io.Writer, rows func(w io.Writer)) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	rows(w)
	return w.Flush()
}
