package evaluations_test

import (
	"encoding/json"
	"strings"
	"testing"

	"xuncha/tenants/tenantstest"

	"xuncha/inspection"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/tenants"
)

// shipped are the cards of the service.
func shipped(t testing.TB) []evaluations.Card {
	t.Helper()
	var cs []evaluations.Card
	if err := json.Unmarshal(tenants.ShippedCards(), &cs); err != nil {
		t.Fatal(err)
	}
	return cs
}

// TestShippedCards: the three forms of HANDBOOK §6 stand in the data: 15, 15, 60
// and 10 points with 23 items; six aspects by three bodies; four grades.
func TestShippedCards(t *testing.T) {
	t.Parallel()
	cs := shipped(t)
	for _, c := range cs {
		if err := c.Check(); err != nil {
			t.Errorf("%s: %v %s", c.Key, err, fields(err))
		}
	}
	var weights []evaluations.Points
	items := 0
	for _, a := range cs[0].Aspects {
		weights = append(weights, a.Weight)
		items += len(a.Items)
	}
	if len(weights) != 4 || weights[0] != 150 || weights[1] != 150 || weights[2] != 600 || weights[3] != 100 || items != 23 {
		t.Errorf("weights %v, %d items", weights, items)
	}
	if len(cs[1].Aspects) != 6 || len(cs[1].Parties) != 3 || len(cs[2].Grades) != 4 || cs[2].Grades[0].Name != "优秀" {
		t.Errorf("%d aspects by %d parties; grades %v", len(cs[1].Aspects), len(cs[1].Parties), cs[2].Grades)
	}
}

// TestCardFaults breaks a card in every way and sees that it is said.
func TestCardFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(c *evaluations.Card)
		says  string
	}{
		{"weights do not add up", func(c *evaluations.Card) { c.Aspects[0].Weight = 100 }, "合计应为 100 分，现为 95 分"},
		{"an item twice", func(c *evaluations.Card) { c.Aspects[1].Items[0].ID = "1.1" }, "扣分项编号“1.1”出现了两次"},
		{"an aspect twice", func(c *evaluations.Card) { c.Aspects[1].Key = "lead" }, "“lead”出现了两次"},
		{"more than the aspect has", func(c *evaluations.Card) { c.Aspects[0].Items[0].Cap = 151 }, "超过“组织领导”的满分 15 分"},
		{"each more than the cap", func(c *evaluations.Card) { c.Aspects[0].Items[0].Each = 51 }, "每次扣分应大于 0，不超过 5 分"},
		{"an unknown fact", func(c *evaluations.Card) { c.Aspects[0].Items[0].Fact = "weather" }, "系统事实不存在"},
		{"a veto as an item", func(c *evaluations.Card) { c.Aspects[0].Items[0].Fact = evaluations.FalseClosing }, "系统事实不存在"},
		{"late without days", func(c *evaluations.Card) { c.Aspects[0].Items[1].Days = 0 }, "多少天以内"},
		{"a rate without a share", func(c *evaluations.Card) { c.Aspects[2].Items[8].Share = 0 }, "应达到的销号率"},
		{"lines out of order", func(c *evaluations.Card) { c.Grades[1].From = 900 }, "“好”的分数线应高于“较好”"},
		{"the last line is not 0", func(c *evaluations.Card) { c.Grades[3].From = 10 }, "“差”的分数线应为 0"},
		{"a grade twice", func(c *evaluations.Card) { c.Grades[1].Name = "好" }, "等次“好”出现了两次"},
		{"second for an unknown grade", func(c *evaluations.Card) { c.Second = []string{"不及格"} }, "没有“不及格”这个等次"},
		{"a veto by people", func(c *evaluations.Card) { c.Vetoes[0].Fact = evaluations.Overdue }, "否决项须由系统事实触发"},
		{"the scale upside down", func(c *evaluations.Card) { c.Scale.Fair = 20 }, "依次递减"},
		{"satisfaction twice", func(c *evaluations.Card) { c.Aspects[3].Items[1].Fact = evaluations.Satisfaction }, "满意度折算”"},
	}
	for _, tt := range tests {
		c := shipped(t)[0]
		tt.spoil(&c)
		err := c.Check()
		if inspection.CodeOf(err) != "card.invalid" || !strings.Contains(fields(err), strings.TrimSuffix(tt.says, "”")) {
			t.Errorf("%s: %v %s", tt.name, err, fields(err))
		}
	}
	six := shipped(t)[1]
	six.Parties = nil
	six.Aspects[0].Weight = 100
	if said := fields(six.Check()); !strings.Contains(said, "由哪几方评定") || !strings.Contains(said, "不设分值") {
		t.Errorf("a card of grades: %s", said)
	}
}

// TestPublish: an office's own card replaces the shipped one for it and for those
// below; a further version leaves what began before as it was.
func TestPublish(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := h.begun(t, "hundred")
	card := shipped(t)[0]
	card.Grades[0].From = 950
	city := h.As(h.City[0], tenants.DIR)
	above := tenantstest.Must(h.Publish(t.Context(), city, evaluations.Publishing{Card: card, Note: "全市统一"}))(t)
	if all := tenantstest.Must(h.Cards(t.Context(), h.off))(t); len(all) != 3 || all[0].Grades[0].From != 950 || all[0].Office != above.Office || all[0].Version != 1 {
		t.Errorf("the county has %+v", all[0].Grades)
	}
	if all := tenantstest.Must(h.Cards(t.Context(), h.As(h.County[1][0], tenants.OFF)))(t); all[0].Grades[0].From != 900 || all[0].Version != 0 {
		t.Errorf("a county of another city has %+v", all[0].Grades)
	}
	for i, line := range []evaluations.Points{880, 870} {
		card.Grades[0].From = line
		if own := tenantstest.Must(h.Publish(t.Context(), h.dir, evaluations.Publishing{Card: card, Note: "本县"}))(t); own.Version != i+1 {
			t.Errorf("published as version %d", own.Version)
		}
	}
	if all := tenantstest.Must(h.Cards(t.Context(), h.off))(t); all[0].Grades[0].From != 870 || all[0].Version != 2 {
		t.Errorf("the county has version %d, %+v", all[0].Version, all[0].Grades)
	}
	if now := h.seen(t, h.off, before.ID); now.Card.Grades[0].From != 900 || now.Card.Version != 0 {
		t.Errorf("what began before has version %d, %+v", now.Card.Version, now.Card.Grades)
	}
	card.Aspects[0].Weight = 10
	_, err := h.Publish(t.Context(), h.dir, evaluations.Publishing{Card: card, Note: "x"})
	tenantstest.Wants(t, err, inspection.Invalid, "card.invalid")
	_, err = h.Publish(t.Context(), h.off, evaluations.Publishing{Card: shipped(t)[0], Note: "x"})
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
}
