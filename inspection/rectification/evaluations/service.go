package evaluations

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Beginning asks for evaluations of a round (生成评估表).
type Beginning struct {
	Round inspection.RoundID  `json:"round"`
	Card  string              `json:"card" minLength:"1" maxLength:"40" doc:"Key of the score card"`
	Units []inspection.UnitID `json:"units,omitempty" maxItems:"500" nullable:"false" doc:"All units of the round that were given feedback if absent"`
}

// Begun is what came of it.
type Begun struct {
	Made []Line `json:"made" nullable:"false" maxItems:"500"`
	Had  int    `json:"had" minimum:"0" maximum:"100000" doc:"Units that had one before"`
}

// Begin opens an evaluation for each unit of a round that has none. The time to put
// things right must be over.
func (s *Service) Begin(ctx context.Context, scope tenants.Scope, b Beginning) (out Begun, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		state, err := evaluations.Next(tenants.Start, Begin, scope.Role())
		if err != nil {
			return err
		}
		if err := s.over(ctx, tx, b.Round); err != nil {
			return err
		}
		card, err := cardOf(ctx, tx, b.Card)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select u.id, u.name, exists (select from evaluations e
				where e.tenant_id = u.tenant_id and e.unit_id = u.id and e.round_id = @round) as had
			from units u
			where `+tenants.Own("u")+` and (cardinality(@units::uuid[]) = 0 or u.id = any(@units))
			  and exists (select from findings f where f.tenant_id = u.tenant_id and f.unit_id = u.id and f.round_id = @round and f.issued_at is not null)
			order by u.name collate "zh-x-icu"`, pgx.StrictNamedArgs{"round": b.Round, "units": append([]inspection.UnitID{}, b.Units...)})
		type unit struct {
			ID   inspection.UnitID
			Name string
			Had  bool
		}
		units, err := pgx.CollectRows(rows, pgx.RowToStructByName[unit])
		if err != nil {
			return fmt.Errorf("units of round: %w", err)
		}
		out.Made = []Line{}
		for _, u := range units {
			if u.Had {
				out.Had++
				continue
			}
			r := row{Evaluation: Evaluation{Line: Line{
				ID: inspection.NewID[ID](), RoundID: b.Round, UnitID: u.ID, UnitName: u.Name, Edition: 1, State: state, CardName: card.Name,
			}, Card: card, Self: []SelfMark{}}}
			if err := s.insert(ctx, tx, &r, sheet{}); err != nil {
				return err
			}
			tx.Journal(r.entry(Begin, card.Name, nil))
			out.Made = append(out.Made, r.Line)
		}
		if len(units) == 0 {
			return inspection.Errorf(inspection.Conflict, "evaluation.no-units", "该轮次还没有向所选单位反馈问题，反馈后才能评估。")
		}
		return nil
	})
	return out, err
}

// over refuses to judge before the time to put things right is over (集中整改期满): the day
// on which the items of the round fall due is the last of it.
func (s *Service) over(ctx context.Context, tx *tenants.Tx, id inspection.RoundID) error {
	r, err := rounds.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	p, err := rounds.PolicyOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if r.FeedbackOn == nil {
		return inspection.Errorf(inspection.Conflict, "evaluation.no-feedback", "%s还没有反馈，不能评估。", r.Name)
	}
	if end := *s.Reports.Cases.DueAfter(p, *r.FeedbackOn).On; s.Clock.Today() <= end {
		return inspection.Errorf(inspection.Conflict, "evaluation.too-early", "%s集中整改期到 %s 届满，期满后再生成评估表。", r.Name, end)
	}
	return nil
}

// insert adds an evaluation with its sheet.
func (s *Service) insert(ctx context.Context, tx *tenants.Tx, r *row, sh sheet) error {
	body, err := json.Marshal(r.Card)
	if err != nil {
		return err
	}
	r.ChangedAt, r.ChangedBy, r.Version = s.Clock(), tx.Scope().Name(), 1
	tx.Later(`
		insert into evaluations (id, round_id, unit_id, edition, state, card, reason, self, self_note, head_id, head_name, head_at,
			changed_name, changed_at)
		values (@id, @round, @unit, @edition, @state, @card::json, @reason, @self, @self_note, @head_id, @head_name, @head_at, @by, @at)`,
		pgx.StrictNamedArgs{
			"id": r.ID, "round": r.RoundID, "unit": r.UnitID, "edition": r.Edition, "state": r.State, "card": string(body),
			"reason": r.Reason, "self": r.Self, "self_note": r.SelfNote, "head_id": r.HeadID, "head_name": r.HeadName,
			"head_at": r.HeadAt, "by": r.ChangedBy, "at": r.ChangedAt,
		})
	_, err = tx.Exec(ctx, `
		insert into evaluation_sheets (evaluation_id, members, people, entries, marks, survey)
		values (@id, @members, @people, @entries, @marks, @survey)`, pgx.StrictNamedArgs{
		"id": r.ID, "members": listed(sh.Members), "people": listed(sh.People), "entries": listed(sh.Entries),
		"marks": listed(sh.Marks), "survey": sh.Survey,
	})
	if err != nil {
		return fmt.Errorf("begin evaluation: %w", err)
	}
	return nil
}

// listed is a list that is stored as one even if it is empty.
func listed[T any](list []T) []T { return append([]T{}, list...) }

// act is one act on an evaluation: read under lock, decide by the table, change,
// save, tell the journal. sh is nil for who may not see what the group writes.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id ID, version int, do Action,
	change func(tx *tenants.Tx, r *row, sh *sheet) (note string, err error),
) (e Evaluation, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		r, sh, err := s.lock(ctx, tx, id, do)
		if err != nil {
			return err
		}
		before := r
		if r.State, err = evaluations.Next(r.State, do, scope.Role()); err != nil {
			return err
		}
		if r.Version != version {
			now, err := s.view(ctx, tx, before)
			if err != nil {
				return err
			}
			return inspection.StaleRow("evaluation.stale", now)
		}
		note, err := change(tx, &r, sh)
		if err != nil {
			return err
		}
		r.Version++
		r.ChangedAt, r.ChangedBy = s.Clock(), scope.Name()
		if err := r.save(ctx, tx, sh); err != nil {
			return err
		}
		tx.Journal(r.entry(do, note, before.Evaluation))
		after, err := readRow(ctx, tx, id, "")
		if err != nil {
			return err
		}
		e, err = s.view(ctx, tx, after)
		return err
	})
	return e, err
}

// lock reads an evaluation and keeps others from changing it. A unit's people lock
// only what they may write: for anything else they are told in which state it is.
func (s *Service) lock(ctx context.Context, tx *tenants.Tx, id ID, do Action) (r row, sh *sheet, err error) {
	if tx.Scope().Role().OfUnit() {
		if r, err = readRow(ctx, tx, id, ""); err != nil {
			return r, nil, err
		}
		if _, err := evaluations.Next(r.State, do, tx.Scope().Role()); err != nil {
			return r, nil, err
		}
	}
	if r, err = readRow(ctx, tx, id, "for update of e"); err != nil {
		return r, nil, err
	}
	if r.TenantID != tx.Scope().Tenant() {
		_, err = tenants.Found(r, pgx.ErrNoRows)
		return r, nil, err
	}
	sh, err = sheetOf(ctx, tx, r)
	return r, sh, err
}

// forUnit are the acts whose entry the unit's people read.
var forUnit = []Action{Begin, Fill, Sign, Waive, Announce}

func (r row) entry(do Action, note string, before any) tenants.Entry {
	e := tenants.Entry{
		Action: "evaluation." + string(do), Object: "evaluation", ID: r.ID.UUID, Before: before, After: r.Evaluation,
		Detail: tenants.Detail{Title: "成效评估：" + evaluations.Doing[do], Text: strings.TrimSpace(r.title() + " " + inspection.Line(note))},
	}
	if slices.Contains(forUnit, do) || r.State == SelfEvaluating {
		e.Unit = r.UnitID
	}
	return e
}

func (r row) save(ctx context.Context, tx *tenants.Tx, sh *sheet) error {
	tx.Later(`
		update evaluations e
		set state = @state, self = @self, self_note = @self_note, asked = @asked, head_id = @head_id, head_name = @head_name,
			head_at = @head_at, issued_at = @issued_at, changed_name = @by, changed_at = @at, version = @version
		where `+tenants.Own("e")+` and e.id = @id`, pgx.StrictNamedArgs{
		"id": r.ID, "state": r.State, "self": listed(r.Self), "self_note": r.SelfNote, "asked": r.Asked, "head_id": r.HeadID,
		"head_name": r.HeadName, "head_at": r.HeadAt, "issued_at": r.IssuedAt, "by": r.ChangedBy, "at": r.ChangedAt, "version": r.Version,
	})
	if sh == nil {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update evaluation_sheets s
		set members = @members, people = @people, entries = @entries, marks = @marks, survey = @survey, n = @n, points = @points,
			grade = @grade, veto = @veto, note = @note, decided_name = @decided_name, decided_at = @decided_at,
			approved_id = @approved_id
		where `+tenants.Own("s")+` and s.evaluation_id = @id`, pgx.StrictNamedArgs{
		"id": r.ID, "members": listed(sh.Members), "people": listed(sh.People), "entries": listed(sh.Entries), "marks": listed(sh.Marks),
		"survey": sh.Survey, "n": sh.N, "points": sh.Points, "grade": sh.Grade, "veto": sh.Veto, "note": sh.Note,
		"decided_name": sh.DecidedName, "decided_at": sh.DecidedAt, "approved_id": sh.ApprovedID,
	})
	if err != nil {
		return fmt.Errorf("save evaluation: %w", err)
	}
	return nil
}
