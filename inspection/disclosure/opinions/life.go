package opinions

import "xuncha/tenants"

// State is where an opinion stands.
type State string

// The states.
const (
	Waiting  State = "waiting"  // 待审
	Featured State = "featured" // 选登
	Declined State = "declined" // 不登
	Passed   State = "passed"   // 转办
	Merged   State = "merged"   // 合并
)

// Action is what somebody does about an opinion.
type Action string

// The actions.
const (
	Receive Action = "receive" // 提交
	Feature Action = "feature" // 选登
	Decline Action = "decline" // 不登
	Pass    Action = "pass"    // 转办
	Merge   Action = "merge"   // 合并
	Reopen  Action = "reopen"  // 重新审核
	Reply   Action = "reply"   // 答复
	Link    Action = "link"    // 关联问题
)

var (
	staff  = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	public = []tenants.Role{tenants.Public}
)

// life is the life of an opinion.
var life = tenants.Life[State, Action]{
	Name: "opinion",
	Steps: append(append([]tenants.Step[State, Action]{
		tenants.From(tenants.Start, Receive, Waiting, public),
		tenants.From(Waiting, Feature, Featured, staff),
		tenants.From(Waiting, Decline, Declined, staff),
		tenants.From(Waiting, Pass, Passed, staff),
		tenants.From(Waiting, Merge, Merged, staff),
		tenants.From(Featured, Reopen, Waiting, staff),
		tenants.From(Declined, Reopen, Waiting, staff),
		tenants.From(Passed, Reopen, Waiting, staff),
		tenants.From(Merged, Reopen, Waiting, staff),
	},
		tenants.Stay(Reply, staff, Featured, Declined, Passed)...),
		tenants.Stay(Link, staff, Waiting, Featured, Declined, Passed)...),
	Called: map[State]string{Waiting: "待审", Featured: "选登", Declined: "不登", Passed: "转办", Merged: "合并"},
	Doing: map[Action]string{
		Receive: "提交意见", Feature: "选登", Decline: "不登", Pass: "转办", Merge: "合并", Reopen: "重新审核", Reply: "答复", Link: "关联问题",
	},
}

// Life returns the life of an opinion.
func Life() tenants.Life[State, Action] { return life }

// Word returns what people call the state.
func (s State) Word() string { return life.Called[s] }

// Reason is why an opinion is not shown.
type Reason string

// The reasons.
const (
	Personal  Reason = "personal"  // 含个人信息
	OffTopic  Reason = "off-topic" // 与本页无关
	Advert    Reason = "advert"    // 广告
	Attack    Reason = "attack"    // 攻击他人
	Unwilling Reason = "unwilling" // 本人不愿公开
	Kept      Reason = "kept"      // 只收不登
)

// Reasons lists the reasons.
func Reasons() []Reason { return []Reason{Personal, OffTopic, Advert, Attack, Unwilling, Kept} }

var reasonWords = map[Reason]string{
	Personal: "含个人信息", OffTopic: "与本页无关", Advert: "广告", Attack: "攻击他人", Unwilling: "本人不愿公开", Kept: "只收不登",
}

// Word returns what people call the reason.
func (r Reason) Word() string { return reasonWords[r] }

// meant reports whether an opinion that is not shown for this reason says something
// all the same: it is answered and counts.
func (r Reason) meant() bool { return r == "" || r == Personal || r == Unwilling || r == Kept }

// Mode is whether an office takes opinions on its pages.
type Mode string

// The modes.
const (
	Off     Mode = "off"     // 关
	Collect Mode = "collect" // 只收不登
	Show    Mode = "feature" // 收并选登
)

// Modes lists the modes.
func Modes() []Mode { return []Mode{Off, Collect, Show} }

var modeWords = map[Mode]string{Off: "关", Collect: "只收不登", Show: "收并选登"}

// Word returns what people call the mode.
func (m Mode) Word() string { return modeWords[m] }
