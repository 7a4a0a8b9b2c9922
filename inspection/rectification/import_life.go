package rectification

import "xuncha/tenants"

// ImportState is how far an import got.
type ImportState string

// The states of an import.
const (
	ImportRead      ImportState = "read"      // read, and checked by a person
	ImportRunning   ImportState = "running"   // a job works on it
	ImportDone      ImportState = "done"      // every row is accounted for
	ImportFailed    ImportState = "failed"    // the job gave up; what was done stays
	ImportDiscarded ImportState = "discarded" // never run
	ImportTakenBack ImportState = "taken-back"
)

// ImportAction is what is done with an import.
type ImportAction string

// What is done with imports.
const (
	CorrectImport  ImportAction = "correct" // columns, answers, choices
	RunImport      ImportAction = "run"
	DiscardImport  ImportAction = "discard"
	TakeBackImport ImportAction = "take-back"

	finishImport ImportAction = "finish"
	failImport   ImportAction = "fail"
)

// byImporters may import: whoever enters findings.
var byImporters = []tenants.Role{tenants.OFF, tenants.DIR}

var imports = tenants.Life[ImportState, ImportAction]{
	Name: "import",
	Steps: []tenants.Step[ImportState, ImportAction]{
		tenants.From(ImportRead, CorrectImport, ImportRead, byImporters),
		tenants.From(ImportRead, RunImport, ImportRunning, byImporters),
		tenants.From(ImportRead, DiscardImport, ImportDiscarded, byImporters),
		tenants.From(ImportRunning, finishImport, ImportDone, bySystem),
		tenants.From(ImportRunning, failImport, ImportFailed, bySystem),
		tenants.From(ImportFailed, RunImport, ImportRunning, byImporters),
		tenants.From(ImportFailed, TakeBackImport, ImportTakenBack, byImporters),
		tenants.From(ImportDone, TakeBackImport, ImportTakenBack, byImporters),
	},
	Called: map[ImportState]string{
		ImportRead: "待核对", ImportRunning: "正在导入", ImportDone: "已导入", ImportFailed: "未完成", ImportDiscarded: "已放弃",
		ImportTakenBack: "已撤回",
	},
	Doing: map[ImportAction]string{
		CorrectImport: "更正", RunImport: "导入", DiscardImport: "放弃导入", TakeBackImport: "撤回导入", finishImport: "完成",
		failImport: "中止",
	},
}

// ImportStates lists the states of an import.
func ImportStates() []ImportState { return imports.States() }

// ImportActions lists what people do with imports.
func ImportActions() []ImportAction {
	return []ImportAction{CorrectImport, RunImport, DiscardImport, TakeBackImport}
}

// Choice is what the person wants done with one problem of a ledger.
type Choice string

// The choices. Without one, what is new is added and nothing else is done.
const (
	NoChoice Choice = ""
	AddRow   Choice = "add"
	Update   Choice = "update"
	SkipRow  Choice = "skip"
)

// Choices lists the choices.
func Choices() []Choice { return []Choice{NoChoice, AddRow, Update, SkipRow} }

// RowResult is what became of one problem of a ledger.
type RowResult string

// The results.
const (
	NotDone   RowResult = ""
	Added     RowResult = "added"
	Updated   RowResult = "updated"
	SameRow   RowResult = "same"
	Skipped   RowResult = "skipped"
	Rejected  RowResult = "rejected"
	Withdrawn RowResult = "withdrawn" // taken back with its import
	Kept      RowResult = "kept"      // not taken back: somebody has worked on it since
)

// RowResults lists the results.
func RowResults() []RowResult {
	return []RowResult{NotDone, Added, Updated, SameRow, Skipped, Rejected, Withdrawn, Kept}
}

var resultWords = map[RowResult]string{
	NotDone: "未处理", Added: "新增", Updated: "更新", SameRow: "相同", Skipped: "跳过", Rejected: "未导入",
	Withdrawn: "已撤回", Kept: "保留",
}
