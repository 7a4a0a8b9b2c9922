package rectification

import "xuncha/tenants"

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
	// byMailers see to mail that did not arrive.
	byMailers = []tenants.Role{tenants.OFF, tenants.DIR, tenants.ADM}
)

var messages = tenants.Life[MessageState, MessageAction]{
	Name: "message",
	Steps: []tenants.Step[MessageState, MessageAction]{
		tenants.From(MessageReady, takeMessage, MessageAttempting, bySystem),
		tenants.From(MessageReady, dropMessage, MessageDropped, bySystem),
		tenants.From(MessageAttempting, acceptMessage, MessageSent, bySystem),
		tenants.From(MessageAttempting, deferMessage, MessageReady, bySystem),
		tenants.From(MessageAttempting, refuseMessage, MessageFailed, bySystem),
		tenants.From(MessageAttempting, loseMessage, MessageUnknown, bySystem),
		tenants.From(MessageUnknown, ResendMessage, MessageReady, byMailers),
		tenants.From(MessageUnknown, ConfirmMessage, MessageSent, byMailers),
		tenants.From(MessageFailed, ResendMessage, MessageReady, byMailers),
	},
	Called: map[MessageState]string{
		MessageReady: "待发送", MessageAttempting: "正在发送", MessageSent: "已送达", MessageUnknown: "结果不明",
		MessageFailed: "未能送达", MessageDropped: "不再发送",
	},
	Doing: map[MessageAction]string{
		takeMessage: "发送", acceptMessage: "确认发出", deferMessage: "稍后再发", refuseMessage: "登记退信", loseMessage: "登记中断",
		dropMessage: "取消发送", ResendMessage: "重新发送", ConfirmMessage: "确认已送达",
	},
}

// MessageStates lists the states of a message.
func MessageStates() []MessageState { return messages.States() }
