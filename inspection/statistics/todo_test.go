package statistics_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/statistics"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestTodo(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	today := inspection.DayOf(tenantstest.Now)
	due := func(days int) *inspection.Day { return new(today + inspection.Day(days)) }
	room := func(tasks ...inspection.Task) func(context.Context, *tenants.Tx) ([]inspection.Task, error) {
		return func(context.Context, *tenants.Tx) ([]inspection.Task, error) { return tasks, nil }
	}
	var reaches []bool
	s := &statistics.Service{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now), Rooms: []statistics.Room{
		{Tasks: room(inspection.Task{Number: "d", DueOn: due(8)}, inspection.Task{Number: "e"}, inspection.Task{Number: "b", DueOn: due(0)})},
		{Wide: true, Tasks: func(_ context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
			reaches = append(reaches, tx.Scope().Own())
			return []inspection.Task{
				{Number: "c", DueOn: due(7)}, {Number: "a", DueOn: due(-1), Since: time.Unix(2, 0)}, {Number: "a0", DueOn: due(-1), Since: time.Unix(1, 0)},
			}, nil
		}},
	}}
	for _, scope := range []tenants.Scope{h.As(h.City[0], tenants.CITY), h.As(h.County[0][0], tenants.UNIT, h.Unit(h.County[0][0], "某局"))} {
		todo, err := s.Todo(t.Context(), scope)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for _, sec := range todo.Sections {
			for _, task := range sec.Tasks {
				got[sec.Title] = append(got[sec.Title], task.Number)
			}
		}
		want := map[string][]string{"已逾期": {"a0", "a"}, "今天到期": {"b"}, "7天内": {"c"}, "以后": {"d", "e"}}
		if diff := cmp.Diff(want, got); diff != "" || todo.Total != 6 {
			t.Errorf("%d tasks (-want +got):\n%s", todo.Total, diff)
		}
	}
	if diff := cmp.Diff([]bool{false, true}, reaches); diff != "" {
		t.Errorf("a city asks below, a unit does not (-want +got):\n%s", diff)
	}
}
