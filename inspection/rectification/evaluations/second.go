package evaluations

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// order asks the unit of a low grade to put things right a second time.
func (s *Service) order(ctx context.Context, tx *tenants.Tx, r *row, grade string, o Ordering) error {
	state, err := seconds.Next(tenants.Start, Order, tx.Scope().Role())
	if err != nil {
		return err
	}
	var bad inspection.Fields
	text := bad.Text("/second/text", o.Text, true, 2000)
	if o.DueOn <= s.Clock.Today() {
		bad = append(bad, inspection.Field{Pointer: "/second/due_on", Code: "day-order", Message: "二次整改的期限应在今天之后。"})
	}
	known, err := linksOf(ctx, tx, r.about())
	if err != nil {
		return err
	}
	for i, id := range o.Items {
		if _, ok := find(LinkKey{"item", id.UUID}, known); !ok {
			bad = append(bad, inspection.Field{
				Pointer: fmt.Sprintf("/second/items/%d", i), Code: "unknown", Message: "该事项不属于此单位本轮次的问题，请重新选择。",
			})
		}
	}
	if err := bad.Err("evaluation.invalid"); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into second_rectifications (id, evaluation_id, unit_id, state, grade, text, items, due_on, ordered_name, ordered_at)
		values (@id, @evaluation, @unit, @state, @grade, @text, @items, @due_on, @by, @at)`, pgx.StrictNamedArgs{
		"id": inspection.NewID[SecondID](), "evaluation": r.ID, "unit": r.UnitID, "state": state, "grade": grade, "text": text,
		"items": o.Items, "due_on": o.DueOn, "by": tx.Scope().Name(), "at": s.Clock(),
	})
	if err != nil {
		return fmt.Errorf("order second rectification: %w", err)
	}
	return nil
}

// Reporting is what the unit did.
type Reporting struct {
	Text string `json:"text" minLength:"1" maxLength:"5000"`
}

// ReportSecond says for the unit that the second rectification is done.
func (s *Service) ReportSecond(ctx context.Context, scope tenants.Scope, id SecondID, version int, p Reporting) (Evaluation, error) {
	return s.actSecond(ctx, scope, id, version, Report, func(o *Second) (string, error) {
		text, bad := inspection.CleanText("/text", p.Text, true, 5000)
		at := s.Clock()
		o.Report, o.ReportedBy, o.ReportedAt = text, scope.Name(), &at
		return text, bad.Err("evaluation.invalid")
	})
}

// ConfirmSecond ends a second rectification.
func (s *Service) ConfirmSecond(ctx context.Context, scope tenants.Scope, id SecondID, version int, w Saying) (Evaluation, error) {
	return s.decideSecond(ctx, scope, id, version, Confirm, w)
}

// ReturnSecond sends it back to the unit, with what is still missing.
func (s *Service) ReturnSecond(ctx context.Context, scope tenants.Scope, id SecondID, version int, w Saying) (Evaluation, error) {
	return s.decideSecond(ctx, scope, id, version, SendBack, w)
}

func (s *Service) decideSecond(
	ctx context.Context, scope tenants.Scope, id SecondID, version int, do SecondAction, w Saying,
) (Evaluation, error) {
	return s.actSecond(ctx, scope, id, version, do, func(o *Second) (note string, err error) {
		at := s.Clock()
		o.Note, err = w.clean(do == SendBack)
		o.DecidedBy, o.DecidedAt = scope.Name(), &at
		return o.Note, err
	})
}

// actSecond is one act on a second rectification; it answers with the evaluation
// that it belongs to.
func (s *Service) actSecond(
	ctx context.Context, scope tenants.Scope, id SecondID, version int, do SecondAction, change func(o *Second) (string, error),
) (e Evaluation, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		type held struct {
			Second
			Evaluation ID                `db:"evaluation_id"`
			Unit       inspection.UnitID `db:"unit_id"`
		}
		rows, _ := tx.Query(ctx, `
			select `+secondColumns+`, o.evaluation_id, o.unit_id from second_rectifications o
			where `+tenants.Own("o")+` and o.id = @id for update`, pgx.StrictNamedArgs{"id": id})
		o, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[held]))
		if err != nil {
			return err
		}
		before := o
		if o.State, err = seconds.Next(o.State, do, scope.Role()); err != nil {
			return err
		}
		if o.Version != version {
			return inspection.StaleRow("second.stale", before.Second)
		}
		if !scope.Role().OfUnit() {
			if err := rectification.NotOwn(ctx, tx, o.Unit, errOwnWork); err != nil {
				return err
			}
		}
		note, err := change(&o.Second)
		if err != nil {
			return err
		}
		o.Version++
		_, err = tx.Exec(ctx, `
			update second_rectifications o
			set state = @state, report = @report, reported_name = @reported_by, reported_at = @reported_at, note = @note,
				decided_name = @decided_by, decided_at = @decided_at, version = @version
			where `+tenants.Own("o")+` and o.id = @id`, pgx.StrictNamedArgs{
			"id": id, "state": o.State, "report": o.Report, "reported_by": o.ReportedBy, "reported_at": o.ReportedAt, "note": o.Note,
			"decided_by": o.DecidedBy, "decided_at": o.DecidedAt, "version": o.Version,
		})
		if err != nil {
			return fmt.Errorf("save second rectification: %w", err)
		}
		r, err := readRow(ctx, tx, o.Evaluation, "")
		if err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "second." + string(do), Object: "evaluation", ID: r.ID.UUID, Unit: r.UnitID, Before: before.Second, After: o.Second,
			Detail: tenants.Detail{Title: "二次整改：" + seconds.Doing[do], Text: r.title() + " " + inspection.Line(note)},
		})
		e, err = s.view(ctx, tx, r)
		return err
	})
	return e, err
}
