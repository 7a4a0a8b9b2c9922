package statistics

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Overview is how an office and those below it stand.
type Overview struct {
	Top         Place        `json:"top"`
	Path        []Place      `json:"path" nullable:"false" doc:"From the reader's office down to top"`
	Rows        []Line       `json:"rows" nullable:"false" doc:"One for each office directly below, by region code; an office with others below it stands for those"`
	Leaves      []Line       `json:"leaves" nullable:"false" doc:"The lowest offices, which are compared"`
	Total       Line         `json:"total" doc:"All lowest offices"`
	References  []string     `json:"references" nullable:"false" maxItems:"2" doc:"What the rates of the lowest offices can be compared with: 本市平均, 全省平均"`
	Own         []Line       `json:"own" nullable:"false" doc:"What top and the offices between inspect themselves (本级)"`
	Attention   []Attention  `json:"attention" nullable:"false" doc:"需要关注, by kind"`
	Interval    string       `json:"interval" enum:"95,99.8" doc:"Per cent of the intervals"`
	Definitions []Definition `json:"definitions" nullable:"false" doc:"口径"`
	AsOf        time.Time    `json:"as_of"`
}

// Place is an office in the tree.
type Place struct {
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	Level string `json:"level" enum:"province,city,county"`
	Code  string `json:"code"`
}

// Line is one line of an overview.
type Line struct {
	Place
	Below      bool    `json:"below" doc:"Stands for the lowest offices below this one"`
	Missing    bool    `json:"missing" doc:"Nothing was ever reported: missing, not zero"`
	Offices    int     `json:"offices" doc:"How many offices it adds up"`
	Silent     int     `json:"silent" doc:"How many of them never reported"`
	Units      int     `json:"units"`
	Counts     Counts  `json:"counts"`
	ClosedRate Rate    `json:"closed_rate" doc:"销号率"`
	OnTimeRate Rate    `json:"on_time_rate" doc:"按期率"`
	OnTimeBand Band    `json:"on_time_band" doc:"The on-time rate against the total's"`
	Stopped    Stopped `json:"stopped" doc:"停止计时"`
	Drill      bool    `json:"drill" doc:"There are offices below to look at"`
	// What follows stands in lines of its kind only.
	Against   []Verdict       `json:"against" nullable:"false" maxItems:"2" doc:"Its on-time rate against each of the references, for what is compared"`
	UpdatedOn *inspection.Day `json:"updated_on" nullable:"true" doc:"Of one that is missing: when its ledger last changed; null: it never had one"`
}

// Definition says what a figure means.
type Definition struct {
	Figure string `json:"figure"`
	Name   string `json:"name"`
	Text   string `json:"text"`
}

var definitions = []Definition{
	{"problems", "问题", "已反馈的问题数。不含草稿、已撤销的导入和自查发现的问题。"},
	{"states", "六种状态", "未启动、整改中、待审核、退回重报、长期整改、已销号，相加等于问题数。"},
	{"overdue", "逾期", "状态为未启动、整改中或退回重报，且期限早于今天的问题数。待审核和长期整改不计。"},
	{"overdue_30", "逾期≥30天", "逾期的问题中，期限早于今天 30 天及以上的问题数。"},
	{"doubt", "存疑待核", "带有存疑待核标记、现场核查结论未定的问题数。"},
	{"waiting", "上报待受理、通报未签收", "下级已上报、等待本级受理的事项数；本级发出或转发的通报中，尚未签收的单位数。"},
	{"listed", "挂牌督办中", "本级已挂牌督办、尚未摘牌的下级事项数。"},
	{"due", "应销", "已销号 + 逾期未销号。"},
	{"on_time", "按期", "在期限当天或之前销号的问题数。"},
	{"closed_rate", "销号率", "{closed_rate}不足 10 件时只列分数。"},
	{"on_time_rate", "按期率", "按期销号 ÷ 应销。区间为 Wilson 95% 区间；比较的县区多于 20 个时用 99.8%。不足 10 件时只列分数，不足 20 件时不作比较。"},
	{"reference", "参照", "本市平均、全省平均为所辖、全省全部县区合计的按期率，可以切换；所辖以外不足 3 个县区的，不列全省平均。区间整体高于参照为“高于”，整体低于参照为“低于”，其余为“无明显差别”。"},
	{"stopped", "停止计时", "提请上级统筹期间，经本级批准停止计时的问题数和累计天数。停止计时的问题不计逾期，恢复后期限按停止的天数顺延。"},
	{"missing", "尚未汇总", "该单位没有已反馈的问题，不按零计。最后更新为其台账最近一次变动的日期。"},
}

// definitionsFor lists what the figures mean, with the formula by which top counts.
func definitionsFor(top tenants.Tenant, r rectification.ClosingRate, compared bool) []Definition {
	all := slices.Clone(definitions)
	for i := range all {
		all[i].Text = strings.ReplaceAll(all[i].Text, "{closed_rate}", closingText(top, r, compared))
	}
	return all
}

// closingText is the formula, and whose it is where several offices are compared.
func closingText(reader tenants.Tenant, r rectification.ClosingRate, compared bool) string {
	if !compared {
		return r.Text()
	}
	return fmt.Sprintf("%s各地区统一按%s的口径计算，不用各自的口径。", r.Text(), reader.Name)
}

// officeCounts are one office's own cases.
type officeCounts struct {
	TenantID tenants.ID `db:"tenant_id"`
	Units    int        `db:"units"`
	Stopped  Stopped    `db:"-"`
	Counts
}

// Overview returns how an office stands: the own one, or one below by its slug, to
// which the scope's reach was moved. Counts are read, no row of anybody.
func (s *Service) Overview(ctx context.Context, scope tenants.Scope, slug string) (o Overview, err error) {
	top, tree, scope, err := s.tree(ctx, scope, slug)
	if err != nil {
		return o, err
	}
	var c counted
	var waiting []linkage.Waiting
	var formula rectification.ClosingRate
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if formula, err = formulaOf(ctx, tx); err != nil {
			return err
		}
		if c, err = s.count(ctx, tx); err != nil {
			return err
		}
		waiting, err = linkage.Waits(ctx, tx)
		return err
	})
	if err != nil {
		return o, err
	}
	if o.Path, err = s.path(ctx, scope, top); err != nil {
		return o, err
	}
	o.Top, o.AsOf, o.Definitions = place(top), s.Clock(), definitionsFor(scope.Office(), formula, len(tree) > 1)
	o.compare(top, tree, c.whole, o.lay(top, tree, c.offices, formula))
	o.updates(tree, c.updated)
	o.Attention = attention(top, tree, c.offices, waiting)
	return o, nil
}

// tree returns the office that slug names with all below it, and the scope that
// reaches them.
func (s *Service) tree(ctx context.Context, scope tenants.Scope, slug string) (top tenants.Tenant, all []tenants.Tenant, wide tenants.Scope, err error) {
	if top, err = s.top(ctx, scope, slug); err != nil {
		return top, nil, scope, err
	}
	if all, err = s.DB.Tree(ctx, top); err != nil {
		return top, nil, scope, err
	}
	if len(all) > 1 && scope.Own() {
		scope, err = scope.Subtree()
	}
	return top, all, scope, err
}

// top returns the office that slug names, or the own one. What may be read there
// is for the scope's reach to say.
func (s *Service) top(ctx context.Context, scope tenants.Scope, slug string) (tenants.Tenant, error) {
	if slug == "" {
		return scope.Office(), nil
	}
	return s.DB.BySlug(ctx, slug)
}

// path lists the offices from the scope's own down to top.
func (s *Service) path(ctx context.Context, scope tenants.Scope, top tenants.Tenant) (places []Place, err error) {
	all, err := s.DB.Path(ctx, top)
	for _, t := range all {
		if t.Lo >= scope.Office().Lo {
			places = append(places, place(t))
		}
	}
	return places, err
}

// byOffice adds the counts of units, or of what else a query counts by, up.
func byOffice(of string) string {
	return `
		select tenant_id, (count(*) filter (where problems > 0))::int as units, sum(problems)::int as problems,
			sum(open)::int as open, sum(working)::int as working, sum(submitted)::int as submitted,
			sum(returned)::int as returned, sum(long_term)::int as long_term, sum(closed)::int as closed,
			sum(overdue)::int as overdue, sum(overdue_30)::int as overdue_30, sum(on_time)::int as on_time,
			sum(due)::int as due, sum(doubt)::int as doubt
		from (` + of + `) u
		group by tenant_id having sum(problems) > 0`
}

// counted is what is counted of a tree of offices.
type counted struct {
	offices map[tenants.ID]officeCounts
	updated map[tenants.ID]inspection.Day
	whole   whole
}

// count asks for all counts of the reach at once.
func (s *Service) count(ctx context.Context, tx *tenants.Tx) (c counted, err error) {
	var offices []officeCounts
	var still []stoppedUnit
	var updated []updatedOn
	var all []whole
	var b pgx.Batch
	b.Queue(byOffice(countedBy("tenant_id, unit_id")), s.args()).Query(into(&offices))
	b.Queue(stoppedTime(), pgx.StrictNamedArgs{"today": s.Clock.Today()}).Query(into(&still))
	b.Queue(ledgersUpdated).Query(into(&updated))
	b.Queue(wholeOnTime, s.wholeArgs()).Query(into(&all))
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return c, fmt.Errorf("count by office: %w", err)
	}
	c.offices, c.updated = map[tenants.ID]officeCounts{}, map[tenants.ID]inspection.Day{}
	for _, o := range offices {
		c.offices[o.TenantID] = o
	}
	for _, u := range still {
		if o, ok := c.offices[u.TenantID]; ok {
			o.Stopped = o.Stopped.plus(u.Stopped)
			c.offices[u.TenantID] = o
		}
	}
	for _, u := range updated {
		c.updated[u.TenantID] = u.On
	}
	if len(all) > 0 {
		c.whole = all[0]
	}
	return c, nil
}

// lay puts the counts of a tree of offices into lines, and returns how wide their
// intervals are.
func (o *Overview) lay(top tenants.Tenant, tree []tenants.Tenant, counts map[tenants.ID]officeCounts, formula rectification.ClosingRate) (z float64) {
	o.Rows, o.Leaves, o.Own = []Line{}, []Line{}, []Line{}
	leaf := map[tenants.ID]bool{}
	for _, t := range tree {
		leaf[t.ID] = !parent(tree, t)
	}
	for _, t := range tree {
		own := line(t, counts, t)
		switch {
		case leaf[t.ID] && t.ID != top.ID:
			o.Leaves = append(o.Leaves, own)
		default:
			o.Own = append(o.Own, own)
		}
		if t.Parent == nil || *t.Parent != top.ID || t.ID == top.ID {
			continue
		}
		row := own
		if !leaf[t.ID] {
			row = line(t, counts, below(tree, t, leaf)...)
			row.Below = true
		}
		row.Drill = true
		o.Rows = append(o.Rows, row)
	}
	o.Total = line(top, counts, below(tree, top, leaf)...)
	o.Total.Below = true
	z = z95
	if o.Interval = "95"; len(o.Leaves) > 20 {
		z, o.Interval = z998, "99.8"
	}
	for _, lines := range [][]Line{o.Rows, o.Leaves, o.Own, {o.Total}} {
		for i := range lines {
			lines[i].rates(z, o.Total, formula)
		}
	}
	o.Total.rates(z, o.Total, formula)
	return z
}

// below lists the lowest offices strictly below t.
func below(tree []tenants.Tenant, t tenants.Tenant, leaf map[tenants.ID]bool) []tenants.Tenant {
	var out []tenants.Tenant
	for _, u := range tree {
		if u.ID != t.ID && leaf[u.ID] && t.Lo <= u.Lo && u.Hi <= t.Hi {
			out = append(out, u)
		}
	}
	return out
}

func line(t tenants.Tenant, counts map[tenants.ID]officeCounts, of ...tenants.Tenant) Line {
	l := Line{Place: place(t), Offices: len(of), Against: []Verdict{}}
	for _, u := range of {
		c, reported := counts[u.ID]
		if !reported {
			l.Silent++
		}
		l.Units += c.Units
		l.Counts = l.Counts.Plus(c.Counts)
		l.Stopped = l.Stopped.plus(c.Stopped)
	}
	l.Missing = l.Silent == l.Offices
	return l
}

func (l *Line) rates(z float64, total Line, formula rectification.ClosingRate) {
	c := l.Counts
	l.ClosedRate, l.OnTimeRate = c.closing(formula, z), newRate(c.OnTime, c.Due, z)
	l.OnTimeBand = band(c.OnTime, c.Due, z, Rate{Num: total.Counts.OnTime, Den: total.Counts.Due})
}

func place(t tenants.Tenant) Place {
	return Place{Slug: t.Slug, Name: t.Name, Level: t.Level, Code: t.Code}
}
