package bench

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection/rectification"
)

// bare answers the same questions with nothing in between: no sign-on, no
// policy, no journal, no problems. It logs in past row security.
type bare struct{ pool *pgxpool.Pool }

func newBare(pool *pgxpool.Pool) http.Handler {
	b := bare{pool}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/offices/{office}/items", b.list)
	mux.HandleFunc("GET /v1/offices/{office}/items/{id}", b.one)
	mux.HandleFunc("POST /v1/offices/{office}/items/{id}/start", b.start)
	mux.HandleFunc("POST /v1/offices/{office}/ledger", b.ledger)
	return mux
}

const bareItem = `r.finding_id, f.number, r.unit_id, f.feedback_on, r.state, r.kind, r.goal, r.progress, r.due_on,
	r.due_version, r.due_provisional, r.due_note, r.review_on, r.submission, r.submitted_at, r.returned_at, r.return_note,
	r.closed_on, r.recovered_fen, r.rules_made, r.rules_amended, r.people_dealt, r.hold_reason, r.flags, r.changed_at,
	r.changed_by, r.version, f.round_id, f.seq, u.name as unit_name, f.focus, f.category, f.taxonomy, f.text, f.origin,
	f.amount_fen, f.tags`

const bareTables = ` from rectifications r
	join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
	join units u on u.tenant_id = r.tenant_id and u.id = r.unit_id
	join tenants t on t.id = r.tenant_id `

const bareMeasures = `select id, finding_id, seq, text, kind, leader, department, helpers, due_on, progress, rules, done, version
	from measures where tenant_id = $1 and finding_id = any($2) order by finding_id, seq`

// list answers as the ledger does: the fifty open findings that are due first, or
// those that a filter finds.
func (b bare) list(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.Header.Get("Bare-Tenant"))
	where, args := bareFilter(r.URL.Query(), id)
	rows, _ := b.pool.Query(r.Context(), `select `+bareItem+bareTables+`
		where `+where+` order by r.due_on, f.number limit 50`, args...)
	items, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[rectification.Item])
	if err == nil {
		err = b.measures(r, id, items)
	}
	total, from := 0, ` from rectifications r `
	if err == nil {
		if r.URL.Query().Has("q") {
			from = bareTables
		}
		err = b.pool.QueryRow(r.Context(), `select count(*)`+from+`where `+where, args...).Scan(&total)
	}
	answer(w, map[string]any{"items": items, "total": total}, err)
}

// bareFilter is what one of the filters that are measured asks for.
func bareFilter(asked url.Values, tenant int) (string, []any) {
	where := `r.tenant_id = $1`
	measure := func(condition string) string {
		return `exists (select from measures m where m.tenant_id = r.tenant_id and m.finding_id = r.finding_id and (` + condition + `))`
	}
	switch {
	case asked.Get("due") == "overdue":
		return where + ` and r.due_on < (now() at time zone 'Asia/Shanghai')::date and r.state in ('open', 'working', 'returned')`, []any{tenant}
	case asked.Has("q"):
		return where + ` and (strpos(lower(f.number), $2) > 0 or strpos(lower(f.text), $2) > 0 or strpos(lower(f.category), $2) > 0
			or strpos(lower(u.name), $2) > 0 or strpos(lower(r.progress), $2) > 0 or ` +
				measure(`strpos(lower(m.text), $2) > 0 or strpos(lower(m.leader), $2) > 0 or strpos(lower(m.department), $2) > 0`) + `)`,
			[]any{tenant, asked.Get("q")}
	case asked.Has("leader"):
		return where + ` and ` + measure(`m.leader = $2`), []any{tenant, asked.Get("leader")}
	case asked.Get("state") == "working,returned":
		return where + ` and r.state in ('working', 'returned')`, []any{tenant}
	}
	return where + ` and r.state <> 'closed'`, []any{tenant}
}

func (b bare) one(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.Header.Get("Bare-Tenant"))
	rows, _ := b.pool.Query(r.Context(), `select `+bareItem+bareTables+`
		where r.tenant_id = $1 and r.finding_id = $2`, id, r.PathValue("id"))
	items, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[rectification.Item])
	if err == nil {
		err = b.measures(r, id, items)
	}
	if err != nil || len(items) != 1 {
		answer(w, nil, err)
		return
	}
	answer(w, items[0], nil)
}

func (b bare) measures(r *http.Request, tenant int, items []rectification.Item) error {
	at := map[string]int{}
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.ID.String()
		at[ids[i]] = i
	}
	rows, _ := b.pool.Query(r.Context(), bareMeasures, tenant, ids)
	ms, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[rectification.Measure])
	for _, m := range ms {
		it := &items[at[m.FindingID.String()]]
		it.Measures = append(it.Measures, m)
	}
	return err
}

// start changes a state and writes a line of history.
func (b bare) start(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.Atoi(r.Header.Get("Bare-Tenant"))
	err := pgx.BeginFunc(r.Context(), b.pool, func(tx pgx.Tx) error {
		var version int
		err := tx.QueryRow(r.Context(), `
			update rectifications set state = 'working', version = version + 1, changed_at = now()
			where tenant_id = $1 and finding_id = $2 and state = 'open' and version = 1
			returning version`, id, r.PathValue("id")).Scan(&version)
		if err != nil {
			return err
		}
		_, err = tx.Exec(r.Context(), `insert into bare_history (tenant_id, finding_id, at, act, version) values ($1, $2, now(), 'start', $3)`,
			id, r.PathValue("id"), version)
		return err
	})
	answer(w, map[string]string{"state": "working"}, err)
}

func answer(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client went away: nobody to tell
}
