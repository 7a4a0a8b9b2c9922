package linkage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// decided adds to the hits of a notice's edition what was decided on them.
func decided(ctx context.Context, tx *tenants.Tx, n Notice, found []Hit) error {
	rows, _ := tx.Query(ctx, `
		select k.token, k.reason, k.asked_name, k.agreed_name, k.asked_by = @reader from notice_kept k
		where `+tenants.Own("k")+` and k.notice_id = @id and k.edition = @edition`,
		pgx.StrictNamedArgs{"id": n.ID, "edition": n.Edition, "reader": tx.Scope().Member()})
	var k Hit
	_, err := pgx.ForEachRow(rows, []any{&k.Token, &k.Reason, &k.Asked, &k.Agreed, &k.Mine}, func() error {
		for i := range found {
			if h := &found[i]; h.Token == k.Token {
				h.Reason, h.Asked, h.Agreed, h.Mine = k.Reason, k.Asked, k.Agreed, k.Mine
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("names that stay: %w", err)
	}
	return nil
}

// keep writes down why the composer keeps the words that name a source. Whoever
// agreed before agreed to another reason.
func (s *Service) keep(ctx context.Context, tx *tenants.Tx, n Notice, found []Hit, kept []Kept) (note string, err error) {
	var notes []string
	for _, k := range kept {
		if !slices.ContainsFunc(found, func(h Hit) bool { return h.Token == k.Token }) {
			continue // it was taken out meanwhile
		}
		reason, err := required("/keep", k.Reason, 200)
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
			insert into notice_kept (notice_id, edition, token, reason, asked_by, asked_name, asked_at)
			values (@id, @edition, @token, @reason, @by, @name, @at)
			on conflict (tenant_id, notice_id, edition, token) do update
			set reason = @reason, asked_by = @by, asked_name = @name, asked_at = @at, agreed_by = null, agreed_name = '', agreed_at = null`,
			pgx.StrictNamedArgs{
				"id": n.ID, "edition": n.Edition, "token": k.Token, "reason": reason,
				"by": tx.Scope().Member(), "name": tx.Scope().Name(), "at": s.Clock(),
			})
		if err != nil {
			return "", fmt.Errorf("keep a name: %w", err)
		}
		notes = append(notes, "保留“"+k.Token+"”："+reason)
	}
	return strings.Join(notes, "；"), nil
}

// Agree lets words that name a source stay in a notice that is to be signed. Nobody
// agrees to his own reason.
func (s *Service) Agree(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, version int, tokens []Line) (Notice, error) {
	return s.act(ctx, scope, id, version, KeepNames, func(tx *tenants.Tx, n *Notice) (string, error) {
		found, err := hits(ctx, tx, *n)
		if err != nil {
			return "", err
		}
		for _, token := range tokens {
			i := slices.IndexFunc(found, func(h Hit) bool { return h.Token == string(token) && h.Reason != "" })
			if i < 0 {
				return "", inspection.Errorf(inspection.Conflict, "notice.not-kept", "未能同意保留：词语或理由已有变化，请刷新后重新核对。")
			}
			if found[i].Mine {
				return "", inspection.Errorf(inspection.Forbidden, "notice.same-person", "保留的理由由你写明，须由另一人同意，或退回修改。")
			}
		}
		_, err = tx.Exec(ctx, `
			update notice_kept k set agreed_by = @by, agreed_name = @name, agreed_at = @at
			where `+tenants.Own("k")+` and k.notice_id = @id and k.edition = @edition and k.token = any(@tokens)`,
			pgx.StrictNamedArgs{
				"id": n.ID, "edition": n.Edition, "tokens": tokens, "by": scope.Member(), "name": scope.Name(), "at": s.Clock(),
			})
		if err != nil {
			return "", fmt.Errorf("agree to a name: %w", err)
		}
		note := "同意保留"
		for _, token := range tokens {
			note += "“" + string(token) + "”"
		}
		return note, nil
	})
}
