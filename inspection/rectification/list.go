package rectification

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/tenants"
)

// Item is one row of the ledger (整改台账): a finding, its case and its measures.
type Item struct {
	Case
	Office    string             `json:"office" db:"-" maxLength:"41" doc:"Slug of the office whose row it is"`
	Round     inspection.RoundID `json:"round" db:"round_id"`
	Seq       int                `json:"seq" db:"seq" minimum:"1" maximum:"100000" doc:"序号"`
	UnitName  string             `json:"unit_name" db:"unit_name" maxLength:"200"`
	Focus     int                `json:"focus" db:"focus" minimum:"1" maximum:"4" doc:"四个聚焦"`
	Category  string             `json:"category" db:"category" maxLength:"200"`
	Taxonomy  *string            `json:"taxonomy" db:"taxonomy" maxLength:"5"`
	Text      string             `json:"text" db:"text" maxLength:"5000" doc:"反馈问题"`
	Origin    string             `json:"origin" db:"origin" maxLength:"20"`
	AmountFen *int64             `json:"amount_fen" db:"amount_fen" minimum:"0" maximum:"9007199254740991" doc:"涉及金额, in fen"`
	Tags      []findings.Tag     `json:"tags" db:"tags" nullable:"false" maxItems:"50"`
	Evidence  int                `json:"evidence" db:"evidence" minimum:"0" maximum:"100000" doc:"佐证数"`
	Review    *Review            `json:"review,omitempty" db:"-" doc:"The joint review under way, if there is one"`
	Measures  []Measure          `json:"measures" db:"-" nullable:"false" maxItems:"200"`
}

// Review is how far a joint review is.
type Review struct {
	Submission int            `json:"submission" minimum:"1" maximum:"10000"`
	Parties    []tenants.Role `json:"parties" nullable:"false" maxItems:"10"`
	Given      []tenants.Role `json:"given" nullable:"false" maxItems:"10" doc:"Whose opinion is in"`
	DueOn      inspection.Day `json:"due_on"`
	Agreed     *bool          `json:"agreed" doc:"Whether all agree, once all opinions are in; null before, and for the unit"`
}

// plainRow is an Item as the database gives it, without its review.
type plainRow struct {
	Item
	TenantID tenants.ID `db:"tenant_id"`
	Slug     string     `db:"slug"`
}

// itemRow is an Item as the database gives it.
type itemRow struct {
	plainRow
	Parties  []tenants.Role  `db:"parties"`
	Given    []tenants.Role  `db:"given"`
	ReviewBy *inspection.Day `db:"review_by"`
	Agreed   *bool           `db:"agreed"`
}

// plainColumns are those of a plainRow.
const plainColumns = caseColumns + `, r.tenant_id, t.slug, f.round_id, f.seq, u.name as unit_name, f.focus, f.category,
	f.taxonomy, f.text, f.origin, f.amount_fen, f.tags,
	(select count(*) from evidence e
	 where e.tenant_id = r.tenant_id and e.finding_id = r.finding_id and e.withdrawn_at is null and not e.replaced) as evidence`

const itemColumns = plainColumns + `, s.parties, s.given, s.due_on as review_by, s.agreed`

// What an item is made of, beside its case.
const (
	withFinding = ` join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id`
	withUnit    = ` join units u on u.tenant_id = r.tenant_id and u.id = r.unit_id`
	withOffice  = ` join tenants t on t.id = r.tenant_id`
	withReview  = ` left join submissions s on s.tenant_id = r.tenant_id and s.finding_id = r.finding_id and s.n = r.submission
		and r.state = 'submitted'`

	plainTables = `rectifications r` + withFinding + withUnit + withOffice
)

// item finishes a row for who looks at it.
func (r itemRow) item(scope tenants.Scope, today inspection.Day) Item {
	it := r.Item
	it.Office, it.Measures = r.Slug, []Measure{}
	own := r.TenantID == scope.Tenant()
	it.see(scope, own, today)
	if r.ReviewBy == nil {
		return it
	}
	it.Review = &Review{Submission: it.Submission, Parties: r.Parties, Given: r.Given, DueOn: *r.ReviewBy}
	if own && !scope.Role().OfUnit() {
		it.Review.Agreed = r.Agreed
	}
	it.Allowed = slices.DeleteFunc(it.Allowed, func(do Action) bool { return !it.Review.permits(do, scope.Role()) })
	return it
}

// permits reports whether the review is far enough for do by role.
func (r Review) permits(do Action, role tenants.Role) bool {
	switch do {
	case Opine:
		return slices.Contains(r.Parties, role) && !slices.Contains(r.Given, role)
	case Return:
		return r.Agreed != nil && !*r.Agreed
	case Accept, Keep:
		return r.Agreed != nil && *r.Agreed
	}
	return true
}

// List returns one page of the ledger.
func (s *Service) List(ctx context.Context, scope tenants.Scope, f Filter) (p inspection.Page[Item], err error) {
	today := s.Clock.Today()
	where, err := f.where(scope, today, problems)
	if err != nil {
		return p, err
	}
	order, err := place(where, f, itemSorts, "due", itemEnding)
	if err != nil {
		return p, err
	}
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		if where.whole {
			p, err = where.pageOfWhole(ctx, tx, today, order)
			return err
		}
		if p, err = where.page(ctx, tx, today, order); err != nil {
			return err
		}
		return addMeasuresTo(ctx, tx, p.Items)
	})
	return p, err
}

// pageOfWhole finds the rows of the page among all that the scope reaches, and then
// reads these.
func (q *query) pageOfWhole(ctx context.Context, tx *tenants.Tx, today inspection.Day, by order[Item]) (p inspection.Page[Item], err error) {
	offices, ids, total, err := find[inspection.FindingID](ctx, tx, q, `r.tenant_id, r.finding_id`, `rectifications r`, q.limit+1)
	if err != nil {
		return p, err
	}
	n := min(len(ids), q.limit)
	items, err := itemsByID(ctx, tx, offices[:n], ids[:n], today)
	return paged(items, total, len(ids) > n, by), err
}

// paged is the page of these rows.
func paged[T any](rows []T, total int, more bool, by order[T]) inspection.Page[T] {
	p := inspection.Page[T]{Items: rows, Total: total}
	if more && len(rows) > 0 {
		p.Next = by.cursor(rows[len(rows)-1])
	}
	return p
}

// addMeasuresTo reads the measures of all items in one statement.
func addMeasuresTo(ctx context.Context, tx *tenants.Tx, items []Item) error {
	if len(items) == 0 {
		return nil
	}
	at := make(map[inspection.FindingID]int, len(items))
	ids := make([]inspection.FindingID, len(items))
	for i, it := range items {
		at[it.ID], ids[i] = i, it.ID
	}
	ms, err := measuresOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, m := range ms {
		it := &items[at[m.FindingID]]
		it.Measures = append(it.Measures, m)
	}
	return nil
}

// query is a page's statement being put together: fixed fragments and named
// arguments, never values.
type query struct {
	scope      tenants.Scope
	joins      []string // tables that the conditions and the order need, beside the case's own
	conditions []string // what the rows must fulfil
	after      string   // where the page begins, or empty
	by         string   // the order of the rows
	limit      int
	whole      bool // every row has to be looked at: no index serves conditions and order
	args       pgx.StrictNamedArgs
}

// need adds tables that conditions or the order speak of.
func (q *query) need(joins ...string) {
	for _, j := range joins {
		if !slices.Contains(q.joins, j) {
			q.joins = append(q.joins, j)
		}
	}
}

// page finds the rows of the page in as few tables as the filter allows, most
// often the cases alone, and reads the rest for these rows only.
func (q *query) page(ctx context.Context, tx *tenants.Tx, today inspection.Day, by order[Item]) (p inspection.Page[Item], err error) {
	where := strings.Join(q.conditions, " and ")
	page := where
	if q.after != "" {
		page += " and " + q.after
	}
	q.args["limit"] = q.limit + 1
	from := `rectifications r` + strings.Join(q.joins, "")
	rows, _ := tx.Query(ctx, `
		with p as materialized (
			select r.* from `+from+`
			where `+page+`
			order by `+q.by+`
			limit @limit)
		select `+itemColumns+`, (select count(*) from `+from+` where `+where+`) as total
		from p r`+withFinding+withUnit+withOffice+withReview+`
		order by `+q.by, q.args)
	type counted struct {
		itemRow
		Total int `db:"total"`
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
	if err != nil {
		return p, fmt.Errorf("list items: %w", err)
	}
	items, total := make([]Item, 0, len(found)), 0
	for _, row := range found[:min(len(found), q.limit)] {
		items, total = append(items, row.item(q.scope, today)), row.Total
	}
	return paged(items, total, len(found) > q.limit, by), nil
}
