package tenants

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Policy is what an office decides for itself: periods, ladders, parties. No
// such number stands in code. The shipped default is overridden by the policy of
// each level above, from the top down, and then by the office's own.
type Policy struct {
	// Ladder is the ladder of reminders, from the earliest rung.
	Ladder []Rung `json:"ladder"`
	// ReviewParties review jointly what a unit hands in (纪巡联合审核).
	ReviewParties []Role `json:"review_parties"`
	ReviewDays    int    `json:"review_days"` // working days that a party has
	// PlanParties review a unit's plan (整改方案), in as many days.
	PlanParties []Role `json:"plan_parties"`
	// RectificationMonths is when an item without a date of its own falls due,
	// counted from the feedback (集中整改期).
	RectificationMonths   int `json:"rectification_months"`
	ReceiptDays           int `json:"receipt_days"`            // working days to sign for a notice
	SelfCheckDays         int `json:"self_check_days"`         // working days to check after the receipt is due
	ReportDays            int `json:"report_days"`             // working days to report after the receipt is due
	NoticeReviewDays      int `json:"notice_review_days"`      // working days to accept or return a report
	EscalationReceiptDays int `json:"escalation_receipt_days"` // working days to accept what a county raises
	CommonOffices         int `json:"common_offices"`          // in how many offices an issue is common (共性问题)
	CommonFindings        int `json:"common_findings"`         // and how many findings it takes
	LongTermReviewMonths  int `json:"long_term_review_months"` // when a long-term item comes back
	DisclosureOpinionDays int `json:"disclosure_opinion_days"` // working days that opinions are taken
	DisclosureHoldMinutes int `json:"disclosure_hold_minutes"` // between giving a time and publication, to take it back unseen
}

// Rung is one step of the ladder of reminders (催办).
type Rung struct {
	Rung     string `json:"rung"`     // T-7; part of the key that makes a reminder happen once
	Offset   int    `json:"offset"`   // days from the due date; moved to the next working day
	Title    string `json:"title"`    // 提醒书
	Document string `json:"document"` // the series of its numbers (提, 督, 诫), or empty for a message
	To       []Role `json:"to"`       // who gets it, besides the unit's own people
	Signer   Role   `json:"signer"`   // who signs the document, or empty
}

//go:embed defaults/policy.json
var shipped []byte

// PolicyOf returns the policy of the office for which tx works.
func PolicyOf(ctx context.Context, tx *Tx) (Policy, error) {
	rows, _ := tx.Query(ctx, `select body from sec.policies()`)
	bodies, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return Policy{}, fmt.Errorf("read policy: %w", err)
	}
	var p Policy
	for _, b := range append([][]byte{shipped}, bodies...) {
		if err := json.Unmarshal(b, &p); err != nil {
			return Policy{}, fmt.Errorf("policy: %w", err)
		}
	}
	return p, nil
}
