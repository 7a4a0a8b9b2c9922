package plans

import (
	"slices"
	"strings"
	"unicode"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
)

// Gap is something that a plan lacks, or says so vaguely that reviewers would
// return it.
type Gap struct {
	Number  string `json:"number" doc:"Of the finding; empty for the plan as a whole"`
	Seq     int    `json:"seq" doc:"Of the measure; 0 for the finding"`
	Code    string `json:"code" doc:"meeting, organised, no-findings, no-measure, leader, due, overdue, vague"`
	Message string `json:"message"`
	Blocks  bool   `json:"blocks" doc:"It cannot be signed like this"`
}

// vague are the words of measures that say nothing by themselves: reviewers return
// them as 措施不具体 (HANDBOOK §6, 纸面整改).
var vague = []string{"加强", "进一步", "提高认识", "高度重视", "强化", "持续", "不断", "切实", "认真学习", "增强意识"}

// concrete are words that name something that can be looked for afterwards.
var concrete = []string{
	"制定", "修订", "印发", "出台", "建立", "追回", "退还", "清退", "补缴", "上缴", "拆除", "公示", "公开", "排查", "核查", "整治", "培训",
	"调整", "约谈", "问责", "通报", "签订", "验收", "完成", "召开", "补", "每月", "每季", "每周", "每年",
}

// gaps looks for what is missing or vague.
func (c Content) gaps(today inspection.Day) []Gap {
	gaps := []Gap{}
	add := func(blocks bool, number string, seq int, code, message string) {
		gaps = append(gaps, Gap{number, seq, code, message, blocks})
	}
	if c.MeetingOn == nil {
		add(true, "", 0, "meeting", "还没有登记整改专题民主生活会的日期。")
	}
	if c.Organised == "" {
		add(true, "", 0, "organised", "还没有填写组织领导。")
	}
	if len(c.Answers) == 0 {
		add(true, "", 0, "no-findings", "本轮次没有反馈给本单位的问题。")
	}
	for _, a := range c.Answers {
		if a.Refused != "" {
			continue
		}
		if len(a.Measures) == 0 {
			add(true, a.Number, 0, "no-measure", "没有整改措施。填写措施，或说明不认可的理由。")
		}
		for _, m := range a.Measures {
			if m.Leader == "" {
				add(true, a.Number, m.Seq, "leader", "没有责任领导。")
			}
			if m.DueOn == nil && m.Kind != rectification.Long {
				add(true, a.Number, m.Seq, "due", "没有完成期限。长期坚持的请标为“长期坚持”。")
			}
			if m.DueOn != nil && a.DueOn != nil && *m.DueOn > *a.DueOn {
				add(false, a.Number, m.Seq, "overdue", "措施期限晚于问题的整改期限 "+a.DueOn.String()+"。")
			}
			if isVague(m.Text) {
				add(false, a.Number, m.Seq, "vague", "措施不够具体：写明做什么、做到什么程度、怎样检验。")
			}
		}
	}
	return gaps
}

func isVague(text string) bool {
	says := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
	}
	if strings.ContainsFunc(text, unicode.IsDigit) || says(concrete) {
		return false
	}
	return says(vague) || len([]rune(text)) < 8
}

// blocking counts the gaps with which a plan cannot be signed.
func blocking(gaps []Gap) (n int) {
	for _, g := range gaps {
		if g.Blocks {
			n++
		}
	}
	return n
}
