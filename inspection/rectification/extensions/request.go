package extensions

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Service does what people ask of requests for more time.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock
	Cases *rectification.Service

	// Enqueue puts in the job that carries out, in the office of the case, what the level
	// above decided, to run if and when tx commits; nil waits for [Service.CarryOutAll].
	Enqueue func(ctx context.Context, tx *tenants.Tx, office string, id inspection.ExtensionID) error
}

// Request is one request for more time.
type Request struct {
	ID          inspection.ExtensionID  `json:"id" db:"id"`
	Finding     inspection.FindingID    `json:"item" db:"finding_id"`
	Number      string                  `json:"number" db:"number" maxLength:"40" doc:"Of the item"`
	Unit        inspection.UnitID       `json:"unit" db:"unit_id"`
	N           int                     `json:"n" db:"n" minimum:"1" maximum:"10000" doc:"第几次申请"`
	Kind        Kind                    `json:"kind" db:"kind"`
	State       State                   `json:"state" db:"state"`
	List        *ListID                 `json:"list" nullable:"true" db:"list_id" format:"uuid" doc:"The list that it is signed with, if it was asked for in one"`
	FromOn      *inspection.Day         `json:"from_on" nullable:"true" db:"from_on" doc:"The last day when it was asked for"`
	UntilOn     inspection.Day          `json:"until_on" db:"until_on" doc:"The last day asked for, or when a long-term item comes back"`
	Reason      string                  `json:"reason" db:"reason" maxLength:"2000"`
	Evidence    []inspection.EvidenceID `json:"evidence" db:"evidence" nullable:"false" maxItems:"50" doc:"Files of the item"`
	Files       []File                  `json:"files" db:"-" nullable:"false" maxItems:"50" doc:"What is signed says of them, or will; to the own office alone"`
	Approver    tenants.Role            `json:"approver" db:"approver" doc:"Who decides"`
	DeciderName string                  `json:"decider_name" db:"decider_name" maxLength:"100" doc:"Name of the place whose office decides: 靖原市"`
	ByName      string                  `json:"by" db:"by_name" maxLength:"100"`
	At          time.Time               `json:"at" db:"at"`
	Promise     string                  `json:"promise" db:"promise" maxLength:"500"`
	SignedBy    string                  `json:"signed_by" db:"signed_by" maxLength:"100"`
	SignedAt    *time.Time              `json:"signed_at" db:"issued_at"`
	Opinion     string                  `json:"opinion" db:"opinion" maxLength:"1000" doc:"Of the own office, when it passed the request up (转报意见)"`
	OpinionBy   string                  `json:"opinion_by" db:"opinion_by" maxLength:"100"`
	ForwardedAt *time.Time              `json:"forwarded_at" db:"forwarded_at"`
	GrantedOn   *inspection.Day         `json:"granted_on" nullable:"true" db:"granted_on" doc:"The day granted, which may be earlier than the one asked for"`
	DecidedAt   *time.Time              `json:"decided_at" db:"decided_at"`
	Lapse       string                  `json:"lapse" db:"lapse" maxLength:"500" doc:"Why what was granted above was not carried out"`
	Note        string                  `json:"note" db:"note" maxLength:"1000" doc:"Of the decision, or why it was withdrawn"`
	EndedBy     string                  `json:"ended_by" db:"ended_by" maxLength:"100"`
	EndedAt     *time.Time              `json:"ended_at" db:"ended_at"`
	Version     int                     `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Allowed     []Action                `json:"allowed" db:"-" nullable:"false" maxItems:"10" doc:"What you may do next"`
	Decider     string                  `json:"decider" db:"-" maxLength:"100" doc:"What people call who decides"`
	Above       bool                    `json:"above" db:"-" doc:"The office one level above decides"`
	Digest      string                  `json:"digest" db:"-" maxLength:"64" doc:"SM3 over what was shown to who signs, or will be; comes back with the signature"`
	Intact      bool                    `json:"intact" db:"-" doc:"What was signed is still what the row says"`

	Office       tenants.ID `json:"-" db:"tenant_id"`
	DeciderID    tenants.ID `json:"-" db:"decider"`
	DeciderSlug  string     `json:"-" db:"decider_slug"`
	DeciderShort string     `json:"-" db:"decider_short"`
	Content      []byte     `json:"-" db:"content"` // JSON of seal
	Sum          []byte     `json:"-" db:"digest"`
}

const requestColumns = `x.tenant_id, x.id, x.finding_id, r.number, x.unit_id, x.n, x.kind, x.state, x.list_id, x.from_on, x.until_on, x.reason,
	x.evidence, x.approver, x.decider, d.slug as decider_slug, d.short as decider_short, d.name as decider_name, x.by_name, x.at, x.promise,
	x.signed_by, x.issued_at, x.opinion, x.opinion_by, x.forwarded_at, x.granted_on, x.decided_at, x.lapse, x.note, x.ended_by, x.ended_at,
	x.version, x.content, x.digest`

const requestTables = `extensions x join rectifications r on r.tenant_id = x.tenant_id and r.finding_id = x.finding_id
	join tenants d on d.id = x.decider`

// sides says as which parties an office acts; one that is none may only look.
func (r Request) sides(office tenants.ID) []tenants.Side {
	switch {
	case office != r.Office && office == r.DeciderID:
		return []tenants.Side{above}
	case office != r.Office:
		return nil
	case office == r.DeciderID:
		return []tenants.Side{own, here}
	}
	return []tenants.Side{own, passing}
}

// see fills in what follows from who looks.
func (r *Request) see(scope tenants.Scope) {
	r.Above = r.DeciderID != r.Office
	switch {
	case r.Above:
		r.Decider = r.DeciderShort
	case r.Approver == tenants.LG:
		r.Decider = r.Approver.Party()
	default:
		r.Decider = r.Approver.Name()
	}
	r.Intact, r.Files = true, []File{}
	if r.SignedAt != nil && r.Content != nil {
		s, err := r.unseal()
		r.Digest, r.Intact = s.Shown, err == nil
		if err == nil && r.Office == scope.Tenant() {
			r.Files = s.Asked.Files
		}
	}
	r.Allowed = slices.DeleteFunc(requests.Allowed(r.State, scope.Role(), r.sides(scope.Tenant())...), func(do Action) bool {
		return (do == Approve || do == Refuse) && !decides(scope.Role(), r.Approver) || do == Sign && r.List != nil
	})
}

func (r Request) entry(action, title, text string, before any) tenants.Entry {
	return tenants.Entry{
		Action: "extension." + action, Object: "finding", ID: r.Finding.UUID, Unit: r.Unit, Before: before, After: r,
		Detail: tenants.Detail{Title: title, Text: text, Number: r.Number},
	}
}

// wish says what is asked for: 延期至 2026-12-31.
func (r Request) wish() string {
	if r.Kind == LongTerm {
		return fmt.Sprintf("转长期整改，%s 复核", r.UntilOn)
	}
	return fmt.Sprintf("延期至 %s", r.UntilOn)
}

// Page is what is known of the time that an item has.
type Page struct {
	Requests  []Request                    `json:"requests" nullable:"false" maxItems:"1000" doc:"The latest first"`
	Deadlines []rectification.PastDeadline `json:"deadlines" nullable:"false" maxItems:"1000" doc:"期限沿革, the first one first"`
	Limit     int                          `json:"limit" minimum:"0" maximum:"100" doc:"How often the deadline may be extended"`
	Used      int                          `json:"used" minimum:"0" maximum:"10000" doc:"How often it was"`
	LatestOn  *inspection.Day              `json:"latest_on" nullable:"true" doc:"The latest day that may be asked for now"`
	ReviewBy  inspection.Day               `json:"review_by" doc:"The latest day on which a long-term item may come back"`
	Promise   string                       `json:"promise" maxLength:"500" doc:"What the head promises, as the form suggests it"`
	Approver  string                       `json:"approver" maxLength:"100" doc:"What people call who decides"`
}

// promise is what a head promises who does not write it in other words.
const promise = "本人对申请原因和所附材料的真实性负责，承诺按批准的期限完成整改。"

// Of returns what is known of the time that an item has. Reading another office's
// leaves an entry in that office's journal.
func (s *Service) Of(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (p Page, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		var office tenants.ID
		var due *inspection.Day
		var number string
		err := tx.QueryRow(ctx, `
			select r.tenant_id, r.due_on, r.number from rectifications r
			where `+scope.Rows("r")+` and r.finding_id = @id and r.withdrawn_at is null`,
			pgx.StrictNamedArgs{"id": id}).Scan(&office, &due, &number)
		if _, err := tenants.Found(office, err); err != nil {
			return err
		}
		if p.Requests, err = requestsOf(ctx, tx, id); err != nil {
			return err
		}
		if err := s.show(ctx, tx, p.Requests); err != nil {
			return err
		}
		if p.Deadlines, err = rectification.Deadlines(ctx, tx, id); err != nil {
			return err
		}
		if office != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: office, Action: "extension.read-above", Object: "finding", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查看期限和延期申请", Number: number},
			})
			return s.allow(ctx, tx, &p, due, tenants.PolicyOf)
		}
		return s.allow(ctx, tx, &p, due, func(ctx context.Context, tx *tenants.Tx) (tenants.Policy, error) {
			return rectification.PolicyOf(ctx, tx, id)
		})
	})
	return p, err
}

// allow fills in what the policy lets be asked for.
func (s *Service) allow(
	ctx context.Context, tx *tenants.Tx, p *Page, due *inspection.Day, policy func(context.Context, *tenants.Tx) (tenants.Policy, error),
) error {
	rule, err := policy(ctx, tx)
	if err != nil {
		return err
	}
	p.Limit, p.Promise, p.ReviewBy = rule.ExtensionLimit, promise, s.Cases.LatestReview(rule)
	next, moved := Request{Approver: rule.ExtensionApprover}, 0
	for _, r := range p.Requests {
		if r.State != Approved {
			continue
		}
		if moved++; r.Kind == Later {
			p.Used++
		}
	}
	if err := next.address(ctx, tx, rule, moved); err != nil {
		return err
	}
	next.see(tx.Scope())
	p.Approver = next.Decider
	if due != nil {
		p.LatestOn = new(s.latest(*due, rule))
	}
	return nil
}

// latest returns the latest day that may be asked for: the policy's days after the
// present one, or after today where that is past.
func (s *Service) latest(due inspection.Day, rule tenants.Policy) inspection.Day {
	return max(due, s.Clock.Today()) + inspection.Day(rule.ExtensionDays)
}

// show fills in what who looks sees of requests: for who may sign one of them, the
// digest of what it says now.
func (s *Service) show(ctx context.Context, tx *tenants.Tx, rs []Request) error {
	for i := range rs {
		rs[i].see(tx.Scope())
		if rs[i].State != Asked || rs[i].List != nil || rs[i].Office != tx.Scope().Tenant() {
			continue // signed already, with its list, or by people of another office
		}
		says, err := asks(ctx, tx, rs[i:i+1])
		if err != nil {
			return err
		}
		rs[i].Files = says[0].Files
		if rs[i].Digest, err = digestOf(says[0]); err != nil {
			return err
		}
	}
	return nil
}

func requestsOf(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) ([]Request, error) {
	rows, _ := tx.Query(ctx, `
		select `+requestColumns+` from `+requestTables+`
		where `+tx.Scope().Rows("x")+` and x.finding_id = @id
		order by x.n desc`, pgx.StrictNamedArgs{"id": id})
	rs, err := pgx.CollectRows(rows, pgx.RowToStructByName[Request])
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	return rs, nil
}
