package plans

import (
	"slices"
	"testing"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
)

func TestGaps(t *testing.T) {
	t.Parallel()
	due, late := inspection.Day(20000), inspection.Day(20100)
	whole := func() Content {
		return Content{
			Organised: "成立领导小组。", MeetingOn: &due,
			Answers: []Answer{{Number: "A-1", DueOn: &due, Measures: []Measure{
				{Seq: 1, Text: "修订学习制度，每月检查1次。", Kind: rectification.Near, Leader: "某人", DueOn: &due},
			}}},
		}
	}
	tests := []struct {
		name   string
		change func(*Content)
		code   string
		blocks bool
	}{
		{"whole", func(*Content) {}, "", false},
		{"no meeting", func(c *Content) { c.MeetingOn = nil }, "meeting", true},
		{"nobody in charge", func(c *Content) { c.Organised = "" }, "organised", true},
		{"nothing issued", func(c *Content) { c.Answers = nil }, "no-findings", true},
		{"no measure", func(c *Content) { c.Answers[0].Measures = nil }, "no-measure", true},
		{"refused instead", func(c *Content) { c.Answers[0].Measures, c.Answers[0].Refused = nil, "不属本单位职责。" }, "", false},
		{"no leader", func(c *Content) { c.Answers[0].Measures[0].Leader = "" }, "leader", true},
		{"no day", func(c *Content) { c.Answers[0].Measures[0].DueOn = nil }, "due", true},
		{"no day, for good", func(c *Content) {
			c.Answers[0].Measures[0].DueOn, c.Answers[0].Measures[0].Kind = nil, rectification.Long
		}, "", false},
		{"later than the finding", func(c *Content) { c.Answers[0].Measures[0].DueOn = &late }, "overdue", false},
		{"vague", func(c *Content) {
			c.Answers[0].Measures[0].Text = "进一步提高认识，切实加强学习教育管理。"
		}, "vague", false},
		{"short", func(c *Content) { c.Answers[0].Measures[0].Text = "认真整改到位" }, "vague", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := whole()
			tt.change(&c)
			gaps := c.gaps(due)
			if tt.code == "" && len(gaps) > 0 {
				t.Errorf("gaps = %+v, want none", gaps)
			}
			if tt.code != "" && !slices.ContainsFunc(gaps, func(g Gap) bool { return g.Code == tt.code && g.Blocks == tt.blocks }) {
				t.Errorf("gaps = %+v, want %s (blocks: %v)", gaps, tt.code, tt.blocks)
			}
		})
	}
}
