package rectification

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Tasks lists what the caller has to do about imports: those read and not yet
// run, those that failed, and one's own that ended and whose result is not
// known yet.
func (s *Imports) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !slices.Contains(byImporters, tx.Scope().Role()) {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select `+importColumns+`
		from `+importJoins+`
		where `+tenants.Own("i")+` and i.member_id = @member
		  and (i.state in (@read, @failed) or i.state = @done and i.known_at is null)
		order by i.made_at, i.id`,
		pgx.StrictNamedArgs{"member": tx.Scope().Member(), "read": ImportRead, "failed": ImportFailed, "done": ImportDone})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Import])
	if err != nil {
		return nil, fmt.Errorf("list imports to do: %w", err)
	}
	tasks := make([]inspection.Task, 0, len(all))
	for _, im := range all {
		tasks = append(tasks, im.task())
	}
	return tasks, nil
}

func (im Import) task() inspection.Task {
	t := inspection.Task{Kind: "import", ID: im.ID.UUID, Source: im.UnitName, By: im.MadeBy, Since: im.MadeAt}
	switch im.State {
	case ImportRead:
		t.Verb, t.Title = "核对", "待导入的台账："+im.FileName
	case ImportFailed:
		t.Verb, t.Title = "处理", fmt.Sprintf("台账导入未完成（%d/%d）：%s", im.Done, im.Total, im.FileName)
	default:
		t.Verb, t.Title = "查看", "台账导入完成："+im.FileName
	}
	if im.EndedAt != nil {
		t.Since = *im.EndedAt
	}
	return t
}

// Know writes that the caller knows the result of an import.
func (s *Imports) Know(ctx context.Context, scope tenants.Scope, id inspection.ImportID) (Import, error) {
	var im Import
	err := s.in(ctx, scope, func(tx *tenants.Tx) (err error) {
		if im, err = importByID(ctx, tx, id, forUpdate); err != nil {
			return err
		}
		if im.EndedAt == nil {
			return inspection.Errorf(inspection.Conflict, "import.not-done", "这次导入还没有完成。")
		}
		if im.KnownAt == nil {
			if err := im.know(ctx, tx, s.Clock()); err != nil {
				return err
			}
		}
		return s.look(ctx, tx, &im)
	})
	return im, err
}

func (im *Import) know(ctx context.Context, tx *tenants.Tx, at time.Time) error {
	_, err := tx.Exec(ctx, `update imports i set known_at = @at where `+tenants.Own("i")+` and id = @id`,
		pgx.StrictNamedArgs{"at": at, "id": im.ID})
	if err != nil {
		return fmt.Errorf("write that the result is known: %w", err)
	}
	tx.Journal(im.entry("import.known", "已知悉导入结果", ""))
	return nil
}
