package rectification

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// everyChunk is how many rows [Service.Every] reads at a time.
const everyChunk = 500

// Every calls fn with each row of the ledger that f finds, in f's order, and
// returns the offices that the rows belong to. Which rows these are is decided
// once, at the beginning: nobody's work meanwhile doubles a row or loses one.
// More than most rows are refused before the first.
func (s *Service) Every(ctx context.Context, tx *tenants.Tx, f Filter, most int, fn func(Item) error) ([]tenants.ID, error) {
	today := s.Clock.Today()
	f.Cursor = ""
	q, err := f.where(tx.Scope(), today, problems)
	if err != nil {
		return nil, err
	}
	if _, err := place(q, f, itemSorts, "due", itemEnding); err != nil {
		return nil, err
	}
	offices, ids, err := every[inspection.FindingID](ctx, tx, q, `r.tenant_id, r.finding_id`, `rectifications r`, most)
	if err != nil {
		return nil, err
	}
	for at := 0; at < len(ids); at += everyChunk {
		end := min(at+everyChunk, len(ids))
		items, err := itemsByID(ctx, tx, offices[at:end], ids[at:end], today)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			if err := fn(it); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(offices)
	return slices.Compact(offices), nil
}

// every finds the offices and identifiers of all rows of the query, in its order.
func every[ID any](ctx context.Context, tx *tenants.Tx, q *query, key, table string, most int) ([]tenants.ID, []ID, error) {
	offices, ids, _, err := find[ID](ctx, tx, q, key, table, most+1)
	if err == nil && len(ids) > most {
		err = tooMany(most)
	}
	return offices, ids, err
}

// find finds the offices and identifiers of the query's rows from where its page
// begins, and counts all of its rows. It looks at all that the scope reaches.
func find[ID any](ctx context.Context, tx *tenants.Tx, q *query, key, table string, limit int) (offices []tenants.ID, ids []ID, total int, err error) {
	from, where := table+strings.Join(q.joins, ""), strings.Join(q.conditions, " and ")
	count, page := `count(*) over ()`, where
	if q.after != "" {
		count, page = `(select count(*) from `+from+` where `+where+`)`, where+` and `+q.after
	}
	q.args["limit"] = limit
	rows, _ := tx.QueryWhole(ctx, `
		select `+key+`, `+count+` from `+from+`
		where `+page+`
		order by `+q.by+`
		limit @limit`, q.args)
	var office tenants.ID
	var id ID
	_, err = pgx.ForEachRow(rows, []any{&office, &id, &total}, func() error {
		offices, ids = append(offices, office), append(ids, id)
		return nil
	})
	if err != nil {
		return nil, nil, 0, fmt.Errorf("find rows: %w", err)
	}
	return offices, ids, total, nil
}

func tooMany(most int) error {
	return inspection.Errorf(inspection.Invalid, "narrow-filter", "符合条件的超过 %d 条，请缩小筛选范围后分次导出。", most)
}

// itemsByID reads these rows with their measures, in the order given.
func itemsByID(
	ctx context.Context, tx *tenants.Tx, offices []tenants.ID, ids []inspection.FindingID, today inspection.Day,
) ([]Item, error) {
	rows, _ := tx.Query(ctx, `
		select `+itemColumns+`
		from unnest(@offices::int[], @ids::uuid[]) with ordinality p (tenant_id, finding_id, at)
		join rectifications r on r.tenant_id = p.tenant_id and r.finding_id = p.finding_id`+
		withFinding+withUnit+withOffice+withReview+`
		order by p.at`, pgx.StrictNamedArgs{"offices": offices, "ids": ids})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[itemRow])
	if err != nil {
		return nil, fmt.Errorf("read items: %w", err)
	}
	items := make([]Item, len(found))
	for i, row := range found {
		items[i] = row.item(tx.Scope(), today)
	}
	return items, addMeasuresTo(ctx, tx, items)
}
