package rectification

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// PartyTurn is how one party stands in a joint review.
type PartyTurn struct {
	Party     tenants.Role    `json:"party" db:"party"`
	Name      string          `json:"name" db:"-" maxLength:"20" doc:"纪委监委"`
	Given     bool            `json:"given" db:"-" doc:"Its opinion is in"`
	DaysLeft  *int            `json:"days_left" db:"-" minimum:"-100000" maximum:"100000" doc:"Days it has left; negative when overdue; null once its opinion is in"`
	ClaimedBy string          `json:"claimed_by" db:"by_name" maxLength:"100" doc:"Who of the party has it in hand (认领); empty if nobody has, and for the unit"`
	ClaimedAt *time.Time      `json:"claimed_at" db:"at"`
	UntilOn   *inspection.Day `json:"until_on" nullable:"true" db:"until_on" doc:"The last day on which the claim holds"`
	Mine      bool            `json:"mine" db:"-" doc:"You have it in hand"`

	member *inspection.MemberID
}

// Turns is a joint review under way, party by party.
type Turns struct {
	Submission int            `json:"submission" minimum:"0" maximum:"10000" doc:"0 while nothing is under review"`
	DueOn      inspection.Day `json:"due_on" doc:"By when the parties answer"`
	Parties    []PartyTurn    `json:"parties" nullable:"false" maxItems:"10"`
	MayClaim   bool           `json:"may_claim" doc:"You may take it in hand for your party"`
	MayRelease []tenants.Role `json:"may_release" nullable:"false" maxItems:"10" doc:"Whose claim you may end: your own, or as the director anybody's"`
}

// Turns returns how far the joint review of a case is, party by party.
func (s *Service) Turns(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (t Turns, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		var office tenants.ID
		var number string
		var sub Submission
		var state State
		err := tx.QueryRow(ctx, `
			select r.tenant_id, r.number, r.state, coalesce(s.n, 0), coalesce(s.parties, '{}'), coalesce(s.given, '{}'),
				coalesce(s.due_on, current_date)
			from rectifications r`+withReview+`
			where `+scope.Rows("r")+` and r.finding_id = @id and r.withdrawn_at is null`,
			pgx.StrictNamedArgs{"id": id}).Scan(&office, &number, &state, &sub.N, &sub.Parties, &sub.Given, &sub.DueOn)
		if _, err := tenants.Found(office, err); err != nil {
			return err
		}
		own := office == scope.Tenant()
		if !own {
			tx.Journal(tenants.Entry{
				Office: office, Action: "rectification.read-above", Object: "finding", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查看审核进度", Number: number},
			})
		}
		t, err = s.turns(ctx, tx, id, sub, own)
		return err
	})
	return t, err
}

func (s *Service) turns(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, sub Submission, own bool) (Turns, error) {
	t := Turns{Submission: sub.N, DueOn: sub.DueOn, Parties: []PartyTurn{}, MayRelease: []tenants.Role{}}
	claims, err := s.claims(ctx, tx, id, sub.N)
	if err != nil {
		return t, err
	}
	scope, today := tx.Scope(), s.Clock.Today()
	for _, party := range sub.Parties {
		turn := PartyTurn{Party: party, Name: party.Party(), Given: slices.Contains(sub.Given, party)}
		if !turn.Given {
			turn.DaysLeft = new(int(sub.DueOn - today))
		}
		if c, held := claims[party]; held && !turn.Given {
			turn.ClaimedBy, turn.ClaimedAt, turn.UntilOn = c.ClaimedBy, c.ClaimedAt, c.UntilOn
			turn.Mine = *c.member == scope.Member()
			if own && (turn.Mine || scope.Role() == tenants.DIR) {
				t.MayRelease = append(t.MayRelease, party)
			}
		}
		if own && party == scope.Role() && !turn.Given && turn.ClaimedBy == "" {
			t.MayClaim = true
		}
		t.Parties = append(t.Parties, turn)
	}
	return t, nil
}

// claims returns who of each party has the handing-in in hand today.
func (s *Service) claims(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, n int) (map[tenants.Role]PartyTurn, error) {
	rows, _ := tx.Query(ctx, `
		select c.party, c.by_name, c.at, c.until_on, c.member_id
		from review_claims c
		where `+tenants.Own("c")+` and c.finding_id = @id and c.submission = @n and c.member_id is not null and c.until_on >= @today`,
		pgx.StrictNamedArgs{"id": id, "n": n, "today": s.Clock.Today()})
	held := map[tenants.Role]PartyTurn{}
	var c PartyTurn
	_, err := pgx.ForEachRow(rows, []any{&c.Party, &c.ClaimedBy, &c.ClaimedAt, &c.UntilOn, &c.member}, func() error {
		held[c.Party] = c
		c = PartyTurn{}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list claims: %w", err)
	}
	return held, nil
}

// Claim takes what was handed in into the caller's hand, for the caller's party
// (认领): until it is given back, released by the director, or lapses by the policy,
// nobody else of the party gives its opinion.
func (s *Service) Claim(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (t Turns, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		c, sub, err := s.underReview(ctx, tx, id, Opine)
		if err != nil {
			return err
		}
		if !slices.Contains(sub.Parties, scope.Role()) {
			return scope.Role().Allow(sub.Parties...)
		}
		if slices.Contains(sub.Given, scope.Role()) {
			return inspection.Errorf(inspection.Conflict, "rectification.opinion-given", "%s的审核意见已提交。", scope.Role().Name())
		}
		if err := s.unclaimed(ctx, tx, c, sub); err != nil {
			return err
		}
		p, err := PolicyOf(ctx, tx, id)
		if err != nil {
			return err
		}
		until, _ := s.Calendar.Add(s.Clock.Today(), p.ReviewClaimDays)
		_, err = tx.Exec(ctx, `
			insert into review_claims as c (finding_id, submission, party, member_id, by_name, at, until_on)
			values (@id, @n, @party, @me, @name, @at, @until)
			on conflict (tenant_id, finding_id, submission, party) do update
			set member_id = excluded.member_id, by_name = excluded.by_name, at = excluded.at, until_on = excluded.until_on,
				version = c.version + 1`, pgx.StrictNamedArgs{
			"id": id, "n": sub.N, "party": scope.Role(), "me": scope.Member(), "name": scope.Name(), "at": s.Clock(), "until": until,
		})
		if err != nil {
			return fmt.Errorf("claim: %w", err)
		}
		tx.Journal(claimEntry(c, "rectification.claim", scope.Role().Name()+"认领审核", scope.Name()))
		t, err = s.turns(ctx, tx, id, sub, true)
		return err
	})
	return t, err
}

// Unclaim gives a claim back; the director releases anybody's.
func (s *Service) Unclaim(ctx context.Context, scope tenants.Scope, id inspection.FindingID, party tenants.Role) (t Turns, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		c, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.State != Submitted {
			_, err := cases.Next(c.State, Opine, scope.Role())
			return c.told(err)
		}
		sub, err := lastSubmission(ctx, tx, c)
		if err != nil {
			return err
		}
		held, err := s.claims(ctx, tx, id, sub.N)
		if err != nil {
			return err
		}
		claim, ok := held[party]
		if !ok {
			return inspection.Errorf(inspection.Conflict, "rectification.not-claimed", "%s没有人认领此事项，请刷新。", party.Party())
		}
		if *claim.member != scope.Member() {
			if err := scope.Role().Allow(tenants.DIR); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `
			update review_claims c set member_id = null, version = version + 1
			where `+tenants.Own("c")+` and c.finding_id = @id and c.submission = @n and c.party = @party`,
			pgx.StrictNamedArgs{"id": id, "n": sub.N, "party": party})
		if err != nil {
			return fmt.Errorf("unclaim: %w", err)
		}
		tx.Journal(claimEntry(c, "rectification.unclaim", "放回"+party.Name()+"的认领", claim.ClaimedBy))
		t, err = s.turns(ctx, tx, id, sub, true)
		return err
	})
	return t, err
}

// unclaimed refuses somebody whose party has another person on the case.
func (s *Service) unclaimed(ctx context.Context, tx *tenants.Tx, c Case, sub Submission) error {
	held, err := s.claims(ctx, tx, c.ID, sub.N)
	if err != nil {
		return err
	}
	scope := tx.Scope()
	if claim, ok := held[scope.Role()]; ok && *claim.member != scope.Member() {
		return inspection.Errorf(inspection.Conflict, "rectification.claimed",
			"%s 已由%s认领，%s 前由其提交审核意见。请联系本人放回，或由巡察办主任放回。", c.Number, claim.ClaimedBy, claim.UntilOn)
	}
	return nil
}

// claimEntry names no unit: its people do not see who reviews.
func claimEntry(c Case, action, title, text string) tenants.Entry {
	return tenants.Entry{
		Action: action, Object: "finding", ID: c.ID.UUID, Detail: tenants.Detail{Title: title, Text: text, Number: c.Number},
	}
}
