package ledger

import "xuncha/inspection"

// Reading is what a ledger says.
type Reading struct {
	Totals    Totals     `json:"totals"`
	Problems  []Problem  `json:"problems" nullable:"false"`
	Questions []Question `json:"questions" nullable:"false" doc:"What a person must decide before import"`
	Warnings  []Warning  `json:"warnings" nullable:"false" doc:"What was read but looks odd; imported as it is"`
	Sheets    []Sheet    `json:"sheets" nullable:"false"`
	Filled    []Filled   `json:"filled" nullable:"false" doc:"Merged cells whose content was filled down"`
	Skipped   []Skipped  `json:"skipped" nullable:"false" doc:"Rows that are neither problem nor measure"`
}

// Totals counts a reading.
type Totals struct {
	Problems  int `json:"problems"`
	Measures  int `json:"measures"`
	Questions int `json:"questions"`
	Warnings  int `json:"warnings"`
}

// Problem is one problem (问题) of the ledger.
type Problem struct {
	Sheet        string    `json:"sheet"`
	Row          int       `json:"row" doc:"First row in the sheet"`
	Cell         string    `json:"cell" doc:"Cell of the text"`
	Number       string    `json:"number" doc:"As the ledger counts; empty if it does not"`
	Mark         string    `json:"mark,omitempty" doc:"The number as written before the text, such as 1."`
	Category     string    `json:"category"`
	Text         string    `json:"text" doc:"Without the number before it"`
	Goal         string    `json:"goal"`
	AmountFen    *int64    `json:"amount_fen" doc:"Money concerned, in fen"`
	RecoveredFen *int64    `json:"recovered_fen,omitempty" doc:"Money recovered, in fen, if the ledger has the column"`
	Elsewhere    string    `json:"elsewhere,omitempty" doc:"举一反三检查情况: what looking further found, the cells of all its rows"`
	Measures     []Measure `json:"measures" nullable:"false"`
}

// Measure is one measure (措施) against a problem.
type Measure struct {
	Row         int             `json:"row"`
	Cell        string          `json:"cell"`
	Number      string          `json:"number,omitempty" doc:"Number before the text, in digits"`
	Mark        string          `json:"mark,omitempty" doc:"The number as written, such as (1)"`
	Text        string          `json:"text"`
	Leader      string          `json:"leader"`
	Person      string          `json:"person,omitempty" doc:"Who does it, where the ledger names another than the leader"`
	Department  string          `json:"department"`
	Helpers     []string        `json:"helpers" nullable:"false"`
	DueOn       *inspection.Day `json:"due_on" doc:"Null when the deadline is a question"`
	DueText     string          `json:"due_text" doc:"As written"`
	DueQuestion *Question       `json:"due_question,omitempty"`
	Kind        Kind            `json:"kind"`
	Progress    string          `json:"progress"`
	Status      string          `json:"status" doc:"As written"`
	Rules       string          `json:"rules" doc:"建章立制"`
	Remark      string          `json:"remark,omitempty"`
}

// Question is what the person who imports must decide: the cell could not be
// understood, or not safely.
type Question struct {
	Sheet   string   `json:"sheet"`
	Cell    string   `json:"cell"`
	Row     int      `json:"row"`
	Column  Column   `json:"column,omitempty"`
	Reason  Reason   `json:"reason"`
	Text    string   `json:"text" doc:"What the cell says"`
	Detail  string   `json:"detail" doc:"One Chinese sentence"`
	Choices []Choice `json:"choices,omitempty" doc:"Likely answers; none is taken by itself"`
}

// Choice is one likely answer to a [Question].
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Warning is about something that was read and looks odd.
type Warning struct {
	Sheet  string `json:"sheet"`
	Cell   string `json:"cell,omitempty"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Sheet is one sheet of the workbook, read or not.
type Sheet struct {
	Name          string         `json:"name"`
	Read          bool           `json:"read"`
	Why           string         `json:"why,omitempty" doc:"Why it was not read"`
	Hidden        bool           `json:"hidden"`
	Filtered      bool           `json:"filtered" doc:"A filter is on"`
	HiddenRows    int            `json:"hidden_rows" doc:"Hidden rows with content below the header"`
	HiddenColumns int            `json:"hidden_columns" doc:"Hidden columns under the header"`
	HeaderFrom    int            `json:"header_from,omitempty"`
	HeaderTo      int            `json:"header_to,omitempty"`
	Columns       []HeaderColumn `json:"columns" nullable:"false"`
	Sample        []SampleRow    `json:"sample,omitempty" doc:"First rows of a sheet whose columns are to be chosen"`
	Problems      int            `json:"problems"`
	Measures      int            `json:"measures"`
}

// SampleRow shows a row to the person who chooses the columns.
type SampleRow struct {
	Row   int      `json:"row"`
	Cells []string `json:"cells" doc:"From column A on"`
}

// HeaderColumn is one column under a header, and what it was taken for.
type HeaderColumn struct {
	Letter     string     `json:"letter"`
	Header     string     `json:"header" doc:"As written; parts of a header of two rows joined by /"`
	Column     Column     `json:"column,omitempty" doc:"Empty: not imported"`
	Confidence Confidence `json:"confidence"`
	Unit       Unit       `json:"unit,omitempty"`
	Hidden     bool       `json:"hidden,omitempty" doc:"Read only when hidden content is asked for"`

	index int // from 0
	rank  int // of two columns that mean the same, the lower counts
}

// Filled is a merged range whose content counts for each of its rows.
type Filled struct {
	Sheet  string `json:"sheet"`
	Range  string `json:"range"`
	Column Column `json:"column"`
}

// Skipped is a row that became nothing, and why.
type Skipped struct {
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Reason string `json:"reason"`
	Text   string `json:"text"`
}

// Options say how to read a ledger. The zero Options find everything by
// themselves.
type Options struct {
	// Sheets names the sheets to read and, where wanted, how. Without it the
	// sheets that look like a ledger are read.
	Sheets []SheetOptions `json:"sheets,omitempty"`

	// IncludeHidden reads hidden rows, columns and sheets too.
	IncludeHidden bool `json:"include_hidden,omitempty"`

	// FeedbackOn is the day of feedback, if it is known: deadlines before it
	// are questioned.
	FeedbackOn inspection.Day `json:"feedback_on,omitzero"`
}

// SheetOptions correct how one sheet is read.
type SheetOptions struct {
	Name string `json:"name"`

	// HeaderFrom and HeaderTo are the first and last row of the header; 0 finds
	// it.
	HeaderFrom int `json:"header_from,omitempty"`
	HeaderTo   int `json:"header_to,omitempty"`

	// Columns says which letter holds which column. A column that is not named
	// is found as usual; one with an empty letter is left out.
	Columns map[Column]string `json:"columns,omitempty"`

	// AmountUnit is the unit of amounts that do not say theirs.
	AmountUnit Unit `json:"amount_unit,omitempty"`
}
