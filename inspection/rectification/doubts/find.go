package doubts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Service does what people ask of signals, and finds them.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock
	Cases *rectification.Service
	// Enqueue has [Service.Look] called for a case once tx is committed. The
	// rules look at the whole office, which the unit that hands in may not.
	Enqueue func(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) error
}

// hit is what a rule found.
type hit struct {
	Finding  inspection.FindingID   `db:"finding_id"`
	Cause    string                 `db:"cause"`
	Evidence *inspection.EvidenceID `db:"evidence_id"`
	Measure  *inspection.MeasureID  `db:"measure_id"`
	Other    *inspection.FindingID  `db:"other_id"`
	Facts    Facts                  `db:"facts"`
}

// Changed has a case looked at when it was handed in or closed. It is what
// [rectification.Service.Changed] calls.
func (s *Service) Changed(ctx context.Context, tx *tenants.Tx, before *rectification.Case, after rectification.Case) error {
	came := before != nil && before.State != after.State
	if s.Enqueue == nil || !came || after.State != rectification.Submitted && after.State != rectification.Closed {
		return nil
	}
	return s.Enqueue(ctx, tx, after.ID)
}

// Look looks for signals of one case and sets its flag. A job calls it; late or
// twice does no harm.
func (s *Service) Look(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) error {
	if err := s.find(ctx, tx, &id, time.Time{}); err != nil {
		return err
	}
	return s.flag(ctx, tx, id)
}

// overlap is what a scan looks at a second time: what was being written while the
// last one looked.
const overlap = 2 * time.Hour

// Scan looks for what came since the last scan of one office, with the rules that
// need the whole office. The first one looks back as far as the policy says, so
// that a new office is not flooded with its past.
func (s *Service) Scan(ctx context.Context, scope tenants.Scope) error {
	return s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		now := s.Clock()
		since := now.AddDate(0, 0, -policy.Doubts.LookBackDays)
		err = tx.QueryRow(ctx, `
			with last as (select until_at from doubt_scans d where `+tenants.Own("d")+` and scan = 'nightly'),
			saved as (
				insert into doubt_scans (scan, until_at) values ('nightly', @now)
				on conflict (tenant_id, scan) do update set until_at = excluded.until_at)
			select coalesce((select until_at from last), @since)`,
			pgx.StrictNamedArgs{"now": now, "since": since.Add(overlap)}).Scan(&since)
		if err != nil {
			return fmt.Errorf("last scan: %w", err)
		}
		return s.find(ctx, tx, nil, since.Add(-overlap))
	})
}

// find runs the rules, about one case or about all that came since, and writes
// what they find.
func (s *Service) find(ctx context.Context, tx *tenants.Tx, id *inspection.FindingID, since time.Time) error {
	policy, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return err
	}
	numbers, err := json.Marshal(policy.Doubts)
	if err != nil {
		return err
	}
	var touched []inspection.FindingID
	for _, r := range rules {
		if r.sql == "" || r.nightly && id != nil {
			continue
		}
		rows, _ := tx.Query(ctx, r.query(id != nil), pgx.NamedArgs{"finding": id, "since": since, "policy": string(numbers)})
		hits, err := pgx.CollectRows(rows, pgx.RowToStructByName[hit])
		if err != nil {
			return fmt.Errorf("rule %s: %w", r.kind, err)
		}
		if touched, err = s.write(ctx, tx, r, hits, touched); err != nil {
			return err
		}
	}
	hits, err := s.sameTexts(ctx, tx, policy.Doubts, id, since)
	if err != nil {
		return err
	}
	if touched, err = s.write(ctx, tx, SameText.rule(), hits, touched); err != nil || id != nil {
		return err
	}
	for _, id := range touched {
		if err := s.flag(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// write enters the signals that are new, and adds their cases to touched.
func (s *Service) write(ctx context.Context, tx *tenants.Tx, r rule, hits []hit, touched []inspection.FindingID) ([]inspection.FindingID, error) {
	for _, h := range hits {
		d, err := s.add(ctx, tx, Doubt{
			Kind: r.kind, Finding: h.Finding, Evidence: h.Evidence, Measure: h.Measure,
			Question: h.Facts.say(r.question), Reason: h.Facts.say(r.reason), Facts: &h.Facts, Other: h.Other,
		}, h.Cause)
		if err != nil {
			return touched, err
		}
		if d.ID == (inspection.DoubtID{}) {
			continue // known
		}
		tx.Journal(tenants.Entry{
			Action: "doubt.find", Object: "finding", ID: d.Finding.UUID, Unit: d.Unit, After: d,
			Detail: tenants.Detail{Title: "存疑待核：" + r.word, Text: d.Question, Number: d.Number},
		})
		if !slices.Contains(touched, h.Finding) {
			touched = append(touched, h.Finding)
		}
	}
	return touched, nil
}

// add writes one signal, unless there is one of the same cause: then it returns
// one without an identifier.
func (s *Service) add(ctx context.Context, tx *tenants.Tx, d Doubt, cause string) (Doubt, error) {
	facts, err := json.Marshal(d.Facts)
	if err != nil {
		return d, err
	}
	d.State, d.FoundAt, d.Version = Found, s.Clock(), 1
	var by *inspection.MemberID
	if d.By != "" {
		by = new(tx.Scope().Member())
	}
	id := inspection.NewID[inspection.DoubtID]()
	err = tx.QueryRow(ctx, `
		with d as (
			insert into doubts (id, finding_id, unit_id, kind, cause, evidence_id, measure_id, question, found_at, issued_at)
			select @id, r.finding_id, r.unit_id, @kind, @cause, @evidence, @measure, @question, @at, r.issued_at
			from rectifications r where `+tenants.Own("r")+` and r.finding_id = @finding and r.withdrawn_at is null
			on conflict do nothing
			returning tenant_id, id, finding_id, unit_id, issued_at),
		why as (
			insert into doubt_reasons (doubt_id, other_id, facts, reason, by_id, by_name, issued_at)
			select d.id, @other, @facts, @reason, @by_id, @by_name, d.issued_at from d)
		select d.id, d.unit_id, f.number from d join findings f on f.tenant_id = d.tenant_id and f.id = d.finding_id`,
		pgx.StrictNamedArgs{
			"id": id, "finding": d.Finding, "kind": d.Kind, "cause": cause, "evidence": d.Evidence, "measure": d.Measure,
			"question": d.Question, "at": d.FoundAt, "other": d.Other, "facts": string(facts), "reason": d.Reason,
			"by_id": by, "by_name": d.By,
		}).Scan(&d.ID, &d.Unit, &d.Number)
	if err == pgx.ErrNoRows { //nolint:errorlint // Scan returns it as it is
		return d, nil
	}
	if err != nil {
		return d, fmt.Errorf("add signal: %w", err)
	}
	return d, nil
}

// flag marks the case while a signal of it is open.
func (s *Service) flag(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) error {
	var open bool
	err := tx.QueryRow(ctx, `
		select exists (select from doubts d where `+tenants.Own("d")+` and d.finding_id = @id and d.state = any(@open))`,
		pgx.StrictNamedArgs{"id": id, "open": Open()}).Scan(&open)
	if err != nil {
		return fmt.Errorf("open signals: %w", err)
	}
	return s.Cases.SetFlag(ctx, tx, id, rectification.Doubt, open)
}
