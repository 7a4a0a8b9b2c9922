package statistics

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Trend is how an office and those below it came to stand as they do, and where what
// is open lies. It counts the lowest offices, as [Overview.Total] does.
type Trend struct {
	Top         Place          `json:"top"`
	Before      Line           `json:"before" doc:"How the total stood at the end of the last month"`
	Until       inspection.Day `json:"until" doc:"The last day of that month"`
	Months      []Month        `json:"months" nullable:"false" maxItems:"12" doc:"The last twelve with anything to count, the present one last"`
	Open        []OpenLine     `json:"open" nullable:"false" doc:"One for each office directly below, by region code; for an office without any, itself"`
	Focuses     []string       `json:"focuses" nullable:"false" maxItems:"4" doc:"四个聚焦, in short words"`
	Definitions []Definition   `json:"definitions" nullable:"false" doc:"口径"`
	AsOf        time.Time      `json:"as_of"`
}

// Month is how many problems there were at the end of a month, or are now in the
// present one, and how many of them were closed.
type Month struct {
	Month    string `json:"month" db:"month" doc:"2026-10" maxLength:"7"`
	Problems int    `json:"problems" db:"problems" doc:"反馈累计"`
	Closed   int    `json:"closed" db:"closed" doc:"销号累计"`
}

// OpenLine is how many problems of an office are not closed.
type OpenLine struct {
	Place
	Below   bool  `json:"below" doc:"Stands for the lowest offices below this one"`
	Missing bool  `json:"missing" doc:"Nothing was ever reported: missing, not zero"`
	N       int   `json:"n"`
	ByFocus []int `json:"by_focus" nullable:"false" maxItems:"4" doc:"By the four focuses"`
}

const mostMonths = 12

var trendDefinitions = []Definition{
	{"change", "较上月末", "现在的数减去上月最后一天终了时的数。上月末的逾期按上月最后一天计，销号率按现行口径计。"},
	{"cumulative", "反馈累计与销号累计", "每月终了时已反馈的问题数和其中已销号的问题数，本月为截至现在。撤销销号的，自撤销当月起不再计入销号累计。台账导入的问题，按反馈日期和销号日期计入当月。"},
	{"open", "未销号", "已销号以外的五种状态之和，按四个聚焦分类。"},
}

// Trend returns how an office came to stand as it does: the own one, or one below by
// its slug, to which the scope's reach was moved. Counts are read, no row of anybody.
func (s *Service) Trend(ctx context.Context, scope tenants.Scope, slug string) (tr Trend, err error) {
	top, tree, scope, err := s.tree(ctx, scope, slug)
	if err != nil {
		return tr, err
	}
	today := s.Clock.Today()
	y, m, _ := today.Date()
	first, _ := inspection.NewDay(y, m, 1)
	tr = Trend{Top: place(top), Until: first - 1, AsOf: s.Clock(), Definitions: trendDefinitions}
	var was []officeCounts
	var months []monthCounts
	var open []focusCounts
	var formula rectification.ClosingRate
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if formula, err = formulaOf(ctx, tx); err != nil {
			return err
		}
		var b pgx.Batch
		args := argsOn(tr.Until)
		args["first"] = first
		b.Queue(summed("tenant_id", byMonth()+` where month < @first`), args).Query(into(&was))
		b.Queue(`select tenant_id, to_char(month, 'YYYY-MM') as month, sum(n)::int as problems,
				coalesce(sum(n) filter (where state = 'closed'), 0)::int as closed
			from (` + byMonth() + `) c group by tenant_id, month order by month`).Query(into(&months))
		b.Queue(`select tenant_id, focus, sum(n)::int as problems from (` + standing() + `) c
			where state <> 'closed' group by tenant_id, focus`).Query(into(&open))
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		return Trend{}, fmt.Errorf("count by month: %w", err)
	}
	leaf := lowest(top, tree)
	tr.before(top, leaf, was, formula)
	tr.months(leaf, months, today)
	tr.open(top, tree, leaf, months, open)
	return tr, nil
}

// byMonth are the differences of the months, with what is not folded in yet.
func byMonth() string {
	return `
		select * from (
			select tenant_id, month, state, due_on, late, false as doubt, n from rollup_months m where ` + tenants.Reach("m") + `
			union all
			select tenant_id, month, state, due_on, late, false, n from rollup_deltas d
			where ` + tenants.Reach("d") + ` and month is not null) m`
}

// monthCounts are how many more problems an office had, or had closed, at the end of
// a month than at the end of the month before.
type monthCounts struct {
	TenantID tenants.ID `db:"tenant_id"`
	Month
}

// focusCounts are what an office has open of one focus.
type focusCounts struct {
	TenantID tenants.ID `db:"tenant_id"`
	Focus    int        `db:"focus"`
	N        int        `db:"problems"`
}

// into collects the rows of a batch's query.
func into[T any](list *[]T) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*list, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
		return err
	}
}

// lowest are the lowest offices of a tree, for each the office that stands for it: the
// one directly below top, or top itself if nothing is below it.
func lowest(top tenants.Tenant, tree []tenants.Tenant) map[tenants.ID]tenants.Tenant {
	leaf := map[tenants.ID]tenants.Tenant{}
	for _, t := range tree {
		if !parent(tree, t) {
			leaf[t.ID] = branch(top, tree, t.ID)
		}
	}
	return leaf
}

func (tr *Trend) before(top tenants.Tenant, leaf map[tenants.ID]tenants.Tenant, was []officeCounts, formula rectification.ClosingRate) {
	tr.Before = Line{Place: place(top), Below: true, Against: []Verdict{}, Offices: len(leaf), Silent: len(leaf)}
	for _, c := range was {
		if _, ok := leaf[c.TenantID]; ok && c.Problems > 0 {
			tr.Before.Silent--
			tr.Before.Counts = tr.Before.Counts.Plus(c.Counts)
		}
	}
	tr.Before.Missing = tr.Before.Silent == tr.Before.Offices
	tr.Before.rates(z95, tr.Before, formula)
}

func (tr *Trend) months(leaf map[tenants.ID]tenants.Tenant, counts []monthCounts, today inspection.Day) {
	all := map[string]Month{}
	for _, c := range counts {
		if _, ok := leaf[c.TenantID]; ok {
			m := all[c.Month.Month]
			all[c.Month.Month] = Month{c.Month.Month, m.Problems + c.Problems, m.Closed + c.Closed}
		}
	}
	tr.Months = []Month{}
	if len(all) == 0 {
		return
	}
	sum, last := Month{}, today.String()[:7]
	for day := slices.Min(slices.Collect(maps.Keys(all))); day <= last; {
		sum = Month{day, sum.Problems + all[day].Problems, sum.Closed + all[day].Closed}
		tr.Months = append(tr.Months, sum)
		first, err := inspection.ParseDay(day + "-01")
		if err != nil {
			return
		}
		day = first.AddMonths(1).String()[:7]
	}
	tr.Months = tr.Months[max(0, len(tr.Months)-mostMonths):]
}

func (tr *Trend) open(top tenants.Tenant, tree []tenants.Tenant, leaf map[tenants.ID]tenants.Tenant, months []monthCounts, counts []focusCounts) {
	tr.Open = []OpenLine{}
	for _, f := range findings.Focuses() {
		tr.Focuses = append(tr.Focuses, f.Short)
	}
	at := map[tenants.ID]int{}
	for _, t := range tree {
		if _, ok := leaf[t.ID]; ok && leaf[t.ID].ID == t.ID || t.Parent != nil && *t.Parent == top.ID {
			at[t.ID] = len(tr.Open)
			tr.Open = append(tr.Open, OpenLine{Place: place(t), Below: parent(tree, t), Missing: true, ByFocus: make([]int, len(tr.Focuses))})
		}
	}
	reported := map[tenants.ID]int{}
	for _, c := range months {
		reported[c.TenantID] += c.Problems
	}
	for id, n := range reported {
		if of, ok := leaf[id]; ok && n > 0 {
			tr.Open[at[of.ID]].Missing = false
		}
	}
	for _, c := range counts {
		if of, ok := leaf[c.TenantID]; ok {
			l := &tr.Open[at[of.ID]]
			l.N += c.N
			l.ByFocus[c.Focus-1] += c.N
		}
	}
}
