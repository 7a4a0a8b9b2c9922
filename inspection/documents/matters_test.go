package documents_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// raised raises a matter about a finding, up to the city.
func (h *house) raised(t *testing.T, finding inspection.FindingID) linkage.Matter {
	t.Helper()
	service := h.documents.Linkage
	m, err := service.Raise(t.Context(), h.off, finding, linkage.Raising{
		Title: "跨县河段审批口径不一", Tried: "两县三次会商未果", Why: "河段跨两县，县级无权统一", Asked: "由上级明确口径",
	})
	if err == nil {
		m, err = service.SubmitMatter(t.Context(), h.off, m.ID, m.Version)
	}
	if err == nil {
		m, err = service.Approve(t.Context(), h.As(h.office, tenants.DIR), m.ID, m.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMatters takes a matter out as the county that raised it and as the city that
// it came to, which the county's journal says. Nobody else has it in their list.
func TestMatters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.raised(t, h.put(h.water, 1, "问题一", 0, true))
	wish := documents.Wish{Columns: []string{"number", "title", "raiser", "finding", "state", "holder", "sent", "unit", "asked"}}
	matters := func(scope tenants.Scope, box linkage.Box) workbook {
		t.Helper()
		file, err := h.documents.Matters(t.Context(), scope, box, wish)
		if err != nil {
			t.Fatal(err)
		}
		return open(t, file)
	}
	row := [][]string{{
		"E-2026-01", "跨县河段审批口径不一", h.office.Short, h.office.Prefix + "-01-01-001", "已上报", h.City[0].Short,
		"2026-11-20", "县水务局党组", "由上级明确口径",
	}}
	city := h.As(h.City[0], tenants.CITY)
	files := map[string]workbook{}
	for _, tt := range []struct {
		name  string
		scope tenants.Scope
		box   linkage.Box
		want  [][]string
	}{
		{"the county", h.off, linkage.Outbox, row},
		{"the city", city, linkage.Inbox, row},
		{"the county, come from below", h.off, linkage.Inbox, nil},
		{"the city, raised by itself", city, linkage.Outbox, nil},
		{"the other city", h.As(h.City[1], tenants.CITY), linkage.Inbox, nil},
		{"another county", h.As(h.County[0][1], tenants.OFF), linkage.Outbox, nil},
		{"the province, to which it did not come", h.As(h.Province, tenants.PROV), linkage.Inbox, nil},
	} {
		w := matters(tt.scope, tt.box)
		if got := w.rows(); w.sheet != "上报事项" || len(got)+len(tt.want) > 0 && !cmp.Equal(tt.want, got) {
			t.Errorf("%s (-want +got):\n%s", tt.name, cmp.Diff(tt.want, got))
		}
		files[tt.name] = w
	}

	one := "escalation.export of the file: 1 件，共 1 行；列：编号、事项、提出单位、问题编号、状态、现由谁办理、上报日期、涉及单位、请求事项"
	none := "escalation.export: 0 件，共 0 行；列：编号、事项、提出单位、问题编号、状态、现由谁办理、上报日期、涉及单位、请求事项"
	if diff := cmp.Diff([]string{one, "escalation.export-above: " + h.City[0].Short, none}, h.said(h.office, files["the county"])); diff != "" {
		t.Errorf("the county's journal (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{one, none}, h.said(h.City[0], files["the city"])); diff != "" {
		t.Errorf("the city's journal (-want +got):\n%s", diff)
	}

	wish = documents.Wish{Form: documents.Report}
	if _, err := h.documents.Matters(t.Context(), h.off, linkage.Outbox, wish); inspection.CodeOf(err) != "export.form" {
		t.Errorf("the form for reporting upward: %v", err)
	}
}

// TestMattersDecided: the list says what was decided, by when, and that the item's clock
// stands still meanwhile.
func TestMattersDecided(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m := h.raised(t, h.put(h.water, 1, "问题一", 0, true))
	city, dir := h.As(h.City[0], tenants.CITY), h.As(h.office, tenants.DIR)
	due, _ := inspection.ParseDay("2026-12-18")
	m = tenantstest.Must(h.documents.Linkage.Take(t.Context(), city, m.ID, m.Version, linkage.Taking{}))(t)
	list := func() [][]string {
		file := tenantstest.Must(h.documents.Matters(t.Context(), h.off, linkage.Outbox, documents.Wish{
			Columns: []string{"number", "decision", "decision_due", "dispute", "clock", "state"},
		}))(t)
		return open(t, file).rows()
	}
	if diff := cmp.Diff([][]string{{"E-2026-01", "", "", "", "", "已受理"}}, list()); diff != "" {
		t.Errorf("accepted (-want +got):\n%s", diff)
	}
	m = tenantstest.Must(h.documents.Linkage.Decide(t.Context(), city, m.ID, m.Version, linkage.Deciding{
		Decision: linkage.Assign, Target: "市水利局", DueOn: due, Text: "统一口径",
	}))(t)
	tenantstest.Must(h.documents.Linkage.StopClock(t.Context(), dir, m.ID, m.Version, "等待上级"))(t)
	want := [][]string{{"E-2026-01", "采纳交办，市水利局：统一口径", "2026-12-18", "", "已停止", "办理中"}}
	if diff := cmp.Diff(want, list()); diff != "" {
		t.Errorf("decided (-want +got):\n%s", diff)
	}
}
