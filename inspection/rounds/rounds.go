// Package rounds knows the rounds of inspection (轮次): when each was held, which
// team inspected which unit, and the policy that was frozen when it opened.
package rounds

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Kind is the form of a round (常规、专项、机动、回头看、交叉、提级、联动).
type Kind string

// The forms of a round.
const (
	Regular  Kind = "regular"
	Special  Kind = "special"
	Mobile   Kind = "mobile"
	FollowUp Kind = "followup"
	Crossed  Kind = "crossed"
	Raised   Kind = "raised"
	Linked   Kind = "linked"
)

// Kinds lists the forms of a round.
func Kinds() []Kind { return []Kind{Regular, Special, Mobile, FollowUp, Crossed, Raised, Linked} }

// Round is one round.
type Round struct {
	ID         inspection.RoundID `json:"id" db:"id"`
	Term       int                `json:"term" db:"term" minimum:"1" maximum:"99" doc:"届"`
	Seq        int                `json:"seq" db:"seq" minimum:"1" maximum:"99" doc:"轮"`
	Name       string             `json:"name" db:"name" maxLength:"100" doc:"十届县委第六轮巡察"`
	Kind       Kind               `json:"kind" db:"kind"`
	State      string             `json:"state" db:"state" maxLength:"20"`
	StartsOn   inspection.Day     `json:"starts_on" db:"starts_on"`
	EndsOn     inspection.Day     `json:"ends_on" db:"ends_on"`
	FeedbackOn *inspection.Day    `json:"feedback_on" nullable:"true" db:"feedback_on" doc:"When feedback was given (反馈); null before"`
	Version    int                `json:"version" db:"version" minimum:"1" maximum:"2147483647"`

	// Policy overrides the office's policy for this round: what was in force
	// when the round opened.
	Policy json.RawMessage `json:"-" db:"policy"`
}

const columns = `id, term, seq, name, kind, state, starts_on, ends_on, feedback_on, version, policy`

// Service answers about rounds.
type Service struct{ DB *tenants.DB }

// List returns the rounds of the scope's reach, the latest first.
func (s *Service) List(ctx context.Context, scope tenants.Scope) (rs []Round, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rs, err = List(ctx, tx)
		return err
	})
	return rs, err
}

// List returns the rounds that tx may see, the latest first.
func List(ctx context.Context, tx *tenants.Tx) ([]Round, error) {
	rows, _ := tx.Query(ctx, `
		select `+columns+` from rounds r
		where `+tenants.Reach("r")+`
		order by r.tenant_id, term desc, seq desc`)
	rs, err := pgx.CollectRows(rows, pgx.RowToStructByName[Round])
	if err != nil {
		return nil, fmt.Errorf("list rounds: %w", err)
	}
	return rs, nil
}

// Get returns one round of the own office.
func Get(ctx context.Context, tx *tenants.Tx, id inspection.RoundID) (Round, error) {
	rows, _ := tx.Query(ctx, `
		select `+columns+` from rounds r
		where `+tenants.Own("r")+` and id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Round]))
}

// Add enters a round into the office's list and freezes today's policy for it. An
// empty ID gets a fresh one, a round without a place the next of its term.
func Add(ctx context.Context, tx *tenants.Tx, r Round) (Round, error) {
	if r.ID == (inspection.RoundID{}) {
		r.ID = inspection.NewID[inspection.RoundID]()
	}
	if r.Kind == "" {
		r.Kind = Regular
	}
	if r.Seq == 0 {
		var err error
		if r.Seq, err = nextSeq(ctx, tx, r.Term); err != nil {
			return Round{}, err
		}
	}
	if r.State == "" {
		r.State = "rectifying"
	}
	frozen, err := frozenPolicy(ctx, tx)
	if err != nil {
		return Round{}, err
	}
	r.Policy, r.Version = frozen, 1
	_, err = tx.Exec(ctx, `
		insert into rounds (id, term, seq, name, kind, state, starts_on, ends_on, feedback_on, policy)
		values (@id, @term, @seq, @name, @kind, @state, @starts_on, @ends_on, @feedback_on, @policy)`,
		pgx.StrictNamedArgs{
			"id": r.ID, "term": r.Term, "seq": r.Seq, "name": r.Name, "kind": r.Kind, "state": r.State,
			"starts_on": r.StartsOn, "ends_on": r.EndsOn, "feedback_on": r.FeedbackOn, "policy": r.Policy,
		})
	if err != nil {
		return Round{}, fmt.Errorf("add round: %w", err)
	}
	tx.Journal(tenants.Entry{
		Action: "round.add", Object: "round", ID: r.ID.UUID, After: r,
		Detail: tenants.Detail{Title: "登记轮次", Text: r.Name},
	})
	return r, nil
}

// nextSeq returns the next place of a term. Two who ask at once wait for each other.
func nextSeq(ctx context.Context, tx *tenants.Tx, term int) (seq int, err error) {
	args := pgx.StrictNamedArgs{"term": term}
	if _, err := tx.Exec(ctx, `select from rounds r where `+tenants.Own("r")+` and term = @term order by seq for update`, args); err != nil {
		return 0, fmt.Errorf("lock rounds: %w", err)
	}
	err = tx.QueryRow(ctx, `select coalesce(max(seq), 0) + 1 from rounds r where `+tenants.Own("r")+` and term = @term`, args).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("next round: %w", err)
	}
	return seq, nil
}

func frozenPolicy(ctx context.Context, tx *tenants.Tx) (json.RawMessage, error) {
	p, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(p)
}

// PolicyOf returns the policy of a round: the office's, overridden by what was
// frozen when the round opened.
func PolicyOf(ctx context.Context, tx *tenants.Tx, id inspection.RoundID) (tenants.Policy, error) {
	p, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return p, err
	}
	r, err := Get(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(r.Policy, &p); err != nil {
		return p, fmt.Errorf("policy of round %s: %w", id, err)
	}
	return p, nil
}

// Assign says which team of the round inspects the unit. Said again, the later
// word counts.
func Assign(ctx context.Context, tx *tenants.Tx, round inspection.RoundID, unit inspection.UnitID, team int) error {
	_, err := tx.Exec(ctx, `
		insert into round_units (round_id, unit_id, team) values (@round, @unit, @team)
		on conflict (tenant_id, round_id, unit_id) do update set team = excluded.team`,
		pgx.StrictNamedArgs{"round": round, "unit": unit, "team": team})
	if err != nil {
		return fmt.Errorf("assign unit: %w", err)
	}
	return nil
}

// TeamOf returns the team that inspects the unit in the round, or 0 where none
// was recorded.
func TeamOf(ctx context.Context, tx *tenants.Tx, round inspection.RoundID, unit inspection.UnitID) (int, error) {
	var team int
	err := tx.QueryRow(ctx, `
		select coalesce(max(team), 0) from round_units r
		where `+tenants.Own("r")+` and round_id = @round and unit_id = @unit`,
		pgx.StrictNamedArgs{"round": round, "unit": unit}).Scan(&team)
	if err != nil {
		return 0, fmt.Errorf("team of unit: %w", err)
	}
	return team, nil
}
