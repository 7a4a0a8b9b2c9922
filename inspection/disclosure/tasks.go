package disclosure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// verbs say what a state asks of the person who has to move it on.
var verbs = map[State]string{
	Drafted: "补正", Confirming: "确认", Clearing: "审核", Approving: "审批", Approved: "安排发布", Scheduled: "核对",
}

type waiting struct {
	ID       uuid.UUID    `db:"disclosure_id"`
	Number   string       `db:"number"`
	Title    string       `db:"title"`
	UnitName string       `db:"unit_name"`
	State    State        `db:"state"`
	Note     string       `db:"return_note"`
	Held     string       `db:"held"`
	By       string       `db:"edited_name"`
	EditedBy *uuid.UUID   `db:"edited_by"`
	Cleared  tenants.Role `db:"cleared_role"`
	Withheld int          `db:"withheld"`
	Since    time.Time    `db:"changed_at"`
}

// Tasks lists the texts that wait for the scope's person: to put right what came
// back, to confirm, to clear, to approve, to give a time, or to look at one whose
// publication was stopped.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	rows, _ := tx.Query(ctx, `
		select e.disclosure_id, d.number, e.title, e.unit_name, e.state, e.return_note, e.held, e.edited_name, e.edited_by,
			e.cleared_role, e.changed_at,
			(select count(*) from disclosure_items i where i.tenant_id = e.tenant_id and i.disclosure_id = e.disclosure_id
				and i.edition = e.edition and not i.gone and i.withheld <> '') as withheld
		from disclosure_editions e
		join disclosures d on d.tenant_id = e.tenant_id and d.id = e.disclosure_id and d.edition = e.edition
		where `+tenants.Own("e")+` and (e.state in (@confirming, @clearing, @approving, @approved)
			or e.state = @draft and e.return_note <> '' or e.state = @scheduled and e.held <> '')
		order by e.changed_at, e.disclosure_id`,
		pgx.StrictNamedArgs{
			"confirming": Confirming, "clearing": Clearing, "approving": Approving, "approved": Approved, "draft": Drafted,
			"scheduled": Scheduled,
		})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[waiting])
	if err != nil {
		return nil, fmt.Errorf("list tasks of disclosure: %w", err)
	}
	tasks := []inspection.Task{}
	for _, w := range found {
		if w.waitsFor(tx.Scope()) {
			tasks = append(tasks, inspection.Task{
				Verb: verbs[w.State], Title: w.Title, Kind: "disclosure", ID: w.ID, Number: w.Number, Source: w.UnitName,
				By: w.By, Since: w.Since,
			})
		}
	}
	return tasks, nil
}

// waitsFor reports whether the person is the one to act now. The director's
// desk gets what only a director does; the rest is the staff's.
func (w waiting) waitsFor(scope tenants.Scope) bool {
	me := scope.Member().UUID
	mine := func(id *uuid.UUID) bool { return id != nil && *id == me }
	switch w.State {
	case Drafted:
		return mine(w.EditedBy)
	case Confirming:
		return scope.Role() == tenants.HEAD
	case Approving:
		if w.Withheld > 0 || w.Cleared == tenants.DIR {
			return scope.Role() == tenants.LG && !mine(w.EditedBy)
		}
		return scope.Role() == tenants.DIR && !mine(w.EditedBy)
	default: // to clear, to schedule, to look into
		return slices.Contains([]tenants.Role{tenants.OFF, tenants.CITY, tenants.PROV}, scope.Role())
	}
}
