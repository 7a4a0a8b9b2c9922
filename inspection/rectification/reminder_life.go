package rectification

import "xuncha/tenants"

// ReminderState is what became of one rung of an item's ladder.
type ReminderState string

// The states of a reminder.
const (
	ReminderWaiting ReminderState = "waiting" // for the signature of a person
	ReminderSent    ReminderState = "sent"
	ReminderDropped ReminderState = "dropped" // the signer decided against it
	ReminderSkipped ReminderState = "skipped" // its day passed while the ladder was not running
)

// ReminderAction is what is done with a reminder.
type ReminderAction string

// What is done with reminders.
const (
	makeReminder ReminderAction = "make" // a letter, which waits for its signature
	sendReminder ReminderAction = "send" // a message, which nobody signs
	skipReminder ReminderAction = "skip"
	urgeByHand   ReminderAction = "urge" // a message beside the ladder
	// SignReminder signs a letter, which sends it.
	SignReminder ReminderAction = "sign"
	// DropReminder decides against a letter.
	DropReminder ReminderAction = "drop"
)

// bySigners may sign some letter; which one, the ladder says.
var bySigners = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV, tenants.LG}

var reminders = tenants.Life[ReminderState, ReminderAction]{
	Name: "reminder",
	Steps: []tenants.Step[ReminderState, ReminderAction]{
		tenants.From(tenants.Start, makeReminder, ReminderWaiting, bySystem),
		tenants.From(tenants.Start, sendReminder, ReminderSent, bySystem),
		tenants.From(tenants.Start, skipReminder, ReminderSkipped, bySystem),
		tenants.From(tenants.Start, urgeByHand, ReminderSent, byUrger),
		tenants.From(ReminderWaiting, SignReminder, ReminderSent, bySigners),
		tenants.From(ReminderWaiting, DropReminder, ReminderDropped, bySigners),
	},
	Called: map[ReminderState]string{
		ReminderWaiting: "待签发", ReminderSent: "已发出", ReminderDropped: "不予签发", ReminderSkipped: "未发出",
	},
	Doing: map[ReminderAction]string{
		makeReminder: "生成催办文书", sendReminder: "发出催办", skipReminder: "跳过", urgeByHand: "催办", SignReminder: "签发", DropReminder: "决定不签发",
	},
}

// ReminderStates lists the states of a reminder.
func ReminderStates() []ReminderState { return reminders.States() }

// ReminderActions lists what people do with reminders.
func ReminderActions() []ReminderAction { return []ReminderAction{SignReminder, DropReminder} }

// maySign reports whether role signs for signer: an office's staff sign what the
// ladder gives to OFF, the director that as well as the director's own. At a city
// or province one role does both.
func maySign(role, signer tenants.Role) bool {
	return role == signer || signer == tenants.OFF && role.Office() || signer == tenants.DIR && role.Above()
}
