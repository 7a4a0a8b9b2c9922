package doubts

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"xuncha/inspection"
	"xuncha/tenants"
)

// most is how many texts of one band are compared: a phrase that more have is
// the language of the trade.
const most = 200

// perBand is how many hashes make a band: many, since measures must share nearly all
// of their words to be one text.
const perBand = 4

// text is a measure to be compared.
type text struct {
	ID      inspection.MeasureID `db:"id"`
	Finding inspection.FindingID `db:"finding_id"`
	Seq     int                  `db:"seq"`
	Text    string               `db:"text"`
	Version int                  `db:"version"`
}

// sameTexts compares the measures of one case, or of all cases handed in since,
// with those that other units handed in before.
func (s *Service) sameTexts(
	ctx context.Context, tx *tenants.Tx, p tenants.DoubtPolicy, id *inspection.FindingID, since time.Time,
) (hits []hit, err error) {
	if err := s.index(ctx, tx, p.TextLength, id); err != nil {
		return nil, err
	}
	args := pgx.StrictNamedArgs{"since": since, "length": p.TextLength}
	rows, _ := tx.Query(ctx, `
		select m.id, m.finding_id, m.seq, m.text, m.version from measures m
		join rectifications r on r.tenant_id = m.tenant_id and r.finding_id = m.finding_id
		where `+tenants.Own("m")+ofCase(args, id)+` and r.submitted_at >= @since
		  and m.withdrawn_at is null and length(m.text) >= @length`, args)
	mine, err := pgx.CollectRows(rows, pgx.RowToStructByName[text])
	if err != nil {
		return nil, fmt.Errorf("measures to compare: %w", err)
	}
	for _, m := range mine {
		near, err := nearest(ctx, tx, m, p)
		if err != nil {
			return nil, err
		}
		if near != nil {
			hits = append(hits, hit{
				Finding: m.Finding, Cause: m.ID.String(), Measure: &m.ID, Other: &near.Finding,
				Facts: Facts{Count: m.Seq, Score: near.Score, Number: near.Number, Unit: near.Unit},
			})
		}
	}
	return hits, nil
}

// other is a measure of another unit that is near.
type other struct {
	Finding inspection.FindingID `db:"finding_id"`
	UnitID  inspection.UnitID    `db:"unit_id"`
	Text    string               `db:"text"`
	Number  string               `db:"number"`
	Unit    string               `db:"unit"`
	Score   int                  `db:"-"`
}

// nearest returns the measure of another unit, handed in before, that is most
// like m, or nil if none is near enough, or so many are that it is a phrase of
// the trade.
func nearest(ctx context.Context, tx *tenants.Tx, m text, p tenants.DoubtPolicy) (best *other, err error) {
	rows, _ := tx.Query(ctx, nearQuery, pgx.StrictNamedArgs{"bands": inspection.PairsOf(m.Text).Bands(perBand), "id": m.ID, "finding": m.Finding, "most": most})
	others, err := pgx.CollectRows(rows, pgx.RowToStructByName[other])
	if err != nil {
		return nil, fmt.Errorf("near measures: %w", err)
	}
	mine, units := inspection.PairsOf(m.Text), map[inspection.UnitID]bool{}
	for i := range others {
		o := &others[i]
		if o.Score = mine.Alike(inspection.PairsOf(o.Text)); o.Score < p.TextPercent {
			continue
		}
		if units[o.UnitID] = true; best == nil || o.Score > best.Score {
			best = o
		}
	}
	if len(units) > p.TextUnits {
		return nil, nil
	}
	return best, nil
}

// nearQuery finds by equal bands, which the index serves under row security.
var nearQuery = `
	with near as materialized (
		select distinct b.measure_id from unnest(@bands::bigint[]) as mine (band)
		cross join lateral (
			select b.measure_id from measure_bands b
			where ` + tenants.Own("b") + ` and b.band = mine.band and b.measure_id <> @id
			limit @most) b)
	select m.finding_id, m.unit_id, m.text, f.number, u.name as unit
	from near n
	join measures m on ` + tenants.Own("m") + ` and m.id = n.measure_id and m.withdrawn_at is null
	join rectifications me on me.tenant_id = m.tenant_id and me.finding_id = @finding
	join rectifications r on r.tenant_id = m.tenant_id and r.finding_id = m.finding_id and r.submitted_at < me.submitted_at
		and r.unit_id <> me.unit_id
	join findings f on f.tenant_id = m.tenant_id and f.id = m.finding_id
	join units u on u.tenant_id = m.tenant_id and u.id = m.unit_id
	order by f.number, m.seq`

// indexed is how many texts are indexed in one go.
const indexed = 2000

// ofCase narrows measures m to those of one case, if one is asked about.
func ofCase(args pgx.StrictNamedArgs, id *inspection.FindingID) string {
	if id == nil {
		return ""
	}
	args["finding"] = *id
	return ` and m.finding_id = @finding`
}

// unscanned narrows measures m, when one case is looked at, to that case and those
// handed in since the last scan, which entered the rest.
func unscanned(args pgx.StrictNamedArgs, id *inspection.FindingID) string {
	if id == nil {
		return ""
	}
	args["finding"] = *id
	return ` and m.finding_id in (
		select r.finding_id from rectifications r
		where ` + tenants.Own("r") + ` and (r.finding_id = @finding or r.submitted_at >= coalesce(
			(select d.until_at - interval '2 hours' from doubt_scans d where ` + tenants.Own("d") + ` and d.scan = 'nightly'), '-infinity')))`
}

// index enters the bands of measures that are new or were changed: each night
// those of the whole office.
func (s *Service) index(ctx context.Context, tx *tenants.Tx, length int, id *inspection.FindingID) error {
	for after := (inspection.MeasureID{}); ; {
		args := pgx.StrictNamedArgs{"after": after, "length": length, "limit": indexed}
		rows, _ := tx.Query(ctx, `
			select m.id, m.finding_id, m.seq, m.text, m.version from measures m
			where `+tenants.Own("m")+unscanned(args, id)+` and m.id > @after and m.withdrawn_at is null and length(m.text) >= @length
			  and not exists (select from measure_bands b
				where b.tenant_id = m.tenant_id and b.measure_id = m.id and b.nth = 0 and b.version = m.version)
			order by m.id limit @limit`, args)
		texts, err := pgx.CollectRows(rows, pgx.RowToStructByName[text])
		if err != nil {
			return fmt.Errorf("measures to index: %w", err)
		}
		if len(texts) == 0 {
			return nil
		}
		if err := enter(ctx, tx, texts); err != nil {
			return err
		}
		if after = texts[len(texts)-1].ID; len(texts) < indexed {
			return nil
		}
	}
}

func enter(ctx context.Context, tx *tenants.Tx, texts []text) error {
	var ids []pgtype.UUID
	var nth, versions []int32
	var all []int64
	for _, m := range texts {
		for i, band := range inspection.PairsOf(m.Text).Bands(perBand) {
			ids = append(ids, pgtype.UUID{Bytes: m.ID.UUID, Valid: true})
			nth, versions, all = append(nth, int32(i)), append(versions, int32(m.Version)), append(all, band) //nolint:gosec // small
		}
	}
	_, err := tx.Exec(ctx, `
		insert into measure_bands (measure_id, nth, band, version)
		select * from unnest(@ids::uuid[], @nth::int[], @bands::bigint[], @versions::int[])
		on conflict (tenant_id, measure_id, nth) do update set band = excluded.band, version = excluded.version`,
		pgx.StrictNamedArgs{"ids": ids, "nth": nth, "bands": all, "versions": versions})
	if err != nil {
		return fmt.Errorf("index measures: %w", err)
	}
	return nil
}
