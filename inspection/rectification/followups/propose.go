package followups

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Proposal is a unit of the past round, and what the rows say for taking it.
type Proposal struct {
	Unit     inspection.UnitID `json:"unit" db:"unit"`
	Name     string            `json:"name" db:"name" maxLength:"200"`
	Problems int               `json:"problems" db:"problems" minimum:"0" maximum:"100000"`
	Closed   int               `json:"closed" db:"closed" minimum:"0" maximum:"100000"`
	Reasons  []Reason          `json:"reasons" db:"-" nullable:"false" maxItems:"4" doc:"None for a unit that nothing speaks for"`
}

// Reason is one thing that speaks for taking a unit.
type Reason struct {
	Cause Cause  `json:"cause"`
	Text  string `json:"text" maxLength:"100" doc:"逾期 4 件"`
	Rows  []Link `json:"rows" nullable:"false" maxItems:"2000"`
}

// Link names a row that speaks for it.
type Link struct {
	Kind   string    `json:"kind" enum:"item,evaluation" doc:"What it opens"`
	ID     uuid.UUID `json:"id" format:"uuid"`
	Number string    `json:"number" maxLength:"40" doc:"Of the item; empty for an evaluation"`
	Text   string    `json:"text" maxLength:"300" doc:"What is seen there"`
}

// spoken finds the rows, by cause. c are the issued items of the round. A low grade
// is one with which the score card asks for a second rectification.
const spoken = `
	with c as materialized (
		select r.tenant_id, r.finding_id, r.unit_id, f.number, r.state, r.due_on, r.flags
		from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		where %s and f.round_id = @round and r.issued_at is not null and r.withdrawn_at is null)
	select * from (
		select e.unit_id as unit, 'grade' as cause, 'evaluation' as kind, e.id, '' as number,
			x.grade || case when x.veto then '（一票否决）' else '' end as text
		from evaluations e join evaluation_results x on x.tenant_id = e.tenant_id and x.evaluation_id = e.id
		where %s and e.round_id = @round and e.state = 'published' and (x.veto or e.card::jsonb -> 'second' ? x.grade)
		union all
		select c.unit_id, 'doubts', 'item', c.finding_id, c.number, '存疑待核 ' || count(*) || ' 项'
		from c join doubts d on d.tenant_id = c.tenant_id and d.finding_id = c.finding_id
		where d.decided_at is null group by c.unit_id, c.finding_id, c.number
		union all
		select c.unit_id, 'reopened', 'item', c.finding_id, c.number, '重新整改' from c where @reopened = any(c.flags)
		union all
		select c.unit_id, 'overdue', 'item', c.finding_id, c.number, '逾期 ' || (@today::date - c.due_on) || ' 天'
		from c where c.state = any(@running) and c.due_on < @today) x
	order by unit, array_position(array['grade', 'doubts', 'reopened', 'overdue'], cause), number`

// Propose lists the units of a past round: first those that the rows speak for, and
// with each what does.
func (s *Service) Propose(ctx context.Context, scope tenants.Scope, round inspection.RoundID) (ps []Proposal, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		if _, err := rounds.Get(ctx, tx, round); err != nil {
			return err
		}
		ps, err = s.propose(ctx, tx, round)
		return err
	})
	return ps, err
}

func (s *Service) propose(ctx context.Context, tx *tenants.Tx, round inspection.RoundID) ([]Proposal, error) {
	rows, _ := tx.Query(ctx, `
		select u.id as unit, u.name, count(*)::int as problems, count(*) filter (where r.state = 'closed')::int as closed
		from rectifications r
		join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		join units u on u.tenant_id = r.tenant_id and u.id = r.unit_id
		where `+tenants.Own("r")+` and f.round_id = @round and r.issued_at is not null and r.withdrawn_at is null
		group by u.id, u.name
		order by u.name collate "zh-x-icu"
		limit 500`, pgx.StrictNamedArgs{"round": round})
	units, err := pgx.CollectRows(rows, pgx.RowToStructByName[Proposal])
	if err != nil {
		return nil, fmt.Errorf("units of round: %w", err)
	}
	reasons, err := s.reasons(ctx, tx, round)
	if err != nil {
		return nil, err
	}
	first, rest := []Proposal{}, []Proposal{}
	for _, p := range units {
		if p.Reasons = reasons[p.Unit]; p.Reasons != nil {
			first = append(first, p)
			continue
		}
		p.Reasons = []Reason{}
		rest = append(rest, p)
	}
	return append(first, rest...), nil
}

// reasons are what the rows say, by unit.
func (s *Service) reasons(ctx context.Context, tx *tenants.Tx, round inspection.RoundID) (map[inspection.UnitID][]Reason, error) {
	rows, _ := tx.Query(ctx, fmt.Sprintf(spoken, tenants.Own("r"), tenants.Own("e")), pgx.StrictNamedArgs{
		"round": round, "today": s.Clock.Today(), "running": rectification.Running(), "reopened": rectification.Reopened,
	})
	type row struct {
		Unit  inspection.UnitID
		Cause Cause
		Link
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("reasons to take units: %w", err)
	}
	all := map[inspection.UnitID][]Reason{}
	for _, r := range found {
		of := all[r.Unit]
		if len(of) == 0 || of[len(of)-1].Cause != r.Cause {
			of = append(of, Reason{Cause: r.Cause})
		}
		last := &of[len(of)-1]
		last.Rows = append(last.Rows, r.Link)
		last.Text = r.Cause.say(last.Rows)
		all[r.Unit] = of
	}
	return all, nil
}

// say words a reason: 逾期 4 件.
func (c Cause) say(rows []Link) string {
	switch c {
	case Grade:
		return "评估等次为" + rows[0].Text
	case Doubts:
		return fmt.Sprintf("存疑待核 %d 件", len(rows))
	case Reopened:
		return fmt.Sprintf("重新整改 %d 件", len(rows))
	}
	return fmt.Sprintf("逾期 %d 件", len(rows))
}

// take returns the chosen units with what speaks for each, as a column keeps them.
func (s *Service) take(ctx context.Context, tx *tenants.Tx, round inspection.RoundID, chosen []inspection.UnitID) ([]byte, error) {
	known, err := s.propose(ctx, tx, round)
	if err != nil {
		return nil, err
	}
	taken := []Taken{}
	var bad inspection.Fields
	for i, unit := range chosen {
		at := slices.IndexFunc(known, func(p Proposal) bool { return p.Unit == unit })
		if at < 0 || slices.IndexFunc(taken, func(t Taken) bool { return t.Unit == unit }) >= 0 {
			bad = append(bad, inspection.Field{
				Pointer: fmt.Sprintf("/units/%d", i), Code: "choice", Message: "只能选择该轮次中已反馈问题的单位，每个单位选一次。",
			})
			continue
		}
		t := Taken{Unit: unit, Name: known[at].Name, Why: []string{}}
		for _, r := range known[at].Reasons {
			t.Why = append(t.Why, r.Text)
		}
		taken = append(taken, t)
	}
	if err := bad.Err("followup.invalid"); err != nil {
		return nil, err
	}
	return json.Marshal(taken)
}
