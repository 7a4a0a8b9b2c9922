package followups

import (
	"context"
	"fmt"
	"slices"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks lists what follow-ups ask of the scope's person: to look, or to look through
// what another recorded; of the office to begin, and of the director to report.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	role := tx.Scope().Role()
	if role != tenants.DIR && !slices.Contains(byInspector, role) {
		return nil, nil
	}
	ls, err := list(ctx, tx)
	if err != nil {
		return nil, err
	}
	tasks := []inspection.Task{}
	for _, l := range ls {
		if l.State != Notified && l.State != Ongoing {
			continue
		}
		f, err := s.read(ctx, tx, l.ID, "")
		if err != nil {
			return nil, err
		}
		t := inspection.Task{
			Title: f.Name, Kind: "followup", ID: f.ID.UUID, Source: f.RoundName, By: f.ChangedBy, Since: f.ChangedAt, DueOn: &f.EndsOn,
		}
		if t.Verb = f.verb(tx.Scope(), s.Clock.Today()); t.Verb == "" {
			continue
		}
		if f.State == Ongoing && t.Verb != "报告" {
			t.Title = fmt.Sprintf("%s：待核查 %d 项，待核对 %d 项", f.Name, f.Counts.Open, f.Counts.Seen)
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// verb is what the follow-up asks of somebody, or "".
func (f FollowUp) verb(scope tenants.Scope, today inspection.Day) string {
	waiting := f.Counts.Open + f.Counts.Seen
	switch {
	case f.State == Notified && scope.Role() == tenants.OFF && f.StartsOn <= today:
		return "进驻"
	case f.State == Ongoing && scope.Role() == tenants.DIR && waiting == 0:
		return "报告"
	case f.State == Ongoing && scope.Role() != tenants.DIR && waiting > 0 && slices.Contains(f.Members, scope.Member()):
		return "核查"
	}
	return ""
}
