package documents

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/plans"
	"xuncha/tenants"
)

// kai is the font of second headings and of what stands below a title.
const kai = "楷体_GB2312"

// Plan takes one edition of a unit's plan (整改方案) out: what it says of each problem
// in one table, what goes on for long, the promise and both signatures. One that is
// not signed says so.
func (s *Service) Plan(ctx context.Context, scope tenants.Scope, id inspection.PlanID) (File, error) {
	p, err := s.Plans.Get(ctx, scope, id)
	if err != nil {
		return File{}, err
	}
	edition := fmt.Sprintf("第%d版", p.Edition)
	es := []tenants.Entry{{
		Action: "plan.export", Object: "plan", ID: p.ID.UUID, Unit: scope.Unit(),
		Detail: tenants.Detail{Title: "下载整改方案", Text: fmt.Sprintf("%s，%s，%s", p.UnitName, p.RoundName, edition)},
	}}
	if p.Office != scope.Tenant() {
		es = append(es, tenants.Entry{
			Office: p.Office, Action: "plan.export-above", Object: "plan", ID: p.ID.UUID, Unit: p.UnitID,
			Detail: tenants.Detail{Title: "上级下载整改方案", Text: scope.Office().Short},
		})
	}
	draft := ""
	if p.HeadAt == nil {
		draft = "（未签字稿）"
	}
	name := fmt.Sprintf("%s-整改方案（%s）%s-%s.docx", p.UnitName, edition, draft, s.Clock.Today())
	return s.paper(ctx, scope, planTitle(p), planBlocks(p), name, es...)
}

func planTitle(p plans.Plan) string {
	return p.UnitName + "关于" + p.RoundName + "反馈意见的整改方案"
}

// planBlocks sets a plan.
func planBlocks(p plans.Plan) []block {
	c := p.Content
	all := append(titled(planTitle(p), 290, 145),
		paragraph{text: fmt.Sprintf("（第%d版，%s）", p.Edition, planState(p)), font: kai, align: "center", after: 290},
		heading("一、组织领导"))
	all = append(all, lines(cmp.Or(c.Organised, "尚未填写。"))...)
	all = append(all, heading("二、整改专题民主生活会"))
	all = append(all, lines(meeting(c))...)
	all = append(all, heading("三、问题、措施、责任和时限"), answersGrid(c.Answers))
	all = append(all, heading("四、长期整改事项"))
	all = append(all, lines(longTerm(c.Answers))...)
	next := "五"
	if refused := refusals(c.Answers); refused != "" {
		all = append(all, heading("五、不予认可的问题及理由"))
		all = append(all, lines(refused)...)
		next = "六"
	}
	all = append(all, heading(next+"、整改承诺"), paragraph{text: c.Promise, indent: true, keep: true},
		paragraph{text: "主要负责人（签字）：" + signature(p.HeadName, p.HeadAt), indent: true, before: 290, keep: true},
		paragraph{text: "分管领导（签字）：" + signature(p.LeaderName, p.LeaderAt), indent: true, keep: true},
	)
	if p.HeadAt == nil {
		return append(all, paragraph{text: p.UnitName, align: "right", right: 2, before: 580})
	}
	all = append(all, signed(p.UnitName, inspection.DayOf(*p.HeadAt))...)
	return append(all, paragraph{text: "签字内容校验码（SM3）：" + p.Digest, font: kai, size: 18, before: 290, align: "left"})
}

// planState says how far an edition is: what is not signed is not taken for signed.
func planState(p plans.Plan) string {
	if p.HeadAt == nil {
		return "未签字稿"
	}
	return p.State.Word()
}

// heading is a first heading (§7.3.3).
func heading(text string) paragraph {
	return paragraph{text: text, font: "黑体", indent: true, keep: true}
}

func meeting(c plans.Content) string {
	if c.MeetingOn == nil {
		return "尚未召开。"
	}
	return "已于" + c.MeetingOn.Long() + "召开。" + c.MeetingNote
}

func signature(name string, at *time.Time) string {
	if at == nil {
		return "（未签字）"
	}
	return name + "　" + inspection.DayOf(*at).Long()
}

// answersGrid has one row for each measure; a problem stands once.
func answersGrid(answers []plans.Answer) grid {
	g := grid{heads: []string{"编号", "反馈问题", "整改措施", "责任", "完成时限"}, shares: []int{15, 30, 36, 19, 15}}
	for _, a := range answers {
		problem := a.Text
		if a.Goal != "" {
			problem += "\n整改目标：" + a.Goal
		}
		if a.Refused != "" || len(a.Measures) == 0 {
			g.rows = append(g.rows, []string{a.Number, problem, map[bool]string{true: "不予认可，理由见后", false: "尚未填写"}[a.Refused != ""], "", dayText(a.DueOn)})
			continue
		}
		for i, m := range a.Measures {
			number := a.Number
			if i > 0 {
				number, problem = merged, merged
			}
			g.rows = append(g.rows, []string{number, problem, fmt.Sprintf("%d. %s", m.Seq, m.Text), who(m), dayText(cmp.Or(m.DueOn, a.DueOn))})
		}
	}
	return g
}

// who says on lines who answers for a measure.
func who(m plans.Measure) string {
	var all []string
	for _, each := range [][2]string{{"领导：", m.Leader}, {"科室：", m.Department}, {"经办：", m.Person}, {"协作：", m.Helpers}} {
		if each[1] != "" {
			all = append(all, each[0]+each[1])
		}
	}
	return strings.Join(all, "\n")
}

func dayText(d *inspection.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

// longTerm lists what goes on for long: problems and single measures.
func longTerm(answers []plans.Answer) string {
	var all []string
	for _, a := range answers {
		if a.Kind == rectification.Long {
			all = append(all, fmt.Sprintf("%d. %s：%s", len(all)+1, a.Number, inspection.Line(a.Text)))
			continue
		}
		for _, m := range a.Measures {
			if m.Kind == rectification.Long {
				all = append(all, fmt.Sprintf("%d. %s第%d项措施：%s", len(all)+1, a.Number, m.Seq, inspection.Line(m.Text)))
			}
		}
	}
	if len(all) == 0 {
		return "本方案没有长期整改事项。"
	}
	return strings.Join(all, "\n")
}

func refusals(answers []plans.Answer) string {
	var all []string
	for _, a := range answers {
		if a.Refused != "" {
			all = append(all, fmt.Sprintf("%s：%s", a.Number, a.Refused))
		}
	}
	return strings.Join(all, "\n")
}
