package reports

import (
	"fmt"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
)

// print sets the report as it is printed: what follows from the records in sentences,
// and the paragraphs that people wrote.
func (c Content) print() Text {
	if c.Kind == Head {
		return c.printHead()
	}
	t := Text{
		Title: c.Unit + "关于" + c.Round + "反馈意见整改进展情况的报告", To: c.Office, From: c.Unit, Lead: c.lead(""),
		Sections: []Section{
			{"一、总体情况", append(lines(c.Overall), c.Sums.sentences()...)},
			{"二、逐条落实情况", []string{}},
		},
	}
	for i, it := range c.Items {
		t.Sections[1].Paragraphs = append(t.Sections[1].Paragraphs, it.print(i+1)...)
	}
	t.Sections = append(t.Sections, c.unfinished("三"), Section{"四、下步打算", lines(c.NextSteps)})
	return t
}

func (c Content) printHead() Text {
	t := Text{
		Title: c.Unit + "主要负责人组织落实" + c.Round + "反馈意见整改情况的报告", To: c.Office, From: c.Unit + "主要负责人",
		Lead: c.lead("组织"), Sections: []Section{{"一、总体情况", append(lines(c.Overall), c.Sums.sentences()...)}},
	}
	duty := Section{"二、履行第一责任人责任情况", []string{tally(c.Acts)}}
	for i, a := range c.Acts {
		line := fmt.Sprintf("%d. %s，%s：%s", i+1, date(a.On), a.Kind.Word(), a.Subject)
		if a.Number != "" {
			line += "（" + a.Number + "）"
		}
		duty.Paragraphs = append(duty.Paragraphs, line)
	}
	t.Sections = append(t.Sections, duty, c.unfinished("三"), Section{"四、下步打算", lines(c.NextSteps)})
	return t
}

func (c Content) lead(what string) string {
	feedback := ""
	if c.FeedbackOn != nil {
		feedback = date(*c.FeedbackOn) + "，"
	}
	period := "集中整改"
	if c.Period > 1 {
		period = fmt.Sprintf("持续整改（第%d期）", c.Period)
	}
	return fmt.Sprintf("%s%s反馈意见向本单位反馈。现将截至%s%s%s情况报告如下。", feedback, c.Round, date(c.AsOf), what, period)
}

// sentences say the figures. What is nought is left out.
func (s Sums) sentences() []string {
	states := []string{fmt.Sprintf("反馈问题%d个：已销号%d个", s.Findings, s.Closed)}
	add := func(n int, called string) {
		if n > 0 {
			states = append(states, fmt.Sprintf("%s%d个", called, n))
		}
	}
	add(s.LongTerm, "长期整改")
	add(s.Submitted, "待审核")
	add(s.Ongoing, "正在整改")
	first := strings.Join(states, "，")
	if s.Overdue > 0 {
		first += fmt.Sprintf("（其中逾期%d个）", s.Overdue)
	}
	second := fmt.Sprintf("整改措施%d项，已完成%d项", s.Measures, s.MeasuresDone)
	if s.Evidence > 0 {
		second += fmt.Sprintf("；提交佐证材料%d份", s.Evidence)
	}
	if s.RulesMade+s.RulesAmended > 0 {
		second += fmt.Sprintf("；新建制度%d项，修订制度%d项", s.RulesMade, s.RulesAmended)
	}
	if s.RecoveredFen > 0 {
		second += "；追回资金" + inspection.Money(s.RecoveredFen)
	}
	if s.PeopleDealt > 0 {
		second += fmt.Sprintf("；问责追责%d人", s.PeopleDealt)
	}
	if s.Elsewhere > 0 {
		second += fmt.Sprintf("；对%d个问题举一反三开展排查", s.Elsewhere)
	}
	return []string{first + "。", second + "。"}
}

// print sets one item: what was found, what was done about it, and what became of it.
func (it Item) print(n int) []string {
	ps := []string{fmt.Sprintf("%d. %s（%s，%s）", n, it.Text, it.Number, it.State.Word())}
	for _, m := range it.Measures {
		done := "推进中"
		if m.Done {
			done = "已完成"
		}
		ps = append(ps, fmt.Sprintf("措施%d（%s）：%s", m.Seq, done, joined([]string{m.Text, m.Progress})))
	}
	if it.Progress != "" {
		ps = append(ps, "进展："+it.Progress)
	}
	if it.Elsewhere != "" {
		ps = append(ps, "举一反三："+it.Elsewhere)
	}
	proof := ""
	if it.Evidence > 0 {
		proof = fmt.Sprintf("佐证材料%d份。", it.Evidence)
	}
	if end := joined([]string{proof, it.Review}); end != "" {
		ps = append(ps, end)
	}
	return ps
}

// unfinished lists the items that are not done, and why.
func (c Content) unfinished(number string) Section {
	s := Section{number + "、未完成事项及原因", []string{}}
	for _, it := range c.Items {
		if it.State == rectification.Closed {
			continue
		}
		what := it.State.Word()
		switch {
		case it.State == rectification.LongTerm && it.ReviewOn != nil:
			what += "，" + it.ReviewOn.String() + "复核"
		case it.Overdue:
			what += "，期限" + it.DueOn.String() + "，已逾期"
		case it.DueOn != nil && it.State != rectification.LongTerm:
			what += "，期限" + it.DueOn.String()
		}
		s.Paragraphs = append(s.Paragraphs, fmt.Sprintf("%s（%s）：%s", it.Number, what, it.reason()))
	}
	if len(s.Paragraphs) == 0 {
		s.Paragraphs = append(s.Paragraphs, "无。")
	}
	return s
}

// lines are the paragraphs that somebody wrote.
func lines(text string) []string {
	ps := []string{}
	for p := range strings.Lines(text) {
		if p = strings.TrimSpace(p); p != "" {
			ps = append(ps, p)
		}
	}
	return ps
}

// joined puts sentences behind each other, each with an end.
func joined(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		if p = strings.Join(strings.Fields(p), " "); p == "" {
			continue
		}
		b.WriteString(p)
		if !strings.HasSuffix(p, "。") && !strings.HasSuffix(p, "；") && !strings.HasSuffix(p, "！") {
			b.WriteString("。")
		}
	}
	return b.String()
}

// date is a day as documents write it.
func date(d inspection.Day) string {
	y, m, n := d.Date()
	return fmt.Sprintf("%d年%d月%d日", y, m, n)
}
