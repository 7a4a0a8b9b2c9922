package doubts

import "xuncha/tenants"

// State is how far a signal is.
type State string

// The states.
const (
	Found     State = "found"     // 待核
	Answered  State = "answered"  // 已说明
	Checked   State = "checked"   // 一人已核
	Confirmed State = "confirmed" // 属实
	Cleared   State = "cleared"   // 排除
)

// Action is what is done about a signal.
type Action string

// The actions. Confirm, Clear and Differ are what the second person's conclusion
// amounts to beside the first's.
const (
	Answer  Action = "answer"  // 说明
	Check   Action = "check"   // 核查
	Confirm Action = "confirm" // 属实
	Clear   Action = "clear"   // 排除
	Differ  Action = "differ"  // 结论不一致
)

var (
	byUnit    = []tenants.Role{tenants.UNIT, tenants.HEAD}
	byChecker = []tenants.Role{tenants.OFF, tenants.DIR, tenants.DISC}
)

var life = tenants.Life[State, Action]{
	Name: "doubt",
	Steps: []tenants.Step[State, Action]{
		tenants.From(Found, Answer, Answered, byUnit),
		tenants.From(Answered, Answer, Answered, byUnit),
		tenants.From(Found, Check, Checked, byChecker),
		tenants.From(Answered, Check, Checked, byChecker),
		tenants.From(Checked, Confirm, Confirmed, byChecker),
		tenants.From(Checked, Clear, Cleared, byChecker),
		tenants.From(Checked, Differ, Found, byChecker),
	},
	Called: map[State]string{Found: "待核", Answered: "已说明", Checked: "一人已核", Confirmed: "属实", Cleared: "排除"},
	Doing:  map[Action]string{Answer: "说明", Check: "现场核查", Confirm: "确认属实", Clear: "予以排除", Differ: "提出不同结论"},
}

// Life returns the life of a signal.
func Life() tenants.Life[State, Action] { return life }

// Open lists the states in which a signal waits for its decision.
func Open() []State { return []State{Found, Answered, Checked} }

// Word returns what people call the state.
func (s State) Word() string { return life.Called[s] }
