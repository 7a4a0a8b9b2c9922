package followups

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Notify tells the units: from now on they see the follow-up, and the sheet of their
// problems stands. Which problems are looked at again is decided here.
func (s *Service) Notify(ctx context.Context, scope tenants.Scope, id ID, version int) (FollowUp, error) {
	return s.act(ctx, scope, id, version, Notify, func(tx *tenants.Tx, f *FollowUp) (string, error) {
		if err := scope.StepUp(s.Clock()); err != nil {
			return "", err
		}
		now := s.Clock()
		f.NotifiedAt, f.NotifiedBy = &now, scope.Name()
		units := make([]inspection.UnitID, len(f.Units))
		for i, u := range f.Units {
			units[i] = u.Unit
		}
		args := pgx.StrictNamedArgs{"id": f.ID, "round": f.RoundID, "units": units}
		_, err := tx.Exec(ctx, `
			insert into followup_items (followup_id, finding_id, unit_id)
			select @id, r.finding_id, r.unit_id
			from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
			where `+tenants.Own("r")+` and f.round_id = @round and r.unit_id = any(@units)
			  and r.issued_at is not null and r.withdrawn_at is null`, args)
		if err != nil {
			return "", fmt.Errorf("problems of follow-up: %w", err)
		}
		_, err = tx.Exec(ctx, `
			insert into followup_notices (followup_id, unit_id, round_id, name, state, starts_on, ends_on, leader_name, items, notified_at)
			select i.followup_id, i.unit_id, @round, @name, @state, @starts_on, @ends_on, @leader, array_agg(i.finding_id), @at
			from followup_items i where `+tenants.Own("i")+` and i.followup_id = @id
			group by i.followup_id, i.unit_id`, pgx.StrictNamedArgs{
			"id": f.ID, "round": f.RoundID, "name": f.Name, "state": f.State, "starts_on": f.StartsOn, "ends_on": f.EndsOn,
			"leader": f.Leader, "at": now,
		})
		if err != nil {
			return "", fmt.Errorf("notices of follow-up: %w", err)
		}
		f.tell(tx, "回头看通知", fmt.Sprintf("%s，%s至%s", f.Name, f.StartsOn, f.EndsOn))
		return fmt.Sprintf("%d 个单位", len(units)), nil
	})
}

// Begin says that the people are with the units.
func (s *Service) Begin(ctx context.Context, scope tenants.Scope, id ID, version int) (FollowUp, error) {
	return s.act(ctx, scope, id, version, Begin, func(tx *tenants.Tx, f *FollowUp) (string, error) {
		if today := s.Clock.Today(); today < f.StartsOn {
			return "", inspection.Errorf(inspection.Conflict, "followup.too-early", "回头看自 %s 开始，届时再办理进驻。", f.StartsOn)
		}
		f.tell(tx, "回头看进驻", f.Name)
		return f.Name, f.project(ctx, tx)
	})
}

// Cancel takes a follow-up back that has not begun; units that were told are told
// again.
func (s *Service) Cancel(ctx context.Context, scope tenants.Scope, id ID, version int, reason string) (FollowUp, error) {
	return s.act(ctx, scope, id, version, Cancel, func(tx *tenants.Tx, f *FollowUp) (string, error) {
		var bad inspection.Fields
		f.Reason = bad.Text("/reason", reason, true, 1000)
		if err := bad.Err("followup.invalid"); err != nil {
			return "", err
		}
		if f.NotifiedAt != nil {
			f.tell(tx, "回头看取消", f.Name+"："+inspection.Line(f.Reason))
		}
		return inspection.Line(f.Reason), f.project(ctx, tx)
	})
}

// project has the notices say what the units may know of where it stands.
func (f FollowUp) project(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update followup_notices n
		set state = @state, leader_name = @leader, reason = @reason, summary = @summary, reported_at = @reported_at,
			found = array(select p.finding_id from followup_problems p
				where p.tenant_id = n.tenant_id and p.followup_id = n.followup_id and p.unit_id = n.unit_id
				  and p.finding_id is not null order by p.at, p.id)
		where `+tenants.Own("n")+` and n.followup_id = @id`, pgx.StrictNamedArgs{
		"id": f.ID, "state": f.State, "leader": f.Leader, "reason": f.Reason, "summary": f.Summary, "reported_at": f.ReportedAt,
	})
	if err != nil {
		return fmt.Errorf("tell units of follow-up: %w", err)
	}
	return nil
}

// tell leaves an entry that each unit reads.
func (f FollowUp) tell(tx *tenants.Tx, title, text string) {
	for _, u := range f.Units {
		tx.Journal(tenants.Entry{
			Action: "followup.told", Object: "followup", ID: f.ID.UUID, Unit: u.Unit, Detail: tenants.Detail{Title: title, Text: text},
		})
	}
}
