package statistics

import (
	"cmp"
	"context"
	"slices"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Room lists what a person has to do in one room.
type Room struct {
	Tasks func(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error)
	Wide  bool // asks with the offices below in reach: what was sent there comes back
}

// Todo is what a person has to do (我的待办). It is derived from the state of the
// rows: a task leaves it only because the business moved on.
type Todo struct {
	Sections []Section      `json:"sections" nullable:"false" doc:"已逾期、今天到期、7天内、以后"`
	Total    int            `json:"total"`
	Today    inspection.Day `json:"today"`
}

// Section holds the tasks that fall due in one stretch of time.
type Section struct {
	Name  SectionName       `json:"name"`
	Title string            `json:"title"`
	Tasks []inspection.Task `json:"tasks" nullable:"false"`
}

// SectionName names a section.
type SectionName string

// The sections, in their order.
const (
	Overdue SectionName = "overdue"
	Today   SectionName = "today"
	Week    SectionName = "week"
	Later   SectionName = "later"
)

// SectionNames lists the sections.
func SectionNames() []SectionName { return []SectionName{Overdue, Today, Week, Later} }

var sectionTitles = map[SectionName]string{Overdue: "已逾期", Today: "今天到期", Week: "7天内", Later: "以后"}

// Todo collects the tasks of all rooms for the scope's person.
func (s *Service) Todo(ctx context.Context, scope tenants.Scope) (Todo, error) {
	var all []inspection.Task
	for _, wide := range []bool{false, true} {
		reach := scope
		if w, err := scope.Subtree(); wide && err == nil {
			reach = w
		}
		err := s.DB.In(ctx, reach, func(tx *tenants.Tx) error {
			for _, r := range s.Rooms {
				if r.Wide != wide {
					continue
				}
				tasks, err := r.Tasks(ctx, tx)
				if err != nil {
					return err
				}
				all = append(all, tasks...)
			}
			return nil
		})
		if err != nil {
			return Todo{}, err
		}
	}
	return sections(all, s.Clock.Today()), nil
}

// sections sorts tasks by when they fall due; those without a day come last.
func sections(all []inspection.Task, today inspection.Day) Todo {
	slices.SortStableFunc(all, func(a, b inspection.Task) int {
		return cmp.Or(cmp.Compare(dueOf(a), dueOf(b)), a.Since.Compare(b.Since), cmp.Compare(a.Number, b.Number))
	})
	t := Todo{Total: len(all), Today: today}
	for _, name := range SectionNames() {
		s := Section{Name: name, Title: sectionTitles[name], Tasks: []inspection.Task{}}
		for _, task := range all {
			if sectionOf(task, today) == name {
				s.Tasks = append(s.Tasks, task)
			}
		}
		t.Sections = append(t.Sections, s)
	}
	return t
}

func dueOf(t inspection.Task) inspection.Day {
	if t.DueOn == nil {
		return 1 << 30
	}
	return *t.DueOn
}

func sectionOf(t inspection.Task, today inspection.Day) SectionName {
	switch due := dueOf(t); {
	case due < today:
		return Overdue
	case due == today:
		return Today
	case due <= today+7:
		return Week
	}
	return Later
}
