package rectification

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// StopClock lets the clock of a case stand still, as somebody approved: it has no last
// day until [Service.ResumeClock], and so nobody counts it as overdue meanwhile. Why
// has at most 190 characters.
func (s *Service) StopClock(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, why string) error {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	switch {
	case c.DueKind == DueStopped:
		return inspection.Errorf(inspection.Conflict, "rectification.clock-stopped", "该问题已停止计时。")
	case !slices.Contains(Running(), c.State) || c.DueOn == nil:
		return c.told(inspection.Errorf(inspection.Conflict, "rectification.no-clock", "该问题现为“%s”，没有在计时。", c.State.Word()))
	}
	before, now := c, s.Clock()
	c.DueOn, c.DueNote, c.DueSetAt, c.DueKind = nil, "停止计时："+why, &now, DueStopped
	c.DueVersion++
	c.DueCalendar, c.DueProvisional = "", false
	if c, err = s.save(ctx, tx, before, c); err != nil {
		return err
	}
	tx.Journal(c.entry("rectification.clock", "停止计时", why, before))
	return nil
}

// ResumeClock lets a clock that stands still go on: the last day is as many days later
// as it stood still, and is returned. Where it runs, nothing happens.
func (s *Service) ResumeClock(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (*inspection.Day, error) {
	c, err := lock(ctx, tx, id)
	if err != nil || c.DueKind != DueStopped {
		return nil, err
	}
	var was inspection.Day
	err = tx.QueryRow(ctx, `
		select d.due_on from deadlines d
		where `+tenants.Own("d")+` and d.finding_id = @id and d.version = @version - 1`,
		pgx.StrictNamedArgs{"id": id, "version": c.DueVersion}).Scan(&was)
	if err != nil {
		return nil, fmt.Errorf("find the day before the clock stopped: %w", err)
	}
	before, now := c, s.Clock()
	days := inspection.DayOf(now) - inspection.DayOf(*c.DueSetAt)
	due := was + days
	c.DueOn, c.DueNote, c.DueSetAt, c.DueKind = &due, fmt.Sprintf("经批准停止计时 %d 天，期限相应顺延", days), &now, DueResumed
	c.DueVersion++
	if c, err = s.save(ctx, tx, before, c); err != nil {
		return nil, err
	}
	tx.Journal(c.entry("rectification.clock", "恢复计时", c.DueNote, before))
	return &due, nil
}
