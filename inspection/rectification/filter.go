package rectification

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Filter says which rows of the ledger, in which order, and from where on. The
// zero Filter is all of them by due date. The list of measures (任务清单) takes the
// same filter: what it says of kinds and days it then says of the measures.
type Filter struct {
	Q      string // any of number, unit, category, text, and measures contains it literally
	States []State
	Flags  []Flag      // at least one of them
	Only   []Narrowing // all of them
	Kinds  []Kind
	Items  []inspection.FindingID // these alone
	Unit   inspection.UnitID
	Round  inspection.RoundID
	Focus  int
	Due    string // 7d, overdue, overdue-30, or 2026-10-01..2026-10-31
	// Leader and Department have at least one of the measures; [Nobody] finds measures
	// that name none.
	Leader     string
	Department string
	Done       *bool  // of measures: whether they are done
	Sort       string // a name of [Sorts]; with - before it, downwards
	Cursor     string // Next of the page before
	Limit      int
}

// Narrowing narrows the ledger to what somebody looks for every day.
type Narrowing string

// The narrowings.
const (
	ForReview Narrowing = "review"  // 待我审核
	Stalled   Narrowing = "stalled" // 停滞≥30天
	Money     Narrowing = "money"   // 涉及金额
	LongDue   Narrowing = "long"    // 长期整改待复核
)

// Narrowings lists them.
func Narrowings() []Narrowing { return []Narrowing{ForReview, Stalled, Money, LongDue} }

// LongOverdue is after how many days past its day an item is long overdue (逾期≥30天).
const LongOverdue = 30

// maxQ is how many characters a search may have.
const maxQ = 100

// Nobody is what a filter says for a leader or a department that is not named.
const Nobody = "-"

// subject is what the rows of a list are.
type subject struct {
	kind string                     // its kind
	day  string                     // when it is due
	open string                     // whether its clock runs; names @running
	said func(tenants.Scope) string // what a search looks at, beside the problem: names @q
	held string                     // frames a condition on a measure m that concerns the row
}

// The subjects: a problem is found by any of its measures, a measure by itself. A
// measure without a day of its own is due with its problem.
var (
	problems = subject{
		kind: "r.kind", day: "r.due_on", open: "r.state = any(@running)",
		said: func(scope tenants.Scope) string {
			return `strpos(r.said_of_progress, @q) > 0 or (r.tenant_id, r.finding_id) in (
				select m.tenant_id, m.finding_id from measures m
				where ` + scope.Rows("m") + ` and m.withdrawn_at is null and ` + measureSays + `)`
		},
		held: anyMeasure("%s"),
	}
	tasks = subject{
		kind: "m.kind", day: taskDay, open: "not m.done and r.state = any(@running)",
		said: func(tenants.Scope) string { return measureSays + " or strpos(m.said_of_progress, @q) > 0" },
		held: "(%s)",
	}
)

const (
	taskDay     = "coalesce(m.due_on, r.due_on)"
	measureSays = "strpos(m.said, @q) > 0" // text, leader and department
)

func anyMeasure(condition string) string {
	return `exists (
			select from measures m
			where m.tenant_id = r.tenant_id and m.finding_id = r.finding_id and m.withdrawn_at is null
			  and (` + condition + `))`
}

// where turns the filter into a query for these rows.
func (f Filter) where(scope tenants.Scope, today inspection.Day, of subject) (*query, error) {
	q := &query{scope: scope, limit: f.Limit, args: pgx.StrictNamedArgs{}}
	if q.limit <= 0 || q.limit > 100 {
		q.limit = 50
	}
	q.add(scope.Rows("r"))
	q.add("r.withdrawn_at is null")
	f.plain(q)
	f.measures(q, of)
	if err := f.due(q, today, of); err != nil {
		return nil, err
	}
	f.views(q, today)
	return q, f.search(q, of)
}

// add adds a condition and the arguments that it names.
func (q *query) add(condition string, args ...any) {
	q.conditions = append(q.conditions, condition)
	for i := 0; i+1 < len(args); i += 2 {
		q.args[args[i].(string)] = args[i+1]
	}
}

func (f Filter) plain(q *query) {
	if len(f.States) > 0 {
		q.add("r.state = any(@states)", "states", f.States)
		if !slices.Contains(f.States, Closed) {
			q.add("r.state <> 'closed'") // said apart, for the planner: the index holds these
		}
	}
	if len(f.Items) > 0 {
		q.add("r.finding_id = any(@items)", "items", f.Items)
	}
	if len(f.Flags) > 0 {
		q.add("r.flags && @flags", "flags", f.Flags)
	}
	if f.Unit != (inspection.UnitID{}) {
		q.add("r.unit_id = @unit", "unit", f.Unit)
	}
	if f.Round != (inspection.RoundID{}) {
		q.needFinding()
		q.add("f.round_id = @round", "round", f.Round)
	}
	if f.Focus != 0 {
		q.needFinding()
		q.add("f.focus = @focus", "focus", f.Focus)
	}
}

// needFinding adds the findings, all of which are looked at: no index has what is
// asked of them.
func (q *query) needFinding() {
	q.need(withFinding)
	q.whole = true
}

// measures narrows to kinds, to who is responsible, and to what is done.
func (f Filter) measures(q *query, of subject) {
	if len(f.Kinds) > 0 {
		q.add(of.kind+" = any(@kinds)", "kinds", f.Kinds)
	}
	named := func(column, arg, name string) {
		if name == "" {
			return
		}
		if name == Nobody {
			name = ""
		}
		q.add(fmt.Sprintf(of.held, "m."+column+" = @"+arg), arg, name)
	}
	named("leader", "leader", f.Leader)
	named("department", "department", f.Department)
	if f.Done != nil {
		q.add(fmt.Sprintf(of.held, "m.done = @done"), "done", *f.Done)
	}
}

func (f Filter) due(q *query, today inspection.Day, of subject) error {
	switch f.Due {
	case "":
		return nil
	case "7d":
		q.add(of.day+" between @due_from and @due_to and "+of.open,
			"due_from", today, "due_to", today+7, "running", Running())
		return nil
	case "overdue":
		q.add(of.day+" < @due_to and "+of.open, "due_to", today, "running", Running())
		return nil
	case "overdue-30":
		q.add(of.day+" <= @due_to and "+of.open, "due_to", today-LongOverdue, "running", Running())
		return nil
	}
	first, last, err := inspection.ParseDays(f.Due)
	if err != nil {
		return inspection.InvalidFields("rectification.due", "期限范围应写成 2026-10-01..2026-10-31，起止不能颠倒。",
			inspection.Field{Pointer: "#/query/due", Code: "day-range", Message: "期限范围应写成 2026-10-01..2026-10-31。"})
	}
	q.add(of.day+" between @due_from and @due_to", "due_from", first, "due_to", last)
	return nil
}

func (f Filter) views(q *query, today inspection.Day) {
	for _, v := range f.Only {
		switch v {
		case ForReview:
			q.need(withReview)
			q.add("r.state = 'submitted' and @me = any(s.parties) and not @me = any(s.given)", "me", q.scope.Role())
		case Stalled:
			q.add("r.state = any(@running) and r.changed_at < @stalled", "running", Running(), "stalled", (today - 30).Start())
		case Money:
			q.needFinding()
			q.add("f.amount_fen > 0")
		case LongDue:
			q.add("r.state = 'long-term' and r.review_on <= @long", "long", today)
		}
	}
}

// search finds the text as people see it, folded as in the records
// ([inspection.Folded]), and literally: strpos knows no wildcards.
func (f Filter) search(q *query, of subject) error {
	text := strings.TrimSpace(inspection.Folded(f.Q))
	if text == "" {
		return nil
	}
	if len([]rune(text)) > maxQ {
		return inspection.InvalidFields("rectification.search", "查找内容过长，请缩短后再试。",
			inspection.Field{Pointer: "#/query/q", Code: "too-long", Message: fmt.Sprintf("最多 %d 个字。", maxQ)})
	}
	q.whole = true
	// Each table is looked through once, by itself: joined first, all of it would be put together to be thrown away.
	q.add(`(strpos(lower(r.number), @q) > 0 or `+of.said(q.scope)+`
		or (r.tenant_id, r.unit_id) in (
			select u.tenant_id, u.id from units u where `+q.scope.Rows("u")+` and strpos(folded(u.name), @q) > 0)
		or (r.tenant_id, r.finding_id) in (
			select f.tenant_id, f.id from findings f where `+q.scope.Rows("f")+` and strpos(f.said, @q) > 0))`,
		"q", text)
	return nil
}
