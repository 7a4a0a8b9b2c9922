package linkage

import "xuncha/tenants"

// NoticeState is where a notice stands with its issuer.
type NoticeState string

// The states of a notice.
const (
	Draft     NoticeState = "draft"     // 草稿
	Approval  NoticeState = "approval"  // 待签发
	Issued    NoticeState = "issued"    // 已下发
	Closed    NoticeState = "closed"    // 已闭环
	Withdrawn NoticeState = "withdrawn" // 已撤回
)

// NoticeAct is what is done to a notice.
type NoticeAct string

// The acts on a notice.
const (
	EditNotice     NoticeAct = "edit"
	SubmitNotice   NoticeAct = "submit"
	SendBackNotice NoticeAct = "send-back"
	IssueNotice    NoticeAct = "issue"
	RemindNotice   NoticeAct = "remind"
	CloseNotice    NoticeAct = "close"
	WithdrawNotice NoticeAct = "withdraw"
)

// Who does what, in offices of every level: in a city or province the office's
// own people act as CITY or PROV, whatever their post.
var (
	office  = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	signers = []tenants.Role{tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV}
	senders = []tenants.Role{tenants.DIR, tenants.CITY, tenants.PROV} // see what they sent, below too
	anybody = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV, tenants.UNIT, tenants.HEAD}
	// reporters may hand in a report; one that found nothing is signed by heads alone.
	reporters = []tenants.Role{tenants.OFF, tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV, tenants.UNIT, tenants.HEAD}
	heads     = []tenants.Role{tenants.DIR, tenants.LG, tenants.HEAD, tenants.CITY, tenants.PROV}
	above     = []tenants.Role{tenants.CITY, tenants.PROV}
)

var notices = life[NoticeState, NoticeAct]{
	name: "notice",
	table: []Transition[NoticeState, NoticeAct]{
		{Draft, EditNotice, Draft, Issuer, office},
		{Draft, SubmitNotice, Approval, Issuer, office},
		{Draft, WithdrawNotice, Withdrawn, Issuer, office},
		{Approval, SendBackNotice, Draft, Issuer, signers},
		{Approval, IssueNotice, Issued, Issuer, signers},
		{Approval, WithdrawNotice, Withdrawn, Issuer, office},
		{Issued, RemindNotice, Issued, Issuer, office},
		{Issued, CloseNotice, Closed, Issuer, office},
		{Issued, WithdrawNotice, Withdrawn, Issuer, senders},
	},
	words: map[NoticeState]string{
		Draft: "草稿", Approval: "待签发", Issued: "已下发", Closed: "已闭环", Withdrawn: "已撤回",
	},
	deeds: map[NoticeAct]string{
		EditNotice: "修改通报", SubmitNotice: "送审通报", SendBackNotice: "退回修改", IssueNotice: "签发通报",
		RemindNotice: "催办", CloseNotice: "闭环通报", WithdrawNotice: "撤回通报",
	},
}

// DeliveryState is where one recipient's part of a notice stands.
type DeliveryState string

// The states of a delivery.
const (
	Delivered         DeliveryState = "delivered" // 已送达
	Received          DeliveryState = "received"  // 已签收
	Checking          DeliveryState = "checking"  // 自查中
	Reported          DeliveryState = "reported"  // 已报送
	Accepted          DeliveryState = "accepted"  // 已采认
	Returned          DeliveryState = "returned"  // 退回补查
	DeliveryWithdrawn DeliveryState = "withdrawn" // 已撤回
)

// DeliveryAct is what is done to a delivery.
type DeliveryAct string

// The acts on a delivery.
const (
	Receive DeliveryAct = "receive"
	Check   DeliveryAct = "check" // hands the check to the own units or offices below
	Report  DeliveryAct = "report"
	Accept  DeliveryAct = "accept"
	Return  DeliveryAct = "return"
	Recall  DeliveryAct = "recall"
)

var deliveries = life[DeliveryState, DeliveryAct]{
	name: "delivery",
	table: []Transition[DeliveryState, DeliveryAct]{
		{Delivered, Receive, Received, Recipient, anybody},
		{Delivered, Recall, DeliveryWithdrawn, Issuer, senders},
		{Received, Check, Checking, Recipient, reporters},
		{Received, Report, Reported, Recipient, reporters},
		{Checking, Report, Reported, Recipient, reporters},
		{Reported, Accept, Accepted, Issuer, office},
		{Reported, Return, Returned, Issuer, office},
		{Returned, Report, Reported, Recipient, reporters},
	},
	words: map[DeliveryState]string{
		Delivered: "已送达", Received: "已签收", Checking: "自查中", Reported: "已报送", Accepted: "已采认",
		Returned: "退回补查", DeliveryWithdrawn: "已撤回",
	},
	deeds: map[DeliveryAct]string{
		Receive: "签收", Check: "开始自查", Report: "报送自查报告", Accept: "采认报告", Return: "退回补查", Recall: "撤回通报",
	},
}

// MatterState is where a matter that was raised stands.
type MatterState string

// The states of a matter.
const (
	MatterDraft     MatterState = "draft"     // 草稿
	MatterApproval  MatterState = "approval"  // 本级审批
	Submitted       MatterState = "submitted" // 已上报
	Taken           MatterState = "accepted"  // 已受理
	Raised          MatterState = "raised"    // 已提请上级
	TakenAbove      MatterState = "taken"     // 上级已受理
	SentBack        MatterState = "returned"  // 已退回
	Refused         MatterState = "refused"   // 不予受理
	Answered        MatterState = "answered"  // 已答复
	Confirmed       MatterState = "confirmed" // 落实中
	MatterClosed    MatterState = "closed"    // 已办结
	MatterWithdrawn MatterState = "withdrawn" // 已撤回
)

// MatterAct is what is done to a matter.
type MatterAct string

// The acts on a matter.
const (
	EditMatter     MatterAct = "edit"
	SubmitMatter   MatterAct = "submit"
	SendBackMatter MatterAct = "send-back"
	ApproveMatter  MatterAct = "approve"
	WithdrawMatter MatterAct = "withdraw"
	TakeMatter     MatterAct = "accept"
	ReturnMatter   MatterAct = "return"
	RefuseMatter   MatterAct = "refuse"
	NoteMatter     MatterAct = "note"
	RaiseMatter    MatterAct = "raise"
	AnswerMatter   MatterAct = "answer"
	ConfirmMatter  MatterAct = "confirm"
	FinishMatter   MatterAct = "finish"
)

var matters = life[MatterState, MatterAct]{
	name: "escalation",
	table: []Transition[MatterState, MatterAct]{
		{MatterDraft, EditMatter, MatterDraft, Raiser, office},
		{MatterDraft, SubmitMatter, MatterApproval, Raiser, office},
		{MatterDraft, WithdrawMatter, MatterWithdrawn, Raiser, office},
		{MatterApproval, SendBackMatter, MatterDraft, Raiser, signers},
		{MatterApproval, ApproveMatter, Submitted, Raiser, signers},
		{MatterApproval, WithdrawMatter, MatterWithdrawn, Raiser, office},
		{Submitted, WithdrawMatter, MatterWithdrawn, Raiser, office},
		{Submitted, TakeMatter, Taken, Holder, above},
		{Submitted, ReturnMatter, SentBack, Holder, above},
		{Submitted, RefuseMatter, Refused, Holder, above},
		{Taken, NoteMatter, Taken, Holder, above},
		{Taken, RaiseMatter, Raised, Holder, []tenants.Role{tenants.CITY}},
		{Taken, AnswerMatter, Answered, Holder, above},
		{Taken, ReturnMatter, SentBack, Holder, above},
		{Taken, RefuseMatter, Refused, Holder, above},
		{Raised, TakeMatter, TakenAbove, Holder, []tenants.Role{tenants.PROV}},
		{Raised, ReturnMatter, Taken, Holder, []tenants.Role{tenants.PROV}},
		{TakenAbove, NoteMatter, TakenAbove, Holder, []tenants.Role{tenants.PROV}},
		{TakenAbove, AnswerMatter, Answered, Holder, []tenants.Role{tenants.PROV}},
		{TakenAbove, ReturnMatter, Taken, Holder, []tenants.Role{tenants.PROV}},
		{SentBack, EditMatter, SentBack, Raiser, office},
		{SentBack, SubmitMatter, MatterApproval, Raiser, office},
		{SentBack, WithdrawMatter, MatterWithdrawn, Raiser, office},
		{Refused, ConfirmMatter, MatterClosed, Raiser, signers},
		{Answered, ConfirmMatter, Confirmed, Raiser, signers},
		{Confirmed, FinishMatter, MatterClosed, Raiser, office},
	},
	words: map[MatterState]string{
		MatterDraft: "草稿", MatterApproval: "本级审批", Submitted: "已上报", Taken: "已受理", Raised: "已提请上级",
		TakenAbove: "上级已受理", SentBack: "已退回", Refused: "不予受理", Answered: "已答复", Confirmed: "落实中",
		MatterClosed: "已办结", MatterWithdrawn: "已撤回",
	},
	deeds: map[MatterAct]string{
		EditMatter: "修改事项", SubmitMatter: "送本级审批", SendBackMatter: "退回修改", ApproveMatter: "批准上报",
		WithdrawMatter: "撤回事项", TakeMatter: "受理", ReturnMatter: "退回", RefuseMatter: "不予受理", NoteMatter: "记录研究情况",
		RaiseMatter: "提请上级", AnswerMatter: "答复", ConfirmMatter: "确认答复", FinishMatter: "办结",
	},
}

// NextNotice returns the state that do leads to from s, or why it does not.
func NextNotice(s NoticeState, do NoticeAct, side Side, role tenants.Role) (NoticeState, error) {
	return notices.next(s, do, side, role)
}

// NextDelivery returns the state that do leads to from s, or why it does not.
func NextDelivery(s DeliveryState, do DeliveryAct, side Side, role tenants.Role) (DeliveryState, error) {
	return deliveries.next(s, do, side, role)
}

// NextMatter returns the state that do leads to from s, or why it does not.
func NextMatter(s MatterState, do MatterAct, side Side, role tenants.Role) (MatterState, error) {
	return matters.next(s, do, side, role)
}

// NoticeTransitions returns the life of a notice, line by line.
func NoticeTransitions() []Transition[NoticeState, NoticeAct] { return notices.table }

// DeliveryTransitions returns the life of a delivery, line by line.
func DeliveryTransitions() []Transition[DeliveryState, DeliveryAct] { return deliveries.table }

// MatterTransitions returns the life of a raised matter, line by line.
func MatterTransitions() []Transition[MatterState, MatterAct] { return matters.table }

// NoticeStates lists the states of a notice.
func NoticeStates() []NoticeState { return notices.states() }

// DeliveryStates lists the states of a delivery.
func DeliveryStates() []DeliveryState { return deliveries.states() }

// MatterStates lists the states of a raised matter.
func MatterStates() []MatterState { return matters.states() }

// NoticeActs lists the acts on a notice.
func NoticeActs() []NoticeAct { return notices.acts() }

// DeliveryActs lists the acts on a delivery.
func DeliveryActs() []DeliveryAct { return deliveries.acts() }

// MatterActs lists the acts on a raised matter.
func MatterActs() []MatterAct { return matters.acts() }
