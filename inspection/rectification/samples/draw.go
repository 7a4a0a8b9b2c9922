package samples

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
)

// Drawing says what to draw from.
type Drawing struct {
	Name       string         `json:"name" minLength:"1" maxLength:"100"`
	Offices    []string       `json:"offices" minItems:"1" maxItems:"100" maxLength:"63" nullable:"false" doc:"Names in addresses of offices directly below"`
	ClosedFrom inspection.Day `json:"closed_from"`
	ClosedTo   inspection.Day `json:"closed_to"`
	Share      int            `json:"share,omitempty" minimum:"0" maximum:"100" doc:"Percent of the lot; the policy's check_share if absent"`
	Seed       string         `json:"-"` // for stories and tests: whoever could choose it could choose the sample
}

// atMost is how many items one draw may have: somebody has to look at each.
const atMost = 500

// Draw draws: all that is in doubt, all that was closed late, a share of the rest. What
// another sample is still looking at is left out. The offices below learn of it at once.
func (s *Service) Draw(ctx context.Context, scope tenants.Scope, d Drawing) (one Sample, err error) {
	wide, err := scope.Subtree()
	if err != nil {
		return one, err
	}
	if err := d.clean(s.Clock.Today()); err != nil {
		return one, err
	}
	err = s.DB.In(ctx, wide, func(tx *tenants.Tx) error {
		offices, err := below(ctx, tx, d.Offices)
		if err != nil {
			return err
		}
		if d.Share == 0 {
			rule, err := tenants.PolicyOf(ctx, tx)
			if err != nil {
				return err
			}
			d.Share = rule.CheckShare
		}
		id, seed, drawn := inspection.NewID[ID](), cmp.Or(d.Seed, checks.NewSeed()), 0
		for _, office := range offices {
			n, err := s.drawIn(ctx, tx, office, id, seed, d)
			if err != nil {
				return err
			}
			drawn += n
		}
		if drawn == 0 {
			return bad("/closed_to", "empty", "所选单位在这段时间没有可抽查的已销号事项，请调整时间或单位。")
		}
		if drawn > atMost {
			return bad("/share", "too-many", fmt.Sprintf("将抽取 %d 项，一次最多 %d 项。请缩短时间或降低比例。", drawn, atMost))
		}
		one, err = get(ctx, tx, id)
		tx.Journal(tenants.Entry{
			Action: "sample.draw", Object: "sample", ID: id.UUID, After: one, Detail: tenants.Detail{Title: "抽查已销号事项", Text: d.said(seed, drawn)},
		})
		return err
	})
	return one, err
}

func bad(pointer, code, message string) error {
	return inspection.InvalidFields("sample.invalid", message, inspection.Field{Pointer: pointer, Code: code, Message: message})
}

func (d *Drawing) clean(today inspection.Day) error {
	var fields inspection.Fields
	d.Name = fields.Text("/name", d.Name, true, 100)
	switch {
	case d.ClosedFrom > d.ClosedTo:
		fields = append(fields, inspection.Field{Pointer: "/closed_to", Code: "day-order", Message: "截止日期不能早于起始日期。"})
	case d.ClosedTo > today:
		fields = append(fields, inspection.Field{Pointer: "/closed_to", Code: "day-order", Message: "截止日期不能晚于今天。"})
	}
	return fields.Err("sample.invalid")
}

func (d Drawing) said(seed string, n int) string {
	return fmt.Sprintf("%s，%s 至 %s 销号，比例 %d%%，种子 %s，抽取 %d 项", d.Name, d.ClosedFrom, d.ClosedTo, d.Share, seed, n)
}

// below returns the offices directly below that these names name.
func below(ctx context.Context, tx *tenants.Tx, slugs []string) ([]tenants.ID, error) {
	rows, _ := tx.Query(ctx, `
		select t.id from tenants t where t.slug = any(@slugs) and t.parent = current_setting('app.tenant')::int order by t.code`,
		pgx.StrictNamedArgs{"slugs": slugs})
	ids, err := pgx.CollectRows(rows, pgx.RowTo[tenants.ID])
	if err != nil {
		return nil, fmt.Errorf("offices below: %w", err)
	}
	if len(ids) != len(slices.Compact(slices.Sorted(slices.Values(slugs)))) {
		return nil, bad("/offices", "choice", "只能抽查直属下级单位，请重新选择。")
	}
	return ids, nil
}

// lot is a closed item as the draw sees it.
type lot struct {
	Finding  inspection.FindingID `db:"finding_id"`
	Number   string               `db:"number"`
	ClosedOn inspection.Day       `db:"closed_on"`
	Doubt    bool                 `db:"doubt"`
	Late     bool                 `db:"late"`
}

// why is why an item is in the sample whatever the lot says, or Lot.
func (l lot) why() Why {
	switch {
	case l.Doubt:
		return Doubt
	case l.Late:
		return Late
	}
	return Lot
}

// drawIn draws in one office and returns how many items it came to. An office with
// nothing to draw has no part in the sample.
func (s *Service) drawIn(ctx context.Context, tx *tenants.Tx, office tenants.ID, id ID, seed string, d Drawing) (int, error) {
	rows, _ := tx.Query(ctx, `
		select r.finding_id, f.number, r.closed_on, @doubt = any(r.flags) as doubt, coalesce(r.closed_on > r.due_on, false) as late
		from rectifications r
		join findings f on (f.tenant_id, f.id) = (r.tenant_id, r.finding_id)
		where r.tenant_id = @office and r.state = @closed and r.closed_on between @from and @to
		  and r.issued_at is not null and r.withdrawn_at is null
		  and not exists (select from sample_items i
			where (i.tenant_id, i.finding_id) = (r.tenant_id, r.finding_id) and i.state in ('drawn', 'refuted'))
		order by f.number`, pgx.StrictNamedArgs{
		"office": office, "doubt": rectification.Doubt, "closed": rectification.Closed, "from": d.ClosedFrom, "to": d.ClosedTo,
	})
	lots, err := pgx.CollectRows(rows, pgx.RowToStructByName[lot])
	if err != nil {
		return 0, fmt.Errorf("read what was closed: %w", err)
	}
	pool := []string{}
	for _, l := range lots {
		if l.why() == Lot {
			pool = append(pool, l.Number)
		}
	}
	taken := checks.Draw(seed, d.Share, pool)
	drawn := slices.DeleteFunc(lots, func(l lot) bool { return l.why() == Lot && !slices.Contains(taken, l.Number) })
	if len(drawn) == 0 {
		return 0, nil
	}
	_, err = tx.Exec(ctx, `
		insert into samples (tenant_id, issuer, id, name, closed_from, closed_to, share, seed, pool, drawn_at, drawn_by)
		values (@office, current_tenant(), @id, @name, @from, @to, @share, @seed, @pool, @at, @by)`, pgx.StrictNamedArgs{
		"office": office, "id": id, "name": d.Name, "from": d.ClosedFrom, "to": d.ClosedTo, "share": d.Share, "seed": seed,
		"pool": pool, "at": s.Clock(), "by": tx.Scope().Name(),
	})
	if err != nil {
		return 0, fmt.Errorf("add sample: %w", err)
	}
	var b pgx.Batch
	for _, l := range drawn {
		b.Queue(`
			insert into sample_items (tenant_id, issuer, sample_id, finding_id, id, why, closed_on)
			values (@office, current_tenant(), @sample, @finding, @id, @why, @closed_on)`, pgx.StrictNamedArgs{
			"office": office, "sample": id, "finding": l.Finding, "id": inspection.NewID[ItemID](), "why": l.why(), "closed_on": l.ClosedOn,
		})
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return 0, fmt.Errorf("add items of sample: %w", err)
	}
	tx.Journal(tenants.Entry{
		Office: office, Action: "sample.draw", Object: "sample", ID: id.UUID,
		Detail: tenants.Detail{Title: "上级抽查已销号事项", Text: d.said(seed, len(drawn))},
	})
	return len(drawn), nil
}
