package evaluations

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"xuncha/inspection"
	"xuncha/tenants"
)

// format is the form of a snapshot. A later release that scores in another way
// takes another number and keeps this one.
const format = 1

// Snapshot is all that a score depends on, frozen when the group finished. Its JSON
// is canonical: no maps, the fields in this order, lists in the order of the card.
type Snapshot struct {
	Format     int                `json:"format"`
	Evaluation ID                 `json:"evaluation"`
	Edition    int                `json:"edition"`
	Unit       inspection.UnitID  `json:"unit"`
	UnitName   string             `json:"unit_name"`
	Round      inspection.RoundID `json:"round"`
	RoundName  string             `json:"round_name"`
	AsOf       time.Time          `json:"as_of"`
	Card       Issue              `json:"card"`
	Tally      Tally              `json:"tally"`
	Facts      []Seen             `json:"facts"`
	Self       []SelfMark         `json:"self"`
	People     []Person           `json:"people"`
	Entries    []Entry            `json:"entries"`
	Marks      []Mark             `json:"marks"`
	Survey     *Survey            `json:"survey"`
	Votes      Votes              `json:"votes"`
}

// Tally is how many problems a unit had in the round, and what became of them.
type Tally struct {
	Problems int  `json:"problems" db:"problems" minimum:"0" maximum:"100000"`
	Closed   int  `json:"closed" db:"closed" minimum:"0" maximum:"100000"`
	LongTerm int  `json:"long_term" db:"long_term" minimum:"0" maximum:"100000"`
	Plan     bool `json:"plan" db:"-" doc:"A plan took effect"`

	FeedbackOn *inspection.Day `json:"feedback_on" nullable:"true" db:"-"`
}

// Person is one of those who score (评估组).
type Person struct {
	ID    inspection.MemberID `json:"id"`
	Name  string              `json:"name" maxLength:"100"`
	Party tenants.Role        `json:"party"`
}

// Entry is one deduction: how much, why, and in which rows it is seen.
type Entry struct {
	Item     string `json:"item" minLength:"1" maxLength:"10"`
	Points   Points `json:"points" minimum:"0" maximum:"10000" doc:"Tenths of a point that are deducted; 0 says that a proposal was not followed"`
	Reason   string `json:"reason" maxLength:"1000" doc:"Needed unless the proposal is followed"`
	Links    []Link `json:"links" maxItems:"200" nullable:"false" doc:"The rows; at least one for a deduction"`
	Proposed Points `json:"proposed" minimum:"0" maximum:"10000" doc:"What the system proposed then"`
}

// Mark is the grade that one party gives to one aspect of a card of grades.
type Mark struct {
	Aspect string       `json:"aspect" minLength:"1" maxLength:"40"`
	Party  tenants.Role `json:"party"`
	Grade  string       `json:"grade" minLength:"1" maxLength:"10"`
	Note   string       `json:"note" maxLength:"1000"`
}

// SelfMark is what a unit thinks of itself in one aspect.
type SelfMark struct {
	Aspect string `json:"aspect" minLength:"1" maxLength:"40"`
	Points Points `json:"points" minimum:"0" maximum:"10000" doc:"Tenths of a point; 0 on a card of grades"`
	Grade  string `json:"grade" maxLength:"10" doc:"Empty on a card of points"`
	Note   string `json:"note" maxLength:"1000" doc:"Why"`
}

// Survey is a satisfaction survey as it was entered (满意度测评): counts, never who.
type Survey struct {
	Given      int            `json:"given" minimum:"0" maximum:"1000000" doc:"发放"`
	Returned   int            `json:"returned" minimum:"0" maximum:"1000000" doc:"回收"`
	Content    int            `json:"content" minimum:"0" maximum:"1000000" doc:"满意"`
	Fair       int            `json:"fair" minimum:"0" maximum:"1000000" doc:"基本满意"`
	Discontent int            `json:"discontent" minimum:"0" maximum:"1000000" doc:"不满意"`
	Unknown    int            `json:"unknown" minimum:"0" maximum:"1000000" doc:"不了解; does not count"`
	On         inspection.Day `json:"on" doc:"When it was held"`
}

// Votes are what people present said at checks on site, in sums.
type Votes struct {
	Content    int `json:"content" minimum:"0" maximum:"1000000"`
	Fair       int `json:"fair" minimum:"0" maximum:"1000000"`
	Discontent int `json:"discontent" minimum:"0" maximum:"1000000"`
}

// freeze returns the snapshot's canonical JSON and its digest, SM3.
func (n Snapshot) freeze() (text, digest []byte, err error) {
	if text, err = json.Marshal(n); err != nil {
		return nil, nil, fmt.Errorf("freeze snapshot: %w", err)
	}
	sum := sm3.Sum(text)
	return text, sum[:], nil
}

// Sealed lists the snapshots that scores were computed from, for
// [tenants.DB.VerifySealed].
func Sealed(ctx context.Context, tx *tenants.Tx) ([]tenants.Sealed, error) {
	rows, _ := tx.Query(ctx, `
		select 'evaluation ' || n.evaluation_id || ', snapshot ' || n.n as called, 'evaluation.finish' as act, n.content::text as text, n.digest
		from evaluation_snapshots n
		where `+tenants.Own("n")+`
		order by called`)
	return tenants.CollectSealed(rows, func(text, digest []byte) bool {
		_, err := Thaw(text, digest)
		return err == nil
	})
}

// Thaw reads a snapshot. It refuses a text that is not what the digest is of, or
// not in the canonical form.
func Thaw(text, digest []byte) (n Snapshot, err error) {
	if sum := sm3.Sum(text); !bytes.Equal(sum[:], digest) {
		return n, inspection.Errorf(inspection.Conflict, "evaluation.changed", "评估快照与校验码不一致，不能据此计分。请联系平台运维核查。")
	}
	if err := json.Unmarshal(text, &n); err != nil {
		return n, fmt.Errorf("thaw snapshot: %w", err)
	}
	again, _, err := n.freeze()
	if err != nil {
		return n, err
	}
	if !bytes.Equal(text, again) || n.Format != format {
		return n, inspection.Errorf(inspection.Conflict, "evaluation.format", "评估快照的格式不能识别，不能据此计分。请联系平台运维核查。")
	}
	return n, nil
}
