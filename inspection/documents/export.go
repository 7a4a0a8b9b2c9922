package documents

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// maxRows is how many rows one file may have. It is the service's own limit, not an
// office's rule: more does not open in a spreadsheet program in reasonable time.
const maxRows = 100_000

// Service takes lists out of the house.
type Service struct {
	DB      *tenants.DB
	Clock   inspection.Clock
	Cases   *rectification.Service
	Linkage *linkage.Service

	// Most is how many rows one file may have; 100,000 if zero.
	Most int
}

// Wish is in which form somebody wants a list.
type Wish struct {
	Form    Form
	Columns []string // keys, for [Shown]
	Asked   string   // the list's address: what was filtered for, as the journal keeps it
}

// File is a workbook.
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
		table: t, columns: columns, wish: w, id: id, most: s.most(),
		mark: mark{name: scope.Name(), role: scope.Role().Name(), office: scope.Office().Short, at: s.Clock(), id: id.String()},
	}
	if e.book, err = newBook(t.layout(w.Form, columns), e.mark); err != nil {
		return nil, err
	}
	return e, nil
}

func (s *Service) most() int {
	if s.Most > 0 {
		return s.Most
	}
	return maxRows
}

// add writes the rows that share one object. Only the first says what is to be
// added up; in the form for reporting they share merged cells, too.
func (e *export[T]) add(rows ...T) error {
	if e.book.row-headRow+len(rows) > e.most {
		return inspection.Errorf(inspection.Invalid, "narrow-filter", "符合条件的超过 %d 行，请缩小筛选范围后分次导出。", e.most)
	}
	merged := e.wish.Form == Report && len(rows) > 1
	for i, row := range rows {
		values := make([]any, len(e.columns))
		for k, c := range e.columns {
			v := c.cell(row)
			if i > 0 && c.whole && (merged || isSum(v)) {
				v = nil
			}
			values[k] = v
		}
		if err := e.book.add(values); err != nil {
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
func (e *export[T]) entry(unit inspection.UnitID, objects int) tenants.Entry {
	parts := []string{fmt.Sprintf("%d %s，共 %d 行", objects, e.table.unit, e.book.row-headRow)}
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

// Ledger takes the rectification ledger (整改台账) out: what the filter finds, in
// its order.
func (s *Service) Ledger(ctx context.Context, scope tenants.Scope, f rectification.Filter, w Wish) (file File, err error) {
	e, err := begin(s, scope, ledger(s.Clock.Today()), w)
	if err != nil {
		return File{}, err
	}
	byMeasure := e.byMeasure()
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		objects := 0
		offices, err := s.Cases.Every(ctx, tx, f, e.most, func(it rectification.Item) error {
			objects++
			return e.add(linesOfItem(it, byMeasure)...)
		})
		if err != nil {
			return err
		}
		tx.Journal(e.entry(scope.Unit(), objects))
		for _, office := range offices {
			if office != scope.Tenant() {
				tx.Journal(e.told(office))
			}
		}
		file, err = e.file(scope.Office().Name)
		return err
	})
	return file, err
}

// Matters takes the matters out that the office raised, or that came to it from
// below (上报事项).
func (s *Service) Matters(ctx context.Context, scope tenants.Scope, box linkage.Box, w Wish) (file File, err error) {
	e, err := begin(s, scope, matters(s.Clock.Today()), w)
	if err != nil {
		return File{}, err
	}
	objects, after := 0, ""
	offices := map[tenants.ID]bool{}
	for {
		p, err := s.Linkage.Matters(ctx, scope, box, inspection.FindingID{}, after, 100)
		if err != nil {
			return File{}, err
		}
		for _, m := range p.Items {
			objects++
			offices[m.Tenant] = true
			if err := e.add(m); err != nil {
				return File{}, err
			}
		}
		if after = p.Next; after == "" {
			break
		}
	}
	if file, err = e.file(scope.Office().Name); err != nil {
		return File{}, err
	}
	delete(offices, scope.Tenant())
	if len(offices) > 0 {
		if scope, err = scope.Subtree(); err != nil {
			return File{}, err
		}
	}
	return file, s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		tx.Journal(e.entry(scope.Unit(), objects))
		for office := range offices {
			tx.Journal(e.told(office))
		}
		return nil
	})
}
