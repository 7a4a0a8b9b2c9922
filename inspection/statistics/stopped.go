package statistics

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Stopped is for how long clocks stood still while matters were taken up above, as was
// approved (停止计时). Rates and what is overdue count without that time.
type Stopped struct {
	Items int `json:"items" db:"items" minimum:"0" maximum:"2147483647" doc:"Findings whose clock ever stood still"`
	Now   int `json:"now" db:"now" minimum:"0" maximum:"2147483647" doc:"And still does"`
	Days  int `json:"days" db:"days" minimum:"0" maximum:"2147483647" doc:"For so many days, added up"`
}

func (s Stopped) plus(o Stopped) Stopped {
	return Stopped{s.Items + o.Items, s.Now + o.Now, s.Days + o.Days}
}

// stoppedUnit is the time of one unit.
type stoppedUnit struct {
	TenantID tenants.ID        `db:"tenant_id"`
	UnitID   inspection.UnitID `db:"unit_id"`
	Stopped
}

// stoppedTime adds up the time by unit, in the reach. It is a rare thing with an index
// of its own, and so is read from the rows.
func stoppedTime() string {
	return `
		select d.tenant_id, d.unit_id, count(distinct d.finding_id)::int as items,
			(count(*) filter (where n.version is null))::int as now,
			sum(coalesce((n.at at time zone 'Asia/Shanghai')::date, @today) - (d.at at time zone 'Asia/Shanghai')::date)::int as days
		from deadlines d left join deadlines n
			on n.tenant_id = d.tenant_id and n.finding_id = d.finding_id and n.version = d.version + 1
		where ` + tenants.Reach("d") + ` and d.kind = 'stopped'
		group by d.tenant_id, d.unit_id`
}

func (s *Service) stopped(ctx context.Context, tx *tenants.Tx) ([]stoppedUnit, error) {
	rows, _ := tx.Query(ctx, stoppedTime(), pgx.StrictNamedArgs{"today": s.Clock.Today()})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[stoppedUnit])
	if err != nil {
		return nil, fmt.Errorf("add up the time that clocks stood still: %w", err)
	}
	return list, nil
}
