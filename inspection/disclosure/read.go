package disclosure

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Filter says which disclosures a list holds; the zero Filter all.
type Filter struct {
	State  State
	Unit   inspection.UnitID
	Round  inspection.RoundID
	Cursor string // Next of the page before
	Limit  int
}

// List returns a page of the disclosures of the scope's reach, last changed first.
// Above its office a text is seen once it is public.
func (s *Service) List(ctx context.Context, scope tenants.Scope, f Filter) (p inspection.Page[Line], err error) {
	after, last, err := f.after()
	if err != nil {
		return p, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		from := `
			from disclosures d
			join disclosure_editions e on e.tenant_id = d.tenant_id and e.disclosure_id = d.id
				and e.edition = case when d.tenant_id = current_tenant() then d.edition else d.live end
			where ` + tenants.Reach("d") + ` and (@state = '' or e.state = @state)
				and (@unit::uuid is null or d.unit_id = @unit) and (@round::uuid is null or d.round_id = @round)`
		args := pgx.StrictNamedArgs{"state": f.State, "unit": given(f.Unit), "round": given(f.Round)}
		if err := tx.QueryRow(ctx, `select count(*) `+from, args).Scan(&p.Total); err != nil {
			return fmt.Errorf("count disclosures: %w", err)
		}
		args["after"], args["last"], args["limit"] = after, last, f.Limit+1
		rows, _ := tx.Query(ctx, `
			select d.id, d.number, d.unit_id, e.unit_name, e.round_name, e.title, e.edition, d.live, e.state,
				(select count(*) from disclosure_items i where i.tenant_id = e.tenant_id and i.disclosure_id = e.disclosure_id
					and i.edition = e.edition and not i.gone) as findings,
				(select count(*) from disclosure_items i where i.tenant_id = e.tenant_id and i.disclosure_id = e.disclosure_id
					and i.edition = e.edition and not i.gone and i.withheld <> '') as withheld,
				e.publish_at, e.issued_at, e.held, e.changed_at `+from+`
				and (@after::timestamptz is null or (e.changed_at, d.id) < (@after, @last))
			order by e.changed_at desc, d.id desc
			limit @limit`, args)
		p.Items, err = pgx.CollectRows(rows, pgx.RowToStructByName[Line])
		if err != nil {
			return fmt.Errorf("list disclosures: %w", err)
		}
		return nil
	})
	p.Cut(f.Limit, func(end Line) string { return end.ChangedAt.UTC().Format(time.RFC3339Nano) + " " + end.ID.String() })
	return p, err
}

// after reads where the page before ended; nil at the start.
func (f Filter) after() (at, last any, err error) {
	if f.Cursor == "" {
		return nil, nil, nil
	}
	when, id, _ := strings.Cut(f.Cursor, " ")
	t, err := time.Parse(time.RFC3339Nano, when)
	if err != nil {
		return nil, nil, inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
	}
	d, err := inspection.ParseID[inspection.DisclosureID](id)
	return t, d, err
}

// given is nil for an identifier that was left out.
func given[T comparable](id T) any {
	var none T
	if id == none {
		return nil
	}
	return id
}

// Get returns the newest edition that the scope may see. A look from above is in
// the journal of the office below.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID) (d Draft, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if d, err = find(ctx, tx, id); err != nil {
			return err
		}
		if err := lookedFromAbove(ctx, tx, d); err != nil {
			return err
		}
		d, err = s.view(ctx, tx, d)
		return err
	})
	if err != nil {
		return Draft{}, err
	}
	return d, nil
}

func lookedFromAbove(ctx context.Context, tx *tenants.Tx, d Draft) error {
	if tx.Scope().Own() {
		return nil
	}
	var owner tenants.ID
	err := tx.QueryRow(ctx, `select tenant_id from disclosures d where `+tenants.Reach("d")+` and id = @id`,
		pgx.StrictNamedArgs{"id": d.ID}).Scan(&owner)
	if err != nil {
		return fmt.Errorf("find owner: %w", err)
	}
	if owner != tx.Scope().Tenant() {
		tx.Journal(tenants.Entry{
			Office: owner, Action: "disclosure.read-above", Object: "disclosure", ID: d.ID.UUID,
			Detail: tenants.Detail{Title: "上级查看公开稿", Number: d.Number},
		})
	}
	return nil
}

// Preview returns the page as the public would read it.
func (s *Service) Preview(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, large bool) ([]byte, error) {
	var page []byte
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		d, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := lookedFromAbove(ctx, tx, d); err != nil {
			return err
		}
		r, err := s.render(d)
		if err != nil {
			return err
		}
		page, err = s.Page(d.document(), r.Article, large)
		return err
	})
	return page, err
}
