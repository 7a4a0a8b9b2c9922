package linkage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// address stores the notice's basis and recipients, as the edition that counts.
func (s *Service) address(ctx context.Context, tx *tenants.Tx, n Notice, c Composing) error {
	if n.ParentID == nil {
		if err := citeFindings(ctx, tx, n, c); err != nil {
			return err
		}
	}
	args := pgx.StrictNamedArgs{"notice": n.ID, "edition": n.Edition, "slugs": c.Offices, "units": c.Units}
	tag, err := tx.Exec(ctx, `
		insert into notice_recipients (notice_id, edition, office)
		select @notice, @edition, t.id
		from tenants t join tenants own on own.id = current_setting('app.tenant')::int
		where t.slug = any(@slugs::text[]) and t.id > own.lo and t.id <= own.hi`,
		pgx.StrictNamedArgs{"notice": n.ID, "edition": n.Edition, "slugs": c.Offices})
	if err != nil {
		return fmt.Errorf("address notice: %w", err)
	}
	if int(tag.RowsAffected()) != len(c.Offices) {
		return unknownRecipient("/offices")
	}
	delete(args, "slugs")
	tag, err = tx.Exec(ctx, `
		insert into notice_recipients (notice_id, edition, office, unit_id)
		select @notice, @edition, u.tenant_id, u.id
		from units u
		where `+tenants.Own("u")+` and u.id = any(@units) and u.ended_on is null`, args)
	if err != nil {
		return fmt.Errorf("address notice: %w", err)
	}
	if int(tag.RowsAffected()) != len(c.Units) {
		return unknownRecipient("/units")
	}
	return nil
}

func unknownRecipient(pointer string) error {
	return inspection.InvalidFields("notice.recipients", "未能保存通报：接收范围有误，请重新选择。", inspection.Field{
		Pointer: pointer, Code: "unknown-recipient", Message: "只能选择本级所辖的单位，且不能重复。",
	})
}

// citeFindings stores the findings that the notice rests on. That somebody above
// read them is written down in the offices that they belong to.
func citeFindings(ctx context.Context, tx *tenants.Tx, n Notice, c Composing) error {
	fs, err := cited(ctx, tx, n.Tag, c.Findings)
	if err != nil {
		return err
	}
	if len(fs) == 0 || len(c.Findings) > 0 && len(fs) != len(c.Findings) {
		return inspection.InvalidFields("notice.basis", "未能保存通报：通报应以至少一个已反馈的问题为依据。",
			inspection.Field{Pointer: "/findings", Code: "unknown-finding", Message: "请重新选择作为依据的问题。"})
	}
	var b pgx.Batch
	count := map[tenants.ID]int{}
	for _, f := range fs {
		count[f.Tenant]++
		b.Queue(`
			insert into notice_basis (notice_id, edition, finding_tenant, finding_id)
			values (@notice, @edition, @tenant, @finding)`,
			pgx.StrictNamedArgs{"notice": n.ID, "edition": n.Edition, "tenant": f.Tenant, "finding": f.ID})
	}
	readAbove(tx, count, "通报依据："+n.Tag)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("store the basis: %w", err)
	}
	return nil
}

// cited finds the chosen findings, or, where none is chosen, those that are counted
// with the tag.
func cited(ctx context.Context, tx *tenants.Tx, tag string, chosen []FindingRef) ([]numbered, error) {
	if len(chosen) > 0 {
		return reached(ctx, tx, chosen)
	}
	args := pgx.StrictNamedArgs{"tag": tag}
	rows, _ := tx.Query(ctx, `
		select f.tenant_id, f.id, f.number from (`+Narrow{}.issues(ByTag, args)+`) i
		join findings f on (f.tenant_id, f.id) = (i.tenant_id, i.id)
		where i.tag = @tag`, args)
	fs, err := pgx.CollectRows(rows, pgx.RowToStructByName[numbered])
	if err != nil {
		return nil, fmt.Errorf("find the basis: %w", err)
	}
	return fs, nil
}

// readAbove writes down, in each office below, that somebody above read so many of
// its findings.
func readAbove(tx *tenants.Tx, count map[tenants.ID]int, why string) {
	for office, n := range count {
		if office == tx.Scope().Tenant() {
			continue
		}
		tx.Journal(tenants.Entry{
			Office: office, Action: "finding.list-above", Object: "finding",
			Detail: tenants.Detail{Title: "上级查阅", Text: fmt.Sprintf("%s（%d 条）", why, n)},
		})
	}
}
