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
	makeReminder ReminderAction = "make"
	skipReminder ReminderAction = "skip"
	// SignReminder signs a letter, which sends it.
	SignReminder ReminderAction = "sign"
	// DropReminder decides against a letter.
	DropReminder ReminderAction = "drop"
)

// notYet is where a reminder comes from: there is no row.
const notYet ReminderState = "[*]"

// bySigners may sign some letter; which one, the ladder says.
var bySigners = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV, tenants.LG}

var reminderLife = life[ReminderState, ReminderAction]{
	{notYet, makeReminder, ReminderSent, bySystem}, // a message, which nobody signs
	{notYet, makeReminder, ReminderWaiting, bySystem},
	{notYet, skipReminder, ReminderSkipped, bySystem},
	{ReminderWaiting, SignReminder, ReminderSent, bySigners},
	{ReminderWaiting, DropReminder, ReminderDropped, bySigners},
}

// ReminderStates lists the states of a reminder.
func ReminderStates() []ReminderState { return reminderLife.states()[1:] }

// ReminderActions lists what people do with reminders.
func ReminderActions() []ReminderAction { return []ReminderAction{SignReminder, DropReminder} }

// maySign reports whether role signs for signer: an office's staff sign what the
// ladder gives to OFF, the director that as well as the director's own. At a city
// or province one role does both.
func maySign(role, signer tenants.Role) bool {
	return role == signer || signer == tenants.OFF && role.Office() || signer == tenants.DIR && role.Above()
}
