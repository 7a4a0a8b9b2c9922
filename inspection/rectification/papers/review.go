package papers

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// SendOut begins the review: who takes part and until when. The party that the unit
// itself is does not review its own paper.
func (k Kind) SendOut(ctx context.Context, tx *tenants.Tx, p *Paper, unit inspection.UnitID, parties []tenants.Role, by inspection.Day) error {
	self, err := actsAs(ctx, tx, unit)
	if err != nil {
		return err
	}
	p.Parties = slices.DeleteFunc(slices.Clone(parties), func(party tenants.Role) bool { return party == self })
	if i := slices.IndexFunc(p.Parties, func(party tenants.Role) bool { return !slices.Contains(k.Reviewer, party) }); i >= 0 {
		return inspection.Errorf(inspection.Conflict, k.Name+".wrong-party", "%s不能审核%s。请联系巡察办更改审核单位。", p.Parties[i].Party(), k.Called)
	}
	if len(p.Parties) == 0 {
		return inspection.Errorf(inspection.Conflict, k.Name+".no-reviewers", "还没有可以审核%s的单位。请联系巡察办设置。", k.Called)
	}
	p.Given, p.Agreed, p.ReviewBy = []tenants.Role{}, nil, &by
	return nil
}

func actsAs(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID) (self tenants.Role, err error) {
	err = tx.QueryRow(ctx, `select u.acts_as from units u where `+tenants.Own("u")+` and u.id = @id`,
		pgx.StrictNamedArgs{"id": unit}).Scan(&self)
	if err != nil {
		return "", fmt.Errorf("which party the unit is: %w", err)
	}
	return self, nil
}

// Ready names what is missing before the review of paper id can end with agreement or
// not. Who alone gave an opinion does not end it.
func (k Kind) Ready(ctx context.Context, tx *tenants.Tx, id uuid.UUID, p Paper, unit inspection.UnitID, agreed bool) error {
	if err := k.NotOwn(ctx, tx, p, unit); err != nil {
		return err
	}
	switch {
	case p.Agreed == nil:
		return inspection.Errorf(inspection.Conflict, k.Name+".opinions-missing", "还有审核方没有提交意见。")
	case *p.Agreed && !agreed:
		return inspection.Errorf(inspection.Conflict, k.Name+".all-agree", "各方均已同意，不能退回。")
	case !*p.Agreed && agreed:
		return inspection.Errorf(inspection.Conflict, k.Name+".not-agreed", "有审核方未同意，应汇总意见后退回。")
	}
	var alone bool
	err := tx.QueryRow(ctx, `
		select coalesce(bool_and(o.by_id = @me), false) from `+k.Name+`_opinions o
		where `+tenants.Own("o")+` and o.`+k.Name+`_id = @id and o.n = @n`,
		pgx.StrictNamedArgs{"me": tx.Scope().Member(), "id": id, "n": p.N}).Scan(&alone)
	if err != nil {
		return fmt.Errorf("who reviewed: %w", err)
	}
	if alone {
		return inspection.Errorf(inspection.Forbidden, k.Name+".own-review", "%s的审核意见只由你一人提交，需由其他人员办理。", k.Called)
	}
	return k.intact(p)
}

// NotOwn refuses who signed it or is of the unit.
func (k Kind) NotOwn(ctx context.Context, tx *tenants.Tx, p Paper, unit inspection.UnitID) error {
	own, err := rectification.OfUnit(ctx, tx, unit)
	if err != nil {
		return err
	}
	if own || p.HeadID != nil && *p.HeadID == tx.Scope().Member().UUID {
		return inspection.Errorf(inspection.Forbidden, k.Name+".own-work", "不能审核本单位的%s，需由其他人员办理。", k.Called)
	}
	return nil
}

// Giving is a request to give an opinion on a paper.
type Giving struct {
	Digest  string                 `json:"digest" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" doc:"Of the text that was reviewed"`
	Verdict rectification.Verdict  `json:"verdict"`
	Reasons []rectification.Reason `json:"reasons,omitempty" maxItems:"8" nullable:"false" doc:"Why the verdict is not agree"`
	Note    string                 `json:"note,omitempty" maxLength:"2000" doc:"Needed unless the verdict is agree"`
}

func (g Giving) clean(k Kind) (Giving, error) {
	var bad inspection.Fields
	g.Note = bad.Text("/note", g.Note, g.Verdict != rectification.Agree, 2000)
	g.Reasons = g.Verdict.Explained(&bad, g.Reasons, k.Reasoned)
	return g, bad.Err(k.Name + ".invalid")
}

// Give records the opinion of the scope's party on the text that it names. Other
// parties see it when all are in.
func (k Kind) Give(ctx context.Context, tx *tenants.Tx, at time.Time, id uuid.UUID, unit inspection.UnitID, p *Paper, g Giving) (note string, err error) {
	scope := tx.Scope()
	if g, err = g.clean(k); err != nil {
		return "", err
	}
	if !slices.Contains(p.Parties, scope.Role()) {
		return "", scope.Role().Allow(p.Parties...)
	}
	if err := k.intact(*p); err != nil {
		return "", err
	}
	if hex.EncodeToString(p.Sum) != g.Digest {
		return "", inspection.Errorf(inspection.Conflict, k.Name+".changed", "%s已重新签字，请按最新的内容审核。", k.Called)
	}
	if err := k.NotOwn(ctx, tx, *p, unit); err != nil {
		return "", err
	}
	tag, err := tx.Exec(ctx, `
		insert into `+k.Name+`_opinions (`+k.Name+`_id, n, party, verdict, reasons, note, by_id, by_name, at)
		values (@id, @n, @party, @verdict, @reasons, @note, @by_id, @by_name, @at)
		on conflict do nothing`, pgx.StrictNamedArgs{
		"id": id, "n": p.N, "party": scope.Role(), "verdict": g.Verdict, "reasons": g.Reasons, "note": g.Note,
		"by_id": scope.Member(), "by_name": scope.Name(), "at": at,
	})
	if err != nil {
		return "", fmt.Errorf("add opinion: %w", err)
	}
	if tag.RowsAffected() == 0 && !slices.Contains(p.Given, scope.Role()) {
		return "", inspection.Errorf(inspection.Forbidden, k.Name+".second-party", "你已代表其他审核单位提交意见，%s的意见需由其他人员提交。", scope.Role().Party())
	}
	if tag.RowsAffected() == 0 {
		return "", inspection.Errorf(inspection.Conflict, k.Name+".opinion-given", "%s的审核意见已提交。", scope.Role().Party())
	}
	p.Given = append(slices.Clone(p.Given), scope.Role())
	err = tx.QueryRow(ctx, `select sec.reveal_paper(@kind, @id)`, pgx.StrictNamedArgs{"kind": k.Name, "id": id}).Scan(&p.Agreed)
	if err != nil {
		return "", fmt.Errorf("reveal opinions: %w", err)
	}
	return scope.Role().Party(), nil
}

// OpinionsOn lists the opinions on a paper of office that the scope may see: a unit
// and other offices see none.
func (k Kind) OpinionsOn(ctx context.Context, tx *tenants.Tx, office tenants.ID, id uuid.UUID, p Paper) ([]Opinion, error) {
	if tx.Scope().Role().OfUnit() || office != tx.Scope().Tenant() {
		return []Opinion{}, nil // the policy says the same
	}
	rows, _ := tx.Query(ctx, `
		select o.party, o.verdict, o.reasons, o.note, o.by_name, o.at from `+k.Name+`_opinions o
		where `+tenants.Own("o")+` and o.`+k.Name+`_id = @id and o.n = @n
		order by o.at, o.party`, pgx.StrictNamedArgs{"id": id, "n": p.N})
	os, err := pgx.CollectRows(rows, pgx.RowToStructByName[Opinion])
	if err != nil {
		return nil, fmt.Errorf("list opinions: %w", err)
	}
	return os, nil
}
