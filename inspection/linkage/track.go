package linkage

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// MatterView is a matter as one reader sees it, with everything that happened.
type MatterView struct {
	Matter
	Allowed []MatterAct `json:"allowed" nullable:"false"`
	Steps   []Step      `json:"steps" nullable:"false" doc:"The oldest first"`
	Stages  []Stage     `json:"stages" nullable:"false" doc:"The way from the raiser up and back"`
	// What follows is the holder's alone.
	Together  []Kindred `json:"together" nullable:"false" maxItems:"1000" doc:"The others that the reader's office handles as one with it (并案)"`
	Mergeable []Kindred `json:"mergeable" nullable:"false" maxItems:"100" doc:"Which it could merge with it, those with the same tags first"`
}

// Step is one act on a matter.
type Step struct {
	Seq      int             `json:"seq" db:"seq"`
	Did      MatterAct       `json:"did" db:"did"`
	Title    string          `json:"title" db:"-" doc:"批准上报"`
	State    MatterState     `json:"state" db:"state" doc:"After the step"`
	Office   string          `json:"office" db:"office_name"`
	Actor    string          `json:"actor" db:"actor"`
	At       time.Time       `json:"at" db:"at"`
	DaysUsed int             `json:"days_used" db:"-" doc:"Working days since the step before"`
	Text     string          `json:"text" db:"text"`
	DueOn    *inspection.Day `json:"due_on" db:"due_on"`
	Internal bool            `json:"internal" db:"internal" doc:"Seen by the own office alone"`
}

// Stage is one station on a matter's way.
type Stage struct {
	Name     string          `json:"name" doc:"市受理"`
	State    StageState      `json:"state"`
	Office   string          `json:"office"`
	Actor    string          `json:"actor"`
	At       *time.Time      `json:"at" doc:"When it was done"`
	DaysUsed int             `json:"days_used" doc:"Working days that it took, or takes so far"`
	DueOn    *inspection.Day `json:"due_on" doc:"By when it should be done"`
	Late     int             `json:"late" minimum:"0" maximum:"100000" doc:"Days past that day, done or not"`
	Text     string          `json:"text"`
}

// StageState is where a stage stands.
type StageState string

// The states of a stage.
const (
	StageDone    StageState = "done"
	StageNow     StageState = "now"
	StageAhead   StageState = "ahead"
	StageSkipped StageState = "skipped" // not needed for this matter
	StageStopped StageState = "stopped" // the matter ended before it
)

// StageStates lists the states of a stage.
func StageStates() []StageState {
	return []StageState{StageDone, StageNow, StageAhead, StageSkipped, StageStopped}
}

// GetMatter returns a matter to its raiser and to the offices that it came to.
// That somebody above read it is written down in the raiser's office.
func (s *Service) GetMatter(ctx context.Context, scope tenants.Scope, id inspection.EscalationID) (v MatterView, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		if v.Matter, err = readMatter(ctx, tx, id); err != nil {
			return err
		}
		v.Allowed = v.Matter.Allowed(scope)
		if v.Steps, err = s.steps(ctx, tx, id); err != nil {
			return err
		}
		levels, err := pathUp(ctx, tx, v.Tenant)
		if err != nil {
			return err
		}
		v.Stages = s.stages(v.Matter, v.Steps, levels)
		if err := v.kindred(ctx, tx); err != nil {
			return err
		}
		if v.Tenant != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: v.Tenant, Action: "escalation.read-above", Object: "escalation", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查阅", Number: v.Number},
			})
		}
		return nil
	})
	return v, err
}

func (s *Service) steps(ctx context.Context, tx *tenants.Tx, id inspection.EscalationID) ([]Step, error) {
	rows, _ := tx.Query(ctx, `
		select p.seq, p.did, p.state, o.short as office_name, p.actor, p.at, p.text, p.due_on, p.internal
		from escalation_steps p join tenants o on o.id = p.office
		where `+tenants.Reach("p")+` and p.escalation_id = @id
		order by p.seq`, pgx.StrictNamedArgs{"id": id})
	steps, err := pgx.CollectRows(rows, pgx.RowToStructByName[Step])
	if err != nil {
		return nil, fmt.Errorf("list steps: %w", err)
	}
	for i := range steps {
		steps[i].Title = matters.Doing[steps[i].Did]
		if i > 0 {
			steps[i].DaysUsed = s.workingDays(steps[i-1].At, steps[i].At)
		}
	}
	return steps, nil
}

func (s *Service) workingDays(from, to time.Time) int {
	n, _ := s.Calendar.Between(inspection.DayOf(from), inspection.DayOf(to))
	return n
}

// pathUp lists the levels from the office up.
func pathUp(ctx context.Context, tx *tenants.Tx, from tenants.ID) ([]string, error) {
	rows, _ := tx.Query(ctx, `select level from tenants where @id between lo and hi order by lo desc, hi`,
		pgx.StrictNamedArgs{"id": from})
	levels, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list levels: %w", err)
	}
	return levels, nil
}

// stages lays the matter's steps along its way: raised, accepted and studied at
// each level above, answered, carried out, done.
func (s *Service) stages(m Matter, steps []Step, levels []string) []Stage {
	name := func(i int, what string) string { return levelNames[levels[i]] + what }
	stages := []Stage{{Name: name(0, "提出")}, {Name: name(1, "受理")}, {Name: name(1, "研究")}}
	last := len(stages) - 1 // the study from which an answer may come
	if len(levels) > 2 {
		stages = append(stages, Stage{Name: name(2, "受理")}, Stage{Name: name(2, "研究")})
	}
	answer := len(stages)
	stages = append(stages, Stage{Name: "答复"}, Stage{Name: name(0, "落实")}, Stage{Name: "办结"})

	now, further := 0, false
	var due *inspection.Day // of the stage that runs
	began := m.ChangedAt
	if len(steps) > 0 {
		began = steps[0].At
	}
	done := func(i int, p Step) {
		stages[i].State, stages[i].Office, stages[i].Actor, stages[i].At = StageDone, p.Office, p.Actor, &p.At
		stages[i].DaysUsed, stages[i].Text, stages[i].DueOn = s.workingDays(began, p.At), p.Text, due
		stages[i].Late = daysPast(due, inspection.DayOf(p.At))
		began, now, due = p.At, i+1, p.DueOn
	}
	for _, p := range steps {
		switch p.Did {
		case ApproveMatter:
			done(0, p)
		case TakeMatter:
			done(now, p)
		case RaiseMatter:
			further = true
			done(last, p)
		case ReturnMatter, RefuseMatter:
			if now = 0; p.State == Taken {
				now = last
			}
		case DecideMatter:
			due = p.DueOn
		case DisputeMatter: // whoever answered studies it again
			if now, due = last, p.DueOn; further {
				now = answer - 1
			}
			began = p.At
			for i := now; i < len(stages); i++ {
				stages[i] = Stage{Name: stages[i].Name}
			}
		case AnswerMatter:
			done(now, p)
			due = nil
			done(answer, p)
			stages[answer-1].Text = ""
		case ConfirmMatter:
			due = p.DueOn
		case FinishMatter:
			done(answer+1, p)
			done(answer+2, p)
		}
	}
	mark(stages, now, answer, last, further, m)
	if at := now; at < len(stages) && stages[at].State == StageNow {
		stages[at].DaysUsed, stages[at].DueOn, stages[at].Office = s.workingDays(began, s.Clock()), m.StepDue, m.HolderName
		stages[at].Late = daysPast(m.StepDue, s.Clock.Today())
	}
	return stages
}

// daysPast is by how many days something was done, or is undone, after its day.
func daysPast(due *inspection.Day, on inspection.Day) int {
	if due == nil {
		return 0
	}
	return max(0, int(on-*due))
}

// mark says of the stages that are not done where they stand.
func mark(stages []Stage, now, answer, last int, further bool, m Matter) {
	stopped := m.State == Refused || m.State == MatterWithdrawn || m.State == MatterClosed && m.AnsweredAt == nil
	for i := range stages {
		switch {
		case i < now && stages[i].State == "", i > last && i < answer && m.AnsweredAt != nil && !further:
			stages[i].State = StageSkipped
		case i < now:
		case stopped:
			stages[i].State = StageStopped
		case i == now:
			stages[i].State = StageNow
		default:
			stages[i].State = StageAhead
		}
	}
}

// Matters lists matters: those that the own office raised, or those that came to
// it from below. The newest come first.
func (s *Service) Matters(ctx context.Context, scope tenants.Scope, box Box, finding inspection.FindingID, after string, limit int,
) (p inspection.Page[Matter], err error) {
	from, err := behind[inspection.EscalationID](after)
	if err != nil {
		return p, err
	}
	err = s.DB.In(ctx, box.OfMatters(scope), func(tx *tenants.Tx) error {
		which := box.matters() + ` and (@finding::uuid = '00000000-0000-0000-0000-000000000000' or e.finding_id = @finding)`
		rows, _ := tx.Query(ctx, `
			select `+matterColumns+` from `+matterTables+`
			where `+which+` and (@after::uuid is null or e.id < @after)
			order by e.id desc
			limit @limit`, pgx.StrictNamedArgs{"after": from, "limit": limit + 1, "finding": finding})
		if p.Items, err = pgx.CollectRows(rows, pgx.RowToStructByName[Matter]); err != nil {
			return fmt.Errorf("list matters: %w", err)
		}
		p.Cut(limit, func(m Matter) string { return m.ID.String() })
		err = tx.QueryRow(ctx, `select count(*) from escalations e where `+which,
			pgx.StrictNamedArgs{"finding": finding}).Scan(&p.Total)
		if err != nil {
			return fmt.Errorf("count matters: %w", err)
		}
		return nil
	})
	return p, err
}
