package rectification_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// task is a measure put under the case of a number by hand.
type task struct {
	number, text, leader, department, due, kind string
	done                                        bool
}

// assign writes measures past the services, in the place of those that the cases
// have.
func (h *house) assign(office tenants.Tenant, tasks ...task) {
	h.Root(`delete from measures where tenant_id = $1`, office.ID)
	for i, m := range tasks {
		if m.kind == "" {
			m.kind = "near"
		}
		h.Root(`insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader, department, due_on, kind, done, issued_at)
			select tenant_id, gen_random_uuid(), id, unit_id, $3, $4, $5, $6, nullif($7, '')::date, $8, $9, issued_at
			from findings where tenant_id = $1 and number = $2`,
			office.ID, m.number, i+1, m.text, m.leader, m.department, m.due, m.kind, m.done)
	}
}

func textsOf(rows []rectification.MeasureRow) []string {
	var texts []string
	for _, m := range rows {
		texts = append(texts, m.Text)
	}
	return texts
}

// tasked is a house with three problems and six tasks on 2026-11-20.
func tasked(t *testing.T) (*house, []string) {
	t.Helper()
	h := newHouse(t)
	edu := h.Unit(h.office, "县教育局党组")
	n := h.put(t, h.office, h.round,
		row{h.unit, 1, rectification.Working, "2026-11-25", "学习不规范", nil, 100, "", ""},
		row{h.unit, 2, rectification.Open, "2026-12-20", "采购不规范", []string{"common"}, 0, "", ""},
		row{edu, 3, rectification.Closed, "2026-10-01", "收费不规范", nil, 0, "", ""})
	h.assign(h.office,
		task{n[0], "一", "尹甲", "规划科", "2026-11-19", "immediate", false},
		task{n[0], "二", "尹甲", "规划科", "2026-11-19", "near", true},
		task{n[0], "三", "尹甲", "", "", "long", false},
		task{n[1], "四", "阿乙", "办公室", "2026-11-21", "near", false},
		task{n[1], "五", "", "办公室", "2026-12-30", "near", false},
		task{n[2], "六", "尹甲", "规划科", "2026-10-01", "near", false})
	return h, n
}

// TestMeasures narrows the list of tasks in every way: days, kinds and whether it is
// done are those of the measure, the rest is the problem's.
func TestMeasures(t *testing.T) {
	t.Parallel()
	h, n := tasked(t)
	tests := []struct {
		name   string
		filter rectification.Filter
		want   string
	}{
		{"all, by the measure's day or the problem's", rectification.Filter{}, "六一二四三五"},
		{"overdue, not done, clock running", rectification.Filter{Due: "overdue"}, "一"},
		{"seven days", rectification.Filter{Due: "7d"}, "四三"},
		{"range", rectification.Filter{Due: "2026-11-19..2026-11-21"}, "一二四"},
		{"kind", rectification.Filter{Kinds: []rectification.Kind{rectification.Immediate, rectification.Long}}, "一三"},
		{"done", rectification.Filter{Done: new(true)}, "二"},
		{"not done", rectification.Filter{Done: new(false)}, "六一四三五"},
		{"leader", rectification.Filter{Leader: "阿乙"}, "四"},
		{"no leader", rectification.Filter{Leader: rectification.Nobody}, "五"},
		{"no department", rectification.Filter{Department: "-"}, "三"},
		{"leader and department", rectification.Filter{Leader: "尹甲", Department: "规划科"}, "六一二"},
		{"a part of a name is another name", rectification.Filter{Leader: "尹"}, ""},
		{"state", rectification.Filter{States: []rectification.State{rectification.Working}}, "一二三"},
		{"flag", rectification.Filter{Flags: []rectification.Flag{rectification.Common}}, "四五"},
		{"money", rectification.Filter{Only: []rectification.Narrowing{rectification.Money}}, "一二三"},
		{"unit", rectification.Filter{Unit: h.unit}, "一二四三五"},
		{"round and focus", rectification.Filter{Round: h.round, Focus: 2}, "一二三"},
		{"words of the problem", rectification.Filter{Q: "采购"}, "四五"},
		{"words of the measure alone", rectification.Filter{Q: "三"}, "三"},
		{"a number", rectification.Filter{Q: n[1]}, "四五"},
		{"by leader", rectification.Filter{Sort: "leader"}, "五四一二三六"}, // ā before yǐn
		{"by department, downwards", rectification.Filter{Sort: "-department"}, "一二六四五三"},
		{"by number", rectification.Filter{Sort: "-number"}, "六四五一二三"},
		{"by unit", rectification.Filter{Sort: "unit"}, "六一二三四五"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := tenantstest.Must(h.cases.Measures(t.Context(), h.off, tt.filter))(t)
			got := ""
			for _, text := range textsOf(p.Items) {
				got += text
			}
			if got != tt.want || p.Total != len([]rune(tt.want)) {
				t.Errorf("%q, total %d; want %q", got, p.Total, tt.want)
			}
		})
	}
	if _, err := h.cases.Measures(t.Context(), h.off, rectification.Filter{Sort: "changed"}); inspection.KindOf(err) != inspection.Invalid {
		t.Errorf("by a column that it does not have: %v", err)
	}
}

// TestProblemsOfMeasures narrows the ledger by what is said of measures.
func TestProblemsOfMeasures(t *testing.T) {
	t.Parallel()
	h, n := tasked(t)
	h.Root(`update rectifications set kind = 'long' where tenant_id = $1 and number = $2`, h.office.ID, n[1])
	for _, tt := range []struct {
		name   string
		filter rectification.Filter
		want   []string
	}{
		{"leader", rectification.Filter{Leader: "尹甲"}, []string{n[0], n[2]}},
		{"no leader", rectification.Filter{Leader: "-"}, []string{n[1]}},
		{"department", rectification.Filter{Department: "规划科"}, []string{n[0], n[2]}},
		{"something is done", rectification.Filter{Done: new(true)}, []string{n[0]}},
		{"kind of the problem", rectification.Filter{Kinds: []rectification.Kind{rectification.Long}}, []string{n[1]}},
	} {
		tt.filter.Sort = "number"
		p := tenantstest.Must(h.cases.List(t.Context(), h.off, tt.filter))(t)
		if diff := cmp.Diff(tt.want, numbersOf(p.Items)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestMeasureRow looks at what a row of the list of tasks says beside the measure.
func TestMeasureRow(t *testing.T) {
	t.Parallel()
	h, n := tasked(t)
	rows := tenantstest.Must(h.cases.Measures(t.Context(), h.liaison, rectification.Filter{Sort: "number"}))(t).Items
	if len(rows) != 5 {
		t.Fatalf("the unit has %d tasks, want its own 5", len(rows))
	}
	one, two, three := rows[0], rows[1], rows[2]
	if one.Number != n[0] || one.Problem != "学习不规范" || one.UnitName != "县水务局党组" || one.Office != h.office.Slug ||
		one.State != rectification.Working || one.Item == (inspection.FindingID{}) {
		t.Errorf("the problem of a task: %+v", one)
	}
	if !one.Overdue || one.DaysLeft == nil || *one.DaysLeft != -1 {
		t.Errorf("yesterday's task: overdue %t, %v days left", one.Overdue, one.DaysLeft)
	}
	if two.Overdue || two.DaysLeft != nil {
		t.Errorf("a task that is done: overdue %t, %v days left", two.Overdue, two.DaysLeft)
	}
	if three.DueOn != nil || three.DaysLeft == nil || *three.DaysLeft != 5 {
		t.Errorf("a task without a day: %v, %v days left, want those of its problem", three.DueOn, three.DaysLeft)
	}
	if !slices.Contains(one.Allowed, rectification.Edit) {
		t.Errorf("the unit may %v", one.Allowed)
	}
	city := tenantstest.Must(h.As(h.City[0], tenants.CITY).Below(h.office))(t)
	for _, m := range tenantstest.Must(h.cases.Measures(t.Context(), city, rectification.Filter{}))(t).Items {
		if len(m.Allowed) > 0 {
			t.Errorf("from above one may %v", m.Allowed)
		}
	}
}

// TestMeasuresPaging reads every order page by page: each task exactly once.
func TestMeasuresPaging(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var rows []row
	for i := range 5 {
		rows = append(rows, row{unit: h.unit, seq: i + 1, state: rectification.Working, due: "2026-12-01", text: "问题"})
	}
	numbers := h.put(t, h.office, h.round, rows...)
	var tasks []task
	for i := range 17 {
		m := task{number: numbers[i%5], text: fmt.Sprint(i), leader: []string{"甲", "乙", ""}[i%3], due: fmt.Sprintf("2026-12-%02d", i/4+1)}
		if i%6 == 5 {
			m.due = ""
		}
		tasks = append(tasks, m)
	}
	h.assign(h.office, tasks...)
	for _, by := range rectification.MeasureSorts() {
		whole := tenantstest.Must(h.cases.Measures(t.Context(), h.off, rectification.Filter{Sort: by, Limit: 100}))(t)
		for _, limit := range []int{1, 4, 17} {
			got := pagesOf(t, func(cursor string) inspection.Page[rectification.MeasureRow] {
				return tenantstest.Must(h.cases.Measures(t.Context(), h.off, rectification.Filter{Sort: by, Limit: limit, Cursor: cursor}))(t)
			})
			if diff := cmp.Diff(textsOf(whole.Items), textsOf(got)); diff != "" || len(got) != len(tasks) {
				t.Errorf("by %s in pages of %d (-whole +pages):\n%s", by, limit, diff)
			}
		}
	}
	for _, by := range rectification.DutySorts() {
		whole := tenantstest.Must(h.cases.Duties(t.Context(), h.off, rectification.Filter{Sort: by, Limit: 100}))(t)
		got := pagesOf(t, func(cursor string) inspection.Page[rectification.Duty] {
			return tenantstest.Must(h.cases.Duties(t.Context(), h.off, rectification.Filter{Sort: by, Limit: 1, Cursor: cursor}))(t)
		})
		if diff := cmp.Diff(whole.Items, got); diff != "" || len(got) != 3 {
			t.Errorf("duties by %s (-whole +pages):\n%s", by, diff)
		}
	}
}

// pagesOf reads a list to its end.
func pagesOf[T any](t *testing.T, read func(cursor string) inspection.Page[T]) (all []T) {
	t.Helper()
	for cursor := ""; ; {
		p := read(cursor)
		all = append(all, p.Items...)
		if cursor = p.Next; cursor == "" {
			return all
		}
	}
}

// TestDuties counts tasks by who is responsible.
func TestDuties(t *testing.T) {
	t.Parallel()
	h, _ := tasked(t)
	next := tenantstest.Day(t, "2026-11-21")
	later, own := tenantstest.Day(t, "2026-12-30"), tenantstest.Day(t, "2026-11-25")
	edu := tenantstest.RootValue[inspection.UnitID](h.House, `select id from units where name = '县教育局党组' and tenant_id = $1`, h.office.ID)
	const water = "县水务局党组"
	want := []rectification.Duty{
		{UnitID: edu, UnitName: "县教育局党组", Leader: "尹甲", Department: "规划科", Problems: 1, Tasks: 1},
		{UnitID: h.unit, UnitName: water, Leader: "", Department: "办公室", Problems: 1, Tasks: 1, NextDue: &later},
		{UnitID: h.unit, UnitName: water, Leader: "阿乙", Department: "办公室", Problems: 1, Tasks: 1, NextDue: &next},
		{UnitID: h.unit, UnitName: water, Leader: "尹甲", Department: "", Problems: 1, Tasks: 1, NextDue: &own},
		{UnitID: h.unit, UnitName: water, Leader: "尹甲", Department: "规划科", Problems: 1, Tasks: 2, Done: 1, Overdue: 1},
	}
	p := tenantstest.Must(h.cases.Duties(t.Context(), h.off, rectification.Filter{}))(t)
	if diff := cmp.Diff(want, p.Items); diff != "" || p.Total != len(want) {
		t.Errorf("total %d (-want +got):\n%s", p.Total, diff)
	}
	p = tenantstest.Must(h.cases.Duties(t.Context(), h.off, rectification.Filter{Due: "overdue"}))(t)
	if len(p.Items) != 1 || p.Items[0].Tasks != 1 || p.Items[0].Department != "规划科" {
		t.Errorf("with something overdue: %+v", p.Items)
	}
	// What a row of the list counts is what the list of tasks shows for it.
	for _, d := range want {
		f := rectification.Filter{Unit: d.UnitID, Leader: d.Leader, Department: d.Department}
		if f.Leader == "" {
			f.Leader = rectification.Nobody
		}
		if f.Department == "" {
			f.Department = rectification.Nobody
		}
		if n := tenantstest.Must(h.cases.Measures(t.Context(), h.off, f))(t).Total; n != d.Tasks {
			t.Errorf("%s %s opens %d tasks, want %d", d.Leader, d.Department, n, d.Tasks)
		}
	}
}

// TestMeasuresIsolation lists tasks and duties as everybody who must not see them,
// and as their owners.
func TestMeasuresIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.issued(t)
	draft := h.drafted(t, h.off, h.unit, h.round, "尚未反馈的问题。")
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id) values ($1, $2, $3)`, h.office.ID, draft.ID, h.unit)
	h.Root(`insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader) values ($1, gen_random_uuid(), $2, $3, 1, '草稿', '某')`,
		h.office.ID, draft.ID, h.unit)
	below := func(s tenants.Scope, office tenants.Tenant) tenants.Scope {
		return tenantstest.Must(s.Below(office))(t)
	}
	city, province := h.As(h.City[0], tenants.CITY), h.As(h.Province, tenants.PROV)
	for _, tt := range []struct {
		name  string
		scope tenants.Scope
		want  int
	}{
		{"the office", h.off, 3}, // with the draft's
		{"the unit", h.liaison, 2},
		{"a party to the review", h.disc, 2},
		{"another unit", h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组")), 0},
		{"a sibling county", h.As(h.County[0][1], tenants.OFF), 0},
		{"the city at home", city, 0},
		{"the city looking below", below(city, h.office), 2},
		{"the city looking at a sibling", below(city, h.County[0][1]), 0},
		{"the other city", h.As(h.City[1], tenants.CITY), 0},
		{"the province over the city", below(province, h.City[0]), 2},
	} {
		p := tenantstest.Must(h.cases.Measures(t.Context(), tt.scope, rectification.Filter{}))(t)
		d := tenantstest.Must(h.cases.Duties(t.Context(), tt.scope, rectification.Filter{}))(t)
		counted := 0
		for _, duty := range d.Items {
			counted += duty.Tasks
		}
		if len(p.Items) != tt.want || p.Total != tt.want || counted != tt.want {
			t.Errorf("%s: %d tasks, total %d, %d in duties; want %d", tt.name, len(p.Items), p.Total, counted, tt.want)
		}
	}
}
