package disclosure

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/inspection/units"
	"xuncha/tenants"
)

// Service does what people ask of the texts for the public.
type Service struct {
	DB       *tenants.DB
	Clock    inspection.Clock
	Calendar *inspection.Calendar

	// Shift is how far Clock is set from the real time on purpose: zero except
	// in a demo. See [ShiftOf].
	Shift time.Duration

	// Site is where the public reads, as https://gk.example.cn; a published text
	// says its address. Empty if nobody told.
	Site string

	// Article renders a document as the part of its page that is approved, and
	// Page the whole page as it would look on a screen of its own. The public
	// pages are another room; cmd fills these in.
	Article func(Document) ([]byte, error)
	Page    func(doc Document, article []byte, large bool) ([]byte, error)
}

// draftColumns are the columns of [Draft], from editions e and disclosures d.
const draftColumns = `e.disclosure_id, d.number, e.unit_id, d.round_id, e.edition, d.live, e.state,
	e.publisher, e.unit_name, e.unit_kind, e.round_name, e.round_term, e.round_seq, e.round_from, e.round_until,
	e.feedback_on, e.period_from, e.period_until, e.as_of, e.tasks, e.rules_made, e.rules_amended, e.recovered_fen,
	e.title, e.lead, e.organisation, e.head_duty, e.transfers, e.next_steps, e.phone, e.hours, e.address, e.email,
	e.dated, e.note, e.hides_previous,
	e.edited_by, e.editors, e.edited_name, e.confirmed_by, e.confirmed_name, e.confirmed_at, e.cleared_by, e.cleared_role, e.cleared_name,
	e.cleared_at, e.approved_by, e.approved_name, e.approved_at, e.return_note, e.publish_at, e.opinions_until, e.held,
	e.issued_at, e.changed_at, e.digest, e.approved_digest, e.keeps, e.version`

// find reads the newest edition that tx may see, with its items.
func find(ctx context.Context, tx *tenants.Tx, id inspection.DisclosureID) (Draft, error) {
	return draft(ctx, tx, id, `
		where `+tenants.Reach("e")+` and e.disclosure_id = @id
		order by e.edition desc
		limit 1`)
}

// lock reads the newest edition of the own office and keeps others from changing
// it until tx ends.
func lock(ctx context.Context, tx *tenants.Tx, id inspection.DisclosureID) (Draft, error) {
	return draft(ctx, tx, id, `
		where `+tenants.Own("e")+` and e.disclosure_id = @id and e.edition = d.edition
		for update of d, e`)
}

// lockLive locks the edition that the public reads.
func lockLive(ctx context.Context, tx *tenants.Tx, id inspection.DisclosureID) (Draft, error) {
	return draft(ctx, tx, id, `
		where `+tenants.Own("e")+` and e.disclosure_id = @id and e.edition = d.live
		for update of d, e`)
}

func draft(ctx context.Context, tx *tenants.Tx, id inspection.DisclosureID, which string) (Draft, error) {
	rows, _ := tx.Query(ctx, `
		select `+draftColumns+`
		from disclosure_editions e
		join disclosures d on d.tenant_id = e.tenant_id and d.id = e.disclosure_id `+which,
		pgx.StrictNamedArgs{"id": id})
	d, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Draft]))
	if err != nil {
		return d, err
	}
	d.Items, err = items(ctx, tx, d)
	return d, err
}

func items(ctx context.Context, tx *tenants.Tx, d Draft) ([]Item, error) {
	rows, _ := tx.Query(ctx, `
		select i.finding_id, i.seq, i.status, i.finished_on, i.next_on, i.title, i.problem, i.result, i.rules, i.reason,
			i.goal, i.lead, i.written, i.withheld, i.version,
			i.edition > 1 and (i.title, i.problem, i.result, i.rules, i.reason, i.goal, i.lead, i.status, i.finished_on, i.next_on)
				is distinct from (p.title, p.problem, p.result, p.rules, p.reason, p.goal, p.lead, p.status, p.finished_on, p.next_on) as updated
		from disclosure_items i
		left join disclosure_items p on p.tenant_id = i.tenant_id and p.disclosure_id = i.disclosure_id
			and p.edition = i.edition - 1 and p.finding_id = i.finding_id and p.withheld = '' and not p.gone
		where `+tenants.Reach("i")+` and i.disclosure_id = @id and i.edition = @edition and not i.gone
		order by i.seq, i.finding_id`, pgx.StrictNamedArgs{"id": d.ID, "edition": d.Edition})
	its, err := pgx.CollectRows(rows, pgx.RowToStructByName[Item])
	if err != nil {
		return nil, fmt.Errorf("read items: %w", err)
	}
	return its, nil
}

// view completes a draft for the person who looks at it.
func (s *Service) view(ctx context.Context, tx *tenants.Tx, d Draft) (Draft, error) {
	l, err := readLedger(ctx, tx, d.UnitID, d.RoundID)
	if err != nil {
		return d, err
	}
	d.compare(l)
	d.Counts, d.Problems, d.Hits = d.counts(), d.problems(), d.hits()
	r, err := s.render(d)
	if err != nil {
		return d, err
	}
	d.Shown = hex.EncodeToString(r.Digest)
	d.Allowed = d.allowedTo(tx.Scope())
	if d.Editions, err = listEditions(ctx, tx, d.ID); err != nil {
		return d, err
	}
	d.Page, err = s.page(ctx, tx, d)
	return d, err
}

// page is the address under which the public reads d, or "" while it does not.
func (s *Service) page(ctx context.Context, tx *tenants.Tx, d Draft) (string, error) {
	if d.Live == nil || s.Site == "" {
		return "", nil
	}
	rows, _ := tx.Query(ctx, `
		select above.slug
		from disclosures d
		join tenants own on own.id = d.tenant_id
		join tenants above on above.parent is not null and own.id between above.lo and above.hi
		where `+tenants.Reach("d")+` and d.id = @id
		order by above.lo, above.hi desc`, pgx.StrictNamedArgs{"id": d.ID})
	slugs, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return "", fmt.Errorf("find page: %w", err)
	}
	return strings.Join(append(append([]string{strings.TrimSuffix(s.Site, "/")}, slugs...), "zg", d.Number), "/"), nil
}

// compare puts the ledger's words beside the public's.
func (d *Draft) compare(l ledger) {
	rows := map[inspection.FindingID]Row{}
	for _, r := range l.rows {
		rows[r.fact.finding] = r
	}
	for i := range d.Items {
		row, ok := rows[d.Items[i].FindingID]
		if !ok {
			row = Row{Measures: []Measure{}}
		}
		d.Items[i].Ledger = row
		d.Changed = d.Changed || d.Items[i].differs()
	}
	d.Changed = d.Changed || len(l.rows) != len(d.Items)
}

func (d Draft) allowedTo(scope tenants.Scope) []Action {
	if !scope.Own() {
		return []Action{}
	}
	may := editions.Allowed(d.State, scope.Role())
	if d.Live != nil && *d.Live != d.Edition {
		if _, err := editions.Next(Published, Withdraw, scope.Role()); err == nil {
			may = append(may, Withdraw)
		}
	}
	return slices.DeleteFunc(may, func(a Action) bool {
		return a == Approve && d.approver(scope) != nil || a == Withdraw && d.Live == nil
	})
}

func listEditions(ctx context.Context, tx *tenants.Tx, id inspection.DisclosureID) ([]EditionLine, error) {
	rows, _ := tx.Query(ctx, `
		select edition, state, note, approved_name, issued_at from disclosure_editions e
		where `+tenants.Reach("e")+` and disclosure_id = @id
		order by edition desc`, pgx.StrictNamedArgs{"id": id})
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[EditionLine])
	if err != nil {
		return nil, fmt.Errorf("list editions: %w", err)
	}
	return lines, nil
}

// step is one act on the newest edition: read under lock, decide by the table,
// change, save, tell the journal.
func (s *Service) step(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int, do Action,
	note string, change func(tx *tenants.Tx, d *Draft) error,
) (Draft, error) {
	var d Draft
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if d, err = lock(ctx, tx, id); err != nil {
			return err
		}
		if d.Version != version {
			if d, err = s.view(ctx, tx, d); err != nil {
				return err
			}
			return inspection.StaleRow("disclosure.stale", d)
		}
		before := d
		if d.State, err = editions.Next(d.State, do, scope.Role()); err != nil {
			return err
		}
		if err := change(tx, &d); err != nil {
			return err
		}
		if d, err = s.save(ctx, tx, d); err != nil {
			return err
		}
		tx.Journal(entry(d, do, note, before))
		d, err = s.view(ctx, tx, d)
		return err
	})
	if err != nil {
		return Draft{}, err
	}
	return d, nil
}

func entry(d Draft, do Action, note string, before any) tenants.Entry {
	return tenants.Entry{
		Action: "disclosure." + string(do), Object: "disclosure", ID: d.ID.UUID, Unit: d.UnitID, Before: before, After: d,
		Detail: tenants.Detail{Title: "公开稿" + do.Word(), Text: note, Number: d.Number},
	}
}

// save writes what a person or a step changed of an edition.
func (s *Service) save(ctx context.Context, tx *tenants.Tx, d Draft) (Draft, error) {
	d.ChangedAt = s.Clock()
	d.Version++
	_, err := tx.Exec(ctx, `
		update disclosure_editions e
		set state = @state, publisher = @publisher, unit_name = @unit_name, unit_kind = @unit_kind, round_name = @round_name,
			round_from = @round_from, round_until = @round_until, feedback_on = @feedback_on, period_from = @period_from,
			period_until = @period_until, as_of = @as_of, tasks = @tasks, rules_made = @rules_made,
			rules_amended = @rules_amended, recovered_fen = @recovered_fen, title = @title, lead = @lead,
			organisation = @organisation, head_duty = @head_duty, transfers = @transfers, next_steps = @next_steps,
			phone = @phone, hours = @hours, address = @address, email = @email, dated = @dated, note = @note,
			digest = @digest, approved_digest = @approved_digest, edited_by = @edited_by, edited_name = @edited_name,
			confirmed_by = @confirmed_by, confirmed_name = @confirmed_name, confirmed_at = @confirmed_at,
			cleared_by = @cleared_by, cleared_role = @cleared_role, cleared_name = @cleared_name, cleared_at = @cleared_at,
			approved_by = @approved_by, approved_name = @approved_name, approved_at = @approved_at, keeps = @keeps,
			return_note = @return_note, publish_at = @publish_at, opinions_until = @opinions_until, held = @held,
			issued_at = @issued_at, changed_at = @changed_at, version = @version
		where `+tenants.Own("e")+` and disclosure_id = @id and edition = @edition`, d.args())
	if err != nil {
		return d, fmt.Errorf("save edition: %w", err)
	}
	return d, nil
}

func (d Draft) args() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"id": d.ID, "edition": d.Edition, "state": d.State, "publisher": d.Publisher, "unit_name": d.UnitName,
		"unit_kind": d.UnitKind, "round_name": d.RoundName, "round_from": d.RoundFrom, "round_until": d.RoundUntil,
		"feedback_on": d.FeedbackOn, "period_from": d.PeriodFrom, "period_until": d.PeriodUntil, "as_of": d.AsOf,
		"tasks": d.Tasks, "rules_made": d.RulesMade, "rules_amended": d.RulesAmended, "recovered_fen": d.RecoveredFen,
		"title": d.Title, "lead": d.Lead, "organisation": d.Organisation, "head_duty": d.HeadDuty,
		"transfers": d.Transfers, "next_steps": d.NextSteps, "phone": d.Phone, "hours": d.Hours, "address": d.Address,
		"email": d.Email, "dated": d.Dated, "note": d.Note, "digest": d.Digest, "approved_digest": d.ApprovedDigest,
		"edited_by": d.EditedBy, "edited_name": d.EditedName, "confirmed_by": d.ConfirmedBy,
		"confirmed_name": d.ConfirmedName, "confirmed_at": d.ConfirmedAt, "cleared_by": d.ClearedBy, "cleared_role": d.ClearedRole,
		"cleared_name": d.ClearedName, "cleared_at": d.ClearedAt, "approved_by": d.ApprovedBy,
		"approved_name": d.ApprovedName, "approved_at": d.ApprovedAt, "keeps": d.Keeps, "return_note": d.ReturnNote,
		"publish_at": d.PublishAt, "opinions_until": d.OpinionsUntil, "held": d.Held, "issued_at": d.PublishedAt,
		"changed_at": d.ChangedAt, "version": d.Version,
	}
}

// source reads what a draft of one unit and round is made from.
func (s *Service) source(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID, round inspection.RoundID) (o origin, err error) {
	o.office, o.today = tx.Scope().Office(), s.Clock.Today()
	if o.unit, err = units.Get(ctx, tx, unit); err != nil {
		return o, err
	}
	if o.round, err = rounds.Get(ctx, tx, round); err != nil {
		return o, err
	}
	policy, err := rounds.PolicyOf(ctx, tx, round)
	if err != nil {
		return o, err
	}
	o.months = policy.RectificationMonths
	o.ledger, err = readLedger(ctx, tx, unit, round)
	return o, err
}
