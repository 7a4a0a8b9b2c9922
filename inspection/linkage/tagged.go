package linkage

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/tenants"
)

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

// Tagged is a finding behind a count.
type Tagged struct {
	Source
	FeedbackOn *inspection.Day `json:"feedback_on" nullable:"true" db:"feedback_on"`
	Mark       bool            `json:"mark" db:"mark" doc:"The reader's own office gave it this tag, and can take it off"`
}

// Behind is which findings are asked for: those of one tag or one code, of one office
// or all.
type Behind struct {
	By     By
	Tag    string // or the code
	Office string // slug; empty for all
	Narrow
}

// rowsShown is how many findings stand behind one count at most: nobody reads more,
// and a longer list is narrowed or taken out as a workbook.
const rowsShown = 500

// Tagged lists the findings behind a count. That somebody above read them is written
// down in their offices.
func (s *Service) Tagged(ctx context.Context, scope tenants.Scope, b Behind) (fs []Tagged, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		args := pgx.StrictNamedArgs{"tag": b.Tag, "most": rowsShown}
		office := ""
		if b.Office != "" {
			args["office"], office = b.Office, ` and t.slug = @office`
		}
		rows, _ := tx.Query(ctx, `
			select `+sourceColumns+`, f.feedback_on, f.tenant_id = current_setting('app.tenant')::int and @tag = any(f.tags)
				or exists (select from finding_marks m where `+tenants.Own("m")+` and m.tag = @tag
				and m.finding_tenant = f.tenant_id and m.finding_id = f.id and m.ended_at is null) as mark
			from (`+b.issues(b.By, args)+`) i join `+sourceTables+` on (f.tenant_id, f.id) = (i.tenant_id, i.id)
			where i.tag = @tag`+office+`
			order by t.code, f.number
			limit @most`, args)
		if fs, err = pgx.CollectRows(rows, pgx.RowToStructByName[Tagged]); err != nil {
			return fmt.Errorf("list tagged findings: %w", err)
		}
		count := map[tenants.ID]int{}
		for _, f := range fs {
			count[f.Tenant]++
		}
		readAbove(tx, count, "共性问题："+b.Tag)
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

// Tagging gives one tag to many findings, or takes it off them.
type Tagging struct {
	Tag      string       `json:"tag" minLength:"1" maxLength:"40" doc:"共性标签"`
	Findings []FindingRef `json:"findings" minItems:"1" maxItems:"500" nullable:"false"`
}

// TaggingDone is what a [Tagging] came to.
type TaggingDone struct {
	Tag     string `json:"tag"`
	Changed int    `json:"changed"`
	Left    int    `json:"left" doc:"Findings that had it already, or to which it was not given here"`
}

// Tag gives a tag to issued findings of the own office or of offices below, all or
// none. An own finding carries it from now on; to one below it is a mark that is kept
// here, since nothing is written there.
func (s *Service) Tag(ctx context.Context, scope tenants.Scope, t Tagging) (TaggingDone, error) {
	return s.tag(ctx, scope, t, "标注共性标签", "issue.tag", findings.GiveTag, `
		insert into finding_marks (tag, finding_tenant, finding_id, given_at, given_by)
		select @tag, tenant, id, @at, @by from unnest(@offices::int[], @ids::uuid[]) as x (tenant, id)
		on conflict (tenant_id, tag, finding_tenant, finding_id)
		do update set given_at = @at, given_by = @by, ended_at = null, ended_by = '' where finding_marks.ended_at is not null`)
}

// Untag takes a tag off findings to which the own office gave it.
func (s *Service) Untag(ctx context.Context, scope tenants.Scope, t Tagging) (TaggingDone, error) {
	return s.tag(ctx, scope, t, "取消共性标签", "issue.untag", findings.TakeTag, `
		update finding_marks m set ended_at = @at, ended_by = @by
		from unnest(@offices::int[], @ids::uuid[]) as x (tenant, id)
		where `+tenants.Own("m")+` and m.tag = @tag and m.finding_tenant = x.tenant and m.finding_id = x.id and m.ended_at is null`)
}

func (s *Service) tag(ctx context.Context, scope tenants.Scope, t Tagging, title, act string,
	own func(context.Context, *tenants.Tx, findings.Tag, []inspection.FindingID) (int, error), marks string,
) (done TaggingDone, err error) {
	if err := scope.Role().Allow(office...); err != nil {
		return done, err
	}
	var bad inspection.Fields
	if t.Tag, bad = inspection.CleanText("/tag", t.Tag, true, 40); len(bad) > 0 {
		return done, inspection.InvalidFields("issue.tag", "未能标注：请按提示修改标签。", bad...)
	}
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		chosen, err := issued(ctx, tx, t.Findings)
		if err != nil {
			return err
		}
		var mine []inspection.FindingID
		var offices []tenants.ID
		var ids []inspection.FindingID
		var numbers []string
		count := map[tenants.ID]int{}
		for _, f := range chosen {
			numbers = append(numbers, f.Number)
			if count[f.Tenant]++; f.Tenant == scope.Tenant() {
				mine = append(mine, f.ID)
			} else {
				offices, ids = append(offices, f.Tenant), append(ids, f.ID)
			}
		}
		if done.Changed, err = own(ctx, tx, findings.Tag(t.Tag), mine); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, marks, pgx.StrictNamedArgs{
			"tag": t.Tag, "offices": offices, "ids": ids, "at": s.Clock(), "by": actor(scope),
		})
		if err != nil {
			return fmt.Errorf("mark findings: %w", err)
		}
		done.Tag, done.Changed = t.Tag, done.Changed+int(tag.RowsAffected())
		done.Left = len(chosen) - done.Changed
		tx.Journal(tenants.Entry{
			Action: act, Object: "common-issue", After: t,
			Detail: tenants.Detail{
				Title: title,
				Text:  inspection.Line(fmt.Sprintf("%s：%d 条（%s）", t.Tag, done.Changed, strings.Join(numbers, "、"))),
			},
		})
		readAbove(tx, count, title+"："+t.Tag)
		return nil
	})
	return done, err
}

// numbered is an issued finding that somebody chose.
type numbered struct {
	Tenant tenants.ID           `db:"tenant_id"`
	ID     inspection.FindingID `db:"id"`
	Number string               `db:"number"`
}

// issued is [reached], which fails unless it finds all of them.
func issued(ctx context.Context, tx *tenants.Tx, refs []FindingRef) ([]numbered, error) {
	fs, err := reached(ctx, tx, refs)
	if err == nil && len(fs) != len(refs) {
		return nil, inspection.InvalidFields("issue.findings", "未能办理：所选问题有变化，请刷新后重新选择。",
			inspection.Field{Pointer: "/findings", Code: "unknown-finding", Message: "只能选择本级和下级已反馈的问题，每条一次。"})
	}
	return fs, err
}

// reached finds the chosen findings among the issued ones of the scope's reach.
func reached(ctx context.Context, tx *tenants.Tx, refs []FindingRef) ([]numbered, error) {
	ids, slugs := make([]inspection.FindingID, len(refs)), make([]string, len(refs))
	for i, f := range refs {
		ids[i], slugs[i] = f.ID, string(f.Office)
	}
	rows, _ := tx.Query(ctx, `
		select distinct f.tenant_id, f.id, f.number from unnest(@slugs::text[], @ids::uuid[]) as x (slug, id)
		join tenants t on t.slug = x.slug
		join findings f on f.tenant_id = t.id and f.id = x.id
		where `+tenants.Reach("f")+` and f.issued_at is not null and f.origin = 'patrol'
		order by f.number`, pgx.StrictNamedArgs{"ids": ids, "slugs": slugs})
	fs, err := pgx.CollectRows(rows, pgx.RowToStructByName[numbered])
	if err != nil {
		return nil, fmt.Errorf("find chosen findings: %w", err)
	}
	return fs, nil
}
