package samples

import (
	"slices"

	"xuncha/tenants"
)

// State is where an item that was drawn stands.
type State string

// The states.
const (
	Drawn     State = "drawn"     // 待核查
	Confirmed State = "confirmed" // 确认到位
	Refuted   State = "refuted"   // 未整改到位: about to be reopened
	Reopened  State = "reopened"  // 已重新整改
	Lapsed    State = "lapsed"    // 未执行: it had moved before it could be reopened
)

// Action is what somebody does with an item that was drawn.
type Action string

// The actions.
const (
	Take     Action = "take"      // 抽取
	Look     Action = "look"      // 查阅
	Confirm  Action = "confirm"   // 确认到位
	Refute   Action = "refute"    // 认定未整改到位
	CarryOut Action = "carry-out" // 重新整改
	Lapse    Action = "lapse"     // 不再执行
)

// The sides.
const (
	above tenants.Side = "above" // the office that drew
	own   tenants.Side = "own"   // the office whose item it is
)

var (
	byAbove  = []tenants.Role{tenants.CITY, tenants.PROV}
	bySystem = []tenants.Role{tenants.System}
)

var items = tenants.Life[State, Action]{
	Name: "sample",
	Steps: slices.Concat(
		[]tenants.Step[State, Action]{
			tenants.From(tenants.Start, Take, Drawn, byAbove),
			tenants.From(Drawn, Confirm, Confirmed, byAbove),
			tenants.From(Drawn, Refute, Refuted, byAbove),
			tenants.From(Refuted, CarryOut, Reopened, bySystem),
			tenants.From(Refuted, Lapse, Lapsed, bySystem),
		},
		tenants.Stay(Look, byAbove, Drawn),
	),
	Called: map[State]string{
		Drawn: "待核查", Confirmed: "确认到位", Refuted: "未整改到位", Reopened: "已重新整改", Lapsed: "未执行",
	},
	Doing: map[Action]string{
		Take: "抽取", Look: "查阅", Confirm: "确认到位", Refute: "认定未整改到位", CarryOut: "重新整改", Lapse: "不再执行",
	},
	Sides: map[Action]tenants.Side{Take: above, Look: above, Confirm: above, Refute: above, CarryOut: own, Lapse: own},
}

// Items returns the life of an item that was drawn.
func Items() tenants.Life[State, Action] { return items }

// Why is why an item is in the sample.
type Why string

// The reasons.
const (
	Lot   Why = "lot"   // 抽签
	Doubt Why = "doubt" // 存疑
	Late  Why = "late"  // 逾期销号
)

// Whys lists the reasons.
func Whys() []Why { return []Why{Lot, Doubt, Late} }
