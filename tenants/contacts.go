package tenants

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Contact is somebody of the inspection office whom others of the same office may
// ask. The number to call is the office's.
type Contact struct {
	Name string `json:"name" db:"name" maxLength:"100"`
	Post string `json:"post" db:"post" maxLength:"200" doc:"单位职务"`
}

// Contacts returns who does the daily work of the scope's own office today, for
// anybody who works with it: an inspected unit sees names and posts, and nothing
// else of the members.
func (m *Members) Contacts(ctx context.Context, s Scope) (all []Contact, err error) {
	err = m.DB.Read(ctx, s, func(tx *Tx) error {
		rows, _ := tx.Query(ctx, `
			select m.name, m.post from members m
			where `+Own("m")+` and m.state = 'active' and exists (
				select from grants g
				where g.tenant_id = m.tenant_id and g.member_id = m.id and g.role = any(@roles)
				  and g.from_on <= @today and (g.until_on is null or g.until_on >= @today))
			order by m.name, m.id
			limit 5`, pgx.StrictNamedArgs{"roles": []Role{OFF, CITY, PROV}, "today": m.Clock.Today()})
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[Contact]); err != nil {
			return fmt.Errorf("list contacts: %w", err)
		}
		return nil
	})
	return all, err
}
