package findings

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Origin is how a finding came about.
type Origin string

// The origins. Findings of a self-check (未巡先改) are never counted as the
// inspection's.
const (
	Patrol    Origin = "patrol"
	SelfCheck Origin = "self-check"
)

// Origins lists the origins.
func Origins() []Origin { return []Origin{Patrol, SelfCheck} }

// Tag is a common issue (共性标签) that a finding is an example of, in at most 40
// characters.
type Tag string

// Finding is one problem found in one unit.
type Finding struct {
	ID         inspection.FindingID `json:"id" db:"id"`
	Number     string               `json:"number" db:"number" maxLength:"40" doc:"QY-06-02-017"`
	RoundID    inspection.RoundID   `json:"round" db:"round_id"`
	UnitID     inspection.UnitID    `json:"unit" db:"unit_id"`
	Seq        int                  `json:"seq" db:"seq" minimum:"1" maximum:"100000" doc:"序号 within the unit's feedback"`
	Focus      int                  `json:"focus" db:"focus" minimum:"1" maximum:"4" doc:"四个聚焦"`
	Category   string               `json:"category" db:"category" maxLength:"200" doc:"As the feedback words it"`
	Taxonomy   *string              `json:"taxonomy" db:"taxonomy" maxLength:"5" doc:"Code of the taxonomy; null until classified"`
	Text       string               `json:"text" db:"text" maxLength:"5000"`
	AmountFen  *int64               `json:"amount_fen" db:"amount_fen" minimum:"0" maximum:"9007199254740991" doc:"涉及金额, in fen"`
	Tags       []Tag                `json:"tags" db:"tags" nullable:"false" maxItems:"50" doc:"共性标签"`
	Origin     Origin               `json:"origin" db:"origin"`
	IssuedAt   *time.Time           `json:"issued_at" db:"issued_at" doc:"When feedback was given; null for a draft"`
	FeedbackOn *inspection.Day      `json:"feedback_on" nullable:"true" db:"feedback_on"`
	ImportID   *inspection.ImportID `json:"-" db:"import_id"`
	Version    int                  `json:"version" db:"version" minimum:"1" maximum:"2147483647"`
}

const columns = `id, number, round_id, unit_id, seq, focus, category, taxonomy, text, amount_fen, tags, origin,
	issued_at, feedback_on, import_id, version`

// New is a finding to be written down.
type New struct {
	Seq       int                  `json:"seq,omitempty" minimum:"1" maximum:"100000" doc:"序号; the next one if absent"`
	Focus     int                  `json:"focus" minimum:"1" maximum:"4" doc:"四个聚焦"`
	Category  string               `json:"category,omitempty" maxLength:"200"`
	Taxonomy  *string              `json:"taxonomy,omitempty" nullable:"false" maxLength:"5" pattern:"^[A-E]([0-9]{2}([0-9]{2})?)?$"`
	Text      string               `json:"text" minLength:"1" maxLength:"5000"`
	AmountFen *int64               `json:"amount_fen,omitempty" nullable:"false" minimum:"0" maximum:"9007199254740991"`
	Tags      []Tag                `json:"tags,omitempty" maxItems:"50" nullable:"false"`
	Origin    Origin               `json:"-"`
	ImportID  *inspection.ImportID `json:"-"`
}

func (n New) clean() (New, error) {
	var bad, wrong []inspection.Field
	n.Text, bad = inspection.CleanText("/text", n.Text, true, 5000)
	n.Category, wrong = inspection.CleanText("/category", n.Category, false, 200)
	bad = append(bad, wrong...)
	for i, tag := range n.Tags {
		text, wrong := inspection.CleanText(fmt.Sprintf("/tags/%d", i), string(tag), true, 40)
		n.Tags[i], bad = Tag(text), append(bad, wrong...)
	}
	if len(bad) > 0 {
		return n, inspection.InvalidFields("findings.invalid", "问题内容不符合要求，请按提示修改。", bad...)
	}
	if n.Tags == nil {
		n.Tags = []Tag{}
	}
	if n.Origin == "" {
		n.Origin = Patrol
	}
	return n, nil
}

// Add writes down drafts found in one unit in one round and gives them their
// numbers: office, round, team, and a count of its own, QY-06-02-017.
func Add(ctx context.Context, tx *tenants.Tx, round inspection.RoundID, unit inspection.UnitID, ns ...New) ([]Finding, error) {
	r, err := rounds.Get(ctx, tx, round)
	if err != nil {
		return nil, err
	}
	team, err := rounds.TeamOf(ctx, tx, round, unit)
	if err != nil {
		return nil, err
	}
	series := fmt.Sprintf("%s-%02d-%02d", tx.Scope().Office().Prefix, r.Seq, team)
	seq, err := lastSeq(ctx, tx, round, unit)
	if err != nil {
		return nil, err
	}
	fs := make([]Finding, 0, len(ns))
	for _, n := range ns {
		if n, err = n.clean(); err != nil {
			return nil, err
		}
		if n.Seq == 0 {
			n.Seq = seq + 1
		}
		seq = max(seq, n.Seq)
		last, err := tenants.NextNumber(ctx, tx, series)
		if err != nil {
			return nil, err
		}
		fs = append(fs, Finding{
			ID: inspection.NewID[inspection.FindingID](), Number: fmt.Sprintf("%s-%03d", series, last),
			RoundID: round, UnitID: unit, Seq: n.Seq, Focus: n.Focus, Category: n.Category, Taxonomy: n.Taxonomy,
			Text: n.Text, AmountFen: n.AmountFen, Tags: n.Tags, Origin: n.Origin, ImportID: n.ImportID, Version: 1,
		})
	}
	return fs, insert(ctx, tx, fs)
}

func lastSeq(ctx context.Context, tx *tenants.Tx, round inspection.RoundID, unit inspection.UnitID) (n int, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce(max(seq), 0) from findings f
		where `+tenants.Own("f")+` and unit_id = @unit and round_id = @round`,
		pgx.StrictNamedArgs{"unit": unit, "round": round}).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("last finding of unit: %w", err)
	}
	return n, nil
}

func insert(ctx context.Context, tx *tenants.Tx, fs []Finding) error {
	var b pgx.Batch
	for _, f := range fs {
		b.Queue(`
			insert into findings (id, number, round_id, unit_id, seq, focus, category, taxonomy, text, amount_fen,
				tags, origin, import_id)
			values (@id, @number, @round, @unit, @seq, @focus, @category, @taxonomy, @text, @amount, @tags, @origin, @import)`,
			pgx.StrictNamedArgs{
				"id": f.ID, "number": f.Number, "round": f.RoundID, "unit": f.UnitID, "seq": f.Seq, "focus": f.Focus,
				"category": f.Category, "taxonomy": f.Taxonomy, "text": f.Text, "amount": f.AmountFen, "tags": f.Tags,
				"origin": f.Origin, "import": f.ImportID,
			})
		tx.Journal(tenants.Entry{
			Action: "finding.add", Object: "finding", ID: f.ID.UUID, After: f,
			Detail: tenants.Detail{Title: "登记问题", Number: f.Number},
		})
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("add findings: %w", err)
	}
	return nil
}

// Issue gives feedback on drafts: from now on the unit and the levels above see
// them. None may have been issued before.
func Issue(ctx context.Context, tx *tenants.Tx, at time.Time, on inspection.Day, ids []inspection.FindingID) ([]Finding, error) {
	if on > inspection.DayOf(at) {
		return nil, inspection.InvalidFields("findings.feedback-day", "反馈日期不能晚于今天。",
			inspection.Field{Pointer: "/feedback_on", Code: "day-order", Message: "反馈日期不能晚于今天。"})
	}
	rows, _ := tx.Query(ctx, `
		update findings f
		set issued_at = @at, feedback_on = @on, version = version + 1
		where `+tenants.Own("f")+` and id = any(@ids) and issued_at is null
		returning `+columns, pgx.StrictNamedArgs{"at": at, "on": on, "ids": ids})
	fs, err := pgx.CollectRows(rows, pgx.RowToStructByName[Finding])
	if err != nil {
		return nil, fmt.Errorf("issue findings: %w", err)
	}
	if len(fs) != len(ids) {
		return nil, inspection.Errorf(inspection.Conflict, "findings.issued", "有问题已反馈过，或不在本单位。请刷新后再办理。")
	}
	for _, f := range fs {
		tx.Journal(tenants.Entry{
			Action: "finding.issue", Object: "finding", ID: f.ID.UUID, Unit: f.UnitID, After: f,
			Detail: tenants.Detail{Title: "反馈问题", Number: f.Number},
		})
	}
	return fs, nil
}

// Get returns one finding of the own office, draft or issued.
func Get(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (Finding, error) {
	rows, _ := tx.Query(ctx, `
		select `+columns+` from findings f
		where `+tenants.Own("f")+` and id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Finding]))
}
