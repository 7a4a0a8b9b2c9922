package disclosure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// clockTolerance is how far this machine's clock and the database's may be apart
// before nobody can say what time it is.
const clockTolerance = 5 * time.Second

// ShiftOf returns how far a clock is set from this machine's at this moment. A
// demo's clock is shifted by a constant; measured once, when the program starts,
// it tells a shift on purpose from a clock that jumps later.
func ShiftOf(c inspection.Clock) time.Duration {
	return time.Until(c()).Round(time.Millisecond)
}

type due struct {
	Tenant tenants.ID `db:"tenant_id"`
	ID     uuid.UUID  `db:"id"`
}

// PublishDue publishes what has come due and returns how much that was. It is a
// scan: safe to run late, twice, or on two machines at once, and to kill.
//
// Never early: the injected clock says what time it is, and the database's clock,
// shifted by [Service.Shift], must agree with it within five seconds; the earlier
// of the two counts. Neither may stand behind the office's last publication. A
// clock that fails this stops all publishing, and the error says so.
//
// Exactly once: each publication is one transaction that locks the edition,
// looks again at its state, compares the approved digest with what rows and
// templates give now, and writes the ledger row whose key cannot exist twice.
//
// One text that cannot be published does not stop the others.
func (s *Service) PublishDue(ctx context.Context) (int, error) {
	offices, err := s.DB.All(ctx)
	if err != nil {
		return 0, err
	}
	byID := make(map[tenants.ID]tenants.Tenant, len(offices))
	for _, t := range offices {
		byID[t.ID] = t
	}
	n := 0
	var errs []error
	for _, top := range offices {
		if top.Parent != nil {
			continue
		}
		list, err := s.due(ctx, top)
		if err != nil {
			errs = append(errs, err)
		}
		for _, d := range list {
			done, err := s.publish(ctx, byID[d.Tenant], inspection.DisclosureID{UUID: d.ID})
			if err != nil {
				errs = append(errs, fmt.Errorf("publish %s: %w", d.ID, err))
			}
			if done {
				n++
			}
		}
	}
	return n, errors.Join(errs...)
}

// due asks which editions below top are due. The answer is only a hint.
func (s *Service) due(ctx context.Context, top tenants.Tenant) (list []due, err error) {
	scope, err := tenants.ForJob(top, "disclosure.due").Subtree()
	if err != nil {
		return nil, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `select tenant_id, id from sec.disclosures_due(@now)`, pgx.StrictNamedArgs{"now": s.Clock()})
		list, err = pgx.CollectRows(rows, pgx.RowToStructByName[due])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find what is due: %w", err)
	}
	return list, nil
}

// errHeld tells the caller of a publication that stays where it is.
var errHeld = errors.New("held: what would be published is not what was approved")

// publish publishes one edition if it is still due. Whatever else it finds, it
// leaves as it is: somebody was faster, or took it back.
func (s *Service) publish(ctx context.Context, office tenants.Tenant, id inspection.DisclosureID) (done bool, err error) {
	var held bool
	err = s.DB.In(ctx, tenants.ForJob(office, "disclosure.publish"), func(tx *tenants.Tx) error {
		d, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.State != Scheduled || d.Held != "" {
			return nil
		}
		now, err := s.agreedTime(ctx, tx)
		if err != nil || now.Before(*d.PublishAt) || now.Before(*d.ApprovedAt) {
			return err
		}
		r, err := s.render(d)
		if err != nil {
			return err
		}
		if !bytes.Equal(r.Digest, d.ApprovedDigest) {
			held = true
			return s.hold(ctx, tx, d)
		}
		done = true
		return s.release(ctx, tx, d, r, now)
	})
	if err == nil && held {
		err = errHeld
	}
	return done && err == nil, err
}

// agreedTime is what time it is, if the clocks agree on it.
func (s *Service) agreedTime(ctx context.Context, tx *tenants.Tx) (time.Time, error) {
	var database, last time.Time
	err := tx.QueryRow(ctx, `
		select clock_timestamp(), coalesce(max(published_at), 'epoch') from publications p
		where `+tenants.Own("p")).Scan(&database, &last)
	if err != nil {
		return time.Time{}, fmt.Errorf("read clock: %w", err)
	}
	here, there := s.Clock(), database.Add(s.Shift)
	now := here
	if there.Before(here) {
		now = there
	}
	switch apart := here.Sub(there).Abs(); {
	case apart > clockTolerance:
		return now, fmt.Errorf("publishing stopped: this clock and the database's are %s apart", apart.Round(time.Millisecond))
	case now.Before(last):
		return now, fmt.Errorf("publishing stopped: the clock went back behind the last publication at %s", last)
	}
	return now.Truncate(time.Microsecond), nil
}

// hold stops a publication until a person has looked at it.
func (s *Service) hold(ctx context.Context, tx *tenants.Tx, d Draft) error {
	before := d
	d.Held = "将发布的内容与审批时不一致，已停止发布。请取消发布、退回核对后重新审批。"
	d, err := s.save(ctx, tx, d)
	if err != nil {
		return err
	}
	tx.Journal(tenants.Entry{
		Action: "disclosure.hold", Object: "disclosure", ID: d.ID.UUID, Unit: d.UnitID, Before: before, After: d,
		Detail: tenants.Detail{Title: "停止发布", Text: d.Held, Number: d.Number},
	})
	return nil
}

// release writes the publication and all that follows from it.
func (s *Service) release(ctx context.Context, tx *tenants.Tx, d Draft, r Rendering, now time.Time) (err error) {
	before := d
	if d.State, err = editions.Next(d.State, Publish, tx.Scope().Role()); err != nil {
		return err
	}
	d.PublishedAt = &now
	if d, err = s.save(ctx, tx, d); err != nil {
		return err
	}
	until, err := s.opinionsUntil(ctx, tx, d, now)
	if err != nil {
		return err
	}
	if err := supersede(ctx, tx, d, now); err != nil {
		return err
	}
	if err := writePublication(ctx, tx, d, r, now, until); err != nil {
		return err
	}
	d.Live = &d.Edition
	tx.Journal(entry(d, Publish, d.Title, before))
	return nil
}

func (s *Service) opinionsUntil(ctx context.Context, tx *tenants.Tx, d Draft, now time.Time) (inspection.Day, error) {
	if d.OpinionsUntil != nil {
		return *d.OpinionsUntil, nil
	}
	policy, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return 0, err
	}
	day, _ := s.Calendar.Add(inspection.DayOf(now), policy.DisclosureOpinionDays)
	return day, nil
}

// supersede ends what this edition replaces. Text that should not have been
// public is no longer shown at all.
func supersede(ctx context.Context, tx *tenants.Tx, d Draft, now time.Time) error {
	if _, err := editions.Next(Published, Supersede, tx.Scope().Role()); err != nil {
		return err
	}
	var b pgx.Batch
	b.Queue(`
		update disclosure_editions e set state = @superseded, version = version + 1, changed_at = @now
		where `+tenants.Own("e")+` and disclosure_id = @id and edition < @edition and state = @published`,
		pgx.StrictNamedArgs{"id": d.ID, "edition": d.Edition, "superseded": Superseded, "published": Published, "now": now})
	b.Queue(`
		update publications p
		set superseded_at = coalesce(superseded_at, @now),
			withdrawn_at = case when @hides then coalesce(withdrawn_at, @now) else withdrawn_at end
		where `+tenants.Own("p")+` and disclosure_id = @id and edition < @edition`,
		pgx.StrictNamedArgs{"id": d.ID, "edition": d.Edition, "now": now, "hides": d.HidesPrevious})
	b.Queue(`
		update disclosures d set live = @edition, issued_at = coalesce(issued_at, @now), version = version + 1
		where `+tenants.Own("d")+` and id = @id`,
		pgx.StrictNamedArgs{"id": d.ID, "edition": d.Edition, "now": now})
	b.Queue(`
		update disclosure_items i set issued_at = @now
		where `+tenants.Own("i")+` and disclosure_id = @id and edition = @edition`,
		pgx.StrictNamedArgs{"id": d.ID, "edition": d.Edition, "now": now})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("supersede: %w", err)
	}
	return nil
}

func writePublication(ctx context.Context, tx *tenants.Tx, d Draft, r Rendering, now time.Time, until inspection.Day) error {
	c := d.counts()
	year, _, _ := inspection.DayOf(now).Date()
	_, err := tx.Exec(ctx, `
		insert into publications (disclosure_id, edition, number, unit_id, title, unit_name, unit_kind, round_name,
			round_term, round_seq, year, findings, done, long_term, ongoing, withheld, note, digest, data, article,
			published_at, opinions_until, approved_name)
		values (@id, @edition, @number, @unit, @title, @unit_name, @unit_kind, @round_name,
			@round_term, @round_seq,
			coalesce((select min(year) from publications p where `+tenants.Own("p")+` and disclosure_id = @id), @year),
			@findings, @done, @long_term, @ongoing, @withheld, @note, @digest, @data, @article,
			@now, @until, @approved_name)`,
		pgx.StrictNamedArgs{
			"id": d.ID, "edition": d.Edition, "number": d.Number, "unit": d.UnitID, "title": d.Title, "unit_name": d.UnitName,
			"unit_kind": d.UnitKind, "round_name": d.RoundName, "round_term": d.RoundTerm, "round_seq": d.RoundSeq,
			"year": year, "findings": c.Findings, "done": c.Done, "long_term": c.LongTerm, "ongoing": c.Ongoing,
			"withheld": c.Withheld, "note": d.Note, "digest": r.Digest, "data": r.Data, "article": r.Article, "now": now,
			"until": until, "approved_name": d.ApprovedName,
		})
	if err != nil {
		return fmt.Errorf("write publication: %w", err)
	}
	return nil
}
