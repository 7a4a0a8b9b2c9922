package linkage_test

import (
	"slices"
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

var raising = linkage.Raising{
	Title: "跨县河段审批口径不一", Tried: "两县三次会商未果", Why: "河段跨两县，县级无权统一", Asked: "由上级明确口径",
}

// raised raises a matter of the first county's first finding, up to the city.
func (c *chain) raised() (linkage.Matter, tenants.Scope, tenants.Scope) {
	c.t.Helper()
	county := c.County[0][0]
	off, dir := c.As(county, tenants.OFF), c.As(county, tenants.DIR)
	m := tenantstest.Must(c.Raise(c.t.Context(), off, c.findings[county.ID][0], raising))(c.t)
	m = tenantstest.Must(c.SubmitMatter(c.t.Context(), off, m.ID, m.Version))(c.t)
	return tenantstest.Must(c.Approve(c.t.Context(), dir, m.ID, m.Version))(c.t), off, dir
}

func (c *chain) caseOf(county tenants.Tenant, i int) (due, note string, flags []string) {
	c.t.Helper()
	id := c.findings[county.ID][i]
	return tenantstest.RootValue[string](c.House, `select due_on::text from rectifications where finding_id = $1`, id),
		tenantstest.RootValue[string](c.House, `select due_note from rectifications where finding_id = $1`, id),
		tenantstest.RootValue[[]string](c.House, `select flags from rectifications where finding_id = $1`, id)
}

// TestMatterUp walks a matter from a county over its city to the province, and the
// answer back to the finding.
func TestMatterUp(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, prov := c.As(c.City[0], tenants.CITY), c.As(c.Province, tenants.PROV)
	m, off, dir := c.raised()
	if m.Number != "E-2026-01" || m.HolderName != c.City[0].Short || m.StepDue == nil {
		t.Errorf("sent up as %s, with %s until %v", m.Number, m.HolderName, m.StepDue)
	}
	if _, _, flags := c.caseOf(c.County[0][0], 0); !slices.Contains(flags, string(rectification.Escalated)) {
		t.Errorf("the finding is not marked: %v", flags)
	}
	_, err := c.Raise(ctx, off, m.FindingID, raising)
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.exists")

	_, err = c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "同意"})
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.wrong-state") // accepting comes first
	m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
	_, err = c.WithdrawMatter(ctx, off, m.ID, m.Version, "不需要了")
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.wrong-state")
	m = tenantstest.Must(c.Note(ctx, city, m.ID, m.Version, "本市河段联合巡查"))(t)
	if _, err := c.GetMatter(ctx, prov, m.ID); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the province sees what did not come to it: %v", err)
	}
	m = tenantstest.Must(c.RaiseFurther(ctx, city, m.ID, m.Version, "松渡属另一市"))(t)
	_, err = c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "同意"})
	tenantstest.Wants(t, err, inspection.Conflict, "escalation.elsewhere")
	m = tenantstest.Must(c.Take(ctx, prov, m.ID, m.Version, linkage.Taking{}))(t)
	due, _ := inspection.ParseDay("2026-12-31")
	m = tenantstest.Must(c.Answer(ctx, prov, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "由市级统一审批", DueOn: &due}))(t)
	if m.HolderSlug != c.County[0][0].Slug || m.AnsweredBy != c.Province.Short {
		t.Errorf("answered by %s, now with %s", m.AnsweredBy, m.HolderName)
	}
	if due, note, _ := c.caseOf(c.County[0][0], 0); due != "2026-12-10" || note != "" {
		t.Errorf("the answer alone moved the finding to %s %q", due, note)
	}
	_, err = c.Confirm(ctx, off, m.ID, m.Version, linkage.Confirming{ExtendTo: &due})
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	m = tenantstest.Must(c.Confirm(ctx, dir, m.ID, m.Version, linkage.Confirming{ExtendTo: &due, Task: "按联合审批意见办理"}))(t)
	if due, note, _ := c.caseOf(c.County[0][0], 0); due != "2026-12-31" || note != "随省级答复顺延" {
		t.Errorf("the finding is due %s %q", due, note)
	}
	if n := tenantstest.RootValue[int](c.House, `select count(*) from measures where finding_id = $1`, m.FindingID); n != 1 {
		t.Errorf("%d measures from the answer, want 1", n)
	}

	want := "县提出 done, 市受理 done, 市研究 done, 省受理 done, 省研究 done, 答复 done, 县落实 now, 办结 ahead"
	for who, s := range map[string]tenants.Scope{"county": off, "city": city, "province": prov} {
		v := tenantstest.Must(c.GetMatter(ctx, s, m.ID))(t)
		if got := line(v.Stages); got != want {
			t.Errorf("the %s reads\n%s, want\n%s", who, got, want)
		}
		internal := slices.ContainsFunc(v.Steps, func(p linkage.Step) bool { return p.Internal })
		if internal != (who == "county") {
			t.Errorf("the %s sees steps inside the county: %t", who, internal)
		}
	}
	m = tenantstest.Must(c.Finish(ctx, off, m.ID, m.Version, "已按统一口径审批"))(t)
	if _, _, flags := c.caseOf(c.County[0][0], 0); len(flags) != 0 || m.Open() {
		t.Errorf("finished in %s with marks %v", m.State, flags)
	}
	if v := tenantstest.Must(c.GetMatter(ctx, off, m.ID))(t); !strings.HasSuffix(line(v.Stages), "县落实 done, 办结 done") {
		t.Errorf("finished as %s", line(v.Stages))
	}
}

func line(stages []linkage.Stage) string {
	parts := make([]string, len(stages))
	for i, s := range stages {
		parts[i] = s.Name + " " + string(s.State)
	}
	return strings.Join(parts, ", ")
}

// TestMatterBack: what is returned comes again under its number, what is refused
// ends with the raiser taking note, and what the province returns stays with the
// city.
func TestMatterBack(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, prov := c.As(c.City[0], tenants.CITY), c.As(c.Province, tenants.PROV)
	m, off, dir := c.raised()
	m = tenantstest.Must(c.ReturnMatter(ctx, city, m.ID, m.Version, linkage.SendingBack{Code: linkage.MaterialMissing, Text: "缺会商记录"}))(t)
	if m.State != linkage.SentBack || m.HolderSlug != c.County[0][0].Slug || m.Reason != "缺会商记录" {
		t.Errorf("returned: %s with %s: %s", m.State, m.HolderName, m.Reason)
	}
	again := raising
	again.Tried = "两县三次会商，记录附后"
	m = tenantstest.Must(c.EditMatter(ctx, off, m.ID, m.Version, again))(t)
	m = tenantstest.Must(c.SubmitMatter(ctx, off, m.ID, m.Version))(t)
	m = tenantstest.Must(c.Approve(ctx, dir, m.ID, m.Version))(t)
	if m.Number != "E-2026-01" || m.Tried != again.Tried {
		t.Errorf("came again as %s: %s", m.Number, m.Tried)
	}
	m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
	m = tenantstest.Must(c.RaiseFurther(ctx, city, m.ID, m.Version, "请省里定"))(t)
	m = tenantstest.Must(c.ReturnMatter(ctx, prov, m.ID, m.Version, linkage.SendingBack{Code: linkage.OwnLevel, Text: "市级可定"}))(t)
	if m.State != linkage.Taken || m.HolderSlug != c.City[0].Slug {
		t.Errorf("the province returned it: %s with %s", m.State, m.HolderName)
	}
	m = tenantstest.Must(c.Refuse(ctx, city, m.ID, m.Version, "不属统筹范围"))(t)
	m = tenantstest.Must(c.Confirm(ctx, dir, m.ID, m.Version, linkage.Confirming{}))(t)
	if m.State != linkage.MatterClosed {
		t.Errorf("refused and noted: %s", m.State)
	}
	if got := line(tenantstest.Must(c.GetMatter(ctx, off, m.ID))(t).Stages); !strings.HasSuffix(got, "办结 stopped") {
		t.Errorf("refused as %s", got)
	}
	// The finding may be raised again.
	tenantstest.Must(c.Raise(ctx, off, m.FindingID, raising))(t)
}

// TestConfirmLate: an answer that comes when the finding is handed in or closed changes
// neither its day nor its measures, so that what was closed late stays late; it says so.
// Control: TestMatterUp.
func TestConfirmLate(t *testing.T) {
	t.Parallel()
	for state, word := range map[rectification.State]string{rectification.Closed: "已销号", rectification.Submitted: "待审核"} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			c := newChain(t)
			ctx := t.Context()
			city := c.As(c.City[0], tenants.CITY)
			m, _, dir := c.raised()
			m = tenantstest.Must(c.Take(ctx, city, m.ID, m.Version, linkage.Taking{}))(t)
			m = tenantstest.Must(c.Answer(ctx, city, m.ID, m.Version, linkage.Answering{Outcome: linkage.Policy, Text: "由市级统一审批"}))(t)
			c.Root(`update rectifications set state = $2, due_on = '2026-11-10', closed_on = case when $2 = 'closed' then '2026-11-19'::date end
				where finding_id = $1`, m.FindingID, string(state))
			later := tenantstest.Day(t, "2026-12-31")
			m = tenantstest.Must(c.Confirm(ctx, dir, m.ID, m.Version, linkage.Confirming{ExtendTo: &later, Task: "按联合审批意见办理"}))(t)
			if due, note, _ := c.caseOf(c.County[0][0], 0); due != "2026-11-10" || note != "" || m.ExtendedTo != nil {
				t.Errorf("the finding is due %s %q, extended to %v", due, note, m.ExtendedTo)
			}
			if n := tenantstest.RootValue[int](c.House, `select count(*) from measures where finding_id = $1`, m.FindingID); n != 0 {
				t.Errorf("%d measures were added", n)
			}
			steps := tenantstest.Must(c.GetMatter(ctx, dir, m.ID))(t).Steps
			want := "该问题现为“" + word + "”，期限和措施保持不变"
			if !slices.ContainsFunc(steps, func(p linkage.Step) bool { return p.Text == want }) {
				t.Errorf("no step says %q: %+v", want, steps)
			}
			if n := tenantstest.RootValue[int](c.House, `select count(*) from journal where detail->>'text' = $1 and object_id = $2`, want, m.ID); n == 0 {
				t.Errorf("the journal does not say %q", want)
			}
		})
	}
}
