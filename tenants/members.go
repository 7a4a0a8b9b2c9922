package tenants

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
)

// Member is a person's membership in one office, with what the person may act as.
type Member struct {
	ID         inspection.MemberID `json:"id" db:"id"`
	Name       string              `json:"name" db:"name"`
	Post       string              `json:"post" db:"post" doc:"单位职务"`
	State      string              `json:"state" db:"state" enum:"pending,active,held,ended" doc:"pending: signed on, waits; held: the portal's data changed, waits"`
	PortalName string              `json:"portal_name" db:"portal_name" doc:"What the portal calls the person now"`
	PortalOrg  string              `json:"portal_org" db:"portal_org"`
	AskedAt    time.Time           `json:"asked_at" db:"asked_at"`
	Version    int                 `json:"version" db:"version"`
	Grants     []Grant             `json:"grants" nullable:"false" db:"-"`
}

// Grant is one authorisation (授权) of a member.
type Grant struct {
	ID       inspection.GrantID  `json:"id" db:"id"`
	Member   inspection.MemberID `json:"-" db:"member_id"`
	Role     Role                `json:"role" db:"role"`
	Unit     *inspection.UnitID  `json:"unit" db:"unit_id"`
	UnitName string              `json:"unit_name" db:"unit_name"`
	Round    *inspection.RoundID `json:"round" db:"round_id"`
	FromOn   inspection.Day      `json:"from_on" db:"from_on"`
	UntilOn  *inspection.Day     `json:"until_on" db:"until_on" doc:"Last day; null while the post is held"`
	Reason   string              `json:"reason" db:"reason"`
	By       string              `json:"granted_by" db:"granted_by"`
	Version  int                 `json:"version" db:"version"`
}

// Granting is a request for an authorisation.
type Granting struct {
	Role    Role                `json:"role"`
	Unit    *inspection.UnitID  `json:"unit,omitempty" format:"uuid" doc:"For UNIT and HEAD"`
	Round   *inspection.RoundID `json:"round,omitempty" format:"uuid" doc:"For a team's people"`
	FromOn  inspection.Day      `json:"from_on" format:"date"`
	UntilOn *inspection.Day     `json:"until_on,omitempty" format:"date"`
	Reason  string              `json:"reason" minLength:"1" maxLength:"200"`
}

// levels says in offices of which level a role can be held. Whoever is not named
// here belongs to every level.
var levels = map[Role]string{CITY: "city", PROV: "province"}

// HeldAt reports whether an office of a level can have people in the role.
func (r Role) HeldAt(level string) bool { return levels[r] == "" || levels[r] == level }

// Members keeps who belongs to an office and what they may act as. Only its
// administrator changes that, never for himself, and only after a step-up.
type Members struct {
	DB    *DB
	Clock inspection.Clock
}

// List returns the members of the scope's office, those who wait first.
func (m *Members) List(ctx context.Context, s Scope) (ms []Member, err error) {
	if err := s.role.Allow(ADM, DIR, OFF, CITY, PROV, System); err != nil {
		return nil, err
	}
	err = m.DB.In(ctx, s, func(tx *Tx) error {
		rows, _ := tx.Query(ctx, `
			select id, name, post, state, portal_name, portal_org, asked_at, version from members m
			where `+Own("m")+`
			order by state <> 'pending', state <> 'held', name, id
			limit 1000`)
		if ms, err = pgx.CollectRows(rows, pgx.RowToStructByName[Member]); err != nil {
			return fmt.Errorf("list members: %w", err)
		}
		rows, _ = tx.Query(ctx, `
			select g.id, member_id, role, unit_id, coalesce(u.name, '') as unit_name, round_id, from_on, until_on, reason, granted_by, g.version
			from grants g left join units u on u.tenant_id = g.tenant_id and u.id = g.unit_id
			where `+Own("g")+`
			order by from_on, g.id`)
		grants, err := pgx.CollectRows(rows, pgx.RowToStructByName[Grant])
		if err != nil {
			return fmt.Errorf("list grants: %w", err)
		}
		for i := range ms {
			ms[i].Grants = slices.DeleteFunc(slices.Clone(grants), func(g Grant) bool { return g.Member != ms[i].ID })
		}
		return nil
	})
	return ms, err
}

// Admit confirms that a member who waits is who the portal says. It gives no
// rights: those come with a grant.
func (m *Members) Admit(ctx context.Context, s Scope, id inspection.MemberID, version int) error {
	if err := m.may(s, id); err != nil {
		return err
	}
	return m.DB.In(ctx, s, func(tx *Tx) error {
		now, err := member(ctx, tx, id)
		if err != nil {
			return err
		}
		if now.Version != version {
			return inspection.StaleRow("member.stale", now)
		}
		if now.State != "pending" && now.State != "held" {
			return inspection.Errorf(inspection.Conflict, "member.state", "%s 不在待确认名单中。", now.Name)
		}
		_, err = tx.Exec(ctx, `
			update members m
			set state = 'active', name = coalesce(nullif(portal_name, ''), name), version = version + 1
			where `+Own("m")+` and id = @id`, pgx.StrictNamedArgs{"id": id})
		tx.Journal(Entry{Action: "member.admit", Object: "member", ID: id.UUID, Detail: Detail{Title: "确认人员"}, Before: now})
		return err
	})
}

// Grant authorises an active member.
func (m *Members) Grant(ctx context.Context, s Scope, id inspection.MemberID, g Granting) (made Grant, err error) {
	if err := m.may(s, id); err != nil {
		return made, err
	}
	if err := g.check(s, m.Clock.Today()); err != nil {
		return made, err
	}
	made = Grant{
		ID: inspection.NewID[inspection.GrantID](), Member: id, Role: g.Role, Unit: g.Unit, Round: g.Round,
		FromOn: g.FromOn, UntilOn: g.UntilOn, Reason: g.Reason, By: s.name, Version: 1,
	}
	err = m.DB.In(ctx, s, func(tx *Tx) error {
		holder, err := member(ctx, tx, id)
		if err != nil {
			return err
		}
		if holder.State != "active" {
			return inspection.Errorf(inspection.Conflict, "member.state", "请先确认 %s 的身份，再授权。", holder.Name)
		}
		if g.Unit != nil {
			err := tx.QueryRow(ctx, `select name from units u where `+Own("u")+` and id = @unit`,
				pgx.StrictNamedArgs{"unit": g.Unit}).Scan(&made.UnitName)
			if _, err := Found(made.UnitName, err); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `
			insert into grants (id, member_id, role, unit_id, round_id, from_on, until_on, reason, granted_by)
			values (@id, @member, @role, @unit, @round, @from, @until, @reason, @by)`, pgx.StrictNamedArgs{
			"id": made.ID, "member": id, "role": g.Role, "unit": g.Unit, "round": g.Round, "from": g.FromOn,
			"until": g.UntilOn, "reason": g.Reason, "by": s.name,
		})
		tx.Journal(Entry{
			Action: "member.grant", Object: "grant", ID: made.ID.UUID, After: made,
			Detail: Detail{Title: "授权：" + g.Role.Name(), Text: holder.Name + "，" + g.Reason},
		})
		return err
	})
	return made, err
}

// End ends a grant: from the next request on nobody acts under it.
func (m *Members) End(ctx context.Context, s Scope, id inspection.GrantID, reason string) error {
	if err := s.role.Allow(ADM); err != nil {
		return err
	}
	if err := s.StepUp(m.Clock()); err != nil {
		return err
	}
	return m.DB.In(ctx, s, func(tx *Tx) error {
		var g Grant
		rows, _ := tx.Query(ctx, `
			update grants g set until_on = @last, version = version + 1
			where `+Own("g")+` and id = @id and (until_on is null or until_on > @last)
			returning id, member_id, role, unit_id, '' as unit_name, round_id, from_on, until_on, reason, granted_by, version`,
			pgx.StrictNamedArgs{"id": id, "last": m.Clock.Today() - 1})
		g, err := Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Grant]))
		if err != nil {
			return err
		}
		tx.Journal(Entry{
			Action: "member.end", Object: "grant", ID: id.UUID, After: g,
			Detail: Detail{Title: "结束授权：" + g.Role.Name(), Text: reason},
		})
		return nil
	})
}

// may refuses everybody but an administrator who just proved who he is, and him
// where it is about himself. The operator's command line appoints the first one.
func (m *Members) may(s Scope, about inspection.MemberID) error {
	if s.role == System {
		return nil
	}
	if err := s.role.Allow(ADM); err != nil {
		return err
	}
	if about == s.member {
		return inspection.Errorf(inspection.Forbidden, "member.self", "不能为自己办理，请由另一位管理员办理。")
	}
	return s.StepUp(m.Clock())
}

func (g Granting) check(s Scope, today inspection.Day) error {
	var wrong []inspection.Field
	if !slices.Contains(Roles(), g.Role) || !g.Role.HeldAt(s.office.Level) || g.Role == PLAT {
		wrong = append(wrong, inspection.Field{Pointer: "/role", Code: "role", Message: "本单位没有这种身份。"})
	}
	if g.Role.OfUnit() != (g.Unit != nil) {
		wrong = append(wrong, inspection.Field{Pointer: "/unit", Code: "unit", Message: "被巡察单位人员须指定单位，其他人员不指定。"})
	}
	if g.UntilOn != nil && (*g.UntilOn < g.FromOn || *g.UntilOn < today) {
		wrong = append(wrong, inspection.Field{Pointer: "/until_on", Code: "date-order", Message: "结束日期应在开始日期和今天之后。"})
	}
	if inspection.Blank(g.Reason) {
		wrong = append(wrong, inspection.Field{Pointer: "/reason", Code: "required", Message: "请写明授权依据。"})
	}
	if len(wrong) > 0 {
		return inspection.InvalidFields("validation", "未能授权，请按提示修改。", wrong...)
	}
	return nil
}

func member(ctx context.Context, tx *Tx, id inspection.MemberID) (Member, error) {
	rows, _ := tx.Query(ctx, `
		select id, name, post, state, portal_name, portal_org, asked_at, version from members m
		where `+Own("m")+` and id = @id
		for update`, pgx.StrictNamedArgs{"id": id})
	return Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Member]))
}
