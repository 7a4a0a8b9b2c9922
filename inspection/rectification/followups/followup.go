package followups

import (
	"time"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
)

// Identifiers of this room.
type (
	// ID names one follow-up.
	ID struct{ uuid.UUID }
	// ProblemID names a problem that a follow-up found.
	ProblemID struct{ uuid.UUID }
)

// Service does what people ask of follow-ups.
type Service struct {
	DB     *tenants.DB
	Clock  inspection.Clock
	Cases  *rectification.Service
	Checks *checks.Service // knows who inspects
}

// Line is one follow-up as lists show it.
type Line struct {
	ID        ID                 `json:"id" db:"id"`
	RoundID   inspection.RoundID `json:"round" db:"round_id" doc:"The past round"`
	RoundName string             `json:"round_name" db:"round_name" maxLength:"100"`
	Name      string             `json:"name" db:"name" maxLength:"100"`
	State     State              `json:"state" db:"state"`
	StartsOn  inspection.Day     `json:"starts_on" db:"starts_on"`
	EndsOn    inspection.Day     `json:"ends_on" db:"ends_on"`
	Leader    string             `json:"leader" db:"leader_name" maxLength:"100"`
	UnitCount int                `json:"unit_count" db:"unit_count" minimum:"0" maximum:"500"`
	UnitID    *inspection.UnitID `json:"unit" nullable:"true" db:"unit_id" doc:"For a unit's people: their own"`
	Counts    Counts             `json:"counts" db:"-" doc:"All zero for a unit"`
	Version   int                `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
}

// Counts are the numbers of a follow-up. Open, Seen and Agreed make up Items, and
// the four verdicts make up Agreed.
type Counts struct {
	Items        int `json:"items" minimum:"0" maximum:"100000" doc:"Problems of the past round that are looked at again"`
	Open         int `json:"open" minimum:"0" maximum:"100000" doc:"待核查"`
	Seen         int `json:"seen" minimum:"0" maximum:"100000" doc:"待核对"`
	Agreed       int `json:"agreed" minimum:"0" maximum:"100000" doc:"已核实"`
	Confirmed    int `json:"confirmed" minimum:"0" maximum:"100000" doc:"确认到位"`
	Insufficient int `json:"insufficient" minimum:"0" maximum:"100000" doc:"未到位"`
	Rebounded    int `json:"rebounded" minimum:"0" maximum:"100000" doc:"反弹"`
	False        int `json:"false" db:"unreal" minimum:"0" maximum:"100000" doc:"虚假整改"`
	Reopens      int `json:"reopens" minimum:"0" maximum:"100000" doc:"Of these, closed items that the report reopens, or reopened"`
	Problems     int `json:"problems" db:"-" minimum:"0" maximum:"10000" doc:"新发现问题"`
}

// FollowUp is one follow-up with whom it takes and what it found so far.
type FollowUp struct {
	Line
	LeaderID   inspection.MemberID   `json:"leader_id" db:"leader_id"`
	People     []Person              `json:"people" db:"people" nullable:"false" maxItems:"30" doc:"Who looks, the leader among them"`
	Units      []Taken               `json:"units" db:"units" nullable:"false" maxItems:"500"`
	Problems   []Problem             `json:"problems" db:"-" nullable:"false" maxItems:"500" doc:"新发现问题"`
	Reason     string                `json:"reason" db:"reason" maxLength:"1000" doc:"Why it was cancelled"`
	Summary    string                `json:"summary" db:"summary" maxLength:"5000" doc:"总体评价"`
	DueOn      *inspection.Day       `json:"due_on" nullable:"true" db:"due_on" doc:"Until when what was reopened is to be put right"`
	FoundID    *inspection.RoundID   `json:"found" nullable:"true" db:"found_id" doc:"The round that the new problems are of"`
	NotifiedAt *time.Time            `json:"notified_at" nullable:"true" db:"notified_at"`
	NotifiedBy string                `json:"notified_by" db:"notified_name" maxLength:"100"`
	ReportedAt *time.Time            `json:"reported_at" nullable:"true" db:"reported_at"`
	ReportedBy string                `json:"reported_by" db:"reported_name" maxLength:"100"`
	ChangedAt  time.Time             `json:"changed_at" db:"changed_at"`
	ChangedBy  string                `json:"changed_by" db:"changed_name" maxLength:"100"`
	Allowed    []Action              `json:"allowed" db:"-" nullable:"false" maxItems:"10" doc:"What you may do next"`
	Members    []inspection.MemberID `json:"-" db:"members"`
}

// Person is somebody who looks.
type Person struct {
	ID   inspection.MemberID `json:"id"`
	Name string              `json:"name" maxLength:"100"`
	Role tenants.Role        `json:"role"`
}

// Taken is a unit that a follow-up takes.
type Taken struct {
	Unit   inspection.UnitID `json:"unit"`
	Name   string            `json:"name" maxLength:"200"`
	Why    []string          `json:"why" nullable:"false" maxItems:"4" maxLength:"100" doc:"What spoke for it when it was chosen"`
	Counts Counts            `json:"counts"`
}

// Looked is what two people found of one problem, and how far they are.
type Looked struct {
	Finding    inspection.FindingID `json:"finding" db:"finding_id"`
	Unit       inspection.UnitID    `json:"unit" db:"unit_id"`
	Number     string               `json:"number" db:"number" maxLength:"40"`
	State      Look                 `json:"state" db:"state"`
	Verdict    Verdict              `json:"verdict" db:"verdict" doc:"Empty before it is recorded"`
	Fact       string               `json:"fact" db:"fact" maxLength:"2000" doc:"事实"`
	SeenOn     *inspection.Day      `json:"seen_on" nullable:"true" db:"seen_on"`
	FirstName  string               `json:"first" db:"first_name" maxLength:"100"`
	SecondName string               `json:"second" db:"second_name" maxLength:"100"`
	SecondAt   *time.Time           `json:"second_at" nullable:"true" db:"second_at"`
	Note       string               `json:"note" db:"note" maxLength:"500" doc:"Why it came back"`
	Moved      bool                 `json:"moved" db:"moved" doc:"The item is no longer in the state that was looked at: it has to be looked at again"`
	Version    int                  `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Allowed    []LookAction         `json:"allowed" db:"-" nullable:"false" maxItems:"5" doc:"What you may do next"`

	FirstID   *inspection.MemberID `json:"-" db:"first_id"`
	FirstAt   *time.Time           `json:"-" db:"first_at"`
	CaseState rectification.State  `json:"-" db:"case_state"` // when it was looked at
	CaseNow   rectification.State  `json:"-" db:"case_now"`
}

// Problem is one that a follow-up found.
type Problem struct {
	ID        ProblemID             `json:"id" db:"id"`
	Unit      inspection.UnitID     `json:"unit" db:"unit_id"`
	UnitName  string                `json:"unit_name" db:"unit_name" maxLength:"200"`
	Focus     int                   `json:"focus" db:"focus" minimum:"1" maximum:"4" doc:"四个聚焦"`
	Category  string                `json:"category" db:"category" maxLength:"200"`
	Text      string                `json:"text" db:"text" maxLength:"5000"`
	AmountFen *int64                `json:"amount_fen" db:"amount_fen" minimum:"0" maximum:"9007199254740991" doc:"涉及金额, in fen"`
	By        string                `json:"by" db:"by_name" maxLength:"100"`
	At        time.Time             `json:"at" db:"at"`
	Finding   *inspection.FindingID `json:"finding" nullable:"true" db:"finding_id" doc:"In the ledger, once reported"`
	Number    string                `json:"number" db:"number" maxLength:"40"`
}

// found is the problem as a finding.
func (p Problem) found() findings.New {
	return findings.New{Focus: p.Focus, Category: p.Category, Text: p.Text, AmountFen: p.AmountFen}
}

const lineColumns = `w.id, w.round_id, d.name as round_name, w.name, w.state, w.starts_on, w.ends_on, w.version`

const columns = lineColumns + `, m.name as leader_name, jsonb_array_length(w.units) as unit_count, null::uuid as unit_id, w.leader_id,
	w.members, w.people, w.units, w.reason, w.summary, w.due_on, w.found_id, w.notified_at, w.notified_name, w.reported_at, w.reported_name,
	w.changed_at, w.changed_name`

const tables = ` from followups w
	join rounds d on d.tenant_id = w.tenant_id and d.id = w.round_id
	join members m on m.tenant_id = w.tenant_id and m.id = w.leader_id`

// entry is the journal's entry of an act on the follow-up. It names no unit: what a
// unit learns has entries of its own.
func (f FollowUp) entry(do Action, text string, before any) tenants.Entry {
	return tenants.Entry{
		Action: "followup." + string(do), Object: "followup", ID: f.ID.UUID, Before: before, After: f,
		Detail: tenants.Detail{Title: followups.Doing[do], Text: text},
	}
}
