package evaluations

import (
	"encoding/json"
	"fmt"
	"slices"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Points are tenths of a point: 135 is 13.5 points. Scores have one decimal, and
// never come from floats.
type Points int

// String returns the points as people write them: 13.5, or 14.
func (p Points) String() string {
	sign := ""
	if p < 0 {
		sign, p = "-", -p
	}
	if p%10 == 0 {
		return fmt.Sprintf("%s%d", sign, p/10)
	}
	return fmt.Sprintf("%s%d.%d", sign, p/10, p%10)
}

// CardKind is how a card judges.
type CardKind string

// The kinds of card.
const (
	ByPoints CardKind = "points" // 100 minus deductions
	ByGrades CardKind = "grades" // each aspect gets a grade from each party
)

// CardKinds lists the kinds.
func CardKinds() []CardKind { return []CardKind{ByPoints, ByGrades} }

// Card is a score card (评分表). Its numbers are an office's policy.
type Card struct {
	Key     string         `json:"key" minLength:"1" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"The same in all versions"`
	Name    string         `json:"name" minLength:"1" maxLength:"60"`
	Source  string         `json:"source" maxLength:"500" doc:"By what rule or practice"`
	Kind    CardKind       `json:"kind"`
	Aspects []Aspect       `json:"aspects" minItems:"1" maxItems:"12" nullable:"false"`
	Parties []tenants.Role `json:"parties,omitempty" maxItems:"6" nullable:"false" doc:"Who gives grades, for a card of grades"`
	Scale   Scale          `json:"scale" doc:"How satisfaction counts"`
	Vetoes  []Veto         `json:"vetoes" maxItems:"10" nullable:"false"`
	Grades  []Grade        `json:"grades" minItems:"2" maxItems:"8" nullable:"false" doc:"The best first"`
	Second  []string       `json:"second" maxItems:"8" maxLength:"10" nullable:"false" doc:"Grades with which a second rectification follows"`
	// SecondDays is how long a second rectification may take if nobody says otherwise.
	SecondDays int    `json:"second_days" minimum:"1" maximum:"366"`
	Gap        Points `json:"gap" minimum:"0" maximum:"1000" doc:"From how many tenths of a point on the gap between self-evaluation and assessment is shown in colour"`
}

// Aspect is one part of a card (方面).
type Aspect struct {
	Key    string `json:"key" minLength:"1" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$"`
	Name   string `json:"name" minLength:"1" maxLength:"30"`
	Weight Points `json:"weight" minimum:"0" maximum:"10000" doc:"Tenths of a point; 0 on a card of grades"`
	Items  []Item `json:"items" maxItems:"40" nullable:"false"`
}

// Item is one reason to deduct (扣分项).
type Item struct {
	ID   string `json:"id" minLength:"1" maxLength:"10"`
	Text string `json:"text" minLength:"1" maxLength:"200"`
	Each Points `json:"each" minimum:"0" maximum:"10000" doc:"Tenths of a point for each row"`
	Cap  Points `json:"cap" minimum:"0" maximum:"10000" doc:"At most"`
	Fact Fact   `json:"fact,omitempty" doc:"The rows that propose it; none for what only people can see"`
	// Days is for plan-late: how long after the feedback a plan is in time. Share is for
	// unclosed: percent of the problems that have to be closed.
	Days  int `json:"days,omitempty" minimum:"0" maximum:"366"`
	Share int `json:"share,omitempty" minimum:"0" maximum:"100"`
}

// Veto is what alone makes the lowest grade (一票否决).
type Veto struct {
	ID   string `json:"id" minLength:"1" maxLength:"10"`
	Text string `json:"text" minLength:"1" maxLength:"200"`
	Fact Fact   `json:"fact"`
}

// Grade is one grade (等次) and the line from which it is reached.
type Grade struct {
	Name string `json:"name" minLength:"1" maxLength:"10"`
	From Points `json:"from" minimum:"0" maximum:"10000" doc:"Tenths of a point; 0 on a card of grades"`
}

// Scale says what an answer about satisfaction counts, in percent. 不了解 counts
// for nothing, neither above nor below the line.
type Scale struct {
	Content    int  `json:"content" minimum:"0" maximum:"100" doc:"满意"`
	Fair       int  `json:"fair" minimum:"0" maximum:"100" doc:"基本满意"`
	Discontent int  `json:"discontent" minimum:"0" maximum:"100" doc:"不满意"`
	Least      int  `json:"least" minimum:"1" maximum:"100000" doc:"How many answers it takes"`
	Visits     bool `json:"visits" doc:"Votes of people present at checks on site count, too"`
}

// aspect returns the aspect of that key.
func (c Card) aspect(key string) (Aspect, bool) {
	i := slices.IndexFunc(c.Aspects, func(a Aspect) bool { return a.Key == key })
	if i < 0 {
		return Aspect{}, false
	}
	return c.Aspects[i], true
}

// item returns an item and the aspect that it belongs to.
func (c Card) item(id string) (Item, Aspect, bool) {
	for _, a := range c.Aspects {
		for _, it := range a.Items {
			if it.ID == id {
				return it, a, true
			}
		}
	}
	return Item{}, Aspect{}, false
}

// grade returns the place of a grade, the best first, or -1.
func (c Card) grade(name string) int {
	return slices.IndexFunc(c.Grades, func(g Grade) bool { return g.Name == name })
}

// worst is the lowest grade.
func (c Card) worst() string { return c.Grades[len(c.Grades)-1].Name }

// full is what all aspects together can reach.
func (c Card) full() (sum Points) {
	for _, a := range c.Aspects {
		sum += a.Weight
	}
	return sum
}

// checker gathers what is wrong with a card.
type checker struct {
	inspection.Fields
	seen map[string]bool
}

func (k *checker) say(pointer, code, format string, args ...any) {
	k.Fields = append(k.Fields, inspection.Field{Pointer: pointer, Code: code, Message: fmt.Sprintf(format, args...)})
}

// once notes a name that stands twice.
func (k *checker) once(pointer, what, name string) {
	if k.seen[what+name] {
		k.say(pointer, "duplicate", "%s“%s”出现了两次。", what, name)
	}
	k.seen[what+name] = true
}

// Check says what is wrong with a card, each fault with the place where it stands.
func (c Card) Check() error {
	k := checker{seen: map[string]bool{}}
	k.Text("/name", c.Name, true, 60)
	k.Text("/source", c.Source, false, 500)
	if len(c.Aspects) == 0 {
		k.say("/aspects", "required", "评分表至少有一个方面。")
	}
	for i, a := range c.Aspects {
		c.checkAspect(&k, fmt.Sprintf("/aspects/%d", i), a)
	}
	if c.Kind == ByPoints && c.full() != 1000 {
		k.say("/aspects", "sum", "各方面满分合计应为 100 分，现为 %s 分。", c.full())
	}
	if c.Kind == ByGrades && len(c.Parties) == 0 {
		k.say("/parties", "required", "定性评分表须写明由哪几方评定。")
	}
	for i, p := range c.Parties {
		if !slices.Contains(byGroup, p) {
			k.say(fmt.Sprintf("/parties/%d", i), "choice", "%s不能参加评定。", p.Party())
		}
		k.once(fmt.Sprintf("/parties/%d", i), "评定方", p.Party())
	}
	for i, v := range c.Vetoes {
		at := fmt.Sprintf("/vetoes/%d", i)
		k.Text(at+"/text", v.Text, true, 200)
		k.once(at+"/id", "否决项编号", v.ID)
		if !v.Fact.vetoes() {
			k.say(at+"/fact", "choice", "否决项须由系统事实触发，可选：%s。", FalseClosing.Word())
		}
	}
	c.checkGrades(&k)
	if c.Scale.Content < c.Scale.Fair || c.Scale.Fair < c.Scale.Discontent {
		k.say("/scale", "order", "折算比例应依次递减：满意、基本满意、不满意。")
	}
	if c.Scale.Least < 1 {
		k.say("/scale/least", "number-range", "至少需要 1 份有效答复。")
	}
	return k.Err("card.invalid")
}

func (c Card) checkAspect(k *checker, at string, a Aspect) {
	k.Text(at+"/name", a.Name, true, 30)
	k.once(at+"/key", "方面", a.Key)
	if c.Kind == ByGrades {
		if len(a.Items) > 0 || a.Weight != 0 {
			k.say(at, "grades", "定性评分表的方面不设分值和扣分项。")
		}
		return
	}
	if a.Weight <= 0 {
		k.say(at+"/weight", "number-range", "“%s”的满分应大于 0。", a.Name)
	}
	for i, it := range a.Items {
		here := fmt.Sprintf("%s/items/%d", at, i)
		k.Text(here+"/text", it.Text, true, 200)
		k.once(here+"/id", "扣分项编号", it.ID)
		if it.Cap > a.Weight {
			k.say(here+"/cap", "number-range", "扣分项 %s 最多扣 %s 分，超过“%s”的满分 %s 分。", it.ID, it.Cap, a.Name, a.Weight)
		}
		if it.Fact == Satisfaction {
			k.once(here+"/fact", "满意度折算", "")
			continue
		}
		if it.Fact != "" && !slices.Contains(Facts(), it.Fact) || it.Fact.vetoes() {
			k.say(here+"/fact", "choice", "扣分项 %s 所用的系统事实不存在。", it.ID)
		}
		if it.Each <= 0 || it.Each > it.Cap {
			k.say(here+"/each", "number-range", "扣分项 %s 每次扣分应大于 0，不超过 %s 分。", it.ID, it.Cap)
		}
		if it.Fact == PlanLate && it.Days <= 0 {
			k.say(here+"/days", "required", "扣分项 %s 须写明反馈后多少天以内算按时。", it.ID)
		}
		if it.Fact == Unclosed && it.Share <= 0 {
			k.say(here+"/share", "required", "扣分项 %s 须写明应达到的销号率。", it.ID)
		}
	}
}

func (c Card) checkGrades(k *checker) {
	if len(c.Grades) < 2 {
		k.say("/grades", "required", "等次至少有两个。")
	}
	for i, g := range c.Grades {
		at := fmt.Sprintf("/grades/%d", i)
		k.Text(at+"/name", g.Name, true, 10)
		k.once(at+"/name", "等次", g.Name)
		switch last := i == len(c.Grades)-1; {
		case c.Kind == ByGrades:
			if g.From != 0 {
				k.say(at+"/from", "grades", "定性评分表的等次不设分数线。")
			}
		case last && g.From != 0:
			k.say(at+"/from", "order", "最低等次“%s”的分数线应为 0。", g.Name)
		case !last && g.From <= c.Grades[i+1].From:
			k.say(at+"/from", "order", "“%s”的分数线应高于“%s”。", g.Name, c.Grades[i+1].Name)
		case g.From > c.full():
			k.say(at+"/from", "number-range", "“%s”的分数线超过满分。", g.Name)
		}
	}
	for i, name := range c.Second {
		if c.grade(name) < 0 {
			k.say(fmt.Sprintf("/second/%d", i), "choice", "没有“%s”这个等次。", name)
		}
	}
	if c.SecondDays < 1 {
		k.say("/second_days", "number-range", "二次整改的天数应大于 0。")
	}
}

// shipped are the cards that come with the service.
func shipped() (cs []Card, err error) {
	if err := json.Unmarshal(tenants.ShippedCards(), &cs); err != nil {
		return nil, fmt.Errorf("shipped cards: %w", err)
	}
	return cs, nil
}
