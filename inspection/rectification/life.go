package rectification

import (
	"slices"

	"xuncha/tenants"
)

// State is where a case stands. Being overdue is not a state, and neither is
// having been reopened: that is a flag.
type State string

// The states.
const (
	Open      State = "open"      // 未启动
	Working   State = "working"   // 整改中
	Submitted State = "submitted" // 待审核
	Returned  State = "returned"  // 退回重报
	LongTerm  State = "long-term" // 长期整改
	Closed    State = "closed"    // 已销号
)

// Action is what somebody does to a case.
type Action string

// Actions that move a case on.
const (
	Start  Action = "start"       // 启动整改
	Submit Action = "submit"      // 提交销号
	Return Action = "return"      // 退回重报
	Accept Action = "accept"      // 销号
	Keep   Action = "accept-long" // 转入长期整改
	Reopen Action = "reopen"      // 重新整改
	Defer  Action = "defer"       // 经批准转长期整改
	Renew  Action = "renew"       // 继续长期
	Resume Action = "resume"      // 转回整改
	Finish Action = "finish"      // 长期整改销号
	Retain Action = "retain"      // 退回后继续长期整改
)

// Actions that leave it where it is.
const (
	Edit   Action = "edit"    // 填报
	Attach Action = "attach"  // 上传佐证
	Opine  Action = "opinion" // 提交审核意见
	SetDue Action = "due"     // 设期限
	Assign Action = "assign"  // 指派
	Extend Action = "extend"  // 申请延期
)

// Who does what. Whose opinion is asked for is the policy's word, frozen in the
// submission; any reviewer may be named there.
var (
	byUnit     = []tenants.Role{tenants.UNIT, tenants.HEAD}
	byOffice   = []tenants.Role{tenants.OFF, tenants.DIR}
	byDirector = []tenants.Role{tenants.DIR}
	byReopener = []tenants.Role{tenants.DIR, tenants.System} // the system for what the office above found at its sampling
	byReviewer = []tenants.Role{tenants.DISC, tenants.ORG, tenants.DEPT, tenants.OFF, tenants.DIR, tenants.LG}
)

type steps = []tenants.Step[State, Action]

// cases is the life of a case.
var cases = tenants.Life[State, Action]{
	Name: "rectification",
	Steps: slices.Concat(
		steps{
			tenants.From(Open, Start, Working, byUnit),
			tenants.From(Working, Submit, Submitted, byUnit),
			tenants.From(Working, Defer, LongTerm, bySystem), // what the unit's head signed and the approver granted
			tenants.From(Submitted, Opine, Submitted, byReviewer),
			tenants.From(Submitted, Return, Returned, byOffice),
			tenants.From(Submitted, Keep, LongTerm, byOffice),
			tenants.From(Submitted, Retain, LongTerm, bySystem), // returned to what it was
			tenants.From(Submitted, Accept, Closed, byOffice),
			tenants.From(Returned, Submit, Submitted, byUnit),
			tenants.From(Returned, Defer, LongTerm, bySystem),
			tenants.From(LongTerm, Submit, Submitted, byUnit),
			tenants.From(LongTerm, Reopen, Working, byDirector),
			tenants.From(LongTerm, Renew, LongTerm, bySystem), // what the office proposed and the parties agreed to
			tenants.From(LongTerm, Resume, Working, bySystem),
			tenants.From(LongTerm, Finish, Closed, bySystem),
			tenants.From(Closed, Reopen, Working, byReopener),
		},
		tenants.Stay(Edit, byUnit, unfinished...),
		tenants.Stay(Attach, byUnit, unfinished...),
		tenants.Stay(SetDue, byOffice, unfinished...),
		tenants.Stay(Assign, byOffice, unfinished...),
		tenants.Stay(Extend, byUnit, Working, Returned),
	),
	Called: map[State]string{
		Open: "未启动", Working: "整改中", Submitted: "待审核", Returned: "退回重报", LongTerm: "长期整改", Closed: "已销号",
	},
	Doing: map[Action]string{
		Start: "启动整改", Edit: "填报进展", Attach: "上传佐证", Submit: "提交销号", Opine: "提交审核意见", Return: "退回重报",
		Accept: "销号", Keep: "转入长期整改", Reopen: "重新整改", SetDue: "设期限", Assign: "指派",
		Extend: "申请延期", Defer: "经批准转长期整改", Renew: "继续长期", Resume: "转回整改", Finish: "长期整改销号", Retain: "退回后继续长期整改",
	},
}

// unfinished is where there is still something to do for the unit.
var unfinished = []State{Open, Working, Returned, LongTerm}

// Cases returns the life of a case.
func Cases() tenants.Life[State, Action] { return cases }
