package linkage

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// By is what common issues are counted by.
type By string

// What they are counted by.
const (
	ByTag      By = "tag"      // 共性标签
	ByCategory By = "category" // the code of the taxonomy
)

// Bys lists what common issues are counted by.
func Bys() []By { return []By{ByTag, ByCategory} }

// Narrow narrows issued findings. Its zero value leaves all of them.
type Narrow struct {
	Area  string // the beginning of a code of the taxonomy: B, B03 (领域)
	Focus int    // one of the four focuses; 0 for all
	From  *inspection.Day
	Until *inspection.Day // the day of the feedback, both included
}

// where is the condition on findings f, issued ones of the inspection within the
// scope's reach.
func (n Narrow) where(args pgx.StrictNamedArgs) string {
	var b strings.Builder
	b.WriteString(tenants.Reach("f") + ` and f.issued_at is not null and f.origin = 'patrol'`)
	add := func(name, condition string, value any) {
		args[name] = value
		b.WriteString(" and " + condition)
	}
	if n.Area != "" {
		add("area", `left(f.taxonomy, length(@area)) = @area`, n.Area)
	}
	if n.Focus != 0 {
		add("focus", `f.focus = @focus`, n.Focus)
	}
	if n.From != nil {
		add("from", `f.feedback_on >= @from`, *n.From)
	}
	if n.Until != nil {
		add("until", `f.feedback_on <= @until`, *n.Until)
	}
	return b.String()
}

// issues are the findings that n leaves, each with what it is counted by: its tags,
// those that offices gave from above, and for a tag that is counted with another the
// other. A finding counts once, however it came by a tag.
func (n Narrow) issues(by By, args pgx.StrictNamedArgs) string {
	where := n.where(args)
	if by == ByCategory {
		return `select f.tenant_id, f.id, f.unit_id, f.taxonomy as tag from findings f where ` + where + ` and f.taxonomy is not null`
	}
	merged := ` left join tag_merges g on ` + tenants.Own("g") + ` and g.ended_at is null and g.tag = `
	return `
		select f.tenant_id, f.id, f.unit_id, coalesce(g.into_tag, x.tag) as tag
		from findings f cross join lateral unnest(f.tags) as x (tag)` + merged + `x.tag
		where ` + where + ` and f.tags <> '{}'
		union
		select f.tenant_id, f.id, f.unit_id, coalesce(g.into_tag, m.tag)
		from finding_marks m join findings f on f.tenant_id = m.finding_tenant and f.id = m.finding_id` + merged + `m.tag
		where ` + tenants.Reach("m") + ` and m.ended_at is null and ` + where
}

// CommonIssues are the tags that issued findings of the offices below carry
// (共性问题), or their codes, and from when on an issue counts as common.
type CommonIssues struct {
	Items       []CommonIssue `json:"items" nullable:"false" doc:"The most widespread first"`
	Offices     []Column      `json:"offices" nullable:"false" doc:"The columns, by region code"`
	MinOffices  int           `json:"min_offices" doc:"An issue is common in at least so many offices"`
	MinFindings int           `json:"min_findings" doc:"and with at least so many findings"`
	Merges      []Merge       `json:"merges" nullable:"false" doc:"Tags that the office counts with another"`
}

// Whose is an office that findings belong to.
type Whose struct {
	Slug  string `json:"slug" db:"slug"`
	Name  string `json:"name" db:"name"`
	Level string `json:"level" db:"level" enum:"province,city,county"`
}

// Column is an office with its findings.
type Column struct {
	Whose
	City  string `json:"city" db:"city" doc:"Slug of the office above it"`
	Count int    `json:"findings" db:"findings" doc:"Issued findings in the same narrowing: what shares are taken of"`
}

// CommonIssue is one tag, or one code of the taxonomy.
type CommonIssue struct {
	Tag      string `json:"tag" doc:"The tag, or the words of the code"`
	Code     string `json:"code,omitempty" doc:"Of the taxonomy"`
	Offices  int    `json:"offices" doc:"In how many offices"`
	Units    int    `json:"units" doc:"In how many units"`
	Findings int    `json:"findings"`
	Common   bool   `json:"common" doc:"Past both thresholds of the policy"`
	Cells    []Cell `json:"cells" nullable:"false" doc:"Offices that have it"`
}

// Cell is one tag in one office.
type Cell struct {
	Office   string `json:"office" db:"slug"`
	Findings int    `json:"findings" db:"findings"`
	Units    int    `json:"units" db:"units"`
}

// CommonIssues counts the tags, or the codes, over the offices of the scope's reach
// and below.
func (s *Service) CommonIssues(ctx context.Context, scope tenants.Scope, by By, n Narrow) (c CommonIssues, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		c, err = s.Count(ctx, tx, by, n)
		return err
	})
	return c, err
}

// Count is [Service.CommonIssues] within a transaction that has the reach of
// [tenants.Scope.Wide].
func (s *Service) Count(ctx context.Context, tx *tenants.Tx, by By, n Narrow) (c CommonIssues, err error) {
	p, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return c, err
	}
	c.MinOffices, c.MinFindings, c.Items = p.CommonOffices, p.CommonFindings, []CommonIssue{}
	if c.Offices, err = officesBelow(ctx, tx, n); err != nil {
		return c, err
	}
	if c.Merges, err = merges(ctx, tx); err != nil {
		return c, err
	}
	args := pgx.StrictNamedArgs{}
	rows, _ := tx.Query(ctx, `
		select coalesce(c.label, i.tag), coalesce(c.code, ''), t.slug, count(*)::int as findings, count(distinct i.unit_id)::int as units
		from (`+n.issues(by, args)+`) i join tenants t on t.id = i.tenant_id
		left join taxonomy c on `+map[By]string{ByCategory: "c.code = i.tag", ByTag: "false"}[by]+`
		group by i.tag, c.label, c.code, t.slug, t.code
		order by count(*) over (partition by i.tag) desc, sum(count(*)) over (partition by i.tag) desc, i.tag, t.code`, args)
	var tag, code string
	var cell Cell
	_, err = pgx.ForEachRow(rows, []any{&tag, &code, &cell.Office, &cell.Findings, &cell.Units}, func() error {
		c.count(tag, code, cell)
		return nil
	})
	if err != nil {
		return c, fmt.Errorf("count tags: %w", err)
	}
	return c, nil
}

// count adds one cell; the cells of a tag come one after another.
func (c *CommonIssues) count(tag, code string, cell Cell) {
	if n := len(c.Items); n == 0 || c.Items[n-1].Tag != tag || c.Items[n-1].Code != code {
		c.Items = append(c.Items, CommonIssue{Tag: tag, Code: code})
	}
	i := &c.Items[len(c.Items)-1]
	i.Cells = append(i.Cells, cell)
	i.Offices++
	i.Findings += cell.Findings
	i.Units += cell.Units
	i.Common = i.Offices >= c.MinOffices && i.Findings >= c.MinFindings
}

func officesBelow(ctx context.Context, tx *tenants.Tx, n Narrow) ([]Column, error) {
	args := pgx.StrictNamedArgs{}
	rows, _ := tx.Query(ctx, `
		with counts as (select f.tenant_id, count(*)::int as findings from findings f where `+n.where(args)+` group by f.tenant_id)
		select t.slug, t.name, t.level, coalesce(above.slug, '') as city, coalesce(c.findings, 0) as findings
		from tenants t left join counts c on c.tenant_id = t.id left join tenants above on above.id = t.parent
		where t.id between current_setting('app.lo')::int and current_setting('app.hi')::int
		order by t.code`, args)
	ws, err := pgx.CollectRows(rows, pgx.RowToStructByName[Column])
	if err != nil {
		return nil, fmt.Errorf("list offices: %w", err)
	}
	return ws, nil
}
