package checks

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Inspector is somebody who may be sent to see.
type Inspector struct {
	ID   inspection.MemberID `json:"id" db:"id"`
	Name string              `json:"name" db:"name" maxLength:"100"`
	Post string              `json:"post" db:"post" maxLength:"100"`
	Role tenants.Role        `json:"role" db:"role"`
}

// Inspectors lists who may be sent: members with an authorisation in force today
// in one of the roles that inspect.
func (s *Service) Inspectors(ctx context.Context, scope tenants.Scope) (all []Inspector, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		all, err = s.inspectors(ctx, tx, nil)
		return err
	})
	return all, err
}

// inspectors lists them, or one of them.
func (s *Service) inspectors(ctx context.Context, tx *tenants.Tx, one *inspection.MemberID) ([]Inspector, error) {
	rows, _ := tx.Query(ctx, `
		select distinct on (m.name collate "zh-x-icu", m.id) m.id, m.name, m.post, g.role
		from members m join grants g on g.tenant_id = m.tenant_id and g.member_id = m.id
		where `+tenants.Own("m")+` and m.state = 'active' and g.role = any(@roles)
		  and g.from_on <= @today and (g.until_on is null or g.until_on >= @today) and (@one::uuid is null or m.id = @one)
		order by m.name collate "zh-x-icu", m.id, g.from_on`,
		pgx.StrictNamedArgs{"roles": byInspector, "today": s.Clock.Today(), "one": one})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Inspector])
	if err != nil {
		return nil, fmt.Errorf("list inspectors: %w", err)
	}
	return all, nil
}

// Assigning says who goes, and when.
type Assigning struct {
	First     inspection.MemberID `json:"first"`
	Second    inspection.MemberID `json:"second"`
	PlannedOn inspection.Day      `json:"planned_on"`
}

// Assign names the two inspectors of a visit and its day.
func (s *Service) Assign(ctx context.Context, scope tenants.Scope, id VisitID, version int, a Assigning) (Visit, error) {
	return s.act(ctx, scope, id, version, Assign, func(tx *tenants.Tx, v *Visit) (e tenants.Entry, err error) {
		if a.First == a.Second {
			return e, inspection.InvalidFields("check.two", "须由两名检查人一同检查，请另选一人。",
				inspection.Field{Pointer: "/second", Code: "two", Message: "须由两名检查人一同检查，请另选一人。"})
		}
		if a.PlannedOn < s.Clock.Today() {
			return e, inspection.InvalidFields("check.day", "计划日期不能早于今天。",
				inspection.Field{Pointer: "/planned_on", Code: "day-order", Message: "计划日期不能早于今天。"})
		}
		first, err := s.eligible(ctx, tx, "/first", a.First, v.UnitID)
		if err != nil {
			return e, err
		}
		second, err := s.eligible(ctx, tx, "/second", a.Second, v.UnitID)
		if err != nil {
			return e, err
		}
		v.FirstID, v.FirstName, v.SecondID, v.SecondName, v.PlannedOn = &first.ID, first.Name, &second.ID, second.Name, &a.PlannedOn
		return v.entry("check.assign", "指派检查人", fmt.Sprintf("%s、%s，%s", first.Name, second.Name, a.PlannedOn)), nil
	})
}

// eligible returns the inspector, unless the person may not inspect this unit: who
// belongs or belonged to it never does, and a party to the review not itself (TRUST 2.3).
func (s *Service) eligible(
	ctx context.Context, tx *tenants.Tx, pointer string, id inspection.MemberID, unit inspection.UnitID,
) (Inspector, error) {
	refuse := func(code, message string) error {
		return inspection.InvalidFields("check.inspector", message, inspection.Field{Pointer: pointer, Code: code, Message: message})
	}
	found, err := s.inspectors(ctx, tx, &id)
	if err != nil {
		return Inspector{}, err
	}
	if len(found) == 0 {
		return Inspector{}, refuse("choice", "此人当前没有检查的授权，请另选一人。")
	}
	var own bool
	err = tx.QueryRow(ctx, `
		select exists (select from grants g
			where `+tenants.Own("g")+` and g.member_id = @id and g.unit_id = @unit)
		or exists (select from units u join grants g on g.tenant_id = u.tenant_id and g.role = u.acts_as
			where `+tenants.Own("u")+` and u.id = @unit and g.member_id = @id)`,
		pgx.StrictNamedArgs{"id": id, "unit": unit}).Scan(&own)
	if err != nil {
		return Inspector{}, fmt.Errorf("look for own unit: %w", err)
	}
	if own {
		return Inspector{}, refuse("recused", found[0].Name+"与该单位有隶属关系，需要回避，请另选一人。")
	}
	return found[0], nil
}

// Cancel takes a visit back that nobody has reported on.
func (s *Service) Cancel(ctx context.Context, scope tenants.Scope, id VisitID, version int, reason string) (Visit, error) {
	return s.act(ctx, scope, id, version, Cancel, func(_ *tenants.Tx, v *Visit) (e tenants.Entry, err error) {
		if v.OutcomeNote, err = cleanOne("/reason", reason, 500); err != nil {
			return e, err
		}
		return v.entry("check.cancel", "取消检查", v.OutcomeNote), nil
	})
}

// cleanOne returns a required text as it is kept.
func cleanOne(pointer, text string, limit int) (string, error) {
	text, bad := inspection.CleanText(pointer, text, true, limit)
	if len(bad) > 0 {
		return "", inspection.InvalidFields("check.invalid", bad[0].Message, bad...)
	}
	return text, nil
}
