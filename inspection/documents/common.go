package documents

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
)

// CommonIssues takes the table of common issues out (共性问题). What leaves an office
// does not say which county has what: unless it is named, for use in the own office,
// the counties are numbered, those with more findings first, and no finding stands in
// it.
func (s *Service) CommonIssues(
	ctx context.Context, scope tenants.Scope, by linkage.By, n linkage.Narrow, named bool, w Wish,
) (File, error) {
	var c linkage.CommonIssues
	scope = scope.Wide()
	err := s.DB.Read(ctx, scope, func(tx *tenants.Tx) (err error) {
		c, err = s.Linkage.Count(ctx, tx, by, n)
		return err
	})
	if err != nil {
		return File{}, err
	}
	if len(w.Columns) == 0 {
		w.Form = All
	}
	list := func(inspection.Day) table[linkage.CommonIssue] { return commonIssues(c, by, named) }
	return take(ctx, s, scope, list, w, func(_ *tenants.Tx, e *export[linkage.CommonIssue]) ([]tenants.ID, error) {
		for _, i := range c.Items {
			if err := e.add(i); err != nil {
				return nil, err
			}
		}
		return nil, nil // it counts, and names no row of another office
	})
}

// commonIssues are tags, or codes, against offices: for each how many findings, and
// the share of its findings.
func commonIssues(c linkage.CommonIssues, by linkage.By, named bool) table[linkage.CommonIssue] {
	type issue = linkage.CommonIssue
	t := table[issue]{title: "共性问题", act: "issue.export", unit: "个标签"}
	if named {
		t.title = "共性问题（本级使用）"
	}
	add := func(key, title string, width float64, cell func(issue) any) {
		t.columns = append(t.columns, column[issue]{key, title, width, cell, true})
	}
	if by == linkage.ByCategory {
		t.unit = "个类别"
		add("code", "代码", 8, func(i issue) any { return i.Code })
		add("tag", "类别", 32, func(i issue) any { return i.Tag })
	} else {
		add("tag", "标签", 32, func(i issue) any { return i.Tag })
	}
	add("offices", "命中地区", 10, func(i issue) any { return i.Offices })
	add("units", "命中单位", 10, func(i issue) any { return i.Units })
	add("findings", "条数", 8, func(i issue) any { return i.Findings })
	add("common", "达到标准", 10, func(i issue) any {
		if i.Common {
			return "是"
		}
		return ""
	})
	for k, office := range heatPlaces(c, named) {
		name := office.Name
		if !named {
			name = fmt.Sprintf("县区%d", k+1)
		}
		at := func(i issue) int {
			for _, cell := range i.Cells {
				if cell.Office == office.Slug {
					return cell.Findings
				}
			}
			return 0
		}
		add("n"+office.Slug, name, 10, func(i issue) any { return at(i) })
		add("p"+office.Slug, name+"占比", 10, func(i issue) any {
			if office.Count == 0 {
				return nil
			}
			tenths := (at(i)*1000 + office.Count/2) / office.Count
			return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
		})
	}
	return t
}

// heatPlaces are the offices that have any: by region code, or where they are masked by
// their counts, since the order of the codes would tell which is which.
func heatPlaces(c linkage.CommonIssues, named bool) []linkage.Column {
	has := map[string]int{}
	for _, i := range c.Items {
		for _, cell := range i.Cells {
			has[cell.Office] += cell.Findings
		}
	}
	offices := slices.DeleteFunc(slices.Clone(c.Offices), func(o linkage.Column) bool { return has[o.Slug] == 0 })
	if !named {
		slices.SortStableFunc(offices, func(a, b linkage.Column) int { return cmp.Compare(has[b.Slug], has[a.Slug]) })
	}
	return offices
}
