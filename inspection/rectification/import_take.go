package rectification

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// TakeBack takes a wrong import back as one batch. What nobody has touched since
// is withdrawn, or made what it was before; what somebody has worked on stays,
// and the row says why. Nothing is deleted and no number is given out again.
func (s *Imports) TakeBack(ctx context.Context, scope tenants.Scope, id inspection.ImportID, version int, reason string) (Import, error) {
	reason, fields := inspection.CleanText("/reason", reason, true, 200)
	if fields != nil {
		return Import{}, inspection.InvalidFields("reason", "请填写撤回的理由。", fields...)
	}
	return s.change(ctx, scope, id, version, TakeBackImport, func(tx *tenants.Tx, im *Import) error {
		// Withdrawn rows are hidden from everybody, and so from the update that withdraws them.
		if _, err := tx.Exec(ctx, `select set_config('app.withdrawn', 'shown', true)`); err != nil {
			return fmt.Errorf("show withdrawn rows: %w", err)
		}
		rows, err := importRows(ctx, tx, id, false, 0)
		if err != nil {
			return err
		}
		n, err := s.takeBack(ctx, tx, rows)
		if err != nil {
			return err
		}
		if err := settleRows(ctx, tx, id, rows); err != nil {
			return err
		}
		now := s.Clock()
		im.TakenAt, im.TakenBy = &now, scope.Name()
		tx.Journal(im.entry("import.take-back", "撤回导入", fmt.Sprintf("%s（撤回 %d 条，保留 %d 条）", reason, n[Withdrawn], n[Kept])))
		return nil
	})
}

// takeBack settles each row that the import wrote.
func (s *Imports) takeBack(ctx context.Context, tx *tenants.Tx, rows []ImportRow) (map[RowResult]int, error) {
	now, err := touches(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	n := map[RowResult]int{}
	for i := range rows {
		r := &rows[i]
		if r.Result != Added && r.Result != Updated {
			continue
		}
		if why := now[*r.Finding].since(r); why != "" {
			r.Result, r.Reason = Kept, why
		} else if err := s.undo(ctx, tx, r); err != nil {
			return nil, err
		}
		n[r.Result]++
	}
	return n, nil
}

// touched is what stands now of a problem that was imported.
type touched struct {
	ID        inspection.FindingID   `db:"id"`
	Finding   int                    `db:"version"`
	Case      int                    `db:"case_version"`
	Issued    bool                   `db:"issued"`
	Measures  []inspection.MeasureID `db:"measures"`
	Versions  []int                  `db:"versions"`
	Evidence  bool                   `db:"evidence"`
	HandedIn  bool                   `db:"handed_in"`
	Letters   bool                   `db:"letters"`
	Withdrawn bool                   `db:"withdrawn"`
}

// touches locks what an import wrote and says how it stands now.
func touches(ctx context.Context, tx *tenants.Tx, rows []ImportRow) (map[inspection.FindingID]touched, error) {
	ids := map[inspection.FindingID]bool{}
	for _, r := range rows {
		if r.Result == Added || r.Result == Updated {
			ids[*r.Finding] = true
		}
	}
	args := pgx.StrictNamedArgs{"ids": slices.Collect(maps.Keys(ids))}
	_, err := tx.Exec(ctx, `
		select from rectifications r where `+tenants.Own("r")+` and finding_id = any(@ids)
		order by finding_id
		for update`, args)
	if err != nil {
		return nil, fmt.Errorf("lock what was imported: %w", err)
	}
	found, _ := tx.Query(ctx, `
		select f.id, f.version, coalesce(r.version, 0) as case_version, f.issued_at is not null as issued,
			array(select m.id from measures m where (m.tenant_id, m.finding_id) = (f.tenant_id, f.id) and m.withdrawn_at is null
				order by m.id) as measures,
			array(select m.version from measures m where (m.tenant_id, m.finding_id) = (f.tenant_id, f.id) and m.withdrawn_at is null
				order by m.id) as versions,
			exists (select from evidence e where (e.tenant_id, e.finding_id) = (f.tenant_id, f.id)) as evidence,
			exists (select from submissions b where (b.tenant_id, b.finding_id) = (f.tenant_id, f.id)) as handed_in,
			exists (select from reminders n where (n.tenant_id, n.finding_id) = (f.tenant_id, f.id)
				and n.state = 'sent' and n.document <> '') as letters,
			f.withdrawn_at is not null as withdrawn
		from findings f left join rectifications r on (r.tenant_id, r.finding_id) = (f.tenant_id, f.id)
		where `+tenants.Own("f")+` and f.id = any(@ids)`, args)
	all, err := pgx.CollectRows(found, pgx.RowToStructByName[touched])
	if err != nil {
		return nil, fmt.Errorf("look at what was imported: %w", err)
	}
	by := map[inspection.FindingID]touched{}
	for _, t := range all {
		by[t.ID] = t
	}
	return by, nil
}

// since says why a row must stay: what was done with it since. It is empty if
// nothing was.
func (t touched) since(r *ImportRow) string {
	left := r.LeftAs
	switch {
	case t.Withdrawn:
		return "已在另一次撤回中撤回"
	case t.HandedIn:
		return "导入后已提交销号"
	case t.Evidence:
		return "导入后已上传佐证"
	case t.Letters:
		return "导入后已发出催办文书"
	case t.Finding != left.Finding || t.Case != left.Case:
		return "导入后已修改"
	case r.Before != nil && !r.Before.Issued && t.Issued:
		return "已随导入反馈给单位，不能撤回反馈"
	}
	known := 0
	for i, id := range t.Measures {
		v, ok := left.Measures[id]
		if ok {
			known++
		}
		if ok && v != t.Versions[i] || !ok && r.Result == Added {
			return "导入后措施已修改"
		}
	}
	if known != len(left.Measures) {
		return "导入后措施已修改"
	}
	return ""
}

// undo withdraws what was added, or puts back what was replaced.
func (s *Imports) undo(ctx context.Context, tx *tenants.Tx, r *ImportRow) error {
	if r.Result == Updated {
		return s.putBack(ctx, tx, r)
	}
	r.Result = Withdrawn
	return s.withdraw(ctx, tx, r)
}

func (s *Imports) withdraw(ctx context.Context, tx *tenants.Tx, r *ImportRow) error {
	id := *r.Finding
	args := pgx.StrictNamedArgs{"id": id, "at": s.Clock()}
	var b pgx.Batch
	b.Queue(`update measures m set withdrawn_at = @at where `+tenants.Own("m")+` and finding_id = @id`, args)
	b.Queue(`update rectifications r set withdrawn_at = @at where `+tenants.Own("r")+` and finding_id = @id`, args)
	b.Queue(`update findings f set withdrawn_at = @at, version = version + 1 where `+tenants.Own("f")+` and id = @id`, args)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("withdraw: %w", err)
	}
	tx.Journal(tenants.Entry{
		Action: "finding.withdraw", Object: "finding", ID: id.UUID,
		Detail: tenants.Detail{Title: "随导入撤回", Number: r.Number},
	})
	return nil
}

// putBack makes what an update replaced what it was.
func (s *Imports) putBack(ctx context.Context, tx *tenants.Tx, r *ImportRow) error {
	id, old := *r.Finding, r.Before
	r.Result, r.Reason = Withdrawn, "已恢复为导入前的内容"
	if err := s.putFinding(ctx, tx, id, r.Number, old.Category, old.AmountFen, &leftAs{}); err != nil || old.Case == nil {
		return err
	}
	before, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	c := before
	c.Goal, c.RecoveredFen = old.Case.Goal, old.Case.RecoveredFen
	if old.Case.Elsewhere != nil {
		c.Elsewhere = *old.Case.Elsewhere
	}
	if dayText(c.DueOn) != dayText(old.Case.DueOn) {
		now := s.Clock()
		c.DueOn, c.DueNote, c.DueVersion, c.DueSetAt = old.Case.DueOn, old.Case.DueNote, c.DueVersion+1, &now
		c.DueKind = DueImported
	}
	if c, err = s.Cases.save(ctx, tx, before, c); err != nil {
		return err
	}
	tx.Journal(c.entry("rectification.import", "撤回导入的更新", "", before))
	for _, m := range old.Measures {
		m.FindingID, m.Version = id, r.LeftAs.Measures[m.ID]
		if _, err := s.Cases.saveMeasure(ctx, tx, m); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `update measures m set withdrawn_at = @at where `+tenants.Own("m")+` and id = any(@ids)`,
		pgx.StrictNamedArgs{"at": s.Clock(), "ids": old.Added})
	if err != nil {
		return fmt.Errorf("withdraw measures: %w", err)
	}
	return nil
}
