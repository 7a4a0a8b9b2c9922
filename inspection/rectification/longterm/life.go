package longterm

import (
	"slices"

	"xuncha/tenants"
)

// State is where a review stands.
type State string

// The states.
const (
	Proposed  State = "proposed"  // 待会审
	Objected  State = "objected"  // 未通过
	Settled   State = "settled"   // 已生效
	Withdrawn State = "withdrawn" // 已撤回
)

// Action is what somebody does with a review.
type Action string

// The actions.
const (
	Propose  Action = "propose"  // 提出复核意见
	Agree    Action = "agree"    // 同意
	Object   Action = "object"   // 不同意
	Settle   Action = "settle"   // 生效
	Withdraw Action = "withdraw" // 撤回
)

// Who does what. Whose agreement is asked for is the policy's word, frozen in the
// review; any reviewer may be named there.
var (
	byOffice   = []tenants.Role{tenants.OFF, tenants.DIR}
	byReviewer = []tenants.Role{tenants.DISC, tenants.ORG, tenants.DEPT, tenants.OFF, tenants.DIR, tenants.LG}
	bySystem   = []tenants.Role{tenants.System}
)

var reviews = tenants.Life[State, Action]{
	Name: "long-review",
	Steps: []tenants.Step[State, Action]{
		tenants.From(tenants.Start, Propose, Proposed, byOffice),
		tenants.From(Proposed, Agree, Proposed, byReviewer),
		tenants.From(Proposed, Settle, Settled, bySystem), // all parties agree
		tenants.From(Proposed, Object, Objected, byReviewer),
		tenants.From(Proposed, Withdraw, Withdrawn, byOffice),
	},
	Called: map[State]string{Proposed: "待会审", Objected: "未通过", Settled: "已生效", Withdrawn: "已撤回"},
	Doing: map[Action]string{
		Propose: "提出复核意见", Agree: "同意", Object: "不同意", Settle: "生效", Withdraw: "撤回",
	},
}

// Reviews returns the life of a review of a long-term item.
func Reviews() tenants.Life[State, Action] { return reviews }

// Word returns what people call the state.
func (s State) Word() string { return reviews.Called[s] }

// Outcome is what becomes of the item.
type Outcome string

// The outcomes.
const (
	Continue Outcome = "continue" // 继续长期
	Resume   Outcome = "resume"   // 转回整改
	Done     Outcome = "done"     // 销号
)

var outcomeWords = map[Outcome]string{Continue: "继续长期", Resume: "转回整改", Done: "销号"}

// Outcomes lists the outcomes.
func Outcomes() []Outcome { return []Outcome{Continue, Resume, Done} }

// Word returns what people call it.
func (o Outcome) Word() string { return outcomeWords[o] }

// mine reports whether role's agreement is asked for and missing.
func (r Review) mine(role tenants.Role) bool {
	return slices.Contains(r.Parties, role) && !slices.Contains(r.Given, role)
}
