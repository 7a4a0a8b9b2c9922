package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/papers"
	"xuncha/tenants"
)

// Service does what people ask of reports.
type Service struct {
	DB       *tenants.DB
	Clock    inspection.Clock
	Calendar *inspection.Calendar
	Cases    *rectification.Service
}

const lineColumns = `p.id, p.round_id, d.name as round_name, p.unit_id, u.name as unit_name, p.kind, p.period, p.edition, p.due_on,
	p.due_provisional, p.state, `

const rowColumns = lineColumns + papers.WholeColumns + `, p.overall, p.next_steps, p.remarks, p.reasons, p.tenant_id, d.feedback_on`

const tables = ` from reports p
	join rounds d on d.tenant_id = p.tenant_id and d.id = p.round_id
	join units u on u.tenant_id = p.tenant_id and u.id = p.unit_id`

// List returns what is owed and what was made, of the latest round first: for the own
// office also the reports that nobody has begun. Of other offices only what was
// approved is seen.
func (s *Service) List(ctx context.Context, scope tenants.Scope) (ls []Line, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		ls, err = s.lines(ctx, tx)
		return err
	})
	return ls, err
}

// lines lists what is owed and not begun, and behind it what was made.
func (s *Service) lines(ctx context.Context, tx *tenants.Tx) ([]Line, error) {
	made, err := s.made(ctx, tx)
	if err != nil || !tx.Scope().Own() {
		return made, err
	}
	owed, err := s.debts(ctx, tx, tx.Scope().Unit())
	if err != nil {
		return nil, err
	}
	all := []Line{}
	for _, d := range owed {
		if !slices.ContainsFunc(made, d.of) {
			all = append(all, d.line(s.Clock.Today()))
		}
	}
	return append(all, made...), nil
}

// made lists the editions that the scope may see, of each report the latest first.
func (s *Service) made(ctx context.Context, tx *tenants.Tx) ([]Line, error) {
	rows, _ := tx.Query(ctx, `
		select `+lineColumns+papers.ListColumns+tables+`
		where `+tx.Scope().Rows("p")+`
		order by d.term desc, d.seq desc, u.name collate "zh-x-icu", p.kind desc, p.period desc, p.edition desc
		limit 5000`)
	made, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[Line])
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	for i := range made {
		made[i].Latest = i == 0 || made[i-1].report() != made[i].report()
		made[i].Overdue = made[i].late(s.Clock.Today())
	}
	return made, nil
}

// report names the report whatever its edition.
func (l Line) report() string { return fmt.Sprint(l.RoundID, l.UnitID, l.Kind, l.Period) }

// late reports whether the day is past and the report is not filed.
func (l Line) late(today inspection.Day) bool {
	return l.DueOn < today && (*l.State == Drafting || *l.State == Signed || *l.State == Returned && l.Latest)
}

// Get returns one report. Reading another office's report leaves an entry in that
// office's journal.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id inspection.ReportID) (p Report, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		p, err = s.read(ctx, tx, id)
		return err
	})
	return p, err
}

func (s *Service) read(ctx context.Context, tx *tenants.Tx, id inspection.ReportID) (Report, error) {
	rows, _ := tx.Query(ctx, `select `+rowColumns+tables+` where `+tx.Scope().Rows("p")+` and p.id = @id`, pgx.StrictNamedArgs{"id": id})
	r, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row]))
	if err != nil {
		return Report{}, err
	}
	if r.TenantID != tx.Scope().Tenant() {
		tx.Journal(tenants.Entry{
			Office: r.TenantID, Action: "report.read-above", Object: "report", ID: id.UUID, Unit: r.UnitID,
			Detail: tenants.Detail{Title: "上级查看整改报告", Text: r.title()},
		})
	}
	return s.view(ctx, tx, r)
}

// view completes a report for who looks at it.
func (s *Service) view(ctx context.Context, tx *tenants.Tx, r row) (_ Report, err error) {
	p := r.Report
	p.Gaps, p.Allowed, p.Office = []Gap{}, []Action{}, r.TenantID
	var now Content
	if r.Signed == nil {
		if now, err = s.records(ctx, tx, r); err != nil {
			return p, err
		}
		p.Gaps = now.gaps()
	}
	if p.Content, p.Digest, err = papers.Read(paper, r.Paper, now); err != nil {
		return p, err
	}
	if err := s.history(ctx, tx, r, &p); err != nil {
		return p, err
	}
	if p.Opinions, err = paper.OpinionsOn(ctx, tx, r.TenantID, r.ID.UUID, r.Paper); err != nil {
		return p, err
	}
	p.Overdue = p.late(s.Clock.Today())
	if r.TenantID == tx.Scope().Tenant() {
		p.Allowed = p.may(tx.Scope().Role())
	}
	return p, nil
}

// may lists what role may do next. Who has a returned report begins its next edition.
func (p Report) may(role tenants.Role) []Action {
	may := papers.Allowed(p.Paper, role, reports.Allowed(*p.State, role), papers.Acts[Action]{Opine: Opine, Return: Return, Approve: Approve})
	may = slices.DeleteFunc(may, func(do Action) bool {
		return do == File || p.Kind == Head && (do == Countersign || do == Decline) // what the head's signature does
	})
	if *p.State == Returned && p.Latest && role.OfUnit() {
		may = append(may, Begin)
	}
	return may
}

// history lists the editions of this report, and says what is new against the last
// one before it that was signed.
func (s *Service) history(ctx context.Context, tx *tenants.Tx, r row, p *Report) error {
	rows, _ := tx.Query(ctx, `
		select p.id, p.period, p.edition, p.state from reports p
		where p.tenant_id = @office and p.round_id = @round and p.unit_id = @unit and p.kind = @kind
		order by p.period desc, p.edition desc`,
		pgx.StrictNamedArgs{"office": r.TenantID, "round": r.RoundID, "unit": r.UnitID, "kind": r.Kind})
	var err error
	if p.Editions, err = pgx.CollectRows(rows, pgx.RowToStructByName[Edition]); err != nil {
		return fmt.Errorf("list editions: %w", err)
	}
	p.Latest = !slices.ContainsFunc(p.Editions, func(e Edition) bool { return e.Period == p.Period && e.Edition > p.Edition })
	p.Since.Lines = []string{}
	for _, e := range p.Editions {
		before := e.Period < r.Period || e.Period == r.Period && e.Edition < r.Edition
		if !before || e.State == Drafting {
			continue
		}
		was := papers.Paper{}
		err := tx.QueryRow(ctx, `select p.content, p.digest from reports p where p.tenant_id = @office and p.id = @id`,
			pgx.StrictNamedArgs{"office": r.TenantID, "id": e.ID}).Scan(&was.Signed, &was.Sum)
		if err != nil {
			return fmt.Errorf("read the edition before: %w", err)
		}
		signed, _, err := papers.Read(paper, was, Content{})
		if err != nil {
			return err
		}
		p.Since = Since{Title: e.title(), Lines: p.Content.differing(signed)}
		return nil
	}
	return nil
}

// Beginning says which report is begun.
type Beginning struct {
	Round inspection.RoundID `json:"round"`
	Kind  Kind               `json:"kind"`
}

// Begin opens the next edition of the report that the unit owes in a round. One that
// answers a return begins with the text of the one that came back.
func (s *Service) Begin(ctx context.Context, scope tenants.Scope, b Beginning) (p Report, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		state, err := reports.Next(tenants.Start, Begin, scope.Role())
		if err != nil {
			return err
		}
		owed, err := s.debts(ctx, tx, scope.Unit())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(owed, func(d debt) bool { return d.RoundID == b.Round && d.Kind == b.Kind })
		if i < 0 {
			return s.notOwed(ctx, tx, b.Round)
		}
		id := inspection.NewID[inspection.ReportID]()
		tag, err := tx.Exec(ctx, `
			insert into reports (id, round_id, unit_id, kind, period, edition, due_on, due_provisional, state, overall, next_steps,
				remarks, changed_name, changed_at)
			select @id, @round, @unit, @kind, @period, coalesce(l.edition, 0) + 1, @due_on, @provisional, @state,
				coalesce(l.overall, ''), coalesce(l.next_steps, ''), coalesce(l.remarks, '[]'), @by, @at
			from (select) one
			left join lateral (
				select p.* from reports p
				where `+tenants.Own("p")+` and p.round_id = @round and p.unit_id = @unit and p.kind = @kind and p.period = @period
				order by p.edition desc limit 1) l on true
			on conflict do nothing`, pgx.StrictNamedArgs{
			"id": id, "round": b.Round, "unit": scope.Unit(), "kind": b.Kind, "period": owed[i].Period, "due_on": owed[i].DueOn,
			"provisional": owed[i].Provisional, "state": state, "by": scope.Name(), "at": s.Clock(),
		})
		if err != nil {
			return fmt.Errorf("begin report: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return inspection.Errorf(inspection.Conflict, "report.open", "本期%s已在办理，请在其中继续。", b.Kind.Word())
		}
		r, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Journal(r.entry(Begin, "", nil))
		p, err = s.view(ctx, tx, r)
		return err
	})
	return p, err
}

// notOwed says why nothing is begun: there is no such round, or nothing more is owed.
func (s *Service) notOwed(ctx context.Context, tx *tenants.Tx, round inspection.RoundID) error {
	var there bool
	err := tx.QueryRow(ctx, `
		select exists (select from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
			where `+tenants.Own("r")+` and r.unit_id = @unit and f.round_id = @round)`,
		pgx.StrictNamedArgs{"unit": tx.Scope().Unit(), "round": round}).Scan(&there)
	if err != nil {
		return fmt.Errorf("look for round: %w", err)
	}
	if !there {
		_, err := tenants.Found(0, pgx.ErrNoRows)
		return err
	}
	return inspection.Errorf(inspection.Conflict, "report.not-owed", "本轮次的报告已经通过，问题均已销号，不需要再报。")
}

// Change is what people write into a report; what is absent stays.
type Change struct {
	Overall   *string   `json:"overall,omitempty" nullable:"false" maxLength:"5000" doc:"总体情况"`
	NextSteps *string   `json:"next_steps,omitempty" nullable:"false" maxLength:"5000" doc:"下步打算"`
	Remarks   *[]Remark `json:"remarks,omitempty" nullable:"false" maxItems:"1000" doc:"All sentences to single findings"`
}

// Edit saves what the unit wrote.
func (s *Service) Edit(ctx context.Context, scope tenants.Scope, id inspection.ReportID, version int, c Change) (Report, error) {
	return s.act(ctx, scope, id, version, Edit, func(tx *tenants.Tx, r *row) (string, error) {
		var bad inspection.Fields
		if c.Overall != nil {
			r.Overall = bad.Text("/overall", *c.Overall, false, 5000)
		}
		if c.NextSteps != nil {
			r.NextSteps = bad.Text("/next_steps", *c.NextSteps, false, 5000)
		}
		if c.Remarks != nil {
			if err := s.remark(ctx, tx, r, *c.Remarks, &bad); err != nil {
				return "", err
			}
		}
		return "", bad.Err("report.invalid")
	})
}

// remark takes over the sentences to single findings, one for each at most.
func (s *Service) remark(ctx context.Context, tx *tenants.Tx, r *row, remarks []Remark, bad *inspection.Fields) error {
	now, err := s.records(ctx, tx, *r)
	if err != nil {
		return err
	}
	known := map[inspection.FindingID]bool{}
	for _, it := range now.Items {
		known[it.Finding] = true
	}
	r.Remarks = []Remark{}
	for i, m := range remarks {
		at := fmt.Sprintf("/remarks/%d", i)
		if !known[m.Finding] {
			*bad = append(*bad, inspection.Field{Pointer: at + "/finding", Code: "unknown", Message: "该问题不在本报告中，或已写过一次。"})
		}
		delete(known, m.Finding)
		m.Text = bad.Text(at+"/text", m.Text, true, 500)
		r.Remarks = append(r.Remarks, m)
	}
	return nil
}

// anyVersion is for what does not depend on what others do meanwhile.
const anyVersion = 0

// act is one act on a report: read under lock, decide by the table, change, save,
// tell the journal.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id inspection.ReportID, version int, do Action,
	change func(tx *tenants.Tx, r *row) (note string, err error),
) (p Report, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		r, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		before := r
		to, err := reports.Next(*r.State, do, scope.Role())
		if err != nil {
			return err
		}
		if version != anyVersion && r.Version != version {
			now, err := s.view(ctx, tx, before)
			if err != nil {
				return err
			}
			return inspection.StaleRow("report.stale", now)
		}
		r.State = &to
		note, err := change(tx, &r)
		if err != nil {
			return err
		}
		r.Version++
		if do != Opine { // who of a party answered, and when, is not the unit's to read
			r.ChangedAt, r.ChangedBy = s.Clock(), scope.Name()
		}
		if err := r.save(ctx, tx); err != nil {
			return err
		}
		tx.Journal(r.entry(do, note, before.Report))
		p, err = s.view(ctx, tx, r)
		return err
	})
	return p, err
}

// entry is the journal's entry of an act. An opinion is not the unit's to read.
func (r row) entry(do Action, note string, before any) tenants.Entry {
	e := tenants.Entry{
		Action: "report." + string(do), Object: "report", ID: r.ID.UUID, Unit: r.UnitID, Before: before, After: r.Report,
		Detail: tenants.Detail{Title: r.Kind.Word() + "：" + reports.Doing[do], Text: strings.TrimSpace(r.title() + " " + note)},
	}
	if do == Opine {
		e.Unit = inspection.UnitID{}
	}
	return e
}

func lock(ctx context.Context, tx *tenants.Tx, id inspection.ReportID) (row, error) {
	rows, _ := tx.Query(ctx, `select `+rowColumns+tables+` where `+tenants.Own("p")+` and p.id = @id for update of p`,
		pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row]))
}

func (r row) save(ctx context.Context, tx *tenants.Tx) error {
	_, err := tx.Exec(ctx, `
		update reports p
		set state = @state, overall = @overall, next_steps = @next_steps, remarks = @remarks, reasons = @reasons,
			issued_at = case when @state = 'approved' then coalesce(issued_at, @at) else issued_at end, `+papers.Saved+`
		where `+tenants.Own("p")+` and p.id = @id`, r.Args(tx.Scope(), pgx.StrictNamedArgs{
		"id": r.ID, "state": r.State, "overall": r.Overall, "next_steps": r.NextSteps, "remarks": r.Remarks, "reasons": r.Reasons,
	}))
	if err != nil {
		return fmt.Errorf("save report: %w", err)
	}
	return nil
}
