package rectification

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// leftAs are the versions in which an import left what it wrote. As long as they
// are the same nobody has touched it since.
type leftAs struct {
	Finding  int                          `json:"finding"`
	Case     int                          `json:"case"`
	Measures map[inspection.MeasureID]int `json:"measures"`
}

func (l *leftAs) put(ms []Measure) {
	for _, m := range ms {
		l.Measures[m.ID] = m.Version
	}
}

// replaced is what an update replaced, to be put back if the import is taken
// back.
type replaced struct {
	Category  string                 `json:"category"`
	AmountFen *int64                 `json:"amount_fen"`
	Issued    bool                   `json:"issued"` // false: the update gave the feedback
	Case      *replacedCase          `json:"case"`
	Measures  []Measure              `json:"measures"`
	Added     []inspection.MeasureID `json:"added"`
}

type replacedCase struct {
	Goal         string          `json:"goal"`
	DueOn        *inspection.Day `json:"due_on"`
	DueNote      string          `json:"due_note"`
	RecoveredFen int64           `json:"recovered_fen"`
	Elsewhere    *string         `json:"elsewhere,omitempty"` // nil of imports that did not know the column
}

// update brings a problem that stands up to date with the file. Nothing is erased
// that the file leaves empty. Where the row turns out to be no update, its plan says
// what it is.
func (s *Imports) update(ctx context.Context, tx *tenants.Tx, im Import, r *ImportRow) (err error) {
	e := r.plan.match
	var c Case
	if e.inCase != nil {
		if c, err = s.planAgain(ctx, tx, im, r); err != nil || r.plan.result != Updated {
			return err
		}
	}
	r.LeftAs = &leftAs{Finding: e.Version, Measures: map[inspection.MeasureID]int{}}
	r.Before = &replaced{Category: e.Category, AmountFen: e.AmountFen, Issued: e.Issued}
	if err := s.updateFinding(ctx, tx, r); err != nil {
		return err
	}
	if e.inCase == nil {
		if !im.Issue {
			return nil
		}
		return s.issue(ctx, tx, im, []*ImportRow{r})
	}
	if err := s.updateCase(ctx, tx, c, r); err != nil {
		return err
	}
	return s.updateMeasures(ctx, tx, c, r)
}

// planAgain plans an update anew with the case locked. Since the ledger was read its
// unit may have saved progress, which must not be written over, or handed it in.
func (s *Imports) planAgain(ctx context.Context, tx *tenants.Tx, im Import, r *ImportRow) (Case, error) {
	e := r.plan.match
	c, err := lock(ctx, tx, e.ID)
	if err != nil {
		return c, err
	}
	if e.measures, err = measuresOf(ctx, tx, []inspection.FindingID{e.ID}); err != nil {
		return c, err
	}
	e.inCase = &recordedCase{
		ID: e.ID, State: c.State, Goal: c.Goal, DueOn: c.DueOn, RecoveredFen: c.RecoveredFen, Elsewhere: c.Elsewhere,
	}
	r.plan.verdict, r.Differences = SameAsThat, []Difference{}
	r.planned(im)
	return c, nil
}

// updateFinding changes the category and the sum. The text of a problem is the
// feedback's and stays.
func (s *Imports) updateFinding(ctx context.Context, tx *tenants.Tx, r *ImportRow) error {
	e := r.plan.match
	category, amount := e.Category, e.AmountFen
	for _, d := range r.plan.diffs {
		switch d.Field {
		case "category":
			category = d.New
		case "amount":
			amount = r.plan.AmountFen
		}
	}
	if category == e.Category && amount == e.AmountFen {
		return nil
	}
	return s.putFinding(ctx, tx, e.ID, e.Number, category, amount, r.LeftAs)
}

func (s *Imports) putFinding(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, number, category string, amount *int64, left *leftAs) error {
	err := tx.QueryRow(ctx, `
		update findings f
		set category = @category, amount_fen = @amount, version = version + 1
		where `+tenants.Own("f")+` and id = @id
		returning version`, pgx.StrictNamedArgs{"category": category, "amount": amount, "id": id}).Scan(&left.Finding)
	if err != nil {
		return fmt.Errorf("update finding: %w", err)
	}
	tx.Journal(tenants.Entry{
		Action: "finding.import", Object: "finding", ID: id.UUID,
		Detail: tenants.Detail{Title: "按台账更新类别和金额", Number: number},
	})
	return nil
}

func (s *Imports) updateCase(ctx context.Context, tx *tenants.Tx, c Case, r *ImportRow) error {
	was := c.Elsewhere
	r.Before.Case = &replacedCase{Goal: c.Goal, DueOn: c.DueOn, DueNote: c.DueNote, RecoveredFen: c.RecoveredFen, Elsewhere: &was}
	r.LeftAs.Case = c.Version
	before, changed := c, false
	for _, d := range r.plan.diffs {
		switch d.Field {
		case "goal":
			c.Goal, changed = d.New, true
		case "elsewhere":
			c.Elsewhere, changed = d.New, true
		case "recovered":
			c.RecoveredFen, changed = *r.plan.RecoveredFen, true
		case "due":
			now := s.Clock()
			c.DueOn, c.DueVersion, c.DueSetAt, c.DueNote = r.plan.deadline(), c.DueVersion+1, &now, "按导入的台账"
			c.DueCalendar, c.DueProvisional, c.DueKind, changed = "", false, DueImported, true
		}
	}
	if !changed {
		return nil
	}
	saved, err := s.Cases.save(ctx, tx, before, c)
	if err != nil {
		return err
	}
	r.LeftAs.Case = saved.Version
	tx.Journal(saved.entry("rectification.import", "按台账更新", "", before))
	return nil
}

func (s *Imports) updateMeasures(ctx context.Context, tx *tenants.Tx, c Case, r *ImportRow) error {
	ms := r.plan.measures()
	var fresh []Measure
	for i, old := range pair(ms, r.plan.match.measures) {
		if old == nil {
			fresh = append(fresh, ms[i])
			continue
		}
		var d differences
		if d.measure("", *old, ms[i]); len(d.all) == 0 {
			continue
		}
		saved, err := s.Cases.saveMeasure(ctx, tx, brought(*old, ms[i]))
		if err != nil {
			return err
		}
		r.Before.Measures = append(r.Before.Measures, *old)
		r.LeftAs.put([]Measure{saved})
		entry := c.entry("measure.import", fmt.Sprintf("按台账更新第%d项措施", saved.Seq), inspection.Line(saved.Progress), *old)
		entry.After = saved
		tx.Journal(entry)
	}
	if len(fresh) == 0 {
		return nil
	}
	added, err := s.Cases.AddMeasures(ctx, tx, c, fresh)
	if err != nil {
		return err
	}
	r.LeftAs.put(added)
	for _, m := range added {
		r.Before.Added = append(r.Before.Added, m.ID)
	}
	return nil
}
