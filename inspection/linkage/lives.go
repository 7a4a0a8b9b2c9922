package linkage

import "xuncha/tenants"

// The sides. An office and its own unit are two sides, too.
const (
	Issuer    tenants.Side = "issuer"    // sent the notice
	Recipient tenants.Side = "recipient" // was sent it
	Raiser    tenants.Side = "raiser"    // raised the matter
	Holder    tenants.Side = "holder"    // has it now
)

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
	KeepNames      NoticeAct = "keep" // lets names of sources stay in it
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

var notices = tenants.Life[NoticeState, NoticeAct]{
	Name: "notice",
	Steps: []tenants.Step[NoticeState, NoticeAct]{
		tenants.From(Draft, EditNotice, Draft, office),
		tenants.From(Draft, SubmitNotice, Approval, office),
		tenants.From(Draft, WithdrawNotice, Withdrawn, office),
		tenants.From(Approval, SendBackNotice, Draft, signers),
		tenants.From(Approval, KeepNames, Approval, signers),
		tenants.From(Approval, IssueNotice, Issued, signers),
		tenants.From(Approval, WithdrawNotice, Withdrawn, office),
		tenants.From(Issued, RemindNotice, Issued, office),
		tenants.From(Issued, CloseNotice, Closed, office),
		tenants.From(Issued, WithdrawNotice, Withdrawn, senders),
	},
	Called: map[NoticeState]string{
		Draft: "草稿", Approval: "待签发", Issued: "已下发", Closed: "已闭环", Withdrawn: "已撤回",
	},
	Doing: map[NoticeAct]string{
		EditNotice: "修改通报", SubmitNotice: "送审通报", SendBackNotice: "退回修改", KeepNames: "同意保留名称", IssueNotice: "签发通报",
		RemindNotice: "催办", CloseNotice: "闭环通报", WithdrawNotice: "撤回通报",
	},
	Sides: map[NoticeAct]tenants.Side{
		EditNotice: Issuer, SubmitNotice: Issuer, SendBackNotice: Issuer, KeepNames: Issuer, IssueNotice: Issuer, RemindNotice: Issuer,
		CloseNotice: Issuer, WithdrawNotice: Issuer,
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

var deliveries = tenants.Life[DeliveryState, DeliveryAct]{
	Name: "delivery",
	Steps: []tenants.Step[DeliveryState, DeliveryAct]{
		tenants.From(Delivered, Receive, Received, anybody),
		tenants.From(Delivered, Recall, DeliveryWithdrawn, senders),
		tenants.From(Received, Check, Checking, reporters),
		tenants.From(Received, Report, Reported, reporters),
		tenants.From(Checking, Report, Reported, reporters),
		tenants.From(Reported, Accept, Accepted, office),
		tenants.From(Reported, Return, Returned, office),
		tenants.From(Returned, Report, Reported, reporters),
	},
	Called: map[DeliveryState]string{
		Delivered: "待签收", Received: "已签收", Checking: "自查中", Reported: "已报送", Accepted: "已采认",
		Returned: "退回补查", DeliveryWithdrawn: "已撤回",
	},
	Doing: map[DeliveryAct]string{
		Receive: "签收", Check: "开始自查", Report: "报送自查报告", Accept: "采认报告", Return: "退回补查", Recall: "撤回通报",
	},
	Sides: map[DeliveryAct]tenants.Side{
		Receive: Recipient, Check: Recipient, Report: Recipient, Accept: Issuer, Return: Issuer, Recall: Issuer,
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
	MatterWorking   MatterState = "working"   // 办理中
	Raised          MatterState = "raised"    // 已提请上级
	TakenAbove      MatterState = "taken"     // 上级已受理
	SentBack        MatterState = "returned"  // 已退回
	Refused         MatterState = "refused"   // 不予受理
	Answered        MatterState = "answered"  // 已答复
	Disputed        MatterState = "disputed"  // 有异议
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
	MergeMatter    MatterAct = "merge"
	SplitMatter    MatterAct = "split"
	DecideMatter   MatterAct = "decide"
	NoteMatter     MatterAct = "note"
	RaiseMatter    MatterAct = "raise"
	AnswerMatter   MatterAct = "answer"
	ConfirmMatter  MatterAct = "confirm"
	DisputeMatter  MatterAct = "dispute"
	StopMatter     MatterAct = "stop-clock"
	FinishMatter   MatterAct = "finish"
)

var matters = tenants.Life[MatterState, MatterAct]{
	Name: "escalation",
	Steps: []tenants.Step[MatterState, MatterAct]{
		tenants.From(MatterDraft, EditMatter, MatterDraft, office),
		tenants.From(MatterDraft, SubmitMatter, MatterApproval, office),
		tenants.From(MatterDraft, WithdrawMatter, MatterWithdrawn, office),
		tenants.From(MatterApproval, SendBackMatter, MatterDraft, signers),
		tenants.From(MatterApproval, ApproveMatter, Submitted, signers),
		tenants.From(MatterApproval, WithdrawMatter, MatterWithdrawn, office),
		tenants.From(Submitted, WithdrawMatter, MatterWithdrawn, office),
		tenants.From(Submitted, TakeMatter, Taken, above),
		tenants.From(Submitted, ReturnMatter, SentBack, above),
		tenants.From(Submitted, RefuseMatter, Refused, above),
		tenants.From(Taken, DecideMatter, MatterWorking, above),
		tenants.From(Taken, MergeMatter, Taken, above),
		tenants.From(Taken, SplitMatter, Taken, above),
		tenants.From(Taken, NoteMatter, Taken, above),
		tenants.From(Taken, RaiseMatter, Raised, []tenants.Role{tenants.CITY}),
		tenants.From(Taken, AnswerMatter, Answered, above),
		tenants.From(Taken, ReturnMatter, SentBack, above),
		tenants.From(Taken, RefuseMatter, Refused, above),
		tenants.From(MatterWorking, NoteMatter, MatterWorking, above),
		tenants.From(MatterWorking, SplitMatter, MatterWorking, above),
		tenants.From(MatterWorking, RaiseMatter, Raised, []tenants.Role{tenants.CITY}),
		tenants.From(MatterWorking, AnswerMatter, Answered, above),
		tenants.From(MatterWorking, StopMatter, MatterWorking, signers),
		tenants.From(Raised, TakeMatter, TakenAbove, []tenants.Role{tenants.PROV}),
		tenants.From(Raised, ReturnMatter, Taken, []tenants.Role{tenants.PROV}),
		tenants.From(Raised, StopMatter, Raised, signers),
		tenants.From(TakenAbove, DecideMatter, MatterWorking, []tenants.Role{tenants.PROV}),
		tenants.From(TakenAbove, MergeMatter, TakenAbove, []tenants.Role{tenants.PROV}),
		tenants.From(TakenAbove, SplitMatter, TakenAbove, []tenants.Role{tenants.PROV}),
		tenants.From(TakenAbove, NoteMatter, TakenAbove, []tenants.Role{tenants.PROV}),
		tenants.From(TakenAbove, AnswerMatter, Answered, []tenants.Role{tenants.PROV}),
		tenants.From(TakenAbove, ReturnMatter, Taken, []tenants.Role{tenants.PROV}),
		tenants.From(TakenAbove, StopMatter, TakenAbove, signers),
		tenants.From(SentBack, EditMatter, SentBack, office),
		tenants.From(SentBack, SubmitMatter, MatterApproval, office),
		tenants.From(SentBack, WithdrawMatter, MatterWithdrawn, office),
		tenants.From(Refused, ConfirmMatter, MatterClosed, signers),
		tenants.From(Refused, DisputeMatter, Disputed, signers),
		tenants.From(Answered, ConfirmMatter, Confirmed, signers),
		tenants.From(Answered, DisputeMatter, Disputed, signers),
		tenants.From(Disputed, NoteMatter, Disputed, above),
		tenants.From(Disputed, AnswerMatter, Answered, above),
		tenants.From(Disputed, RefuseMatter, Refused, above),
		tenants.From(Confirmed, FinishMatter, MatterClosed, office),
	},
	Called: map[MatterState]string{
		MatterDraft: "草稿", MatterApproval: "本级审批", Submitted: "已上报", Taken: "已受理",
		MatterWorking: "办理中", Disputed: "有异议", Raised: "已提请上级",
		TakenAbove: "上级已受理", SentBack: "已退回", Refused: "不予受理", Answered: "已答复", Confirmed: "落实中",
		MatterClosed: "已办结", MatterWithdrawn: "已撤回",
	},
	Doing: map[MatterAct]string{
		EditMatter: "修改事项", SubmitMatter: "送本级审批", SendBackMatter: "退回修改", ApproveMatter: "批准上报",
		WithdrawMatter: "撤回事项", TakeMatter: "受理", ReturnMatter: "退回", RefuseMatter: "不予受理", NoteMatter: "记录研究情况",
		MergeMatter: "并案", SplitMatter: "撤出并案", DecideMatter: "研究决定", DisputeMatter: "提出异议", StopMatter: "批准停止计时",
		RaiseMatter: "提请上级", AnswerMatter: "答复", ConfirmMatter: "确认答复", FinishMatter: "办结",
	},
	Sides: map[MatterAct]tenants.Side{
		EditMatter: Raiser, SubmitMatter: Raiser, SendBackMatter: Raiser, ApproveMatter: Raiser, WithdrawMatter: Raiser,
		TakeMatter: Holder, ReturnMatter: Holder, RefuseMatter: Holder, NoteMatter: Holder, RaiseMatter: Holder,
		MergeMatter: Holder, SplitMatter: Holder, DecideMatter: Holder,
		AnswerMatter: Holder, ConfirmMatter: Raiser, DisputeMatter: Raiser, StopMatter: Raiser, FinishMatter: Raiser,
	},
}

// Notices returns the life of a notice.
func Notices() tenants.Life[NoticeState, NoticeAct] { return notices }

// Deliveries returns the life of a delivery.
func Deliveries() tenants.Life[DeliveryState, DeliveryAct] { return deliveries }

// Matters returns the life of a matter that was raised.
func Matters() tenants.Life[MatterState, MatterAct] { return matters }
