package rectification

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"xuncha/inspection"
)

// order is how rows are sorted: by a key, then by what no two rows have alike.
type order[T any] struct {
	name string
	down bool
	sort[T]
	ending[T]
}

// sort is a key to sort by: its column, and its value in a row and in a cursor.
type sort[T any] struct {
	column   string
	needs    string // the table of the column, if it is not the row's own
	nullable bool   // nulls come last either way
	key      func(T) string
	value    func(string) (any, error)
}

// ending ends every order of a list: columns that tell any two rows apart, their
// values in a row, and how to read these back.
type ending[T any] struct {
	columns string
	values  func(T) []string
	args    string // names @c_0, @c_1 and so on, as the columns need them
	read    []func(string) (any, error)
}

// itemEnding is how every order of the ledger ends.
var itemEnding = ending[Item]{
	columns: "r.number, r.finding_id", args: "@c_0, @c_1",
	values: func(it Item) []string { return []string{it.Number, it.ID.String()} },
	read:   []func(string) (any, error){plainText, identifier},
}

var itemSorts = map[string]sort[Item]{
	"due":    {column: "r.due_on", nullable: true, key: func(it Item) string { return dayKey(it.DueOn) }, value: dayValue},
	"number": {column: "r.number", key: func(it Item) string { return it.Number }, value: plainText},
	"unit":   {column: unitName, needs: withUnit, key: func(it Item) string { return it.UnitName }, value: plainText},
	"changed": {
		column: "r.changed_at",
		key:    func(it Item) string { return it.ChangedAt.UTC().Format(time.RFC3339Nano) },
		value:  func(s string) (any, error) { return time.Parse(time.RFC3339Nano, s) },
	},
}

// Names are compared as people look them up: by their sound.
const unitName = `u.name collate "zh-x-icu"`

func plainText(s string) (any, error) { return s, nil }

func identifier(s string) (any, error) { return uuid.Parse(s) }

func dayValue(s string) (any, error) { return inspection.ParseDay(s) }

func dayKey(d *inspection.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

// Sorts lists what the ledger may be sorted by, upwards and downwards.
func Sorts() []string { return sortNames(itemSorts) }

func sortNames[T any](sorts map[string]sort[T]) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(sorts)) {
		names = append(names, name, "-"+name)
	}
	return names
}

// place sets the order of the query's rows, the first of sorts unless f says
// another, and where the page begins.
func place[T any](q *query, f Filter, sorts map[string]sort[T], first string, end ending[T]) (order[T], error) {
	name, down := strings.CutPrefix(f.Sort, "-")
	if name == "" {
		name = first
	}
	by, known := sorts[name]
	if !known {
		return order[T]{}, inspection.InvalidFields("rectification.sort", "不能按此列排序。",
			inspection.Field{Pointer: "#/query/sort", Code: "choice", Message: "不能按此列排序。"})
	}
	o := order[T]{name, down, by, end}
	if by.needs != "" {
		q.need(by.needs)
		q.whole = true
	}
	q.by = o.by()
	if f.Cursor == "" {
		return o, nil
	}
	return o, o.resume(q, f.Cursor)
}

func (o order[T]) by() string {
	way := ""
	if o.down {
		way = " desc"
	}
	if o.nullable {
		way += " nulls last"
	}
	return o.column + way + ", " + o.columns
}

// cursor is the place behind a row: its key, and what tells it from all others.
// The API seals it.
type cursor struct {
	Sort string   `json:"s"`
	Key  string   `json:"k"`
	End  []string `json:"e"`
}

func (o order[T]) sign() string {
	if o.down {
		return "-" + o.name
	}
	return o.name
}

func (o order[T]) cursor(last T) string {
	b, err := json.Marshal(cursor{o.sign(), o.key(last), o.values(last)})
	if err != nil {
		panic(err) // strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// resume begins the page behind a cursor.
func (o order[T]) resume(q *query, text string) error {
	bad := inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
	b, err := base64.RawURLEncoding.DecodeString(text)
	var c cursor
	if err != nil || json.Unmarshal(b, &c) != nil || c.Sort != o.sign() || len(c.End) != len(o.read) {
		return bad
	}
	for i, read := range o.read {
		v, err := read(c.End[i])
		if err != nil {
			return bad
		}
		q.args["c_"+string(rune('0'+i))] = v
	}
	behind := `(` + o.columns + `) > (` + o.args + `)`
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
