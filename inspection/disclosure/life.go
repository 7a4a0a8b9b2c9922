package disclosure

import "xuncha/tenants"

// State is where an edition stands.
type State string

// The states.
const (
	Drafted    State = "draft"      // 起草
	Confirming State = "confirming" // 待单位确认
	Clearing   State = "clearing"   // 待巡察办审核
	Approving  State = "approving"  // 待审批
	Approved   State = "approved"   // 已审批
	Scheduled  State = "scheduled"  // 待发布
	Published  State = "published"  // 已发布
	Superseded State = "superseded" // 已更正
	Withdrawn  State = "withdrawn"  // 已撤回
)

// Action is what somebody does to an edition.
type Action string

// The actions.
const (
	Write     Action = "edit"
	Check     Action = "check"
	Confirm   Action = "confirm"
	Clear     Action = "clear"
	Approve   Action = "approve"
	Return    Action = "return"
	Schedule  Action = "schedule"
	Recall    Action = "recall"
	Publish   Action = "publish"
	Supersede Action = "supersede"
	Withdraw  Action = "withdraw"
	Correct   Action = "correct"
)

var (
	writers = []tenants.Role{tenants.UNIT, tenants.HEAD, tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	office  = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}
	leaders = []tenants.Role{tenants.DIR, tenants.LG}
	anyHand = []tenants.Role{tenants.OFF, tenants.DIR, tenants.LG, tenants.CITY, tenants.PROV}
)

// editions is the life of an edition.
var editions = tenants.Life[State, Action]{
	Name: "disclosure",
	Steps: []tenants.Step[State, Action]{
		tenants.From(Drafted, Write, Drafted, writers),
		tenants.From(Drafted, Check, Confirming, writers),
		tenants.From(Confirming, Confirm, Clearing, []tenants.Role{tenants.HEAD}),
		tenants.From(Confirming, Return, Drafted, writers),
		tenants.From(Clearing, Clear, Approving, office),
		tenants.From(Clearing, Return, Drafted, office),
		tenants.From(Approving, Approve, Approved, leaders),
		tenants.From(Approving, Return, Drafted, leaders),
		tenants.From(Approved, Schedule, Scheduled, office),
		tenants.From(Approved, Return, Drafted, anyHand),
		tenants.From(Scheduled, Recall, Approved, anyHand),
		tenants.From(Scheduled, Publish, Published, []tenants.Role{tenants.System}),
		tenants.From(Published, Supersede, Superseded, []tenants.Role{tenants.System}),
		tenants.From(Published, Withdraw, Withdrawn, anyHand),
		// A correction is a new edition; the old one stays until that is published.
		tenants.From(Published, Correct, Published, office),
		tenants.From(Withdrawn, Correct, Withdrawn, office),
	},
	Called: map[State]string{
		Drafted: "起草", Confirming: "待单位确认", Clearing: "待巡察办审核", Approving: "待审批", Approved: "已审批",
		Scheduled: "待发布", Published: "已发布", Superseded: "已更正", Withdrawn: "已撤回",
	},
	Doing: map[Action]string{
		Write: "修改", Check: "送单位确认", Confirm: "确认", Clear: "审核", Approve: "审批", Return: "退回修改",
		Schedule: "定时发布", Recall: "取消发布", Publish: "发布", Supersede: "替换", Withdraw: "撤回", Correct: "更正",
	},
}

// Editions returns the life of an edition.
func Editions() tenants.Life[State, Action] { return editions }
