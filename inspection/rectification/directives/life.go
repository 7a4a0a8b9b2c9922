package directives

import "xuncha/tenants"

// State is where a task stands.
type State string

// The states.
const (
	Assigned  State = "assigned"  // 待答复
	Answered  State = "answered"  // 待审核
	Closed    State = "closed"    // 已办结
	Withdrawn State = "withdrawn" // 已撤回
)

// Action is what somebody does with a task.
type Action string

// The actions.
const (
	Assign   Action = "assign"   // 交办
	Answer   Action = "answer"   // 答复
	Return   Action = "return"   // 退回
	Close    Action = "close"    // 办结
	Withdraw Action = "withdraw" // 撤回
)

var (
	byOffice   = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	byDirector = []tenants.Role{tenants.DIR, tenants.CITY, tenants.PROV}
	byUnit     = []tenants.Role{tenants.UNIT, tenants.HEAD}
)

var directives = tenants.Life[State, Action]{
	Name: "directive",
	Steps: []tenants.Step[State, Action]{
		tenants.From(tenants.Start, Assign, Assigned, byOffice),
		tenants.From(Assigned, Answer, Answered, byUnit),
		tenants.From(Assigned, Withdraw, Withdrawn, byDirector),
		tenants.From(Answered, Return, Assigned, byOffice),
		tenants.From(Answered, Close, Closed, byDirector),
	},
	Called: map[State]string{Assigned: "待答复", Answered: "待审核", Closed: "已办结", Withdrawn: "已撤回"},
	Doing:  map[Action]string{Assign: "交办", Answer: "答复", Return: "退回补充", Close: "办结", Withdraw: "撤回交办"},
}

// Life returns the life of a task.
func Life() tenants.Life[State, Action] { return directives }
