package rectification

import "xuncha/tenants"

// UrgingState is how far a letter of an office above to one below is.
type UrgingState string

// The states of an urging.
const (
	UrgingWaiting  UrgingState = "waiting"  // for the signature of the office above
	UrgingSent     UrgingState = "sent"     // and waits for the receipt of the office below
	UrgingReceived UrgingState = "received" // the office below signed for it
	UrgingDropped  UrgingState = "dropped"  // the signer decided against it
	UrgingSkipped  UrgingState = "skipped"  // its day had passed before the item got its deadline
)

// UrgingAction is what is done with an urging.
type UrgingAction string

// What is done with urgings.
const (
	makeUrging UrgingAction = "make"
	skipUrging UrgingAction = "skip"
	// SignUrging signs an urging, which sends it below.
	SignUrging UrgingAction = "sign"
	// DropUrging decides against one.
	DropUrging UrgingAction = "drop"
	// ReceiveUrging signs for one (签收).
	ReceiveUrging UrgingAction = "receive"
)

// The sides of an urging.
const (
	urger tenants.Side = "issuer"    // the office above
	urged tenants.Side = "recipient" // the office below, whose item it is
)

// bySuperiors sign what their level climbs; byUrged sign for it in the office below.
var (
	bySuperiors = []tenants.Role{tenants.CITY, tenants.PROV}
	byUrged     = []tenants.Role{tenants.DIR, tenants.OFF, tenants.CITY}
)

var urgings = tenants.Life[UrgingState, UrgingAction]{
	Name: "urging",
	Steps: []tenants.Step[UrgingState, UrgingAction]{
		tenants.From(tenants.Start, makeUrging, UrgingWaiting, bySystem),
		tenants.From(tenants.Start, skipUrging, UrgingSkipped, bySystem),
		tenants.From(UrgingWaiting, SignUrging, UrgingSent, bySuperiors),
		tenants.From(UrgingWaiting, DropUrging, UrgingDropped, bySuperiors),
		tenants.From(UrgingSent, ReceiveUrging, UrgingReceived, byUrged),
	},
	Called: map[UrgingState]string{
		UrgingWaiting: "待签发", UrgingSent: "待签收", UrgingReceived: "已签收", UrgingDropped: "不予签发", UrgingSkipped: "未发出",
	},
	Doing: map[UrgingAction]string{
		makeUrging: "生成督办文书", skipUrging: "跳过", SignUrging: "签发", DropUrging: "决定不签发", ReceiveUrging: "签收",
	},
	Sides: map[UrgingAction]tenants.Side{
		makeUrging: urger, skipUrging: urger, SignUrging: urger, DropUrging: urger, ReceiveUrging: urged,
	},
}

// UrgingStates lists the states of an urging.
func UrgingStates() []UrgingState { return urgings.States() }

// UrgingActions lists what people do with urgings.
func UrgingActions() []UrgingAction { return []UrgingAction{SignUrging, DropUrging, ReceiveUrging} }
