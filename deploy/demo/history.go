package demo

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// event is one act of the past.
type event struct {
	at    time.Time
	scope tenants.Scope
	entry tenants.Entry
}

// history writes what led to the ledger: handings-in, opinions, and the journal,
// each entry dated as it happened.
func (l *loader) history(ctx context.Context, o Office, rows []*row) error {
	t := l.offices[o.Slug]
	err := l.jobs.In(ctx, tenants.ForJob(t, "demo"), func(tx *tenants.Tx) error {
		var b pgx.Batch
		for _, r := range rows {
			l.submission(&b, o, r)
		}
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		return err
	}
	var events []event
	for _, r := range rows {
		events = append(events, l.events(o, r)...)
	}
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.scope.Name(), b.scope.Name()))
	})
	for len(events) > 0 { // one transaction per moment and person
		first := events[0]
		n := slices.IndexFunc(events, func(e event) bool { return !e.at.Equal(first.at) || e.scope.Member() != first.scope.Member() })
		if n < 0 {
			n = len(events)
		}
		err := l.at(first.at).In(ctx, first.scope, func(tx *tenants.Tx) error {
			for _, e := range events[:n] {
				tx.Journal(e.entry)
			}
			return nil
		})
		if err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}

// events are the acts on one finding.
func (l *loader) events(o Office, r *row) []event {
	act := func(action, title, text string) tenants.Entry {
		return tenants.Entry{
			Action: action, Object: "finding", ID: id("finding", r.Number), Unit: inspection.UnitID{UUID: id("unit", o.Slug, r.UnitName)},
			Detail: tenants.Detail{Title: title, Text: text, Number: r.Number},
		}
	}
	office, unit := l.officer(o), l.liaison(o, r.UnitName)
	es := []event{{morning(o.Ledger.FeedbackOn), office, act("finding.issue", "反馈问题", "")}}
	if r.Submitted != nil {
		es = append(es, event{r.Submitted.Start().Add(15*time.Hour + 20*time.Minute), unit, act("rectification.submit", "提交销号", "")})
	}
	if r.Returned != nil {
		es = append(es, event{r.Returned.Start().Add(10*time.Hour + 5*time.Minute), office, act("rectification.return", "退回重报", r.Note)})
	}
	if r.ClosedOn != nil {
		es = append(es, event{r.ClosedOn.Start().Add(16 * time.Hour), office, act("rectification.accept", "联合审核通过，销号", "")})
	}
	if r.State == "long-term" {
		es = append(es, event{(*r.Submitted + 5).Start().Add(16 * time.Hour), office, act("rectification.accept-long-term", "转为长期整改", "2027年3月31日复核")})
	}
	return es
}

// officer is who decides in an office; liaison who hands in for a unit.
func (l *loader) officer(o Office) tenants.Scope {
	for _, role := range []tenants.Role{tenants.DIR, tenants.CITY} {
		for _, p := range Cast() {
			if p.Office == o.Slug && p.Role == role {
				return l.people[p.Login]
			}
		}
	}
	panic("nobody decides in " + o.Name) // the story is part of the program
}

func (l *loader) liaison(o Office, unitName string) tenants.Scope {
	for _, p := range Cast() {
		if p.Office == o.Slug && p.Unit == unitName && p.Role == tenants.UNIT {
			return l.people[p.Login]
		}
	}
	return tenants.ForGrant(tenants.Acting{
		Office: l.offices[o.Slug], Member: inspection.MemberID{UUID: id("liaison", o.Slug, unitName)},
		Grant: inspection.GrantID{UUID: id("liaison grant", o.Slug, unitName)},
		Name:  unitName + "联络员", Role: tenants.UNIT, Unit: inspection.UnitID{UUID: id("unit", o.Slug, unitName)},
	})
}

// submission writes a handing-in and, where it was decided, the opinions on it.
func (l *loader) submission(b *pgx.Batch, o Office, r *row) {
	if r.Submitted == nil {
		return
	}
	unit := l.liaison(o, r.UnitName)
	decided, given := map[string]string{"closed": "closed", "returned": "returned", "long-term": "long-term"}[r.State], []string{}
	var outcome, by *string
	var agreed *bool
	var on *time.Time
	if decided != "" {
		name := l.officer(o).Name()
		at := cmp.Or(r.ClosedOn, r.Returned, within(*r.Submitted+5)).Start().Add(10*time.Hour + 5*time.Minute)
		outcome, by, on, agreed, given = &decided, &name, &at, new(decided != "returned"), []string{"DISC", "OFF"}
	}
	at := r.Submitted.Start().Add(15*time.Hour + 20*time.Minute)
	due, _ := Calendar().Add(*r.Submitted, 5)
	b.Queue(`
		insert into submissions (finding_id, n, unit_id, statement, parties, given, agreed, due_on, due_calendar, due_provisional, by_id, by_name,
			at, outcome, reasons, letter, decided_by, decided_at)
		values (@finding, 1, @unit, '整改措施已落实，佐证材料齐全，申请销号。', '{DISC,OFF}', @given, @agreed, @due, 'demo-2026', false, @by_id, @by,
			@at, @outcome, @reasons, @letter, coalesce(@decided_by, ''), @decided_at)`, pgx.StrictNamedArgs{
		"finding": id("finding", r.Number), "unit": id("unit", o.Slug, r.UnitName), "given": given, "agreed": agreed, "due": due,
		"by_id": unit.Member(), "by": unit.Name(), "at": at, "outcome": outcome, "reasons": reasons(decided), "letter": r.Note,
		"decided_by": by, "decided_at": on,
	})
	for _, party := range given {
		verdict := map[bool]string{true: "refuse", false: "agree"}[decided == "returned" && party == "DISC"]
		b.Queue(`
			insert into opinions (finding_id, submission, party, verdict, reasons, note, by_id, by_name, at, revealed)
			values (@finding, 1, @party, @verdict, @reasons, @note, @by_id, @by, @at, true)`, pgx.StrictNamedArgs{
			"finding": id("finding", r.Number), "party": party, "verdict": verdict, "reasons": reasons(map[bool]string{true: decided}[verdict == "refuse"]),
			"note": map[bool]string{true: r.Note}[verdict == "refuse"], "by_id": id("reviewer", o.Slug, party),
			"by": tenants.Role(party).Name() + "审核人", "at": at.Add(22 * time.Hour),
		})
	}
}

func reasons(outcome string) []string {
	if outcome == "returned" {
		return []string{"mismatch"}
	}
	return []string{}
}
