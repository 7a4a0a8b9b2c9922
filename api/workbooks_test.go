package api_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"xuncha/api/apitest"
	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// taken is the first column of a workbook that c takes out, below its header.
func taken(t *testing.T, c *apitest.Client, path string) []string {
	t.Helper()
	a := post(t, c, http.StatusOK, path, nil)
	want := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	if got := a.Header.Get("Content-Type"); got != want || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment; filename*=utf-8''") {
		t.Errorf("sent as %s, %s", got, a.Header.Get("Content-Disposition"))
	}
	f, err := excelize.OpenReader(bytes.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	first := []string{}
	for _, row := range rows[3:] {
		first = append(first, row[0])
	}
	return first
}

// TestExportItems takes the ledger out in the words of the list's own address: the
// file has the rows that the list has, for everybody.
func TestExportItems(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	edu := l.Unit(l.office, "县教育局党组")
	for i, unit := range []inspection.UnitID{l.unit, l.unit, edu} {
		id := inspection.NewID[inspection.FindingID]()
		number := l.office.Prefix + "-" + string(rune('1'+i))
		state := []string{"open", "working", "working"}[i]
		l.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, category, text, issued_at)
			values ($1, $2, $3, $4, $5, $6, 1, '', '问题', now())`, l.office.ID, id, number, l.round, unit, i+1)
		l.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, issued_at, changed_at, changed_by)
			values ($1, $2, $3, $4, now(), now(), '某人')`, l.office.ID, id, unit, state)
	}
	clients := map[string]*apitest.Client{"office": l.off, "unit": l.liaison}
	for query, most := range map[string]int{"": 3, "state=working": 2, "state=open,working&sort=-number": 3, "q=KAA-3": 1, "unit=" + edu.String(): 1} {
		for who, c := range clients {
			var list struct{ Items []struct{ Number string } }
			c.Get("items?"+query, &list)
			want := []string{}
			for _, it := range list.Items {
				want = append(want, it.Number)
			}
			if diff := cmp.Diff(want, taken(t, c, "items/export?columns=number,unit&"+query)); diff != "" {
				t.Errorf("%s, %q (-list +file):\n%s", who, query, diff)
			}
			if who == "office" && len(want) != most {
				t.Errorf("%q: the office has %d rows, want %d", query, len(want), most)
			}
		}
	}
	for path, want := range map[string]string{
		"items/export":                               "export.columns",
		"items/export?columns=number,nothing":        "export.columns",
		"items/export?form=pdf":                      "validation",
		"items/export?columns=number&colour=red":     "unknown-parameter",
		"items/export?columns=number&due=tomorrow":   "rectification.due",
		"items/export?form=report&cursor=somewhere":  "unknown-parameter",
		"escalations/export?form=report":             "export.form",
		"escalations/export?form=all&finding=" + "x": "unknown-parameter",
	} {
		if a := l.off.Do(http.MethodPost, path, nil); a.Status != http.StatusUnprocessableEntity || a.Problem() != want {
			t.Errorf("POST %s = %d %s, want 422 %s", path, a.Status, a.Problem(), want)
		}
	}
	for role, want := range map[tenants.Role]int{tenants.ADM: http.StatusForbidden, tenants.MEM: http.StatusForbidden, tenants.LG: http.StatusOK} {
		if a := l.as(role).Do(http.MethodPost, "items/export?form=all", nil); a.Status != want {
			t.Errorf("%s = %d, want %d", role, a.Status, want)
		}
	}
}

// TestExportAsked finds in the journal what an export was filtered for, whole and as the
// address has it: a value cannot look like a second filter.
func TestExportAsked(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	for query, want := range map[string]string{
		"state=working&q=" + url.QueryEscape("甲&state=closed"): "q=%E7%94%B2%26state%3Dclosed&state=working",
		"q=" + strings.Repeat("%F0%A0%80%80", 100):             "q=" + strings.Repeat("%F0%A0%80%80", 100),
	} {
		post(t, l.off, http.StatusOK, "items/export?columns=number&form=shown&"+query, nil)
		text := tenantstest.RootValue[string](l.House, `select detail ->> 'text' from journal
			where tenant_id = $1 and action = 'ledger.export' order by seq desc limit 1`, l.office.ID)
		if _, got, _ := strings.Cut(text, "筛选："); got != want {
			t.Errorf("asked for\n%s, want\n%s", got, want)
		}
	}
}

// TestViews saves, lists, changes and removes a view over HTTP.
func TestViews(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	var made tenants.View
	post(t, l.off, http.StatusCreated, "views", tenants.NewView{
		Screen: "rectification.ledger", Name: "盯办", Query: "state=working&sort=due", Shared: true,
	}).Into(t, &made)
	var all struct{ Items []tenants.View }
	l.disc.Get("views?screen=rectification.ledger", &all)
	last := all.Items[len(all.Items)-1]
	if last.Name != "盯办" || last.Mine || last.Whose != tenants.SharedView || last.Query != "sort=due&state=working" {
		t.Errorf("a colleague sees %+v", last)
	}
	at := "views/" + made.Key
	if a := l.disc.Do(http.MethodPatch, at, map[string]any{"name": "改名"}, "If-Match", `"1"`); a.Status != http.StatusForbidden {
		t.Errorf("a colleague's change = %d %s", a.Status, a.Body)
	}
	if a := l.off.Do(http.MethodPatch, at, map[string]any{"shared": false}, "If-Match", `"1"`); a.Status != http.StatusOK {
		t.Errorf("the own change = %d %s", a.Status, a.Body)
	}
	if a := l.disc.Do(http.MethodPost, at+"/remove", nil, "If-Match", `"2"`); a.Status != http.StatusNotFound {
		t.Errorf("removing what is personal now = %d %s", a.Status, a.Body)
	}
	post(t, l.off, http.StatusNoContent, at+"/remove", nil, "If-Match", `"2"`)
	if a := l.off.Do(http.MethodGet, "views?screen=No.Thing", nil); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a screen that is none = %d", a.Status)
	}
}
