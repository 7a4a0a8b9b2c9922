package plans

import (
	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/papers"
	"xuncha/tenants"
)

// Promise is what both signatures stand under (整改承诺).
const Promise = "对整改方案的真实性、完整性和可行性负责，保证按期整改到位。"

// Line is one edition of a unit's plan, as lists show it.
type Line struct {
	ID        inspection.PlanID  `json:"id" db:"id"`
	RoundID   inspection.RoundID `json:"round" db:"round_id"`
	RoundName string             `json:"round_name" db:"round_name"`
	UnitID    inspection.UnitID  `json:"unit" db:"unit_id"`
	UnitName  string             `json:"unit_name" db:"unit_name"`
	Edition   int                `json:"edition" db:"edition" minimum:"1" maximum:"1000"`
	State     State              `json:"state" db:"state"`
	papers.Paper
}

// Plan is one edition with all that the caller may see of it.
type Plan struct {
	Line
	Organised   string           `json:"organised" db:"organised" maxLength:"5000" doc:"组织领导"`
	MeetingOn   *inspection.Day  `json:"meeting_on" nullable:"true" db:"meeting_on" doc:"整改专题民主生活会"`
	MeetingNote string           `json:"meeting_note" db:"meeting_note" maxLength:"2000"`
	Refused     []Refusal        `json:"refused" db:"refused" nullable:"false" maxItems:"200"`
	Content     Content          `json:"content" db:"-" doc:"What is signed: the ledger as it is, or as it was at the signature"`
	Digest      string           `json:"digest" db:"-" doc:"SM3 of what is signed, in hexadecimal; name it when signing"`
	Gaps        []Gap            `json:"gaps" db:"-" nullable:"false" doc:"What is missing or vague"`
	Changed     []string         `json:"changed" db:"-" nullable:"false" doc:"Numbers of findings whose measures were changed since the signature"`
	Opinions    []papers.Opinion `json:"opinions" db:"-" nullable:"false" maxItems:"10" doc:"Those that you may see"`
	Allowed     []Action         `json:"allowed" db:"-" nullable:"false" doc:"What you may do next"`
	Office      tenants.ID       `json:"-" db:"-"`
}

// Refusal says why the unit does not accept a finding.
type Refusal struct {
	Finding inspection.FindingID `json:"finding"`
	Reason  string               `json:"reason" minLength:"1" maxLength:"1000"`
}

// Content is what is signed.
type Content struct {
	Unit        string          `json:"unit"`
	Round       string          `json:"round"`
	Organised   string          `json:"organised"`
	MeetingOn   *inspection.Day `json:"meeting_on"`
	MeetingNote string          `json:"meeting_note"`
	Promise     string          `json:"promise"`
	Answers     []Answer        `json:"answers" nullable:"false" doc:"One for each issued finding"`
}

// Answer is what the unit says to one finding.
type Answer struct {
	Finding  inspection.FindingID `json:"finding"`
	Number   string               `json:"number"`
	Category string               `json:"category"`
	Text     string               `json:"text"`
	Kind     rectification.Kind   `json:"kind"`
	Goal     string               `json:"goal"`
	DueOn    *inspection.Day      `json:"due_on"`
	Refused  string               `json:"refused" doc:"Why it is not accepted; empty if it is"`
	Measures []Measure            `json:"measures" nullable:"false"`
}

// Measure is one measure as it is promised: what, by whom and by when.
type Measure struct {
	Seq        int                `json:"seq"`
	Text       string             `json:"text"`
	Kind       rectification.Kind `json:"kind"`
	Leader     string             `json:"leader"`
	Department string             `json:"department"`
	Person     string             `json:"person"`
	Helpers    string             `json:"helpers"`
	DueOn      *inspection.Day    `json:"due_on"`
}

// answerOf is what the ledger says to one finding now.
func answerOf(it rectification.Item, refused map[inspection.FindingID]string) Answer {
	a := Answer{
		Finding: it.ID, Number: it.Number, Category: it.Category, Text: it.Text, Kind: it.Kind, Goal: it.Goal, DueOn: it.DueOn,
		Refused: refused[it.ID], Measures: make([]Measure, len(it.Measures)),
	}
	for i, m := range it.Measures {
		a.Measures[i] = Measure{
			Seq: m.Seq, Text: m.Text, Kind: m.Kind, Leader: m.Leader, Department: m.Department, Person: m.Person,
			Helpers: m.Helpers, DueOn: m.DueOn,
		}
	}
	return a
}
