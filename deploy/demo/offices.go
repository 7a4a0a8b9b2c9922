package demo

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// names of units that exist everywhere.
type unitNames struct {
	Departments []string `json:"departments"`
	Towns       []string `json:"towns"`
	Others      []string `json:"others"`
}

type unit struct {
	ID        inspection.UnitID `json:"id"`
	Name      string            `json:"name"`
	Kind      string            `json:"kind"`
	Inspected bool              `json:"inspected"`
}

// office opens an office, its units, its round and its people.
func (l *loader) office(ctx context.Context, o Office) error {
	t, err := tenants.Plant(ctx, l.Owner, o.Parent, tenants.Tenant{
		Level: o.Level, Code: o.Code, OrgCode: o.OrgCode(), Slug: o.Slug, Name: o.Name,
		Office: o.Full, Short: o.Short, Prefix: o.Prefix, Phone: o.Phone,
	})
	if err != nil {
		return err
	}
	l.offices[o.Slug] = t
	return l.jobs.In(ctx, tenants.ForJob(t, "demo"), func(tx *tenants.Tx) error {
		if o.Policy != nil {
			_, err := tx.Exec(ctx, `insert into policies (version, body, reason, made_at) values (1, @body, '演示', @at)`,
				pgx.StrictNamedArgs{"body": o.Policy, "at": Clock.AddDate(-1, 0, 0)})
			if err != nil {
				return err
			}
		}
		if o.Ledger != nil {
			if err := addUnits(ctx, tx, o); err != nil {
				return err
			}
		}
		for _, p := range Cast() {
			if p.Office != o.Slug {
				continue
			}
			if err := l.person(ctx, tx, t, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func addUnits(ctx context.Context, tx *tenants.Tx, o Office) error {
	_, err := tx.Exec(ctx, `
		insert into units (id, name, kind, inspected)
		select id, name, kind, inspected from jsonb_to_recordset(@units) u (id uuid, name text, kind text, inspected boolean)`,
		pgx.StrictNamedArgs{"units": unitsOf(o)})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into rounds (id, term, seq, name, starts_on, ends_on, feedback_on)
		values (@id, @term, @seq, @name, @starts_on, @ends_on, @feedback_on)`, pgx.StrictNamedArgs{
		"id": id("round", o.Slug), "term": o.Round.Term, "seq": o.Round.Seq, "name": o.Round.Name,
		"starts_on": o.Round.StartsOn, "ends_on": o.Round.EndsOn, "feedback_on": o.Ledger.FeedbackOn,
	})
	if err != nil {
		return err
	}
	for _, u := range o.Ledger.Units {
		_, err := tx.Exec(ctx, `insert into round_units (round_id, unit_id, team) values (@round, @unit, @team)`,
			pgx.StrictNamedArgs{"round": id("round", o.Slug), "unit": id("unit", o.Slug, u.Name), "team": u.Team})
		if err != nil {
			return err
		}
	}
	return nil
}

// unitsOf lists the units of an office: those of its ledger, then as many more
// as it has to inspect in this term.
func unitsOf(o Office) []unit {
	names := read[unitNames]("units.json")
	place := map[string]string{"city": "市", "county": "县"}[o.Level]
	if r := []rune(o.Name); r[len(r)-1] == '区' {
		place = "区"
	}
	var units []unit
	add := func(name, kind string) {
		if len(units) < o.Ledger.Planned && !slices.ContainsFunc(units, func(u unit) bool { return u.Name == name }) {
			units = append(units, unit{
				ID: inspection.UnitID{UUID: id("unit", o.Slug, name)}, Name: name, Kind: kind,
				Inspected: len(units) < o.Ledger.Inspected,
			})
		}
	}
	for _, u := range o.Ledger.Units {
		add(u.Name, kindOf(u.Name))
	}
	for i, d := range names.Departments {
		add(place+d+"局党组", "department")
		if i < len(names.Towns) {
			add(names.Towns[i]+map[bool]string{true: "乡", false: "镇"}[i%2 == 0]+"党委", "township")
		}
	}
	for _, n := range names.Others {
		add(place+n+"党组", "institution")
	}
	return units
}

func kindOf(name string) string {
	r := []rune(name)
	for _, end := range []string{"镇党委", "乡党委", "街道党工委"} {
		if e := []rune(end); len(r) > len(e) && string(r[len(r)-len(e):]) == end {
			return "township"
		}
	}
	if slices.Contains(r, '团') || slices.Contains(r, '国') {
		return "enterprise"
	}
	return "department"
}

// person makes a member of an office who may sign on at the portal, with one
// standing grant.
func (l *loader) person(ctx context.Context, tx *tenants.Tx, t tenants.Tenant, p Person) error {
	a := tenants.Acting{
		Office: t, Member: inspection.MemberID{UUID: id("member", p.Login)}, Grant: inspection.GrantID{UUID: id("grant", p.Login)},
		Name: p.Name, Role: p.Role, Strong: Clock,
	}
	var unit *uuid.UUID
	if p.Unit != "" {
		a.Unit = inspection.UnitID{UUID: id("unit", p.Office, p.Unit)}
		unit = &a.Unit.UUID
	}
	l.people[p.Login] = tenants.ForGrant(a)
	var b pgx.Batch
	b.Queue(`insert into members (id, name, post, email, state, asked_at) values (@id, @name, @post, @email, 'active', @at)`,
		pgx.StrictNamedArgs{"id": a.Member, "name": p.Name, "post": p.Post, "email": p.Login + "@demo.invalid", "at": Clock.AddDate(0, -9, 0)})
	b.Queue(`insert into grants (id, member_id, role, unit_id, from_on, reason) values (@id, @member, @role, @unit, '2026-01-01', '演示')`,
		pgx.StrictNamedArgs{"id": a.Grant, "member": a.Member, "role": p.Role, "unit": unit})
	b.Queue(`select sec.enrol(@person, @member, @iss, @sub, @org)`, pgx.StrictNamedArgs{
		"person": id("person", p.Login), "member": a.Member, "iss": l.Issuer, "sub": p.Login, "org": t.OrgCode,
	})
	return tx.SendBatch(ctx, &b).Close()
}

// space keeps the demo's identifiers apart from all others.
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://demo.invalid/xuncha"))

// id names a thing of the story: the same name gives the same identifier.
func id(parts ...string) uuid.UUID {
	var name []byte
	for _, p := range parts {
		name = append(append(name, p...), 0)
	}
	return uuid.NewSHA1(space, name)
}
