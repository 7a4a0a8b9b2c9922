package rectification

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Run lets an import begin. Whatever a person must still answer or choose is
// named.
func (s *Imports) Run(ctx context.Context, scope tenants.Scope, id inspection.ImportID, version int) (Import, error) {
	return s.change(ctx, scope, id, version, RunImport, func(tx *tenants.Tx, im *Import) error {
		if im.Total == 0 {
			return inspection.Errorf(inspection.Conflict, "import.empty", "台账里没有读到问题，请先核对表头。")
		}
		rows, err := s.checked(ctx, tx, *im)
		if err != nil {
			return err
		}
		if open := im.unsettled(rows); len(open) > 0 {
			return inspection.InvalidFields("import.unsettled", fmt.Sprintf("还有 %d 处需要填写或选择，完成后再导入。", len(open)), open...)
		}
		now := s.Clock()
		im.RanAt, im.RanBy, im.Failure = &now, scope.Name(), ""
		tx.Journal(im.entry("import.run", "导入台账", im.UnitName+"："+im.FileName))
		return s.Enqueue(ctx, tx, im.ID)
	})
}

// Discard ends an import that never ran.
func (s *Imports) Discard(ctx context.Context, scope tenants.Scope, id inspection.ImportID, version int) (Import, error) {
	return s.change(ctx, scope, id, version, DiscardImport, func(tx *tenants.Tx, im *Import) error {
		tx.Journal(im.entry("import.discard", "放弃导入", im.UnitName+"："+im.FileName))
		return nil
	})
}

// One step writes so many problems, so that progress is seen and the journal is
// held for a moment only; and it looks at so many, because most of a ledger that
// is imported again is the same.
const (
	written = 50
	looked  = 500
)

// Step writes the next problems of a running import and reports whether there
// are more. It may be called again, late, and by two workers at once: it takes
// the import and the unit's ledger for itself, and does the rows that nobody has
// accounted for.
func (s *Imports) Step(ctx context.Context, tx *tenants.Tx, id inspection.ImportID) (more bool, err error) {
	im, err := importByID(ctx, tx, id, forUpdate)
	if err != nil || im.State != ImportRunning {
		return false, err
	}
	if err := alone(ctx, tx, im); err != nil {
		return false, err
	}
	todo, err := importRows(ctx, tx, id, true, looked)
	if err != nil {
		return false, err
	}
	if todo, err = im.check(ctx, tx, todo, written); err != nil {
		return false, err
	}
	if err := s.write(ctx, tx, im, todo); err != nil {
		return false, err
	}
	im.Done += len(todo)
	if im.Done < im.Total {
		return true, im.progressed(ctx, tx)
	}
	now := s.Clock()
	im.EndedAt = &now
	tx.Journal(im.entry("import.done", "台账导入完成", fmt.Sprintf("%s：%d 个问题全部处理", im.UnitName, im.Total)))
	return false, im.advance(ctx, tx, finishImport)
}

// alone keeps other imports for the same unit and round waiting until tx ends:
// they must see what this one adds.
func alone(ctx context.Context, tx *tenants.Tx, im Import) error {
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended(current_tenant() || @unit || @round, 0))`,
		pgx.StrictNamedArgs{"unit": im.Unit.String(), "round": im.Round.String()})
	if err != nil {
		return fmt.Errorf("take the unit's ledger: %w", err)
	}
	return nil
}

func (im *Import) progressed(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update imports i set done = @done, version = version + 1
		where `+tenants.Own("i")+` and id = @id`, pgx.StrictNamedArgs{"done": im.Done, "id": im.ID})
	if err != nil {
		return fmt.Errorf("write progress: %w", err)
	}
	return nil
}

// Fail writes why a running import will not go on by itself. What is done stays
// done; a person runs the rest again, or takes it back.
func (s *Imports) Fail(ctx context.Context, tx *tenants.Tx, id inspection.ImportID, cause error) error {
	im, err := importByID(ctx, tx, id, forUpdate)
	if err != nil || im.State != ImportRunning {
		return err
	}
	im.Failure = "处理中出错，已完成的部分保留。可再次导入其余各条；仍不成功时请联系管理员。"
	if e, ok := errors.AsType[*inspection.Error](cause); ok {
		im.Failure = e.Detail
	}
	tx.Journal(im.entry("import.fail", "台账导入未完成", fmt.Sprintf("已处理 %d/%d", im.Done, im.Total)))
	return im.advance(ctx, tx, failImport)
}

// write does what is planned for these rows and says of each what became of it.
func (s *Imports) write(ctx context.Context, tx *tenants.Tx, im Import, rows []ImportRow) error {
	var adds []*ImportRow
	for i := range rows {
		r := &rows[i]
		if r.plan.result == Updated {
			if err := s.update(ctx, tx, im, r); err != nil {
				return err
			}
		}
		r.Result = r.plan.result // after the update, which may find that there is none to make
		switch r.Result {
		case Added:
			adds = append(adds, r)
		case SameRow:
			r.Reason = "与 " + r.Number + " 相同"
		case Skipped:
			r.Reason = r.whySkipped()
		case Rejected:
			r.Reason = r.plan.wrong
		}
	}
	if err := s.add(ctx, tx, im, adds); err != nil {
		return err
	}
	return settleRows(ctx, tx, im.ID, rows)
}

func (r ImportRow) whySkipped() string {
	switch {
	case r.plan.skip:
		return "台账中重复，已选择跳过"
	case r.Choice == SkipRow:
		return "已选择跳过"
	}
	return "与 " + r.Number + " 不同，未选择更新"
}

func settleRows(ctx context.Context, tx *tenants.Tx, id inspection.ImportID, rows []ImportRow) error {
	var b pgx.Batch
	for _, r := range rows {
		b.Queue(`
			update import_rows w
			set result = @result, reason = @reason, finding_id = @finding, left_as = @left_as, before = @before
			where `+tenants.Own("w")+` and import_id = @id and seq = @seq`,
			pgx.StrictNamedArgs{
				"id": id, "seq": r.Seq, "result": r.Result, "reason": r.Reason, "finding": r.Finding, "left_as": r.LeftAs,
				"before": r.Before,
			})
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("settle rows of import: %w", err)
	}
	return nil
}

// add writes new problems: as drafts, or issued and with their cases and
// measures.
func (s *Imports) add(ctx context.Context, tx *tenants.Tx, im Import, rows []*ImportRow) error {
	if len(rows) == 0 {
		return nil
	}
	news := make([]findings.New, len(rows))
	for i, r := range rows {
		news[i] = findings.New{
			Focus: im.focus(r.plan.Category), Category: r.plan.Category, Text: r.plan.Text, AmountFen: r.plan.AmountFen, ImportID: &im.ID,
		}
		if n, err := strconv.Atoi(r.plan.Number); err == nil && n > 0 && n <= 100000 {
			news[i].Seq = n
		}
	}
	fs, err := findings.Add(ctx, tx, im.Round, im.Unit, news...)
	if err != nil {
		return err
	}
	for i, r := range rows {
		r.Finding, r.Number = &fs[i].ID, fs[i].Number
		r.LeftAs = &leftAs{Finding: fs[i].Version, Measures: map[inspection.MeasureID]int{}}
		if !im.Issue && len(r.plan.Measures) > 0 {
			r.Reason = "已登记为待反馈的问题；反馈后再次导入同一台账，即可补入措施"
		}
	}
	if !im.Issue {
		return nil
	}
	return s.issue(ctx, tx, im, rows)
}

// issue gives feedback on problems that are drafts and begins to put them right.
func (s *Imports) issue(ctx context.Context, tx *tenants.Tx, im Import, rows []*ImportRow) error {
	at := map[inspection.FindingID]*ImportRow{}
	ids := make([]inspection.FindingID, len(rows))
	for i, r := range rows {
		at[*r.Finding], ids[i] = r, *r.Finding
	}
	fs, err := findings.Issue(ctx, tx, s.Clock(), im.FeedbackOn, ids)
	if err != nil {
		return err
	}
	policy, err := rounds.PolicyOf(ctx, tx, im.Round)
	if err != nil {
		return err
	}
	for _, f := range fs {
		if err := s.begin(ctx, tx, im, policy, f, at[f.ID]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Imports) begin(ctx context.Context, tx *tenants.Tx, im Import, policy tenants.Policy, f findings.Finding, r *ImportRow) error {
	b := Beginning{Finding: f, Kind: r.plan.kind(), Goal: r.plan.Goal, Progress: r.plan.progress(), Deadline: Deadline{On: r.plan.deadline()}}
	if len(r.plan.Measures) == 0 {
		b.Deadline = s.Cases.DueAfter(policy, im.FeedbackOn)
	}
	c, err := s.Cases.BeginOne(ctx, tx, b)
	if err != nil {
		return err
	}
	added, err := s.Cases.AddMeasures(ctx, tx, c, r.plan.measures())
	if err != nil {
		return err
	}
	r.LeftAs.Finding, r.LeftAs.Case = f.Version, c.Version
	r.LeftAs.put(added)
	return s.furnish(ctx, tx, im, policy, c, r.plan.resolved)
}

// furnish writes what a ledger says and a new case does not take: money
// recovered, what looking further found, and when a long-term problem comes back.
func (s *Imports) furnish(ctx context.Context, tx *tenants.Tx, im Import, policy tenants.Policy, c Case, p resolved) error {
	review := p.reviewOn
	if c.DueOn == nil && review == nil {
		review = new(im.FeedbackOn.AddMonths(policy.LongTermReviewMonths))
	}
	if c.DueOn != nil {
		review = nil
	}
	if review == nil && p.RecoveredFen == nil && p.Elsewhere == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update rectifications r
		set review_on = @review, recovered_fen = coalesce(@recovered, recovered_fen),
			elsewhere = @elsewhere
		where `+tenants.Own("r")+` and finding_id = @id`,
		pgx.StrictNamedArgs{"review": review, "recovered": p.RecoveredFen, "elsewhere": p.Elsewhere, "id": c.ID})
	if err != nil {
		return fmt.Errorf("furnish case: %w", err)
	}
	return nil
}
