package extensions

import "xuncha/tenants"

// State is where a request stands.
type State string

// The states.
const (
	Asked     State = "asked"     // 待签署
	Signed    State = "signed"    // 待审批
	Approved  State = "approved"  // 已批准
	Refused   State = "refused"   // 不予批准
	Withdrawn State = "withdrawn" // 已撤回
)

// Action is what somebody does with a request.
type Action string

// The actions.
const (
	Ask      Action = "ask"      // 申请
	Sign     Action = "sign"     // 签署
	Approve  Action = "approve"  // 批准
	Refuse   Action = "refuse"   // 不予批准
	Withdraw Action = "withdraw" // 撤回
)

// Who does what. Which approver decides is the policy's word, frozen in the request.
var (
	byUnit     = []tenants.Role{tenants.UNIT, tenants.HEAD}
	byHead     = []tenants.Role{tenants.HEAD}
	byApprover = []tenants.Role{tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV}
)

var requests = tenants.Life[State, Action]{
	Name: "extension",
	Steps: []tenants.Step[State, Action]{
		tenants.From(tenants.Start, Ask, Asked, byUnit),
		tenants.From(Asked, Sign, Signed, byHead),
		tenants.From(Asked, Withdraw, Withdrawn, byUnit),
		tenants.From(Signed, Approve, Approved, byApprover),
		tenants.From(Signed, Refuse, Refused, byApprover),
		tenants.From(Signed, Withdraw, Withdrawn, byUnit),
	},
	Called: map[State]string{
		Asked: "待签署", Signed: "待审批", Approved: "已批准", Refused: "不予批准", Withdrawn: "已撤回",
	},
	Doing: map[Action]string{Ask: "申请", Sign: "签署", Approve: "批准", Refuse: "不予批准", Withdraw: "撤回"},
}

// Requests returns the life of a request for more time.
func Requests() tenants.Life[State, Action] { return requests }

// Word returns what people call the state.
func (s State) Word() string { return requests.Called[s] }

// decides reports whether role decides what the policy gives to approver. At a city
// or province one role is the director as well.
func decides(role, approver tenants.Role) bool {
	return role == approver || approver == tenants.DIR && role.Above()
}

// Kind is what is asked for.
type Kind string

// The kinds.
const (
	Later    Kind = "later"     // 延期
	LongTerm Kind = "long-term" // 转长期整改
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Later, LongTerm} }

// Word returns what people call it.
func (k Kind) Word() string {
	if k == LongTerm {
		return "转长期整改"
	}
	return "延期"
}
