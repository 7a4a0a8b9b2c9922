package opinions

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Setting is whether the office takes opinions, and shows some.
type Setting struct {
	Mode    Mode `json:"mode"`
	Own     bool `json:"own" doc:"The office decided so itself; otherwise a level above did, or nobody"`
	Version int  `json:"version" minimum:"0" maximum:"2147483647" doc:"Of the office's own policy; goes into If-Match"`
}

// Setting returns what holds for the own office.
func (s *Service) Setting(ctx context.Context, scope tenants.Scope) (set Setting, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		set, err = setting(ctx, tx)
		return err
	})
	return set, err
}

func setting(ctx context.Context, tx *tenants.Tx) (set Setting, err error) {
	err = tx.QueryRow(ctx, `
		select sec.opinions_mode(), coalesce(max(version), 0),
			coalesce((select body ? 'disclosure_opinions' from policies p where `+tenants.Own("p")+` order by version desc limit 1), false)
		from policies p where `+tenants.Own("p")).Scan(&set.Mode, &set.Version, &set.Own)
	if err != nil {
		return set, fmt.Errorf("read setting of opinions: %w", err)
	}
	return set, nil
}

// Switch sets the mode of the own office. The rest of its policy stays as it is; the
// public's pages follow within a minute.
func (s *Service) Switch(ctx context.Context, scope tenants.Scope, version int, mode Mode) (set Setting, err error) {
	if mode.Word() == "" {
		return set, inspection.Fields{{Pointer: "/mode", Code: "required", Message: "请选择意见公开方式。"}}.Err("opinion.invalid")
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if err := scope.Role().Allow(tenants.Directing...); err != nil {
			return err
		}
		before, err := setting(ctx, tx)
		if err != nil {
			return err
		}
		if before.Version != version {
			return inspection.StaleRow("opinion.stale", before)
		}
		_, err = tx.Exec(ctx, `
			insert into policies (version, body, reason, made_at)
			select @version, coalesce((select body from policies p where `+tenants.Own("p")+` order by version desc limit 1), '{}')
				|| jsonb_build_object('disclosure_opinions', @mode::text), @reason, @now`,
			pgx.StrictNamedArgs{"version": version + 1, "mode": mode, "reason": "意见公开方式：" + mode.Word(), "now": s.Clock()})
		if err != nil {
			return fmt.Errorf("set mode of opinions: %w", err)
		}
		if set, err = setting(ctx, tx); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "opinion.switch", Object: "policy", Before: before, After: set,
			Detail: tenants.Detail{Title: "意见公开方式", Text: before.Mode.Word() + " → " + mode.Word()},
		})
		return nil
	})
	return set, err
}
