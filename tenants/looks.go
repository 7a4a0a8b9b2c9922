package tenants

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
)

// Looks tells an office who of another level looked at what is the office's
// (上级查阅). It reads the journal, in which every such reading left an entry, and
// nothing else: what nobody wrote down did not happen, and the chain shows if an
// entry is missing.
type Looks struct{ DB *DB }

// Look is one reading by somebody above.
type Look struct {
	Seq      int64     `json:"seq" db:"seq" minimum:"1" maximum:"9007199254740991" doc:"In the office's journal"`
	At       time.Time `json:"at" db:"at"`
	Office   string    `json:"office" db:"office" maxLength:"100" doc:"Who looked: the office above"`
	Slug     string    `json:"slug" db:"slug" maxLength:"60"`
	Actor    string    `json:"actor" db:"actor_name" maxLength:"100"`
	Role     Role      `json:"role" db:"role"`
	RoleName string    `json:"role_name" db:"-" maxLength:"20"`
	Title    string    `json:"title" db:"title" maxLength:"100" doc:"上级查看佐证"`
	Text     string    `json:"text" db:"text" maxLength:"1000" doc:"What exactly, or why"`
	Object   string    `json:"object" db:"object" maxLength:"40" doc:"finding, notice, plan, …"`
	ObjectID uuid.UUID `json:"object_id" db:"object_id" format:"uuid" doc:"All zero where a list was read"`
	Number   string    `json:"number" db:"number" maxLength:"60" doc:"Business number of what was read"`
	Unit     string    `json:"unit" db:"unit" maxLength:"200" doc:"Whose it is"`
}

// LookDay is how often an office above looked on one day.
type LookDay struct {
	Day     inspection.Day `json:"day" db:"day" doc:"In the offices' time"`
	Office  string         `json:"office" db:"office" maxLength:"100"`
	Slug    string         `json:"slug" db:"slug" maxLength:"60"`
	People  int            `json:"people" db:"people" minimum:"1" maximum:"1000000" doc:"How many different people"`
	Objects int            `json:"objects" db:"objects" minimum:"1" maximum:"1000000" doc:"How many different things; each list counts once"`
	Looks   int            `json:"looks" db:"looks" minimum:"1" maximum:"1000000"`
}

// lookDays is how far back the digest goes: a quarter of a year. The list has all.
const lookDays = 92

// looked is the readings of the own office's rows from elsewhere, and not what
// another office did to a row that both share. A reading is called so:
// rectification.read-above, finding.list-above.
func looked() string {
	return Own("j") + ` and j.actor_tenant <> j.tenant_id and j.action like '%-above'`
}

// Days is the daily digest: each day of the last quarter on which somebody above
// looked, the latest first, an office a line.
func (l *Looks) Days(ctx context.Context, s Scope, today inspection.Day) (days []LookDay, err error) {
	err = l.DB.Read(ctx, s, func(tx *Tx) error {
		rows, _ := tx.Query(ctx, `
			select (j.at at time zone 'Asia/Shanghai')::date as day, t.name as office, t.slug,
				count(distinct coalesce(j.actor_id::text, j.actor_name))::int as people,
				count(distinct coalesce(j.object_id::text, j.action))::int as objects, count(*)::int as looks
			from journal j join tenants t on t.id = j.actor_tenant
			where `+looked()+` and j.at >= (@since::date)::timestamp at time zone 'Asia/Shanghai'
			group by 1, t.id, t.name, t.slug
			order by 1 desc, t.id`, pgx.StrictNamedArgs{"since": today - lookDays})
		days, err = pgx.CollectRows(rows, pgx.RowToStructByName[LookDay])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count looks: %w", err)
	}
	return days, nil
}

// LookFilter says which readings to list.
type LookFilter struct {
	Office string // slug of the office above; empty: any
	Days   string // 2026-11-01..2026-11-21; empty: any
	Cursor string
	Limit  int
}

// List returns one page of readings, the latest first.
func (l *Looks) List(ctx context.Context, s Scope, f LookFilter) (p inspection.Page[Look], err error) {
	before := int64(0)
	if f.Cursor != "" {
		if before, err = strconv.ParseInt(f.Cursor, 10, 64); err != nil {
			return p, inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
		}
	}
	args := pgx.StrictNamedArgs{"office": f.Office, "before": before, "limit": f.Limit + 1, "from": nil, "to": nil}
	if f.Days != "" {
		if args["from"], args["to"], err = inspection.ParseDays(f.Days); err != nil {
			return p, err
		}
	}
	where := looked() + ` and (@office = '' or t.slug = @office)
		and (@from::date is null or j.at >= @from::date::timestamp at time zone 'Asia/Shanghai')
		and (@to::date is null or j.at < (@to::date + 1)::timestamp at time zone 'Asia/Shanghai')`
	err = l.DB.Read(ctx, s, func(tx *Tx) error {
		rows, _ := tx.Query(ctx, `
			with l as materialized (
				select j.* from journal j join tenants t on t.id = j.actor_tenant where `+where+`)
			select l.seq, l.at, t.name as office, t.slug, l.actor_name, l.role, coalesce(l.detail ->> 'title', '') as title,
				coalesce(l.detail ->> 'text', '') as text, l.object,
				coalesce(l.object_id, '00000000-0000-0000-0000-000000000000') as object_id,
				coalesce(l.detail ->> 'number', f.number, '') as number, coalesce(u.name, '') as unit,
				(select count(*) from l)::int as total
			from l join tenants t on t.id = l.actor_tenant
			left join findings f on l.object = 'finding' and f.tenant_id = l.tenant_id and f.id = l.object_id
			left join units u on u.tenant_id = l.tenant_id and u.id = coalesce(l.unit_id, f.unit_id)
			where @before = 0 or l.seq < @before
			order by l.seq desc limit @limit`, args)
		type counted struct {
			Look
			Total int `db:"total"`
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
		for _, row := range found {
			row.RoleName = row.Role.Name()
			p.Items, p.Total = append(p.Items, row.Look), row.Total
		}
		p.Cut(f.Limit, func(l Look) string { return strconv.FormatInt(l.Seq, 10) })
		return err
	})
	if err != nil {
		return p, fmt.Errorf("list looks: %w", err)
	}
	return p, nil
}
