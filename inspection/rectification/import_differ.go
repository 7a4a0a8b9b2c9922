package rectification

import (
	"fmt"
	"slices"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
)

// kindOf is how the ledger's kinds are kept here.
var kindOf = map[ledger.Kind]Kind{
	ledger.Unknown: Near, ledger.Dated: Near, ledger.Immediate: Immediate, ledger.LongTerm: Long,
}

// doneWords are the ways in which ledgers say that a measure is done. What else
// they say of its state is kept as a remark.
var doneWords = []string{"已完成", "完成", "已整改", "已整改到位", "整改到位", "整改完成", "已落实", "已销号", "已办结", "是", "√", "✓", "✔"}

// plainWords are states that are told by other columns.
var plainWords = []string{"", "/", "整改中", "正在整改", "推进中", "正在推进", "未完成", "未启动", "否", "×", "长期坚持", "长期", "持续推进", "立行立改"}

// measure returns a measure of a ledger as it is kept here.
func measure(m ledger.Measure) Measure {
	out := Measure{
		Text: m.Text, Kind: kindOf[m.Kind], Leader: m.Leader, Person: m.Person, Department: m.Department,
		Helpers: strings.Join(m.Helpers, "、"), DueOn: m.DueOn, Progress: m.Progress, Rules: m.Rules, Remark: m.Remark,
		Done: slices.Contains(doneWords, strings.TrimSpace(m.Status)),
	}
	if !out.Done && !slices.Contains(plainWords, strings.TrimSpace(m.Status)) {
		out.Remark = strings.TrimSpace(out.Remark + "\n" + m.Status)
	}
	return out
}

func (r resolved) measures() []Measure {
	all := make([]Measure, len(r.Measures))
	for i, m := range r.Measures {
		all[i] = measure(m)
	}
	return all
}

// unfit says why a problem cannot be imported as it is, or nothing.
func (p plan) unfit() string {
	var bad inspection.Fields
	bad.Text("问题", p.Text, true, 5000)
	bad.Text("问题类别", p.Category, false, 200)
	bad.Text("整改目标", p.Goal, false, 2000)
	bad.Text("举一反三检查情况", p.Elsewhere, false, 2000)
	for i, m := range p.measures() {
		at := fmt.Sprintf("第%d项措施的", i+1)
		bad.Text(at+"内容", m.Text, true, 5000)
		bad.Text(at+"责任领导", m.Leader, false, 100)
		bad.Text(at+"责任单位", m.Department, false, 200)
		bad.Text(at+"责任人", m.Person, false, 100)
		bad.Text(at+"配合单位", m.Helpers, false, 500)
		bad.Text(at+"整改进展", m.Progress, false, 2000)
		bad.Text(at+"建章立制", m.Rules, false, 1000)
		bad.Text(at+"备注", m.Remark, false, 1000)
	}
	switch {
	case len(p.open) > 0:
		return p.open[0].Detail
	case len(bad) > 0:
		return bad[0].Pointer + "：" + bad[0].Message
	case len(p.Measures) > maxMeasures:
		return fmt.Sprintf("一个问题最多 %d 项措施。", maxMeasures)
	case p.match == nil || p.verdict == SimilarRow || p.match.inCase == nil:
		return ""
	case p.match.inCase.State == Submitted || p.match.inCase.State == Closed:
		return fmt.Sprintf("%s 现为“%s”，不能用导入更新。", p.match.Number, p.match.inCase.State.Word())
	}
	return ""
}

// deadline returns the last day of a problem: the last of its measures', or none
// if all of them go on for good.
func (r resolved) deadline() *inspection.Day {
	var last *inspection.Day
	for _, m := range r.Measures {
		if m.DueOn != nil && (last == nil || *m.DueOn > *last) {
			last = m.DueOn
		}
	}
	return last
}

// kind returns how soon a problem can be put right: as its slowest measure.
func (r resolved) kind() Kind {
	kinds := map[Kind]int{}
	for _, m := range r.measures() {
		kinds[m.Kind]++
	}
	switch {
	case len(r.Measures) > 0 && kinds[Long] == len(r.Measures):
		return Long
	case len(r.Measures) > 0 && kinds[Immediate] == len(r.Measures):
		return Immediate
	}
	return Near
}

// progress returns the latest that the ledger says was done.
func (r resolved) progress() string {
	for _, m := range slices.Backward(r.Measures) {
		if strings.TrimSpace(m.Progress) != "" {
			return strings.TrimSpace(m.Progress)
		}
	}
	return ""
}

// differ lists in what a problem differs from the one that stands.
func differ(r resolved, e recorded, im Import) []Difference {
	var d differences
	d.text("text", "反馈问题（以反馈原文为准，不更新）", e.Text, r.Text)
	d.text("category", "问题类别", e.Category, r.Category)
	d.fen("amount", "涉及金额", e.AmountFen, r.AmountFen)
	c := e.inCase
	if c == nil {
		if im.Issue && !e.Issued {
			d.add("issued", "反馈", "待反馈", "反馈")
		}
		return d.all
	}
	d.fen("recovered", "追回金额", &c.RecoveredFen, r.RecoveredFen)
	d.text("goal", "整改目标", c.Goal, r.Goal)
	d.text("elsewhere", "举一反三检查情况", c.Elsewhere, r.Elsewhere)
	ms := r.measures()
	for i, old := range pair(ms, e.measures) {
		if at := fmt.Sprint(i + 1); old == nil {
			d.add(at, "措施", "", ms[i].Text)
		} else {
			d.measure(at, *old, ms[i])
		}
	}
	if due := r.deadline(); due != nil && d.dated {
		d.add("due", "期限", dayText(c.DueOn), due.String())
	}
	return d.all
}

// pair finds for each measure the one that stands and says the same, or nil.
func pair(ms, recorded []Measure) []*Measure {
	found, taken := make([]*Measure, len(ms)), map[int]bool{}
	for i, m := range ms {
		for k := range recorded {
			if !taken[k] && key(recorded[k].Text) == key(m.Text) {
				found[i], taken[k] = &recorded[k], true
				break
			}
		}
	}
	return found
}

// differences collects them.
type differences struct {
	all   []Difference
	dated bool // a measure has another deadline, or is new
}

func (d *differences) add(field, label, old, now string) {
	d.all = append(d.all, Difference{field, label, old, now})
	d.dated = d.dated || label == "措施" || strings.HasSuffix(field, "/due_on")
}

func (d *differences) text(field, label, old, now string) {
	if now = strings.TrimSpace(now); now != "" && key(old) != key(now) {
		d.add(field, label, old, now)
	}
}

func (d *differences) fen(field, label string, old, now *int64) {
	if now == nil || old != nil && *old == *now || old == nil && *now == 0 {
		return
	}
	d.add(field, label, yuan(old), yuan(now))
}

func (d *differences) measure(at string, old, m Measure) {
	for _, f := range measureFields {
		d.text(at+"/"+f.name, f.label, *f.of(&old), *f.of(&m))
	}
	if m.DueOn != nil && dayText(old.DueOn) != m.DueOn.String() {
		d.add(at+"/due_on", "整改时限", dayText(old.DueOn), m.DueOn.String())
	}
	if m.Done && !old.Done {
		d.add(at+"/done", "完成情况", "未完成", "已完成")
	}
}

// measureFields are the texts of a measure that a ledger may bring up to date.
var measureFields = []struct {
	name, label string
	of          func(*Measure) *string
}{
	{"leader", "责任领导", func(m *Measure) *string { return &m.Leader }},
	{"person", "责任人", func(m *Measure) *string { return &m.Person }},
	{"department", "责任单位", func(m *Measure) *string { return &m.Department }},
	{"helpers", "配合单位", func(m *Measure) *string { return &m.Helpers }},
	{"progress", "整改进展", func(m *Measure) *string { return &m.Progress }},
	{"rules", "建章立制", func(m *Measure) *string { return &m.Rules }},
	{"remark", "备注", func(m *Measure) *string { return &m.Remark }},
}

// brought returns old with what m says that is not empty, as [differ] counts it.
func brought(old, m Measure) Measure {
	for _, f := range measureFields {
		if now := strings.TrimSpace(*f.of(&m)); now != "" && key(*f.of(&old)) != key(now) {
			*f.of(&old) = now
		}
	}
	if m.DueOn != nil {
		old.DueOn, old.Kind = m.DueOn, m.Kind
	}
	old.Done = old.Done || m.Done
	return old
}

func dayText(d *inspection.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

// yuan writes a sum for people.
func yuan(fen *int64) string {
	if fen == nil {
		return ""
	}
	return fmt.Sprintf("%d.%02d 元", *fen/100, *fen%100)
}
