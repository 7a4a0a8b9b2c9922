package opinions

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/tenants"
)

// Shelf is what the public reads of opinions. Its database logs in as the public's
// login, which sees what was selected, and of it the words that an office showed.
type Shelf struct{ DB *tenants.DB }

// Shown is one opinion that was selected, as the public reads it.
type Shown struct {
	Item      *int       `db:"item_no"`
	Name      string     `db:"shown_name"`
	Text      string     `db:"shown"`
	At        time.Time  `db:"at"`
	Reply     string     `db:"reply"`
	RepliedAt *time.Time `db:"replied_at"`
}

// Row is what stands on the shelf of one page.
type Row struct {
	Mode     Mode
	Received int // opinions that came in
	Opinions []Shown
}

// Of returns what stands on the shelf of an office's page, the oldest first. An office
// that shows none has none here.
func (s Shelf) Of(ctx context.Context, office tenants.Tenant, notice string) (r Row, err error) {
	err = s.DB.Read(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		err := tx.QueryRow(ctx, `select sec.opinions_mode(), sec.opinions_received(@notice)`,
			pgx.StrictNamedArgs{"notice": notice}).Scan(&r.Mode, &r.Received)
		if err != nil || r.Mode != Show {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select item_no, shown_name, shown, at, reply, replied_at from public_opinions o
			where `+tenants.Own("o")+` and notice = @notice
			order by at limit 200`, pgx.StrictNamedArgs{"notice": notice})
		r.Opinions, err = pgx.CollectRows(rows, pgx.RowToStructByName[Shown])
		return err
	})
	if err != nil {
		return Row{}, fmt.Errorf("read shelf: %w", err)
	}
	return r, nil
}

// Marks says of each office at and below top what is on its shelves, and since when:
// while a mark stays the same, so do the shelves.
func (s Shelf) Marks(ctx context.Context, top tenants.Tenant) (map[tenants.ID]string, error) {
	marks := map[tenants.ID]string{}
	err := s.DB.Read(ctx, tenants.ForPublic(top), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select tenant_id, count(*) || ' ' || max(changed_at) from public_opinions o
			where `+tenants.Reach("o")+`
			group by tenant_id`)
		var id tenants.ID
		var mark string
		_, err := pgx.ForEachRow(rows, []any{&id, &mark}, func() error { marks[id] = mark; return nil })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read marks of shelves: %w", err)
	}
	return marks, nil
}
