package reports_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestLife(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tenantstest.Life(t, h, reports.Life(), "reports_state", "testdata/report.mmd")
	tenantstest.Knows(h, "reports_kind", reports.Kinds()...)
	tenantstest.Knows(h, "head_acts_kind", reports.Entered()...)
	tenantstest.Knows(h, "report_opinions_verdict", rectification.Verdicts()...)
}

// TestFromRecords: what a report says is what the records say, in figures and in
// sentences, and nothing of it was typed.
func TestFromRecords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	text, leader := "修订公车管理办法。", "分管负责人"
	tenantstest.Must(d.cases.AddMeasure(t.Context(), d.liaison, d.findings[1], rectification.MeasureEdit{Text: &text, Leader: &leader}))(t)
	d.Root(`insert into extensions (tenant_id, decider, id, finding_id, unit_id, n, kind, state, until_on, reason, approver, by_id, by_name, at, issued_at, signed_by)
		values ($1, $1, gen_random_uuid(), $2, $3, 1, 'later', 'approved', '2026-12-31', '第三方核对尚未结束', 'DIR', gen_random_uuid(), '某人', now(),
			'2026-10-09 09:00+08', '某书记')`, d.office.ID, d.findings[1], d.unit)
	p := d.drafted(reports.Progress)
	want := reports.Sums{Findings: 3, Closed: 1, Ongoing: 2, Overdue: 2, Measures: 1, RecoveredFen: 1234500, RulesMade: 1}
	if diff := cmp.Diff(want, p.Content.Sums); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
	items := p.Content.Items
	if len(items) != 3 || items[0].Review != "2026-10-20 审核通过，予以销号。" || !slices.Equal(items[1].Why, []string{"延期至 2026-12-31：第三方核对尚未结束"}) || len(items[1].Measures) != 1 {
		t.Errorf("items = %+v", items)
	}
	var said []string
	for _, s := range p.Content.Text.Sections {
		said = append(append(said, s.Heading), s.Paragraphs...)
	}
	whole := p.Content.Text.Title + strings.Join(said, "\n")
	for _, part := range []string{
		"县水务局党组关于某轮巡察反馈意见整改进展情况的报告", "党组召开3次专题会研究整改。", "反馈问题3个：已销号1个，正在整改2个（其中逾期2个）。",
		"整改措施1项，已完成0项；新建制度1项，修订制度0项；追回资金1.23万元。", "措施1（推进中）：修订公车管理办法。", "延期至 2026-12-31：第三方核对尚未结束。", "正在划定巡查责任段。", "按月调度未完成问题。",
	} {
		if !strings.Contains(whole, part) {
			t.Errorf("the text lacks %q:\n%s", part, whole)
		}
	}
	if strings.Contains(whole, "佐证材料0份") {
		t.Errorf("the text counts what there is not:\n%s", whole)
	}
	// The finding without more than a sentence of progress says what the unit adds.
	remarks := []reports.Remark{{Finding: d.findings[2], Text: "汛期现场无法施划界桩。"}}
	p = tenantstest.Must(d.Edit(t.Context(), d.liaison, *p.ID, p.Version, reports.Change{Remarks: &remarks}))(t)
	if got := p.Content.Items[2].Remark; got != remarks[0].Text || p.Overall == "" {
		t.Errorf("remark %q, overall %q", got, p.Overall)
	}
	_, err := d.Edit(t.Context(), d.liaison, *p.ID, p.Version, reports.Change{Remarks: &[]reports.Remark{remarks[0], remarks[0]}})
	tenantstest.Wants(t, err, inspection.Invalid, "report.invalid")
}

// TestHeadsActs: the head's report counts what was entered when it happened and what
// the service knows itself, and has only the findings that are not closed.
func TestHeadsActs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := tenantstest.Must(d.Begin(t.Context(), d.liaison, reports.Beginning{Round: d.round, Kind: reports.Head}))(t)
	if !slices.ContainsFunc(p.Gaps, func(g reports.Gap) bool { return g.Code == "acts" }) {
		t.Errorf("gaps without any act = %+v", p.Gaps)
	}
	enter := func(by tenants.Scope, e reports.Entering) error {
		e.Round = d.round
		_, err := d.Enter(t.Context(), by, e)
		return err
	}
	for _, e := range []reports.Entering{
		{Kind: reports.Arrange, On: tenantstest.Day(t, "2026-07-20"), Subject: "主持召开动员部署会。"},
		{Kind: reports.Supervise, On: tenantstest.Day(t, "2026-09-02"), Subject: "督办公车登记。", Finding: &d.findings[1]},
		{Kind: reports.Supervise, On: tenantstest.Day(t, "2026-09-03"), Subject: "误登。"},
	} {
		if err := enter(d.liaison, e); err != nil {
			t.Fatal(err)
		}
	}
	foreign := inspection.NewID[inspection.FindingID]()
	for name, e := range map[string]reports.Entering{
		"before the feedback": {Kind: reports.Arrange, On: tenantstest.Day(t, "2026-07-01"), Subject: "部署。"},
		"tomorrow":            {Kind: reports.Arrange, On: tenantstest.Day(t, "2026-11-21"), Subject: "部署。"},
		"about nothing":       {Kind: reports.Arrange, On: tenantstest.Day(t, "2026-07-20"), Subject: " "},
		"another's finding":   {Kind: reports.Arrange, On: tenantstest.Day(t, "2026-07-20"), Subject: "部署。", Finding: &foreign},
		"not to be entered":   {Kind: reports.SignedPlan, On: tenantstest.Day(t, "2026-07-20"), Subject: "签署。"},
	} {
		if err := enter(d.liaison, e); inspection.KindOf(err) != inspection.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	acts := tenantstest.Must(d.Acts(t.Context(), d.head, d.round))(t)
	tenantstest.Must(d.Withdraw(t.Context(), d.liaison, *acts[2].ID))(t)
	_, err := d.Withdraw(t.Context(), d.liaison, *acts[2].ID)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
	d.Root(`insert into plans (tenant_id, id, round_id, unit_id, edition, state, meeting_on, meeting_note, content, digest, head_at, head_name, changed_name, changed_at)
		values ($1, gen_random_uuid(), $2, $3, 1, 'countersigning', '2026-08-03', '逐一对照检查。', '{}', '\x00', '2026-08-05 23:30+08', '某书记', '某书记', now())`,
		d.office.ID, d.round, d.unit)
	p = tenantstest.Must(d.Get(t.Context(), d.head, *p.ID))(t)
	var got []string
	for _, a := range p.Content.Acts {
		got = append(got, a.On.String()+" "+a.Kind.Word())
	}
	want := []string{"2026-07-20 亲自部署", "2026-08-03 召开整改专题民主生活会", "2026-08-05 签署整改方案", "2026-09-02 督办"}
	if !slices.Equal(got, want) {
		t.Errorf("acts = %v, want %v", got, want)
	}
	said := p.Content.Text.Sections[1].Paragraphs
	if said[0] != "亲自部署1次，过问0次，协调0次，督办1次，批示0次，召开整改专题民主生活会1次，签署整改方案1次。" {
		t.Errorf("counted as %q", said[0])
	}
	if len(p.Content.Items) != 2 || p.Content.Sums.Findings != 3 {
		t.Errorf("%d items of %d findings, want those that are open", len(p.Content.Items), p.Content.Sums.Findings)
	}
}

// TestWholeReport carries a report over a return into the file, and the next period's
// after it: every edition stays what was signed, and the unit keeps its text.
func TestWholeReport(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.reviewed(rectification.Amend)
	if len(p.Opinions) != 3 || !slices.Contains(p.Allowed, reports.Return) || slices.Contains(p.Allowed, reports.Approve) {
		t.Fatalf("after three opinions that do not agree: %d opinions, allowed %v", len(p.Opinions), p.Allowed)
	}
	if p.ReviewBy.String() != "2026-11-27" {
		t.Errorf("reviewed by %s, want five working days on, 2026-11-27", p.ReviewBy)
	}
	_, err := d.Approve(t.Context(), d.off, *p.ID, p.Version, reports.Deciding{})
	tenantstest.Wants(t, err, inspection.Conflict, "report.not-agreed")
	letter := reports.Deciding{Deciding: papers.Deciding{Letter: "请逐条写明未完成原因。"}}
	_, err = d.Return(t.Context(), d.off, *p.ID, p.Version, letter)
	tenantstest.Wants(t, err, inspection.Invalid, "report.invalid") // without a reason
	letter.Reasons = []rectification.Reason{rectification.Shallow}
	first := tenantstest.Must(d.Return(t.Context(), d.off, *p.ID, p.Version, letter))(t)
	if *first.State != reports.Returned || first.Letter != letter.Letter || first.HeadAt == nil || first.LeaderAt == nil {
		t.Fatalf("returned as %+v", first.Line)
	}

	next := tenantstest.Must(d.Begin(t.Context(), d.liaison, reports.Beginning{Round: d.round, Kind: reports.Progress}))(t)
	if next.Period != 1 || next.Edition != 2 || next.Overall != first.Overall || next.NextSteps != first.NextSteps {
		t.Fatalf("the next edition is %d of period %d and says %q", next.Edition, next.Period, next.Overall)
	}
	_, err = d.Begin(t.Context(), d.head, reports.Beginning{Round: d.round, Kind: reports.Progress})
	tenantstest.Wants(t, err, inspection.Conflict, "report.open")
	d.says(d.findings[1], "2025年记录已核对完毕。")
	next = tenantstest.Must(d.Get(t.Context(), d.head, *next.ID))(t)
	number := first.Content.Items[1].Number
	if want := []string{number + " 进展有更新"}; next.Since.Title != "第1期第1版" || !slices.Equal(next.Since.Lines, want) {
		t.Errorf("since the last signature: %s %v, want %v", next.Since.Title, next.Since.Lines, want)
	}
	if kept := tenantstest.Must(d.Get(t.Context(), d.liaison, *p.ID))(t); !cmp.Equal(kept.Content, first.Content) || kept.Digest != p.Digest {
		t.Errorf("what was signed first changed:\n%s", cmp.Diff(first.Content, kept.Content))
	}
	next = tenantstest.Must(d.Sign(t.Context(), d.head, *next.ID, next.Version, papers.Signing{Digest: next.Digest}))(t)
	next = tenantstest.Must(d.Countersign(t.Context(), d.leader, *next.ID, next.Version, papers.Signing{Digest: next.Digest}))(t)
	next = tenantstest.Must(d.Receive(t.Context(), d.dir, *next.ID, next.Version))(t)
	for _, by := range []tenants.Scope{d.org, d.disc, d.off} {
		next = tenantstest.Must(d.Give(t.Context(), by, *next.ID, giving(next, rectification.Agree)))(t)
	}
	next = tenantstest.Must(d.Approve(t.Context(), d.dir, *next.ID, next.Version, reports.Deciding{}))(t)
	if *next.State != reports.Approved || len(next.Editions) != 2 {
		t.Fatalf("approved as %s with %d editions", *next.State, len(next.Editions))
	}

	third := tenantstest.Must(d.Begin(t.Context(), d.liaison, reports.Beginning{Round: d.round, Kind: reports.Progress}))(t)
	if third.Period != 2 || third.Edition != 1 || third.Overall != "" || third.DueOn.String() != "2027-04-12" {
		t.Errorf("the second period's: period %d, edition %d, %q, due %s", third.Period, third.Edition, third.Overall, third.DueOn)
	}
	if _, broken, err := d.Verify(t.Context(), d.office); err != nil || broken != nil {
		t.Errorf("the journal is broken: %v %v", broken, err)
	}
}

// TestOwed: the first report is due three months after the feedback, further ones each
// six months while anything is open, and none when all is closed.
func TestOwed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	owed := func(by tenants.Scope) (all []string) {
		t.Helper()
		for _, l := range tenantstest.Must(d.List(t.Context(), by))(t) {
			state := "owed"
			if l.State != nil {
				state = string(*l.State)
			}
			all = append(all, strings.TrimSpace(l.DueOn.String()+" "+string(l.Kind)+" "+state+map[bool]string{true: " overdue"}[l.Overdue]))
		}
		return all
	}
	want := []string{"2026-10-10 progress owed overdue", "2026-10-10 head owed overdue"} // a Saturday that is worked
	for _, by := range []tenants.Scope{d.liaison, d.off, d.disc} {
		if got := owed(by); !slices.Equal(got, want) {
			t.Errorf("%s sees %v, want %v", by.Role(), got, want)
		}
	}
	p := d.drafted(reports.Progress)
	if got := owed(d.off); !slices.Equal(got, want) {
		t.Errorf("a draft is the unit's own: the office sees %v", got)
	}
	if got := owed(d.liaison); !slices.Equal(got, []string{want[1], "2026-10-10 progress drafting overdue"}) {
		t.Errorf("the unit sees %v", got)
	}
	d.Root(`update reports set state = 'approved', content = '{}', digest = '\x00', head_at = now(), leader_at = now() where id = $1`, p.ID)
	if got := owed(d.off); !slices.Equal(got, []string{"2027-04-12 progress owed", want[1], "2026-10-10 progress approved"}) {
		t.Errorf("with the first on file the office sees %v", got)
	}
	d.Root(`update rectifications set state = 'closed', closed_on = '2026-11-01'`)
	if got := owed(d.off); !slices.Equal(got, []string{want[1], "2026-10-10 progress approved"}) {
		t.Errorf("with all closed the office sees %v", got)
	}
	_, err := d.Begin(t.Context(), d.liaison, reports.Beginning{Round: d.round, Kind: reports.Progress})
	tenantstest.Wants(t, err, inspection.Conflict, "report.not-owed")
	_, err = d.Begin(t.Context(), d.liaison, reports.Beginning{Round: d.Round(d.office), Kind: reports.Progress})
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")

	d.Root(`insert into policies (tenant_id, version, body) values ($1, 1, '{"report_months": 6}')`, d.office.ID)
	if got := owed(d.off); !slices.Equal(got, []string{"2027-01-11 head owed", "2026-10-10 progress approved"}) {
		t.Errorf("by a policy of six months the office sees %v", got)
	}
}

func TestTasks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	director := d.As(d.office, tenants.DIR)
	want := func(when string, verbs map[*tenants.Scope]string) {
		t.Helper()
		for _, by := range []*tenants.Scope{&d.liaison, &d.head, &d.leader, &d.disc, &d.off, &director} {
			d.Do(d.House.DB, *by, func(tx *tenants.Tx) error {
				tasks, err := d.Tasks(t.Context(), tx)
				var got []string
				for _, task := range tasks {
					if strings.HasPrefix(task.Title, "整改进展") {
						got = append(got, task.Verb)
					}
				}
				if strings.Join(got, ",") != verbs[by] {
					t.Errorf("%s: %s has %v, want %q", when, by.Role(), got, verbs[by])
				}
				return err
			})
		}
	}
	want("owed and overdue", map[*tenants.Scope]string{&d.liaison: "编制", &d.off: "催报"})
	p := d.drafted(reports.Progress)
	want("drafting", map[*tenants.Scope]string{&d.liaison: "编制", &d.head: "签字", &d.off: "催报"})
	p = tenantstest.Must(d.Sign(t.Context(), d.head, *p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	want("signed", map[*tenants.Scope]string{&d.leader: "签字"})
	p = tenantstest.Must(d.Countersign(t.Context(), d.leader, *p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	want("filed", map[*tenants.Scope]string{&d.off: "受理", &director: "受理"})
	p = tenantstest.Must(d.Receive(t.Context(), d.off, *p.ID, p.Version))(t)
	want("reviewing", map[*tenants.Scope]string{&d.disc: "审核", &d.off: "审核"})
	for _, by := range []tenants.Scope{d.disc, d.org, d.off} {
		p = tenantstest.Must(d.Give(t.Context(), by, *p.ID, giving(p, rectification.Refuse)))(t)
	}
	want("reviewed", map[*tenants.Scope]string{&d.off: "办理"})
	letter := reports.Deciding{Reasons: []rectification.Reason{rectification.Other}, Deciding: papers.Deciding{Letter: "重报。"}}
	tenantstest.Must(d.Return(t.Context(), d.off, *p.ID, p.Version, letter))(t)
	want("returned", map[*tenants.Scope]string{&d.liaison: "修改", &d.head: "修改"})
	tenantstest.Must(d.Begin(t.Context(), d.head, reports.Beginning{Round: d.round, Kind: reports.Progress}))(t)
	want("answered", map[*tenants.Scope]string{&d.liaison: "编制", &d.head: "签字"})
}

// TestLate: what was not filed by its day is late, whether somebody began it or not;
// what was filed in time stays in time though it came back.
func TestLate(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	want := func(when string, want ...string) {
		t.Helper()
		got := []string{}
		d.Do(d.House.DB, d.off, func(tx *tenants.Tx) error {
			late, err := d.Late(t.Context(), tx, d.round, d.unit)
			for _, l := range late {
				filed := "not filed"
				if l.FiledOn != nil {
					filed = l.FiledOn.String()
				}
				got = append(got, strings.Join([]string{string(l.Kind), l.DueOn.String(), filed}, " "))
			}
			return err
		})
		if !slices.Equal(got, want) {
			t.Errorf("%s: late are %v, want %v", when, got, want)
		}
	}
	head := "head 2026-10-10 not filed"
	want("nobody began", "progress 2026-10-10 not filed", head)
	p := d.drafted(reports.Progress)
	want("a draft is the unit's own", "progress 2026-10-10 not filed", head)
	signed := `update reports set state = 'returned', content = '{}', digest = '\x00', head_at = '2026-10-09 10:00+08', leader_at = $2::timestamptz where id = $1`
	d.Root(signed, p.ID, "2026-10-12 09:00+08")
	want("countersigned two days late", "progress 2026-10-10 2026-10-12", head)
	d.Root(`alter table reports disable trigger keep_signed`)
	d.Root(signed, p.ID, "2026-10-10 23:30+08")
	want("filed on the last day and sent back", head)
	d.Root(`update reports set leader_at = '2026-12-01' where id = $1`, p.ID)
	want("what comes later does not count yet", "progress 2026-10-10 not filed", head)
}
