package linkage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// CommonIssues are the tags that issued findings of the offices below carry
// (共性问题), and from when on an issue counts as common.
type CommonIssues struct {
	Items       []CommonIssue `json:"items" nullable:"false" doc:"The most widespread first"`
	Offices     []Whose       `json:"offices" nullable:"false" doc:"The columns, by region code"`
	MinOffices  int           `json:"min_offices" doc:"An issue is common in at least so many offices"`
	MinFindings int           `json:"min_findings" doc:"and with at least so many findings"`
}

// Whose is an office that findings belong to.
type Whose struct {
	Slug  string `json:"slug" db:"slug"`
	Name  string `json:"name" db:"name"`
	Level string `json:"level" db:"level" enum:"province,city,county"`
}

// CommonIssue is one tag.
type CommonIssue struct {
	Tag      string `json:"tag"`
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

// CommonIssues counts the tags over the offices of the scope's reach and below.
func (s *Service) CommonIssues(ctx context.Context, scope tenants.Scope) (c CommonIssues, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		p, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		c.MinOffices, c.MinFindings = p.CommonOffices, p.CommonFindings
		if c.Offices, err = officesBelow(ctx, tx); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select tag, t.slug, count(*)::int as findings, count(distinct f.unit_id)::int as units
			from findings f join tenants t on t.id = f.tenant_id, unnest(f.tags) tag
			where `+tenants.Reach("f")+` and f.tags <> '{}' and f.issued_at is not null and f.origin = 'patrol'
			group by tag, t.slug, t.code
			order by count(*) over (partition by tag) desc, sum(count(*)) over (partition by tag) desc, tag, t.code`)
		c.Items = []CommonIssue{}
		var tag string
		var cell Cell
		_, err = pgx.ForEachRow(rows, []any{&tag, &cell.Office, &cell.Findings, &cell.Units}, func() error {
			c.count(tag, cell)
			return nil
		})
		if err != nil {
			return fmt.Errorf("count tags: %w", err)
		}
		return nil
	})
	return c, err
}

// count adds one cell; the cells of a tag come one after another.
func (c *CommonIssues) count(tag string, cell Cell) {
	if n := len(c.Items); n == 0 || c.Items[n-1].Tag != tag {
		c.Items = append(c.Items, CommonIssue{Tag: tag})
	}
	i := &c.Items[len(c.Items)-1]
	i.Cells = append(i.Cells, cell)
	i.Offices++
	i.Findings += cell.Findings
	i.Units += cell.Units
	i.Common = i.Offices >= c.MinOffices && i.Findings >= c.MinFindings
}

func officesBelow(ctx context.Context, tx *tenants.Tx) ([]Whose, error) {
	rows, _ := tx.Query(ctx, `
		select slug, name, level from tenants
		where id between current_setting('app.lo')::int and current_setting('app.hi')::int
		order by code`)
	ws, err := pgx.CollectRows(rows, pgx.RowToStructByName[Whose])
	if err != nil {
		return nil, fmt.Errorf("list offices: %w", err)
	}
	return ws, nil
}

// Source is a finding that a notice rests on, or may rest on.
type Source struct {
	ID         inspection.FindingID `json:"id" db:"id"`
	Number     string               `json:"number" db:"number"`
	Office     string               `json:"office" db:"slug"`
	OfficeName string               `json:"office_name" db:"office_name"`
	UnitName   string               `json:"unit_name" db:"unit_name"`
	Text       string               `json:"text" db:"text"`
	Tenant     tenants.ID           `json:"-" db:"tenant_id"`
}

const sourceColumns = `f.tenant_id, f.id, f.number, t.slug, t.name as office_name, u.name as unit_name, f.text`

const sourceTables = `findings f join tenants t on t.id = f.tenant_id join units u on u.tenant_id = f.tenant_id and u.id = f.unit_id`

// Tagged lists the issued findings that carry a tag. That somebody above read
// them is written down in their offices.
func (s *Service) Tagged(ctx context.Context, scope tenants.Scope, tag string) (fs []Source, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+sourceColumns+` from `+sourceTables+`
			where `+tenants.Reach("f")+` and f.tags <> '{}' and @tag = any(f.tags) and f.issued_at is not null
			  and f.origin = 'patrol'
			order by t.code, f.number
			limit 500`, pgx.StrictNamedArgs{"tag": tag})
		if fs, err = pgx.CollectRows(rows, pgx.RowToStructByName[Source]); err != nil {
			return fmt.Errorf("list tagged findings: %w", err)
		}
		count := map[tenants.ID]int{}
		for _, f := range fs {
			count[f.Tenant]++
		}
		readAbove(tx, count, "共性问题："+tag)
		return nil
	})
	return fs, err
}

// basis lists the findings that an own notice rests on.
func basis(ctx context.Context, tx *tenants.Tx, n Notice) ([]Source, error) {
	rows, _ := tx.Query(ctx, `
		select `+sourceColumns+` from notice_basis b
		join findings f on f.tenant_id = b.finding_tenant and f.id = b.finding_id
		join tenants t on t.id = f.tenant_id join units u on u.tenant_id = f.tenant_id and u.id = f.unit_id
		where `+tenants.Own("b")+` and b.notice_id = @id and b.edition = @edition
		order by t.code, f.number`, pgx.StrictNamedArgs{"id": n.ID, "edition": n.Edition})
	fs, err := pgx.CollectRows(rows, pgx.RowToStructByName[Source])
	if err != nil {
		return nil, fmt.Errorf("list the basis: %w", err)
	}
	return fs, nil
}
