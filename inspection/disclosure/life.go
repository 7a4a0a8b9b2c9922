package disclosure

import (
	"fmt"
	"io"
	"slices"

	"xuncha/inspection"
	"xuncha/tenants"
)

// State is where an edition stands.
type State string

// The states.
const (
	Drafted    State = "draft"      // 起草
	Confirming State = "confirming" // 待单位确认
	Clearing   State = "clearing"   // 待巡察办审核
	Approving  State = "approving"  // 待审批
	Approved   State = "approved"   // 已审批
	Scheduled  State = "scheduled"  // 待发布
	Published  State = "published"  // 已发布
	Superseded State = "superseded" // 已更正
	Withdrawn  State = "withdrawn"  // 已撤回
)

// States lists the states in the order of an edition's life.
func States() []State {
	return []State{Drafted, Confirming, Clearing, Approving, Approved, Scheduled, Published, Superseded, Withdrawn}
}

// Action is what somebody does to an edition.
type Action string

// The actions.
const (
	Write     Action = "edit"      // 修改
	Check     Action = "check"     // 检查并送单位确认
	Confirm   Action = "confirm"   // 确认
	Clear     Action = "clear"     // 审核通过
	Approve   Action = "approve"   // 审批
	Return    Action = "return"    // 退回修改
	Schedule  Action = "schedule"  // 定时发布
	Recall    Action = "recall"    // 取消发布
	Publish   Action = "publish"   // 发布
	Supersede Action = "supersede" // 更正前版本失效
	Withdraw  Action = "withdraw"  // 撤回
	Correct   Action = "correct"   // 更正
)

// Actions lists all actions.
func Actions() []Action {
	return []Action{Write, Check, Confirm, Clear, Approve, Return, Schedule, Recall, Publish, Supersede, Withdraw, Correct}
}

// Transition is one line of the table: in From, any of By may do Do, which
// leads to To.
type Transition struct {
	From State
	Do   Action
	To   State
	By   []tenants.Role
}

var (
	writers = []tenants.Role{tenants.UNIT, tenants.HEAD, tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	office  = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	leaders = []tenants.Role{tenants.DIR, tenants.LG}
	anyHand = []tenants.Role{tenants.OFF, tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV}
)

// transitions is the life of an edition. The API's enums, the diagram, the
// database's check and the tests are all read from it.
var transitions = []Transition{
	{Drafted, Write, Drafted, writers},
	{Drafted, Check, Confirming, writers},
	{Confirming, Confirm, Clearing, []tenants.Role{tenants.HEAD}},
	{Confirming, Return, Drafted, writers},
	{Clearing, Clear, Approving, office},
	{Clearing, Return, Drafted, office},
	{Approving, Approve, Approved, leaders},
	{Approving, Return, Drafted, leaders},
	{Approved, Schedule, Scheduled, office},
	{Approved, Return, Drafted, anyHand},
	{Scheduled, Recall, Approved, anyHand},
	{Scheduled, Publish, Published, []tenants.Role{tenants.System}},
	{Published, Supersede, Superseded, []tenants.Role{tenants.System}},
	{Published, Withdraw, Withdrawn, anyHand},
	// A correction is a new edition; the old one stays until that is published.
	{Published, Correct, Published, office},
	{Withdrawn, Correct, Withdrawn, office},
}

// Transitions returns the table.
func Transitions() []Transition { return slices.Clone(transitions) }

// Next returns the state that do leads to from s, or why it does not.
func Next(s State, do Action, by tenants.Role) (State, error) {
	for _, t := range transitions {
		if t.From != s || t.Do != do {
			continue
		}
		if err := by.Allow(t.By...); err != nil {
			return s, err
		}
		return t.To, nil
	}
	return s, inspection.Errorf(inspection.Conflict, "disclosure.wrong-state",
		"此公开稿现为“%s”，不能%s。", s.Word(), do.Word())
}

// allowed lists what by may do next in s, as far as state and role decide.
func allowed(s State, by tenants.Role) []Action {
	out := []Action{}
	for _, do := range Actions() {
		if _, err := Next(s, do, by); err == nil {
			out = append(out, do)
		}
	}
	return out
}

// WriteDiagram writes the table as a Mermaid state diagram.
func WriteDiagram(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "stateDiagram-v2"); err != nil {
		return err
	}
	for _, t := range transitions {
		if _, err := fmt.Fprintf(w, "    %s --> %s: %s %s\n", t.From, t.To, t.Do, t.By); err != nil {
			return err
		}
	}
	return nil
}
