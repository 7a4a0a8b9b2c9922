package linkage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestDeidentified: a text that names a source is not submitted until the word is
// gone or somebody says why it stays, and not issued until another agrees.
func TestDeidentified(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city := c.As(c.City[0], tenants.CITY)
	d := draft(c.County[0][1])
	d.Body = c.County[0][0].Name + "的县某局000党组（即县某局000）支出未经民主程序；县某局100不属本市。"
	n := tenantstest.Must(c.Compose(ctx, city, d))(t)
	v := tenantstest.Must(c.Get(ctx, city, n.ID))(t)
	var tokens []string
	for _, h := range v.Hits {
		tokens = append(tokens, h.Kind+" "+h.Token)
	}
	want := []string{"unit 县某局000党组", "unit 县某局000", "office " + c.County[0][0].Name}
	if diff := cmp.Diff(want, tokens); diff != "" {
		t.Errorf("hits (-want +got):\n%s", diff)
	}
	_, err := c.Submit(ctx, city, n.ID, n.Version, nil)
	tenantstest.Wants(t, err, inspection.Invalid, "notice.identifies")
	kept := []linkage.Kept{
		{Token: "县某局000党组", Reason: "已公开"}, {Token: "县某局000", Reason: "已公开"}, {Token: c.County[0][0].Name, Reason: " "},
	}
	_, err = c.Submit(ctx, city, n.ID, n.Version, kept)
	tenantstest.Wants(t, err, inspection.Invalid, "notice.identifies")
	kept[2].Reason = "已公开"
	n = tenantstest.Must(c.Submit(ctx, city, n.ID, n.Version, kept))(t)

	// AC05: who said why cannot agree, and without another's word nothing leaves.
	second := c.As(c.City[0], tenants.CITY)
	names := []linkage.Line{"县某局000党组", "县某局000", linkage.Line(c.County[0][0].Name)}
	_, err = c.Issue(ctx, city, n.ID, n.Version)
	tenantstest.Wants(t, err, inspection.Invalid, "notice.identifies")
	_, err = c.Agree(ctx, city, n.ID, n.Version, names)
	tenantstest.Wants(t, err, inspection.Forbidden, "notice.same-person")
	_, err = c.Agree(ctx, second, n.ID, n.Version, []linkage.Line{"县某局999"})
	tenantstest.Wants(t, err, inspection.Conflict, "notice.not-kept")
	n = tenantstest.Must(c.Agree(ctx, second, n.ID, n.Version, names[:2]))(t)
	_, err = c.Issue(ctx, second, n.ID, n.Version)
	tenantstest.Wants(t, err, inspection.Invalid, "notice.identifies")
	n = tenantstest.Must(c.Agree(ctx, second, n.ID, n.Version, names[2:]))(t)
	v = tenantstest.Must(c.Get(ctx, second, n.ID))(t)
	for _, h := range v.Hits {
		if h.Reason != "已公开" || h.Asked == "" || h.Agreed == "" || h.Mine {
			t.Errorf("decided on %s: %+v", h.Token, h)
		}
	}

	// Another edition begins without what was agreed to for this one.
	sent := tenantstest.Must(c.SendBack(ctx, second, n.ID, n.Version, "再改"))(t)
	edited := tenantstest.Must(c.Edit(ctx, city, n.ID, sent.Version, d))(t)
	again := tenantstest.Must(c.Submit(ctx, city, n.ID, edited.Version, kept))(t)
	_, err = c.Issue(ctx, second, n.ID, again.Version)
	tenantstest.Wants(t, err, inspection.Invalid, "notice.identifies")
	again = tenantstest.Must(c.Agree(ctx, second, n.ID, again.Version, names))(t)
	tenantstest.Must(c.Issue(ctx, second, n.ID, again.Version))(t)

	// What was kept, and why, is nobody's else.
	for who, want := range map[tenants.Scope]int{city: 6, c.As(c.Province, tenants.PROV): 0, c.As(c.County[0][1], tenants.OFF): 0} {
		if got := rows(t, c, who, "notice_kept"); got != want {
			t.Errorf("%s reads %d names that were kept, want %d", who.Role(), got, want)
		}
	}
	// That the city read their findings stands in the counties' journals.
	for i, county := range c.County[0] {
		if n := tenantstest.RootValue[int](c.House,
			`select count(*) from journal where tenant_id = $1 and action = 'finding.list-above'`, county.ID); n != 2 {
			t.Errorf("%d entries about the reading in county %d, want 2", n, i)
		}
	}
}

// TestDisguised is AC05's probe: every kind of name, in every place, however it is
// spread out, and beside each a text that must pass.
func TestDisguised(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, county := c.As(c.City[0], tenants.CITY), c.County[0][0]
	c.Root(`insert into units (tenant_id, id, name, kind) values ($1, gen_random_uuid(), '石梁乡党委', 'township'),
		($1, gen_random_uuid(), '县水务局党组', 'department')`, county.ID)
	c.Root(`insert into members (tenant_id, id, name, state) values ($1, gen_random_uuid(), '顾某澜', 'active')`, county.ID)
	c.Root(`insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader, person, issued_at)
		select tenant_id, gen_random_uuid(), id, unit_id, 1, '清理', '党组书记、冯某立', '业务科', '2026-07-10' from findings where id = $1`,
		c.findings[county.ID][0])
	for _, tt := range []struct {
		text, kind, as string
	}{
		{"近期发现石梁乡支出不规范", "unit", "石梁乡"},
		{"近期发现石 梁 乡支出不规范", "unit", "石 梁 乡"},
		{"近期发现石梁一带支出不规范", "place", "石梁"},
		{"近期发现石·梁一带支出不规范", "place", "石·梁"},
		{"县水务局支出不规范", "unit", "县水务局"},
		{"县水\u200b务局支出不规范", "unit", "县水\u200b务局"},
		{"县　水　务　局支出不规范", "unit", "县　水　务　局"},
		{"顾某澜同志负责", "person", "顾某澜"},
		{"顾－某－澜同志负责", "person", "顾－某－澜"},
		{"冯 某立同志负责", "person", "冯 某立"},
		{"详见" + county.Prefix + "-10-001", "number", county.Prefix + "-10-001"},
		{"详见" + wide(county.Prefix) + "－１０－００１", "number", wide(county.Prefix) + "－１０－００１"},
		{"党组书记未履行职责，业务科把关不严", "", ""}, // posts, and what every office has
		{"部分乡镇的水务管理部门支出不规范", "", ""},
		{"县某局100支出不规范", "", ""}, // of another city
	} {
		for at, put := range map[string]func(*linkage.Composing){
			"/body":        func(d *linkage.Composing) { d.Body = tt.text },
			"/title":       func(d *linkage.Composing) { d.Title = tt.text },
			"/questions/1": func(d *linkage.Composing) { d.Questions[1] = linkage.Line(tt.text) },
		} {
			d := draft(c.County[0][1])
			put(&d)
			n := tenantstest.Must(c.Compose(ctx, city, d))(t)
			found := tenantstest.Must(c.Get(ctx, city, n.ID))(t).Hits
			_, err := c.Submit(ctx, city, n.ID, n.Version, nil)
			switch {
			case tt.kind == "" && (len(found) > 0 || err != nil):
				t.Errorf("%q in %s: %+v, %v; want it to pass", tt.text, at, found, err)
			case tt.kind == "":
			case len(found) != 1 || found[0].Kind != tt.kind || found[0].As != tt.as || found[0].At != at:
				t.Errorf("%q in %s: %+v; want the %s %q", tt.text, at, found, tt.kind, tt.as)
			default:
				tenantstest.Wants(t, err, inspection.Invalid, "notice.identifies")
			}
		}
	}
	// The tag goes out with the letter, too.
	tenantstest.Must(c.Tag(ctx, city, linkage.Tagging{Tag: "石梁乡现象", Findings: c.refs(county)}))(t)
	d := draft(c.County[0][1])
	d.Tag = "石梁乡现象"
	n := tenantstest.Must(c.Compose(ctx, city, d))(t)
	if found := tenantstest.Must(c.Get(ctx, city, n.ID))(t).Hits; len(found) != 1 || found[0].At != "/tag" {
		t.Errorf("in the tag: %+v", found)
	}
}

// wide writes ASCII in full width.
func wide(s string) string {
	var out []rune
	for _, r := range s {
		out = append(out, r+0xFEE0)
	}
	return string(out)
}
