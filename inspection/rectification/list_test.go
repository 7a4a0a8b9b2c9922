package rectification_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"xuncha/tenants/tenantstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// row is a case put into the ledger by hand, to try filters and orders on.
type row struct {
	unit    inspection.UnitID
	seq     int
	state   rectification.State
	due     string // empty for none
	text    string
	flags   []string
	amount  int64
	changed string
	review  string
}

// put writes rows past the services and returns their numbers in order.
func (h *house) put(t *testing.T, office tenants.Tenant, round inspection.RoundID, rows ...row) []string {
	t.Helper()
	var numbers []string
	for _, r := range rows {
		id := inspection.NewID[inspection.FindingID]()
		number := fmt.Sprintf("%s-01-01-%03d", office.Prefix, r.seq)
		numbers = append(numbers, number)
		if r.changed == "" {
			r.changed = "2026-11-19T09:00:00+08:00"
		}
		if r.flags == nil {
			r.flags = []string{}
		}
		h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, category, text, amount_fen, issued_at, feedback_on)
			values ($1, $2, $3, $4, $5, $6, $7, '理论武装', $8, nullif($9, 0), now(), '2026-07-10')`,
			office.ID, id, number, round, r.unit, r.seq, r.seq%4+1, r.text, r.amount)
		h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, flags, issued_at, changed_at, changed_by, review_on)
			values ($1, $2, $3, $4, nullif($5, '')::date, $6, now(), $7, '某人', nullif($8, '')::date)`,
			office.ID, id, r.unit, r.state, r.due, r.flags, r.changed, r.review)
		h.Root(`insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader, department, issued_at)
			values ($1, gen_random_uuid(), $2, $3, 1, $4, '责任领导甲', '规划科', now())`,
			office.ID, id, r.unit, "针对"+r.text+"的措施")
	}
	return numbers
}

func numbersOf(items []rectification.Item) []string {
	var ns []string
	for _, it := range items {
		ns = append(ns, it.Number)
	}
	return ns
}

// TestLongOverdue: what is past its day by thirty days is long overdue, unless its clock
// has stopped.
func TestLongOverdue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.put(t, h.office, h.round,
		row{h.unit, 1, rectification.Working, "2026-10-22", "某问题", nil, 0, "", ""},
		row{h.unit, 2, rectification.Working, "2026-10-21", "某问题", nil, 0, "", ""},
		row{h.unit, 3, rectification.Submitted, "2026-10-01", "某问题", nil, 0, "", ""},
	)
	p, err := h.cases.List(t.Context(), h.off, rectification.Filter{Due: "overdue-30"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(n[1:2], numbersOf(p.Items)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestFilters narrows one ledger in every way.
func TestFilters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	edu := h.Unit(h.office, "县教育局党组")
	n := h.put(t, h.office, h.round,
		row{h.unit, 1, rectification.Open, "2026-11-20", "一百%的问题", nil, 100, "", ""},
		row{h.unit, 2, rectification.Working, "2026-11-27", "a_b 的问题", []string{"doubt"}, 0, "2026-10-01T09:00:00+08:00", ""},
		row{edu, 3, rectification.Returned, "2026-11-19", "河道ABC", []string{"common", "escalated"}, 0, "", ""},
		row{edu, 4, rectification.Submitted, "2026-11-01", `反斜\杠`, nil, 0, "", ""},
		row{edu, 5, rectification.LongTerm, "", "长期坚持", nil, 0, "", "2026-11-20"},
		row{edu, 6, rectification.Closed, "2026-10-01", "已经完成", nil, 5, "", ""},
	)
	tests := []struct {
		name   string
		filter rectification.Filter
		want   []int
	}{
		{"all, by due date, none last", rectification.Filter{}, []int{6, 4, 3, 1, 2, 5}},
		{"states", rectification.Filter{States: []rectification.State{rectification.Open, rectification.Returned}}, []int{3, 1}},
		{"open ones", rectification.Filter{States: []rectification.State{rectification.Closed}}, []int{6}},
		{"unit", rectification.Filter{Unit: h.unit}, []int{1, 2}},
		{"unknown unit", rectification.Filter{Unit: inspection.NewID[inspection.UnitID]()}, nil},
		{"round", rectification.Filter{Round: h.round, Focus: 2}, []int{1, 5}},
		{"seven days", rectification.Filter{Due: "7d"}, []int{1, 2}},
		{"overdue", rectification.Filter{Due: "overdue"}, []int{3}},
		{"range", rectification.Filter{Due: "2026-11-01..2026-11-20"}, []int{4, 3, 1}},
		{"flags", rectification.Filter{Flags: []rectification.Flag{rectification.Doubt, rectification.Escalated}}, []int{3, 2}},
		{"stalled", rectification.Filter{Only: []rectification.Narrowing{rectification.Stalled}}, []int{2}},
		{"money", rectification.Filter{Only: []rectification.Narrowing{rectification.Money}}, []int{6, 1}},
		{"long-term due", rectification.Filter{Only: []rectification.Narrowing{rectification.LongDue}}, []int{5}},
		{"percent is literal", rectification.Filter{Q: "%"}, []int{1}},
		{"underscore is literal", rectification.Filter{Q: "a_b"}, []int{2}},
		{"backslash is literal", rectification.Filter{Q: `\`}, []int{4}},
		{"letter case", rectification.Filter{Q: "河道abc"}, []int{3}},
		{"number", rectification.Filter{Q: n[2]}, []int{3}},
		{"number in full width", rectification.Filter{Q: "０１－００４"}, []int{4}},
		{"unit's name", rectification.Filter{Q: "水务"}, []int{1, 2}},
		{"in a measure", rectification.Filter{Q: "针对河道", Sort: "number"}, []int{3}},
		{"a department", rectification.Filter{Q: "规划科", Sort: "number"}, []int{1, 2, 3, 4, 5, 6}},
		{"regular expression", rectification.Filter{Q: "(a+)+$"}, nil},
		{"only spaces", rectification.Filter{Q: " 　", Sort: "-number"}, []int{6, 5, 4, 3, 2, 1}},
		{"by due date, downwards", rectification.Filter{Sort: "-due"}, []int{2, 1, 3, 4, 6, 5}},
		{"by unit", rectification.Filter{Sort: "unit"}, []int{3, 4, 5, 6, 1, 2}}, // jiàoyù before shuǐwù
		{"by change", rectification.Filter{Sort: "changed"}, []int{2, 1, 3, 4, 5, 6}},
		{"together", rectification.Filter{Unit: edu, Q: "问题", Due: "overdue"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := tenantstest.Must(h.cases.List(t.Context(), h.off, tt.filter))(t)
			var want []string
			for _, i := range tt.want {
				want = append(want, n[i-1])
			}
			if diff := cmp.Diff(want, numbersOf(p.Items)); diff != "" || p.Total != len(want) {
				t.Errorf("total %d (-want +got):\n%s", p.Total, diff)
			}
		})
	}
	for name, f := range map[string]rectification.Filter{
		"reversed range":   {Due: "2026-11-20..2026-11-01"},
		"no range":         {Due: "soon"},
		"unknown column":   {Sort: "text"},
		"too long":         {Q: string(make([]rune, 101)) + "字"},
		"a forged cursor":  {Cursor: "x"},
		"another's cursor": {Cursor: "eyJzIjoibnVtYmVyIn0", Sort: "due"},
	} {
		if _, err := h.cases.List(t.Context(), h.off, f); inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}

// TestComputed looks at what follows from today: days left, overdue, allowed.
func TestComputed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(t, h.office, h.round,
		row{h.unit, 1, rectification.Working, "2026-10-15", "逾期", nil, 0, "", ""},
		row{h.unit, 2, rectification.Working, "2026-11-20", "今天", nil, 0, "", ""},
		row{h.unit, 3, rectification.Closed, "2026-10-15", "已销号", nil, 0, "", ""})
	items := tenantstest.Must(h.cases.List(t.Context(), h.liaison, rectification.Filter{Sort: "number"}))(t).Items
	if it := items[0]; !it.Overdue || it.DaysLeft == nil || *it.DaysLeft != -36 {
		t.Errorf("overdue %t by %v days, want 36", it.Overdue, it.DaysLeft)
	}
	if it := items[1]; it.Overdue || *it.DaysLeft != 0 {
		t.Errorf("due today: overdue %t, %v days left", it.Overdue, *it.DaysLeft)
	}
	if it := items[2]; it.Overdue || it.DaysLeft != nil || len(it.Allowed) != 0 {
		t.Errorf("closed: overdue %t, days %v, allowed %v", it.Overdue, it.DaysLeft, it.Allowed)
	}
	want := []rectification.Action{rectification.Submit, rectification.Edit, rectification.Attach, rectification.Extend}
	if diff := cmp.Diff(want, items[0].Allowed); diff != "" {
		t.Errorf("the unit may (-want +got):\n%s", diff)
	}
	if len(items[0].Measures) != 1 || items[0].Measures[0].Department != "规划科" {
		t.Errorf("measures = %+v", items[0].Measures)
	}
}

// TestPaging reads every order page by page, with equal keys on both sides of the
// edges and a row that changes between two pages: each row exactly once.
func TestPaging(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var rows []row
	for i := range 23 {
		r := row{unit: h.unit, seq: i + 1, state: rectification.Working, due: fmt.Sprintf("2026-12-%02d", i/5+1), text: "问题"}
		if i%7 == 6 {
			r.due = ""
		}
		rows = append(rows, r)
	}
	all := h.put(t, h.office, h.round, rows...)
	for _, by := range rectification.Sorts() {
		for _, limit := range []int{1, 4, 23, 50} {
			var got []string
			f := rectification.Filter{Sort: by, Limit: limit}
			for {
				p := tenantstest.Must(h.cases.List(t.Context(), h.off, f))(t)
				if p.Total != len(all) {
					t.Fatalf("%s: total %d, want %d", by, p.Total, len(all))
				}
				got = append(got, numbersOf(p.Items)...)
				if p.Next == "" {
					break
				}
				f.Cursor = p.Next
			}
			whole := tenantstest.Must(h.cases.List(t.Context(), h.off, rectification.Filter{Sort: by, Limit: 100}))(t)
			if diff := cmp.Diff(numbersOf(whole.Items), got); diff != "" {
				t.Errorf("by %s in pages of %d (-whole +pages):\n%s", by, limit, diff)
			}
			if slices.Sort(got); !slices.Equal(got, all) {
				t.Errorf("by %s in pages of %d: %v", by, limit, got)
			}
		}
	}
	first := tenantstest.Must(h.cases.List(t.Context(), h.off, rectification.Filter{Limit: 10}))(t)
	h.Root(`update rectifications set due_on = '2026-11-01' where tenant_id = $1 and finding_id = $2`, h.office.ID, first.Items[9].ID)
	second := tenantstest.Must(h.cases.List(t.Context(), h.off, rectification.Filter{Limit: 100, Cursor: first.Next}))(t)
	got := append(numbersOf(first.Items), numbersOf(second.Items)...)
	if slices.Sort(got); !slices.Equal(got, all) {
		t.Errorf("after a row moved: %v", got)
	}
}

// TestMixedNames orders by names in several scripts (BI-175), of which some sort alike:
// page by page it is the order of the collation that the list states, each row once.
func TestMixedNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var rows []row
	for i, name := range []string{"曾家镇", "A局", "ａ局", "a局", "①局", "局", "買買提局", "买买提·局", "Единица", "县水务局\u200b", "县水务局", "\ue000局", "𬎆局"} {
		rows = append(rows, row{unit: h.Unit(h.office, name), seq: i + 1, state: rectification.Working, due: "2026-12-01", text: "问题"})
	}
	h.put(t, h.office, h.round, rows...)
	want := strings.Split(tenantstest.RootValue[string](h.House, `
		select string_agg(f.number, ' ' order by u.name collate "zh-x-icu", f.number collate "C")
		from findings f join units u on u.tenant_id = f.tenant_id and u.id = f.unit_id`), " ")
	for _, limit := range []int{1, 3, 100} {
		var got []string
		for f := (rectification.Filter{Sort: "unit", Limit: limit}); ; {
			p := tenantstest.Must(h.cases.List(t.Context(), h.off, f))(t)
			if got = append(got, numbersOf(p.Items)...); p.Next == "" {
				break
			}
			f.Cursor = p.Next
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in pages of %d (-want +got):\n%s", limit, diff)
		}
	}
}

// TestListIsolation lists as everybody who must not see it, and as its owners.
func TestListIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.issued(t)
	draft := h.drafted(t, h.off, h.unit, h.round, "尚未反馈的问题。")
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id) values ($1, $2, $3)`, h.office.ID, draft.ID, h.unit)
	other := h.Unit(h.office, "县教育局党组")
	below := func(s tenants.Scope, office tenants.Tenant) tenants.Scope {
		return tenantstest.Must(s.Below(office))(t)
	}
	city, province := h.As(h.City[0], tenants.CITY), h.As(h.Province, tenants.PROV)
	tests := []struct {
		name  string
		scope tenants.Scope
		want  int
	}{
		{"the office", h.off, 2}, // with the draft
		{"the unit", h.liaison, 1},
		{"a party to the review", h.disc, 1},
		{"the leading group", h.As(h.office, tenants.LG), 1},
		{"another unit", h.As(h.office, tenants.UNIT, other), 0},
		{"a sibling county", h.As(h.County[0][1], tenants.OFF), 0},
		{"a sibling's namesake unit", h.As(h.County[0][1], tenants.UNIT, h.Unit(h.County[0][1], "县水务局党组")), 0},
		{"the city at home", city, 0},
		{"the city looking below", below(city, h.office), 1},
		{"the city looking at a sibling", below(city, h.County[0][1]), 0},
		{"the other city", h.As(h.City[1], tenants.CITY), 0},
		{"the province over the city", below(province, h.City[0]), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := tenantstest.Must(h.cases.List(t.Context(), tt.scope, rectification.Filter{}))(t)
			if len(p.Items) != tt.want || p.Total != tt.want {
				t.Errorf("%d items, total %d, want %d", len(p.Items), p.Total, tt.want)
			}
			for _, it := range p.Items {
				if it.Office != h.office.Slug {
					t.Errorf("item of %q, want %q", it.Office, h.office.Slug)
				}
				if own := tt.scope.Tenant() == h.office.ID; !own && len(it.Allowed) > 0 {
					t.Errorf("may %v from outside", it.Allowed)
				}
			}
		})
	}
	if _, err := h.As(h.City[1], tenants.CITY).Below(h.office); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the other city looks below: %v", err)
	}
}

// TestListStatements holds the list to two statements, however many rows.
func TestListStatements(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var rows []row
	for i := range 60 {
		rows = append(rows, row{unit: h.unit, seq: i + 1, state: rectification.Working, due: "2026-12-01", text: "问题"})
	}
	h.put(t, h.office, h.round, rows...)
	cfg := h.Pool.Config().Copy()
	var n counter
	cfg.ConnConfig.Tracer = &n
	pool := tenantstest.Must(pgxpool.NewWithConfig(t.Context(), cfg))(t)
	t.Cleanup(pool.Close)
	s := *h.cases
	s.DB = tenants.NewDB(pool, h.cases.Clock)
	if p := tenantstest.Must(s.List(t.Context(), h.off, rectification.Filter{}))(t); len(p.Items) != 50 {
		t.Fatalf("%d items", len(p.Items))
	}
	// The scope travels with each: the page, and the measures of its rows.
	if want := 4; int(n) != want {
		t.Errorf("%d statements, want %d", n, want)
	}
}

// counter counts statements.
type counter int

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	*c++
	return ctx
}
func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchStartData) context.Context {
	*c += counter(d.Batch.Len())
	return ctx
}
func (c *counter) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (c *counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}
