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
	// Ladder is the ladder of reminders, from the earliest rung. An office that names
	// one of the shipped ladders (defaults/ladders.json) instead climbs that one.
	Ladder       []Rung `json:"ladder"`
	LadderPreset string `json:"ladder_preset"`
	// LadderBelow are the rungs that this office climbs for items of the offices below
	// it, beside their own ladders (上级督办). Their signer, CITY or PROV, says which
	// level's they are: the offices between inherit them and climb none.
	LadderBelow []Rung `json:"ladder_below"`
	// Letters are the texts of the documents that press a unit, by the series of their
	// numbers: the ladder's, and the letter after a check on site (检).
	Letters map[string]LetterText `json:"letters"`
	// ReviewParties review jointly what a unit hands in (纪巡联合审核).
	ReviewParties []Role `json:"review_parties"`
	ReviewDays    int    `json:"review_days"` // working days that a party has
	// ReviewClaimDays is how many working days one person of a party may keep a review
	// to himself (认领).
	ReviewClaimDays int `json:"review_claim_days"`
	// PlanParties review a unit's plan (整改方案), in as many days.
	PlanParties []Role `json:"plan_parties"`
	// RectificationMonths is when an item without a date of its own falls due,
	// counted from the feedback (集中整改期).
	RectificationMonths int `json:"rectification_months"`
	// ReportMonths is when a unit's first two reports fall due, counted from the
	// feedback, and ReportEveryMonths how often further ones do while findings are
	// open (持续整改). ReportNoticeDays before, they stand among what is to be done.
	ReportMonths          int    `json:"report_months"`
	ReportEveryMonths     int    `json:"report_every_months"`
	ReportNoticeDays      int    `json:"report_notice_days"`
	ReportParties         []Role `json:"report_parties"`          // who reviews the reports, in ReviewDays
	ReceiptDays           int    `json:"receipt_days"`            // working days to sign for a notice
	SelfCheckDays         int    `json:"self_check_days"`         // working days to check after the receipt is due
	ReportDays            int    `json:"report_days"`             // working days to report after the receipt is due
	NoticeReviewDays      int    `json:"notice_review_days"`      // working days to accept or return a report
	EscalationReceiptDays int    `json:"escalation_receipt_days"` // working days to accept what a county raises
	// EscalationDecisionDays is how many working days an office has from accepting a
	// matter until it is decided.
	EscalationDecisionDays int `json:"escalation_decision_days"`
	CommonOffices          int `json:"common_offices"`          // in how many offices an issue is common (共性问题)
	CommonFindings         int `json:"common_findings"`         // and how many findings it takes
	CommonTextPercent      int `json:"common_text_percent"`     // of their pairs of characters that findings share to be proposed as one issue
	LongTermReviewMonths   int `json:"long_term_review_months"` // when a long-term item comes back
	// ClosingRate is the formula of the rate of what is put right (销号率).
	ClosingRate ClosingPolicy `json:"closing_rate"`
	// ExtensionLimit is how often the deadline of one item may be extended (延期), and
	// ExtensionDays by how many days at most. ExtensionApprover decides in the own
	// office: DIR, or LG for the leading group. What is granted to one item for the
	// ExtensionAboveFrom-th time, or later, the office one level above decides: 1 is
	// all, 2 the second and what follows, 0 nothing. It counts both kinds (延期、转长期).
	ExtensionLimit        int  `json:"extension_limit"`
	ExtensionDays         int  `json:"extension_days"`
	ExtensionApprover     Role `json:"extension_approver"`
	ExtensionAboveFrom    int  `json:"extension_above_from"`
	ExtensionListItems    int  `json:"extension_list_items"`    // for how many items one list may ask, signed as a whole
	DisclosureOpinionDays int  `json:"disclosure_opinion_days"` // working days that opinions are taken
	DisclosureHoldMinutes int  `json:"disclosure_hold_minutes"` // between giving a time and publication, to take it back unseen
	// OpinionDecideDays and OpinionAnswerDays are how many working days the office has to
	// decide on what the public says about a page, and to answer it.
	OpinionDecideDays int `json:"opinion_decide_days"`
	OpinionAnswerDays int `json:"opinion_answer_days"`
	// Doubts are the thresholds of the signals of doubt (存疑待核).
	Doubts     DoubtPolicy `json:"doubts"`
	CheckShare int         `json:"check_share"` // percent of the items without doubt that a round of checks draws
	CheckVotes [2]int      `json:"check_votes"` // how many people present say whether they are content: at least, at most
	// FollowUpDays is how long a follow-up (回头看) stays if nobody says otherwise. Shipped
	// is the longer of the lengths on record, 20 to 25 days (HANDBOOK §1.2).
	FollowUpDays int `json:"followup_days"`
}

// ClosingPolicy says by their states which items a rate counts as done, and which the
// whole leaves out. Shipped is what published reports do: 完成 alone counts, and
// nothing is left out (HANDBOOK §6).
type ClosingPolicy struct {
	Done    []string `json:"done"`
	LeftOut []string `json:"left_out"`
}

// UnmarshalJSON reads a formula as a whole: of the one that it replaces nothing stays.
func (c *ClosingPolicy) UnmarshalJSON(b []byte) error {
	type plain ClosingPolicy
	var p plain
	err := json.Unmarshal(b, &p)
	*c = ClosingPolicy(p)
	return err
}

// DoubtPolicy says from when on something is a signal of doubt.
type DoubtPolicy struct {
	PictureBits   int `json:"picture_bits"`   // of 64, in which near pictures may differ
	MinutesDays   int `json:"minutes_days"`   // that a document may be made after its stated day
	TextPercent   int `json:"text_percent"`   // of their pairs of characters that near texts share
	TextLength    int `json:"text_length"`    // characters from which a text says something of its own
	TextUnits     int `json:"text_units"`     // units from which a text is a phrase of the trade
	BurstItems    int `json:"burst_items"`    // items of one unit closed within one hour
	DeadlineItems int `json:"deadline_items"` // items of one unit closed on their last day
	LookBackDays  int `json:"look_back_days"` // that the first scan of an office looks back
}

// Rung is one step of the ladder of reminders (催办).
type Rung struct {
	Rung     string `json:"rung"`     // T-7; part of the key that makes a reminder happen once
	Offset   int    `json:"offset"`   // days from the due date; moved to the next working day
	Title    string `json:"title"`    // 提醒书
	Document string `json:"document"` // the series of its numbers (提, 督, 诫), or empty for a message
	To       []Role `json:"to"`       // who gets it, besides the unit's own people
	Signer   Role   `json:"signer"`   // who signs the document, or empty
	Talk     bool   `json:"talk"`     // done only when the talk that goes with it is on record (约谈)
}

// UnmarshalJSON reads a rung as a whole: of the one that it replaces nothing stays.
func (r *Rung) UnmarshalJSON(b []byte) error {
	type plain Rung
	var p plain
	err := json.Unmarshal(b, &p)
	*r = Rung(p)
	return err
}

// LetterText is what such a document says, in words that an office may change. What
// stands in braces is filled in from the records (rectification).
type LetterText struct {
	Title      string   `json:"title"`
	To         string   `json:"to"`   // 主送
	Body       []string `json:"body"` // paragraphs; one that comes out empty is left out
	Ask        string   `json:"ask"`  // 要求, which the signer may word
	Reply      string   `json:"reply"`
	AnswerDays int      `json:"answer_days"` // working days until the answer is due
}

//go:embed defaults/policy.json
var shipped []byte

//go:embed defaults/letters.json
var shippedLetters []byte

//go:embed defaults/ladders.json
var shippedLadders []byte

// PolicyOf returns the policy of the office for which tx works.
func PolicyOf(ctx context.Context, tx *Tx) (Policy, error) {
	rows, _ := tx.Query(ctx, `select body from sec.policies()`)
	bodies, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return Policy{}, fmt.Errorf("read policy: %w", err)
	}
	var p Policy
	for _, b := range append([][]byte{shipped, shippedLetters}, bodies...) {
		if err := p.merge(b); err != nil {
			return Policy{}, fmt.Errorf("policy: %w", err)
		}
	}
	return p, nil
}

// merge overrides p by what body says. A ladder counts before a preset of the same
// body, and either replaces the whole ladder of the levels above.
func (p *Policy) merge(body []byte) error {
	var says struct {
		Ladder json.RawMessage `json:"ladder"`
		Preset string          `json:"ladder_preset"`
	}
	if err := json.Unmarshal(body, &says); err != nil {
		return err
	}
	if says.Preset != "" && says.Ladder == nil {
		ladders := map[string][]Rung{}
		if err := json.Unmarshal(shippedLadders, &ladders); err != nil {
			return err
		}
		ladder, ok := ladders[says.Preset]
		if !ok {
			return fmt.Errorf("no ladder is called %q", says.Preset)
		}
		p.Ladder = ladder
	}
	return json.Unmarshal(body, p)
}
