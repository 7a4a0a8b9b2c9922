package documents

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
)

// CheckLetter takes the letter out that a visit ended with (督办单), as it was sent.
func (s *Service) CheckLetter(ctx context.Context, scope tenants.Scope, id checks.VisitID) (File, error) {
	l, err := s.Checks.Letter(ctx, scope, id)
	if err != nil {
		return File{}, err
	}
	if err := l.Whole(); err != nil {
		return File{}, err
	}
	name := fmt.Sprintf("%s-%s.docx", l.Text.Number, l.Text.Item)
	return s.paper(ctx, scope, l.Text.Title, paragraphs(l.Text), name, tenants.Entry{
		Action: "check.export-letter", Object: "finding", ID: l.Finding.UUID, Unit: scope.Unit(),
		Detail: tenants.Detail{Title: "下载督办单", Text: l.Text.Number, Number: l.Text.Item},
	})
}

// CheckReport takes the report on one round of checks out (检查报告): how the sample
// was drawn, what was found, and what follows for each problem that is not really
// put right.
func (s *Service) CheckReport(ctx context.Context, scope tenants.Scope, id checks.ID) (File, error) {
	all, err := s.Checks.Checks(ctx, scope)
	if err != nil {
		return File{}, err
	}
	at := slices.IndexFunc(all, func(c checks.Check) bool { return c.ID == id })
	if at < 0 {
		return File{}, inspection.Errorf(inspection.NotFound, "not-found", "没有找到这一轮督导检查，或你没有查看权限。")
	}
	c := all[at]
	visits, err := s.Checks.List(ctx, scope, checks.VisitFilter{Check: id, States: []checks.State{checks.Confirmed}, Limit: cmp.Or(s.most, maxRows)})
	if err != nil {
		return File{}, err
	}
	title := "关于" + c.RoundName + c.Word() + "督导检查情况的报告"
	body := reportBlocks(title, c, visits.Items)
	body = append(body, signed(scope.Office().Office, s.Clock.Today())...)
	name := fmt.Sprintf("%s-%s督导检查报告-%s.docx", scope.Office().Name, c.Word(), s.Clock.Today())
	return s.paper(ctx, scope, title, body, name, tenants.Entry{
		Action: "check.export-report", Object: "check", ID: id.UUID,
		Detail: tenants.Detail{Title: "下载督导检查报告", Text: c.RoundName + c.Word()},
	})
}

func reportBlocks(title string, c checks.Check, visits []checks.Visit) []block {
	n := c.Counts
	all := append(titled(title, 290, 290),
		heading("一、检查安排"),
		paragraph{text: sampled(c), indent: true},
		heading("二、检查结论"),
		paragraph{text: fmt.Sprintf("检查%d项：真改%d项、部分%d项、未改%d项、存疑%d项。", n.Checked, n.Real, n.Partial, n.Unchanged, n.Doubtful), indent: true},
	)
	if left := n.Visits - n.Again - n.Checked; left > 0 {
		all = append(all, paragraph{text: fmt.Sprintf("另有%d项尚未确认结论，未计入。", left), indent: true})
	}
	if votes := n.Content + n.Fair + n.Discontent; votes > 0 {
		all = append(all, paragraph{
			text: fmt.Sprintf("现场共%d人评价：满意%d人、基本满意%d人、不满意%d人。", votes, n.Content, n.Fair, n.Discontent), indent: true,
		})
	}
	all = append(all, heading("三、发现的问题及处理"))
	g := grid{heads: []string{"编号", "单位", "反馈问题", "现场情况", "结论及处理"}, shares: []int{15, 18, 30, 32, 20}}
	for _, v := range visits {
		if v.Verdict == checks.Real {
			continue
		}
		done := v.Verdict.Word() + "；" + v.Outcome.Word()
		if v.OutcomeNote != "" {
			done += "\n" + v.OutcomeNote
		}
		g.rows = append(g.rows, []string{v.Number, v.UnitName, v.Text, v.Seen, done})
	}
	if len(g.rows) == 0 {
		return append(all, paragraph{text: "已确认的各项均为真改。", indent: true})
	}
	return append(all,
		paragraph{text: fmt.Sprintf("发出督办单%d件，重新整改%d项，二人复核%d项。", n.Letters, n.Reopened, n.Again), indent: true, after: 145}, g)
}

// sampled says how the sample came about, so that anybody can draw it again.
func sampled(c checks.Check) string {
	var parts []string
	for _, p := range c.Drawn {
		parts = append(parts, fmt.Sprintf("%s%d项中抽取%d项", p.Reason.Word(), p.Saw, p.Took))
	}
	return fmt.Sprintf("%s%s督导检查于%s开展，%s；其余事项按%d%%随机抽取，种子为%s。",
		c.RoundName, c.Word(), inspection.DayOf(c.OpenedAt).Long(), strings.Join(parts, "，"), c.Share, c.Seed)
}
