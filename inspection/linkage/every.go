package linkage

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// everyChunk is how many matters [Service.Every] reads at a time.
const everyChunk = 500

// OfMatters returns s with the reach that the box's matters are read in: what came
// to an office lies in the offices below it.
func (b Box) OfMatters(s tenants.Scope) tenants.Scope {
	if b == Inbox {
		return s.Wide()
	}
	return s
}

// matters is the condition that finds the box's matters, in the reach of
// [Box.OfMatters].
func (b Box) matters() string {
	if b == Inbox {
		return tenants.Reach("e") + ` and e.tenant_id <> current_setting('app.tenant')::int`
	}
	return tenants.Own("e")
}

// Every calls fn with each matter of a box, the newest first, and returns the
// offices that raised them. tx has the reach of [Box.OfMatters]. Which matters these
// are is decided once, at the beginning: nobody's work meanwhile doubles one or
// loses one. More than most are refused before the first.
func (s *Service) Every(ctx context.Context, tx *tenants.Tx, box Box, most int, fn func(Matter) error) ([]tenants.ID, error) {
	offices, ids, err := everyMatter(ctx, tx, box, most)
	if err != nil {
		return nil, err
	}
	for at := 0; at < len(ids); at += everyChunk {
		end := min(at+everyChunk, len(ids))
		ms, err := mattersByID(ctx, tx, offices[at:end], ids[at:end])
		if err != nil {
			return nil, err
		}
		for _, m := range ms {
			if err := fn(m); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(offices)
	return slices.Compact(offices), nil
}

// everyMatter finds all matters of a box.
func everyMatter(ctx context.Context, tx *tenants.Tx, box Box, most int) (offices []tenants.ID, ids []inspection.EscalationID, err error) {
	rows, _ := tx.Query(ctx, `
		select e.tenant_id, e.id from escalations e
		where `+box.matters()+`
		order by e.id desc
		limit @limit`, pgx.StrictNamedArgs{"limit": most + 1})
	var office tenants.ID
	var id inspection.EscalationID
	_, err = pgx.ForEachRow(rows, []any{&office, &id}, func() error {
		offices, ids = append(offices, office), append(ids, id)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("find matters: %w", err)
	}
	if len(ids) > most {
		return nil, nil, inspection.Errorf(inspection.Invalid, "narrow-filter", "上报事项超过 %d 件，无法一次导出，请在页面上查看。", most)
	}
	return offices, ids, nil
}

// mattersByID reads these matters, in the order given.
func mattersByID(ctx context.Context, tx *tenants.Tx, offices []tenants.ID, ids []inspection.EscalationID) ([]Matter, error) {
	rows, _ := tx.Query(ctx, `
		select `+matterColumns+` from `+matterTables+`
			join unnest(@offices::int[], @ids::uuid[]) with ordinality p (tenant_id, id, at)
				on p.tenant_id = e.tenant_id and p.id = e.id
		order by p.at`, pgx.StrictNamedArgs{"offices": offices, "ids": ids})
	ms, err := pgx.CollectRows(rows, pgx.RowToStructByName[Matter])
	if err != nil {
		return nil, fmt.Errorf("read matters: %w", err)
	}
	return ms, nil
}
