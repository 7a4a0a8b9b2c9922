package statistics

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// UnitLine is one inspected unit of an office.
type UnitLine struct {
	ID         inspection.UnitID `json:"id" db:"unit_id"`
	Name       string            `json:"name" db:"name"`
	Counts     Counts            `json:"counts" db:"-"`
	ClosedRate Rate              `json:"closed_rate" db:"-"`
	OnTimeRate Rate              `json:"on_time_rate" db:"-"`
	Stopped    Stopped           `json:"stopped" db:"-" doc:"停止计时"`
}

// UnitOverview is how the units of one office stand.
type UnitOverview struct {
	Top         Place        `json:"top"`
	Path        []Place      `json:"path" nullable:"false" doc:"From the reader's office down to top"`
	Items       []UnitLine   `json:"items" nullable:"false"`
	Total       UnitLine     `json:"total"`
	Definitions []Definition `json:"definitions" nullable:"false" doc:"口径"`
	AsOf        time.Time    `json:"as_of"`
}

// Units returns how the units of one office stand: the own, or one below by its
// slug, to which the scope's reach was moved.
func (s *Service) Units(ctx context.Context, scope tenants.Scope, slug string) (o UnitOverview, err error) {
	top, err := s.top(ctx, scope, slug)
	if err != nil {
		return o, err
	}
	o = UnitOverview{Top: place(top), AsOf: s.Clock(), Items: []UnitLine{}, Total: UnitLine{Name: "合计"}}
	var formula rectification.ClosingRate
	if o.Path, err = s.path(ctx, scope, top); err != nil {
		return o, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if formula, err = formulaOf(ctx, tx); err != nil {
			return err
		}
		args := s.args()
		args["top"] = top.ID
		rows, _ := tx.Query(ctx, `
			select u.name, c.* from (`+countedBy("tenant_id, unit_id")+`) c
			join units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
			where c.tenant_id = @top and c.problems > 0
			order by u.name collate "zh-x-icu", c.unit_id`, args)
		type unitCounts struct {
			Name     string            `db:"name"`
			TenantID tenants.ID        `db:"tenant_id"`
			UnitID   inspection.UnitID `db:"unit_id"`
			Counts
		}
		list, err := pgx.CollectRows(rows, pgx.RowToStructByName[unitCounts])
		if err != nil {
			return fmt.Errorf("count by unit: %w", err)
		}
		for _, c := range list {
			o.Items = append(o.Items, UnitLine{ID: c.UnitID, Name: c.Name, Counts: c.Counts})
			o.Total.Counts = o.Total.Counts.Plus(c.Counts)
		}
		return s.stoppedUnits(ctx, tx, top.ID, &o)
	})
	o.Definitions = definitionsFor(scope.Office(), formula, top.ID != scope.Tenant())
	for i := range o.Items {
		o.Items[i].rates(formula)
	}
	o.Total.rates(formula)
	return o, err
}

// stoppedUnits fills in the time that the clocks of the office's units stood still.
func (s *Service) stoppedUnits(ctx context.Context, tx *tenants.Tx, office tenants.ID, o *UnitOverview) error {
	still, err := s.stopped(ctx, tx)
	for _, u := range still {
		for i := range o.Items {
			if u.TenantID == office && o.Items[i].ID == u.UnitID {
				o.Items[i].Stopped = u.Stopped
				o.Total.Stopped = o.Total.Stopped.plus(u.Stopped)
			}
		}
	}
	return err
}

func (l *UnitLine) rates(formula rectification.ClosingRate) {
	l.ClosedRate, l.OnTimeRate = l.Counts.closing(formula, z95), newRate(l.Counts.OnTime, l.Counts.Due, z95)
}
