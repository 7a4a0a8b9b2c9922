package disclosure

import (
	"time"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/privacy"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Limits of the public text, in characters. They keep a page readable; a draft
// may be longer on its way.
const (
	headingLimit = 80  // of the page's title: two lines
	titleLimit   = 60  // of an item's title
	leadLimit    = 200 // 导语
	resultLimit  = 400 // 整改措施与成效
	nextLimit    = 300 // 下一步安排
	itemsLimit   = 60  // items on one page
)

// Facts are what a draft takes from the round and the ledger.
type Facts struct {
	Publisher    string         `json:"publisher" db:"publisher" maxLength:"200" doc:"发布机构"`
	UnitName     string         `json:"unit_name" db:"unit_name" maxLength:"300" doc:"被巡察党组织, with its region"`
	UnitKind     string         `json:"unit_kind" db:"unit_kind" maxLength:"20"`
	RoundName    string         `json:"round_name" db:"round_name" maxLength:"100"`
	RoundTerm    int            `json:"-" db:"round_term"`
	RoundSeq     int            `json:"-" db:"round_seq"`
	RoundFrom    inspection.Day `json:"round_from" db:"round_from"`
	RoundUntil   inspection.Day `json:"round_until" db:"round_until"`
	FeedbackOn   inspection.Day `json:"feedback_on" db:"feedback_on"`
	PeriodFrom   inspection.Day `json:"period_from" db:"period_from" doc:"集中整改期"`
	PeriodUntil  inspection.Day `json:"period_until" db:"period_until"`
	AsOf         inspection.Day `json:"as_of" db:"as_of" doc:"截至: the day of all numbers"`
	Tasks        int            `json:"tasks" db:"tasks" minimum:"0" maximum:"100000" doc:"整改任务"`
	RulesMade    int            `json:"rules_made" db:"rules_made" minimum:"0" maximum:"100000"`
	RulesAmended int            `json:"rules_amended" db:"rules_amended" minimum:"0" maximum:"100000"`
	RecoveredFen int64          `json:"recovered_fen" db:"recovered_fen" minimum:"0" maximum:"9007199254740991"`
}

// Text is what people write, proposed from the facts.
type Text struct {
	Title        string         `json:"title" db:"title" maxLength:"100"`
	Lead         string         `json:"lead" db:"lead" maxLength:"500" doc:"导语"`
	Organisation string         `json:"organisation" db:"organisation" maxLength:"1500" doc:"（一）履行主体责任"`
	HeadDuty     string         `json:"head_duty" db:"head_duty" maxLength:"1500" doc:"（二）主要负责人履行第一责任人责任"`
	Transfers    string         `json:"transfers" db:"transfers" maxLength:"500" doc:"移交事项办理情况; empty leaves the section out"`
	NextSteps    string         `json:"next_steps" db:"next_steps" maxLength:"800" doc:"下一步安排"`
	Phone        string         `json:"phone" db:"phone" maxLength:"60"`
	Hours        string         `json:"hours" db:"hours" maxLength:"60" doc:"When the phone is answered"`
	Address      string         `json:"address" db:"address" maxLength:"200" doc:"邮政信箱"`
	Email        string         `json:"email" db:"email" maxLength:"100"`
	Dated        inspection.Day `json:"dated" db:"dated" doc:"落款日期"`
	Note         string         `json:"note" db:"note" maxLength:"300" doc:"更正说明; empty in the first edition"`
}

// Way is how far a draft has come, and through whose hands.
type Way struct {
	EditedName    string          `json:"edited_by" db:"edited_name" maxLength:"60"`
	ConfirmedName string          `json:"confirmed_by" db:"confirmed_name" maxLength:"60"`
	ConfirmedAt   *time.Time      `json:"confirmed_at" db:"confirmed_at"`
	ClearedName   string          `json:"cleared_by" db:"cleared_name" maxLength:"60"`
	ClearedAt     *time.Time      `json:"cleared_at" db:"cleared_at"`
	ApprovedName  string          `json:"approved_by" db:"approved_name" maxLength:"60"`
	ApprovedAt    *time.Time      `json:"approved_at" db:"approved_at"`
	ReturnNote    string          `json:"return_note" db:"return_note" maxLength:"500" doc:"Why it was sent back; empty once handed in again"`
	PublishAt     *time.Time      `json:"publish_at" db:"publish_at"`
	OpinionsUntil *inspection.Day `json:"opinions_until" db:"opinions_until" doc:"Last day of opinions; null: by policy, from publication"`
	Held          string          `json:"held" db:"held" maxLength:"200" doc:"Why publication was stopped; empty if it was not"`
	PublishedAt   *time.Time      `json:"published_at" db:"issued_at"`
	ChangedAt     time.Time       `json:"changed_at" db:"changed_at"`

	EditedBy       *uuid.UUID   `json:"-" db:"edited_by"`
	Editors        []uuid.UUID  `json:"-" db:"editors"` // all who wrote in this edition
	ConfirmedBy    *uuid.UUID   `json:"-" db:"confirmed_by"`
	ClearedBy      *uuid.UUID   `json:"-" db:"cleared_by"`
	ClearedRole    tenants.Role `json:"-" db:"cleared_role"`
	ApprovedBy     *uuid.UUID   `json:"-" db:"approved_by"`
	Digest         []byte       `json:"-" db:"digest"`
	ApprovedDigest []byte       `json:"-" db:"approved_digest"`
	Keeps          []Keep       `json:"keeps" db:"keeps" nullable:"false" maxItems:"200" doc:"Personal data left in on purpose"`
}

// Draft is one edition of a 通报, as people work on it.
type Draft struct {
	ID      inspection.DisclosureID `json:"id" db:"disclosure_id"`
	Number  string                  `json:"number" db:"number" maxLength:"40" doc:"索引号"`
	UnitID  inspection.UnitID       `json:"unit" db:"unit_id"`
	RoundID inspection.RoundID      `json:"round" db:"round_id"`
	Edition int                     `json:"edition" db:"edition" minimum:"1" maximum:"1000"`
	Live    *int                    `json:"live" db:"live" minimum:"1" maximum:"1000" doc:"The edition that the public reads; null if none"`
	State   State                   `json:"state" db:"state"`
	Facts
	Text
	HidesPrevious bool `json:"hides_previous" db:"hides_previous" doc:"Earlier editions are no longer shown once this is published"`
	Way
	Version int `json:"version" db:"version" minimum:"1" maximum:"2147483647"`

	Counts   Counts             `json:"counts" db:"-"`
	Items    []Item             `json:"items" db:"-" nullable:"false" maxItems:"1000"`
	Problems []inspection.Field `json:"problems" db:"-" nullable:"false" maxItems:"2000" doc:"What must be settled before it can go on"`
	Hits     []Hit              `json:"hits" db:"-" nullable:"false" maxItems:"2000" doc:"Personal data in the text"`
	Shown    string             `json:"digest" db:"-" maxLength:"64" doc:"SM3 of what the public would read; sent back with a decision"`
	Changed  bool               `json:"ledger_changed" db:"-" doc:"The ledger says something else than when the draft was made"`
	Allowed  []Action           `json:"allowed" db:"-" nullable:"false" maxItems:"20" doc:"What you may do next"`
	Editions []EditionLine      `json:"editions" db:"-" nullable:"false" maxItems:"1000"`
	Page     string             `json:"page" db:"-" maxLength:"300" doc:"Address of the public page; empty while there is none"`
}

// Counts are the numbers of the overview. They add up: Findings is the sum of the
// others.
type Counts struct {
	Findings int `json:"findings" minimum:"0" maximum:"10000"`
	Done     int `json:"done" minimum:"0" maximum:"10000"`
	LongTerm int `json:"long_term" minimum:"0" maximum:"10000"`
	Ongoing  int `json:"ongoing" minimum:"0" maximum:"10000"`
	Withheld int `json:"withheld" minimum:"0" maximum:"10000"`
}

// ItemText is what people write about one finding.
type ItemText struct {
	Title   string `json:"title" db:"title" maxLength:"120"`
	Problem string `json:"problem" db:"problem" maxLength:"5000" doc:"反馈问题, in the public's words"`
	Result  string `json:"result" db:"result" maxLength:"5000" doc:"整改措施与成效"`
	Rules   string `json:"rules" db:"rules" maxLength:"1000" doc:"建立或修订的制度"`
	Reason  string `json:"reason" db:"reason" maxLength:"500" doc:"Of a long-term item: why it takes long"`
	Goal    string `json:"goal" db:"goal" maxLength:"500" doc:"Of a long-term item: what comes when"`
	Lead    string `json:"lead" db:"lead" maxLength:"200" doc:"Of a long-term item: who leads"`
}

// Item is one finding in an edition: the public's words, and the ledger's.
type Item struct {
	FindingID  inspection.FindingID `json:"finding" db:"finding_id"`
	Seq        int                  `json:"seq" db:"seq" minimum:"1" maximum:"100000"`
	Status     Status               `json:"status" db:"status"`
	FinishedOn *inspection.Day      `json:"finished_on" db:"finished_on"`
	NextOn     *inspection.Day      `json:"next_on" db:"next_on" doc:"When the public hears of it again"`
	ItemText
	Written  bool   `json:"written" db:"written" doc:"A person changed the words"`
	Withheld Reason `json:"withheld" db:"withheld" doc:"Why it is not disclosed; empty if it is"`
	Updated  bool   `json:"updated" db:"updated" doc:"It says something else than the edition before"`
	Version  int    `json:"version" db:"version" minimum:"1" maximum:"2147483647"`

	Ledger Row `json:"ledger" db:"-"`
}

// Row is what the ledger says of a finding now.
type Row struct {
	Number   string              `json:"number" maxLength:"40"`
	Category string              `json:"category" maxLength:"200"`
	Text     string              `json:"text" maxLength:"5000"`
	State    rectification.State `json:"state"`
	Progress string              `json:"progress" maxLength:"5000"`
	Measures []Measure           `json:"measures" nullable:"false" maxItems:"500"`

	fact fact
}

// fact is the part of a row that an item takes over.
type fact struct {
	finding    inspection.FindingID
	seq        int
	status     Status
	finishedOn *inspection.Day
	nextOn     *inspection.Day
	goal       string
}

// Measure is one measure of the ledger. Who answers for it stays out: the public
// reads of posts, not of names.
type Measure struct {
	Text       string `json:"text" maxLength:"5000"`
	Department string `json:"department" maxLength:"200"`
	Progress   string `json:"progress" maxLength:"5000"`
	Rules      string `json:"rules" maxLength:"2000"`
}

// Hit is personal data in the draft.
type Hit struct {
	ID      string        `json:"id" maxLength:"16" doc:"Stays the same while place and text do"`
	Pointer string        `json:"pointer" maxLength:"100" doc:"/lead, /items/{finding}/result"`
	Kind    privacy.Kind  `json:"kind"`
	Name    string        `json:"name" maxLength:"20" doc:"手机号"`
	Level   privacy.Level `json:"level" doc:"block: must go; hold: a second person decides"`
	Start   int           `json:"start" minimum:"0" maximum:"10000" doc:"Where it begins, in characters"`
	End     int           `json:"end" minimum:"0" maximum:"10000"`
	Mask    string        `json:"mask" maxLength:"100" doc:"What could stand in its place"`
	Reason  string        `json:"reason" maxLength:"100" doc:"Why it was taken for what it is"`
	Kept    bool          `json:"kept" doc:"Left in on purpose"`
}

// Keep leaves one hit in the text.
type Keep struct {
	Hit     string    `json:"hit" maxLength:"16"`
	Grounds Grounds   `json:"grounds"`
	By      string    `json:"by" maxLength:"60"`
	At      time.Time `json:"at"`
}

// EditionLine is one line of the history.
type EditionLine struct {
	Edition     int        `json:"edition" db:"edition" minimum:"1" maximum:"1000"`
	State       State      `json:"state" db:"state"`
	Note        string     `json:"note" db:"note" maxLength:"300"`
	ApprovedBy  string     `json:"approved_by" db:"approved_name" maxLength:"60"`
	PublishedAt *time.Time `json:"published_at" db:"issued_at"`
}

// Line is one disclosure in a list.
type Line struct {
	ID          inspection.DisclosureID `json:"id" db:"id"`
	Number      string                  `json:"number" db:"number" maxLength:"40"`
	UnitID      inspection.UnitID       `json:"unit" db:"unit_id"`
	UnitName    string                  `json:"unit_name" db:"unit_name" maxLength:"300"`
	RoundName   string                  `json:"round_name" db:"round_name" maxLength:"100"`
	Title       string                  `json:"title" db:"title" maxLength:"100"`
	Edition     int                     `json:"edition" db:"edition" minimum:"1" maximum:"1000"`
	Live        *int                    `json:"live" db:"live" minimum:"1" maximum:"1000"`
	State       State                   `json:"state" db:"state"`
	Findings    int                     `json:"findings" db:"findings" minimum:"0" maximum:"10000"`
	Withheld    int                     `json:"withheld" db:"withheld" minimum:"0" maximum:"10000"`
	PublishAt   *time.Time              `json:"publish_at" db:"publish_at"`
	PublishedAt *time.Time              `json:"published_at" db:"issued_at"`
	Held        string                  `json:"held" db:"held" maxLength:"200"`
	ChangedAt   time.Time               `json:"changed_at" db:"changed_at"`
}
