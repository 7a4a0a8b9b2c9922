package api_test

import (
	"net/http"
	"testing"

	"xuncha/api/apitest"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// TestCommonIssuesOverHTTP: a city gives a tag to a county's finding, counts it with
// another and ends that; the county may not merge, and a sibling sees nothing.
func TestCommonIssuesOverHTTP(t *testing.T) {
	t.Parallel()
	s := newLinkage(t)
	county := s.County[0][0]
	finding := plantFinding(s, county)
	city, off := s.As(s.House.As(s.City[0], tenants.CITY)), s.As(s.House.As(county, tenants.OFF))
	at := "common-issues"
	give := map[string]any{"tag": "坐收坐支", "findings": []any{map[string]any{"office": county.Slug, "id": finding}}}
	var done linkage.TaggingDone
	post(t, city, http.StatusOK, at+"/tag", give).Into(t, &done)
	if done.Changed != 1 {
		t.Errorf("tagged %+v", done)
	}
	merge := map[string]any{"tag": "坐收坐支", "into": "集体资金", "reason": "同一类问题"}
	var m linkage.Merging
	city.Get(at+"/merge?tag=坐收坐支&into=集体资金", &m)
	if m.Both != 1 || m.After.Findings != 1 {
		t.Errorf("a merge would do %+v", m)
	}
	if a := off.Do(http.MethodPost, at+"/merge", merge); a.Status != http.StatusForbidden {
		t.Errorf("a county merges: %d %s", a.Status, a.Body)
	}
	post(t, city, http.StatusOK, at+"/merge", merge)
	count := func(c *apitest.Client, query string, want int) {
		t.Helper()
		var got linkage.CommonIssues
		c.Get(at+query, &got)
		if len(got.Items) != want {
			t.Errorf("%s counts %+v, want %d items", query, got.Items, want)
		}
	}
	count(city, "", 1)
	count(city, "?focus=2&from=2026-01-01", 0) // the finding has no day of feedback
	count(city, "?focus=2", 1)
	count(off, "", 1)
	count(s.As(s.House.As(s.County[0][1], tenants.OFF)), "", 0)
	post(t, city, http.StatusNoContent, at+"/merge/end", map[string]any{"tag": "坐收坐支"})
	count(city, "", 2)
	var found linkage.Similar
	city.Get(at+"/similar", &found)
	if found.Compared != 1 || len(found.Groups) != 0 {
		t.Errorf("similar: %+v", found)
	}
	for _, query := range []string{"?area=X", "?focus=9", "?from=gestern", "?by=colour"} {
		if a := city.Do(http.MethodGet, at+query, nil); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s = %d", query, a.Status)
		}
	}
}
