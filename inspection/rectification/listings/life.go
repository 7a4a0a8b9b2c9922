package listings

import "xuncha/tenants"

// State is whether a matter is on the board.
type State string

// The states.
const (
	Listed  State = "listed"  // 挂牌督办中
	Removed State = "removed" // 已摘牌
)

// Action is what is done with the board.
type Action string

// The actions.
const (
	List   Action = "list"   // 挂牌督办
	Remove Action = "remove" // 摘牌
)

// above is the side of the office that put a matter on its board.
const above tenants.Side = "above"

var byAbove = []tenants.Role{tenants.CITY, tenants.PROV}

var listings = tenants.Life[State, Action]{
	Name: "listing",
	Steps: []tenants.Step[State, Action]{
		tenants.From(tenants.Start, List, Listed, byAbove),
		tenants.From(Listed, Remove, Removed, byAbove),
	},
	Called: map[State]string{Listed: "挂牌督办中", Removed: "已摘牌"},
	Doing:  map[Action]string{List: "挂牌督办", Remove: "摘牌"},
	Sides:  map[Action]tenants.Side{List: above, Remove: above},
}

// Life returns the life of a matter on the board.
func Life() tenants.Life[State, Action] { return listings }
