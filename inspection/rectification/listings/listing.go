package listings

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// ID names one matter on a board.
type ID struct{ uuid.UUID }

// Service keeps the boards.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock
}

// Matter is one matter on the board: one row, which both offices read.
type Matter struct {
	ID         ID                    `json:"id" db:"id"`
	Number     string                `json:"number" db:"number" maxLength:"40" doc:"靖巡办挂牌〔2026〕1号"`
	Issuer     string                `json:"issuer" db:"issuer_name" maxLength:"100" doc:"The office that put it there"`
	Office     string                `json:"office" db:"office" maxLength:"50" doc:"Whose matter it is, in addresses"`
	OfficeName string                `json:"office_name" db:"office_name" maxLength:"100"`
	Item       *inspection.FindingID `json:"item" nullable:"true" db:"finding_id" doc:"Absent for a matter that is no item"`
	ItemNumber string                `json:"item_number" db:"item_number" maxLength:"40"`
	Matter     string                `json:"matter" db:"matter" maxLength:"500"`
	Leader     string                `json:"leader" db:"leader" maxLength:"100" doc:"Who leads it: name and post"`
	DueOn      inspection.Day        `json:"due_on" db:"due_on"`
	Conditions string                `json:"conditions" db:"conditions" maxLength:"1000" doc:"摘牌条件"`
	State      State                 `json:"state" db:"state"`
	ListedAt   time.Time             `json:"listed_at" db:"listed_at"`
	ListedBy   string                `json:"listed_by" db:"listed_by" maxLength:"100"`
	Reason     string                `json:"reason" db:"reason" maxLength:"1000" doc:"Why it was taken off"`
	RemovedAt  *time.Time            `json:"removed_at" db:"removed_at"`
	RemovedBy  string                `json:"removed_by" db:"removed_by" maxLength:"100"`
	Version    int                   `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Allowed    []Action              `json:"allowed" db:"-" nullable:"false" maxItems:"10" doc:"What you may do next"`

	Tenant   tenants.ID `json:"-" db:"tenant_id"`
	IssuerID tenants.ID `json:"-" db:"issuer"`
}

const columns = `l.tenant_id, l.issuer, l.id, l.number, a.short as issuer_name, o.slug as office, o.name as office_name, l.finding_id,
	coalesce(f.number, '') as item_number, l.matter, l.leader, l.due_on, l.conditions, l.state, l.listed_at, l.listed_by, l.reason,
	l.removed_at, l.removed_by, l.version`

const tables = `listings l
	join tenants a on a.id = l.issuer
	join tenants o on o.id = l.tenant_id
	left join findings f on (f.tenant_id, f.id) = (l.tenant_id, l.finding_id)`

// see fills in what the caller may do.
func (m *Matter) see(s tenants.Scope) {
	m.Allowed = []Action{}
	if m.IssuerID == s.Tenant() {
		m.Allowed = listings.Allowed(m.State, s.Role(), above)
	}
}

// tell leaves an entry in the journals of both offices; on the item's timeline, where
// there is one.
func (m Matter) tell(tx *tenants.Tx, do Action, text string, before any) {
	e := tenants.Entry{
		Action: "listing." + string(do), Object: "listing", ID: m.ID.UUID, Before: before, After: m,
		Detail: tenants.Detail{Title: listings.Doing[do], Text: m.Number + "，" + text, Number: m.ItemNumber},
	}
	if m.Item != nil {
		e.Object, e.ID = "finding", m.Item.UUID
	}
	for _, e.Office = range []tenants.ID{m.IssuerID, m.Tenant} {
		tx.Journal(e)
	}
}

// listed is how many matters the list goes back.
const listed = 500

// All lists the matters that the caller's office put on its board, and those of its own
// that the office above did: what stands first, then the latest.
func (s *Service) All(ctx context.Context, scope tenants.Scope) ([]Matter, error) {
	return s.list(ctx, scope, ` order by l.state <> 'listed', l.listed_at desc, l.id limit @limit`, pgx.StrictNamedArgs{"limit": listed})
}

// Of lists the matters about one item, the latest first.
func (s *Service) Of(ctx context.Context, scope tenants.Scope, id inspection.FindingID) ([]Matter, error) {
	return s.list(ctx, scope, ` and l.finding_id = @id order by l.listed_at desc`, pgx.StrictNamedArgs{"id": id})
}

func (s *Service) list(ctx context.Context, scope tenants.Scope, where string, args pgx.StrictNamedArgs) (all []Matter, err error) {
	err = s.DB.Read(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `select `+columns+` from `+tables+` where `+tx.Scope().Rows("l")+where, args)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByName[Matter])
		for i := range all {
			all[i].see(scope)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the board: %w", err)
	}
	return all, nil
}

// Putting is what is put on the board.
type Putting struct {
	Office     string                `json:"office" pattern:"^[a-z][a-z0-9-]{1,40}$" doc:"Name in addresses of an office directly below"`
	Item       *inspection.FindingID `json:"item,omitempty" format:"uuid" doc:"An item of it; absent for a matter that is none"`
	Matter     string                `json:"matter" minLength:"1" maxLength:"500"`
	Leader     string                `json:"leader" minLength:"1" maxLength:"100" doc:"Who leads it: name and post"`
	DueOn      inspection.Day        `json:"due_on"`
	Conditions string                `json:"conditions" minLength:"1" maxLength:"1000" doc:"摘牌条件"`
}

// farthest is how many days ahead the day may lie: ten years.
const farthest = 3660

func (p *Putting) clean(today inspection.Day) error {
	var bad inspection.Fields
	p.Matter = bad.Text("/matter", p.Matter, true, 500)
	p.Leader = bad.Text("/leader", p.Leader, true, 100)
	p.Conditions = bad.Text("/conditions", p.Conditions, true, 1000)
	if p.DueOn <= today || p.DueOn > today+farthest {
		bad = append(bad, inspection.Field{Pointer: "/due_on", Code: "day-order", Message: "办结期限应在今天之后，且不超过十年。"})
	}
	return bad.Err("listing.invalid")
}

// Put puts a matter on the board. What is closed does not go there.
func (s *Service) Put(ctx context.Context, scope tenants.Scope, p Putting) (m Matter, err error) {
	wide, err := scope.Subtree()
	if err != nil {
		return m, err
	}
	if err := scope.StepUp(s.Clock()); err != nil {
		return m, err
	}
	if err := p.clean(s.Clock.Today()); err != nil {
		return m, err
	}
	err = s.DB.In(ctx, wide, func(tx *tenants.Tx) error {
		office, err := below(ctx, tx, p)
		if err != nil {
			return err
		}
		number, err := rectification.LetterNumber(ctx, tx, "挂牌", s.Clock.Today())
		if err != nil {
			return err
		}
		id := inspection.NewID[ID]()
		_, err = tx.Exec(ctx, `
			insert into listings (tenant_id, issuer, id, number, finding_id, matter, leader, due_on, conditions, listed_at, listed_by)
			values (@office, current_tenant(), @id, @number, @finding, @matter, @leader, @due_on, @conditions, @at, @by)`, pgx.StrictNamedArgs{
			"office": office, "id": id, "number": number, "finding": p.Item, "matter": p.Matter, "leader": p.Leader, "due_on": p.DueOn,
			"conditions": p.Conditions, "at": s.Clock(), "by": scope.Name(),
		})
		if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.ConstraintName == "listings_item" {
			return inspection.Errorf(inspection.Conflict, "listing.twice", "该事项已在挂牌督办中，摘牌后才能再次挂牌。")
		}
		if err != nil {
			return fmt.Errorf("put on the board: %w", err)
		}
		if m, err = get(ctx, tx, id); err != nil {
			return err
		}
		m.tell(tx, List, fmt.Sprintf("%s，%s 前：%s", m.Leader, m.DueOn, inspection.Line(m.Conditions)), nil)
		return nil
	})
	m.see(scope)
	return m, err
}

// below returns the office directly below whose matter it is, and makes sure that the
// item is one of its, and still open.
func below(ctx context.Context, tx *tenants.Tx, p Putting) (office tenants.ID, err error) {
	err = tx.QueryRow(ctx, `select t.id from tenants t where t.slug = @slug and t.parent = current_setting('app.tenant')::int`,
		pgx.StrictNamedArgs{"slug": p.Office}).Scan(&office)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, inspection.Fields{{Pointer: "/office", Code: "choice", Message: "只能对直属下级单位挂牌督办，请重新选择。"}}.Err("listing.invalid")
	}
	if err != nil || p.Item == nil {
		return office, err
	}
	var state rectification.State
	err = tx.QueryRow(ctx, `
		select r.state from rectifications r
		where r.tenant_id = @office and r.finding_id = @id and r.issued_at is not null and r.withdrawn_at is null`,
		pgx.StrictNamedArgs{"office": office, "id": p.Item}).Scan(&state)
	if state, err = tenants.Found(state, err); err == nil && state == rectification.Closed {
		err = inspection.Errorf(inspection.Conflict, "listing.closed", "该事项已销号，不需要挂牌督办。")
	}
	return office, err
}

func get(ctx context.Context, tx *tenants.Tx, id ID) (Matter, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from `+tables+` where `+tx.Scope().Rows("l")+` and l.id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Matter]))
}

// Remove takes a matter off the board, with a reason.
func (s *Service) Remove(ctx context.Context, scope tenants.Scope, id ID, version int, reason string) (m Matter, err error) {
	var bad inspection.Fields
	if reason = bad.Text("/reason", reason, true, 1000); bad != nil {
		return m, bad.Err("listing.invalid")
	}
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		if _, err := tx.Exec(ctx, `select from listings l where `+tx.Scope().Rows("l")+` and l.id = @id for update`, pgx.StrictNamedArgs{"id": id}); err != nil {
			return fmt.Errorf("lock matter on the board: %w", err)
		}
		if m, err = get(ctx, tx, id); err != nil {
			return err
		}
		before := m
		var side tenants.Side
		if m.IssuerID == scope.Tenant() {
			side = above
		}
		if m.State, err = listings.Next(m.State, Remove, scope.Role(), side); err != nil {
			return err
		}
		if m.Version != version {
			before.see(scope)
			return inspection.StaleRow("listing.stale", before)
		}
		if err := scope.StepUp(s.Clock()); err != nil {
			return err
		}
		m.Reason, m.RemovedAt, m.RemovedBy, m.Version = reason, new(s.Clock()), scope.Name(), m.Version+1
		_, err = tx.Exec(ctx, `
			update listings l set state = @state, reason = @reason, removed_at = @at, removed_by = @by, version = @version
			where l.tenant_id = @office and l.id = @id`, pgx.StrictNamedArgs{
			"state": m.State, "reason": m.Reason, "at": m.RemovedAt, "by": m.RemovedBy, "version": m.Version, "office": m.Tenant, "id": id,
		})
		if err != nil {
			return fmt.Errorf("take off the board: %w", err)
		}
		m.tell(tx, Remove, inspection.Line(m.Reason), before)
		return nil
	})
	m.see(scope)
	return m, err
}
