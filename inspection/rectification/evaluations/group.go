package evaluations

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Convening names the group (评估组).
type Convening struct {
	People []Chosen `json:"people" minItems:"2" maxItems:"20" nullable:"false"`
}

// Chosen is one person, and for which party.
type Chosen struct {
	ID    inspection.MemberID `json:"id"`
	Party tenants.Role        `json:"party"`
}

// Candidates lists who may be in the group of an evaluation: people of the office
// and of the departments who do not belong to the unit.
func (s *Service) Candidates(ctx context.Context, scope tenants.Scope, id ID) (ps []Person, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		r, err := readRow(ctx, tx, id, "")
		if err != nil {
			return err
		}
		ps, err = s.candidates(ctx, tx, r.UnitID)
		return err
	})
	return ps, err
}

func (s *Service) candidates(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID) ([]Person, error) {
	rows, _ := tx.Query(ctx, `
		select distinct m.id, m.name, g.role as party
		from members m join grants g on g.tenant_id = m.tenant_id and g.member_id = m.id
		where `+tenants.Own("m")+` and m.state = 'active' and g.role = any(@roles) and g.from_on <= @today
		  and coalesce(g.until_on, @today) >= @today
		  and not exists (select from grants o where o.tenant_id = m.tenant_id and o.member_id = m.id and o.unit_id = @unit)
		  and not exists (select from units u where u.tenant_id = m.tenant_id and u.id = @unit and u.acts_as = g.role)
		order by m.name, party, m.id
		limit 1000`, pgx.StrictNamedArgs{"roles": byGroup, "today": s.Clock.Today(), "unit": unit})
	ps, err := pgx.CollectRows(rows, pgx.RowToStructByName[Person])
	if err != nil {
		return nil, fmt.Errorf("list candidates: %w", err)
	}
	return ps, nil
}

// Convene names who scores. What they wrote before stays.
func (s *Service) Convene(ctx context.Context, scope tenants.Scope, id ID, version int, c Convening) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Convene, func(tx *tenants.Tx, r *row, sh *sheet) (string, error) {
		if err := rectification.NotOwn(ctx, tx, r.UnitID, errOwnWork); err != nil {
			return "", err
		}
		may, err := s.candidates(ctx, tx, r.UnitID)
		if err != nil {
			return "", err
		}
		var bad inspection.Fields
		sh.People, sh.Members = []Person{}, []inspection.MemberID{}
		said := ""
		for i, p := range c.People {
			k := slices.IndexFunc(may, func(m Person) bool { return m.ID == p.ID && m.Party == p.Party })
			switch {
			case k < 0:
				bad = append(bad, inspection.Field{
					Pointer: fmt.Sprintf("/people/%d", i), Code: "choice", Message: "此人不能参加评估组：不是本单位的有效人员，或属于被评估单位。请另选。",
				})
			case slices.Contains(sh.Members, p.ID):
				bad = append(bad, inspection.Field{Pointer: fmt.Sprintf("/people/%d", i), Code: "duplicate", Message: "同一人只选一次。"})
			default:
				sh.People, sh.Members = append(sh.People, may[k]), append(sh.Members, p.ID)
				said += "、" + may[k].Name
			}
		}
		if err := bad.Err("evaluation.invalid"); err != nil {
			return "", err
		}
		for _, party := range append([]tenants.Role{tenants.OFF}, r.Card.Parties...) {
			if !slices.ContainsFunc(sh.People, func(p Person) bool { return p.Party == party }) {
				return "", inspection.Errorf(inspection.Conflict, "evaluation.group", "评估组还缺%s的人员，请补选。", party.Party())
			}
		}
		if len(sh.People) < 2 {
			return "", inspection.Errorf(inspection.Conflict, "evaluation.group", "评估组至少两人，请补选。")
		}
		return said[len("、"):], nil
	})
}

// inGroup refuses who is not of the group.
func inGroup(tx *tenants.Tx, sh *sheet) error {
	if sh == nil || !slices.Contains(sh.Members, tx.Scope().Member()) {
		return inspection.Errorf(inspection.Forbidden, "evaluation.not-in-group", "需由评估组成员办理。")
	}
	return nil
}

// approvedBy reports whether who acts approved the score as a director.
func (sh *sheet) approvedBy(scope tenants.Scope) bool {
	return sh != nil && sh.ApprovedID != nil && *sh.ApprovedID == scope.Member()
}

// notInGroup refuses who scored: nobody approves what is his own.
func notInGroup(tx *tenants.Tx, sh *sheet) error {
	if slices.Contains(sh.Members, tx.Scope().Member()) {
		return inspection.Errorf(inspection.Forbidden, "evaluation.own-score", "你是评估组成员，需由其他人员审核。")
	}
	return nil
}
