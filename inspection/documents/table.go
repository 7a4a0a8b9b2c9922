package documents

import (
	"slices"
	"strings"

	"xuncha/inspection"
)

// Form is which columns a list leaves the house in.
type Form string

// The forms.
const (
	Shown  Form = "shown"  // the columns on screen
	All    Form = "all"    // every column
	Report Form = "report" // 上报格式
)

// Forms lists the forms.
func Forms() []Form { return []Form{Shown, All, Report} }

// column is one column of a list. Its key is the one on screen.
type column[T any] struct {
	key   string
	title string
	width float64 // in digits
	// cell is a string, an int, a Fen, a Left, a Day, or nil for nothing.
	cell func(T) any
	// whole says that the value belongs to what several rows share.
	whole bool
}

// table is a list as it leaves the house. A further list is one more table.
type table[T any] struct {
	title   string
	act     string // of the journal
	unit    string // 个问题
	columns []column[T]
	// report is the form for reporting upward; nil if the list has none.
	report []column[T]
	frozen int // columns of the report that stay in sight
}

// choose returns the columns of a form, for [Shown] those named, in that order.
func (t table[T]) choose(form Form, keys []string) ([]column[T], error) {
	switch form {
	case All:
		return t.columns, nil
	case Report:
		if t.report == nil {
			return nil, inspection.InvalidFields("export.form", "此列表没有上报格式。",
				inspection.Field{Pointer: "#/query/form", Code: "choice", Message: "此列表没有上报格式。"})
		}
		return t.report, nil
	}
	var chosen []column[T]
	for _, key := range keys {
		i := slices.IndexFunc(t.columns, func(c column[T]) bool { return c.key == key })
		if i < 0 || slices.ContainsFunc(chosen, func(c column[T]) bool { return c.key == key }) {
			return nil, unknownColumns()
		}
		chosen = append(chosen, t.columns[i])
	}
	if len(chosen) == 0 {
		return nil, unknownColumns()
	}
	return chosen, nil
}

func unknownColumns() error {
	return inspection.InvalidFields("export.columns", "请至少选择一列，且每列只选一次。",
		inspection.Field{Pointer: "#/query/columns", Code: "choice", Message: "请至少选择一列，且每列只选一次。"})
}

// readable is how many digits stand side by side on A4 in a size that can be read;
// what is wider is printed on A3.
const readable = 200

// layout is the workbook of these columns.
func (t table[T]) layout(form Form, columns []column[T]) layout {
	l := layout{title: t.title, frozen: min(1, len(columns)-1), paper: 9, filter: true}
	if form == Report {
		l.frozen, l.paper, l.filter = t.frozen, 8, false
	}
	sum := 0.0
	for _, c := range columns {
		l.head, l.widths, sum = append(l.head, c.title), append(l.widths, c.width), sum+c.width
	}
	if sum > readable {
		l.paper = 8
	}
	return l
}

func titles[T any](columns []column[T]) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.title
	}
	return strings.Join(names, "、")
}

// day is a Day for a cell, or nil.
func day(d *inspection.Day) any {
	if d == nil {
		return nil
	}
	return *d
}
