package evaluations

import (
	"fmt"
	"strings"
)

// paragraph is what a report says of a result, ready to be copied.
func (n Snapshot) paragraph(r Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s整改成效评估：", n.UnitName, n.RoundName)
	for i, a := range r.Aspects {
		if i > 0 {
			b.WriteString("、")
		}
		if n.Card.Kind == ByPoints {
			fmt.Fprintf(&b, "%s%s分", a.Name, a.Points)
		} else {
			fmt.Fprintf(&b, "%s“%s”", a.Name, a.Grade)
		}
	}
	if r.Points != nil {
		fmt.Fprintf(&b, "，合计%s分", *r.Points)
	}
	if r.Veto {
		for _, v := range r.Vetoes {
			numbers := make([]string, len(v.Rows))
			for i, l := range v.Rows {
				numbers[i] = l.Number
			}
			fmt.Fprintf(&b, "；%s（%s），实行一票否决", v.Text, strings.Join(numbers, "、"))
		}
	}
	fmt.Fprintf(&b, "，等次为“%s”。", r.Grade)
	fmt.Fprintf(&b, "反馈问题%d个，已销号%d个，长期整改%d个；满意度%d.%d%%（有效答复%d份）。",
		n.Tally.Problems, n.Tally.Closed, n.Tally.LongTerm, r.Satisfaction.Rate/10, r.Satisfaction.Rate%10, r.Satisfaction.Answers)
	return b.String()
}
