package reports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// debt is one report that a unit owes next in one round.
type debt struct {
	RoundID    inspection.RoundID `db:"round_id"`
	RoundName  string             `db:"round_name"`
	UnitID     inspection.UnitID  `db:"unit_id"`
	UnitName   string             `db:"unit_name"`
	Kind       Kind               `db:"kind"`
	FeedbackOn inspection.Day     `db:"feedback_on"`
	Open       int                `db:"open"`   // findings that are not closed
	Passed     int                `db:"passed"` // the last period whose report was approved

	Period      int            `db:"-"`
	DueOn       inspection.Day `db:"-"`
	Provisional bool           `db:"-"`
	Notice      inspection.Day `db:"-"` // from when on it is something to do
}

// debts lists what the units of the own office owe, or one unit: the first report
// once, and further ones while findings are open.
func (s *Service) debts(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID) ([]debt, error) {
	rows, _ := tx.Query(ctx, `
		select f.round_id, d.name as round_name, r.unit_id, u.name as unit_name, k.kind,
			coalesce(d.feedback_on, min(f.feedback_on)) as feedback_on, count(*) filter (where r.state <> 'closed')::int as open,
			(select coalesce(max(p.period), 0) from reports p
			 where `+tenants.Own("p")+` and p.round_id = f.round_id and p.unit_id = r.unit_id and p.kind = k.kind
			   and p.state = 'approved') as passed
		from rectifications r
		join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		join rounds d on d.tenant_id = f.tenant_id and d.id = f.round_id
		join units u on u.tenant_id = r.tenant_id and u.id = r.unit_id
		cross join unnest(@kinds::text[]) k (kind)
		where `+tenants.Own("r")+` and r.issued_at is not null and r.withdrawn_at is null and (@all or r.unit_id = @unit)
		group by f.round_id, d.name, d.feedback_on, d.term, d.seq, r.unit_id, u.name, k.kind
		having coalesce(d.feedback_on, min(f.feedback_on)) is not null
		order by d.term desc, d.seq desc, u.name collate "zh-x-icu", k.kind desc`,
		pgx.StrictNamedArgs{"kinds": Kinds(), "unit": unit, "all": unit == inspection.UnitID{}})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[debt])
	if err != nil {
		return nil, fmt.Errorf("what reports are owed: %w", err)
	}
	policies := map[inspection.RoundID]tenants.Policy{}
	var owed []debt
	for _, d := range found {
		if d.Passed > 0 && d.Open == 0 {
			continue
		}
		p, known := policies[d.RoundID]
		if !known {
			if p, err = rounds.PolicyOf(ctx, tx, d.RoundID); err != nil {
				return nil, err
			}
			policies[d.RoundID] = p
		}
		if d.Passed > 0 && p.ReportEveryMonths == 0 {
			continue // this office asks for the first alone
		}
		d.Period = d.Passed + 1
		d.DueOn, d.Provisional = s.Calendar.OnOrAfter(d.FeedbackOn.AddMonths(p.ReportMonths + d.Passed*p.ReportEveryMonths))
		d.Notice = d.DueOn - inspection.Day(p.ReportNoticeDays)
		owed = append(owed, d)
	}
	return owed, nil
}

// of reports whether the line is an edition of what is owed.
func (d debt) of(l Line) bool {
	return l.RoundID == d.RoundID && l.UnitID == d.UnitID && l.Kind == d.Kind && l.Period == d.Period
}

// line is what is owed as a line of the list.
func (d debt) line(today inspection.Day) Line {
	l := Line{
		RoundID: d.RoundID, RoundName: d.RoundName, UnitID: d.UnitID, UnitName: d.UnitName, Kind: d.Kind, Period: d.Period,
		DueOn: d.DueOn, Provisional: d.Provisional, Overdue: d.DueOn < today, Latest: true,
	}
	l.Parties, l.Given = []tenants.Role{}, []tenants.Role{}
	return l
}
