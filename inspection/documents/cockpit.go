package documents

import (
	"context"
	"fmt"

	"xuncha/inspection"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
)

// place is one line of the cockpit: offices below, or what an office inspects itself.
type place struct {
	statistics.Line
	name string
}

// cockpit has one row for each place. A place that never reported is empty, not zero.
func cockpit(inspection.Day) table[place] {
	count := func(key, title string, of func(statistics.Counts) int) column[place] {
		return column[place]{key, title, 10, func(p place) any {
			if p.Missing {
				return nil
			}
			return of(p.Counts)
		}, false}
	}
	text := func(key, title string, width float64, of func(place) string) column[place] {
		return column[place]{key, title, width, func(p place) any {
			if p.Missing {
				return nil
			}
			return of(p)
		}, false}
	}
	stopped := func(key, title string, of func(statistics.Stopped) int) column[place] {
		return column[place]{key, title, 14, func(p place) any {
			if p.Missing {
				return nil
			}
			return of(p.Stopped)
		}, false}
	}
	return table[place]{
		title: "整改情况", act: "overview.export", unit: "个地区",
		columns: []column[place]{
			{"place", "地区", 26, func(p place) any { return p.name }, false},
			{"units", "单位", 8, func(p place) any {
				if p.Missing {
					return nil
				}
				return p.Units
			}, false},
			count("problems", "问题", func(c statistics.Counts) int { return c.Problems }),
			count("open", "未启动", func(c statistics.Counts) int { return c.Open }),
			count("working", "整改中", func(c statistics.Counts) int { return c.Working }),
			count("submitted", "待审核", func(c statistics.Counts) int { return c.Submitted }),
			count("returned", "退回重报", func(c statistics.Counts) int { return c.Returned }),
			count("long_term", "长期整改", func(c statistics.Counts) int { return c.LongTerm }),
			count("closed", "已销号", func(c statistics.Counts) int { return c.Closed }),
			count("overdue", "逾期", func(c statistics.Counts) int { return c.Overdue }),
			count("overdue_30", "逾期≥30天", func(c statistics.Counts) int { return c.Overdue30 }),
			count("doubt", "存疑待核", func(c statistics.Counts) int { return c.Doubt }),
			text("closed_rate", "销号率", 16, func(p place) string { return rateOf(p.ClosedRate.Num, p.ClosedRate.Den) }),
			text("on_time_rate", "按期率", 16, func(p place) string { return rateOf(p.OnTimeRate.Num, p.OnTimeRate.Den) }),
			text("interval", "按期率区间", 14, func(p place) string { return intervalOf(p.OnTimeRate) }),
			text("band", "与参照比较", 34, func(p place) string { return verdict(p, 0) }),
			text("band_other", "与另一参照比较", 34, func(p place) string { return verdict(p, 1) }),
			stopped("stopped", "停止计时（件）", func(s statistics.Stopped) int { return s.Items }),
			stopped("stopped_now", "仍在停止（件）", func(s statistics.Stopped) int { return s.Now }),
			stopped("stopped_days", "停止计时（天）", func(s statistics.Stopped) int { return s.Days }),
			{"note", "说明", 20, func(p place) any { return silence(p) }, false},
		},
	}
}

// verdict is what the on-time rate says against a reference, by its name.
func verdict(p place, reference int) string {
	if reference >= len(p.Against) {
		return ""
	}
	return p.Against[reference].Words()
}

func silence(p place) string {
	switch {
	case p.Missing && p.UpdatedOn != nil:
		return fmt.Sprintf("尚未汇总（最后更新 %s）", p.UpdatedOn)
	case p.Missing:
		return "尚未汇总"
	case p.Silent > 0:
		return fmt.Sprintf("%d 个尚未汇总", p.Silent)
	}
	return ""
}

// intervalOf writes an interval in percent, 70.5–89.6; nothing for few cases.
func intervalOf(r statistics.Rate) string {
	if r.Low == nil || r.High == nil {
		return ""
	}
	return fmt.Sprintf("%d.%d–%d.%d", *r.Low/10, *r.Low%10, *r.High/10, *r.High%10)
}

// Cockpit takes all that the cockpit of an office shows out, the own one or one below by
// its slug: a row for each place, and a sheet for each further block. Counts leave, no
// row of anybody: no office below is told.
func (s *Service) Cockpit(ctx context.Context, scope tenants.Scope, slug string, w Wish) (File, error) {
	o, err := s.Statistics.Overview(ctx, scope, slug)
	if err != nil {
		return File{}, err
	}
	trend, err := s.Statistics.Trend(ctx, scope, slug)
	if err != nil {
		return File{}, err
	}
	return take(ctx, s, scope, cockpit, w, func(_ *tenants.Tx, e *export[place]) ([]tenants.ID, error) {
		for _, p := range places(o) {
			if err := e.add(p); err != nil {
				return nil, err
			}
		}
		e.book.behind = blocks(o, trend)
		return nil, nil
	})
}

// places are the lines of the cockpit in its order: offices below, the lowest of them
// where those stand for others, the sum, and what is inspected at the own level.
func places(o statistics.Overview) (all []place) {
	cities := false
	for _, l := range o.Rows {
		name := l.Name
		if l.Below {
			name, cities = fmt.Sprintf("%s（%d 个县区）", l.Name, l.Offices), true
		}
		all = append(all, place{l, name})
	}
	for _, l := range o.Leaves {
		if cities {
			all = append(all, place{l, l.Name})
		}
	}
	if len(o.Leaves) > 0 {
		all = append(all, place{o.Total, fmt.Sprintf("合计（%d 个县区）", o.Total.Offices)})
	}
	for _, l := range o.Own {
		if !l.Missing {
			all = append(all, place{l, l.Name + "本级"})
		}
	}
	return all
}

// blocks are the sheets behind: what needs attention, where what is open lies, the
// months, and what the figures mean.
func blocks(o statistics.Overview, trend statistics.Trend) []sheet {
	attention := [][]any{{"需要关注", "地区", "数量", "通报文号"}}
	for _, a := range o.Attention {
		attention = append(attention, []any{a.Kind.Word(), a.Place.Name, a.N, a.Number})
	}
	head := []any{"地区"}
	for _, name := range trend.Focuses {
		head = append(head, name)
	}
	open := [][]any{append(head, "合计")}
	for _, l := range trend.Open {
		row := []any{l.Name}
		for _, n := range l.ByFocus {
			row = append(row, n)
		}
		if row = append(row, l.N); l.Missing {
			row = []any{l.Name, "尚未汇总"}
		}
		open = append(open, row)
	}
	months := [][]any{{"月份", "反馈累计", "销号累计", "未销号"}}
	for _, m := range trend.Months {
		months = append(months, []any{m.Month, m.Problems, m.Closed, m.Problems - m.Closed})
	}
	defined := [][]any{{"指标", "口径"}}
	for _, list := range [][]statistics.Definition{o.Definitions, trend.Definitions} {
		for _, d := range list {
			defined = append(defined, []any{d.Name, d.Text})
		}
	}
	return []sheet{
		{"需要关注", []float64{16, 20, 10, 30}, attention},
		{"未销号分布", []float64{20, 20, 20, 20, 20, 10}, open},
		{"反馈与销号累计", []float64{12, 12, 12, 12}, months},
		{"口径", []float64{24, 90}, defined},
	}
}
