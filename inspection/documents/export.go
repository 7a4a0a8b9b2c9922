package documents

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/followups"
	"xuncha/inspection/rectification/plans"
	"xuncha/inspection/rectification/reports"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
)

// maxRows is how many rows one file may have. It is the service's own limit, not an
// office's rule: more does not open in a spreadsheet program in reasonable time.
const maxRows = 100_000

// atOnce is how many workbooks are written at a time: each takes a connection of the
// pool while it reads, and memory for all of its file.
const atOnce = 2

// Service takes lists out of the house.
type Service struct {
	DB        *tenants.DB
	Clock     inspection.Clock
	Cases     *rectification.Service
	Reminders *rectification.Reminders
	Reports   *reports.Service
	Checks    *checks.Service
	Plans     *plans.Service
	Linkage   *linkage.Service

	Evaluations *evaluations.Service
	FollowUps   *followups.Service
	Statistics  *statistics.Service

	most    int // how many rows one file may have; maxRows if zero
	running atomic.Int32
	packing atomic.Int32
}

// slot takes one of the places in which workbooks are written, or zips.
func slot(running *atomic.Int32, atOnce int32) (done func(), err error) {
	if running.Add(1) > atOnce {
		running.Add(-1)
		return nil, inspection.Errorf(inspection.Busy, "busy", "此刻导出的人较多，请稍后再导出。")
	}
	return func() { running.Add(-1) }, nil
}

// Wish is in which form somebody wants a list.
type Wish struct {
	Form    Form
	Columns []string // keys, for [Shown]
	Asked   string   // the list's address: what was filtered for, as the journal keeps it
}

// File is a workbook or a document.
type File struct {
	Name    string
	Content []byte
}

// export is one list on its way out.
type export[T any] struct {
	table   table[T]
	columns []column[T]
	wish    Wish
	mark    mark
	id      uuid.UUID
	book    *book
	most    int
	objects int
}

func begin[T any](s *Service, scope tenants.Scope, t table[T], w Wish) (*export[T], error) {
	if w.Form == "" {
		w.Form = Shown
	}
	columns, err := t.choose(w.Form, w.Columns)
	if err != nil {
		return nil, err
	}
	id := uuid.Must(uuid.NewV7())
	e := &export[T]{
		table: t, columns: columns, wish: w, id: id, most: cmp.Or(s.most, maxRows),
		mark: mark{name: scope.Name(), role: scope.Role().Name(), office: scope.Office().Short, at: s.Clock(), id: id.String()},
	}
	if e.book, err = newBook(t.layout(w.Form, columns), e.mark); err != nil {
		return nil, err
	}
	return e, nil
}

// add writes the rows that share one object. Only the first says what is to be
// added up; in the form for reporting they share merged cells, too.
func (e *export[T]) add(rows ...T) error {
	if e.book.row-headRow+len(rows) > e.most {
		return inspection.Errorf(inspection.Invalid, "narrow-filter", "符合条件的超过 %d 行，请缩小筛选范围后分次导出。", e.most)
	}
	e.objects++
	merged := e.wish.Form == Report && len(rows) > 1
	heights := e.heights(rows, merged)
	for i, row := range rows {
		values := make([]any, len(e.columns))
		for k, c := range e.columns {
			v := c.cell(row)
			if i > 0 && c.whole && (merged || isSum(v)) {
				v = nil
			}
			values[k] = v
		}
		if err := e.book.add(values, heights[i]); err != nil {
			return fmt.Errorf("workbook: %w", err)
		}
	}
	if !merged {
		return nil
	}
	for k, c := range e.columns {
		if c.whole {
			if err := e.book.merge(k, len(rows)); err != nil {
				return fmt.Errorf("workbook: %w", err)
			}
		}
	}
	return nil
}

// heights says on how many lines of text each of the rows stands. What stands in
// merged cells has the lines of all of them.
func (e *export[T]) heights(rows []T, merged bool) []int {
	heights, shared, sum := make([]int, len(rows)), 0, 0
	for i, row := range rows {
		heights[i] = 1
		for _, c := range e.columns {
			s, ok := c.cell(row).(string)
			switch n := linesOf(s, c.width); {
			case !ok:
			case merged && c.whole:
				shared = max(shared, n)
			default:
				heights[i] = max(heights[i], n)
			}
		}
		sum += heights[i]
	}
	for i := 0; sum < shared; i, sum = (i+1)%len(rows), sum+1 {
		heights[i]++
	}
	return heights
}

// isSum reports whether somebody may add the value up: said twice it would count
// twice.
func isSum(v any) bool {
	switch v.(type) {
	case int, Fen:
		return true
	}
	return false
}

// entry is what the journal says of the export.
func (e *export[T]) entry(unit inspection.UnitID) tenants.Entry {
	parts := []string{fmt.Sprintf("%d %s，共 %d 行", e.objects, e.table.unit, e.book.row-headRow)}
	if e.wish.Form == Report {
		parts = append(parts, "上报格式")
	}
	parts = append(parts, "列："+titles(e.columns))
	if e.wish.Asked != "" {
		parts = append(parts, "筛选："+e.wish.Asked)
	}
	return tenants.Entry{
		Action: e.table.act, Object: "export", ID: e.id, Unit: unit,
		Detail: tenants.Detail{Title: "导出" + e.table.title, Text: strings.Join(parts, "；")},
	}
}

// told is how an office learns that its rows were taken out from above.
func (e *export[T]) told(office tenants.ID) tenants.Entry {
	return tenants.Entry{
		Office: office, Action: e.table.act + "-above", Object: "export", ID: e.id,
		Detail: tenants.Detail{Title: "上级导出" + e.table.title, Text: e.mark.office},
	}
}

// file ends the workbook.
func (e *export[T]) file(of string) (File, error) {
	content, err := e.book.bytes()
	if err != nil {
		return File{}, err
	}
	what := e.table.title
	if e.wish.Form == Report {
		what += "（上报格式）"
	}
	return File{Name: fmt.Sprintf("%s-%s-%s.xlsx", of, what, e.mark.at.In(inspection.Zone).Format("20060102-1504")), Content: content}, nil
}

// take takes a list out as it was at one moment: every adds the rows that the scope reads, and says whose
// they are. The file is finished when no transaction is open any more, and leaves
// after its entries are in the journals.
func take[T any](
	ctx context.Context, s *Service, scope tenants.Scope, list func(today inspection.Day) table[T], w Wish,
	every func(tx *tenants.Tx, e *export[T]) ([]tenants.ID, error),
) (File, error) {
	done, err := slot(&s.running, atOnce)
	if err != nil {
		return File{}, err
	}
	defer done()
	e, err := begin(s, scope, list(s.Clock.Today()), w)
	if err != nil {
		return File{}, err
	}
	defer e.book.close()
	var offices []tenants.ID
	err = s.DB.Snapshot(ctx, scope, func(tx *tenants.Tx) (err error) {
		offices, err = every(tx, e)
		return err
	})
	if err != nil {
		return File{}, err
	}
	file, err := e.file(scope.Office().Name)
	if err != nil {
		return File{}, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		tx.Journal(e.entry(scope.Unit()))
		for _, office := range offices {
			if office != scope.Tenant() {
				tx.Journal(e.told(office))
			}
		}
		return nil
	})
	if err != nil {
		return File{}, err
	}
	return file, nil
}

// Ledger takes the rectification ledger (整改台账) out: what the filter finds, in
// its order.
func (s *Service) Ledger(ctx context.Context, scope tenants.Scope, f rectification.Filter, w Wish) (File, error) {
	return take(ctx, s, scope, ledger, w, func(tx *tenants.Tx, e *export[line]) ([]tenants.ID, error) {
		byMeasure, states := e.byMeasure(), map[rectification.State]int{}
		offices, err := s.Cases.Every(ctx, tx, f, e.most, func(it rectification.Item) error {
			states[it.State]++
			return e.add(linesOfItem(it, byMeasure)...)
		})
		if err != nil || w.Form == Report {
			return offices, err // what is reported upward has the superior's columns and no more
		}
		e.book.behind, err = closing(ctx, tx, states)
		return offices, err
	})
}

// Measures takes the list of tasks (任务清单) out.
func (s *Service) Measures(ctx context.Context, scope tenants.Scope, f rectification.Filter, w Wish) (File, error) {
	return take(ctx, s, scope, measures, w, func(tx *tenants.Tx, e *export[rectification.MeasureRow]) ([]tenants.ID, error) {
		return s.Cases.EveryMeasure(ctx, tx, f, e.most, func(m rectification.MeasureRow) error { return e.add(m) })
	})
}

// Duties takes the list of who is responsible (责任清单) out. It counts, and names no
// row of another office: no office below is told.
func (s *Service) Duties(ctx context.Context, scope tenants.Scope, f rectification.Filter, w Wish) (File, error) {
	return take(ctx, s, scope, duties, w, func(tx *tenants.Tx, e *export[rectification.Duty]) ([]tenants.ID, error) {
		all, err := s.Cases.EveryDuty(ctx, tx, f, e.most)
		if err != nil {
			return nil, err
		}
		for _, d := range all {
			if err := e.add(d); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// Matters takes the matters out that the office raised, or that came to it from
// below (上报事项).
func (s *Service) Matters(ctx context.Context, scope tenants.Scope, box linkage.Box, w Wish) (File, error) {
	return take(ctx, s, box.OfMatters(scope), matters, w, func(tx *tenants.Tx, e *export[linkage.Matter]) ([]tenants.ID, error) {
		return s.Linkage.Every(ctx, tx, box, e.most, func(m linkage.Matter) error { return e.add(m) })
	})
}
