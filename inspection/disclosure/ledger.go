package disclosure

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// ledgerRow is a finding with its rectification, as the ledger has them.
type ledgerRow struct {
	ID           inspection.FindingID `db:"id"`
	Number       string               `db:"number"`
	Seq          int                  `db:"seq"`
	Category     string               `db:"category"`
	Text         string               `db:"text"`
	State        rectification.State  `db:"state"`
	Progress     string               `db:"progress"`
	Goal         string               `db:"goal"`
	DueOn        *inspection.Day      `db:"due_on"`
	ReviewOn     *inspection.Day      `db:"review_on"`
	ClosedOn     *inspection.Day      `db:"closed_on"`
	RulesMade    int                  `db:"rules_made"`
	RulesAmended int                  `db:"rules_amended"`
	RecoveredFen int64                `db:"recovered_fen"`
}

type ledgerMeasure struct {
	FindingID  inspection.FindingID `db:"finding_id"`
	Text       string               `db:"text"`
	Department string               `db:"department"`
	Progress   string               `db:"progress"`
	Rules      string               `db:"rules"`
}

// ledger is what one unit was told in one round, and how far it is.
type ledger struct {
	rows     []Row
	tasks    int
	made     int
	amended  int
	recouped int64
}

// terse is below how many characters a progress such as 已完成，材料已归档 needs the
// measure before it to be understood.
const terse = 20

// readLedger reads the issued findings of one unit and round. Findings of a
// self-check are not the inspection's and not in its 通报.
func readLedger(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID, round inspection.RoundID) (ledger, error) {
	var l ledger
	rows, _ := tx.Query(ctx, `
		select f.id, f.number, f.seq, f.category, f.text, r.state, r.progress, r.goal, r.due_on, r.review_on, r.closed_on,
			r.rules_made, r.rules_amended, r.recovered_fen
		from findings f
		join rectifications r on r.tenant_id = f.tenant_id and r.finding_id = f.id
		where `+tenants.Reach("f")+` and f.unit_id = @unit and f.round_id = @round
			and f.issued_at is not null and f.origin = 'patrol'
		order by f.seq, f.number`, pgx.StrictNamedArgs{"unit": unit, "round": round})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[ledgerRow])
	if err != nil {
		return l, fmt.Errorf("read ledger: %w", err)
	}
	measures, err := readMeasures(ctx, tx, unit, round)
	if err != nil {
		return l, err
	}
	for _, r := range found {
		row := r.row()
		row.Measures = append(row.Measures, measures[r.ID]...)
		l.rows = append(l.rows, row)
		l.tasks += len(row.Measures)
		l.made += r.RulesMade
		l.amended += r.RulesAmended
		l.recouped += r.RecoveredFen
	}
	return l, nil
}

func readMeasures(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID, round inspection.RoundID) (map[inspection.FindingID][]Measure, error) {
	rows, _ := tx.Query(ctx, `
		select m.finding_id, m.text, m.department, m.progress, m.rules
		from measures m
		join findings f on f.tenant_id = m.tenant_id and f.id = m.finding_id
		where `+tenants.Reach("m")+` and m.unit_id = @unit and f.round_id = @round
		order by m.finding_id, m.seq`, pgx.StrictNamedArgs{"unit": unit, "round": round})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[ledgerMeasure])
	if err != nil {
		return nil, fmt.Errorf("read measures: %w", err)
	}
	of := map[inspection.FindingID][]Measure{}
	for _, m := range all {
		of[m.FindingID] = append(of[m.FindingID], Measure{m.Text, m.Department, m.Progress, m.Rules})
	}
	return of, nil
}

func (r ledgerRow) row() Row {
	return Row{
		Number: r.Number, Category: r.Category, Text: r.Text, State: r.State, Progress: r.Progress, Measures: []Measure{},
		fact: r.fact(),
	}
}

// fact says in the public's three words how far a finding is. Handed in is not
// yet done.
func (r ledgerRow) fact() fact {
	f := fact{finding: r.ID, seq: r.Seq, goal: r.Goal}
	switch r.State {
	case rectification.Closed:
		f.status, f.finishedOn = Done, r.ClosedOn
	case rectification.LongTerm:
		f.status, f.nextOn = LongTerm, r.ReviewOn
	default:
		f.status, f.nextOn = Ongoing, r.DueOn
	}
	return f
}

// propose words a finding for the public from what the ledger says.
func (row Row) propose() ItemText {
	t := ItemText{Title: headline(row.Text), Problem: sentence(row.Text), Result: row.result()}
	var rules []string
	for _, m := range row.Measures {
		if r := strings.TrimSpace(m.Rules); r != "" {
			rules = append(rules, r)
		}
	}
	t.Rules = strings.Join(rules, "；")
	if row.fact.status == LongTerm {
		t.Goal = row.fact.goal
		if len(row.Measures) > 0 {
			t.Lead = row.Measures[0].Department
		}
	}
	return t
}

// result tells what was done: of each measure its progress, after the measure
// itself where the progress alone says little, or the measure while there is none.
func (row Row) result() string {
	var parts []string
	for _, m := range row.Measures {
		said := strings.TrimSpace(m.Progress)
		if utf8.RuneCountInString(said) < terse {
			said = strings.Trim(strings.TrimRight(strings.TrimSpace(m.Text), "。；;，,")+"，"+said, "，")
		}
		if !inspection.Blank(said) {
			parts = append(parts, said)
		}
	}
	switch len(parts) {
	case 0:
		return sentence(row.Progress)
	case 1:
		return sentence(parts[0])
	}
	for i, p := range parts {
		parts[i] = fmt.Sprintf("%d.%s", i+1, sentence(p))
	}
	return strings.Join(parts, "\n")
}
