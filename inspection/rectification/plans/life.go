package plans

import (
	"xuncha/inspection/rectification/papers"
	"xuncha/tenants"
)

// State is where a plan stands.
type State string

// The states.
const (
	Drafting       State = "drafting"
	Countersigning State = "countersigning" // signed by the head, not yet by the leader in charge
	Reviewing      State = "reviewing"
	Returned       State = "returned"
	Effective      State = "effective"
	Superseded     State = "superseded" // by a later edition
)

// Action is what somebody does to a plan.
type Action string

// The actions.
const (
	Begin       Action = "begin"
	Edit        Action = "edit"
	Sign        Action = "sign"
	Countersign Action = "countersign"
	Decline     Action = "decline" // by the leader in charge
	Opine       Action = "opinion"
	Return      Action = "return"
	Approve     Action = "approve"
	Supersede   Action = "supersede"
)

var (
	byUnit     = []tenants.Role{tenants.UNIT, tenants.HEAD}
	byHead     = []tenants.Role{tenants.HEAD}
	byLeader   = []tenants.Role{tenants.LG}
	byReviewer = []tenants.Role{tenants.DISC, tenants.ORG, tenants.DEPT, tenants.OFF, tenants.DIR}
	byOffice   = []tenants.Role{tenants.OFF, tenants.DIR}
)

type steps = []tenants.Step[State, Action]

var plans = tenants.Life[State, Action]{
	Name: "plan",
	Steps: append(steps{
		tenants.From(tenants.Start, Begin, Drafting, byUnit),
		tenants.From(Drafting, Sign, Countersigning, byHead),
		tenants.From(Returned, Sign, Countersigning, byHead),
		tenants.From(Countersigning, Countersign, Reviewing, byLeader),
		tenants.From(Countersigning, Decline, Returned, byLeader),
		tenants.From(Reviewing, Opine, Reviewing, byReviewer),
		tenants.From(Reviewing, Return, Returned, byOffice),
		tenants.From(Reviewing, Approve, Effective, byOffice),
		tenants.From(Effective, Supersede, Superseded, byOffice),
	}, tenants.Stay(Edit, byUnit, Drafting, Returned)...),
	Called: map[State]string{
		Drafting: "起草", Countersigning: "待分管领导签字", Reviewing: "方案审核", Returned: "退回修改", Effective: "已生效",
		Superseded: "已修订",
	},
	Doing: map[Action]string{
		Begin: "编制整改方案", Edit: "修改", Sign: "主要负责人签字", Countersign: "分管领导签字", Decline: "退回修改", Opine: "提交审核意见",
		Return: "退回修改", Approve: "同意实施", Supersede: "以新版替换",
	},
}

// Word returns what people call the state.
func (s State) Word() string { return plans.Called[s] }

// Plans returns the life of a plan.
func Plans() tenants.Life[State, Action] { return plans }

// paper is how plans are signed and reviewed.
var paper = papers.Kind{Name: "plan", Called: "方案", Reviewer: byReviewer, Kept: "plan_signings"}
