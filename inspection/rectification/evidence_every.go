package rectification

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// EvidenceRow is one file of the catalogue of evidence (佐证目录).
type EvidenceRow struct {
	Evidence
	Number   string          `db:"number"` // of the item
	UnitName string          `db:"unit_name"`
	Problem  string          `db:"problem"`
	Feedback *inspection.Day `db:"feedback_on"`
	Seq      *int            `db:"seq"` // of the measure that it proves; nil for the whole item
}

// EveryEvidence calls fn with each file of the items that f finds, in f's order and
// then as they were uploaded, and returns the offices that the files belong to.
// Items that f finds past most are refused before the first.
func (s *Service) EveryEvidence(ctx context.Context, tx *tenants.Tx, f Filter, most int, fn func(EvidenceRow) error) ([]tenants.ID, error) {
	f.Cursor = ""
	q, err := f.where(tx.Scope(), s.Clock.Today(), problems)
	if err != nil {
		return nil, err
	}
	if _, err := place(q, f, itemSorts, "number", itemEnding); err != nil {
		return nil, err
	}
	offices, ids, err := every[inspection.FindingID](ctx, tx, q, `r.tenant_id, r.finding_id`, `rectifications r`, most)
	if err != nil {
		return nil, err
	}
	var owners []tenants.ID
	for at := 0; at < len(ids); at += everyChunk {
		end := min(at+everyChunk, len(ids))
		rows, _ := tx.Query(ctx, `
			select `+evidenceColumns+`, f.number, u.name as unit_name, f.text as problem, f.feedback_on, m.seq
			from unnest(@offices::int[], @ids::uuid[]) with ordinality p (tenant_id, finding_id, at)
			join evidence e on e.tenant_id = p.tenant_id and e.finding_id = p.finding_id and e.withdrawn_at is null
			join findings f on f.tenant_id = e.tenant_id and f.id = e.finding_id
			join units u on u.tenant_id = e.tenant_id and u.id = e.unit_id
			left join measures m on m.tenant_id = e.tenant_id and m.id = e.measure_id
			order by p.at, e.at, e.id`, pgx.StrictNamedArgs{"offices": offices[at:end], "ids": ids[at:end]})
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[EvidenceRow])
		if err != nil {
			return nil, fmt.Errorf("catalogue of evidence: %w", err)
		}
		for _, e := range all {
			e.see(tx.Scope(), e.Feedback)
			owners = append(owners, e.TenantID)
			if err := fn(e); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(owners)
	return slices.Compact(owners), nil
}

// Archived returns the files of one item for a zip, and leaves an entry that they
// were taken, together, out of the house: from above it needs a reason.
func (s *Service) Archived(ctx context.Context, scope tenants.Scope, id inspection.FindingID, reason string, most int64) (all []EvidenceRow, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		var size int64
		_, err := s.EveryEvidence(ctx, tx, Filter{Items: []inspection.FindingID{id}, Sort: "number"}, 1, func(e EvidenceRow) error {
			all = append(all, e)
			size += e.Size
			return nil
		})
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return inspection.Errorf(inspection.NotFound, "evidence.none", "此事项没有可下载的佐证，或你没有查看权限。")
		}
		if size > most {
			return inspection.Errorf(inspection.Invalid, "evidence.archive-large", "佐证合计超过 %d GB，请逐份下载。", most>>30)
		}
		first := all[0]
		entry := tenants.Entry{
			Office: first.TenantID, Action: "evidence.archive", Object: "finding", ID: id.UUID,
			Detail: tenants.Detail{Title: "打包下载佐证", Number: first.Number, Text: fmt.Sprintf("%d 份，%d 字节", len(all), size)},
		}
		if first.TenantID != scope.Tenant() {
			if reason, err = reasonAbove(reason); err != nil {
				return err
			}
			entry.Action, entry.Detail.Title = "evidence.archive-above", "上级打包下载佐证"
			entry.Detail.Text += "：" + reason
		}
		tx.Journal(entry)
		return nil
	})
	return all, err
}

// OpenArchived opens one of the files that [Service.Archived] returned, as the scope
// may take it ([Service.Content]). It leaves no entry of its own.
func (s *Service) OpenArchived(ctx context.Context, scope tenants.Scope, e Evidence) (r io.ReadCloser, whole bool, err error) {
	return s.content(ctx, scope, e, false)
}
