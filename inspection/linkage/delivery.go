package linkage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Delivery is one recipient's part of a notice: its receipt and its report.
type Delivery struct {
	ID             inspection.DeliveryID `json:"id" db:"id"`
	NoticeID       inspection.NoticeID   `json:"notice" db:"notice_id"`
	Office         string                `json:"office" db:"slug" doc:"The recipient, or the office that the unit belongs to"`
	Unit           *inspection.UnitID    `json:"unit" db:"unit_id"`
	Recipient      string                `json:"recipient" db:"recipient" doc:"Name of the office or the unit"`
	State          DeliveryState         `json:"state" db:"state"`
	DeliveredAt    time.Time             `json:"delivered_at" db:"delivered_at"`
	ReceiptDue     inspection.Day        `json:"receipt_due" db:"receipt_due"`
	SelfCheckDue   inspection.Day        `json:"self_check_due" db:"self_check_due"`
	ReportDue      inspection.Day        `json:"report_due" db:"report_due" doc:"A return gives a new day"`
	DueProvisional bool                  `json:"due_provisional" db:"due_provisional" doc:"A day lies in a year whose holidays are not published"`
	OnPaper        bool                  `json:"on_paper" db:"on_paper" doc:"Entered by the office from paper"`
	ReceivedAt     *time.Time            `json:"received_at" db:"received_at"`
	ReceivedBy     string                `json:"received_by" db:"received_by"`
	CheckingAt     *time.Time            `json:"checking_at" db:"checking_at"`
	ReportedAt     *time.Time            `json:"reported_at" db:"reported_at"`
	ReportedBy     string                `json:"reported_by" db:"reported_by"`
	Checked        int                   `json:"checked" db:"checked" doc:"检查数"`
	Found          int                   `json:"found" db:"found" doc:"自查发现"`
	Corrected      int                   `json:"corrected" db:"corrected" doc:"立行立改"`
	Rules          int                   `json:"rules" db:"rules" doc:"建章立制"`
	MoneyFen       int64                 `json:"money_fen" db:"money_fen" doc:"涉及金额, in fen"`
	Report         string                `json:"report" db:"report"`
	Answers        []Line                `json:"answers" db:"answers" nullable:"false"`
	SignedBy       string                `json:"signed_by" db:"signed_by" doc:"Head who signed a report that found nothing (零报告)"`
	ReviewDue      *inspection.Day       `json:"review_due" db:"review_due" doc:"By when the issuer accepts or returns the report"`
	AcceptedAt     *time.Time            `json:"accepted_at" db:"accepted_at"`
	AcceptedBy     string                `json:"accepted_by" db:"accepted_by"`
	ReturnedAt     *time.Time            `json:"returned_at" db:"returned_at"`
	ReturnedBy     string                `json:"returned_by" db:"returned_by"`
	ReturnCode     ReturnCode            `json:"return_code" db:"return_code"`
	ReturnNote     string                `json:"return_note" db:"return_note"`
	Returns        int                   `json:"returns" db:"returns" doc:"How often it was returned"`
	ChangedAt      time.Time             `json:"changed_at" db:"changed_at"`
	ChangedBy      string                `json:"changed_by" db:"changed_by"`
	Version        int                   `json:"version" db:"version"`

	DueCalendar string                 `json:"-" db:"due_calendar"`
	Tenant      tenants.ID             `json:"-" db:"tenant_id"`
	Issuer      tenants.ID             `json:"-" db:"issuer"`
	ParentID    *inspection.DeliveryID `json:"-" db:"parent_id"`
}

// ReturnCode says why a report was returned.
type ReturnCode string

// The reasons of a return.
const (
	Incomplete   ReturnCode = "incomplete"   // 未答全必答问题
	Inconsistent ReturnCode = "inconsistent" // 数据前后不一致
	NoEvidence   ReturnCode = "no-evidence"  // 缺少佐证
	Shallow      ReturnCode = "shallow"      // 自查走过场
	OtherReason  ReturnCode = "other"        // 其他
)

// ReturnCodes lists the reasons of a return; empty means none.
func ReturnCodes() []ReturnCode {
	return []ReturnCode{"", Incomplete, Inconsistent, NoEvidence, Shallow, OtherReason}
}

// deliveryColumns read deliveries d joined with offices t and units u.
const deliveryColumns = `d.tenant_id, d.id, d.issuer, d.notice_id, d.parent_id, d.unit_id, d.state, d.delivered_at, d.receipt_due,
	d.self_check_due, d.report_due, d.due_calendar, d.due_provisional, d.on_paper, d.received_at, d.received_by, d.checking_at, d.reported_at, d.reported_by,
	d.checked, d.found, d.corrected, d.rules, d.money_fen, d.report, d.answers, d.signed_by, d.review_due, d.accepted_at,
	d.accepted_by, d.returned_at, d.returned_by, d.return_code, d.return_note, d.returns, d.changed_at, d.changed_by,
	d.version, t.slug, coalesce(u.name, t.name) as recipient`

const deliveryTables = `deliveries d join tenants t on t.id = d.tenant_id
	left join units u on u.tenant_id = d.tenant_id and u.id = d.unit_id`

func lockDelivery(ctx context.Context, tx *tenants.Tx, id inspection.DeliveryID) (Delivery, error) {
	rows, _ := tx.Query(ctx, `
		select `+deliveryColumns+` from `+deliveryTables+`
		where `+tenants.Reach("d")+` and d.id = @id
		for update of d`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Delivery]))
}

// lockDeliveries returns all deliveries of an own notice, in one order for all.
func lockDeliveries(ctx context.Context, tx *tenants.Tx, id inspection.NoticeID) ([]Delivery, error) {
	rows, _ := tx.Query(ctx, `
		select `+deliveryColumns+` from `+deliveryTables+`
		where `+tenants.Reach("d")+` and d.issuer = current_setting('app.tenant')::int and d.notice_id = @id
		order by d.tenant_id, d.id
		for update of d`, pgx.StrictNamedArgs{"id": id})
	ds, err := pgx.CollectRows(rows, pgx.RowToStructByName[Delivery])
	if err != nil {
		return nil, fmt.Errorf("lock deliveries: %w", err)
	}
	return ds, nil
}

// ownDelivery returns and locks what the own office was sent of a notice.
func ownDelivery(ctx context.Context, tx *tenants.Tx, id inspection.NoticeID) (Delivery, error) {
	rows, _ := tx.Query(ctx, `
		select `+deliveryColumns+` from `+deliveryTables+`
		where `+tenants.Own("d")+` and d.notice_id = @id and d.unit_id is null
		for update of d`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Delivery]))
}

// saveDelivery stores what may change. The database refuses a column of the
// other side.
func saveDelivery(ctx context.Context, tx *tenants.Tx, d Delivery) (Delivery, error) {
	d.Version++
	_, err := tx.Exec(ctx, `
		update deliveries
		set state = @state, report_due = @report_due, due_calendar = @due_calendar, due_provisional = @due_provisional, on_paper = @on_paper, received_at = @received_at,
			received_by = @received_by, checking_at = @checking_at, reported_at = @reported_at, reported_by = @reported_by,
			checked = @checked, found = @found, corrected = @corrected, rules = @rules, money_fen = @money_fen,
			report = @report, answers = @answers, signed_by = @signed_by, review_due = @review_due,
			accepted_at = @accepted_at, accepted_by = @accepted_by, returned_at = @returned_at, returned_by = @returned_by,
			return_code = @return_code, return_note = @return_note, returns = @returns,
			changed_at = @changed_at, changed_by = @changed_by, version = @version
		where tenant_id = @tenant and id = @id`, pgx.StrictNamedArgs{
		"tenant": d.Tenant, "id": d.ID, "state": d.State, "report_due": d.ReportDue,
		"due_calendar": d.DueCalendar, "due_provisional": d.DueProvisional, "on_paper": d.OnPaper,
		"received_at": d.ReceivedAt, "received_by": d.ReceivedBy, "checking_at": d.CheckingAt,
		"reported_at": d.ReportedAt, "reported_by": d.ReportedBy, "checked": d.Checked, "found": d.Found,
		"corrected": d.Corrected, "rules": d.Rules, "money_fen": d.MoneyFen, "report": d.Report, "answers": d.Answers,
		"signed_by": d.SignedBy, "review_due": d.ReviewDue, "accepted_at": d.AcceptedAt, "accepted_by": d.AcceptedBy,
		"returned_at": d.ReturnedAt, "returned_by": d.ReturnedBy, "return_code": d.ReturnCode,
		"return_note": d.ReturnNote, "returns": d.Returns, "changed_at": d.ChangedAt, "changed_by": d.ChangedBy,
		"version": d.Version,
	})
	if err != nil {
		return Delivery{}, fmt.Errorf("save delivery: %w", err)
	}
	return d, nil
}

// sides says as which parties the scope may act on d. An office may act in the
// place of a unit of its own that answered on paper.
func (d Delivery) sides(scope tenants.Scope) []tenants.Side {
	me := scope.Tenant()
	switch {
	case scope.Role().OfUnit():
		return []tenants.Side{Recipient} // row security shows it only its own
	case d.Issuer == me && d.Tenant == me:
		return []tenants.Side{Issuer, Recipient}
	case d.Tenant == me:
		return []tenants.Side{Recipient}
	case d.Issuer == me:
		return []tenants.Side{Issuer}
	}
	return nil
}

// Allowed lists what the scope may do to d.
func (d Delivery) Allowed(scope tenants.Scope) []DeliveryAct {
	return deliveries.Allowed(d.State, scope.Role(), d.sides(scope)...)
}

// party acts on a delivery: it locks the row, asks the table, lets change fill the
// columns of the side that acts, and stores it with its journal entry.
func (s *Service) party(ctx context.Context, scope tenants.Scope, id inspection.DeliveryID, version int, do DeliveryAct,
	change func(tx *tenants.Tx, d *Delivery) (note string, err error),
) (d Delivery, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		before, err := lockDelivery(ctx, tx, id)
		if err != nil {
			return err
		}
		if !slices.Contains(before.sides(scope), deliveries.Sides[do]) {
			return inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
		}
		d = before
		if d.State, err = deliveries.Next(d.State, do, scope.Role(), before.sides(scope)...); err != nil {
			return happened(err, before.ChangedAt, before.ChangedBy)
		}
		if before.Version != version {
			return inspection.StaleRow("delivery.stale", before)
		}
		note, err := change(tx, &d)
		if err != nil {
			return err
		}
		d.ChangedAt, d.ChangedBy = s.Clock(), actor(scope)
		if d, err = saveDelivery(ctx, tx, d); err != nil {
			return err
		}
		journalBoth(tx, d.Tenant, tenants.Entry{
			Action: "delivery." + string(do), Object: "delivery", ID: id.UUID, Before: before, After: d,
			Unit: unitOf(d.Unit), Detail: tenants.Detail{Title: deliveries.Doing[do], Text: note},
		})
		return nil
	})
	return d, err
}

// journalBoth writes an act on a shared row into the own journal, and into that
// of the office below whose row it is.
func journalBoth(tx *tenants.Tx, below tenants.ID, e tenants.Entry) {
	tx.Journal(e)
	if below != tx.Scope().Tenant() {
		e.Office = below
		tx.Journal(e)
	}
}

func unitOf(id *inspection.UnitID) (unit inspection.UnitID) {
	if id != nil {
		unit = *id
	}
	return unit
}
