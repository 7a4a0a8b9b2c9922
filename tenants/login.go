package tenants

import (
	"context"
	"fmt"
)

// Guarded fails if row security does not hold the login behind db: because it is
// a superuser, may bypass policies, or owns a table or may become who does.
func (db *DB) Guarded(ctx context.Context) error {
	var login string
	var above bool
	var owned *string
	err := db.pool.QueryRow(ctx, `
		select rolname, rolsuper or rolbypassrls, (
			select min(relname) from pg_class
			where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
			  and pg_has_role(current_user, relowner, 'member'))
		from pg_roles
		where rolname = current_user`).Scan(&login, &above, &owned)
	switch {
	case err != nil:
		return fmt.Errorf("look at login: %w", known(err))
	case above:
		return fmt.Errorf("login %s is above row security: use one that is neither superuser nor has bypassrls", login)
	case owned != nil:
		return fmt.Errorf("login %s owns tables (%s): only migrations log in as their owner", login, *owned)
	}
	return nil
}
