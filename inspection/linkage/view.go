package linkage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// View is a notice as one reader sees it.
type View struct {
	Notice
	Allowed    []NoticeAct `json:"allowed" nullable:"false" doc:"What the reader may do with the notice next"`
	Matrix     *Matrix     `json:"matrix" doc:"For the issuer and those above; null for a recipient who forwarded to nobody"`
	Delivery   *Row        `json:"delivery" doc:"What the reader's own office or unit was sent; null for the issuer"`
	Forwarded  []Forward   `json:"forwarded" nullable:"false" doc:"The reader's own notices that forward this one"`
	Suggested  *Sum        `json:"suggested" doc:"What the reader's own recipients reported so far: a proposal for its own report"`
	Recipients []Addressee `json:"recipients" nullable:"false" doc:"For the issuer: whom it goes to"`
	Basis      []Source    `json:"basis" nullable:"false" doc:"For the issuer: the findings it rests on"`
	Hits       []Hit       `json:"hits" nullable:"false" doc:"For the composer of a draft: words that name the findings' offices"`
}

// Forward is an own notice that forwards another.
type Forward struct {
	ID     inspection.NoticeID `json:"id" db:"id"`
	Number string              `json:"number" db:"number"`
	State  NoticeState         `json:"state" db:"state"`
}

// Get returns a notice: to its issuer, to its recipients, and to the offices
// above, whose reading is written down below.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id inspection.NoticeID) (v View, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		if v.Notice, err = readNotice(ctx, tx, id); err != nil {
			return err
		}
		v.Allowed, v.Recipients, v.Basis, v.Hits = []NoticeAct{}, []Addressee{}, []Source{}, []Hit{}
		if err := s.ofRecipient(ctx, tx, &v); err != nil {
			return err
		}
		switch mine := v.Tenant == scope.Tenant() && !scope.Role().OfUnit(); {
		case mine:
			v.Allowed = notices.Allowed(v.State, scope.Role(), Issuer)
			return s.ofIssuer(ctx, tx, &v)
		case v.Delivery == nil: // somebody above
			tx.Journal(tenants.Entry{
				Office: v.Tenant, Action: "notice.read-above", Object: "notice", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查阅", Number: v.Number},
			})
			return s.withMatrix(ctx, tx, &v, v.Notice)
		}
		return nil
	})
	return v, err
}

func (s *Service) ofIssuer(ctx context.Context, tx *tenants.Tx, v *View) (err error) {
	if v.Recipients, err = recipients(ctx, tx, v.Notice); err != nil {
		return err
	}
	if v.Basis, err = basis(ctx, tx, v.Notice); err != nil {
		return err
	}
	if v.State == Draft || v.State == Approval {
		v.Hits, err = hits(ctx, tx, v.Notice)
		return err
	}
	return s.withMatrix(ctx, tx, v, v.Notice)
}

func (s *Service) withMatrix(ctx context.Context, tx *tenants.Tx, v *View, n Notice) error {
	m, err := s.matrix(ctx, tx, n)
	v.Matrix = &m
	return err
}

// ofRecipient adds what the reader's own office or unit was sent, and what became
// of it there.
func (s *Service) ofRecipient(ctx context.Context, tx *tenants.Tx, v *View) error {
	scope := tx.Scope()
	v.Forwarded = []Forward{}
	rows, _ := tx.Query(ctx, `
		select `+deliveryColumns+`, case when d.unit_id is null then t.level else 'unit' end as level,
			(select count(*) from notice_reminders r where r.tenant_id = d.tenant_id and r.delivery_id = d.id)::int as reminders,
			(select max(on_day) from notice_reminders r where r.tenant_id = d.tenant_id and r.delivery_id = d.id) as reminded_on
		from `+deliveryTables+`
		where `+tenants.Own("d")+` and d.notice_id = @id and (d.unit_id is not null) = @unit`,
		pgx.StrictNamedArgs{"id": v.ID, "unit": scope.Role().OfUnit()})
	ds, err := pgx.CollectRows(rows, pgx.RowToStructByName[matrixRow])
	if err != nil || len(ds) == 0 {
		return err
	}
	v.Delivery = new(ds[0].row(s.Clock.Today(), scope))
	if scope.Role().OfUnit() {
		return nil
	}
	return s.forwards(ctx, tx, v)
}

// forwards adds the own notices that forward this one, and what their recipients
// reported.
func (s *Service) forwards(ctx context.Context, tx *tenants.Tx, v *View) error {
	rows, _ := tx.Query(ctx, `
		select n.id, coalesce(n.number, '') as number, n.state
		from notices n
		where `+tenants.Own("n")+` and n.parent_id = @id and n.state <> @withdrawn
		order by n.id`, pgx.StrictNamedArgs{"id": v.ID, "withdrawn": Withdrawn})
	var err error
	if v.Forwarded, err = pgx.CollectRows(rows, pgx.RowToStructByName[Forward]); err != nil {
		return fmt.Errorf("list forwards: %w", err)
	}
	var sum Sum
	for _, f := range v.Forwarded {
		m, err := s.matrix(ctx, tx, Notice{ID: f.ID, Root: v.Root})
		if err != nil {
			return err
		}
		for _, r := range m.Rows {
			if r.Leaf {
				sum.add(r)
			}
		}
	}
	if len(v.Forwarded) > 0 {
		v.Suggested = &sum
	}
	return nil
}

// Box is one of the two lists of letters.
type Box string

// The boxes.
const (
	Inbox  Box = "in"
	Outbox Box = "out"
)

// Boxes lists the boxes.
func Boxes() []Box { return []Box{Inbox, Outbox} }

// Letter is one line of a box.
type Letter struct {
	ID         inspection.NoticeID    `json:"id" db:"id"`
	Number     string                 `json:"number" db:"number"`
	Title      string                 `json:"title" db:"title"`
	Tag        string                 `json:"tag" db:"tag"`
	State      NoticeState            `json:"state" db:"state"`
	IssuerName string                 `json:"issuer_name" db:"issuer_name"`
	IssuedAt   *time.Time             `json:"issued_at" db:"issued_at"`
	ReceiptDue inspection.Day         `json:"receipt_due" db:"receipt_due"`
	ReportDue  inspection.Day         `json:"report_due" db:"report_due"`
	Delivery   *inspection.DeliveryID `json:"delivery" db:"delivery" doc:"In the inbox: the own part"`
	Progress   DeliveryState          `json:"progress,omitempty" db:"progress" doc:"In the inbox: where the own part stands"`
	Sent       int                    `json:"sent" db:"sent" doc:"In the outbox: how many recipients"`
	Received   int                    `json:"received" db:"received"`
	Reported   int                    `json:"reported" db:"reported"`
	Accepted   int                    `json:"accepted" db:"accepted"`
	Overdue    int                    `json:"overdue" db:"overdue" doc:"Recipients that are late; in the inbox 1 if we are"`
}

// Letters lists a box, the newest first, from behind after on.
func (s *Service) Letters(ctx context.Context, scope tenants.Scope, box Box, after string, limit int) (p inspection.Page[Letter], err error) {
	query, scope := inbox, scope
	if box == Outbox {
		query, scope = outbox, scope.Wide()
	}
	from, err := behind[inspection.NoticeID](after)
	if err != nil {
		return p, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		args := pgx.StrictNamedArgs{
			"after": from, "limit": limit + 1, "today": s.Clock.Today(), "unit": scope.Role().OfUnit(),
		}
		if box == Outbox {
			delete(args, "unit")
		}
		rows, _ := tx.Query(ctx, query, args)
		if p.Items, err = pgx.CollectRows(rows, pgx.RowToStructByName[Letter]); err != nil {
			return fmt.Errorf("list letters: %w", err)
		}
		p.Cut(limit, func(l Letter) string { return l.ID.String() })
		p.Total, err = s.countLetters(ctx, tx, box)
		return err
	})
	return p, err
}

var inbox = `
	select n.id, coalesce(n.number, '') as number, n.title, n.tag, n.state, i.short as issuer_name, n.issued_at,
		d.receipt_due, d.report_due, d.id as delivery, d.state as progress, 0 as sent, 0 as received, 0 as reported,
		0 as accepted, ` + lateness + `::int as overdue
	from deliveries d join notices n on n.tenant_id = d.issuer and n.id = d.notice_id join tenants i on i.id = n.tenant_id
	where ` + tenants.Own("d") + ` and (d.unit_id is not null) = @unit
	  and (@after::uuid is null or n.id < @after)
	order by n.id desc
	limit @limit`

var outbox = `
	select n.id, coalesce(n.number, '') as number, n.title, n.tag, n.state, i.short as issuer_name, n.issued_at,
		n.receipt_due, n.report_due, null::uuid as delivery, '' as progress,
		c.sent, c.received, c.reported, c.accepted, c.overdue
	from notices n join tenants i on i.id = n.tenant_id, lateral (
		select count(*)::int as sent, count(d.received_at)::int as received,
			(count(*) filter (where d.state in ('reported', 'accepted')))::int as reported,
			(count(*) filter (where d.state = 'accepted'))::int as accepted,
			(count(*) filter (where ` + lateness + `))::int as overdue
		from deliveries d
		where ` + tenants.Reach("d") + ` and d.issuer = n.tenant_id and d.notice_id = n.id) c
	where ` + tenants.Own("n") + `
	  and (@after::uuid is null or n.id < @after)
	order by n.id desc
	limit @limit`

// lateness is true of a delivery whose receipt or report is late and missing.
const lateness = `(d.state not in ('reported', 'accepted', 'withdrawn')
	and (d.received_at is null and d.receipt_due < @today or d.report_due < @today))`

func (s *Service) countLetters(ctx context.Context, tx *tenants.Tx, box Box) (n int, err error) {
	if box == Outbox {
		err = tx.QueryRow(ctx, `select count(*) from notices n where `+tenants.Own("n")).Scan(&n)
	} else {
		err = tx.QueryRow(ctx, `
			select count(*) from deliveries d where `+tenants.Own("d")+` and (d.unit_id is not null) = @unit`,
			pgx.StrictNamedArgs{"unit": tx.Scope().Role().OfUnit()}).Scan(&n)
	}
	if err != nil {
		return 0, fmt.Errorf("count letters: %w", err)
	}
	return n, nil
}

// behind reads the place from which a list goes on; empty is its beginning.
func behind[T ~struct{ uuid.UUID }](after string) (*T, error) {
	if after == "" {
		return nil, nil
	}
	id, err := inspection.ParseID[T](after)
	if err != nil {
		return nil, inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
	}
	return &id, nil
}
