package disclosure

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Generate makes the first draft of the 通报 of one unit and round from the
// ledger. Nothing that the ledger knows is typed again.
func (s *Service) Generate(ctx context.Context, scope tenants.Scope, unit inspection.UnitID, round inspection.RoundID) (Draft, error) {
	var d Draft
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if err := scope.Role().Allow(writers...); err != nil {
			return err
		}
		o, err := s.source(ctx, tx, unit, round)
		if err != nil {
			return err
		}
		if len(o.ledger.rows) == 0 {
			return inspection.Errorf(inspection.Conflict, "disclosure.nothing",
				"该单位在本轮还没有已反馈的问题。反馈意见签收后再生成公开稿。")
		}
		if d, err = s.create(ctx, tx, o); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "disclosure.generate", Object: "disclosure", ID: d.ID.UUID, Unit: d.UnitID, After: d,
			Detail: tenants.Detail{Title: "生成公开稿", Text: d.Title, Number: d.Number},
		})
		d, err = s.view(ctx, tx, d)
		return err
	})
	if err != nil {
		return Draft{}, err
	}
	return d, nil
}

func (s *Service) create(ctx context.Context, tx *tenants.Tx, o origin) (Draft, error) {
	var number string
	err := tx.QueryRow(ctx, `
		select number from disclosures d
		where `+tenants.Own("d")+` and unit_id = @unit and round_id = @round`,
		pgx.StrictNamedArgs{"unit": o.unit.ID, "round": o.round.ID}).Scan(&number)
	if err == nil {
		return Draft{}, inspection.Errorf(inspection.Conflict, "disclosure.exists",
			"该单位本轮已有公开稿 %s，请在该稿上继续办理。", number)
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return Draft{}, fmt.Errorf("find disclosure: %w", err)
	}
	d := Draft{
		ID: inspection.NewID[inspection.DisclosureID](), UnitID: o.unit.ID, RoundID: o.round.ID, Edition: 1, State: Drafted,
		Facts: o.facts(), Way: Way{Keeps: []Keep{}, ChangedAt: s.Clock()}, Version: 1,
	}
	for _, row := range o.ledger.rows {
		it := row.item(Item{Version: 1})
		d.Items = append(d.Items, it)
	}
	d.Text = o.text(d.Facts, d.counts())
	d.by(tx.Scope())
	if err := lastContact(ctx, tx, &d.Text); err != nil {
		return d, err
	}
	if d.Number, err = takeNumber(ctx, tx, o); err != nil {
		return d, err
	}
	return d, insert(ctx, tx, d)
}

// by notes who wrote last.
func (d *Draft) by(scope tenants.Scope) {
	d.EditedBy, d.EditedName = new(scope.Member().UUID), scope.Name()
}

// takeNumber gives out the index number: SQL-XC-2026-05-02 is the second of the
// fifth round, in 2026.
func takeNumber(ctx context.Context, tx *tenants.Tx, o origin) (string, error) {
	year, _, _ := o.today.Date()
	series := fmt.Sprintf("XC-%d-%02d", year, o.round.Seq)
	n, err := tenants.NextNumber(ctx, tx, series)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%s-%02d", o.office.Prefix, series, n), nil
}

// lastContact takes over how to reach the office from its last 通报.
func lastContact(ctx context.Context, tx *tenants.Tx, t *Text) error {
	err := tx.QueryRow(ctx, `
		select phone, hours, address, email from disclosure_editions e
		where `+tenants.Own("e")+` and phone <> ''
		order by changed_at desc
		limit 1`).Scan(&t.Phone, &t.Hours, &t.Address, &t.Email)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("find contact: %w", err)
	}
	return nil
}

func insert(ctx context.Context, tx *tenants.Tx, d Draft) error {
	args := d.args()
	args["number"], args["round"], args["unit"], args["hides_previous"] = d.Number, d.RoundID, d.UnitID, d.HidesPrevious
	args["round_term"], args["round_seq"] = d.RoundTerm, d.RoundSeq
	only := func(names ...string) pgx.StrictNamedArgs {
		some := pgx.StrictNamedArgs{}
		for _, n := range names {
			some[n] = args[n]
		}
		return some
	}
	var b pgx.Batch
	if d.Edition == 1 {
		b.Queue(`
			insert into disclosures (id, unit_id, round_id, number, created_at, created_by)
			values (@id, @unit, @round, @number, @changed_at, @edited_name)`,
			only("id", "unit", "round", "number", "changed_at", "edited_name"))
	}
	b.Queue(`
		insert into disclosure_editions (disclosure_id, edition, unit_id, state, publisher, unit_name, unit_kind,
			round_name, round_term, round_seq, round_from, round_until, feedback_on, period_from, period_until, as_of,
			tasks, rules_made, rules_amended, recovered_fen, title, lead, organisation, head_duty, transfers, next_steps,
			phone, hours, address, email, dated, note, hides_previous, edited_by, edited_name, changed_at)
		values (@id, @edition, @unit, @state, @publisher, @unit_name, @unit_kind,
			@round_name, @round_term, @round_seq, @round_from, @round_until, @feedback_on, @period_from, @period_until, @as_of,
			@tasks, @rules_made, @rules_amended, @recovered_fen, @title, @lead, @organisation, @head_duty, @transfers, @next_steps,
			@phone, @hours, @address, @email, @dated, @note, @hides_previous, @edited_by, @edited_name, @changed_at)`,
		only("id", "edition", "unit", "state", "publisher", "unit_name", "unit_kind", "round_name", "round_term", "round_seq",
			"round_from", "round_until", "feedback_on", "period_from", "period_until", "as_of", "tasks", "rules_made",
			"rules_amended", "recovered_fen", "title", "lead", "organisation", "head_duty", "transfers", "next_steps", "phone",
			"hours", "address", "email", "dated", "note", "hides_previous", "edited_by", "edited_name", "changed_at"))
	for _, it := range d.Items {
		queueItem(&b, d, it)
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("add edition: %w", err)
	}
	return nil
}

// queueItem writes an item, new or changed.
func queueItem(b *pgx.Batch, d Draft, it Item) {
	b.Queue(`
		insert into disclosure_items (disclosure_id, edition, finding_id, unit_id, seq, status, finished_on, next_on, title,
			problem, result, rules, reason, goal, lead, written, withheld, version)
		values (@id, @edition, @finding, @unit, @seq, @status, @finished_on, @next_on, @title,
			@problem, @result, @rules, @reason, @goal, @lead, @written, @withheld, @version)
		on conflict (tenant_id, disclosure_id, edition, finding_id) do update
		set seq = @seq, status = @status, finished_on = @finished_on, next_on = @next_on, title = @title, problem = @problem,
			result = @result, rules = @rules, reason = @reason, goal = @goal, lead = @lead, written = @written,
			withheld = @withheld, version = @version, gone = false`,
		pgx.StrictNamedArgs{
			"id": d.ID, "edition": d.Edition, "finding": it.FindingID, "unit": d.UnitID, "seq": it.Seq, "status": it.Status,
			"finished_on": it.FinishedOn, "next_on": it.NextOn, "title": it.Title, "problem": it.Problem, "result": it.Result,
			"rules": it.Rules, "reason": it.Reason, "goal": it.Goal, "lead": it.Lead, "written": it.Written,
			"withheld": it.Withheld, "version": it.Version,
		})
}

// Refresh takes statuses, dates and counts from the ledger as it is today. Words
// that a person wrote stay; those nobody touched are proposed anew.
func (s *Service) Refresh(ctx context.Context, scope tenants.Scope, id inspection.DisclosureID, version int) (Draft, error) {
	return s.step(ctx, scope, id, version, Write, "重新取数", func(tx *tenants.Tx, d *Draft) error {
		o, err := s.source(ctx, tx, d.UnitID, d.RoundID)
		if err != nil {
			return err
		}
		was := o.text(d.Facts, d.counts())
		old := map[inspection.FindingID]Item{}
		for _, it := range d.Items {
			old[it.FindingID] = it
		}
		var b pgx.Batch
		d.Facts, d.Items = o.facts(), nil
		for _, row := range o.ledger.rows {
			it := row.item(old[row.fact.finding])
			it.Version++
			d.Items = append(d.Items, it)
			queueItem(&b, *d, it)
			delete(old, row.fact.finding)
		}
		for finding := range old {
			b.Queue(`
				update disclosure_items i set gone = true, version = version + 1
				where `+tenants.Own("i")+` and disclosure_id = @id and edition = @edition and finding_id = @finding`,
				pgx.StrictNamedArgs{"id": d.ID, "edition": d.Edition, "finding": finding})
		}
		d.Text = d.Text.refreshed(was, o.text(d.Facts, d.counts()))
		d.by(scope)
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return fmt.Errorf("refresh items: %w", err)
		}
		return nil
	})
}

// refreshed takes the new proposal where the old one still stands word for word.
func (t Text) refreshed(was, now Text) Text {
	for _, part := range []struct{ have, was, now *string }{
		{&t.Title, &was.Title, &now.Title},
		{&t.Lead, &was.Lead, &now.Lead},
		{&t.Organisation, &was.Organisation, &now.Organisation},
		{&t.NextSteps, &was.NextSteps, &now.NextSteps},
	} {
		if *part.have == *part.was {
			*part.have = *part.now
		}
	}
	return t
}
