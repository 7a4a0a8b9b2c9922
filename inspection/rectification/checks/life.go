package checks

import (
	"slices"

	"xuncha/tenants"
)

// State is where a visit stands.
type State string

// The states.
const (
	Planned   State = "planned"   // 待检查
	Reported  State = "reported"  // 待核对
	Agreed    State = "agreed"    // 待确认
	Confirmed State = "confirmed" // 已确认
	Cancelled State = "cancelled" // 已取消
)

// Action is what somebody does to a visit.
type Action string

// The actions.
const (
	Assign  Action = "assign"  // 指派检查人
	Attach  Action = "attach"  // 上传照片
	Report  Action = "report"  // 提交检查结果
	Agree   Action = "agree"   // 核对无误
	Return  Action = "return"  // 退回补充
	Confirm Action = "confirm" // 确认结论
	Cancel  Action = "cancel"  // 取消检查
)

var (
	byOffice    = []tenants.Role{tenants.OFF, tenants.DIR}
	byDirector  = []tenants.Role{tenants.DIR}
	byInspector = []tenants.Role{tenants.OFF, tenants.LDR, tenants.VLD, tenants.MEM, tenants.DISC}
)

var visits = tenants.Life[State, Action]{
	Name: "check",
	Steps: slices.Concat(
		[]tenants.Step[State, Action]{
			tenants.From(Planned, Report, Reported, byInspector),
			tenants.From(Planned, Cancel, Cancelled, byDirector),
			tenants.From(Reported, Agree, Agreed, byInspector),
			tenants.From(Reported, Return, Planned, byDirector),
			tenants.From(Agreed, Return, Planned, byDirector),
			tenants.From(Agreed, Confirm, Confirmed, byDirector),
		},
		tenants.Stay(Report, byInspector, Reported),
		tenants.Stay(Assign, byOffice, Planned),
		tenants.Stay(Attach, byInspector, Planned, Reported),
	),
	Called: map[State]string{
		Planned: "待检查", Reported: "待核对", Agreed: "待确认", Confirmed: "已确认", Cancelled: "已取消",
	},
	Doing: map[Action]string{
		Assign: "指派检查人", Attach: "上传照片", Report: "提交检查结果", Agree: "核对检查结果", Return: "退回补充",
		Confirm: "确认检查结论", Cancel: "取消检查",
	},
}

// Visits returns the life of a visit.
func Visits() tenants.Life[State, Action] { return visits }

// Inspectors lists the roles that go to see.
func Inspectors() []tenants.Role { return slices.Clone(byInspector) }

// Verdict is what a visit found (结论).
type Verdict string

// The verdicts.
const (
	Real      Verdict = "real"      // 真改
	Partial   Verdict = "partial"   // 部分
	Unchanged Verdict = "unchanged" // 未改
	Doubtful  Verdict = "doubtful"  // 存疑
)

// Verdicts lists the verdicts.
func Verdicts() []Verdict { return []Verdict{Real, Partial, Unchanged, Doubtful} }

// Outcome is what follows from a visit.
type Outcome string

// The outcomes.
const (
	Nothing Outcome = "none"   // 无需处理
	Urge    Outcome = "letter" // 督办单
	Reopen  Outcome = "reopen" // 重新整改
	Again   Outcome = "again"  // 二人复核
)

// Outcomes lists the outcomes.
func Outcomes() []Outcome { return []Outcome{Nothing, Urge, Reopen, Again} }

// Reason is why an item is in a sample.
type Reason string

// The reasons.
const (
	Doubt   Reason = "doubt"   // 存疑
	Overdue Reason = "overdue" // 逾期
	Random  Reason = "random"  // 随机
)

// Reasons lists the reasons.
func Reasons() []Reason { return []Reason{Doubt, Overdue, Random} }

// what people call the values above.
var (
	verdictWords = map[Verdict]string{Real: "真改", Partial: "部分", Unchanged: "未改", Doubtful: "存疑"}
	outcomeWords = map[Outcome]string{Nothing: "无需处理", Urge: "督办单", Reopen: "重新整改", Again: "二人复核"}
	reasonWords  = map[Reason]string{Doubt: "存疑", Overdue: "逾期", Random: "随机"}
	roundWords   = [...]string{"", "第一轮", "第二轮", "第三轮"}
)

// Word returns what people call the state.
func (s State) Word() string { return visits.Called[s] }

// Word returns what people call the verdict.
func (v Verdict) Word() string { return verdictWords[v] }

// Word returns what people call the outcome.
func (o Outcome) Word() string { return outcomeWords[o] }

// Word returns what people call the reason.
func (r Reason) Word() string { return reasonWords[r] }

// follows says which outcomes each verdict may have.
var follows = map[Verdict][]Outcome{
	Real:      {Nothing},
	Partial:   {Nothing, Urge, Reopen},
	Unchanged: {Nothing, Urge, Reopen},
	Doubtful:  {Again},
}
