package reports

import (
	"fmt"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/papers"
	"xuncha/tenants"
)

// Line is one edition of a report, or one that is owed and not begun, as lists show it.
type Line struct {
	ID          *inspection.ReportID `json:"id" nullable:"true" db:"id" doc:"Null while nobody has begun it"`
	RoundID     inspection.RoundID   `json:"round" db:"round_id"`
	RoundName   string               `json:"round_name" db:"round_name"`
	UnitID      inspection.UnitID    `json:"unit" db:"unit_id"`
	UnitName    string               `json:"unit_name" db:"unit_name"`
	Kind        Kind                 `json:"kind" db:"kind"`
	Period      int                  `json:"period" db:"period" minimum:"1" maximum:"1000" doc:"第几期; the first is that of the concentrated period"`
	Edition     int                  `json:"edition" db:"edition" minimum:"0" maximum:"1000" doc:"第几版; 0 while nobody has begun it"`
	DueOn       inspection.Day       `json:"due_on" db:"due_on"`
	Provisional bool                 `json:"due_provisional" db:"due_provisional" doc:"The working days of that year are not published yet"`
	Overdue     bool                 `json:"overdue" db:"-" doc:"The day is past and the report is not filed"`
	Latest      bool                 `json:"latest" db:"-" doc:"No later edition of the same period is known"`
	State       *State               `json:"state" nullable:"true" db:"state" doc:"Null while nobody has begun it"`
	papers.Paper
}

// Report is one edition with all that the caller may see of it.
type Report struct {
	Line
	Overall   string                 `json:"overall" db:"overall" maxLength:"5000" doc:"总体情况"`
	NextSteps string                 `json:"next_steps" db:"next_steps" maxLength:"5000" doc:"下步打算"`
	Remarks   []Remark               `json:"remarks" db:"remarks" nullable:"false" maxItems:"1000"`
	Reasons   []rectification.Reason `json:"reasons" db:"reasons" nullable:"false" maxItems:"8" doc:"Why it came back"`
	Content   Content                `json:"content" db:"-" doc:"What is signed: the records as they are, or as they were at the signature"`
	Digest    string                 `json:"digest" db:"-" doc:"SM3 of what is signed, in hexadecimal; name it when signing"`
	Gaps      []Gap                  `json:"gaps" db:"-" nullable:"false" doc:"What is missing before it can be signed"`
	Since     Since                  `json:"since" db:"-" doc:"What is new against the last edition that was signed"`
	Editions  []Edition              `json:"editions" db:"-" nullable:"false" doc:"All editions of all periods that you may see, the latest first"`
	Opinions  []papers.Opinion       `json:"opinions" db:"-" nullable:"false" maxItems:"10" doc:"Those that you may see"`
	Allowed   []Action               `json:"allowed" db:"-" nullable:"false" doc:"What you may do next"`
	Office    tenants.ID             `json:"-" db:"-"`
}

// Remark is a sentence of the unit's to one finding.
type Remark struct {
	Finding inspection.FindingID `json:"finding"`
	Text    string               `json:"text" minLength:"1" maxLength:"500"`
}

// Gap is something without which a report cannot be signed.
type Gap struct {
	Number  string `json:"number" doc:"Of the finding; empty for the report as a whole"`
	Code    string `json:"code" doc:"overall, next-steps, why, acts, no-findings"`
	Message string `json:"message"`
}

// Since is what is new in a report against the last one that was signed.
type Since struct {
	Title string   `json:"title" doc:"第1期第1版; empty if there was none"`
	Lines []string `json:"lines" nullable:"false" maxItems:"2000"`
}

// Edition leads to another edition of the same report.
type Edition struct {
	ID      inspection.ReportID `json:"id" db:"id"`
	Period  int                 `json:"period" db:"period"`
	Edition int                 `json:"edition" db:"edition"`
	State   State               `json:"state" db:"state"`
}

func (e Edition) title() string { return fmt.Sprintf("第%d期第%d版", e.Period, e.Edition) }

// Content is what is signed.
type Content struct {
	Kind       Kind            `json:"kind"`
	Unit       string          `json:"unit"`
	Round      string          `json:"round"`
	Office     string          `json:"office" doc:"To whom it is made"`
	Period     int             `json:"period"`
	FeedbackOn *inspection.Day `json:"feedback_on"`
	AsOf       inspection.Day  `json:"as_of"`
	Overall    string          `json:"overall"`
	NextSteps  string          `json:"next_steps"`
	Promise    string          `json:"promise"`
	Sums       Sums            `json:"sums"`
	Items      []Item          `json:"items" nullable:"false" doc:"All findings; in the head's report those that are not closed"`
	Acts       []Act           `json:"acts" nullable:"false" doc:"Of the head; in the head's report alone"`
	Text       Text            `json:"text" doc:"As it is printed"`
}

// Sums are the figures of all findings of the unit in the round.
type Sums struct {
	Findings     int   `json:"findings"`
	Closed       int   `json:"closed" doc:"已销号"`
	LongTerm     int   `json:"long_term" doc:"长期整改"`
	Submitted    int   `json:"submitted" doc:"待审核"`
	Ongoing      int   `json:"ongoing" doc:"未启动、整改中、退回重报"`
	Overdue      int   `json:"overdue"`
	Measures     int   `json:"measures"`
	MeasuresDone int   `json:"measures_done"`
	RecoveredFen int64 `json:"recovered_fen"`
	RulesMade    int   `json:"rules_made"`
	RulesAmended int   `json:"rules_amended"`
	PeopleDealt  int   `json:"people_dealt"`
	Elsewhere    int   `json:"elsewhere" doc:"Findings that were looked for elsewhere (举一反三)"`
	Evidence     int   `json:"evidence"`
}

// Item is one finding as the records have it.
type Item struct {
	Finding   inspection.FindingID `json:"finding"`
	Number    string               `json:"number"`
	Category  string               `json:"category"`
	Text      string               `json:"text"`
	State     rectification.State  `json:"state"`
	DueOn     *inspection.Day      `json:"due_on"`
	ReviewOn  *inspection.Day      `json:"review_on" doc:"When a long-term item comes back"`
	Overdue   bool                 `json:"overdue"`
	Progress  string               `json:"progress"`
	Elsewhere string               `json:"elsewhere"`
	Evidence  int                  `json:"evidence"`
	Review    string               `json:"review" doc:"What became of the last handing-in; empty without one"`
	Why       []string             `json:"why" nullable:"false" doc:"Why it is not done, as the records say"`
	Remark    string               `json:"remark" doc:"A sentence of the unit's"`
	Measures  []Measure            `json:"measures" nullable:"false"`
}

// Measure is one measure and how far it is.
type Measure struct {
	Seq      int    `json:"seq"`
	Text     string `json:"text"`
	Leader   string `json:"leader"`
	Done     bool   `json:"done"`
	Progress string `json:"progress"`
}

// Text is a report as it is printed.
type Text struct {
	Title    string    `json:"title"`
	To       string    `json:"to"`
	Lead     string    `json:"lead"`
	Sections []Section `json:"sections" nullable:"false"`
	From     string    `json:"from"`
}

// Section is one part of the text under its heading.
type Section struct {
	Heading    string   `json:"heading"`
	Paragraphs []string `json:"paragraphs" nullable:"false"`
}

// row is a report as the database has it.
type row struct {
	Report
	TenantID   tenants.ID      `db:"tenant_id"`
	FeedbackOn *inspection.Day `db:"feedback_on"`
}

func (r row) title() string {
	return fmt.Sprintf("%s，%s%s，第%d期第%d版", r.UnitName, r.RoundName, r.Kind.Word(), r.Period, r.Edition)
}
