package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// The size of the database that is measured.
const (
	offices  = 100
	findings = 1000
	measures = 3
)

// fill writes the ledgers of the hundred offices, and makes one key per office.
func (h House) fill(ctx context.Context) (keys []key, err error) {
	for _, sql := range []string{fillUnits, fillRounds, fillPeople, fillGrants, fillFindings, fillCases, fillMeasures} {
		if _, err := h.Bare.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			return nil, fmt.Errorf("%.40s…: %w", sql, err)
		}
	}
	rows, _ := h.Bare.Query(ctx, `
		select t.slug, t.id, u.id::text from tenants t join units u on u.tenant_id = t.id where `+hundred+` order by t.id`)
	keys, err = pgx.CollectRows(rows, pgx.RowToStructByPos[key])
	if err != nil {
		return nil, err
	}
	for i := range keys {
		if keys[i].Token, err = h.Key(ctx, keys[i].Office, keys[i].Unit); err != nil {
			return nil, err
		}
		for which, list := range map[string]*[]string{"true": &keys[i].Findings, "state = 'open'": &keys[i].Open} {
			rows, _ := h.Bare.Query(ctx, `select finding_id::text from rectifications where tenant_id = $1 and `+which+` order by finding_id`, keys[i].ID)
			if *list, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
				return nil, err
			}
		}
	}
	_, err = h.Bare.Exec(ctx, `vacuum analyze`) // or autovacuum would do it under our hands
	return keys, err
}

// key opens one office, and says what there is to ask for.
type key struct {
	Office   string
	ID       int
	Unit     string
	Token    string   `db:"-"`
	Findings []string `db:"-"`
	Open     []string `db:"-"` // those whose state can change
}

const fillOffices = `
	insert into tenants (id, parent, level, code, org_code, slug, name, office, short, prefix, lo, hi) values
		(1000000, null, 'province', '980000', 'b-province', 'b-province', '某省', '某省', '某省', 'B', 1000000, 1999999),
		(1010000, 1000000, 'city', '980100', 'b-city', 'b-city', '某市', '某市', '某市', 'B', 1010000, 1019999);
	insert into tenants (id, parent, level, code, org_code, slug, name, office, short, prefix, lo, hi)
	select 1010000 + 10 * i, 1010000, 'county', (980100 + i)::text, 'b-' || i, 'b-' || i, '某县' || i, '某县', '某县', 'B', 1010000 + 10 * i, 1010009 + 10 * i
	from generate_series(1, 100) i`

// hundred are the offices t with a ledger each; what other parts need are others.
const hundred = `t.id between 1010010 and 1011000`

const fillUnits = `
	insert into units (tenant_id, id, name)
	select t.id, gen_random_uuid(), '县某局党组1' from tenants t where ` + hundred

const fillRounds = `
	insert into rounds (tenant_id, id, term, seq, name, starts_on, ends_on, feedback_on)
	select id, gen_random_uuid(), 10, 6, '十届县委第六轮巡察', '2026-03-02', '2026-04-24', '2026-06-01' from tenants t where ` + hundred

// An office has thirty people or so: without them the planner would find it
// cheapest to read everybody's grants on every request.
const fillPeople = `
	insert into members (tenant_id, id, name, state)
	select t.id, gen_random_uuid(), '某同志' || p, 'active' from tenants t, generate_series(1, 30) p where ` + hundred + `
	order by t.id`

const fillGrants = `
	insert into grants (tenant_id, id, member_id, role, from_on)
	select m.tenant_id, gen_random_uuid(), m.id, 'OFF', '2026-01-01' from members m join tenants t on t.id = m.tenant_id where ` + hundred + `
	order by tenant_id`

// Ledgers are written office by office, as they are when they are imported.
const fillFindings = `
	insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
	select t.id, gen_random_uuid(), 'B-06-01-' || to_char(n, 'FM0000'), r.id, u.id, n, 1 + n % 4,
		'议事决策不规范，12项大额资金使用事项中有3项未经集体研究，涉及资金较大，群众反映较多，需要认真整改，第' || n || '项。',
		'2026-06-01 09:00+08', '2026-06-01'
	from tenants t
	join rounds r on r.tenant_id = t.id
	join units u on u.tenant_id = t.id, generate_series(1, 1000) n
	where ` + hundred + `
	order by t.id, n`

// Nothing falls due: the reminders that a service would write are not what is
// measured.
const fillCases = `
	insert into rectifications (tenant_id, finding_id, unit_id, state, goal, due_on, issued_at)
	select f.tenant_id, f.id, f.unit_id, case when f.seq % 5 = 0 then 'closed' else 'open' end, '制度健全，管理规范',
		current_date + 100 + f.seq * 37 % 500, f.issued_at
	from findings f join tenants t on t.id = f.tenant_id where ` + hundred + `
	order by f.tenant_id, f.seq`

const fillMeasures = `
	insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader, department, due_on, issued_at)
	select f.tenant_id, gen_random_uuid(), f.id, f.unit_id, m, '修订制度，明确责任，定期检查，公开结果。', '分管副职', '办公室', '2026-12-01', f.issued_at
	from findings f join tenants t on t.id = f.tenant_id, generate_series(1, 3) m where ` + hundred + `
	order by f.tenant_id, f.seq, m`

// bareHistory is what the bare side writes instead of the journal.
const bareHistory = `
	create table bare_history (tenant_id int not null, finding_id uuid not null, at timestamptz not null, act text not null,
		version int not null)`
