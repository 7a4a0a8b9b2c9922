package rectification

import (
	"fmt"
	"io"
	"slices"

	"xuncha/inspection"
	"xuncha/tenants"
)

// An edge is one line of a table of transitions: in From, any of By may do Do,
// which leads to To. Messages, reminders and imports have such a table each; the
// enums of the API, the diagrams, the database's checks and the tests are read
// from them.
type edge[S, D ~string] struct {
	From S
	Do   D
	To   S
	By   []tenants.Role
}

type life[S, D ~string] []edge[S, D]

// next returns the state that do leads to from s, or why it does not. what is
// the Chinese name of the thing, for the sentence. Where do leads to several
// states, the first is returned.
func (l life[S, D]) next(what string, s S, do D, role tenants.Role) (S, error) {
	for _, e := range l {
		if e.From == s && e.Do == do {
			return e.To, role.Allow(e.By...)
		}
	}
	return s, inspection.Errorf(inspection.Conflict, "wrong-state", "这%s的状态已改变，不能再这样办理。请刷新后查看。", what)
}

// states lists every state once, in the order of the table.
func (l life[S, D]) states() []S {
	var all []S
	for _, e := range l {
		for _, s := range []S{e.From, e.To} {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// allowed lists what role may do in s.
func (l life[S, D]) allowed(s S, role tenants.Role) []D {
	all := []D{}
	for _, e := range l {
		if e.From == s && slices.Contains(e.By, role) {
			all = append(all, e.Do)
		}
	}
	return all
}

func (l life[S, D]) diagram(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "stateDiagram-v2"); err != nil {
		return err
	}
	for _, e := range l {
		if _, err := fmt.Fprintf(w, "    %s --> %s: %s %v\n", e.From, e.To, e.Do, e.By); err != nil {
			return err
		}
	}
	return nil
}

// MessageState is how far a message got.
type MessageState string

// The states of a message.
const (
	MessageReady      MessageState = "ready"
	MessageAttempting MessageState = "attempting"
	MessageSent       MessageState = "sent"
	MessageUnknown    MessageState = "unknown" // the server may have taken it: a person decides
	MessageFailed     MessageState = "failed"  // the server refused it for good
	MessageDropped    MessageState = "dropped" // nothing was left to say
)

// MessageAction is what happens to a message.
type MessageAction string

// What happens to messages.
const (
	takeMessage   MessageAction = "take"
	acceptMessage MessageAction = "accept"
	deferMessage  MessageAction = "defer"
	refuseMessage MessageAction = "refuse"
	loseMessage   MessageAction = "lose"
	dropMessage   MessageAction = "drop"
	// ResendMessage sends a message again, as a person decided.
	ResendMessage MessageAction = "resend"
	// ConfirmMessage says that a message did arrive.
	ConfirmMessage MessageAction = "confirm"
)

var (
	bySystem = []tenants.Role{tenants.System}
	byOffice = []tenants.Role{tenants.OFF, tenants.DIR, tenants.ADM}
)

var messageLife = life[MessageState, MessageAction]{
	{MessageReady, takeMessage, MessageAttempting, bySystem},
	{MessageReady, dropMessage, MessageDropped, bySystem},
	{MessageAttempting, acceptMessage, MessageSent, bySystem},
	{MessageAttempting, deferMessage, MessageReady, bySystem},
	{MessageAttempting, refuseMessage, MessageFailed, bySystem},
	{MessageAttempting, loseMessage, MessageUnknown, bySystem},
	{MessageUnknown, ResendMessage, MessageReady, byOffice},
	{MessageUnknown, ConfirmMessage, MessageSent, byOffice},
	{MessageFailed, ResendMessage, MessageReady, byOffice},
}

// MessageStates lists the states of a message.
func MessageStates() []MessageState { return messageLife.states() }

// MessageActions lists what a person may do with a message in state s.
func MessageActions(s MessageState, role tenants.Role) []MessageAction {
	return messageLife.allowed(s, role)
}
