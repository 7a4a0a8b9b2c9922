package evaluations

import (
	"time"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
)

// Identifiers of this room.
type (
	// ID names one edition of the evaluation of one unit and round.
	ID struct{ uuid.UUID }
	// SecondID names a second rectification.
	SecondID struct{ uuid.UUID }
)

// Service does what people ask of evaluations.
type Service struct {
	DB      *tenants.DB
	Clock   inspection.Clock
	Reports *reports.Service // knows which reports a unit is late with
}

// Line is one edition, as lists show it. Points and grade are there for whoever may
// see them: before it is made known, those who score and decide.
type Line struct {
	ID        ID                 `json:"id" db:"id"`
	RoundID   inspection.RoundID `json:"round" db:"round_id"`
	RoundName string             `json:"round_name" db:"round_name" maxLength:"100"`
	UnitID    inspection.UnitID  `json:"unit" db:"unit_id"`
	UnitName  string             `json:"unit_name" db:"unit_name" maxLength:"200"`
	Office    string             `json:"office" db:"slug" maxLength:"41" doc:"Slug of the office whose unit it is"`
	Edition   int                `json:"edition" db:"edition" minimum:"1" maximum:"1000"`
	State     State              `json:"state" db:"state"`
	CardName  string             `json:"card_name" db:"card_name" maxLength:"60"`
	Points    *Points            `json:"points" nullable:"true" db:"points" minimum:"0" maximum:"10000" doc:"Tenths of a point"`
	Grade     string             `json:"grade" db:"grade" maxLength:"10"`
	Veto      bool               `json:"veto" db:"veto"`
	Second    SecondState        `json:"second" db:"second" doc:"Of the second rectification; empty if there is none"`
	SecondDue *inspection.Day    `json:"second_due" nullable:"true" db:"second_due"`
	IssuedAt  *time.Time         `json:"issued_at" nullable:"true" db:"issued_at" doc:"When it was made known"`
	ChangedBy string             `json:"changed_by" db:"changed_name" maxLength:"100" doc:"Empty for the unit: who scores is not its to read"`
	ChangedAt time.Time          `json:"changed_at" db:"changed_at"`
	Version   int                `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`

	TenantID tenants.ID `json:"-" db:"tenant_id"`
}

// Evaluation is one edition with all that the caller may see of it.
type Evaluation struct {
	Line
	Card     Issue      `json:"card" db:"-"`
	Reason   string     `json:"reason" db:"reason" maxLength:"1000" doc:"Why it is scored again; empty for the first edition"`
	Self     []SelfMark `json:"self" db:"self" nullable:"false" maxItems:"12"`
	SelfNote string     `json:"self_note" db:"self_note" maxLength:"5000"`
	Asked    string     `json:"asked" db:"asked" maxLength:"1000" doc:"Why the self-evaluation came back, or why there is none"`
	HeadName string     `json:"head" db:"head_name" maxLength:"100" doc:"Who signed for the unit; empty before"`
	HeadAt   *time.Time `json:"head_at" nullable:"true" db:"head_at"`
	Sheet    *Sheet     `json:"sheet,omitempty" db:"-" doc:"What the group writes; absent for the unit and above"`
	Told     *Told      `json:"told,omitempty" db:"-" doc:"What the unit learns; absent before it is made known"`
	Second   *Second    `json:"second_rectification,omitempty" db:"-"`
	Editions []Line     `json:"editions" db:"-" nullable:"false" maxItems:"1000" doc:"All editions, the latest first"`
	Allowed  []Action   `json:"allowed" db:"-" nullable:"false" maxItems:"15" doc:"What you may do next"`
}

// Sheet is what the group writes, with what the rows say.
type Sheet struct {
	People    []Person   `json:"people" nullable:"false" maxItems:"20" doc:"评估组"`
	Entries   []Entry    `json:"entries" nullable:"false" maxItems:"200"`
	Marks     []Mark     `json:"marks" nullable:"false" maxItems:"200"`
	Survey    *Survey    `json:"survey,omitempty"`
	Votes     Votes      `json:"votes"`
	Tally     Tally      `json:"tally"`
	Proposals []Proposal `json:"proposals" nullable:"false" maxItems:"200"`
	Score     Result     `json:"score" doc:"Of the snapshot; while the group works, of what there is"`
	Missing   []string   `json:"missing" nullable:"false" maxItems:"300" doc:"What lacks before the group can finish"`
	Frozen    *Frozen    `json:"frozen,omitempty" doc:"Absent while the group works"`
	Note      string     `json:"note" maxLength:"1000" doc:"Why it came back, or what goes with the decision"`
	DecidedBy string     `json:"decided_by" maxLength:"100"`
	DecidedAt *time.Time `json:"decided_at" nullable:"true"`
}

// Frozen says of which snapshot a score is.
type Frozen struct {
	N      int       `json:"n" minimum:"1" maximum:"1000"`
	Digest string    `json:"digest" minLength:"64" maxLength:"64" doc:"SM3 of the snapshot, in hexadecimal"`
	By     string    `json:"by" maxLength:"100"`
	At     time.Time `json:"at"`
}

// Told is what is made known of an evaluation.
type Told struct {
	Result
	Entries   []Entry `json:"entries" nullable:"false" maxItems:"200"`
	Marks     []Mark  `json:"marks" nullable:"false" maxItems:"200"`
	Paragraph string  `json:"paragraph" maxLength:"5000" doc:"To be copied into a report"`
}

// Second is a second rectification (二次整改).
type Second struct {
	ID         SecondID       `json:"id" db:"id"`
	State      SecondState    `json:"state" db:"state"`
	Grade      string         `json:"grade" db:"grade" maxLength:"10"`
	Text       string         `json:"text" db:"text" maxLength:"2000" doc:"What is asked"`
	Items      []SecondItem   `json:"items" db:"-" nullable:"false" maxItems:"500"`
	DueOn      inspection.Day `json:"due_on" db:"due_on"`
	OrderedBy  string         `json:"ordered_by" db:"ordered_name" maxLength:"100"`
	OrderedAt  time.Time      `json:"ordered_at" db:"ordered_at"`
	Report     string         `json:"report" db:"report" maxLength:"5000" doc:"What the unit did"`
	ReportedBy string         `json:"reported_by" db:"reported_name" maxLength:"100"`
	ReportedAt *time.Time     `json:"reported_at" nullable:"true" db:"reported_at"`
	Note       string         `json:"note" db:"note" maxLength:"1000"`
	DecidedBy  string         `json:"decided_by" db:"decided_name" maxLength:"100"`
	DecidedAt  *time.Time     `json:"decided_at" nullable:"true" db:"decided_at"`
	Version    int            `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Allowed    []SecondAction `json:"allowed" db:"-" nullable:"false" maxItems:"5"`
}

// SecondItem is a problem that a second rectification is about.
type SecondItem struct {
	ID     inspection.FindingID `json:"id" db:"id"`
	Number string               `json:"number" db:"number" maxLength:"40"`
	Text   string               `json:"text" db:"text" maxLength:"5000"`
	State  rectification.State  `json:"state" db:"state"`
}

// row is an evaluation as the database has it.
type row struct {
	Evaluation
	CardBody []byte     `db:"card"`
	HeadID   *uuid.UUID `db:"head_id"`
}

// sheet is what the group writes as the database has it.
type sheet struct {
	Members     []inspection.MemberID `db:"members"`
	People      []Person              `db:"people"`
	Entries     []Entry               `db:"entries"`
	Marks       []Mark                `db:"marks"`
	Survey      *Survey               `db:"survey"`
	N           int                   `db:"n"`
	Points      *Points               `db:"points"`
	Grade       string                `db:"grade"`
	Veto        bool                  `db:"veto"`
	Note        string                `db:"note"`
	DecidedName string                `db:"decided_name"`
	DecidedAt   *time.Time            `db:"decided_at"`
	ApprovedID  *inspection.MemberID  `db:"approved_id"`
}

const lineColumns = `e.tenant_id, e.id, e.round_id, d.name as round_name, e.unit_id, u.name as unit_name, t.slug, e.edition, e.state,
	e.card ->> 'name' as card_name, coalesce(x.points, s.points) as points, coalesce(x.grade, s.grade, '') as grade,
	coalesce(x.veto, s.veto, false) as veto, coalesce(o.state, '') as second, o.due_on as second_due, e.issued_at,
	case when current_setting('app.unit') = '' then e.changed_name else '' end as changed_name, e.changed_at, e.version`

const rowColumns = lineColumns + `, e.reason, e.self, e.self_note, e.asked, e.head_name, e.head_at, e.card, e.head_id`

// tables of a line: of the sheet and the result only what the reader may see is there.
const tables = ` from evaluations e
	join tenants t on t.id = e.tenant_id
	join rounds d on d.tenant_id = e.tenant_id and d.id = e.round_id
	join units u on u.tenant_id = e.tenant_id and u.id = e.unit_id
	left join evaluation_sheets s on s.tenant_id = e.tenant_id and s.evaluation_id = e.id
	left join evaluation_results x on x.tenant_id = e.tenant_id and x.evaluation_id = e.id
	left join second_rectifications o on o.tenant_id = e.tenant_id and o.evaluation_id = e.id`

// Score is what the evaluation comes to as far as the caller may see it: as it was
// made known, or as the group has it.
func (e Evaluation) Score() (Result, []Entry, []Mark) {
	switch {
	case e.Told != nil:
		return e.Told.Result, e.Told.Entries, e.Told.Marks
	case e.Sheet != nil:
		return e.Sheet.Score, e.Sheet.Entries, e.Sheet.Marks
	}
	return Result{}, nil, nil
}

func (r row) about() about { return about{r.RoundID, r.UnitID} }

func (r row) title() string { return r.UnitName + "，" + r.RoundName }
