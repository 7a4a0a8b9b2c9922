package documents

import (
	"context"
	"fmt"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
)

// FollowUpReport takes the report on a follow-up out (回头看情况报告): whom it took, what
// it found by unit, each problem that does not stand, and the new ones.
func (s *Service) FollowUpReport(ctx context.Context, scope tenants.Scope, id followups.ID) (File, error) {
	f, err := s.FollowUps.Get(ctx, scope, id)
	if err != nil {
		return File{}, err
	}
	if f.State != followups.Reported && f.State != followups.Ongoing {
		return File{}, inspection.Errorf(inspection.Conflict, "followup.no-report", "回头看进驻后才有报告。")
	}
	var sheets []followups.Sheet
	for _, u := range f.Units {
		sh, err := s.FollowUps.Sheet(ctx, scope, id, u.Unit)
		if err != nil {
			return File{}, err
		}
		sheets = append(sheets, sh)
	}
	title := "关于" + f.Name + "情况的报告"
	body := append(followUpBlocks(title, f, sheets), signed(scope.Office().Office, s.Clock.Today())...)
	name := fmt.Sprintf("%s-%s报告-%s.docx", scope.Office().Name, f.Name, s.Clock.Today())
	return s.paper(ctx, scope, title, body, name, tenants.Entry{
		Action: "followup.export-report", Object: "followup", ID: id.UUID,
		Detail: tenants.Detail{Title: "下载回头看报告", Text: f.Name},
	})
}

func followUpBlocks(title string, f followups.FollowUp, sheets []followups.Sheet) []block {
	n := f.Counts
	all := append(titled(title, 290, 290),
		heading("一、基本情况"),
		paragraph{text: fmt.Sprintf("%s至%s，由%s任组长的%d人核查组，对%s的%d个单位开展回头看，逐项对照上次反馈、整改方案、整改报告与现场实际，核查问题%d项。",
			f.StartsOn.Long(), f.EndsOn.Long(), f.Leader, len(f.People), f.RoundName, len(f.Units), n.Items), indent: true},
		heading("二、核查结论"),
		paragraph{text: n.Sentence(), indent: true},
	)
	if left := n.Open + n.Seen; left > 0 {
		all = append(all, paragraph{text: fmt.Sprintf("另有%d项没有两人核实，未计入。", left), indent: true})
	}
	if f.Summary != "" {
		all = append(all, lines(f.Summary)...)
	}
	units := grid{heads: []string{"单位", "核查", "确认到位", "未到位", "反弹", "虚假整改", "新发现"}, shares: []int{30, 10, 12, 12, 10, 13, 13}}
	row := func(name string, c followups.Counts) {
		units.rows = append(units.rows, []string{
			name, fmt.Sprint(c.Agreed), fmt.Sprint(c.Confirmed), fmt.Sprint(c.Insufficient), fmt.Sprint(c.Rebounded), fmt.Sprint(c.False),
			fmt.Sprint(c.Problems),
		})
	}
	for _, u := range f.Units {
		row(u.Name, u.Counts)
	}
	row("合计", n)
	return append(append(all, units), followUpFindings(f, sheets)...)
}

// followUpFindings are the problems that do not stand, and the new ones.
func followUpFindings(f followups.FollowUp, sheets []followups.Sheet) []block {
	all := []block{heading("三、没有整改到位的问题")}
	g := grid{heads: []string{"编号", "单位", "上次反馈", "单位报告的整改情况", "现场事实", "结论"}, shares: []int{15, 15, 25, 25, 27, 12}}
	for _, sh := range sheets {
		for _, r := range sh.Rows {
			l := r.Looked
			if l == nil || l.State != followups.Agreed || l.Verdict == followups.Confirmed {
				continue
			}
			said := r.Statement
			if said == "" {
				said = r.Item.Progress
			}
			verdict := l.Verdict.Word()
			if r.Result != nil && r.Result.DueOn != nil {
				verdict += "\n重新整改，期限" + r.Result.DueOn.String()
			}
			g.rows = append(g.rows, []string{r.Item.Number, sh.UnitName, r.Item.Text, said, l.Fact, verdict})
		}
	}
	if len(g.rows) == 0 {
		all = append(all, paragraph{text: "已核实的各项均确认到位。", indent: true})
	} else {
		all = append(all, g)
	}
	all = append(all, heading("四、新发现的问题"))
	if len(f.Problems) == 0 {
		return append(all, paragraph{text: "没有新发现问题。", indent: true})
	}
	fresh := grid{heads: []string{"编号", "单位", "问题"}, shares: []int{18, 22, 60}}
	for _, p := range f.Problems {
		fresh.rows = append(fresh.rows, []string{p.Number, p.UnitName, strings.TrimSpace(p.Category + "\n" + p.Text)})
	}
	return append(all, fresh)
}
