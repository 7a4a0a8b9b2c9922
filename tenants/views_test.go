package tenants_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

const screen = "rectification.ledger"

func newViews(h *tenantstest.House) *tenants.Views {
	return &tenants.Views{DB: h.DB, Clock: inspection.ClockAt(tenantstest.Now)}
}

// save keeps a view and returns its name.
func save(t *testing.T, v *tenants.Views, by tenants.Scope, name string, shared bool) tenants.ViewID {
	t.Helper()
	made, err := v.Save(t.Context(), by, tenants.NewView{Screen: screen, Name: name, Query: "state=working", Shared: shared})
	if err != nil {
		t.Fatal(err)
	}
	return tenants.ViewID{UUID: uuid.MustParse(made.Key)}
}

// saved returns the names of the views that somebody saved, as s sees them.
func saved(t *testing.T, v *tenants.Views, s tenants.Scope) (names []string) {
	t.Helper()
	all, err := v.List(t.Context(), s, screen)
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range all {
		if each.Whose != tenants.ShippedView {
			names = append(names, each.Name)
		}
	}
	return names
}

// TestViewsOfOthers saves a personal and a shared view, in the office and in a unit,
// and asks everybody what they see.
func TestViewsOfOthers(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	v := newViews(h)
	office := h.County[0][0]
	unit, other := h.Unit(office, "县水务局党组"), h.Unit(office, "县教育局党组")
	off, disc := h.As(office, tenants.OFF), h.As(office, tenants.DISC)
	liaison, head := h.As(office, tenants.UNIT, unit), h.As(office, tenants.HEAD, unit)
	stranger := h.As(office, tenants.UNIT, other)
	save(t, v, off, "我的", false)
	save(t, v, off, "办里共用", true)
	save(t, v, liaison, "联络员的", false)
	save(t, v, liaison, "单位共用", true)
	below, err := h.As(h.City[0], tenants.CITY).Below(office)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		scope tenants.Scope
		want  []string
	}{
		"who saved them":       {off, []string{"办里共用", "我的"}},
		"a colleague":          {disc, []string{"办里共用"}},
		"the unit's liaison":   {liaison, []string{"单位共用", "联络员的"}},
		"the unit's head":      {head, []string{"单位共用"}},
		"another unit":         {stranger, nil},
		"another county":       {h.As(h.County[0][1], tenants.OFF), nil},
		"the city, looking in": {below, nil},
	} {
		if diff := cmp.Diff(tt.want, saved(t, v, tt.scope)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestViewsStayInTheirOffice asks the table itself, past every condition of ours.
func TestViewsStayInTheirOffice(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	v := newViews(h)
	office := h.County[0][0]
	off := h.As(office, tenants.OFF)
	save(t, v, off, "共用", true)
	below, err := h.As(h.City[0], tenants.CITY).Below(office)
	if err != nil {
		t.Fatal(err)
	}
	for who, tt := range map[string]struct {
		scope tenants.Scope
		want  int
	}{"the office": {off, 1}, "the city, looking in": {below, 0}} {
		h.Do(h.DB, tt.scope, func(tx *tenants.Tx) error {
			var n int
			err := tx.QueryRow(t.Context(), `select count(*) from saved_views`).Scan(&n)
			if n != tt.want {
				t.Errorf("%s sees %d, want %d", who, n, tt.want)
			}
			return err
		})
	}
}

// TestChangeView tries to change and to remove everybody's views as everybody.
func TestChangeView(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	v := newViews(h)
	office := h.County[0][0]
	off, dir, disc := h.As(office, tenants.OFF), h.As(office, tenants.DIR), h.As(office, tenants.DISC)
	own, shared, third := save(t, v, off, "我的", false), save(t, v, off, "共用", true), save(t, v, off, "第三", true)
	rename := tenants.ViewEdit{Name: new("改名")}
	try := func(what, want string, err error) {
		t.Helper()
		if inspection.CodeOf(err) != want || want == "" && err != nil {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
	change := func(s tenants.Scope, id tenants.ViewID, version int, e tenants.ViewEdit) error {
		_, err := v.Change(t.Context(), s, id, version, e)
		return err
	}
	try("somebody else's own", "not-found", change(disc, own, 1, rename))
	try("somebody else's own, removed by the director", "not-found", v.Remove(t.Context(), dir, own, 1))
	try("somebody else's shared one", "view.not-yours", change(disc, shared, 1, rename))
	try("the same by the director", "view.not-yours", change(dir, shared, 1, rename))
	try("removed by a colleague", "view.not-yours", v.Remove(t.Context(), disc, shared, 1))
	try("removed by the director", "", v.Remove(t.Context(), dir, shared, 1))
	try("removed twice", "not-found", v.Remove(t.Context(), off, shared, 2))
	try("an old version", "view.stale", change(off, own, 7, rename))
	try("the own one", "", change(off, own, 1, rename))
	try("shared now", "", change(off, own, 2, tenants.ViewEdit{Shared: new(true)}))
	try("a name that is taken", "view.name-taken", change(off, third, 1, rename))
	if got := saved(t, v, disc); !slices.Contains(got, "改名") || slices.Contains(got, "共用") {
		t.Errorf("a colleague sees %v", got)
	}
}

// TestBadViews refuses what is no view.
func TestBadViews(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	v := newViews(h)
	off := h.As(h.County[0][0], tenants.OFF)
	for name, n := range map[string]tenants.NewView{
		"no name":           {Name: " ", Query: "state=working"},
		"a long name":       {Name: strings.Repeat("长", 21)},
		"no query":          {Name: "甲", Query: "%zz"},
		"a place":           {Name: "甲", Query: "state=working&after=x"},
		"an open row":       {Name: "甲", Query: "open=1"},
		"a control":         {Name: "甲", Query: "q=%00"},
		"invalid UTF-8":     {Name: "甲", Query: "q=%ff"},
		"a control, a name": {Name: "甲\x07"},
	} {
		n.Screen = screen
		if _, err := v.Save(t.Context(), off, n); inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range 51 {
		_, err := v.Save(t.Context(), off, tenants.NewView{Screen: screen, Name: fmt.Sprint("视图", i)})
		if want := map[bool]string{true: "view.too-many"}[i == 50]; inspection.CodeOf(err) != want {
			t.Fatalf("view %d: %v", i, err)
		}
	}
}

// TestLongQueries: how long a query may be is asked of what is kept. 222 Chinese
// characters fill it; all 2000 that may be sent do not fit, new or changed.
func TestLongQueries(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	v := newViews(h)
	off := h.As(h.County[0][0], tenants.OFF)
	query := func(n int) string { return "q=" + strings.Repeat("长", n) }
	tooLong := func(what string, err error) {
		t.Helper()
		e, ok := errors.AsType[*inspection.Error](err)
		if !ok || len(e.Fields) == 0 || e.Fields[0].Pointer != "/query" || e.Fields[0].Code != "too-long" {
			t.Errorf("%s: %v", what, err)
		}
	}
	made, err := v.Save(t.Context(), off, tenants.NewView{Screen: screen, Name: "满", Query: query(222)})
	if err != nil || len(made.Query) != 2000 {
		t.Fatalf("a full one: %d characters, %v", len(made.Query), err)
	}
	_, err = v.Save(t.Context(), off, tenants.NewView{Screen: screen, Name: "过长", Query: query(223)})
	tooLong("a new one", err)
	long := query(499)
	_, err = v.Change(t.Context(), off, tenants.ViewID{UUID: uuid.MustParse(made.Key)}, made.Version, tenants.ViewEdit{Query: &long})
	tooLong("a changed one", err)
}

// TestCleanQueries: a query is kept as its texts are kept anywhere else, and a
// place does not hide behind a space.
func TestCleanQueries(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	v := newViews(h)
	off := h.As(h.County[0][0], tenants.OFF)
	made, err := v.Save(t.Context(), off, tenants.NewView{Screen: screen, Name: "整洁", Query: "q=+cafe%CC%81+&due=7d"})
	if want := "due=7d&q=caf%C3%A9"; err != nil || made.Query != want {
		t.Errorf("kept as %q, %v, want %q", made.Query, err, want)
	}
	_, err = v.Save(t.Context(), off, tenants.NewView{Screen: screen, Name: "位置", Query: "+after=x"})
	if inspection.KindOf(err) != inspection.Invalid {
		t.Errorf("a place behind a space: %v", err)
	}
}

// TestShippedViews reads the views that come with the service: of every role its
// own, each a query that could be saved.
func TestShippedViews(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	v := newViews(h)
	office := h.County[0][0]
	count := func(s tenants.Scope) (n int) {
		all, err := v.List(t.Context(), s, screen)
		if err != nil {
			t.Fatal(err)
		}
		for _, each := range all {
			if each.Whose != tenants.ShippedView || each.Key == "" || each.Mine || each.Version != 0 {
				t.Errorf("%+v", each)
			}
			if _, err := v.Save(t.Context(), s, tenants.NewView{Screen: each.Screen, Name: each.Name, Query: each.Query}); err != nil {
				t.Errorf("%s: %v", each.Name, err)
			}
		}
		return len(all)
	}
	off, unit := count(h.As(office, tenants.OFF)), count(h.As(office, tenants.UNIT, h.Unit(office, "县水务局党组")))
	if off == 0 || unit != off-1 {
		t.Errorf("the office has %d views, a unit %d: all but 待我审核", off, unit)
	}
}
