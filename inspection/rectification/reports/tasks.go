package reports

import (
	"context"
	"fmt"
	"slices"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks lists the reports that wait for the scope's person: to write and sign, to
// countersign, to take in, to review, to decide. What is owed and not begun is the
// unit's from some days before it is due, and the office's once it is overdue.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	role := tx.Scope().Role()
	if !role.OfUnit() && !slices.Contains(append(byLeader, byReviewer...), role) {
		return []inspection.Task{}, nil
	}
	made, err := s.made(ctx, tx)
	if err != nil {
		return nil, err
	}
	tasks := []inspection.Task{}
	for _, l := range made {
		verb := l.verb(role)
		if verb == "" {
			continue
		}
		t := inspection.Task{
			Verb: verb, Title: l.Kind.Word() + "（" + l.RoundName + "）", Kind: "report", ID: l.ID.UUID, Source: l.UnitName, By: l.ChangedBy,
			Since: l.ChangedAt, DueOn: l.ReviewBy,
		}
		if t.DueOn == nil || *l.State == Drafting || *l.State == Returned {
			t.DueOn = new(l.DueOn)
		}
		tasks = append(tasks, t)
	}
	if role != tenants.UNIT && role != tenants.OFF {
		return tasks, nil
	}
	owed, err := s.debts(ctx, tx, tx.Scope().Unit())
	if err != nil {
		return nil, err
	}
	today := s.Clock.Today()
	for _, d := range owed {
		verb := ""
		switch {
		case role == tenants.UNIT && d.Notice <= today:
			verb = "编制"
		case role == tenants.OFF && d.DueOn < today:
			verb = "催报"
		}
		if verb == "" || slices.ContainsFunc(made, d.of) {
			continue
		}
		tasks = append(tasks, inspection.Task{
			Verb: verb, Title: fmt.Sprintf("%s（%s，第%d期）", d.Kind.Word(), d.RoundName, d.Period), Kind: "report-owed", ID: d.RoundID.UUID,
			Source: d.UnitName, Since: d.Notice.Start(), DueOn: new(d.DueOn),
		})
	}
	return tasks, nil
}

// verb is what the edition asks of somebody in this role, or "".
func (l Line) verb(role tenants.Role) string {
	switch state := *l.State; {
	case state == Drafting && role == tenants.UNIT:
		return "编制"
	case state == Drafting && role == tenants.HEAD:
		return "签字"
	case state == Returned && l.Latest && role.OfUnit():
		return "修改"
	case state == Signed && role == tenants.LG:
		return "签字"
	case state == Filed && slices.Contains(byOffice, role):
		return "受理"
	case state == Reviewing && l.WaitsFor(role):
		return "审核"
	case state == Reviewing && !slices.ContainsFunc(l.Parties, l.WaitsFor) && role == tenants.OFF:
		return "办理"
	}
	return ""
}
