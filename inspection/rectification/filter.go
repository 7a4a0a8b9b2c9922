package rectification

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Filter says which rows of the ledger, in which order, and from where on. The
// zero Filter is all of them by due date.
type Filter struct {
	Q      string // any of number, unit, category, text, and measures contains it literally
	States []State
	Flags  []Flag      // at least one of them
	Only   []Narrowing // all of them
	Unit   inspection.UnitID
	Round  inspection.RoundID
	Focus  int
	Due    string // 7d, overdue, or 2026-10-01..2026-10-31
	Sort   string // a name of [Sorts]; with - before it, downwards
	Cursor string // Next of the page before
	Limit  int
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

// maxQ is how many characters a search may have.
const maxQ = 100

// where turns the filter into a query.
func (f Filter) where(scope tenants.Scope, today inspection.Day) (*query, error) {
	q := &query{scope: scope, limit: f.Limit, args: pgx.StrictNamedArgs{}}
	if q.limit <= 0 || q.limit > 100 {
		q.limit = 50
	}
	q.add(scope.Rows("r"))
	q.add("r.withdrawn_at is null")
	f.plain(q)
	if err := f.due(q, today); err != nil {
		return nil, err
	}
	f.views(q, today)
	if err := f.search(q); err != nil {
		return nil, err
	}
	return q, f.place(q)
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
	if len(f.Flags) > 0 {
		q.add("r.flags && @flags", "flags", f.Flags)
	}
	if f.Unit != (inspection.UnitID{}) {
		q.add("r.unit_id = @unit", "unit", f.Unit)
	}
	if f.Round != (inspection.RoundID{}) {
		q.need(withFinding)
		q.add("f.round_id = @round", "round", f.Round)
	}
	if f.Focus != 0 {
		q.need(withFinding)
		q.add("f.focus = @focus", "focus", f.Focus)
	}
}

func (f Filter) due(q *query, today inspection.Day) error {
	switch f.Due {
	case "":
		return nil
	case "7d":
		q.add("r.due_on between @due_from and @due_to and r.state = any(@running)",
			"due_from", today, "due_to", today+7, "running", Running())
		return nil
	case "overdue":
		q.add("r.due_on < @due_to and r.state = any(@running)", "due_to", today, "running", Running())
		return nil
	}
	from, to, found := strings.Cut(f.Due, "..")
	first, err1 := inspection.ParseDay(from)
	last, err2 := inspection.ParseDay(to)
	if !found || err1 != nil || err2 != nil || last < first || last-first > 36600 {
		return inspection.InvalidFields("rectification.due", "期限范围应写成 2026-10-01..2026-10-31，起止不能颠倒。",
			inspection.Field{Pointer: "#/query/due", Code: "day-range", Message: "期限范围应写成 2026-10-01..2026-10-31。"})
	}
	q.add("r.due_on between @due_from and @due_to", "due_from", first, "due_to", last)
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
			q.need(withFinding)
			q.add("f.amount_fen > 0")
		case LongDue:
			q.add("r.state = 'long-term' and r.review_on <= @long", "long", today)
		}
	}
}

// search finds the text literally: strpos knows no wildcards.
func (f Filter) search(q *query) error {
	text := strings.ToLower(strings.TrimSpace(norm.NFC.String(f.Q)))
	if text == "" {
		return nil
	}
	if len([]rune(text)) > maxQ {
		return inspection.InvalidFields("rectification.search", "查找内容过长，请缩短后再试。",
			inspection.Field{Pointer: "#/query/q", Code: "too-long", Message: fmt.Sprintf("最多 %d 个字。", maxQ)})
	}
	q.need(withFinding, withUnit)
	q.add(`(strpos(lower(f.number), @q_folded) > 0 or strpos(lower(f.text), @q) > 0 or strpos(lower(f.category), @q) > 0
		or strpos(lower(u.name), @q) > 0 or strpos(lower(r.progress), @q) > 0 or exists (
			select from measures m
			where m.tenant_id = r.tenant_id and m.finding_id = r.finding_id and m.withdrawn_at is null
			  and (strpos(lower(m.text), @q) > 0 or strpos(lower(m.leader), @q) > 0 or strpos(lower(m.department), @q) > 0)))`,
		"q", text, "q_folded", folded(text))
	return nil
}

// order is how rows are sorted: by a key, then by number.
type order struct {
	name string
	down bool
	sort
}

// sort is a key to sort by: its column, and its value in a row and in a cursor.
type sort struct {
	column   string
	needs    string // the table of the column, if it is not the case's own
	nullable bool   // nulls come last either way
	key      func(Item) string
	value    func(string) (any, error)
}

const numberOrder = `r.number`

var sorts = map[string]sort{
	"due": {
		column: "r.due_on", nullable: true,
		key: func(it Item) string {
			if it.DueOn == nil {
				return ""
			}
			return it.DueOn.String()
		},
		value: func(s string) (any, error) { return inspection.ParseDay(s) },
	},
	"number": {column: numberOrder, key: func(it Item) string { return it.Number }, value: plainText},
	"unit":   {column: `u.name collate "zh-x-icu"`, needs: withUnit, key: func(it Item) string { return it.UnitName }, value: plainText},
	"changed": {
		column: "r.changed_at",
		key:    func(it Item) string { return it.ChangedAt.UTC().Format(time.RFC3339Nano) },
		value:  func(s string) (any, error) { return time.Parse(time.RFC3339Nano, s) },
	},
}

func plainText(s string) (any, error) { return s, nil }

// Sorts lists what the ledger may be sorted by, upwards and downwards.
func Sorts() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(sorts)) {
		names = append(names, name, "-"+name)
	}
	return names
}

// place sets the order and where the page begins.
func (f Filter) place(q *query) error {
	name, down := strings.CutPrefix(f.Sort, "-")
	if name == "" {
		name = "due"
	}
	by, known := sorts[name]
	if !known {
		return inspection.InvalidFields("rectification.sort", "不能按此列排序。",
			inspection.Field{Pointer: "#/query/sort", Code: "choice", Message: "不能按此列排序。"})
	}
	q.order = order{name: name, down: down, sort: by}
	if by.needs != "" {
		q.need(by.needs)
	}
	if f.Cursor == "" {
		return nil
	}
	return q.order.resume(q, f.Cursor)
}

func (o order) by() string {
	way := ""
	if o.down {
		way = " desc"
	}
	if o.nullable {
		way += " nulls last"
	}
	return o.column + way + ", " + numberOrder + ", r.finding_id"
}

// cursor is the place behind a row: its key, its number, its identifier. The API
// seals it.
type cursor struct {
	Sort   string    `json:"s"`
	Key    string    `json:"k"`
	Number string    `json:"n"`
	ID     uuid.UUID `json:"i"`
}

func (o order) sign() string {
	if o.down {
		return "-" + o.name
	}
	return o.name
}

func (o order) cursor(last Item) string {
	b, err := json.Marshal(cursor{o.sign(), o.key(last), last.Number, last.ID.UUID})
	if err != nil {
		panic(err) // strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// resume begins the page behind a cursor.
func (o order) resume(q *query, text string) error {
	bad := inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
	b, err := base64.RawURLEncoding.DecodeString(text)
	var c cursor
	if err != nil || json.Unmarshal(b, &c) != nil || c.Sort != o.sign() {
		return bad
	}
	q.args["c_number"], q.args["c_id"] = c.Number, c.ID
	behind := `(` + numberOrder + `, r.finding_id) > (@c_number, @c_id)`
	if o.nullable && c.Key == "" {
		q.after = o.column + ` is null and ` + behind
		return nil
	}
	value, err := o.value(c.Key)
	if err != nil {
		return bad
	}
	q.args["c_key"] = value
	than := " > @c_key"
	if o.down {
		than = " < @c_key"
	}
	nulls := ""
	if o.nullable {
		nulls = " or " + o.column + " is null"
	}
	q.after = `(` + o.column + than + nulls + ` or ` + o.column + ` = @c_key and ` + behind + `)`
	return nil
}
