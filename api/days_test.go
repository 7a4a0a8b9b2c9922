package api_test

import (
	"net/http"
	"strings"
	"testing"

	"xuncha/inspection/rectification"
)

// TestDaysOverHTTP sends days and instants that are none or that make no sense
// (BI-181 to BI-185): each is refused by the field's name, and nothing moves.
func TestDaysOverHTTP(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	path, tag := l.begun(t)
	tests := map[string]struct {
		day     any
		problem string
	}{
		"year one":            {"0001-01-01", "validation"},
		"far away":            {"9999-12-31", "validation"},
		"before the republic": {"1899-12-31", "validation"},
		"no such day":         {"2027-02-29", "validation"},
		"an empty cell":       {"1970-01-01", "validation"},
		"an instant":          {"2026-12-31T00:00:00+08:00", "validation"},
		"Chinese":             {"2026年12月31日", "validation"},
		"full width":          {"２０２６-12-31", "validation"},
		"a number":            {20261231, "validation"},
		"empty":               {"", "validation"},
		"none":                {nil, "validation"},
		"before the feedback": {"2026-07-09", "rectification.invalid"},
		"yesterday":           {"2026-11-19", "rectification.invalid"},
	}
	for name, tt := range tests {
		a := l.off.Do(http.MethodPost, path+"/due", map[string]any{"due_on": tt.day, "reason": "延期"}, "If-Match", tag)
		named := strings.Contains(string(a.Body), `"/due_on"`) || tt.day == "1970-01-01" // which no schema tells from others
		if a.Status != http.StatusUnprocessableEntity || a.Problem() != tt.problem || !named {
			t.Errorf("%s = %d %s", name, a.Status, a.Body)
		}
	}
	var item rectification.ItemPage
	if l.off.Get(path, &item); item.DueVersion != 1 {
		t.Errorf("a refused day moved the deadline to %s", item.DueOn)
	}
	a := l.off.Do(http.MethodPost, path+"/due", map[string]any{"due_on": "2026-12-31", "reason": "延期"}, "If-Match", tag)
	if a.Status != http.StatusOK {
		t.Errorf("a good day = %d %s", a.Status, a.Body)
	}
	for _, instant := range []string{"2026-11-21T00:00:00", "2026-11-21 00:00:00+08:00", "2026-11-21", "9999-99-99T00:00:00Z"} {
		a := l.off.Do(http.MethodPost, "disclosures/019ad2f0-1c3b-7a54-9d6e-0b1c2d3e4f50/schedule", map[string]any{"publish_at": instant}, "If-Match", `"1"`)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), "publish_at") {
			t.Errorf("%s = %d %s", instant, a.Status, a.Body)
		}
	}
}
