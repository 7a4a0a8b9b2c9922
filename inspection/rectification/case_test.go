package rectification_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"xuncha/tenants/tenantstest"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestReadIsolation reads one item as those who may not, and as those who may:
// unknown and foreign items are refused alike.
func TestReadIsolation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.submitted(t)
	city := h.As(h.City[0], tenants.CITY)
	below := func(s tenants.Scope, office tenants.Tenant) tenants.Scope {
		return tenantstest.Must(s.Below(office))(t)
	}
	_, unknown := h.cases.Read(t.Context(), h.off, inspection.NewID[inspection.FindingID]())
	for who, s := range map[string]tenants.Scope{
		"another unit": h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组")),
		"a sibling":    h.As(h.County[0][1], tenants.OFF), "the city at home": city, "the other city": h.As(h.City[1], tenants.CITY),
		"the city looking at a sibling": below(city, h.County[0][1]),
	} {
		_, err := h.cases.Read(t.Context(), s, c.ID)
		if err == nil || err.Error() != unknown.Error() {
			t.Errorf("%s: %v, want %v", who, err, unknown)
		}
		if _, err := h.cases.Timeline(t.Context(), s, c.ID, 0, 10); err == nil || err.Error() != unknown.Error() {
			t.Errorf("%s reads the timeline: %v, want %v", who, err, unknown)
		}
	}
	for who, s := range map[string]tenants.Scope{
		"the unit": h.liaison, "the office": h.off, "a party": h.disc, "the group": h.As(h.office, tenants.LG),
		"the city": below(city, h.office), "the province": below(h.As(h.Province, tenants.PROV), h.office),
	} {
		p, err := h.cases.Read(t.Context(), s, c.ID)
		if err != nil || p.Number != c.Number || len(p.Measures) != 2 || len(p.Files) != 2 || len(p.Submissions) != 1 {
			t.Errorf("%s reads %s with %d measures, %d files, %d submissions, %v", who, p.Number, len(p.Measures), len(p.Files), len(p.Submissions), err)
		}
	}
}

// TestReadingAboveIsLogged finds the city's look in the county's journal, and
// nowhere else.
func TestReadingAboveIsLogged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	city := h.As(h.City[0], tenants.CITY)
	below := tenantstest.Must(city.Below(h.office))(t)
	tenantstest.Must(h.cases.List(t.Context(), below, rectification.Filter{}))(t)
	if got := h.journal(t, h.off, c.ID); slices.Contains(got, "rectification.read-above") {
		t.Error("a list left an entry for each of its rows")
	}
	tenantstest.Must(h.cases.Read(t.Context(), below, c.ID))(t)
	tenantstest.Must(h.cases.Read(t.Context(), h.disc, c.ID))(t)
	events := tenantstest.Must(h.cases.Timeline(t.Context(), h.off, c.ID, 0, 100))(t)
	if e := events[0]; e.Action != "rectification.read-above" || e.Role != tenants.CITY || e.RoleName != "市委巡察办" {
		t.Errorf("the county's latest entry is %+v, want the city's look", e)
	}
	if got := h.journal(t, h.liaison, c.ID); slices.Contains(got, "rectification.read-above") {
		t.Error("the unit learns that the city looked")
	}
	if got := h.journal(t, below, c.ID); !cmp.Equal(got, []string{"rectification.read-above"}) {
		t.Errorf("the city reads %v in the county's journal, want its own look alone", got)
	}
	for _, office := range []tenants.Tenant{h.office, h.City[0]} {
		if _, broken, err := h.Verify(t.Context(), office); err != nil || broken != nil {
			t.Errorf("journal of %s: %v %v", office.Slug, broken, err)
		}
	}
}

// TestEdits tries fields and days at their limits.
func TestEdits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	m := h.read(t, c.ID).Measures[0]
	text := func(s string) *string { return &s }
	on := func(s string) *inspection.Day { return new(tenantstest.Day(t, s)) }
	tests := []struct {
		name string
		by   tenants.Scope
		e    rectification.MeasureEdit
		kind inspection.Kind
		code string // of the first field, or of the error
	}{
		{"due tomorrow", h.liaison, rectification.MeasureEdit{DueOn: on("2026-11-21")}, 0, ""},
		{"due today", h.liaison, rectification.MeasureEdit{DueOn: on("2026-11-20")}, 0, ""},
		{"due yesterday", h.liaison, rectification.MeasureEdit{DueOn: on("2026-11-19")}, inspection.Invalid, "deadline-order"},
		{"due on the day of feedback", h.liaison, rectification.MeasureEdit{DueOn: on("2026-07-10")}, inspection.Invalid, "deadline-order"},
		{"due in two hundred years", h.liaison, rectification.MeasureEdit{DueOn: on("2198-01-01")}, inspection.Invalid, "deadline-order"},
		{"only zero-width", h.liaison, rectification.MeasureEdit{Text: text("\u200b\u2060 　")}, inspection.Invalid, "required"},
		{"control character", h.liaison, rectification.MeasureEdit{Text: text("a\x00b")}, inspection.Invalid, "control-character"},
		{"too long", h.liaison, rectification.MeasureEdit{Text: text(strings.Repeat("长", 5001))}, inspection.Invalid, "too-long"},
		{"rare characters at the limit", h.liaison, rectification.MeasureEdit{Text: text(strings.Repeat("𬎆", 5000))}, 0, ""},
		{"the office assigns", h.off, rectification.MeasureEdit{Leader: text("副局长"), Department: text("财务科"), DueOn: on("2026-12-01")}, 0, ""},
		{"the office words it", h.off, rectification.MeasureEdit{Text: text("改写")}, inspection.Forbidden, "forbidden"},
		{"a party assigns", h.disc, rectification.MeasureEdit{Leader: text("某人")}, inspection.Forbidden, "forbidden"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := h.read(t, c.ID).Measures[0]
			got, err := h.cases.EditMeasure(t.Context(), tt.by, c.ID, m.ID, before.Version, tt.e)
			if tt.code == "" {
				if err != nil || got.Version != before.Version+1 || got.ChangedBy != tt.by.Name() {
					t.Errorf("measure = v%d by %s, %v", got.Version, got.ChangedBy, err)
				}
				return
			}
			code := inspection.CodeOf(err)
			if e, ok := errors.AsType[*inspection.Error](err); ok && len(e.Fields) > 0 {
				code = e.Fields[0].Code
			}
			if inspection.KindOf(err) != tt.kind || code != tt.code {
				t.Errorf("err = %v, want kind %d %s", err, tt.kind, tt.code)
			}
			if after := h.read(t, c.ID).Measures[0]; !cmp.Equal(after, before) {
				t.Error("a refused edit changed the measure")
			}
		})
	}
}

// TestDue moves a deadline: its version grows, and days out of order are refused,
// and so is a case that is handed in or closed.
func TestDue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued(t)
	for _, d := range []string{"2026-11-19", "2026-07-10"} {
		_, err := h.cases.SetDue(t.Context(), h.off, c.ID, c.Version, rectification.DueChange{DueOn: tenantstest.Day(t, d), Reason: "延期"})
		tenantstest.Wants(t, err, inspection.Invalid, "rectification.invalid")
	}
	c = tenantstest.Must(h.cases.SetDue(t.Context(), h.off, c.ID, c.Version,
		rectification.DueChange{DueOn: tenantstest.Day(t, "2026-12-31"), Reason: "随省级答复顺延"}))(t)
	if c.DueOn.String() != "2026-12-31" || c.DueVersion != 2 || c.DueNote != "随省级答复顺延" || *c.DaysLeft != 41 {
		t.Errorf("due %s, version %d, %q, %d days left", c.DueOn, c.DueVersion, c.DueNote, *c.DaysLeft)
	}
	h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
		return h.cases.MoveDue(t.Context(), tx, c.ID, rectification.DueChange{DueOn: tenantstest.Day(t, "2027-01-31"), Reason: "随省级答复顺延"})
	})
	if got := h.read(t, c.ID); got.DueVersion != 3 {
		t.Errorf("due version %d, want 3", got.DueVersion)
	}
	for _, s := range []rectification.State{rectification.Submitted, rectification.Closed} {
		c := h.given(t, s)
		err := h.DB.In(t.Context(), h.off, func(tx *tenants.Tx) error {
			return h.cases.MoveDue(t.Context(), tx, c.ID, rectification.DueChange{DueOn: tenantstest.Day(t, "2027-01-31"), Reason: "随省级答复顺延"})
		})
		tenantstest.Wants(t, err, inspection.Conflict, "rectification.wrong-state")
	}
}

// TestMonths counts months to days that exist, and moves deadlines to working
// days.
func TestMonths(t *testing.T) {
	t.Parallel()
	s := rectification.Service{Calendar: inspection.PublishedCalendar()}
	for feedback, want := range map[string]string{
		"2026-07-10": "2026-10-10", // a Saturday that is worked
		"2026-07-01": "2026-10-08", // behind the holidays
		"2026-05-31": "2026-08-31",
		"2025-11-30": "2026-02-28", // clamped, and worked
		"2026-11-20": "2027-02-22", // a Saturday of a year that is not published
	} {
		got := s.DueAfter(tenants.Policy{RectificationMonths: 3}, tenantstest.Day(t, feedback))
		if got.On.String() != want || got.Provisional != strings.HasPrefix(want, "2027") {
			t.Errorf("three months after %s = %s, provisional %t; want %s", feedback, got.On, got.Provisional, want)
		}
	}
}

// TestLaterRooms marks a case and adds to it as escalations and answers do, and
// tells roll-ups of each change.
func TestLaterRooms(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var told []string
	h.cases.Changed = func(_ context.Context, _ *tenants.Tx, before *rectification.Case, after rectification.Case) error {
		was := rectification.State("none")
		if before != nil {
			was = before.State
		}
		told = append(told, fmt.Sprintf("%s→%s %v", was, after.State, after.Flags))
		return nil
	}
	c := h.issued(t)
	flag := func(on bool) {
		h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
			return h.cases.SetFlag(t.Context(), tx, c.ID, rectification.Escalated, on)
		})
	}
	flag(true)
	flag(true) // twice does nothing
	if got := h.read(t, c.ID).Flags; !cmp.Equal(got, []rectification.Flag{rectification.Escalated}) {
		t.Errorf("flags = %v", got)
	}
	flag(false)
	c = h.read(t, c.ID).Case
	tenantstest.Must(h.cases.Start(t.Context(), h.liaison, c.ID, c.Version))(t)
	want := []string{"none→open []", "open→open [escalated]", "open→open []", "open→working []"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	h.cases.Changed = func(context.Context, *tenants.Tx, *rectification.Case, rectification.Case) error {
		return errors.New("boom")
	}
	c = h.read(t, c.ID).Case
	if _, err := h.cases.SetDue(t.Context(), h.off, c.ID, c.Version, rectification.DueChange{DueOn: tenantstest.Day(t, "2026-12-31"), Reason: "延期"}); err == nil {
		t.Error("a room that could not be told did not stop the act")
	}
	if got := h.read(t, c.ID); got.Version != c.Version {
		t.Error("the act stayed though a room could not be told")
	}
}

// TestTasks asks everybody what they have to do: the state of the rows decides,
// and doing it ends it.
func TestTasks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.issued(t)
	h.given(t, rectification.Working)
	waits := h.given(t, rectification.Submitted)
	h.given(t, rectification.Returned)
	h.given(t, rectification.Closed)
	late := h.given(t, rectification.Working)
	h.Root(`update rectifications set due_on = '2027-01-04' where tenant_id = $1`, h.office.ID)
	h.Root(`update rectifications set due_on = '2026-10-15' where finding_id = $1`, late.ID)
	tasks := func(s tenants.Scope) (verbs []string) {
		h.Do(h.DB, s, func(tx *tenants.Tx) error {
			ts, err := h.cases.Tasks(t.Context(), tx)
			for _, task := range ts {
				if task.Title == "" || task.Number == "" || task.Since.IsZero() || task.Source != "县水务局党组" {
					t.Errorf("task %+v lacks something", task)
				}
				verbs = append(verbs, task.Verb)
			}
			return err
		})
		slices.Sort(verbs)
		return verbs
	}
	for who, tt := range map[string]struct {
		scope tenants.Scope
		want  []string
	}{
		"the unit":      {h.liaison, []string{"启动", "填报", "填报", "补正"}},
		"a party":       {h.disc, []string{"审核"}},
		"the office":    {h.off, []string{"催办", "审核"}},
		"the director":  {h.dir, nil},
		"another unit":  {h.As(h.office, tenants.UNIT, h.Unit(h.office, "县教育局党组")), nil},
		"a sibling":     {h.As(h.County[0][1], tenants.OFF), nil},
		"the city":      {h.As(h.City[0], tenants.CITY), nil},
		"not asked for": {h.As(h.office, tenants.ORG), nil},
	} {
		if diff := cmp.Diff(tt.want, tasks(tt.scope)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", who, diff)
		}
	}
	tenantstest.Must(h.cases.Give(t.Context(), h.disc, waits.ID, opinion(waits, rectification.Agree)))(t)
	if got := tasks(h.disc); len(got) != 0 {
		t.Errorf("after its opinion the party still has %v", got)
	}
	tenantstest.Must(h.cases.Give(t.Context(), h.off, waits.ID, opinion(waits, rectification.Agree)))(t)
	if diff := cmp.Diff([]string{"汇总"}, tasks(h.dir)); diff != "" {
		t.Errorf("the director, when all opinions are in (-want +got):\n%s", diff)
	}
}
