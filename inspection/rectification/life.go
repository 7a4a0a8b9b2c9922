package rectification

import (
	"fmt"
	"io"
	"slices"

	"xuncha/inspection"
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

// States lists the states in the order of the ledger.
func States() []State { return []State{Open, Working, Submitted, Returned, LongTerm, Closed} }

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
)

// Actions that leave it where it is.
const (
	Edit   Action = "edit"    // 填报
	Attach Action = "attach"  // 上传佐证
	Opine  Action = "opinion" // 提交审核意见
	SetDue Action = "due"     // 设期限
	Assign Action = "assign"  // 指派
)

// Actions lists all actions.
func Actions() []Action {
	return []Action{Start, Edit, Attach, Submit, Opine, Return, Accept, Keep, Reopen, SetDue, Assign}
}

// Transition is one line of the table: in From, By may do Do, which leads to To.
type Transition struct {
	From State
	Do   Action
	To   State
	By   tenants.Role
}

// transitions is the life of a case.
var transitions = []Transition{
	{Open, Start, Working, tenants.UNIT},
	{Open, Start, Working, tenants.HEAD},
	{Working, Submit, Submitted, tenants.UNIT},
	{Working, Submit, Submitted, tenants.HEAD},
	{Submitted, Return, Returned, tenants.OFF},
	{Submitted, Return, Returned, tenants.DIR},
	{Submitted, Accept, Closed, tenants.OFF},
	{Submitted, Accept, Closed, tenants.DIR},
	{Submitted, Keep, LongTerm, tenants.OFF},
	{Submitted, Keep, LongTerm, tenants.DIR},
	{Returned, Submit, Submitted, tenants.UNIT},
	{Returned, Submit, Submitted, tenants.HEAD},
	{LongTerm, Submit, Submitted, tenants.UNIT},
	{LongTerm, Submit, Submitted, tenants.HEAD},
	{LongTerm, Reopen, Working, tenants.DIR},
	{Closed, Reopen, Working, tenants.DIR},
}

// Transitions returns the table.
func Transitions() []Transition { return slices.Clone(transitions) }

// Permit says who may do something that leaves the state as it is.
type Permit struct {
	Do Action
	In []State
	By []tenants.Role
}

// permits is what may be done besides moving on. Whose opinion is asked for is
// the policy's word, frozen in the submission; any role may be named there.
var permits = []Permit{
	{Edit, []State{Open, Working, Returned, LongTerm}, []tenants.Role{tenants.UNIT, tenants.HEAD}},
	{Attach, []State{Open, Working, Returned, LongTerm}, []tenants.Role{tenants.UNIT, tenants.HEAD}},
	{Opine, []State{Submitted}, []tenants.Role{tenants.DISC, tenants.ORG, tenants.DEPT, tenants.OFF, tenants.DIR, tenants.LG}},
	{SetDue, []State{Open, Working, Returned, LongTerm}, []tenants.Role{tenants.OFF, tenants.DIR}},
	{Assign, []State{Open, Working, Returned, LongTerm}, []tenants.Role{tenants.OFF, tenants.DIR}},
}

// Permits returns what may be done besides moving on.
func Permits() []Permit { return slices.Clone(permits) }

// Next returns the state that do leads to from s, or why it does not.
func Next(s State, do Action, by tenants.Role) (State, error) {
	var others []tenants.Role
	for _, t := range transitions {
		if t.From != s || t.Do != do {
			continue
		}
		if t.By == by {
			return t.To, nil
		}
		others = append(others, t.By)
	}
	if len(others) > 0 {
		return s, by.Allow(others...)
	}
	return s, wrongState(s, do)
}

// May returns an error unless by may do something that leaves the state s.
func May(s State, do Action, by tenants.Role) error {
	for _, p := range permits {
		if p.Do != do {
			continue
		}
		if err := by.Allow(p.By...); err != nil {
			return err
		}
		if slices.Contains(p.In, s) {
			return nil
		}
	}
	return wrongState(s, do)
}

func wrongState(s State, do Action) error {
	return inspection.Errorf(inspection.Conflict, "rectification.wrong-state",
		"此事项现为“%s”，不能%s。", s.Word(), do.Word())
}

// allowed lists what by may do next in s, as far as state and role decide.
func allowed(s State, by tenants.Role) []Action {
	out := []Action{}
	for _, do := range Actions() {
		_, err := Next(s, do, by)
		if err == nil || May(s, do, by) == nil {
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
		if _, err := fmt.Fprintf(w, "    %s --> %s: %s (%s)\n", t.From, t.To, t.Do, t.By); err != nil {
			return err
		}
	}
	return nil
}
