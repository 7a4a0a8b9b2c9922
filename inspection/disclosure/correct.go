package disclosure

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/privacy"
	"xuncha/tenants"
)

// Correction begins a new edition of a published text.
type Correction struct {
	Note          string `json:"note" minLength:"1" maxLength:"300" doc:"更正说明, for the public: what changed"`
	HidesPrevious bool   `json:"hides_previous,omitempty" doc:"The earlier text is no longer shown, because it should not have been"`
}

// Correct begins a new edition with the words of the last. The public goes on
// reading the old one until the new one has walked the whole way.
func (s *Service) Correct(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, c Correction) (Draft, error) {
	note, bad := inspection.CleanText("/note", c.Note, true, 300)
	if len(bad) > 0 {
		return Draft{}, inspection.InvalidFields("disclosure.invalid", "请写明更正了什么。", bad...)
	}
	var d Draft
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if d, err = lock(ctx, tx, id); err != nil {
			return err
		}
		if d.Version != version {
			if d, err = s.view(ctx, tx, d); err != nil {
				return err
			}
			return inspection.StaleRow("disclosure.stale", d)
		}
		if _, err := editions.Next(d.State, Correct, scope.Role()); err != nil {
			return err
		}
		before := d
		d.Edition, d.State, d.Note, d.HidesPrevious, d.Version = d.Edition+1, Drafted, note, c.HidesPrevious, 1
		d.Way = Way{Keeps: []Keep{}, ChangedAt: s.Clock()}
		d.by(scope)
		for i := range d.Items {
			d.Items[i].Version = 1
		}
		if err := insert(ctx, tx, d); err != nil {
			return err
		}
		if err := setEdition(ctx, tx, d); err != nil {
			return err
		}
		tx.Journal(entry(d, Correct, note, before))
		if d, err = find(ctx, tx, id); err != nil {
			return err
		}
		d, err = s.view(ctx, tx, d)
		return err
	})
	if err != nil {
		return Draft{}, err
	}
	return d, nil
}

func setEdition(ctx context.Context, tx *tenants.Tx, d Draft) error {
	_, err := tx.Exec(ctx, `
		update disclosures d set edition = @edition, version = version + 1
		where `+tenants.Own("d")+` and id = @id`, pgx.StrictNamedArgs{"id": d.ID, "edition": d.Edition})
	if err != nil {
		return fmt.Errorf("begin edition: %w", err)
	}
	return nil
}

// Retraction takes a published text back.
type Retraction struct {
	Edition int    `json:"edition" minimum:"1" maximum:"1000" doc:"The edition that the public reads"`
	Reason  string `json:"reason" minLength:"1" maxLength:"200" doc:"For the public"`
}

// Withdraw takes back what the public reads, all editions of it; a correction that
// waits for its time is taken off the schedule. The page stays and says when and why. It asks for no fresh proof of identity: what should not
// be public must go at once.
func (s *Service) Withdraw(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, r Retraction) (Draft, error) {
	reason, bad := inspection.CleanText("/reason", r.Reason, true, 200)
	if len(bad) == 0 && len(privacy.Scan(reason)) > 0 {
		bad = append(bad, inspection.Field{Pointer: "/reason", Code: "personal-data", Message: "撤回原因会向社会公布，不能含个人信息。"})
	}
	if len(bad) > 0 {
		return Draft{}, inspection.InvalidFields("disclosure.invalid", "请写明撤回的原因。", bad...)
	}
	var d Draft
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if err := s.withdraw(ctx, tx, id, r.Edition, reason); err != nil {
			return err
		}
		if d, err = find(ctx, tx, id); err != nil {
			return err
		}
		d, err = s.view(ctx, tx, d)
		return err
	})
	if err != nil {
		return Draft{}, err
	}
	return d, nil
}

func (s *Service) withdraw(ctx context.Context, tx *tenants.Tx, id inspection.DisclosureID, edition int, reason string) error {
	d, err := lockLive(ctx, tx, id)
	if inspection.KindOf(err) == inspection.NotFound {
		if d, err = find(ctx, tx, id); err == nil {
			_, err = editions.Next(Withdrawn, Withdraw, tx.Scope().Role()) // nothing is public: say so
		}
	}
	if err != nil {
		return err
	}
	if d.Edition != edition {
		return inspection.Errorf(inspection.Conflict, "disclosure.other-edition", "公开页已更新为第%d版。请刷新后再办理。", d.Edition)
	}
	before := d
	if d.State, err = editions.Next(d.State, Withdraw, tx.Scope().Role()); err != nil {
		return err
	}
	if d, err = s.save(ctx, tx, d); err != nil {
		return err
	}
	args := pgx.StrictNamedArgs{"id": d.ID, "at": d.ChangedAt}
	var b pgx.Batch
	b.Queue(`
		update publications p set withdrawn_at = @at
		where `+tenants.Own("p")+` and disclosure_id = @id and withdrawn_at is null`, args)
	b.Queue(`
		update disclosures d set live = null, version = version + 1
		where `+tenants.Own("d")+` and id = @id`, pgx.StrictNamedArgs{"id": d.ID})
	b.Queue(`
		insert into withdrawals (number, edition, unit_id, at, reason, by_name)
		values (@number, @edition, @unit, @at, @reason, @by)`, pgx.StrictNamedArgs{
		"number": d.Number, "edition": d.Edition, "unit": d.UnitID, "at": d.ChangedAt, "reason": reason, "by": tx.Scope().Name(),
	})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("withdraw: %w", err)
	}
	tx.Journal(entry(d, Withdraw, reason, before))
	return s.unschedule(ctx, tx, id)
}

// unschedule takes the newest edition off the schedule, if it is on it: who withdraws
// the page does not have it come back by itself.
func (s *Service) unschedule(ctx context.Context, tx *tenants.Tx, id inspection.DisclosureID) error {
	d, err := lock(ctx, tx, id)
	if err != nil || d.State != Scheduled {
		return err
	}
	before := d
	if d.State, err = editions.Next(d.State, Recall, tx.Scope().Role()); err != nil {
		return err
	}
	d.recall()
	if d, err = s.save(ctx, tx, d); err != nil {
		return err
	}
	tx.Journal(entry(d, Recall, "公开页已撤回", before))
	return nil
}
