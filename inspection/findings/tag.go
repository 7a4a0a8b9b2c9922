package findings

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// maxTags is how many tags one finding carries.
const maxTags = 50

// GiveTag gives a tag to findings of the own office, and says how many had none such.
// Findings that are full refuse it, all of them.
func GiveTag(ctx context.Context, tx *tenants.Tx, tag Tag, ids []inspection.FindingID) (int, error) {
	n, err := retag(ctx, tx, tag, ids, "标注共性标签", `array_append(f.tags, @tag::text) where not f.tags @> array[@tag::text]`)
	if err != nil || n == 0 {
		return n, err
	}
	var full bool
	err = tx.QueryRow(ctx, `select exists (select from findings f where `+tenants.Own("f")+` and f.id = any(@ids) and cardinality(f.tags) > @most)`,
		pgx.StrictNamedArgs{"ids": ids, "most": maxTags}).Scan(&full)
	if err != nil {
		return 0, fmt.Errorf("count tags: %w", err)
	}
	if full {
		return 0, inspection.Errorf(inspection.Conflict, "findings.tags", "未能标注：有问题已带 %d 个标签，请先取消不用的标签。", maxTags)
	}
	return n, nil
}

// TakeTag takes a tag off findings of the own office, and says how many had it.
func TakeTag(ctx context.Context, tx *tenants.Tx, tag Tag, ids []inspection.FindingID) (int, error) {
	return retag(ctx, tx, tag, ids, "取消共性标签", `array_remove(f.tags, @tag::text) where f.tags @> array[@tag::text]`)
}

func retag(ctx context.Context, tx *tenants.Tx, tag Tag, ids []inspection.FindingID, title, change string) (int, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	rows, _ := tx.Query(ctx, `
		update findings f set version = version + 1, tags = `+change+` and `+tenants.Own("f")+` and f.id = any(@ids)
		returning `+columns, pgx.StrictNamedArgs{"tag": string(tag), "ids": ids})
	fs, err := pgx.CollectRows(rows, pgx.RowToStructByName[Finding])
	if err != nil {
		return 0, fmt.Errorf("tag findings: %w", err)
	}
	for _, f := range fs {
		tx.Journal(tenants.Entry{
			Action: "finding.tag", Object: "finding", ID: f.ID.UUID, After: f,
			Detail: tenants.Detail{Title: title, Text: string(tag), Number: f.Number},
		})
	}
	return len(fs), nil
}
