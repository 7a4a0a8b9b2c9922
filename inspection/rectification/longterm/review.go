package longterm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// ID names a review of a long-term item.
type ID struct{ uuid.UUID }

// Service does what people ask of long-term items that come back.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock
	Cases *rectification.Service
}

// Review is one review of a long-term item.
type Review struct {
	ID       ID                      `json:"id" db:"id"`
	Finding  inspection.FindingID    `json:"item" db:"finding_id"`
	Number   string                  `json:"number" db:"number" maxLength:"40" doc:"Of the item"`
	Unit     inspection.UnitID       `json:"unit" db:"unit_id"`
	N        int                     `json:"n" db:"n" minimum:"1" maximum:"10000" doc:"第几次复核"`
	State    State                   `json:"state" db:"state"`
	Outcome  Outcome                 `json:"outcome" db:"outcome"`
	FromOn   *inspection.Day         `json:"from_on" nullable:"true" db:"from_on" doc:"When it was to come back"`
	UntilOn  *inspection.Day         `json:"until_on" nullable:"true" db:"until_on" doc:"When it comes back next, or its new last day; null if it is done"`
	Reason   string                  `json:"reason" db:"reason" maxLength:"2000"`
	Evidence []inspection.EvidenceID `json:"evidence" db:"evidence" nullable:"false" maxItems:"50" doc:"Files of the item"`
	Parties  []tenants.Role          `json:"parties" db:"parties" nullable:"false" maxItems:"10" doc:"Who must agree"`
	Given    []tenants.Role          `json:"given" db:"given" nullable:"false" maxItems:"10" doc:"Who did"`
	ByName   string                  `json:"by" db:"by_name" maxLength:"100"`
	At       time.Time               `json:"at" db:"at"`
	Note     string                  `json:"note" db:"note" maxLength:"1000" doc:"Of the objection, or why it was withdrawn"`
	EndedBy  string                  `json:"ended_by" db:"ended_by" maxLength:"100"`
	EndedAt  *time.Time              `json:"ended_at" db:"ended_at"`
	IssuedAt *time.Time              `json:"-" db:"issued_at"`
	ByID     inspection.MemberID     `json:"-" db:"by_id"`
	Outdated bool                    `json:"outdated" db:"outdated" doc:"Not yet in effect, and the item was handed in or its day moved since: it can only be withdrawn"`
	Version  int                     `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Waiting  []string                `json:"waiting" db:"-" nullable:"false" maxItems:"10" doc:"Whose agreement is missing, as people call them"`
	Allowed  []Action                `json:"allowed" db:"-" nullable:"false" maxItems:"10" doc:"What you may do next"`
}

const columns = `v.id, v.finding_id, r.number, v.unit_id, v.n, v.state, v.outcome, v.from_on, v.until_on, v.reason, v.evidence, v.parties,
	v.given, v.by_id, v.by_name, v.at, v.note, v.ended_by, v.ended_at, v.issued_at, v.version,
	(v.state = 'proposed' and (r.state, r.due_version, r.submission) is distinct from ('long-term', v.due_version, v.submission)) as outdated`

const tables = `long_reviews v join rectifications r on r.tenant_id = v.tenant_id and r.finding_id = v.finding_id`

// see fills in what follows from who looks.
func (r *Review) see(scope tenants.Scope, own bool) {
	r.Waiting, r.Allowed = []string{}, []Action{}
	if r.State == Proposed && !r.Outdated {
		for _, p := range r.Parties {
			if !slices.Contains(r.Given, p) {
				r.Waiting = append(r.Waiting, p.Party())
			}
		}
	}
	if own {
		r.Allowed = slices.DeleteFunc(reviews.Allowed(r.State, scope.Role()), func(do Action) bool {
			return (do == Agree || do == Object) && (r.Outdated || !r.mine(scope.Role())) || do == Agree && r.alone(scope)
		})
	}
}

// alone reports whether the agreement of who acts would leave the review to one person:
// who proposed, for the only party.
func (r Review) alone(scope tenants.Scope) bool {
	return len(r.Parties) == 1 && r.ByID == scope.Member()
}

func (r Review) entry(action, title, text string, before any) tenants.Entry {
	return tenants.Entry{
		Action: "long-review." + action, Object: "finding", ID: r.Finding.UUID, Before: before, After: r,
		Detail: tenants.Detail{Title: title, Text: text, Number: r.Number},
	}
}

// wish says what is proposed: 继续长期，2027-05-20 复核.
func (r Review) wish() string {
	switch r.Outcome {
	case Continue:
		return fmt.Sprintf("%s，%s 复核", r.Outcome.Word(), r.UntilOn)
	case Resume:
		return fmt.Sprintf("%s，期限 %s", r.Outcome.Word(), r.UntilOn)
	}
	return r.Outcome.Word()
}

// Page is what is known of the reviews of an item.
type Page struct {
	Reviews  []Review       `json:"reviews" nullable:"false" maxItems:"1000" doc:"The latest first"`
	ReviewBy inspection.Day `json:"review_by" doc:"The latest day on which the item may come back next"`
	Parties  string         `json:"parties" maxLength:"200" doc:"Who must agree, as people call them"`
	Propose  bool           `json:"propose" doc:"You may propose what becomes of the item now"`
}

// Of returns what is known of the reviews of an item. Reading another office's leaves
// an entry in that office's journal.
func (s *Service) Of(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (p Page, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		var office tenants.ID
		var state rectification.State
		var number string
		err := tx.QueryRow(ctx, `
			select r.tenant_id, r.state, r.number from rectifications r
			where `+scope.Rows("r")+` and r.finding_id = @id and r.withdrawn_at is null`,
			pgx.StrictNamedArgs{"id": id}).Scan(&office, &state, &number)
		if _, err := tenants.Found(office, err); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select `+columns+` from `+tables+`
			where `+scope.Rows("v")+` and v.finding_id = @id
			order by v.n desc`, pgx.StrictNamedArgs{"id": id})
		if p.Reviews, err = pgx.CollectRows(rows, pgx.RowToStructByName[Review]); err != nil {
			return fmt.Errorf("list reviews: %w", err)
		}
		own := office == scope.Tenant()
		for i := range p.Reviews {
			p.Reviews[i].see(scope, own)
		}
		if !own {
			tx.Journal(tenants.Entry{
				Office: office, Action: "long-review.read-above", Object: "finding", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查看长期整改复核", Number: number},
			})
			return nil
		}
		open := len(p.Reviews) > 0 && p.Reviews[0].State == Proposed && !p.Reviews[0].Outdated
		_, may := reviews.Next(tenants.Start, Propose, scope.Role())
		p.Propose = may == nil && state == rectification.LongTerm && !open
		policy, err := rectification.PolicyOf(ctx, tx, id)
		p.ReviewBy, p.Parties = s.Cases.LatestReview(policy), partyNames(policy.ReviewParties)
		return err
	})
	return p, err
}

func partyNames(parties []tenants.Role) string {
	names := make([]string, len(parties))
	for i, p := range parties {
		names[i] = p.Party()
	}
	return strings.Join(names, "、")
}
