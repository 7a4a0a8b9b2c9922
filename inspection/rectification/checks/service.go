package checks

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Identifiers of this room.
type (
	// ID names one round of checks.
	ID struct{ uuid.UUID }
	// VisitID names one visit.
	VisitID struct{ uuid.UUID }
	// PhotoID names one picture; whoever takes it gives it.
	PhotoID struct{ uuid.UUID }
)

// Service does what people ask of checks.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock
	Cases *rectification.Service
	Files *files.Store
}

// Check is one of the three rounds of checks of a round of inspection.
type Check struct {
	ID        ID                 `json:"id" db:"id"`
	RoundID   inspection.RoundID `json:"round" db:"round_id"`
	RoundName string             `json:"round_name" db:"round_name" maxLength:"100"`
	N         int                `json:"n" db:"n" minimum:"1" maximum:"3" doc:"第几轮"`
	Share     int                `json:"share" db:"share" minimum:"1" maximum:"100" doc:"Percent of the rest that was drawn"`
	Seed      string             `json:"seed" db:"seed" maxLength:"40" doc:"Drawn again with it, the sample is the same"`
	OpenedAt  time.Time          `json:"opened_at" db:"opened_at"`
	OpenedBy  string             `json:"opened_by" db:"opened_by" maxLength:"100"`
	Drawn     []Portion          `json:"drawn" db:"-" nullable:"false" maxItems:"3" doc:"What the draw saw and took, by reason"`
	Same      bool               `json:"same" db:"-" doc:"Drawn again just now from what the draw saw, the sample is the same"`
	Counts    Counts             `json:"counts" db:"-"`
}

// Portion is the part of a sample that one reason brought in.
type Portion struct {
	Reason Reason `json:"reason"`
	Saw    int    `json:"saw" minimum:"0" maximum:"100000"`
	Took   int    `json:"took" minimum:"0" maximum:"100000"`
}

// Opening asks for a round of checks.
type Opening struct {
	Round inspection.RoundID `json:"round"`
	Share int                `json:"share,omitempty" minimum:"0" maximum:"100" doc:"Percent of the rest; the policy's if absent"`
	Seed  string             `json:"-"` // for stories and tests: whoever could choose it could choose the sample
}

// Open begins the next round of checks of a round of inspection and draws its
// sample: one visit for each item that was taken.
func (s *Service) Open(ctx context.Context, scope tenants.Scope, o Opening) (c Check, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		r, err := rounds.Get(ctx, tx, o.Round)
		if err != nil {
			return err
		}
		policy, err := rounds.PolicyOf(ctx, tx, o.Round)
		if err != nil {
			return err
		}
		c = Check{
			ID: inspection.NewID[ID](), RoundID: r.ID, RoundName: r.Name, Share: o.Share, Seed: o.Seed,
			OpenedAt: s.Clock(), OpenedBy: scope.Name(),
		}
		if c.Share == 0 {
			c.Share = policy.CheckShare
		}
		if c.Seed == "" {
			c.Seed = NewSeed()
		}
		if c.N, err = nextRound(ctx, tx, o.Round); err != nil {
			return err
		}
		lots, err := s.ledger(ctx, tx, o.Round)
		if err != nil {
			return err
		}
		if len(lots) == 0 {
			return inspection.Errorf(inspection.Conflict, "check.no-items", "该轮次还没有已反馈的问题，反馈后再开展督导检查。")
		}
		take(lots, c.Seed, c.Share)
		if err := insertCheck(ctx, tx, c, lots); err != nil {
			return err
		}
		c.fill(lots)
		tx.Journal(tenants.Entry{
			Action: "check.open", Object: "check", ID: c.ID.UUID, After: c,
			Detail: tenants.Detail{
				Title: "开展督导检查",
				Text:  fmt.Sprintf("%s %s，抽样比例 %d%%，种子 %s，抽取 %d 项", r.Name, roundWords[c.N], c.Share, c.Seed, c.Counts.Visits),
			},
		})
		return nil
	})
	return c, err
}

// nextRound says which round of checks comes next: one after the other, and never
// a fourth.
func nextRound(ctx context.Context, tx *tenants.Tx, round inspection.RoundID) (int, error) {
	// The round's row is what two who open at once wait for.
	if _, err := tx.Exec(ctx, `select from rounds r where `+tenants.Own("r")+` and id = @id for update`,
		pgx.StrictNamedArgs{"id": round}); err != nil {
		return 0, fmt.Errorf("lock round: %w", err)
	}
	var last, unfinished int
	err := tx.QueryRow(ctx, `
		select coalesce(max(c.n), 0), (select count(*) from check_visits v
			where `+tenants.Own("v")+` and v.round_id = @round and v.state in ('planned', 'reported', 'agreed'))
		from checks c where `+tenants.Own("c")+` and c.round_id = @round`,
		pgx.StrictNamedArgs{"round": round}).Scan(&last, &unfinished)
	if err != nil {
		return 0, fmt.Errorf("last check: %w", err)
	}
	switch {
	case last == 3:
		return 0, inspection.Errorf(inspection.Conflict, "check.three", "该轮次的三轮督导检查都已开展。")
	case unfinished > 0:
		return 0, inspection.Errorf(inspection.Conflict, "check.unfinished",
			"%s还有 %d 项没有确认结论，全部确认或取消后再开展下一轮。", roundWords[last], unfinished)
	}
	return last + 1, nil
}

// lot is one item as the draw sees it.
type lot struct {
	FindingID inspection.FindingID `db:"finding_id"`
	UnitID    inspection.UnitID    `db:"unit_id"`
	Number    string               `db:"number"`
	Doubt     bool                 `db:"doubt"`
	Overdue   bool                 `db:"overdue"`
	Reason    Reason               `db:"-"`
	Drawn     bool                 `db:"-"`
}

// ledger is what the draw sees: the issued items of the round. An item has a
// doubt while it is marked so, which is for the room of doubts to say: what two
// persons cleared is none any more.
func (s *Service) ledger(ctx context.Context, tx *tenants.Tx, round inspection.RoundID) ([]lot, error) {
	rows, _ := tx.Query(ctx, `
		select r.finding_id, r.unit_id, f.number, @doubt = any(r.flags) as doubt,
			coalesce(r.due_on < @today, false) and r.state = any(@running) as overdue
		from rectifications r
		join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		where `+tenants.Own("r")+` and f.round_id = @round and r.issued_at is not null and r.withdrawn_at is null
		order by f.number`,
		pgx.StrictNamedArgs{
			"round": round, "today": s.Clock.Today(), "doubt": rectification.Doubt, "running": rectification.Running(),
		})
	lots, err := pgx.CollectRows(rows, pgx.RowToStructByName[lot])
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	return lots, nil
}

// take draws: all with a doubt, all overdue, a share of the rest.
func take(lots []lot, seed string, share int) {
	var rest []string
	for i := range lots {
		switch l := &lots[i]; {
		case l.Doubt:
			l.Reason, l.Drawn = Doubt, true
		case l.Overdue:
			l.Reason, l.Drawn = Overdue, true
		default:
			l.Reason = Random
			rest = append(rest, l.Number)
		}
	}
	drawn := map[string]bool{}
	for _, number := range Draw(seed, share, rest) {
		drawn[number] = true
	}
	for i := range lots {
		lots[i].Drawn = lots[i].Drawn || drawn[lots[i].Number]
	}
}

// fill counts what was drawn.
func (c *Check) fill(lots []lot) {
	c.Drawn, c.Same = []Portion{}, true
	for _, reason := range Reasons() {
		p := Portion{Reason: reason}
		for _, l := range lots {
			if l.Reason == reason {
				p.Saw++
				if l.Drawn {
					p.Took++
				}
			}
		}
		c.Drawn = append(c.Drawn, p)
		c.Counts.Visits += p.Took
		c.Counts.Waiting += p.Took
	}
}

func insertCheck(ctx context.Context, tx *tenants.Tx, c Check, lots []lot) error {
	tx.Later(`
		insert into checks (id, round_id, n, share, seed, opened_at, opened_by)
		values (@id, @round, @n, @share, @seed, @at, @by)`, pgx.StrictNamedArgs{
		"id": c.ID, "round": c.RoundID, "n": c.N, "share": c.Share, "seed": c.Seed, "at": c.OpenedAt, "by": c.OpenedBy,
	})
	for _, l := range lots {
		tx.Later(`
			insert into check_samples (check_id, finding_id, number, reason, drawn)
			values (@check, @finding, @number, @reason, @drawn)`, pgx.StrictNamedArgs{
			"check": c.ID, "finding": l.FindingID, "number": l.Number, "reason": l.Reason, "drawn": l.Drawn,
		})
		if l.Drawn {
			insertVisit(tx, c, l, 1, c.OpenedAt)
		}
	}
	// What waits runs now, so that its failure is this function's.
	if _, err := tx.Exec(ctx, `select`); err != nil {
		return fmt.Errorf("open check: %w", err)
	}
	return nil
}

func insertVisit(tx *tenants.Tx, c Check, l lot, nth int, at time.Time) {
	tx.Later(`
		insert into check_visits (id, check_id, round_id, n, nth, finding_id, unit_id, reason, changed_at, changed_by)
		values (@id, @check, @round, @n, @nth, @finding, @unit, @reason, @at, @by)`, pgx.StrictNamedArgs{
		"id": inspection.NewID[VisitID](), "check": c.ID, "round": c.RoundID, "n": c.N, "nth": nth, "finding": l.FindingID,
		"unit": l.UnitID, "reason": l.Reason, "at": at, "by": tx.Scope().Name(),
	})
}
