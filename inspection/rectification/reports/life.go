package reports

import (
	"xuncha/inspection/rectification/papers"
	"xuncha/tenants"
)

// State is where one edition of a report stands.
type State string

// The states.
const (
	Drafting  State = "drafting"
	Signed    State = "signed" // by the head; the progress report not yet by the leader in charge
	Filed     State = "filed"  // with the office, which has not looked at it
	Reviewing State = "reviewing"
	Returned  State = "returned" // for good: a new edition answers it
	Approved  State = "approved" // and kept on file
)

// Action is what somebody does to a report.
type Action string

// The actions.
const (
	Begin       Action = "begin"
	Edit        Action = "edit"
	Sign        Action = "sign"
	Countersign Action = "countersign"
	File        Action = "file"    // what the head's signature does to the head's report
	Decline     Action = "decline" // by the leader in charge
	Receive     Action = "receive"
	Opine       Action = "opinion"
	Return      Action = "return"
	Approve     Action = "approve"
)

var (
	byUnit     = []tenants.Role{tenants.UNIT, tenants.HEAD}
	byHead     = []tenants.Role{tenants.HEAD}
	byLeader   = []tenants.Role{tenants.LG}
	byReviewer = []tenants.Role{tenants.DISC, tenants.ORG, tenants.DEPT, tenants.OFF, tenants.DIR}
	byOffice   = []tenants.Role{tenants.OFF, tenants.DIR}
)

type steps = []tenants.Step[State, Action]

var reports = tenants.Life[State, Action]{
	Name: "report",
	Steps: append(steps{
		tenants.From(tenants.Start, Begin, Drafting, byUnit),
		tenants.From(Drafting, Sign, Signed, byHead),
		tenants.From(Signed, Countersign, Filed, byLeader),
		tenants.From(Signed, File, Filed, byHead),
		tenants.From(Signed, Decline, Returned, byLeader),
		tenants.From(Filed, Receive, Reviewing, byOffice),
		tenants.From(Reviewing, Opine, Reviewing, byReviewer),
		tenants.From(Reviewing, Return, Returned, byOffice),
		tenants.From(Reviewing, Approve, Approved, byOffice),
	}, tenants.Stay(Edit, byUnit, Drafting)...),
	Called: map[State]string{
		Drafting: "起草", Signed: "待分管领导签字", Filed: "已报送", Reviewing: "联合审核", Returned: "退回重报", Approved: "已通过存档",
	},
	Doing: map[Action]string{
		Begin: "编制报告", Edit: "修改", Sign: "主要负责人签字", Countersign: "分管领导签字", File: "报送", Decline: "退回修改", Receive: "接收送审",
		Opine: "提交审核意见", Return: "退回重报", Approve: "通过存档",
	},
}

// Life returns the life of a report.
func Life() tenants.Life[State, Action] { return reports }

// Word returns what people call the state.
func (s State) Word() string { return reports.Called[s] }

// paper is how reports are signed and reviewed.
var paper = papers.Kind{Name: "report", Called: "报告", Reviewer: byReviewer, Reasoned: true}

// Kind is which of the two reports it is.
type Kind string

// The kinds.
const (
	Progress Kind = "progress" // 整改进展情况报告
	Head     Kind = "head"     // 主要负责人组织整改情况报告
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Progress, Head} }

var kindWords = map[Kind]string{Progress: "整改进展情况报告", Head: "主要负责人组织整改情况报告"}

// Word returns what people call the report.
func (k Kind) Word() string { return kindWords[k] }

// Promise is what the signatures stand under.
func (k Kind) Promise() string {
	if k == Head {
		return "本人对报告所述组织整改情况的真实性负责。"
	}
	return "对整改报告的真实性、完整性负责，未完成的问题按期整改到位。"
}
