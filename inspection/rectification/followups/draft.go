package followups

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Drafting says what a follow-up is to be.
type Drafting struct {
	Round    inspection.RoundID  `json:"round" doc:"The past round"`
	Name     string              `json:"name" minLength:"1" maxLength:"100" doc:"十届县委第六轮巡察回头看"`
	StartsOn inspection.Day      `json:"starts_on"`
	EndsOn   *inspection.Day     `json:"ends_on,omitempty" doc:"As many days as the policy says if absent"`
	Units    []inspection.UnitID `json:"units" minItems:"1" maxItems:"500" nullable:"false"`
	Staffing
}

// Staffing says who looks.
type Staffing struct {
	Leader inspection.MemberID   `json:"leader" doc:"组长"`
	People []inspection.MemberID `json:"people" minItems:"2" maxItems:"30" nullable:"false" doc:"The leader among them"`
}

// Draft opens a follow-up over a past round. No unit sees it.
func (s *Service) Draft(ctx context.Context, scope tenants.Scope, d Drafting) (f FollowUp, err error) {
	who, err := s.Checks.Inspectors(ctx, scope)
	if err != nil {
		return f, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if f.State, err = followups.Next(tenants.Start, Draft, scope.Role()); err != nil {
			return err
		}
		f.ID, f.Version, f.RoundID = inspection.NewID[ID](), 1, d.Round
		f.ChangedAt, f.ChangedBy = s.Clock(), scope.Name()
		units, err := s.drafted(ctx, tx, &f, d, who)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into followups (id, round_id, name, state, starts_on, ends_on, leader_id, members, people, units, changed_at, changed_name)
			values (@id, @round, @name, @state, @starts_on, @ends_on, @leader, @members, @people, @units, @at, @by)`, pgx.StrictNamedArgs{
			"id": f.ID, "round": f.RoundID, "name": f.Name, "state": f.State, "starts_on": f.StartsOn, "ends_on": f.EndsOn,
			"leader": f.LeaderID, "members": f.Members, "people": f.People, "units": json.RawMessage(units), "at": f.ChangedAt, "by": f.ChangedBy,
		})
		if err != nil {
			return fmt.Errorf("open follow-up: %w", err)
		}
		tx.Journal(f.entry(Draft, f.Name, nil))
		f, err = s.read(ctx, tx, f.ID, "")
		return err
	})
	return f, err
}

// Edit changes a follow-up that nobody was told of.
func (s *Service) Edit(ctx context.Context, scope tenants.Scope, id ID, version int, d Drafting) (FollowUp, error) {
	who, err := s.Checks.Inspectors(ctx, scope)
	if err != nil {
		return FollowUp{}, err
	}
	return s.act(ctx, scope, id, version, Edit, func(tx *tenants.Tx, f *FollowUp) (string, error) {
		f.RoundID = d.Round
		units, err := s.drafted(ctx, tx, f, d, who)
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
			update followups w set round_id = @round, name = @name, starts_on = @starts_on, ends_on = @ends_on, units = @units
			where `+tenants.Own("w")+` and id = @id`, pgx.StrictNamedArgs{
			"id": id, "round": f.RoundID, "name": f.Name, "starts_on": f.StartsOn, "ends_on": f.EndsOn, "units": json.RawMessage(units),
		})
		if err != nil {
			return "", fmt.Errorf("change follow-up: %w", err)
		}
		return f.Name, nil
	})
}

// Staff changes who looks once the unit was told. What they found so far stays.
func (s *Service) Staff(ctx context.Context, scope tenants.Scope, id ID, version int, p Staffing) (FollowUp, error) {
	who, err := s.Checks.Inspectors(ctx, scope)
	if err != nil {
		return FollowUp{}, err
	}
	return s.act(ctx, scope, id, version, Staff, func(tx *tenants.Tx, f *FollowUp) (string, error) {
		var bad inspection.Fields
		f.staff(p, who, &bad)
		if err := bad.Err("followup.invalid"); err != nil {
			return "", err
		}
		return "组长 " + f.Leader, f.project(ctx, tx)
	})
}

// drafted checks what is asked for and fills it in. It returns the units as they are
// kept.
func (s *Service) drafted(ctx context.Context, tx *tenants.Tx, f *FollowUp, d Drafting, who []checks.Inspector) ([]byte, error) {
	round, err := rounds.Get(ctx, tx, d.Round)
	if err != nil {
		return nil, err
	}
	policy, err := rounds.PolicyOf(ctx, tx, d.Round)
	if err != nil {
		return nil, err
	}
	var bad inspection.Fields
	f.Name, f.StartsOn = bad.Text("/name", d.Name, true, 100), d.StartsOn
	if f.EndsOn = d.StartsOn + inspection.Day(policy.FollowUpDays) - 1; d.EndsOn != nil {
		f.EndsOn = *d.EndsOn
	}
	if d.StartsOn < s.Clock.Today() {
		bad = append(bad, inspection.Field{Pointer: "/starts_on", Code: "day-order", Message: "开始日期不能早于今天。"})
	}
	if f.EndsOn < f.StartsOn {
		bad = append(bad, inspection.Field{Pointer: "/ends_on", Code: "day-order", Message: "结束日期不能早于开始日期。"})
	}
	if round.Kind == rounds.FollowUp {
		bad = append(bad, inspection.Field{Pointer: "/round", Code: "choice", Message: "请选择原来的巡察轮次，不对回头看再开展回头看。"})
	}
	f.staff(d.Staffing, who, &bad)
	if err := bad.Err("followup.invalid"); err != nil {
		return nil, err
	}
	return s.take(ctx, tx, d.Round, d.Units)
}

// staff names who looks, of those who may.
func (f *FollowUp) staff(p Staffing, who []checks.Inspector, bad *inspection.Fields) {
	f.People, f.Members, f.LeaderID = []Person{}, []inspection.MemberID{}, p.Leader
	for i, id := range p.People {
		at := slices.IndexFunc(who, func(w checks.Inspector) bool { return w.ID == id })
		if at < 0 || slices.Contains(f.Members, id) {
			*bad = append(*bad, inspection.Field{
				Pointer: fmt.Sprintf("/people/%d", i), Code: "choice", Message: "此人当前没有检查的授权，或已选过，请另选。",
			})
			continue
		}
		f.People = append(f.People, Person{id, who[at].Name, who[at].Role})
		f.Members = append(f.Members, id)
		if id == p.Leader {
			f.Leader = who[at].Name
		}
	}
	if !slices.Contains(f.Members, p.Leader) {
		*bad = append(*bad, inspection.Field{Pointer: "/leader", Code: "choice", Message: "组长应在核查人员之中，请重新选择。"})
	}
	if len(f.Members) < 2 {
		*bad = append(*bad, inspection.Field{Pointer: "/people", Code: "two", Message: "须由两人核查，请至少选两人。"})
	}
}

// act is one act on a follow-up: read under lock, decide by the table, change, save,
// tell the journal.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id ID, version int, do Action, change func(tx *tenants.Tx, f *FollowUp) (note string, err error),
) (f FollowUp, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		before, err := s.read(ctx, tx, id, "for update of w")
		if err != nil {
			return err
		}
		f = before
		if f.State, err = followups.Next(before.State, do, scope.Role()); err != nil {
			return err
		}
		if before.Version != version {
			return inspection.StaleRow("followup.stale", before)
		}
		note, err := change(tx, &f)
		if err != nil {
			return err
		}
		f.ChangedAt, f.ChangedBy, f.Version = s.Clock(), scope.Name(), f.Version+1
		if err := f.save(ctx, tx); err != nil {
			return err
		}
		tx.Journal(f.entry(do, note, before))
		f, err = s.read(ctx, tx, id, "")
		return err
	})
	return f, err
}

// save writes what acts change.
func (f FollowUp) save(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update followups w
		set state = @state, leader_id = @leader, members = @members, people = @people, reason = @reason, summary = @summary, due_on = @due_on,
			found_id = @found, notified_at = @notified_at, notified_name = @notified_by, reported_at = @reported_at,
			reported_name = @reported_by, changed_at = @at, changed_name = @by, version = @version
		where `+tenants.Own("w")+` and id = @id`, pgx.StrictNamedArgs{
		"id": f.ID, "state": f.State, "leader": f.LeaderID, "members": f.Members, "people": f.People, "reason": f.Reason,
		"summary": f.Summary, "due_on": f.DueOn, "found": f.FoundID, "notified_at": f.NotifiedAt, "notified_by": f.NotifiedBy,
		"reported_at": f.ReportedAt, "reported_by": f.ReportedBy, "at": f.ChangedAt, "by": f.ChangedBy, "version": f.Version,
	})
	if err != nil {
		return fmt.Errorf("save follow-up: %w", err)
	}
	return nil
}
