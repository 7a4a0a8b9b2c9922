package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// nearMeasures is how many measures the office has whose near texts are looked
// for.
const nearMeasures = 100_000

// Near looks for near texts in one office, as the room of doubts does.
type Near struct {
	Index func(ctx context.Context, office string) error
	Find  func(ctx context.Context, office, measure string) (number string, err error)
}

// near measures how long it takes to find the measure that is most like one, of
// this many of one office. There is nothing bare to compare with: bare has no rules.
func (h House) near(ctx context.Context, measures int) ([]Row, error) {
	const office = "b-near"
	for _, sql := range []string{
		nearOffice, nearUnits, fmt.Sprintf(nearFindings, measures/2), nearCases, nearTexts,
		`analyze measures, rectifications, findings, units`, // or the index would be planned for empty tables
	} {
		if _, err := h.Bare.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			return nil, fmt.Errorf("%.40s…: %w", sql, err)
		}
	}
	if err := h.Near.Index(ctx, office); err != nil {
		return nil, err
	}
	if _, err := h.Bare.Exec(ctx, `vacuum analyze measures, measure_bands, rectifications, findings`); err != nil {
		return nil, err
	}
	rows, _ := h.Bare.Query(ctx, `
		select m.id::text from measures m join tenants t on t.id = m.tenant_id
		where t.slug = $1 and m.seq = 2 order by m.id limit 400`, office)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	var took []time.Duration
	found := 0
	for _, id := range ids {
		began := time.Now()
		number, err := h.Near.Find(ctx, office, id)
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		if number != "" {
			found++
		}
	}
	if found < len(ids)*9/10 {
		return nil, errors.New("a near text was not found")
	}
	return []Row{{
		Name: fmt.Sprintf("near text of one measure among %d, p95", measures), Unit: "ms", Ours: float64(p95(took).Microseconds()) / 1000, Want: "≤ 50",
	}}, nil
}

const nearOffice = `
	insert into tenants (id, parent, level, code, org_code, slug, name, office, short, prefix, lo, hi)
	values (1015000, 1010000, 'county', '980998', 'b-near', 'b-near', '某县', '某县', '某县', 'B', 1015000, 1015009);
	insert into rounds (tenant_id, id, term, seq, name, starts_on, ends_on, feedback_on)
	values (1015000, gen_random_uuid(), 10, 6, '十届县委第六轮巡察', '2026-03-02', '2026-04-24', '2026-06-01')`

const nearUnits = `
	insert into units (tenant_id, id, name)
	select 1015000, gen_random_uuid(), '县某局党组' || u from generate_series(1, 50) u`

const nearFindings = `
	insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
	select 1015000, gen_random_uuid(), 'B-06-01-' || to_char(n, 'FM00000'), r.id, u.id, n, 1 + n %% 4, '第' || n || '项问题', '2026-06-01 09:00+08', '2026-06-01'
	from generate_series(1, %d) n
	join (select id, row_number() over (order by id) as k from units where tenant_id = 1015000) u on u.k = 1 + n %% 50
	join rounds r on r.tenant_id = 1015000`

const nearCases = `
	insert into rectifications (tenant_id, finding_id, unit_id, state, submission, submitted_at, issued_at)
	select tenant_id, id, unit_id, 'submitted', 1, '2026-08-01 09:00+08'::timestamptz + seq * interval '1 second', issued_at
	from findings where tenant_id = 1015000`

// Each problem has a measure of its own words, and one that is nearly the measure
// of the problem before it, which another unit has.
const nearTexts = `
	with own as (
		select f.id, f.unit_id, f.seq, f.issued_at, (
			select string_agg(chr(19968 + abs(hashint4(f.seq * 128 + k) % 6000)), '' order by k) from generate_series(1, 60) k) as text
		from findings f where f.tenant_id = 1015000)
	insert into measures (tenant_id, id, finding_id, unit_id, seq, text, due_on, issued_at)
	select 1015000, gen_random_uuid(), o.id, o.unit_id, m, case m when 1 then o.text else p.text || '及时' end, '2026-12-01', o.issued_at
	from own o join own p on p.seq = case o.seq when 1 then 1 else o.seq - 1 end, generate_series(1, 2) m`
