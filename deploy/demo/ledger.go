package demo

import (
	"fmt"
	"slices"

	"xuncha/inspection"
)

// states in the order in which the story counts them.
var states = [6]string{"open", "working", "submitted", "returned", "long-term", "closed"}

// row is one finding with its case, as the tables keep them.
type row struct {
	office *Office

	Number    string          `json:"number"`
	UnitName  string          `json:"-"`
	Seq       int             `json:"seq"`
	Focus     int             `json:"focus"`
	Category  string          `json:"category"`
	Code      string          `json:"taxonomy"`
	Text      string          `json:"text"`
	AmountFen *int64          `json:"amount_fen"`
	Tags      []string        `json:"tags"`
	Flags     []string        `json:"flags"`
	Goal      string          `json:"goal"`
	Measures  []string        `json:"-"`
	State     string          `json:"state"`
	Kind      string          `json:"kind"`
	Progress  string          `json:"progress"`
	DueOn     inspection.Day  `json:"due_on"`
	DueNote   string          `json:"due_note"`
	ReviewOn  *inspection.Day `json:"review_on"`
	Submitted *inspection.Day `json:"submitted_on"`
	Returned  *inspection.Day `json:"returned_on"`
	Note      string          `json:"return_note"`
	ClosedOn  *inspection.Day `json:"closed_on"`
	Recovered int64           `json:"recovered_fen"`
	Rules     int             `json:"rules_made"`
	Amended   int             `json:"rules_amended"`
}

// scene is a finding whose part in the story is written out.
type scene struct {
	number, state, text, note, dueNote string
	due, submitted, returned           string
	closed, undone                     string // it was closed, and that was taken back
	flags                              []string
	amountFen                          int64
	measures                           []string // besides those of its template
}

var scenes = []scene{
	{
		number: "QY-06-02-017", state: "working", due: "2026-12-31", dueNote: "随省级答复顺延", flags: []string{"escalated"},
		text: "青澜河采砂监管跨县职责交叉、审批口径不一，河段管理存在盲区。",
	},
	{
		number: "SD-05-01-009", state: "returned", due: "2026-10-15", submitted: "2026-10-27", returned: "2026-10-29", note: "无拨付凭证",
		text: "高标准农田项目管护资金未按规定拨付，涉及3个乡镇86.50万元。", amountFen: 86_500_000,
	},
	{
		number: "BY-04-03-021", state: "working", due: "2026-12-04", closed: "2026-08-18", undone: "2026-11-06",
		dueNote: "重新整改：现场检查结论为未改", flags: []string{"public-opinion"},
		text:     "垃圾中转点长期失管，污水外溢，群众多次反映。",
		measures: []string{"落实镇村两级管护责任，对辖区垃圾中转点开展全面排查整治，明确专人管护，每日清运两次，逐点建立台账，定期冲洗消杀，完善污水收集设施，每周通报巡查情况，确保周边环境整洁有序。"},
	},
	{number: "BY-04-03-008", state: "closed", text: "公共厕所管护不到位，辖区12座公厕有5座长期关闭。"},
	{
		number: "BY-04-02-004", state: "closed", text: "生活垃圾收运不及时，8个小区清运间隔超过3天。",
		measures: []string{"落实镇村两级管护责任，对辖区垃圾中转点开展全面排查整治，明确专人管护，每日清运两次，逐点建台账，定期冲洗消杀，完善污水收集设施，每周通报巡查情况，确保周边环境整洁有序。"},
	},
	{
		number: "SQL-05-02-006", state: "closed", text: "敬老院财务公开不及时，伙食费公示栏更新滞后。", flags: []string{"public-opinion"},
		measures: []string{"设立伙食费公示栏，每月公示收支。"},
	},
}

// plan works out every finding of an office so that its counts come out.
func plan(o *Office) []*row {
	var rows []*row
	teams := map[int]int{}
	texts := read[map[string][]template]("texts.json")
	for _, u := range o.Ledger.Units {
		rows = append(rows, planUnit(o, u, teams)...)
	}
	focus(o, rows)
	taggedRows(o, rows)
	for i, r := range rows {
		choices := texts[fmt.Sprint(r.Focus)]
		t := choices[(i*3+len(o.Slug))%len(choices)]
		if len(r.Tags) > 0 {
			t = tagged
		}
		var fen int64
		r.Text, r.Measures, fen = t.words(i*11 + len(o.Slug)*7)
		r.Code, r.Goal, r.Category = t.Code, t.Goal, focusNames[r.Focus-1]
		if fen > 0 {
			r.AmountFen = &fen
		}
	}
	for _, s := range scenes {
		s.play(rows)
	}
	return rows
}

func planUnit(o *Office, u Unit, teams map[int]int) []*row {
	var rows []*row
	for s, n := range u.States {
		for range n {
			rows = append(rows, &row{office: o, UnitName: u.Name, State: states[s], Kind: "near"})
		}
	}
	spread(rows)
	for i, r := range rows {
		teams[u.Team]++
		r.Seq, r.Number = i+1, fmt.Sprintf("%s-%02d-%02d-%03d", o.Prefix, o.Round.Seq, u.Team, teams[u.Team])
		r.Tags, r.Flags = []string{}, []string{}
	}
	return rows
}

// spread mixes rows in a fixed way, so that equal states do not stand together.
func spread(rows []*row) {
	n := len(rows)
	step := 7
	for gcd(step, n) > 1 {
		step++
	}
	mixed := make([]*row, n)
	for i := range rows {
		mixed[i*step%n] = rows[i]
	}
	copy(rows, mixed)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// focus gives the findings of an office its four focuses.
func focus(o *Office, rows []*row) {
	mixed := slices.Clone(rows)
	spread(mixed)
	i := 0
	for f, n := range o.Ledger.Focus {
		for range n {
			mixed[i].Focus = f + 1
			i++
		}
	}
}

// taggedRows gives as many findings of as many units the common issue's tag. It
// is about people's money: only findings of the second focus can have it.
func taggedRows(o *Office, rows []*row) {
	perUnit := map[string][]*row{}
	for _, r := range rows {
		if r.Focus == 2 && !slices.ContainsFunc(scenes, func(s scene) bool { return s.number == r.Number }) {
			perUnit[r.UnitName] = append(perUnit[r.UnitName], r)
		}
	}
	left := o.Ledger.Tagged
	for turn := 0; left > 0; turn++ {
		for i := range o.Ledger.TaggedUnits {
			if u := perUnit[o.Ledger.Units[i].Name]; left > 0 && turn < len(u) {
				u[turn].Tags = []string{tag}
				u[turn].Flags = append(u[turn].Flags, "common")
				left--
			}
		}
	}
}

// play writes the scene into its row. Its state is taken from a row of the same
// unit, so that the counts stay.
func (s scene) play(rows []*row) {
	i := slices.IndexFunc(rows, func(r *row) bool { return r.Number == s.number })
	if i < 0 {
		return
	}
	r := rows[i]
	for _, other := range rows {
		if other.UnitName == r.UnitName && other.State == s.state {
			r.State, other.State = other.State, r.State
			break
		}
	}
	r.Text, r.Note, r.DueNote, r.Flags = s.text, s.note, s.dueNote, append(r.Flags, s.flags...)
	r.Measures = append(r.Measures, s.measures...)
	r.DueOn, r.AmountFen = day(s.due), nil
	if s.amountFen > 0 {
		r.AmountFen = &s.amountFen
	}
	r.Submitted, r.Returned = optional(s.submitted), optional(s.returned)
}

func day(s string) inspection.Day {
	if s == "" {
		return 0
	}
	d, err := inspection.ParseDay(s)
	if err != nil {
		panic(err) // the story is part of the program
	}
	return d
}

func optional(s string) *inspection.Day {
	if d := day(s); d != 0 {
		return &d
	}
	return nil
}
