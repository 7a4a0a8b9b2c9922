package rectification

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Submission is one handing-in and what became of it.
type Submission struct {
	N           int                 `json:"n" db:"n" minimum:"1" maximum:"10000"`
	Statement   string              `json:"statement" db:"statement" maxLength:"5000"`
	Gaps        []Gap               `json:"gaps" db:"gaps" nullable:"false" maxItems:"200"`
	Parties     []tenants.Role      `json:"parties" db:"parties" nullable:"false" maxItems:"10" doc:"Who reviews"`
	Given       []tenants.Role      `json:"given" db:"given" nullable:"false" maxItems:"10" doc:"Whose opinion is in"`
	DueOn       inspection.Day      `json:"due_on" db:"due_on" doc:"By when the parties answer"`
	ByName      string              `json:"by" db:"by_name" maxLength:"100"`
	At          time.Time           `json:"at" db:"at"`
	Outcome     *State              `json:"outcome" nullable:"true" db:"outcome" doc:"returned, long-term or closed; null while under review"`
	Reasons     []Reason            `json:"reasons" db:"reasons" nullable:"false" maxItems:"10"`
	Letter      string              `json:"letter" db:"letter" maxLength:"5000" doc:"The consolidated return, or a note"`
	DecidedBy   string              `json:"decided_by" db:"decided_by" maxLength:"100"`
	DecidedAt   *time.Time          `json:"decided_at" db:"decided_at"`
	Opinions    []Opinion           `json:"opinions" db:"-" nullable:"false" maxItems:"10" doc:"Those that you may see"`
	Agreed      *bool               `json:"-" db:"agreed"` // null until all opinions are in
	ByID        inspection.MemberID `json:"-" db:"by_id"`
	Provisional bool                `json:"due_provisional" db:"due_provisional"`
}

const submissionColumns = `s.n, s.statement, s.gaps, s.parties, s.given, s.due_on, s.due_provisional, s.by_name, s.by_id, s.at,
	s.outcome, s.reasons, s.letter, s.decided_by, s.decided_at, s.agreed`

// Gap is a measure that is handed in without evidence, and why.
type Gap struct {
	Measure inspection.MeasureID `json:"measure"`
	Reason  string               `json:"reason" minLength:"1" maxLength:"500"`
}

// Handing is a request to hand a case in.
type Handing struct {
	Statement string `json:"statement" minLength:"1" maxLength:"5000" doc:"What was done and what came of it"`
	Gaps      []Gap  `json:"gaps,omitempty" maxItems:"200" nullable:"false" doc:"Measures without evidence, and why"`
}

// Submit hands a case in for joint review. Each measure needs evidence or a
// reason. The parties and their time are what the round's policy says now.
func (s *Service) Submit(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, h Handing) (Case, error) {
	return s.act(ctx, scope, id, version, func(tx *tenants.Tx, c *Case) (e tenants.Entry, err error) {
		if c.State, err = cases.Next(c.State, Submit, scope.Role()); err != nil {
			return e, err
		}
		if slices.Contains(c.Flags, Extending) {
			return e, inspection.Errorf(inspection.Conflict, "rectification.extending",
				"%s 的延期申请正在办理。撤回申请，或等审批有结果后再提交销号。", c.Number)
		}
		if h, err = h.clean(); err != nil {
			return e, err
		}
		if err = proven(ctx, tx, c.ID, h.Gaps); err != nil {
			return e, err
		}
		now := s.Clock()
		c.Submission, c.SubmittedAt = c.Submission+1, &now
		if err = s.addSubmission(ctx, tx, *c, h); err != nil {
			return e, err
		}
		if err = lockEvidence(ctx, tx, *c); err != nil {
			return e, err
		}
		return c.entry("rectification.submit", Submit.Word(), inspection.Line(h.Statement), nil), nil
	})
}

func (h Handing) clean() (Handing, error) {
	var bad inspection.Fields
	h.Statement = bad.Text("/statement", h.Statement, true, 5000)
	h.Gaps = slices.Clone(h.Gaps)
	for i := range h.Gaps {
		h.Gaps[i].Reason = bad.Text(fmt.Sprintf("/gaps/%d/reason", i), h.Gaps[i].Reason, true, 500)
	}
	if h.Gaps == nil {
		h.Gaps = []Gap{}
	}
	return h, bad.Err("rectification.invalid")
}

// provingFile holds for a file e that proves something: it stands, and can be opened or
// will be once it was looked through.
const provingFile = `e.withdrawn_at is null and not e.replaced and e.scan <> 'infected'`

// proven refuses a handing-in whose measures are neither proven nor explained.
func proven(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, gaps []Gap) error {
	rows, _ := tx.Query(ctx, `
		select m.id, m.seq, exists (
			select from evidence e
			where `+tenants.Own("e")+` and e.finding_id = m.finding_id and e.measure_id = m.id
			  and `+provingFile+`) as proven
		from measures m
		where `+tenants.Own("m")+` and m.finding_id = @id and m.withdrawn_at is null
		order by m.seq`, pgx.StrictNamedArgs{"id": id})
	type measure struct {
		ID     inspection.MeasureID
		Seq    int
		Proven bool
	}
	ms, err := pgx.CollectRows(rows, pgx.RowToStructByName[measure])
	if err != nil {
		return fmt.Errorf("look for evidence: %w", err)
	}
	if len(ms) == 0 {
		return inspection.Errorf(inspection.Conflict, "rectification.no-measures", "还没有整改措施。填写措施后再提交。")
	}
	explained := map[inspection.MeasureID]bool{}
	for i, g := range gaps {
		if !slices.ContainsFunc(ms, func(m measure) bool { return m.ID == g.Measure }) {
			return inspection.Fields{{
				Pointer: fmt.Sprintf("/gaps/%d/measure", i), Code: "unknown-measure", Message: "该措施不属于此事项。",
			}}.Err("rectification.invalid")
		}
		explained[g.Measure] = true
	}
	var missing []string
	for _, m := range ms {
		if !m.Proven && !explained[m.ID] {
			missing = append(missing, fmt.Sprint(m.Seq))
		}
	}
	if len(missing) > 0 {
		return inspection.Errorf(inspection.Conflict, "rectification.evidence-missing",
			"未能提交：缺少第 %s 项措施的佐证。上传或说明原因后再提交。", strings.Join(missing, "、"))
	}
	return nil
}

func (s *Service) addSubmission(ctx context.Context, tx *tenants.Tx, c Case, h Handing) error {
	parties, days, err := Reviewers(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	due, provisional := s.Calendar.Add(s.Clock.Today(), days)
	_, err = tx.Exec(ctx, `
		insert into submissions (finding_id, n, unit_id, statement, gaps, parties, due_on, due_calendar, due_provisional,
			by_id, by_name, at)
		values (@id, @n, @unit, @statement, @gaps, @parties, @due_on, @calendar, @provisional, @by_id, @by_name, @at)`,
		pgx.StrictNamedArgs{
			"id": c.ID, "n": c.Submission, "unit": c.UnitID, "statement": h.Statement, "gaps": h.Gaps, "parties": parties,
			"due_on": due, "calendar": s.Calendar.Version(), "provisional": provisional,
			"by_id": tx.Scope().Member(), "by_name": tx.Scope().Name(), "at": c.SubmittedAt,
		})
	if err != nil {
		return fmt.Errorf("add submission: %w", err)
	}
	return nil
}

// Reviewers returns the parties that review the case and how many working days they
// have, or a conflict if there are none.
func Reviewers(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (parties []tenants.Role, days int, err error) {
	p, err := PolicyOf(ctx, tx, id)
	if err != nil {
		return nil, 0, err
	}
	if len(p.ReviewParties) == 0 {
		return nil, 0, inspection.Errorf(inspection.Conflict, "rectification.no-reviewers",
			"此事项还没有可以审核的单位。请联系巡察办设置联合审核单位。")
	}
	return p.ReviewParties, p.ReviewDays, nil
}

// PolicyOf returns the policy of the case's round. A unit that is itself one of the
// reviewing parties is left out of its own review.
func PolicyOf(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (p tenants.Policy, err error) {
	var round inspection.RoundID
	var self tenants.Role
	err = tx.QueryRow(ctx, `
		select f.round_id, u.acts_as
		from findings f
		join units u on u.tenant_id = f.tenant_id and u.id = f.unit_id
		where `+tenants.Own("f")+` and f.id = @id`, pgx.StrictNamedArgs{"id": id}).Scan(&round, &self)
	if err != nil {
		return p, fmt.Errorf("round of case: %w", err)
	}
	p, err = rounds.PolicyOf(ctx, tx, round)
	p.ReviewParties = slices.DeleteFunc(slices.Clone(p.ReviewParties), func(r tenants.Role) bool { return r == self })
	return p, err
}

// lockEvidence marks what is handed in for the first time: from now on it is
// replaced, not withdrawn, and the levels above may read it.
func lockEvidence(ctx context.Context, tx *tenants.Tx, c Case) error {
	_, err := tx.Exec(ctx, `
		update evidence e set submission = @n, issued_at = @at
		where `+tenants.Own("e")+` and finding_id = @id and submission is null and withdrawn_at is null`,
		pgx.StrictNamedArgs{"n": c.Submission, "at": c.SubmittedAt, "id": c.ID})
	if err != nil {
		return fmt.Errorf("lock evidence: %w", err)
	}
	return nil
}
