package evaluations

import (
	"fmt"

	"xuncha/inspection"
)

// Proposal is a deduction that the rows speak for.
type Proposal struct {
	Item   string `json:"item"`
	Points Points `json:"points" doc:"Tenths of a point"`
	Text   string `json:"text" doc:"逾期 4 件，建议扣 4 分"`
	Links  []Link `json:"links" nullable:"false" maxItems:"2000"`
}

// propose says what the rows speak for, in the order of the card. What depends on
// satisfaction follows from the counts and is not proposed.
func (c Card) propose(all []Seen, t Tally) []Proposal {
	ps := []Proposal{}
	for _, a := range c.Aspects {
		for _, it := range a.Items {
			if p, ok := it.propose(all, t); ok {
				ps = append(ps, p)
			}
		}
	}
	return ps
}

func (it Item) propose(all []Seen, t Tally) (p Proposal, ok bool) {
	links, n := rowsOf(all, it.Fact), 0
	what := it.Fact.Word()
	switch it.Fact {
	case "", Satisfaction:
		return p, false
	case PlanMissing:
		if t.Plan {
			return p, false
		}
		links, n = []Link{}, 1
	case PlanLate:
		links = it.late(links, t.FeedbackOn)
		n = len(links)
	case Unclosed:
		n = (t.Problems*it.Share+99)/100 - t.Closed - t.LongTerm
		if n > 0 {
			what = fmt.Sprintf("销号率（含长期整改）%s，距 %d%% 差", percent(t.Closed+t.LongTerm, t.Problems), it.Share)
		}
	default:
		n = len(links)
	}
	if n <= 0 {
		return p, false
	}
	points := min(it.Each*Points(n), it.Cap)
	text := fmt.Sprintf("%s %d 件，建议扣 %s 分", what, n, points)
	if it.Fact == PlanMissing {
		text = fmt.Sprintf("%s，建议扣 %s 分", what, points)
	}
	if points < it.Each*Points(n) {
		text += "（已达上限）"
	}
	return Proposal{Item: it.ID, Points: points, Text: text, Links: links}, true
}

// late are the plans that were signed later after the feedback than the card allows.
func (it Item) late(links []Link, feedback *inspection.Day) []Link {
	late := []Link{}
	for _, l := range links {
		if feedback == nil || l.On == nil || int(*l.On-*feedback) <= it.Days {
			continue
		}
		l.Text = fmt.Sprintf("反馈后第 %d 天签字，规定 %d 天", *l.On-*feedback, it.Days)
		late = append(late, l)
	}
	return late
}

// percent is a share with one decimal, rounded down: 99.6%, never 100.0% when
// something is missing.
func percent(part, whole int) string {
	if whole == 0 {
		return "--"
	}
	return fmt.Sprintf("%d.%d%%", part*100/whole, part*1000/whole%10)
}
