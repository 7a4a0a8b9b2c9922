package evaluations

import (
	"slices"

	"xuncha/tenants"
)

// State is where an evaluation stands.
type State string

// The states.
const (
	SelfEvaluating State = "self"       // 自评
	Assessing      State = "assessing"  // 评估组评分
	Reviewing      State = "reviewing"  // 主任审核
	Approving      State = "approving"  // 领导小组审定
	Decided        State = "decided"    // 待通报
	Published      State = "published"  // 已通报
	Superseded     State = "superseded" // 已重新评估
)

// Action is what somebody does to an evaluation.
type Action string

// The actions.
const (
	Begin     Action = "begin"     // 生成评估表
	Rescore   Action = "rescore"   // 重新评估
	Fill      Action = "fill"      // 填写自评
	Sign      Action = "sign"      // 签署自评
	Waive     Action = "waive"     // 不等自评
	Convene   Action = "convene"   // 组建评估组
	Enter     Action = "enter"     // 评分
	Finish    Action = "finish"    // 提交评估
	Return    Action = "return"    // 退回
	Approve   Action = "approve"   // 审核同意
	Decide    Action = "decide"    // 审定
	Announce  Action = "announce"  // 通报
	Supersede Action = "supersede" // 以新的评估替换
)

var (
	byUnit     = []tenants.Role{tenants.UNIT, tenants.HEAD}
	byHead     = []tenants.Role{tenants.HEAD}
	byOffice   = append([]tenants.Role{tenants.OFF}, tenants.Directing...)
	byOfficer  = []tenants.Role{tenants.OFF}
	byDirector = tenants.Directing
	byLeader   = []tenants.Role{tenants.LG}
	// byGroup are the parties whose people may be in a group.
	byGroup = []tenants.Role{tenants.OFF, tenants.DISC, tenants.ORG, tenants.DEPT}
)

type steps = []tenants.Step[State, Action]

var evaluations = tenants.Life[State, Action]{
	Name: "evaluation",
	Steps: slices.Concat(
		steps{
			tenants.From(tenants.Start, Begin, SelfEvaluating, byOffice),
			tenants.From(tenants.Start, Rescore, Assessing, byDirector),
			tenants.From(SelfEvaluating, Sign, Assessing, byHead),
			tenants.From(SelfEvaluating, Waive, Assessing, byDirector),
			tenants.From(Assessing, Return, SelfEvaluating, byOffice),
			tenants.From(Assessing, Finish, Reviewing, byOfficer),
			tenants.From(Reviewing, Return, Assessing, byDirector),
			tenants.From(Reviewing, Approve, Approving, byDirector),
			tenants.From(Approving, Return, Assessing, byLeader),
			tenants.From(Approving, Decide, Decided, byLeader),
			tenants.From(Decided, Announce, Published, byOffice),
			tenants.From(Published, Supersede, Superseded, byOffice),
		},
		tenants.Stay(Fill, byUnit, SelfEvaluating),
		tenants.Stay(Convene, byOffice, Assessing),
		tenants.Stay(Enter, byGroup, Assessing),
		tenants.Stay(Rescore, byDirector, Published),
	),
	Called: map[State]string{
		SelfEvaluating: "自评", Assessing: "评估组评分", Reviewing: "主任审核", Approving: "领导小组审定", Decided: "待通报",
		Published: "已通报", Superseded: "已重新评估",
	},
	Doing: map[Action]string{
		Begin: "生成评估表", Rescore: "重新评估", Fill: "填写自评", Sign: "签署自评", Waive: "不等自评", Convene: "组建评估组",
		Enter: "评分", Finish: "提交评估", Return: "退回", Approve: "审核同意", Decide: "审定", Announce: "通报",
		Supersede: "以新的评估替换",
	},
}

// Life returns the life of an evaluation.
func Life() tenants.Life[State, Action] { return evaluations }

// Word returns what people call the state.
func (s State) Word() string { return evaluations.Called[s] }

// SecondState is where a second rectification stands.
type SecondState string

// The states of a second rectification.
const (
	Ordered   SecondState = "ordered"   // 二次整改中
	Reported  SecondState = "reported"  // 待确认
	Returned  SecondState = "returned"  // 退回继续整改
	Confirmed SecondState = "confirmed" // 已确认
	Replaced  SecondState = "replaced"  // 随重新评估作废
)

// SecondAction is what is done about a second rectification.
type SecondAction string

// What is done about second rectifications.
const (
	Order    SecondAction = "order"   // 责令二次整改
	Report   SecondAction = "report"  // 报告完成
	SendBack SecondAction = "return"  // 退回
	Confirm  SecondAction = "confirm" // 确认
	Replace  SecondAction = "replace" // 作废
)

var seconds = tenants.Life[SecondState, SecondAction]{
	Name: "second",
	Steps: []tenants.Step[SecondState, SecondAction]{
		tenants.From(tenants.Start, Order, Ordered, byOffice),
		tenants.From(Ordered, Report, Reported, byUnit),
		tenants.From(Returned, Report, Reported, byUnit),
		tenants.From(Reported, SendBack, Returned, byOffice),
		tenants.From(Reported, Confirm, Confirmed, byOffice),
		tenants.From(Ordered, Replace, Replaced, byOffice),
		tenants.From(Returned, Replace, Replaced, byOffice),
		tenants.From(Reported, Replace, Replaced, byOffice),
	},
	Called: map[SecondState]string{
		Ordered: "二次整改中", Reported: "待确认", Returned: "退回继续整改", Confirmed: "已确认", Replaced: "已作废",
	},
	Doing: map[SecondAction]string{
		Order: "责令二次整改", Report: "报告完成", SendBack: "退回", Confirm: "确认完成", Replace: "作废",
	},
}

// Seconds returns the life of a second rectification.
func Seconds() tenants.Life[SecondState, SecondAction] { return seconds }

// Word returns what people call the state.
func (s SecondState) Word() string { return seconds.Called[s] }
