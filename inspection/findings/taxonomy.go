package findings

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Code is one node of the taxonomy: an aspect (A), a class (A01) or a kind
// (A0101). All offices share it, so that roll-ups stay comparable.
type Code struct {
	Code   string  `json:"code" db:"code" maxLength:"5"`
	Parent *string `json:"parent" db:"parent" maxLength:"5"`
	Label  string  `json:"label" db:"label" maxLength:"60"`
}

// Focus is one of the four focuses (四个聚焦) of inspection at the grass roots.
type Focus struct {
	Focus int    `json:"focus" minimum:"1" maximum:"4"`
	Label string `json:"label" maxLength:"60"`
	Short string `json:"short" maxLength:"20"`
}

var focuses = []Focus{
	{1, "党的路线方针政策和党中央决策部署在基层落实情况", "决策部署落实"},
	{2, "群众身边腐败问题和不正之风", "群众身边腐败和作风"},
	{3, "基层党组织领导班子和干部队伍建设", "基层党组织建设"},
	{4, "巡察整改和成果运用情况", "整改和成果运用"},
}

// Focuses lists the four focuses in their order.
func Focuses() []Focus { return focuses }

// Taxonomy returns the code tree, parents before their children.
func (s *Service) Taxonomy(ctx context.Context, scope tenants.Scope) (codes []Code, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `select code, parent, label from taxonomy order by code collate "C"`)
		codes, err = pgx.CollectRows(rows, pgx.RowToStructByName[Code])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list taxonomy: %w", err)
	}
	return codes, nil
}

// known refuses codes that the taxonomy does not have.
func known(ctx context.Context, tx *tenants.Tx, ns []New) error {
	for i, n := range ns {
		if n.Taxonomy == nil {
			continue
		}
		var exists bool
		err := tx.QueryRow(ctx, `select exists (select from taxonomy where code = @code)`,
			pgx.StrictNamedArgs{"code": *n.Taxonomy}).Scan(&exists)
		if err != nil {
			return fmt.Errorf("look up taxonomy: %w", err)
		}
		if !exists {
			return inspection.InvalidFields("findings.taxonomy", "分类代码不存在，请重新选择。", inspection.Field{
				Pointer: fmt.Sprintf("/findings/%d/taxonomy", i), Code: "unknown-code", Message: "分类代码不存在。",
			})
		}
	}
	return nil
}
