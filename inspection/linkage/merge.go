package linkage

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Merge says that an office counts one tag with another (归并). Findings keep their
// tags, in all offices.
type Merge struct {
	Tag    string    `json:"tag" db:"tag"`
	Into   string    `json:"into" db:"into_tag"`
	Reason string    `json:"reason" db:"reason"`
	At     time.Time `json:"at" db:"merged_at"`
	By     string    `json:"by" db:"merged_by"`
}

// Size is how far a tag goes.
type Size struct {
	Findings int `json:"findings" db:"findings"`
	Offices  int `json:"offices" db:"offices"`
	Units    int `json:"units" db:"units"`
}

// Merging is what a merge does to the counts. Findings that carry both tags count
// once.
type Merging struct {
	Tag   Size `json:"tag" doc:"The tag that is counted with the other, before"`
	Into  Size `json:"into" doc:"The other, before"`
	After Size `json:"after"`
	Both  int  `json:"both" doc:"Findings that carry both"`
}

func (m Merging) String() string {
	return fmt.Sprintf("%d 条与 %d 条归并为 %d 条（%d 条兼有），命中 %d 个地区、%d 个单位",
		m.Tag.Findings, m.Into.Findings, m.After.Findings, m.Both, m.After.Offices, m.After.Units)
}

func merges(ctx context.Context, tx *tenants.Tx) ([]Merge, error) {
	rows, _ := tx.Query(ctx, `
		select g.tag, g.into_tag, g.reason, g.merged_at, g.merged_by from tag_merges g
		where `+tenants.Own("g")+` and g.ended_at is null
		order by g.into_tag, g.tag`)
	ms, err := pgx.CollectRows(rows, pgx.RowToStructByName[Merge])
	if err != nil {
		return nil, fmt.Errorf("list merges: %w", err)
	}
	return ms, nil
}

// TryMerge says what a merge would do to the counts.
func (s *Service) TryMerge(ctx context.Context, scope tenants.Scope, tag, into string) (m Merging, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		m, err = merging(ctx, tx, tag, into)
		return err
	})
	return m, err
}

// merging counts two tags before and after they are counted as one.
func merging(ctx context.Context, tx *tenants.Tx, tag, into string) (m Merging, err error) {
	if tag == into {
		return m, inspection.InvalidFields("issue.merge", "未能归并：请选择另一个标签。",
			inspection.Field{Pointer: "/into", Code: "choice", Message: "不能归并到自身。"})
	}
	args := pgx.StrictNamedArgs{"tag": tag, "into": into}
	sizes := func(filter string) string {
		return `count(distinct (i.tenant_id, i.id))` + filter + `::int, count(distinct i.tenant_id)` + filter +
			`::int, count(distinct (i.tenant_id, i.unit_id))` + filter + `::int`
	}
	err = tx.QueryRow(ctx, `
		select `+sizes(` filter (where i.tag = @tag)`)+`, `+sizes(` filter (where i.tag = @into)`)+`, `+sizes(``)+`
		from (`+Narrow{}.issues(ByTag, args)+`) i where i.tag in (@tag, @into)`, args).Scan(
		&m.Tag.Findings, &m.Tag.Offices, &m.Tag.Units, &m.Into.Findings, &m.Into.Offices, &m.Into.Units,
		&m.After.Findings, &m.After.Offices, &m.After.Units)
	if err != nil {
		return m, fmt.Errorf("count two tags: %w", err)
	}
	m.Both = m.Tag.Findings + m.Into.Findings - m.After.Findings
	for pointer, size := range map[string]Size{"/tag": m.Tag, "/into": m.Into} {
		if size.Findings == 0 {
			return m, inspection.InvalidFields("issue.merge", "未能归并：标签没有问题，或已归并到其他标签。请刷新后重新选择。",
				inspection.Field{Pointer: pointer, Code: "unknown-tag", Message: "没有已反馈的问题带这个标签。"})
		}
	}
	return m, nil
}

// MergeTags counts a tag with another from now on, in this office alone. What was
// counted with the first is counted with the second, too: no merge leads to another.
func (s *Service) MergeTags(ctx context.Context, scope tenants.Scope, tag, into, reason string) (m Merging, err error) {
	if err := scope.Role().Allow(above...); err != nil {
		return m, err
	}
	if reason, err = required("/reason", reason, 200); err != nil {
		return m, err
	}
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		// One merge at a time in an office: two at once could lead in a circle.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('tag_merges'), current_tenant())`); err != nil {
			return fmt.Errorf("lock merges: %w", err)
		}
		if m, err = merging(ctx, tx, tag, into); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			with moved as (
				update tag_merges g set into_tag = @into where `+tenants.Own("g")+` and g.into_tag = @tag and g.tag <> @into and g.ended_at is null)
			insert into tag_merges (tag, into_tag, reason, merged_at, merged_by) values (@tag, @into, @reason, @at, @by)
			on conflict (tenant_id, tag) do update
			set into_tag = @into, reason = @reason, merged_at = @at, merged_by = @by, ended_at = null`, pgx.StrictNamedArgs{
			"tag": tag, "into": into, "reason": reason, "at": s.Clock(), "by": actor(scope),
		})
		if err != nil {
			return fmt.Errorf("merge tags: %w", err)
		}
		tx.Journal(tenants.Entry{
			Action: "issue.merge", Object: "common-issue", Before: []Size{m.Tag, m.Into}, After: m.After,
			Detail: tenants.Detail{Title: "归并共性标签", Text: inspection.Line(fmt.Sprintf("“%s”归并到“%s”：%s。%s", tag, into, m, reason))},
		})
		return nil
	})
	return m, err
}

// EndMerge counts a tag for itself again.
func (s *Service) EndMerge(ctx context.Context, scope tenants.Scope, tag string) error {
	if err := scope.Role().Allow(above...); err != nil {
		return err
	}
	return s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		var into string
		err := tx.QueryRow(ctx, `
			update tag_merges g set ended_at = @at
			where `+tenants.Own("g")+` and g.tag = @tag and g.ended_at is null
			returning g.into_tag`, pgx.StrictNamedArgs{"tag": tag, "at": s.Clock()}).Scan(&into)
		if into, err = tenants.Found(into, err); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "issue.unmerge", Object: "common-issue",
			Detail: tenants.Detail{Title: "取消标签归并", Text: fmt.Sprintf("“%s”不再计入“%s”", tag, into)},
		})
		return nil
	})
}
