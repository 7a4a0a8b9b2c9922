package evaluations

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// most is how many evaluations a list has: as many as units and rounds.
const most = 5000

// List returns the evaluations of the scope's reach: the latest round first, in it
// the units by name, never by score.
func (s *Service) List(ctx context.Context, scope tenants.Scope) (ls []Line, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		ls, err = Every(ctx, tx)
		return err
	})
	return ls, err
}

// Every lists the evaluations that tx sees, in the order of [Service.List].
func Every(ctx context.Context, tx *tenants.Tx) ([]Line, error) {
	rows, _ := tx.Query(ctx, `
		select `+lineColumns+tables+`
		where `+tx.Scope().Rows("e")+`
		order by d.term desc, d.seq desc, e.tenant_id, u.name collate "zh-x-icu", e.edition desc
		limit @most`, pgx.StrictNamedArgs{"most": most})
	ls, err := pgx.CollectRows(rows, pgx.RowToStructByName[Line])
	if err != nil {
		return nil, fmt.Errorf("list evaluations: %w", err)
	}
	return ls, nil
}

// Get returns one evaluation. Reading another office's leaves an entry in that
// office's journal.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id ID) (e Evaluation, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		e, err = s.Read(ctx, tx, id)
		return err
	})
	return e, err
}

// Read is Get in a transaction that is open.
func (s *Service) Read(ctx context.Context, tx *tenants.Tx, id ID) (Evaluation, error) {
	r, err := readRow(ctx, tx, id, "")
	if err != nil {
		return Evaluation{}, err
	}
	if r.TenantID != tx.Scope().Tenant() {
		tx.Journal(tenants.Entry{
			Office: r.TenantID, Action: "evaluation.read-above", Object: "evaluation", ID: id.UUID,
			Detail: tenants.Detail{Title: "上级查看整改成效评估", Text: r.title()},
		})
	}
	return s.view(ctx, tx, r)
}

func readRow(ctx context.Context, tx *tenants.Tx, id ID, lock string) (r row, err error) {
	rows, _ := tx.Query(ctx, `select `+rowColumns+tables+` where `+tx.Scope().Rows("e")+` and e.id = @id `+lock,
		pgx.StrictNamedArgs{"id": id})
	if r, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row])); err != nil {
		return r, err
	}
	if err := json.Unmarshal(r.CardBody, &r.Card); err != nil {
		return r, fmt.Errorf("card of evaluation: %w", err)
	}
	return r, nil
}

// sheetOf returns what the group wrote, or nil for who may not see it.
func sheetOf(ctx context.Context, tx *tenants.Tx, r row) (*sheet, error) {
	if r.TenantID != tx.Scope().Tenant() || tx.Scope().Role().OfUnit() {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select members, people, entries, marks, survey, n, points, grade, veto, note, decided_name, decided_at, approved_id
		from evaluation_sheets s where `+tenants.Own("s")+` and evaluation_id = @id`, pgx.StrictNamedArgs{"id": r.ID})
	sh, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[sheet])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil // a party's person who is not of the group
	}
	if err != nil {
		return nil, fmt.Errorf("read sheet: %w", err)
	}
	return &sh, nil
}

// view completes an evaluation for who looks at it.
func (s *Service) view(ctx context.Context, tx *tenants.Tx, r row) (Evaluation, error) {
	e := r.Evaluation
	sh, err := sheetOf(ctx, tx, r)
	if err != nil {
		return e, err
	}
	if sh != nil {
		if e.Sheet, err = s.viewSheet(ctx, tx, r, *sh); err != nil {
			return e, err
		}
	}
	if e.Told, err = toldOf(ctx, tx, r); err != nil {
		return e, err
	}
	if e.Second, err = secondOf(ctx, tx, r); err != nil {
		return e, err
	}
	rows, _ := tx.Query(ctx, `
		select `+lineColumns+tables+`
		where `+tx.Scope().Rows("e")+` and e.tenant_id = @office and e.round_id = @round and e.unit_id = @unit
		order by e.edition desc`, pgx.StrictNamedArgs{"office": r.TenantID, "round": r.RoundID, "unit": r.UnitID})
	if e.Editions, err = pgx.CollectRows(rows, pgx.RowToStructByName[Line]); err != nil {
		return e, fmt.Errorf("list editions: %w", err)
	}
	e.Allowed = r.allowed(tx.Scope(), sh)
	return e, nil
}

// allowed is what the caller may do next.
func (r row) allowed(scope tenants.Scope, sh *sheet) []Action {
	if r.TenantID != scope.Tenant() {
		return []Action{}
	}
	inGroup := sh != nil && slices.Contains(sh.Members, scope.Member())
	return slices.DeleteFunc(evaluations.Allowed(r.State, scope.Role()), func(do Action) bool {
		switch do {
		case Enter, Finish:
			return !inGroup
		case Approve, Decide:
			return inGroup || do == Decide && sh.approvedBy(scope)
		case Return:
			return r.State == Assessing && r.Edition > 1
		}
		return do == Supersede // what announcing the next edition does
	})
}

// viewSheet shows the sheet as it is now, or as it was frozen.
func (s *Service) viewSheet(ctx context.Context, tx *tenants.Tx, r row, sh sheet) (*Sheet, error) {
	n, frozen, err := s.current(ctx, tx, r, sh)
	if err != nil {
		return nil, err
	}
	v := &Sheet{
		People: n.People, Entries: n.Entries, Marks: n.Marks, Survey: n.Survey, Votes: n.Votes, Tally: n.Tally,
		Proposals: n.Card.propose(n.Facts, n.Tally), Score: Score(n), Missing: []string{}, Frozen: frozen,
		Note: sh.Note, DecidedBy: sh.DecidedName, DecidedAt: sh.DecidedAt,
	}
	if frozen == nil {
		v.Missing = n.missing()
	}
	return v, nil
}

// current returns the snapshot that counts, or a draft of one while the group works.
func (s *Service) current(ctx context.Context, tx *tenants.Tx, r row, sh sheet) (Snapshot, *Frozen, error) {
	if r.State == SelfEvaluating || r.State == Assessing {
		n, err := s.draft(ctx, tx, r, sh)
		return n, nil, err
	}
	return thawed(ctx, tx, r.ID, sh.N)
}

// thawed reads one snapshot and makes sure that it is what was frozen.
func thawed(ctx context.Context, tx *tenants.Tx, id ID, nth int) (n Snapshot, f *Frozen, err error) {
	f = &Frozen{N: nth}
	var text string
	var digest []byte
	err = tx.QueryRow(ctx, `
		select content::text, digest, by_name, at from evaluation_snapshots n
		where `+tenants.Own("n")+` and evaluation_id = @id and n = @n`, pgx.StrictNamedArgs{"id": id, "n": nth},
	).Scan(&text, &digest, &f.By, &f.At)
	if _, err = tenants.Found(f, err); err != nil {
		return n, nil, err
	}
	f.Digest = hex.EncodeToString(digest)
	n, err = Thaw([]byte(text), digest)
	return n, f, err
}

// draft gathers what a snapshot would be now.
func (s *Service) draft(ctx context.Context, tx *tenants.Tx, r row, sh sheet) (n Snapshot, err error) {
	n = Snapshot{
		Format: format, Evaluation: r.ID, Edition: r.Edition, Unit: r.UnitID, UnitName: r.UnitName, Round: r.RoundID,
		RoundName: r.RoundName, AsOf: s.Clock().UTC().Truncate(time.Second), Card: r.Card, Self: r.Self, People: sh.People,
		Entries: sh.Entries, Marks: sh.Marks, Survey: sh.Survey,
	}
	if n.Facts, err = s.facts(ctx, tx, r.about()); err != nil {
		return n, err
	}
	if n.Tally, err = size(ctx, tx, r.about()); err != nil {
		return n, err
	}
	if n.Tally.Plan, err = s.hasPlan(ctx, tx, r.about()); err != nil {
		return n, err
	}
	round, err := rounds.Get(ctx, tx, r.RoundID)
	if err != nil {
		return n, err
	}
	n.Tally.FeedbackOn = round.FeedbackOn
	err = tx.QueryRow(ctx, `select content, fair, discontent from sec.votes(@unit, @round, @now)`,
		pgx.StrictNamedArgs{"unit": r.UnitID, "round": r.RoundID, "now": s.Clock()}).Scan(&n.Votes.Content, &n.Votes.Fair, &n.Votes.Discontent)
	if err != nil {
		return n, fmt.Errorf("count votes: %w", err)
	}
	return n, nil
}

// toldOf returns what was made known, or nil before.
func toldOf(ctx context.Context, tx *tenants.Tx, r row) (*Told, error) {
	var t Told
	var body []byte
	err := tx.QueryRow(ctx, `
		select content, paragraph from evaluation_results x
		where `+tx.Scope().Rows("x")+` and evaluation_id = @id`, pgx.StrictNamedArgs{"id": r.ID}).Scan(&body, &t.Paragraph)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	paragraph := t.Paragraph
	if err := json.Unmarshal(body, &t); err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	t.Paragraph = paragraph
	return &t, nil
}

func secondOf(ctx context.Context, tx *tenants.Tx, r row) (*Second, error) {
	rows, _ := tx.Query(ctx, `
		select `+secondColumns+` from second_rectifications o
		where `+tx.Scope().Rows("o")+` and evaluation_id = @id`, pgx.StrictNamedArgs{"id": r.ID})
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Second])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read second rectification: %w", err)
	}
	rows, _ = tx.Query(ctx, `
		select f.id, f.number, f.text, r.state
		from second_rectifications o
		join findings f on f.tenant_id = o.tenant_id and f.id = any(o.items)
		join rectifications r on r.tenant_id = f.tenant_id and r.finding_id = f.id
		where `+tx.Scope().Rows("o")+` and o.id = @id
		order by f.number`, pgx.StrictNamedArgs{"id": o.ID})
	if o.Items, err = pgx.CollectRows(rows, pgx.RowToStructByName[SecondItem]); err != nil {
		return nil, fmt.Errorf("items of second rectification: %w", err)
	}
	o.Allowed = []SecondAction{}
	if r.TenantID == tx.Scope().Tenant() {
		o.Allowed = slices.DeleteFunc(seconds.Allowed(o.State, tx.Scope().Role()), func(do SecondAction) bool { return do == Replace })
	}
	return &o, nil
}

const secondColumns = `o.id, o.state, o.grade, o.text, o.due_on, o.ordered_name, o.ordered_at, o.report, o.reported_name,
	o.reported_at, o.note, o.decided_name, o.decided_at, o.version`

// errOwnWork is the refusal to who is of the unit.
var errOwnWork = inspection.Errorf(inspection.Forbidden, "evaluation.own-work", "不能评估本单位，需由其他人员办理。")
