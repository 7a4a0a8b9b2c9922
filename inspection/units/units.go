// Package units knows what an office inspects (巡察对象): departments, townships,
// enterprises, institutions, villages.
//
// A unit belongs to one office. Its own people see it and nothing beside it.
package units

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Kind is what sort of organisation a unit is.
type Kind string

// The kinds of unit.
const (
	Department  Kind = "department"
	Township    Kind = "township"
	Enterprise  Kind = "enterprise"
	Institution Kind = "institution"
	Village     Kind = "village"
)

// Kinds lists the kinds of unit.
func Kinds() []Kind { return []Kind{Department, Township, Enterprise, Institution, Village} }

// Unit is one inspected unit.
type Unit struct {
	ID        inspection.UnitID `json:"id" db:"id"`
	Name      string            `json:"name" db:"name" maxLength:"200" doc:"规范全称，如 县水务局党组"`
	Short     string            `json:"short" db:"short" maxLength:"60" doc:"简称"`
	Kind      Kind              `json:"kind" db:"kind"`
	Sector    string            `json:"sector" db:"sector" maxLength:"60" doc:"系统，如 水利"`
	Inspected bool              `json:"inspected" db:"inspected" doc:"Covered in this term (已巡)"`
	// ActsAs is the party that the unit itself is in joint review, or empty. It
	// does not review its own items.
	ActsAs  tenants.Role `json:"-" db:"acts_as"`
	Version int          `json:"version" db:"version" minimum:"1" maximum:"2147483647"`
}

const columns = `id, name, short, kind, sector, inspected, acts_as, version`

// Service answers about units.
type Service struct{ DB *tenants.DB }

// List returns the units of the scope's reach, by name; a unit's people get
// their own alone.
func (s *Service) List(ctx context.Context, scope tenants.Scope) (us []Unit, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		us, err = List(ctx, tx)
		return err
	})
	return us, err
}

// List returns the units that tx may see and that still exist, by name.
func List(ctx context.Context, tx *tenants.Tx) ([]Unit, error) {
	rows, _ := tx.Query(ctx, `
		select `+columns+` from units u
		where `+tenants.Reach("u")+` and ended_on is null
		order by u.tenant_id, u.name collate "zh-x-icu", u.id`)
	us, err := pgx.CollectRows(rows, pgx.RowToStructByName[Unit])
	if err != nil {
		return nil, fmt.Errorf("list units: %w", err)
	}
	return us, nil
}

// Get returns one unit of the own office.
func Get(ctx context.Context, tx *tenants.Tx, id inspection.UnitID) (Unit, error) {
	rows, _ := tx.Query(ctx, `
		select `+columns+` from units u
		where `+tenants.Own("u")+` and id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Unit]))
}

// Add enters a unit into the office's list. An empty ID gets a fresh one.
func Add(ctx context.Context, tx *tenants.Tx, u Unit) (Unit, error) {
	if u.ID == (inspection.UnitID{}) {
		u.ID = inspection.NewID[inspection.UnitID]()
	}
	if u.Kind == "" {
		u.Kind = Department
	}
	u.Version = 1
	_, err := tx.Exec(ctx, `
		insert into units (id, name, short, kind, sector, inspected, acts_as)
		values (@id, @name, @short, @kind, @sector, @inspected, @acts_as)`,
		pgx.StrictNamedArgs{
			"id": u.ID, "name": u.Name, "short": u.Short, "kind": u.Kind, "sector": u.Sector,
			"inspected": u.Inspected, "acts_as": u.ActsAs,
		})
	if err != nil {
		return Unit{}, fmt.Errorf("add unit: %w", err)
	}
	tx.Journal(tenants.Entry{
		Action: "unit.add", Object: "unit", ID: u.ID.UUID, Unit: u.ID, After: u,
		Detail: tenants.Detail{Title: "登记巡察对象", Text: u.Name},
	})
	return u, nil
}
