package documents_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/documents"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// TestCommonIssues takes the table out: masked it says of no county what it has, and
// named, for the own office, it does.
func TestCommonIssues(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "问题一", 0, true)
	h.put(h.water, 2, "问题二", 0, true)
	h.put(h.water, 3, "问题三", 0, false)
	h.Root(`update findings set tags = '{集体资金}' where seq <> 2`)
	city := h.As(h.City[0], tenants.CITY)
	take := func(named bool) workbook {
		t.Helper()
		file, err := h.documents.CommonIssues(t.Context(), city, linkage.ByTag, linkage.Narrow{}, named, documents.Wish{})
		if err != nil {
			t.Fatal(err)
		}
		return open(t, file)
	}
	masked, named := take(false), take(true)
	want := [][]string{{"集体资金", "1", "1", "1", "", "1", "50.0%"}}
	for name, w := range map[string]workbook{"masked": masked, "named": named} {
		if diff := cmp.Diff(want, w.rows()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if heads := head(t, named); !slices.Contains(heads, h.office.Name) || named.sheet != "共性问题（本级使用）" {
		t.Errorf("the named one, %s, has %q", named.sheet, heads)
	}
	if heads := head(t, masked); !slices.Contains(heads, "县区1") || strings.Contains(strings.Join(heads, ""), h.office.Name) {
		t.Errorf("the masked one has %q", heads)
	}
	for _, part := range []string{h.office.Name, h.office.Slug, "县水务局"} {
		if bytes.Contains([]byte(whole(t, masked)), []byte(part)) {
			t.Errorf("the masked one says %q", part)
		}
		if part == h.office.Name && !strings.Contains(whole(t, named), part) {
			t.Errorf("the named one does not say %q", part) // the search finds what is there
		}
	}
	said := h.said(h.City[0], masked)
	if len(said) != 2 || !strings.Contains(said[0], "issue.export of the file: 1 个标签") || strings.Contains(said[0], h.office.Name) {
		t.Errorf("the city's journal: %q", said)
	}
}

func head(t *testing.T, w workbook) []string {
	t.Helper()
	rows, err := w.GetRows(w.sheet)
	if err != nil {
		t.Fatal(err)
	}
	return rows[2]
}

// whole is all text of a workbook.
func whole(t *testing.T, w workbook) string {
	t.Helper()
	var b strings.Builder
	for _, sheet := range w.GetSheetList() {
		rows, err := w.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			b.WriteString(strings.Join(row, "\n") + "\n")
		}
	}
	return b.String()
}
