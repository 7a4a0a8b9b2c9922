package disclosure

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"xuncha/inspection"
	"xuncha/tenants"
)

// words are what people call the values below.
var words = map[string]map[string]string{
	"status": {"done": "已完成", "long-term": "长期整改", "ongoing": "正在推进"},
	"withheld": {
		"secret": "党和国家秘密", "case": "在初核或已立案未公布", "hype": "可能引发负面炒作",
		"petition": "可能引发大规模上访或群体性事件", "sensitive": "重大敏感事项",
	},
	"kind": {
		"department": "部门", "township": "乡镇（街道）", "enterprise": "国有企业", "institution": "事业单位", "village": "村（社区）",
	},
	"keep": {"office": "办公用联系方式", "announced": "已由有关机关公开", "not-personal": "不是个人信息"},
}

// Word returns what people call the state.
func (s State) Word() string { return editions.Called[s] }

// Word returns what people call the action.
func (a Action) Word() string { return editions.Doing[a] }

// Status is how far a finding is, in the public's three words.
type Status string

// The three words.
const (
	Done     Status = "done"      // 已完成
	LongTerm Status = "long-term" // 长期整改
	Ongoing  Status = "ongoing"   // 正在推进
)

// Statuses lists the three words.
func Statuses() []Status { return []Status{Done, LongTerm, Ongoing} }

// Word returns what the public reads.
func (s Status) Word() string { return words["status"][string(s)] }

// Reason is why a finding is not disclosed. The public learns the number of
// such findings and nothing else.
type Reason string

// The five reasons; empty means that the finding is disclosed.
const (
	Secret    Reason = "secret"    // 党和国家秘密
	Case      Reason = "case"      // 在初核或已立案未公布
	Hype      Reason = "hype"      // 可能引发负面炒作
	Petition  Reason = "petition"  // 可能引发大规模上访或群体性事件
	Sensitive Reason = "sensitive" // 重大敏感事项
)

// Reasons lists the five reasons.
func Reasons() []Reason { return []Reason{Secret, Case, Hype, Petition, Sensitive} }

// Word returns what people call the reason.
func (r Reason) Word() string { return words["withheld"][string(r)] }

// Grounds is why personal data stays in a text.
type Grounds string

// The grounds.
const (
	OfficeLine  Grounds = "office"       // 办公用联系方式
	Announced   Grounds = "announced"    // 已由有关机关公开
	NotPersonal Grounds = "not-personal" // 不是个人信息
)

// AllGrounds lists the grounds.
func AllGrounds() []Grounds { return []Grounds{OfficeLine, Announced, NotPersonal} }

// Word returns what people call the grounds.
func (g Grounds) Word() string { return words["keep"][string(g)] }

// KindWord returns what the public calls a kind of unit.
func KindWord(kind string) string { return words["kind"][kind] }

// committee is what the office's committee is called in short: 县委, 区委, 市委.
func committee(t tenants.Tenant) string {
	last, _ := utf8.DecodeLastRuneInString(t.Name)
	if strings.ContainsRune("省市县区州盟旗", last) {
		return string(last) + "委"
	}
	return map[string]string{"province": "省委", "city": "市委", "county": "县委"}[t.Level]
}

// fullUnit puts the region before a unit's name: 县民政局党组 becomes
// 石桥岭县民政局党组.
func fullUnit(t tenants.Tenant, unit string) string {
	last, _ := utf8.DecodeLastRuneInString(t.Name)
	first, n := utf8.DecodeRuneInString(unit)
	switch {
	case strings.HasPrefix(unit, t.Name):
		return unit
	case first == last:
		return t.Name + unit[n:]
	}
	return t.Name + unit
}

// partyBody is what the unit's leading body is called: the end of its name.
func partyBody(unit string) string {
	for _, body := range []string{"党工委", "党委", "党组", "党总支", "党支部"} {
		if strings.HasSuffix(unit, body) {
			return body
		}
	}
	return "党组织"
}

// Date writes a day as documents do: 2026年9月21日.
func Date(d inspection.Day) string {
	y, m, day := d.Date()
	return fmt.Sprintf("%d年%d月%d日", y, m, day)
}

// Month writes a day to the month, which is as exact as the public needs.
func Month(d inspection.Day) string {
	y, m, _ := d.Date()
	return fmt.Sprintf("%d年%d月", y, m)
}

// sentence ends s with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || slices.Contains([]string{"。", "！", "？", "；"}, s[max(0, len(s)-3):]) {
		return s
	}
	return strings.TrimRight(s, ".;；,，、") + "。"
}

// headline is the first clause of a text, as the title of its section.
func headline(text string) string {
	if i := strings.IndexAny(text, "。；;\n"); i > 0 {
		text = text[:i]
	}
	if utf8.RuneCountInString(text) > 40 {
		if i := strings.IndexAny(text, "，,：:"); i > 0 {
			text = text[:i]
		}
	}
	r := []rune(strings.TrimSpace(text))
	return string(r[:min(len(r), titleLimit)])
}
