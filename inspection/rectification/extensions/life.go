package extensions

import (
	"slices"

	"xuncha/tenants"
)

// State is where a request stands.
type State string

// The states.
const (
	Asked     State = "asked"     // 待签署
	Signed    State = "signed"    // 待审批
	Forwarded State = "forwarded" // 待上级审批
	Granted   State = "granted"   // 上级已批准: about to be carried out
	Denied    State = "denied"    // 上级不予批准: about to be carried out
	Approved  State = "approved"  // 已批准
	Refused   State = "refused"   // 不予批准
	Lapsed    State = "lapsed"    // 未执行: granted above, and overtaken before it could be carried out
	Withdrawn State = "withdrawn" // 已撤回
)

// Action is what somebody does with a request.
type Action string

// The actions.
const (
	Ask      Action = "ask"       // 申请
	Sign     Action = "sign"      // 签署
	Approve  Action = "approve"   // 批准
	Refuse   Action = "refuse"    // 不予批准
	Forward  Action = "forward"   // 转报上级
	Grant    Action = "grant"     // 批准, one level above
	Deny     Action = "deny"      // 不予批准, one level above
	Withdraw Action = "withdraw"  // 撤回
	CarryOut Action = "carry-out" // 执行 what the level above decided
	Lapse    Action = "lapse"     // 不再执行
)

// The sides. Whether the own office decides or passes the request up was settled when
// it was asked for.
const (
	own     tenants.Side = "own"     // the office whose case it is, and its unit
	here    tenants.Side = "decides" // the same, where it decides
	passing tenants.Side = "passes"  // the same, where it passes the request up
	above   tenants.Side = "above"   // the office above, which decides
)

// Who does what. Which approver decides is the policy's word, frozen in the request.
var (
	byUnit     = []tenants.Role{tenants.UNIT, tenants.HEAD}
	byHead     = []tenants.Role{tenants.HEAD}
	byApprover = []tenants.Role{tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV}
	byDirector = []tenants.Role{tenants.DIR, tenants.CITY}
	byAbove    = []tenants.Role{tenants.CITY, tenants.PROV}
	bySystem   = []tenants.Role{tenants.System}
)

var requests = tenants.Life[State, Action]{
	Name: "extension",
	Steps: []tenants.Step[State, Action]{
		tenants.From(tenants.Start, Ask, Asked, byUnit),
		tenants.From(Asked, Sign, Signed, byHead),
		tenants.From(Asked, Withdraw, Withdrawn, byUnit),
		tenants.From(Signed, Approve, Approved, byApprover),
		tenants.From(Signed, Refuse, Refused, byApprover),
		tenants.From(Signed, Forward, Forwarded, byDirector),
		tenants.From(Signed, Withdraw, Withdrawn, byUnit),
		tenants.From(Forwarded, Grant, Granted, byAbove),
		tenants.From(Forwarded, Deny, Denied, byAbove),
		tenants.From(Forwarded, Withdraw, Withdrawn, byUnit),
		tenants.From(Granted, CarryOut, Approved, bySystem),
		tenants.From(Granted, Lapse, Lapsed, bySystem),
		tenants.From(Denied, CarryOut, Refused, bySystem),
	},
	Called: map[State]string{
		Asked: "待签署", Signed: "待审批", Forwarded: "待上级审批", Granted: "上级已批准", Denied: "上级不予批准",
		Approved: "已批准", Refused: "不予批准", Lapsed: "未执行", Withdrawn: "已撤回",
	},
	Doing: map[Action]string{
		Ask: "申请", Sign: "签署", Approve: "批准", Refuse: "不予批准", Forward: "转报上级", Grant: "批准", Deny: "不予批准",
		Withdraw: "撤回", CarryOut: "执行", Lapse: "不再执行",
	},
	Sides: map[Action]tenants.Side{
		Ask: own, Sign: own, Withdraw: own, CarryOut: own, Lapse: own, Approve: here, Refuse: here, Forward: passing, Grant: above, Deny: above,
	},
}

// Requests returns the life of a request for more time.
func Requests() tenants.Life[State, Action] { return requests }

// Word returns what people call the state.
func (s State) Word() string { return requests.Called[s] }

// Open reports whether a request in this state still waits for somebody.
func (s State) Open() bool { return slices.Contains(Open(), s) }

// Open lists the states of a request that still waits for somebody.
func Open() []State { return []State{Asked, Signed, Forwarded, Granted, Denied} }

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
