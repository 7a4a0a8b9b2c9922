package ledger

import (
	"cmp"
	"slices"
)

// paid is a sum and the cell that gives it.
type paid struct {
	value
	fen     int64
	ownUnit bool // the cell names its unit itself
}

// money reads the sums that a row gives for the current problem.
func (s *sheetReader) money(r row) {
	for _, column := range []Column{AmountColumn, RecoveredColumn} {
		v := s.value(column, r)
		if isNone(v.text) || v.text == "" {
			continue
		}
		switch s.paid[v.ref] {
		case nil:
			s.paid[v.ref] = s.current
			s.sum(column, v)
		case s.current: // merged over the problem's rows
		default:
			at := v.ref
			v.ref, v.row = ref(s.index[column], r.n), r.n
			s.ask(v.question(s.name, column, AmountShared, at))
		}
	}
}

func (s *sheetReader) sum(column Column, v value) {
	unit := s.unit(column)
	a := parseAmount(v.text, unit)
	if a.unit != NoUnit && unit != NoUnit && a.unit != unit {
		s.warn(v.ref, "unit-in-cell", "单元格写的是%s，表头是%s，已按单元格读取，请核对", a.unit, unit)
	}
	if a.reason != "" {
		q := v.question(s.name, column, a.reason)
		q.Choices = fenChoices(a.offers)
		s.ask(q)
		return
	}
	if a.fen != nil {
		s.current.sums[column] = append(s.current.sums[column], paid{v, *a.fen, a.unit != NoUnit})
	}
}

// settle gives a problem the one sum that its rows agree on, and asks when they
// do not agree.
func (s *sheetReader) settle(e *entry, column Column, to **int64) {
	sums := e.sums[column]
	if len(sums) == 0 {
		return
	}
	same := !slices.ContainsFunc(sums, func(p paid) bool { return p.fen != sums[0].fen })
	if same {
		*to = new(sums[0].fen)
		return
	}
	all := int64(0)
	for _, p := range sums {
		all += p.fen
	}
	q := sums[0].question(s.name, column, AmountSeveral)
	q.Choices = fenChoices([]int64{all})
	s.ask(q)
}

// far is how many times two sums must differ for the unit to be in doubt.
const far = 1000

// apart reports whether two sums are far apart.
func apart(a, b int64) bool { return max(a, b)/max(1, min(a, b)) >= far }

// doubtUnits warns of sums that are probably in another unit than the column:
// far from what the problem's own text names, or from what is usual in it.
func (s *sheetReader) doubtUnits() {
	var all []int64
	for _, e := range s.entries {
		if e.AmountFen != nil && *e.AmountFen > 0 {
			all = append(all, *e.AmountFen)
		}
	}
	slices.Sort(all)
	for _, e := range s.entries {
		if e.AmountFen == nil || *e.AmountFen == 0 || e.sums[AmountColumn][0].ownUnit {
			continue
		}
		n, cell := *e.AmountFen, e.sums[AmountColumn][0].ref
		named := sumsIn(e.Text)
		switch {
		case len(named) > 0 && !slices.ContainsFunc(named, func(m int64) bool { return !apart(n, m) }):
			s.warn(cell, "unit-mismatch", "金额按%s计与问题内容中的金额相差 1000 倍以上，请核对单位", cmp.Or(s.unit(AmountColumn), Yuan))
		case len(named) == 0 && len(all) >= 4 && apart(n, all[len(all)/2]):
			s.warn(cell, "unit-mismatch", "金额按%s计与其他问题相差 1000 倍以上，请核对单位", cmp.Or(s.unit(AmountColumn), Yuan))
		}
	}
}
