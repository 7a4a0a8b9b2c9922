package signon

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// KeyID names a machine's key. It opens nothing.
type KeyID struct{ uuid.UUID }

// Key is a machine's key for the API, as those see it who keep the office's
// settings. The key itself is shown once, when it is made.
type Key struct {
	ID      KeyID              `json:"id" db:"id" format:"uuid"`
	Name    string             `json:"name" db:"name" doc:"What it is for"`
	Role    tenants.Role       `json:"role" db:"role" doc:"What it may act as"`
	Unit    *inspection.UnitID `json:"unit,omitempty" db:"unit_id" format:"uuid"`
	MadeBy  string             `json:"made_by" db:"made_by"`
	Made    time.Time          `json:"made" db:"made_at"`
	Ends    time.Time          `json:"ends" db:"ends_at"`
	Seen    *time.Time         `json:"seen,omitempty" db:"seen_at" doc:"Last use, to the minute"`
	Revoked *time.Time         `json:"revoked,omitempty" db:"revoked_at"`
}

// NewKey says what key to make.
type NewKey struct {
	Name string             `json:"name" minLength:"1" maxLength:"60" doc:"What it is for"`
	Role tenants.Role       `json:"role" doc:"What it may act as"`
	Unit *inspection.UnitID `json:"unit,omitempty" format:"uuid" doc:"The unit, for UNIT and HEAD"`
	Days int                `json:"days" minimum:"1" maximum:"366" doc:"How many days it works"`
}

// Keys makes and revokes the keys of machines. A key acts for one office under a
// grant of its own, so what people's grants go through, it goes through too; it
// cannot step up, and so cannot sign, publish or give roles. Nor does an
// administrator, who may hold no part in the work, make one that decides in it: the
// operator's command does.
type Keys struct {
	DB    *tenants.DB
	Clock inspection.Clock
}

// Create makes a key for the scope's office. The text of the key is returned
// here and never again.
func (k *Keys) Create(ctx context.Context, scope tenants.Scope, n NewKey) (key string, made Key, err error) {
	now := k.Clock()
	if err := mayKeepSettings(scope, now); err != nil {
		return "", Key{}, err
	}
	if err := n.check(scope); err != nil {
		return "", Key{}, err
	}
	key = newKey(machinePrefix)
	made = Key{
		ID: inspection.NewID[KeyID](), Name: n.Name, Role: n.Role, Unit: n.Unit, MadeBy: scope.Name(),
		Made: now, Ends: now.AddDate(0, 0, n.Days),
	}
	err = k.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		grant, err := machineGrant(ctx, tx, made)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `select sec.machine_key_add(@id, @key, @grant, @name, @by, @at, @ends)`,
			pgx.StrictNamedArgs{
				"id": made.ID, "key": digest(key), "grant": grant, "name": made.Name, "by": made.MadeBy,
				"at": made.Made, "ends": made.Ends,
			})
		if err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "key.create", Object: "key", ID: made.ID.UUID, After: made,
			Detail: tenants.Detail{Title: "创建接口令牌", Text: made.Name + " · " + made.Role.Name()},
		})
		return nil
	})
	if err != nil {
		return "", Key{}, fmt.Errorf("create key: %w", err)
	}
	return key, made, nil
}

// deciding are the roles that decide on the work of others, or read what few may.
var deciding = []tenants.Role{tenants.DIR, tenants.LG, tenants.DISC, tenants.ORG, tenants.HEAD}

func (n *NewKey) check(scope tenants.Scope) error {
	var fields []inspection.Field
	n.Name, fields = inspection.CleanText("/name", n.Name, true, 60)
	nobodys := n.Role.Name() == "" || n.Role == tenants.System || n.Role == tenants.Public
	operators := n.Role == tenants.PLAT && scope.Role() != tenants.System // no office makes them
	if nobodys || operators || !n.Role.HeldAt(scope.Office().Level) {
		fields = append(fields, inspection.Field{Pointer: "/role", Code: "unknown", Message: "没有这个角色。"})
	} else if n.Role.OfUnit() != (n.Unit != nil) {
		fields = append(fields, inspection.Field{Pointer: "/unit", Code: "role", Message: "被巡察单位的角色须指明单位，其他角色不指明。"})
	}
	if slices.Contains(deciding, n.Role) && scope.Role() != tenants.System {
		fields = append(fields, inspection.Field{Pointer: "/role", Code: "deciding", Message: "此身份负责签批、审核，接口令牌须由平台运维办理。"})
	}
	if n.Days < 1 || n.Days > 366 {
		fields = append(fields, inspection.Field{Pointer: "/days", Code: "range", Message: "有效期为 1 至 366 天。"})
	}
	if len(fields) > 0 {
		return inspection.InvalidFields("validation", "未能创建令牌，请按提示修改。", fields...)
	}
	return nil
}

// machineGrant makes the member and the grant that the key acts under.
func machineGrant(ctx context.Context, tx *tenants.Tx, k Key) (inspection.GrantID, error) {
	member, grant := inspection.NewID[inspection.MemberID](), inspection.NewID[inspection.GrantID]()
	_, err := tx.Exec(ctx, `
		insert into members (id, name, post, state, asked_at) values (@id, @name, '接口', 'active', @at)`,
		pgx.StrictNamedArgs{"id": member, "name": "接口：" + k.Name, "at": k.Made})
	if err != nil {
		return grant, err
	}
	_, err = tx.Exec(ctx, `
		insert into grants (id, member_id, role, unit_id, from_on, until_on, reason, granted_by)
		values (@id, @member, @role, @unit, @from, @until, '接口令牌', @by)`,
		pgx.StrictNamedArgs{
			"id": grant, "member": member, "role": k.Role, "unit": k.Unit, "from": inspection.DayOf(k.Made),
			"until": inspection.DayOf(k.Ends), "by": k.MadeBy,
		})
	return grant, err
}

// List lists the keys of the scope's office, newest first, revoked ones too.
func (k *Keys) List(ctx context.Context, scope tenants.Scope) ([]Key, error) {
	if scope.Role() != tenants.System {
		if err := scope.Role().Allow(tenants.ADM); err != nil {
			return nil, err
		}
	}
	var list []Key
	err := k.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		rows, _ := tx.Query(ctx, `
			select id, name, role, unit_id, made_by, made_at, ends_at, seen_at, revoked_at from sec.machine_keys()`)
		list, err = pgx.CollectRows(rows, pgx.RowToStructByName[Key])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return list, nil
}

// Revoke makes a key useless from the next request on. Taking a right away needs
// no step-up.
func (k *Keys) Revoke(ctx context.Context, scope tenants.Scope, key KeyID) error {
	if scope.Role() != tenants.System {
		if err := scope.Role().Allow(tenants.ADM); err != nil {
			return err
		}
	}
	now := k.Clock()
	err := k.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `select name, grant_id from sec.machine_key_revoke(@id, @at)`,
			pgx.StrictNamedArgs{"id": key, "at": now})
		type revoked struct {
			Name  string
			Grant inspection.GrantID `db:"grant_id"`
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[revoked])
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
		}
		_, err = tx.Exec(ctx, `
			update grants set until_on = least(until_on, @today), version = version + 1
			where id = @id`, pgx.StrictNamedArgs{"id": found[0].Grant, "today": inspection.DayOf(now)})
		if err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "key.revoke", Object: "key", ID: key.UUID,
			Detail: tenants.Detail{Title: "停用接口令牌", Text: found[0].Name},
		})
		return nil
	})
	if err != nil {
		return fmt.Errorf("revoke key: %w", err)
	}
	return nil
}
