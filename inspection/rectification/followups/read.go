package followups

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// most is how many follow-ups a list has.
const most = 500

// List returns the follow-ups that the caller may know of, the latest first: for a
// unit's people those that they were told of.
func (s *Service) List(ctx context.Context, scope tenants.Scope) (ls []Line, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		if scope.Role().OfUnit() {
			ls, err = told(ctx, tx, nil)
			return err
		}
		ls, err = list(ctx, tx)
		return err
	})
	return ls, err
}

// list lists them for the office and those who look.
func list(ctx context.Context, tx *tenants.Tx) ([]Line, error) {
	rows, _ := tx.Query(ctx, `
		select `+lineColumns+`, m.name as leader_name, jsonb_array_length(w.units) as unit_count, null::uuid as unit_id`+tables+`
		where `+tenants.Own("w")+`
		order by w.starts_on desc, w.id desc limit @most`, pgx.StrictNamedArgs{"most": most})
	ls, err := pgx.CollectRows(rows, pgx.RowToStructByName[Line])
	if err != nil {
		return nil, fmt.Errorf("list follow-ups: %w", err)
	}
	ids := make([]ID, len(ls))
	for i, l := range ls {
		ids[i] = l.ID
	}
	counted, err := counts(ctx, tx, ids)
	for i := range ls {
		for _, c := range counted {
			if c.FollowUp == ls[i].ID {
				ls[i].Counts = ls[i].Counts.plus(c.Counts)
			}
		}
	}
	return ls, err
}

// told lists what the unit's people were told of, or one of them.
func told(ctx context.Context, tx *tenants.Tx, one *ID) ([]Line, error) {
	rows, _ := tx.Query(ctx, `
		select n.followup_id as id, n.round_id, d.name as round_name, n.name, n.state, n.starts_on, n.ends_on, n.leader_name,
			1 as unit_count, n.unit_id, 1 as version
		from followup_notices n join rounds d on d.tenant_id = n.tenant_id and d.id = n.round_id
		where `+tenants.Own("n")+` and (@one::uuid is null or n.followup_id = @one)
		order by n.starts_on desc, n.followup_id desc limit @most`, pgx.StrictNamedArgs{"most": most, "one": one})
	ls, err := pgx.CollectRows(rows, pgx.RowToStructByName[Line])
	if err != nil {
		return nil, fmt.Errorf("list notices of follow-ups: %w", err)
	}
	return ls, nil
}

// Get returns one follow-up.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id ID) (f FollowUp, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		f, err = s.read(ctx, tx, id, "")
		return err
	})
	return f, err
}

// read returns one follow-up with its numbers. What is counted is counted after the
// row is locked.
func (s *Service) read(ctx context.Context, tx *tenants.Tx, id ID, lock string) (f FollowUp, err error) {
	rows, _ := tx.Query(ctx, `select `+columns+tables+` where `+tenants.Own("w")+` and w.id = @id `+lock, pgx.StrictNamedArgs{"id": id})
	if f, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[FollowUp])); err != nil {
		return f, err
	}
	if f.Problems, err = problemsOf(ctx, tx, id); err != nil {
		return f, err
	}
	counted, err := counts(ctx, tx, []ID{id})
	if err != nil {
		return f, err
	}
	f.Counts = Counts{}
	for i := range f.Units {
		for _, c := range counted {
			if c.Unit == f.Units[i].Unit {
				f.Units[i].Counts = c.Counts
				f.Counts = f.Counts.plus(c.Counts)
			}
		}
	}
	f.Allowed = []Action{}
	for _, do := range followups.Allowed(f.State, tx.Scope().Role()) {
		if do != Find || slices.Contains(f.Members, tx.Scope().Member()) {
			f.Allowed = append(f.Allowed, do)
		}
	}
	return f, nil
}

// counted are the numbers of one unit in one follow-up.
type counted struct {
	Counts
	FollowUp ID                `db:"followup_id"`
	Unit     inspection.UnitID `db:"unit_id"`
	New      int               `db:"new"`
}

// counts counts by unit. A case that was reopened for its verdict is not closed any
// more: there the result says so.
func counts(ctx context.Context, tx *tenants.Tx, ids []ID) ([]counted, error) {
	rows, _ := tx.Query(ctx, `
		with looked as (
			select i.followup_id, i.unit_id, count(*)::int as items,
				count(*) filter (where i.state = 'open')::int as open, count(*) filter (where i.state = 'seen')::int as seen,
				count(*) filter (where i.state = 'agreed')::int as agreed,
				count(*) filter (where i.state = 'agreed' and i.verdict = 'confirmed')::int as confirmed,
				count(*) filter (where i.state = 'agreed' and i.verdict = 'insufficient')::int as insufficient,
				count(*) filter (where i.state = 'agreed' and i.verdict = 'rebounded')::int as rebounded,
				count(*) filter (where i.state = 'agreed' and i.verdict = 'false')::int as unreal,
				count(*) filter (where i.state = 'agreed' and i.verdict <> 'confirmed' and i.case_state = 'closed')::int as reopens
			from followup_items i where `+tenants.Own("i")+` and i.followup_id = any(@ids)
			group by i.followup_id, i.unit_id),
		news as (
			select p.followup_id, p.unit_id, count(*)::int as new
			from followup_problems p where `+tenants.Own("p")+` and p.followup_id = any(@ids) and p.dropped_at is null
			group by p.followup_id, p.unit_id)
		select l.*, coalesce(n.new, 0) as new
		from looked l left join news n using (followup_id, unit_id)`, pgx.StrictNamedArgs{"ids": ids})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
	if err != nil {
		return nil, fmt.Errorf("count follow-up: %w", err)
	}
	for i := range all {
		all[i].Problems = all[i].New
	}
	return all, nil
}

func (c Counts) plus(o Counts) Counts {
	return Counts{
		Items: c.Items + o.Items, Open: c.Open + o.Open, Seen: c.Seen + o.Seen, Agreed: c.Agreed + o.Agreed,
		Confirmed: c.Confirmed + o.Confirmed, Insufficient: c.Insufficient + o.Insufficient, Rebounded: c.Rebounded + o.Rebounded,
		False: c.False + o.False, Reopens: c.Reopens + o.Reopens, Problems: c.Problems + o.Problems,
	}
}

func problemsOf(ctx context.Context, tx *tenants.Tx, id ID) ([]Problem, error) {
	rows, _ := tx.Query(ctx, `
		select p.id, p.unit_id, u.name as unit_name, p.focus, p.category, p.text, p.amount_fen, p.by_name, p.at, p.finding_id,
			coalesce(f.number, '') as number
		from followup_problems p
		join units u on u.tenant_id = p.tenant_id and u.id = p.unit_id
		left join findings f on f.tenant_id = p.tenant_id and f.id = p.finding_id
		where `+tenants.Own("p")+` and p.followup_id = @id and p.dropped_at is null
		order by u.name collate "zh-x-icu", p.at, p.id`, pgx.StrictNamedArgs{"id": id})
	ps, err := pgx.CollectRows(rows, pgx.RowToStructByName[Problem])
	if err != nil {
		return nil, fmt.Errorf("list new problems: %w", err)
	}
	return ps, nil
}

// lookedAt returns the records of a follow-up by number.
func lookedAt(ctx context.Context, tx *tenants.Tx, id ID, lock string) ([]Looked, error) {
	rows, _ := tx.Query(ctx, `
		select `+lookedColumns+lookedTables+`
		where `+tenants.Own("i")+` and i.followup_id = @id
		order by c.number collate "C" `+lock, pgx.StrictNamedArgs{"id": id})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Looked])
	if err != nil {
		return nil, fmt.Errorf("list records: %w", err)
	}
	return all, nil
}

// Result is what is known of an item once a follow-up is reported.
type Result struct {
	FollowUp ID                   `json:"followup" db:"followup_id"`
	Finding  inspection.FindingID `json:"finding" db:"finding_id"`
	Name     string               `json:"name" db:"name" maxLength:"100"`
	Verdict  Verdict              `json:"verdict" db:"verdict"`
	Fact     string               `json:"fact" db:"fact" maxLength:"2000"`
	SeenOn   inspection.Day       `json:"seen_on" db:"seen_on"`
	DueOn    *inspection.Day      `json:"due_on" nullable:"true" db:"due_on" doc:"The new last day if it was reopened"`
	At       time.Time            `json:"at" db:"at"`

	Office tenants.ID `json:"-" db:"tenant_id"`
}

const resultColumns = `x.tenant_id, x.followup_id, x.finding_id, x.name, x.verdict, x.fact, x.seen_on, x.due_on, x.at`

// OfItem lists what follow-ups came to for one item, the latest first. Looking from
// above leaves an entry below.
func (s *Service) OfItem(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (rs []Result, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		var there bool
		err := tx.QueryRow(ctx, `select true from rectifications r where `+scope.Rows("r")+` and r.finding_id = @id and r.withdrawn_at is null`,
			pgx.StrictNamedArgs{"id": id}).Scan(&there)
		if _, err = tenants.Found(there, err); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select `+resultColumns+` from followup_results x
			where `+scope.Rows("x")+` and x.finding_id = @id
			order by x.at desc limit 100`, pgx.StrictNamedArgs{"id": id})
		if rs, err = pgx.CollectRows(rows, pgx.RowToStructByName[Result]); err != nil {
			return fmt.Errorf("list results: %w", err)
		}
		if len(rs) > 0 && rs[0].Office != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: rs[0].Office, Action: "followup.read-above", Object: "finding", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查阅回头看结论"},
			})
		}
		return nil
	})
	return rs, err
}
