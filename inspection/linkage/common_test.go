package linkage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var all = linkage.Narrow{}

// counted is how far each tag goes, as a scope counts it.
func (c *chain) counted(s tenants.Scope) map[string]linkage.Size {
	c.t.Helper()
	sizes := map[string]linkage.Size{}
	for _, i := range tenantstest.Must(c.CommonIssues(c.t.Context(), s, linkage.ByTag, all))(c.t).Items {
		sizes[i.Tag] = linkage.Size{Findings: i.Findings, Offices: i.Offices, Units: i.Units}
	}
	return sizes
}

// refs names findings of an office.
func (c *chain) refs(office tenants.Tenant) (refs []linkage.FindingRef) {
	for _, id := range c.findings[office.ID] {
		refs = append(refs, linkage.FindingRef{Office: linkage.Slug(office.Slug), ID: id})
	}
	return refs
}

// rewrite changes what a finding says, as the feedback would have said it.
func (c *chain) rewrite(id inspection.FindingID, text, code string, on string, tags ...string) {
	c.Root(`update findings set text = $2, taxonomy = $3, feedback_on = $4, tags = $5 where id = $1`, id, text, code, on, append([]string{}, tags...))
}

func TestCommonIssues(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	provs := c.As(c.Province, tenants.PROV)
	prov := tenantstest.Must(c.CommonIssues(ctx, provs, linkage.ByTag, all))(t)
	if len(prov.Items) != 1 || prov.Items[0].Findings != 12 || prov.Items[0].Offices != 6 || !prov.Items[0].Common {
		t.Errorf("the province counts %+v", prov.Items)
	}
	city := tenantstest.Must(c.CommonIssues(ctx, c.As(c.City[0], tenants.CITY), linkage.ByTag, all))(t)
	if city.Items[0].Findings != 6 || city.Items[0].Common {
		t.Errorf("the city counts %+v", city.Items[0])
	}
	county := tenantstest.Must(c.CommonIssues(ctx, c.As(c.County[0][0], tenants.OFF), linkage.ByTag, all))(t)
	if county.Items[0].Findings != 2 || len(county.Offices) != 1 || county.Offices[0].Count != 2 {
		t.Errorf("the county counts %+v", county)
	}

	// Codes, narrowed, and the rows behind one cell: count and rows agree.
	first := c.findings[c.County[0][0].ID]
	c.rewrite(first[0], "甲", "B0302", "2026-08-01", tag)
	c.rewrite(first[1], "乙", "D0201", "2026-09-01", tag)
	from := tenantstest.Must(inspection.ParseDay("2026-08-02"))(t)
	until := tenantstest.Must(inspection.ParseDay("2026-08-01"))(t)
	slug := c.County[0][0].Slug
	for _, tt := range []struct {
		name   string
		by     linkage.By
		narrow linkage.Narrow
		of     string // the tag or code
		want   int    // findings of it in the first county
		base   int    // what its share is taken of
	}{
		{"tag", linkage.ByTag, all, tag, 2, 2},
		{"tag of an area", linkage.ByTag, linkage.Narrow{Area: "B"}, tag, 1, 1},
		{"tag of a class", linkage.ByTag, linkage.Narrow{Area: "D02"}, tag, 1, 1},
		{"tag since", linkage.ByTag, linkage.Narrow{From: &from}, tag, 1, 1},
		{"code", linkage.ByCategory, all, "B0302", 1, 2},
		{"code until", linkage.ByCategory, linkage.Narrow{Until: &until}, "B0302", 1, 1},
		{"tag of another focus", linkage.ByTag, linkage.Narrow{Focus: 1}, tag, 0, 0},
	} {
		got, base := 0, 0
		counts := tenantstest.Must(c.CommonIssues(ctx, provs, tt.by, tt.narrow))(t)
		for _, i := range counts.Items {
			for _, cell := range i.Cells {
				if (i.Tag == tt.of || i.Code == tt.of) && cell.Office == slug {
					got += cell.Findings
				}
			}
		}
		for _, o := range counts.Offices {
			if o.Slug == slug {
				base = o.Count
			}
		}
		rows := tenantstest.Must(c.Tagged(ctx, provs, linkage.Behind{By: tt.by, Tag: tt.of, Office: slug, Narrow: tt.narrow}))(t)
		if got != tt.want || len(rows) != tt.want || base != tt.base {
			t.Errorf("%s: %d of %d counted, %d rows; want %d of %d", tt.name, got, base, len(rows), tt.want, tt.base)
		}
	}
	if fs := tenantstest.Must(c.Tagged(ctx, c.As(c.City[1], tenants.CITY), linkage.Behind{Tag: tag}))(t); len(fs) != 6 {
		t.Errorf("the city lists %d findings", len(fs))
	}
}

// TestTagsFromAbove: a city's tag counts for the city and the province, and for
// nobody in the county; an own finding carries its tag.
func TestTagsFromAbove(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	prov, city := c.As(c.Province, tenants.PROV), c.As(c.City[0], tenants.CITY)
	off, other := c.As(c.County[0][0], tenants.OFF), c.As(c.City[1], tenants.CITY)
	give := linkage.Tagging{Tag: "现金结算", Findings: append(c.refs(c.County[0][0]), c.refs(c.County[0][1])...)}

	done := tenantstest.Must(c.Tag(ctx, city, give))(t)
	if done.Changed != 4 || done.Left != 0 {
		t.Errorf("tagged %+v", done)
	}
	if again := tenantstest.Must(c.Tag(ctx, city, give))(t); again.Changed != 0 || again.Left != 4 {
		t.Errorf("tagged again %+v", again)
	}
	want := linkage.Size{Findings: 4, Offices: 2, Units: 4}
	for who, s := range map[string]tenants.Scope{"the city": city, "the province": prov} {
		if got := c.counted(s)["现金结算"]; got != want {
			t.Errorf("%s counts %+v", who, got)
		}
	}
	for who, s := range map[string]tenants.Scope{"the county": off, "another city": other} {
		if got, ok := c.counted(s)["现金结算"]; ok {
			t.Errorf("%s counts %+v", who, got)
		}
	}
	if n := rows(t, c, c.As(c.County[0][0], tenants.UNIT, c.units[c.County[0][0].ID][0]), "finding_marks"); n != 0 {
		t.Errorf("a unit reads %d marks", n)
	}
	if n := rows(t, c, city, "finding_marks"); n != 4 {
		t.Errorf("the city reads %d marks", n)
	}

	// The county's own tag is on the finding, for all to see; both count once.
	own := linkage.Tagging{Tag: "现金结算", Findings: c.refs(c.County[0][0])[:1]}
	tenantstest.Must(c.Tag(ctx, off, own))(t)
	if got := c.counted(off)["现金结算"].Findings; got != 1 {
		t.Errorf("the county counts %d", got)
	}
	if got := c.counted(city)["现金结算"]; got != want {
		t.Errorf("the city counts %+v", got)
	}
	if done := tenantstest.Must(c.Untag(ctx, city, give))(t); done.Changed != 4 {
		t.Errorf("untagged %+v", done)
	}
	if got := c.counted(city)["现金结算"].Findings; got != 1 {
		t.Errorf("after the marks are off the city counts %d", got)
	}
	tenantstest.Must(c.Untag(ctx, off, own))(t)
	if _, ok := c.counted(prov)["现金结算"]; ok {
		t.Error("the tag is still counted")
	}

	// Nobody tags beside or above.
	_, err := c.Tag(ctx, other, give)
	tenantstest.Wants(t, err, inspection.Invalid, "issue.findings")
	_, err = c.Tag(ctx, off, linkage.Tagging{Tag: "现金结算", Findings: c.refs(c.County[0][1])})
	tenantstest.Wants(t, err, inspection.Invalid, "issue.findings")
	_, err = c.Tag(ctx, c.As(c.County[0][0], tenants.LG), own)
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	if n := tenantstest.RootValue[int](c.House,
		`select count(*) from journal where tenant_id = $1 and action = 'finding.list-above'`, c.County[0][1].ID); n != 3 {
		t.Errorf("%d entries about the city's tags in a county, want 3", n)
	}
}

// TestMergeTags: two tags are counted as one, findings with both once; the other
// offices count as before, and it can be ended.
func TestMergeTags(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	prov, city := c.As(c.Province, tenants.PROV), c.As(c.City[0], tenants.CITY)
	one, two := c.findings[c.County[0][0].ID], c.findings[c.County[1][0].ID]
	c.rewrite(one[0], "甲", "D0201", "2026-07-10", tag, "坐收坐支")
	c.rewrite(one[1], "乙", "D0201", "2026-07-10", "坐收坐支")
	c.rewrite(two[0], "丙", "D0201", "2026-07-10", "白条入账")

	m := tenantstest.Must(c.TryMerge(ctx, prov, "坐收坐支", tag))(t)
	want := linkage.Merging{
		Tag: linkage.Size{Findings: 2, Offices: 1, Units: 2}, Into: linkage.Size{Findings: 10, Offices: 6, Units: 10},
		After: linkage.Size{Findings: 11, Offices: 6, Units: 11}, Both: 1,
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("a merge would do (-want +got):\n%s", diff)
	}
	if got := c.counted(prov); len(got) != 3 {
		t.Errorf("trying changed the counts: %+v", got)
	}
	tenantstest.Must(c.MergeTags(ctx, prov, "白条入账", "坐收坐支", "同一类问题"))(t)
	if done := tenantstest.Must(c.MergeTags(ctx, prov, "坐收坐支", tag, "同一类问题"))(t); done.After.Findings != 12 {
		t.Errorf("merged %+v", done)
	}
	// What was counted with the first is counted with the second.
	if diff := cmp.Diff(map[string]linkage.Size{tag: {Findings: 12, Offices: 6, Units: 12}}, c.counted(prov)); diff != "" {
		t.Errorf("the province counts (-want +got):\n%s", diff)
	}
	if got := c.counted(city); got["坐收坐支"].Findings != 2 || got[tag].Findings != 5 {
		t.Errorf("the city counts %+v", got)
	}
	if fs := tenantstest.Must(c.Tagged(ctx, prov, linkage.Behind{Tag: tag}))(t); len(fs) != 12 {
		t.Errorf("behind it stand %d findings", len(fs))
	}
	// A notice rests on what is counted.
	n := tenantstest.Must(c.Compose(ctx, prov, draft(c.City[0])))(t)
	if v := tenantstest.Must(c.Get(ctx, prov, n.ID))(t); len(v.Basis) != 12 {
		t.Errorf("a notice rests on %d findings", len(v.Basis))
	}
	_, err := c.MergeTags(ctx, prov, tag, "坐收坐支", "反向")
	tenantstest.Wants(t, err, inspection.Invalid, "issue.merge") // nothing is counted with it any more: no circle
	_, err = c.MergeTags(ctx, prov, tag, tag, "自身")
	tenantstest.Wants(t, err, inspection.Invalid, "issue.merge")
	_, err = c.MergeTags(ctx, c.As(c.County[0][0], tenants.OFF), "坐收坐支", tag, "县级")
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")

	tenantstest.Must(0, c.EndMerge(ctx, prov, "坐收坐支"))(t)
	if got := c.counted(prov); got["坐收坐支"].Findings != 2 || got[tag].Findings != 11 {
		t.Errorf("after it was ended the province counts %+v", got)
	}
	tenantstest.Wants(t, c.EndMerge(ctx, prov, "坐收坐支"), inspection.NotFound, "not-found")
	if n := tenantstest.RootValue[int](c.House, `select count(*) from journal where action in ('issue.merge', 'issue.unmerge')`); n != 3 {
		t.Errorf("%d entries about merges, want 3", n)
	}
}

// TestSimilar: near texts of several offices are one group, with the reasons; others
// are not in it, and a group that has its tag is not proposed again.
func TestSimilar(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	prov := c.As(c.Province, tenants.PROV)
	var near []linkage.FindingRef
	i := 0
	for _, city := range c.County {
		for _, county := range city {
			c.rewrite(c.findings[county.ID][0], fmt.Sprintf("党费收缴管理不规范，%d年有%d名党员未按标准交纳，%d个支部党费使用未公示。", 2023+i%3, 9+i*7, 2+i), "C0304", "2026-07-10")
			c.rewrite(c.findings[county.ID][1], []string{
				"第一议题制度落实不到位，以传达代替研讨。", "粮食和耕地保护责任落实不力，渠系损毁近一年未修复。", "公务接待超标准，陪餐人数超出规定。",
				"发展党员把关不严，政审材料缺失。", "安全生产监管宽松软，检查记录雷同。", "意识形态责任制落实不严，未开展分析研判。",
			}[i], "A0102", "2026-07-10")
			near = append(near, c.refs(county)[0])
			i++
		}
	}
	s := tenantstest.Must(c.Similar(ctx, prov, all))(t)
	if len(s.Groups) != 1 || s.Compared != 12 || s.Total != 12 {
		t.Fatalf("of %d compared, %d in all, groups %+v", s.Compared, s.Total, s.Groups)
	}
	g := s.Groups[0]
	if g.Findings != 6 || g.Offices != 6 || g.Untagged != 6 || !strings.Contains(g.Tag, "党费收缴管理不规范") {
		t.Errorf("the group is %+v", g)
	}
	reasons := strings.Join(g.Reasons, "\n")
	for _, want := range []string{"5 条与", "文字相近", "“党费收缴管理不规范", "6 条的分类代码同为 C0304"} {
		if !strings.Contains(reasons, want) {
			t.Errorf("the reasons do not say %q:\n%s", want, reasons)
		}
	}
	for _, m := range g.Members {
		if !slices.Contains(near, linkage.FindingRef{Office: linkage.Slug(m.Office), ID: m.ID}) || m.Percent < s.Percent {
			t.Errorf("%s is in the group with %d", m.Number, m.Percent)
		}
	}
	tenantstest.Must(c.Tag(ctx, prov, linkage.Tagging{Tag: "党费管理", Findings: near[:4]}))(t)
	g = tenantstest.Must(c.Similar(ctx, prov, all))(t).Groups[0]
	if g.Tag != "党费管理" || g.Untagged != 2 || !strings.Contains(strings.Join(g.Reasons, ""), "4 条已带标签“党费管理”") {
		t.Errorf("with its tag the group is %+v", g)
	}
	tenantstest.Must(c.Tag(ctx, prov, linkage.Tagging{Tag: "党费管理", Findings: near[4:]}))(t)
	if got := tenantstest.Must(c.Similar(ctx, prov, all))(t); len(got.Groups) != 0 {
		t.Errorf("a group whose findings are all tagged is proposed: %+v", got.Groups)
	}
	// Another city's texts are none of this one's.
	if got := tenantstest.Must(c.Similar(ctx, c.As(c.City[1], tenants.CITY), all))(t); len(got.Groups) != 1 || got.Groups[0].Offices != 3 {
		t.Errorf("a city is proposed %+v", got.Groups)
	}
	if got := tenantstest.Must(c.Similar(ctx, prov, linkage.Narrow{Area: "A"}))(t); got.Total != 6 || len(got.Groups) != 0 {
		t.Errorf("narrowed to others: %+v", got)
	}
}
