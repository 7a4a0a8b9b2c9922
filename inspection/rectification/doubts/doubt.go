package doubts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Verdict is what a person concluded on site.
type Verdict string

// The verdicts.
const (
	Right Verdict = "confirmed" // 属实
	Wrong Verdict = "cleared"   // 排除
)

// Verdicts lists the verdicts.
func Verdicts() []Verdict { return []Verdict{Right, Wrong} }

// Doubt is one signal. What names others is empty for the unit.
type Doubt struct {
	ID       inspection.DoubtID     `json:"id" db:"id"`
	Office   string                 `json:"office" db:"slug" maxLength:"41" doc:"Slug of the office whose item it is"`
	Finding  inspection.FindingID   `json:"item" db:"finding_id"`
	Number   string                 `json:"number" db:"number" maxLength:"40"`
	Unit     inspection.UnitID      `json:"unit" db:"unit_id"`
	UnitName string                 `json:"unit_name" db:"unit_name" maxLength:"200"`
	Kind     Kind                   `json:"kind" db:"kind"`
	Word     string                 `json:"word" db:"-" maxLength:"20" doc:"What people call the kind"`
	Evidence *inspection.EvidenceID `json:"evidence" nullable:"true" db:"evidence_id"`
	Measure  *inspection.MeasureID  `json:"measure" nullable:"true" db:"measure_id"`
	State    State                  `json:"state" db:"state"`
	Question string                 `json:"question" db:"question" maxLength:"600" doc:"What the unit is asked"`

	Reason string                `json:"reason" db:"reason" maxLength:"600" doc:"For reviewers; empty for the unit"`
	Facts  *Facts                `json:"facts,omitempty" db:"facts" doc:"For reviewers"`
	Other  *inspection.FindingID `json:"other" nullable:"true" db:"other_id" doc:"The item that it is compared with; for reviewers"`
	By     string                `json:"by" db:"by_name" maxLength:"100" doc:"Who entered it; empty for a rule, and for the unit"`
	Looks  []Look                `json:"looks" db:"looks" nullable:"false" maxItems:"200" doc:"What persons concluded on site; for reviewers"`

	Answer      string                  `json:"answer" db:"answer" maxLength:"2000"`
	AnswerFiles []inspection.EvidenceID `json:"answer_files" db:"answer_files" nullable:"false" maxItems:"20"`
	AnsweredAt  *time.Time              `json:"answered_at" nullable:"true" db:"answered_at"`
	Turn        int                     `json:"-" db:"turn"`
	SeenOn      *inspection.Day         `json:"seen_on" nullable:"true" db:"seen_on" doc:"The day on site, once decided"`
	DecidedAt   *time.Time              `json:"decided_at" nullable:"true" db:"decided_at"`
	FoundAt     time.Time               `json:"found_at" db:"found_at"`
	Version     int                     `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Allowed     []Action                `json:"allowed" db:"-" nullable:"false" maxItems:"5" doc:"What you may do next"`

	TenantID tenants.ID `json:"-" db:"tenant_id"`
}

// Look is what one person concluded on site.
type Look struct {
	Turn    int                 `json:"turn" minimum:"1" maximum:"1000" doc:"Grows when two persons did not agree"`
	Nth     int                 `json:"nth" minimum:"1" maximum:"2"`
	Verdict Verdict             `json:"verdict"`
	SeenOn  inspection.Day      `json:"seen_on"`
	Note    string              `json:"note" maxLength:"1000"`
	ByID    inspection.MemberID `json:"by_id"`
	By      string              `json:"by" maxLength:"100"`
	Role    tenants.Role        `json:"role"`
	At      time.Time           `json:"at"`
}

// columns of a signal: what a unit may not read is not there for it, by row
// security.
const columns = `d.tenant_id, d.id, t.slug, d.finding_id, f.number, d.unit_id, u.name as unit_name, d.kind, d.evidence_id,
	d.measure_id, d.state, d.question, coalesce(w.reason, '') as reason, w.facts, w.other_id, coalesce(w.by_name, '') as by_name,
	(select coalesce(jsonb_agg(jsonb_build_object('turn', l.turn, 'nth', l.nth, 'verdict', l.verdict, 'seen_on', l.seen_on,
		'note', l.note, 'by_id', l.by_id, 'by', l.by_name, 'role', l.role, 'at', l.at) order by l.turn, l.nth), '[]')
	 from doubt_looks l where l.tenant_id = d.tenant_id and l.doubt_id = d.id) as looks,
	d.answer, d.answer_files, d.answered_at, d.turn, d.seen_on, d.decided_at, d.found_at, d.version`

const tables = ` doubts d
	join tenants t on t.id = d.tenant_id
	join findings f on f.tenant_id = d.tenant_id and f.id = d.finding_id
	join units u on u.tenant_id = d.tenant_id and u.id = d.unit_id
	left join doubt_reasons w on w.tenant_id = d.tenant_id and w.doubt_id = d.id`

// see fills in what follows from who looks.
func (d *Doubt) see(scope tenants.Scope) {
	d.Word, d.Allowed = d.Kind.Word(), []Action{}
	if d.TenantID == scope.Tenant() {
		d.Allowed = life.Allowed(d.State, scope.Role())
	}
	if d.State != Checked || len(d.Allowed) == 0 {
		return
	}
	if first := d.Looks[len(d.Looks)-1]; first.ByID == scope.Member() {
		d.Allowed = []Action{} // another person's turn
	}
}

// lock returns a signal of the own office and keeps others from changing it.
func lock(ctx context.Context, tx *tenants.Tx, id inspection.DoubtID) (Doubt, error) {
	// What waited for the lock reads anew: its own snapshot is older than the row.
	_, err := tx.Exec(ctx, `select from doubts d where `+tenants.Own("d")+` and d.id = @id for update`, pgx.StrictNamedArgs{"id": id})
	if err != nil {
		return Doubt{}, fmt.Errorf("lock signal: %w", err)
	}
	rows, _ := tx.Query(ctx, `
		select `+columns+` from`+tables+`
		where `+tenants.Own("d")+` and d.id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Doubt]))
}

// OfCase lists the signals of one item, the latest first. Reading another
// office's leaves an entry in that office's journal.
func (s *Service) OfCase(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (ds []Doubt, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		var number string
		err := tx.QueryRow(ctx, `
			select f.number from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
			where `+scope.Rows("r")+` and r.finding_id = @id and r.withdrawn_at is null`, pgx.StrictNamedArgs{"id": id}).Scan(&number)
		if _, err = tenants.Found(number, err); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select `+columns+` from`+tables+`
			where `+scope.Rows("d")+` and d.finding_id = @id
			order by d.found_at desc, d.id desc limit 200`, pgx.StrictNamedArgs{"id": id})
		if ds, err = pgx.CollectRows(rows, pgx.RowToStructByName[Doubt]); err != nil {
			return fmt.Errorf("signals of item: %w", err)
		}
		readAbove(tx, ds)
		return nil
	})
	for i := range ds {
		ds[i].see(scope)
	}
	return ds, err
}

// readAbove leaves one entry for each item of another office whose signals were
// read.
func readAbove(tx *tenants.Tx, ds []Doubt) {
	told := map[inspection.FindingID]bool{}
	for _, d := range ds {
		if d.TenantID == tx.Scope().Tenant() || told[d.Finding] {
			continue
		}
		told[d.Finding] = true
		tx.Journal(tenants.Entry{
			Office: d.TenantID, Action: "doubt.read-above", Object: "finding", ID: d.Finding.UUID,
			Detail: tenants.Detail{Title: "上级查看存疑", Number: d.Number},
		})
	}
}

// Filter says which signals to list.
type Filter struct {
	States []State
	Kinds  []Kind
	Unit   inspection.UnitID
	Cursor string
	Limit  int
}

// List returns one page of signals, the latest first.
func (s *Service) List(ctx context.Context, scope tenants.Scope, f Filter) (p inspection.Page[Doubt], err error) {
	where := scope.Rows("d") + ` and (coalesce(cardinality(@states::text[]), 0) = 0 or d.state = any(@states))
		and (coalesce(cardinality(@kinds::text[]), 0) = 0 or d.kind = any(@kinds)) and (@unit::uuid is null or d.unit_id = @unit)`
	args := pgx.NamedArgs{"states": f.States, "kinds": f.Kinds, "unit": nil, "limit": f.Limit + 1}
	if f.Unit != (inspection.UnitID{}) {
		args["unit"] = f.Unit
	}
	after, err := f.after(args)
	if err != nil {
		return p, err
	}
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+columns+`, (select count(*) from doubts d where `+where+`) as total
			from`+tables+` where `+where+after+`
			order by d.found_at desc, d.id desc limit @limit`, args)
		type counted struct {
			Doubt
			Total int `db:"total"`
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
		if err != nil {
			return fmt.Errorf("list signals: %w", err)
		}
		for _, row := range found {
			row.see(scope)
			p.Items, p.Total = append(p.Items, row.Doubt), row.Total
		}
		p.Cut(f.Limit, func(d Doubt) string { return d.FoundAt.UTC().Format(time.RFC3339Nano) + " " + d.ID.String() })
		readAbove(tx, p.Items)
		return nil
	})
	return p, err
}

// after says where the page begins.
func (f Filter) after(args pgx.NamedArgs) (string, error) {
	if f.Cursor == "" {
		return "", nil
	}
	at, id, _ := strings.Cut(f.Cursor, " ")
	when, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return "", inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
	}
	args["at"] = when
	if args["id"], err = inspection.ParseID[inspection.DoubtID](id); err != nil {
		return "", err
	}
	return ` and (d.found_at, d.id) < (@at, @id)`, nil
}

// Precision is how often one kind of signal was right.
type Precision struct {
	Kind      Kind   `json:"kind" db:"kind"`
	Word      string `json:"word" db:"-" maxLength:"20"`
	Open      int    `json:"open" db:"open" minimum:"0" maximum:"1000000"`
	Confirmed int    `json:"confirmed" db:"confirmed" minimum:"0" maximum:"1000000"`
	Cleared   int    `json:"cleared" db:"cleared" minimum:"0" maximum:"1000000"`
}

// Precisions counts the signals of each kind: of those decided, how many were
// right. It counts and reads no row.
func (s *Service) Precisions(ctx context.Context, scope tenants.Scope) (ps []Precision, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select d.kind, count(*) filter (where d.state = any(@open)) as open,
				count(*) filter (where d.state = @right) as confirmed, count(*) filter (where d.state = @wrong) as cleared
			from doubts d where `+scope.Rows("d")+`
			group by d.kind`, pgx.StrictNamedArgs{"open": Open(), "right": Confirmed, "wrong": Cleared})
		counted, err := pgx.CollectRows(rows, pgx.RowToStructByName[Precision])
		if err != nil {
			return fmt.Errorf("count signals: %w", err)
		}
		for _, k := range Kinds() {
			p := Precision{Kind: k}
			if i := slices.IndexFunc(counted, func(c Precision) bool { return c.Kind == k }); i >= 0 {
				p = counted[i]
			}
			p.Word = k.Word()
			ps = append(ps, p)
		}
		return nil
	})
	return ps, err
}
