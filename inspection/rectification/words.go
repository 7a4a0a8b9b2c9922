package rectification

import "slices"

// Verdict is what a party thinks of a handing-in.
type Verdict string

// The verdicts.
const (
	Agree  Verdict = "agree"  // 同意
	Amend  Verdict = "amend"  // 需补充
	Refuse Verdict = "refuse" // 不同意
)

// Verdicts lists the verdicts.
func Verdicts() []Verdict { return []Verdict{Agree, Amend, Refuse} }

// Reason is why a party does not agree.
type Reason string

// The reasons that offices give.
const (
	Vague       Reason = "vague"       // 措施不具体
	NoEvidence  Reason = "no-evidence" // 无佐证
	Mismatch    Reason = "mismatch"    // 佐证与措施不符
	NobodyHeld  Reason = "nobody-held" // 未追责
	NoRules     Reason = "no-rules"    // 未建制
	Shallow     Reason = "shallow"     // 原因分析不深
	BadDeadline Reason = "deadline"    // 时限不合理
	Other       Reason = "other"       // 其他
)

// Reasons lists the reasons.
func Reasons() []Reason {
	return []Reason{Vague, NoEvidence, Mismatch, NobodyHeld, NoRules, Shallow, BadDeadline, Other}
}

// Kind is how soon something can be put right.
type Kind string

// The kinds (整改类型).
const (
	Immediate Kind = "immediate" // 立行立改
	Near      Kind = "near"      // 近期整改
	Long      Kind = "long"      // 长期坚持
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Immediate, Near, Long} }

// Flag marks a case; several may hold at once.
type Flag string

// The flags. Overdue is not among them: it follows from the due date.
const (
	Doubt         Flag = "doubt"          // 存疑待核
	PublicOpinion Flag = "public-opinion" // 有群众意见
	Common        Flag = "common"         // 共性
	Escalated     Flag = "escalated"      // 已上报
	Reopened      Flag = "reopened"       // 重新整改
	Extending     Flag = "extending"      // 延期申请中
	FoundAgain    Flag = "followup"       // 回头看新发现
)

// Flags lists the flags.
func Flags() []Flag {
	return []Flag{Doubt, PublicOpinion, Common, Escalated, Reopened, Extending, FoundAgain}
}

// words are what people call the values above, which with those of the life of a
// case are the one vocabulary of screens, letters and ledgers.
var words = map[string]map[string]string{
	"verdict": {"agree": "同意", "amend": "需补充", "refuse": "不同意"},
	"reason": {
		"vague": "措施不具体", "no-evidence": "无佐证", "mismatch": "佐证与措施不符", "nobody-held": "未追责",
		"no-rules": "未建制", "shallow": "原因分析不深", "deadline": "时限不合理", "other": "其他",
	},
	"kind": {"immediate": "立行立改", "near": "近期整改", "long": "长期坚持"},
	"flag": {
		"doubt": "存疑待核", "public-opinion": "有群众意见", "common": "共性", "escalated": "已上报", "reopened": "重新整改",
		"extending": "延期申请中", "followup": "回头看新发现",
	},
}

// Word returns what people call the state.
func (s State) Word() string { return cases.Called[s] }

// Word returns what people call the action.
func (a Action) Word() string { return cases.Doing[a] }

// Word returns what people call the verdict.
func (v Verdict) Word() string { return words["verdict"][string(v)] }

// Word returns what people call the reason.
func (r Reason) Word() string { return words["reason"][string(r)] }

// Word returns what people call the kind.
func (k Kind) Word() string { return words["kind"][string(k)] }

// Word returns what people call the flag.
func (f Flag) Word() string { return words["flag"][string(f)] }

// Word is one value of a vocabulary.
type Word struct {
	List  string `json:"list" maxLength:"20" doc:"state, action, verdict, reason, kind, flag"`
	Code  string `json:"code" maxLength:"20"`
	Label string `json:"label" maxLength:"20"`
}

// Words lists the whole vocabulary in a fixed order.
func Words() []Word {
	return slices.Concat(
		vocabulary("state", cases.States()), vocabulary("action", cases.Acts()), vocabulary("verdict", Verdicts()),
		vocabulary("reason", Reasons()), vocabulary("kind", Kinds()), vocabulary("flag", Flags()))
}

func vocabulary[T interface {
	~string
	Word() string
}](list string, values []T) []Word {
	out := make([]Word, 0, len(values))
	for _, v := range values {
		out = append(out, Word{list, string(v), v.Word()})
	}
	return out
}
