package followups

import (
	"slices"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// State is where a follow-up stands.
type State string

// The states.
const (
	Drafted   State = "draft"     // 草拟
	Notified  State = "notified"  // 已通知
	Ongoing   State = "ongoing"   // 进行中
	Reported  State = "reported"  // 已报告
	Cancelled State = "cancelled" // 已取消
)

// Action is what somebody does to a follow-up.
type Action string

// The actions.
const (
	Draft  Action = "draft"  // 开展回头看
	Edit   Action = "edit"   // 修改方案
	Staff  Action = "staff"  // 调整人员
	Notify Action = "notify" // 通知单位
	Begin  Action = "begin"  // 进驻
	Find   Action = "find"   // 登记新发现问题
	Report Action = "report" // 形成报告
	Cancel Action = "cancel" // 取消
)

var (
	byOffice    = []tenants.Role{tenants.OFF, tenants.DIR}
	byDirector  = []tenants.Role{tenants.DIR}
	byInspector = []tenants.Role{tenants.OFF, tenants.LDR, tenants.VLD, tenants.MEM, tenants.DISC}
)

var followups = tenants.Life[State, Action]{
	Name: "followup",
	Steps: slices.Concat(
		[]tenants.Step[State, Action]{
			tenants.From(tenants.Start, Draft, Drafted, byOffice),
			tenants.From(Drafted, Notify, Notified, byDirector),
			tenants.From(Drafted, Cancel, Cancelled, byOffice),
			tenants.From(Notified, Begin, Ongoing, byOffice),
			tenants.From(Notified, Cancel, Cancelled, byDirector),
			tenants.From(Ongoing, Report, Reported, byDirector),
		},
		tenants.Stay(Edit, byOffice, Drafted),
		tenants.Stay(Staff, byOffice, Notified, Ongoing),
		tenants.Stay(Find, byInspector, Ongoing),
	),
	Called: map[State]string{
		Drafted: "草拟", Notified: "已通知", Ongoing: "进行中", Reported: "已报告", Cancelled: "已取消",
	},
	Doing: map[Action]string{
		Draft: "开展回头看", Edit: "修改方案", Staff: "调整人员", Notify: "通知单位", Begin: "进驻", Find: "登记新发现问题",
		Report: "形成报告", Cancel: "取消回头看",
	},
}

// Life returns the life of a follow-up.
func Life() tenants.Life[State, Action] { return followups }

// Word returns what people call the state.
func (s State) Word() string { return followups.Called[s] }

// Look is how far the looking at one problem is.
type Look string

// How far it is.
const (
	Open   Look = "open"   // 待核查
	Seen   Look = "seen"   // 待核对
	Agreed Look = "agreed" // 已核实
)

// LookAction is what is done about the record of one problem.
type LookAction string

// What is done about it.
const (
	Record   LookAction = "record" // 记录核查结论
	Agree    LookAction = "agree"  // 核对无误
	SendBack LookAction = "return" // 退回重新核查
)

var looks = tenants.Life[Look, LookAction]{
	Name: "look",
	Steps: []tenants.Step[Look, LookAction]{
		tenants.From(Open, Record, Seen, byInspector),
		tenants.From(Seen, Record, Seen, byInspector),
		tenants.From(Seen, Agree, Agreed, byInspector),
		tenants.From(Seen, SendBack, Open, byInspector),
		tenants.From(Agreed, SendBack, Open, byDirector),
	},
	Called: map[Look]string{Open: "待核查", Seen: "待核对", Agreed: "已核实"},
	Doing:  map[LookAction]string{Record: "记录核查结论", Agree: "核对核查结论", SendBack: "退回重新核查"},
}

// Looks returns the life of the record of one problem.
func Looks() tenants.Life[Look, LookAction] { return looks }

// Verdict is what a follow-up says of a problem (核查结论).
type Verdict string

// The verdicts.
const (
	Confirmed    Verdict = "confirmed"    // 确认到位
	Insufficient Verdict = "insufficient" // 未到位
	Rebounded    Verdict = "rebounded"    // 反弹
	False        Verdict = "false"        // 虚假整改
)

// Verdicts lists the verdicts.
func Verdicts() []Verdict { return []Verdict{Confirmed, Insufficient, Rebounded, False} }

var verdictWords = map[Verdict]string{Confirmed: "确认到位", Insufficient: "未到位", Rebounded: "反弹", False: "虚假整改"}

// Word returns what people call the verdict.
func (v Verdict) Word() string { return verdictWords[v] }

// Reopens reports whether a case in this state is reopened for the verdict: one
// that is closed and does not stand.
func (v Verdict) Reopens(s rectification.State) bool {
	return s == rectification.Closed && v != Confirmed && v != ""
}

// fits reports whether the verdict can be said of a case in this state: only what
// was said to be put right can come back, or have been false.
func (v Verdict) fits(s rectification.State) bool {
	return v == Confirmed || v == Insufficient || s == rectification.Closed || s == rectification.LongTerm
}

// Cause is what speaks for taking a unit.
type Cause string

// The causes.
const (
	Grade    Cause = "grade"    // 等次
	Doubts   Cause = "doubts"   // 存疑
	Reopened Cause = "reopened" // 重新整改
	Overdue  Cause = "overdue"  // 逾期
)

// Causes lists the causes.
func Causes() []Cause { return []Cause{Grade, Doubts, Reopened, Overdue} }
