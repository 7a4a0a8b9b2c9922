package reports

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Late is a report that a unit filed after its day, or has not filed though the day
// is past.
type Late struct {
	ID      *inspection.ReportID // the edition that was filed first, or the one being written; nil if nobody has begun
	RoundID inspection.RoundID
	Kind    Kind
	Period  int
	DueOn   inspection.Day
	FiledOn *inspection.Day // when the last signature was given; nil if it was not
}

// Title names the report: 整改进展情况报告（第2期）.
func (l Late) Title() string { return fmt.Sprintf("%s（第%d期）", l.Kind.Word(), l.Period) }

// Late lists what the unit owed for the round and was late with, in the order of
// days. A report that was filed in time and came back was not late.
func (s *Service) Late(ctx context.Context, tx *tenants.Tx, round inspection.RoundID, unit inspection.UnitID) ([]Late, error) {
	made, err := s.made(ctx, tx)
	if err != nil {
		return nil, err
	}
	owed, err := s.debts(ctx, tx, unit)
	if err != nil {
		return nil, err
	}
	today := s.Clock.Today()
	late, begun := []Late{}, map[string]int{}
	for i := len(made) - 1; i >= 0; i-- { // the first edition first
		l := made[i]
		if l.RoundID != round || l.UnitID != unit {
			continue
		}
		filed := l.filed(s.Clock())
		at, known := begun[l.report()]
		switch {
		case !known:
			begun[l.report()] = len(late)
			late = append(late, Late{ID: l.ID, RoundID: round, Kind: l.Kind, Period: l.Period, DueOn: l.DueOn, FiledOn: filed})
		case late[at].FiledOn == nil && filed != nil:
			late[at].ID, late[at].FiledOn = l.ID, filed
		}
	}
	for _, d := range owed {
		l := d.line(today)
		if _, known := begun[l.report()]; d.RoundID == round && !known {
			late = append(late, Late{RoundID: round, Kind: d.Kind, Period: d.Period, DueOn: d.DueOn})
		}
	}
	late = slices.DeleteFunc(late, func(l Late) bool {
		if l.FiledOn != nil {
			return *l.FiledOn <= l.DueOn
		}
		return l.DueOn >= today
	})
	slices.SortStableFunc(late, func(a, b Late) int {
		return cmp.Or(int(a.DueOn-b.DueOn), strings.Compare(string(b.Kind), string(a.Kind)))
	})
	return late, nil
}

// filed is the day of the last signature that the kind asks for, or nil before.
func (l Line) filed(now time.Time) *inspection.Day {
	at := l.LeaderAt
	if l.Kind == Head {
		at = l.HeadAt
	}
	if at == nil || at.After(now) {
		return nil
	}
	return new(inspection.DayOf(*at))
}
