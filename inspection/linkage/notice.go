package linkage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Service does what people ask of notices and of matters that are raised.
type Service struct {
	DB       *tenants.DB
	Clock    inspection.Clock
	Calendar *inspection.Calendar
	Cases    *rectification.Service // the findings that matters are about
}

// Line is one question of a notice, or the answer to one.
type Line string

// Slug is the name of an office in addresses.
type Slug string

// Notice is a letter to offices below, or to an office's own units (通报).
type Notice struct {
	ID             inspection.NoticeID  `json:"id" db:"id"`
	Number         string               `json:"number" db:"number" doc:"澜巡办通〔2026〕7号; empty until it is issued"`
	Root           inspection.NoticeID  `json:"root" db:"root" doc:"The notice at the top of the chain"`
	ParentID       *inspection.NoticeID `json:"parent" db:"parent_id" doc:"The notice that this one forwards"`
	Tag            string               `json:"tag" db:"tag" doc:"The common issue (共性标签)"`
	Title          string               `json:"title" db:"title"`
	Body           string               `json:"body" db:"body"`
	Questions      []Line               `json:"questions" db:"questions" nullable:"false" doc:"Every recipient answers them"`
	ReceiptDue     inspection.Day       `json:"receipt_due" db:"receipt_due"`
	SelfCheckDue   inspection.Day       `json:"self_check_due" db:"self_check_due"`
	ReportDue      inspection.Day       `json:"report_due" db:"report_due"`
	DueProvisional bool                 `json:"due_provisional" db:"due_provisional" doc:"A day lies in a year whose holidays are not published"`
	State          NoticeState          `json:"state" db:"state"`
	Issuer         string               `json:"issuer" db:"issuer" doc:"Slug of the office"`
	IssuerName     string               `json:"issuer_name" db:"issuer_name"`
	IssuedAt       *time.Time           `json:"issued_at" db:"issued_at"`
	IssuedBy       string               `json:"issued_by" db:"issued_by"`
	Summary        string               `json:"summary" db:"summary" doc:"Said when it was closed"`
	ChangedAt      time.Time            `json:"changed_at" db:"changed_at"`
	ChangedBy      string               `json:"changed_by" db:"changed_by"`
	Version        int                  `json:"version" db:"version"`

	Tenant       tenants.ID  `json:"-" db:"tenant_id"`
	ParentIssuer *tenants.ID `json:"-" db:"parent_issuer"`
	Edition      int         `json:"-" db:"edition"`
	DueCalendar  string      `json:"-" db:"due_calendar"`
}

// noticeColumns read notices n joined with their issuers i.
const noticeColumns = `n.tenant_id, n.id, coalesce(n.number, '') as number, n.root, n.parent_issuer, n.parent_id, n.edition,
	n.tag, n.title, n.body, n.questions, n.receipt_due, n.self_check_due, n.report_due, n.due_calendar, n.due_provisional,
	n.state, n.issued_at, n.issued_by, n.summary, n.changed_at, n.changed_by, n.version, i.slug as issuer, i.short as issuer_name`

// lockNotice returns the own notice and keeps others from changing it until tx ends.
func lockNotice(ctx context.Context, tx *tenants.Tx, id inspection.NoticeID) (Notice, error) {
	rows, _ := tx.Query(ctx, `
		select `+noticeColumns+` from notices n join tenants i on i.id = n.tenant_id
		where `+tenants.Own("n")+` and n.id = @id
		for update of n`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Notice]))
}

// readNotice returns a notice that the scope may read: an own one, one issued
// below, or one that was delivered to the office or the unit.
func readNotice(ctx context.Context, tx *tenants.Tx, id inspection.NoticeID) (Notice, error) {
	rows, _ := tx.Query(ctx, `
		select `+noticeColumns+` from notices n join tenants i on i.id = n.tenant_id
		where n.id = @id
		  and (`+tenants.Reach("n")+` or (n.tenant_id, n.id) in (
		      select d.issuer, d.notice_id from deliveries d where `+tenants.Own("d")+` and d.notice_id = @id))`,
		pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Notice]))
}

// saveNotice stores what may change of a notice.
func saveNotice(ctx context.Context, tx *tenants.Tx, n Notice) (Notice, error) {
	n.Version++
	_, err := tx.Exec(ctx, `
		update notices n
		set number = nullif(@number, ''), edition = @edition, tag = @tag, title = @title, body = @body,
			questions = @questions, receipt_due = @receipt_due, self_check_due = @self_check_due,
			report_due = @report_due, due_calendar = @due_calendar, due_provisional = @due_provisional,
			state = @state, issued_at = @issued_at, issued_by = @issued_by, summary = @summary,
			changed_at = @changed_at, changed_by = @changed_by, version = @version
		where `+tenants.Own("n")+` and id = @id`, pgx.StrictNamedArgs{
		"id": n.ID, "number": n.Number, "edition": n.Edition, "tag": n.Tag, "title": n.Title, "body": n.Body,
		"questions": n.Questions, "receipt_due": n.ReceiptDue, "self_check_due": n.SelfCheckDue,
		"report_due": n.ReportDue, "due_calendar": n.DueCalendar, "due_provisional": n.DueProvisional,
		"state": n.State, "issued_at": n.IssuedAt, "issued_by": n.IssuedBy, "summary": n.Summary,
		"changed_at": n.ChangedAt, "changed_by": n.ChangedBy, "version": n.Version,
	})
	if err != nil {
		return Notice{}, fmt.Errorf("save notice: %w", err)
	}
	return n, nil
}

// actor says who acts, as the other office reads it: 望澜市委巡察办 沈若谷.
func actor(scope tenants.Scope) string { return scope.Office().Short + " " + scope.Name() }

// happened adds to a refusal who was faster, and when.
func happened(err error, at time.Time, by string) error {
	if inspection.KindOf(err) != inspection.Conflict {
		return err
	}
	return inspection.Errorf(inspection.Conflict, inspection.CodeOf(err), "%s最近由%s于%s办理。",
		detailOf(err), by, at.In(inspection.Zone).Format("2006-01-02 15:04"))
}

// act locks an own notice, asks the table whether do is possible now, lets change
// do it, and stores it with its journal entry.
func (s *Service) act(ctx context.Context, scope tenants.Scope, id inspection.NoticeID, version int, do NoticeAct,
	change func(tx *tenants.Tx, n *Notice) (note string, err error),
) (n Notice, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		before, err := lockNotice(ctx, tx, id)
		if err != nil {
			return err
		}
		n = before
		if n.State, err = notices.Next(n.State, do, scope.Role(), Issuer); err != nil {
			return happened(err, before.ChangedAt, before.ChangedBy)
		}
		if before.Version != version {
			return inspection.StaleRow("notice.stale", before)
		}
		note, err := change(tx, &n)
		if err != nil {
			return err
		}
		n.ChangedAt, n.ChangedBy = s.Clock(), actor(scope)
		if n, err = saveNotice(ctx, tx, n); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "notice." + string(do), Object: "notice", ID: id.UUID, Before: before, After: n,
			Detail: tenants.Detail{Title: notices.Doing[do], Text: note, Number: n.Number},
		})
		return nil
	})
	return n, err
}

// detailOf returns the sentence of a failure that people may be told.
func detailOf(err error) string {
	if e, ok := errors.AsType[*inspection.Error](err); ok {
		return e.Detail
	}
	return ""
}
