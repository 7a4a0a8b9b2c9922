package evaluations

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
)

// Fact is something that the rows say of a unit's rectification, by which a card
// proposes a deduction or a veto.
type Fact string

// The facts.
const (
	PlanMissing   Fact = "plan-missing"   // no plan is in effect
	PlanLate      Fact = "plan-late"      // the first plan was signed late
	PlanReturned  Fact = "plan-returned"  // a plan came back
	NoLeader      Fact = "no-leader"      // measures that name no leader
	Letter        Fact = "letter"         // letters of the ladder of reminders
	Talk          Fact = "talk"           // talks that went with them
	ReportLate    Fact = "report-late"    // a report that the unit owes, filed late or not at all
	Overdue       Fact = "overdue"        // not finished by the last day
	ClosedLate    Fact = "closed-late"    // closed after the last day
	NotStarted    Fact = "open"           // not begun
	HandedBack    Fact = "returned"       // what was handed in came back
	Extended      Fact = "extended"       // extensions that were granted
	ReopenedAgain Fact = "reopened"       // reopened after it was closed
	Doubtful      Fact = "doubt"          // a signal of doubt was right
	Unchanged     Fact = "unchanged"      // a check on site found it half done or not done
	Unclosed      Fact = "unclosed"       // neither closed nor a long-term item
	PublicOpinion Fact = "public-opinion" // the public says something, and it is not closed
	Satisfaction  Fact = "satisfaction"   // what people answered; no rows
	FalseClosing  Fact = "false-closing"  // closed, found not done by two people on site, reopened
	Rebounded     Fact = "rebounded"      // a follow-up found that what was put right came back
)

var factWords = map[Fact]string{
	PlanMissing: "没有生效的整改方案", PlanLate: "整改方案迟报", PlanReturned: "整改方案被退回", NoLeader: "措施未明确责任领导",
	Letter: "收到催办文书", Talk: "被约谈", ReportLate: "整改进展报告迟报", Overdue: "逾期", ClosedLate: "超期完成", NotStarted: "未启动", HandedBack: "提交销号被退回",
	Extended: "经批准延期", ReopenedAgain: "重新整改", Doubtful: "存疑属实", Unchanged: "检查结论为部分或未改", Unclosed: "未销号",
	PublicOpinion: "有群众意见未办结", Satisfaction: "满意度折算", FalseClosing: "销号不实",
	Rebounded: "回头看认定为反弹",
}

// Facts lists the facts.
func Facts() []Fact { return slices.Sorted(maps.Keys(factWords)) }

// Word returns what people call the fact.
func (f Fact) Word() string { return factWords[f] }

// vetoes reports whether the fact is grave enough to be a veto.
func (f Fact) vetoes() bool { return f == FalseClosing }

// Link names a row that something was seen in.
type Link struct {
	Kind   string          `json:"kind" enum:"item,plan,report,progress-owed,head-owed" doc:"What it opens: an item of the ledger, a plan, a report; a report that nobody has begun is named by its kind and round"`
	ID     uuid.UUID       `json:"id" format:"uuid"`
	Number string          `json:"number" maxLength:"40" doc:"Of the item; empty for a paper"`
	Text   string          `json:"text" maxLength:"300" doc:"What is seen there"`
	On     *inspection.Day `json:"on" nullable:"true" doc:"When it happened"`
}

// Seen is the rows in which one fact was seen.
type Seen struct {
	Fact Fact   `json:"fact"`
	Rows []Link `json:"rows" nullable:"false" maxItems:"2000"`
}

// seen are the queries of the facts. c are the unit's issued items of the round.
// Nothing counts that came after @now.
var seen = map[Fact]string{
	PlanLate: `select 'plan', p.id, '', '第1版方案签字', (g.at at time zone 'Asia/Shanghai')::date from plans p, lateral (
			select least(p.head_at, min(g.head_at)) as at from plan_signings g where g.tenant_id = p.tenant_id and g.plan_id = p.id) g
		where ` + tenants.Own("p") + ` and p.round_id = @round and p.unit_id = @unit and p.edition = 1 and g.at <= @now`,
	PlanReturned: `select 'plan', p.id, '', '第' || p.edition || '版方案第' || g.n || '次签字后退回', (g.head_at at time zone 'Asia/Shanghai')::date
		from plans p join plan_signings g on g.tenant_id = p.tenant_id and g.plan_id = p.id
		where ` + tenants.Own("p") + ` and p.round_id = @round and p.unit_id = @unit and g.head_at <= @now`,
	NoLeader: `select 'item', c.finding_id, c.number, '有措施没有责任领导', null::date from c
		where exists (select from measures m where m.tenant_id = c.tenant_id and m.finding_id = c.finding_id
			and m.leader = '' and m.withdrawn_at is null)`,
	Letter: `select 'item', c.finding_id, c.number, r.title || ' ' || r.number, (r.issued_at at time zone 'Asia/Shanghai')::date
		from c join reminders r on r.tenant_id = c.tenant_id and r.finding_id = c.finding_id
		where r.state = 'sent' and r.document <> '' and r.issued_at <= @now`,
	Talk: `select 'item', c.finding_id, c.number, '约谈', k.held_on
		from c join reminders r on r.tenant_id = c.tenant_id and r.finding_id = c.finding_id
		join talks k on k.tenant_id = r.tenant_id and k.reminder_id = r.id
		where k.entered_at <= @now`,
	Overdue:    `select 'item', c.finding_id, c.number, '逾期 ' || (@today::date - c.due_on) || ' 天', c.due_on from c where c.state = any(@running) and c.due_on < @today`,
	ClosedLate: `select 'item', c.finding_id, c.number, '超过期限 ' || (c.closed_on - c.due_on) || ' 天销号', c.closed_on from c where c.state = 'closed' and c.closed_on > c.due_on`,
	NotStarted: `select 'item', c.finding_id, c.number, '未启动', null::date from c where c.state = 'open'`,
	HandedBack: `select 'item', c.finding_id, c.number, '第' || s.n || '次提交被退回', (s.decided_at at time zone 'Asia/Shanghai')::date
		from c join submissions s on s.tenant_id = c.tenant_id and s.finding_id = c.finding_id
		where s.outcome = 'returned' and s.decided_at <= @now`,
	Extended: `select 'item', c.finding_id, c.number, '延期至 ' || coalesce(x.granted_on, x.until_on), (x.ended_at at time zone 'Asia/Shanghai')::date
		from c join extensions x on x.tenant_id = c.tenant_id and x.finding_id = c.finding_id
		where x.kind = 'later' and x.state = 'approved' and x.ended_at <= @now`,
	ReopenedAgain: `select 'item', c.finding_id, c.number, '重新整改，期限 ' || d.due_on, (d.at at time zone 'Asia/Shanghai')::date
		from c join deadlines d on d.tenant_id = c.tenant_id and d.finding_id = c.finding_id
		where d.kind = 'reopen' and d.at <= @now`,
	Doubtful: `select 'item', c.finding_id, c.number, '存疑属实 ' || count(*) || ' 项', min(d.seen_on)
		from c join doubts d on d.tenant_id = c.tenant_id and d.finding_id = c.finding_id
		where d.state = 'confirmed' and d.decided_at <= @now group by c.finding_id, c.number`,
	Unchanged: `select 'item', c.finding_id, c.number, '第' || k.n || '轮检查结论为' || case k.verdict when 'partial' then '部分' else '未改' end, k.visited_on
		from c join check_results k on k.tenant_id = c.tenant_id and k.finding_id = c.finding_id
		where k.verdict in ('partial', 'unchanged') and k.confirmed_at <= @now`,
	Unclosed:      `select 'item', c.finding_id, c.number, '未销号', c.due_on from c where c.state not in ('closed', 'long-term')`,
	PublicOpinion: `select 'item', c.finding_id, c.number, '有群众意见', null::date from c where 'public-opinion' = any(c.flags) and c.state <> 'closed'`,
	Rebounded: `select 'item', c.finding_id, c.number, k.name || '认定为反弹', k.seen_on
		from c join followup_results k on k.tenant_id = c.tenant_id and k.finding_id = c.finding_id
		where k.verdict = 'rebounded' and k.at <= @now`,
	// A case that was closed, of which after that two people on site said 未改 (checks),
	// 虚假整改 (follow-ups) or that a doubt is right (doubts), and that was reopened for it.
	FalseClosing: `select 'item', c.finding_id, c.number, '销号后现场核查为未改，' || (d.at at time zone 'Asia/Shanghai')::date || ' 重新整改', (d.at at time zone 'Asia/Shanghai')::date
		from c join deadlines d on d.tenant_id = c.tenant_id and d.finding_id = c.finding_id
		where d.kind = 'reopen' and d.at <= @now
		  and (exists (select from doubts b where b.tenant_id = c.tenant_id and b.finding_id = c.finding_id
				and b.state = 'confirmed' and b.decided_at between (d.was_closed_on::timestamp at time zone 'Asia/Shanghai') and d.at)
			or exists (select from check_results k where k.tenant_id = c.tenant_id and k.finding_id = c.finding_id
				and k.verdict = 'unchanged' and k.outcome = 'reopen' and k.confirmed_at between (d.was_closed_on::timestamp at time zone 'Asia/Shanghai') and d.at)
			or exists (select from followup_results k where k.tenant_id = c.tenant_id and k.finding_id = c.finding_id
				and k.verdict = 'false' and k.at between (d.was_closed_on::timestamp at time zone 'Asia/Shanghai') and d.at))`,
}

// about is what facts are looked for in.
type about struct {
	round inspection.RoundID
	unit  inspection.UnitID
}

// facts reads every fact as it is now. What a fact is not seen in has no rows; the
// order is that of the names, and in each of day and number.
func (s *Service) facts(ctx context.Context, tx *tenants.Tx, of about) ([]Seen, error) {
	now := s.Clock()
	var parts []string
	for _, f := range slices.Sorted(maps.Keys(seen)) {
		parts = append(parts, fmt.Sprintf("select '%s' as fact, x.* from (%s) x (kind, id, number, text, \"on\")", f, seen[f]))
	}
	rows, _ := tx.Query(ctx, `
		with c as materialized (
			select r.tenant_id, r.finding_id, f.number, r.state, r.due_on, r.closed_on, r.flags
			from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
			where `+tenants.Own("r")+` and r.unit_id = @unit and f.round_id = @round and r.issued_at is not null and r.withdrawn_at is null)
		select * from (`+strings.Join(parts, " union all ")+`) all_of_them
		order by fact, "on" nulls first, number, text, id`, pgx.StrictNamedArgs{
		"unit": of.unit, "round": of.round, "now": now, "today": inspection.DayOf(now), "running": rectification.Running(),
	})
	type row struct {
		Fact Fact
		Link
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	byFact := map[Fact][]Link{}
	for _, r := range found {
		byFact[r.Fact] = append(byFact[r.Fact], r.Link)
	}
	late, err := s.Reports.Late(ctx, tx, of.round, of.unit)
	if err != nil {
		return nil, err
	}
	for _, l := range late {
		byFact[ReportLate] = append(byFact[ReportLate], reported(l))
	}
	all := []Seen{}
	for _, f := range Facts() {
		if len(byFact[f]) > 0 {
			all = append(all, Seen{f, byFact[f]})
		}
	}
	return all, nil
}

// reported is the row of a report that is late. One that nobody has begun has no
// row but the round's.
func reported(l reports.Late) Link {
	row := Link{Kind: string(l.Kind) + "-owed", ID: l.RoundID.UUID, Text: fmt.Sprintf("%s，期限 %s，未报送", l.Title(), l.DueOn), On: &l.DueOn}
	if l.ID != nil {
		row.Kind, row.ID = "report", l.ID.UUID
	}
	if l.FiledOn != nil {
		row.Text = fmt.Sprintf("%s，期限 %s，迟报 %d 天", l.Title(), l.DueOn, *l.FiledOn-l.DueOn)
	}
	return row
}

// size is how many problems the unit has in the round, and how many of them are
// closed or long-term.
func size(ctx context.Context, tx *tenants.Tx, of about) (t Tally, err error) {
	rows, _ := tx.Query(ctx, `
		select count(*)::int as problems, count(*) filter (where r.state = 'closed')::int as closed,
			count(*) filter (where r.state = 'long-term')::int as long_term
		from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		where `+tenants.Own("r")+` and r.unit_id = @unit and f.round_id = @round and r.issued_at is not null and r.withdrawn_at is null`,
		pgx.StrictNamedArgs{"unit": of.unit, "round": of.round})
	if t, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Tally]); err != nil {
		return t, fmt.Errorf("count problems: %w", err)
	}
	return t, nil
}

// hasPlan reports whether a plan of the unit took effect for the round.
func (s *Service) hasPlan(ctx context.Context, tx *tenants.Tx, of about) (there bool, err error) {
	err = tx.QueryRow(ctx, `
		select exists (select from plans p where `+tenants.Own("p")+` and p.round_id = @round and p.unit_id = @unit and p.issued_at <= @now)`,
		pgx.StrictNamedArgs{"round": of.round, "unit": of.unit, "now": s.Clock()}).Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for plan: %w", err)
	}
	return there, nil
}

// rowsOf returns the rows of a fact.
func rowsOf(all []Seen, f Fact) []Link {
	for _, s := range all {
		if s.Fact == f {
			return s.Rows
		}
	}
	return []Link{}
}
