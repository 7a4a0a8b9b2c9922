package followups

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Sheet sets side by side what was found, promised, reported and closed in one unit,
// and what a follow-up finds (对照表).
type Sheet struct {
	Line
	UnitName   string     `json:"unit_name" maxLength:"200"`
	Summary    string     `json:"summary" maxLength:"5000" doc:"总体评价; empty before the report"`
	Reason     string     `json:"reason" maxLength:"1000" doc:"Why it was cancelled"`
	ReportedAt *time.Time `json:"reported_at" nullable:"true"`
	Rows       []Row      `json:"rows" nullable:"false" maxItems:"5000"`
	Found      []Problem  `json:"found" nullable:"false" maxItems:"500" doc:"新发现问题; for the unit once reported"`
}

// Row is one problem on it. A unit has Result once the follow-up is reported, and
// never Looked.
type Row struct {
	Item      rectification.Item `json:"item"`
	Statement string             `json:"statement" maxLength:"5000" doc:"What the unit said when it last handed in"`
	HandedAt  *time.Time         `json:"handed_at" nullable:"true"`
	Looked    *Looked            `json:"looked,omitempty"`
	Result    *Result            `json:"result,omitempty"`
}

// Sheet returns one unit's sheet.
func (s *Service) Sheet(ctx context.Context, scope tenants.Scope, id ID, unit inspection.UnitID) (sh Sheet, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		sh, err = s.sheet(ctx, tx, id, unit)
		return err
	})
	return sh, err
}

func (s *Service) sheet(ctx context.Context, tx *tenants.Tx, id ID, unit inspection.UnitID) (sh Sheet, err error) {
	var items []inspection.FindingID
	looked := map[inspection.FindingID]Looked{}
	if tx.Scope().Role().OfUnit() {
		if sh, items, err = noticed(ctx, tx, id, unit); err != nil {
			return sh, err
		}
	} else {
		f, err := s.read(ctx, tx, id, "")
		if err != nil {
			return sh, err
		}
		at := slices.IndexFunc(f.Units, func(t Taken) bool { return t.Unit == unit })
		if at < 0 {
			_, err := tenants.Found(sh, pgx.ErrNoRows)
			return sh, err
		}
		sh = Sheet{Line: f.Line, UnitName: f.Units[at].Name, Summary: f.Summary, Reason: f.Reason, ReportedAt: f.ReportedAt, Found: []Problem{}}
		sh.Counts, sh.UnitID = f.Units[at].Counts, &unit
		for _, p := range f.Problems {
			if p.Unit == unit {
				sh.Found = append(sh.Found, p)
			}
		}
		all, err := lookedAt(ctx, tx, id, "")
		if err != nil {
			return sh, err
		}
		for _, l := range all {
			if l.Unit == unit {
				items, looked[l.Finding] = append(items, l.Finding), l.seen(tx.Scope(), f)
			}
		}
	}
	return sh, s.rows(ctx, tx, &sh, items, looked)
}

// noticed is the sheet as the unit's notice has it, without its rows.
func noticed(ctx context.Context, tx *tenants.Tx, id ID, unit inspection.UnitID) (sh Sheet, items []inspection.FindingID, err error) {
	lines, err := told(ctx, tx, &id)
	if err != nil {
		return sh, nil, err
	}
	if len(lines) == 0 || *lines[0].UnitID != unit {
		_, err := tenants.Found(sh, pgx.ErrNoRows)
		return sh, nil, err
	}
	sh.Line, sh.Found = lines[0], []Problem{}
	var found []inspection.FindingID
	err = tx.QueryRow(ctx, `
		select u.name, n.summary, n.reason, n.reported_at, n.items, n.found
		from followup_notices n join units u on u.tenant_id = n.tenant_id and u.id = n.unit_id
		where `+tenants.Own("n")+` and n.followup_id = @id and n.unit_id = @unit`, pgx.StrictNamedArgs{"id": id, "unit": unit},
	).Scan(&sh.UnitName, &sh.Summary, &sh.Reason, &sh.ReportedAt, &items, &found)
	if err != nil {
		return sh, nil, fmt.Errorf("read notice: %w", err)
	}
	rows, _ := tx.Query(ctx, `
		select f.id, f.unit_id, @name as unit_name, f.focus, f.category, f.text, f.amount_fen, '' as by_name, f.issued_at as at,
			f.id as finding_id, f.number
		from findings f where `+tenants.Own("f")+` and f.id = any(@found) and f.issued_at is not null
		order by f.number`, pgx.StrictNamedArgs{"found": found, "name": sh.UnitName})
	if sh.Found, err = pgx.CollectRows(rows, pgx.RowToStructByName[Problem]); err != nil {
		return sh, nil, fmt.Errorf("read new problems: %w", err)
	}
	return sh, items, nil
}

// rows fills in the items with what was said of them and what was found.
func (s *Service) rows(
	ctx context.Context, tx *tenants.Tx, sh *Sheet, items []inspection.FindingID, looked map[inspection.FindingID]Looked,
) error {
	sh.Rows = []Row{}
	if len(items) == 0 {
		return nil
	}
	said, err := statements(ctx, tx, items)
	if err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, `
		select `+resultColumns+` from followup_results x
		where `+tenants.Own("x")+` and x.followup_id = @id and x.finding_id = any(@items)`, pgx.StrictNamedArgs{"id": sh.ID, "items": items})
	results, err := pgx.CollectRows(rows, pgx.RowToStructByName[Result])
	if err != nil {
		return fmt.Errorf("results of sheet: %w", err)
	}
	_, err = s.Cases.Every(ctx, tx, rectification.Filter{Items: items, Sort: "number"}, len(items), func(it rectification.Item) error {
		row := Row{Item: it}
		if at := slices.IndexFunc(said, func(o statement) bool { return o.Finding == it.ID }); at >= 0 {
			row.Statement, row.HandedAt = said[at].Text, &said[at].At
		}
		if l, ok := looked[it.ID]; ok {
			row.Looked = &l
		}
		if at := slices.IndexFunc(results, func(r Result) bool { return r.Finding == it.ID }); at >= 0 {
			row.Result = &results[at]
		}
		sh.Rows = append(sh.Rows, row)
		return nil
	})
	return err
}

// statement is what the unit said of an item when it last handed it in.
type statement struct {
	Finding inspection.FindingID `db:"finding_id"`
	Text    string               `db:"statement"`
	At      time.Time            `db:"at"`
}

func statements(ctx context.Context, tx *tenants.Tx, items []inspection.FindingID) ([]statement, error) {
	rows, _ := tx.Query(ctx, `
		select distinct on (s.finding_id) s.finding_id, s.statement, s.at from submissions s
		where `+tenants.Own("s")+` and s.finding_id = any(@items)
		order by s.finding_id, s.n desc`, pgx.StrictNamedArgs{"items": items})
	said, err := pgx.CollectRows(rows, pgx.RowToStructByName[statement])
	if err != nil {
		return nil, fmt.Errorf("statements of items: %w", err)
	}
	return said, nil
}
