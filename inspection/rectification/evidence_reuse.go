package rectification

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Stored is a file that a unit has uploaded already (本单位已传), once however many
// items it proves.
type Stored struct {
	ID       inspection.EvidenceID `json:"id" db:"id" doc:"The evidence to name as source"`
	Item     inspection.FindingID  `json:"item" db:"finding_id" doc:"For which it was uploaded"`
	Number   string                `json:"number" db:"number" maxLength:"40"`
	Name     string                `json:"name" db:"name" maxLength:"140"`
	Type     string                `json:"type" db:"type" maxLength:"100"`
	Size     int64                 `json:"size" db:"size" minimum:"1" maximum:"209715200"`
	SHA256   string                `json:"sha256" db:"sha256" maxLength:"64"`
	Note     string                `json:"note" db:"note" maxLength:"500"`
	FormedOn *inspection.Day       `json:"formed_on" nullable:"true" db:"formed_on"`
	TakenAt  *time.Time            `json:"taken_at" nullable:"true" db:"taken_at"`
	ByName   string                `json:"by" db:"by_name" maxLength:"100"`
	At       time.Time             `json:"at" db:"at"`
	Items    int                   `json:"items" db:"items" minimum:"1" maximum:"10000" doc:"How many items it proves"`
}

// Storage returns one page of what the unit of a case has uploaded for its other
// cases, the latest first. q is found literally in names, explanations and the
// items' numbers; cursor is Next of the page before.
func (s *Service) Storage(
	ctx context.Context, scope tenants.Scope, id inspection.FindingID, q, cursor string, limit int,
) (p inspection.Page[Stored], err error) {
	var bad inspection.Fields
	q = bad.Text("#/query/q", q, false, maxQ)
	if err := bad.Err("rectification.invalid"); err != nil {
		return p, err
	}
	var after *inspection.EvidenceID
	if cursor != "" {
		at, err := inspection.ParseID[inspection.EvidenceID](cursor)
		if err != nil {
			return p, err
		}
		after = &at
	}
	limit = min(cmp.Or(max(limit, 0), 50), 100)
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, storageQuery,
			pgx.StrictNamedArgs{"id": id, "q": inspection.Folded(q), "after": after, "limit": limit + 1})
		if p.Items, err = pgx.CollectRows(rows, pgx.RowToStructByName[Stored]); err != nil {
			return fmt.Errorf("stored files: %w", err)
		}
		p.Cut(limit, func(f Stored) string { return f.ID.String() })
		return nil
	})
	return p, err
}

// storageQuery finds each file once, by its first row that still counts.
var storageQuery = `
	with mine as materialized (
		select e.*, row_number() over (partition by e.sha256 order by e.at, e.id) as nth,
			bool_or(e.finding_id = @id) over (partition by e.sha256) as here,
			(select count(distinct o.finding_id) from evidence o
			 where o.tenant_id = e.tenant_id and o.sha256 = e.sha256 and o.unit_id = e.unit_id
			   and o.withdrawn_at is null and not o.replaced) as items
		from rectifications r
		join evidence e on e.tenant_id = r.tenant_id and e.unit_id = r.unit_id and e.withdrawn_at is null and not e.replaced
		where ` + tenants.Own("r") + ` and r.finding_id = @id and r.withdrawn_at is null)
	select e.id, e.finding_id, f.number, e.name, e.type, e.size, encode(e.sha256, 'hex') as sha256, e.note, e.formed_on, e.taken_at,
		e.by_name, e.at, e.items
	from mine e
	join findings f on f.tenant_id = e.tenant_id and f.id = e.finding_id
	where e.nth = 1 and not e.here and (@after::uuid is null or e.id < @after)
	  and (@q = '' or strpos(folded(e.name), @q) > 0 or strpos(folded(e.note), @q) > 0 or strpos(lower(f.number), @q) > 0)
	order by e.id desc
	limit @limit`

// Reusing is a request to prove a case with a file that was uploaded already.
type Reusing struct {
	Source   inspection.EvidenceID  `json:"source" doc:"Evidence of the same unit whose file it is"`
	Measure  *inspection.MeasureID  `json:"measure,omitempty" doc:"The measure that it proves"`
	Replaces *inspection.EvidenceID `json:"replaces,omitempty" doc:"Evidence whose place it takes; both stay once handed in"`
	FormedOn *inspection.Day        `json:"formed_on,omitempty" doc:"When the document itself was made"`
	Covers   *Period                `json:"covers,omitempty" doc:"The period that it speaks of (覆盖期间)"`
	Note     string                 `json:"note" minLength:"1" maxLength:"500" doc:"Why it proves this item, too"`
}

// Reuse makes evidence of a file that the unit uploaded for another of its cases:
// the same stored file, and a row of its own. That it is the same file stays
// plain to reviewers.
func (s *Service) Reuse(ctx context.Context, scope tenants.Scope, id inspection.FindingID, u Reusing) (e Evidence, err error) {
	var bad inspection.Fields
	u.Note = bad.Text("/note", u.Note, true, 500)
	bad = append(bad, daysWrong(u.FormedOn, u.Covers, s.Clock.Today())...)
	if err := bad.Err("rectification.invalid"); err != nil {
		return e, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		c, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := cases.Next(c.State, Attach, scope.Role()); err != nil {
			return c.told(err)
		}
		if err := belongs(ctx, tx, c, u.Measure, u.Replaces); err != nil {
			return err
		}
		number, err := s.source(ctx, tx, c, u.Source, &e)
		if err != nil {
			return err
		}
		e.ID, e.FindingID, e.MeasureID, e.Replaces = inspection.NewID[inspection.EvidenceID](), c.ID, u.Measure, u.Replaces
		e.Note, e.FormedOn, e.ByName, e.At, e.Submission = u.Note, u.FormedOn, scope.Name(), s.Clock(), nil
		e.CoversFrom, e.CoversTo = u.Covers.ends()
		e.Reuses = &u.Source
		if e, err = insertEvidence(ctx, tx, e); err != nil {
			return err
		}
		entry := c.entry("evidence.reuse", "选用已传佐证", e.Name+"（"+number+" 已传）", nil)
		entry.After = e
		tx.Journal(entry)
		if err := s.touch(ctx, tx, c); err != nil {
			return err
		}
		if e, err = getEvidence(ctx, tx, e.ID, ""); err != nil {
			return err
		}
		e.see(scope, c.FeedbackOn)
		return nil
	})
	return e, err
}

// source reads the evidence whose file is used again into e, keeps it from being
// withdrawn meanwhile, and returns the number of its item.
func (s *Service) source(ctx context.Context, tx *tenants.Tx, c Case, id inspection.EvidenceID, e *Evidence) (number string, err error) {
	unknown := inspection.Fields{{Pointer: "/source", Code: "unknown-evidence", Message: "没有找到这份文件，或它已被撤回、替换。请重新选择。"}}.Err("rectification.invalid")
	if *e, err = getEvidence(ctx, tx, id, "for share of e"); err != nil {
		if inspection.KindOf(err) == inspection.NotFound {
			err = unknown
		}
		return "", err
	}
	if e.UnitID != c.UnitID || e.Replaced || e.Scan == ScanInfected {
		return "", unknown
	}
	var here bool
	err = tx.QueryRow(ctx, `
		select f.number, exists (select from evidence e where `+tenants.Own("e")+` and e.finding_id = @id
			and e.blob = @blob and e.withdrawn_at is null and not e.replaced)
		from findings f where `+tenants.Own("f")+` and f.id = @source`,
		pgx.StrictNamedArgs{"id": c.ID, "blob": e.Blob, "source": e.FindingID}).Scan(&number, &here)
	switch {
	case err != nil:
		return "", fmt.Errorf("item of a file: %w", err)
	case here:
		return "", inspection.Errorf(inspection.Conflict, "evidence.here-already", "此事项已有这份文件。需要换说明时，请先撤回原来的一份。")
	}
	return number, nil
}

// Use is another item of the same unit that the same file proves.
type Use struct {
	Item   inspection.FindingID `json:"item"`
	Number string               `json:"number" maxLength:"40"`
	Name   string               `json:"name" maxLength:"140" doc:"What the file is called there"`
}

// seen is another item that the same file proves, whoever's it is.
type seen struct {
	Use
	Own    bool `json:"own"`    // of the same unit
	Chosen bool `json:"chosen"` // openly, from what was uploaded
}

// usesOf lists the other items, of any unit that the scope reads, in which evidence
// e is, too. One row for each item.
const usesOf = `coalesce((select jsonb_agg(to_jsonb(u) order by u.number) from (
		select distinct on (f.number) o.finding_id as item, f.number, o.name, o.unit_id = e.unit_id as own,
			o.reuses is not null or e.reuses is not null as chosen
		from evidence o
		join findings f on f.tenant_id = o.tenant_id and f.id = o.finding_id
		where o.tenant_id = e.tenant_id and o.sha256 = e.sha256 and o.finding_id <> e.finding_id and o.withdrawn_at is null
		order by f.number, o.at, o.id
		limit 10) u), '[]')`

// hint says to reviewers that the file is elsewhere, too.
func (u seen) hint() Hint {
	text := "与 " + u.Number + " 的佐证是同一文件"
	if u.Own && u.Chosen {
		text += "（单位选用已传文件）"
	}
	return Hint{"same-file", text}
}

// daysWrong says what is wrong with the days that a unit gives of a file.
func daysWrong(formedOn *inspection.Day, covers *Period, today inspection.Day) (bad inspection.Fields) {
	if formedOn != nil && *formedOn > today {
		bad = append(bad, inspection.Field{Pointer: "/formed_on", Code: "day-order", Message: "形成日期不能晚于今天。"})
	}
	if covers != nil && (covers.From > covers.Until || covers.Until > today) {
		bad = append(bad, inspection.Field{Pointer: "/covers", Code: "day-order", Message: "覆盖期间应先后有序，且不晚于今天。"})
	}
	return bad
}
