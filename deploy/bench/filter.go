package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// largeLedger is how many problems the ledger has that is filtered, each with three
// measures.
const largeLedger = 10_000

// filters are what people ask a large ledger, once each has been asked before.
var filters = []struct {
	name, query string
	none        bool // nothing is found, and so there is nothing to compare
}{
	{"by state", "state=working,returned&sort=due", false},
	{"overdue", "due=overdue&sort=due", false},
	{"by a word", "q=水费&sort=due", false},
	{"by a word that nothing has", "q=没有的词&sort=due", true},
	{"by who is responsible", "leader=分管副职7&sort=due", false},
}

// filtered measures how long a filter of a ledger of so many problems takes, at the
// server, beside bare: what 95 of 100 requests take at most, one after the other.
func (h House) filtered(ctx context.Context, o Options, size int, ours, bare string) ([]Row, error) {
	if err := h.fillLedger(ctx, largeCounty, size, measures); err != nil {
		return nil, err
	}
	k := key{Office: largeCounty.slug, ID: largeCounty.id}
	var err error
	if k.Token, err = h.Key(ctx, k.Office, ""); err != nil {
		return nil, err
	}
	var rows []Row
	for _, f := range filters {
		m := measurement{name: f.name, request: func(*load, int) (string, string) {
			return http.MethodGet, "items?limit=50&" + escaped(f.query)
		}}
		sides := []*load{{ours, []key{k}}, {bare, []key{k}}}
		if !f.none {
			if err := m.same(ctx, sides[0], sides[1]); err != nil {
				return nil, fmt.Errorf("%s: %w", f.name, err)
			}
		}
		var took [2][]time.Duration
		for n := range o.Turns * 4 {
			for side, l := range sides {
				began := time.Now()
				if _, err := m.ask(ctx, http.DefaultClient, l, 0); err != nil {
					return nil, fmt.Errorf("%s: %w", f.name, err)
				}
				if n >= o.Turns { // warm
					took[side] = append(took[side], time.Since(began))
				}
			}
		}
		a, b := milliseconds(p95(took[0])), milliseconds(p95(took[1]))
		rows = append(rows, Row{
			Name: fmt.Sprintf("filter %d problems %s, p95", size, f.name), Unit: "ms", Ours: a, Bare: b, Ratio: b / a, Want: "< 100 ms",
		})
	}
	return rows, nil
}

// p95 returns what 95 of 100 do not exceed.
func p95(took []time.Duration) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[(len(took)*95+99)/100-1]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// escaped is the query as it is sent.
func escaped(query string) string {
	v, err := url.ParseQuery(query)
	if err != nil {
		panic(err) // ours is one
	}
	return v.Encode()
}

// county is an office that is filled apart from the hundred.
type county struct {
	id   int
	code string
	slug string
}

var largeCounty = county{1011010, "980999", "b-large"}

// fillLedger writes one more county with a ledger of so many problems with so many
// measures each, as a county has them: sixty units, states and days of all kinds,
// twenty people responsible.
func (h House) fillLedger(ctx context.Context, c county, problems, measures int) error {
	args := pgx.NamedArgs{"id": c.id, "code": c.code, "slug": c.slug, "problems": problems, "measures": measures}
	for _, sql := range []string{largeOffice, largeUnits, largeRound, largeFindings, largeCases, largeMeasures} {
		if _, err := h.Bare.Exec(ctx, sql, args); err != nil {
			return fmt.Errorf("fill a large ledger: %.60s…: %w", sql, err)
		}
	}
	_, err := h.Bare.Exec(ctx, `vacuum analyze`)
	return err
}

const (
	largeOffice = `
	insert into tenants (id, parent, level, code, org_code, slug, name, office, short, prefix, lo, hi)
	select @id::int, 1010000, 'county', @code::text, @slug::text, @slug::text, '某大县', '某大县', '某大县', 'B', @id::int, @id::int + 9`

	largeUnits = `
	insert into units (tenant_id, id, name)
	select @id::int, gen_random_uuid(), '县某局党组' || to_char(u, 'FM00') from generate_series(1, 60) u`

	largeRound = `
	insert into rounds (tenant_id, id, term, seq, name, starts_on, ends_on, feedback_on)
	select @id::int, gen_random_uuid(), 10, 6, '十届县委第六轮巡察', '2026-03-02', '2026-04-24', '2026-06-01'`

	largeFindings = `
	insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, category, text, issued_at, feedback_on)
	select @id::int, gen_random_uuid(), 'B-06-01-' || to_char(n, 'FM00000'), r.id, u.id, n, 1 + n % 4, '群众身边问题',
		case n % 20 when 0 then '水费收缴不规范，' else '议事决策不规范，' end
			|| '12项大额资金使用事项中有3项未经集体研究，涉及资金较大，群众反映较多，需要认真整改，第' || n || '项。',
		'2026-06-01 09:00+08', '2026-06-01'
	from rounds r, (select id, row_number() over (order by name) - 1 as nth from units where tenant_id = @id::int) u, generate_series(1, @problems::int) n
	where r.tenant_id = @id::int and u.nth = n % 60
	order by n`

	largeCases = `
	insert into rectifications (tenant_id, finding_id, unit_id, state, goal, progress, due_on, issued_at)
	select tenant_id, id, unit_id, (array['open', 'working', 'submitted', 'returned', 'closed', 'closed', 'closed', 'closed'])[1 + seq % 8],
		'制度健全，管理规范', '正在推进，已完成阶段工作', current_date - 100 + seq * 37 % 500, issued_at
	from findings where tenant_id = @id::int
	order by seq`

	largeMeasures = `
	insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader, department, due_on, issued_at)
	select f.tenant_id, gen_random_uuid(), f.id, f.unit_id, m, '修订制度，明确责任，定期检查，公开结果。',
		'分管副职' || (f.seq + m) % 20, '办公室', current_date + f.seq % 200, f.issued_at
	from findings f, generate_series(1, @measures::int) m
	where f.tenant_id = @id::int
	order by f.seq, m`
)
