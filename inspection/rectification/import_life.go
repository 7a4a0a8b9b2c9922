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

var importLife = life[ImportState, ImportAction]{
	{ImportRead, CorrectImport, ImportRead, byImporters},
	{ImportRead, RunImport, ImportRunning, byImporters},
	{ImportRead, DiscardImport, ImportDiscarded, byImporters},
	{ImportRunning, finishImport, ImportDone, bySystem},
	{ImportRunning, failImport, ImportFailed, bySystem},
	{ImportFailed, RunImport, ImportRunning, byImporters},
	{ImportFailed, TakeBackImport, ImportTakenBack, byImporters},
	{ImportDone, TakeBackImport, ImportTakenBack, byImporters},
}

// ImportStates lists the states of an import.
func ImportStates() []ImportState { return importLife.states() }

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
